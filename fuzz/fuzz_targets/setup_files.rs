#![no_main]

use std::path::Path;

use taos_setup::fuzzing::{LockFile, ProjectSettings, SetupEdit, SetupFile};

// A lock that is read is written so that it reads back; the sides of a merge are read without a panic. A file of settings that
// is read gets a project, and then has one more.
libfuzzer_sys::fuzz_target!(|text: &str| {
    let path = Path::new("taos-setup.lock");
    if let Ok(lock) = LockFile::parse(text, path) {
        let rendered = lock.render();
        let again = LockFile::parse(&rendered, path);
        assert_eq!(again.as_ref(), Ok(&lock), "{rendered}");
    }
    let _ = LockFile::parse_merged(text);
    if let Ok(setup) = SetupFile::parse(text, path) {
        let project = ProjectSettings {
            dir: "a directory that no other has".into(),
            lang: "go".into(),
            transport: None,
            manifest: None,
        };
        if let Some(edited) = SetupEdit::Project(project).apply(text) {
            let count = SetupFile::parse(&edited, path).map(|setup| setup.projects.len());
            assert_eq!(count, Ok(setup.projects.len() + 1), "{edited}");
        }
    }
});
