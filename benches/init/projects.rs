//! The projects that are measured.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

/// Manifests of ten thousand lines and more: language, file, text.
pub(crate) fn large() -> Vec<(&'static str, &'static str, String)> {
    const LINES: usize = 10_000;
    let lines = |line: &dyn Fn(usize) -> String| (0..LINES).map(line).collect::<String>();
    vec![
        (
            "go",
            "go.mod",
            format!(
                "module a\n\ngo 1.21\n\nrequire (\n{})\n",
                lines(&|n| format!("\texample.com/m{n:05} v1.0.{n}\n"))
            ),
        ),
        (
            "java",
            "pom.xml",
            format!(
                "<project>\n  <artifactId>a</artifactId>\n  <dependencies>\n{}  </dependencies>\n</project>\n",
                (0..LINES / 5)
                    .map(|n| format!(
                        "    <dependency>\n      <groupId>com.example</groupId>\n      <artifactId>a{n:05}</artifactId>\n      <version>1.{n}</version>\n    </dependency>\n"
                    ))
                    .collect::<String>()
            ),
        ),
        (
            "node",
            "package.json",
            format!(
                "{{\n  \"name\": \"a\",\n  \"dependencies\": {{\n{}    \"z\": \"1.0.0\"\n  }}\n}}\n",
                lines(&|n| format!("    \"m{n:05}\": \"1.0.{n}\",\n"))
            ),
        ),
        (
            "python",
            "requirements.txt",
            lines(&|n| format!("m{n:05}==1.0.{n}\n")),
        ),
        (
            "python",
            "pyproject.toml",
            format!(
                "[project]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\n{}]\n",
                lines(&|n| format!("    \"m{n:05}==1.0.{n}\",\n"))
            ),
        ),
        (
            "c",
            "CMakeLists.txt",
            format!(
                "cmake_minimum_required(VERSION 3.16)\nproject(a C)\n{}",
                lines(&|n| format!("add_executable(a{n:05} a{n:05}.c)\n"))
            ),
        ),
        ("c", "Makefile", lines(&|n| format!("a{n:05}: a{n:05}.c\n"))),
        (
            "rust",
            "Cargo.toml",
            format!(
                "[package]\nname = \"a\"\nversion = \"0.1.0\"\n\n[dependencies]\n{}",
                lines(&|n| format!("m{n:05} = \"1.0.{n}\"\n"))
            ),
        ),
    ]
}

/// A package with some dependencies in `dir`, whose crates come from the folder `vendor`.
pub(crate) fn package(dir: &Path, vendor: &Path) -> io::Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir.join("src"))?;
    fs::create_dir_all(dir.join(".cargo"))?;
    fs::write(dir.join("src/main.rs"), "fn main() {}\n")?;
    let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n# What it needs.\n[dependencies]\n";
    fs::write(dir.join("Cargo.toml"), manifest)?;
    let mut config =
        String::from("[source.crates-io]\nreplace-with = \"vendored\"\n\n[source.vendored]\n");
    let _ = writeln!(config, "directory = {:?}", vendor.display().to_string());
    fs::write(dir.join(".cargo/config.toml"), config)
}

/// A folder that stands in for the registry: the crate `taos`, with the feature that is asked for, and nothing in it.
pub(crate) fn vendor(folder: &Path) -> io::Result<()> {
    let taos = folder.join("taos");
    fs::create_dir_all(taos.join("src"))?;
    fs::write(taos.join("src/lib.rs"), "")?;
    let manifest = "[package]\nname = \"taos\"\nversion = \"0.12.3\"\nedition = \"2021\"\n\n[features]\nws-rustls = []\n";
    fs::write(taos.join("Cargo.toml"), manifest)?;
    fs::write(taos.join(".cargo-checksum.json"), "{\"files\":{}}")
}
