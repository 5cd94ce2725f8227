//! Secrets and text from outside: what may be printed, and how.

pub mod aliases;
pub mod printable;
pub mod redaction;
pub mod secret;
pub mod shell;
pub mod value_count;
