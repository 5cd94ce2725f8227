//! Reads every form back: with the shell itself if it is installed, else with a reader that follows its rules.

use std::collections::HashMap;
use std::ffi::OsString;
use std::process::Command;

use proptest::prelude::*;

use super::{Shell, write};
use crate::store::{Client, Store, Variable, resolved};
use crate::tdengine::version::Edition;

fn client(home: &str) -> Client {
    let (version, platform) = ("3.3.7.5".parse().unwrap(), "linux-x64".parse().unwrap());
    Client::new(&Store::at(home.into()), Edition::Oss, version, platform)
}

fn written(
    shell: Shell,
    home: &str,
    existing: &Option<String>,
) -> (Result<String, &'static str>, Vec<(&'static str, String)>) {
    let client = client(home);
    let variables = client.variables();
    let existing = |_: &str| existing.clone().map(OsString::from);
    let expected = resolved(&variables, existing)
        .into_iter()
        .map(|(name, value)| (name, value.into_string().unwrap()))
        .collect();
    (write(shell, &client, &variables, existing), expected)
}

/// env-file.c of systemd: `NAME="…"`, where a backslash counts before `"`, `\`, `` ` `` and `$`, and takes a line's end away.
fn read_systemd(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with('#') {
            rest = rest.split_once('\n').unwrap().1;
            continue;
        }
        let (name, after) = rest.split_once("=\"").unwrap();
        let mut value = String::new();
        let mut chars = after.char_indices();
        let end = loop {
            match chars.next().unwrap() {
                (at, '"') => break at,
                (_, '\\') => match chars.next().unwrap().1 {
                    '\n' => {}
                    c @ ('"' | '\\' | '`' | '$') => value.push(c),
                    c => value.extend(['\\', c]),
                },
                (_, c) => value.push(c),
            }
        };
        found.push((name.to_owned(), value));
        rest = after[end + 1..].strip_prefix('\n').unwrap();
    }
    found
}

/// FileCommandManager.cs of the runner: the first of `=` and `<<` decides.
fn read_github(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = text.split_terminator('\n');
    while let Some(line) = lines.next() {
        let (equals, here) = (line.find('='), line.find("<<"));
        match (equals, here) {
            (Some(at), here) if here.is_none_or(|here| at < here) => {
                found.push((line[..at].to_owned(), line[at + 1..].to_owned()));
            }
            (_, Some(at)) => {
                let value: Vec<&str> = lines
                    .by_ref()
                    .take_while(|next| *next != &line[at + 2..])
                    .collect();
                found.push((line[..at].to_owned(), value.join("\n")));
            }
            _ => panic!("not a line: {line:?}"),
        }
    }
    found
}

/// What all readers of `.env` files share: plain words, single quotes in which nothing counts, double quotes in which
/// nothing that counts may stand.
fn read_dotenv(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.split_once('=').unwrap();
            let inside = |quote: char| {
                value
                    .strip_prefix(quote)
                    .and_then(|value| value.strip_suffix(quote))
            };
            let value = if let Some(value) = inside('\'') {
                assert!(!value.contains('\''), "{line}");
                value
            } else if let Some(value) = inside('"') {
                assert!(!value.contains(['"', '\\', '$', '`']), "{line}");
                value
            } else {
                assert!(
                    !value.contains([' ', '#', '\'', '"', '$', '=', '`', '\t']),
                    "{line}"
                );
                value
            };
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

/// `cmd`'s second phase for these lines: `%%` is a percent sign, `%NAME%` the variable, and the quotes hold the rest.
fn read_cmd(
    text: &str,
    existing: &Option<String>,
    variables: &[Variable],
) -> HashMap<String, String> {
    let names = variables.iter().map(|variable| variable.name.to_owned());
    let mut now: HashMap<String, String> = existing
        .iter()
        .filter(|existing| !existing.is_empty())
        .flat_map(|existing| names.clone().map(|name| (name, existing.clone())))
        .collect();
    for line in text.split_terminator("\r\n") {
        let mut line = line.strip_prefix('@').unwrap();
        if line.starts_with("rem ") {
            continue;
        }
        for (word, wanted) in [("if defined ", true), ("if not defined ", false)] {
            if let Some(rest) = line.strip_prefix(word) {
                let (name, rest) = rest.split_once(' ').unwrap();
                line = if now.contains_key(name) == wanted {
                    rest
                } else {
                    ""
                };
            }
        }
        let Some(rest) = line.strip_prefix("set \"") else {
            continue;
        };
        let (name, value) = rest.strip_suffix('"').unwrap().split_once('=').unwrap();
        let mut expanded = String::new();
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('%') {
            expanded.push_str(before);
            rest = if let Some(after) = after.strip_prefix('%') {
                expanded.push('%');
                after
            } else {
                let (variable, after) = after.split_once('%').unwrap();
                expanded.push_str(&now[variable]);
                after
            };
        }
        expanded.push_str(rest);
        now.insert(name.to_owned(), expanded);
    }
    now
}

fn owned(expected: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    expected
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The program, where this machine has it.
fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// A shell's own view: `script` is evaluated, then every variable printed.
fn evaluated(
    program: &str,
    script: String,
    existing: &Option<String>,
    names: &[&str],
    print: impl Fn(&str) -> String,
) -> Vec<String> {
    let lines: String = names.iter().map(|name| print(name)).collect();
    let mut command = Command::new(program);
    command.arg("-c").arg(script + &lines);
    for name in names {
        command.env_remove(name);
        command.envs(existing.iter().map(|existing| (name, existing)));
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\u{1}').map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn systemd_reads_back(home in "/[^\0:]{1,30}", existing in prop::option::of("[^\0]{0,20}")) {
        let (text, expected) = written(Shell::Systemd, &home, &existing);
        let refused = |text: &str| text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n'));
        match text {
            Ok(text) => prop_assert_eq!(read_systemd(&text), owned(expected)),
            Err(_) => prop_assert!(expected.iter().any(|(_, value)| refused(value))),
        }
    }

    #[test]
    fn github_reads_back(home in "/[^\0:]{1,30}", existing in prop::option::of("[^\0]{0,20}|END\nEND_\n=<<|<<x\n")) {
        let (text, expected) = written(Shell::Github, &home, &existing);
        match text {
            Ok(text) => prop_assert_eq!(read_github(&text), owned(expected)),
            Err(_) => prop_assert!(expected.iter().any(|(_, value)| value.contains('\r'))),
        }
    }

    #[test]
    fn dotenv_reads_back(home in "/[a-z '#$\"\\\\`=é\n]{1,20}", existing in prop::option::of("[a-z '#$\"\\\\`=é]{0,20}")) {
        let (text, expected) = written(Shell::Dotenv, &home, &existing);
        match text {
            Ok(text) => prop_assert_eq!(read_dotenv(&text), owned(expected)),
            Err(_) => prop_assert!(expected.iter().any(|(_, value)| value.contains(['\'', '\\', '\n']))),
        }
    }

    #[test]
    fn cmd_reads_back(home in "/[a-z %^&()!<>|é]{1,20}", existing in prop::option::of("[a-z %^&()!'<>|é]{0,20}")) {
        let client = client(&home);
        let (text, expected) = written(Shell::Cmd, &home, &existing);
        let read = read_cmd(&text.unwrap(), &existing, &client.variables());
        for (name, value) in expected {
            prop_assert_eq!(read.get(name), Some(&value));
        }
    }

    #[test]
    fn quotes_and_line_ends_are_rejected_for_batch_files(home in "/[a-z]{0,3}[\"\n\r\u{1b}][a-z]{0,3}") {
        prop_assert!(written(Shell::Cmd, &home, &None).0.is_err());
    }

    #[test]
    fn powershell_words_end_at_their_quote(text in "[a-z'‘’‚‛`$\"\n]{0,20}") {
        let word = crate::safety::shell::powershell::quoted(&text);
        let is_quote = |c: char| matches!(c, '\'' | '‘' | '’' | '‚' | '‛');
        let mut inside = word[1..word.len() - 1].chars().peekable();
        let mut read = String::new();
        while let Some(c) = inside.next() {
            if is_quote(c) {
                prop_assert!(inside.next().is_some_and(is_quote), "{word}");
            }
            read.push(c);
        }
        prop_assert_eq!(read, text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn fish_and_powershell_set_the_values_of_run(home in "/[^\0\u{1}/:]{1,30}", existing in prop::option::of("[^\0\u{1}:]{1,20}")) {
        let (_, expected) = written(Shell::Fish, &home, &existing);
        let expected: Vec<_> = expected.into_iter().filter(|(name, _)| *name != "PATH").collect();
        let names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
        let values: Vec<String> = expected.iter().map(|(_, value)| value.clone()).collect();
        if is_there("fish") {
            let script = written(Shell::Fish, &home, &existing).0.unwrap();
            let printed = evaluated("fish", script, &existing, &names, |name| format!("printf '%s\\1' \"${name}\"\n"));
            prop_assert_eq!(printed, values.clone());
        }
        if is_there("pwsh") {
            let script = written(Shell::Powershell, &home, &existing).0.unwrap();
            let printed = evaluated("pwsh", script, &existing, &names, |name| format!("[Console]::Out.Write($env:{name} + [char]1)\n"));
            prop_assert_eq!(printed, values);
        }
    }
}
