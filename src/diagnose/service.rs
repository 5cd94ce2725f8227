//! Which program answers, by what it says of itself: `manifests/services.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::probe::http::HttpAnswer;

const TEXT: &str = include_str!("../../manifests/services.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    http: Vec<Http>,
    greeting: Vec<Greeting>,
}

/// A program that speaks HTTP, and what it says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// What people call it.
    pub name: String,
    /// It stands before other programs: what it forbids may be its own rule, and not that of the program behind it.
    #[serde(default)]
    pub gateway: bool,
    port: Option<u16>,
    server: Option<String>,
    title: Option<String>,
    body: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Greeting {
    name: String,
    starts: Option<String>,
    holds: Option<String>,
}

/// The manifest; a damaged one names nobody, and a test reads it.
static SERVICES: LazyLock<Services> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

/// The program that gave `answer` on `port`; `None` where it is nobody's that is known.
pub fn of_http(answer: &HttpAnswer, port: u16) -> Option<&'static Http> {
    let lower = |text: &str| text.to_ascii_lowercase();
    let server = lower(answer.server.as_deref().unwrap_or_default());
    let title = lower(title(&answer.body).unwrap_or_default());
    let body = lower(&answer.body);
    let fits = |wanted: &Option<String>, text: &str| {
        wanted
            .as_ref()
            .is_none_or(|part| text.contains(part.as_str()))
    };
    SERVICES.http.iter().find(|known| {
        known.port.is_none_or(|known| known == port)
            && fits(&known.server, &server)
            && fits(&known.title, &title)
            && fits(&known.body, &body)
    })
}

/// The program that says `bytes`, which are no HTTP.
pub fn of_greeting(bytes: &str) -> Option<&'static str> {
    SERVICES
        .greeting
        .iter()
        .find(|known| {
            known
                .starts
                .as_ref()
                .is_none_or(|start| bytes.starts_with(start.as_str()))
                && known
                    .holds
                    .as_ref()
                    .is_none_or(|part| bytes.contains(part.as_str()))
        })
        .map(|known| known.name.as_str())
}

/// The title of an HTML page, trimmed.
pub fn title(body: &str) -> Option<&str> {
    let lower = body.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    Some(body.get(start..end)?.trim()).filter(|title| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_manifest_is_whole() {
        let services: Services = toml::from_str(TEXT).unwrap();
        for known in &services.http {
            let told = [&known.server, &known.title, &known.body];
            assert!(
                known.port.is_some() || told.iter().any(|part| part.is_some()),
                "{}",
                known.name
            );
            for part in told.into_iter().flatten() {
                assert_eq!(*part, part.to_ascii_lowercase());
            }
        }
        for known in &services.greeting {
            assert!(
                known.starts.is_some() || known.holds.is_some(),
                "{}",
                known.name
            );
        }
    }

    #[test]
    fn who_it_is() {
        let page = |server: &str, body: &str| HttpAnswer {
            server: Some(server.to_owned()),
            body: body.to_owned(),
            ..HttpAnswer::default()
        };
        for (server, body, port, name) in [
            ("nginx/1.24.0", "", 80, Some("nginx")),
            (
                "",
                "<html><head><TITLE>\nGrafana </title>",
                80,
                Some("Grafana"),
            ),
            ("", "404 page not found", 6043, Some("taosKeeper")),
            (
                "envoy",
                "",
                80,
                Some("Envoy (an ingress or a service mesh)"),
            ),
            (
                "",
                "default backend - 404",
                80,
                Some("the default backend of a Kubernetes ingress"),
            ),
            ("x", "hello", 80, None),
        ] {
            let known = of_http(&page(server, body), port).map(|known| known.name.as_str());
            assert_eq!(known, name, "{server} {body}");
        }
        for (bytes, name) in [
            ("SSH-2.0-OpenSSH_9.6\r\n", Some("an SSH server")),
            ("J\0\0\0\n8.0.36\0\u{8}\0", Some("MySQL")),
            (
                "\0\0\u{12}\u{4}\0\0\0\0\0\0\u{3}",
                Some("an HTTP/2 server that speaks no HTTP/1.1 (gRPC?)"),
            ),
            ("-ERR unknown command\r\n", Some("Redis")),
            (
                "220 mx.example ESMTP Postfix\r\n",
                Some("a mail server (SMTP)"),
            ),
            ("ESFATAL\0VFATAL\0C0A000\0", Some("PostgreSQL")),
            ("whatever", None),
        ] {
            assert_eq!(of_greeting(bytes), name, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(body in any::<String>(), around in "<title>?é{0,3}(</TITLE>)?") {
            let _ = of_greeting(&body);
            let _ = title(&format!("{body}{around}{body}"));
        }
    }
}
