//! DosageType: how a medicine is taken. The instruction in words is always there and always kept; what is told beside
//! it as numbers is taken only where it means exactly what the concept's members mean, else it is reported.

use super::element::El;
use super::values::{coded, number, timestamp, words};
use crate::concept::decimal::Decimal;
use crate::concept::medication_list::{Dosage, DoseRange, MaxDose, PeriodUnit};
use crate::concept::parts::{Coded, Quantity};

/// Reads one dosage: a row, and a second one for what is taken only on a condition beside it. Dosage texts beyond the
/// instruction are added to `notes`.
pub(super) fn dosages(el: El<'_>, route: Option<&Coded>, notes: &mut Vec<String>) -> Vec<Dosage> {
    let text = el.required_text("dosageInstruction");
    let unit = el.get("unitDose");
    let (set, conditional) = (el.get("setDosage"), el.get("conditionalDosage"));
    let mut rows = Vec::new();
    if set.is_some() || conditional.is_none() {
        rows.push(set.map_or_else(Dosage::default, |set| pattern(set, unit, text.as_deref(), notes)));
    }
    if let Some(conditional) = conditional {
        let condition = conditional.text_of("conditionDescription").map(Coded::of_text);
        let needed = if condition.is_some() { None } else { Some(true) };
        let row = pattern(conditional, unit, text.as_deref(), notes);
        rows.push(Dosage { as_needed: needed, as_needed_for: condition, ..row });
    }
    let most = el.get("maximumDosage").map(|most| maximum(most, unit)).unwrap_or_default();
    if let Some(first) = rows.first_mut() {
        first.text = text;
        first.patient_instruction = el.text_of("shortNotation");
        first.max_per_period = most.0;
        first.max_per_administration = most.1;
    }
    rows.iter_mut().for_each(|row| row.route = route.cloned());
    rows
}

/// The pattern inside a set or conditional dosage.
fn pattern(el: El<'_>, unit: Option<El<'_>>, instruction: Option<&str>, notes: &mut Vec<String>) -> Dosage {
    if let Some(free) = el.get("unstructuredDosageInformation") {
        notes.extend(free.text_of("text").filter(|text| Some(text.as_str()) != instruction));
        return Dosage::default();
    }
    if let Some(often) = el.get("frequencyDosage") {
        return frequency(often, unit).unwrap_or_default();
    }
    if let Some(every) = el.get("periodDosage") {
        return period(every, unit).unwrap_or_default();
    }
    el.get("singleDose").map(|once| single(once, unit)).unwrap_or_default()
}

/// So much, so many times in a unit of time.
fn frequency(el: El<'_>, unit: Option<El<'_>>) -> Option<Dosage> {
    let (times, period_unit) = times(el.get("frequency")?)?;
    let frequency = Some(times.as_str().parse().ok()?);
    let once = Decimal::parse("1");
    Some(Dosage { frequency, period: once, period_unit: Some(period_unit), ..dosed(el, unit) })
}

/// So much, each time that so long has passed.
fn period(el: El<'_>, unit: Option<El<'_>>) -> Option<Dosage> {
    let (period, period_unit) = times(el.get("period")?)?;
    Some(Dosage { frequency: Some(1), period: Some(period), period_unit: Some(period_unit), ..dosed(el, unit) })
}

fn single(el: El<'_>, unit: Option<El<'_>>) -> Dosage {
    Dosage { start: el.get("time").and_then(timestamp), ..dosed(el, unit) }
}

fn dosed(el: El<'_>, unit: Option<El<'_>>) -> Dosage {
    match el.get("dose").and_then(|dose| interval(dose, unit)) {
        Some(DoseRange { low: Some(low), high: Some(high) }) if low.value == high.value => {
            Dosage { dose: Some(low), ..Dosage::default() }
        }
        dose_range => Dosage { dose_range, ..Dosage::default() },
    }
}

/// A PQType whose unit is one of time. It is taken only if the number is positive (and a count of times is whole) and
/// the unit is known; else it is left, to be reported.
fn times(el: El<'_>) -> Option<(Decimal, PeriodUnit)> {
    let (value, unit) = (el.get("value")?, el.get("unit")?);
    let known = time_unit(unit.peek()?)?;
    let plain = value.peek().filter(|text| !text.contains(['e', 'E']))?;
    let size: f64 = plain.parse().ok()?;
    let fits = if el.is_frequency() { COUNTS.contains(&size) && size.fract() == 0.0 } else { size > 0.0 };
    if !fits {
        return None;
    }
    unit.take();
    Some((whole(number(value)?), known))
}

/// How many times in a period the concept can count.
const COUNTS: std::ops::RangeInclusive<f64> = 1.0..=1000.0;

/// `3.0` as `3`: how often is counted, and counts are whole.
fn whole(number: Decimal) -> Decimal {
    let plain = number.as_str().split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'));
    plain.and_then(|(whole, _)| Decimal::parse(whole)).unwrap_or(number)
}

/// A unit of time in UCUM, also written as a rate (`/d`, `1/d`).
fn time_unit(text: &str) -> Option<PeriodUnit> {
    let unit = text.strip_prefix("1/").or(text.strip_prefix('/')).unwrap_or(text);
    PeriodUnit::parse(unit)
}

/// A PQIntervalType; its unit is its own, or that of the whole dosage.
fn interval(el: El<'_>, unit: Option<El<'_>>) -> Option<DoseRange> {
    let own = el.text_of("unit").filter(|unit| unit != "1");
    let unit = own.or_else(|| unit.and_then(coded).as_ref().and_then(words));
    let end = |name| {
        let value = el.get(name).and_then(number)?;
        Some(Quantity { value, unit: unit.clone(), ucum: None })
    };
    let range = DoseRange { low: end("low"), high: end("high") };
    (range != DoseRange::default()).then_some(range)
}

/// The most in a period, and the most at a time.
fn maximum(el: El<'_>, unit: Option<El<'_>>) -> (Option<MaxDose>, Option<Quantity>) {
    let rate = el.get("frequencyDosage").and_then(|rate| most_per(rate, rate.get("frequency")?, unit));
    let spaced = || el.get("periodDosage").and_then(|spaced| most_per(spaced, spaced.get("period")?, unit));
    let once = el.get("singleDose").and_then(|once| most(once, unit));
    (rate.or_else(spaced), once)
}

/// `5 tablets once a week`: a frequency other than 1 would have to be multiplied, which is not ours to do.
fn most_per(el: El<'_>, per: El<'_>, unit: Option<El<'_>>) -> Option<MaxDose> {
    let is_once = per.get("value").and_then(El::peek).and_then(|value| value.parse::<f64>().ok()) == Some(1.0);
    if per.is_frequency() && !is_once {
        return None;
    }
    let (value, period_unit) = times(per)?;
    let ucum = period_unit.as_str().to_owned();
    Some(MaxDose { dose: most(el, unit)?, per: Quantity { value, unit: None, ucum: Some(ucum) } })
}

fn most(el: El<'_>, unit: Option<El<'_>>) -> Option<Quantity> {
    let range = el.get("dose").and_then(|dose| interval(dose, unit))?;
    range.high.or(range.low)
}
