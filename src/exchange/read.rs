//! Reading one resource, one version, or its history.

use crate::access::{self, Operation};
use crate::fhir::{Issue, IssueCode, ResourceKey, instant};
use crate::store::StoredVersion;

use super::{Answer, Call, Failure, Gateway, permission};

/// What a conditional read already has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// `If-None-Match`: the version that the client holds.
    pub version: Option<u64>,
    /// `If-Modified-Since`, in whole seconds.
    pub since: Option<jiff::Timestamp>,
}

/// The newest version.
///
/// # Errors
/// 404 where it does not exist or the caller may not know of it, 410 where it was deleted.
pub async fn read(gateway: &Gateway, call: &mut Call, key: &ResourceKey, known: Known) -> Result<Answer, Failure> {
    let version = newest(gateway, call, key).await?;
    let unchanged = known.version == Some(version.version)
        || known.version.is_none() && known.since.is_some_and(|since| version.updated.as_second() <= since.as_second());
    if unchanged {
        return Ok(Answer { body: None, ..Answer::version(304, &version) });
    }
    Ok(Answer::version(200, &version))
}

/// The newest version as it is stored, for those who look into it; it is read by the same rules and on the same record.
///
/// # Errors
/// As [`read`].
pub async fn newest(gateway: &Gateway, call: &mut Call, key: &ResourceKey) -> Result<StoredVersion, Failure> {
    let version = permitted(gateway, call, key, None).await?;
    if version.text.is_none() { Err(Failure::Gone(key.clone())) } else { Ok(version) }
}

/// One version.
///
/// # Errors
/// As [`read`].
pub async fn vread(gateway: &Gateway, call: &mut Call, key: &ResourceKey, version: u64) -> Result<Answer, Failure> {
    let version = permitted(gateway, call, key, Some(version)).await?;
    if version.text.is_none() {
        return Err(Failure::Gone(key.clone()));
    }
    Ok(Answer::version(200, &version))
}

/// All versions, newest first, a page at a time.
///
/// # Errors
/// As [`read`]; versions that came from elsewhere at a time when the caller had no relation are permitted one by one.
pub async fn history(
    gateway: &Gateway,
    call: &mut Call,
    key: &ResourceKey,
    page: HistoryPage,
) -> Result<Answer, Failure> {
    permitted(gateway, call, key, None).await?;
    let mut versions = gateway.store.history(key, page.before, page.count + 1).await?;
    let more = versions.len() > page.count as usize;
    versions.truncate(page.count as usize);
    let mut entries = Vec::with_capacity(versions.len());
    // The call is written to in the loop, so the admission leans on a copy of who calls.
    let caller = call.caller.clone();
    let admission = access::admit(&caller, Operation::Read, key.kind).map_err(|d| Failure::Denied(d, None))?;
    for version in &versions {
        permission::to_read(gateway, &admission, version).await?;
        call.touch(version);
        entries.push(history_entry(gateway, version));
    }
    let next = more.then(|| versions.last().map(|v| v.sequence)).flatten();
    Ok(Answer::fhir(200, history_bundle(gateway, key, &entries, page.count, next)))
}

/// Which part of a history.
#[derive(Debug, Clone, Copy)]
pub struct HistoryPage {
    /// Older than this sequence number.
    pub before: Option<u64>,
    /// At most so many.
    pub count: u32,
}

/// The version, once the caller has leave to read it; the audit entry names it either way.
async fn permitted(
    gateway: &Gateway,
    call: &mut Call,
    key: &ResourceKey,
    version: Option<u64>,
) -> Result<StoredVersion, Failure> {
    call.touch_key(key);
    admit(call, Operation::Read, key)?;
    let found = match version {
        None => gateway.store.read(key).await?,
        Some(version) => gateway.store.read_version(key, version).await?,
    };
    let found = found.ok_or_else(|| Failure::NotFound(key.clone()))?;
    let admission = admit(call, Operation::Read, key)?;
    let permit = permission::to_read(gateway, &admission, &found).await?;
    call.entry.basis = Some(permit.basis().as_str().to_owned());
    call.entry.reached(key);
    call.touch(&found);
    Ok(found)
}

fn admit<'a>(call: &'a Call, operation: Operation, key: &ResourceKey) -> Result<access::Admission<'a>, Failure> {
    access::admit(&call.caller, operation, key.kind).map_err(|denied| Failure::Denied(denied, Some(key.clone())))
}

fn history_entry(gateway: &Gateway, version: &StoredVersion) -> String {
    let url = format!("{}/{}", gateway.base, version.key);
    let method = match (&version.text, version.version) {
        (None, _) => "DELETE",
        (Some(_), 1) => "POST",
        (Some(_), _) => "PUT",
    };
    let target = if method == "POST" { version.key.kind.to_string() } else { version.key.to_string() };
    let status = if version.version == 1 {
        "201"
    } else if method == "DELETE" {
        "204"
    } else {
        "200"
    };
    let resource = version.text.as_ref().map(|text| format!(",\"resource\":{text}")).unwrap_or_default();
    format!(
        "{{\"fullUrl\":\"{url}\"{resource},\"request\":{{\"method\":\"{method}\",\"url\":\"{target}\"}},\"response\":{{\"status\":\"{status}\",\"etag\":\"W/\\\"{}\\\"\",\"lastModified\":\"{}\"}}}}",
        version.version,
        instant::format(version.updated)
    )
}

fn history_bundle(gateway: &Gateway, key: &ResourceKey, entries: &[String], count: u32, next: Option<u64>) -> String {
    let url = format!("{}/{key}/_history", gateway.base);
    let next = next
        .map(|before| format!(",{{\"relation\":\"next\",\"url\":\"{url}?_count={count}&_before={before}\"}}"))
        .unwrap_or_default();
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"history\",\"link\":[{{\"relation\":\"self\",\"url\":\"{url}\"}}{next}],\"entry\":[{}]}}",
        entries.join(",")
    )
}

/// The failure for a resource type that does not exist.
pub fn unknown_type() -> Failure {
    Failure::UnknownRoute(Issue::error(
        IssueCode::NotSupported,
        "type-unknown",
        "R4 has no resource type of this name; names are case sensitive.",
        "R4 har ingen resurstyp med detta namn; versaler och gemener skiljs åt.",
    ))
}
