//! What stands in the placeholders of texts: the user's own host and port, and words that hold for any machine.

use std::collections::BTreeMap;

use super::place::Place;
use crate::diagnose::manifest::{self, PLACEHOLDERS};
use crate::dsn::target::bracketed;
use crate::error::Result;
use crate::locale::Locale;
use crate::platform::Os;

/// taosAdapter's port, unless it was changed (`reference/facts.md`, F).
const ADAPTER_PORT: u16 = 6041;
/// taosd's port, unless it was changed.
const NATIVE_PORT: u16 = 6030;

/// The words of one run.
#[derive(Clone, Debug)]
pub struct Words {
    values: BTreeMap<&'static str, String>,
}

impl Words {
    /// The words for `place`, on `os`, in `locale`. A finding's words that only `verify` can know are in capitals, or empty
    /// where its text then leaves them out.
    pub fn new(place: &Place, os: Os, locale: Locale) -> Self {
        let native = place.port == Some(NATIVE_PORT);
        let adapter_port = place.port.filter(|_| !native).unwrap_or(ADAPTER_PORT);
        let port = place.port.unwrap_or(ADAPTER_PORT);
        let host = bracketed(&place.host);
        let mut values: BTreeMap<&'static str, String> = PLACEHOLDERS
            .iter()
            .map(|name| (*name, name.to_ascii_uppercase()))
            .collect();
        // Texts ask whether these are there.
        for absent in [
            "variable",
            "assumed",
            "server_version",
            "native_option",
            "taken",
            "prefix",
            "ws_and_rest",
            "other_version",
            "kind",
            "edit",
        ] {
            values.insert(absent, String::new());
        }
        let library = match os {
            Os::Linux => "libtaos.so",
            Os::Windows => "taos.dll",
            Os::Macos => "libtaos.dylib",
        };
        let words = match locale {
            Locale::En => ["of another version", "while it connected"],
            Locale::Zh => ["另一个版本", "在连接时"],
        };
        for (name, value) in [
            ("target", format!("{host}:{adapter_port}")),
            ("host", host.clone()),
            ("bare_host", place.host.clone()),
            ("fqdn", place.host.clone()),
            ("name", place.host.clone()),
            ("adapter_port", adapter_port.to_string()),
            (
                "native_port",
                place
                    .port
                    .filter(|_| native)
                    .unwrap_or(NATIVE_PORT)
                    .to_string(),
            ),
            ("address", format!("{host}:{port}")),
            ("port", port.to_string()),
            ("reached_port", port.to_string()),
            ("user", "root".into()),
            ("limit", "3 s".into()),
            ("service", "taosd, taosadapter".into()),
            ("database", "test".into()),
            ("library", library.into()),
            ("client_version", words[0].into()),
            ("stage", "while it connected".into()),
            ("stage_zh", words[1].into()),
            ("why", "it does not work as it is published".into()),
            ("why_zh", "发布的版本无法正常工作".into()),
            ("endpoint", format!("DNODE:{NATIVE_PORT}")),
            ("endpoint_host", "DNODE".into()),
            ("endpoint_port", NATIVE_PORT.to_string()),
        ] {
            values.insert(name, value);
        }
        Self { values }
    }

    /// `template` with the words in it.
    pub fn render(&self, template: &str) -> Result<String> {
        manifest::render(template, &self.values)
    }
}
