//! Words and assignments as shells and the readers of environment files take them: one file each. A function gives `None`
//! where its shell cannot say a value.

pub mod cmd;
pub mod dotenv;
pub mod fish;
pub mod github;
pub mod powershell;
mod sh;
pub mod systemd;

pub use sh::{inside_double_quotes, quoted};
