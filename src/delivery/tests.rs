//! Stories of delivery: a gateway with a clock that stands still, and receivers that misbehave.

mod faulty_store;
mod gateway;
mod hook;

mod exactly_once;
mod failures;
mod neighbours;
mod order;
mod permission;
