use super::*;

#[test]
fn both_installers_have_their_roots() {
    let inside = |strip: fn(&'static [&'static str]) -> &'static [&'static str], names| {
        strip(names).join("/")
    };
    for (names, expected) in [
        (&["opt", "tdengine", "driver", "a"][..], "driver/a"),
        (&["usr", "local", "taos", "bin", "a"], "bin/a"),
        (
            &[
                "usr", "local", "Cellar", "tdengine", "3.3.7.5", "include", "a",
            ],
            "include/a",
        ),
        (&["usr", "local", "lib", "a"], "lib/a"),
        (&["private", "etc", "taos", "taos.cfg"], "etc/taos/taos.cfg"),
        (&["driver", "a"], "driver/a"),
        (&["opt", "tdengine"], "opt/tdengine"),
        (&["Library", "TDengine-client", "driver", "a"], "driver/a"),
        (
            &["opt", "tdengine", "examples", "taos", "bin", "a"],
            "examples/taos/bin/a",
        ),
        (&["usr", "local", "include", "taos", "a"], "include/taos/a"),
    ] {
        assert_eq!(inside(|names| macos(names), names), expected);
    }
    for (names, expected) in [
        (&["{app}", "driver", "a"][..], "driver/a"),
        (&["{win}", "system32", "taos.dll"], "taos.dll"),
        (&["TDengine", "cfg", "taos.cfg"], "cfg/taos.cfg"),
        (&["driver", "a"], "driver/a"),
    ] {
        assert_eq!(inside(|names| windows(names), names), expected);
    }
}
