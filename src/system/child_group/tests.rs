use super::*;

fn shell(script: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]);
    command
}

async fn run_for(script: &str, limit: Duration) -> EndedChild {
    run(shell(script), limit, |_, _| {}).await.unwrap()
}

/// Whether the process whose number is in `file` still runs after a while: a signal takes effect later than it is sent.
#[cfg(target_os = "linux")]
fn is_running(file: &std::path::Path) -> bool {
    let number = std::fs::read_to_string(file).unwrap_or_default();
    let number: u32 = number.trim().parse().unwrap();
    let begun = Instant::now();
    // A killed process that its new parent has not waited for yet has no command line.
    while std::fs::read(format!("/proc/{number}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        if begun.elapsed() > Duration::from_secs(10) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

#[tokio::test]
async fn output_and_exit_code_are_returned() {
    let ended = run_for("echo out; echo err >&2; exit 3", Duration::from_secs(20)).await;
    assert_eq!(ended.end, ChildEnd::Exited(3));
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        ("out\n", "err\n")
    );
    assert!(!ended.succeeded());
}

#[tokio::test]
async fn flood_is_kept_at_both_ends() {
    let script = "echo first; yes 0123456789 | head -c 3000000; echo last";
    let ended = run_for(script, Duration::from_secs(20)).await;
    assert!(ended.succeeded());
    assert!(ended.stdout.len() < 140_000, "{}", ended.stdout.len());
    assert!(ended.stdout.starts_with("first\n") && ended.stdout.ends_with("last\n"));
    assert!(ended.stdout.contains("\n…\n"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn grandchildren_end_with_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let (group, session) = (folder.path().join("group"), folder.path().join("session"));
    let spawns = format!(
        "sleep 60 & echo $! >{}; setsid sh -c 'echo $$ >{}; exec sleep 60' & while [ ! -s {} ]; do sleep 0.01; done",
        group.display(),
        session.display(),
        session.display()
    );
    let hangs = format!("{spawns}; sleep 60");
    for (script, expected) in [(spawns, ChildEnd::Exited(0)), (hangs, ChildEnd::TimedOut)] {
        let ended = run_for(&script, Duration::from_secs(4)).await;
        assert_eq!(ended.end, expected);
        assert!(!is_running(&group) && !is_running(&session), "{script}");
        std::fs::remove_file(&session).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn dropped_run_ends_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("number");
    let script = format!("echo $$ >{}; sleep 60", file.display());
    let run = run_for(&script, Duration::from_secs(60));
    let is_written = async {
        while std::fs::metadata(&file).map_or(0, |found| found.len()) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        _ = run => panic!("it ended by itself"),
        () = is_written => {}
    }
    assert!(!is_running(&file));
}

#[tokio::test]
async fn missing_program_is_an_error() {
    let command = Command::new("/nonexistent/program");
    let ended = run(command, Duration::from_secs(1), |_, _| {}).await;
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn last_line_is_found_and_cut() {
    let mut kept = Captured::default();
    assert_eq!(kept.last_line(), None);
    kept.add(b"one\ntwo\r\n\n  \n");
    assert_eq!(kept.last_line().as_deref(), Some("two"));
    kept.add(b"\x1b[31mred\x1b[0m\n\x1b[0m\n");
    assert_eq!(kept.last_line().as_deref(), Some("red"));
    assert!(kept.text().ends_with("red\n\n"));
    kept.add(&vec![b'x'; 200_000]);
    assert_eq!(kept.last_line().unwrap().len(), 200);
}
