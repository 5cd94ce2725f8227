//! Installing from every kind of source.

use crate::install_bench::{digest, file, install, mirror, tree};
use crate::program::Bench;
use insta::assert_snapshot;
use taos_sandbox::mirror::{Era, Flaw, Layout, Package};

#[test]
fn from_a_mirror() {
    let bench = Bench::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let run = install(
        &bench,
        &["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256],
    )
    .showing(&sha256, "SHA256")
    .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(
        mirror.requests(),
        ["/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz"]
    );
    let names: Vec<String> = tree(&bench.taos_setup_home())
        .into_iter()
        .map(|(path, what)| match what.strip_prefix("-> ") {
            Some(target) => format!("{} -> {target}", path.display()),
            None => path.display().to_string(),
        })
        .collect();
    assert_snapshot!(names.join("\n"), @"
    clients
    clients/oss-3.3.7.5-linux-x64
    clients/oss-3.3.7.5-linux-x64/bin
    clients/oss-3.3.7.5-linux-x64/bin/taos
    clients/oss-3.3.7.5-linux-x64/bin/taosBenchmark
    clients/oss-3.3.7.5-linux-x64/bin/taosdump
    clients/oss-3.3.7.5-linux-x64/driver -> lib
    clients/oss-3.3.7.5-linux-x64/etc
    clients/oss-3.3.7.5-linux-x64/etc/taos.cfg
    clients/oss-3.3.7.5-linux-x64/include
    clients/oss-3.3.7.5-linux-x64/include/taos.h
    clients/oss-3.3.7.5-linux-x64/include/taosdef.h
    clients/oss-3.3.7.5-linux-x64/include/taoserror.h
    clients/oss-3.3.7.5-linux-x64/include/taosudf.h
    clients/oss-3.3.7.5-linux-x64/include/taosws.h
    clients/oss-3.3.7.5-linux-x64/include/tdef.h
    clients/oss-3.3.7.5-linux-x64/lib
    clients/oss-3.3.7.5-linux-x64/lib/cmake
    clients/oss-3.3.7.5-linux-x64/lib/cmake/taos
    clients/oss-3.3.7.5-linux-x64/lib/cmake/taos/taosConfig.cmake
    clients/oss-3.3.7.5-linux-x64/lib/cmake/taos/taosConfigVersion.cmake
    clients/oss-3.3.7.5-linux-x64/lib/libtaos.so -> libtaos.so.1
    clients/oss-3.3.7.5-linux-x64/lib/libtaos.so.1 -> libtaos.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaos.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosnative.so -> libtaosnative.so.1
    clients/oss-3.3.7.5-linux-x64/lib/libtaosnative.so.1 -> libtaosnative.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosnative.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so -> libtaosws.so.1
    clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so.1 -> libtaosws.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/pkgconfig
    clients/oss-3.3.7.5-linux-x64/lib/pkgconfig/taos.pc
    clients/oss-3.3.7.5-linux-x64/receipt.toml
    current -> clients/oss-3.3.7.5-linux-x64
    lock
    trust.toml
    ");
}
