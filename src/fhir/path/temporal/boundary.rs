//! How many digits a value has, and the bounds that it lies between.

use super::calendar::days_in_month;
use super::{Precision, Temporal, TemporalKind, Zone};

impl Temporal {
    /// How many digits are given: 4 for a year to 17 for milliseconds; for a time 2 to 9.
    pub(in super::super) fn digits(&self) -> i64 {
        let of_date = if self.kind == TemporalKind::Time { 8 } else { 0 };
        let digits = match self.precision {
            Precision::Year => 4,
            Precision::Month => 6,
            Precision::Day => 8,
            Precision::Hour => 10,
            Precision::Minute => 12,
            Precision::Second if self.fraction == 0 => 14,
            Precision::Second => 17,
        };
        digits - of_date
    }

    /// The least (or greatest) value that it may mean, given to `digits` digits.
    pub(in super::super) fn boundary(&self, digits: i64, is_high: bool) -> Option<Self> {
        let of_date = if self.kind == TemporalKind::Time { 8 } else { 0 };
        let (precision, fraction) = match digits + of_date {
            4 => (Precision::Year, 0),
            6 => (Precision::Month, 0),
            8 => (Precision::Day, 0),
            10 => (Precision::Hour, 0),
            12 => (Precision::Minute, 0),
            14 => (Precision::Second, 0),
            17 => (Precision::Second, 3),
            _ => return None,
        };
        let mut bound = *self;
        if is_high {
            bound.fill_high();
        }
        (bound.precision, bound.fraction) = (precision, fraction);
        if precision > Precision::Day && self.kind != TemporalKind::Time {
            bound.kind = TemporalKind::DateTime;
            bound.zone = bound.zone.or(Some(Zone::Offset(if is_high { -12 * 60 } else { 14 * 60 })));
        } else {
            bound.zone = None;
        }
        Some(bound)
    }

    fn fill_high(&mut self) {
        if self.precision < Precision::Month {
            self.month = 12;
        }
        if self.precision < Precision::Day {
            self.day = days_in_month(self.year, self.month);
        }
        if self.precision < Precision::Hour {
            self.hour = 23;
            self.minute = 59;
        }
        // FHIR has no hour without its minutes, so `T08` is read as `T08:00`.
        if self.precision < Precision::Second {
            self.second = 59;
        }
        if self.precision < Precision::Second || self.fraction == 0 {
            self.nanosecond = 999_000_000;
        }
    }
}
