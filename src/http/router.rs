//! Every route on one page, by who calls it.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::{
    Web, agreements, bundle, concepts, deliveries, fhir_read, fhir_search, fhir_write, fhirpath, metadata, middleware,
    oauth, obligations, operations, validate,
};

/// A route as it is told of in `/openapi.json` and walked through by the tests that ask every route for its audit entry.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// HTTP method.
    pub method: &'static str,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Whether it needs no token. Such a route tells nothing about anybody.
    pub open: bool,
}

const fn open(method: &'static str, path: &'static str, summary: &'static str) -> Route {
    Route { method, path, summary, open: true }
}

const fn closed(method: &'static str, path: &'static str, summary: &'static str) -> Route {
    Route { method, path, summary, open: false }
}

/// The table. The router is made of it: a route that is not here does not exist.
pub const ROUTES: &[Route] = &[
    // EHR vendors: FHIR R4 REST, generic over all resource types.
    open("GET", "/fhir/metadata", "CapabilityStatement"),
    open("GET", "/fhir/.well-known/smart-configuration", "SMART discovery"),
    closed("POST", "/fhir", "Transaction or batch"),
    closed("POST", "/fhir/", "Transaction or batch"),
    closed("POST", "/fhir/$fhirpath", "Evaluate a FHIRPath expression"),
    closed("POST", "/fhir/$validate", "Validate a resource of any type without storing"),
    closed("GET", "/fhir/{type}", "Search"),
    closed("POST", "/fhir/{type}", "Create"),
    // A slash at the end makes no difference (http.html#root).
    closed("GET", "/fhir/{type}/", "Search"),
    closed("POST", "/fhir/{type}/", "Create"),
    closed("PUT", "/fhir/{type}", "Conditional update"),
    closed("POST", "/fhir/{type}/_search", "Search with the parameters in the body"),
    closed("POST", "/fhir/{type}/$validate", "Validate without storing"),
    closed("GET", "/fhir/{type}/{id}", "Read"),
    closed("PUT", "/fhir/{type}/{id}", "Update or create with this id"),
    closed("GET", "/fhir/{type}/{id}/$validate", "Validate the stored instance"),
    closed("POST", "/fhir/{type}/{id}/$validate", "Validate the stored instance, or what is to take its place"),
    closed("DELETE", "/fhir/{type}/{id}", "Delete"),
    closed("GET", "/fhir/{type}/{id}/_history", "All versions"),
    closed("GET", "/fhir/{type}/{id}/_history/{version}", "One version"),
    // EHR vendors: concepts.
    open("GET", "/concepts/schemas/{kind}", "JSON Schema of a concept"),
    closed("POST", "/concepts/{kind}", "Receive a concept as JSON or RIV-TA XML"),
    closed("GET", "/concepts/{kind}", "A patient's concepts as JSON"),
    closed("POST", "/concepts/{kind}/$map", "Map a concept to FHIR without storing"),
    // Those who follow up.
    closed("GET", "/agreements", "The agreements"),
    closed("GET", "/agreements/{id}", "One agreement as data"),
    closed("GET", "/obligations", "Verdicts of a subject"),
    closed("GET", "/obligations/summary", "Counts of verdicts"),
    closed("GET", "/obligations/history", "Intervals of a subject's verdicts"),
    // Those who run the gateway.
    closed("GET", "/deliveries", "Deliveries by receiver and state"),
    closed("POST", "/deliveries/{id}/$replay", "Put a dead delivery back in its lane"),
    // Systems that need a token.
    open("GET", "/.well-known/smart-configuration", "SMART discovery"),
    open("GET", "/oauth2/jwks", "Keys that verify the gateway's tokens"),
    open("POST", "/oauth2/token", "Access token for a signed assertion"),
    // The machinery around.
    open("GET", "/livez", "Alive"),
    open("GET", "/readyz", "Ready"),
    open("GET", "/metrics", "Prometheus metrics"),
    open("GET", "/openapi.json", "This table"),
];

/// The router of a gateway.
pub fn router(web: &Web) -> Router {
    let routes = ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, handler(route)));
    middleware::wrap(routes.fallback(fallback).method_not_allowed_fallback(not_allowed), web).with_state(web.clone())
}

fn handler(route: &Route) -> MethodRouter<Web> {
    match (route.method, route.path) {
        ("GET", "/fhir/metadata") => get(metadata::get),
        ("GET", "/fhir/.well-known/smart-configuration" | "/.well-known/smart-configuration") => get(oauth::discovery),
        ("POST", "/fhir" | "/fhir/") => post(bundle::post),
        ("POST", "/fhir/$fhirpath") => post(fhirpath::evaluate),
        ("GET", "/fhir/{type}" | "/fhir/{type}/") => get(fhir_search::get),
        ("POST", "/fhir/{type}" | "/fhir/{type}/") => post(fhir_write::create),
        ("PUT", "/fhir/{type}") => put(fhir_write::update_matching),
        ("POST", "/fhir/{type}/_search") => post(fhir_search::post),
        ("POST", "/fhir/$validate") => post(validate::any),
        ("POST", "/fhir/{type}/$validate") => post(validate::of_type),
        ("GET", "/fhir/{type}/{id}/$validate") => get(validate::instance),
        ("POST", "/fhir/{type}/{id}/$validate") => post(validate::instance),
        ("GET", "/fhir/{type}/{id}") => get(fhir_read::read),
        ("PUT", "/fhir/{type}/{id}") => put(fhir_write::update),
        ("DELETE", "/fhir/{type}/{id}") => on(MethodFilter::DELETE, fhir_write::delete),
        ("GET", "/fhir/{type}/{id}/_history") => get(fhir_read::history),
        ("GET", "/fhir/{type}/{id}/_history/{version}") => get(fhir_read::vread),
        ("GET", "/concepts/schemas/{kind}") => get(concepts::json_schema),
        ("POST", "/concepts/{kind}") => post(concepts::submit),
        ("GET", "/concepts/{kind}") => get(concepts::get),
        ("POST", "/concepts/{kind}/$map") => post(concepts::map),
        ("GET", "/agreements") => get(agreements::list),
        ("GET", "/agreements/{id}") => get(agreements::get),
        ("GET", "/obligations") => get(obligations::of_subject),
        ("GET", "/obligations/summary") => get(obligations::summary),
        ("GET", "/obligations/history") => get(obligations::history),
        ("GET", "/deliveries") => get(deliveries::list),
        ("POST", "/deliveries/{id}/$replay") => post(deliveries::replay),
        ("GET", "/oauth2/jwks") => get(oauth::jwks),
        ("POST", "/oauth2/token") => post(oauth::token),
        ("GET", "/livez") => get(operations::livez),
        ("GET", "/readyz") => get(operations::readyz),
        ("GET", "/metrics") => get(operations::metrics),
        ("GET", "/openapi.json") => get(operations::openapi),
        // A row of the table without a handler answers 404; the test that walks the table finds it.
        _ => MethodRouter::new(),
    }
}

fn get<H: Handler<T, Web>, T: 'static>(handler: H) -> MethodRouter<Web> {
    on(MethodFilter::GET, handler)
}

fn post<H: Handler<T, Web>, T: 'static>(handler: H) -> MethodRouter<Web> {
    on(MethodFilter::POST, handler)
}

fn put<H: Handler<T, Web>, T: 'static>(handler: H) -> MethodRouter<Web> {
    on(MethodFilter::PUT, handler)
}

async fn fallback() -> axum::response::Response {
    super::respond::outcome(http::StatusCode::NOT_FOUND, &[super::error::not_found()])
}

async fn not_allowed() -> axum::response::Response {
    super::respond::outcome(
        http::StatusCode::METHOD_NOT_ALLOWED,
        &[crate::fhir::Issue::error(
            crate::fhir::IssueCode::NotSupported,
            "method",
            "This address does not take this method.",
            "Denna adress tar inte emot denna metod.",
        )],
    )
}
