use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::fetch::FetchOptions;
use crate::install::origin::parse_origin;
use crate::system::events::Silent;

/// Digests of both packages are in the catalog, so that nothing is asked for.
const CLIENT: &str =
    "[client]\nversion = \"3.0.4.2\"\nplatforms = [\"linux-x64\", \"windows-x64\"]\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A lock is the same on all machines, wherever they find the server and the packages.
    #[test]
    fn any_host_mirror_and_secret_stays_out_of_lock(
        host in "[a-z]{8,16}\\.(example|internal)(:[1-9][0-9]{3})?",
        mirror in "https://[a-z]{8,16}\\.example/[a-z]{8,16}",
        login in prop::option::of("[a-z]{8,12}:[a-zA-Z0-9]{8,16}"),
    ) {
        let text = format!("[server]\nversion = \"3.0.4.2\"\nhost = \"{host}\"\n{CLIENT}");
        let setup = SetupFile::parse(&text, Path::new("taos-setup.toml")).unwrap();
        let mirror = match &login {
            Some(login) => mirror.replace("://", &format!("://{login}@")),
            None => mirror,
        };
        let (origin, origin_arguments) = parse_origin(None, Some(mirror.clone()), false).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let store = Store::at(directory.path().to_owned());
        let downloads = store.downloads_dir();
        let sources = PackageSources {
            origin,
            origin_arguments,
            fetch: FetchOptions::from_environment(downloads, true, false).unwrap(),
            mirror: Some(mirror.clone()),
            sha256: Vec::new(),
            trust_keys: Vec::new(),
            trust_on_first_use: true,
        };
        let events: EventSink = Arc::new(Silent);
        let resolver = Resolver { setup: &setup, sources: &sources, store: &store, events: &events };
        let resolved = resolver.resolve(&LockFile::default(), &Renewal::default()).unwrap();
        prop_assert_eq!(resolved.packages.len(), 2);
        let text = resolved.render();
        let words = host.split([':', '.']).chain(mirror.split(['/', ':', '@', '.']));
        for word in words.filter(|word| word.len() >= 8) {
            prop_assert!(!text.contains(word), "{} in {}", word, text);
        }
        prop_assert!(!text.contains("://"), "{}", text);
    }
}
