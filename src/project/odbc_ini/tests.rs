use proptest::prelude::*;

use super::super::edit::FileEdit;
use super::super::requirement::DependencyList;
use super::*;
use crate::catalog::connectors::VersionRules;

fn sections(is_assumed: bool) -> [RequiredSection; 2] {
    let source = "[tdengine_ws]\nDriver = TAOS_ODBC_DRIVER\nURL = http://db:6041\n";
    let driver = "[TAOS_ODBC_DRIVER]\nDriver = /usr/local/lib/libtaos_odbc.so\n";
    [source, driver].map(|text| RequiredSection {
        text: text.to_owned(),
        is_assumed,
    })
}

fn wanted<'a>(
    sections: &'a [RequiredSection],
    parents: &'a [(String, String)],
    upgrade: bool,
) -> Requirement<'a> {
    Requirement {
        file: "odbc.ini",
        package: PACKAGE,
        version: "1.1.0",
        runtime: "",
        runtime_below: None,
        classifier: None,
        parts: &[],
        or_parts: &[],
        all_parts: &[],
        companions: &[],
        retired: &[],
        parents,
        upgrade,
        is_pinned: false,
        location: None,
        locked: &[],
        rules: VersionRules::NONE,
        list: DependencyList::Main,
        sections,
    }
}

/// `source` edited, with `drivers` next to it; a second run must change nothing.
fn after(source: &str, drivers: &str) -> (String, String) {
    let sections = sections(true);
    let parents = [(DRIVERS_FILE.to_owned(), drivers.to_owned())];
    let apply = |edit: &[FileEdit], text: &str| match edit {
        [] => text.to_owned(),
        [one] => one.apply(text),
        [..] => panic!("{edit:?}"),
    };
    let first = edit(source, wanted(&sections, &parents, false)).unwrap();
    let (new, new_drivers) = (first.apply(source), apply(&first.elsewhere, drivers));
    let parents = [(DRIVERS_FILE.to_owned(), new_drivers.clone())];
    let second = edit(&new, wanted(&sections, &parents, false)).unwrap();
    assert_eq!(
        (second.insertion, second.elsewhere),
        (None, Vec::new()),
        "{new}{new_drivers}"
    );
    (new, new_drivers)
}

const SOURCE: &str = "\n[tdengine_ws]\nDriver=TAOS_ODBC_DRIVER\nURL=http://db:6041\n";
const DRIVER: &str = "[TAOS_ODBC_DRIVER]\nDriver = /usr/local/lib/libtaos_odbc.so\n";

#[test]
fn missing_source_and_driver_are_added() {
    let (source, drivers) = after("[a]\nDriver=b\n", "");
    assert_eq!(source, format!("[a]\nDriver=b\n{SOURCE}"));
    assert_eq!(drivers, DRIVER);
    let (source, drivers) = after(
        "[odbc data sources]\na=b\n[a]\nDriver=b\n",
        "[ODBC Drivers]\nb=Installed\n",
    );
    let listed = "[odbc data sources]\na=b\ntdengine_ws=TAOS_ODBC_DRIVER\n[a]\nDriver=b\n";
    assert_eq!(source, format!("{listed}{SOURCE}"));
    let expected = "[ODBC Drivers]\nb=Installed\nTAOS_ODBC_DRIVER=Installed\n\n";
    assert_eq!(drivers, format!("{expected}{}", DRIVER.replace(" = ", "=")));
}

#[test]
fn other_source_of_the_driver_is_kept() {
    for (source, drivers) in [
        (
            "[x]\nDriver = TDengine\nURL = http://a\n",
            "[TDengine]\nDriver=/x.so\n",
        ),
        (
            "[x]\nDriver = mine\nURL = http://a\n",
            "[Mine]\nDriver64=/lib/libtaos_odbc.so.0.1\n",
        ),
        ("[x]\nDriver = /opt/libtaos_odbc.so\nURL = http://a\n", ""),
    ] {
        let (new, new_drivers) = after(source, drivers);
        assert_eq!((new.as_str(), new_drivers.as_str()), (source, drivers));
    }
    // Another connection is another source.
    let native = "[x]\nDriver=TDengine\nSERVER=a:6030\n";
    let (new, drivers) = after(native, "");
    assert_eq!(new, format!("{native}{SOURCE}"));
    assert_eq!(drivers, DRIVER);
}

#[test]
fn registered_driver_without_file_gets_one() {
    let (_, drivers) = after("", "[taos_odbc_driver]\nUsageCount=1\n[b]\nDriver=x\n");
    let expected = "[taos_odbc_driver]\nUsageCount=1\nDriver=/usr/local/lib/libtaos_odbc.so\n";
    assert_eq!(drivers, format!("{expected}[b]\nDriver=x\n"));
}

#[test]
fn address_is_replaced_on_upgrade_only() {
    let source = "[tdengine_ws]\nDriver=TAOS_ODBC_DRIVER\nURL=http://old:6041\n";
    let parents = [(DRIVERS_FILE.to_owned(), DRIVER.to_owned())];
    for (is_assumed, upgrade, is_replaced, notes) in [
        (true, true, false, 0),
        (true, false, false, 0),
        (false, false, false, 1),
        (false, true, true, 0),
    ] {
        let sections = sections(is_assumed);
        let edit = edit(source, wanted(&sections, &parents, upgrade)).unwrap();
        assert_eq!(edit.notes.len(), notes, "{:?}", edit.notes);
        let expected = if is_replaced {
            source.replace("old", "db")
        } else {
            source.to_owned()
        };
        assert_eq!(edit.apply(source), expected);
    }
}

#[test]
fn source_of_another_driver_or_connection_is_a_conflict() {
    for source in [
        "[TDengine_WS]\nDriver=PostgreSQL\n",
        "[tdengine_ws]\n",
        "[tdengine_ws]\nDriver=TDengine\nSERVER=h:6030\n",
    ] {
        let refusal = edit(source, wanted(&sections(true), &[], true)).unwrap_err();
        assert!(
            matches!(refusal, EditRefusal::Conflict { line: 1, .. }),
            "{refusal:?}"
        );
    }
    let parents = [(DRIVERS_FILE.to_owned(), "junk\n".to_owned())];
    let refusal = edit("", wanted(&sections(true), &parents, false)).unwrap_err();
    assert!(
        matches!(refusal, EditRefusal::Unparsable { .. }),
        "{refusal:?}"
    );
}

#[test]
fn driver_files_are_pins() {
    let text = "[a]\nDriver=TDengine\nURL=u\n[b]\nDriver=/opt/libtaos_odbc.so\n[c]\nDriver=PostgreSQL\n\
                [d]\nDriver=TAOS_ODBC_DRIVER\n";
    let drivers = "[TDengine]\nDriver=/usr/local/lib/libtaos_odbc.so.0.1\n";
    let found = pins(text, Some(drivers), "odbc.ini").unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|pin| (pin.asked.as_str(), pin.version.as_str(), pin.exact))
        .collect();
    assert_eq!(
        found,
        [
            ("/usr/local/lib/libtaos_odbc.so.0.1", "0.1", true),
            ("/opt/libtaos_odbc.so", "", false),
            ("", "", false),
        ]
    );
    assert!(pins("junk", None, "odbc.ini").is_err());
}

#[test]
fn source_of_the_driver_is_evidence() {
    assert!(OdbcIni.is_evidence("[a]\nDriver=TDengine\n"));
    assert!(!OdbcIni.is_evidence("[a]\nDriver=PostgreSQL\n") && !OdbcIni.is_evidence("junk"));
}

#[test]
fn names() {
    for good in ["a", "tdengine_ws", "A.b-1"] {
        assert_eq!(complaint_about_source_name(good), None, "{good}");
    }
    for bad in ["", "_a", "a b", "a;b", "é", "a]", &"a".repeat(33)] {
        assert!(complaint_about_source_name(bad).is_some(), "{bad}");
    }
}

prop_compose! {
    fn any_file()(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        equals in prop_oneof![Just("="), Just(" = "), Just("\t=")],
        has_list in any::<bool>(),
        names in proptest::collection::vec("[a-z ]{1,4}", 0..4),
        comments in proptest::collection::vec("[;#][ -~]{0,6}", 0..3),
        driver in prop_oneof![Just("PostgreSQL"), Just("\"x y\""), Just("/lib/a.so")],
        last_break in any::<bool>(),
    ) -> String {
        let mut lines = comments;
        if has_list { lines.push("[ODBC Data Sources]".into()); }
        for name in &names {
            lines.push(format!("[{name}]"));
            lines.push(format!("Driver{equals}{driver}"));
        }
        let last = if last_break && !lines.is_empty() { ending } else { "" };
        format!("{mark}{}{last}", lines.join(ending))
    }
}

proptest! {
    #[test]
    fn sections_of_others_stay(source in any_file(), drivers in any_file()) {
        let (new, new_drivers) = after(&source, &drivers);
        for (old, new) in [(&source, &new), (&drivers, &new_drivers)] {
            if old.contains("\r\n") {
                prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
            }
            let (old, new) = (IniDocument::read(old).unwrap(), IniDocument::read(new).unwrap());
            for section in old.sections() {
                let there = new.section(section.name).unwrap();
                for setting in section.settings() {
                    prop_assert_eq!(there.setting(setting.name).unwrap().value, section.setting(setting.name).unwrap().value);
                }
            }
            // Nothing but ours comes.
            prop_assert!(new.sections().count() <= old.sections().count() + 1);
        }
    }

    #[test]
    fn hostile_text_is_refused_or_edited(source in "([\\[\\]=;#a-cU\"\\r\\n\u{feff} ]|URL|Driver|TDengine){0,60}") {
        let sections = sections(false);
        for upgrade in [false, true] {
            let Ok(first) = edit(&source, wanted(&sections, &[], upgrade)) else { continue };
            let new = first.apply(&source);
            let second = edit(&new, wanted(&sections, &[], upgrade)).unwrap();
            prop_assert_eq!((second.insertion, second.replacements), (None, Vec::new()), "{:?}", new);
        }
        let _ = pins(&source, Some(&source), "");
    }
}
