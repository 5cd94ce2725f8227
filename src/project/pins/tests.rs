use super::*;
use proptest::prelude::*;

#[test]
fn lowest_version_of_a_range_is_pinned() {
    let seen = |range: &str, exactly| {
        ranged_pin("p", range, exactly, "f").map(|pin| (pin.version, pin.exact))
    };
    let is = |version: &str, exact| Some((version.to_owned(), exact));
    assert_eq!(seen("==0.7.0", true), is("0.7.0", true));
    assert_eq!(seen("=0.12.3", false), is("0.12.3", true));
    assert_eq!(seen("0.12.3", false), is("0.12.3", false));
    assert_eq!(seen("3.1.0", true), is("3.1.0", true));
    assert_eq!(seen("^3.1.0", true), is("3.1.0", false));
    assert_eq!(seen(">=2.7,<3", true), is("2.7", false));
    assert_eq!(seen(">= 2.7, < 3", true), is("2.7", false));
    assert_eq!(seen("~= 2.7", true), is("2.7", false));
    assert_eq!(seen("<3", true), None);
    assert_eq!(seen("*", true), None);
    assert_eq!(seen("latest", true), None);
    assert_eq!(seen("[3.7.0,)", true), is("3.7.0", false));
}

#[test]
fn unreadable_file_is_a_note() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("go.mod")).unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), b"\xff\xfe").unwrap();
    std::fs::write(folder.path().join("package.json"), "{").unwrap();
    let (pins, notes) = read(folder.path());
    assert_eq!(pins, []);
    assert_eq!(notes.len(), 3, "{notes:?}");
}

#[test]
fn lock_file_decides() {
    let folder = tempfile::tempdir().unwrap();
    let add = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    add("Cargo.toml", "[dependencies]\ntaos = \"0.12\"\n");
    add(
        "Cargo.lock",
        "[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\n",
    );
    let (pins, notes) = read(folder.path());
    assert_eq!((pins.len(), notes.len()), (1, 0));
    assert_eq!(
        (
            pins[0].version.as_str(),
            pins[0].exact,
            pins[0].file.as_ref()
        ),
        ("0.12.3", true, "Cargo.lock")
    );
}

#[test]
fn lock_of_every_tool_decides() {
    let websocket = [("@tdengine/websocket", "^3.1.0", "3.2.1", "package.json")];
    let jdbc = [(
        "com.taosdata.jdbc:taos-jdbcdriver",
        "[3.5.0,3.7.0]",
        "3.6.3",
        "build.gradle",
    )];
    let python = [("taos-ws-py", ">=0.3", "0.6.2", "pyproject.toml")];
    let locks = [
        (
            "npm-shrinkwrap.json",
            r#"{"lockfileVersion": 3, "packages": {"node_modules/@tdengine/websocket": {"version": "3.2.1"}}}"#,
            websocket,
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\n\npackages:\n\n  '@tdengine/websocket@3.2.1':\n    resolution: {integrity: x}\n",
            websocket,
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\"@tdengine/websocket@^3.1.0\":\n  version \"3.2.1\"\n",
            websocket,
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\n\"@tdengine/websocket@npm:^3.1.0\":\n  version: 3.2.1\n",
            websocket,
        ),
        (
            "bun.lock",
            "{\n  \"packages\": {\n    \"@tdengine/websocket\": [\"@tdengine/websocket@3.2.1\", \"\", {}, \"x\"],\n  }\n}\n",
            websocket,
        ),
        (
            "gradle.lockfile",
            "# a comment\ncom.taosdata.jdbc:taos-jdbcdriver:3.6.3=runtimeClasspath\nempty=annotationProcessor\n",
            jdbc,
        ),
        (
            "pdm.lock",
            "[[package]]\nname = \"taos-ws-py\"\nversion = \"0.6.2\"\n",
            python,
        ),
    ];
    for (lock, text, [(package, range, version, manifest)]) in locks {
        let folder = tempfile::tempdir().unwrap();
        let add = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        add(lock, text);
        add(
            manifest,
            &match manifest {
                "package.json" => format!("{{\"dependencies\": {{\"{package}\": \"{range}\"}}}}"),
                "build.gradle" => {
                    format!("dependencies {{ implementation '{package}:{range}' }}\n")
                }
                _ => format!("[project]\nname = \"a\"\ndependencies = [\"{package}{range}\"]\n"),
            },
        );
        let (pins, notes) = read(folder.path());
        assert!(notes.is_empty(), "{lock}: {notes:?}");
        let pin = pins.iter().find(|pin| pin.package == package);
        let seen = pin.map(|pin| (pin.version.as_str(), pin.exact, pin.file.as_ref()));
        assert_eq!(seen, Some((version, true, lock)));
        assert_eq!(pin.unwrap().manifest(), manifest);
    }
}

#[test]
fn dotnet_projects_are_read_with_lists_above() {
    let folder = tempfile::tempdir().unwrap();
    let app = folder.path().join("app");
    std::fs::create_dir(&app).unwrap();
    let add = |path: std::path::PathBuf, text: &str| std::fs::write(path, text).unwrap();
    add(
        folder.path().join("Directory.Packages.props"),
        "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup><ItemGroup><PackageVersion Include=\"TDengine.Connector\" Version=\"3.1.4\" /></ItemGroup></Project>",
    );
    add(
        app.join("App.csproj"),
        "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><PackageReference Include=\"tdengine.connector\" /></ItemGroup></Project>",
    );
    let (pins, notes) = read(&app);
    assert_eq!((pins.len(), notes.len()), (1, 0), "{notes:?}");
    assert_eq!(pins[0].package, "TDengine.Connector");
    assert_eq!(pins[0].version, "3.1.4");
    assert_eq!(pins[0].manifest(), "../Directory.Packages.props");
    add(app.join("Other.csproj"), "<Project>");
    assert_eq!(read(&app).1.len(), 1);
}

#[test]
fn files_with_names_of_their_projects_are_read() {
    for (file, text, pin) in [
        (
            "tool.cs",
            "#!/usr/bin/env dotnet\n#:package TDengine.Connector@3.1.4\nreturn;\n",
            Some(("TDengine.Connector", "3.1.4")),
        ),
        // A file that is compiled by a project names no packages.
        (
            "Program.cs",
            "using System;\n#:package TDengine.Connector@3.1.4\n",
            None,
        ),
        (
            "a-dev-1.rockspec",
            "package = 'a'\ndependencies = { 'lua-cjson == 2.1.0' }\n",
            Some(("lua-cjson", "2.1.0")),
        ),
        // The data sources of a user are not those of a project.
        (".odbc.ini", "[a]\nDriver = taos_odbc_1.2.3\n", None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), text).unwrap();
        let (pins, notes) = read(folder.path());
        assert!(notes.is_empty(), "{file}: {notes:?}");
        let found: Vec<_> = pins
            .iter()
            .map(|it| (it.package.as_str(), it.version.as_str()))
            .collect();
        assert_eq!(found, Vec::from_iter(pin), "{file}");
        assert!(pins.iter().all(|it| it.file == file), "{file}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "[\\[\\]{}\"':=^~<>a-z0-9.,\\n /@_-]{0,200}", kind in 0usize..FILES.len()) {
        let (name, reader) = &FILES[kind];
        let _ = reader.pins(&text, name);
        let _ = ranged_pin("p", &text, true, name);
    }
}
