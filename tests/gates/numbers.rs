//! With `serde_json/arbitrary_precision` in the build the SDK drops doses without a word; no dependency may turn it on.

#[test]
fn serde_json_reads_numbers_as_floats() {
    let value: serde_json::Value = serde_json::from_str("1.50").unwrap();
    assert_eq!(value.to_string(), "1.5");
}
