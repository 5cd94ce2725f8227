//! Compiles data into the program: the files of `templates/`, so that a new language needs no code, the texts of
//! `manifests/messages/`, checked for both languages, and the manifests of `explain`.

#![warn(unused_crate_dependencies)]
#![allow(clippy::print_stdout, reason = "how a build script talks to cargo")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

#[path = "src/explain/similar/index.rs"]
mod index;
#[path = "src/explain/normal.rs"]
mod normal;
#[path = "src/explain/similar/terms.rs"]
mod terms;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use index::IndexedDocument;

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    fs::write(
        out.join("templates.rs"),
        templates(&root.join("templates"))?,
    )?;
    fs::write(
        out.join("messages.rs"),
        messages(&root.join("manifests/messages"))?,
    )?;
    fs::write(
        out.join("explain.deflate"),
        deflated(&explain_manifests(&root.join("manifests"))?)?,
    )?;
    fs::write(
        out.join("similar.bin"),
        similarity_index(&root.join("manifests"))?,
    )?;
    // For `--version --verbose`.
    println!("cargo::rustc-env=TAOS_SETUP_TARGET={}", variable("TARGET")?);
    let findings = read_table(&root.join("manifests/findings.toml"))?;
    fs::write(
        out.join("findings.json"),
        serde_json::to_string(&findings).map_err(io::Error::other)?,
    )
}

/// Compresses a text (RFC 1951) that few commands read: the program is smaller by three quarters of it.
fn deflated(text: &str) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()
}

/// Reads a TOML file that the program has as JSON.
fn read_table(file: &Path) -> io::Result<toml::Table> {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read_to_string(file)?
        .parse()
        .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))
}

/// The manifests of `explain` as one JSON document, without the texts that only tests read: TOML takes too long to parse at every
/// start.
fn explain_manifests(root: &Path) -> io::Result<String> {
    println!(
        "cargo::rerun-if-changed={}",
        root.join("problems").display()
    );
    let mut all = toml::Table::new();
    let mut problems = Vec::new();
    let files = [root.join("codes.toml"), root.join("facts.toml")];
    for file in files.into_iter().chain(sorted(&root.join("problems"))?) {
        for (key, value) in read_table(&file)? {
            match value {
                toml::Value::Array(entries) if key == "problem" => problems.extend(entries),
                value => {
                    all.insert(key, value);
                }
            }
        }
    }
    for problem in problems.iter_mut().filter_map(toml::Value::as_table_mut) {
        problem.remove("samples");
        problem.remove("near_misses");
    }
    all.insert("problem".into(), toml::Value::Array(problems));
    serde_json::to_string(&all).map_err(io::Error::other)
}

/// The index of what `explain` compares an unknown text with: the reports of `samples/`, and the samples, patterns and texts of each
/// problem.
fn similarity_index(root: &Path) -> io::Result<Vec<u8>> {
    let mut documents = Vec::new();
    let mut add = |entry: &str, is_report, text: &str| {
        documents.push(IndexedDocument {
            entry: entry.to_owned(),
            is_report,
            terms: terms::terms(&normal::normal(text)),
        });
    };
    let folder = root.join("samples");
    println!("cargo::rerun-if-changed={}", folder.display());
    for file in sorted(&folder)? {
        let table = read_table(&file)?;
        for report in tables(&table, "sample") {
            add(string(report, "entry"), true, string(report, "text"));
        }
        for text in strings(&table, "texts") {
            add(index::NO_ENTRY, true, text);
        }
    }
    for file in sorted(&root.join("problems"))? {
        for problem in tables(&read_table(&file)?, "problem") {
            let entry = string(problem, "id");
            for sample in strings(problem, "samples") {
                add(entry, true, sample);
            }
            let patterns: Vec<&str> = strings(problem, "patterns").collect();
            add(entry, false, &patterns.join(" "));
            let texts = ["en", "zh"].map(|language| {
                let texts = problem.get(language).and_then(toml::Value::as_table);
                texts.map_or_else(String::new, |texts| {
                    format!("{} {} ", string(texts, "title"), string(texts, "cause"))
                })
            });
            add(entry, false, &texts.concat());
        }
    }
    Ok(index::encode(&documents))
}

fn tables<'a>(table: &'a toml::Table, key: &str) -> impl Iterator<Item = &'a toml::Table> {
    let list = table.get(key).and_then(toml::Value::as_array);
    list.into_iter().flatten().filter_map(toml::Value::as_table)
}

fn strings<'a>(table: &'a toml::Table, key: &str) -> impl Iterator<Item = &'a str> {
    let list = table.get(key).and_then(toml::Value::as_array);
    list.into_iter().flatten().filter_map(toml::Value::as_str)
}

fn string<'a>(table: &'a toml::Table, key: &str) -> &'a str {
    table
        .get(key)
        .and_then(toml::Value::as_str)
        .unwrap_or_default()
}

/// `(language, file, content)` for every file of every directory of `root`, as a Rust expression.
fn templates(root: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", root.display());
    let mut list = String::from("&[\n");
    for language in sorted(root)? {
        if !language.is_dir() {
            continue;
        }
        for file in sorted(&language)? {
            println!("cargo::rerun-if-changed={}", file.display());
            let _ = writeln!(
                list,
                "    ({:?}, {:?}, include_str!({file:?})),",
                name(&language),
                name(&file)
            );
        }
    }
    list.push_str("]\n");
    Ok(list)
}

/// `(id, English, Chinese)` for every text of the files in `root`, sorted by id, as a Rust expression.
fn messages(root: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", root.display());
    let mut texts = BTreeMap::new();
    for file in sorted(root)? {
        println!("cargo::rerun-if-changed={}", file.display());
        let wrong = |what: &str| io::Error::other(format!("{}: {what}", file.display()));
        let table: toml::Table = fs::read_to_string(&file)?
            .parse()
            .map_err(|error: toml::de::Error| wrong(&error.to_string()))?;
        for (id, entry) in table {
            let text = |language| {
                entry
                    .get(language)
                    .and_then(toml::Value::as_str)
                    .filter(|text| !text.trim().is_empty())
                    .ok_or_else(|| wrong(&format!("[{id}] has no text {language}")))
            };
            let (en, zh) = (text("en")?, text("zh")?);
            if entry.as_table().map_or(0, toml::Table::len) != 2 {
                return Err(wrong(&format!("[{id}] takes en and zh and nothing else")));
            }
            if placeholders(en) != placeholders(zh) {
                return Err(wrong(&format!(
                    "[{id}]: its languages use different placeholders"
                )));
            }
            if texts
                .insert(id.clone(), (en.to_owned(), zh.to_owned()))
                .is_some()
            {
                return Err(wrong(&format!("[{id}] is defined twice")));
            }
        }
    }
    let mut list = String::from("&[\n");
    for (id, (en, zh)) in texts {
        let _ = writeln!(list, "    ({id:?}, {en:?}, {zh:?}),");
    }
    list.push_str("]\n");
    Ok(list)
}

/// The names in `{{ name }}`, `{{ name | filter }}`, `{% if name %}` and `{% elif name … %}` of a template.
fn placeholders(template: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        let mut rest = template;
        while let Some(start) = rest.find(open) {
            let inside = &rest[start + open.len()..];
            let end = inside.find(close).unwrap_or(inside.len());
            let words = inside[..end]
                .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .filter(|word| !word.is_empty());
            names.extend(words.filter(|word| !is_syntax(word)));
            rest = &inside[end..];
        }
    }
    names
}

fn is_syntax(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || [
            "if", "elif", "else", "endif", "not", "and", "or", "sh", "dq", "is",
        ]
        .contains(&word)
}

fn variable(name: &str) -> io::Result<String> {
    std::env::var(name).map_err(io::Error::other)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
