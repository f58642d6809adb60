use super::*;
use crate::fhir::Document;

const ANIMALS: &str = r#"{"resourceType":"CodeSystem","url":"http://a.example/animals","version":"2","content":"complete",
    "caseSensitive":true,"concept":[{"code":"dog","display":"Dog","concept":[{"code":"poodle","display":"Poodle"},
    {"code":"spitz","display":"Spitz","property":[{"code":"inactive","valueBoolean":true}]}]},
    {"code":"cat","display":"Cat"},{"code":"pets","property":[{"code":"notSelectable","valueBoolean":true}]}]}"#;
const PLANTS: &str = r#"{"resourceType":"CodeSystem","url":"http://a.example/plants","content":"fragment",
    "concept":[{"code":"oak","display":"Oak"},{"code":"cat","display":"Catnip"}]}"#;

fn value_set(name: &str, rules: &str) -> String {
    format!(r#"{{"resourceType":"ValueSet","url":"http://a.example/vs/{name}",{rules}}}"#)
}

/// A value set of these includes.
fn including(name: &str, include: &str) -> String {
    value_set(name, &format!(r#""compose":{{"include":[{include}]}}"#))
}

fn library(texts: &[&str]) -> Library {
    let all = [ANIMALS, PLANTS].into_iter().chain(texts.iter().copied());
    Library::over(Library::embedded(), all.map(|text| Document::parse(text).unwrap()))
}

/// What the value set `v` says of a `system#code`: `yes`, `no`, or why that is not known.
fn asked(library: &Library, coded: &str) -> String {
    said_by(library, "http://a.example/vs/v", coded)
}

fn said_by(library: &Library, value_set: &str, coded: &str) -> String {
    let (system, code) = coded.rsplit_once('#').map_or((None, coded), |(system, code)| (Some(system), code));
    let system = system.map(|it| if it.contains(':') { it.to_owned() } else { format!("http://a.example/{it}") });
    let coded = Coded { system: system.as_deref(), code, ..Coded::default() };
    match library.membership(value_set, coded) {
        Membership::Member => "yes".into(),
        Membership::NotMember => "no".into(),
        Membership::Unknown(Unknown::ValueSet(url)) => format!("value set {url}"),
        Membership::Unknown(Unknown::System(url)) => format!("system {url}"),
        Membership::Unknown(Unknown::Rule(url)) => format!("rule {url}"),
    }
}

fn check(library: &Library, table: &[(&str, &str)]) {
    for (coded, expected) in table {
        assert_eq!(asked(library, coded), *expected, "{coded}");
        assert_eq!(asked(library, coded), *expected, "{coded} again");
    }
}

#[test]
fn a_whole_system_is_included_and_codes_are_excluded() {
    let v = value_set(
        "v",
        r#""compose":{"include":[{"system":"http://a.example/animals"}],
        "exclude":[{"system":"http://a.example/animals","concept":[{"code":"cat"}]}]}"#,
    );
    let expected =
        [("animals#dog", "yes"), ("animals#cat", "no"), ("animals#Dog", "no"), ("plants#dog", "no"), ("dog", "yes")];
    check(&library(&[&v]), &expected);
}

#[test]
fn filters_are_joined_by_and() {
    let v = including(
        "v",
        r#"{"system":"http://a.example/animals","filter":[{"property":"concept","op":"is-a","value":"dog"},
        {"property":"display","op":"regex","value":"[DS].*"}]}"#,
    );
    check(&library(&[&v]), &[("animals#dog", "yes"), ("animals#spitz", "yes"), ("animals#poodle", "no")]);
}

#[test]
fn inactive_codes_are_left_out_on_request() {
    let v = value_set("v", r#""compose":{"inactive":false,"include":[{"system":"http://a.example/animals"}]}"#);
    check(&library(&[&v]), &[("animals#spitz", "no"), ("animals#poodle", "yes")]);
}

#[test]
fn a_list_of_codes_needs_no_code_system() {
    let v = including("v", r#"{"system":"http://b.example/unseen","concept":[{"code":"x","display":"The X"}]}"#);
    check(&library(&[&v]), &[("http://b.example/unseen#x", "yes"), ("http://b.example/unseen#y", "no"), ("x", "yes")]);
}

#[test]
fn value_sets_of_one_include_are_cut_and_those_of_several_joined() {
    let dogs = including(
        "dogs",
        r#"{"system":"http://a.example/animals","filter":[{"property":"concept","op":"is-a","value":"dog"}]}"#,
    );
    let some = including("some", r#"{"system":"http://a.example/animals","concept":[{"code":"dog"},{"code":"cat"}]}"#);
    let both = r#"{"valueSet":["http://a.example/vs/dogs","http://a.example/vs/some"]}"#;
    check(
        &library(&[&dogs, &some, &including("v", both)]),
        &[("animals#dog", "yes"), ("animals#cat", "no"), ("animals#poodle", "no")],
    );
    let cut = r#"{"system":"http://a.example/animals","concept":[{"code":"poodle"},{"code":"cat"}],"valueSet":["http://a.example/vs/dogs"]}"#;
    check(
        &library(&[&dogs, &including("v", cut)]),
        &[("animals#poodle", "yes"), ("animals#cat", "no"), ("animals#dog", "no")],
    );
    let either = r#"{"valueSet":["http://a.example/vs/dogs"]},{"valueSet":["http://a.example/vs/some"]}"#;
    check(
        &library(&[&dogs, &some, &including("v", either)]),
        &[("animals#cat", "yes"), ("animals#poodle", "yes"), ("animals#pets", "no")],
    );
}

#[test]
fn what_is_not_in_a_fragment_is_not_known() {
    let v = including("v", r#"{"system":"http://a.example/plants"}"#);
    check(
        &library(&[&v]),
        &[("plants#oak", "yes"), ("plants#elm", "system http://a.example/plants"), ("animals#oak", "no")],
    );
    let v = value_set(
        "v",
        r#""compose":{"include":[{"system":"http://a.example/plants","concept":[{"code":"oak"},{"code":"elm"}]}],
        "exclude":[{"system":"http://a.example/plants","filter":[{"property":"code","op":"=","value":"oak"}]}]}"#,
    );
    check(
        &library(&[&v]),
        &[("plants#oak", "no"), ("plants#elm", "system http://a.example/plants"), ("plants#ash", "no")],
    );
}

#[test]
fn one_include_that_says_yes_is_enough() {
    let v = including("v", r#"{"valueSet":["http://a.example/vs/gone"]},{"system":"http://a.example/animals"}"#);
    let expected = [("animals#dog", "yes"), ("animals#fox", "value set http://a.example/vs/gone")];
    check(&library(&[&v]), &expected);
    let v = including("v", r#"{"system":"http://b.example/unseen"},{"system":"http://a.example/animals"}"#);
    let unseen = "system http://b.example/unseen";
    check(
        &library(&[&v]),
        &[("animals#fox", "no"), ("http://b.example/unseen#x", unseen), ("fox", unseen), ("dog", "yes")],
    );
    assert_eq!(said_by(&library(&[]), "http://a.example/vs/gone", "dog"), "value set http://a.example/vs/gone");
}

#[test]
fn a_version_that_is_not_at_hand_is_not_known() {
    let v = including("v", r#"{"system":"http://a.example/animals","version":"1"}"#);
    check(&library(&[&v]), &[("animals#dog", "system http://a.example/animals|1"), ("plants#dog", "no")]);
    let v = including("v", r#"{"system":"http://a.example/animals","version":"2"}"#);
    let library = library(&[&v]);
    check(&library, &[("animals#dog", "yes")]);
    let coded =
        |code, version| Coded { system: Some("http://a.example/animals"), version: Some(version), code, display: None };
    let unknown = Membership::Unknown(Unknown::System("http://a.example/animals|3".into()));
    assert_eq!(library.membership("http://a.example/vs/v", coded("fox", "3")), unknown);
    assert_eq!(library.membership("http://a.example/vs/v", coded("fox", "2")), Membership::NotMember);
}

#[test]
fn value_sets_that_contain_themselves_come_to_an_end() {
    let v = including(
        "v",
        r#"{"valueSet":["http://a.example/vs/w"]},{"system":"http://a.example/animals","concept":[{"code":"dog"}]}"#,
    );
    let w = including(
        "w",
        r#"{"valueSet":["http://a.example/vs/v"]},{"system":"http://a.example/animals","concept":[{"code":"cat"}]}"#,
    );
    let library = library(&[&v, &w]);
    check(&library, &[("animals#dog", "yes"), ("animals#cat", "yes"), ("animals#fox", "rule http://a.example/vs/v")]);
    assert_eq!(said_by(&library, "http://a.example/vs/w", "animals#fox"), "rule http://a.example/vs/w");
}

#[test]
fn a_ready_list_serves_where_the_rules_can_not_be_followed() {
    let rules = r#""compose":{"include":[{"system":"http://b.example/unseen"}]}"#;
    let list = r#"{"contains":[{"abstract":true,"system":"http://b.example/unseen","code":"g","contains":[{"system":"http://b.example/unseen","code":"x"}]}]}"#;
    let v = value_set("v", &format!(r#"{rules},"expansion":{list}"#));
    check(&library(&[&v]), &[("http://b.example/unseen#x", "yes"), ("http://b.example/unseen#g", "no")]);
    let v = value_set("v", &format!(r#"{rules},"expansion":{{"total":9,{}"#, &list[1..]));
    let unseen = "system http://b.example/unseen";
    check(&library(&[&v]), &[("http://b.example/unseen#x", "yes"), ("http://b.example/unseen#g", unseen)]);
    check(&library(&[&value_set("v", &format!(r#""expansion":{list}"#))]), &[("x", "yes"), ("y", "no")]);
}

#[test]
fn grammars_answer_for_systems_without_a_list() {
    let v = including(
        "v",
        r#"{"system":"http://unitsofmeasure.org"},{"system":"urn:ietf:bcp:13"},{"system":"urn:iso:std:iso:3166","filter":[{"property":"code","op":"regex","value":"[A-Z]{2}"}]}"#,
    );
    let table = [
        ("http://unitsofmeasure.org#mm[Hg]", "yes"),
        ("http://unitsofmeasure.org#mmHg", "no"),
        ("urn:ietf:bcp:13#text/plain", "yes"),
        ("urn:iso:std:iso:3166#SE", "yes"),
        ("urn:iso:std:iso:3166#SWE", "no"),
    ];
    check(&library(&[&v]), &table);
    let empty = library(&[]);
    assert_eq!(said_by(&empty, "http://hl7.org/fhir/ValueSet/all-languages|4.0.1", "sv-SE"), "yes");
    assert_eq!(said_by(&empty, "http://hl7.org/fhir/ValueSet/mimetypes", "pdf"), "no");
    assert_eq!(said_by(&empty, "http://hl7.org/fhir/ValueSet/currencies", "SEK"), "yes");
    let diabetes = "http://snomed.info/sct#73211009";
    assert_eq!(
        said_by(&empty, "http://snomed.info/sct?fhir_vs=isa/404684003", diabetes),
        "system http://snomed.info/sct"
    );
    assert_eq!(said_by(&empty, "http://snomed.info/sct?fhir_vs", "http://snomed.info/sct#73211008"), "no");
}

#[test]
fn snomed_codes_are_checked_as_far_as_their_check_digit() {
    let v = including(
        "v",
        r#"{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"404684003"}]}"#,
    );
    let sct = "system http://snomed.info/sct";
    check(
        &library(&[&v]),
        &[("http://snomed.info/sct#73211009", sct), ("http://snomed.info/sct#12", "no"), ("animals#73211009", "no")],
    );
}

#[test]
fn the_status_of_a_code_tells_what_its_system_says() {
    let supplement = r#"{"resourceType":"CodeSystem","url":"http://a.example/swedish","content":"supplement",
        "supplements":"http://a.example/animals|2","concept":[{"code":"dog","designation":[{"value":"Hund"}]}]}"#;
    let library = library(&[supplement]);
    let status = |system, code, display| {
        library.code_status(Coded { system: Some(system), version: None, code, display: Some(display) })
    };
    let fits = |display| match status("http://a.example/animals", "dog", display) {
        CodeStatus::Exists { display_fits, .. } => display_fits,
        _ => panic!(),
    };
    assert_eq!((fits("DOG "), fits("hund"), fits("Katt")), (Some(true), Some(true), Some(false)));
    let exists = |is_inactive, is_abstract, display: Option<&str>| CodeStatus::Exists {
        is_inactive,
        is_abstract,
        display_fits: display.map(|_| true),
        display: display.map(str::to_owned),
    };
    assert_eq!(status("http://a.example/animals", "spitz", "Spitz"), exists(true, false, Some("Spitz")));
    assert_eq!(status("http://a.example/animals", "pets", "Pets"), exists(false, true, None));
    assert_eq!(status("http://a.example/animals", "fox", "Fox"), CodeStatus::Missing);
    let unknown = |system: &str| CodeStatus::Unknown(Unknown::System(system.into()));
    assert_eq!(status("http://a.example/plants", "elm", "Elm"), unknown("http://a.example/plants"));
    assert_eq!(status("http://a.example/swedish", "dog", "Hund"), unknown("http://a.example/swedish"));
    assert_eq!(status("http://unitsofmeasure.org", "kg", "kilogram"), exists(false, false, None));
    assert_eq!(status("http://unitsofmeasure.org", "Kg", "kilogram"), CodeStatus::Missing);
    let other = Coded { system: Some("http://a.example/animals"), version: Some("1"), code: "fox", display: None };
    assert_eq!(library.code_status(other), unknown("http://a.example/animals|1"));
}

#[test]
fn a_value_set_is_listed_with_displays() {
    let v = including(
        "v",
        r#"{"system":"http://a.example/animals","concept":[{"code":"cat"},{"code":"dog","display":"Hound"}]}"#,
    );
    let open = including("open", r#"{"system":"http://a.example/plants"}"#);
    let library = library(&[&v, &open]);
    let listed = library.expand("http://a.example/vs/v").unwrap();
    let listed: Vec<_> = listed.iter().map(|it| (it.code.as_str(), it.display.as_str())).collect();
    assert_eq!(listed, [("cat", "Cat"), ("dog", "Hound")]);
    let why = NotExpandable::Unknown(Unknown::System("http://a.example/plants".into()));
    assert_eq!(library.expand("http://a.example/vs/open"), Err(why));
    assert_eq!(library.expand("http://hl7.org/fhir/ValueSet/currencies").unwrap()[0].code, "AED");
}

#[test]
fn what_lies_above_decides_for_those_who_ask_above() {
    let below = Arc::new(library(&[&including("v", r#"{"system":"http://a.example/animals"}"#)]));
    let more = ANIMALS.replace("cat", "fox");
    let above = Library::over(&below, [Document::parse(more).unwrap()]);
    assert_eq!((asked(&above, "animals#fox"), asked(&below, "animals#fox")), ("yes".into(), "no".into()));
}
