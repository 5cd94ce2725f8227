use std::sync::Arc;

use super::*;
use crate::diagnose::{Id, Judgement, Severity};
use crate::dsn::Transport;
use crate::message::Message;
use crate::output::style::Style;
use crate::verify::{Check, TargetAccess, TargetLabels, TargetRoute, TransportChecks};

/// A target in `group` that failed with `id`.
fn target(name: &str, group: Option<&str>, id: Option<Id>) -> TargetOutcome {
    let mut checks = TransportChecks::new(Transport::Ws, Vec::new());
    let judgement = match id {
        None => Judgement::ok(Message::quoted("well")),
        Some(id) => Judgement::failed(id, Message::quoted("bad")),
    };
    let _ = checks.add_untimed(Check::Tcp, judgement);
    TargetOutcome {
        target: name.to_owned(),
        transports: vec![checks],
        route: TargetRoute::default(),
        control: None,
        access: TargetAccess::of_test_host(),
        connectors: Vec::new(),
        bench: None,
        labels: Some(Arc::new(TargetLabels {
            group: group.map(str::to_owned),
            labels: Vec::new(),
        })),
    }
}

fn finding(target: &str, id: Id, severity: Severity) -> Finding {
    Finding {
        id,
        severity,
        target: target.to_owned(),
        transports: vec![Transport::Ws],
        check: "tcp",
        kinds: Vec::new(),
        summary: format!("no program listens on {target}"),
        observed: String::new(),
        expected: String::new(),
        cause: String::new(),
        fix: format!("start it on {target}"),
        docs: String::new(),
    }
}

/// `count` targets, of which every one but the first and the last refuses connections.
fn outcome(count: usize) -> VerifyOutcome {
    let mut outcome = VerifyOutcome {
        fleet: Some(FleetView::default()),
        ..VerifyOutcome::default()
    };
    for at in 0..count {
        let name = format!("db{at}");
        let is_last = at + 1 == count;
        let id = (at > 0 && !is_last).then_some(Id::TcpRefused);
        let group = ["north", "south"][at % 2];
        outcome
            .targets
            .push(target(&name, (!is_last).then_some(group), id));
        let findings = id.map(|id| finding(&name, id, Severity::Error));
        outcome.findings.extend(findings);
    }
    outcome
}

fn rendered(outcome: &VerifyOutcome, group_by: Option<&str>, locale: Locale) -> String {
    let view = FleetView {
        group_by: group_by.map(str::to_owned),
    };
    render(outcome, &view, locale, Style::default())
}

#[test]
fn causes_are_merged_and_errors_come_first() {
    let findings = [
        finding("a", Id::ClockSkew, Severity::Warning),
        finding("b", Id::TcpRefused, Severity::Error),
        finding("c", Id::AuthFailed, Severity::Error),
        finding("d", Id::AuthFailed, Severity::Error),
        finding("e", Id::ClockSkew, Severity::Warning),
        finding("f", Id::ClockSkew, Severity::Warning),
    ];
    let shared = shared_findings(&findings);
    let shown: Vec<String> = shared
        .iter()
        .map(|it| format!("{} {}", it.finding.id.as_str(), it.targets.join(",")))
        .collect();
    assert_eq!(
        shown,
        ["auth-failed c,d", "tcp-refused b", "clock-skew a,e,f"]
    );
}

#[test]
fn targets_and_groups_are_rows() {
    let outcome = outcome(5);
    insta::assert_snapshot!(rendered(&outcome, None, Locale::En), @"
    5 targets: 2 ok, 0 with warnings, 3 failed, 0 not verified
        target  group  ws  findings
      ✓ db0     north  ✓
      ✗ db1     south  ✗   tcp-refused
      ✗ db2     north  ✗   tcp-refused
      ✗ db3     south  ✗   tcp-refused
      ✓ db4            ✓

    error[tcp-refused]: no program listens on db1 (over ws)
      targets:  db1, db2, db3 (3); the next lines are about db1
      fix:      start it on db1
    ");
    insta::assert_snapshot!(rendered(&outcome, Some("group"), Locale::Zh), @"
    共 5 个目标：2 个正常，0 个有警告，3 个失败，0 个未验证
        group  目标数  正常  警告  失败  未验证
      ✗ north  2       1     0     1     0
      ✗ south  2       0     0     2     0
      ✓ -      1       1     0     0     0

    错误[tcp-refused]：no program listens on db1（ws）
      目标：db1, db2, db3（共 3 个）；以下内容以 db1 为例
      修复：start it on db1
    ");
}

#[test]
fn thousand_targets_have_one_finding() {
    let outcome = outcome(1000);
    let text = rendered(&outcome, None, Locale::En);
    // The counts, the heading, the targets, and the finding.
    assert!(text.lines().count() < 1010, "{text}");
    assert_eq!(text.matches("no program listens").count(), 1);
    assert!(text.contains("and 988 more"), "{text}");
    let data = data(&outcome, &FleetView::default());
    assert_eq!(data["failed"], 998);
    let causes = data["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0]["targets"].as_array().unwrap().len(), 998);
}

#[test]
fn strange_texts_stay_in_their_cells() {
    let mut outcome = outcome(3);
    outcome.targets[1].target = format!("\u{1b}[2J\n{}", "长".repeat(100));
    let text = rendered(&outcome, None, Locale::En);
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() < 120),
        "{text}"
    );
}

#[test]
fn rows_name_what_was_found_in_the_end() {
    let mut outcome = outcome(3);
    // The native port answers: a refused connection to the adapter's means more.
    outcome.findings[0].id = Id::AdapterNotRunning;
    let shown = rendered(&outcome, None, Locale::En);
    assert!(
        shown.contains("✗ db1     south  ✗   adapter-not-running"),
        "{shown}"
    );
}
