use super::*;
use crate::catalog::connectors::Connectors;

#[test]
fn descriptions_are_complete() {
    assert!(ids().count() >= 2);
    for id in ids() {
        let language = load(id).unwrap().with_project_name("app");
        let existing = language.also.iter().map(|also| &also.existing);
        for layout in existing.chain([&language.existing]) {
            assert!(!layout.build.is_empty(), "{id}");
        }
        let also = language.also.iter().map(|also| &also.example);
        for layout in [&language.new, &language.example].into_iter().chain(also) {
            assert!(layout.program().is_some(), "{id}");
            assert!(!layout.run.is_empty() && !layout.build.is_empty(), "{id}");
            for file in &layout.files {
                assert!(
                    template(id, &file.template).is_some(),
                    "{id}: {}",
                    file.template
                );
            }
        }
        assert!(
            language
                .new
                .files
                .iter()
                .any(|file| file.path == language.manifest.file)
        );
        assert!(
            language
                .existing
                .files
                .iter()
                .all(|file| file.path != language.manifest.file)
        );
        for settings in &language.settings {
            assert!(template(id, &settings.template).is_some(), "{id}");
            assert!(template(id, &settings.class.template).is_some(), "{id}");
        }
        for transport in language.refused.keys() {
            assert!(!language.uses.contains_key(transport), "{id}: {transport}");
        }
        for transport in language.uses.keys() {
            let known = Connectors::built_in().transports(id);
            assert!(
                known.contains(&transport.parse().unwrap()),
                "{id}: {transport}"
            );
        }
    }
}
