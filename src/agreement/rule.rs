//! The rules: a small temporal algebra over evidence, as data.
//!
//! A rule says what must be there and by when; how it is judged stands in [`super::evaluate`].

use serde::{Deserialize, Serialize};

use super::selector::Selector;
use super::span::Span;

/// When an obligation is met. In JSON an object with one member, named after the rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The evidence holds now.
    Present(Present),
    /// The evidence is not older than the last change that it must reflect.
    Fresh(Fresh),
    /// At least so many in every window.
    Recurring(Recurring),
    /// An answer follows each trigger.
    Within(Within),
    /// What there is has been made available to those who must have it.
    Shared(Shared),
    /// What there is carries its required parts.
    Complete(Complete),
    /// All of several rules: the worst of their states.
    All(Vec<Rule>),
}

/// [`Rule::Present`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Present {
    /// What must hold.
    pub evidence: Selector,
    /// At most so many at a time, where several contradict each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// How long it may be missing.
    #[serde(default = "Span::zero", skip_serializing_if = "is_zero")]
    pub grace: Span,
}

/// [`Rule::Fresh`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fresh {
    /// What must be up to date.
    pub evidence: Selector,
    /// The changes that it must reflect.
    pub after: Selector,
    /// The age at which it is out of date even without a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// How long it may be missing or out of date.
    #[serde(default = "Span::zero", skip_serializing_if = "is_zero")]
    pub grace: Span,
    /// What serves in its stead, if it is up to date itself: a printed copy.
    #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Selector>,
    /// What makes the duty moot while it is up to date: a printed copy is not owed while the digital list is current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Selector>,
}

/// [`Rule::Recurring`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recurring {
    /// What must recur.
    pub evidence: Selector,
    /// At least so many in a window.
    #[serde(default = "one")]
    pub at_least: u32,
    /// The window.
    pub window: Window,
    /// For a rolling window: how long before the end of the first one, in which nothing has been done yet, the duty is
    /// shown as due; before that it is not applicable. Without it the first window is due from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_due: Option<Span>,
    /// For calendar windows: evidence whose amount, while it holds, is the number of weeks or months in a window (what
    /// the parties have agreed on locally).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Selector>,
}

/// A stretch of time in which something must happen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Window {
    /// Calendar weeks (ISO 8601, from Monday), so many together.
    Weeks(u16),
    /// Calendar months, so many together.
    Months(u16),
    /// At every instant the time of this length before it.
    Rolling(Span),
}

/// [`Rule::Within`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Within {
    /// What calls for an answer.
    pub trigger: Selector,
    /// A trigger does not count if this happened no later than its end: no moving out after a death.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<Selector>,
    /// What answers it, any of these.
    pub answers: Vec<Answer>,
    /// By when. Without a limit an open trigger is due and never overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// What releases from the duty to answer, as a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Selector>,
}

/// What answers a trigger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The evidence.
    #[serde(flatten)]
    pub evidence: Selector,
    /// What ties it to its trigger besides the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same: Option<Same>,
    /// When it counts.
    #[serde(default, skip_serializing_if = "is_after")]
    pub when: When,
}

/// What an answer and its trigger have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Same {
    /// The resource that both were found in.
    Source,
    /// The resource that the trigger was found in is what the answer's part `about` names.
    About,
    /// A code.
    Code,
}

/// When an answer counts, by its trigger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// It happens with the trigger or later.
    #[default]
    After,
    /// It was there before the trigger and still holds, or comes later.
    Standing,
    /// It was there no later than the trigger and holds then.
    Before,
}

/// By when an answer is owed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Limit {
    /// So long after the trigger, counted on a calendar of the agreement.
    After {
        /// How long.
        span: Span,
        /// The calendar's name; without it time always counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        calendar: Option<String>,
    },
    /// The next day that is no day off on the calendar, at the time when it opens.
    NextWeekday {
        /// The calendar's name.
        calendar: String,
    },
    /// The end of the trigger's own period, if it has one.
    TriggerEnd,
}

/// [`Rule::Shared`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shared {
    /// What is to be shared. What the gateway holds is available to those with a right to it.
    pub evidence: Selector,
    /// Parts that tell that it has reached those who must have it; empty where being available is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// What serves in its stead: a printed copy that is no older.
    #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Selector>,
    /// Whether there must be something to share; else the obligation is not applicable without it.
    #[serde(default)]
    pub required: bool,
    /// How long it may be missing or not shared.
    #[serde(default = "Span::zero", skip_serializing_if = "is_zero")]
    pub grace: Span,
}

/// [`Rule::Complete`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Complete {
    /// What must be complete, wherever it is.
    pub evidence: Selector,
    /// The parts that it must carry.
    pub parts: Vec<String>,
    /// How long it may be incomplete.
    #[serde(default = "Span::zero", skip_serializing_if = "is_zero")]
    pub grace: Span,
}

impl Rule {
    /// Every selector in it.
    pub fn selectors(&self) -> Vec<&Selector> {
        match self {
            Self::Present(rule) => vec![&rule.evidence],
            Self::Fresh(rule) => {
                let mut all = vec![&rule.evidence, &rule.after];
                all.extend(rule.otherwise.iter().chain(&rule.instead_of));
                all
            }
            Self::Recurring(rule) => std::iter::once(&rule.evidence).chain(&rule.agreed).collect(),
            Self::Within(rule) => rule.selectors(),
            Self::Shared(rule) => std::iter::once(&rule.evidence).chain(&rule.otherwise).collect(),
            Self::Complete(rule) => vec![&rule.evidence],
            Self::All(rules) => rules.iter().flat_map(Self::selectors).collect(),
        }
    }
}

impl Within {
    fn selectors(&self) -> Vec<&Selector> {
        let mut all = vec![&self.trigger];
        all.extend(self.answers.iter().map(|answer| &answer.evidence));
        all.extend(self.unless.iter().chain(&self.released));
        all
    }
}

fn is_zero(span: &Span) -> bool {
    span.is_zero()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_after(when: &When) -> bool {
    *when == When::After
}

fn one() -> u32 {
    1
}
