//! One file a kind of check: its facts in, its judgement out. No effects.

pub mod adapter;
pub mod clock;
pub mod connector;
pub mod endpoint_names;
pub mod endpoints;
mod gateway;
pub mod ground;
pub mod library;
pub mod login;
pub mod native;
pub mod own_connector;
pub mod query;
mod stranger;
pub mod tls;
pub mod write;
