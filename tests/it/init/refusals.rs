//! What `init` refuses, and that it then writes nothing.

use std::fs;

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

#[test]
fn missing_language_is_asked_for() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up a project
      no language is given, and . contains none of CMakeLists.txt, Makefile, *.csproj, *.fsproj, *.vbproj, app.cs, go.mod, pom.xml, build.gradle, build.gradle.kts, *.rockspec, package.json, odbc.ini, composer.json, requirements.txt, pyproject.toml, DESCRIPTION, script.R, Cargo.toml
      next: taos-setup init --lang c
      next: taos-setup init --lang csharp
      next: taos-setup init --lang go
      next: taos-setup init --lang java
      next: taos-setup init --lang lua
      next: taos-setup init --lang node
      next: taos-setup init --lang odbc
      next: taos-setup init --lang php
      next: taos-setup init --lang python
      next: taos-setup init --lang r
      next: taos-setup init --lang rust
    ");
}

#[test]
fn unknown_language_is_refused() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "cobol"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up a project
      unknown language `cobol`
      next: taos-setup init --lang c
      next: taos-setup init --lang csharp
      next: taos-setup init --lang go
      next: taos-setup init --lang java
      next: taos-setup init --lang lua
      next: taos-setup init --lang node
      next: taos-setup init --lang odbc
      next: taos-setup init --lang php
      next: taos-setup init --lang python
      next: taos-setup init --lang r
      next: taos-setup init --lang rust
    ");
}

#[test]
fn unsupported_transport_is_refused() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "node", "--transport", "native"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Node.js over the native connection
      Node.js no longer has a native connection: its packages (@tdengine/client, td2.0-connector) are retired and build only on Node.js 10 and 12
      next: taos-setup init --lang node --transport ws
      next: taos-setup init --lang node --transport rest
    ");
}

#[test]
fn names_that_cannot_be() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "go", "--name", "my app"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not name the Go project my app
      a module path consists of ASCII letters, digits, and - . _ ~ /, not ` `
      next: pass another name, for example --name my-app
    ");
    assert_snapshot!(context.program(["init", "--lang", "python", "--name", "../x"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not name the Python project ../x
      a project name consists of ASCII letters, digits, and - _ ., not `/`
      next: pass another name, for example --name x
    ");
    assert_eq!(tree(&context.work()), "");
}

#[test]
fn existing_file_is_kept() {
    let context = TestContext::new();
    fs::write(context.work().join("main.py"), "print('mine')\n").unwrap();
    let before = tree(&context.work());
    assert_snapshot!(context.program(["init", "--lang", "python"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not create main.py
      a file of that name exists with other content
      next: move it away, or choose another directory with --dir
    ");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn file_instead_of_directory() {
    let context = TestContext::new();
    fs::write(context.work().join("hello"), "").unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go", "--dir", "hello"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read hello
      a part of the path is not a directory
      next: make it readable for your user, or choose another directory with --dir
    ");
    assert_snapshot!(context.program(["init", "--lang", "go", "--dir", "hello/below"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read hello/below
      a part of the path is not a directory
      next: make it readable for your user, or choose another directory with --dir
    ");
}

#[test]
fn file_instead_of_inner_directory() {
    let context = TestContext::new();
    fs::write(context.work().join("go.mod"), "module a\n\ngo 1.21\n").unwrap();
    fs::write(context.work().join("_taos-example"), "").unwrap();
    let before = tree(&context.work());
    assert_snapshot!(context.program(["init", "--lang", "go", "--example", "basic"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read _taos-example
      it is not a directory
      next: move it away, or choose another directory with --dir
    ");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn oversized_manifest_is_refused() {
    let context = TestContext::new();
    let path = context.work().join("requirements.txt");
    fs::write(&path, "# \n".repeat(1_500_000)).unwrap();
    assert_snapshot!(context.program(["init", "--lang", "python"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read requirements.txt
      it is larger than 1 MiB
      next: check the content of that file: no manifest is that large
    ");
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() {
    let context = TestContext::new();
    fs::write(context.root().join("elsewhere"), "module a\n").unwrap();
    std::os::unix::fs::symlink(
        context.root().join("elsewhere"),
        context.work().join("go.mod"),
    )
    .unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read go.mod
      it is a symbolic link, which init does not follow
      next: replace the link with the file, or pass the directory that it points to with --dir
    ");
    assert_eq!(
        fs::read(context.root().join("elsewhere")).unwrap(),
        b"module a\n"
    );

    // A link to a folder, out of the project.
    let context = TestContext::new();
    fs::write(context.work().join("go.mod"), "module a\n\ngo 1.21\n").unwrap();
    std::os::unix::fs::symlink(context.root(), context.work().join("cmd")).unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go"]).run(), @"
    exit 0
    --- stdout
    edited    go.mod

    Build it:
      go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
    assert!(!context.root().join("taos-example").exists());
}

#[cfg(unix)]
#[test]
fn read_only_manifest_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let context = TestContext::new();
    let path = context.work().join("go.mod");
    fs::write(&path, "module a\n\ngo 1.21\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let before = tree(&context.work());
    assert_snapshot!(context.program(["init", "--lang", "go"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not write go.mod
      permission denied
      next: make it writable for your user, or choose another directory with --dir
    ");
    assert_eq!(tree(&context.work()), before);
}

/// Root may write to any folder but one of the kernel's own, so that one stands for every read-only folder.
#[cfg(target_os = "linux")]
#[test]
fn unwritable_directory_is_reported() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "go", "--dir", "/proc/hello"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not write /proc/hello
      no such file or directory
      next: make it writable for your user, or choose another directory with --dir
    ");
}

#[test]
fn build_needs_a_native_connector_and_its_source() {
    let context = TestContext::new();
    let init = |arguments: &[&str]| {
        let all = ["init"].iter().chain(arguments);
        context.program(all).run()
    };
    assert_snapshot!(init(&["--lang", "go", "--build", "."]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not compile the native connector of Go
      --build is for --lang lua, php
      next: omit --build
    ");
    assert_snapshot!(init(&["--lang", "php", "--build", "."]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not compile the native connector of PHP
      only the native connection has a connector to compile
      next: pass --transport native, or omit --build
    ");
    let native = ["--lang", "php", "--transport", "native"];
    assert_snapshot!(init(&[&native[..], &["--build", "."]].concat()), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not compile the native connector of PHP
      . is not its source: config.m4 is missing
      next: get the source from https://github.com/Yurunsoft/php-tdengine and pass its directory or .tar.gz archive to --build
    ");
    assert_snapshot!(init(&[&native[..], &["--build", "missing.tar.gz"]].concat()), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not compile the native connector of PHP
      missing.tar.gz could not be read or written: no such file or directory
      next: get the source from https://github.com/Yurunsoft/php-tdengine and pass its directory or .tar.gz archive to --build
    ");
    assert_snapshot!(init(&[&native[..], &["--build", ".", "--dry-run"]].concat()), @"
    exit 2
    --- stdout
    --- stderr
    error: the argument '--build <SOURCE>' cannot be used with '--dry-run'

    Usage: taos-setup init --lang <LANGUAGE> --transport <TRANSPORT> --build <SOURCE>

    For more information, try '--help'.
    ");
    std::fs::write(context.work().join("config.m4"), "").unwrap();
    assert_snapshot!(init(&[&native[..], &["--build", "."]].concat()), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not compile the native connector of PHP
      no client is installed that it could be linked with
      next: taos-setup install
    ");
}
