//! From the rules of a value set to its [`Members`], by the content at hand
//! ([composition rules](https://hl7.org/fhir/R4/valueset.html#compositions)).

use std::sync::Arc;

use super::code_system::{Chosen, CodeSystem, Content};
use super::set::{Members, Open, Set, Table, TableMaker};
use super::systems::{self, Grammar};
use super::value_set::{Clause, Compose, Expansion, Filter, Listed, ValueSet};
use super::{Unknown, filter};
use crate::fhir::Library;

/// So deep may value sets be imported.
const MOST_DEEP: usize = 24;
/// So many value sets may be read for one.
const MOST_READ: usize = 2_000;
/// So many codes are listed.
const MOST_LISTED: usize = 500_000;

/// Reads the rules of a value set.
pub(super) struct Compiler<'l> {
    library: &'l Library,
    /// The value sets that are being read, outermost first.
    within: Vec<&'l ValueSet>,
    read: usize,
    /// Whether a value set was met inside itself: what was made meanwhile is right for this question only.
    met_itself: bool,
}

impl<'l> Compiler<'l> {
    pub(super) fn new(library: &'l Library) -> Self {
        Self { library, within: Vec::new(), read: 0, met_itself: false }
    }

    /// The members of a value set of the library; kept there for the next question.
    pub(super) fn of_canonical(&mut self, canonical: &str) -> Option<Arc<Members>> {
        let Some((value_set, kept)) = self.library.members_slot(canonical) else {
            return self.built_in(canonical).map(|set| Arc::new(Members(set)));
        };
        if let Some(members) = kept.get() {
            return Some(members.clone());
        }
        let made = Arc::new(Members(self.of(value_set)));
        if self.met_itself {
            return Some(made);
        }
        Some(kept.get_or_init(|| made).clone())
    }

    /// Value sets that are all of one system, by their URL.
    fn built_in(&mut self, canonical: &str) -> Option<Set> {
        let url = canonical.split('|').next().unwrap_or(canonical);
        let system = systems::of_value_set(url).map(str::to_owned).or_else(|| {
            // SNOMED CT's value sets by query: `http://snomed.info/sct?fhir_vs=isa/...`.
            url.starts_with("http://snomed.info/sct")
                .then(|| url.find("?fhir_vs="))
                .flatten()
                .map(|at| url[..at].to_owned())
        })?;
        let is_whole = !url.contains("?fhir_vs=");
        let grammar = Grammar::of(&system);
        Some(match systems::code_system(&system) {
            Some(system) => Set::Codes(self.table(system, |_| true)),
            None => self.open(&system, grammar, is_whole),
        })
    }

    /// The members of a value set.
    pub(super) fn of(&mut self, value_set: &'l ValueSet) -> Set {
        let is_circle = self.within.iter().any(|it| std::ptr::eq(*it, value_set));
        self.read += 1;
        if is_circle || self.within.len() >= MOST_DEEP || self.read > MOST_READ {
            self.met_itself = true;
            return Set::Unknown(rule(value_set));
        }
        self.within.push(value_set);
        let composed = value_set.compose.as_ref().map(|compose| self.composed(compose, value_set));
        self.within.pop();
        match (composed, &value_set.expansion) {
            (Some(set), None) => set,
            (Some(set), Some(_)) if set.why_not_listed().is_none() => set,
            (composed, Some(expansion)) => expanded(expansion, composed, value_set),
            (None, None) => Set::Unknown(rule(value_set)),
        }
    }

    fn composed(&mut self, compose: &'l Compose, value_set: &ValueSet) -> Set {
        let included = compose.include.iter().map(|clause| self.clause(clause, value_set)).collect();
        let mut set = union(included);
        if !compose.exclude.is_empty() {
            let excluded = compose.exclude.iter().map(|clause| self.clause(clause, value_set)).collect();
            set = without(set, union(excluded));
        }
        if compose.leaves_out_inactive {
            set = self.without_inactive(set);
        }
        set
    }

    /// What an include or exclude chooses: of its system, and of each of its value sets.
    fn clause(&mut self, clause: &'l Clause, value_set: &ValueSet) -> Set {
        let mut parts: Vec<Set> = clause.value_sets.iter().map(|canonical| self.import(canonical)).collect();
        if !clause.system.is_empty() {
            parts.push(self.of_system(clause, value_set));
        }
        both(parts)
    }

    fn import(&mut self, canonical: &str) -> Set {
        match self.of_canonical(canonical) {
            Some(members) => Set::Import(members),
            None => Set::Unknown(Unknown::ValueSet(canonical.to_owned())),
        }
    }

    fn of_system(&mut self, clause: &Clause, value_set: &ValueSet) -> Set {
        let canonical = match &*clause.version {
            "" => clause.system.to_string(),
            version => format!("{}|{version}", clause.system),
        };
        let system = self.library.code_system(&canonical).filter(|system| !system.is_supplement());
        let system = system.or_else(|| systems::code_system(&clause.system));
        if !clause.concepts.is_empty() {
            return Set::Codes(listed(&clause.system, system, &clause.concepts));
        }
        match system.filter(|system| system.content != Content::NotPresent) {
            Some(system) => self.of_content(system, &clause.filters, value_set),
            None => self.of_grammar(&clause.system, &canonical, &clause.filters),
        }
    }

    /// Codes whose system is at hand.
    fn of_content(&mut self, system: &CodeSystem, filters: &[Filter], value_set: &ValueSet) -> Set {
        if system.len() > MOST_LISTED {
            return Set::Unknown(rule(value_set));
        }
        let mut chosen: Option<Chosen> = None;
        for filter in filters {
            let Some(next) = filter::choose(system, filter) else {
                let (grammar, why) = (Grammar::of(&system.url), rule(value_set));
                return Set::Open(Open { system: system.url.clone(), grammar, is_whole: false, why });
            };
            chosen = Some(match chosen {
                Some(chosen) => chosen.and(&next),
                None => next,
            });
        }
        let table = Set::Codes(self.table(system, |number| chosen.as_ref().is_none_or(|it| it.has(number))));
        if system.content == Content::Complete {
            return table;
        }
        union(vec![table, self.open(&system.url, Grammar::of(&system.url), false)])
    }

    /// Codes whose system is not at hand, or no list at all.
    fn of_grammar(&mut self, system: &str, canonical: &str, filters: &[Filter]) -> Set {
        let grammar = Grammar::of(system);
        let is_whole = filters.is_empty() && grammar.is_some_and(Grammar::is_whole);
        let why = Unknown::System(canonical.to_owned());
        Set::Open(Open { system: system.into(), grammar, is_whole, why })
    }

    fn open(&self, system: &str, grammar: Option<Grammar>, is_whole: bool) -> Set {
        let why = Unknown::System(system.to_owned());
        Set::Open(Open { system: system.into(), grammar, is_whole, why })
    }

    fn table(&self, system: &CodeSystem, has: impl Fn(u32) -> bool) -> Table {
        let mut maker = TableMaker::default();
        let folds = system.case_sensitive != Some(true);
        for concept in system.concepts().filter(|concept| has(concept.number())) {
            maker.add((&system.url, folds), concept.code(), std::iter::empty());
        }
        maker.finish()
    }

    /// Leaves out what its system says is in use no more.
    fn without_inactive(&self, set: Set) -> Set {
        let mut tables = Vec::new();
        set.tables(&mut tables);
        let mut inactive = TableMaker::default();
        for table in tables {
            inactive.take(table, |coded| {
                let system = coded.system.and_then(|system| self.library.code_system(system));
                system.and_then(|system| system.find(coded.code)).is_some_and(|concept| concept.is_inactive())
            });
        }
        if inactive.len() == 0 { set } else { without(set, Set::Codes(inactive.finish())) }
    }
}

fn rule(value_set: &ValueSet) -> Unknown {
    Unknown::Rule(value_set.url.to_string())
}

/// The codes that a value set names itself; it need not be known that their system has them.
fn listed(url: &str, system: Option<&CodeSystem>, concepts: &[Listed]) -> Table {
    let folds = system.is_some_and(|system| system.case_sensitive != Some(true));
    let mut maker = TableMaker::default();
    for concept in concepts {
        maker.add((url, folds), &concept.code, concept.displays.iter().map(|it| &**it));
    }
    maker.finish()
}

/// A ready list, where the rules could not be followed or there are none.
fn expanded(expansion: &Expansion, composed: Option<Set>, value_set: &ValueSet) -> Set {
    let mut maker = TableMaker::default();
    for (system, concept) in &expansion.codes {
        maker.add((system, false), &concept.code, concept.displays.iter().map(|it| &**it));
    }
    let codes = Set::Codes(maker.finish());
    if expansion.is_partial {
        Set::Union(vec![codes, composed.unwrap_or_else(|| Set::Unknown(rule(value_set)))])
    } else {
        codes
    }
}

/// All of them; lists become one list.
fn union(mut parts: Vec<Set>) -> Set {
    if parts.len() == 1 {
        return parts.swap_remove(0);
    }
    let is_list = |set: &Set| set.listed().is_some();
    let small = parts.iter().filter_map(Set::listed).map(Table::len).sum::<usize>() <= MOST_LISTED;
    if !small || parts.iter().filter(|part| is_list(part)).count() < 2 && !parts.is_empty() {
        return Set::Union(parts);
    }
    let mut maker = TableMaker::default();
    parts.iter().filter_map(Set::listed).for_each(|table| maker.take(table, |_| true));
    parts.retain(|part| !is_list(part));
    let codes = Set::Codes(maker.finish());
    if parts.is_empty() {
        return codes;
    }
    parts.insert(0, codes);
    Set::Union(parts)
}

/// What is in all of them; a list keeps what is in the others, if they can be listed too.
fn both(mut parts: Vec<Set>) -> Set {
    match parts.len() {
        // An include without system and value set includes nothing.
        0 => return union(Vec::new()),
        1 => return parts.swap_remove(0),
        _ => {}
    }
    let tables: Option<Vec<&Table>> = parts.iter().map(Set::listed).collect();
    let Some((first, rest)) = tables.as_ref().and_then(|tables| tables.split_first()) else {
        return Set::Both(parts);
    };
    let mut maker = TableMaker::default();
    maker.take(first, |coded| rest.iter().all(|table| table.find(coded).is_some()));
    Set::Codes(maker.finish())
}

/// What is in the first and not in the second.
fn without(set: Set, excluded: Set) -> Set {
    let (Some(table), Some(out)) = (set.listed(), excluded.listed()) else {
        return Set::Without(Box::new((set, excluded)));
    };
    let mut maker = TableMaker::default();
    maker.take(table, |coded| out.find(coded).is_none());
    Set::Codes(maker.finish())
}
