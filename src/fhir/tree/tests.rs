use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::value::Value;
use super::*;

fn parse(text: &str) -> Document {
    Document::parse(text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
}

fn rules(text: &str) -> Vec<&'static str> {
    Document::parse(text).expect_err("a fault").iter().map(|fault| fault.rule).collect()
}

#[test]
fn text_order_and_digits_stay_as_received() {
    let text = " {\"b\" : 1.50, \"a\":[ -0e+1, true,null ] } \n";
    let document = parse(text);
    assert_eq!(document.text(), text);
    let root = document.root();
    assert_eq!(root.text(), text.trim());
    let texts: Vec<_> = root.children().map(|member| member.text()).collect();
    assert_eq!(texts, ["1.50", "[ -0e+1, true,null ]"]);
    assert_eq!(root.get("b").and_then(|it| it.as_number()), Some("1.50"));
    assert_eq!(
        root.get("a").map(|it| it.children().map(|it| it.kind()).collect()),
        Some(vec![Kind::Number, Kind::Boolean, Kind::Null])
    );
}

#[test]
fn siblings_follow_each_other_past_what_they_hold() {
    let document = parse(r#"{"a":{"x":[1,{"y":2}]},"b":[[],{}],"c":3}"#);
    let keys: Vec<_> = document.root().children().filter_map(|it| it.key()).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    let last = document.root().get("c").unwrap();
    assert_eq!((last.index_in_parent(), last.parent()), (2, Some(document.root())));
    assert_eq!(document.root().parent(), None);
}

#[test]
fn list_reads_an_array_or_a_single_value() {
    let document = parse(r#"{"many":[1,2],"one":3}"#);
    let numbers = |name| document.root().list(name).map(|it| it.text().to_owned()).collect::<Vec<_>>();
    assert_eq!(numbers("many"), ["1", "2"]);
    assert_eq!(numbers("one"), ["3"]);
    assert!(numbers("none").is_empty());
}

#[test]
fn escapes_are_read_in_values_and_names() {
    let document = parse(r#"{"n\u00e4mn":"a\"\\\/\b\f\n\r\t\u00e5\ud83d\ude00"}"#);
    assert_eq!(document.root().str_at("nämn").as_deref(), Some("a\"\\/\u{8}\u{c}\n\r\tå😀"));
    assert_eq!(document.root().children().next().and_then(|it| it.key()).as_deref(), Some("nämn"));
}

#[test]
fn half_a_surrogate_pair_is_refused_where_it_stands() {
    for text in [r#""\ud83d""#, r#""\ude00x""#, r#""\ud83d\u0041""#] {
        let faults = Document::parse(text).unwrap_err();
        assert_eq!((faults[0].rule, faults[0].offset), ("json-syntax", 1), "{text}");
    }
}

#[test]
fn pointers_escape_their_steps() {
    let document = parse(r#"{"a/b":[{"m~n":1}]}"#);
    let node = document.root().get("a/b").and_then(|it| it.children().next()).and_then(|it| it.get("m~n")).unwrap();
    assert_eq!(node.pointer(), "/a~1b/0/m~0n");
    assert_eq!(document.root().pointer(), "");
}

#[test]
fn positions_count_lines_and_characters() {
    let document = parse("{\n \"å\": 1,\r\n \"åä\": 2}");
    assert_eq!(document.root().get("å").map(|it| it.position()), Some((2, 7)));
    assert_eq!(document.root().get("åä").map(|it| it.position()), Some((3, 8)));
    assert_eq!(document.root().position(), (1, 1));
}

#[test]
fn an_empty_name_is_a_name() {
    let document = parse(r#"{"":1}"#);
    let member = document.root().children().next().unwrap();
    assert_eq!((member.key().as_deref(), document.root().get("").map(|it| it.text())), (Some(""), Some("1")));
}

#[test]
fn what_is_not_json_is_refused_where_it_goes_wrong() {
    let bad = [
        "",
        " ",
        "{",
        "[1",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "tru",
        "nul",
        "NaN",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u12\"",
        "\"\t\"",
        "[1 2]",
        "1 2",
        "[}",
        "{]",
        "\u{feff}{}",
        "'a'",
        "{\"a\"}",
        "[,1]",
    ];
    for text in bad {
        assert_eq!(rules(text), ["json-syntax"], "{text:?}");
    }
    let faults = Document::parse("{\"a\":\n  tru}").expect_err("a fault");
    assert_eq!(faults[0].position, (2, 3));
}

#[test]
fn every_duplicate_name_is_told_even_when_it_is_written_otherwise() {
    assert_eq!(rules(r#"{"a":1,"a":2,"b":{"c":1,"\u0063":2}}"#), ["json-duplicate-key"; 2]);
    assert_eq!(rules(&format!("[{}]", vec![r#"{"a":1,"a":2}"#; 200].join(","))).len(), 100);
    parse(r#"[{"a":1},{"a":1}]"#);
}

#[test]
fn depth_number_and_size_have_limits() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    parse(&nested(64));
    assert_eq!(rules(&nested(65)), ["json-depth"]);
    assert_eq!(rules(&"[".repeat(100_000)), ["json-depth"]);
    let within = |limits| Document::parse_within("[1,2]", limits).expect_err("a fault")[0].rule;
    assert_eq!(within(Limits { nodes: 2, ..Limits::default() }), "json-size");
    assert_eq!(within(Limits { bytes: 4, ..Limits::default() }), "json-size");
}

#[test]
fn bytes_must_be_utf8() {
    let faults = Document::parse_bytes(b"{\"a\":\n\"\xff\"}", Limits::default()).expect_err("a fault");
    assert_eq!((faults[0].rule, faults[0].position, faults[0].offset), ("json-utf8", (2, 2), 7));
}

#[test]
fn debug_says_nothing_of_the_content() {
    let document = parse(r#"{"name":"Tolvan"}"#);
    assert_eq!(format!("{document:?}"), "Document(17 bytes, 2 nodes)");
    assert_eq!(format!("{:?}", document.root().get("name").unwrap()), "NodeRef(String at /name)");
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "\\PC{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        let object = prop::collection::btree_map(any::<String>(), inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Json::from),
            object.prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_writes_is_read_and_written_again(json in json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) }.unwrap();
        let written = Value::from_node(parse(&text).root()).to_string();
        let expected: Json = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<Json>(&written).unwrap(), expected);
        let indented = format!("{:#}", Value::from_node(parse(&written).root()));
        prop_assert_eq!(Value::from_node(parse(&indented).root()).to_string(), written);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Err(faults) = Document::parse_bytes(&bytes, Limits::default()) {
            prop_assert!(!faults.is_empty());
        }
    }

    #[test]
    fn it_agrees_with_serde_on_what_is_json(text in "[\\[\\]{}:,\"0-9a-f\\\\utrue. eE+-]{0,24}") {
        let agreed = serde_json::from_str::<Json>(&text).is_ok();
        match Document::parse(text.as_str()) {
            Ok(_) => prop_assert!(agreed || text.contains("\\u") || text.contains(['e', 'E']), "{}", text),
            Err(faults) => prop_assert!(!agreed || faults[0].rule == "json-duplicate-key", "{}", text),
        }
    }

    #[test]
    fn every_node_knows_its_place(json in json()) {
        let text = json.to_string();
        let document = parse(&text);
        let mut open = vec![document.root()];
        while let Some(node) = open.pop() {
            let at = json.pointer(&node.pointer());
            prop_assert_eq!(at.map(ToString::to_string), Some(node.text().to_owned()));
            open.extend(node.children());
        }
    }
}
