//! FHIR's REST rules ([http](https://hl7.org/fhir/R4/http.html), [search](https://hl7.org/fhir/R4/search.html)), one a
//! file.

mod audit_events;
mod batch;
mod concepts;
mod conditional_create;
mod conditional_read;
mod conditional_update;
mod create;
mod delete;
mod history;
mod idempotency;
mod media_types;
mod paging;
mod prefer;
mod request_id;
mod search_forms;
mod search_includes;
mod search_parameters;
mod slash_at_the_end;
mod transaction;
mod transaction_order;
mod transaction_references;
mod unknown_addresses;
mod update;
mod vread;
