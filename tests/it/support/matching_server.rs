//! What the tests of `install --match` share.

use crate::support::client_package::{digest, install, mirror};
use crate::support::program::Program;
use crate::support::served::Served;
use flate2::{Compression, write::GzEncoder};
use taos_sandbox::mirror::{Mirror, Package};
use taos_sandbox::server::Options;

/// A server of `version`, whose dnode advertises 127.0.0.1, and a mirror with `packages`.
pub fn served(version: &str, packages: &[&str]) -> (Served, Mirror) {
    let served = Served::new(Options {
        version: version.into(),
        dnode_endpoints: Some(vec!["127.0.0.1:6030".into()]),
        ..Options::default()
    });
    (
        served,
        mirror(packages.iter().map(|version| Package::new(version))),
    )
}

/// `install --match ADAPTER ARGS… --mirror MIRROR --sha256 …`, with ports and digests masked.
pub fn install_match<'a>(
    served: &'a Served,
    mirror: &Mirror,
    version: &str,
    args: &[&str],
) -> Program<'a> {
    let adapter = served.sandbox.adapter().to_string();
    let sha256 = mirror.sha256_of(version).map(|_| digest(mirror, version));
    let url = mirror.url();
    let mut words = vec!["--match", &adapter, "--mirror", &url];
    if let Some(sha256) = &sha256 {
        words.extend(["--sha256", sha256]);
    }
    words.extend(args);
    let program = install(&served.context, &words)
        .showing(served.sandbox.adapter().port(), "ADAPTER")
        .showing(mirror.url(), "MIRROR");
    match sha256 {
        Some(sha256) => program.showing(sha256, "SHA256"),
        None => program,
    }
}

/// A tar archive in gzip, being written.
pub type Tar = tar::Builder<GzEncoder<Vec<u8>>>;

/// An empty one.
pub fn begin() -> Tar {
    tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()))
}

/// Adds an executable file.
pub fn add(tar: &mut Tar, path: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o755);
    tar.append_data(&mut header, path, bytes).unwrap();
}
