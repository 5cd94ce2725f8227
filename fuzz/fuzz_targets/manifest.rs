#![no_main]

use taos_setup::scaffold::manifest::{Format, Requirement, text};

const WANTED: [(Format, &str, &str, &str); 8] = [
    (Format::CargoToml, "taos", "0.12.3", "1.65"),
    (Format::CMakeLists, "taos", "3.3.7.5", "3.13"),
    (
        Format::GoMod,
        "github.com/taosdata/driver-go/v3",
        "v3.7.8",
        "1.21",
    ),
    (Format::Makefile, "taos", "3.3.7.5", ""),
    (Format::PackageJson, "@tdengine/websocket", "3.1.0", "14"),
    (
        Format::PomXml,
        "com.taosdata.jdbc:taos-jdbcdriver",
        "3.7.9",
        "8",
    ),
    (Format::PyprojectToml, "taospy", "2.8.9", "3.8"),
    (Format::RequirementsTxt, "taospy", "2.8.9", "3.8"),
];

// What is inserted leaves all other bytes as they were, and a second run changes nothing.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(old) = text::decode(bytes) else { return };
    let features = ["ws-rustls".to_owned()];
    for (format, package, version, runtime) in WANTED {
        // Only Cargo's packages have parts.
        let parts: &[String] = match format {
            Format::CargoToml => &features,
            _ => &[],
        };
        let requirement = Requirement {
            package,
            version,
            runtime,
            classifier: None,
            parts,
            or_parts: &[],
            companions: &[],
            retired: &[],
            parents: &[],
            upgrade: false,
            location: None,
        };
        let Ok(edit) = format.edit(old, requirement) else {
            continue;
        };
        let new = edit.apply(old);
        let again = format
            .edit(&new, requirement)
            .expect("what was written is read");
        assert_eq!(again.insertion, None, "{format:?} {new:?}");
    }
});
