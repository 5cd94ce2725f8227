//! What is published and what it works with, from `manifests/`: values and lookups, no effects.

pub mod age;
mod clients;
mod clients_manifest;
mod clients_vendor_list;
pub mod config_keys;
pub mod connectors;
pub mod endings;
mod own_catalog;

pub use clients::{Clients, Identity, Package};
pub use clients_vendor_list::{LARGEST_VENDOR_LIST, Listed, Md5, VendorList};
pub use own_catalog::{LARGEST_OWN_CATALOG, OwnCatalog};
