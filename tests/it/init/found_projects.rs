//! Projects as they are found: several files, other tools, odd places. Single manifests are in `tests/manifests`.

use insta::assert_snapshot;

use super::shared_versions::changed;

const SERVER: [&str; 2] = ["--server", "3.3.7.5"];

#[test]
fn requirements_in_a_directory_are_listed() {
    let files = [
        ("requirements/base.txt", "requests\n"),
        ("requirements/dev.txt", "-r base.txt\npytest\n"),
        ("app.py", "print()\n"),
    ];
    assert_snapshot!(changed(&files, &SERVER), @"
    exit 2
    error[usage]: could not set up the Python project
      the project lists its dependencies in requirements/base.txt, requirements/dev.txt
      next: taos-setup init --lang python --manifest requirements/base.txt
      next: taos-setup init --lang python --manifest requirements/dev.txt
    ");
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5", "--lang", "python"]), @"
    exit 2
    error[usage]: could not set up the Python project
      the project lists its dependencies in requirements/base.txt, requirements/dev.txt
      next: taos-setup init --lang python --manifest requirements/base.txt
      next: taos-setup init --lang python --manifest requirements/dev.txt
    ");
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5", "--lang", "python", "--manifest", "requirements/base.txt"]), @"
    exit 0
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    === requirements/base.txt
    requests
    taos-ws-py==0.7.0
    ");
}

#[test]
fn list_of_setuptools_in_another_file_is_named() {
    let project = "[project]\nname = \"a\"\nversion = \"1\"\ndynamic = [\"dependencies\"]\n\n[tool.setuptools.dynamic]\ndependencies = { file = [\"requirements/base.txt\"] }\n";
    let files = [
        ("pyproject.toml", project),
        ("requirements/base.txt", "requests\n"),
    ];
    assert_snapshot!(changed(&files, &SERVER), @"
    exit 7
    error[version-conflict]: could not add taos-ws-py 0.7.0 to pyproject.toml
      pyproject.toml:4: its dependencies are dynamic: the build backend reads them from another place
      next: taos-setup init --lang python --manifest requirements/base.txt
    ");
    let in_root = project.replace("requirements/base.txt", "requirements.txt");
    let files = [
        ("pyproject.toml", in_root.as_str()),
        ("requirements.txt", "requests\n"),
    ];
    assert_snapshot!(changed(&files, &SERVER), @"
    exit 0
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    === requirements.txt
    requests
    taos-ws-py==0.7.0
    ");
}

#[test]
fn setup_cfg_is_named_if_setup_py_only_loads_it() {
    let list = "[metadata]\nname = a\n\n[options]\ninstall_requires =\n    requests\n";
    let stub = "from setuptools import setup\n\nsetup()\n";
    let files = [("setup.cfg", list), ("setup.py", stub)];
    assert_snapshot!(changed(&files, &SERVER), @"
    exit 2
    error[usage]: could not start a project in Python
      setup.cfg exists: setuptools builds this project, and init does not edit its files
      next: add taos-ws-py>=0.7.0 to install_requires in setup.cfg
    ");
    let own =
        "from setuptools import setup\n\nsetup(name=\"a\", install_requires=[\"requests\"])\n";
    let files = [
        ("setup.cfg", "[flake8]\nmax-line-length = 99\n"),
        ("setup.py", own),
    ];
    assert_snapshot!(changed(&files, &SERVER), @r#"
    exit 2
    error[usage]: could not start a project in Python
      setup.py exists: setuptools builds this project, and init does not edit its files
      next: add "taos-ws-py>=0.7.0", to install_requires in setup.py
    "#);
}

#[test]
fn property_two_parents_above_is_upgraded() {
    let root = "<project><groupId>a</groupId><artifactId>root</artifactId><version>1</version><packaging>pom</packaging><properties><taos.version>3.5.3</taos.version></properties><modules><module>mid</module></modules></project>\n";
    let mid = "<project><parent><groupId>a</groupId><artifactId>root</artifactId><version>1</version></parent><artifactId>mid</artifactId><packaging>pom</packaging><modules><module>app</module></modules></project>\n";
    let app = "<project><parent><groupId>a</groupId><artifactId>mid</artifactId><version>1</version></parent><artifactId>app</artifactId><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>${taos.version}</version></dependency></dependencies></project>\n";
    let files = [
        ("pom.xml", root),
        ("mid/pom.xml", mid),
        ("mid/app/pom.xml", app),
    ];
    assert_snapshot!(changed(&files, &["--dir", "mid/app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === pom.xml
    <project><groupId>a</groupId><artifactId>root</artifactId><version>1</version><packaging>pom</packaging><properties><taos.version>3.7.9</taos.version></properties><modules><module>mid</module></modules></project>
    ");
}

#[test]
fn property_of_the_command_line_is_left_alone() {
    let pom = "<project><artifactId>app</artifactId><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>${taos.version}</version></dependency></dependencies></project>\n";
    let files = [
        ("pom.xml", pom),
        (".mvn/maven.config", "-Dtaos.version=3.2.8\n"),
    ];
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    note: pom.xml:1 asks for taos-jdbcdriver ${taos.version}, which is defined elsewhere and unchanged
    ");
}

#[test]
fn delegated_property_of_gradle_is_upgraded() {
    let files = [
        (
            "build.gradle.kts",
            "plugins {\n    java\n}\n\nval taosVersion: String by project\n\ndependencies {\n    implementation(\"com.taosdata.jdbc:taos-jdbcdriver:$taosVersion\")\n}\n",
        ),
        (
            "gradle.properties",
            "org.gradle.jvmargs=-Xmx1g\ntaosVersion = 3.5.3\n",
        ),
    ];
    assert_snapshot!(changed(&files, &["--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === gradle.properties
    org.gradle.jvmargs=-Xmx1g
    taosVersion = 3.7.9
    ");
}

#[test]
fn locked_crate_that_is_older_stays() {
    let files = [
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\ntaos = \"0.12\"\ntokio = \">=1.40, <1.54\"\n",
        ),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\"taos\", \"tokio\"]\n\n[[package]]\nname = \"taos\"\nversion = \"0.12.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
        ),
    ];
    assert_snapshot!(changed(&files, &SERVER), @"
    exit 0
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    note: Cargo.toml:7 asks for taos 0.12, which is unchanged
    ");
}

#[test]
fn other_tools_are_answered_without_a_second_project() {
    let projects: [(&[(&str, &str)], &str); 5] = [
        (
            &[(
                "build.sbt",
                "libraryDependencies += \"a\" % \"b\" % \"1\"\n",
            )],
            "libraryDependencies",
        ),
        (
            &[("MODULE.bazel", "module(name = \"a\")\n")],
            "MODULE.bazel",
        ),
        (
            &[("Pipfile", "[packages]\nrequests = \"*\"\n")],
            "pipenv install",
        ),
        (
            &[(
                "environment.yml",
                "dependencies:\n  - pip:\n    - requests\n",
            )],
            "environment.yml",
        ),
        (&[("docker-compose.yml", "services: {}\n")], "--lang"),
    ];
    for (files, word) in projects {
        let answer = changed(files, &SERVER);
        assert!(
            answer.starts_with("exit 2\n") && answer.contains(word),
            "{}: {answer}",
            files[0].0
        );
    }
}
