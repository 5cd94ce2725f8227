use super::*;
use std::collections::BTreeSet;

fn built_in() -> Manifest {
    Manifest::parse(include_str!("../../../manifests/clients.toml")).unwrap()
}

#[test]
fn eras_follow_one_another() {
    let manifest = built_in();
    for edition in [Edition::Oss, Edition::Enterprise] {
        let eras: Vec<&Era> = manifest
            .eras
            .iter()
            .filter(|era| era.edition == edition)
            .collect();
        assert_eq!(eras.first().unwrap().from, Version([0; 4]));
        assert_eq!(eras.last().unwrap().before, None);
        for pair in eras.windows(2) {
            assert_eq!(
                pair[0].before,
                Some(pair[1].from),
                "a gap after {}",
                pair[0].file
            );
        }
    }
    for era in &manifest.eras {
        assert!(
            era.also_from
                .is_none_or(|widened| Some(widened) < Some(era.from))
        );
        assert!(
            era.also_before
                .is_none_or(|widened| Some(widened) > era.before)
        );
        assert!(era.path.ends_with("{file}") && era.file.contains("{version}"));
        for host in &era.hosts {
            assert!(host.starts_with("https://") && !host.ends_with('/'));
        }
    }
}

#[test]
fn releases_are_sorted_and_named_once() {
    let mut seen = BTreeSet::new();
    for releases in &built_in().releases {
        assert!(
            releases.versions.is_sorted_by(|a, b| a < b),
            "{:?}",
            releases.versions
        );
        for platform in &releases.platforms {
            for version in &releases.versions {
                assert!(
                    seen.insert((releases.edition, *platform, *version)),
                    "{version} {platform} twice"
                );
            }
        }
    }
}

/// `package-digests.csv`: 123 rows of clients, 2 of beta clients, 38 of Enterprise clients. 4 files have a second digest.
#[test]
fn recorded_digests_are_complete() {
    let digests = built_in().digests;
    assert_eq!(digests.len(), 159);
    assert_eq!(digests.values().map(Vec::len).sum::<usize>(), 123 + 2 + 38);
    let distinct: BTreeSet<&Sha256> = digests.values().flatten().collect();
    assert_eq!(distinct.len(), 123 + 2 + 38);
    for file in [
        "TDengine-client-3.0.1.5-Windows-x64.exe",
        "TDengine-client-3.0.4.0-Windows-x64.exe",
    ] {
        assert_eq!(digests[file].len(), 2, "{file}");
    }
}

#[test]
fn unknown_keys_are_passed_over_and_a_newer_form_is_refused() {
    let text = |schema| {
        format!(
            "schema = {schema}\nreviewed = \"2026-11-30\"\nera = []\nreleases = []\nnews = 1\n[digests]\n"
        )
    };
    assert!(Manifest::parse(&text(1)).is_ok());
    assert!(Manifest::parse(&text(2)).is_err());
}
