//! `list`.

pub mod available;
pub mod installed;
