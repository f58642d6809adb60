//! SMART system scopes ([SMART App Launch 2.2, scopes](https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html)):
//! `system/List.rs`, `system/*.cruds`, and the v1 forms `.read`, `.write`, `.*`.

use std::fmt;

use crate::fhir::ResourceType;

/// What a caller wants to do with resources of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A new resource.
    Create,
    /// One resource, one of its versions, or its history.
    Read,
    /// A change, update-as-create included.
    Update,
    /// A deletion.
    Delete,
    /// Search and type history.
    Search,
}

impl Operation {
    fn bit(self) -> u8 {
        match self {
            Self::Create => 1,
            Self::Read => 2,
            Self::Update => 4,
            Self::Delete => 8,
            Self::Search => 16,
        }
    }
}

/// One scope: a type (or all) and what may be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// `None` is `*`.
    kind: Option<ResourceType>,
    operations: u8,
}

impl Scope {
    /// Reads one scope. `None` for anything that is not a system scope that we grant: unknown types, other contexts,
    /// letters out of order, search constraints. A scope that can't be read grants nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, verbs) = text.strip_prefix("system/")?.split_once('.')?;
        let kind = match kind {
            "*" => None,
            name => Some(ResourceType::parse(name)?),
        };
        Some(Self { kind, operations: operations(verbs)? })
    }
}

fn operations(verbs: &str) -> Option<u8> {
    match verbs {
        "read" => return Some(2 | 16),
        "write" => return Some(1 | 4 | 8),
        "*" => return Some(31),
        _ => {}
    }
    let letters = [('c', 1), ('r', 2), ('u', 4), ('d', 8), ('s', 16)];
    let mut rest = verbs;
    let mut granted = 0;
    for (letter, bit) in letters {
        if let Some(after) = rest.strip_prefix(letter) {
            rest = after;
            granted |= bit;
        }
    }
    (rest.is_empty() && granted != 0).then_some(granted)
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "system/{}.", self.kind.map_or("*", ResourceType::as_str))?;
        for (letter, bit) in [('c', 1), ('r', 2), ('u', 4), ('d', 8), ('s', 16)] {
            if self.operations & bit != 0 {
                write!(f, "{letter}")?;
            }
        }
        Ok(())
    }
}

/// All scopes of a token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads a space-separated list; what can't be read grants nothing.
    pub fn parse(text: &str) -> Self {
        Self(text.split_ascii_whitespace().filter_map(Scope::parse).collect())
    }

    /// Whether any scope allows `operation` on `kind`.
    pub fn allow(&self, operation: Operation, kind: ResourceType) -> bool {
        self.0.iter().any(|s| s.operations & operation.bit() != 0 && s.kind.is_none_or(|k| k == kind))
    }

    /// The part of these that `registered` covers: what a client asks for is never more than what it was granted.
    #[must_use]
    pub fn within(&self, registered: &Self) -> Self {
        let covered = |s: &Scope| {
            let granted = registered
                .0
                .iter()
                .filter(|r| r.kind.is_none() || r.kind == s.kind)
                .fold(0, |all, r| all | r.operations);
            let operations = s.operations & granted;
            (operations != 0).then_some(Scope { kind: s.kind, operations })
        };
        Self(self.0.iter().filter_map(covered).collect())
    }

    /// Whether nothing is granted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, scope) in self.0.iter().enumerate() {
            write!(f, "{}{scope}", if i > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> ResourceType {
        ResourceType::parse(name).unwrap()
    }

    #[test]
    fn a_scope_allows_what_its_letters_say_and_nothing_else() {
        let scopes = Scopes::parse("system/List.rs system/Patient.c");
        assert!(scopes.allow(Operation::Search, kind("List")));
        assert!(!scopes.allow(Operation::Update, kind("List")));
        assert!(!scopes.allow(Operation::Read, kind("Patient")));
    }

    #[test]
    fn letters_out_of_order_other_contexts_and_constraints_grant_nothing() {
        for text in [
            "system/List.sr",
            "user/List.rs",
            "patient/*.rs",
            "system/List.rs?code=1",
            "system/Nothing.rs",
            "system/List.",
        ] {
            assert!(Scopes::parse(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_client_never_gets_more_than_it_is_registered_for() {
        let registered = Scopes::parse("system/*.rs system/List.cru");
        let asked = Scopes::parse("system/*.cruds system/List.cruds");
        assert_eq!(asked.within(&registered).to_string(), "system/*.rs system/List.crus");
    }
}
