use super::*;

#[test]
fn names_of_files_that_were_there_already() {
    for name in [
        "a-3.3.7.5.tar.gz",
        "a-3.3.7.5 (1).tar.gz",
        "a-3.3.7.5(12).tar.gz",
        "a-3.3.7.5.tar (1).gz",
        "a-3.3.7.5.tar.gz.1",
        "a-3.3.7.5.tgz",
        "a-3.3.7.5 (1).tgz",
    ] {
        assert_eq!(as_published(name), "a-3.3.7.5.tar.gz", "{name}");
    }
    for name in [
        "a-3.3.7.5",
        "(1)",
        "a (b).tar.gz",
        "a (1)",
        "a.1",
        "",
        ".",
        "a)(.b",
    ] {
        assert_eq!(as_published(name), name);
    }
}
