//! Text form of `taos-setup use`.

use crate::clients::use_client::UsedClient;
use crate::commands::client_texts::success;
use crate::message::message;
use crate::output::layout::{fields, next};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::printable_path;

/// Renders the client that is used now, and the next command.
pub(super) fn render(used: &UsedClient, options: &HumanOptions) -> HumanText {
    match used {
        UsedClient::System => HumanText {
            stdout: success(&message!("use-system"), options),
            stderr: next(&["taos-setup which".into()], options),
        },
        UsedClient::Client(client, _) => {
            let text = message!(
                "use-client",
                version = options.stdout.strong(client.version),
                edition = client.edition,
                platform = client.platform
            );
            let place = (message!("output-label-in"), printable_path(&client.prefix));
            HumanText {
                stdout: success(&text, options) + &fields(&[place], options.locale),
                stderr: next(&["eval \"$(taos-setup env)\"".into()], options),
            }
        }
    }
}
