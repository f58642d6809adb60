//! Gates: what holds for the repository as a whole.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "a test that can't go on fails, and says where"
)]

mod issue_codes;
mod layers;
mod numbers;
mod profiled;
mod profiles;
mod size;
mod tree;
mod words;
