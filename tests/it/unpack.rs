//! Archives.

pub mod attack_map;
pub mod contents;
pub mod corpus;
pub mod formats;
