//! A driver that needs libraries of its package's own, in the directory `private` beside it.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

use crate::support::client_package::{file, install};
use crate::support::program::TestContext;
use crate::support::served::{Served, install_driver};
use crate::support::skipped;
use taos_sandbox::mirror::Package;

/// As much of the driver as starts, with a function of a library that no system has.
const DRIVER: &str = "
extern const char *foreign_version(void);
const char *taos_get_client_info(void) { return foreign_version(); }
int taos_init(void) { return 0; }
void *taos_connect(const char *h, const char *u, const char *p, const char *d, unsigned short n) { return 0; }
const char *taos_get_server_info(void *c) { return 0; }
void *taos_query(void *c, const char *s) { return 0; }
int taos_errno(void *r) { return (int)0x80000357; }
const char *taos_errstr(void *r) { return \"Authentication failure\"; }
int taos_num_fields(void *r) { return 0; }
void *taos_fetch_fields(void *r) { return 0; }
void *taos_fetch_row(void *r) { return 0; }
int *taos_fetch_lengths(void *r) { return 0; }
void taos_free_result(void *r) { }
void taos_close(void *c) { }
";
/// A library that needs another one of the same directory.
const FOREIGN: &str = "extern int deeper(void);\nconst char *foreign_version(void) { return deeper() ? \"3.3.7.5\" : \"\"; }\n";
const DEEPER: &str = "int deeper(void) { return 1; }\n";

/// Compiles `source` to the library `name` in `folder`, linked with `needed`. `false` if there is no C compiler.
fn compile(folder: &Path, name: &str, source: &str, needed: &[&Path]) -> bool {
    std::fs::create_dir_all(folder).unwrap();
    let file = folder.join("source.c");
    std::fs::write(&file, source).unwrap();
    let mut command = Command::new("gcc");
    command
        .args([
            "-shared",
            "-fPIC",
            "-w",
            &format!("-Wl,-soname,{name}"),
            "-o",
        ])
        .arg(folder.join(name))
        .arg(&file)
        .args(needed);
    command.output().is_ok_and(|output| {
        assert!(output.status.success(), "{output:?}");
        true
    })
}

#[test]
fn driver_finds_its_private_libraries() {
    let served = Served::healthy();
    let driver = install_driver(&served.context, "3.3.7.5");
    let private = driver.join("private");
    let foreign = private.join("libforeign-of-taos.so.3");
    let deeper = private.join("libdeeper-of-taos.so.3");
    let built = compile(&private, "libdeeper-of-taos.so.3", DEEPER, &[])
        && compile(&private, "libforeign-of-taos.so.3", FOREIGN, &[&deeper])
        && compile(&driver, "libtaos.so", DRIVER, &[&foreign]);
    if !built {
        return skipped::report_or_fail("driver_finds_its_private_libraries", "gcc is missing");
    }
    let run = served
        .verify_adapter(&["--transport", "native", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", &driver)
        .run();
    let json = run.json();
    let checks = json["data"]["targets"][0]["transports"][0]["rungs"].clone();
    let load = checks
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["rung"] == "load");
    assert_eq!(load.unwrap()["status"], "ok", "{run}");
    assert_eq!(json["findings"][0]["id"], "auth-failed", "{run}");
    let warning = &json["findings"][1];
    assert_eq!(warning["id"], "library-unloadable", "{run}");
    assert_eq!(warning["severity"], "warning");
    let fix = warning["fix"].as_str().unwrap();
    assert!(fix.contains("driver/private"), "{fix}");
}

/// A program that loads the driver while it runs, as connectors do.
const PROGRAM: &str = "
#include <dlfcn.h>
#include <stdio.h>
int main(void) {
    void *driver = dlopen(\"libtaos.so\", RTLD_NOW);
    if (!driver) { puts(dlerror()); return 1; }
    const char *(*version)(void) = (const char *(*)(void))dlsym(driver, \"taos_get_client_info\");
    puts(version());
    return 0;
}
";

#[test]
fn programs_of_run_find_private_libraries_if_the_driver_needs_them() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let installed = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    );
    assert_eq!(installed.run().exit, Some(0));
    let lib = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/lib");
    let private = lib.join("private");
    let loader_path = || {
        let run = context
            .program(["run", "--", "sh", "-c", "echo $LD_LIBRARY_PATH"])
            .run();
        assert_eq!(run.exit, Some(0), "{run}");
        run.stdout
    };
    // Nothing is needed, so nothing hides the system's libraries.
    std::fs::create_dir_all(&private).unwrap();
    std::fs::write(private.join("libssl.so.3"), "").unwrap();
    assert_eq!(loader_path(), "[STORE]/clients/oss-3.3.7.5-linux-x64/lib\n");

    let foreign = private.join("libforeign-of-taos.so.3");
    let deeper = private.join("libdeeper-of-taos.so.3");
    std::fs::remove_file(lib.join("libtaos.so")).unwrap();
    let built = compile(&private, "libdeeper-of-taos.so.3", DEEPER, &[])
        && compile(&private, "libforeign-of-taos.so.3", FOREIGN, &[&deeper])
        && compile(&lib, "libtaos.so", DRIVER, &[&foreign]);
    if !built {
        let name = "programs_of_run_find_private_libraries_if_the_driver_needs_them";
        return skipped::report_or_fail(name, "gcc is missing");
    }
    assert_eq!(
        loader_path(),
        "[STORE]/clients/oss-3.3.7.5-linux-x64/lib:[STORE]/clients/oss-3.3.7.5-linux-x64/lib/private\n"
    );
    let source = context.work().join("main.c");
    std::fs::write(&source, PROGRAM).unwrap();
    let program = context.work().join("main");
    let linked = Command::new("gcc")
        .arg("-o")
        .arg(&program)
        .arg(&source)
        .arg("-ldl")
        .output();
    assert!(linked.unwrap().status.success());
    let run = context.program(["run", "--", "./main"]).run();
    assert_eq!(
        (run.exit, run.stdout.as_str()),
        (Some(0), "3.3.7.5\n"),
        "{run}"
    );
    // The lines of env do the same, and say why.
    let run = context.program(["env"]).run();
    let lines = "# the loader: libraries of the package that the driver needs and this machine does not have\n\
                 export LD_LIBRARY_PATH=\"[STORE]/clients/oss-3.3.7.5-linux-x64/lib/private";
    assert!(run.stdout.contains(lines), "{run}");
    let binary = env!("CARGO_BIN_EXE_taos-setup");
    let script =
        format!("eval \"$({binary} env)\" && ./main && eval \"$({binary} env)\" && ./main");
    let run = context.start("sh", ["-c", &script]).run();
    assert_eq!(
        (run.exit, run.stdout.as_str()),
        (Some(0), "3.3.7.5\n3.3.7.5\n"),
        "{run}"
    );
    let verify = [
        "verify",
        "127.0.0.1:1",
        "--transport",
        "native",
        "--timeout",
        "1s",
        "--json",
    ];
    let run = context
        .program(["run", "--", binary].iter().chain(&verify))
        .run();
    assert!(!run.stdout.contains("library-unloadable"), "{run}");
}
