//! `install --system`.

pub mod config;
pub mod crash;
pub mod guard;
pub mod install;
pub mod replace;
pub mod uninstall;
