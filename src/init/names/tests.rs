use super::*;
use crate::project::language;
use proptest::prelude::*;

#[test]
fn directory_names_become_project_names() {
    assert_eq!(from_folder("My Project (1)"), "my-project-1");
    assert_eq!(from_folder("名"), FALLBACK);
    assert_eq!(from_folder("a_b.c"), "a_b-c");
}

proptest! {
    #[test]
    fn any_directory_gives_a_name(folder in "\\PC{0,20}") {
        for id in language::ids() {
            let language = language::load(id).unwrap();
            let name = of_project(&language, None, &Path::new("/nowhere").join(&folder)).unwrap();
            prop_assert_eq!(language.manifest.format.reader().complaint_about_name(&name), None);
        }
    }
}
