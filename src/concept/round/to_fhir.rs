//! A round as Appointment and Encounter.

use super::{Held, Planned, Round};
use crate::concept::parts::{Period, Professional};
use crate::concept::systems::{ACT_CODE, PARTICIPATION};
use crate::concept::writer::{Writer, coding, coding_concept, identifiers, local, period, resource};
use crate::fhir::Value;

pub(in crate::concept) fn to_fhir(round: &Round, out: &mut Writer<'_>) {
    let location = out.location(&round.unit);
    let patient = round.patient.as_ref().map(|patient| out.patient(patient));
    let booking = round.planned.as_ref().map(|planned| {
        let appointment = appointment(round, planned, &location, patient.as_ref());
        out.own(round.identifier.as_ref(), appointment)
    });
    if let Some(held) = &round.held {
        let encounter = encounter(round, held, (location, patient, booking), out);
        out.own(round.identifier.as_ref(), encounter);
    }
}

fn appointment(round: &Round, planned: &Planned, location: &Value, patient: Option<&Value>) -> Value {
    let accepted = |actor: Value| Value::object().with("actor", actor).with("status", "accepted");
    let participants: Vec<Value> = std::iter::once(location).chain(patient).cloned().map(accepted).collect();
    resource("Appointment")
        .with("identifier", identifiers(round.identifier.as_ref()))
        .with("status", "booked")
        .with("serviceType", [local(round.kind.as_str())])
        .with("start", planned.start.as_str())
        .with("end", planned.end.as_str())
        .with("created", planned.created.as_ref().map(|at| at.as_str()))
        .with("participant", participants)
}

fn encounter(
    round: &Round,
    held: &Held,
    (location, patient, booking): (Value, Option<Value>, Option<Value>),
    out: &mut Writer<'_>,
) -> Value {
    let physicians = held.physicians.iter().map(|who| ("ATND", who));
    let staff = held.staff.iter().map(|who| ("PART", who));
    let participants: Vec<Value> = physicians.chain(staff).map(|(part, who)| participant(part, who, out)).collect();
    let provider = held.health_centre.as_ref().map(|unit| out.organisation_of_type(unit, local("halsocentral")));
    resource("Encounter")
        .with("identifier", identifiers(round.identifier.as_ref()))
        .with("status", "finished")
        .with("class", coding(ACT_CODE, held.class.as_str()))
        .with("type", [local(round.kind.as_str())])
        .with("subject", patient)
        .with("participant", participants)
        .with("appointment", booking.map(|booking| vec![booking]))
        .with("period", period(&Period { start: Some(held.start.clone()), end: held.end.clone() }))
        .with("length", held.minutes.map(minutes))
        .with("location", [Value::object().with("location", location)])
        .with("serviceProvider", provider)
}

fn participant(part: &str, who: &Professional, out: &mut Writer<'_>) -> Value {
    let individual = out.professional(who);
    Value::object().with("type", [coding_concept(PARTICIPATION, part)]).with("individual", individual)
}

fn minutes(minutes: u32) -> Value {
    Value::object()
        .with("value", u64::from(minutes))
        .with("unit", "min")
        .with("system", crate::concept::systems::UCUM)
        .with("code", "min")
}
