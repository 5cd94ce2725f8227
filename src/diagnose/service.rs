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
mod tests;
