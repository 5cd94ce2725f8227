//! A folder's files, as snapshots show them.

use std::fmt::Write;
use std::path::Path;

/// Writes `files`, each a path below `root` with `/` and a text.
pub fn write_files(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Every file under `folder`, sorted: its path, then its text with carriage returns and a byte order mark made visible, and
/// `(no final line break)` where there is none.
pub fn tree(folder: &Path) -> String {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    let mut text = String::new();
    for path in paths {
        let relative = path.strip_prefix(folder).unwrap().display().to_string();
        let _ = writeln!(text, "=== {}", relative.replace('\\', "/"));
        let _ = write!(
            text,
            "{}",
            visible(&std::fs::read_to_string(&path).unwrap())
        );
    }
    text
}

/// `text` with what cannot be seen made visible.
pub fn visible(text: &str) -> String {
    let mut shown = text
        .replace('\r', "␍")
        .replace('\u{feff}', "[BOM]")
        .replace('\t', "→");
    if !shown.ends_with('\n') {
        shown.push_str("(no final line break)\n");
    }
    shown
}

fn collect(folder: &Path, paths: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}
