#![no_main]

use taos_setup::fuzzing::manifest::ManifestFormat as Format;
use taos_setup::fuzzing::requirement::{DependencyList, RequiredSection, Requirement};
use taos_setup::fuzzing::{VersionRules, go_work, nginx_conf, php_ini, text};

const WANTED: &[(Format, &str, &str, &str)] = &[
    (Format::Csproj, "TDengine.Connector", "3.2.1", ""),
    (Format::CsharpFile, "TDengine.Connector", "3.2.1", ""),
    (Format::CargoToml, "taos", "0.12.3", "1.65"),
    (Format::CMakeLists, "taos", "3.3.7.5", "3.13"),
    (
        Format::GoMod,
        "github.com/taosdata/driver-go/v3",
        "v3.7.8",
        "1.21",
    ),
    (Format::ComposerJson, "ext-tdengine", "1.0.6", "7.4"),
    (Format::DescriptionFile, "RJDBC", "0.2-10", "3.6"),
    (Format::Makefile, "taos", "3.3.7.5", ""),
    (Format::OdbcIni, "taos-connector-odbc", "1.1.0", ""),
    (Format::PackageJson, "@tdengine/websocket", "3.1.0", "14"),
    (
        Format::PomXml,
        "com.taosdata.jdbc:taos-jdbcdriver",
        "3.7.9",
        "8",
    ),
    (
        Format::Gradle,
        "com.taosdata.jdbc:taos-jdbcdriver",
        "3.7.9",
        "8",
    ),
    (
        Format::GradleKts,
        "com.taosdata.jdbc:taos-jdbcdriver",
        "3.7.9",
        "8",
    ),
    (Format::PyprojectToml, "taospy", "2.8.9", "3.8"),
    (Format::RequirementsTxt, "taospy", "2.8.9", "3.8"),
    (Format::Rockspec, "luasocket", "3.1.0", "5.1"),
    (Format::RScript, "RJDBC", "0.2-10", "3.6"),
];

// Only Python's connectors have one.
fn runtime_below(format: Format) -> Option<&'static str> {
    matches!(format, Format::PyprojectToml | Format::RequirementsTxt).then_some("4.0")
}

// What is inserted leaves all other bytes as they were, and a second run changes nothing.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(old) = text::decode(bytes) else { return };
    let _ = go_work::folders(old);
    let _ = nginx_conf::directives(old);
    let loads = |text: &str| php_ini::loads(text, "tdengine").len();
    let enabled = php_ini::with_extension(old, "tdengine");
    assert_eq!(loads(&enabled), loads(old) + 1, "{enabled:?}");
    let features = ["ws-rustls".to_owned()];
    let sections = [
        "[tdengine_ws]\nDriver = TAOS_ODBC_DRIVER\nURL = http://localhost:6041\n",
        "[TAOS_ODBC_DRIVER]\nDriver = /usr/local/lib/libtaos_odbc.so\n",
    ];
    let sections = sections.map(|text| RequiredSection {
        text: text.to_owned(),
        is_assumed: false,
    });
    for &(format, package, version, runtime) in WANTED {
        // Only Cargo's packages have parts.
        let parts: &[String] = match format {
            Format::CargoToml => &features,
            _ => &[],
        };
        let requirement = Requirement {
            file: "manifest",
            package,
            version,
            runtime,
            runtime_below: runtime_below(format),
            classifier: None,
            parts,
            or_parts: &[],
            all_parts: parts,
            companions: &[],
            retired: &[],
            parents: &[],
            upgrade: false,
            is_pinned: false,
            location: None,
            locked: &[],
            rules: VersionRules::NONE,
            list: DependencyList::Main,
            sections: &sections,
        };
        let reader = format.reader();
        let _ = reader.pins(old, "");
        let _ = reader.parents(old);
        let _ = reader.includes(old);
        let _ = reader.is_parent("../pnpm-workspace.yaml", old, "a/b");
        let _ = reader.note_about_new_member("../manifest", old, "a/b");
        let _ = reader.package_manager(old);
        let _ = reader.project_name(old);
        let _ = reader.line_that_names(old, package);
        let _ = reader.workspace_members(old);
        let Ok(edit) = reader.edit(old, requirement) else {
            continue;
        };
        let new = edit.apply(old);
        let again = reader
            .edit(&new, requirement)
            .expect("what was written is read");
        assert_eq!(again.insertion, None, "{format:?} {new:?}");
    }
});
