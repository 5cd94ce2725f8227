//! The printed fix is run as it is printed, by a shell, and the next `verify` is green.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::certificates::Authority;
use crate::support::client_package::mirror;
use crate::support::program::path_with;
use crate::support::served::{Served, backend, install_driver, with_data, without_adapter};
use taos_sandbox::faults::{BackendDown, Faults, Listener};
use taos_sandbox::mirror::{Mirror, Package};
use taos_sandbox::server::Options;

/// A user at a shell: what is on the path, and the variables.
struct Shell<'a> {
    served: &'a Served,
    variables: Vec<(&'static str, String)>,
}

impl<'a> Shell<'a> {
    /// With `taos-setup`, which trusts what it downloads from the sandbox's mirror, and with `taos` and `systemctl`, which write
    /// down what they are asked for.
    fn new(served: &'a Served) -> Self {
        let folder = served.context.root().join("bin");
        fs::create_dir_all(&folder).unwrap();
        let program = env!("CARGO_BIN_EXE_taos-setup");
        let ours = format!(
            "#!/bin/sh\nif [ \"$1\" = install ]; then shift; set -- install --trust-on-first-use \"$@\"; fi\nexec '{program}' \"$@\"\n"
        );
        let asked = served.context.root().join("asked");
        let writes = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$(basename \"$0\") $*\" >>'{}'\n",
            asked.display()
        );
        for (name, text) in [
            ("taos-setup", &ours),
            ("taos", &writes),
            ("systemctl", &writes),
            ("journalctl", &writes),
        ] {
            let file = folder.join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = path_with(&folder).into_string().unwrap();
        Self {
            served,
            variables: vec![
                ("PATH", path),
                ("TAOS_PASSWORD", "taosdata".into()),
                ("TZ", "UTC".into()),
            ],
        }
    }

    /// With a driver of `version`, before which no other is looked for.
    fn driver(self, version: &str) -> Self {
        let folder = install_driver(&self.served.context, version);
        self.set("LD_LIBRARY_PATH", folder.to_str().unwrap())
    }

    /// With a mirror that has the package of `version`.
    fn mirror(self, version: &str) -> (Self, Mirror) {
        let mirror = mirror([Package::new(version)]);
        let url = mirror.url().to_string();
        (self.set("TAOS_SETUP_MIRROR", &url), mirror)
    }

    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// `verify` with `args`, as a line for the shell.
    fn line(&self, args: &str) -> String {
        let sandbox = &self.served.sandbox;
        let mut line = format!(
            "taos-setup verify {args} --json --timeout 2s --native-port {}",
            sandbox.native().port()
        );
        if !args.contains("://") {
            line.push_str(&format!(" {}", sandbox.adapter()));
        }
        line
    }

    /// Runs `script` with `input`; its exit code, and what it wrote to standard output.
    fn run(&self, script: &str, input: &str) -> (Option<i32>, String) {
        let mut command: Command = self
            .served
            .context
            .start("bash", ["-c", script])
            .into_command();
        let mut child = command
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A script that reads nothing may have ended.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        if !output.status.success() {
            eprintln!("{script}\n{}", String::from_utf8_lossy(&output.stderr));
        }
        (output.status.code(), shown)
    }

    /// The fix of the first finding of `verify ARGS`, which is `id`.
    fn fix(&self, args: &str, id: &str) -> String {
        let (_, shown) = self.run(&self.line(args), "");
        let document: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let finding = &document["findings"][0];
        assert_eq!(finding["id"], id, "{shown}");
        let fix = finding["fix"].as_str().unwrap();
        fix.split("    #").next().unwrap().to_owned()
    }

    /// Runs the fix of `id` and, in the same shell, `verify ARGS` again: that is green.
    fn fixes(&self, args: &str, id: &str) {
        let script = format!("{} && {}", self.fix(args, id), self.line(args));
        let (exit, shown) = self.run(&script, "");
        assert_eq!(exit, Some(0), "{script}\n{shown}");
    }

    /// The fix is a `verify` that is green.
    fn leads(&self, args: &str, id: &str, input: &str) {
        let fix = self.fix(args, id);
        assert!(fix.contains("taos-setup verify"), "{fix}");
        let (exit, shown) = self.run(&fix, input);
        assert_eq!(exit, Some(0), "{fix}\n{shown}");
    }

    /// Runs the fix of `id` and gives what other programs were asked for.
    fn asks(&self, args: &str, id: &str) -> String {
        let (exit, shown) = self.run(&self.fix(args, id), "");
        assert_eq!(exit, Some(0), "{shown}");
        fs::read_to_string(self.served.context.root().join("asked")).unwrap()
    }

    fn is_green(&self, args: &str) {
        let (exit, shown) = self.run(&self.line(args), "");
        assert_eq!(exit, Some(0), "{shown}");
        assert!(!shown.contains("\"severity\""), "{shown}");
    }
}

/// The statement that `taos -s` was asked to run.
fn statement(asked: &str) -> &str {
    let line = asked.lines().find(|line| line.starts_with("taos -s "));
    line.unwrap()
        .trim_start_matches("taos -s ")
        .trim_end_matches(';')
}

fn execute(served: &Served, sql: &str) {
    let state = served.sandbox.state();
    let mut session = state.login("root", "taosdata", "").unwrap();
    state.execute(&mut session, sql).unwrap();
}

#[test]
fn tls_is_asked_for() {
    let authority = Authority::new();
    let served = Served::new(Options {
        tls: Some(authority.signs(&["127.0.0.1"], |_| ())),
        ..Options::default()
    });
    let file = authority.file(served.context.root());
    let shell = Shell::new(&served).set("SSL_CERT_FILE", file.to_str().unwrap());
    shell.leads("--transport ws,rest", "tls-expected", "");
}

#[test]
fn tls_is_no_longer_asked_for() {
    let served = Served::healthy();
    let args = format!(
        "https://{} --insecure --transport ws,rest",
        served.sandbox.adapter()
    );
    Shell::new(&served).leads(&args, "tls-unexpected", "");
}

#[test]
fn swapped_ports_are_put_right() {
    let served = Served::healthy();
    let shell = Shell::new(&served).driver("3.3.7.5");
    let (adapter, native) = (served.sandbox.adapter(), served.sandbox.native());
    let line = format!(
        "taos-setup verify {native} --native-port {} --json",
        adapter.port()
    );
    let (exit, shown) = shell.run(&line, "");
    assert_eq!(exit, Some(12), "{shown}");
    let document: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let fix = document["findings"][0]["fix"].as_str().unwrap();
    let (exit, shown) = shell.run(fix, "");
    assert_eq!(exit, Some(0), "{fix}\n{shown}");
}

#[test]
fn right_password_is_typed() {
    let served = Served::healthy();
    let shell = Shell::new(&served).set("TAOS_PASSWORD", "wrong");
    shell.leads("--transport ws,rest", "auth-failed", "taosdata\n");
    assert_eq!(served.sandbox.logins().refused, 1);
}

#[test]
fn log_folder_is_made() {
    let served = Served::healthy();
    let file = served.context.work().join("a-file");
    fs::write(&file, "").unwrap();
    let shell = Shell::new(&served)
        .driver("3.3.7.5")
        .set("TAOS_LOG_DIR", file.join("log").to_str().unwrap());
    shell.fixes("", "log-dir-unwritable");
}

#[test]
fn client_is_installed() {
    let served = Served::healthy();
    let (shell, _mirror) = Shell::new(&served).mirror("3.3.7.5");
    shell.fixes("--transport native", "library-missing");
}

#[test]
fn client_of_the_servers_version_is_installed() {
    let served = Served::healthy();
    let (shell, _mirror) = Shell::new(&served).driver("3.3.6.0").mirror("3.3.7.5");
    shell.fixes("", "version-mismatch");
}

#[test]
fn broken_client_is_replaced() {
    for (missing, id) in [
        ("libtaosws.so", "library-incomplete"),
        ("libtaosnative.so", "library-incomplete"),
    ] {
        let served = Served::healthy();
        let (shell, _mirror) = Shell::new(&served).driver("3.3.7.5").mirror("3.3.7.5");
        fs::remove_file(served.context.root().join("driver").join(missing)).unwrap();
        shell.fixes("", id);
    }
    let served = Served::healthy();
    let (shell, _mirror) = Shell::new(&served).driver("3.3.7.5").mirror("3.3.7.5");
    let file = served.context.root().join("driver/libtaos.so");
    let mut bytes = fs::read(&file).unwrap();
    // ELF's e_machine: 40 is 32-bit ARM.
    bytes[18] = 40;
    fs::write(&file, bytes).unwrap();
    shell.fixes("", "library-wrong-arch");
}

#[test]
fn taosadapter_is_started() {
    let served = Served::with_faults(Faults {
        adapter: Listener::Hangs,
        ..Faults::default()
    });
    let shell = Shell::new(&served);
    let asked = shell.asks("--transport ws,rest", "no-answer");
    assert!(asked.contains("systemctl restart taosadapter\n"), "{asked}");
    served.sandbox.set_faults(Faults::default());
    shell.is_green("--transport ws,rest");
    // One that does not run is named as well.
    let served = Served::new(without_adapter());
    let shell = Shell::new(&served);
    let asked = shell.asks("--transport ws,rest", "adapter-not-running");
    assert_eq!(asked, "systemctl enable --now taosadapter\n");
}

#[test]
fn taosd_is_restarted() {
    let served = Served::with_faults(backend(BackendDown::Fresh, Duration::from_millis(1)));
    let shell = Shell::new(&served).driver("3.3.7.5");
    let asked = shell.asks("", "adapter-backend-down");
    assert!(asked.starts_with("systemctl restart taosd\n"), "{asked}");
    served.sandbox.set_faults(Faults::default());
    shell.is_green("");
}

#[test]
fn database_is_created() {
    let served = Served::healthy();
    let shell = Shell::new(&served);
    let args = format!("http://{}/rest/sql/power", served.sandbox.adapter());
    let asked = shell.asks(&args, "database-missing");
    execute(&served, statement(&asked));
    shell.is_green(&args);
}

#[test]
fn leftover_is_dropped() {
    let served = with_data(taos_sandbox::data_faults::DataFaults::default());
    execute(
        &served,
        "create database taos_setup_verify_00112233445566ff_ws",
    );
    let shell = Shell::new(&served);
    let args = "--transport ws,rest --write";
    let asked = shell.asks(args, "write-leftover");
    execute(&served, statement(&asked));
    shell.is_green(args);
}

#[test]
fn configuration_names_this_server() {
    let served = Served::healthy();
    let folder = served.context.work().join("cfg");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("taos.cfg");
    fs::write(&file, "firstEp other.invalid:6030\n").unwrap();
    let shell = Shell::new(&served)
        .driver("3.3.7.5")
        .set("TAOS_CONFIG_DIR", folder.to_str().unwrap());
    let line = shell.fix("", "firstep-wrong");
    fs::write(&file, format!("{line}\n")).unwrap();
    shell.is_green("");
}
