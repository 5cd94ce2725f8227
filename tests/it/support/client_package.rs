//! What the tests of installation share: packages, mirrors, and a look at a whole tree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use taos_sandbox::driver;
use taos_sandbox::mirror::{
    Flaw, Mirror, MirrorFaults, MirrorOptions, Package, built, file_name, sha256,
};

use crate::support::program::{Program, TestContext};

/// A mirror that serves `packages`.
pub fn mirror(packages: impl IntoIterator<Item = Package>) -> Mirror {
    Mirror::start(MirrorOptions {
        packages: packages.into_iter().collect(),
        driver: driver::built().unwrap().to_path_buf(),
        faults: MirrorFaults::None,
    })
    .unwrap()
}

/// The digest that the mirror's package of `version` has.
pub fn digest(mirror: &Mirror, version: &str) -> String {
    mirror.sha256_of(version).unwrap()
}

/// A package with a flaw, written into the context's working folder; gives its path and its digest.
pub fn flawed_file(context: &TestContext, version: &str, flaw: Flaw) -> (PathBuf, String) {
    file(context, &Package::new(version).with_flaw(flaw))
}

/// A package, written into the context's working folder; gives its path and its digest.
pub fn file(context: &TestContext, package: &Package) -> (PathBuf, String) {
    let package_file = built(package, driver::built().unwrap()).unwrap();
    let path = context.work().join(file_name(package));
    std::fs::write(&path, &package_file.bytes).unwrap();
    (path, package_file.sha256.clone())
}

/// `taos-setup install` with `args` and without progress.
pub fn install<'a>(context: &'a TestContext, args: &[&str]) -> Program<'a> {
    let args = ["install"].iter().chain(args);
    context.program(args).env("TAOS_SETUP_NO_PROGRESS", "1")
}

/// Everything below `folder` by path: a link's target, a file's bytes, a folder.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).into_iter().flatten() {
            let path = entry.unwrap().path();
            let metadata = std::fs::symlink_metadata(&path).unwrap();
            let what = if metadata.is_symlink() {
                format!("-> {}", std::fs::read_link(&path).unwrap().display())
            } else if metadata.is_dir() {
                folders.push(path.clone());
                "folder".to_owned()
            } else {
                format!("file {}", sha256(&std::fs::read(&path).unwrap()))
            };
            found.insert(path.strip_prefix(folder).unwrap().to_path_buf(), what);
        }
    }
    found
}

/// Waits for files in the staging folder of an installation from `mirror`: the middle of the work.
#[cfg(unix)]
pub fn wait_until_unpacking(context: &TestContext, mirror: &Mirror) {
    let clients = context.taos_setup_home().join("clients");
    let unpacking = || {
        let staging = std::fs::read_dir(&clients).ok()?.flatten().next()?.path();
        std::fs::read_dir(staging).ok()?.next()
    };
    while unpacking().is_none() {
        assert!(
            mirror.requests().len() < 2,
            "it has asked again, so it never unpacks"
        );
        std::thread::yield_now();
    }
}
