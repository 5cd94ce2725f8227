"""`init`: new projects, and files with the line ends of Windows."""

# R fetches a jar.
LANGUAGES = ["c", "csharp", "go", "java", "lua", "node", "odbc", "php", "python", "rust"]

# A manifest of each format, and the name of the connector that gets into it.
MANIFESTS = {
    "package.json": ("node", '{\n  "name": "app",\n  "dependencies": {\n    "left-pad": "1.0.0"\n  }\n}\n', "@tdengine/websocket"),
    "requirements.txt": ("python", "# what it needs\nrequests==2.32.0\n", "taos"),
    "go.mod": ("go", "module example.com/app\n\ngo 1.22\n\nrequire golang.org/x/text v0.3.0\n", "driver-go"),
    "Cargo.toml": ("rust", '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\nserde = "1"\n', "taos"),
    "pom.xml": (
        "java",
        '<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>g</groupId>\n'
        "  <artifactId>a</artifactId>\n  <version>1</version>\n  <dependencies>\n  </dependencies>\n</project>\n",
        "taos-jdbcdriver",
    ),
    "app.csproj": (
        "csharp",
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net8.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n',
        "TDengine.Connector",
    ),
}


def _files(directory):
    return {path.relative_to(directory): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def new_projects_are_stable(scene):
    for language in LANGUAGES:
        directory = scene.work / language
        args = ["init", "--lang", language, "--dir", language, "--name", "my-app"]
        scene.run(*args).expect(0, "created")
        files = _files(directory)
        assert files, language
        for path, content in files.items():
            # A batch file has the line ends of Windows, all others those of Linux.
            mixed = 0 < content.count(b"\r\n") < content.count(b"\n")
            assert not mixed, f"{language}: {path} mixes line ends"
        scene.run(*args).expect(0, "unchanged")
        assert _files(directory) == files, language


def line_ends_are_kept(scene):
    for name, (language, text, connector) in MANIFESTS.items():
        directory = scene.work / f"项目 {language}"
        directory.mkdir()
        manifest = directory / name
        before = text.replace("\n", "\r\n").encode()
        manifest.write_bytes(before)
        scene.run("init", cwd=directory).expect(0)
        after = manifest.read_bytes()
        assert connector.encode() in after, f"{name}: {after}"
        assert after.count(b"\n") == after.count(b"\r\n") > before.count(b"\n"), f"{name}: {after}"
        lines = iter(after.splitlines())
        lost = [line for line in before.splitlines() if line.rstrip(b",") and not any(other.rstrip(b",") == line.rstrip(b",") for other in lines)]
        assert not lost, f"{name} lost {lost}"
        scene.run("init", cwd=directory).expect(0)
        assert manifest.read_bytes() == after, name


def check_reports_what_would_change(scene):
    manifest = scene.work / "package.json"
    manifest.write_bytes(b'{"name": "app"}\r\n')
    scene.run("init", "--check").expect(7)
    scene.run("init", "--dry-run").expect(0, "@tdengine/websocket")
    assert manifest.read_bytes() == b'{"name": "app"}\r\n'


def project_without_language_is_refused(scene):
    scene.run("init").expect(2)
