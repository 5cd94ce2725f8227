use super::*;

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn output_is_read_within_limits() {
    assert_eq!(read(shell("printf 'a\\nb'; echo c >&2")).unwrap(), "a\nb");
    // More than that is left: the program ends by the closed pipe.
    let long = read(shell("exec head -c 3000000 /dev/zero"));
    assert!(long.is_err() || long.unwrap().len() == 1 << 20);
    let failed = read(shell("echo a; exit 3")).unwrap_err();
    assert_eq!(failed.kind(), io::ErrorKind::Other);
    let missing = read(Command::new("/nonexistent/program")).unwrap_err();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
}
