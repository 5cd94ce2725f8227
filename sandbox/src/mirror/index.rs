//! Indexes of a mirror's directories, in the forms of the servers that people use as mirrors.

use std::collections::BTreeSet;

/// The form in which a mirror lists its directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MirrorIndex {
    /// It has no index: directories are not found.
    None,
    /// nginx with `autoindex on`, which shortens long names in the text.
    Nginx,
    /// Apache with `mod_autoindex`.
    Apache,
    /// `python -m http.server`.
    Python,
    /// A raw repository of Nexus: the listing is elsewhere, and has absolute addresses.
    Nexus,
    /// Artifactory.
    Artifactory,
    /// `SHA256SUMS` at the root, and no listing.
    Checksums,
    /// `index.json` at the root, and no listing.
    Json,
}

/// The name of the repository that Nexus serves.
pub(super) const NEXUS_REPOSITORY: &str = "/repository/raw";
/// Where Nexus lists it.
const NEXUS_LISTING: &str = "/service/rest/repository/browse/raw";

/// The page at `path`, if there is one, of a mirror at `address` that has `files`, whose paths begin with a slash.
pub(super) fn page(
    index: MirrorIndex,
    address: &str,
    path: &str,
    files: &[(String, String)],
) -> Option<String> {
    match index {
        MirrorIndex::None => None,
        MirrorIndex::Checksums => (path == "/SHA256SUMS").then(|| {
            let line = |(path, sha256): &(String, String)| format!("{sha256}  .{path}\n");
            files.iter().map(line).collect()
        }),
        MirrorIndex::Json => (path == "/index.json").then(|| {
            let entry = |(path, sha256): &(String, String)| {
                format!("{{\"path\": \"{}\", \"sha256\": \"{sha256}\"}}", &path[1..])
            };
            let entries: Vec<String> = files.iter().map(entry).collect();
            format!("{{\"files\": [{}]}}\n", entries.join(", "))
        }),
        MirrorIndex::Nexus => nexus(address, path, files),
        MirrorIndex::Nginx
        | MirrorIndex::Apache
        | MirrorIndex::Python
        | MirrorIndex::Artifactory => {
            let names = names(path, files)?;
            Some(listing(index, path, &names))
        }
    }
}

/// The names in the directory `path`, those of directories with a slash at the end. `None` if it is not a directory.
fn names(path: &str, files: &[(String, String)]) -> Option<BTreeSet<String>> {
    let names: BTreeSet<String> = files
        .iter()
        .filter_map(|(file, _)| {
            let rest = file.strip_prefix(path)?;
            Some(match rest.split_once('/') {
                Some((directory, _)) => format!("{directory}/"),
                None => rest.to_owned(),
            })
        })
        .collect();
    (path.ends_with('/') && !names.is_empty()).then_some(names)
}

fn listing(index: MirrorIndex, path: &str, names: &BTreeSet<String>) -> String {
    let short = |name: &str| match name.get(..47) {
        Some(start) if index == MirrorIndex::Nginx => format!("{start}..&gt;"),
        _ => name.to_owned(),
    };
    let line = |name: &String| {
        let text = short(name);
        match index {
            MirrorIndex::Apache => format!(
                "<tr><td valign=\"top\">&nbsp;</td><td><a href=\"{name}\">{text}</a></td><td align=\"right\">2025-09-23 08:51  </td><td align=\"right\">1.2M</td></tr>\n"
            ),
            MirrorIndex::Python => format!("<li><a href=\"{name}\">{text}</a></li>\n"),
            _ => format!("<a href=\"{name}\">{text}</a>        23-Sep-2025 08:51    1234567\n"),
        }
    };
    let lines: String = names.iter().map(line).collect();
    let sort =
        "<th><a href=\"?C=N;O=D\">Name</a></th><th><a href=\"?C=M;O=A\">Last modified</a></th>";
    match index {
        MirrorIndex::Apache => format!(
            "<html><head><title>Index of {path}</title></head><body><table><tr>{sort}</tr>\n<tr><td><a href=\"/\">Parent Directory</a></td></tr>\n{lines}</table></body></html>\n"
        ),
        MirrorIndex::Python => format!(
            "<!DOCTYPE HTML>\n<html><head><title>Directory listing for {path}</title></head><body><ul>\n{lines}</ul></body></html>\n"
        ),
        _ => format!(
            "<html><head><title>Index of {path}</title></head><body><h1>Index of {path}</h1><hr><pre><a href=\"../\">../</a>\n{lines}</pre><hr></body></html>\n"
        ),
    }
}

/// The repository says where its listing is; files are named by absolute addresses there.
fn nexus(address: &str, path: &str, files: &[(String, String)]) -> Option<String> {
    if path == format!("{NEXUS_REPOSITORY}/") {
        return Some(format!(
            "<html><body>This raw hosted repository is not directly browseable at this URL. <a href=\"{address}/#browse/browse:raw\">browse</a> <a href=\"{address}{NEXUS_LISTING}/\">HTML index</a></body></html>\n"
        ));
    }
    let below = path.strip_prefix(NEXUS_LISTING)?;
    let directory = format!("{NEXUS_REPOSITORY}{below}");
    let names = names(&directory, files)?;
    let row = |name: &String| {
        let target = match name.ends_with('/') {
            true => name.clone(),
            false => format!("{address}{directory}{name}"),
        };
        let text = name.trim_end_matches('/');
        format!(
            "<tr><td><a href=\"{target}\">{text}</a></td><td>Tue Sep 23 08:51:07 UTC 2025</td></tr>\n"
        )
    };
    let rows: String = names.iter().map(row).collect();
    Some(format!(
        "<html><head><title>Index of {below}</title></head><body><table><tr><td><a href=\"../\">Parent Directory</a></td></tr>\n{rows}</table></body></html>\n"
    ))
}
