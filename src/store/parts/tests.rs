use super::*;

#[test]
fn each_holds_what_the_one_before_it_holds() {
    let platforms = ["linux-x64", "macos-arm64", "windows-x64"];
    let held =
        |parts: Parts, at: usize, path: &str| parts.hold(platforms[at].parse().unwrap(), path);
    for (path, narrowest) in [
        ("lib/libtaos.so", [Some(Parts::Runtime), None, None]),
        ("lib/libtaos.so.3.3.7.5", [Some(Parts::Runtime), None, None]),
        ("lib/libtaos.1.dylib", [None, Some(Parts::Runtime), None]),
        ("lib/TAOS.DLL", [None, None, Some(Parts::Runtime)]),
        ("lib/taos.lib", [Some(Parts::Dev); 3]),
        ("lib/pkgconfig/x.so", [Some(Parts::Dev); 3]),
        ("include/taos.h", [Some(Parts::Dev); 3]),
        ("etc/taos.cfg", [Some(Parts::Runtime); 3]),
        ("share/licenses/taos/LICENSE", [Some(Parts::Runtime); 3]),
        ("bin/taos", [Some(Parts::All); 3]),
        ("driver", [Some(Parts::All); 3]),
    ] {
        for (at, narrowest) in narrowest.into_iter().enumerate() {
            let narrowest = narrowest.unwrap_or(Parts::Dev);
            for parts in [Parts::Runtime, Parts::Dev, Parts::All] {
                assert_eq!(held(parts, at, path), parts >= narrowest, "{path} {parts}");
            }
        }
    }
}
