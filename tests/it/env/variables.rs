//! `env`
#![cfg(unix)]

use crate::support::client_package::{file, install};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use std::path::Path;
use std::process::Command;
use taos_sandbox::mirror::Package;

#[test]
fn nothing_is_installed() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["env"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      no client is installed in [STORE]
      next: taos-setup install
    ");
}

fn install_into(context: &TestContext, home: &Path, version: &str) {
    let (path, sha256) = file(context, &Package::new(version));
    let run = install(
        context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .env("TAOS_SETUP_HOME", home)
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn for_a_posix_shell() {
    let context = TestContext::new();
    install_into(&context, &context.taos_setup_home(), "3.3.7.5");
    install_into(&context, &context.taos_setup_home(), "3.2.2.0");
    assert_snapshot!(context.program(["env"]).run(), @r#"
    exit 0
    --- stdout
    # TDengine client 3.2.2.0 (oss, linux-x64)
    # the client: where taos.cfg is
    export TAOS_CONFIG_DIR="[STORE]/clients/oss-3.2.2.0-linux-x64/etc"
    # the client: a log directory that this user may write
    export TAOS_LOG_DIR="[STORE]/log"
    # the shell: taos, taosBenchmark, taosdump
    export PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/bin${PATH:+:$PATH}"
    # the loader: the driver's libraries
    export LD_LIBRARY_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    # gcc and clang: -ltaos
    export LIBRARY_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/lib${LIBRARY_PATH:+:$LIBRARY_PATH}"
    # gcc and clang: #include <taos.h>
    export C_INCLUDE_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/include${C_INCLUDE_PATH:+:$C_INCLUDE_PATH}"
    # g++ and clang++: #include <taos.h>
    export CPLUS_INCLUDE_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/include${CPLUS_INCLUDE_PATH:+:$CPLUS_INCLUDE_PATH}"
    # pkg-config: taos.pc
    export PKG_CONFIG_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
    # CMake: find_package(taos)
    export CMAKE_PREFIX_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"
    # Go: building driver-go's native connector
    export CGO_CFLAGS="-I[STORE]/clients/oss-3.2.2.0-linux-x64/include ${CGO_CFLAGS:--O2 -g}"
    # Go: linking driver-go's native connector
    export CGO_LDFLAGS="-L[STORE]/clients/oss-3.2.2.0-linux-x64/lib ${CGO_LDFLAGS:--O2 -g}"
    # Java: where JDBC's native connector looks
    export TD_LIBRARY_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/lib${TD_LIBRARY_PATH:+:$TD_LIBRARY_PATH}"
    # Rust: the library that the taos crate opens
    export TAOS_LIBRARY_PATH="[STORE]/clients/oss-3.2.2.0-linux-x64/lib/libtaos.so"
    --- stderr
    "#);
    let other = context.program(["env", "--client", "3.3"]).run();
    assert!(
        other
            .stdout
            .starts_with("# TDengine client 3.3.7.5 (oss, linux-x64)\n"),
        "{other}"
    );
    assert_snapshot!(context.program(["env", "--client", "3.0"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      no client 3.0 is installed in [STORE]
      next: taos-setup install 3.0
    ");
}

/// A file that was cut short must not be taken for the variables.
#[cfg(target_os = "linux")]
#[test]
fn disk_that_is_full() {
    let context = TestContext::new();
    install_into(&context, &context.taos_setup_home(), "3.3.7.5");
    let full = |args: &[&str]| {
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut command = context.program(args).into_command();
        let output = command.stdout(full.unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(8), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let said = full(&["env"]);
    assert_eq!(full(&["env", "--json"]), said);
    assert_snapshot!(said, @"
    error[file-unwritable]: could not write the result to stdout
      no space is left on the disk
      next: free some space, or send the output elsewhere, and run the command again
    ");
}

#[test]
fn real_shell_gets_values() {
    let context = TestContext::new();
    let home = context.root().join("it's \"my\" $HOME `pwd` \\ folder");
    install_into(&context, &home, "3.3.7.5");
    let run = context
        .program(["env", "--shell", "sh"])
        .env("TAOS_SETUP_HOME", &home)
        .run();
    let script = run
        .stdout
        .replace("[ROOT]", context.root().to_str().unwrap())
        + r#"printf '%s\n' "$TAOS_CONFIG_DIR" "$TAOS_LOG_DIR" "$LD_LIBRARY_PATH" "$PKG_CONFIG_PATH" "$CGO_LDFLAGS" "$TAOS_LIBRARY_PATH"; command -v taos"#;
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("LD_LIBRARY_PATH", "/opt/mine")
        .env_remove("PKG_CONFIG_PATH")
        .env("CGO_LDFLAGS", "-lmine")
        .output()
        .unwrap();
    let prefix = home.join("clients/oss-3.3.7.5-linux-x64");
    let prefix = prefix.to_str().unwrap();
    let expected = [
        format!("{prefix}/etc"),
        home.join("log").to_str().unwrap().to_owned(),
        format!("{prefix}/lib:/opt/mine"),
        format!("{prefix}/lib/pkgconfig"),
        format!("\"-L{prefix}/lib\" -lmine"),
        format!("{prefix}/lib/libtaos.so"),
        format!("{prefix}/bin/taos"),
    ];
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn variables_are_printed_as_json() {
    let context = TestContext::new();
    install_into(&context, &context.taos_setup_home(), "3.3.7.5");
    let document = context.program(["env", "--json"]).run().json();
    let variables: Vec<String> = document["data"]["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variable| {
            let text = |key: &str| variable[key].as_str().unwrap_or("-").to_owned();
            format!(
                "{} {} {} {}",
                text("name"),
                text("action"),
                text("value"),
                text("default")
            )
        })
        .collect();
    assert_snapshot!(variables.join("\n"), @"
    TAOS_CONFIG_DIR set [STORE]/clients/oss-3.3.7.5-linux-x64/etc -
    TAOS_LOG_DIR set [STORE]/log -
    PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64/bin -
    LD_LIBRARY_PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64/lib -
    LIBRARY_PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64/lib -
    C_INCLUDE_PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64/include -
    CPLUS_INCLUDE_PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64/include -
    PKG_CONFIG_PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig -
    CMAKE_PREFIX_PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64 -
    CGO_CFLAGS flags -I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O2 -g
    CGO_LDFLAGS flags -L[STORE]/clients/oss-3.3.7.5-linux-x64/lib -O2 -g
    TD_LIBRARY_PATH prepend [STORE]/clients/oss-3.3.7.5-linux-x64/lib -
    TAOS_LIBRARY_PATH set [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so -
    ");
}

#[test]
fn search_path_cannot_hold_colon() {
    let context = TestContext::new();
    let run = context
        .program(["env"])
        .env("TAOS_SETUP_HOME", context.root().join("a:b"))
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not find the store
      it is [ROOT]/a:b, and search paths such as LD_LIBRARY_PATH cannot contain this name
      next: set TAOS_SETUP_HOME to a directory whose name has no colon, semicolon, or quote
    ");
}

#[test]
fn without_a_store_of_its_own_the_platforms_folders() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let run = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .env("TAOS_SETUP_HOME", "")
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = context.program(["env"]).env("TAOS_SETUP_HOME", "").run();
    let line = |name: &str| {
        run.stdout
            .lines()
            .find(|line| line.contains(name))
            .unwrap()
            .to_owned()
    };
    assert_snapshot!(line("TAOS_CONFIG_DIR") + "\n" + &line("TAOS_LOG_DIR"), @r#"
    export TAOS_CONFIG_DIR="[ROOT]/home/.local/share/taos-setup/clients/oss-3.3.7.5-linux-x64/etc"
    export TAOS_LOG_DIR="[ROOT]/home/.local/state/taos-setup/log"
    "#);
}
