use super::*;

#[test]
fn parts_of_a_string_are_counted_in_characters() {
    check(&[
        ("'åäö'.length()", "3"),
        ("'åäö'.indexOf('ö')", "2"),
        ("'aba'.lastIndexOf('a')", "2"),
        ("'åäö'.substring(1)", "äö"),
        ("'åäö'.substring(1, 1)", "ä"),
        ("'a'.substring(1)", ""),
        ("'a'.substring(-1)", ""),
        ("'a'.indexOf('x')", "-1"),
        ("'ab'.toChars()", "a;b"),
        ("1.length()", "error"),
        ("{}.length()", ""),
    ]);
}

#[test]
fn strings_are_changed() {
    check(&[
        ("'Å'.lower()", "å"),
        ("' a '.trim()", "a"),
        ("'abc'.replace('b', 'x')", "axc"),
        ("'ab'.replace('', 'x')", "xaxbx"),
        ("'a,b'.split(',')", "a;b"),
        ("('a' | 'b').join('-')", "a-b"),
        ("'a' & {}", "a"),
        ("'a' + {}", ""),
        ("'a' & 1", "a1"),
    ]);
}

#[test]
fn patterns_are_searched_for() {
    check(&[
        ("'abc'.matches('b')", "true"),
        ("'abc'.matchesFull('b')", "false"),
        ("'ab'.matchesFull('a|ab')", "true"),
        ("'a\\nb'.matches('a.b')", "true"),
        ("'11/30'.replaceMatches('(\\\\d+)/(\\\\d+)', '$2-$1')", "30-11"),
        ("'a'.matches('(')", "error"),
        ("'a'.matches({})", ""),
    ]);
}

#[test]
fn strings_are_encoded() {
    check(&[
        ("'test'.encode('hex')", "74657374"),
        ("'74657374'.decode('hex')", "test"),
        ("'subjects?_d'.encode('urlbase64').decode('urlbase64')", "subjects?_d"),
        ("'\"1<2\"'.escape('json')", "\\\"1<2\\\""),
        ("'\\\\\"1<2\\\\\"'.unescape('json')", "\"1<2\""),
        ("'<a>'.escape('html').unescape('html')", "<a>"),
        ("'zz'.decode('hex')", ""),
        ("'a'.encode('rot13')", "error"),
    ]);
}
