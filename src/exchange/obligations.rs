//! What is owed to whom, and whether it is there.

use jiff::Timestamp;

use crate::access::{self, ActorRole, Denied, DeniedReason, Operation};
use crate::agreement::{Subject, Verdict};
use crate::fhir::value::quoted;
use crate::fhir::{Issue, IssueCode, ResourceKey, ResourceType, instant};
use crate::store::{SummaryBy, SummaryRow, VerdictInterval};

use super::read::{self, Known};
use super::{Answer, Call, Failure, Gateway, reevaluate};

/// The verdicts on a subject at an instant, judged now from the evidence that is known now.
///
/// # Errors
/// 400 without a subject that can be judged; for a patient or unit that the caller may not know of, 404.
pub async fn of_subject(
    gateway: &Gateway,
    call: &mut Call,
    subject: Option<&str>,
    at: Timestamp,
) -> Result<Answer, Failure> {
    let subject = permitted(gateway, call, subject).await?;
    let verdicts = reevaluate::judge(gateway, &subject, None, at).await?.verdicts;
    let verdicts: Vec<String> = verdicts.iter().map(json).collect();
    Ok(Answer::json(
        200,
        format!(
            "{{\"subject\":{},\"asOf\":{},\"verdicts\":[{}]}}",
            quoted(&subject.to_string()),
            quoted(&instant::format(at)),
            verdicts.join(",")
        ),
    ))
}

fn json(verdict: &Verdict) -> String {
    // A verdict holds strings and instants: writing it as JSON can't fail.
    serde_json::to_string(verdict).unwrap_or_default()
}

/// The intervals of a subject's verdicts, as they were stored.
///
/// # Errors
/// As [`of_subject`].
pub async fn history(gateway: &Gateway, call: &mut Call, subject: Option<&str>) -> Result<Answer, Failure> {
    let subject = permitted(gateway, call, subject).await?;
    let intervals = gateway.store.verdict_history(&subject).await?;
    let intervals: Vec<String> = intervals.iter().map(interval).collect();
    let subject = quoted(&subject.to_string());
    Ok(Answer::json(200, format!("{{\"subject\":{subject},\"intervals\":[{}]}}", intervals.join(","))))
}

fn interval(interval: &VerdictInterval) -> String {
    let until = interval.until.map_or_else(|| "null".to_owned(), |until| quoted(&instant::format(until)));
    format!(
        "{{\"obligation\":{},\"state\":\"{}\",\"from\":{},\"until\":{until}}}",
        quoted(&interval.obligation),
        interval.state.as_str(),
        quoted(&instant::format(interval.from))
    )
}

/// Counts of subjects by state. They name no patient, and need the scope for MeasureReport.
///
/// # Errors
/// 400 for a grouping that we do not have, 403 for scopes.
pub async fn summary(gateway: &Gateway, call: &Call, by: Option<&str>, at: Timestamp) -> Result<Answer, Failure> {
    admit(call, Operation::Search)?;
    let by = match by.unwrap_or("obligation") {
        "obligation" => SummaryBy::Obligation,
        "kommun" => SummaryBy::Kommun,
        "unit" => SummaryBy::Unit,
        _ => {
            return Err(Failure::unreadable(Issue::error(
                IssueCode::Value,
                "summary-by",
                "by is obligation, kommun or unit.",
                "by är obligation, kommun eller unit.",
            )));
        }
    };
    let rows = gateway.store.summary(by, at).await?;
    let rows: Vec<String> = rows.iter().map(row).collect();
    Ok(Answer::json(200, format!("{{\"asOf\":{},\"rows\":[{}]}}", quoted(&instant::format(at)), rows.join(","))))
}

fn row(row: &SummaryRow) -> String {
    format!(
        "{{\"group\":{},\"obligation\":{},\"state\":\"{}\",\"count\":{}}}",
        quoted(&row.group),
        quoted(if row.obligation.is_empty() { &row.group } else { &row.obligation }),
        row.state.as_str(),
        row.count
    )
}

fn admit(call: &Call, operation: Operation) -> Result<(), Failure> {
    let kind = ResourceType::parse("MeasureReport").ok_or_else(read::unknown_type)?;
    access::admit(&call.caller, operation, kind).map(|_| ()).map_err(|denied| Failure::Denied(denied, None))
}

/// The subject, once the caller has leave to know of it: verdicts on a patient or unit tell as much as reading it.
async fn permitted(gateway: &Gateway, call: &mut Call, subject: Option<&str>) -> Result<Subject, Failure> {
    admit(call, Operation::Read)?;
    let subject = subject.and_then(Subject::parse).ok_or_else(subject_needed)?;
    match &subject {
        Subject::Patient { reference } | Subject::Unit { reference } => {
            let key = ResourceKey::parse(reference).ok_or_else(subject_needed)?;
            read::read(gateway, call, &key, Known::default()).await?;
        }
        Subject::Pair { .. } | Subject::Agreement { .. } => {}
        Subject::Resource { .. } | Subject::Context { .. } => return Err(subject_needed()),
    }
    // A social care provider may not see by way of verdicts what it may not read.
    if call.caller.role() == ActorRole::SocialCareProvider && matches!(subject, Subject::Patient { .. }) {
        return Err(Failure::Denied(Denied { reason: DeniedReason::NoRelation }, None));
    }
    Ok(subject)
}

fn subject_needed() -> Failure {
    Failure::unreadable(Issue::error(
        IssueCode::Required,
        "subject-needed",
        "Name the subject: ?subject=Patient/[id] or Organization/[id].",
        "Ange vem det gäller: ?subject=Patient/[id] eller Organization/[id].",
    ))
}
