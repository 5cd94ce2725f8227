//! Machines of every kind without a fault, and the forms in which they are reported.

use std::fs;

use super::machine::{Machine, PARTS, findings, shown};
use crate::support::installed::{installed, prefix};
use insta::assert_snapshot;

/// A healthy machine: no finding, exit 0.
#[track_caller]
fn check(machine: &Machine, variables: &[(&str, String)], status_of_libraries: &str) {
    let mut program = machine.doctor(&["--json", "--deep"]);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    let run = program.run();
    assert_eq!(findings(&run), Vec::<String>::new(), "{run}");
    assert_eq!(run.exit, Some(0));
    let uses = run.json()["data"]["libraries"].clone();
    let uses: Vec<&str> = uses
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["use"].as_str().unwrap())
        .collect();
    assert_eq!(uses.join(" "), status_of_libraries);
}

#[test]
fn debian_with_package() {
    let machine = Machine::with_package("3.3.7.5", &PARTS);
    check(&machine, &[], "loaded");
    assert_snapshot!(shown(&machine.doctor(&[]).run()), @"
    exit 0
    --- stdout
    ✓ driver         libtaos 3.3.7.5, [ROOT]/machine/usr/lib/libtaos.so
    ✓ loader         linux-x64; glibc [GLIBC]
    ✓ configuration  [ROOT]/machine/etc/taos/taos.cfg; firstEp localhost:6030
    ✓ network        no proxy; no server on this machine
    - toolchains     no Java, Python, Node.js, or Go
    - project        no connector in this directory

    no problem found (23 checks)
    --- stderr
    ");
}

#[test]
fn vendor_tarball_of_an_old_driver() {
    let machine = Machine::with_package("3.2.2.2", &["taos"]);
    check(&machine, &[], "loaded");
}

#[test]
fn server_of_one_user() {
    let machine = Machine::new();
    let folder = machine.home().join("taos/driver");
    machine.driver(&folder, "3.4.0.0", &PARTS);
    let links = machine.home().join(".local/lib");
    machine.link(&folder, "3.4.0.0", &PARTS, &links);
    check(&machine, &[], "unsearched");
    let path = ("LD_LIBRARY_PATH", links.display().to_string());
    check(&machine, &[path], "loaded");
}

#[test]
fn client_of_the_store() {
    let machine = Machine::of(installed(&["3.3.7.5"]));
    check(&machine, &[], "unsearched");
    let lib = prefix(&machine.context, "3.3.7.5").join("lib");
    let include = prefix(&machine.context, "3.3.7.5").join("include");
    let variables = [
        ("LD_LIBRARY_PATH", lib.display().to_string()),
        ("C_INCLUDE_PATH", include.display().to_string()),
        ("TD_LIBRARY_PATH", lib.display().to_string()),
        (
            "TAOS_LIBRARY_PATH",
            lib.join("libtaos.so").display().to_string(),
        ),
    ];
    check(&machine, &variables, "loaded");
}

#[test]
fn container_without_anything() {
    let machine = Machine::new();
    check(&machine, &[], "");
    assert_snapshot!(shown(&machine.doctor(&[]).env("TAOS_SETUP_LANG", "zh").run()), @"
    exit 0
    --- stdout
    ✓ 驱动           没有客户端库；WebSocket 和 REST 连接不需要
    ✓ 加载器         linux-x64；glibc [GLIBC]
    ✓ 配置           没有 [ROOT]/machine/etc/taos/taos.cfg
    ✓ 网络           无代理；本机没有服务端
    - 工具链         没有 Java、Python、Node.js 或 Go
    - 项目           当前目录中没有连接器

    没有发现问题（23 个检查项）
    --- stderr
    ");
}

#[test]
fn system_with_musl() {
    let machine = Machine::new();
    fs::create_dir(machine.at("/lib")).unwrap();
    for arch in ["x86_64", "aarch64"] {
        fs::write(machine.at(&format!("/lib/ld-musl-{arch}.so.1")), "").unwrap();
    }
    check(&machine, &[], "");
    assert_snapshot!(machine.doctor(&["c-library", "-v"]).run(), @"
    exit 0
    --- stdout
    ✓ loader         musl
        ✓ c-library
            musl

    no problem found (1 check)
    --- stderr
    ");
}

#[test]
fn details_name_everything_that_was_looked_at() {
    let machine = Machine::with_package("3.3.7.5", &PARTS);
    let names = [
        "-v",
        "libraries",
        "complete",
        "headers",
        "taos-cfg",
        "endpoints",
        "time-zone",
    ];
    assert_snapshot!(machine.doctor(&names).run(), @"
    exit 0
    --- stdout
    ✓ driver         libtaos 3.3.7.5, [ROOT]/machine/usr/lib/libtaos.so
        ✓ libraries
            [ROOT]/machine/usr/lib/libtaos.so  3.3.7.5  linux-x64  loaded
        ✓ complete
            libtaos.so 3.3.7.5
            libtaosnative.so 3.3.7.5
            libtaosws.so 3.3.7.5
        ✓ headers
            compared [ROOT]/machine/usr/include/taos.h with the library
    ✓ configuration  [ROOT]/machine/etc/taos/taos.cfg; firstEp localhost:6030
        ✓ taos-cfg
            [ROOT]/machine/etc/taos/taos.cfg is in effect: the usual directory of the driver
            line 2: firstEp localhost:6030 (read by the client)
            line 3: dataDir /var/lib/taos (read by the server)
        ✓ endpoints
            firstEp localhost:6030: 127.0.0.1
        ✓ time-zone
            this machine uses UTC (UTC+00)

    no problem found (6 checks)
    --- stderr
    ");
}
