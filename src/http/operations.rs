//! For those who run the gateway: is it alive, is it ready, how is it doing.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use crate::fhir::Value;

use super::{ROUTES, Web, respond};

/// GET `/livez`: the process answers.
pub async fn livez() -> Response {
    respond::json(StatusCode::OK, "{\"status\":\"alive\"}".into())
}

/// GET `/readyz`: the store can be read and written.
pub async fn readyz(State(web): State<Web>) -> Response {
    match web.gateway.store.ping().await {
        Ok(()) => respond::json(StatusCode::OK, "{\"status\":\"ready\"}".into()),
        Err(refused) => {
            tracing::warn!(%refused, "not ready");
            respond::json(StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"not ready\"}".into())
        }
    }
}

/// GET `/metrics`: Prometheus text.
pub async fn metrics(State(web): State<Web>) -> Response {
    if let Ok(state) = web.gateway.store.queue_state().await {
        metrics::gauge!("vardbro_outbox_entries").set(gauge(state.outbox));
        metrics::gauge!("vardbro_reevaluation_marks").set(gauge(state.marked));
        for (receiver, state, count) in state.deliveries {
            metrics::gauge!("vardbro_deliveries", "receiver" => receiver, "state" => format!("{state:?}"))
                .set(gauge(count));
        }
    }
    let text = web.metrics.as_ref().map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default();
    let mut answer = crate::exchange::Answer::json(200, text);
    answer.headers = vec![("Content-Type".into(), "text/plain; version=0.0.4".into())];
    respond::answer(answer)
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts stay far below 2^53")]
fn gauge(count: u64) -> f64 {
    count as f64
}

/// GET `/openapi.json`: the routes, from the table that the router is made of.
pub async fn openapi(State(web): State<Web>) -> Response {
    let mut paths = Value::object();
    for route in ROUTES {
        let mut path = paths.get(route.path).cloned().unwrap_or_else(Value::object);
        path.set(&route.method.to_lowercase(), operation(route));
        paths.set(route.path, path);
    }
    let document = Value::from([
        ("openapi", "3.1.0".into()),
        ("info", Value::from([("title", "Vårdbro".into()), ("version", env!("CARGO_PKG_VERSION").into())])),
        ("servers", vec![Value::from([("url", web.root.to_string().into())])].into()),
        ("paths", paths),
        (
            "components",
            Value::from([(
                "securitySchemes",
                Value::from([("bearer", Value::from([("type", "http".into()), ("scheme", "bearer".into())]))]),
            )]),
        ),
    ]);
    respond::json(StatusCode::OK, document.to_string())
}

fn operation(route: &super::Route) -> Value {
    let parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            Value::from([
                ("name", name.into()),
                ("in", "path".into()),
                ("required", true.into()),
                ("schema", Value::from([("type", "string".into())])),
            ])
        })
        .collect();
    let secured = || vec![Value::Object(vec![("bearer".into(), Value::Array(Vec::new()))])];
    let answers = Value::from([("default", Value::from([("description", route.summary.into())]))]);
    Value::from([
        ("summary", route.summary.into()),
        ("parameters", parameters.into()),
        ("security", if route.open { Value::Null } else { secured().into() }),
        ("responses", answers),
    ])
}
