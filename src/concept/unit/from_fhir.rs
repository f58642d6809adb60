//! Units read from Organizations and what belongs to them.

use super::{Address, Affiliation, CareForm, Hours, Municipality, OnCall, ServiceKind, Unit, Weekday};
use crate::concept::parts::Organisation;
use crate::concept::source::{El, Source, missing};
use crate::concept::systems::{KOMMUN, LM};
use crate::concept::time::TimeOfDay;
use crate::fhir::NodeRef;

/// Organizations that are no unit of a municipality are passed over.
pub(in crate::concept) fn from_fhir(source: &Source<'_>) -> Vec<Unit> {
    source.all("Organization").into_iter().filter_map(read).collect()
}

fn read(unit: El<'_>) -> Option<Unit> {
    let care_form = unit.local("type", CareForm::parse)?;
    let place = location_of(unit);
    let kommun = unit.get("partOf").and_then(El::target).and_then(municipality);
    let (hsa_id, name) = (unit.hsa_id(), unit.string("name"));
    for (there, what) in [(hsa_id.is_some(), "identifier"), (name.is_some(), "name"), (kommun.is_some(), "partOf")] {
        if !there {
            unit.note(missing(unit.node(), what));
        }
    }
    unit.boolean("active");
    let read = Unit {
        hsa_id: hsa_id?,
        name: name?,
        care_form,
        municipality: kommun?,
        places: place.and_then(|place| place.ext("places")).and_then(|e| e.integer("valueUnsignedInt")),
        phone: unit.phone(),
        address: unit.list("address").next().map(address),
        affiliations: affiliations(unit, place),
    };
    unit.source().report_leftovers(unit);
    if let Some(place) = place {
        report_place(place);
    }
    Some(read)
}

fn points_at(reference: Option<El<'_>>, node: NodeRef<'_>) -> bool {
    reference.and_then(El::target).is_some_and(|target| target.node() == node)
}

fn location_of(unit: El<'_>) -> Option<El<'_>> {
    let places = unit.source().all("Location").into_iter();
    places
        .filter(|place| place.get("partOf").is_none())
        .find(|place| points_at(place.get("managingOrganization"), unit.node()))
}

/// A place repeats what its unit says; only what it says beyond that is of interest.
fn report_place(place: El<'_>) {
    for repeated in ["identifier", "status", "name", "type", "address"] {
        place.skip(repeated);
    }
    place.source().report_leftovers(place);
}

fn municipality(kommun: El<'_>) -> Option<Municipality> {
    let code = kommun.list("identifier").find(|id| id.peek("system").as_deref() == Some(KOMMUN));
    Some(Municipality {
        hsa_id: kommun.hsa_id()?,
        name: kommun.string("name"),
        code: code.and_then(|id| id.string("value")),
    })
}

fn address(address: El<'_>) -> Address {
    Address {
        street: address.list("line").next().and_then(El::as_string),
        postal_code: address.string("postalCode"),
        city: address.string("city"),
    }
}

fn affiliations(unit: El<'_>, place: Option<El<'_>>) -> Vec<Affiliation> {
    let all = unit.source().all("OrganizationAffiliation").into_iter();
    let ours = all.filter(|belongs| points_at(belongs.get("participatingOrganization"), unit.node()));
    let mut services: Vec<El<'_>> = place.map(services_for).unwrap_or_default();
    ours.filter(|belongs| belongs.has_code("code", LM, "halsocentralstillhorighet"))
        .filter_map(|belongs| affiliation(belongs, &mut services))
        .collect()
}

fn services_for(place: El<'_>) -> Vec<El<'_>> {
    let all = place.source().all("HealthcareService").into_iter();
    all.filter(|service| service.list("coverageArea").any(|area| points_at(Some(area), place.node()))).collect()
}

fn affiliation(belongs: El<'_>, services: &mut Vec<El<'_>>) -> Option<Affiliation> {
    let centre = belongs.organisation("organization");
    if centre.is_none() {
        belongs.note(missing(belongs.node(), "organization"));
    }
    let health_centre = centre?;
    let read = Affiliation {
        direct_number: number(services, &health_centre, ServiceKind::Direct).map(|(_, number)| number),
        acute_number: number(services, &health_centre, ServiceKind::Acute).map(|(_, number)| number),
        on_call: number(services, &health_centre, ServiceKind::OnCall).map(|(service, phone)| on_call(service, phone)),
        health_centre,
        period: belongs.period("period"),
    };
    belongs.boolean("active");
    belongs.identifier();
    belongs.skip("location");
    belongs.source().report_leftovers(belongs);
    Some(read)
}

/// Takes the service of that sort which the hälsocentral provides: the same one can't serve two affiliations.
fn number<'a>(services: &mut Vec<El<'a>>, centre: &Organisation, kind: ServiceKind) -> Option<(El<'a>, String)> {
    let fits = |service: &El<'a>| {
        let provider = service.get("providedBy").and_then(El::organisation_here);
        provider.is_some_and(|provider| provider.hsa_id == centre.hsa_id)
            && service.local("type", |code| (code == kind.as_str()).then_some(())).is_some()
    };
    let at = services.iter().position(fits)?;
    let service = services.remove(at);
    service.boolean("active");
    service.identifier();
    service.skip("coverageArea");
    let number = service.phone()?;
    if kind != ServiceKind::OnCall {
        service.source().report_leftovers(service);
    }
    Some((service, number))
}

fn on_call(service: El<'_>, phone: String) -> OnCall {
    let hours = service.list("availableTime").map(hours).collect();
    service.source().report_leftovers(service);
    OnCall { phone, hours }
}

fn hours(time: El<'_>) -> Hours {
    time.skip("allDay");
    Hours {
        days: time.list("daysOfWeek").filter_map(|day| day.parsed_here(Weekday::parse)).collect(),
        start: time.parsed("availableStartTime", TimeOfDay::parse),
        end: time.parsed("availableEndTime", TimeOfDay::parse),
    }
}
