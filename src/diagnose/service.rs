//! Which program answers, by what it says of itself: `manifests/services.toml`.

use serde::Deserialize;

use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};
use crate::probe::http::HttpAnswer;

const TEXT: &str = include_str!("../../manifests/services.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    http: Vec<HttpService>,
    greeting: Vec<GreetingService>,
}

/// A program that speaks HTTP, and what it says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpService {
    /// What people call it.
    pub name: String,
    /// It stands before other programs: what it forbids may be its own rule, and not that of the program behind it.
    #[serde(default)]
    pub gateway: bool,
    /// The program whose configuration a fix is for.
    pub family: Option<GatewayFamily>,
    port: Option<u16>,
    server: Option<String>,
    title: Option<String>,
    body: Option<String>,
}

/// Programs before taosAdapter for which fixes are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GatewayFamily {
    /// nginx and OpenResty.
    Nginx,
    /// Apache HTTP Server.
    Apache,
    /// Caddy.
    Caddy,
    /// HAProxy.
    Haproxy,
    /// Envoy and what is built on it.
    Envoy,
    /// tinyproxy.
    Tinyproxy,
    /// Squid.
    Squid,
}

impl GatewayFamily {
    /// The word in `manifests/findings.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Apache => "apache",
            Self::Caddy => "caddy",
            Self::Haproxy => "haproxy",
            Self::Envoy => "envoy",
            Self::Tinyproxy => "tinyproxy",
            Self::Squid => "squid",
        }
    }
}

/// The family of a gateway that names itself `server` or shows itself in `body`.
pub fn family(server: Option<&str>, body: &str) -> Option<GatewayFamily> {
    let answer = HttpAnswer {
        server: server.map(str::to_owned),
        body: body.to_owned(),
        ..HttpAnswer::default()
    };
    of_http(&answer, 0)?.family
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GreetingService {
    name: String,
    starts: Option<String>,
    holds: Option<String>,
}

static SERVICES: BuiltIn<Services> =
    BuiltIn::new("manifests/services.toml", || parsed(toml::from_str(TEXT)));

/// Checks the built-in manifest.
///
/// # Errors
/// `unexpected` if it is damaged.
pub fn check() -> Result<()> {
    SERVICES.get().map(drop)
}

/// The program that gave `answer` on `port`; `None` if it is not known.
pub fn of_http(answer: &HttpAnswer, port: u16) -> Option<&'static HttpService> {
    let lower = |text: &str| text.to_ascii_lowercase();
    let server = lower(answer.server.as_deref().unwrap_or_default());
    let title = lower(title(&answer.body).unwrap_or_default());
    let body = lower(&answer.body);
    let fits = |wanted: &Option<String>, text: &str| {
        wanted
            .as_ref()
            .is_none_or(|part| text.contains(part.as_str()))
    };
    SERVICES.checked().http.iter().find(|known| {
        known.port.is_none_or(|known| known == port)
            && fits(&known.server, &server)
            && fits(&known.title, &title)
            && fits(&known.body, &body)
    })
}

/// The program that says `bytes`, which are no HTTP.
pub fn of_greeting(bytes: &str) -> Option<&'static str> {
    let known = SERVICES.checked();
    known
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
mod tests;
