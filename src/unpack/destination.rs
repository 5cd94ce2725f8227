//! Decides where an entry of a client package is installed (docs/facts.md, "Client packages").

/// The archive that holds an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// The package itself; names are relative to its one top directory.
    Outer,
    /// The archive inside the package.
    Nested,
    /// The files of a Windows installer.
    Windows,
    /// The payload of a macOS installer.
    Macos,
}

/// The use of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// A path below the prefix, with `/`.
    Installed(String),
    /// The archive inside the package.
    NestedArchive,
    /// Not installed: scripts that act on the whole machine, examples, connectors.
    LeftOut,
}

/// The directories of an installed client that a package fills.
const DIRECTORIES: &[&str] = &["bin", "etc", "include", "lib"];

/// The directory for the contents of `driver/` that are not the driver's own libraries: other projects' libraries, Python
/// modules, build files. It is on no search path.
pub(super) const PRIVATE: &str = "lib/private";

/// The programs of `bin/` that belong to the client. The others belong to the server, or are scripts that remove or reconfigure
/// a system-wide installation. 2.x called taosBenchmark taosdemo.
const PROGRAMS: &[&str] = &["taos", "taosBenchmark", "taosdump", "taosdemo"];

/// Scripts in the `bin/` of an installer that remove or reconfigure a system-wide installation.
const SCRIPTS: &[&str] = &["remove_client.sh", "set_core.sh", "get_client.sh"];

/// The client's configuration.
const CONFIG: &str = "taos.cfg";

/// The stem of the allocator's library.
const JEMALLOC: &str = "libjemalloc";

/// Files that state the terms of use; they go with every part of a client.
const TERMS: &[&str] = &["license", "licence", "copying", "notice"];

/// The destination of the entry whose name is `components`. Only libraries whose stem is in `vendor` go directly into `lib/`.
pub(super) fn destination(layer: Layer, components: &[&str], vendor: &[String]) -> Destination {
    let below = |directory: &str, rest: &[&str]| {
        let mut path = directory.to_owned();
        for component in rest {
            path.push('/');
            path.push_str(component);
        }
        Destination::Installed(path)
    };
    let is_driver = |name: &str| is_library(layer, name, vendor);
    match (layer, components) {
        // 2.x called it taos.tar.gz.
        (Layer::Outer, ["package.tar.gz" | "taos.tar.gz"]) => Destination::NestedArchive,
        // Packages of the server have it next to the libraries: the oldest client that the server accepts.
        (Layer::Outer, ["driver", "vercomp.txt"]) => Destination::LeftOut,
        (Layer::Outer | Layer::Windows | Layer::Macos, ["driver"]) => below("lib", &[]),
        (Layer::Outer | Layer::Windows | Layer::Macos, ["driver", name]) if is_driver(name) => {
            below("lib", &[*name])
        }
        (Layer::Outer | Layer::Windows | Layer::Macos, ["driver", name, ..])
            if components.len() > 2 && is_driver(name) =>
        {
            below("lib", &components[1..])
        }
        (Layer::Outer | Layer::Windows | Layer::Macos, ["driver", rest @ ..]) => {
            below(PRIVATE, rest)
        }
        (Layer::Nested, ["bin"]) => below("bin", &[]),
        (Layer::Nested | Layer::Macos, ["bin", name, ..]) if !PROGRAMS.contains(name) => {
            Destination::LeftOut
        }
        (Layer::Nested | Layer::Macos, ["cfg", name, ..]) if *name != CONFIG => {
            Destination::LeftOut
        }
        (Layer::Nested, ["bin", rest @ ..]) => below("bin", rest),
        (Layer::Nested, ["inc", rest @ ..]) => below("include", rest),
        (Layer::Nested, ["cfg", rest @ ..]) => below("etc", rest),
        // If the vendor built with jemalloc, the programs ask the loader for it.
        (Layer::Nested, ["jemalloc", "lib", name]) if is_shared_object(name, JEMALLOC) => {
            below("lib", &[*name])
        }
        (Layer::Outer | Layer::Windows | Layer::Macos, [name]) if is_terms(name) => {
            below("share/licenses/taos", &[*name])
        }
        (Layer::Windows | Layer::Macos, ["include" | "inc", rest @ ..]) => below("include", rest),
        (Layer::Macos, ["etc", "taos", name]) if *name == CONFIG => below("etc", &[CONFIG]),
        (Layer::Macos, ["lib", name]) if is_driver(name) => below("lib", &[*name]),
        (Layer::Windows | Layer::Macos, ["cfg", rest @ ..]) => below("etc", rest),
        (Layer::Windows | Layer::Macos, ["bin", rest @ ..]) => match rest {
            [name] if has_extension(name, "dll") => below("lib", &[*name]),
            [name] if SCRIPTS.contains(name) => Destination::LeftOut,
            _ => below("bin", rest),
        },
        // Newer packages have the libraries next to the programs.
        (Layer::Windows, [name]) if has_extension(name, "dll") => below("lib", &[*name]),
        (Layer::Windows, [name]) if has_extension(name, "exe") && !name.starts_with("unins") => {
            below("bin", &[*name])
        }
        _ => Destination::LeftOut,
    }
}

/// The kind that the installed path `path` must have for a client to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequiredKind {
    /// A regular file, and no link to one.
    File,
    /// A regular file, or a link to one.
    FileOrLink,
    /// A directory.
    Directory,
    /// Any kind.
    Any,
}

/// The kind that `path` must have. `vendor` is as for [`destination`].
pub(super) fn required_kind(path: &str, vendor: &[String]) -> RequiredKind {
    let is_driver = |name: &str| {
        [Layer::Outer, Layer::Macos, Layer::Windows]
            .iter()
            .any(|layer| is_library(*layer, name, vendor))
    };
    // Some file systems ignore case.
    let path = path.to_ascii_lowercase();
    match path.split_once('/') {
        None if DIRECTORIES.contains(&path.as_str()) => RequiredKind::Directory,
        Some(("etc", CONFIG)) => RequiredKind::File,
        Some(("lib", "private")) => RequiredKind::Directory,
        Some(("lib", name)) if is_driver(name) => RequiredKind::FileOrLink,
        Some(("bin", name)) if is_program(name) || has_extension(name, "exe") => {
            RequiredKind::FileOrLink
        }
        Some(("include", name)) if has_extension(name, "h") => RequiredKind::FileOrLink,
        _ => RequiredKind::Any,
    }
}

/// Whether the file `name` of a driver directory is one of the driver's own libraries, or serves to link with one.
fn is_library(layer: Layer, name: &str, vendor: &[String]) -> bool {
    match layer {
        Layer::Outer | Layer::Nested => vendor.iter().any(|stem| is_shared_object(name, stem)),
        Layer::Macos => vendor.iter().any(|stem| {
            let number = name
                .strip_prefix(stem.as_str())
                .and_then(|rest| rest.strip_suffix(".dylib"));
            number.is_some_and(is_version_suffix)
        }),
        // A program for Windows finds a library next to those that it is named for.
        Layer::Windows => ["dll", "lib"]
            .iter()
            .any(|extension| has_extension(name, extension)),
    }
}

/// Whether a file of this name may be in the `lib/` that every user of a machine shares: a library of the driver, whose stem is in
/// `vendor`, or the allocator that the vendor's programs ask for.
pub fn is_shared_library(name: &str, vendor: &[String]) -> bool {
    [Layer::Outer, Layer::Macos]
        .iter()
        .any(|layer| is_library(*layer, name, vendor))
        || is_shared_object(name, JEMALLOC)
}

fn is_program(name: &str) -> bool {
    PROGRAMS
        .iter()
        .any(|program| name.eq_ignore_ascii_case(program))
}

/// Whether `name` is `STEM.so` or `STEM.so.N…`.
fn is_shared_object(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem)
        .and_then(|rest| rest.strip_prefix(".so"))
        .is_some_and(is_version_suffix)
}

/// Whether `text` is empty, or numbers with a dot in front of each.
fn is_version_suffix(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix('.').is_some_and(|numbers| {
            numbers.split('.').all(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
}

fn is_terms(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    TERMS.iter().any(|terms| stem.eq_ignore_ascii_case(terms))
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(stem, found)| !stem.is_empty() && found.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests;
