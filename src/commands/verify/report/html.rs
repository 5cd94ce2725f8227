//! `verify` as one page: self-contained, without scripts, for screens of any width and for paper.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::picture::{self, Drawing, Picture};
use super::view::{ReportView, TargetView};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::verify::VerifyOutcome;

/// The page; the engine escapes everything that is put into a template of such a name.
const NAME: &str = "report.html";
const PAGE: &str = include_str!("html/report.html.j2");
const STYLE: &str = include_str!("html/report.css");

/// What the template shows.
#[derive(Serialize)]
struct Page<'a> {
    view: &'a ReportView,
    targets: Vec<TargetPage<'a>>,
    words: BTreeMap<&'static str, String>,
    style: &'static str,
}

/// A target on the page.
#[derive(Serialize)]
struct TargetPage<'a> {
    target: &'a TargetView,
    picture: Option<PicturePage>,
}

/// The picture in both forms.
#[derive(Serialize)]
struct PicturePage {
    description: String,
    wide: Drawing,
    narrow: Drawing,
}

/// Renders the page.
///
/// # Errors
/// `unexpected` if the template is damaged.
pub(super) fn render(view: &ReportView, outcome: &VerifyOutcome, locale: Locale) -> Result<String> {
    let targets: Vec<TargetPage<'_>> = outcome
        .targets
        .iter()
        .zip(&view.targets)
        .map(|(target, shown)| TargetPage {
            target: shown,
            picture: Picture::of(target, locale).map(|it| PicturePage {
                wide: picture::wide(&it),
                narrow: picture::narrow(&it),
                description: it.description,
            }),
        })
        .collect();
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("heading", |text: String| heading(&text));
    let page = Page {
        view,
        targets,
        words: words(locale),
        style: STYLE,
    };
    environment
        .render_named_str(NAME, PAGE, Serde(&page))
        .map_err(|error| {
            Error::new(
                ErrorId::Unexpected,
                message!("report-render"),
                Message::quoted(format!("{error:#}")),
                Message::default(),
            )
        })
}

/// `text` with a capital at its beginning, unless that is a name: `taosAdapter`, `libtaos.so`, an address.
fn heading(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let is_name = ["taos", "lib", "dnode"]
        .iter()
        .any(|start| first.starts_with(start));
    if is_name || !first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return text.to_owned();
    }
    let (head, tail) = text.split_at(first.len().min(1));
    head.to_ascii_uppercase() + tail
}

/// The words of the page itself.
fn words(locale: Locale) -> BTreeMap<&'static str, String> {
    [
        ("title", message!("report-title")),
        ("findings", message!("report-findings")),
        ("checks", message!("report-checks")),
        ("connections", message!("report-connections")),
        ("check", message!("report-check")),
        ("observed", message!("report-observed")),
        ("expected", message!("report-expected")),
        ("cause", message!("report-cause")),
        ("fix", message!("report-fix")),
        ("target", message!("report-target")),
        ("transports", message!("report-transports")),
        ("more", message!("report-more")),
        ("from_here", message!("report-from-here")),
        ("passed", message!("report-passed")),
        ("warned", message!("report-warned")),
        ("broken", message!("report-broken")),
        ("failed", message!("report-failed")),
        ("unreached", message!("report-unreached")),
        ("skipped", message!("report-skipped")),
        ("time", message!("report-time")),
        ("result", message!("report-result")),
        ("purpose", message!("report-purpose")),
        ("address", message!("report-address")),
        ("source", message!("report-source")),
        ("no_secrets", message!("report-no-secrets")),
    ]
    .map(|(name, word)| (name, word.text(locale)))
    .into()
}

#[cfg(test)]
mod tests;
