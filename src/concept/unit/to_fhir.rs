//! A unit as Organization, Location, OrganizationAffiliation and HealthcareService.

use super::{Address, Affiliation, Hours, Municipality, ServiceKind, Unit};
use crate::concept::ids::Identifier;
use crate::concept::systems::{HSA, KOMMUN, SCT};
use crate::concept::writer::{
    Writer, coding_concept, extension, hsa_identifier, listed, local, period, phone, resource,
};
use crate::fhir::Value;

pub(in crate::concept) fn to_fhir(unit: &Unit, out: &mut Writer<'_>) {
    let name = Identifier { system: HSA.to_owned(), value: unit.hsa_id.as_str().to_owned() };
    let kommun = municipality(&unit.municipality, out);
    let organisation = out.own(Some(&name), organisation(unit, kommun));
    let place = out.own(Some(&name), location(unit, &organisation));
    for (index, affiliation) in unit.affiliations.iter().enumerate() {
        affiliate(affiliation, (&name, index), (&organisation, &place), out);
    }
}

fn municipality(kommun: &Municipality, out: &mut Writer<'_>) -> Value {
    let code = kommun.code.as_ref().map(|code| Value::object().with("system", KOMMUN).with("value", code.as_str()));
    let identifiers: Vec<Value> = std::iter::once(hsa_identifier(&kommun.hsa_id)).chain(code).collect();
    let resource = resource("Organization")
        .with("identifier", identifiers)
        .with("active", true)
        .with("type", [coding_concept(SCT, "143591000052106"), local("kommun")])
        .with("name", kommun.name.clone());
    out.shared(HSA, kommun.hsa_id.as_str(), resource)
}

fn organisation(unit: &Unit, kommun: Value) -> Value {
    resource("Organization")
        .with("identifier", [hsa_identifier(&unit.hsa_id)])
        .with("active", true)
        .with("type", [local(unit.care_form.as_str())])
        .with("name", unit.name.as_str())
        .with("telecom", phone(unit.phone.as_deref()))
        .with("address", unit.address.as_ref().map(|address| vec![self::address(address)]))
        .with("partOf", kommun)
}

fn location(unit: &Unit, organisation: &Value) -> Value {
    resource("Location")
        .with("extension", listed(extension("places", "valueUnsignedInt", unit.places.map(u64::from)).into()))
        .with("identifier", [hsa_identifier(&unit.hsa_id)])
        .with("status", "active")
        .with("name", unit.name.as_str())
        .with("type", [local(unit.care_form.as_str())])
        .with("address", unit.address.as_ref().map(address))
        .with("managingOrganization", organisation.clone())
}

fn address(address: &Address) -> Value {
    Value::object()
        .with("line", address.street.clone().map(|street| vec![street]))
        .with("city", address.city.clone())
        .with("postalCode", address.postal_code.clone())
}

fn affiliate(
    affiliation: &Affiliation,
    (unit, index): (&Identifier, usize),
    (organisation, place): (&Value, &Value),
    out: &mut Writer<'_>,
) {
    let centre = out.organisation_of_type(&affiliation.health_centre, local("halsocentral"));
    let belongs = resource("OrganizationAffiliation")
        .with("active", true)
        .with("period", affiliation.period.as_ref().map(period))
        .with("organization", centre.clone())
        .with("participatingOrganization", organisation.clone())
        .with("code", [local("halsocentralstillhorighet")])
        .with("location", [place.clone()]);
    out.part(Some(unit), &format!("affiliation/{index}"), belongs);
    for (kind, number, hours) in services(affiliation) {
        let service = resource("HealthcareService")
            .with("active", true)
            .with("providedBy", centre.clone())
            .with("type", [local(kind.as_str())])
            .with("telecom", phone(Some(number)))
            .with("coverageArea", [place.clone()])
            .with("availableTime", hours.iter().map(available).collect::<Vec<_>>());
        out.part(Some(unit), &format!("affiliation/{index}/{}", kind.as_str()), service);
    }
}

fn services(affiliation: &Affiliation) -> impl Iterator<Item = (ServiceKind, &str, &[Hours])> {
    let direct = affiliation.direct_number.as_deref().map(|number| (ServiceKind::Direct, number, &[][..]));
    let acute = affiliation.acute_number.as_deref().map(|number| (ServiceKind::Acute, number, &[][..]));
    let on_call =
        affiliation.on_call.as_ref().map(|call| (ServiceKind::OnCall, call.phone.as_str(), call.hours.as_slice()));
    direct.into_iter().chain(acute).chain(on_call)
}

fn available(hours: &Hours) -> Value {
    Value::object()
        .with("daysOfWeek", hours.days.iter().map(|day| day.as_str()).collect::<Vec<_>>())
        .with("allDay", hours.start.is_none().then_some(true))
        .with("availableStartTime", hours.start.as_ref().map(|time| time.as_str()))
        .with("availableEndTime", hours.end.as_ref().map(|time| time.as_str()))
}
