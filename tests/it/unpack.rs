//! Archives.

pub mod attack_map;
pub mod corpus;
pub mod formats;
