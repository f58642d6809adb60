use super::*;

#[test]
fn fhir_types_and_system_types_are_apart() {
    check(&[
        ("active is boolean", "true"),
        ("active is Boolean", "false"),
        ("active.is(FHIR.boolean)", "true"),
        ("true is Boolean", "true"),
        ("true is System.Boolean", "true"),
        ("name.first() is Element", "true"),
        ("Patient is DomainResource", "true"),
        ("Patient is FHIR.`Patient`", "true"),
        ("Patient.is(System.Patient)", "false"),
        ("1 'mg' is Quantity", "true"),
        ("extension.value is Quantity", "true"),
        ("extension.value is Duration", "false"),
        ("active is nothing", "error"),
        ("name is HumanName", "error"),
        ("photo is Attachment", ""),
    ]);
}

#[test]
fn a_cast_of_a_primitive_is_exact() {
    check(&[
        ("name.first().use.is(string)", "true"),
        ("name.first().use.as(string)", ""),
        ("name.first().use.as(code)", "official"),
        ("(extension.value as Quantity).value", "41"),
        ("name.ofType(HumanName).use", "official;usual"),
        ("name.as(HumanName).use", "official;usual"),
        ("photo.as(nothing)", "error"),
        ("contained.ofType(Organization).name", "Testboendet"),
    ]);
}

#[test]
fn a_type_has_a_namespace_and_a_name() {
    check(&[
        ("active.type().namespace", "FHIR"),
        ("active.type().name", "boolean"),
        ("1.type().namespace", "System"),
        ("1.type().name", "Integer"),
        ("Patient.type().name", "Patient"),
    ]);
}
