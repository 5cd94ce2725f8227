//! Machines with one fault each, and the finding of it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::machine::{Machine, PARTS, findings};
use crate::support::fake_server::Fake;
use crate::support::installed::{installed, prefix};
use crate::support::program::Run;
use insta::assert_snapshot;

/// Runs the `checks` on `machine`, which has exactly the findings `expected`, with this exit code.
#[track_caller]
fn check(
    machine: &Machine,
    checks: &[&str],
    variables: &[(&str, &str)],
    expected: &[&str],
    exit: i32,
) -> Run {
    let mut program = machine.doctor(&["--json"].iter().chain(checks).copied().collect::<Vec<_>>());
    for (name, value) in variables {
        program = program.env(name, value);
    }
    let run = program.run();
    assert_eq!(findings(&run), expected, "{run}");
    assert_eq!(run.exit, Some(exit), "{run}");
    run
}

fn package() -> Machine {
    Machine::with_package("3.3.7.5", &PARTS)
}

/// A cache of the loader without entries: ldconfig did not run since the driver was installed.
fn empty_cache() -> Vec<u8> {
    let mut bytes = b"glibc-ld.so.cache1.1".to_vec();
    bytes.resize(48, 0);
    bytes
}

#[test]
fn uncached_library() {
    let machine = Machine::new();
    let folder = machine.at("/opt/taos");
    machine.driver(&folder, "3.3.7.5", &PARTS);
    machine.link(&folder, "3.3.7.5", &PARTS, &folder);
    fs::create_dir(machine.at("/etc")).unwrap();
    fs::write(machine.at("/etc/ld.so.conf"), "/opt/taos\n").unwrap();
    fs::write(machine.at("/etc/ld.so.cache"), empty_cache()).unwrap();
    let run = check(&machine, &["libraries"], &[], &["e:library-missing"], 13);
    assert!(run.stdout.contains("sudo ldconfig"), "{run}");
}

#[test]
fn shadowed_library() {
    let machine = package();
    let old = machine.at("/opt/old");
    machine.driver(&old, "3.3.6.0", &PARTS);
    machine.link(&old, "3.3.6.0", &PARTS, &old);
    let path = old.display().to_string();
    let variables = [("LD_LIBRARY_PATH", path.as_str())];
    check(
        &machine,
        &["libraries"],
        &variables,
        &["w:library-shadowed"],
        0,
    );
    let run = machine
        .doctor(&["libraries", "-v"])
        .env("LD_LIBRARY_PATH", &path)
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ! driver         libtaos 3.3.6.0, [ROOT]/machine/opt/old/libtaos.so
        ! libraries
            [ROOT]/machine/opt/old/libtaos.so  3.3.6.0  linux-x64  loaded
            [ROOT]/machine/usr/lib/libtaos.so  3.3.7.5  linux-x64  shadowed

    warning[library-shadowed]: [ROOT]/machine/opt/old/libtaos.so (3.3.6.0) hides another version
      observed: [ROOT]/machine/usr/lib/libtaos.so (3.3.7.5) comes after [ROOT]/machine/opt/old/libtaos.so (3.3.6.0)
      expected: one version on the library search path
      cause:    The loader uses the first copy that it finds, [ROOT]/machine/opt/old/libtaos.so. A program with another search path loads [ROOT]/machine/usr/lib/libtaos.so (3.3.7.5).
      fix:      sudo rm [ROOT]/machine/usr/lib/libtaos.so    # if that is the old one; else put its directory first: export LD_LIBRARY_PATH="$(dirname [ROOT]/machine/usr/lib/libtaos.so)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

    found 0 errors and 1 warning
    --- stderr
    "#);
}

#[test]
fn incomplete_and_mixed_libraries() {
    let machine = package();
    fs::remove_file(machine.at("/usr/lib/libtaosws.so")).unwrap();
    check(&machine, &["complete"], &[], &["e:library-incomplete"], 13);
    let folder = machine.at("/usr/local/taos/driver");
    machine.driver(&folder, "3.3.6.0", &["taosws"]);
    symlink(
        folder.join("libtaosws.so.3.3.6.0"),
        machine.at("/usr/lib/libtaosws.so"),
    )
    .unwrap();
    check(&machine, &["complete"], &[], &["e:library-mixed"], 13);
}

#[test]
fn header_of_another_release() {
    let machine = package();
    let header = machine.at("/usr/local/taos/include/taos.h");
    let text = fs::read_to_string(&header).unwrap();
    fs::write(&header, text.replace("taos_stmt2_init", "taos_other")).unwrap();
    let run = check(&machine, &["headers"], &[], &["w:header-mismatch"], 0);
    assert!(
        run.stdout.contains("only the library has taos_stmt2_init"),
        "{run}"
    );
}

#[test]
fn damaged_store() {
    let machine = Machine::of(installed(&["3.3.7.5"]));
    let lib = prefix(&machine.context, "3.3.7.5").join("lib");
    let file = lib.join("libtaosws.so.3.3.7.5");
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    fs::write(&file, bytes).unwrap();
    check(&machine, &["store"], &[], &[], 0);
    check(&machine, &["store", "--deep"], &[], &["e:store-damaged"], 4);
    fs::remove_file(lib.join("libtaos.so")).unwrap();
    let run = check(&machine, &["store"], &[], &["e:store-damaged"], 4);
    assert!(
        run.stdout.contains("taos-setup doctor store --fix"),
        "{run}"
    );
    let home = machine.context.taos_setup_home();
    fs::set_permissions(home, PermissionsExt::from_mode(0o777)).unwrap();
    check(&machine, &["store"], &[], &["e:store-unusable"], 8);
}

/// ELF's e_machine becomes 32-bit ARM's.
fn for_arm(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes[18] = 40;
    bytes[19] = 0;
    fs::write(file, bytes).unwrap();
}

#[test]
fn library_for_another_processor() {
    let machine = package();
    for_arm(&machine.at("/usr/local/taos/driver/libtaos.so.3.3.7.5"));
    check(&machine, &["machine"], &[], &["e:library-wrong-arch"], 13);
}

#[test]
fn library_on_musl_and_without_its_dependency() {
    let machine = package();
    fs::remove_file(machine.at("/usr/lib/libgcc_s.so.1")).unwrap();
    let run = check(
        &machine,
        &["dependencies"],
        &[],
        &["e:library-dependency-missing"],
        13,
    );
    assert!(run.stdout.contains("libgcc_s.so.1"), "{run}");
    fs::create_dir(machine.at("/lib")).unwrap();
    for arch in ["x86_64", "aarch64"] {
        fs::write(machine.at(&format!("/lib/ld-musl-{arch}.so.1")), "").unwrap();
    }
    check(
        &machine,
        &["c-library", "dependencies"],
        &[],
        &["e:musl-unsupported"],
        13,
    );
}

#[test]
fn closed_directories() {
    let machine = package();
    let folder = machine.at("/usr/local/taos");
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o750)).unwrap();
    let run = check(
        &machine,
        &["permissions"],
        &[],
        &["w:library-not-for-all"],
        0,
    );
    assert!(run.stdout.contains("/usr/local/taos has mode 750"), "{run}");
}

#[test]
fn wrong_keys_in_taos_cfg() {
    let machine = package();
    for (text, expected, exit) in [
        ("fristEp db:6030\n", "w:config-key-unknown", 0),
        (
            "firstEp a:6030\nFIRSTEP b:6030\n",
            "w:config-key-repeated",
            0,
        ),
        ("serverPort 603o\n", "e:config-value-invalid", 13),
        ("firstEp http://a\n", "e:config-value-invalid", 13),
    ] {
        machine.configured(text);
        check(&machine, &["taos-cfg"], &[], &[expected], exit);
    }
    let named = [("TAOS_CONFIG_DIR", "/nowhere")];
    check(&machine, &["taos-cfg"], &named, &["e:config-unreadable"], 8);
}

#[test]
fn values_of_taos_cfg_against_the_machine() {
    let machine = package();
    for (name, text, variables, expected, exit) in [
        (
            "endpoints",
            "firstEp nowhere.invalid:6030\n",
            [("A", "")],
            "e:dns-unresolved",
            10,
        ),
        (
            "charset",
            "charset GBK\n",
            [("LANG", "zh_CN.UTF-8")],
            "w:charset-mismatch",
            0,
        ),
        (
            "time-zone",
            "timezone UTC-8\n",
            [("A", "")],
            "w:timezone-mismatch",
            0,
        ),
        (
            "time-zone",
            "timezone Moon\n",
            [("A", "")],
            "w:config-value-invalid",
            0,
        ),
        (
            "native-tls",
            "enableTLS 1\ntlsCaPath /nowhere.pem\n",
            [("A", "")],
            "e:native-tls-incomplete",
            13,
        ),
        (
            "directories",
            "tempDir /etc/taos/taos.cfg\n",
            [("A", "")],
            "w:temp-dir-unwritable",
            0,
        ),
        (
            "directories",
            "",
            [("TAOS_LOG_DIR", "/dev/null/log")],
            "e:log-dir-unwritable",
            13,
        ),
    ] {
        machine.configured(text);
        check(&machine, &[name], &variables, &[expected], exit);
    }
}

#[test]
fn wrong_variables_of_the_network() {
    let machine = Machine::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let ports = format!("{},", listener.local_addr().unwrap().port());
    for (name, variables, expected, exit) in [
        (
            "proxy",
            vec![("http_proxy", "ftp://p")],
            "e:proxy-invalid",
            10,
        ),
        (
            "proxy",
            vec![("http_proxy", "p:1"), ("HTTP_PROXY", "q:1")],
            "w:proxy-contradictory",
            0,
        ),
        (
            "proxy",
            vec![("http_proxy", "p:1"), ("TAOS_SETUP_TEST_PORTS", &ports)],
            "w:proxy-for-localhost",
            0,
        ),
        (
            "certificates",
            vec![("NODE_EXTRA_CA_CERTS", "/nowhere.pem")],
            "e:certificates-unreadable",
            10,
        ),
        (
            "certificates",
            vec![("SSL_CERT_DIR", "/nowhere")],
            "e:certificates-unreadable",
            10,
        ),
        (
            "ports",
            vec![("TAOS_SETUP_TEST_PORTS", &ports)],
            "w:port-occupied",
            0,
        ),
        (
            "java",
            vec![("TD_LIBRARY_PATH", "/nowhere")],
            "w:variable-wrong",
            0,
        ),
        (
            "java",
            vec![("JAVA_TOOL_OPTIONS", "-Xmx1g -Djava.library.path=/nowhere")],
            "w:variable-wrong",
            0,
        ),
    ] {
        check(&machine, &[name], &variables, &[expected], exit);
    }
    let excepted = [
        ("http_proxy", "p:1"),
        ("no_proxy", "localhost"),
        ("TAOS_SETUP_TEST_PORTS", &ports),
    ];
    check(&machine, &["proxy"], &excepted, &[], 0);
}

#[test]
fn clock_against_a_web_server() {
    let machine = Machine::new();
    let old = Fake::http("200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT", "");
    let url = format!("http://{}/", old.address);
    check(
        &machine,
        &["clock", "--time-from", &url],
        &[],
        &["w:clock-skew"],
        0,
    );
    let now = jiff_now();
    let right = Fake::http(&format!("404 Not Found\r\nDate: {now}"), "");
    let url = format!("http://{}/", right.address);
    check(&machine, &["clock", "--time-from", &url], &[], &[], 0);
    let dateless = Fake::http("200 OK", "");
    let url = format!("http://user:secret@{}/", dateless.address);
    let run = check(
        &machine,
        &["clock", "--time-from", &url],
        &[],
        &["e:time-source-unreachable"],
        10,
    );
    assert!(!run.to_string().contains("secret"), "{run}");
}

/// The time now as HTTP has it.
fn jiff_now() -> String {
    let now = std::process::Command::new("date")
        .args(["-u", "+%a, %d %b %Y %H:%M:%S GMT"])
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    String::from_utf8(now.stdout).unwrap().trim().to_owned()
}

/// Writes the script `name` into the machine's only directory of programs.
fn program(machine: &Machine, name: &str, script: &str) {
    let file = machine.at("/empty").join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn runtimes_that_do_not_work() {
    let machine = package();
    program(&machine, "python3", "exit 3");
    check(&machine, &["python"], &[], &["w:runtime-unusable"], 0);
    program(&machine, "python3", "while :; do :; done");
    check(
        &machine,
        &["python", "--timeout", "300ms"],
        &[],
        &["w:runtime-unusable"],
        0,
    );
    program(&machine, "python3", "echo Python 3.13.1");
    let run = check(&machine, &["python"], &[], &[], 0);
    assert!(run.stdout.contains("Python 3.13.1, [ROOT]"), "{run}");
    let node = machine.at("/empty/node");
    fs::copy(taos_sandbox::driver::built().unwrap(), &node).unwrap();
    for_arm(&node);
    let run = check(
        &machine,
        &["node"],
        &[],
        &["w:runtime-unusable", "w:runtime-wrong-arch"],
        0,
    );
    assert!(run.stdout.contains("node is for linux-machine 40"), "{run}");
}

#[test]
fn cgo_without_a_compiler() {
    let machine = package();
    program(&machine, "go", "echo go version go1.22.1 linux/amd64");
    let file = machine.context.work().join("main.go");
    fs::write(
        &file,
        "import _ \"github.com/taosdata/driver-go/v3/taosWS\"\n",
    )
    .unwrap();
    check(&machine, &["go"], &[], &[], 0);
    fs::write(
        &file,
        "import _ \"github.com/taosdata/driver-go/v3/taosSql\"\n",
    )
    .unwrap();
    check(&machine, &["go"], &[], &["w:compiler-missing"], 0);
    check(&machine, &["go"], &[("CGO_ENABLED", "0")], &[], 0);
    check(
        &machine,
        &["go"],
        &[("GOARCH", "riscv64"), ("CGO_ENABLED", "0")],
        &["w:runtime-wrong-arch"],
        0,
    );
}

#[test]
fn connectors_that_are_not_maintained() {
    let machine = package();
    let file = machine.context.work().join("package.json");
    fs::write(
        &file,
        r#"{"dependencies": {"td2.0-connector": "2.0.12", "left-pad": "1"}}"#,
    )
    .unwrap();
    let run = check(
        &machine,
        &["connectors"],
        &[],
        &["w:connector-deprecated"],
        0,
    );
    assert!(!run.stdout.contains("left-pad"), "{run}");
}
