//! Each case of the tables is as its words say.

use super::*;

fn find(resources: &BTreeMap<&'static str, &'static Value>, key: &str) -> Option<&'static Value> {
    resources.get(key).copied()
}

fn text<'v>(value: &'v Value, way: &str) -> Option<&'v str> {
    at(value, way).as_str()
}

#[test]
fn every_case_names_somebody_of_the_county() {
    let resources = resources();
    let mut ids = BTreeSet::new();
    for (id, what) in CASES {
        assert!(resources.contains_key(format!("Patient/{id}").as_str()) && !what.is_empty());
        assert!(ids.insert(id), "{id} shows one thing");
    }
    for (id, what) in ORGANISATION_CASES {
        assert!(resources.contains_key(format!("Organization/{id}").as_str()) && !what.is_empty());
    }
}

#[test]
fn lists() {
    let all = resources();
    let list = |id: &str| find(&all, &format!("List/{id}-lakemedel"));
    let entries = |id: &str| list(id).map_or(0, |list| at(list, "entry").items().len());
    assert_eq!(entries(cases::MANY_DRUGS), 25);
    assert!((3..=9).contains(&entries(cases::IN_ORDER)));
    assert_eq!(text(list(cases::NO_DRUGS).unwrap(), "emptyReason.coding.0.code"), Some("nilknown"));
    assert_eq!(text(list(cases::LIST_UNAVAILABLE).unwrap(), "emptyReason.coding.0.code"), Some("unavailable"));
    assert_eq!(list(cases::NO_LIST), None);
    assert_eq!(list(cases::ON_PAPER), None);
    let papers = all.iter().filter(|(key, _)| key.starts_with("Communication/"));
    let on_paper = format!("Patient/{}", cases::ON_PAPER);
    let is_paper = |c: &Value| {
        text(c, "subject.reference") == Some(&on_paper) && text(c, "medium.0.coding.0.code") == Some("WRITTEN")
    };
    assert_eq!(papers.filter(|(_, c)| is_paper(c)).count(), 1);
}

#[test]
fn a_list_is_stale_where_the_tables_say_so() {
    let all = resources();
    let newest = |id: &str| {
        let subject = format!("Patient/{id}");
        let of = all.values().filter(|r| {
            text(r, "resourceType") == Some("MedicationStatement") && text(r, "subject.reference") == Some(&subject)
        });
        of.filter_map(|r| text(r, "dateAsserted").and_then(crate::concept::DateTime::parse)?.earliest()).max().unwrap()
    };
    let made = |id: &str| {
        let list = find(&all, &format!("List/{id}-lakemedel")).unwrap();
        crate::concept::DateTime::parse(text(list, "date").unwrap()).unwrap().earliest().unwrap()
    };
    assert!(newest(cases::STALE_LIST) > made(cases::STALE_LIST));
    assert!(newest(cases::IN_ORDER) <= made(cases::IN_ORDER));
    assert!(newest(cases::MANY_DRUGS) <= made(cases::MANY_DRUGS));
}

#[test]
fn contacts() {
    let all = resources();
    let team = |id: &str, side: &str| find(&all, &format!("CareTeam/{id}-{side}"));
    let code = |id: &str, way: &str| team(id, "lakarkontakt").and_then(|team| text(team, way).map(ToOwned::to_owned));
    assert_eq!(code(cases::IN_ORDER, "participant.0.role.0.coding.0.code").as_deref(), Some("2"));
    assert_eq!(team(cases::NO_PHYSICIAN, "lakarkontakt"), None);
    assert!(code(cases::EXPIRED_PHYSICIAN, "participant.0.period.end").is_some());
    assert_eq!(code(cases::SUBSTITUTE_PHYSICIAN, "participant.1.role.0.coding.0.code").as_deref(), Some("vikarie"));
    let role = code(cases::UNNAMED_PHYSICIAN, "participant.0.member.reference").unwrap();
    assert_eq!(at(find(&all, &role).unwrap(), "practitioner"), &Value::Null);
    assert_eq!(team(cases::NO_CARE_CONTACT, "vardkontakt"), None);
    assert_eq!(code(cases::CARE_CONTACT_OF_REGION, "participant.1.role.0.coding.0.code").as_deref(), Some("1"));
}

#[test]
fn plans() {
    let all = resources();
    let plan = |id: &str| find(&all, &format!("CarePlan/{id}-sip")).unwrap();
    let coordinated = |id: &str| {
        let team = find(&all, text(plan(id), "careTeam.0.reference").unwrap()).unwrap();
        text(team, "participant.0.role.0.coding.0.code") == Some("sip-samordnare")
    };
    let answered = |id: &str| at(plan(id), "activity").items().iter().all(|a| !at(a, "detail.performer").is_absent());
    let consent = |id: &str| {
        text(plan(id), "supportingInfo.0.reference").and_then(|r| text(find(&all, r).unwrap(), "provision.type"))
    };
    assert!(coordinated(cases::SIP_GOOD) && answered(cases::SIP_GOOD));
    assert_eq!(consent(cases::SIP_GOOD), Some("permit"));
    assert!(!coordinated(cases::SIP_NO_COORDINATOR));
    assert!(!answered(cases::SIP_NO_RESPONSIBLE));
    assert_eq!(consent(cases::SIP_NO_CONSENT), None);
    assert_eq!(consent(cases::SIP_REFUSED), Some("deny"));
    assert!(text(plan(cases::SIP_FOLLOW_UP_PAST), "extension.0.valueDate").unwrap() < "2026-11-23");
}

#[test]
fn enrolments_deaths_and_notices() {
    let all = resources();
    let has = |key: String| all.contains_key(key.as_str());
    let status = |id: &str| text(find(&all, &format!("EpisodeOfCare/{id}-inskrivning")).unwrap(), "status");
    assert_eq!((status(cases::IN_ORDER), status(cases::DEAD)), (Some("active"), Some("finished")));
    assert_eq!(status(cases::DEAD_STILL_ENROLLED), Some("active"));
    assert!(has(format!("DocumentReference/{}-dodsbevis", cases::DEAD)));
    assert!(!has(format!("DocumentReference/{}-dodsbevis", cases::DEAD_WITHOUT_CERTIFICATE)));
    assert!(has(format!("Communication/{}-avliden", cases::DEAD)));
    assert!(!has(format!("Communication/{}-avliden", cases::DEAD_STILL_ENROLLED)));
    assert!(has(format!("Communication/{}-utflyttning-tidigare", cases::MOVED_UNIT)));
    assert!(!has(format!("Communication/{}-utflyttning", cases::MOVED_OUT_SILENTLY)));
    assert!(!has(format!("Communication/{}-inflyttning", cases::MOVED_IN_SILENTLY)));
    let before = find(&all, &format!("EpisodeOfCare/{}-inskrivning-tidigare", cases::MOVED_KOMMUN)).unwrap();
    assert_eq!(text(before, "managingOrganization.reference"), Some("Organization/sabo-vannas-1"));
}

#[test]
fn people_whose_identity_is_protected() {
    let all = resources();
    let patient = |id: &str| find(&all, &format!("Patient/{id}")).unwrap();
    assert_eq!(text(patient(cases::CONFIDENTIAL), "meta.security.0.code"), Some("sekretessmarkering"));
    assert_eq!(text(patient(cases::PROTECTED), "meta.security.0.code"), Some("skyddadFolkbokforing"));
    assert_eq!(text(patient(cases::PROTECTED), "name.0.family"), Some("Skyddad uppgift"));
    assert_eq!(text(patient(cases::PROTECTED), "address.0.city"), Some("GÖTEBORG"));
}

#[test]
fn rounds() {
    let all = resources();
    let held = |unit: &str| {
        let prefix = format!("Encounter/rond-{unit}-");
        all.iter().filter(move |(key, _)| key.starts_with(&prefix)).map(|(_, round)| *round).collect::<Vec<_>>()
    };
    let with_staff = |round: &&Value| at(round, "participant.1.type.0.coding.0.code").as_str() == Some("PART");
    assert!(held(cases::GOOD_UNIT).len() >= 51 && held(cases::GOOD_UNIT).iter().all(with_staff));
    assert!(held(cases::MISSES_ROUNDS).len() < 49);
    assert!(!held(cases::NO_NURSE).iter().any(with_staff));
    let short = at(held(cases::SHORT_ROUNDS)[0], "length.value").to_string();
    assert!(short.parse::<u32>().unwrap() < 60);
    assert!(!all.keys().any(|key| key.starts_with(&format!("Appointment/rond-{}-", cases::NOT_PLANNED))));
    assert!(all.keys().any(|key| key.starts_with(&format!("Appointment/rond-{}-", cases::GOOD_UNIT))));
}

#[test]
fn units_and_their_hälsocentraler() {
    let all = resources();
    let affiliated = |unit: &str| {
        let unit = format!("Organization/{unit}");
        let of = all.iter().filter(|(key, _)| key.starts_with("OrganizationAffiliation/"));
        of.filter(|(_, a)| text(a, "participatingOrganization.reference") == Some(&unit)).count()
    };
    assert_eq!((affiliated(cases::GOOD_UNIT), affiliated("korttid-skelleftea-1")), (1, 0));
    let direct = |centre: &str| {
        let centre = format!("Organization/{centre}");
        let of = all.iter().filter(|(key, _)| key.starts_with("HealthcareService/"));
        let of = of.filter(|(_, s)| text(s, "providedBy.reference") == Some(&centre));
        of.filter(|(_, s)| text(s, "type.0.coding.0.code") == Some("direktlinje-kommun")).count()
    };
    assert!(direct("hc-alidhem") > 0 && direct("hc-teg") == 0);
    assert_eq!(
        text(find(&all, "Endpoint/umea-receiver").unwrap(), "managingOrganization.reference"),
        Some("Organization/umea")
    );
}
