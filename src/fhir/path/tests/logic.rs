use super::*;

#[test]
fn logic_has_three_values() {
    check(&[
        ("true and {}", ""),
        ("false and {}", "false"),
        ("{} and false", "false"),
        ("true or {}", "true"),
        ("{} or false", ""),
        ("{} implies true", "true"),
        ("{} implies false", ""),
        ("false implies {}", "true"),
        ("true xor {}", ""),
        ("true xor false", "true"),
        ("true implies false", "false"),
        ("{}.not()", ""),
    ]);
}

#[test]
fn one_item_counts_as_true_and_several_as_a_mistake() {
    check(&[
        ("(true and 'a')", "true"),
        ("(1 | 2) and true", "error"),
        ("0.not()", "false"),
        ("(true | 'a').allTrue()", "error"),
        ("false and (1 | 2)", "false"),
    ]);
}

#[test]
fn iif_evaluates_only_its_branch() {
    check(&[
        ("iif(true, 1, (1|2).single())", "1"),
        ("iif({}, 1, 2)", "2"),
        ("iif(false, 1)", ""),
        ("'a'.iif($this = 'a', 1, 2)", "1"),
        ("(1|2).iif(true, 1)", "error"),
    ]);
}

#[test]
fn a_condition_is_one_boolean() {
    let document = Document::parse(PATIENT).unwrap();
    let context = Context { resource: document.root(), now: now(), resolver: &NoResolver };
    let is_true = |text: &str| Expression::parse(text).unwrap().is_true(&context, document.root()).ok();
    assert_eq!(is_true("active"), Some(true));
    assert_eq!(is_true("birthDate"), Some(true));
    assert_eq!(is_true("photo"), Some(false));
    assert_eq!(is_true("name"), None);
}
