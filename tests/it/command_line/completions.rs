//! `completions`: shells ask the program for the words that fit. `man`: the pages of the program and its commands.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use crate::support::installed::installed;
use crate::support::program::TestContext;
use insta::assert_snapshot;

/// The words that bash offers behind `line` after it evaluated the script of `completions bash`.
fn bash_offers(context: &TestContext, line: &str) -> String {
    let words: Vec<_> = line.split(' ').collect();
    let script = format!(
        "source <({program} completions bash)\n\
         COMP_WORDS=({line}); COMP_CWORD={index}; COMP_TYPE=9\n\
         [ {count} -eq ${{#COMP_WORDS[@]}} ] || COMP_WORDS+=('')\n\
         $(complete -p taos-setup | sed 's/.* -F \\([^ ]*\\).*/\\1/') taos-setup '{last}' ''\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\" | sed 's/ $//'",
        program = env!("CARGO_BIN_EXE_taos-setup"),
        index = words.len() - 1,
        count = words.len(),
        last = words.last().unwrap(),
    );
    let output = Command::new("bash")
        .args(["--norc", "-c", &script])
        .env("TAOS_SETUP_HOME", context.taos_setup_home())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes_commands_and_options() {
    let context = TestContext::new();
    assert_eq!(bash_offers(&context, "taos-setup ins"), "install\n");
    assert_eq!(
        bash_offers(&context, "taos-setup init --tr"),
        "--transport\n"
    );
    assert_eq!(
        bash_offers(&context, "taos-setup init --transport "),
        "ws\nrest\nnative\n"
    );
    let languages = bash_offers(&context, "taos-setup init --lang ");
    assert!(
        languages.lines().any(|line| line == "python"),
        "{languages}"
    );
}

#[test]
fn bash_completes_installed_versions_and_findings() {
    let context = installed(&["3.2.2.0", "3.3.7.5"]);
    let offered = bash_offers(&context, "taos-setup use ");
    assert!(
        offered.starts_with("3.2.2.0\n3.3.7.5\nsystem\n--"),
        "{offered}"
    );
    assert_eq!(
        bash_offers(&context, "taos-setup run --client 3.2"),
        "3.2.2.0\n"
    );
    assert_eq!(
        bash_offers(&context, "taos-setup explain dns-"),
        "dns-unresolved\n"
    );
}

/// A store that cannot be read offers nothing, and says nothing between the words of a prompt.
#[test]
fn damaged_store_offers_nothing() {
    let context = TestContext::new();
    std::fs::create_dir_all(context.taos_setup_home()).unwrap();
    std::fs::write(context.taos_setup_home().join("clients"), "no directory").unwrap();
    assert_eq!(bash_offers(&context, "taos-setup run --client "), "\n");
}

#[test]
fn each_shell_has_its_script() {
    let context = TestContext::new();
    for (shell, line) in [
        ("bash", "complete -o nospace -o bashdefault -o nosort -F"),
        (
            "zsh",
            "compdef _clap_dynamic_completer_taos_setup taos-setup",
        ),
        (
            "fish",
            "complete --keep-order --exclusive --command taos-setup",
        ),
        (
            "powershell",
            "Register-ArgumentCompleter -Native -CommandName taos-setup",
        ),
        ("elvish", "set edit:completion:arg-completer[taos-setup]"),
    ] {
        let run = context.program(["completions", shell]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert!(run.stdout.contains(line), "{run}");
        let json = context
            .program(["completions", shell, "--json"])
            .run()
            .json();
        assert_eq!(json["data"]["shell"], shell);
        assert_eq!(json["data"]["script"], run.stdout);
    }
    assert_snapshot!(context.program(["completions", "tcsh"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'tcsh' for '<SHELL>'
      [possible values: bash, zsh, fish, powershell, elvish]

      tip: a similar value exists: 'zsh'

    For more information, try '--help'.
    ");
}

#[test]
fn unknown_shell_that_asks_gets_nothing() {
    let context = TestContext::new();
    let asked = context
        .program(["--", "taos-setup", "in"])
        .env("TAOS_SETUP_COMPLETE", "tcsh")
        .run();
    assert_snapshot!(asked, @"
    exit 0
    --- stdout
    --- stderr
    ");
}

#[test]
fn pages_of_all_commands_are_written() {
    let context = TestContext::new();
    let run = context.program(["man", "--dir", "man1"]).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    man1/taos-setup.1
    man1/taos-setup-install.1
    man1/taos-setup-list.1
    man1/taos-setup-use.1
    man1/taos-setup-which.1
    man1/taos-setup-uninstall.1
    man1/taos-setup-gc.1
    man1/taos-setup-env.1
    man1/taos-setup-run.1
    man1/taos-setup-start.1
    man1/taos-setup-init.1
    man1/taos-setup-migrate.1
    man1/taos-setup-ci.1
    man1/taos-setup-lock.1
    man1/taos-setup-sync.1
    man1/taos-setup-catalog.1
    man1/taos-setup-mirror.1
    man1/taos-setup-verify.1
    man1/taos-setup-doctor.1
    man1/taos-setup-explain.1
    man1/taos-setup-url.1
    man1/taos-setup-self.1
    man1/taos-setup-completions.1
    --- stderr
    ");
    let again = context.program(["man", "--dir", "man1"]).run();
    assert_eq!(again.stdout, run.stdout);
    let printed = context.program(["man", "install"]).run();
    let written = context.work().join("man1/taos-setup-install.1");
    assert_eq!(printed.stdout, std::fs::read_to_string(written).unwrap());
    for path in run.stdout.lines() {
        formats(&context.work().join(path));
    }
}

/// groff, where it is installed, has nothing to say about the page.
fn formats(page: &Path) {
    let mut groff = Command::new("groff");
    let Ok(output) = groff
        .args(["-Kutf8", "-man", "-ww", "-z", "-Tutf8"])
        .arg(page)
        .output()
    else {
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{page:?}");
}

#[test]
fn pages_that_cannot_be_written_are_reported() {
    let context = TestContext::new();
    std::fs::write(context.work().join("file"), "").unwrap();
    assert_snapshot!(context.program(["man", "--dir", "file/man1"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not write file/man1
      a part of the path is not a directory
      next: name a directory that you may write to: taos-setup man --dir DIR
    ");
    assert_snapshot!(context.program(["man", "native-probe"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not find the manual page of native-probe
      there is no such command
      next: taos-setup --help
    ");
    assert_snapshot!(context.program(["man", "instal"]).env("TAOS_SETUP_LANG", "zh").run(), @"
    exit 2
    --- stdout
    --- stderr
    错误[usage]：无法查找 instal 的手册页
      没有这个命令
      下一步：taos-setup --help
    ");
}
