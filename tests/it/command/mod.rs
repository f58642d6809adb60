//! The program as it is called from a shell.

mod validate;
