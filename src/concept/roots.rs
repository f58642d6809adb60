//! Which resources hold the concepts of a patient: what to load before [`super::from_fhir`].

use super::kind::ConceptKind;

/// One search that finds resources of a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    /// The resource type.
    pub kind: &'static str,
    /// The search parameter that names the patient; `None` when the concept belongs to no patient.
    pub patient: Option<&'static str>,
    /// Token parameters that must match: name, and `system|code` alternatives.
    pub filters: &'static [(&'static str, &'static [&'static str])],
    /// Elements whose references must be followed, from the type of the resource; then `INDIRECT` from what they lead to.
    /// Nothing else is: a reference is the sender's, and may lead to anybody.
    pub follow: &'static [&'static str],
}

/// Elements to follow from the shared resources that roots lead to.
pub const INDIRECT: &[&str] = &[
    "PractitionerRole.practitioner",
    "PractitionerRole.organization",
    "Organization.partOf",
    "Location.managingOrganization",
];

/// The roots of a kind.
pub fn roots(kind: ConceptKind) -> &'static [Root] {
    match kind {
        ConceptKind::MedicationList => MEDICATION_LIST,
        ConceptKind::NamedContact => NAMED_CONTACT,
        ConceptKind::Sip => SIP,
        ConceptKind::Round => ROUND,
        ConceptKind::Enrolment => ENROLMENT,
        ConceptKind::Unit => UNIT,
    }
}

const MEDICATION_LIST: &[Root] = &[
    Root {
        kind: "List",
        patient: Some("patient"),
        filters: &[
            (
                "code",
                &[
                    "http://loinc.org|10160-0",
                    "http://terminology.hl7.org/CodeSystem/list-example-use-codes|medications",
                ],
            ),
            ("status", &["current"]),
        ],
        follow: &["List.subject", "List.source", "List.entry.item"],
    },
    Root {
        kind: "MedicationStatement",
        patient: Some("patient"),
        filters: &[],
        follow: &[
            "MedicationStatement.informationSource",
            "MedicationStatement.medication",
            "MedicationStatement.extension.value",
            "MedicationStatement.extension.extension.value",
        ],
    },
    Root {
        kind: "Communication",
        patient: Some("patient"),
        filters: &[("medium", &["http://terminology.hl7.org/CodeSystem/v3-ParticipationMode|WRITTEN"])],
        follow: &["Communication.recipient", "Communication.payload.content"],
    },
];

const NAMED_CONTACT: &[Root] = &[Root {
    kind: "CareTeam",
    patient: Some("patient"),
    filters: &[("category", &["https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs|fast-kontakt"])],
    follow: &["CareTeam.subject", "CareTeam.participant.member", "CareTeam.managingOrganization"],
}];

const SIP: &[Root] = &[Root {
    kind: "CarePlan",
    patient: Some("patient"),
    filters: &[("category", &["https://fhir.inera.se/CodeSystem/typeofcareplan-cs|SIP"])],
    follow: &[
        "CarePlan.subject",
        "CarePlan.author",
        "CarePlan.contributor",
        "CarePlan.careTeam",
        "CarePlan.supportingInfo",
        "CarePlan.goal",
        "CarePlan.activity.detail.performer",
        "CareTeam.participant.member",
    ],
}];

/// A round of a whole unit belongs to no patient; only visits to one are found by patient.
const ROUND: &[Root] = &[
    Root {
        kind: "Encounter",
        patient: Some("patient"),
        filters: &[("type", ROUND_KINDS)],
        follow: &[
            "Encounter.subject",
            "Encounter.participant.individual",
            "Encounter.appointment",
            "Encounter.location.location",
            "Encounter.serviceProvider",
        ],
    },
    Root {
        kind: "Appointment",
        patient: Some("patient"),
        filters: &[("service-type", ROUND_KINDS)],
        follow: &["Appointment.participant.actor"],
    },
];

const ENROLMENT: &[Root] = &[Root {
    kind: "EpisodeOfCare",
    patient: Some("patient"),
    filters: &[("type", CARE_FORMS)],
    follow: &["EpisodeOfCare.patient", "EpisodeOfCare.managingOrganization", "EpisodeOfCare.extension.value"],
}];

const UNIT: &[Root] = &[
    Root { kind: "Organization", patient: None, filters: &[("type", CARE_FORMS)], follow: &["Organization.partOf"] },
    Root { kind: "Location", patient: None, filters: &[], follow: &["Location.managingOrganization"] },
    Root {
        kind: "OrganizationAffiliation",
        patient: None,
        filters: &[("role", &["https://vardbro.example/fhir/CodeSystem/lm|halsocentralstillhorighet"])],
        follow: &["OrganizationAffiliation.organization", "OrganizationAffiliation.participatingOrganization"],
    },
    Root {
        kind: "HealthcareService",
        patient: None,
        filters: &[(
            "service-type",
            &[
                "https://vardbro.example/fhir/CodeSystem/lm|direktlinje-kommun",
                "https://vardbro.example/fhir/CodeSystem/lm|akutkontakt",
                "https://vardbro.example/fhir/CodeSystem/lm|jour",
            ],
        )],
        follow: &["HealthcareService.providedBy", "HealthcareService.coverageArea"],
    },
];

/// The codes of `CareForm`, as search tokens.
const CARE_FORMS: &[&str] = &[
    "https://vardbro.example/fhir/CodeSystem/lm|hemsjukvard",
    "https://vardbro.example/fhir/CodeSystem/lm|sarskilt-boende",
    "https://vardbro.example/fhir/CodeSystem/lm|sarskilt-boende-fn",
    "https://vardbro.example/fhir/CodeSystem/lm|korttid",
    "https://vardbro.example/fhir/CodeSystem/lm|dagverksamhet",
    "https://vardbro.example/fhir/CodeSystem/lm|daglig-verksamhet",
    "https://vardbro.example/fhir/CodeSystem/lm|hemtjanst",
    "https://vardbro.example/fhir/CodeSystem/lm|socialpsykiatri",
];

/// The codes of `RoundKind`, as search tokens.
const ROUND_KINDS: &[&str] = &[
    "https://vardbro.example/fhir/CodeSystem/lm|lakarrond",
    "https://vardbro.example/fhir/CodeSystem/lm|fast-lakartid",
    "https://vardbro.example/fhir/CodeSystem/lm|hembesok-planerat",
    "https://vardbro.example/fhir/CodeSystem/lm|hembesok-akut",
    "https://vardbro.example/fhir/CodeSystem/lm|hembesok-oplanerat",
    "https://vardbro.example/fhir/CodeSystem/lm|medicinsk-vardplanering",
    "https://vardbro.example/fhir/CodeSystem/lm|admin-tid",
    "https://vardbro.example/fhir/CodeSystem/lm|restid",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concept::care_form::CareForm;
    use crate::concept::round::RoundKind;
    use crate::concept::systems::LM;

    #[test]
    fn the_search_tokens_are_the_codes_of_the_concepts() {
        let tokens = |codes: Vec<&str>| codes.iter().map(|code| format!("{LM}|{code}")).collect::<Vec<_>>();
        assert_eq!(CARE_FORMS, tokens(CareForm::ALL.iter().map(|form| form.as_str()).collect()));
        assert_eq!(ROUND_KINDS, tokens(RoundKind::ALL.iter().map(|kind| kind.as_str()).collect()));
    }
}
