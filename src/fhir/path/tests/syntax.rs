use super::*;

#[test]
fn precedence_follows_the_specification() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("1 | 2 is Integer", "error"),
        ("1 | 1 is Integer", "true"),
        ("1 > 2 is Boolean", "true"),
        ("-2.abs()", "-2"),
        ("true or false and false", "true"),
        ("'a' in 'a' | 'b'", "true"),
        ("false implies true implies false", "false"),
    ]);
}

#[test]
fn literals_are_read_as_written() {
    check(&[
        (r"'P\u0065ter\n\''", "Peter\n'"),
        ("1.50", "1.50"),
        ("@2026-03-02T08:00+01:00", "2026-03-02T08:00+01:00"),
        ("@2026T", "2026"),
        ("@T08:30", "08:30"),
        ("4 days", "4 day"),
        ("10 'mg'", "10 'mg'"),
        ("{}", ""),
        ("1 /* one */ + // and\n 1", "2"),
        ("`name`.`family`", "Ett"),
        ("%`vs-gender`", "http://hl7.org/fhir/ValueSet/gender"),
    ]);
}

#[test]
fn what_is_not_fhirpath_is_refused_with_its_place() {
    for text in [
        "",
        "1 +",
        "(1",
        "a..b",
        "a.$this",
        "'open",
        "1 /* open",
        r"'\q'",
        "@2026-13",
        "@2026-02-30",
        "nope()",
        "first(1)",
        "1 1",
        "\"a\"",
        "a.b(",
        "#",
    ] {
        assert!(Expression::parse(text).is_err(), "{text}");
    }
    let fault = Expression::parse("å").err().or(Expression::parse("name.where(nope())").err()).unwrap();
    assert_eq!(fault.offset, 0);
    assert_eq!(Expression::parse("'å' + nope()").err().unwrap().offset, 6);
}
