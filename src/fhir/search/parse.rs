//! From search parameters to a [`Query`]: what each of them asks, and every fault at once.

mod fault;
mod filter;
mod split;

use super::super::definitions::SearchKind;
use super::super::{Issue, ResourceType};
use super::plan::plan;
use super::{Asked, Include, Query, Sort, Visibility, redact};

/// Matches a page where `_count` does not say.
pub const DEFAULT_COUNT: u32 = 50;

/// Most matches a page, whatever `_count` says; the specification lets a server give fewer than asked.
pub const MOST_PER_PAGE: u32 = 1000;

/// Most alternatives between the commas of one parameter.
pub const MOST_ALTERNATIVES: usize = 100;

/// Most parameters that filter, repeated ones counted each time.
pub const MOST_FILTERS: usize = 20;

/// Reads search parameters (already percent-decoded). `strict` refuses unknown parameters; modifiers that we do not
/// have and malformed values are always refused. A parameter with an empty value counts as not given.
///
/// The total is wanted unless `_total=none`; `_count=0` and `_summary=count` ask for the total alone.
///
/// # Errors
/// Every fault, as issues of severity error.
pub fn parse(
    kind: ResourceType,
    parameters: &[(String, String)],
    strict: bool,
    base: &str,
) -> Result<Asked, Vec<Issue>> {
    let mut reader = Reader::new(kind, base);
    let mut faults = Vec::new();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        match reader.parameter(name, value) {
            Ok(()) => reader.asked.used.push((name.clone(), redact::shown(value).to_owned())),
            Err(Refusal::Unknown(issue)) if !strict => reader.asked.warnings.push(fault::ignored(issue)),
            Err(Refusal::Unknown(issue) | Refusal::Always(issue)) => faults.push(*issue),
        }
    }
    let query = &mut reader.asked.query;
    query.total |= query.count == 0;
    if faults.is_empty() { Ok(reader.asked) } else { Err(faults) }
}

/// Why a parameter is not used.
enum Refusal {
    /// We do not have it: lenient handling ignores it.
    Unknown(Box<Issue>),
    /// It is wrong, or ignoring it would change what the rest means.
    Always(Box<Issue>),
}

struct Reader<'a> {
    base: &'a str,
    asked: Asked,
}

impl<'a> Reader<'a> {
    fn new(kind: ResourceType, base: &'a str) -> Self {
        let query = Query {
            kind,
            filters: Vec::new(),
            sort: Sort::NewestFirst,
            count: DEFAULT_COUNT,
            after: None,
            includes: Vec::new(),
            total: true,
            visible: Visibility::Nothing,
        };
        Self { base, asked: Asked { query, used: Vec::new(), warnings: Vec::new() } }
    }

    fn parameter(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let (code, modifier) = name.split_once(':').map_or((name, None), |(code, modifier)| (code, Some(modifier)));
        let of_result = match code {
            "_count" => Self::count,
            "_sort" => Self::sort,
            "_include" => Self::include,
            "_total" => Self::total,
            "_summary" => Self::summary,
            "_format" | "_pretty" => |_: &mut Self, _: &str| Some(()),
            "_query" => return Err(Refusal::Always(fault::unknown(name))),
            _ => return self.filter(name, code, modifier, value),
        };
        if modifier.is_some() {
            return Err(Refusal::Always(fault::modifier(name)));
        }
        of_result(self, value).ok_or_else(|| Refusal::Always(fault::result_value(code)))
    }

    fn filter(&mut self, name: &str, code: &str, modifier: Option<&str>, value: &str) -> Result<(), Refusal> {
        let query = &mut self.asked.query;
        if query.filters.len() >= MOST_FILTERS {
            return Err(Refusal::Always(fault::too_many_filters()));
        }
        let filter = filter::Reader { kind: query.kind, base: self.base, name };
        query.filters.push(filter.read(code, modifier, value)?);
        Ok(())
    }

    fn count(&mut self, value: &str) -> Option<()> {
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        // A number that is too long for u32 is more than we give, too.
        self.asked.query.count = is_number.then(|| value.parse().unwrap_or(u32::MAX))?.min(MOST_PER_PAGE);
        Some(())
    }

    fn sort(&mut self, value: &str) -> Option<()> {
        self.asked.query.sort = match value {
            "_lastUpdated" => Sort::OldestFirst,
            "-_lastUpdated" => Sort::NewestFirst,
            _ => return None,
        };
        Some(())
    }

    fn total(&mut self, value: &str) -> Option<()> {
        self.asked.query.total = match value {
            "none" => false,
            "estimate" | "accurate" => true,
            _ => return None,
        };
        Some(())
    }

    fn summary(&mut self, value: &str) -> Option<()> {
        (value == "count").then(|| self.asked.query.count = 0)
    }

    /// `Type:parameter[:Target]`, where the type is the one that is searched.
    fn include(&mut self, value: &str) -> Option<()> {
        let query = &mut self.asked.query;
        let mut parts = value.split(':');
        let source = ResourceType::parse(parts.next()?).filter(|source| *source == query.kind)?;
        let parameter = plan(source, parts.next()?).filter(|it| it.parameter.kind == SearchKind::Reference)?.parameter;
        let target = parts.next().map(|name| ResourceType::parse(name).ok_or(())).transpose().ok()?;
        let include = Include { parameter: parameter.code.clone(), target };
        if !query.includes.contains(&include) {
            query.includes.push(include);
        }
        parts.next().is_none().then_some(())
    }
}
