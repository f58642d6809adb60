//! Other forms in which senders hold the concepts. Each becomes the same typed value as the concept's own JSON.

pub mod rivta;
