use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

#[test]
#[allow(
    clippy::needless_borrow,
    reason = "the borrow selects the conversion, as in message!"
)]
fn values_keep_their_meaning() {
    let inner = message!("io-not-found");
    let value = MessageValue::Nested(inner.clone());
    assert_eq!((&Valued(&inner)).to_value(), value);
    assert_eq!((&Valued(&&inner)).to_value(), value);
    assert_eq!((&Valued(&true)).to_value(), MessageValue::Flag(true));
    assert_eq!((&Valued(&3_usize)).to_value(), MessageValue::Number(3));
    let path = Path::new("/x");
    assert_eq!(
        (&Valued(&path.display())).to_value(),
        MessageValue::Text("/x".into())
    );
    assert_eq!((&Valued("x")).to_value(), MessageValue::Text("x".into()));
}

#[test]
fn nested_messages_follow_the_locale() {
    let outer = message!("output-could-not", tried = message!("output-command-line"));
    assert_eq!(outer.text(Locale::En), "could not read the command line");
    assert_eq!(outer.text(Locale::Zh), "无法解析命令行");
    let joined = Message::joined([outer.clone(), "x".into()], "; ").then("!");
    assert_eq!(joined.to_string(), "could not read the command line; x!");
    assert!(Message::default().is_empty());
    assert!(!outer.is_empty());
}

/// Every id in the sources exists and is given exactly its placeholders; no text is unused; every text renders.
#[test]
fn sources_and_texts_agree() {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&root) {
        let text = fs::read_to_string(&file).unwrap();
        for call in text.split("message!(").skip(1) {
            let Some((id, names)) = arguments(call) else {
                continue;
            };
            let known = uses.entry(id.clone()).or_insert_with(|| names.clone());
            assert_eq!(*known, names, "{id} in {}", file.display());
        }
    }
    for (id, names) in &uses {
        let at = TEXTS.binary_search_by_key(&id.as_str(), |(id, ..)| id);
        let (_, en, zh) = TEXTS[at.unwrap_or_else(|_| panic!("no text has the id {id}"))];
        for template in [en, zh] {
            let mut environment = environment();
            environment.add_template("text", template).unwrap();
            let used: BTreeSet<String> = environment
                .get_template("text")
                .unwrap()
                .undeclared_variables(false)
                .into_iter()
                .collect();
            assert_eq!(used, *names, "{id}: {template}");
        }
    }
    for (id, ..) in TEXTS {
        assert!(uses.contains_key(*id), "{id} is not used");
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The id and the names of the values of the call that `text` begins with; `None` if it is not one.
fn arguments(text: &str) -> Option<(String, BTreeSet<String>)> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in text.chars() {
        let last = parts.last_mut()?;
        if quoted {
            last.push(c);
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => quoted = true,
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        last.push(c);
    }
    let id = parts[0].trim().strip_prefix('"')?.strip_suffix('"')?;
    let names = parts[1..]
        .iter()
        .filter(|part| !part.trim().is_empty())
        .filter_map(|part| Some(part.split_once('=')?.0.trim().to_owned()))
        .collect();
    Some((id.to_owned(), names))
}
