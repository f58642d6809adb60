//! What a rule finds at an instant, before it is put into words.

use jiff::Timestamp;

use super::super::evidence::Evidence;
use super::super::verdict::State;

/// The state at an instant, what it rests on, and why.
pub(super) struct Finding<'a> {
    pub(super) state: State,
    pub(super) evidence: Vec<&'a Evidence>,
    pub(super) reason: Reason<'a>,
}

/// Why. Nothing in it changes while the state lasts.
pub(super) enum Reason<'a> {
    /// The agreement is not in force.
    OutsideTerm,
    /// The subject is not among those that the clause covers.
    NotCovered,
    /// Sources are known to be incomplete.
    Partial,
    /// What is owed holds since then.
    Holds { since: Timestamp },
    /// It is missing since then, and may be until `deadline`.
    Missing { since: Timestamp, deadline: Timestamp },
    /// There are several that exclude each other.
    TooMany { count: usize },
    /// It was written at `as_of`, after the last change.
    UpToDate { as_of: Timestamp, instead: bool },
    /// A change came after it.
    OutOfDate { as_of: Timestamp, change: Option<Timestamp>, deadline: Timestamp },
    /// Something else makes it moot.
    Moot { as_of: Timestamp },
    /// So many of those needed lie in the window; the last one was then.
    Counted { count: usize, needed: usize, last: Option<Timestamp>, deadline: Timestamp },
    /// Nothing has happened that would call for anything.
    NothingAsked,
    /// All have been answered.
    Answered { count: usize },
    /// So many have not, the oldest of them from then.
    Open { count: usize, oldest: Timestamp, deadline: Option<Timestamp> },
    /// All of them carry what they must.
    AllThere { count: usize },
    /// So many do not.
    Lacking { count: usize, parts: Vec<&'a str>, deadline: Timestamp },
}

impl<'a> Finding<'a> {
    pub(super) fn new(state: State, evidence: Vec<&'a Evidence>, reason: Reason<'a>) -> Self {
        Self { state, evidence, reason }
    }

    pub(super) fn not_applicable(reason: Reason<'a>) -> Self {
        Self::new(State::NotApplicable, Vec::new(), reason)
    }
}

/// Due before the deadline, overdue from it on.
pub(super) fn by(deadline: Timestamp, at: Timestamp) -> State {
    if at < deadline { State::Due } else { State::Overdue }
}
