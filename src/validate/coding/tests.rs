use super::*;
use crate::fhir::{Document, Issue};

const ANIMALS: &str = r#"{"resourceType":"CodeSystem","url":"http://a.example/animals","version":"2","content":"complete",
    "caseSensitive":true,"concept":[{"code":"dog","display":"Dog"},{"code":"cat","display":"Cat"},{"code":"fox","display":"Fox"},
    {"code":"pets","display":"Pets","property":[{"code":"notSelectable","valueBoolean":true}]},
    {"code":"dodo","display":"Dodo","property":[{"code":"status","valueCode":"retired"}]}]}"#;
const EXTRA: &str = r#"{"resourceType":"CodeSystem","url":"http://a.example/extra","content":"supplement","supplements":"http://b.example/none"}"#;
const TAME: &str = r#"{"resourceType":"ValueSet","url":"http://a.example/vs/tame","compose":{"include":[
    {"system":"http://a.example/animals","concept":[{"code":"dog"},{"code":"cat"}]}]}}"#;
const ALL: &str = r#"{"resourceType":"ValueSet","url":"http://a.example/vs/all","compose":{"include":[{"system":"http://a.example/animals"}]}}"#;
const OPEN: &str = r#"{"resourceType":"ValueSet","url":"http://a.example/vs/open","compose":{"include":[{"system":"http://b.example/unseen"}]}}"#;

fn library() -> Library {
    let texts = [ANIMALS, EXTRA, TAME, ALL, OPEN];
    Library::over(Library::embedded(), texts.map(|text| Document::parse(text).unwrap()))
}

fn told(json: &str, check: impl FnOnce(NodeRef<'_>, &mut Desk<'_>)) -> (Vec<Issue>, Vec<CodeQuestion>) {
    let (document, library) = (Document::parse(json).unwrap(), library());
    let (mut issues, mut told) = (Issues::default(), Told::default());
    check(document.root(), &mut Desk { library: &library, issues: &mut issues, told: &mut told, asks: true });
    let questions = issues.take_questions();
    (issues.finish(document.root()), questions)
}

fn rules(issues: &[Issue]) -> Vec<(&'static str, &str)> {
    issues.iter().map(|issue| (issue.rule, issue.place.pointer.as_str())).collect()
}

/// The rule that a value breaks by a binding to the value set of this name; empty where it breaks none.
fn broken(json: &str, form: Form, strength: Strength, value_set: &str, max: &str) -> &'static str {
    let url = |name: &str| if name.is_empty() { String::new() } else { format!("http://a.example/vs/{name}") };
    let (value_set, max) = (url(value_set), url(max));
    let binding = Bound { strength, value_set: &value_set, max_value_set: &max };
    let (issues, _) = told(json, |value, desk| bound(value, form, binding, desk));
    assert!(issues.len() < 2, "{issues:?}");
    issues.first().map_or("", |issue| issue.rule)
}

fn concept(codings: &[(&str, &str)]) -> String {
    let one = |(system, code): &(&str, &str)| format!(r#"{{"system":"http://{system}","code":"{code}"}}"#);
    format!(r#"{{"coding":[{}],"text":"x"}}"#, codings.iter().map(one).collect::<Vec<_>>().join(","))
}

#[test]
fn the_strength_of_a_binding_decides_what_follows() {
    use Strength::{Example, Extensible, Preferred, Required};
    let inside = concept(&[("b.example/own", "x"), ("a.example/animals", "dog")]);
    let outside = concept(&[("a.example/animals", "fox"), ("b.example/own", "x")]);
    let missing = concept(&[("a.example/animals", "wolf")]);
    let nothing = r#"{"text":"x"}"#.to_owned();
    let absent = r#"{"extension":[{"url":"http://a.example/why","valueCode":"unknown"}]}"#.to_owned();
    let bare = r#"{"coding":[{"code":"fox"}]}"#.to_owned();
    let table = [
        (&inside, ["", "", "", ""]),
        (&outside, ["", "code-not-preferred", "code-outside", "code-unknown"]),
        // Its own system says that already.
        (&missing, ["", "code-not-preferred", "", "code-unknown"]),
        (&nothing, ["", "", "", "code-unknown"]),
        (&absent, ["", "", "", ""]),
        (&bare, ["", "code-not-preferred", "code-system-missing", "code-unknown"]),
    ];
    for (json, expected) in table {
        let broken = [Example, Preferred, Extensible, Required].map(|it| broken(json, Form::Concept, it, "tame", ""));
        assert_eq!(broken, expected, "{json}");
    }
}

#[test]
fn what_can_not_be_checked_is_a_warning_where_the_binding_counts() {
    use Strength::{Example, Extensible, Preferred, Required};
    let unseen = concept(&[("b.example/unseen", "x")]);
    let strengths = [Example, Preferred, Extensible, Required];
    for value_set in ["open", "gone"] {
        let broken = strengths.map(|it| broken(&unseen, Form::Concept, it, value_set, ""));
        assert_eq!(broken, ["", "", "code-not-checked", "code-not-checked"]);
    }
    assert_eq!(broken(&concept(&[("a.example/animals", "dog")]), Form::Concept, Required, "open", ""), "code-unknown");
}

#[test]
fn the_widest_value_set_of_a_binding_is_a_limit() {
    let broken =
        |code, max| broken(&concept(&[("a.example/animals", code)]), Form::Concept, Strength::Extensible, "tame", max);
    assert_eq!(broken("fox", "all"), "code-outside");
    assert_eq!(broken("dog", "all"), "");
    assert_eq!(broken("fox", "tame"), "code-outside-max");
    assert_eq!(broken("fox", "gone"), "code-not-checked");
}

#[test]
fn codes_texts_and_units_are_bound_too() {
    let broken = |json, form| broken(json, form, Strength::Required, "tame", "");
    assert_eq!(broken(r#""dog""#, Form::Code), "");
    assert_eq!(broken(r#""fox""#, Form::Code), "code-unknown");
    assert_eq!(broken(r#""fox""#, Form::Text), "code-unknown");
    assert_eq!(broken(r#"{"value":1,"system":"http://a.example/animals","code":"dog"}"#, Form::Quantity), "");
    assert_eq!(
        broken(r#"{"value":1,"system":"http://a.example/animals","code":"fox"}"#, Form::Quantity),
        "code-unknown"
    );
    assert_eq!(broken(r#"{"value":1}"#, Form::Quantity), "");
    assert_eq!(broken(r#"{"system":"http://a.example/animals","code":"fox"}"#, Form::Coding), "code-unknown");
    assert_eq!(broken(r#"{"display":"Fox"}"#, Form::Coding), "code-unknown");
}

#[test]
fn a_question_names_the_code_and_its_issue() {
    let json = concept(&[("a.example/animals", "fox"), ("b.example/unseen", "x"), ("b.example/unseen", "y")]);
    let binding = Bound { strength: Strength::Required, value_set: "http://a.example/vs/open", max_value_set: "" };
    let (issues, questions) = told(&json, |value, desk| bound(value, Form::Concept, binding, desk));
    assert_eq!(rules(&issues), [("code-not-checked", "/coding/0/code")]);
    let asked: Vec<_> = questions.iter().map(|it| (it.issue, it.code.as_str(), it.place.pointer.as_str())).collect();
    assert_eq!(asked, [(0, "x", "/coding/1/code"), (0, "y", "/coding/2/code")]);
    assert!(questions[0].is_required && questions[0].value_set == "http://a.example/vs/open");
}

/// What is said of a Coding with these members in its own system.
fn own(members: &str) -> Vec<&'static str> {
    let (issues, _) = told(&format!("{{{members}}}"), |value, desk| own_system(value, Form::Coding, desk));
    issues.iter().map(|issue| issue.rule).collect()
}

#[test]
fn every_coding_is_held_against_its_own_system() {
    let animal = |code: &str, display: &str| {
        own(&format!(r#""system":"http://a.example/animals","code":"{code}","display":"{display}""#))
    };
    assert!(animal("dog", "  DOG").is_empty());
    assert_eq!(animal("dog", "Hund"), ["display-wrong"]);
    assert_eq!(animal("wolf", "Wolf"), ["code-not-in-system"]);
    assert_eq!(animal("pets", "Pets"), ["code-abstract"]);
    assert_eq!(animal("dodo", "Dodo"), ["code-inactive"]);
    assert_eq!(own(r#""system":"animals","code":"dog""#), ["code-system-relative"]);
    assert_eq!(own(r##""system":"#animals","code":"dog""##), ["code-system-relative"]);
    assert_eq!(own(r#""system":"http://a.example/vs/tame","code":"dog""#), ["code-system-is-value-set"]);
    assert_eq!(own(r#""system":"http://a.example/extra","code":"dog""#), ["code-system-is-supplement"]);
    assert_eq!(own(r#""system":"http://b.example/unseen","code":"x""#), ["code-system-unknown"]);
    assert_eq!(own(r#""system":"http://a.example/animals","version":"1","code":"wolf""#), ["code-system-unknown"]);
    assert_eq!(own(r#""system":"http://unitsofmeasure.org","code":"mmHg""#), ["code-not-in-system"]);
    assert!(own(r#""code":"dog""#).is_empty() && own(r#""system":"http://b.example/unseen""#).is_empty());
}

#[test]
fn a_wrong_display_is_an_error_where_the_resource_speaks_the_language_of_the_system() {
    let json = |language: &str| {
        format!(
            r#"{{"resourceType":"Basic"{language},"code":{{"system":"http://a.example/animals","code":"dog","display":"Cat"}}}}"#
        )
    };
    let rule = |language: &str| {
        let check =
            |value: NodeRef<'_>, desk: &mut Desk<'_>| own_system(value.get("code").unwrap(), Form::Coding, desk);
        told(&json(language), check).0[0].rule
    };
    assert_eq!(rule(r#","language":"en-GB""#), "display-not-own");
    assert_eq!((rule(""), rule(r#","language":"sv""#)), ("display-wrong", "display-wrong"));
}

#[test]
fn a_system_that_is_not_at_hand_is_told_once_and_every_code_of_it_asked() {
    let json = r#"[{"system":"http://b.example/unseen","code":"x"},{"system":"http://b.example/unseen","code":"y"}]"#;
    let (issues, questions) = told(json, |list, desk| {
        list.children().for_each(|coding| own_system(coding, Form::Coding, desk));
    });
    assert_eq!(rules(&issues), [("code-system-unknown", "/0/system")]);
    assert_eq!(questions.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["x", "y"]);
}

#[test]
fn texts_suggest_what_may_have_been_meant_and_quote_no_value() {
    let json = concept(&[("a.example/animals", "dgo")]);
    let binding = Bound { strength: Strength::Required, value_set: "http://a.example/vs/tame", max_value_set: "" };
    let (issues, _) = told(&json, |value, desk| {
        bound(value, Form::Concept, binding, desk);
        own_system(value.list("coding").next().unwrap(), Form::Coding, desk);
    });
    assert!(issues.iter().all(|issue| issue.english.ends_with("did you mean dog?") && !issue.english.contains("dgo")));
}

#[test]
fn one_coding_is_the_users_choice() {
    let coding = |is| format!(r#"{{"system":"http://a.example/animals","code":"dog","userSelected":{is}}}"#);
    let check = |first, second| {
        let json = format!(r#"{{"coding":[{},{}]}}"#, coding(first), coding(second));
        told(&json, |value, desk| own_system(value, Form::Concept, desk)).0.len()
    };
    assert_eq!((check(true, false), check(true, true)), (0, 1));
}
