//! What the state of a prescription means for the medicine: whether it is to be taken now. One table.
//!
//! The contract tells two things apart that a reader easily mixes up: `prescriptionStatus` Active says that the
//! prescription is the last of its chain, `typeOfPrescription` whether that last word is to take the medicine (I) or to
//! stop (U). So Active with U is a medicine that is no longer taken.

use jiff::Timestamp;

use crate::concept::medication_list::{MedicineStatus, PrescriptionType};
use crate::concept::time::DateTime;

/// The state of a prescription, as the record tells it.
pub(super) struct State<'a> {
    /// Whether it begins or ends the treatment.
    pub(super) kind: PrescriptionType,
    /// Whether it is the last of its chain (Active).
    pub(super) last: bool,
    /// When the treatment begins.
    pub(super) start: Option<&'a DateTime>,
    /// When it ends.
    pub(super) end: Option<&'a DateTime>,
    /// Whether the record was withdrawn.
    pub(super) nullified: bool,
}

/// How things stand with the medicine at `now`.
pub(super) fn status(state: &State<'_>, now: Timestamp) -> MedicineStatus {
    match state.kind {
        _ if state.nullified => MedicineStatus::EnteredInError,
        PrescriptionType::Stop => MedicineStatus::Stopped,
        PrescriptionType::Start if !state.last || has_ended(state.end, now) => MedicineStatus::Stopped,
        PrescriptionType::Start if is_ahead(state.start, now) => MedicineStatus::Intended,
        PrescriptionType::Start => MedicineStatus::Active,
    }
}

/// Whether an end has come; a day given without a time is over when the day is.
pub(super) fn has_ended(end: Option<&DateTime>, now: Timestamp) -> bool {
    end.and_then(DateTime::latest).is_some_and(|end| end <= now)
}

fn is_ahead(start: Option<&DateTime>, now: Timestamp) -> bool {
    start.and_then(DateTime::earliest).is_some_and(|start| start > now)
}

#[cfg(test)]
mod tests {
    use MedicineStatus::{Active, EnteredInError, Intended, Stopped};
    use PrescriptionType::{Start, Stop};

    use super::*;

    const PAST: Option<&str> = Some("2026-09-01T00:00:00+02:00");
    const AHEAD: Option<&str> = Some("2026-12-01T00:00:00+01:00");

    #[test]
    fn every_state_has_one_meaning() {
        let cases = [
            (Start, true, PAST, None, Active),
            (Start, true, PAST, AHEAD, Active),
            (Start, true, None, None, Active),
            (Start, true, PAST, PAST, Stopped),
            (Start, true, AHEAD, None, Intended),
            (Start, false, PAST, None, Stopped),
            (Start, false, PAST, AHEAD, Stopped),
            (Stop, true, PAST, None, Stopped),
            (Stop, true, PAST, AHEAD, Stopped),
            (Stop, true, AHEAD, AHEAD, Stopped),
            (Stop, false, PAST, PAST, Stopped),
        ];
        for (kind, last, start, end, meaning) in cases {
            assert_eq!(meant(kind, last, start, end, false), meaning, "{kind:?} {last} {start:?} {end:?}");
            assert_eq!(meant(kind, last, start, end, true), EnteredInError);
        }
    }

    #[test]
    fn a_medicine_is_taken_on_the_last_day_of_its_treatment() {
        assert_eq!(meant(Start, true, PAST, Some("2026-11-23"), false), Active);
        assert_eq!(meant(Start, true, PAST, Some("2026-11-22"), false), Stopped);
    }

    fn meant(
        kind: PrescriptionType,
        last: bool,
        start: Option<&str>,
        end: Option<&str>,
        nullified: bool,
    ) -> MedicineStatus {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let (start, end) = (start.and_then(DateTime::parse), end.and_then(DateTime::parse));
        status(&State { kind, last, start: start.as_ref(), end: end.as_ref(), nullified }, now)
    }
}
