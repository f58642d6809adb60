//! Whose resources a caller sees, as a condition on the resource `r`.

use super::sql::{Sql, number, text};
use crate::fhir::ResourceType;
use crate::fhir::search::Visibility;
use crate::store::sqlite::row::micros;
use crate::store::{DIRECTORY_TYPES, SUBMITTER_ONLY_TYPES};

/// The condition for resources of a type.
pub(super) fn condition(visible: &Visibility, kind: ResourceType) -> Sql {
    match visible {
        Visibility::Nothing => Sql::of("0"),
        Visibility::Everything => Sql::of("1"),
        Visibility::Organisation { organisation, at } => {
            let mut ways = vec![Sql::with("r.caregiver = ?", [text(organisation)])];
            if DIRECTORY_TYPES.contains(&kind.as_str()) {
                ways.push(Sql::of("NOT EXISTS (SELECT 1 FROM resource_patient p WHERE p.rid = r.rid LIMIT 1)"));
            }
            if !SUBMITTER_ONLY_TYPES.contains(&kind.as_str()) {
                let at = number(micros(*at));
                ways.push(Sql::with(RELATED, [text(organisation), at.clone(), at]));
            }
            Sql::any(ways)
        }
    }
}

/// About at least one patient, and about none who is unrelated: one stranger among them closes it, as in
/// [`crate::access::permit`].
const RELATED: &str = "EXISTS (SELECT 1 FROM resource_patient p WHERE p.rid = r.rid LIMIT 1) \
     AND NOT EXISTS (SELECT 1 FROM resource_patient p WHERE p.rid = r.rid AND NOT EXISTS \
     (SELECT 1 FROM relation e WHERE e.patient = p.patient AND e.organisation = ? AND e.since <= ? AND e.until > ?))";
