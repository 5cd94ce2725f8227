use super::*;

#[test]
fn the_vendors_layout() {
    let outer = |name: &str| place(Layer::Outer, &name.split('/').collect::<Vec<_>>());
    let nested = |name: &str| place(Layer::Nested, &name.split('/').collect::<Vec<_>>());
    let installed = |path: &str| Place::Installed(path.to_owned());
    assert_eq!(
        outer("driver/libtaos.so.3.3.7.5"),
        installed("lib/libtaos.so.3.3.7.5")
    );
    assert_eq!(outer("driver"), installed("lib"));
    assert_eq!(outer("package.tar.gz"), Place::NestedArchive);
    assert_eq!(outer("examples/package.tar.gz"), Place::LeftOut);
    assert_eq!(outer("install_client.sh"), Place::LeftOut);
    assert_eq!(outer("bin/taos"), Place::LeftOut);
    assert_eq!(nested("bin/taos"), installed("bin/taos"));
    assert_eq!(nested("inc/taos.h"), installed("include/taos.h"));
    assert_eq!(nested("cfg/taos.cfg"), installed("etc/taos.cfg"));
    assert_eq!(
        nested("jemalloc/lib/libjemalloc.so.2"),
        installed("lib/libjemalloc.so.2")
    );
    assert_eq!(nested("jemalloc/lib"), Place::LeftOut);
    assert_eq!(nested("jemalloc/bin/jeprof"), Place::LeftOut);
    assert_eq!(nested("bin/remove_client.sh"), Place::LeftOut);
    for server in [
        "bin/taosd",
        "bin/taosadapter",
        "cfg/taosadapter.toml",
        "init.d/taosd.deb",
    ] {
        assert_eq!(nested(server), Place::LeftOut, "{server}");
    }
    assert_eq!(outer("driver/vercomp.txt"), Place::LeftOut);
    assert_eq!(nested("package.tar.gz"), Place::LeftOut);
    assert_eq!(nested("driver/libtaos.so"), Place::LeftOut);
    assert_eq!(place(Layer::Nested, &[]), Place::LeftOut);
}

#[test]
fn the_installers_layouts() {
    let windows = |name: &str| place(Layer::Windows, &name.split('/').collect::<Vec<_>>());
    let macos = |name: &str| place(Layer::Macos, &name.split('/').collect::<Vec<_>>());
    let installed = |path: &str| Place::Installed(path.to_owned());
    assert_eq!(windows("driver/taos.dll"), installed("lib/taos.dll"));
    assert_eq!(windows("taosnative.DLL"), installed("lib/taosnative.DLL"));
    assert_eq!(windows("taos.exe"), installed("bin/taos.exe"));
    assert_eq!(windows("include/taos.h"), installed("include/taos.h"));
    assert_eq!(windows("cfg/taos.cfg"), installed("etc/taos.cfg"));
    assert_eq!(windows("unins000.exe"), Place::LeftOut);
    assert_eq!(windows("taos_odbc/x64/taos_odbc.dll"), Place::LeftOut);
    assert_eq!(windows(".dll"), Place::LeftOut);
    assert_eq!(windows("bin/taosws.dll"), installed("lib/taosws.dll"));
    assert_eq!(macos("lib/libtaos.dylib"), installed("lib/libtaos.dylib"));
    assert_eq!(macos("lib/libssl.dylib"), Place::LeftOut);
    assert_eq!(macos("etc/taos/taos.cfg"), installed("etc/taos.cfg"));
    assert_eq!(macos("bin/taosd"), Place::LeftOut);
    assert_eq!(
        macos("LICENSE.txt"),
        installed("share/licenses/taos/LICENSE.txt")
    );
    assert_eq!(
        macos("driver/libtaos.3.3.7.5.dylib"),
        installed("lib/libtaos.3.3.7.5.dylib")
    );
    assert_eq!(macos("bin/taos"), installed("bin/taos"));
    assert_eq!(macos("bin/remove_client.sh"), Place::LeftOut);
    assert_eq!(macos("post.sh"), Place::LeftOut);
}
