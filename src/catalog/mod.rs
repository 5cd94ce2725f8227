//! What is published, as `manifests/` tells it: values and look-ups, no effects.

mod clients;
mod clients_manifest;

pub use clients::{Clients, Identity, Package};
