//! Values for the placeholders of texts: the user's own host and port, and values that hold for any machine.

use std::collections::BTreeMap;

use super::mentioned::NamedServer;
use crate::diagnose::manifest::{self, PLACEHOLDERS};
use crate::driver::search;
use crate::dsn::target::bracketed;
use crate::error::Result;
use crate::message::locale::Locale;
use crate::message::message;
use crate::tdengine::platform::Os;
use crate::tdengine::ports::{ADAPTER_PORT, NATIVE_PORT};

/// The words of one run.
#[derive(Clone, Debug)]
pub struct Words {
    values: BTreeMap<&'static str, String>,
    os: Os,
    locale: Locale,
}

impl Words {
    /// Returns the values for `server`, on `os`, in `locale`. Values of a finding that only `verify` can know are in capitals,
    /// or empty if its text then omits them.
    pub fn new(server: &NamedServer, unresolved: Option<String>, os: Os, locale: Locale) -> Self {
        let native = server.port == Some(NATIVE_PORT);
        let adapter_port = server.port.filter(|_| !native).unwrap_or(ADAPTER_PORT);
        let port = server.port.unwrap_or(ADAPTER_PORT);
        let host = bracketed(&server.host);
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
            "moved_to",
            "blank",
            "native_works",
            "secure_url",
            "program",
            "client_version",
            "other_version",
            "kind",
            "edit",
            "explained",
            "remedy",
        ] {
            values.insert(absent, String::new());
        }
        let library = match os {
            Os::Linux => "libtaos.so",
            Os::Windows => "taos.dll",
            Os::Macos => "libtaos.dylib",
        };
        for (name, value) in [
            ("target", format!("{host}:{adapter_port}")),
            ("host", host.clone()),
            ("bare_host", server.host.clone()),
            ("fqdn", server.host.clone()),
            ("name", unresolved.unwrap_or_else(|| server.host.clone())),
            ("adapter_port", adapter_port.to_string()),
            (
                "native_port",
                server
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
            ("stage", message!("verify-stage-connect").text(locale)),
            ("why", String::new()),
            ("endpoint", format!("DNODE:{NATIVE_PORT}")),
            ("endpoint_host", "DNODE".into()),
            ("endpoint_port", NATIVE_PORT.to_string()),
        ] {
            values.insert(name, value);
        }
        Self { values, os, locale }
    }

    /// The words for the finding `id`: what only its texts speak of.
    pub fn of_finding(&self, id: &str) -> Self {
        let mut words = self.clone();
        let mut set = |name, value: &str| {
            words.values.insert(name, value.to_owned());
        };
        match id {
            "server-too-old"
            | "connector-too-new"
            | "connector-too-old"
            | "connector-deprecated"
            | "connector-broken" => {
                let texts = [
                    message!("explain-words-project"),
                    message!("explain-words-connector"),
                    message!("explain-words-manifest"),
                    message!("explain-words-release"),
                    message!("explain-words-wanted"),
                ];
                for (name, text) in ["file", "package", "manifest", "take", "wanted"]
                    .into_iter()
                    .zip(texts)
                {
                    set(name, &text.text(self.locale));
                }
                let server = self.values.get("target").cloned().unwrap_or_default();
                set(
                    "edit",
                    &format!(
                        "taos-setup verify {}",
                        crate::safety::shell::quoted(&server)
                    ),
                );
                set("transport", "ws");
                set("pinned", "VERSION");
                set("server_version", "VERSION");
            }
            "library-shadowed" => set("variable", search::variable(self.os)),
            "proxy-invalid" | "proxy-for-localhost" => set("variable", "HTTP_PROXY"),
            "proxy-contradictory" => {
                set("variable", "http_proxy");
                set("other", "HTTP_PROXY");
            }
            "certificates-unreadable" => set("variable", "SSL_CERT_FILE"),
            "variable-wrong" => set("variable", "TD_LIBRARY_PATH"),
            "port-occupied" => {
                let text = message!("explain-words-program").text(self.locale);
                set("program", &text);
            }
            "runtime-wrong-arch" => set("program", "java"),
            "runtime-unusable" => {
                set("program", "java");
                set("file", "java");
                set("missing", "-version");
            }
            "compiler-missing" => set("program", "gcc"),
            "config-key-repeated" | "config-value-invalid" => set("name", "KEY"),
            "write-failed" => set("write_database", ""),
            _ => {}
        }
        words
    }

    /// `template` with the words in it.
    pub fn render(&self, template: &str) -> Result<String> {
        manifest::render(template, &self.values)
    }
}
