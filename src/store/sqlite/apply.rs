//! A change, step by step, inside its savepoint.

use super::row::Answer;
use super::writer::Tx;
use super::{audit, deliveries, evidence, expect, marks, memory, outbox, relations, verdicts, versions};
use crate::store::{Change, Committed};

/// Applies all of it, or refuses.
pub(super) fn apply(tx: &mut Tx<'_>, change: &Change) -> Answer<Committed> {
    // A request sent twice is told so before its expectations are looked at: the first one has made them fail.
    memory::use_token_ids(tx.conn, &change.token_ids)?;
    if let Some(answer) = &change.remember {
        memory::remember(tx.conn, answer)?;
    }
    expect::check(tx.conn, &change.expect)?;
    let sequences = write_versions(tx, change)?;
    for (key, found, relations) in &change.rederived {
        if let Some(rid) = versions::rid(tx.conn, key)? {
            evidence::replace(tx.conn, rid, true, found)?;
            relations::replace(tx.conn, rid, true, relations)?;
        }
    }
    marks::set(tx.conn, &change.reevaluate)?;
    for update in &change.verdicts {
        verdicts::put(tx.conn, update)?;
    }
    outbox::remove(tx.conn, &change.dispatched)?;
    deliveries::insert(tx.conn, &change.deliveries)?;
    deliveries::report(tx.conn, &change.delivery_outcomes)?;
    audit::open(tx.conn, &change.audit)?;
    audit::close(tx.conn, &change.audit_closed)?;
    Ok(Committed { sequences })
}

fn write_versions(tx: &mut Tx<'_>, change: &Change) -> Answer<Vec<u64>> {
    let mut sequences = Vec::with_capacity(change.versions.len());
    for version in &change.versions {
        sequences.push(versions::write(tx, version, change)?);
    }
    if change.notify {
        outbox::add(tx.conn, &change.versions)?;
    }
    Ok(sequences)
}
