//! The layers around every route, outermost first, each with its reason.
//!
//! 1. **catch panic**: a fault of ours in one request is a 500 with an OperationOutcome, not a closed connection.
//! 2. **request id**: every log line and audit entry of a request carries it; the client's own is kept if it is sound.
//! 3. **count**: requests by route, method and status, for `/metrics`. Never a path, which could hold an id.
//! 4. **negotiate**: what can't be read (415) or written (406) is told before anything is done.
//! 5. **shed**: when too much is under way, 503 at once is kinder than an answer that comes too late.
//! 6. **time limit**: a request that hangs must not hold its connection for ever (408).
//! 7. **body limit**: nothing larger than we are willing to parse gets into memory (413), from strangers next to nothing.
//!
//! What a layer refuses on a closed route is an access like any other: authenticated, and on record before the answer.

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;

use crate::audit::Interaction;
use crate::exchange::Failure;
use crate::fhir::{Issue, IssueCode};

use super::{ROUTES, Web, access, error, respond};

/// Puts the layers around the routes.
pub fn wrap(routes: Router<Web>, web: &Web) -> Router<Web> {
    routes
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(from_fn_with_state(web.clone(), limit_body))
        .layer(from_fn_with_state(web.clone(), limit_time))
        .layer(from_fn_with_state(web.clone(), shed))
        .layer(from_fn_with_state(web.clone(), negotiate))
        .layer(from_fn_with_state(web.clone(), count))
        .layer(from_fn_with_state(web.clone(), identify))
        .layer(CatchPanicLayer::custom(|_panic| respond::outcome(StatusCode::INTERNAL_SERVER_ERROR, &[error::fault()])))
}

/// Gives the request an id, or keeps a sound one, and repeats it in the response.
async fn identify(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let sound = |text: &str| {
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let given =
        request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).filter(|t| sound(t)).map(ToOwned::to_owned);
    let id = given.filter(|id| !crate::identity::looks_personal(id)).unwrap_or_else(|| web.gateway.entropy.uuid());
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert("x-request-id", value);
    }
    let mut response = next.run(request).await;
    respond::set(&mut response, "X-Request-Id", &id);
    respond::set(&mut response, "X-Content-Type-Options", "nosniff");
    response
}

async fn count(State(web): State<Web>, request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "unmatched".to_owned(), |p| p.as_str().to_owned());
    let method = known_method(request.method());
    let from = web.gateway.clock.now();
    let response = next.run(request).await;
    let took = web.gateway.clock.now().duration_since(from).as_secs_f64();
    let status = response.status().as_u16().to_string();
    metrics::counter!("vardbro_http_requests_total", "route" => route.clone(), "method" => method, "status" => status.clone()).increment(1);
    metrics::histogram!("vardbro_http_request_seconds", "route" => route.clone()).record(took);
    tracing::info!(route, method, status, took, "request");
    response
}

/// A label for metrics: anybody can send any word as a method, and each would be a series of its own.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Answers 503 at once when too much is under way already, so that those who wait get an answer in time.
async fn shed(State(web): State<Web>, request: Request, next: Next) -> Response {
    let Ok(_place) = web.places.try_acquire() else {
        let mut busy = respond::outcome(
            StatusCode::SERVICE_UNAVAILABLE,
            &[Issue::error(
                IssueCode::Throttled,
                "busy",
                "Too much is under way; try again.",
                "För mycket pågår; försök igen.",
            )],
        );
        respond::set(&mut busy, "Retry-After", "1");
        return busy;
    };
    next.run(request).await
}

async fn limit_time(State(web): State<Web>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(web.limits.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => respond::outcome(
            StatusCode::REQUEST_TIMEOUT,
            &[Issue::error(IssueCode::Timeout, "timeout", "The request took too long.", "Begäran tog för lång tid.")],
        ),
    }
}

async fn negotiate(State(web): State<Web>, request: Request, next: Next) -> Response {
    match super::negotiate::understood(&request) {
        Ok(()) => next.run(request).await,
        Err(failure) => refuse(&web, is_closed(&request), request.headers(), failure).await,
    }
}

async fn limit_body(State(web): State<Web>, request: Request, next: Next) -> Response {
    let is_closed = is_closed(&request);
    let (parts, body) = request.into_parts();
    let limit = body_limit(&web, &parts.headers);
    let issue = match axum::body::to_bytes(body, limit).await {
        Ok(bytes) => return next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(fault) if is_too_long(&fault) => too_long(limit),
        Err(_) => Issue::error(
            IssueCode::Structure,
            "body-incomplete",
            "The body ended too early.",
            "Innehållet slutade för tidigt.",
        ),
    };
    refuse(&web, is_closed, &parts.headers, Failure::unreadable(issue)).await
}

/// Whether the request is for a route that needs a token.
fn is_closed(request: &Request) -> bool {
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    ROUTES.iter().any(|route| !route.open && Some(route.path) == matched && route.method == request.method().as_str())
}

/// Refuses a request that no handler will see.
async fn refuse(web: &Web, is_closed: bool, headers: &http::HeaderMap, failure: Failure) -> Response {
    if !is_closed {
        return error::response(failure, &access::request_id(headers));
    }
    match access::begin(web, headers, Interaction::Operation, "http.refused").await {
        Ok(call) => access::finish(web, call, Err(failure)).await,
        Err(refused) => refused,
    }
}

/// Those whom nobody knows may fill no more memory than a token request takes.
const STRANGERS_LIMIT: usize = 64 << 10;

fn body_limit(web: &Web, headers: &http::HeaderMap) -> usize {
    let authorization = headers.get(http::header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let known = web.tokens.verify(authorization, web.gateway.clock.now()).is_ok();
    if known { web.limits.body } else { STRANGERS_LIMIT.min(web.limits.body) }
}

fn is_too_long(fault: &axum::Error) -> bool {
    use std::error::Error as _;
    fault.source().is_some_and(|source| source.to_string().contains("length limit"))
}

fn too_long(limit: usize) -> Issue {
    let kibibytes = limit >> 10;
    Issue::error(
        IssueCode::TooLong,
        "json-size",
        format!("The body is larger than {kibibytes} KiB."),
        format!("Innehållet är större än {kibibytes} KiB."),
    )
}
