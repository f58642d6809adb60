//! Rounds read from Encounters and Appointments.

use super::{Held, Planned, Round, RoundClass, RoundKind};
use crate::concept::ids::Patient;
use crate::concept::parts::{Organisation, Professional};
use crate::concept::source::{El, Source, missing, other_patient};
use crate::concept::systems::{ACT_CODE, PARTICIPATION, UCUM};
use crate::fhir::NodeRef;

pub(in crate::concept) fn from_fhir(source: &Source<'_>) -> Vec<Round> {
    let mut booked = Vec::new();
    let held = source.all("Encounter").into_iter().filter_map(|encounter| from_encounter(encounter, &mut booked));
    let mut rounds: Vec<Round> = held.collect();
    let open = source.all("Appointment").into_iter().filter(|appointment| !booked.contains(&appointment.node()));
    rounds.extend(open.filter_map(from_appointment));
    rounds
}

/// Encounters of other sorts are not ours and are passed over.
fn from_encounter<'a>(encounter: El<'a>, booked: &mut Vec<NodeRef<'a>>) -> Option<Round> {
    let kind = encounter.local("type", RoundKind::parse)?;
    if !encounter.status_is(&["finished"]) {
        return None;
    }
    let places = encounter.list("location").find_map(|place| place.target_of("location", "Location"));
    let unit = places.and_then(|location| location_unit(location));
    let booking = encounter.list("appointment").find_map(El::target).filter(|target| target.is("Appointment"));
    booked.extend(booking.map(El::node));
    let patient = encounter.get("subject").and_then(|_| encounter.patient("subject"));
    let booking = booking.filter(|booking| is_booking_of(*booking, patient.as_ref()));
    let read = Round {
        identifier: encounter.identifier(),
        kind,
        unit: required(encounter, unit, "location")?,
        patient,
        planned: booking.and_then(|booking| booking_of(booking, kind)),
        held: held(encounter),
    };
    encounter.source().report_leftovers(encounter);
    read.held.is_some().then_some(read)
}

fn held(encounter: El<'_>) -> Option<Held> {
    let class = encounter.get("class").filter(|class| class.fixed("system", ACT_CODE));
    let class = class.and_then(|class| class.parsed("code", RoundClass::parse));
    let when = encounter.period("period").unwrap_or_default();
    Some(Held {
        class: required(encounter, class, "class")?,
        start: required(encounter, when.start, "period.start")?,
        end: when.end,
        minutes: encounter.get("length").and_then(minutes),
        physicians: participants(encounter, "ATND"),
        staff: participants(encounter, "PART"),
        health_centre: encounter.organisation("serviceProvider"),
    })
}

/// Only minutes are read; a length in another unit is left over.
fn minutes(length: El<'_>) -> Option<u32> {
    let in_minutes = length.peek("system").as_deref() == Some(UCUM) && length.peek("code").as_deref() == Some("min");
    if !in_minutes {
        return None;
    }
    ["system", "code", "unit"].into_iter().for_each(|member| length.skip(member));
    length.integer("value")
}

fn participants(encounter: El<'_>, part: &str) -> Vec<Professional> {
    let of_part = encounter.list("participant").filter(|participant| participant.has_code("type", PARTICIPATION, part));
    of_part.filter_map(|participant| participant.professional("individual")).collect()
}

fn from_appointment(appointment: El<'_>) -> Option<Round> {
    let kind = appointment.local("serviceType", RoundKind::parse)?;
    let actors: Vec<El<'_>> = appointment.list("participant").filter_map(|part| part.get("actor")).collect();
    let unit =
        actors.iter().filter_map(|actor| actor.target()).find(|target| target.is("Location")).and_then(location_unit);
    let planned = booking_of(appointment, kind)?;
    Some(Round {
        identifier: appointment.identifier(),
        kind,
        unit: required(appointment, unit, "participant.actor")?,
        patient: appointment.list("participant").find_map(patient_of),
        planned: Some(planned),
        held: None,
    })
}

/// The booking in an Appointment; one that was called off is none.
fn booking_of(appointment: El<'_>, kind: RoundKind) -> Option<Planned> {
    if !appointment.status_is(&["booked", "arrived", "fulfilled"]) {
        return None;
    }
    appointment.local("serviceType", |code| (code == kind.as_str()).then_some(()));
    appointment.identifier();
    for participant in appointment.list("participant") {
        participant.fixed("status", "accepted");
        let known = participant.get("actor").filter(|actor| is_patient(actor) || actor.target_is("Location"));
        known.into_iter().for_each(El::take);
    }
    let planned = Planned {
        start: required(appointment, appointment.date("start"), "start")?,
        end: required(appointment, appointment.date("end"), "end")?,
        created: appointment.date("created"),
    };
    appointment.source().report_leftovers(appointment);
    Some(planned)
}

/// A booking of somebody else is none of this round's. A round of a whole unit has no patient to compare with.
fn is_booking_of(booking: El<'_>, patient: Option<&Patient>) -> bool {
    let Some(patient) = patient else { return true };
    let patients = booking.list("participant").filter(|p| p.get("actor").as_ref().is_some_and(is_patient));
    let others: Vec<El<'_>> = patients.filter(|participant| !participant.is_about("actor", patient)).collect();
    others.iter().for_each(|other| other.note_loss(other_patient(other.node())));
    others.is_empty()
}

fn patient_of(participant: El<'_>) -> Option<Patient> {
    participant.get("actor").filter(is_patient).and_then(|_| participant.patient("actor"))
}

fn is_patient(actor: &El<'_>) -> bool {
    actor.target_is("Patient") || actor.peek("reference").is_some_and(|text| text.starts_with("Patient"))
}

/// The unit whose place it is.
fn location_unit(location: El<'_>) -> Option<Organisation> {
    location.organisation("managingOrganization")
}

fn required<T>(el: El<'_>, value: Option<T>, name: &str) -> Option<T> {
    if value.is_none() {
        el.note(missing(el.node(), name));
    }
    value
}
