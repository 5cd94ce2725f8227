use std::path::Path;

use super::SetupFile;
use crate::message::locale::Locale;
use crate::tdengine::version::Version;

fn parsed(text: &str) -> crate::error::Result<SetupFile> {
    SetupFile::parse(text, Path::new("taos-setup.toml"))
}

const WHOLE: &str = r#"
[server]
version = "3.3.7"

[client]
version = "3.3.7.5"
edition = "oss"
platforms = ["linux-x64", "linux-arm64", "windows-x64"]
parts = "runtime"

[[project]]
dir = "services/collector/"
lang = "go"
transport = "ws"

[[project]]
dir = "."
lang = "python"
"#;

#[test]
fn every_setting_is_read() {
    let setup = parsed(WHOLE).unwrap();
    assert_eq!(setup.server_version(), Some(Version([3, 3, 7, 0])));
    let client = setup.client.unwrap();
    assert_eq!(client.version.unwrap().to_string(), "3.3.7.5");
    assert_eq!(client.platforms.unwrap().len(), 3);
    assert_eq!(client.parts.unwrap().to_string(), "runtime");
    assert_eq!(setup.projects[0].dir, "services/collector");
    assert_eq!(setup.projects[1].dir, ".");
    assert_eq!(setup.projects[1].transport, None);
    assert!(parsed("").unwrap().client.is_none());
}

#[test]
fn faults_name_the_line_and_the_reason() {
    for (text, why) in [
        (
            "[server]\nhots = \"db\"\n",
            "line 2: unknown key `hots`; did you mean `host`?",
        ),
        (
            "[client]\nplatform = []\n",
            "line 2: unknown key `platform`; did you mean `platforms`?",
        ),
        (
            "[mirror]\n",
            "line 1: unknown key `mirror`: expected server, client, project",
        ),
        (
            "[client]\n\nversion = \"3.x\"\n",
            "line 3: invalid value `3.x` of `version`: expected four parts (3.3.7.5), a prefix (3.3), or latest",
        ),
        (
            "[server]\nversion = \"latest\"\n",
            "line 2: a server has a version such as 3.3.7 or 3.3.7.5",
        ),
        ("[client]\nplatforms = []\n", "line 2: `platforms` is empty"),
        (
            "[client]\nplatforms = [\n  \"linux-x64\",\n  \"linux-mips\",\n]\n",
            "line 4: invalid value `linux-mips` of `platforms`: expected linux-x64, linux-arm64, windows-x64, macos-x64, or macos-arm64",
        ),
        (
            "[server]\nhost = \"ws://root:taosdata@db:6041\"\n",
            "line 2: `host` has a login; use TAOS_USER and TAOS_PASSWORD",
        ),
        (
            "[server]\nhost = \"https://gw.example?token=abc\"\n",
            "line 2: `host` has a login; use TAOS_USER and TAOS_PASSWORD",
        ),
        (
            "[client]\nversion = \"3.3\"\nmatch = \"db\"\n",
            "line 3: `match` and `version` exclude each other",
        ),
        (
            "[server]\nhost = \"a\"\n[client]\nmatch = \"b\"\n",
            "line 4: `match` and `host` of [server] name different servers",
        ),
        (
            "[[project]]\nlang = \"go\"\n",
            "line 1: the key `dir` is missing",
        ),
        (
            "[[project]]\ndir = \"../x\"\nlang = \"go\"\n",
            "line 2: `dir` is not a directory below this file, such as services/collector or `.`",
        ),
        (
            "[[project]]\ndir = \"x\"\nlang = \"go\"\n[[project]]\ndir = \"x/\"\nlang = \"go\"\n",
            "line 5: the project x (go) is listed twice",
        ),
        (
            "[project]\ndir = \"x\"\n",
            "line 1: `project` is not a list of tables: expected [[project]]",
        ),
        (
            "[client]\nversion = 3.3\n",
            "line 2: `version` is not a string in quotes",
        ),
        (
            "[server]\nversion = \"3.3\"\nversion = \"3.4\"\n",
            "line 3: duplicate key",
        ),
    ] {
        let error = parsed(text).unwrap_err();
        assert_eq!(error.id.as_str(), "file-unparsable");
        assert_eq!(error.observed.text(Locale::En), why);
        assert!(!error.observed.text(Locale::En).contains("taosdata"));
    }
    let error = parsed("[[project]]\ndir = \"x\"\nlang = \"cobol\"\n").unwrap_err();
    let observed = error.observed.text(Locale::En);
    assert!(
        observed.starts_with("line 3: unknown language `cobol`: expected c, csharp, go"),
        "{observed}"
    );
}

#[test]
fn project_is_found_by_its_directory() {
    let root = tempfile::tempdir().unwrap();
    let setup = SetupFile::parse(WHOLE, &root.path().join("taos-setup.toml")).unwrap();
    let lang = |dir: &str| {
        let found = setup.project_in(&root.path().join(dir));
        found.map(|it| it.lang.clone())
    };
    // Projects that do not exist yet are found, too.
    assert_eq!(lang("services/collector").as_deref(), Some("go"));
    assert_eq!(lang("services/../.").as_deref(), None);
    assert_eq!(lang("").as_deref(), Some("python"));
    assert_eq!(lang("services"), None);
    assert_eq!(setup.project_in(Path::new("/")), None);
}
