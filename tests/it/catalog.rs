//! `catalog`: a company's own signed catalog.

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use minisign::KeyPair;
use taos_sandbox::mirror::Package;

use crate::support::client_package::{file, install};
use crate::support::minisign_writer::{PREHASHED, Signer};
use crate::support::program::{Run, TestContext};

/// A package without a known digest, and a catalog `c/catalog.toml` that has it.
struct CompanyScene {
    context: TestContext,
    package: PathBuf,
    digest: String,
    signer: Signer,
}

impl CompanyScene {
    fn new() -> Self {
        let context = TestContext::new();
        let (package, digest) = file(&context, &Package::new("3.3.7.5"));
        fs::create_dir(context.work().join("c")).unwrap();
        let scene = Self {
            context,
            package,
            digest,
            signer: Signer::new(3),
        };
        let package = scene.package.to_str().unwrap();
        let run = scene.run(&["catalog", "add", package, "--to", "c/catalog.toml"]);
        assert_eq!(run.exit, Some(0), "{run}");
        scene
    }

    fn run(&self, words: &[&str]) -> Run {
        self.context
            .program(words)
            .env("TAOS_SETUP_NO_PROGRESS", "1")
            .showing(&self.digest, "SHA256")
            .showing(self.signer.public_key(), "KEY")
            .run()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.context.work().join("c").join(name)
    }

    /// Signs the catalog with this trusted comment.
    fn sign(&self, comment: &str) {
        let list = fs::read(self.path("catalog.toml")).unwrap();
        let signature = self.signer.sign(&list, PREHASHED, comment);
        fs::write(self.path("catalog.toml.minisig"), signature).unwrap();
    }

    fn update(&self) -> Run {
        let key = self.signer.public_key();
        self.run(&["catalog", "update", "c", "--trust-key", &key])
    }

    fn install(&self) -> Run {
        let package = self.package.to_str().unwrap();
        install(
            &self.context,
            &["--from", package, "--require-digest", "--json"],
        )
        .run()
    }
}

fn comment(version: u64, expires: &str) -> String {
    format!("file:catalog.toml version:{version} expires:{expires}")
}

#[test]
fn entry_of_a_package_is_printed_or_added() {
    let context = TestContext::new();
    let (package, digest) = file(&context, &Package::new("3.3.7.5"));
    let size = fs::metadata(&package).unwrap().len();
    let words = ["catalog", "add", package.to_str().unwrap(), "--quiet"];
    let run = context
        .program(words)
        .env("TAOS_SETUP_NO_PROGRESS", "1")
        .showing(&digest, "SHA256")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    schema = 1

    [[release]]
    edition = "oss"
    version = "3.3.7.5"
    platform = "linux-x64"

    [digests]
    "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz" = ["[SHA256]"]
    --- stderr
    "#);
    let run = context
        .program(["catalog", "add", package.to_str().unwrap(), "--json"])
        .run();
    assert_eq!(run.json()["data"]["size"], size);
    let other = context.work().join("other.tar.gz");
    fs::rename(&package, &other).unwrap();
    let run = context
        .program(["catalog", "add", "other.tar.gz"])
        .env("TAOS_SETUP_NO_PROGRESS", "1")
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not add the package to a catalog
      `other.tar.gz` is not a name that the vendor gives client packages
      next: rename the file to its original name
    ");
}

#[test]
fn signed_catalog_is_accepted_and_verifies_packages() {
    let scene = CompanyScene::new();
    assert_eq!(scene.install().exit, Some(4), "{}", scene.install());
    let pair = KeyPair::generate_encrypted_keypair(Some("correct horse".into())).unwrap();
    let secret = pair.sk.to_box(None).unwrap().into_string();
    let sign = |password| {
        let words = ["catalog", "sign", "c/catalog.toml", "--json"];
        let sign = scene.context.program(words);
        sign.env("TAOS_SETUP_SIGN_KEY", &secret)
            .env("TAOS_SETUP_SIGN_PASSWORD", password)
            .run()
    };
    assert_eq!(sign("incorrect").exit, Some(2));
    let run = sign("correct horse");
    assert_eq!(run.json()["data"]["packages"], 1, "{run}");
    let run = scene.run(&["catalog", "update", "c"]);
    assert_eq!(run.exit, Some(2), "{run}");
    let key = pair.pk.to_base64();
    let run = scene.run(&["catalog", "update", "c", "--trust-key", &key, "--json"]);
    assert_eq!(run.json()["data"]["changed"], true, "{run}");
    // The key is remembered.
    let run = scene.run(&["catalog", "update", "c/catalog.toml", "--json"]);
    assert_eq!(run.json()["data"]["changed"], false, "{run}");
    let run = scene.install();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(run.json()["data"]["client"]["verified"], "catalog", "{run}");
}

#[test]
fn expired_older_and_forged_catalogs_are_refused() {
    let scene = CompanyScene::new();
    scene.sign(&comment(7, "2999-01-31T00:00:00Z"));
    assert_snapshot!(scene.update(), @"
    exit 0
    --- stdout
    ok accepted the catalog: version 7, valid until 2999-01-31T00:00:00Z; 1 release, 1 package with digests
    --- stderr
    ");
    for (bad, expected) in [
        (
            comment(6, "2999-01-31T00:00:00Z"),
            "version 7 was accepted before",
        ),
        (comment(8, "2020-01-31T00:00:00Z"), "the list expired"),
        (
            "file:other.toml version:8 expires:2999-01-31T00:00:00Z".to_owned(),
            "other.toml",
        ),
        ("version:8".to_owned(), "no valid file"),
    ] {
        scene.sign(&bad);
        let run = scene.update();
        assert_eq!(run.exit, Some(4), "{run}");
        assert!(run.stderr.contains(expected), "{run}");
    }
    fs::write(scene.path("catalog.toml"), "schema = 1\n").unwrap();
    let run = scene.update();
    assert!(
        run.exit == Some(4) && run.stderr.contains("does not match"),
        "{run}"
    );
    fs::remove_file(scene.path("catalog.toml.minisig")).unwrap();
    assert_eq!(scene.update().exit, Some(4));
    // What was accepted still counts.
    assert_eq!(scene.install().exit, Some(0));
}

#[test]
fn accepted_catalog_is_verified_at_each_use() {
    let scene = CompanyScene::new();
    scene.sign(&comment(7, "2999-01-31T00:00:00Z"));
    assert_eq!(scene.update().exit, Some(0));
    let record = scene.context.taos_setup_home().join("own-catalog.toml");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace("3.3.7.5", "3.3.7.6")).unwrap();
    let run = scene.install();
    assert_eq!(run.exit, Some(4), "{run}");
    assert_eq!(run.json()["error"]["id"], "signature-invalid", "{run}");
    // One that has expired is not used, and the package has no known digest.
    let list = fs::read_to_string(scene.path("catalog.toml")).unwrap();
    let signature = scene.signer.sign(
        list.as_bytes(),
        PREHASHED,
        &comment(7, "2020-01-31T00:00:00Z"),
    );
    let expired = format!(
        "schema = 1\nkey = \"{}\"\nsignature = '''{signature}'''\ncatalog = '''{list}'''\n",
        scene.signer.public_key()
    );
    fs::write(&record, expired).unwrap();
    let run = scene.install();
    assert_eq!(run.json()["error"]["id"], "digest-unknown", "{run}");
}

#[test]
fn catalogs_are_compared_with_the_vendors_list() {
    let context = TestContext::new();
    let list = context.work().join("list.json");
    let file = "tdengine-tsdb-oss-client-3.9.9.9-linux-x64.tar.gz";
    let digest = "0".repeat(32);
    fs::write(
        &list,
        format!("[{{\"url\": \"https://v.example/{file}\", \"md5\": \"{digest}\"}}]"),
    )
    .unwrap();
    let run = context
        .program(["catalog", "check", "--json"])
        .env("TAOS_SETUP_VENDOR_LIST", &list)
        .run();
    assert_eq!(run.exit, Some(7), "{run}");
    assert_eq!(run.json()["data"]["unknown"][0], file);
    fs::write(&list, "nothing").unwrap();
    let run = context
        .program(["catalog", "check"])
        .env("TAOS_SETUP_VENDOR_LIST", &list)
        .run();
    assert_eq!(run.exit, Some(5), "{run}");
}
