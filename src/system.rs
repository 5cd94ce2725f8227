//! The operating system: files, environment variables, locale, progress events, runtime, network settings, shells.

pub mod atomic_file;
pub mod child_group;
pub mod clock;
pub mod directory;
pub mod env_vars;
pub mod events;
pub mod files;
pub mod histogram;
pub mod http_runtime;
pub mod interrupts;
pub mod listeners;
pub mod process_group;
pub mod processes;
pub mod program_output;
pub mod proxy;
pub mod registry;
pub mod resolver;
pub mod routes;
pub mod runtime;
pub mod search_path;
pub mod test_fault;
pub mod test_machine;
pub mod tls;
