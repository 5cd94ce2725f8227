//! `install` of macOS installers that the real tools made, as macos_installer/README.md says.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::support::client_package::tree;
use crate::support::platform_packages::{install_bytes, names};
use crate::support::program::{Run, TestContext};
use crate::support::skipped;

const PRODUCT: &[u8] = include_bytes!("macos_installer/product.pkg");
const COMPONENT: &[u8] = include_bytes!("macos_installer/component.pkg");
const NAME: &str = "tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg";
const TO_MACOS: &[&str] = &["--platform", "macos-arm64"];

/// Installs `package`, and proves that no script of it ran.
fn installed(package: &[u8]) -> (TestContext, Run) {
    let context = TestContext::new();
    let run = install_bytes(&context, NAME, package, TO_MACOS).run();
    let files = tree(context.root());
    assert!(
        !files.keys().any(|path| path.ends_with("script-was-run")),
        "{run}"
    );
    (context, run)
}

/// Installs the package as `change` leaves it, which must be refused: the error.
fn refused(package: &[u8], change: impl Fn(&mut Vec<u8>)) -> String {
    let mut package = package.to_vec();
    change(&mut package);
    let (context, run) = installed(&package);
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(!context.taos_setup_home().exists());
    run.stderr.lines().nth(1).unwrap_or_default().to_owned()
}

/// Where the bytes of a xar's files begin: behind the header and the table.
fn heap(package: &[u8]) -> usize {
    let header = u16::from_be_bytes([package[4], package[5]]);
    let table = u64::from_be_bytes(package[8..16].try_into().unwrap());
    usize::from(header) + usize::try_from(table).unwrap()
}

fn client(context: &TestContext) -> std::path::PathBuf {
    context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-macos-arm64")
}

#[test]
fn signed_product_of_two_components() {
    let (context, run) = installed(PRODUCT);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, macos-arm64)
      in        [STORE]/clients/oss-3.3.7.5-macos-arm64
      from      tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      sha256    [SHA256]
      verified  given
    --- stderr
    note: the driver was not asked for its version: it is for macos-arm64
    note: this client is for macos-arm64; the current client of this machine does not change
    ");
    let client = client(&context);
    assert_snapshot!(names(&client), @"
    bin
    bin/taos
    driver -> lib
    etc
    etc/taos.cfg
    include
    include/taos.h
    include/taoserror.h
    lib
    lib/cmake
    lib/cmake/taos
    lib/cmake/taos/taosConfig.cmake
    lib/cmake/taos/taosConfigVersion.cmake
    lib/libtaos.1.dylib -> libtaos.3.3.7.5.dylib
    lib/libtaos.3.3.7.5.dylib
    lib/libtaos.dylib -> libtaos.1.dylib
    lib/libtaosnative.1.dylib -> libtaosnative.3.3.7.5.dylib
    lib/libtaosnative.3.3.7.5.dylib
    lib/libtaosnative.dylib -> libtaosnative.1.dylib
    lib/libtaosws.1.dylib -> libtaosws.3.3.7.5.dylib
    lib/libtaosws.3.3.7.5.dylib
    lib/libtaosws.dylib -> libtaosws.1.dylib
    lib/pkgconfig
    lib/pkgconfig/taos.pc
    receipt.toml
    ");
    // Both processors of the universal library got the path to their second library.
    let library = fs::read(client.join("lib/libtaos.dylib")).unwrap();
    let paths = String::from_utf8_lossy(&library)
        .matches("@loader_path")
        .count();
    assert_eq!(paths, 2);
}

#[test]
fn component_with_sha_256_and_compressed_descriptions() {
    let (context, run) = installed(COMPONENT);
    assert_eq!(run.exit, Some(0), "{run}");
    let client = client(&context);
    assert!(client.join("lib/libtaosws.3.3.7.5.dylib").is_file());
    assert!(!client.join("include/taoserror.h").exists());
}

#[test]
fn damaged_installers() {
    let flip = |at: usize| move |package: &mut Vec<u8>| package[at] ^= 1;
    let found = |package: &[u8], needle: &[u8]| {
        let mut places = package.windows(needle.len());
        places.position(|place| place == needle).unwrap()
    };
    // The fields and the strings that the tools write into each part.
    let description = found(PRODUCT, b"<pkg-info");
    let list_of_files = found(PRODUCT, b"BOMStore");
    // The scripts, which are compressed in the same way, are before the payload.
    let mut compressed = PRODUCT.windows(4);
    let payload = compressed.rposition(|place| place == b"\x1f\x8b\x08\0");
    let payload = payload.unwrap();
    let headers = found(PRODUCT, b"// errors");
    let sum = heap(PRODUCT);
    let cut = |package: &mut Vec<u8>| package.truncate(package.len() - 1);
    assert_snapshot!(
        [
            refused(PRODUCT, flip(40)),
            refused(PRODUCT, flip(sum)),
            refused(PRODUCT, flip(description)),
            refused(PRODUCT, flip(list_of_files)),
            // The time in gzip's header, and a byte of what is compressed.
            refused(PRODUCT, flip(payload + 4)),
            refused(PRODUCT, flip(payload + 20)),
            refused(PRODUCT, flip(headers)),
            refused(PRODUCT, cut),
            refused(PRODUCT, |package| package.push(0)),
            refused(COMPONENT, flip(heap(COMPONENT))),
            refused(COMPONENT, flip(heap(COMPONENT) + 32)),
            refused(COMPONENT, flip(COMPONENT.len() - 40)),
        ]
        .join("\n"), @"
    the archive is damaged: corrupt deflate stream
    the table of contents does not match its checksum
    client.pkg/PackageInfo does not match its checksum
    client.pkg/Bom does not match its checksum
    client.pkg/Payload does not match its checksum
    the archive is damaged: corrupt deflate stream
    headers.pkg/Payload does not match its checksum
    the archive ends too early
    there is data after the end of the archive
    the table of contents does not match its checksum
    Bom does not match its checksum
    Scripts does not match its checksum
    ");
}

/// Whether `program` can be started.
fn is_there(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// Runs a line of sh in `directory`.
fn sh(directory: &Path, line: &str) {
    let done = Command::new("sh")
        .args(["-euc", line])
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(done.status.success(), "{line}: {done:?}");
}

#[test]
fn packages_of_the_tools_on_this_machine() {
    const TEST: &str = "installers by xar and mkbom";
    for program in ["xar", "mkbom", "cpio", "gzip"] {
        if !is_there(program) {
            return skipped::report(TEST, &format!("{program} is not installed"));
        }
    }
    let (context, _) = installed(COMPONENT);
    let made = tempfile::tempdir().unwrap();
    let root = made.path().join("root/opt/tdengine");
    for (from, to) in [("lib", "driver"), ("include", "include"), ("etc", "cfg")] {
        fs::create_dir_all(&root).unwrap();
        let from = client(&context).join(from);
        sh(
            made.path(),
            &format!("cp -a '{}' root/opt/tdengine/{to}", from.display()),
        );
    }
    sh(
        made.path(),
        "rm -r root/opt/tdengine/driver/cmake root/opt/tdengine/driver/pkgconfig",
    );
    sh(
        made.path(),
        "mkdir scripts; printf '#!/bin/sh\\ntouch \"$HOME/script-was-run\"\\n' >scripts/postinstall; chmod 755 scripts/postinstall",
    );
    for (pack, options) in [
        ("gzip", "--compression none"),
        ("gzip", "--no-compress Payload --toc-cksum sha256"),
        ("cat", "--compression none --toc-cksum sha512"),
        ("bzip2", "--compression none"),
        ("xz --check=crc32", "--compression none"),
    ] {
        for format in ["odc", "newc"] {
            let line = format!(
                "rm -rf flat client.pkg; mkdir flat
                (cd root && find . | cpio -o --quiet --format {format} | {pack}) >flat/Payload
                (cd scripts && find . | cpio -o --quiet --format odc | gzip) >flat/Scripts
                mkbom -u 0 -g 80 root flat/Bom
                (cd flat && xar {options} -cf ../client.pkg *)"
            );
            sh(made.path(), &line);
            let (_context, run) = installed(&fs::read(made.path().join("client.pkg")).unwrap());
            assert_eq!(run.exit, Some(0), "{line}: {run}");
        }
    }
}
