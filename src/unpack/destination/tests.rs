use super::*;

fn vendor() -> Vec<String> {
    ["libtaos", "libtaosnative", "libtaosws"]
        .map(str::to_owned)
        .to_vec()
}

fn place(layer: Layer, components: &[&str]) -> Destination {
    destination(layer, components, &vendor())
}

#[test]
fn layout_of_linux_packages_is_mapped() {
    let outer = |name: &str| place(Layer::Outer, &name.split('/').collect::<Vec<_>>());
    let nested = |name: &str| place(Layer::Nested, &name.split('/').collect::<Vec<_>>());
    let installed = |path: &str| Destination::Installed(path.to_owned());
    assert_eq!(
        outer("driver/libtaos.so.3.3.7.5"),
        installed("lib/libtaos.so.3.3.7.5")
    );
    assert_eq!(outer("driver"), installed("lib"));
    assert_eq!(outer("package.tar.gz"), Destination::NestedArchive);
    assert_eq!(outer("examples/package.tar.gz"), Destination::LeftOut);
    assert_eq!(outer("install_client.sh"), Destination::LeftOut);
    assert_eq!(outer("bin/taos"), Destination::LeftOut);
    assert_eq!(nested("bin/taos"), installed("bin/taos"));
    assert_eq!(nested("inc/taos.h"), installed("include/taos.h"));
    assert_eq!(nested("cfg/taos.cfg"), installed("etc/taos.cfg"));
    assert_eq!(
        nested("jemalloc/lib/libjemalloc.so.2"),
        installed("lib/libjemalloc.so.2")
    );
    assert_eq!(nested("jemalloc/lib"), Destination::LeftOut);
    assert_eq!(nested("jemalloc/bin/jeprof"), Destination::LeftOut);
    assert_eq!(nested("bin/remove_client.sh"), Destination::LeftOut);
    for server in [
        "bin/taosd",
        "bin/taosadapter",
        "cfg/taosadapter.toml",
        "init.d/taosd.deb",
    ] {
        assert_eq!(nested(server), Destination::LeftOut, "{server}");
    }
    assert_eq!(outer("driver/vercomp.txt"), Destination::LeftOut);
    assert_eq!(nested("package.tar.gz"), Destination::LeftOut);
    assert_eq!(nested("driver/libtaos.so"), Destination::LeftOut);
    assert_eq!(place(Layer::Nested, &[]), Destination::LeftOut);
}

#[test]
fn layouts_of_installers_are_mapped() {
    let windows = |name: &str| place(Layer::Windows, &name.split('/').collect::<Vec<_>>());
    let macos = |name: &str| place(Layer::Macos, &name.split('/').collect::<Vec<_>>());
    let installed = |path: &str| Destination::Installed(path.to_owned());
    assert_eq!(windows("driver/taos.dll"), installed("lib/taos.dll"));
    assert_eq!(windows("taosnative.DLL"), installed("lib/taosnative.DLL"));
    assert_eq!(windows("taos.exe"), installed("bin/taos.exe"));
    assert_eq!(windows("include/taos.h"), installed("include/taos.h"));
    assert_eq!(windows("cfg/taos.cfg"), installed("etc/taos.cfg"));
    assert_eq!(windows("unins000.exe"), Destination::LeftOut);
    assert_eq!(windows("taos_odbc/x64/taos_odbc.dll"), Destination::LeftOut);
    assert_eq!(windows(".dll"), Destination::LeftOut);
    assert_eq!(windows("bin/taosws.dll"), installed("lib/taosws.dll"));
    assert_eq!(macos("lib/libtaos.dylib"), installed("lib/libtaos.dylib"));
    assert_eq!(macos("lib/libssl.dylib"), Destination::LeftOut);
    assert_eq!(macos("etc/taos/taos.cfg"), installed("etc/taos.cfg"));
    assert_eq!(macos("bin/taosd"), Destination::LeftOut);
    assert_eq!(
        macos("LICENSE.txt"),
        installed("share/licenses/taos/LICENSE.txt")
    );
    assert_eq!(
        macos("driver/libtaos.3.3.7.5.dylib"),
        installed("lib/libtaos.3.3.7.5.dylib")
    );
    assert_eq!(macos("bin/taos"), installed("bin/taos"));
    assert_eq!(macos("bin/remove_client.sh"), Destination::LeftOut);
    assert_eq!(macos("post.sh"), Destination::LeftOut);
}

#[test]
fn foreign_library_is_private() {
    let outer = |name: &str| place(Layer::Outer, &name.split('/').collect::<Vec<_>>());
    for name in [
        "libssl.so.3",
        "libcrypto.so",
        "libtaos.so.evil",
        "libtaos.so.",
        "libtaos.so.1.",
        "libtaosx.so",
        "libjemalloc.so.2",
        "python3.12/os.py",
        "glibc-hwcaps/x86-64-v3/libtaos.so",
        "pkgconfig",
        "pkgconfig/openssl.pc",
        "cmake/OpenSSL/OpenSSLConfig.cmake",
        "private/libssl.so.3",
    ] {
        let private = Destination::Installed(format!("lib/private/{name}"));
        assert_eq!(outer(&format!("driver/{name}")), private, "{name}");
    }
    for name in [
        "libtaos.so",
        "libtaos.so.1",
        "libtaosws.so",
        "libtaosnative.so.3.3.7.5",
    ] {
        let own = Destination::Installed(format!("lib/{name}"));
        assert_eq!(outer(&format!("driver/{name}")), own, "{name}");
    }
}

#[test]
fn known_paths_have_one_kind() {
    let kind = |path| required_kind(path, &vendor());
    for path in ["lib", "bin", "etc", "include", "lib/private"] {
        assert_eq!(kind(path), RequiredKind::Directory, "{path}");
    }
    assert_eq!(kind("etc/taos.cfg"), RequiredKind::File);
    for path in [
        "lib/libtaos.so",
        "lib/libtaosws.so.3.3.7.5",
        "bin/taos",
        "include/taos.h",
        "lib/libtaos.1.dylib",
    ] {
        assert_eq!(kind(path), RequiredKind::FileOrLink, "{path}");
    }
    assert_eq!(kind("lib/private/libssl.so"), RequiredKind::Any);
}
