//! `/obligations`: verdicts, their counts and their history.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;

use crate::audit::Interaction;
use crate::exchange::{Call, obligations};

use super::{Web, access, parameters};

/// GET `/obligations?subject=Patient/1&asOf=`
pub async fn of_subject(State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let (mut call, pairs) = match opened(&web, query, &headers, "obligations.subject").await {
        Ok(opened) => opened,
        Err(refused) => return refused,
    };
    let result = async {
        let at = parameters::instant(&pairs, "asOf")?.unwrap_or(call.at);
        obligations::of_subject(&web.gateway, &mut call, parameters::first(&pairs, "subject"), at).await
    }
    .await;
    access::finish(&web, call, result).await
}

/// GET `/obligations/summary?by=obligation|kommun|unit&asOf=`
pub async fn summary(State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let (call, pairs) = match opened(&web, query, &headers, "obligations.summary").await {
        Ok(opened) => opened,
        Err(refused) => return refused,
    };
    let result = async {
        let at = parameters::instant(&pairs, "asOf")?.unwrap_or(call.at);
        obligations::summary(&web.gateway, &call, parameters::first(&pairs, "by"), at).await
    }
    .await;
    access::finish(&web, call, result).await
}

/// GET `/obligations/history?subject=Patient/1`
pub async fn history(State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let (mut call, pairs) = match opened(&web, query, &headers, "obligations.history").await {
        Ok(opened) => opened,
        Err(refused) => return refused,
    };
    let result = obligations::history(&web.gateway, &mut call, parameters::first(&pairs, "subject")).await;
    access::finish(&web, call, result).await
}

type Opened = (Call, Vec<(String, String)>);

async fn opened(web: &Web, query: Option<String>, headers: &HeaderMap, what: &str) -> Result<Opened, Response> {
    let call = access::begin(web, headers, Interaction::Operation, what).await?;
    Ok((call, parameters::pairs(query.as_deref().unwrap_or_default())))
}
