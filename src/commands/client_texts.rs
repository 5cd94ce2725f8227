//! Texts that several commands print.

use crate::message::{Message, message};
use crate::output::HumanOptions;
use crate::store::Client;

/// `client VERSION (EDITION, PLATFORM)`, with the version highlighted.
pub(super) fn client(client: &Client, options: &HumanOptions) -> Message {
    message!(
        "output-client",
        version = options.stdout.strong(client.version),
        edition = client.edition,
        platform = client.platform
    )
}

/// A line `ok …` of a success.
pub(super) fn success(text: &Message, options: &HumanOptions) -> String {
    let ok = options.stdout.good("ok");
    format!("{ok} {}\n", text.text(options.locale))
}
