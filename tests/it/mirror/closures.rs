//! What is taken from the caches of each language's client. The clients are stand-ins that write what the real ones do; `.ci/mirror` runs
//! the real ones.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use insta::assert_snapshot;

use crate::support::client_package::tree;
use crate::support::program::{Program, Run, TestContext};

/// Stand-ins for clients in front of the search path.
struct Clients {
    context: TestContext,
    programs: PathBuf,
}

impl Clients {
    fn new() -> Self {
        let context = TestContext::new();
        let programs = context.root().join("programs");
        fs::create_dir(&programs).unwrap();
        Self { context, programs }
    }

    fn add(&self, name: &str, script: &str) {
        let path = self.programs.join(name);
        fs::write(&path, format!("#!/bin/sh\nset -e\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn project(&self, files: &[(&str, &str)]) {
        let project = self.context.work().join("app");
        for (name, content) in files {
            let path = project.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    fn create(&self) -> Program<'_> {
        let path = std::env::var("PATH").unwrap_or_default();
        let words = [
            "mirror",
            "create",
            "m",
            "--projects",
            "app",
            "--platforms",
            "linux-x64",
            "--python",
            "3.12",
        ];
        self.context
            .program(words)
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .env("TAOS_SETUP_NO_PROGRESS", "1")
    }

    /// Mirrors twice; the second time no client is there. Returns the first run and the files.
    fn mirrored(&self) -> (Run, String) {
        let first = self.create().run();
        assert_eq!(first.exit, Some(0), "{first}");
        for entry in fs::read_dir(&self.programs).unwrap() {
            fs::write(entry.unwrap().path(), "#!/bin/sh\nexit 9\n").unwrap();
        }
        let second = self.create().run();
        assert!(second.stdout.contains("has everything"), "{second}");
        assert_eq!(
            self.context.program(["mirror", "verify", "m"]).run().exit,
            Some(0)
        );
        let files = tree(&self.context.work().join("m"));
        let files = files.into_iter().filter(|(_, what)| what != "folder");
        let names: Vec<_> = files
            .map(|(path, _)| path.to_string_lossy().into_owned())
            .collect();
        (first, names.join("\n"))
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.context.work().join("m").join(path)).unwrap()
    }
}

#[test]
fn go_modules_become_a_proxy() {
    let clients = Clients::new();
    clients.add(
        "go",
        "d=$GOMODCACHE/cache/download\nmkdir -p $d/example.com/a/@v $d/sumdb/x $d/cache\n\
         for e in info mod zip lock; do echo $e > $d/example.com/a/@v/v1.2.0.$e; done\necho mod > $d/example.com/a/@v/v1.1.0.mod\necho s > $d/sumdb/x/y",
    );
    clients.project(&[
        ("go.mod", "module app\n\nrequire example.com/a v1.2.0\n"),
        ("go.sum", ""),
        ("main.go", "package main\n"),
    ]);
    let (_, files) = clients.mirrored();
    assert_snapshot!(files, @"
    goproxy/example.com/a/@v/list
    goproxy/example.com/a/@v/v1.1.0.mod
    goproxy/example.com/a/@v/v1.2.0.info
    goproxy/example.com/a/@v/v1.2.0.mod
    goproxy/example.com/a/@v/v1.2.0.zip
    mirror.jsonl
    settings/go.env
    ");
    assert_eq!(clients.read("goproxy/example.com/a/@v/list"), "v1.2.0\n");
}

#[test]
fn node_packages_become_a_registry() {
    let clients = Clients::new();
    // `npm install` writes the lock file, `npm pack` a file for each package.
    clients.add(
        "npm",
        r#"case $1 in
        install) cat > package-lock.json <<'END'
{"lockfileVersion": 3, "packages": {"": {}, "node_modules/@a/b": {"version": "1.0.0", "resolved": "https://r.example/x"}, "node_modules/g": {"version": "2.0.0", "resolved": "git+ssh://git@h/g.git#0"}}}
END
        ;;
        pack) mkdir -p package; echo '{"name": "@a/b", "version": "1.0.0", "license": "MIT"}' > package/package.json
              tar czf a-b-1.0.0.tgz package; rm -r package
              echo '[{"name": "@a/b", "version": "1.0.0", "filename": "a-b-1.0.0.tgz"}]' ;;
        esac"#,
    );
    clients.project(&[(
        "package.json",
        r#"{"name": "app", "dependencies": {"@a/b": "1"}}"#,
    )]);
    let (first, files) = clients.mirrored();
    assert_snapshot!(files, @"
    mirror.jsonl
    npm/@a/b/-/b-1.0.0.tgz
    npm/@a/b/index.json
    settings/npmrc
    ");
    assert_snapshot!(first.stderr, @"
    note: app (node): the mirror does not have g (git+ssh://git@h/g.git#0): it does not come from a registry; publish it in one, or copy it into the project
    next: taos-setup mirror verify m
          taos-setup mirror serve m
    ");
    let document: serde_json::Value =
        serde_json::from_str(&clients.read("npm/@a/b/index.json")).unwrap();
    assert_eq!(
        document["versions"]["1.0.0"]["dist"]["tarball"],
        "http://127.0.0.1:8465/npm/@a/b/-/b-1.0.0.tgz"
    );
    assert!(clients.read("mirror.jsonl").contains(r#""license":"MIT""#));
}

#[test]
fn python_wheels_become_an_index_and_missing_ones_are_named() {
    let clients = Clients::new();
    // Of two requirements one has no wheel, which the real pip reports in these words.
    clients.add(
        "python3",
        r#"for word in "$@"; do [ "$last" = -r ] && list=$word; [ "$last" = --dest ] && dest=$word; last=$word; done
        if grep -q none "$list"; then echo 'ERROR: No matching distribution found for none' >&2; exit 1; fi
        mkdir -p "$dest"; echo wheel > "$dest/Taos_WS-0.7.0-py3-none-any.whl""#,
    );
    clients.project(&[
        ("requirements.txt", "taos-ws==0.7.0\nnone==1\n"),
        ("main.py", ""),
    ]);
    let (first, files) = clients.mirrored();
    assert_snapshot!(files, @"
    mirror.jsonl
    pypi/packages/taos-ws/Taos_WS-0.7.0-py3-none-any.whl
    pypi/simple/index.html
    pypi/simple/taos-ws/index.html
    settings/pip.conf
    ");
    assert_snapshot!(first.stderr, @"
    note: app (python): the mirror does not have none==1 (linux-x64, Python 3.12): no built package exists for this platform and version
    next: taos-setup mirror verify m
          taos-setup mirror serve m
    ");
    assert!(
        clients
            .read("pypi/simple/taos-ws/index.html")
            .contains("../../packages/taos-ws/")
    );
}

#[test]
fn crates_become_an_index() {
    let clients = Clients::new();
    clients.add(
        "cargo",
        r#"case $1 in
        fetch) mkdir -p $CARGO_HOME/registry/cache/r-0; echo crate > $CARGO_HOME/registry/cache/r-0/taos-0.12.3.crate ;;
        metadata) echo '{"packages": [{"name": "app", "version": "0.1.0", "source": null},
            {"name": "g", "version": "1.0.0", "source": "git+https://h/g#0"},
            {"name": "taos", "version": "0.12.3", "source": "registry+https://r.example/index", "license": "MIT", "features": {}, "dependencies": []}]}' ;;
        esac"#,
    );
    clients.project(&[
        (
            "Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\n",
        ),
        ("src/main.rs", ""),
    ]);
    let (first, files) = clients.mirrored();
    assert_snapshot!(files, @"
    crates/index/config.json
    crates/index/ta/os/taos
    crates/taos-0.12.3.crate
    mirror.jsonl
    settings/cargo-config.toml
    ");
    assert_snapshot!(first.stderr, @"
    note: app (rust): the mirror does not have g 1.0.0: it does not come from a registry; publish it in one, or copy it into the project
    next: taos-setup mirror verify m
          taos-setup mirror serve m
    ");
    assert!(
        clients
            .read("crates/index/ta/os/taos")
            .contains(r#""vers":"0.12.3""#)
    );
}

#[test]
fn maven_repository_has_no_records_of_its_origin() {
    let clients = Clients::new();
    clients.add(
        "mvn",
        r#"for word in "$@"; do case $word in -Dmaven.repo.local=*) r=${word#*=} ;; esac; done
        mkdir -p $r/org/a/1; cd $r/org/a/1; for f in a-1.jar a-1.pom a-1.jar.sha1 _remote.repositories a-1.jar.lastUpdated; do echo $f > $f; done
        echo m > ../maven-metadata-internal.xml"#,
    );
    clients.project(&[("pom.xml", "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version></project>")]);
    let (_, files) = clients.mirrored();
    assert_snapshot!(files, @"
    maven/org/a/1/a-1.jar
    maven/org/a/1/a-1.jar.sha1
    maven/org/a/1/a-1.pom
    maven/org/a/1/a-1.pom.sha1
    maven/org/a/maven-metadata.xml
    maven/org/a/maven-metadata.xml.sha1
    mirror.jsonl
    settings/init.gradle
    settings/settings.xml
    ");
}

#[test]
fn failing_client_is_reported_without_secrets_and_publishes_nothing() {
    let clients = Clients::new();
    clients.add(
        "go",
        "echo 'go: https://user:hunter22@proxy.example/a: 403 Forbidden' >&2; exit 1",
    );
    clients.project(&[("go.mod", "module app\n"), ("go.sum", "")]);
    let run = clients.create().run();
    assert_snapshot!(run, @"
    exit 15
    --- stdout
    --- stderr
    error[program-failed]: could not run go mod download
      it exited with 1: go:***@proxy.example/a: 403 Forbidden
      next: check that go is installed and can reach its registry, and run the command again
    ");
    assert!(!clients.context.work().join("m").exists());
}
