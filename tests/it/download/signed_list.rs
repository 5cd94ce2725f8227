//! `install --trust-key`: signed lists next to the packages of a mirror.

use insta::assert_snapshot;
use taos_sandbox::mirror::{Package, sha256};

use crate::support::client_package::{file, install};
use crate::support::download_source::FILE;
use crate::support::file_server::serve;
use crate::support::minisign_writer::{PREHASHED, Signer};
use crate::support::program::{Run, TestContext};

const COMMENT: &str = "file:SHA256SUMS version:7 expires:2999-01-31T00:00:00Z";

/// A mirror directory with the package, and what its list says.
struct SignedMirror {
    context: TestContext,
    signer: Signer,
    digest: String,
}

impl SignedMirror {
    fn new() -> Self {
        let context = TestContext::new();
        let (path, digest) = file(&context, &Package::new("3.3.7.5"));
        std::fs::create_dir(context.work().join("mirror")).unwrap();
        std::fs::rename(&path, context.work().join("mirror").join(FILE)).unwrap();
        let mirror = Self {
            context,
            signer: Signer::new(1),
            digest,
        };
        mirror.publish(&mirror.list(), COMMENT);
        mirror
    }

    fn list(&self) -> String {
        format!("{}  {FILE}\n", self.digest)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.context.work().join("mirror").join(name)
    }

    /// Writes a list and its signature.
    fn publish(&self, list: &str, comment: &str) {
        std::fs::write(self.path("SHA256SUMS"), list).unwrap();
        let signature = self.signer.sign(list.as_bytes(), PREHASHED, comment);
        std::fs::write(self.path("SHA256SUMS.minisig"), signature).unwrap();
    }

    fn install(&self, more: &[&str]) -> Run {
        let key = self.signer.public_key();
        let mut args = vec!["3.3.7.5", "--trust-key", &key, "--mirror", "mirror"];
        args.extend(more);
        install(&self.context, &args)
            .showing(&self.digest, "SHA256")
            .showing(&key, "KEY")
            .run()
    }

    /// The second line of the error.
    fn refused(&self) -> String {
        let run = self.install(&[]);
        assert_eq!(run.exit, Some(4), "{run}");
        assert!(run.stderr.starts_with("error[signature-invalid]"), "{run}");
        assert!(!self.context.taos_setup_home().join("clients").exists());
        run.stderr.lines().nth(1).unwrap().to_owned()
    }
}

#[test]
fn signed_digest_is_accepted_and_recorded() {
    let mirror = SignedMirror::new();
    assert_snapshot!(mirror.install(&["--require-digest"]), @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  signed-list
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let home = mirror.context.taos_setup_home();
    let receipt = home.join("clients/oss-3.3.7.5-linux-x64/receipt.toml");
    let receipt = std::fs::read_to_string(receipt).unwrap();
    assert!(receipt.contains("verified = \"signed-list\""), "{receipt}");
    let trust = std::fs::read_to_string(home.join("trust.toml")).unwrap();
    assert!(trust.contains("signed-list"), "{trust}");
    let accepted = std::fs::read_to_string(home.join("accepted-lists.toml")).unwrap();
    assert!(accepted.contains("version = 7"), "{accepted}");
}

#[test]
fn key_file_and_address_are_accepted() {
    let mirror = SignedMirror::new();
    let key = format!("untrusted comment: x\n{}\n", mirror.signer.public_key());
    std::fs::write(mirror.context.work().join("mirror.pub"), key).unwrap();
    let url = serve(mirror.path(""));
    for origin in [
        ["--mirror", url.as_str()],
        ["--from", &format!("mirror/{FILE}")],
    ] {
        let args = [
            &["3.3.7.5", "--repair", "--trust-key", "mirror.pub"],
            &origin[..],
        ]
        .concat();
        let run = install(&mirror.context, &args).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert!(run.stdout.contains("signed-list"), "{run}");
        std::fs::remove_dir_all(mirror.context.taos_setup_home()).unwrap();
    }
}

#[test]
fn invalid_lists_are_refused() {
    let mirror = SignedMirror::new();
    let list = mirror.list();
    let mut shown = Vec::new();
    let comments = [
        "file:SHA256SUMS version:7 expires:2020-01-31T00:00:00Z",
        "file:catalog.toml version:7 expires:2999-01-31T00:00:00Z",
        "file:SHA256SUMS expires:2999-01-31T00:00:00Z",
        "timestamp:1\tfile:SHA256SUMS\thashed",
    ];
    for comment in comments {
        mirror.publish(&list, comment);
        shown.push(mirror.refused());
    }
    mirror.publish(&list, COMMENT);
    let other = list.replace(FILE, "other.tar.gz");
    std::fs::write(mirror.path("SHA256SUMS"), other).unwrap();
    shown.push(mirror.refused());
    mirror.publish("no list\n", COMMENT);
    shown.push(mirror.refused());
    std::fs::write(mirror.path("SHA256SUMS.minisig"), "no signature").unwrap();
    shown.push(mirror.refused());
    let stranger = Signer::new(2).sign(list.as_bytes(), PREHASHED, COMMENT);
    std::fs::write(mirror.path("SHA256SUMS.minisig"), stranger).unwrap();
    shown.push(mirror.refused());
    std::fs::remove_file(mirror.path("SHA256SUMS.minisig")).unwrap();
    shown.push(mirror.refused());
    std::fs::remove_file(mirror.path("SHA256SUMS")).unwrap();
    shown.push(mirror.refused());
    assert_snapshot!(shown.join("\n"), @"
    the list expired at 2020-01-31T00:00:00Z
    the signature is for the file catalog.toml
    the trusted comment of the signature has no valid version
    the trusted comment of the signature has no valid version
    the signature does not match the list
    line 1 of the list is not a digest and a file name
    the signature is not in the form of minisign
    no trusted key made the signature
    the list has no signature
    the list does not exist
    ");
}

#[test]
fn older_list_is_refused_later() {
    let mirror = SignedMirror::new();
    assert_eq!(mirror.install(&[]).exit, Some(0));
    let clients = mirror.context.taos_setup_home().join("clients");
    let mut shown = Vec::new();
    for (list, version) in [
        (mirror.list(), 6),
        (format!("{}\n{}  more\n", mirror.list(), mirror.digest), 7),
    ] {
        std::fs::remove_dir_all(&clients).unwrap_or_default();
        mirror.publish(
            &list,
            &COMMENT.replace("version:7", &format!("version:{version}")),
        );
        shown.push(mirror.refused());
    }
    assert_snapshot!(shown.join("\n"), @"
    the list has version 6, but version 7 was accepted before
    another list of version 7 was accepted before
    ");
    mirror.publish(&mirror.list(), &COMMENT.replace("version:7", "version:8"));
    assert_eq!(mirror.install(&[]).exit, Some(0));
}

#[test]
fn other_bytes_than_the_list_says_are_refused() {
    let mirror = SignedMirror::new();
    let wrong = sha256(b"other bytes");
    mirror.publish(&format!("{wrong}  {FILE}\n"), COMMENT);
    let run = mirror.install(&[]);
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("the signed list has"), "{run}");
}

#[test]
fn misuse_is_a_usage_error() {
    let mirror = SignedMirror::new();
    let key = mirror.signer.public_key();
    std::fs::write(mirror.context.work().join("text"), "no key").unwrap();
    for args in [
        vec!["3.3.7.5", "--trust-key", &key],
        vec!["3.3.7.5", "--trust-key", "text", "--mirror", "mirror"],
        vec!["3.3.7.5", "--trust-key", "/dev/zero", "--mirror", "mirror"],
        vec!["3.3.7.5", "--trust-key", "RWQ", "--mirror", "mirror"],
    ] {
        let run = install(&mirror.context, &args)
            .env("TAOS_SETUP_RETRIES", "0")
            .run();
        assert_eq!(run.exit, Some(2), "{run}");
    }
}
