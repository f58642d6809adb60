//! The use cases without HTTP around them.

use std::sync::Arc;

use vardbro::access::Caller;
use vardbro::audit::Interaction;
use vardbro::exchange::entries::{Entry, Wish};
use vardbro::exchange::read::{self, Known};
use vardbro::exchange::receive::{Submission, receive};
use vardbro::exchange::{Answer, Gateway};
use vardbro::fhir::{Document, ResourceKey, ResourceType};
use vardbro::store::Change;

use super::setup::{Running, call, transact};
use super::{county, texts};
use crate::measure::table::Table;
use crate::measure::{Effort, Failure};

/// Creates, reads and transactions.
pub async fn measure(running: &Running, effort: Effort, table: &mut Table) -> Result<(), Failure> {
    table.heading("in process: acknowledged and on disk, with validation, permission, audit, index and evidence");
    for at_once in [1, 16, 64] {
        let (gateway, caller) = (running.gateway.clone(), Arc::clone(&running.caller));
        let once = move |number| create(gateway.clone(), Arc::clone(&caller), effort, number);
        let (figure, note) = running.measure(&running.on, at_once, effort, once).await?;
        table.noted(format!("create of a 2 kB MedicationStatement, {at_once} callers"), figure, note);
    }
    for at_once in [1, 64] {
        let (gateway, caller) = (running.gateway.clone(), Arc::clone(&running.caller));
        let once = move |number| read(gateway.clone(), Arc::clone(&caller), effort, number);
        let (figure, note) = running.measure(&running.on, at_once, effort, once).await?;
        table.noted(format!("read, its audit entry on disk, {at_once} callers"), figure, note);
    }
    for at_once in [1, 16] {
        let (gateway, caller) = (running.gateway.clone(), Arc::clone(&running.caller));
        let once = move |number| twenty(gateway.clone(), Arc::clone(&caller), effort, number);
        let (figure, note) = running.measure(&running.on, at_once, effort, once).await?;
        table.noted(format!("transaction of 20 resources, {at_once} callers"), figure, note);
    }
    Ok(())
}

async fn create(gateway: Gateway, caller: Arc<Caller>, effort: Effort, number: u64) -> Result<(), Failure> {
    let text = texts::medication(&county::any_growing(effort, number), number).to_string();
    let document = Document::parse(text).map_err(|faults| format!("{faults:?}"))?;
    let kind = ResourceType::parse("MedicationStatement").ok_or("a type")?;
    let wish = Wish::Create { if_none_exist: None };
    let entries = [Entry { kind, wish, resource: Some(document.root()), full_url: None }];
    let submission = Submission { document: &document, entries: &entries, idempotency: None, notify: true };
    let mut call = call(&gateway, &caller, Interaction::Create);
    let received = receive(&gateway, &mut call, &submission, |_| Answer::empty(201)).await;
    received.map(|_| ()).map_err(|failure| format!("{failure:?}").into())
}

async fn read(gateway: Gateway, caller: Arc<Caller>, effort: Effort, number: u64) -> Result<(), Failure> {
    let id = county::any_medicine(effort, number);
    let key = ResourceKey::parse(&format!("MedicationStatement/{id}")).ok_or("a key")?;
    let mut call = call(&gateway, &caller, Interaction::Read);
    let answer = read::read(&gateway, &mut call, &key, Known::default()).await;
    let answer = answer.map_err(|failure| format!("{failure:?}"))?;
    let row = call.success_row(answer.status, gateway.clock.now());
    gateway.store.commit(Change { name: "audit", audit: vec![row], ..Change::default() }).await?;
    Ok(())
}

async fn twenty(gateway: Gateway, caller: Arc<Caller>, effort: Effort, number: u64) -> Result<(), Failure> {
    transact(&gateway, &caller, &whole_list(effort, number), true).await
}

/// A medication list with its nineteen medicines.
pub fn whole_list(effort: Effort, number: u64) -> serde_json::Value {
    let patient = county::any_growing(effort, number);
    let medicines = 0..19;
    let items: Vec<String> = medicines.clone().map(texts::urn).collect();
    let mut list = texts::medication_list("", &patient, "role", "2026-03-02T08:00:00+01:00", &items);
    if let Some(list) = list.as_object_mut() {
        list.remove("id");
    }
    let medicines = medicines.map(|place| texts::medication(&patient, number * 100 + place as u64));
    texts::transaction(medicines.chain([list]).collect())
}
