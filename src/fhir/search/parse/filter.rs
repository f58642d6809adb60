//! One parameter that filters: its modifier, its alternatives, and the test that each of them is.

use super::super::super::definitions::SearchKind;
use super::super::super::instant::Interval;
use super::super::super::reference::{Reference, ResourceId};
use super::super::super::{Issue, ResourceType};
use super::super::plan::{Plan, is_searchable, plan};
use super::super::{Filter, Prefix, Test, fold};
use super::{MOST_ALTERNATIVES, Refusal, fault, split};

pub(super) struct Reader<'a> {
    pub(super) kind: ResourceType,
    pub(super) base: &'a str,
    /// The parameter's name with its modifier.
    pub(super) name: &'a str,
}

impl Reader<'_> {
    pub(super) fn read(&self, code: &str, modifier: Option<&str>, value: &str) -> Result<Filter, Refusal> {
        let found = plan(self.kind, code).filter(|plan| is_searchable(plan.parameter.kind));
        let plan = found.ok_or_else(|| Refusal::Unknown(fault::unknown(self.name)))?;
        let any = match code {
            "_id" | "_lastUpdated" if modifier.is_some() => Err(fault::modifier(self.name)),
            "_id" => self.each(SearchKind::Reference, value, |text| Some(Test::Id(ResourceId::parse(text)?))),
            "_lastUpdated" => {
                self.each(SearchKind::Date, value, updated).map(|all| all.into_iter().flatten().collect())
            }
            _ => self.modified(plan, modifier, value),
        };
        Ok(Filter { parameter: plan.parameter.code.clone(), any: any.map_err(Refusal::Always)? })
    }

    fn modified(&self, plan: &Plan, modifier: Option<&str>, value: &str) -> Result<Vec<Test>, Box<Issue>> {
        let kind = plan.parameter.kind;
        let to_type = modifier.and_then(ResourceType::parse);
        let each = |read: &dyn Fn(&str) -> Option<Test>| self.each(kind, value, read);
        match (modifier, kind) {
            (Some("missing"), _) => match value {
                "true" => Ok(vec![Test::Missing(true)]),
                "false" => Ok(vec![Test::Missing(false)]),
                _ => Err(fault::missing_value(self.name)),
            },
            (None, SearchKind::Token) => each(&|text| coded(plan, text)),
            (Some("not"), SearchKind::Token) => Ok(vec![Test::NoneOf(each(&|text| coded(plan, text))?)]),
            (None, SearchKind::Date) => each(&date),
            (None, SearchKind::Uri) => each(&|text| Some(Test::Uri(split::unescape(text)))),
            (None, SearchKind::String) => each(&|text| folded(text).map(Test::TextStart)),
            (Some("contains"), SearchKind::String) => each(&|text| folded(text).map(Test::TextContains)),
            (Some("exact"), SearchKind::String) => each(&|text| Some(Test::TextExact(split::unescape(text)))),
            (Some("identifier"), SearchKind::Reference) => each(&token),
            (None, SearchKind::Reference) => each(&|text| self.reference(text, None)),
            (Some(_), SearchKind::Reference) if to_type.is_some() => each(&|text| self.reference(text, to_type)),
            _ => Err(fault::modifier(self.name)),
        }
    }

    /// The alternatives between commas.
    fn each<T>(&self, kind: SearchKind, value: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Box<Issue>> {
        if split::unescaped(value, ',').nth(MOST_ALTERNATIVES).is_some() {
            return Err(fault::too_many_alternatives(self.name));
        }
        let all = split::unescaped(value, ',').map(|text| if text.is_empty() { None } else { read(text) });
        all.collect::<Option<_>>().ok_or_else(|| fault::value(self.name, kind))
    }

    /// `1`, `Patient/1`, an absolute URL (below our base it is local) or a urn.
    fn reference(&self, text: &str, to_type: Option<ResourceType>) -> Option<Test> {
        let text = split::unescape(text);
        if let Some(id) = ResourceId::parse(&text) {
            return Some(Test::Reference { kind: to_type, id });
        }
        match Reference::parse(&text, self.base) {
            Reference::Local(key, _) if to_type.is_none_or(|kind| kind == key.kind) => {
                Some(Test::Reference { kind: Some(key.kind), id: key.id })
            }
            Reference::Urn(text) => Some(Test::Uri(text)),
            Reference::Foreign(text) if text.contains("://") => Some(Test::Uri(text)),
            _ => None,
        }
    }
}

fn folded(text: &str) -> Option<String> {
    Some(fold(&split::unescape(text))).filter(|folded| !folded.is_empty())
}

/// `code`, `system|code`, `|code` (no system) or `system|`.
fn token(text: &str) -> Option<Test> {
    let parts: Vec<_> = split::unescaped(text, '|').map(split::unescape).collect();
    let (system, code) = match parts.as_slice() {
        [code] => (None, Some(code)),
        [system, code] if code.is_empty() => (Some(system), None),
        [system, code] => (Some(system), Some(code)),
        _ => return None,
    };
    let asks_nothing = code.is_none() && system.is_none_or(String::is_empty);
    (!asks_nothing).then(|| Test::Token { system: system.cloned(), code: code.cloned() })
}

/// A token; codes are indexed without the system that their binding implies, so asking for that one asks for none.
fn coded(plan: &Plan, text: &str) -> Option<Test> {
    match token(text)? {
        Test::Token { system: Some(system), code } if plan.implied_system() == Some(&system) => {
            Some(Test::Token { system: Some(String::new()), code })
        }
        other => Some(other),
    }
}

fn date(text: &str) -> Option<Test> {
    let (prefix, interval) = prefixed(text)?;
    Some(Test::Date(prefix, interval))
}

fn prefixed(text: &str) -> Option<(Prefix, Interval)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (prefix, date) = text.split_at(letters);
    let prefix = match prefix {
        "" | "eq" => Prefix::Eq,
        "ne" => Prefix::Ne,
        "gt" => Prefix::Gt,
        "lt" => Prefix::Lt,
        "ge" => Prefix::Ge,
        "le" => Prefix::Le,
        "sa" => Prefix::Sa,
        "eb" => Prefix::Eb,
        "ap" => Prefix::Ap,
        _ => return None,
    };
    Some((prefix, Interval::of_search_value(date)?))
}

/// For an instant each prefix is one interval or two.
fn updated(text: &str) -> Option<Vec<Test>> {
    let (prefix, asked) = prefixed(text)?;
    let (first, last) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    let before = Interval { from: first, until: asked.from };
    let after = Interval { from: asked.until, until: last };
    let intervals = match prefix {
        Prefix::Eq => vec![asked],
        Prefix::Ne => vec![before, after],
        Prefix::Gt | Prefix::Sa => vec![after],
        Prefix::Lt | Prefix::Eb => vec![before],
        Prefix::Ge => vec![Interval { until: last, ..asked }],
        Prefix::Le => vec![Interval { from: first, ..asked }],
        Prefix::Ap => vec![around(asked)],
    };
    Some(intervals.into_iter().map(Test::Updated).collect())
}

/// Approximately: as much again on both sides as was asked for.
fn around(asked: Interval) -> Interval {
    let width = asked.until.duration_since(asked.from);
    Interval {
        from: asked.from.checked_sub(width).unwrap_or(jiff::Timestamp::MIN),
        until: asked.until.checked_add(width).unwrap_or(jiff::Timestamp::MAX),
    }
}
