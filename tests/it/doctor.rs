//! `doctor`: healthy machines have no finding, and each fault has its own.
#![cfg(target_os = "linux")]

pub mod broken;
pub mod documents;
pub mod healthy;
pub mod hostile;
pub mod machine;
pub mod repairs;
