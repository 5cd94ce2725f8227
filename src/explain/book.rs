//! The built-in knowledge: `manifests/codes.toml`, `manifests/facts.toml` and `manifests/problems/*.toml`.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::DeflateDecoder;
use serde::Deserialize;

use crate::error::built_in::{BuiltIn, parsed};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::tdengine::platform::Os;

/// The manifests as `build.rs` combines them: JSON, compressed (RFC 1951).
const MANIFESTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/explain.deflate"));

/// The program that assigns a number: numbers of different families may look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeFamily {
    /// taosd and the native driver; the top bit is set.
    Server,
    /// taosAdapter.
    Adapter,
    /// An `errno` of the operating system, as the driver wraps it: 0x80FF and the number.
    System,
    /// The JDBC driver.
    Jdbc,
    /// The WebSocket client in Rust, which C, Python and ODBC use too.
    Ws,
    /// `@tdengine/websocket` for Node.js.
    Node,
    /// An HTTP status.
    Http,
}

/// A cause and the codes that it explains.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeCause {
    /// Its name in the file.
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub id: String,
    /// The program that assigns the codes.
    pub family: CodeFamily,
    /// The code is generic: the words next to it are more precise.
    #[serde(default)]
    pub vague: bool,
    /// The messages are too general to be looked for: only the numbers are.
    #[serde(default)]
    pub only_numbers: bool,
    /// The findings that `verify` would report.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Links to the facts.
    pub sources: Vec<String>,
    /// Each code and its message.
    pub codes: Vec<(String, String)>,
    /// What other versions print for the first code, in the notation of `pattern.rs`.
    #[serde(default)]
    pub messages: Vec<String>,
    /// English texts.
    pub en: EntryTexts,
    /// Chinese texts.
    pub zh: EntryTexts,
}

/// How much a match of a problem's patterns proves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// The root cause: it explains other errors in the same text.
    Root,
    /// A message that only this problem prints.
    #[default]
    Specific,
    /// A consequence that has several causes.
    Symptom,
    /// Words that occur in many texts: every other entry is more precise.
    Vague,
}

/// A problem that is known by the messages it prints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownProblem {
    /// Its stable id.
    pub id: String,
    /// How much a match proves.
    #[serde(default)]
    pub tier: Tier,
    /// It also explains texts that show another product and nothing of TDengine.
    #[serde(default)]
    pub other_products: bool,
    /// The findings that `verify` would report.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Links to the facts.
    pub sources: Vec<String>,
    /// What a text contains, in the notation of `pattern.rs`. A pattern that starts with `~ ` combines general words, and
    /// one that starts with `~~ ` names a topic: its score is low whatever the tier.
    pub patterns: Vec<String>,
    /// Texts as users paste them; each finds this problem first. Only tests have them.
    #[serde(default)]
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub samples: Vec<String>,
    /// Similar texts with another cause; none finds this problem first.
    #[serde(default)]
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub near_misses: Vec<String>,
    /// English texts.
    pub en: EntryTexts,
    /// Chinese texts.
    pub zh: EntryTexts,
}

/// The texts of an entry in one language: minijinja templates over the placeholders of `words.rs`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryTexts {
    /// The fault.
    pub title: String,
    /// The cause.
    pub cause: String,
    /// The remedy, on Linux and on platforms without a text of their own.
    pub fix: String,
    /// The remedy on Windows, in PowerShell.
    #[serde(default)]
    pub fix_windows: Option<String>,
    /// The remedy on macOS.
    #[serde(default)]
    pub fix_macos: Option<String>,
}

impl EntryTexts {
    /// Returns the fix for `os`.
    pub fn fix(&self, os: Os) -> &str {
        match os {
            Os::Linux => None,
            Os::Windows => self.fix_windows.as_deref(),
            Os::Macos => self.fix_macos.as_deref(),
        }
        .unwrap_or(&self.fix)
    }
}

/// Returns the texts in `locale`.
pub const fn in_locale<'a>(
    en: &'a EntryTexts,
    zh: &'a EntryTexts,
    locale: Locale,
) -> &'a EntryTexts {
    match locale {
        Locale::En => en,
        Locale::Zh => zh,
    }
}

/// All manifests of `explain`.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Codes, by cause.
    pub causes: Vec<CodeCause>,
    /// Named facts: each holds if one of its patterns matches.
    pub facts: BTreeMap<String, Vec<String>>,
    /// Problems.
    pub problems: Vec<KnownProblem>,
}

/// All manifests in one document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnowledgeFile {
    cause: Vec<CodeCause>,
    facts: BTreeMap<String, Vec<String>>,
    problem: Vec<KnownProblem>,
}

impl Book {
    /// Parses the manifests that are built in.
    ///
    /// # Errors
    ///
    /// `unexpected` if they are damaged; a test parses them.
    pub fn built_in() -> Result<&'static Self> {
        static BOOK: BuiltIn<Book> = BuiltIn::new("manifests/problems/", || parsed(Book::parse()));
        BOOK.get()
    }

    fn parse() -> Result<Self> {
        let mut text = String::new();
        DeflateDecoder::new(MANIFESTS)
            .read_to_string(&mut text)
            .map_err(|error| damaged("problems", &error.to_string()))?;
        let file: KnowledgeFile =
            serde_json::from_str(&text).map_err(|error| damaged("problems", &error.to_string()))?;
        Ok(Self {
            causes: file.cause,
            facts: file.facts,
            problems: file.problem,
        })
    }
}

/// Returns the error for a built-in manifest that cannot be used.
pub fn damaged(file: &str, why: &str) -> Error {
    Error::new(
        ErrorId::Unexpected,
        message!("explain-manifest", file = file),
        Message::quoted(why),
        message!("explain-manifest-next"),
    )
}
