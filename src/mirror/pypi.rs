//! The pages of a Python index (PEP 503), made from the wheels that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::entry_path::EntryPath;
use super::manifest::MirrorFile;

/// The largest metadata of a wheel that is read, in bytes.
const LARGEST_METADATA: u64 = 1 << 20;
/// The directory of the wheels.
const PACKAGES: &str = "pypi/packages/";

/// What a wheel states about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WheelMetadata {
    /// The versions of Python that it supports.
    pub(super) requires_python: Option<String>,
    /// Its license.
    pub(super) license: Option<String>,
}

/// The name of a project as indexes spell it (PEP 503).
pub(super) fn normalized(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if text.ends_with('-') => {}
            '-' | '_' | '.' => text.push('-'),
            c => text.push(c.to_ascii_lowercase()),
        }
    }
    text
}

/// Reads the metadata of the wheel in `file`; `None` if it is not a wheel.
pub(super) fn wheel_metadata(file: &Path) -> Option<WheelMetadata> {
    let mut archive = zip::ZipArchive::new(File::open(file).ok()?).ok()?;
    let is_metadata =
        |name: &str| name.ends_with(".dist-info/METADATA") && name.matches('/').count() == 1;
    let name = archive
        .file_names()
        .filter_map(|name| name.ok())
        .find(|name| is_metadata(name))?
        .into_owned();
    let mut text = String::new();
    let entry = archive.by_name(&name).ok()?;
    entry
        .take(LARGEST_METADATA)
        .read_to_string(&mut text)
        .ok()?;
    Some(parse_metadata(&text))
}

/// Parses the head of core metadata, which is as that of a mail.
fn parse_metadata(text: &str) -> WheelMetadata {
    let head = text.lines().take_while(|line| !line.is_empty());
    let fields: Vec<(&str, &str)> = head
        .filter(|line| !line.starts_with([' ', '\t']))
        .filter_map(|line| line.split_once(": "))
        .collect();
    let field = |name: &str| {
        let mut values = fields.iter().filter(|(key, _)| *key == name);
        values.next().map(|(_, value)| value.trim().to_owned())
    };
    let short = |text: &String| !text.is_empty() && text.len() < 100;
    WheelMetadata {
        requires_python: field("Requires-Python"),
        license: field("License-Expression").or_else(|| field("License").filter(short)),
    }
}

/// The pages of the index: path in the mirror and content. `wheel` gives what a wheel states.
pub(super) fn pages(
    files: &BTreeMap<EntryPath, MirrorFile>,
    wheel: impl Fn(&EntryPath) -> Option<WheelMetadata>,
) -> Vec<(String, String)> {
    let mut projects: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (path, file) in files {
        let Some((project, name)) = path
            .as_str()
            .strip_prefix(PACKAGES)
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let requires = wheel(path).and_then(|metadata| metadata.requires_python);
        let requires = requires.map(|text| format!(" data-requires-python=\"{}\"", escaped(&text)));
        let link = format!(
            "<a href=\"../../packages/{project}/{}#sha256={}\"{}>{}</a><br>\n",
            percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC),
            file.sha256,
            requires.unwrap_or_default(),
            escaped(name),
        );
        projects.entry(project).or_default().insert(link);
    }
    if projects.is_empty() {
        return Vec::new();
    }
    let page = |links: String| {
        format!(
            "<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"1.0\"></head>\n<body>\n{links}</body></html>\n"
        )
    };
    let links = projects.keys();
    let links = links.map(|it| format!("<a href=\"{it}/\">{it}</a><br>\n"));
    let mut pages = vec![("pypi/simple/index.html".to_owned(), page(links.collect()))];
    for (project, links) in projects {
        let links: Vec<String> = links.into_iter().collect();
        pages.push((
            format!("pypi/simple/{project}/index.html"),
            page(links.concat()),
        ));
    }
    pages
}

/// Text in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
