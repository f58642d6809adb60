//! The gateway as its callers meet it: over HTTP, with a real store in a folder of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "a test that can't go on fails, and says where"
)]

mod harness;

mod access;
mod audit_gate;
mod bad_input;
mod command;
mod every_step_fails;
mod killed;
mod rest;
mod validation;
