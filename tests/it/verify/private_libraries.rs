//! A driver that needs libraries of its package's own, in the directory `private` beside it.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

use crate::support::served::{Served, install_driver};
use crate::support::skipped;

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
