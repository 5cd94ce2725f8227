//! The store under interruption, locks and odd files.

pub mod journal;
pub mod lock;
pub mod odd_files;
pub mod planted;
