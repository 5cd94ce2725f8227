//! `manifests/codes.toml` and `manifests/problems.toml`, read; they are parsed by this command alone.

use serde::Deserialize;

use crate::error::{Error, ErrorId, Result};
use crate::system::locale::Locale;
use crate::tdengine::platform::Os;

const CODES: &str = include_str!("../../manifests/codes.toml");
const PROBLEMS: &str = include_str!("../../manifests/problems.toml");

/// Who gives a number: numbers of different families may look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// taosd and the native driver; the top bit is set.
    Server,
    /// taosAdapter itself.
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
pub struct Cause {
    /// Its name in the file.
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub id: String,
    /// Who gives the codes.
    pub family: Family,
    /// The code says little: what stands beside it in a text says more.
    #[serde(default)]
    pub vague: bool,
    /// The findings that `verify` would give.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Where the facts come from.
    pub sources: Vec<String>,
    /// Each code and the words that go with it.
    pub codes: Vec<(String, String)>,
    /// English texts.
    pub en: Texts,
    /// Chinese texts.
    pub zh: Texts,
}

/// A problem that is known by the words of its errors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Its stable id.
    pub id: String,
    /// Its number in `reference/field-notes.md`.
    #[serde(default)]
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub problem: Option<u8>,
    /// Its words are in many texts: any other entry that fits says more.
    #[serde(default)]
    pub vague: bool,
    /// The findings that `verify` would give.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Where the facts come from.
    pub sources: Vec<String>,
    /// What a text says: parts joined by ` + ` must all be in it, as whole words; `*` at an end lets the word go on.
    pub patterns: Vec<String>,
    /// Texts as users paste them; each finds this problem first.
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub samples: Vec<String>,
    /// English texts.
    pub en: Texts,
    /// Chinese texts.
    pub zh: Texts,
}

/// What is said in one language: templates of minijinja over the placeholders of `words.rs`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// What is wrong.
    pub title: String,
    /// Why.
    pub cause: String,
    /// What to do, on Linux and wherever nothing else is said.
    pub fix: String,
    /// What to do on Windows, in PowerShell.
    #[serde(default)]
    pub fix_windows: Option<String>,
    /// What to do on macOS.
    #[serde(default)]
    pub fix_macos: Option<String>,
}

impl Texts {
    /// The fix for `os`.
    pub fn fix(&self, os: Os) -> &str {
        match os {
            Os::Linux => None,
            Os::Windows => self.fix_windows.as_deref(),
            Os::Macos => self.fix_macos.as_deref(),
        }
        .unwrap_or(&self.fix)
    }
}

/// The entry's texts in `locale`.
pub const fn in_locale<'a>(en: &'a Texts, zh: &'a Texts, locale: Locale) -> &'a Texts {
    match locale {
        Locale::En => en,
        Locale::Zh => zh,
    }
}

/// Both files.
#[derive(Clone, Debug)]
pub struct Book {
    /// Codes, by cause.
    pub causes: Vec<Cause>,
    /// Problems.
    pub problems: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodesFile {
    cause: Vec<Cause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProblemsFile {
    problem: Vec<Problem>,
}

impl Book {
    /// The book that is built in. A damaged one is a defect of this program; a test reads it.
    pub fn built_in() -> Result<Self> {
        let codes: CodesFile =
            toml::from_str(CODES).map_err(|error| damaged("codes", error.message()))?;
        let problems: ProblemsFile =
            toml::from_str(PROBLEMS).map_err(|error| damaged("problems", error.message()))?;
        Ok(Self {
            causes: codes.cause,
            problems: problems.problem,
        })
    }
}

fn damaged(file: &str, why: &str) -> Error {
    Error::new(
        ErrorId::Unexpected,
        format!("read the built-in manifests/{file}.toml"),
        why,
        "report this as a bug of taos-setup",
    )
}
