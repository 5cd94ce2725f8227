use proptest::prelude::*;

use super::*;

/// The targets of `text`, each as its group, its text, and its labels.
fn rows(text: &str) -> Vec<String> {
    let shown = |target: RequestedTarget| {
        let labels = target.labels.unwrap();
        let pairs: Vec<String> = labels
            .pairs()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{} {}", target.text, pairs.join(" "))
            .trim_end()
            .to_owned()
    };
    parse(text.as_bytes())
        .unwrap()
        .into_iter()
        .map(shown)
        .collect()
}

/// The line and the complaint of `text`.
fn fault(text: &str) -> (usize, String) {
    let fault = parse(text.as_bytes()).unwrap_err();
    (fault.line, fault.complaint.to_string())
}

#[test]
fn targets_have_groups_and_labels() {
    let text = "\u{feff}# plant\r\nfirst:6041\r\n\r\n[north]\r\n  db1  rack=a1 line=二号  # old\r\n; off\r\n[south-2]\n[::1]:6041\n[::1]\nws://db2/prefix tier=1=2\n";
    assert_eq!(
        rows(text),
        [
            "first:6041",
            "db1 group=north rack=a1 line=二号",
            "[::1]:6041 group=south-2",
            "[::1] group=south-2",
            "ws://db2/prefix group=south-2 tier=1=2",
        ]
    );
}

#[test]
fn lines_of_ansible_give_addresses() {
    assert_eq!(
        rows(
            "[db]\ndb1 ansible_host=10.0.0.5 ansible_user=ops ansible_password=hunter2 site=x\ndb2:6041 ansible_host=fd00::7\n"
        ),
        [
            "10.0.0.5 group=db inventory_hostname=db1 site=x",
            "[fd00::7]:6041 group=db inventory_hostname=db2:6041",
        ]
    );
}

#[test]
fn secrets_are_not_labels() {
    assert_eq!(
        rows(
            "db1 password=hunter2 api_token=abcdef url=http://root:hunter2@db/ site=x\nhttp://root:hunter2@db2:6041\n"
        ),
        ["db1 site=x", "http://root:hunter2@db2:6041"]
    );
}

#[test]
fn wrong_lines_are_refused_with_their_number() {
    for (line, complaint) in [
        ("@other.txt", "another file"),
        ("[north:children]", "[group]"),
        ("[]", "[group]"),
        ("db1 hunter2", "NAME=VALUE"),
        ("db1 group=x", "name of a label"),
        ("db1 =x", "name of a label"),
        ("db1 a=1 a=2", "twice"),
        ("db1 note=\"x", "without quotes"),
        ("Host=db1; Password=hunter2", "blank"),
        ("http://db1 ansible_host=10.0.0.1", "ansible_host"),
        ("db1 ansible_host=10.0.0.1:22", "ansible_host"),
        ("db1 ansible_host=root:hunter2@x", "credentials"),
        ("db1:hunter2", ""),
        ("http://root:hunter2@", ""),
        ("db1\u{1b}[2J", "control"),
        ("db1\0", "control"),
    ] {
        let (number, seen) = fault(&format!("ok\n\n{line}\n"));
        assert_eq!(number, 3, "{line}");
        assert!(seen.contains(complaint), "{line}: {seen}");
        assert!(!seen.contains("hunter2"), "{line}: {seen}");
    }
    let fault = parse(b"ok\n\xff\xfe\n").unwrap_err();
    assert_eq!(fault.line, 2);
}

#[test]
fn limits_hold() {
    let many = |count: usize| "h\n".repeat(count);
    assert_eq!(
        parse(many(MOST_LINES).as_bytes()).unwrap().len(),
        MOST_LINES
    );
    assert_eq!(fault(&many(MOST_LINES + 1)).0, MOST_LINES + 1);
    assert_eq!(fault(&"#".repeat(MOST_LINE + 1)).0, 1);
    let labels: String = (0..=MOST_LABELS).map(|at| format!(" l{at}=x")).collect();
    assert!(fault(&format!("h{labels}")).1.contains("32"));
    assert!(fault(&format!("h a={}", "x".repeat(MOST_VALUE + 1))).0 == 1);
    assert!(fault(&format!("[{}]", "x".repeat(MOST_NAME + 1))).0 == 1);
    let large = vec![b'\n'; usize::try_from(MOST_BYTES).unwrap() + 1];
    assert_eq!(parse(&large).unwrap_err().line, 0);
    assert_eq!(fault("# nothing\n[north]\n").0, 0);
}

#[test]
fn unknown_label_is_refused_with_known_ones() {
    let targets = parse(b"[north]\ndb1 rack=a1\n").unwrap();
    assert!(check_label(&targets, "rack").is_ok());
    assert!(check_label(&targets, GROUP).is_ok());
    let error = check_label(&targets, "site").unwrap_err();
    assert_eq!(error.id, ErrorId::Usage);
    assert!(error.observed.to_string().contains("group, rack"));
    assert!(check_label(&["db1".to_owned().into()], GROUP).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn hostile_bytes_stay_within_limits(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        check(&bytes);
    }

    #[test]
    fn hostile_lines_stay_within_limits(text in "([a-z@\\[\\]:=#;\"'. \t\n/\u{e9}]|ansible_host=|ws://|password=){0,60}") {
        check(text.as_bytes());
    }
}

/// Checks what every inventory that is accepted keeps.
fn check(bytes: &[u8]) {
    match parse(bytes) {
        Ok(targets) => {
            assert!(!targets.is_empty() && targets.len() <= MOST_LINES);
            for target in targets {
                assert!(target.text.parse::<Target>().is_ok(), "{}", target.text);
                let labels = target.labels.unwrap();
                assert!(labels.labels.len() <= MOST_LABELS + 1);
                assert!(
                    labels
                        .pairs()
                        .all(|(_, value)| !value.chars().any(char::is_control))
                );
            }
        }
        Err(fault) => assert!(fault.line <= bytes.len() + 1),
    }
}
