//! `go.work`: a workspace of modules (go.dev/ref/mod, "Workspaces").

use super::go_mod::syntax::words;

/// The file's name.
pub const FILE: &str = "go.work";

/// The folders of the modules that the workspace `text` uses, as it writes them.
pub fn folders(text: &str) -> Vec<String> {
    let mut folders = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        let Ok((words, _)) = words(line) else {
            continue;
        };
        match words.as_slice() {
            [")"] => is_inside = false,
            ["use", "("] => is_inside = true,
            ["use", folder] => folders.push((*folder).to_owned()),
            [folder] if is_inside => folders.push((*folder).to_owned()),
            _ => {}
        }
    }
    folders
}

#[cfg(test)]
mod tests;
