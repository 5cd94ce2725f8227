//! Logins with a token of TDengine 3.4 (`TAOS_TOKEN`), by the programs that the other tests of connectors build.

use std::net::SocketAddr;

use taos_sandbox::server::{Options, Sandbox};

use crate::init::connectors::Project;

/// A server version that knows tokens.
pub const TOKEN_SERVER: &str = "3.4.1.6";

/// The sandbox's address for a transport.
type Address = fn(&Sandbox) -> SocketAddr;

fn server() -> Sandbox {
    Sandbox::start(Options {
        version: TOKEN_SERVER.into(),
        tokens: vec![("secret-token".into(), "root".into())],
        ..Options::default()
    })
    .unwrap()
}

/// A token, and a password that must not be used.
fn login(token: &'static str) -> [(&'static str, &'static str); 2] {
    [("TAOS_TOKEN", token), ("TAOS_PASSWORD", "wrong")]
}

/// The one line on stderr of a run that failed and printed nothing else.
#[track_caller]
pub fn only_line(run: &str) -> &str {
    let line = run.strip_prefix("exit 1\nstderr: error: ");
    let line = line.and_then(|rest| rest.strip_suffix('\n'));
    line.filter(|line| !line.contains('\n'))
        .unwrap_or_else(|| panic!("expected one line: {run}"))
}

/// Checks that the programs of `project` log in with a token instead of the password, and report an unknown one in one line. The
/// examples `without` tokens ask for their removal.
#[track_caller]
pub fn accepts_tokens(project: &Project, address: Address, without: &[&str]) {
    let sandbox = server();
    let run = project.run(address(&sandbox), &login("secret-token"));
    let expected = format!("exit 0\nserver version: {TOKEN_SERVER}\n");
    assert!(
        run.starts_with(&expected) && run.contains("rows read: 2\n"),
        "{run}"
    );
    let examples = project.check_examples_on(&sandbox, address, &login("secret-token"));
    for example in examples.split("--- ").skip(1) {
        let (command, run) = example.split_once('\n').unwrap();
        let refuses = without.iter().any(|name| command.contains(name));
        let is_right = if refuses {
            run.starts_with("exit 1\n") && run.contains("token: unset TAOS_TOKEN\n")
        } else {
            run.starts_with("exit 0\n")
        };
        assert!(is_right, "{example}");
    }
    assert_eq!(sandbox.logins().refused, 0);
    let unknown = project.run(address(&sandbox), &login("another-token"));
    let line = only_line(&unknown);
    assert!(line.contains("token does not exist"), "{line}");
    assert!(!line.contains("another-token"), "{line}");
    assert_eq!(sandbox.logins().refused, 1);
}

/// Checks that the program of `project` refuses a token in one line that names the variable, before any login.
#[track_caller]
pub fn refuses_tokens(project: &Project, address: Address) {
    let sandbox = server();
    let run = project.run(address(&sandbox), &login("secret-token"));
    let line = only_line(&run);
    assert!(line.contains("unset TAOS_TOKEN"), "{line}");
    let logins = sandbox.logins();
    assert_eq!((logins.accepted, logins.refused), (0, 0));
}
