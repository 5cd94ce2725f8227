use super::super::deprecated_use::{ManualReason, automatic_splices};
use super::*;
use crate::project::edit::apply_splices;
use proptest::prelude::*;

/// Kinds of the uses in `code`, and the code after the changes that need no person.
fn migrated(syntax: Syntax, code: &str) -> (Vec<&'static str>, String) {
    assert!(may_have_uses(code.as_bytes()), "{code}");
    let uses = find_uses("", code.as_bytes(), syntax, None);
    let kinds = uses.iter().map(|found| found.kind.as_str()).collect();
    let splices = automatic_splices(&uses);
    let after = apply_splices(code.as_bytes(), splices.iter().collect());
    (kinds, String::from_utf8(after).unwrap())
}

fn reasons(syntax: Syntax, code: &str) -> Vec<ManualReason> {
    find_uses("", code.as_bytes(), syntax, None)
        .into_iter()
        .filter_map(|found| match found.replacement {
            Replacement::Automatic(_) => None,
            Replacement::Manual(reason) => Some(reason),
        })
        .collect()
}

#[test]
fn java_class_and_url() {
    let code = r#"// jdbc:TAOS://old:6030/
Class.forName("com.taosdata.jdbc.TSDBDriver");
String url = "jdbc:TAOS://db:6030/power?user=root";
p.setProperty(TSDBDriver.PROPERTY_KEY_CHARSET, "UTF-8");
"#;
    let (kinds, after) = migrated(Syntax::Java, code);
    assert_eq!(kinds, ["java-native-driver", "java-native-url"]);
    assert_eq!(
        after,
        r#"// jdbc:TAOS://old:6030/
Class.forName("com.taosdata.jdbc.ws.WebSocketDriver");
String url = "jdbc:TAOS-WS://db:6041/power?user=root";
p.setProperty(TSDBDriver.PROPERTY_KEY_CHARSET, "UTF-8");
"#
    );
}

#[test]
fn java_classes_in_code_are_manual() {
    let code = "import com.taosdata.jdbc.rs.RestfulDriver;\nDriver d = new RestfulDriver();\nvar x = new TSDBDriver();";
    let (kinds, after) = migrated(Syntax::Java, code);
    assert_eq!(
        kinds,
        ["java-rest-class", "java-rest-class", "java-native-class"]
    );
    assert_eq!(after, code);
}

#[test]
fn java_subscription_over_native_is_manual() {
    let code = "p.setProperty(\"td.connect.type\", \"jni\"); // com.taosdata.jdbc";
    assert_eq!(migrated(Syntax::Java, code).0, ["java-native-subscription"]);
    let settings = "# com.taosdata.jdbc\ntd.connect.type=jni\n";
    assert_eq!(
        migrated(Syntax::Properties, settings).0,
        ["java-native-subscription"]
    );
    let web_socket = "p.setProperty(\"td.connect.type\", \"ws\");";
    assert_eq!(migrated(Syntax::Java, web_socket).0, [""; 0]);
}

#[test]
fn concatenated_url_is_manual() {
    let code = "String u = \"jdbc:TAOS://\" + host + \":6030/db\";";
    assert_eq!(reasons(Syntax::Java, code), [ManualReason::Assembled]);
    let rest = "String u = \"jdbc:TAOS-RS://\" + host + \":6041/db\";";
    assert_eq!(
        migrated(Syntax::Java, rest).1,
        "String u = \"jdbc:TAOS-WS://\" + host + \":6041/db\";"
    );
}

#[test]
fn settings_of_spring_are_found() {
    let yaml = "spring:\n  datasource:\n    driver-class-name: com.taosdata.jdbc.rs.RestfulDriver # REST\n    url: jdbc:TAOS-RS://${DB:db}:6041/power?batchfetch=true&user=root\n    # url: jdbc:TAOS://db:6030/power\n";
    let (kinds, after) = migrated(Syntax::Hash, yaml);
    assert_eq!(kinds, ["java-rest-driver", "java-rest-url"]);
    assert_eq!(
        after,
        "spring:\n  datasource:\n    driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver # REST\n    url: jdbc:TAOS-WS://${DB:db}:6041/power?user=root\n    # url: jdbc:TAOS://db:6030/power\n"
    );
    let xml = "<property name=\"url\" value=\"jdbc:TAOS://db:6030/p?a=1&amp;batchfetch=true\"/>";
    assert_eq!(
        migrated(Syntax::Xml, xml).1,
        "<property name=\"url\" value=\"jdbc:TAOS-WS://db:6041/p?a=1\"/>"
    );
}

#[test]
fn go_import_driver_and_source() {
    let code = "package main\n\nimport (\n\t\"database/sql\"\n\n\t_ \"github.com/taosdata/driver-go/v3/taosSql\"\n)\n\nfunc main() {\n\tdb, _ := sql.Open(\"taosSql\", \"root:taosdata@tcp(localhost:6030)/power\")\n}\n";
    let (kinds, after) = migrated(Syntax::Go, code);
    assert_eq!(
        kinds,
        ["go-native-import", "go-native-driver", "go-native-dsn"]
    );
    assert_eq!(
        after,
        code.replace("v3/taosSql", "v3/taosWS")
            .replace("\"taosSql\"", "\"taosWS\"")
            .replace("tcp(localhost:6030)", "ws(localhost:6041)")
    );
}

#[test]
fn second_go_import_of_one_package_is_removed() {
    let code = "import (\n\t_ \"github.com/taosdata/driver-go/v3/taosRestful\"\n\t_ \"github.com/taosdata/driver-go/v3/taosSql\"\n)\n";
    assert_eq!(
        migrated(Syntax::Go, code).1,
        "import (\n\t_ \"github.com/taosdata/driver-go/v3/taosWS\"\n)\n"
    );
}

#[test]
fn go_packages_are_manual() {
    let code = "import \"github.com/taosdata/driver-go/v3/af/tmq\"\nimport \"github.com/taosdata/driver-go/v2/taosSql\"\nimport \"github.com/taosdata/driver-go/v3/common\"\nimport t \"github.com/taosdata/driver-go/v3/taosSql\"\n";
    let (kinds, after) = migrated(Syntax::Go, code);
    assert_eq!(
        kinds,
        ["go-native-package", "go-old-module", "go-native-import"]
    );
    assert_eq!(after, code);
}

#[test]
fn data_source_names_of_other_databases_stay() {
    let code = "db := open(\"mysql\", \"root:x@tcp(db:3306)/app\") // taosdata/driver-go";
    assert_eq!(migrated(Syntax::Go, code).0, [""; 0]);
    let yaml = "dsn: root:x@tcp(db:3306)/a # :60\ntaos: root:x@tcp(db:6030)/a\n";
    assert_eq!(
        migrated(Syntax::Hash, yaml).1,
        "dsn: root:x@tcp(db:3306)/a # :60\ntaos: root:x@ws(db:6041)/a\n"
    );
}

#[test]
fn go_source_from_configuration_or_parts_is_manual() {
    let open = |source: &str| {
        format!("import _ \"github.com/taosdata/driver-go/v3/taosSql\"\nvar s = {source}\n")
    };
    for (source, reason) in [
        ("\"root:taosdata@/\"", ManualReason::HostFromConfiguration),
        (
            "\"root:taosdata@cfg(/etc/taos)/\"",
            ManualReason::HostFromConfiguration,
        ),
        (
            "\"root:x@tcp(\" + host + \":6030)/\"",
            ManualReason::Assembled,
        ),
        (
            "fmt.Sprintf(\"%s:%s@tcp(%s:%d)/\", u, p, h, n)",
            ManualReason::PortUnknown,
        ),
    ] {
        assert_eq!(reasons(Syntax::Go, &open(source)), [reason], "{source}");
    }
}

#[test]
fn strings_of_csharp_are_found() {
    for (before, after) in [
        (
            "using TDengine.Driver; var s = \"protocol=Native;host=db;port=6030;username=root;password=x\";",
            "using TDengine.Driver; var s = \"protocol=WebSocket;host=db;port=6041;username=root;password=x\";",
        ),
        (
            "using TDengine.Driver; var s = \"host=db;username=root;password=x\";",
            "using TDengine.Driver; var s = \"protocol=WebSocket;host=db;username=root;password=x\";",
        ),
        (
            "using TDengine.Driver; var s = \"Host=db;Port = 6030 ;Username=root\";",
            "using TDengine.Driver; var s = \"protocol=WebSocket;Host=db;Port = 6041 ;Username=root\";",
        ),
    ] {
        assert_eq!(migrated(Syntax::CSharp, before).1, after);
    }
    let json = "{\"ConnectionStrings\": {\"TDengine\": \"host=db;port=6030;username=root\"}}";
    assert_eq!(
        migrated(Syntax::Json, json).1,
        "{\"ConnectionStrings\": {\"TDengine\": \"protocol=WebSocket;host=db;port=6041;username=root\"}}"
    );
}

#[test]
fn url_inside_another_changes_nothing_twice() {
    let code =
        "u=jdbc:TAOS-RS://a/?batchfetch=jdbc:TAOS-RS://b?batchfetch=com.taosdata.jdbc.TSDBDriver\n";
    assert_eq!(
        migrated(Syntax::Properties, code).1,
        "u=jdbc:TAOS-WS://a/\n"
    );
}

#[test]
fn other_csharp_strings_stay() {
    for code in [
        "using TDengine.Driver; var s = \"protocol=WebSocket;host=db;port=6041;username=root\";",
        "using Npgsql; /* no TDengine */ var s = \"Host=db;Protocol=3;Username=a\";",
    ] {
        assert_eq!(migrated(Syntax::CSharp, code).0, [""; 0], "{code}");
    }
}

#[test]
fn python_rest_is_manual_and_native_is_not_mentioned() {
    let code = "import taosrest\nfrom taosrest import connect\nimport taos\nc = taosrest.connect()\ne = create_engine('taosrest://root:x@h:6041')\n";
    assert_eq!(
        migrated(Syntax::Python, code).0,
        [
            "python-rest-module",
            "python-rest-module",
            "python-rest-url"
        ]
    );
    assert!(!may_have_uses(
        b"import taos\nconn = taos.connect(host='h')"
    ));
}

#[test]
fn native_protocol_is_found_in_any_case() {
    for protocol in ["protocol=native", "Protocol=NATIVE", "PROTOCOL = Native"] {
        let json = format!("{{\"a\": \"{protocol};host=db;username=root\"}}");
        assert_eq!(
            migrated(Syntax::Json, &json).0,
            ["csharp-native-string"],
            "{json}"
        );
    }
}

const ALL: [Syntax; 6] = [
    Syntax::Java,
    Syntax::Go,
    Syntax::CSharp,
    Syntax::Python,
    Syntax::Xml,
    Syntax::Hash,
];

const PIECES: [&str; 24] = [
    "jdbc:TAOS://",
    "jdbc:TAOS-RS://",
    "db:6030",
    "/p?",
    "batchfetch=true",
    "&",
    "\"",
    "'",
    "\n",
    " ",
    "_ ",
    "import ",
    "github.com/taosdata/driver-go/v3/taosSql",
    "taosSql",
    "@tcp(",
    "@http(",
    ")",
    "com.taosdata.jdbc.TSDBDriver",
    "protocol=Native;",
    "host=a;",
    "username=b;",
    "port=6030",
    "TDengine",
    "taosrest",
];

proptest! {
    #[test]
    fn changes_never_overlap(
        pieces in prop::collection::vec(0..PIECES.len(), 0..14),
        at in 0..ALL.len(),
    ) {
        let code: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let uses = find_uses("", code.as_bytes(), ALL[at], None);
        let mut splices = automatic_splices(&uses);
        splices.sort_by_key(|splice| splice.at);
        for pair in splices.windows(2) {
            prop_assert!(pair[0].at + pair[0].removes <= pair[1].at, "{code:?} {pair:?}");
        }
        let _ = apply_splices(code.as_bytes(), splices.iter().collect());
    }
}
