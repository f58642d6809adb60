//! Invariants of R4 whose published expression does not say what the specification means.
//!
//! Each is evaluated as corrected here. Most corrections are those that HL7's own validator makes
//! (`FHIRPathExpressionFixer` in org.hl7.fhir.core), since the expressions can't be changed in 4.0.1 any more.

/// An invariant to evaluate otherwise than it is written.
pub struct Correction {
    /// The expression as the definitions have it.
    pub published: &'static str,
    /// The expression that is evaluated.
    pub corrected: &'static str,
    /// Why.
    #[cfg_attr(not(test), expect(dead_code, reason = "documents the table"))]
    pub reason: &'static str,
}

/// The corrections. One stands for all invariants with the same expression.
pub const CORRECTIONS: &[Correction] = &[
    Correction {
        published: "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')",
        corrected: "name.exists() implies name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')",
        reason: "A missing name gave neither true nor false, and without anchors any name with a capital letter matched; \
                 as HL7's validator.",
    },
    Correction {
        published: "probability is decimal implies (probability as decimal) <= 100",
        corrected: "(probability is decimal) implies ((probability as decimal) <= 100) or probability.empty()",
        reason: "ras-2 gave nothing where there is no probability; as HL7's validator.",
    },
    Correction {
        published: "enableWhen.count() > 2 implies enableBehavior.exists()",
        corrected: "enableWhen.count() > 1 implies enableBehavior.exists()",
        reason: "que-12 means more than one condition; as HL7's validator.",
    },
    Correction {
        published: "operator = 'exists' implies (answer is Boolean)",
        corrected: "operator = 'exists' implies (answer is boolean)",
        reason: "que-7 names System.Boolean, and the answer is a FHIR boolean; corrected in R4B.",
    },
    Correction {
        published: r#"path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')"#,
        corrected: r#"path.matches('^[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*$')"#,
        reason: "eld-19 means the whole path; as HL7's validator.",
    },
    Correction {
        published: r"path.matches('[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*')",
        corrected: r"path.matches('^[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*$')",
        reason: "eld-20 means the whole path; as HL7's validator.",
    },
];

/// The expression to evaluate for a published one.
pub fn corrected(published: &str) -> &str {
    CORRECTIONS.iter().find(|it| it.published == published).map_or(published, |it| it.corrected)
}

#[cfg(test)]
mod tests {
    use crate::fhir::Definitions;
    use crate::fhir::path::Expression;

    use super::*;

    #[test]
    fn every_correction_is_of_an_invariant_that_the_definitions_have() {
        let has = |text: &str| {
            Definitions::r4().types().iter().any(|def| {
                let of_elements = def.elements.iter().flat_map(|element| &element.constraints);
                def.constraints.iter().chain(of_elements).any(|it| it.expression == text)
            })
        };
        for it in CORRECTIONS {
            assert!(has(it.published), "{}", it.published);
            assert!(Expression::parse(it.corrected).is_ok() && !it.reason.is_empty(), "{}", it.corrected);
        }
    }
}
