use super::*;

#[test]
fn lines_of_go_sum_are_files_of_a_proxy() {
    let file = |line: &str| needed_file(line).map(|it| it.files);
    assert_eq!(
        file("github.com/Azure/a v1.0.0-RC1 h1:x="),
        Some(NeededFiles::Exactly(
            "goproxy/github.com/!azure/a/@v/v1.0.0-!r!c1.zip".into()
        ))
    );
    assert_eq!(
        file("example.com/b v1.2.0/go.mod h1:x="),
        Some(NeededFiles::Exactly(
            "goproxy/example.com/b/@v/v1.2.0.mod".into()
        ))
    );
    assert_eq!(file("half a-line"), None);
}
