use proptest::prelude::*;

use super::*;

#[test]
fn nesting_has_a_limit_and_length_has_none() {
    let deep = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert!(Expression::parse(&deep(90)).is_ok());
    assert!(Expression::parse(&deep(50_000)).is_err());
    assert!(Expression::parse(&"iif(true,".repeat(50_000)).is_err());
    assert!(Expression::parse(&format!("1{}", "[0]".repeat(50_000))).is_ok());
    let long = format!("1{}", " + 1".repeat(50_000));
    assert_eq!(patient(&long), ["50001"]);
    assert_eq!(patient(&format!("{}1", "-".repeat(50_000))), ["1"]);
    assert_eq!(patient(&format!("1{}", " is Integer".repeat(50_000))), ["syntax"]);
}

#[test]
fn the_deepest_expression_fits_the_stack() {
    let deep = |open: &str, inner: &str| format!("{}{inner}{}", open.repeat(48), ")".repeat(48));
    assert_eq!(patient(&deep("iif(true, 1 + ", "1")), ["49"]);
    let conditions = format!("{}true{}", "exists(id.exists() and ".repeat(30), ")".repeat(30));
    assert_eq!(patient(&conditions), ["true"]);
}

#[test]
fn an_evaluation_cannot_run_away() {
    let wide = "(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30)";
    assert_eq!(patient(&format!("{wide}.aggregate($total + $total, 'a')")), ["error"]);
    assert_eq!(patient(&format!("{wide}.aggregate($total.combine($total), 1).count()")), ["error"]);
    assert_eq!(patient("1.repeat($this + 1)"), ["error"]);
    assert_eq!(patient(&format!("{wide}.aggregate($total.replace('', 'aaaaaaaaaaaaaaaa'), 'a')")), ["error"]);
}

#[test]
fn errors_and_debug_output_hold_no_values() {
    let document = Document::parse(PATIENT).unwrap();
    let context = Context { resource: document.root(), now: now(), resolver: &NoResolver };
    let compiled = Expression::parse("name.family + 1").unwrap();
    let error = compiled.evaluate(&context, document.root()).unwrap_err();
    assert!(!error.to_string().contains("Ett"));
    assert!(!format!("{:?}", Item::String("Ett".into())).contains("Ett"));
}

#[test]
fn an_expression_is_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Expression>();
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[a-z0-9'@.()\\[\\]{}|&=<>+*/ T:$%~-]{0,60}") {
        patient(&text);
    }

    #[test]
    fn no_chain_of_calls_makes_it_panic(calls in proptest::collection::vec(0..CALLS.len(), 1..6)) {
        let chain = calls.iter().map(|at| CALLS[*at]).collect::<Vec<_>>().join(".");
        patient(&chain);
    }
}

const CALLS: [&str; 28] = [
    "name",
    "given",
    "birthDate",
    "deceased",
    "descendants()",
    "first()",
    "where($this is string)",
    "select($this)",
    "lowBoundary()",
    "highBoundary(4)",
    "precision()",
    "toString()",
    "substring(1, 2)",
    "toQuantity()",
    "repeat(value)",
    "combine(1 | 'å' | @2026 | 3 'mg')",
    "sort()",
    "distinct()",
    "count()",
    "power(99)",
    "round(40)",
    "toChars()",
    "replaceMatches('.', '$0$0')",
    "iif($this, 1, 'a')",
    "escape('json')",
    "type()",
    "resolve()",
    "join('å')",
];
