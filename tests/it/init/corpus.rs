//! Awkward manifests, one folder a format: see `tests/manifests/README.md`. A new folder or case needs no code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::program::{Run, TestContext};

/// A format's `corpus.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    /// The word for `--lang`.
    language: String,
    /// The manifest's name.
    file: String,
    /// More arguments for `init`.
    #[serde(default)]
    arguments: Vec<String>,
    /// Files next to the manifest, which do not change.
    #[serde(default)]
    beside: BTreeMap<String, String>,
    /// In how many places a manifest may change: two where two packages are needed.
    #[serde(default = "one")]
    places: usize,
}

const fn one() -> usize {
    1
}

impl Corpus {
    fn write_beside(&self, context: &TestContext) {
        for (name, text) in &self.beside {
            fs::write(context.work().join(name), text).unwrap();
        }
    }
}

struct Case {
    name: String,
    before: Vec<u8>,
    /// What `init` makes of it, or how it refuses it.
    expected: Result<Vec<u8>, String>,
    /// The notes about the manifest.
    notes: String,
}

/// Whether expected results are written instead of compared.
fn is_written() -> bool {
    std::env::var_os("CORPUS_WRITE").is_some()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn cases(folder: &Path) -> Vec<Case> {
    let inputs = sorted(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == "in"));
    inputs
        .map(|input| {
            let name = input.display().to_string();
            let output = fs::read(input.with_extension("out")).ok();
            let refusal = fs::read_to_string(input.with_extension("err")).ok();
            let expected = match (output, refusal) {
                (Some(output), None) => Ok(output),
                (None, Some(refusal)) => Err(refusal),
                (None, None) if is_written() => Err(String::new()),
                _ => panic!("{name}: needs either .out or .err"),
            };
            Case {
                before: fs::read(&input).unwrap(),
                expected,
                notes: fs::read_to_string(input.with_extension("notes")).unwrap_or_default(),
                name,
            }
        })
        .collect()
}

/// Writes what `init` makes of `case` next to it, for people to review.
fn write_expected(corpus: &Corpus, case: &Case) {
    let context = TestContext::new();
    let path = context.work().join(&corpus.file);
    fs::write(&path, &case.before).unwrap();
    corpus.write_beside(&context);
    let mut arguments = vec!["init", "--lang", &corpus.language];
    arguments.extend(corpus.arguments.iter().map(String::as_str));
    let run = context.program(arguments).run();
    let (input, about) = (Path::new(&case.name), format!("{}:", corpus.file));
    for ending in ["out", "err", "notes"] {
        let _ = fs::remove_file(input.with_extension(ending));
    }
    if run.exit != Some(0) {
        let text = format!("exit {}\n{}", run.exit.unwrap_or(-1), run.stderr);
        fs::write(input.with_extension("err"), text).unwrap();
        return;
    }
    fs::copy(&path, input.with_extension("out")).unwrap();
    let notes = run.stderr.split_inclusive('\n');
    let notes: String = notes.filter(|line| line.contains(&about)).collect();
    if !notes.is_empty() {
        fs::write(input.with_extension("notes"), notes).unwrap();
    }
}

/// What goes wrong with `case`, with what was expected and what came.
fn complaint(corpus: &Corpus, case: &Case) -> Option<String> {
    let context = TestContext::new();
    let path = context.work().join(&corpus.file);
    fs::write(&path, &case.before).unwrap();
    corpus.write_beside(&context);
    let run = || -> Run {
        let mut arguments = vec!["init", "--lang", &corpus.language];
        arguments.extend(corpus.arguments.iter().map(String::as_str));
        context.program(arguments).run()
    };
    let first = run();
    let after = fs::read(&path).unwrap();
    let wanted = match &case.expected {
        Err(refusal) => {
            let came = format!("exit {}\n{}", first.exit.unwrap_or(-1), first.stderr);
            if came != *refusal {
                return Some(format!("expected\n{refusal}came\n{came}"));
            }
            let files = fs::read_dir(context.work()).unwrap().count();
            return (after != case.before
                || files != 1 + corpus.beside.len()
                || !first.stdout.is_empty())
            .then(|| "it was refused, and something was written".to_owned());
        }
        Ok(wanted) => wanted,
    };
    if first.exit != Some(0) || after != *wanted {
        let came = String::from_utf8_lossy(&after);
        return Some(format!("came\n{first}{came}"));
    }
    let about = format!("{}:", corpus.file);
    let notes: String = first
        .stderr
        .split_inclusive('\n')
        .filter(|line| line.contains(&about))
        .collect();
    if notes != case.notes {
        return Some(format!("expected the notes\n{}came\n{notes}", case.notes));
    }
    if let Some(complaint) = changed_elsewhere(&case.before, wanted, corpus.places) {
        return Some(complaint);
    }
    let second = run();
    if second.exit != Some(0) || fs::read(&path).unwrap() != *wanted {
        return Some(format!("a second run changes something\n{second}"));
    }
    None
}

/// Whether `after` is anything else than `before` with that many places (one or two) changed, in `before`'s own line endings.
fn changed_elsewhere(before: &[u8], after: &[u8], places: usize) -> Option<String> {
    let same = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| {
        pairs.take_while(|(before, after)| before == after).count()
    };
    let head = same(&mut before.iter().zip(after));
    let tail = same(&mut before.iter().rev().zip(after.iter().rev()));
    // An empty element of XML loses its `/>`, of which the `>` may look like the end of what came.
    let lost = before.len().saturating_sub(head + tail);
    let kept = |lost: usize| {
        let between = &before[head..head + lost];
        let inserted = &after[head..after.len() - tail];
        inserted.windows(lost).any(|it| it == between)
    };
    if lost > 2 && !(places == 2 && kept(lost)) {
        return Some(format!("{lost} bytes outside of one place changed"));
    }
    let count = |text: &[u8], wanted: &[u8]| {
        text.windows(wanted.len())
            .filter(|it| *it == wanted)
            .count()
    };
    let all_windows = |text: &[u8]| count(text, b"\n") == count(text, b"\r\n");
    let mixed = all_windows(before) != all_windows(after) && count(before, b"\n") > 0;
    mixed.then(|| "the line endings are mixed".to_owned())
}

#[test]
fn awkward_manifests_are_edited_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let mut complaints = Vec::new();
    for folder in sorted(&root).into_iter().filter(|path| path.is_dir()) {
        let corpus = fs::read_to_string(folder.join("corpus.toml")).unwrap();
        let corpus: Corpus = toml::from_str(&corpus).unwrap();
        let cases = cases(&folder);
        assert!(cases.len() >= 6, "{}: {}", folder.display(), cases.len());
        for case in cases {
            if is_written() {
                write_expected(&corpus, &case);
                continue;
            }
            if let Some(complaint) = complaint(&corpus, &case) {
                complaints.push(format!("=== {}\n{complaint}", case.name));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn second_place_is_noticed() {
    assert_eq!(changed_elsewhere(b"abcdef", b"abXcdef", 1), None);
    assert_eq!(changed_elsewhere(b"a<b/>c", b"a<b>\n</b>c", 1), None);
    assert!(changed_elsewhere(b"abcdefgh", b"aXbcdefYgh", 1).is_some());
    assert_eq!(changed_elsewhere(b"abcdefgh", b"aXbcdefYgh", 2), None);
    assert!(changed_elsewhere(b"abcdefgh", b"aXbcdeYfZgh", 2).is_some());
    assert!(changed_elsewhere(b"a\r\nb\r\n", b"a\r\nx\nb\r\n", 1).is_some());
}
