//! What is wrong and where: the issues that every stage hands on and one place turns into an OperationOutcome.

use std::fmt;

/// How bad an issue is ([issue-severity](https://hl7.org/fhir/R4/valueset-issue-severity.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is wrong; something is worth knowing (an inbound field without a place, say).
    Information,
    /// Acceptable, but likely not what the sender meant.
    Warning,
    /// Not acceptable.
    Error,
    /// Not acceptable, and nothing after it could be checked.
    Fatal,
}

impl Severity {
    /// The code in FHIR.
    pub fn code(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

/// What sort of issue it is ([issue-type](https://hl7.org/fhir/R4/valueset-issue-type.html)); those that we use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IssueCode {
    /// Not the form that FHIR or JSON asks for.
    Structure,
    /// A required element is missing.
    Required,
    /// A value outside what is allowed.
    Value,
    /// An invariant or profile rule is not met.
    Invariant,
    /// A code is not in its value set.
    CodeInvalid,
    /// Extra content that nothing defines.
    Extension,
    /// The content type, parameter, operation or interaction is not supported.
    NotSupported,
    /// There is no such resource, or the caller may not know of it.
    NotFound,
    /// The resource was deleted.
    Deleted,
    /// The request names several resources where one is needed.
    MultipleMatches,
    /// Somebody else changed the resource meanwhile.
    Conflict,
    /// The same thing was sent before.
    Duplicate,
    /// Too large, too deep, too many.
    TooLong,
    /// Too costly to answer.
    TooCostly,
    /// Who is calling is not known.
    Login,
    /// The caller may not do this.
    Forbidden,
    /// A rule of the business (an agreement, a law) is not met.
    BusinessRule,
    /// Something that the request needs is away for now.
    Transient,
    /// The gateway is too busy.
    Throttled,
    /// It took too long.
    Timeout,
    /// A fault of ours.
    Exception,
    /// For knowing only.
    Informational,
}

impl IssueCode {
    /// The code in FHIR.
    pub fn code(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::CodeInvalid => "code-invalid",
            Self::Extension => "extension",
            Self::NotSupported => "not-supported",
            Self::NotFound => "not-found",
            Self::Deleted => "deleted",
            Self::MultipleMatches => "multiple-matches",
            Self::Conflict => "conflict",
            Self::Duplicate => "duplicate",
            Self::TooLong => "too-long",
            Self::TooCostly => "too-costly",
            Self::Login => "login",
            Self::Forbidden => "forbidden",
            Self::BusinessRule => "business-rule",
            Self::Transient => "transient",
            Self::Throttled => "throttled",
            Self::Timeout => "timeout",
            Self::Exception => "exception",
            Self::Informational => "informational",
        }
    }
}

/// Where in the received text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// FHIRPath of the element with indices, as `MedicationStatement.dosage[0].text`; empty when it is not known.
    pub expression: String,
    /// JSON pointer (RFC 6901) into the received body; empty means its root.
    pub pointer: String,
    /// Line and column of the first byte, both from 1; `None` where there is no text.
    pub position: Option<(u32, u32)>,
}

/// One thing that is wrong or worth knowing.
///
/// The two texts never quote a value that could be a person's number or name: they say what to change, and the
/// place says where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// How bad.
    pub severity: Severity,
    /// What sort.
    pub code: IssueCode,
    /// The stable name of the rule, a code of `https://vardbro.example/fhir/CodeSystem/issue`, as `element-unknown`.
    pub rule: &'static str,
    /// Where.
    pub place: Place,
    /// What to change, in English.
    pub english: String,
    /// What to change, in Swedish.
    pub swedish: String,
    /// The constraint of a definition behind the rule, where there is one: the definition's canonical URL, `#`, and the
    /// key, as `http://hl7.org/fhir/StructureDefinition/Period#per-1`.
    pub constraint: Option<String>,
    /// The clause of an agreement behind the rule with its quote, where there is one.
    pub clause: Option<Clause>,
}

/// The words of an agreement that a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The obligation's id, as `VB-9.2`.
    pub obligation: String,
    /// The section of the agreement, as `9`.
    pub section: String,
    /// The sentence as it stands there.
    pub quote: String,
}

impl Issue {
    /// An issue of severity error without a place.
    pub fn error(code: IssueCode, rule: &'static str, english: impl Into<String>, swedish: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            rule,
            place: Place::default(),
            english: english.into(),
            swedish: swedish.into(),
            constraint: None,
            clause: None,
        }
    }

    /// The same issue with another severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same issue with the constraint that is broken.
    #[must_use]
    pub fn of_constraint(mut self, constraint: String) -> Self {
        self.constraint = Some(constraint);
        self
    }

    /// The same issue at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Whether it stops the content from being accepted.
    pub fn is_error(&self) -> bool {
        self.severity >= Severity::Error
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.severity.code(), self.english, self.rule)?;
        if !self.place.expression.is_empty() {
            write!(f, " at {}", self.place.expression)?;
        }
        if let Some((line, column)) = self.place.position {
            write!(f, " (line {line}, column {column})")?;
        }
        Ok(())
    }
}

/// An OperationOutcome of these issues as JSON; of none, one that says that all is well.
pub fn to_json(issues: &[Issue]) -> String {
    let well = [Issue::error(IssueCode::Informational, "well", "All is well.", "Allt är i sin ordning.")
        .with_severity(Severity::Information)];
    let issues = if issues.is_empty() { &well[..] } else { issues };
    let words: Vec<_> = issues.iter().map(in_words).collect();
    vardbro_sdk::operation_outcome(&words).unwrap_or_else(|fault| {
        tracing::error!(%fault, "an OperationOutcome could not be built");
        r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]}"#.into()
    })
}

/// The CodeSystem of the rules' names.
const RULES: &str = "https://vardbro.example/fhir/CodeSystem/issue";
/// The CodeSystem of the constraints of definitions: their canonical URLs and keys.
const CONSTRAINTS: &str = "https://vardbro.example/fhir/CodeSystem/constraint";
const CLAUSE: &str = "https://vardbro.example/fhir/StructureDefinition/agreement-clause";
const QUOTE: &str = "https://vardbro.example/fhir/StructureDefinition/agreement-quote";

fn in_words(issue: &Issue) -> vardbro_sdk::OutcomeIssue<'_> {
    let mut location = Vec::new();
    if !issue.place.pointer.is_empty() {
        location.push(issue.place.pointer.clone());
    }
    if let Some((line, column)) = issue.place.position {
        location.push(format!("line {line}, column {column}"));
    }
    let clause = issue
        .clause
        .iter()
        .flat_map(|c| [(CLAUSE, format!("{} ({})", c.obligation, c.section)), (QUOTE, c.quote.clone())]);
    vardbro_sdk::OutcomeIssue {
        severity: issue.severity.code(),
        code: issue.code.code(),
        rule: (RULES, issue.rule),
        constraint: issue.constraint.as_deref().map(|it| (CONSTRAINTS, it)),
        text: &issue.swedish,
        diagnostics: &issue.english,
        expression: &issue.place.expression,
        location,
        extensions: clause.collect(),
    }
}
