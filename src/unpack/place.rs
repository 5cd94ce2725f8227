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
mod tests;
