//! The pages of docs/: each is in a book, each Chinese one has an English one, and every relative link leads to a file. `release/book`
//! builds the books and checks what was rendered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The page that `release/book` makes of the program's help.
const MADE: &str = "commands.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the pages in docs/, without the tables of contents.
fn pages() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("docs")).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md") && !name.starts_with("SUMMARY"))
        .collect()
}

/// The targets of the links in a Markdown file, outside code blocks.
fn links(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut fenced = false;
    let mut links = Vec::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if fenced || line.starts_with("    ") {
            continue;
        }
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("](") {
            let (target, after) = after.split_once(')').unwrap_or((after, ""));
            links.push(target.to_owned());
            rest = after;
        }
    }
    links
}

fn listed(summary: &str) -> BTreeSet<String> {
    links(&root().join("docs").join(summary))
        .into_iter()
        .collect()
}

#[test]
fn every_page_is_in_a_book() {
    let (english, chinese) = (listed("SUMMARY.md"), listed("SUMMARY.zh.md"));
    for page in pages() {
        let book = if page.ends_with(".zh.md") {
            &chinese
        } else {
            &english
        };
        assert!(book.contains(&page), "{page} is in no SUMMARY");
    }
    for page in english.union(&chinese).filter(|page| *page != MADE) {
        assert!(pages().contains(page), "{page} is in a SUMMARY only");
    }
}

#[test]
fn every_chinese_page_has_an_english_one() {
    let pages = pages();
    for page in pages.iter().filter_map(|page| page.strip_suffix(".zh.md")) {
        assert!(pages.contains(&format!("{page}.md")), "{page}");
    }
}

#[test]
fn relative_links_lead_to_files() {
    let mut files: Vec<_> = pages()
        .into_iter()
        .map(|page| root().join("docs").join(page))
        .collect();
    for name in [
        "README.md",
        "README.zh.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ] {
        files.push(root().join(name));
    }
    for file in files {
        for link in links(&file) {
            let (path, _) = link.split_once('#').unwrap_or((&link, ""));
            if path.contains("://") || path.is_empty() || path == MADE {
                continue;
            }
            let target = file.parent().unwrap().join(path);
            assert!(target.exists(), "{}: {link}", file.display());
        }
    }
}
