//! `self`: the program updates and removes itself where its installation script installed it.

mod owners;
mod tampering;
mod update;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use taos_sandbox::mirror::sha256;
use tar::{Builder, EntryType, Header};

use crate::support::minisign_writer::{PREHASHED, Signer};
use crate::support::program::{Program, Run, TestContext};

/// The version of the program in releases of these tests.
const NEWER: &str = "9.9.9";
const PROGRAM: &str = env!("CARGO_BIN_EXE_taos-setup");
const TARGET: &str = env!("TAOS_SETUP_TARGET");

/// The digest of the running program, which is large.
static DIGEST: LazyLock<String> = LazyLock::new(|| sha256(&fs::read(PROGRAM).unwrap()));

/// An entry of an archive: path below its top directory, type, mode, content.
type Member<'a> = (&'a str, EntryType, u32, &'a [u8]);

/// An installed program, and a directory with the files of a release.
struct OwnScene {
    context: TestContext,
    signer: Signer,
    /// The digest of the running program.
    digest: String,
}

impl OwnScene {
    /// The program in `bin`, with a receipt that names the key.
    fn new() -> Self {
        let scene = Self {
            context: TestContext::new(),
            signer: Signer::new(5),
            digest: DIGEST.clone(),
        };
        scene.place("bin");
        scene.write_receipt(&format!("key {}\n", scene.signer.public_key()));
        fs::create_dir(scene.path("release")).unwrap();
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.context.root().join(name)
    }

    /// Puts the program into `directory` below the root.
    fn place(&self, directory: &str) -> PathBuf {
        let directory = self.path(directory);
        fs::create_dir_all(&directory).unwrap();
        let program = directory.join("taos-setup");
        if fs::hard_link(PROGRAM, &program).is_err() {
            fs::copy(PROGRAM, &program).unwrap();
        }
        program
    }

    fn write_receipt(&self, more: &str) {
        let version = env!("CARGO_PKG_VERSION");
        let text = format!("version {version}\nsha256 {}\n{more}", self.digest);
        fs::write(self.path("bin/.taos-setup-receipt"), text).unwrap();
    }

    fn receipt(&self) -> String {
        fs::read_to_string(self.path("bin/.taos-setup-receipt")).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let read = fs::read_dir(self.path("bin")).unwrap();
        let names = read.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// Whether the installed program is the one that was.
    fn is_unchanged(&self) -> bool {
        let length = |path: PathBuf| fs::metadata(path).unwrap().len();
        length(self.path("bin/taos-setup")) == length(PROGRAM.into())
            && self.names() == [".taos-setup-receipt", "taos-setup"]
            && !self.receipt().contains("next-")
    }

    /// Writes the archive of `version` with a script as its program, and signs the list.
    fn publish(&self, version: &str) {
        let script = script(version);
        let members: [Member<'_>; 2] = [
            ("taos-setup", EntryType::Regular, 0o755, script.as_bytes()),
            ("man/taos-setup.1", EntryType::Regular, 0o644, b"page"),
        ];
        self.publish_members(version, &members);
    }

    fn publish_members(&self, version: &str, members: &[Member<'_>]) {
        let bytes = archive(version, members);
        let name = archive_name(version);
        let list = format!("{}  {name}\n", sha256(&bytes));
        fs::write(self.path("release").join(name), bytes).unwrap();
        self.sign(&list, &comment(version));
    }

    fn sign(&self, list: &str, comment: &str) {
        let signature = self.signer.sign(list.as_bytes(), PREHASHED, comment);
        fs::write(self.path("release/SHA256SUMS"), list).unwrap();
        fs::write(self.path("release/SHA256SUMS.minisig"), signature).unwrap();
    }

    /// `self WORDS…`, by the installed program.
    fn program(&self, words: &[&str]) -> Program<'_> {
        let words = [&["self"], words].concat();
        self.context
            .start(self.path("bin/taos-setup"), words)
            .env("TAOS_SETUP_NO_PROGRESS", "1")
            .env("TAOS_SETUP_RETRIES", "0")
            .showing(&self.digest, "SHA256")
            .showing(TARGET, "TARGET")
            .showing(self.signer.public_key(), "KEY")
            .showing(env!("CARGO_PKG_VERSION"), "VERSION")
    }

    fn update(&self, more: &[&str]) -> Run {
        let from = self.path("release");
        let words = ["update", "--from", from.to_str().unwrap()];
        self.program(&[&words, more].concat()).run()
    }
}

fn script(version: &str) -> String {
    format!("#!/bin/sh\necho taos-setup {version}\n")
}

fn comment(version: &str) -> String {
    format!("file:SHA256SUMS version:7 taos-setup:{version}")
}

fn archive_name(version: &str) -> String {
    format!("taos-setup-{version}-{TARGET}.tar.gz")
}

/// The archive of `version`; a member that begins with `/` is not in its top directory.
fn archive(version: &str, members: &[Member<'_>]) -> Vec<u8> {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, kind, mode, content) in members {
        let path = match path.strip_prefix('/') {
            Some(outside) => outside.to_owned(),
            None => format!("taos-setup-{version}-{TARGET}/{path}"),
        };
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_mode(*mode);
        header.set_size(content.len() as u64);
        if kind.is_symlink() {
            header.set_link_name("taos-setup").unwrap();
        }
        builder.append_data(&mut header, path, *content).unwrap();
    }
    let mut writer = builder.into_inner().unwrap();
    writer.flush().unwrap();
    writer.finish().unwrap()
}
