//! `--from` with a server's package: the client in it is installed, the server is not.

use std::io::Write;
use std::path::PathBuf;

use insta::assert_snapshot;

use crate::support::client_package::{install, tree};
use crate::support::matching_server::{add, begin};
use crate::support::program::TestContext;

/// A server's package as the vendor's makepkg.sh lays it out.
fn package(context: &TestContext, name: &str, version: &str) -> (PathBuf, String) {
    let mut inner = begin();
    for path in [
        "bin/taos",
        "bin/taosBenchmark",
        "bin/taosd",
        "bin/taosadapter",
        "bin/udfd",
        "bin/remove.sh",
        "bin/TDinsight.sh",
        "cfg/taos.cfg",
        "cfg/taosadapter.toml",
        "cfg/taosd.service",
        "inc/taos.h",
        "init.d/taosd.deb",
        "jemalloc/lib/libjemalloc.so.2",
    ] {
        add(&mut inner, path, b"# text\n");
    }
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    inner
        .append_link(&mut link, "jemalloc/lib/libjemalloc.so", "libjemalloc.so.2")
        .unwrap();
    let inner = inner.into_inner().unwrap().finish().unwrap();
    let top = format!("TDengine-server-{version}");
    let mut outer = begin();
    add(&mut outer, &format!("{top}/install.sh"), b"#!/bin/sh\n");
    add(&mut outer, &format!("{top}/package.tar.gz"), &inner);
    add(
        &mut outer,
        &format!("{top}/examples/c/demo.c"),
        b"int main;\n",
    );
    add(
        &mut outer,
        &format!("{top}/driver/vercomp.txt"),
        b"3.0.0.0\n",
    );
    let built = std::fs::read(taos_sandbox::driver::built().unwrap()).unwrap();
    for (file, bytes) in taos_sandbox::mirror::libraries(&built, version).unwrap() {
        // The script copies this one under its plain name.
        let file = if file == "libtaosws.so" {
            file.to_string()
        } else {
            format!("{file}.{version}")
        };
        add(&mut outer, &format!("{top}/driver/{file}"), &bytes);
    }
    let bytes = outer.into_inner().unwrap().finish().unwrap();
    let path = context.work().join(name);
    std::fs::File::create(&path)
        .unwrap()
        .write_all(&bytes)
        .unwrap();
    (path, taos_sandbox::mirror::sha256(&bytes))
}

#[test]
fn only_the_client_is_installed() {
    let context = TestContext::new();
    let (path, sha256) = package(
        &context,
        "tdengine-tsdb-oss-3.3.7.5-linux-x64.tar.gz",
        "3.3.7.5",
    );
    let run = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .showing(&sha256, "SHA256")
    .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let client = tree(
        &context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-linux-x64"),
    );
    let names: Vec<_> = client
        .keys()
        .map(|path| path.display().to_string())
        .collect();
    assert_snapshot!(names.join("\n"), @"
    bin
    bin/taos
    bin/taosBenchmark
    driver
    etc
    etc/taos.cfg
    include
    include/taos.h
    lib
    lib/cmake
    lib/cmake/taos
    lib/cmake/taos/taosConfig.cmake
    lib/cmake/taos/taosConfigVersion.cmake
    lib/libjemalloc.so
    lib/libjemalloc.so.2
    lib/libtaos.so
    lib/libtaos.so.1
    lib/libtaos.so.3.3.7.5
    lib/libtaosnative.so
    lib/libtaosnative.so.1
    lib/libtaosnative.so.3.3.7.5
    lib/libtaosws.so
    lib/libtaosws.so.1
    lib/pkgconfig
    lib/pkgconfig/taos.pc
    receipt.toml
    ");
}

#[test]
fn old_name_and_no_digest() {
    let context = TestContext::new();
    let name = "TDengine-server-3.0.4.2-Linux-x64.tar.gz";
    let (path, sha256) = package(&context, name, "3.0.4.2");
    // The catalog knows the client's digest, which is not this file's.
    let run = install(&context, &["--from", path.to_str().unwrap()]).run();
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("error[digest-unknown]"), "{run}");
    let args = ["--from", path.to_str().unwrap(), "--trust-on-first-use"];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let trust = std::fs::read_to_string(context.taos_setup_home().join("trust.toml")).unwrap();
    assert!(trust.contains(name) && trust.contains(&sha256), "{trust}");
}
