//! Each kind of test finds what the specification says.

use super::Engine;
use super::builders::{all, at, draft, filter, found, id, key, kind, put, span, with};
use crate::fhir::search::{Include, IndexValue, MOST_ALTERNATIVES, MOST_FILTERS, Prefix, Query, Test};
use crate::store::Store;

fn token(system: Option<&str>, code: Option<&str>) -> Test {
    Test::Token { system: system.map(str::to_owned), code: code.map(str::to_owned) }
}

pub(in crate::store) async fn a_token_is_found_by_system_and_code(engine: &impl Engine) {
    let store = engine.open().await;
    put(
        &store,
        [
            draft("List/1", 1).token("code", "urn:a", "x"),
            draft("List/2", 1).token("code", "urn:b", "x").token("code", "urn:a", "z"),
            draft("List/3", 1).token("code", "", "x").token("status", "urn:a", "y"),
            draft("Task/1", 1).token("code", "urn:a", "x"),
        ],
    )
    .await;
    let find = |system, code| found(&store, with("List", "code", token(system, code)));

    assert_eq!(find(Some("urn:a"), Some("x")).await, ["List/1"]);
    assert_eq!(find(None, Some("x")).await, ["List/1", "List/2", "List/3"]);
    assert_eq!(find(Some(""), Some("x")).await, ["List/3"]);
    assert_eq!(find(Some("urn:a"), None).await, ["List/1", "List/2"]);
    assert!(find(Some("urn:unheard-of"), Some("x")).await.is_empty());
    assert!(find(None, Some("X")).await.is_empty());
}

pub(in crate::store) async fn a_date_is_found_by_the_rule_of_its_prefix(engine: &impl Engine) {
    let store = engine.open().await;
    // Before, overlapping the beginning, inside, the same, around, overlapping the end, after the asked [100, 200).
    let spans = [(10, 50), (50, 150), (120, 130), (100, 200), (50, 250), (150, 250), (200, 300)];
    let drafts = spans.iter().enumerate();
    put(&store, drafts.map(|(n, (from, until))| draft(&format!("Encounter/{n}"), 1).date("date", *from, *until))).await;

    let expected = [
        (Prefix::Eq, vec![2, 3]),
        (Prefix::Ne, vec![0, 1, 4, 5, 6]),
        (Prefix::Gt, vec![4, 5, 6]),
        (Prefix::Lt, vec![0, 1, 4]),
        (Prefix::Ge, vec![2, 3, 4, 5, 6]),
        (Prefix::Le, vec![0, 1, 2, 3, 4]),
        (Prefix::Sa, vec![6]),
        (Prefix::Eb, vec![0]),
        (Prefix::Ap, vec![1, 2, 3, 4, 5]),
    ];
    for (prefix, numbers) in expected {
        let names: Vec<String> = numbers.iter().map(|number| format!("Encounter/{number}")).collect();
        let query = with("Encounter", "date", Test::Date(prefix, span(100, 200)));
        assert_eq!(found(&store, query).await, names, "{prefix:?}");
    }
}

pub(in crate::store) async fn a_reference_is_found_with_and_without_its_type(engine: &impl Engine) {
    let store = engine.open().await;
    put(
        &store,
        [
            draft("List/1", 1).reference("subject", "Patient/1"),
            draft("List/2", 1).reference("subject", "Group/1"),
            draft("List/3", 1).reference("source", "Patient/1"),
        ],
    )
    .await;
    let find = |of: Option<&str>, to| {
        found(&store, with("List", "subject", Test::Reference { kind: of.map(kind), id: id(to) }))
    };

    assert_eq!(find(Some("Patient"), "1").await, ["List/1"]);
    assert_eq!(find(None, "1").await, ["List/1", "List/2"]);
    assert!(find(Some("Patient"), "2").await.is_empty());
}

pub(in crate::store) async fn a_uri_is_found_by_its_whole(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("Measure/1", 1).indexed("url", IndexValue::Uri("https://a.example/m".into()))]).await;
    let find = |uri: &str| found(&store, with("Measure", "url", Test::Uri(uri.into())));

    assert_eq!(find("https://a.example/m").await, ["Measure/1"]);
    assert!(find("https://a.example/").await.is_empty());
}

pub(in crate::store) async fn a_text_is_found_by_its_start(engine: &impl Engine) {
    let store = engine.open().await;
    put(
        &store,
        [draft("Patient/1", 1).text("name", "åsa").text("name", "åström"), draft("Patient/2", 1).text("name", "as%")],
    )
    .await;
    let find = |start: &str| found(&store, with("Patient", "name", Test::TextStart(start.into())));

    assert_eq!(find("ås").await, ["Patient/1"]);
    assert_eq!(find("as").await, ["Patient/2"]);
    assert_eq!(find("as%").await, ["Patient/2"]);
    assert_eq!(find("").await, ["Patient/1", "Patient/2"]);
    assert!(find("s").await.is_empty());
}

pub(in crate::store) async fn a_text_is_found_by_a_part_and_by_its_exact_form(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("Patient/1", 1).text("name", "åsa"), draft("Patient/2", 1).text("name", "vasa")]).await;
    let find = |test| found(&store, with("Patient", "name", test));

    assert_eq!(find(Test::TextContains("sa".into())).await, ["Patient/1", "Patient/2"]);
    assert_eq!(find(Test::TextContains("as".into())).await, ["Patient/2"]);
    assert_eq!(find(Test::TextExact("ÅSA".into())).await, ["Patient/1"]);
    assert!(find(Test::TextExact("åsa".into())).await.is_empty());
}

pub(in crate::store) async fn none_of_finds_those_without_a_value_too(engine: &impl Engine) {
    let store = engine.open().await;
    put(
        &store,
        [draft("List/1", 1).token("code", "", "x"), draft("List/2", 1).token("code", "", "y"), draft("List/3", 1)],
    )
    .await;
    let find = |tests| found(&store, with("List", "code", Test::NoneOf(tests)));

    assert_eq!(find(vec![token(None, Some("x"))]).await, ["List/2", "List/3"]);
    assert_eq!(find(vec![token(None, Some("x")), token(None, Some("y"))]).await, ["List/3"]);
    assert_eq!(find(vec![]).await, ["List/1", "List/2", "List/3"]);
}

pub(in crate::store) async fn ids_and_update_times_are_found(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1).updated(at(10)), draft("List/2", 1).updated(at(20))]).await;

    assert_eq!(found(&store, with("List", "_id", Test::Id(id("2")))).await, ["List/2"]);
    assert_eq!(found(&store, with("List", "_lastUpdated", Test::Updated(span(10, 20)))).await, ["List/1"]);
}

pub(in crate::store) async fn missing_tells_presence_and_absence(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1).token("code", "", "x"), draft("List/2", 1).token("status", "", "y")]).await;
    let find = |parameter: &'static str, missing| found(&store, with("List", parameter, Test::Missing(missing)));

    assert_eq!(find("code", true).await, ["List/2"]);
    assert_eq!(find("code", false).await, ["List/1"]);
    assert_eq!(find("unheard-of", true).await, ["List/1", "List/2"]);
    assert!(find("unheard-of", false).await.is_empty());
}

pub(in crate::store) async fn filters_are_joined_by_and_alternatives_by_or(engine: &impl Engine) {
    let store = engine.open().await;
    put(
        &store,
        [
            draft("List/1", 1).reference("subject", "Patient/1").token("status", "", "current"),
            draft("List/2", 1).reference("subject", "Patient/1").token("status", "", "retired"),
            draft("List/3", 1).reference("subject", "Patient/2").token("status", "", "current"),
        ],
    )
    .await;
    let of = |patient| Test::Reference { kind: Some(kind("Patient")), id: id(patient) };
    let status = |code| token(None, Some(code));
    let find = |filters| found(&store, Query { filters, ..all("List") });

    assert_eq!(find(vec![filter("subject", [of("1")]), filter("status", [status("current")])]).await, ["List/1"]);
    let either =
        vec![filter("subject", [of("1"), of("2")]), filter("status", [status("current"), status("unheard-of")])];
    assert_eq!(find(either).await, ["List/1", "List/3"]);
    assert!(find(vec![filter("status", [status("current")]), filter("status", [status("retired")])]).await.is_empty());
    assert!(find(vec![filter("status", [])]).await.is_empty());
}

pub(in crate::store) async fn a_new_version_is_found_by_its_new_values_only(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1).token("status", "", "current").date("date", 0, 10).text("title", "a")]).await;

    put(&store, [draft("List/1", 2).token("status", "", "retired").date("date", 20, 30).text("title", "b")]).await;

    assert!(found(&store, with("List", "status", token(None, Some("current")))).await.is_empty());
    assert_eq!(found(&store, with("List", "status", token(None, Some("retired")))).await, ["List/1"]);
    assert!(found(&store, with("List", "date", Test::Date(Prefix::Eq, span(0, 10)))).await.is_empty());
    assert_eq!(found(&store, with("List", "date", Test::Date(Prefix::Eq, span(20, 30)))).await, ["List/1"]);
    assert!(found(&store, with("List", "title", Test::TextStart("a".into()))).await.is_empty());
}

pub(in crate::store) async fn what_was_deleted_is_not_found(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1).token("status", "", "current"), draft("List/2", 1)]).await;

    put(&store, [draft("List/1", 2).token("status", "", "current").deletion()]).await;

    assert_eq!(found(&store, all("List")).await, ["List/2"]);
    assert!(found(&store, with("List", "status", token(None, Some("current")))).await.is_empty());
    assert!(found(&store, with("List", "_id", Test::Id(id("1")))).await.is_empty());
}

pub(in crate::store) async fn the_total_can_be_asked_for_alone(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, (0..5).map(|number| draft(&format!("List/{number}"), 1))).await;

    let page = store.search(&Query { count: 0, total: false, ..all("List") }).await.unwrap();

    assert_eq!((page.matches.len(), page.total, page.next), (0, Some(5), None));
}

pub(in crate::store) async fn includes_follow_references_one_step(engine: &impl Engine) {
    let store = engine.open().await;
    put(
        &store,
        [
            draft("Patient/1", 1).reference("organization", "Organization/1"),
            draft("Organization/1", 1),
            draft("Practitioner/1", 1),
            draft("List/1", 1).reference("subject", "Patient/1").reference("source", "Practitioner/1"),
            draft("List/2", 1).reference("subject", "Patient/1").reference("source", "List/1"),
            draft("List/3", 1).reference("subject", "Patient/missing").reference("source", "Practitioner/1"),
        ],
    )
    .await;
    let subject = Include { parameter: "subject".into(), target: None };
    let source = Include { parameter: "source".into(), target: Some(kind("Practitioner")) };

    let page = store.search(&Query { includes: vec![subject, source], ..all("List") }).await.unwrap();

    let mut included: Vec<String> = page.included.iter().map(|version| version.key.to_string()).collect();
    included.sort();
    assert_eq!((page.matches.len(), included), (3, vec!["Patient/1".to_owned(), "Practitioner/1".to_owned()]));
}

pub(in crate::store) async fn referrers_are_listed_once(engine: &impl Engine) {
    let store = engine.open().await;
    put(
        &store,
        [
            draft("List/1", 1).reference("subject", "Patient/1").reference("patient", "Patient/1"),
            draft("Task/1", 1).reference("for", "Patient/1"),
            draft("Task/2", 1).reference("for", "Patient/2"),
        ],
    )
    .await;

    let mut referrers = store.referrers(&key("Patient/1"), 10).await.unwrap();

    referrers.sort();
    assert_eq!(referrers, [key("List/1"), key("Task/1")]);
    assert_eq!(store.referrers(&key("Patient/1"), 1).await.unwrap().len(), 1);
}

pub(in crate::store) async fn the_widest_search_that_can_be_asked_for_is_answered(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1).token("code", "urn:a", "0"), draft("List/2", 1)]).await;
    let numbered = |code: usize| token(Some("urn:a"), Some(&code.to_string()));
    let widest = || filter("code", (0..MOST_ALTERNATIVES).map(numbered));
    let ages = filter("_lastUpdated", vec![Test::Updated(span(0, 9)); 2 * MOST_ALTERNATIVES]);
    let none_of = filter("code", [Test::NoneOf((1..=MOST_ALTERNATIVES).map(numbered).collect())]);
    let mut filters = vec![ages, none_of];
    filters.resize_with(MOST_FILTERS, widest);

    assert_eq!(found(&store, Query { filters, ..all("List") }).await, ["List/1"]);
}
