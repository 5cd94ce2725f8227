use super::super::deprecated_use::Replacement;
use super::*;
use crate::project::edit::apply_splices;
use proptest::prelude::*;

fn segment(text: &str, continues: bool) -> Segment<'_> {
    Segment {
        bytes: text.as_bytes(),
        start: 0,
        end: text.len(),
        continues,
    }
}

/// The text after migration, or why a person is needed.
fn migrated(text: &str, continues: bool) -> Result<String, ManualReason> {
    let mut uses = Vec::new();
    find(&segment(text, continues), &mut uses);
    let mut splices = Vec::new();
    for found in uses {
        match found.replacement {
            Replacement::Automatic(more) => splices.extend(more),
            Replacement::Manual(reason) => return Err(reason),
        }
    }
    Ok(String::from_utf8(apply_splices(text.as_bytes(), splices.iter().collect())).unwrap())
}

#[test]
fn urls_become_web_socket_urls() {
    for (before, after) in [
        ("jdbc:TAOS://db:6030/power", "jdbc:TAOS-WS://db:6041/power"),
        (
            "jdbc:TAOS://db/power?user=root",
            "jdbc:TAOS-WS://db/power?user=root",
        ),
        (
            "jdbc:TAOS://a:6030,b:6030/p",
            "jdbc:TAOS-WS://a:6041,b:6041/p",
        ),
        ("jdbc:TAOS://[::1]:6030/p", "jdbc:TAOS-WS://[::1]:6041/p"),
        (
            "jdbc:TAOS://${H:db}:6030/p",
            "jdbc:TAOS-WS://${H:db}:6041/p",
        ),
        ("jdbc:TAOS-RS://db:6041/p", "jdbc:TAOS-WS://db:6041/p"),
        ("jdbc:TAOS-RS://${H}:${P}/p", "jdbc:TAOS-WS://${H}:${P}/p"),
        (
            "jdbc:TAOS-RS://db:6041/p?batchfetch=true",
            "jdbc:TAOS-WS://db:6041/p",
        ),
        (
            "jdbc:TAOS-RS://db/?user=a&batchfetch=true&x=1",
            "jdbc:TAOS-WS://db/?user=a&x=1",
        ),
        (
            "jdbc:TAOS-RS://db/?batchfetch=true&amp;user=a",
            "jdbc:TAOS-WS://db/?user=a",
        ),
        (
            "jdbc:TAOS-RS://db/?user=a&amp;batchfetch=true",
            "jdbc:TAOS-WS://db/?user=a",
        ),
        (
            "url: jdbc:TAOS-RS://db:6041 # x",
            "url: jdbc:TAOS-WS://db:6041 # x",
        ),
    ] {
        assert_eq!(migrated(before, false).as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn unclear_addresses_are_left_to_people() {
    for (text, continues, reason) in [
        (
            "jdbc:TAOS:///power",
            false,
            ManualReason::HostFromConfiguration,
        ),
        (
            "jdbc:TAOS://:/power",
            false,
            ManualReason::HostFromConfiguration,
        ),
        (
            "jdbc:TAOS://db:16030/power",
            false,
            ManualReason::PortUnknown,
        ),
        (
            "jdbc:TAOS://db:${PORT:6030}/p",
            false,
            ManualReason::PortUnknown,
        ),
        ("jdbc:TAOS://%s:%d/%s", false, ManualReason::PortUnknown),
        ("jdbc:TAOS://", true, ManualReason::Assembled),
        ("jdbc:TAOS://db", true, ManualReason::Assembled),
        ("jdbc:TAOS:", true, ManualReason::Assembled),
    ] {
        assert_eq!(migrated(text, continues), Err(reason), "{text}");
    }
}

#[test]
fn other_urls_stay() {
    for text in [
        "jdbc:TAOS-WS://db:6041/power?batchfetch=true",
        "jdbc:mysql://db:6030/x",
        "jdbc:taos-like",
    ] {
        assert_eq!(migrated(text, false).as_deref(), Ok(text));
    }
}

proptest! {
    #[test]
    fn second_run_changes_nothing(
        scheme in prop_oneof![Just("jdbc:TAOS:"), Just("jdbc:TAOS-RS:")],
        rest in "(//)?[a-z${}:,\\[\\]0-9]{0,12}(:6030)?/?[a-z]{0,3}(\\?((batchfetch|user|x)=[a-z]{0,3}(&|&amp;)?){0,3})?",
        continues in any::<bool>(),
    ) {
        if let Ok(once) = migrated(&format!("{scheme}{rest}"), continues) {
            prop_assert_eq!(migrated(&once, continues), Ok(once.clone()));
        }
    }
}
