//! The URIs of code and identifier systems, and the codes that several concepts share.

/// Product-local codes, beside a standard coding where one is verified.
pub const LM: &str = "https://vardbro.example/fhir/CodeSystem/lm";
/// Kind of fast kontakt (Inera, OID 1.2.752.129.5.1.69).
pub const FK: &str = "https://terminologitjansten.inera.se/inera-kodverksforvaltning/kodverk/kv_typ_av_fast_kontakt";
/// Category of care team (Inera CareTeam 0.9).
pub const CTC: &str = "https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs";
/// Kind of care plan (Inera EHDS-TK 0.3.3).
pub const TCP: &str = "https://fhir.inera.se/CodeSystem/typeofcareplan-cs";
/// SNOMED CT.
pub const SCT: &str = "http://snomed.info/sct";
/// LOINC.
pub const LOINC: &str = "http://loinc.org";
/// HL7 v3 act codes: the class of an Encounter.
pub const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// HL7 v3 participation types.
pub const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
/// What a List is for.
pub const LIST_CODES: &str = "http://terminology.hl7.org/CodeSystem/list-example-use-codes";
/// Why a List is empty.
pub const LIST_EMPTY: &str = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
/// ATC.
pub const ATC: &str = "http://www.whocc.no/atc";
/// NPL-id.
pub const NPL: &str = "urn:oid:1.2.752.129.2.1.5.1";
/// NPL-pack-id.
pub const NPL_PACK: &str = "urn:oid:1.2.752.129.2.1.5.2";
/// UCUM.
pub const UCUM: &str = "http://unitsofmeasure.org";
/// HSA-id, as HL7 Sweden writes it.
pub const HSA: &str = crate::identity::systems::HSA_ID;
/// HSA-id, as Inera writes it; the same values.
pub const HSA_INERA: &str = crate::identity::systems::HSA_ID_INERA;
/// Kommunkod.
pub const KOMMUN: &str = "urn:oid:1.2.752.129.2.2.1.17";
/// Security labels of the Swedish base.
pub const SECURITY: &str = "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel";
/// Identifiers of practitioner roles that the gateway makes: a role is a value, so its parts name it.
pub const ROLE_ID: &str = "https://vardbro.example/fhir/sid/role";
/// Identifiers of the parts of a concept that have none of their own, derived from the concept's.
pub const PART_ID: &str = "https://vardbro.example/fhir/sid/part";
/// Identifiers of medication lists whose sender gives them none, derived from patient and sender.
pub const LIST_ID: &str = "https://vardbro.example/fhir/sid/list";
/// Where our extensions live.
pub const EXTENSION: &str = "https://vardbro.example/fhir/StructureDefinition/";
/// The [`ACT_CODE`] that keeps a resource from the patient's own view (v3-ActCode has no `NOPATIENT`).
pub const NOT_FOR_PATIENT: &str = "NOPAT";
