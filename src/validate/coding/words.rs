//! The texts of bindings.

use crate::fhir::terminology::Unknown;

use crate::validate::rules::{CODE_NOT_PREFERRED, CODE_OUTSIDE, CODE_OUTSIDE_MAX, Rule};
use crate::validate::suggest;

/// So many codes are listed in a text.
const MOST_LISTED: usize = 12;

/// What to say of a code that is not in a value set whose codes are known, or some of them.
pub(in crate::validate) fn outside(rule: &Rule, value_set: &str, code: &str, known: &[&str]) -> (String, String) {
    let (mut english, mut swedish) = match rule.name {
        name if name == CODE_OUTSIDE.name => (
            format!("A code should be from the value set {value_set} (extensible binding) if one of it fits"),
            format!("Koden bör vara ur värdemängden {value_set} (utökningsbar bindning) om någon i den passar"),
        ),
        name if name == CODE_OUTSIDE_MAX.name => (
            format!("The code must be from the value set {value_set}, the widest that the binding allows"),
            format!("Koden måste vara ur värdemängden {value_set}, den vidaste som bindningen tillåter"),
        ),
        name if name == CODE_NOT_PREFERRED.name => (
            format!("A code from the value set {value_set} is preferred here"),
            format!("En kod ur värdemängden {value_set} föredras här"),
        ),
        _ => (
            format!("The value must be from the value set {value_set}, whose binding is required"),
            format!("Värdet måste vara ur värdemängden {value_set}, vars bindning är tvingande"),
        ),
    };
    if known.contains(&code) {
        english.push_str("; give the code's own system.");
        swedish.push_str("; ange kodens eget system.");
    } else if let Some(nearest) = suggest::nearest(code, known.iter().copied()) {
        english.push_str(&format!("; did you mean {nearest}?"));
        swedish.push_str(&format!("; menades {nearest}?"));
    } else if (1..=MOST_LISTED).contains(&known.len()) {
        english.push_str(&format!(": {}.", known.join(", ")));
        swedish.push_str(&format!(": {}.", known.join(", ")));
    } else {
        english.push('.');
        swedish.push('.');
    }
    (english, swedish)
}

/// What to say of a code that could not be held against a value set.
pub(super) fn not_checked(why: &Unknown, value_set: &str) -> (String, String) {
    let (english, swedish) = match why {
        Unknown::ValueSet(url) => (
            format!("{url} is not among the definitions at hand"),
            format!("{url} finns inte bland de tillgängliga definitionerna"),
        ),
        Unknown::System(url) => (
            format!("the codes of {url} are not at hand, or only a part of them"),
            format!("koderna i {url} finns inte tillgängliga, eller endast en del"),
        ),
        Unknown::Rule(url) => (
            format!("{url} has rules that can't be followed here"),
            format!("{url} har regler som inte kan följas här"),
        ),
    };
    (
        format!("Whether the code is in the value set {value_set} was not checked: {english}."),
        format!("Om koden är ur värdemängden {value_set} kontrollerades inte: {swedish}."),
    )
}
