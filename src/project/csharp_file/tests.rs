use super::*;
use crate::catalog::connectors::VersionRules;
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

const WANTED: Requirement = Requirement {
    file: "app.cs",
    package: "TDengine.Connector",
    version: "3.2.1",
    runtime: "",
    runtime_below: None,
    classifier: None,
    parts: &[],
    or_parts: &[],
    all_parts: &[],
    companions: &[],
    retired: &[],
    parents: &[],
    upgrade: false,
    is_pinned: false,
    location: None,
    locked: &[],
    rules: VersionRules::NONE,
    list: DependencyList::Main,
    sections: &[],
};

fn after(source: &str) -> String {
    let new = edit(source, WANTED).unwrap().apply(source);
    let again = edit(&new, WANTED).unwrap();
    assert_eq!(
        (again.insertion, again.replacements),
        (None, vec![]),
        "{new}"
    );
    new
}

#[test]
fn directive_follows_the_others() {
    assert_eq!(
        after("#!/usr/bin/env dotnet\n#:package Serilog@4.0.0\n#:property A=b\n\nusing System;\n"),
        "#!/usr/bin/env dotnet\n#:package Serilog@4.0.0\n#:package TDengine.Connector@3.2.1\n#:property A=b\n\nusing System;\n"
    );
    assert_eq!(
        after("#!/usr/bin/env dotnet\r\nusing System;\r\n"),
        "#!/usr/bin/env dotnet\r\n#:package TDengine.Connector@3.2.1\r\nusing System;\r\n"
    );
    assert_eq!(
        after("\u{feff}using System;\n"),
        "\u{feff}#:package TDengine.Connector@3.2.1\nusing System;\n"
    );
    assert_eq!(
        after("/* a\n b */\n#:sdk Microsoft.NET.Sdk.Web\nvar a = 1;\n"),
        "/* a\n b */\n#:sdk Microsoft.NET.Sdk.Web\n#:package TDengine.Connector@3.2.1\nvar a = 1;\n"
    );
}

#[test]
fn other_version_conflicts_unless_upgraded() {
    let source = "#:package TDengine.Connector@3.1.1\nvar a = 1;\n";
    assert!(matches!(
        edit(source, WANTED),
        Err(EditRefusal::Conflict { line: 1, .. })
    ));
    let wanted = Requirement {
        upgrade: true,
        ..WANTED
    };
    let edited = edit(source, wanted).unwrap();
    assert_eq!(edited.apply(source), source.replace("3.1.1", "3.2.1"));
    let pins = CsharpFile.pins(source, "app.cs").unwrap();
    assert_eq!(pins[0].version, "3.1.1");
}

#[test]
fn plain_source_is_no_project() {
    assert!(CsharpFile.holds_dependencies("#:package A@1.0.0\n"));
    assert!(!CsharpFile.holds_dependencies("using System;\n// #:package A@1.0.0\n"));
    assert!(!CsharpFile.holds_dependencies("var a = 1;\n#:package A@1.0.0\n"));
}

proptest! {
    #[test]
    fn any_input_is_handled(source in "(#!x|#:package |#:sdk |TDengine.Connector|@3|/\\*|\\*/|//|[a-z@*\r\n\u{feff}é ]){0,14}") {
        let _ = CsharpFile.pins(&source, "");
        if let Ok(edit) = edit(&source, WANTED) {
            edit.apply(&source);
        }
    }
}
