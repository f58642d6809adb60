//! A finding in plain sentences, Swedish and English, with dates as Stockholm shows them. No personal data.

use jiff::Timestamp;

use super::super::calendar::stockholm;
use super::super::verdict::{Explanation, State};
use super::case::Case;
use super::reason::{Finding, Reason};

/// Why the state is what it is.
pub(super) fn explain(case: &Case<'_>, finding: &Finding<'_>) -> Explanation {
    let title = &case.obligation.title;
    let (sv, en) = sentences(case, finding);
    Explanation { sv: format!("{}: {sv}", title.sv), en: format!("{}: {en}", title.en) }
}

fn sentences(case: &Case<'_>, finding: &Finding<'_>) -> (String, String) {
    match &finding.reason {
        Reason::OutsideTerm => outside_term(case),
        Reason::NotCovered => {
            both("klausulen gäller inte här vid denna tidpunkt.", "the clause does not cover this at this time.")
        }
        Reason::Partial => both(
            "uppgift saknas, men källorna är inte fullständiga och därför går det inte att avgöra.",
            "evidence is missing, but the sources are incomplete, so this cannot be determined.",
        ),
        // What a resource says without a date has held for as long as it says so.
        Reason::Holds { since } if *since == Timestamp::MIN => both("finns.", "in place."),
        Reason::Holds { since } => (format!("finns sedan {}.", sv(*since)), format!("in place since {}.", en(*since))),
        Reason::Missing { since, deadline } => missing(finding.state, *since, *deadline),
        Reason::TooMany { count } => (
            format!("{count} gäller samtidigt, men bara en får gälla."),
            format!("{count} hold at the same time, but only one may."),
        ),
        Reason::UpToDate { as_of, instead } => up_to_date(*as_of, *instead),
        Reason::OutOfDate { as_of, change, deadline } => out_of_date(finding.state, *as_of, *change, *deadline),
        Reason::Moot { as_of } => (
            format!("behövs inte, eftersom den digitala från {} är aktuell.", sv(*as_of)),
            format!("not needed, since the digital one of {} is current.", en(*as_of)),
        ),
        Reason::Counted { .. } => counted(finding),
        Reason::NothingAsked => {
            both("inget har hänt som kräver något.", "nothing has happened that calls for anything.")
        }
        Reason::Answered { count } => {
            (format!("besvarade: {count} av {count}."), format!("answered: {count} of {count}."))
        }
        Reason::Open { count, oldest, deadline } => open(finding.state, *count, *oldest, *deadline),
        Reason::AllThere { count } => (
            format!("kompletta eller tillgängliga: {count} av {count}."),
            format!("complete or available: {count} of {count}."),
        ),
        Reason::Lacking { count, parts, deadline } => lacking(finding.state, *count, &parts.join(", "), *deadline),
    }
}

fn outside_term(case: &Case<'_>) -> (String, String) {
    let from = case.term.from;
    if case.term.until == Timestamp::MAX {
        return (format!("avtalet gäller från {}.", sv(from)), format!("the agreement is in force from {}.", en(from)));
    }
    let until = case.term.until;
    (
        format!("avtalet gäller från {} och upphör {}.", sv(from), sv(until)),
        format!("the agreement is in force from {} and ends on {}.", en(from), en(until)),
    )
}

fn missing(state: State, since: Timestamp, deadline: Timestamp) -> (String, String) {
    if state == State::Due {
        return (
            format!("saknas sedan {} och ska finnas senast {}.", sv(since), sv(deadline)),
            format!("missing since {} and owed by {}.", en(since), en(deadline)),
        );
    }
    (format!("saknas sedan {}.", sv(since)), format!("missing since {}.", en(since)))
}

fn up_to_date(as_of: Timestamp, instead: bool) -> (String, String) {
    let (form, shape) =
        if instead { ("i utskriven form, inte digitalt, ", "in printed form, not digitally, ") } else { ("", "") };
    (
        format!("{form}aktuell per {}; ingen senare ändring är känd.", sv(as_of)),
        format!("{shape}current as of {}; no later change is known.", en(as_of)),
    )
}

fn out_of_date(state: State, as_of: Timestamp, change: Option<Timestamp>, deadline: Timestamp) -> (String, String) {
    let (mut swedish, mut english) = match change {
        Some(change) => (
            format!("den senaste är från {}, men en ändring gjordes {}", sv(as_of), sv(change)),
            format!("the latest is of {}, but a change was made on {}", en(as_of), en(change)),
        ),
        None => (
            format!("den senaste är från {} och för gammal", sv(as_of)),
            format!("the latest is of {} and too old", en(as_of)),
        ),
    };
    if state == State::Due {
        swedish += &format!("; ska vara aktuell senast {}", sv(deadline));
        english += &format!("; owed by {}", en(deadline));
    }
    (swedish + ".", english + ".")
}

fn counted(finding: &Finding<'_>) -> (String, String) {
    let Reason::Counted { count, needed, last, deadline } = &finding.reason else {
        return both("", "");
    };
    let (mut swedish, mut english) =
        (format!("{count} av minst {needed} i perioden"), format!("{count} of at least {needed} in the window"));
    match last {
        Some(last) => {
            swedish += &format!("; senast {}", sv(*last));
            english += &format!("; last on {}", en(*last));
        }
        None => {
            swedish += "; ingen är känd";
            english += "; none is known";
        }
    }
    if matches!(finding.state, State::Fulfilled | State::Due | State::NotApplicable) && *deadline < Timestamp::MAX {
        swedish += &format!("; nästa senast {}", sv(*deadline));
        english += &format!("; next by {}", en(*deadline));
    }
    (swedish + ".", english + ".")
}

fn open(state: State, count: usize, oldest: Timestamp, deadline: Option<Timestamp>) -> (String, String) {
    let (mut swedish, mut english) = (
        format!("{count} är inte besvarade, den äldsta från {}", sv(oldest)),
        format!("{count} not answered, the oldest of {}", en(oldest)),
    );
    match deadline {
        Some(deadline) if state == State::Overdue => {
            swedish += &format!("; skulle ha besvarats senast {}", sv(deadline));
            english += &format!("; an answer was owed by {}", en(deadline));
        }
        Some(deadline) => {
            swedish += &format!("; ska besvaras senast {}", sv(deadline));
            english += &format!("; an answer is owed by {}", en(deadline));
        }
        None => {
            swedish += "; avtalet anger ingen tidsgräns";
            english += "; the agreement gives no time limit";
        }
    }
    (swedish + ".", english + ".")
}

fn lacking(state: State, count: usize, parts: &str, deadline: Timestamp) -> (String, String) {
    let (mut swedish, mut english) =
        (format!("{count} saknar något som krävs"), format!("{count} lack something that is required"));
    if !parts.is_empty() {
        swedish += &format!(" ({parts})");
        english += &format!(" ({parts})");
    }
    if state == State::Due {
        swedish += &format!("; ska finnas senast {}", sv(deadline));
        english += &format!("; owed by {}", en(deadline));
    }
    (swedish + ".", english + ".")
}

fn both(swedish: &str, english: &str) -> (String, String) {
    (swedish.to_owned(), english.to_owned())
}

/// `2 mars 2026 kl. 08.00`
fn sv(at: Timestamp) -> String {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let local = stockholm().to_datetime(at);
    let month = MONTHS[usize::from(local.month().unsigned_abs()) - 1];
    format!("{} {month} {} kl. {:02}.{:02}", local.day(), local.year(), local.hour(), local.minute())
}

/// `2 March 2026 at 08:00`
fn en(at: Timestamp) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let local = stockholm().to_datetime(at);
    let month = MONTHS[usize::from(local.month().unsigned_abs()) - 1];
    format!("{} {month} {} at {:02}:{:02}", local.day(), local.year(), local.hour(), local.minute())
}
