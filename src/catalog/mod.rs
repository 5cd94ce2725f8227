//! What is published and what it works with, as `manifests/` tells it: values and look-ups, no effects.

mod clients;
mod clients_manifest;
pub mod connectors;

pub use clients::{Clients, Identity, Package};
