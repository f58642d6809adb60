//! Who may see and do what, as a pure function of the caller, the operation and the item.
//!
//! Deny is the default. The policy is small as yet: an organisation reaches what it submitted itself and what belongs
//! to the patients that an enrolment relates to it (SFS 2022:913 3 kap. 1 §, HSLF-FS 2016:40 4 kap. 2 §); directory
//! data is for everybody who is admitted; all else is denied. The types are those that later rules fill.

mod caller;
mod directory;
mod policy;
mod scope;

pub use caller::{ActorRole, Caller, Purpose};
pub use directory::{DIRECTORY_TYPES, SUBMITTER_ONLY_TYPES, is_directory, is_submitters_own};
pub use policy::{
    Admission, Basis, Deliver, Denied, DeniedReason, Item, Permit, Read, Submit, admit, may_receive, permit, visibility,
};
pub use scope::{Operation, Scope, Scopes};
