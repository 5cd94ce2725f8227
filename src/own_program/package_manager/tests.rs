use std::fs;
use std::path::Path;

use super::{by_cargo, by_place, by_python};
use crate::message::locale::Locale;

fn placed(path: &str) -> Option<(&'static str, String)> {
    by_place(Path::new(path)).map(|found| (found.name, found.next.text(Locale::En)))
}

#[test]
fn places_name_their_managers() {
    let cases = [
        (
            "/nix/store/abc-taos-setup-0.1.0/bin/taos-setup",
            "nix profile upgrade taos-setup",
        ),
        (
            "/opt/homebrew/Cellar/taos-setup/0.1.0/bin/taos-setup",
            "brew upgrade taos-setup",
        ),
        (
            r"C:\Users\me\scoop\apps\taos-setup\current\taos-setup.exe",
            "scoop update taos-setup",
        ),
        (
            r"C:\Users\me\AppData\Local\Microsoft\WinGet\Packages\taos-setup.taos-setup_Microsoft.Winget.Source_8wekyb3d8bbwe\taos-setup.exe",
            "winget upgrade --id taos-setup.taos-setup",
        ),
        (
            "/home/me/.local/share/mise/installs/ubi-owner-taos-setup/0.1.0/bin/taos-setup",
            "mise upgrade",
        ),
        (
            "/home/me/.local/share/uv/tools/taos-setup/bin/taos-setup",
            "uv tool upgrade taos-setup",
        ),
        (
            "/home/me/.cache/uv/archive-v0/Ab3/bin/taos-setup",
            "uvx taos-setup@latest",
        ),
        (
            "/home/me/.local/share/pipx/venvs/taos-setup/bin/taos-setup",
            "pipx upgrade taos-setup",
        ),
        (
            "/home/me/.cache/pipx/0123/bin/taos-setup",
            "pipx run --no-cache taos-setup",
        ),
        (
            "/usr/lib/node_modules/taos-setup/node_modules/@taos-setup/linux-x64-gnu/bin/taos-setup",
            "npm install --global taos-setup@latest",
        ),
        (
            r"C:\Users\me\AppData\Roaming\npm\node_modules\taos-setup\node_modules\@taos-setup\win32-x64\bin\taos-setup.exe",
            "npm install --global taos-setup@latest",
        ),
        (
            "/home/me/my app/node_modules/@taos-setup/linux-x64-gnu/bin/taos-setup",
            "npm install --prefix '/home/me/my app' taos-setup@latest",
        ),
        (
            "/home/me/.npm/_npx/0123/node_modules/@taos-setup/linux-x64-gnu/bin/taos-setup",
            "npx taos-setup@latest",
        ),
        (
            "/srv/app/node_modules/.pnpm/x/node_modules/@taos-setup/linux-x64-gnu/bin/taos-setup",
            "pnpm add taos-setup@latest",
        ),
    ];
    for (path, command) in cases {
        let found = placed(path).map(|(_, command)| command);
        assert_eq!(found.as_deref(), Some(command), "{path}");
    }
    for path in [
        "/usr/bin/taos-setup",
        "/home/me/.local/bin/taos-setup",
        "/home/uv/bin/taos-setup",
        r"C:\taos-setup.exe",
    ] {
        assert_eq!(placed(path), None, "{path}");
    }
}

#[test]
fn cargo_records_its_source() {
    let root = tempfile::tempdir().unwrap();
    let program = root.path().join("bin/taos-setup");
    let find = |record: &str| {
        fs::write(root.path().join(".crates.toml"), record).unwrap();
        by_cargo(&program).map(|found| found.next.text(Locale::En))
    };
    let entry =
        |source: &str| format!("[v1]\n\"taos-setup 0.1.0 ({source})\" = [\"taos-setup\"]\n");
    let git = entry("git+https://git.example/o/taos-setup?branch=main#0123");
    assert_eq!(
        find(&git).as_deref(),
        Some("cargo install --git https://git.example/o/taos-setup taos-setup")
    );
    assert_eq!(
        find(&entry("path+file:///src/taos setup")).as_deref(),
        Some("cargo install --path '/src/taos setup'")
    );
    assert_eq!(
        find(&entry("registry+https://index.example")).as_deref(),
        Some("cargo install taos-setup")
    );
    assert_eq!(
        find("[v1]\n\"ripgrep 1.0.0 (registry+x)\" = [\"rg\"]\n"),
        None
    );
    assert_eq!(find("not toml ["), None);
    fs::create_dir(root.path().join("binstall")).unwrap();
    let file = root.path().join("binstall/crates-v1.json");
    fs::write(file, r#"{"name":"taos-setup","version_req":"*"}"#).unwrap();
    assert_eq!(
        find(&git).as_deref(),
        Some("cargo binstall --git https://git.example/o/taos-setup taos-setup")
    );
}

#[test]
fn python_metadata_names_the_program() {
    let root = tempfile::tempdir().unwrap();
    let prefix = root.path().join(".local");
    let program = prefix.join("bin/taos-setup");
    let metadata = prefix.join("lib/python3.11/site-packages/taos_setup-0.1.0.dist-info");
    fs::create_dir_all(&metadata).unwrap();
    let find = || by_python(&program).map(|found| (found.name, found.next.text(Locale::En)));
    assert_eq!(find(), None);
    fs::write(metadata.join("RECORD"), "../../../bin/other,sha256=x,1\n").unwrap();
    assert_eq!(find(), None);
    let record = "taos_setup-0.1.0.dist-info/METADATA,,\n../../../bin/taos-setup,sha256=x,1\n";
    fs::write(metadata.join("RECORD"), record).unwrap();
    let user = "python3 -m pip install --user --upgrade taos-setup";
    assert_eq!(find(), Some(("pip", user.to_owned())));
    fs::write(prefix.join("pyvenv.cfg"), "").unwrap();
    let python = prefix.join("bin/python");
    let own = format!("{} -m pip install --upgrade taos-setup", python.display());
    assert_eq!(find(), Some(("pip", own)));
    fs::write(metadata.join("INSTALLER"), "uv\n").unwrap();
    assert_eq!(find().map(|(name, _)| name), Some("uv"));
    for (record, command) in [
        ("pipx_metadata.json", "pipx upgrade taos-setup"),
        ("uv-receipt.toml", "uv tool upgrade taos-setup"),
    ] {
        fs::write(prefix.join(record), "").unwrap();
        assert_eq!(find().map(|(_, next)| next).as_deref(), Some(command));
    }
}
