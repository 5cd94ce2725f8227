//! `verify @FILE`: targets, groups, and labels from an inventory.

use std::fs;

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};
use crate::support::served::{Served, without_adapter};

/// Runs `verify` over the inventory `text`.
fn verify(context: &TestContext, text: &str, args: &[&str]) -> Run {
    fs::write(context.work().join("plant.txt"), text).unwrap();
    // A native port that nothing listens on: a TDengine of this machine would be named.
    let words = [
        "verify",
        "--transport",
        "rest",
        "--timeout",
        "60s",
        "--native-port",
        "2",
    ];
    context
        .program(words.into_iter().chain(args.iter().copied()))
        .env("TAOS_PASSWORD", "taosdata")
        .run()
}

#[test]
fn targets_are_one_table_and_share_findings() {
    let served = Served::healthy();
    let closed = Served::new(without_adapter());
    let (up, down) = (served.sandbox.adapter(), closed.sandbox.adapter());
    let text = format!(
        "[north]\n{up} rack=a1 password=hunter2\n{down} rack=a2\n[south] # new\nplc7 ansible_host=127.0.0.1 ansible_password=hunter2\nhttp://{down} rack=a2\n"
    )
    .replace("plc7 ", &format!("plc7:{} ", up.port()));
    let mut shown = Vec::new();
    let reports = [
        "--report",
        "fleet.xml",
        "--report",
        "fleet.prom",
        "--report",
        "fleet.md",
        "--report",
        "fleet.html",
    ];
    for args in [
        &[][..],
        &reports,
        &["--group-by", "rack"],
        &["--format", "nagios"],
    ] {
        let named: Vec<&str> = args.iter().copied().chain(["@plant.txt"]).collect();
        let run = verify(&served.context, &text, &named);
        shown.push(
            run.to_string()
                .replace(&up.port().to_string(), "[UP]")
                .replace(&down.port().to_string(), "[DOWN]"),
        );
    }
    assert_eq!(shown[0], shown[1]);
    assert_snapshot!(shown[0], @"
    exit 10
    --- stdout
    4 targets: 2 ok, 0 with warnings, 2 failed, 0 not verified
        target                  group  rest  server   findings
      ✓ 127.0.0.1:[UP]         north  ✓     3.3.7.5
      ✗ 127.0.0.1:[DOWN]         north  ✗              tcp-refused
      ✓ 127.0.0.1:[UP]         south  ✓     3.3.7.5
      ✗ http://127.0.0.1:[DOWN]  south  ✗              tcp-refused

    error[tcp-refused]: no program listens on 127.0.0.1:[DOWN] (over rest)
      targets:  127.0.0.1:[DOWN], http://127.0.0.1:[DOWN] (2); the next lines are about 127.0.0.1:[DOWN]
      observed: 127.0.0.1:[DOWN] refused the connection
      expected: a connection
      cause:    The machine answers, but no program on it has this port open: the server is not running there, or it uses another port.
      fix:      systemctl status taosd taosadapter    # on 127.0.0.1; start what is stopped, or pass the right host and port
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    assert_snapshot!(shown[2], @"
    exit 10
    --- stdout
    4 targets: 2 ok, 0 with warnings, 2 failed, 0 not verified
        rack  targets  ok  warnings  failed  not verified
      ✓ a1    1        1   0         0       0
      ✗ a2    2        0   0         2       0
      ✓ -     1        1   0         0       0

    error[tcp-refused]: no program listens on 127.0.0.1:[DOWN] (over rest)
      targets:  127.0.0.1:[DOWN], http://127.0.0.1:[DOWN] (2); the next lines are about 127.0.0.1:[DOWN]
      observed: 127.0.0.1:[DOWN] refused the connection
      expected: a connection
      cause:    The machine answers, but no program on it has this port open: the server is not running there, or it uses another port.
      fix:      systemctl status taosd taosadapter    # on 127.0.0.1; start what is stopped, or pass the right host and port
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    assert_snapshot!(shown[3], @"
    exit 2
    --- stdout
    TDENGINE CRITICAL - 4 targets: 2 ok, 0 with warnings, 2 failed, 0 not verified; tcp-refused on 127.0.0.1:[DOWN], http://127.0.0.1:[DOWN] | 'ok'=2;;;0;4 'warning'=0;;;0;4 'failed'=2;;;0;4 'skipped'=0;;;0;4
    --- stderr
    ");
    let report = |name: &str| fs::read_to_string(served.context.work().join(name)).unwrap();
    for (name, part) in [
        ("fleet.xml", "<property name=\"group\" value=\"north\"/>"),
        ("fleet.prom", "group=\"north\",label_rack=\"a1\"} 1"),
        ("fleet.md", "group=north, rack=a1"),
        ("fleet.html", "group=north, rack=a1"),
    ] {
        let text = report(name);
        assert!(text.contains(part), "{name}: {text}");
        assert!(!text.contains("hunter2"), "{name}");
    }
}

#[test]
fn json_has_groups_labels_and_causes() {
    let served = Served::healthy();
    let up = served.sandbox.adapter();
    let text = format!("[north]\n{up} rack=a1\n");
    let plain = up.to_string();
    let args = ["--json", "--group-by", "group", &plain, "@plant.txt"];
    let run = verify(&served.context, &text, &args);
    let data = &run.json()["data"];
    assert_eq!(data["targets"][0]["labels"], serde_json::Value::Null);
    assert_eq!(data["targets"][1]["group"], "north");
    assert_eq!(data["targets"][1]["labels"]["rack"], "a1");
    assert_snapshot!(data["fleet"], @r#"{"targets":2,"ok":2,"warning":0,"failed":0,"skipped":0,"group_by":"group","groups":[{"targets":1,"ok":1,"warning":0,"failed":0,"skipped":0,"value":null},{"targets":1,"ok":1,"warning":0,"failed":0,"skipped":0,"value":"north"}],"causes":[]}"#);
}

#[test]
fn wrong_inventories_are_refused() {
    let context = TestContext::new();
    let run = verify(&context, "db1\ndb2 hunter2\n", &["@plant.txt"]);
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read the inventory plant.txt
      line 2: invalid label: expected NAME=VALUE after the target
      next: write one target a line, [group] headings, and labels as NAME=VALUE after a target; see docs/fleet.md
    ");
    let run = verify(&context, "db1\n", &["@absent.txt"]);
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read the inventory absent.txt
      no such file or directory
      next: write one target a line, [group] headings, and labels as NAME=VALUE after a target; see docs/fleet.md
    ");
    let run = verify(
        &context,
        "[north]\ndb1\n",
        &["@plant.txt", "--group-by", "site"],
    );
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not group the targets by `site`
      no target has this label; the labels are: group
      next: taos-setup verify @inventory.txt --group-by group    # or the name of a label in the inventory
    ");
}

#[test]
fn nodes_of_one_cluster_are_written_to_at_the_same_time() {
    let served = Served::healthy();
    let up = served.sandbox.adapter();
    // The same cluster by several addresses.
    let text = format!("{up}\nhttp://{up}\nlocalhost:{0}\nws://{up}\n", up.port());
    for args in [&["--write"][..], &["--write", "--transport", "ws,rest"]] {
        let named: Vec<&str> = args
            .iter()
            .copied()
            .chain(["--json", "@plant.txt"])
            .collect();
        let run = verify(&served.context, &text, &named);
        assert_eq!(run.exit, Some(0), "{run}");
        assert_eq!(run.json()["data"]["fleet"]["ok"], 4, "{run}");
        assert!(
            run.json()["findings"].as_array().unwrap().is_empty(),
            "{run}"
        );
    }
}

#[test]
fn anonymous_reports_have_no_words_of_an_inventory() {
    let served = Served::healthy();
    let up = served.sandbox.adapter();
    let text = format!(
        "[cold-storage]\nplc7:{0} ansible_host=127.0.0.1 rack=b2 owner=miller\n[paint-shop]\nhttp://{up} rack=b2 note=plc7\n",
        up.port()
    );
    let reports = ["fleet.xml", "fleet.prom", "fleet.md", "fleet.html"];
    let mut args = vec!["--anonymize", "--json", "--group-by", "owner"];
    args.extend(reports.iter().flat_map(|name| ["--report", name]));
    args.push("@plant.txt");
    let run = verify(&served.context, &text, &args);
    assert_eq!(run.exit, Some(0), "{run}");
    let data = &run.json()["data"];
    let labels: Vec<String> = data["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {}", it["group"], it["labels"]))
        .collect();
    let labels = labels
        .join("\n")
        .replace(&up.port().to_string(), "[ADAPTER]");
    assert_snapshot!(labels, @r#"
    "group-1" {"inventory_hostname":"host-2:[ADAPTER]","rack":"rack-1","owner":"owner-1"}
    "group-2" {"rack":"rack-1","note":"note-1"}
    "#);
    assert_snapshot!(data["fleet"]["groups"], @r#"[{"targets":1,"ok":1,"warning":0,"failed":0,"skipped":0,"value":"owner-1"},{"targets":1,"ok":1,"warning":0,"failed":0,"skipped":0,"value":null}]"#);
    let written = reports.map(|name| fs::read_to_string(served.context.work().join(name)).unwrap());
    for output in written.iter().chain([&run.stdout, &run.stderr]) {
        for word in ["plc7", "b2", "miller", "cold-storage", "paint-shop"] {
            // A digest or a color may have two characters.
            let is_there = output.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            assert!(
                !is_there.into_iter().any(|it| it == word),
                "{word}: {output}"
            );
        }
    }
}

#[test]
fn inventory_is_watched() {
    let served = Served::healthy();
    let closed = Served::new(without_adapter());
    let (up, down) = (served.sandbox.adapter(), closed.sandbox.adapter());
    let text = format!("[north]\n{up} rack=a1\n{down} rack=a2 rack-a=b 产线=1 区域=北\n");
    let args = [
        "--every",
        "100ms",
        "--for",
        "300ms",
        "--report",
        "fleet.prom",
        "@plant.txt",
    ];
    let run = verify(&served.context, &text, &args);
    assert_eq!(run.exit, Some(10), "{run}");
    for line in [
        format!("{up} rest: 100.0 % of rounds good"),
        format!("{down} rest: 0.0 % of rounds good"),
    ] {
        assert!(run.stdout.contains(&line), "{run}");
    }
    let report = fs::read_to_string(served.context.work().join("fleet.prom")).unwrap();
    assert!(
        report.contains(
            "group=\"north\",label_rack=\"a2\",label_rack_a=\"b\",label___=\"1\",label____2=\"北\"} 1"
        ),
        "{report}"
    );
}

#[test]
fn load_is_not_put_on_an_inventory() {
    let context = TestContext::new();
    let run = verify(&context, "db1\n", &["--bench", "@plant.txt"]);
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not measure transports
      an inventory is given, and --bench measures the one server that the command line names
      next: taos-setup verify HOST --bench    # the server to measure
    ");
}
