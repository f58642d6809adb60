use super::*;

#[test]
fn the_embedded_kinds_are_right() {
    let faults = EvidenceKinds::parse(EMBEDDED).err().unwrap_or_default();
    let told: Vec<String> = faults.iter().map(|it| format!("{} {it}", it.place.pointer)).collect();
    assert!(told.is_empty(), "{told:#?}");
}
