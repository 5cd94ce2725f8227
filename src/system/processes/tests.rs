use super::*;

#[test]
fn ended_process_does_not_run() {
    assert!(is_running(std::process::id()));
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    assert!(!is_running(child.id()));
    assert!(is_running(0));
}
