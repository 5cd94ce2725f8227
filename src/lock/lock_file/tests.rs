use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use super::{LockFile, LockedConnector, LockedPackage, LockedServer};
use crate::message::locale::Locale;
use crate::store::Verified;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::{Edition, Version};

const PATH: &str = "taos-setup.lock";

fn parsed(text: &str) -> Result<LockFile, crate::error::Error> {
    LockFile::parse(text, Path::new(PATH))
}

/// The reason that `text` is refused for, and the next step.
fn refusal(text: &str) -> (String, String) {
    let error = parsed(text).unwrap_err();
    assert_eq!(error.id.as_str(), "file-unparsable");
    (error.observed.text(Locale::En), error.next.text(Locale::En))
}

fn package(platform: Platform, last: u32) -> LockedPackage {
    LockedPackage {
        platform,
        version: Version([3, 3, 7, last]),
        edition: Edition::Oss,
        file: format!("tdengine-tsdb-oss-client-3.3.7.{last}-{platform}.tar.gz"),
        size: Some(25_690_112),
        sha256: Sha256([7; 32]),
        known: Verified::VendorList,
    }
}

fn connector(dir: &str, version: &str) -> LockedConnector {
    LockedConnector {
        dir: dir.to_owned(),
        lang: "go".to_owned(),
        transport: Transport::Ws,
        package: "github.com/taosdata/driver-go/v3".to_owned(),
        version: version.to_owned(),
        digest: Some("h1:rJ9XtbM0nEnB+/=".to_owned()),
    }
}

fn sample() -> LockFile {
    LockFile {
        server: Some(LockedServer {
            version: Version([3, 3, 7, 5]),
            edition: Some(Edition::Oss),
        }),
        packages: vec![package(Platform::ALL[0], 5), package(Platform::ALL[1], 5)],
        connectors: vec![connector(".", "v3.7.8"), connector("services/a", "v3.7.8")],
    }
}

#[test]
fn entries_have_one_line_each() {
    let digest = "07".repeat(32);
    let expected = format!(
        r#"# Written by taos-setup. Commit it with taos-setup.toml; `taos-setup lock` updates it.
schema = 1

server = [
    {{ version = "3.3.7.5", edition = "oss" }},
]

package = [
    {{ platform = "linux-arm64", version = "3.3.7.5", edition = "oss", file = "tdengine-tsdb-oss-client-3.3.7.5-linux-arm64.tar.gz", size = 25690112, sha256 = "{digest}", known = "vendor-list" }},
    {{ platform = "linux-x64", version = "3.3.7.5", edition = "oss", file = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz", size = 25690112, sha256 = "{digest}", known = "vendor-list" }},
]

connector = [
    {{ dir = ".", lang = "go", transport = "ws", package = "github.com/taosdata/driver-go/v3", version = "v3.7.8", digest = "h1:rJ9XtbM0nEnB+/=" }},
    {{ dir = "services/a", lang = "go", transport = "ws", package = "github.com/taosdata/driver-go/v3", version = "v3.7.8", digest = "h1:rJ9XtbM0nEnB+/=" }},
]
"#
    );
    assert_eq!(sample().render(), expected);
    assert_eq!(parsed(&expected).unwrap().render(), expected);
}

#[test]
fn newer_schema_is_named() {
    let (why, next) = refusal("schema = 2\nanything = [1, 2]\n");
    assert_eq!(
        why,
        "line 1: schema 2 was written by a newer taos-setup; this one reads schema 1"
    );
    assert_eq!(next, "update taos-setup");
}

#[test]
fn conflict_markers_are_named() {
    let text = "schema = 1\n<<<<<<< HEAD\nserver = []\n=======\nserver = []\n>>>>>>> other\n";
    let (why, next) = refusal(text);
    assert_eq!(why, "line 2: a git merge left conflict markers here");
    assert_eq!(next, "taos-setup lock");
    // A digest or a comment may hold such characters.
    assert!(parsed("schema = 1\n# =========\n").is_ok());
}

#[test]
fn contradicting_entries_are_named() {
    for (left, why) in [
        (
            sample()
                .render()
                .replace("server = [", "server = [\n{ version = \"3.4.0.0\" },"),
            "line 6: a merge left two servers",
        ),
        (
            sample()
                .render()
                .replace("dir = \"services/a\"", "dir = \".\"")
                .replacen("v3.7.8", "v3.7.7", 1),
            "line 15: a merge left two connectors for go in .",
        ),
        (
            sample().render().replacen(
                "\"linux-arm64\", version = \"3.3.7.5\"",
                "\"linux-x64\", version = \"3.3.7.4\"",
                1,
            ),
            "line 10: a merge left packages for linux-x64 that contradict each other",
        ),
    ] {
        assert_eq!(
            refusal(&left),
            (why.to_owned(), "taos-setup lock".to_owned())
        );
        let kept = LockFile::parse_merged(&left).unwrap();
        assert!(
            kept.render().lines().count() < left.lines().count(),
            "{left}"
        );
    }
}

#[test]
fn hostile_values_are_refused() {
    let of = |key: &str, value: &str| {
        let text = sample().render();
        let line = text
            .lines()
            .find(|line| line.contains(&format!("{key} = \"")))
            .unwrap();
        let start = line.find(&format!("{key} = \"")).unwrap() + key.len() + 4;
        let end = start + line[start..].find('"').unwrap();
        let changed = format!("{}{value}{}", &line[..start], &line[end..]);
        text.replacen(line, &changed, 1)
    };
    for (key, value) in [
        ("file", "../../etc/passwd"),
        ("file", "https://mirror.example/x.tar.gz"),
        ("file", ".hidden"),
        ("file", "a b"),
        ("dir", "../other"),
        ("dir", "/etc"),
        ("dir", "a/../../b"),
        ("dir", "a/.git"),
        ("dir", "C:/x"),
        ("dir", "a\\\\b"),
        ("dir", "a\\u001b[31m"),
        ("package", "a;rm -rf /"),
        ("version", "-x"),
        ("version", "https://mirror.example/x.tgz"),
        ("package", "git+ssh://git@git.example/x"),
        ("digest", "h1:\\n"),
        ("sha256", "00"),
        ("known", "lock-file"),
        ("platform", "plan9-x64"),
        ("transport", "carrier-pigeon"),
        ("edition", "gold"),
    ] {
        let text = of(key, value);
        assert!(parsed(&text).is_err(), "{key} = {value}");
    }
    assert!(
        parsed(&format!(
            "schema = 1\nserver = [{}]\n",
            "{},".repeat(200_000)
        ))
        .is_err()
    );
    assert!(parsed(&"[".repeat(100_000)).is_err());
}

#[test]
fn unknown_keys_are_named_with_the_one_that_was_meant() {
    let text = sample().render().replace("sha256 =", "sha265 =");
    let (why, _) = refusal(&text);
    assert_eq!(why, "line 9: unknown key `sha265`; did you mean `sha256`?");
}

fn platforms() -> impl Strategy<Value = Platform> {
    (0..Platform::ALL.len()).prop_map(|index| Platform::ALL[index])
}

fn packages() -> impl Strategy<Value = Vec<LockedPackage>> {
    proptest::collection::btree_map(
        (0..Platform::ALL.len()).prop_map(|index| Platform::ALL[index].to_string()),
        (platforms(), 0..9_u32),
        0..5,
    )
    .prop_map(|found| {
        let named =
            |(name, (_, last)): (String, (Platform, u32))| package(name.parse().unwrap(), last);
        found.into_iter().map(named).collect()
    })
}

fn connectors() -> impl Strategy<Value = Vec<LockedConnector>> {
    proptest::collection::btree_map("[a-e]{1,2}(/[a-e ü\"]{1,2})?", "v[0-9]", 0..6).prop_map(
        |found| {
            let named = |(dir, version): (String, String)| connector(&dir, &version);
            found.into_iter().map(named).collect()
        },
    )
}

fn locks() -> impl Strategy<Value = LockFile> {
    (packages(), connectors()).prop_map(|(packages, connectors)| {
        let mut lock = LockFile {
            server: None,
            packages,
            connectors,
        };
        lock.sort();
        lock
    })
}

/// The result of `git merge-file` with these options, and whether there was no conflict.
fn merged(options: &[&str], base: &str, ours: &str, theirs: &str) -> (String, bool) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [("base", base), ("ours", ours), ("theirs", theirs)] {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let mut git = Command::new("git");
    git.args(["merge-file", "-p"]).args(options);
    git.args(["ours", "base", "theirs"])
        .current_dir(directory.path());
    let output = git.output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        output.status.success(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rendered_locks_read_back(lock in locks()) {
        let text = lock.render();
        prop_assert_eq!(&parsed(&text).unwrap(), &lock);
        // In any order of lines, as a merge may leave them.
        let mut shuffled = lock.clone();
        shuffled.connectors.reverse();
        shuffled.packages.reverse();
        prop_assert_eq!(shuffled.render(), text);
    }

    #[test]
    fn any_text_is_no_panic(text in "(schema = 1\n)?[ -~\n]{0,200}") {
        let _ = parsed(&text);
        let _ = LockFile::parse_merged(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Each side adds entries that the other does not have.
    #[test]
    fn independent_additions_merge(lock in locks(), ours in 0..8_usize, theirs in 0..8_usize) {
        let base = LockFile { packages: Vec::new(), ..lock.clone() };
        let added = |index: usize, side: &str| {
            let mut added = base.clone();
            let dir = ["a", "b", "c/x", "d", "e", "m", "z", "y"][index];
            added.connectors.push(connector(&format!("{dir}/{side}"), "v1"));
            added.sort();
            added
        };
        let (ours, theirs) = (added(ours, "ours"), added(theirs, "theirs"));
        let both = LockFile::union(&[ours.clone(), theirs.clone()]);

        // As .gitattributes of `lock --init` asks for.
        let texts = [base.render(), ours.render(), theirs.render()];
        let (text, is_clean) = merged(&["--union"], &texts[0], &texts[1], &texts[2]);
        prop_assert!(is_clean);
        prop_assert_eq!(&parsed(&text).unwrap(), &both);

        // Without it, git may leave markers, which `lock` resolves.
        let (text, _) = merged(&[], &texts[0], &texts[1], &texts[2]);
        prop_assert_eq!(&LockFile::parse_merged(&text).unwrap(), &both);

        // A platform and a project are in different lists.
        let mut platform = base.clone();
        platform.packages.push(package(Platform::ALL[2], 5));
        let (text, is_clean) = merged(&[], &texts[0], &texts[1], &platform.render());
        prop_assert!(is_clean, "{}", text);
        let merged = parsed(&text).unwrap();
        prop_assert_eq!(merged.connectors, ours.connectors);
        prop_assert_eq!(merged.packages, platform.packages);
    }
}

#[test]
fn contradicting_sides_are_left_out() {
    let (mut ours, mut theirs) = (sample(), sample());
    ours.connectors[0].version = "v3.7.7".into();
    theirs.connectors[0].version = "v3.7.9".into();
    let (text, is_clean) = merged(&[], &sample().render(), &ours.render(), &theirs.render());
    assert!(!is_clean);
    let kept = LockFile::parse_merged(&text).unwrap();
    assert_eq!(kept.connectors, vec![connector("services/a", "v3.7.8")]);
    assert_eq!(kept.packages.len(), 2);
}
