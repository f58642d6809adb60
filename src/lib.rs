//! Vårdbro: a FHIR R4 gateway between a Swedish region and its municipalities.
//!
//! The map, in reading order:
//!
//! - [`identity`]: personnummer, HSA-id and their kin as checked types that never show themselves.
//! - [`fhir`]: the received text as a lossless tree, the compiled R4 definitions, FHIRPath, search parameters, outcomes.
//! - [`validate`]: what is wrong with a resource, where and by which rule; all of it at once.
//! - [`concept`]: what the agreements speak of, as typed values that map to FHIR and back.
//! - [`agreement`]: obligations as data, evidence, and verdicts as a pure function of both.
//! - [`access`]: who may see what, as a pure function; its answer is a [`access::Permit`].
//! - [`audit`]: the entry that is on disk before any answer leaves.
//! - [`store`]: one port, the embedded engine behind it.
//! - [`exchange`]: the use cases, one page each: receive, read, search, re-evaluate.
//! - [`delivery`]: dispatcher, deliverer, and how a slow receiver hurts nobody else.
//! - [`authn`]: from a header to a [`authn::Caller`].
//! - [`http`]: every route on one page, the middleware with its reasons, the one error table.
//! - [`packages`]: definitions from outside the binary.
//! - [`app`], [`config`], [`clock`], [`entropy`], [`telemetry`]: how the parts are put together.
//! - [`demo`]: the generated county that the demo runs on.
//!
//! Dependencies point one way: `http`, `app` and `main` know `exchange`; `exchange` knows the pure
//! middle (`access`, `validate`, `concept`, `agreement`, `fhir`, `identity`) and `store`, `audit`,
//! `delivery`; the pure middle knows neither I/O nor the ambient clock. `tests/gates` keeps it so.

pub mod access;
pub mod agreement;
pub mod app;
pub mod audit;
pub mod authn;
pub mod clock;
pub mod concept;
pub mod config;
pub mod delivery;
pub mod demo;
pub mod entropy;
pub mod exchange;
pub mod fhir;
pub mod http;
pub mod identity;
pub mod packages;
pub mod store;
pub mod telemetry;
pub mod validate;
