use proptest::prelude::*;

use super::super::*;
use crate::fhir::Severity;

const BASE: &str = "https://vardbro.example/fhir";

fn read(kind: &str, query: &str, strict: bool) -> Result<Asked, Vec<Issue>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs: Vec<_> = pairs.filter_map(|pair| pair.split_once('=')).map(|(n, v)| (n.into(), v.into())).collect();
    parse(ResourceType::parse(kind).expect("a type"), &pairs, strict, BASE)
}

fn tests(kind: &str, query: &str) -> Vec<Test> {
    let asked = read(kind, query, true).unwrap_or_else(|issues| panic!("{query}: {issues:?}"));
    asked.query.filters.into_iter().flat_map(|filter| filter.any).collect()
}

fn rules(kind: &str, query: &str) -> Vec<&'static str> {
    read(kind, query, false).expect_err("a fault").iter().map(|issue| issue.rule).collect()
}

fn token(system: Option<&str>, code: Option<&str>) -> Test {
    Test::Token { system: system.map(Into::into), code: code.map(Into::into) }
}

fn to(kind: Option<&str>, id: &str) -> Test {
    Test::Reference { kind: kind.and_then(ResourceType::parse), id: ResourceId::parse(id).expect("an id") }
}

fn interval(text: &str) -> Interval {
    Interval::of_search_value(text).expect("a date")
}

#[test]
fn tokens_have_four_forms() {
    assert_eq!(tests("List", "code=a"), [token(None, Some("a"))]);
    assert_eq!(tests("List", "code=s|a"), [token(Some("s"), Some("a"))]);
    assert_eq!(tests("List", "code=|a"), [token(Some(""), Some("a"))]);
    assert_eq!(tests("List", "code=s|"), [token(Some("s"), None)]);
    assert_eq!(tests("List", r"code=s\|t|a\,b"), [token(Some("s|t"), Some("a,b"))]);
    for bad in ["code=|", "code=a|b|c", "code=a,,b"] {
        assert_eq!(rules("List", bad), ["search-value-invalid"], "{bad}");
    }
}

#[test]
fn a_code_has_the_system_of_its_binding() {
    let none = [token(Some(""), Some("male"))];
    assert_eq!(tests("Patient", "gender=http://hl7.org/fhir/administrative-gender|male"), none);
    assert_eq!(
        tests("Patient", "gender=http://other.example|male"),
        [token(Some("http://other.example"), Some("male"))]
    );
    assert_eq!(tests("Patient", "gender=http://hl7.org/fhir/administrative-gender|"), [token(Some(""), None)]);
}

#[test]
fn commas_join_by_or_and_repeats_by_and() {
    let asked = read("List", "status=current,retired&status=retired", true).expect("a query");
    let counts: Vec<_> = asked.query.filters.iter().map(|filter| filter.any.len()).collect();
    assert_eq!(counts, [2, 1]);
}

#[test]
fn a_search_has_a_limited_number_of_alternatives_and_filters() {
    let alternatives = |count| format!("code={}", vec!["a"; count].join(","));
    assert_eq!(tests("List", &alternatives(MOST_ALTERNATIVES)).len(), MOST_ALTERNATIVES);
    assert_eq!(rules("List", &alternatives(MOST_ALTERNATIVES + 1)), ["search-alternatives-too-many"]);
    let not = alternatives(10_000).replace("code", "code:not");
    assert_eq!(rules("List", &not), ["search-alternatives-too-many"]);
    assert_eq!(rules("List", &format!("_id={}", vec!["a"; 501].join(","))), ["search-alternatives-too-many"]);
    let filters = |count| vec!["code=a"; count].join("&");
    assert_eq!(tests("List", &filters(MOST_FILTERS)).len(), MOST_FILTERS);
    assert_eq!(rules("List", &filters(MOST_FILTERS + 2)), ["search-filters-too-many"; 2]);
}

#[test]
fn references_are_ids_names_or_urls() {
    assert_eq!(tests("List", "patient=1"), [to(None, "1")]);
    assert_eq!(tests("List", "patient=Patient/1"), [to(Some("Patient"), "1")]);
    assert_eq!(tests("List", "patient=https://vardbro.example/fhir/Patient/1"), [to(Some("Patient"), "1")]);
    assert_eq!(tests("List", "subject:Patient=1"), [to(Some("Patient"), "1")]);
    assert_eq!(tests("List", "subject:Patient=Patient/1"), [to(Some("Patient"), "1")]);
    let foreign = "https://other.example/Patient/1";
    assert_eq!(tests("List", &format!("patient={foreign}")), [Test::Uri(foreign.into())]);
    assert_eq!(tests("List", "patient:identifier=s|1"), [token(Some("s"), Some("1"))]);
    for bad in ["patient=Nothing/1", "subject:Patient=Group/1", "patient=Patient/å"] {
        assert_eq!(rules("List", bad), ["search-value-invalid"], "{bad}");
    }
}

#[test]
fn dates_take_prefixes() {
    assert_eq!(tests("Patient", "birthdate=1912-12-12"), [Test::Date(Prefix::Eq, interval("1912-12-12"))]);
    assert_eq!(tests("Patient", "birthdate=ge1912"), [Test::Date(Prefix::Ge, interval("1912"))]);
    for bad in ["birthdate=xx1912", "birthdate=1912-13", "birthdate=ge", "birthdate=2021-02-30", "_lastUpdated=now"] {
        assert_eq!(rules("Patient", bad), ["search-value-invalid"], "{bad}");
    }
}

#[test]
fn last_updated_is_read_as_intervals() {
    let day = interval("2026-03-02");
    assert_eq!(tests("Patient", "_lastUpdated=2026-03-02"), [Test::Updated(day)]);
    let until = Timestamp::MAX;
    assert_eq!(tests("Patient", "_lastUpdated=gt2026-03-02"), [Test::Updated(Interval { from: day.until, until })]);
    assert_eq!(tests("Patient", "_lastUpdated=ge2026-03-02"), [Test::Updated(Interval { until, ..day })]);
    assert_eq!(tests("Patient", "_lastUpdated=ne2026-03-02").len(), 2);
}

#[test]
fn strings_start_with_hold_or_are() {
    assert_eq!(tests("Patient", "family=ÅKER"), [Test::TextStart("åker".into())]);
    assert_eq!(tests("Patient", "family:contains=André"), [Test::TextContains("andre".into())]);
    assert_eq!(tests("Patient", "family:exact=André"), [Test::TextExact("André".into())]);
}

#[test]
fn missing_and_not_ask_for_what_is_away() {
    assert_eq!(tests("Patient", "birthdate:missing=true"), [Test::Missing(true)]);
    let both = vec![token(None, Some("male")), token(None, Some("female"))];
    assert_eq!(tests("Patient", "gender:not=male,female"), [Test::NoneOf(both)]);
    assert_eq!(rules("Patient", "birthdate:missing=perhaps"), ["search-value-invalid"]);
}

#[test]
fn modifiers_that_we_do_not_have_are_always_refused() {
    for bad in [
        "family:text=a",
        "gender:exact=a",
        "birthdate:not=2026",
        "_id:missing=true",
        "_include:iterate=List:subject",
        "subject:Nothing=1",
    ] {
        let kind = if bad.starts_with("subject") || bad.contains("List") { "List" } else { "Patient" };
        assert_eq!(rules(kind, bad), ["search-modifier-unsupported"], "{bad}");
    }
}

#[test]
fn unknown_parameters_are_refused_or_ignored_with_a_warning() {
    for unknown in ["nothing=1", "patient.name=a", "_has:List:subject:code=a", "_content=a", "_revinclude=List:item"] {
        let refused = read("List", unknown, true).expect_err("strict");
        assert_eq!(refused[0].rule, "search-parameter-unknown", "{unknown}");
        let asked = read("List", unknown, false).expect("lenient");
        assert_eq!(asked.warnings[0].severity, Severity::Warning);
        assert!(asked.used.is_empty() && asked.query.filters.is_empty(), "{unknown}");
    }
    assert!(read("List", "_query=x", false).is_err());
    assert!(read("Encounter", "length=5", true).is_err());
}

#[test]
fn result_parameters_shape_the_page() {
    let asked = read("List", "_count=7&_sort=_lastUpdated&_total=none&_include=List:item:Patient&_format=json", true);
    let query = asked.expect("a query").query;
    assert_eq!((query.count, query.sort, query.total), (7, Sort::OldestFirst, false));
    assert_eq!(query.includes, [Include { parameter: "item".into(), target: ResourceType::parse("Patient") }]);
    let counted = read("List", "_summary=count&_total=none", true).expect("a query").query;
    assert_eq!((counted.count, counted.total), (0, true));
    assert_eq!(read("List", "_count=99999999999", true).expect("a query").query.count, MOST_PER_PAGE);
    assert_eq!(read("List", "", true).expect("a query").query.count, DEFAULT_COUNT);
}

#[test]
fn every_fault_is_told_at_once() {
    let query =
        "_count=-1&_sort=date&_total=some&_summary=data&_include=Patient:link&_include=List:code&date=x&code:in=y";
    let issues = read("List", query, false).expect_err("faults");
    assert_eq!(issues.len(), 8);
    assert!(issues.iter().all(|issue| issue.is_error() && !issue.swedish.is_empty()));
    assert_eq!(issues[0].place.expression, "http._count");
}

#[test]
fn the_self_link_shows_no_personal_number() {
    let asked = read("List", "patient:identifier=s|191212121212&status=current&date=", true).expect("a query");
    let used: Vec<_> = asked.used.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(used, [("patient:identifier", "redacted"), ("status", "current")]);
}

#[test]
fn a_value_that_went_astray_into_a_name_is_not_repeated() {
    let issues = read("List", "191212121212=1", true).expect_err("unknown");
    assert!(!issues[0].to_string().contains("1912"));
}

proptest! {
    #[test]
    fn any_query_is_answered(name in "(_id|code|date|patient|title|_count|_include|\\PC{0,8})(:[a-zA-Z]{0,9})?", value in "\\PC{0,20}") {
        let list = ResourceType::parse("List").unwrap();
        if let Err(issues) = parse(list, &[(name, value)], true, BASE) {
            prop_assert!(!issues.is_empty());
        }
    }
}
