//! Mirrors that are signed with the user's key.

use std::fs;

use insta::assert_snapshot;
use minisign::KeyPair;

use super::{MirrorScene, sealed};

/// A key: the text of its secret and of its public part.
fn key() -> (String, String) {
    let pair = KeyPair::generate_unencrypted_keypair().unwrap();
    (
        pair.sk.to_box(None).unwrap().into_string(),
        pair.pk.to_base64(),
    )
}

#[test]
fn signed_manifest_is_required_by_its_key() {
    let scene = MirrorScene::new();
    let (secret, public) = key();
    let run = scene
        .create(&["--json"])
        .env("TAOS_SETUP_SIGN_KEY", &secret)
        .run();
    assert_eq!(run.json()["data"]["signed"], true, "{run}");
    let verify = |key: &str| {
        scene
            .program(&["mirror", "verify", "m", "--trust-key", key])
            .run()
    };
    assert_eq!(verify(&public).exit, Some(0));
    let other = verify(&key().1);
    assert_eq!(other.exit, Some(4), "{other}");
    assert!(
        other.stderr.contains("no trusted key made the signature"),
        "{other}"
    );
    // A manifest that was written again for other bytes is not signed.
    let manifest = scene.dir().join("mirror.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    let changed = sealed(&text.replace("linux-x64", "linux-x46"));
    fs::write(&manifest, changed).unwrap();
    let changed = verify(&public);
    assert_eq!(changed.exit, Some(4), "{changed}");
    assert!(changed.stderr.contains("does not match"), "{changed}");
    let unverified = scene.program(&["mirror", "verify", "m"]).run();
    assert!(
        unverified.stderr.contains("was not verified"),
        "{unverified}"
    );
}

#[test]
fn encrypted_key_signs_with_its_password() {
    let scene = MirrorScene::new();
    let password = "correct horse";
    let pair = KeyPair::generate_encrypted_keypair(Some(password.to_owned())).unwrap();
    let (secret, public) = (scene.context.root().join("key"), pair.pk.to_base64());
    fs::write(&secret, pair.sk.to_box(None).unwrap().into_string()).unwrap();
    let create = || scene.create(&["--sign-key", secret.to_str().unwrap()]);
    let wrong = create().env("TAOS_SETUP_SIGN_PASSWORD", "incorrect").run();
    assert_snapshot!(wrong, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not use the signing key
      the password does not fit the key
      next: set TAOS_SETUP_SIGN_PASSWORD, or pass --sign-password-file
    ");
    assert!(!scene.dir().exists());
    // The line end that an editor adds is not part of the password.
    let file = scene.context.root().join("password");
    fs::write(&file, format!("{password}\n")).unwrap();
    let more = [
        "--sign-key",
        secret.to_str().unwrap(),
        "--sign-password-file",
    ];
    let run = scene
        .create(&[&more[..], &[file.to_str().unwrap()]].concat())
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(!run.to_string().contains(password), "{run}");
    let run = scene
        .program(&["mirror", "verify", "m", "--trust-key", &public])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = create().env("TAOS_SETUP_SIGN_PASSWORD", password).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn existing_mirror_is_signed_later() {
    let scene = MirrorScene::mirrored();
    let (secret, public) = key();
    let file = scene.context.root().join("secret");
    fs::write(&file, secret).unwrap();
    let run = scene.create(&["--sign-key", file.to_str().unwrap()]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = scene
        .program(&["mirror", "verify", "m", "--trust-key", &public])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let run = scene
        .create(&["--sign-key", file.to_str().unwrap(), "--json"])
        .run();
    assert_eq!(run.json()["data"]["state"], "up-to-date", "{run}");
}

#[test]
fn key_that_cannot_be_used_shows_before_anything_else() {
    let scene = MirrorScene::new();
    let bad = scene
        .create(&[])
        .env("TAOS_SETUP_SIGN_KEY", "not-a-key-but-secret")
        .run();
    assert_snapshot!(bad, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not use the signing key
      it is not a minisign secret key
      next: pass the file that `minisign -G` wrote as the secret key
    ");
    // An encrypted key: algorithms, then anything.
    let mut bytes = b"EdScB2".to_vec();
    bytes.resize(158, 0);
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let run = scene
        .create(&[])
        .env(
            "TAOS_SETUP_SIGN_KEY",
            format!("untrusted comment: x\n{encoded}\n"),
        )
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not use the signing key
      the key is encrypted and no password was given
      next: set TAOS_SETUP_SIGN_PASSWORD, or pass --sign-password-file
    ");
    assert!(!scene.dir().exists());
}
