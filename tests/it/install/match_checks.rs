//! What is checked before a client is published: glibc, the executable stack, the driver's own word for its version.
#![cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]

use std::path::PathBuf;

use insta::assert_snapshot;

use crate::support::client_package::install;
use crate::support::matching_server::{add, begin};
use crate::support::program::{Run, TestContext};
use taos_sandbox::mirror::sha256;

fn install_file(context: &TestContext, (path, digest): &(PathBuf, String)) -> Run {
    let args = ["--from", path.to_str().unwrap(), "--sha256", digest];
    install(context, &args).showing(digest, "SHA256").run()
}

/// A client's package for Linux x64 whose libraries `patch` has changed, in the working folder; its path and its digest.
pub fn patched(
    context: &TestContext,
    version: &str,
    patch: impl Fn(&str, &mut Vec<u8>),
) -> (PathBuf, String) {
    let mut inner = begin();
    for path in ["bin/taos", "cfg/taos.cfg", "inc/taos.h"] {
        add(&mut inner, path, b"# text\n");
    }
    let inner = inner.into_inner().unwrap().finish().unwrap();
    let top = format!("tdengine-tsdb-oss-client-{version}");
    let mut outer = begin();
    add(&mut outer, &format!("{top}/package.tar.gz"), &inner);
    let built = std::fs::read(taos_sandbox::driver::built().unwrap()).unwrap();
    for (file, bytes) in taos_sandbox::mirror::libraries(&built, version).unwrap() {
        let mut bytes = bytes.clone();
        patch(file, &mut bytes);
        add(
            &mut outer,
            &format!("{top}/driver/{file}.{version}"),
            &bytes,
        );
    }
    let bytes = outer.into_inner().unwrap().finish().unwrap();
    let path = context.work().join(format!("{top}-linux-x64.tar.gz"));
    std::fs::write(&path, &bytes).unwrap();
    (path, sha256(&bytes))
}

/// Where a 64-bit ELF file says how its stack is to be: the flags of `PT_GNU_STACK`.
pub fn stack_flags(library: &[u8]) -> usize {
    let at = |place: usize, size: usize| {
        let mut bytes = [0; 8];
        bytes[..size].copy_from_slice(&library[place..place + size]);
        u64::from_le_bytes(bytes) as usize
    };
    let (start, size, count) = (at(32, 8), at(54, 2), at(56, 2));
    let segments = (0..count).map(|index| start + index * size);
    segments
        .into_iter()
        .find(|place| at(*place, 4) == 0x6474_e551)
        .unwrap()
        + 4
}

#[test]
fn newer_glibc_than_this_machines() {
    let context = TestContext::new();
    let package = patched(&context, "3.3.7.5", |name, bytes| {
        if name == "libtaosnative.so" {
            let name = b"GLIBC_2.";
            let places: Vec<usize> = bytes
                .windows(name.len())
                .enumerate()
                .filter(|(_, found)| found == name)
                .map(|(at, _)| at)
                .collect();
            for place in places {
                bytes[place + 6] = b'9';
            }
        }
    });
    let run = install_file(&context, &package);
    assert_eq!(run.exit, Some(3), "{run}");
    let (before, after) = run.stderr.split_once("needs glibc 9.").unwrap();
    assert_snapshot!(before, @"
    error[platform-unsupported]: could not install 3.3.7.5 on this machine
      lib/libtaosnative.so.3.3.7.5
    ");
    assert!(after.contains("and this machine has 2."), "{run}");
    assert!(
        after.ends_with("  next: or install on a newer Linux\n"),
        "{run}"
    );
    assert!(!context.taos_setup_home().join("current").exists());
}

#[test]
fn executable_stack_is_taken_back_in_our_copy() {
    let context = TestContext::new();
    let package = patched(&context, "3.3.7.5", |name, bytes| {
        if name == "libtaos.so" {
            let place = stack_flags(bytes);
            bytes[place] |= 1;
        }
    });
    let run = install_file(&context, &package);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: lib/libtaos.so.3.3.7.5 requests an executable stack, which new systems reject; cleared the flag in this copy
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let client = context.taos_setup_home().join("current");
    let library = std::fs::read(client.join("lib/libtaos.so")).unwrap();
    assert_eq!(library[stack_flags(&library)] & 1, 0);
    let receipt = std::fs::read_to_string(client.join("receipt.toml")).unwrap();
    assert!(
        receipt.contains(&sha256(&library)),
        "the receipt has the file as it is now"
    );
}

#[test]
fn driver_of_another_version() {
    let context = TestContext::new();
    let other = taos_sandbox::driver::built().unwrap();
    let other =
        taos_sandbox::mirror::libraries(&std::fs::read(other).unwrap(), "3.3.6.13").unwrap();
    let package = patched(&context, "3.3.7.5", |name, bytes| {
        let (_, another) = other.iter().find(|(found, _)| *found == name).unwrap();
        bytes.clone_from(another);
    });
    let run = install_file(&context, &package);
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[package-mismatch]: could not install 3.3.7.5
      the driver in the package reports that it is 3.3.6.13
      next: get the package again from the vendor or another mirror; this one does not match its name
    ");
    assert!(!context.taos_setup_home().join("current").exists());
}

#[test]
fn driver_that_this_machine_cannot_load() {
    let context = TestContext::new();
    let package = patched(&context, "3.3.7.5", |name, bytes| {
        if name == "libtaos.so" {
            let place = bytes
                .windows(10)
                .position(|found| found == b"libc.so.6\0")
                .unwrap();
            bytes[place..place + 9].copy_from_slice(b"libx.so.6");
        }
    });
    let run = install_file(&context, &package);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: the driver was not asked for its version: this machine cannot load it: libx.so.6: cannot open shared object file: No such file or directory
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
}
