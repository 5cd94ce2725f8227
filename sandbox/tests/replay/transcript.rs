//! Recordings, and what `transcripts.toml` says of their cases.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One recorded line.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Line {
    #[serde(default)]
    pub(crate) case: String,
    #[serde(default)]
    pub(crate) dir: String,
    pub(crate) text: Option<String>,
    pub(crate) hex: Option<String>,
    /// REST: the status line, header lines and body (after dechunking and decompressing).
    pub(crate) status: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) headers: serde_json::Value,
    pub(crate) body: Option<String>,
    /// The cluster recording: the question and the user.
    pub(crate) sql: Option<String>,
    pub(crate) user: Option<String>,
    /// WebSocket: the endpoint, and what kind of frame it was.
    pub(crate) path: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// Sessions of connectors: the connection, an HTTP head, a compressed body, a frame.
    #[serde(default)]
    pub(crate) conn: u32,
    pub(crate) head: Option<Vec<String>>,
    pub(crate) body_hex: Option<String>,
    pub(crate) frame: Option<String>,
    /// What a compressed frame holds, as text or in hexadecimal.
    pub(crate) inflated: Option<String>,
    pub(crate) inflated_hex: Option<String>,
    /// Reserved bits of the frame's head: 4 for a compressed frame.
    #[serde(default)]
    pub(crate) rsv: u8,
    /// Where it stands.
    #[serde(skip)]
    pub(crate) number: usize,
}

impl Line {
    /// The bytes of a frame.
    pub(crate) fn payload(&self) -> Vec<u8> {
        let text = self.inflated.as_ref().or(self.text.as_ref());
        let hex = self.inflated_hex.as_ref().or(self.hex.as_ref());
        match (text, hex) {
            (Some(text), _) if self.rsv == 0 || self.inflated.is_some() => {
                text.clone().into_bytes()
            }
            (_, hex) => Self::bytes(hex.map_or("", String::as_str)),
        }
    }

    /// The bytes of a hexadecimal field.
    pub(crate) fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts")
}

/// The lines of a recording. Lines of connectors' sessions have no case; they get `line N`.
pub(crate) fn lines(file: &str) -> Vec<Line> {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    let parse = |(index, line): (usize, &str)| {
        let mut line: Line = serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{file}:{}: {error}", index + 1));
        line.number = index + 1;
        if line.case.is_empty() {
            line.case = format!("line {}", line.number);
        }
        line
    };
    text.lines().enumerate().map(parse).collect()
}

/// The recordings in the folder.
pub(crate) fn files() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// How far a case is reproduced.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Mark {
    /// `"exact"`.
    Exact(Exact),
    /// `{ shape = "why" }`.
    Shape {
        #[serde(rename = "shape")]
        reason: String,
    },
    /// `{ out-of-scope = "why" }`.
    OutOfScope {
        #[serde(rename = "out-of-scope")]
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Exact {
    Exact,
}

/// The marks: patterns of case names by file.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Marks(BTreeMap<String, BTreeMap<String, Mark>>);

impl Marks {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(folder().with_file_name("transcripts.toml")).unwrap();
        toml::from_str(&text).unwrap()
    }

    pub(crate) fn files(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// The patterns of a file with their marks.
    pub(crate) fn of(&self, file: &str) -> &BTreeMap<String, Mark> {
        self.0
            .get(file)
            .unwrap_or_else(|| panic!("{file} is not listed in transcripts.toml"))
    }

    /// A case's mark: that of the longest pattern that fits.
    pub(crate) fn mark(&self, file: &str, case: &str) -> &Mark {
        let fitting = self
            .of(file)
            .iter()
            .filter(|(pattern, _)| fits(pattern, case));
        let best = fitting.max_by_key(|(pattern, _)| pattern.len());
        best.unwrap_or_else(|| panic!("{file}: case {case} is not listed in transcripts.toml"))
            .1
    }
}

/// Whether a name fits a pattern in which `*` stands for anything, or `line 3-7` for the lines from one to the other.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    if let Some((first, last)) = range(pattern) {
        return name
            .strip_prefix("line ")
            .and_then(|number| number.parse().ok())
            .is_some_and(|number| (first..=last).contains(&number));
    }
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            (0..=name.len())
                .filter(|at| name.is_char_boundary(*at))
                .any(|at| fits(rest, &name[at..]))
        }),
    }
}

fn range(pattern: &str) -> Option<(usize, usize)> {
    let (first, last) = pattern.strip_prefix("line ")?.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}
