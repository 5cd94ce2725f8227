//! PHP projects, run against the sandbox over REST. The native connection is rendered and read by PHP: an extension of the test's own is built,
//! tdengine itself only outside of CI. See `connectors`.

use std::process::Command;

use insta::assert_snapshot;
use taos_sandbox::server::Sandbox;

use crate::init::connectors::{Project, check, check_over_tls, sandbox, skip_none, succeeds};
use crate::init::connectors_tokens::accepts_tokens;
use crate::support::program::TestContext;

/// `None`, and a line that says so, if there is no PHP.
fn php(test: &str) -> Option<()> {
    match Command::new("php").arg("--version").output() {
        Ok(_) => Some(()),
        Err(_) => skip_none(test, "there is no php"),
    }
}

#[test]
fn php_over_rest() {
    let Some(()) = php("php_over_rest") else {
        return;
    };
    let context = TestContext::new();
    let project = Project::build(&context, &context.work().join("hello"), &["--lang", "php"]);
    succeeds(&project.folder, "php -l main.php");
    check_over_tls(&project, "TAOS_CA_FILE");
    accepts_tokens(&project, Sandbox::adapter, &[]);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: [0x357] Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: [0x303] Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: Failed to open stream: Connection refused
    --- Cloud, closed port
    exit 1
    stderr: error: Failed to open stream: Connection refused
    ");
}

#[test]
fn php_without_rest_or_url_wrapper() {
    let Some(()) = php("php_without_rest_or_url_wrapper") else {
        return;
    };
    let context = TestContext::new();
    let project = Project::build(&context, &context.work().join("hello"), &["--lang", "php"]);
    let run = project.run(sandbox().native(), &[]);
    assert_snapshot!(run, @"
    exit 1
    stderr: error: Failed to open stream: HTTP request failed!
    ");
    let settings = context.work().join("settings");
    std::fs::create_dir(&settings).unwrap();
    std::fs::write(settings.join("url.ini"), "allow_url_fopen=0\n").unwrap();
    let settings = settings.display().to_string();
    let off = project.run(sandbox().adapter(), &[("PHP_INI_SCAN_DIR", &settings)]);
    assert_snapshot!(off, @"
    exit 1
    stderr: error: http:// wrapper is disabled in the server configuration by allow_url_fopen=0
    ");
}

#[test]
fn php_in_existing_projects() {
    let Some(()) = php("php_in_existing_projects") else {
        return;
    };
    let context = TestContext::new();
    let folder = context.work();
    let manifest = "{\n    \"require\": {\n        \"php\": \">=8.1\"\n    }\n}\n";
    std::fs::write(folder.join("composer.json"), manifest).unwrap();
    let project = Project::build(&context, &folder, &["--transport", "rest"]);
    succeeds(&folder, "php -l examples/taos-example.php");
    let run = project.run(sandbox().adapter(), &[]);
    assert!(
        run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
        "{run}"
    );
    // REST needs no entry.
    let after = std::fs::read_to_string(folder.join("composer.json")).unwrap();
    assert_eq!(after, manifest);
}

/// The native program reports a PHP without the extension in one line.
#[test]
fn php_native_without_extension() {
    let Some(()) = php("php_native_without_extension") else {
        return;
    };
    let context = TestContext::new();
    let arguments = ["init", "--lang", "php", "--transport", "native"];
    let run = context.program(arguments).run();
    assert_eq!(run.exit, Some(0), "{run}");
    succeeds(&context.work(), "php -l main.php");
    let run = Command::new("php")
        .args(["-n", "main.php"])
        .current_dir(context.work())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&run.stderr), @"error: PHP has no extension tdengine, or did not load it: see php --ini and php -m");
}

#[test]
fn cloud_program_is_valid() {
    let Some(()) = php("cloud_program_is_valid") else {
        return;
    };
    let context = TestContext::new();
    let run = context.program(["init", "--lang", "php", "--cloud"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    succeeds(&context.work(), "php -l main.php");
    let run = Command::new("php")
        .arg("main.php")
        .env("TDENGINE_CLOUD_URL", "https://127.0.0.1:9")
        .env("TDENGINE_CLOUD_TOKEN", "0123456789abcdef")
        .current_dir(context.work())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(!said.contains("0123456789abcdef"), "{said}");
    assert_snapshot!(said, @"error: Failed to open stream: Connection refused");
}

/// `--build` runs phpize, configure, and make for the installed client; the extension is one of the test's own (`tests/php`).
#[test]
#[cfg(target_os = "linux")]
fn php_extension_built_by_init() {
    use crate::init::connectors_native::install_client;

    let test = "php_extension_built_by_init";
    let Some(()) = php(test) else {
        return;
    };
    for tool in ["phpize", "make", "cc"] {
        if Command::new("sh")
            .args(["-c", &format!("command -v {tool}")])
            .output()
            .is_ok_and(|it| !it.status.success())
        {
            return crate::init::connectors::skip(test, &format!("there is no {tool}"));
        }
    }
    let context = TestContext::new();
    install_client(&context);
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/php");
    let arguments = [
        "init",
        "--lang",
        "php",
        "--transport",
        "native",
        "--quiet",
        "--dir",
        "hello",
        "--build",
    ];
    let all = arguments.iter().copied().chain(source.to_str());
    let run = context.program(all).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    created   composer.json
    created   main.php
    created   README.md
    created   .gitignore
    created   php-extensions/tdengine.so

    Build it and run it:
      cd hello
      taos-setup run -- php -d extension=./php-extensions/tdengine.so --ri tdengine
      taos-setup run -- php -d extension=./php-extensions/tdengine.so main.php
    --- stderr
    ");
    let folder = context.work().join("hello");
    // By its run path alone, as FPM loads it.
    let shown = succeeds(
        &folder,
        "php -d extension=./php-extensions/tdengine.so -r 'echo tdengine_client(), PHP_EOL;'",
    );
    assert_eq!(shown, "3.3.7.5\n");
    // In a directory of settings of the test's own, the machine's PHP loads it for every program.
    let settings = context.root().join("settings");
    std::fs::create_dir(&settings).unwrap();
    let enabled = context
        .program(
            arguments[..arguments.len() - 1]
                .iter()
                .chain(&["--php-ini", "cli"]),
        )
        .env("TAOS_SETUP_TEST_ROOT", "")
        .env("PHP_INI_SCAN_DIR", &settings)
        .run();
    assert_eq!(enabled.exit, Some(0), "{enabled}");
    let file = std::fs::read_to_string(settings.join("tdengine.ini")).unwrap();
    let module = folder.join("php-extensions/tdengine.so");
    assert_eq!(
        file,
        format!("extension={}\n", module.canonicalize().unwrap().display())
    );
    let shown = Command::new("php")
        .args(["-r", "echo tdengine_client();"])
        .env("PHP_INI_SCAN_DIR", &settings)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&shown.stdout), "3.3.7.5");
    // The source stays as it was, and the next run of init changes nothing.
    assert!(!source.join("configure").exists());
    let again = context
        .program([
            "init",
            "--dir",
            "hello",
            "--lang",
            "php",
            "--transport",
            "native",
            "--check",
        ])
        .run();
    assert_eq!(again.exit, Some(0), "{again}");
}
