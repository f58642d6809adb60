//! Which faults may be let through where somebody has decided so: those against a profile, a
//! questionnaire, an invariant or terminology.
//!
//! What is no FHIR R4 at all (not JSON, unknown elements, values of the wrong form, codes outside R4's own required
//! bindings) can't be read, found or sent on by anybody, so it is always refused. A rule that is not named here is
//! one of those.

use super::rules::{self, Rule};

/// The rules that may be let through.
const LENIENT: &[Rule] = &[
    rules::PROFILE_UNKNOWN,
    rules::PROFILE_NOT_REQUESTED,
    rules::PROFILE_UNUSABLE,
    rules::PROFILE_ABSTRACT,
    rules::PROFILES_CONTRADICT,
    rules::PROFILE_MIN,
    rules::PROFILE_MAX,
    rules::PROFILE_TYPE,
    rules::PROFILE_NONE_FITS,
    rules::PROFILE_FIXED,
    rules::PROFILE_PATTERN,
    rules::PROFILE_MAX_LENGTH,
    rules::PROFILE_LIMIT,
    rules::SLICE_MIN,
    rules::SLICE_MAX,
    rules::SLICE_UNMATCHED,
    rules::SLICE_ORDER,
    rules::SLICE_UNDECIDABLE,
    rules::REFERENCE_PROFILE,
    rules::REFERENCE_AGGREGATION,
    rules::EXTENSION_UNDEFINED,
    rules::EXTENSION_NOT_DEFINED,
    rules::EXTENSION_MODIFIER,
    rules::EXTENSION_CONTEXT,
    rules::INVARIANT,
    rules::CODE_NOT_IN_SYSTEM,
    rules::CODE_OUTSIDE_MAX,
    rules::CODE_SYSTEM_IS_SUPPLEMENT,
    rules::CODE_SYSTEM_IS_VALUE_SET,
    rules::DISPLAY_NOT_OWN,
    rules::ANSWER_LINK,
    rules::ANSWER_ORDER,
    rules::ANSWER_STRUCTURE,
    rules::ANSWER_TYPE,
    rules::ANSWER_MISSING,
    rules::ANSWER_REPEATS,
    rules::ANSWER_OPTION,
    rules::ANSWER_DISABLED,
];

/// Whether a rule, by its name, may be broken where somebody has decided so.
pub fn is_lenient(rule: &str) -> bool {
    LENIENT.iter().any(|it| it.name == rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_r4_is_never_let_through() {
        for rule in [rules::ELEMENT_UNKNOWN, rules::CARDINALITY_MIN, rules::DATE_FORMAT, rules::NARRATIVE_ACTIVE] {
            assert!(!is_lenient(rule.name), "{}", rule.name);
        }
        assert!(is_lenient("profile-min") && !is_lenient("json-syntax"));
    }
}
