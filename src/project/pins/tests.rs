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

proptest! {
    #[test]
    fn any_text_is_read(text in "[\\[\\]{}\"':=^~<>a-z0-9.,\\n /@_-]{0,200}", kind in 0usize..FILES.len()) {
        let (name, reader) = &FILES[kind];
        let _ = reader.pins(&text, name);
        let _ = ranged_pin("p", &text, true, name);
    }
}
