use super::*;

#[test]
fn equality_is_of_content_and_order() {
    check(&[
        ("(1 | 2) = (1 | 2)", "true"),
        ("(1 | 2) = (2 | 1)", "false"),
        ("(1 | 2) ~ (2 | 1)", "true"),
        ("1 = 1.0", "true"),
        ("1.10 = 1.1", "true"),
        ("'a' = 'A'", "false"),
        ("'a  b' ~ 'A b'", "true"),
        ("{} = 1", ""),
        ("{} ~ {}", "true"),
        ("{} ~ 1", "false"),
        ("name = name", "true"),
        ("name.first() = name.last()", "false"),
        ("name.first() ~ name.first()", "true"),
        ("1.2 / 1.8 ~ 0.67", "true"),
        ("1 = 'a'", "false"),
        ("active = true", "true"),
        ("birthDate != @T10:00", "true"),
        ("0.1 + 0.2 = 0.3", "true"),
    ]);
}

#[test]
fn order_needs_types_that_have_one() {
    check(&[
        ("1 < 1.5", "true"),
        ("'a' < 'b'", "true"),
        ("1 < 'a'", "error"),
        ("true < false", "error"),
        ("{} < 1", ""),
        ("(1 | 2) < 3", "error"),
    ]);
}

#[test]
fn membership_takes_one_item() {
    check(&[
        ("2 in (1 | 2)", "true"),
        ("(1 | 2) contains 3", "false"),
        ("{} in (1 | 2)", ""),
        ("(1 | 2) in (1 | 2)", "error"),
    ]);
}
