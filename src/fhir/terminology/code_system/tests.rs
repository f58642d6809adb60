use super::*;
use crate::fhir::Document;

fn read(json: &str) -> CodeSystem {
    CodeSystem::read(Document::parse(json).unwrap().root())
}

fn system(members: &str) -> CodeSystem {
    read(&format!(r#"{{"resourceType":"CodeSystem","url":"http://a.example/s","content":"complete",{members}}}"#))
}

fn codes(system: &CodeSystem, chosen: &Chosen) -> String {
    let chosen = system.concepts().filter(|it| chosen.has(it.number()));
    chosen.map(|it| it.code()).collect::<Vec<_>>().join(" ")
}

#[test]
fn nested_codes_lie_under_their_outer_one() {
    let system = system(
        r#""concept":[{"code":"a","concept":[{"code":"b","concept":[{"code":"c"}]},{"code":"d"}]},{"code":"e"}]"#,
    );
    let at = |code| system.find(code).unwrap();
    assert_eq!(codes(&system, &system.below(at("a"), false)), "a b c d");
    assert_eq!(codes(&system, &system.below(at("a"), true)), "b c d");
    assert_eq!(codes(&system, &system.above(at("c"))), "a b c");
    assert_eq!(at("c").parents().map(ConceptRef::code).collect::<Vec<_>>(), ["b"]);
    assert!(system.find("f").is_none());
}

#[test]
fn properties_give_more_parents_and_circles_come_to_an_end() {
    let system = system(
        r#""property":[{"code":"up","uri":"http://hl7.org/fhir/concept-properties#parent","type":"code"}],
        "concept":[{"code":"a","property":[{"code":"child","valueCode":"c"}]},{"code":"b"},
        {"code":"c","property":[{"code":"subsumedBy","valueCode":"b"}]},
        {"code":"d","property":[{"code":"up","valueCode":"c"},{"code":"up","valueCode":"gone"}]},
        {"code":"x","property":[{"code":"parent","valueCode":"y"}]},
        {"code":"y","property":[{"code":"parent","valueCode":"x"}]}]"#,
    );
    let at = |code| system.find(code).unwrap();
    assert_eq!(codes(&system, &system.above(at("d"))), "a b c d");
    assert_eq!(codes(&system, &system.below(at("b"), false)), "b c d");
    assert_eq!(codes(&system, &system.below(at("x"), false)), "x y");
}

#[test]
fn case_matters_only_where_the_system_says_so() {
    let codes = r#""concept":[{"code":"Ab"},{"code":"AB"}]"#;
    let strict = system(&format!(r#""caseSensitive":true,{codes}"#));
    assert!(strict.find("Ab").is_some() && strict.find("ab").is_none());
    for lenient in [system(&format!(r#""caseSensitive":false,{codes}"#)), system(codes)] {
        assert_eq!(lenient.find("AB").unwrap().code(), "AB");
        assert!(lenient.find("aB").is_some());
    }
}

#[test]
fn properties_tell_what_is_in_use() {
    let system = system(
        r#""concept":[{"code":"a","property":[{"code":"status","valueCode":"retired"}]},
        {"code":"b","property":[{"code":"notSelectable","valueBoolean":true}]},
        {"code":"c","property":[{"code":"status","valueCode":"deprecated"},{"code":"weight","valueDecimal":1.50}]},
        {"code":"d","property":[{"code":"inactive","valueBoolean":false}]}]"#,
    );
    let at = |code| system.find(code).unwrap();
    assert!(at("a").is_inactive() && !at("d").is_inactive());
    assert!(at("b").is_abstract() && !at("a").is_abstract());
    assert!(at("c").is_deprecated() && !at("c").is_inactive());
    assert_eq!(at("c").property("weight").collect::<Vec<_>>(), ["1.50"]);
    assert_eq!(at("d").property("weight").count(), 0);
}

#[test]
fn designations_are_words_too() {
    let system = system(
        r#""concept":[{"code":"a","display":"Body Weight","designation":[{"language":"sv","value":"Kroppsvikt"}]},{"code":"b"}]"#,
    );
    let fits = |code, display| system.find(code).unwrap().fits(display);
    assert_eq!(fits("a", "body  weight"), Some(true));
    assert_eq!(fits("a", "kroppsvikt"), Some(true));
    assert_eq!(fits("a", "Längd"), Some(false));
    assert_eq!(fits("b", "Längd"), None);
}

#[test]
fn what_is_no_code_system_has_no_codes() {
    for json in ["[]", r#"{"concept":{"code":7}}"#, r#"{"concept":[null,{"display":"x"}]}"#] {
        assert!(read(json).is_empty());
    }
}
