//! Date and time arithmetic (FHIRPath N1, "Date/Time Arithmetic").

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::calendar::{date_of, days_in_month, days_of};
use super::{DAY, NANOS, Precision, Temporal, TemporalKind};

impl Temporal {
    /// Whether a duration in that unit can be added: not the `a` and `mo` of UCUM, which are no calendar's.
    pub(in super::super) fn takes(&self, unit: &str) -> bool {
        match unit {
            "year" | "month" | "week" | "wk" | "day" | "d" => self.kind != TemporalKind::Time,
            "hour" | "h" | "minute" | "min" | "second" | "s" | "millisecond" | "ms" => true,
            _ => false,
        }
    }

    /// Adds a calendar duration (FHIRPath N1, "Date/Time Arithmetic"); `None` for a unit that dates do not know or
    /// a result that no date can show.
    pub(in super::super) fn plus(&self, amount: Decimal, unit: &str) -> Option<Self> {
        let mut sum = *self;
        if !self.takes(unit) {
            return None;
        }
        match unit {
            "year" => sum.add_months(whole(amount)?.checked_mul(12)?),
            "month" => sum.add_calendar_months(whole(amount)?)?,
            "week" | "wk" => sum.add_days(whole(amount)?.checked_mul(7)?)?,
            "day" | "d" => sum.add_days(whole(amount)?)?,
            "hour" | "h" => sum.add_seconds(whole(amount)?.checked_mul(3_600)?, 0)?,
            "minute" | "min" => sum.add_seconds(whole(amount)?.checked_mul(60)?, 0)?,
            "second" | "s" => {
                let nanos = whole(amount.fract().checked_mul(Decimal::from(NANOS))?)?;
                sum.add_seconds(whole(amount)?, nanos)?;
            }
            _ => {
                let millis = whole(amount)?;
                sum.add_seconds(millis / 1_000, millis % 1_000 * 1_000_000)?;
            }
        }
        (1..=9999).contains(&sum.year).then_some(sum)
    }

    /// Months count as whole years where only the year is given.
    fn add_calendar_months(&mut self, months: i64) -> Option<()> {
        match self.precision {
            Precision::Year => self.add_months((months / 12).checked_mul(12)?),
            _ => self.add_months(months),
        }
        Some(())
    }

    /// A day that the month does not have becomes its last one.
    pub(super) fn add_months(&mut self, months: i64) {
        let total = self.year.saturating_mul(12).saturating_add(self.month - 1).saturating_add(months);
        // Far beyond every year that can be shown, and far from where arithmetic ends.
        let total = total.clamp(-1_000_000, 1_000_000);
        self.year = total.div_euclid(12);
        self.month = total.rem_euclid(12) + 1;
        self.day = self.day.min(days_in_month(self.year, self.month));
    }

    /// Days count as months of 30 and years of 365 where the value has no days.
    fn add_days(&mut self, days: i64) -> Option<()> {
        match self.precision {
            Precision::Year => self.add_months((days / 365).checked_mul(12)?),
            Precision::Month => self.add_months(days / 30),
            _ => self.set_days(days_of(self.year, self.month, self.day).checked_add(days)?)?,
        }
        Some(())
    }

    fn set_days(&mut self, days: i64) -> Option<()> {
        // Year 1 to year 9999.
        (-719_162..=2_932_896).contains(&days).then_some(())?;
        (self.year, self.month, self.day) = date_of(days);
        Some(())
    }

    fn add_seconds(&mut self, seconds: i64, nanos: i64) -> Option<()> {
        if self.kind != TemporalKind::Time && self.precision <= Precision::Day {
            return self.add_days(seconds / DAY);
        }
        let seconds = match self.precision {
            Precision::Hour => seconds / 3_600 * 3_600,
            Precision::Minute => seconds / 60 * 60,
            _ => seconds,
        };
        let nanos = if self.precision == Precision::Second { self.nanosecond + nanos } else { 0 };
        if nanos % NANOS != 0 {
            self.fraction = self.fraction.max(3);
        }
        self.nanosecond = nanos.rem_euclid(NANOS);
        let total = self.seconds_of_day().checked_add(seconds)?.checked_add(nanos.div_euclid(NANOS))?;
        self.set_clock(total.rem_euclid(DAY));
        match self.kind {
            TemporalKind::Time => Some(()),
            _ => self.add_days(total.div_euclid(DAY)),
        }
    }

    fn set_clock(&mut self, seconds: i64) {
        self.hour = seconds / 3_600;
        self.minute = seconds / 60 % 60;
        self.second = seconds % 60;
    }
}

/// The number without its fraction.
fn whole(amount: Decimal) -> Option<i64> {
    amount.trunc().to_i64()
}
