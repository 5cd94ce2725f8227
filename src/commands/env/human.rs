//! Text form of `taos-setup env`.

use crate::clients::env::ClientEnvironment;
use crate::message::message;
use crate::output::layout::note;
use crate::output::{HumanOptions, HumanText};

/// Renders the lines for the shell; a note if no variables are needed.
pub(super) fn render(environment: &ClientEnvironment, options: &HumanOptions) -> HumanText {
    match environment {
        ClientEnvironment::System => HumanText {
            stdout: String::new(),
            stderr: note(&message!("env-system"), options),
        },
        ClientEnvironment::Client { script, .. } => HumanText {
            stdout: script.clone(),
            stderr: String::new(),
        },
    }
}
