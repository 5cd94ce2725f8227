//! Where an entry of a client package goes (the package's layout: `transcripts/README.md`).

/// Which archive an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// The package itself; names are taken below its one top folder.
    Outer,
    /// The archive inside.
    Nested,
    /// What the Windows installer writes.
    Windows,
    /// What the macOS installer writes.
    Macos,
}

/// What becomes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It goes here, a path below the prefix, with `/`.
    Installed(String),
    /// It is the archive inside.
    NestedArchive,
    /// It is not installed: scripts that act on the whole machine, examples, connectors.
    LeftOut,
}

/// The programs of `bin/` that belong to the client. The others are the server's, or scripts that remove or reconfigure a
/// system-wide installation; nothing here is one. 2.x called taosBenchmark taosdemo.
const PROGRAMS: &[&str] = &["taos", "taosBenchmark", "taosdump", "taosdemo"];

/// Scripts in the `bin/` of an installer that remove or reconfigure a system-wide installation.
const SCRIPTS: &[&str] = &["remove_client.sh", "set_core.sh", "get_client.sh"];

/// Files that tell on which terms the client may be used; they go with every part of it.
const TERMS: &[&str] = &["license", "licence", "copying", "notice"];

/// The place of the entry whose name is `components`.
pub(super) fn place(layer: Layer, components: &[&str]) -> Place {
    let below = |folder: &str, rest: &[&str]| {
        let mut path = folder.to_owned();
        for component in rest {
            path.push('/');
            path.push_str(component);
        }
        Place::Installed(path)
    };
    match (layer, components) {
        // 2.x called it taos.tar.gz.
        (Layer::Outer, ["package.tar.gz" | "taos.tar.gz"]) => Place::NestedArchive,
        // What the server's packages have beside the libraries: the oldest client that the server takes.
        (Layer::Outer, ["driver", "vercomp.txt"]) => Place::LeftOut,
        (Layer::Outer, ["driver", rest @ ..]) => below("lib", rest),
        (Layer::Nested, ["bin", name]) if !PROGRAMS.contains(name) => Place::LeftOut,
        (Layer::Nested, ["cfg", name]) if *name != "taos.cfg" => Place::LeftOut,
        (Layer::Nested, ["bin", rest @ ..]) => below("bin", rest),
        (Layer::Nested, ["inc", rest @ ..]) => below("include", rest),
        (Layer::Nested, ["cfg", rest @ ..]) => below("etc", rest),
        // Where the vendor built with jemalloc, the programs ask the loader for it.
        (Layer::Nested, ["jemalloc", "lib", name]) if name.starts_with("libjemalloc.so") => {
            below("lib", &[name])
        }
        (Layer::Outer | Layer::Windows | Layer::Macos, [name]) if is_terms(name) => {
            below("share/licenses/taos", &[name])
        }
        (Layer::Windows | Layer::Macos, ["driver", rest @ ..]) => below("lib", rest),
        (Layer::Windows | Layer::Macos, ["include" | "inc", rest @ ..]) => below("include", rest),
        // A server's package has the same folders and more in them.
        (Layer::Macos, ["bin", name]) if !PROGRAMS.contains(name) => Place::LeftOut,
        (Layer::Macos, ["cfg", name]) if *name != "taos.cfg" => Place::LeftOut,
        (Layer::Macos, ["etc", "taos", "taos.cfg"]) => below("etc", &["taos.cfg"]),
        (Layer::Macos, ["lib", name]) if is_driver(name) => below("lib", &[name]),
        (Layer::Windows | Layer::Macos, ["cfg", rest @ ..]) => below("etc", rest),
        (Layer::Windows | Layer::Macos, ["bin", rest @ ..]) => match rest {
            [name] if has_extension(name, "dll") => below("lib", &[name]),
            [name] if SCRIPTS.contains(name) => Place::LeftOut,
            _ => below("bin", rest),
        },
        // Newer ones put the libraries beside the programs.
        (Layer::Windows, [name]) if has_extension(name, "dll") => below("lib", &[*name]),
        (Layer::Windows, [name]) if has_extension(name, "exe") && !name.starts_with("unins") => {
            below("bin", &[*name])
        }
        _ => Place::LeftOut,
    }
}

fn is_terms(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    TERMS.iter().any(|terms| stem.eq_ignore_ascii_case(terms))
}

/// Whether a file of a folder that others share, `/usr/local/lib`, is one of the driver's.
fn is_driver(name: &str) -> bool {
    name.starts_with("libtaos") && has_extension(name, "dylib")
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(stem, found)| !stem.is_empty() && found.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
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
}
