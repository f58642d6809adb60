//! Who gets in, and who may see what.

mod end_of_enrolment;
mod scopes;
mod strangers;
mod subscriptions;
mod token_endpoint;
mod tokens;
