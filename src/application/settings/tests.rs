use super::*;
use crate::application::recipe;

fn read(
    language: &str,
    there: &[&str],
    fill: impl Fn(&std::path::Path),
) -> (RegistrySettings, usize) {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let there: Vec<String> = there.iter().map(|it| (*it).to_owned()).collect();
    let tool = recipe::of_language(language)
        .unwrap()
        .tool_for(Some(&there));
    let root = ProjectRoot::open(folder.path()).unwrap();
    let (settings, notes) = RegistrySettings::read(Some(&root), tool);
    (settings, notes.len())
}

#[test]
fn registry_settings_are_taken_over() {
    let (settings, notes) = read("java", &["pom.xml"], |folder| {
        std::fs::create_dir_all(folder.join(".mvn/wrapper")).unwrap();
        std::fs::write(folder.join(".mvn/settings.xml"), "<settings/>").unwrap();
        std::fs::write(folder.join(".mvn/wrapper/maven-wrapper.properties"), "x=1").unwrap();
        std::fs::write(folder.join("pom.xml"), "<project><repositories/></project>").unwrap();
        std::fs::write(folder.join("secret.txt"), "not taken").unwrap();
    });
    let paths: Vec<_> = settings.files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [".mvn/settings.xml", ".mvn/wrapper/maven-wrapper.properties"]
    );
    assert_eq!(settings.excerpts["repositories"], "<repositories/>");
    assert_eq!(notes, 0);
}

#[test]
fn links_pipes_and_huge_files_are_skipped() {
    let (settings, notes) = read("node", &["package.json"], |folder| {
        std::os::unix::fs::symlink("/etc/passwd", folder.join(".npmrc")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(folder.join(".nvmrc"))
            .status();
        assert!(made.unwrap().success());
        let huge = std::fs::File::create(folder.join(".node-version")).unwrap();
        huge.set_len(1 << 40).unwrap();
    });
    assert_eq!(settings.files.len(), 0);
    assert_eq!(notes, 3);
}

#[test]
fn nothing_is_read_without_a_project() {
    let tool = recipe::of_language("python").unwrap().tool_for(None);
    let (settings, notes) = RegistrySettings::read(None, tool);
    assert!(settings.files.is_empty() && notes.is_empty());
    assert_eq!(settings.excerpts["options"], "");
}
