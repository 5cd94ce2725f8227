use super::*;
use crate::store::Store;
use crate::tdengine::version::Edition;

fn client(home: &str) -> Client {
    let store = Store::at(home.into());
    Client::new(
        &store,
        Edition::Oss,
        "3.3.7.5".parse().unwrap(),
        "linux-x64".parse().unwrap(),
    )
}

#[test]
fn existing_values_stay_behind() {
    let prepend = variable("X", Value::Prepend("/a".into()), "");
    assert_eq!(prepend.applied(Some("/b:/c".into())), "/a:/b:/c");
    assert_eq!(prepend.applied(Some("".into())), "/a");
    assert_eq!(prepend.applied(None), "/a");
    let value = Value::Flags {
        flags: "-I/a".into(),
        default: "-O2 -g",
    };
    let flags = variable("X", value, "");
    assert_eq!(flags.applied(None), "-I/a -O2 -g");
    assert_eq!(flags.applied(Some("-O0".into())), "-I/a -O0");
}

#[test]
fn each_name_once_and_all_below_the_store() {
    let variables = client("/s").variables();
    let mut names: Vec<&str> = variables.iter().map(|variable| variable.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    for variable in variables {
        assert!(
            variable.applied(None).to_string_lossy().contains("/s/"),
            "{}",
            variable.name
        );
    }
}

#[test]
fn go_reads_quoted_words() {
    assert_eq!(quoted_flag("-I", Path::new("/a/b")), "-I/a/b");
    assert_eq!(quoted_flag("-I", Path::new("/a b")), "'-I/a b'");
    assert_eq!(quoted_flag("-I", Path::new("/it's")), "\"-I/it's\"");
}
