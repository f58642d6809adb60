//! POST `/fhir/$fhirpath`: an expression over a resource, as the FHIRPath Lab's servers answer it.

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;

use crate::audit::Interaction;
use crate::exchange::{Answer, Failure};
use crate::fhir::path::{Context, Expression, Item, NoResolver};
use crate::fhir::{Document, Issue, IssueCode, Kind, Value};

use super::fhir_write::parse;
use super::{Web, access};

/// POST `/fhir/$fhirpath`
pub async fn evaluate(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let call = match access::begin(&web, &headers, Interaction::Operation, "fhir.fhirpath").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = parse(&body).and_then(|document| answer(&web, &document));
    access::finish(&web, call, result).await
}

fn answer(web: &Web, document: &Document) -> Result<Answer, Failure> {
    let parameter = |name: &str| document.root().list("parameter").find(|p| p.str_at("name").as_deref() == Some(name));
    let text = parameter("expression").and_then(|p| p.str_at("valueString"));
    let resource = parameter("resource").and_then(|p| p.get("resource"));
    let (Some(text), Some(resource)) = (text, resource) else {
        return Err(fault(
            "Parameters must hold expression (valueString) and resource.",
            "Parameters ska innehålla expression (valueString) och resource.",
        ));
    };
    let expression = Expression::parse(&text).map_err(|f| fault(&f.to_string(), "Uttrycket är inte FHIRPath."))?;
    // The resource stands alone: %rootResource is it, not the Parameters around it.
    let alone = parse(resource.text().as_bytes())?;
    let context = Context { resource: alone.root(), now: web.gateway.clock.now(), resolver: &NoResolver };
    let items = expression
        .evaluate(&context, alone.root())
        .map_err(|f| fault(&f.to_string(), "Uttrycket kan inte beräknas för denna resurs."))?;
    let parts: Vec<Value> = items.iter().map(part).collect();
    let result = Value::object().with("name", "result").with("part", parts);
    let parameters = Value::object().with("resourceType", "Parameters").with("parameter", vec![result]);
    Ok(Answer::fhir(200, parameters.to_string()))
}

fn part(item: &Item<'_>) -> Value {
    let type_name = item.fhir_type_name();
    let part = Value::object().with("name", type_name);
    let is_resource =
        item.as_node().is_some_and(|node| node.kind() == Kind::Object && node.get("resourceType").is_some());
    if is_resource {
        return part.with("resource", item.to_value());
    }
    let mut letters = type_name.chars();
    let capital =
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default();
    // Backbone types have no value[x]: their content is given as JSON text.
    if type_name.contains('.') {
        return part.with("valueString", item.to_value().to_string());
    }
    part.with(&format!("value{capital}"), item.to_value())
}

fn fault(english: &str, swedish: &str) -> Failure {
    Failure::unreadable(Issue::error(IssueCode::Value, "fhirpath", english, swedish))
}
