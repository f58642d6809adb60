//! The delivery queue for those who run the gateway.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::HeaderMap;

use crate::access::{ActorRole, Denied, DeniedReason};
use crate::audit::Interaction;
use crate::exchange::{Answer, Call, Failure};
use crate::fhir::{Issue, IssueCode, Value, instant};
use crate::store::{Delivery, DeliveryState};

use super::{Web, access, error, parameters};

/// GET `/deliveries?receiver=&state=`
pub async fn list(State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let call = match access::begin(&web, &headers, Interaction::Operation, "deliveries.list").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let pairs = parameters::pairs(query.as_deref().unwrap_or_default());
    let result = rows(&web, &call, &pairs).await;
    access::finish(&web, call, result).await
}

async fn rows(web: &Web, call: &Call, pairs: &[(String, String)]) -> Result<Answer, Failure> {
    administration(call)?;
    let state = parameters::first(pairs, "state").map(|text| state(text).ok_or_else(no_state)).transpose()?;
    let found = web.gateway.store.deliveries(parameters::first(pairs, "receiver"), state, 200).await?;
    let rows: Vec<Value> = found.iter().map(row).collect();
    Ok(Answer::json(200, Value::Object(vec![("deliveries".into(), Value::Array(rows))]).to_string()))
}

fn row(delivery: &Delivery) -> Value {
    let changes: Vec<String> =
        delivery.what.changes.iter().map(|(key, version)| format!("{key}/_history/{version}")).collect();
    Value::from([
        ("id", delivery.id.into()),
        ("receiver", delivery.what.receiver.clone().into()),
        ("patient", delivery.what.patient.clone().into()),
        ("idempotencyKey", delivery.what.idempotency_key.clone().into()),
        ("changes", changes.into()),
        ("state", word(delivery.state).into()),
        ("attempts", u64::from(delivery.attempts).into()),
        ("next", instant::format(delivery.next).into()),
        ("lastError", delivery.last_error.clone().into()),
    ])
}

/// POST `/deliveries/{id}/$replay`
pub async fn replay(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let call = match access::begin(&web, &headers, Interaction::Operation, "deliveries.replay").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = replay_one(&web, &call, &id).await;
    access::finish(&web, call, result).await
}

async fn replay_one(web: &Web, call: &Call, id: &str) -> Result<Answer, Failure> {
    administration(call)?;
    let unknown = || Failure::UnknownRoute(error::not_found());
    let id = id.parse().map_err(|_| unknown())?;
    if web.gateway.store.replay(id, web.gateway.clock.now()).await? {
        web.gateway.wake.deliver.notify_one();
        Ok(Answer::json(200, "{\"state\":\"waiting\"}".into()))
    } else {
        Err(unknown())
    }
}

fn no_state() -> Failure {
    Failure::unreadable(Issue::error(
        IssueCode::Value,
        "search-value-invalid",
        "The parameter state can be waiting, leased, delivered, withheld or dead.",
        "Parametern state kan vara waiting, leased, delivered, withheld eller dead.",
    ))
}

fn administration(call: &Call) -> Result<(), Failure> {
    match call.caller.role() {
        ActorRole::Administration | ActorRole::Suite => Ok(()),
        ActorRole::CareProvider | ActorRole::SocialCareProvider => {
            Err(Failure::Denied(Denied { reason: DeniedReason::Scope }, None))
        }
    }
}

fn word(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Leased => "leased",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Withheld => "withheld",
        DeliveryState::Dead => "dead",
    }
}

fn state(text: &str) -> Option<DeliveryState> {
    use DeliveryState::{Dead, Delivered, Leased, Waiting, Withheld};
    [Waiting, Leased, Delivered, Withheld, Dead].into_iter().find(|state| word(*state) == text)
}
