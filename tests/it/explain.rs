//! `explain`: a code, an id or a pasted text, offline.

use std::io::Write;
use std::process::Stdio;

use crate::program::{Bench, Run};
use insta::assert_snapshot;

/// `explain` with `words`, for Linux.
fn explain<'a>(words: impl IntoIterator<Item = &'a str>) -> Run {
    let args = ["explain", "--platform", "linux"];
    Bench::new().program(args.into_iter().chain(words)).run()
}

/// `explain` in Chinese.
fn explain_zh(word: &str) -> Run {
    Bench::new()
        .program(["explain", "--platform", "linux", word])
        .env("LANG", "zh_CN.UTF-8")
        .run()
}

/// What `explain` with `args` prints when `text` stands on its stdin.
fn piped(args: &[&str], text: &[u8]) -> String {
    let bench = Bench::new();
    let mut child = bench
        .program(["explain", "--platform", "linux"].iter().chain(args))
        .into_command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may stop reading at its limit.
    let _ = child.stdin.take().unwrap().write_all(text);
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn the_host_of_the_text_stands_in_the_fix() {
    assert_snapshot!(explain(["failed to connect to db01:6041: connection refused"]), @"");
}

#[test]
fn a_code_in_any_form() {
    let run = explain(["0x80000357"]);
    assert_snapshot!(run, @"");
    for form in [
        "0x357",
        "855",
        "-2147482793",
        "80000357",
        "[0x357]",
        "ERROR (0x357)",
        "code: 0x0357",
    ] {
        assert_eq!(explain([form]).stdout, run.stdout, "{form}");
    }
}

#[test]
fn a_code_in_chinese() {
    assert_snapshot!(explain_zh("0x8000000B"), @"");
}

#[test]
fn a_number_that_two_may_have_given() {
    assert_snapshot!(explain(["104"]), @"");
}

#[test]
fn words_without_quotes() {
    assert_snapshot!(explain(["no", "taos", "in", "java.library.path"]), @"");
}

#[test]
fn fixes_are_for_the_platform() {
    let fix = |platform: &str| {
        let bench = Bench::new();
        let args = [
            "explain",
            "--json",
            "--platform",
            platform,
            "no taos in java.library.path",
        ];
        let json = bench.program(args).run().json();
        json["data"]["matches"][0]["fix"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_snapshot!(["linux", "macos", "windows"].map(fix).join("\n"), @"");
}

#[test]
fn an_id_of_a_finding() {
    assert_snapshot!(explain(["tcp-refused", "--host", "[::1]:6041"]), @"");
}

#[test]
fn a_chinese_console() {
    assert_snapshot!(explain_zh("由于目标计算机积极拒绝，无法连接。 10.1.2.3:6041"), @"");
}

#[test]
fn as_json() {
    assert_snapshot!(explain(["--json", "cannot enable executable stack"]), @"");
}

#[test]
fn secrets_and_control_characters_are_not_shown() {
    let text = "request to http://root:s3cret@db01:6041/rest/sql\u{1b}]0;x\u{7} failed: connect ECONNREFUSED";
    let run = explain(["--json", text]);
    assert_eq!(
        run.json()["data"]["query"],
        "request to http://***@db01:6041/rest/sql\\u{1b}]0;x\\u{7} failed: connect ECONNREFUSED"
    );
    assert_eq!(
        explain([text]).stderr,
        "fixes are for db01:6041, which the text names; --host names another\n"
    );
}

#[test]
fn nothing_known() {
    assert_snapshot!(explain(["the moon is made of cheese at db01:6041; password=s3cret"]), @"");
    assert_snapshot!(explain(["0x80001234"]), @"");
}

#[test]
fn without_a_query() {
    let run = explain([]);
    assert_snapshot!(run, @"");
    assert_eq!(piped(&["-"], b" \n"), run.stdout);
}

#[test]
fn a_stack_trace_on_stdin() {
    let mut text =
        b"\xff\xfejava.lang.UnsatisfiedLinkError: no taos in java.library.path\n".to_vec();
    while text.len() < 3 << 20 {
        text.extend(b"\tat com.example.Application.main(Application.java:17)\n");
    }
    for args in [&["-"][..], &[]] {
        let shown = piped(args, &text);
        assert!(shown.starts_with("library-not-found: "), "{shown}");
    }
}

#[test]
fn taos_host_is_the_host_of_fixes() {
    let run = Bench::new()
        .program(["explain", "--platform", "linux", "0x388"])
        .env("TAOS_HOST", "db7:16041")
        .run();
    assert_snapshot!(run, @"");
    let run = Bench::new()
        .program(["explain", "0x388", "--host", "not a host"])
        .run();
    assert_snapshot!(run, @"");
}

#[test]
fn the_list_names_every_kind() {
    let run = explain(["--list"]);
    assert_eq!(run.exit, Some(0));
    for line in [
        "code     0x80000357",
        "code     http-503",
        "finding  tcp-refused",
        "problem  driver-split",
    ] {
        assert!(
            run.stdout.lines().any(|known| known.starts_with(line)),
            "{line}"
        );
    }
    let json = explain(["--list", "--json"]).json();
    assert_eq!(
        json["data"]["matches"].as_array().unwrap().len(),
        run.stdout.lines().count()
    );
}
