use proptest::prelude::*;

use super::*;

fn any_path() -> impl Strategy<Value = EntryPath> {
    prop::collection::vec("[a-zA-Z0-9@!+_-]{1,12}(\\.[a-z]{1,4})?", 1..4)
        .prop_filter_map("a plain path", |names| EntryPath::parse(&names.join("/")))
}

fn any_file() -> impl Strategy<Value = MirrorFile> {
    (
        any::<u64>(),
        any::<[u8; 32]>(),
        prop::option::of("[A-Za-z0-9 .\"()é-]{0,20}"),
        any::<bool>(),
    )
        .prop_map(|(size, digest, license, has_base)| MirrorFile {
            size,
            sha256: Sha256(digest),
            origin: FileOrigin::Registry,
            license,
            has_base,
        })
}

proptest! {
    #[test]
    fn any_manifest_is_read_as_written(files in prop::collection::btree_map(any_path(), any_file(), 0..8)) {
        let manifest = MirrorManifest { head: MirrorHead::default(), files };
        prop_assert_eq!(MirrorManifest::parse(manifest.render().as_bytes()), Ok(manifest));
    }

    #[test]
    fn any_changed_byte_is_refused(files in prop::collection::btree_map(any_path(), any_file(), 1..4), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let manifest = MirrorManifest { head: MirrorHead::default(), files };
        let mut bytes = manifest.render().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert_eq!(MirrorManifest::parse(&bytes), Err(ManifestFault::Damaged));
    }

    #[test]
    fn any_path_stays_below(text in "\\PC{0,40}") {
        if let Some(path) = EntryPath::parse(&text) {
            let below = path.below(std::path::Path::new("/mirror"));
            prop_assert!(below.starts_with("/mirror"));
            prop_assert!(below.components().all(|it| !matches!(it, std::path::Component::ParentDir)));
        }
    }
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for text in [
        "",
        "/etc/passwd",
        "a//b",
        "a/",
        "../a",
        "a/../b",
        "./a",
        "a\\b",
        "C:a",
        "a\nb",
        "a\0b",
        "a.",
        "a ",
        ".taos-setup-new",
    ] {
        assert_eq!(EntryPath::parse(text), None, "{text:?}");
    }
    assert!(EntryPath::parse(&"a/".repeat(300)).is_none());
}

/// `lines` with the last line that belongs to them.
fn sealed(lines: &str) -> String {
    format!("{lines}{}", seal_line(lines.as_bytes()))
}

#[test]
fn other_forms_of_one_content_are_refused() {
    let line = format!(
        "{{\"path\":\"a\",\"size\":1,\"sha256\":\"{}\",\"origin\":\"vendor\"}}\n",
        "0".repeat(64)
    );
    let head = json_line(&MirrorHead::default());
    let whole = sealed(&format!("{head}{line}"));
    assert!(MirrorManifest::parse(whole.as_bytes()).is_ok());
    for text in [
        format!("{head}{line}{line}"),
        format!("{head}\n{line}"),
        format!("{head}{line}\n"),
        format!("{head}{}", line.replace("\"size\":1", "\"size\": 1")),
        format!("{head}{}", line.replace("\"a\"", "\"../a\"")),
        format!("{head}{}", line.replace("\"a\"", "\"mirror.jsonl\"")),
        format!("{head}{}", line.replace('}', ",\"more\":1}")),
        head.replace("\"schema\":1", "\"schema\":2"),
        line.clone(),
        String::new(),
    ] {
        let parsed = MirrorManifest::parse(sealed(&text).as_bytes());
        assert!(
            matches!(parsed, Err(ManifestFault::Unusable(_))),
            "{text}: {parsed:?}"
        );
    }
    for text in [
        format!("{head}{line}"),
        format!("{whole}\n"),
        whole.trim_end().to_owned(),
        whole.replace("manifest_sha256", "manifest_SHA256"),
        sealed(&format!("{head}{}", line.trim_end())).replace("vendor", "mirror"),
        String::new(),
    ] {
        let parsed = MirrorManifest::parse(text.as_bytes());
        assert_eq!(parsed, Err(ManifestFault::Damaged), "{text}");
    }
}
