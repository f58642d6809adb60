//! The shape of SNOMED CT expression constraints ([ECL](https://confluence.ihtsdotools.org/display/DOCECL)): operands
//! with connectives between them. Refinements and filters are not judged.

/// Whether a text can't be an expression constraint.
pub fn is_malformed(text: &str) -> bool {
    // Terms between bars say nothing to a machine.
    let plain: String = text.split('|').step_by(2).collect::<Vec<_>>().join(" ");
    if plain.contains([':', '{', '=', '[', '.']) {
        return false;
    }
    let spaced = plain.replace('(', " ( ").replace(')', " ) ").replace(',', " AND ");
    let (mut depth, mut wants_operand) = (0_usize, true);
    for word in spaced.split_whitespace() {
        let operand = word.trim_start_matches(['<', '>', '!', '^']);
        match word {
            "(" if wants_operand => depth += 1,
            ")" if !wants_operand && depth > 0 => depth -= 1,
            _ if !wants_operand => {
                if !["AND", "OR", "MINUS"].iter().any(|it| it.eq_ignore_ascii_case(word)) {
                    return true;
                }
                wants_operand = true;
            }
            _ if operand.is_empty() => {}
            _ if operand == "*" || operand.bytes().all(|b| b.is_ascii_digit()) => wants_operand = false,
            _ => return true,
        }
    }
    depth > 0 || wants_operand
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_have_connectives_between_them() {
        for good in ["<< 73211009 |Diabetes mellitus|", "< 1 OR (<<2 MINUS ^ 3)", "*", "<1: 2 = 3", "1,2"] {
            assert!(!is_malformed(good), "{good}");
        }
        for bad in ["234234 << 234234", "", "< 1 OR", "(1", "1)", "abc"] {
            assert!(is_malformed(bad), "{bad}");
        }
    }
}
