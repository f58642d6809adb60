//! A value set made ready to be asked: what can be listed is listed, and the rest says of which systems it does not know.

use std::sync::Arc;

use super::index::{Index, Span, Texts};
use super::systems::Grammar;
use super::{Coded, Unknown};

/// Of value sets with more codes none is suggested.
const MOST_SUGGESTED: usize = 1_000;

/// The codes of a value set, in the light of the content at hand.
#[derive(Debug)]
pub struct Members(pub(super) Set);

#[derive(Debug)]
pub(super) enum Set {
    /// These codes and no others.
    Codes(Table),
    /// What a grammar tells, or nothing does.
    Open(Open),
    /// All of another value set.
    Import(Arc<Members>),
    /// What is in any of them.
    Union(Vec<Self>),
    /// What is in all of them.
    Both(Vec<Self>),
    /// What is in the first and not in the second.
    Without(Box<(Self, Self)>),
    /// It is not known what is in it.
    Unknown(Unknown),
}

/// The codes of a system that can't be listed.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) system: Box<str>,
    /// What its codes look like.
    pub(super) grammar: Option<Grammar>,
    /// Whether that is all that is asked of them; else a code that looks right may be in or not.
    pub(super) is_whole: bool,
    /// Why it may be in or not.
    pub(super) why: Unknown,
}

/// What a set says of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'s> {
    Yes,
    No,
    Unknown(&'s Unknown),
}

impl Set {
    /// Whether a code is in it.
    pub(super) fn ask(&self, coded: &Coded<'_>) -> Said<'_> {
        match self {
            Self::Codes(table) => table.ask(coded),
            Self::Open(open) => open.ask(coded),
            Self::Import(members) => members.0.ask(coded),
            Self::Union(parts) => {
                let mut said = Said::No;
                for part in parts {
                    match part.ask(coded) {
                        Said::Yes => return Said::Yes,
                        Said::Unknown(why) if said == Said::No => said = Said::Unknown(why),
                        _ => {}
                    }
                }
                said
            }
            Self::Both(parts) => {
                let mut said = Said::Yes;
                for part in parts {
                    match part.ask(coded) {
                        Said::No => return Said::No,
                        Said::Unknown(why) if said == Said::Yes => said = Said::Unknown(why),
                        _ => {}
                    }
                }
                said
            }
            Self::Without(parts) => {
                let said = parts.0.ask(coded);
                match (said, if said == Said::No { Said::No } else { parts.1.ask(coded) }) {
                    (_, Said::Yes) => Said::No,
                    (Said::Yes, Said::Unknown(why)) => Said::Unknown(why),
                    _ => said,
                }
            }
            Self::Unknown(why) => Said::Unknown(why),
        }
    }

    /// Its codes, if all of them can be listed.
    pub(super) fn listed(&self) -> Option<&Table> {
        match self {
            Self::Codes(table) => Some(table),
            Self::Import(members) => members.0.listed(),
            _ => None,
        }
    }

    /// Every list in it that may hold its codes.
    pub(super) fn tables<'s>(&'s self, found: &mut Vec<&'s Table>) {
        match self {
            Self::Codes(table) => found.push(table),
            Self::Import(members) => members.0.tables(found),
            Self::Union(parts) | Self::Both(parts) => parts.iter().for_each(|part| part.tables(found)),
            Self::Without(parts) => parts.0.tables(found),
            Self::Open(_) | Self::Unknown(_) => {}
        }
    }

    /// Why not all of its codes can be listed.
    pub(super) fn why_not_listed(&self) -> Option<&Unknown> {
        match self {
            Self::Codes(_) => None,
            Self::Open(open) => Some(&open.why),
            Self::Import(members) => members.0.why_not_listed(),
            Self::Union(parts) | Self::Both(parts) => parts.iter().find_map(Self::why_not_listed),
            Self::Without(parts) => parts.0.why_not_listed().or_else(|| parts.1.why_not_listed()),
            Self::Unknown(why) => Some(why),
        }
    }
}

impl Members {
    /// Codes of it for a text that suggests one; none where it is too large for that.
    pub fn some_codes(&self) -> Vec<&str> {
        let mut tables = Vec::new();
        self.0.tables(&mut tables);
        let count: usize = tables.iter().map(|table| table.len()).sum();
        let few = tables.iter().filter(|_| count <= MOST_SUGGESTED);
        few.flat_map(|table| table.rows()).map(RowRef::code).collect()
    }
}

impl Open {
    fn ask(&self, coded: &Coded<'_>) -> Said<'_> {
        if coded.system.is_some_and(|system| system != &*self.system) {
            return Said::No;
        }
        match self.grammar.and_then(|grammar| grammar.has(coded.code)) {
            Some(false) => Said::No,
            Some(true) if self.is_whole => Said::Yes,
            _ => Said::Unknown(&self.why),
        }
    }
}

/// A list of codes, found by hash.
#[derive(Debug, Default)]
pub(super) struct Table {
    texts: Texts,
    systems: Vec<TableSystem>,
    rows: Vec<Row>,
    displays: Vec<Span>,
    index: Index,
}

#[derive(Debug)]
struct TableSystem {
    url: Box<str>,
    folds_case: bool,
}

#[derive(Debug)]
struct Row {
    system: u16,
    code: Span,
    /// Where its displays end; they begin where those of the row before end.
    displays: u32,
}

/// A code in a [`Table`].
#[derive(Clone, Copy)]
pub(super) struct RowRef<'t> {
    table: &'t Table,
    number: usize,
}

impl<'t> RowRef<'t> {
    pub(super) fn code(self) -> &'t str {
        self.table.texts.at(self.table.rows[self.number].code)
    }

    pub(super) fn system(self) -> &'t str {
        &self.table.systems[usize::from(self.table.rows[self.number].system)].url
    }

    fn source(self) -> &'t TableSystem {
        &self.table.systems[usize::from(self.table.rows[self.number].system)]
    }

    pub(super) fn displays(self) -> impl Iterator<Item = &'t str> {
        let rows = &self.table.rows;
        let from = self.number.checked_sub(1).map_or(0, |before| rows[before].displays as usize);
        let own = self.table.displays.get(from..rows[self.number].displays as usize).unwrap_or_default();
        own.iter().map(move |span| self.table.texts.at(*span))
    }

    fn coded(self) -> Coded<'t> {
        Coded { system: Some(self.system()), code: self.code(), ..Coded::default() }
    }
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        (0..self.rows.len()).map(|number| RowRef { table: self, number })
    }

    pub(super) fn find(&self, coded: &Coded<'_>) -> Option<RowRef<'_>> {
        let fits = |row: &RowRef<'_>| {
            let same_system = coded.system.is_none_or(|system| system == row.system());
            let folds = row.source().folds_case;
            same_system && (row.code() == coded.code || folds && row.code().eq_ignore_ascii_case(coded.code))
        };
        self.index.candidates(coded.code).map(|it| RowRef { table: self, number: it as usize }).find(fits)
    }

    fn ask(&self, coded: &Coded<'_>) -> Said<'_> {
        if self.find(coded).is_some() { Said::Yes } else { Said::No }
    }
}

/// Makes a [`Table`].
#[derive(Default)]
pub(super) struct TableMaker {
    table: Table,
    seen: std::collections::HashSet<(u16, Box<str>)>,
}

impl TableMaker {
    /// Adds a code once; of its system is told whether case matters.
    pub(super) fn add<'d>(
        &mut self,
        (system, folds_case): (&str, bool),
        code: &str,
        displays: impl Iterator<Item = &'d str>,
    ) {
        let Some(system) = self.system(system, folds_case) else { return };
        if !self.seen.insert((system, code.into())) {
            return;
        }
        let table = &mut self.table;
        for display in displays {
            let span = table.texts.add(display);
            table.displays.push(span);
        }
        let displays = u32::try_from(table.displays.len()).unwrap_or(u32::MAX);
        let code = table.texts.add(code);
        table.rows.push(Row { system, code, displays });
    }

    /// Adds all rows of another table for which something holds.
    pub(super) fn take(&mut self, other: &Table, mut holds: impl FnMut(&Coded<'_>) -> bool) {
        for row in other.rows().filter(|row| holds(&row.coded())) {
            let source = row.source();
            self.add((&source.url, source.folds_case), row.code(), row.displays());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.rows.len()
    }

    pub(super) fn finish(mut self) -> Table {
        let table = &self.table;
        self.table.index = Index::build(table.rows.len(), |row| table.texts.at(table.rows[row as usize].code));
        self.table
    }

    fn system(&mut self, url: &str, folds_case: bool) -> Option<u16> {
        let systems = &mut self.table.systems;
        let same = |it: &TableSystem| &*it.url == url && it.folds_case == folds_case;
        let known = systems.iter().position(same);
        let at = known.unwrap_or_else(|| {
            systems.push(TableSystem { url: url.into(), folds_case });
            systems.len() - 1
        });
        u16::try_from(at).ok()
    }
}
