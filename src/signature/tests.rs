use super::*;

#[path = "minisign_writer.rs"]
mod minisign_writer;
use minisign_writer::{LEGACY, PREHASHED, Signer};

const FILE: &str = "SHA256SUMS";
const COMMENT: &str = "file:SHA256SUMS version:7 expires:2027-01-31T00:00:00Z";

fn digest_of(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

fn now() -> Timestamp {
    "2026-11-30T00:00:00Z".parse().unwrap()
}

fn signer(seed: u8) -> (Signer, TrustedKey) {
    let signer = Signer::new(seed);
    let key = TrustedKey::parse(&signer.public_key()).unwrap();
    (signer, key)
}

fn pair() -> (Signer, TrustedKey) {
    signer(1)
}

fn sign(signer: &Signer, list: &[u8], comment: &str) -> Vec<u8> {
    signer.sign(list, PREHASHED, comment).into_bytes()
}

fn list() -> Vec<u8> {
    format!("{}  client.tar.gz\n", digest_of(b"package")).into_bytes()
}

fn check(signature: &[u8], keys: &[TrustedKey]) -> Result<SignedList, SignatureFault> {
    verify(&list(), signature, FILE, keys, now())
}

#[test]
fn valid_list_is_accepted() {
    let (pair, key) = pair();
    let accepted = check(&sign(&pair, &list(), COMMENT), std::slice::from_ref(&key)).unwrap();
    assert_eq!((accepted.version, accepted.file.as_str()), (7, FILE));
    assert_eq!(accepted.key, key.text());
    let sums = Checksums::parse(&list()).unwrap();
    assert_eq!(
        sums.of("client.tar.gz").collect::<Vec<_>>(),
        [digest_of(b"package")]
    );
    assert_eq!(sums.of("other.tar.gz").count(), 0);
}

#[test]
fn either_of_two_keys_signs() {
    let ((first, first_key), (second, second_key)) = (signer(1), signer(2));
    let keys = [first_key, second_key];
    for pair in [&first, &second] {
        assert!(check(&sign(pair, &list(), COMMENT), &keys).is_ok());
    }
    let (stranger, _) = signer(3);
    assert_eq!(
        check(&sign(&stranger, &list(), COMMENT), &keys),
        Err(SignatureFault::OtherKey)
    );
    assert_eq!(
        check(&sign(&first, &list(), COMMENT), &[]),
        Err(SignatureFault::OtherKey)
    );
}

#[test]
fn hostile_signatures_are_refused() {
    let (pair, key) = pair();
    let keys = [key];
    let other_list = sign(&pair, b"another list", COMMENT);
    assert_eq!(
        check(&other_list, &keys),
        Err(SignatureFault::WrongSignature)
    );
    let text = String::from_utf8(sign(&pair, &list(), COMMENT)).unwrap();
    let renamed = text.replace("version:7", "version:8");
    assert_eq!(
        check(renamed.as_bytes(), &keys),
        Err(SignatureFault::WrongSignature)
    );
    let lines: Vec<&str> = text.lines().collect();
    for broken in [
        String::new(),
        lines[..3].join("\n"),
        text.replace("trusted comment: ", "comment: "),
        "untrusted comment: x\nRW\ntrusted comment: é\nAA".into(),
    ] {
        assert_eq!(
            check(broken.as_bytes(), &keys),
            Err(SignatureFault::NotASignature)
        );
    }
    assert_eq!(
        check(b"\xff\xfe", &keys),
        Err(SignatureFault::NotASignature)
    );
    let legacy = pair.sign(&list(), LEGACY, COMMENT);
    assert_eq!(
        check(legacy.as_bytes(), &keys),
        Err(SignatureFault::NotPrehashed)
    );
    let forged = sign(&pair.imitated_by(9), &list(), COMMENT);
    assert_eq!(check(&forged, &keys), Err(SignatureFault::WrongSignature));
}

#[test]
fn comment_without_a_field_is_refused() {
    let (pair, key) = pair();
    let keys = [key];
    for (comment, field) in [
        ("", "version"),
        ("timestamp:1 file:SHA256SUMS hashed", "version"),
        ("file:SHA256SUMS version:7", "expires"),
        ("version:7 expires:2027-01-31T00:00:00Z", "file"),
        (
            "file:SHA256SUMS version:-7 expires:2027-01-31T00:00:00Z",
            "version",
        ),
        (
            "file:SHA256SUMS version:7x expires:2027-01-31T00:00:00Z",
            "version",
        ),
        (
            "file:SHA256SUMS version: expires:2027-01-31T00:00:00Z",
            "version",
        ),
        (
            "file:SHA256SUMS version:7 version:9 expires:2027-01-31T00:00:00Z",
            "version",
        ),
        ("file:SHA256SUMS version:7 expires:2027-01-31", "expires"),
        ("file:SHA256SUMS version:7 expires:never", "expires"),
        (
            "file:SHA256SUMS version:99999999999999999999 expires:2027-01-31T00:00:00Z",
            "version",
        ),
    ] {
        let signature = sign(&pair, &list(), comment);
        assert_eq!(
            check(&signature, &keys),
            Err(SignatureFault::Comment(field)),
            "{comment}"
        );
    }
}

#[test]
fn expired_list_is_refused() {
    let (pair, key) = pair();
    let comment = "file:SHA256SUMS version:7 expires:2026-11-30T00:00:00Z";
    assert_eq!(
        check(&sign(&pair, &list(), comment), &[key]),
        Err(SignatureFault::Expired(now()))
    );
}

#[test]
fn swapped_list_is_refused() {
    let (pair, key) = pair();
    let comment = "file:catalog.toml version:7 expires:2027-01-31T00:00:00Z";
    assert_eq!(
        check(&sign(&pair, &list(), comment), &[key]),
        Err(SignatureFault::OtherFile("catalog.toml".into()))
    );
}

#[test]
fn older_list_is_refused() {
    let (pair, key) = pair();
    let keys = [key];
    let version = |version: u64| {
        let comment = COMMENT.replace("version:7", &format!("version:{version}"));
        check(&sign(&pair, &list(), &comment), &keys).unwrap()
    };
    let mut accepted = AcceptedLists::default();
    accepted.check(&version(7)).unwrap();
    assert!(accepted.accept(&version(7)));
    assert!(!accepted.accept(&version(7)));
    accepted.check(&version(7)).unwrap();
    assert_eq!(
        accepted.check(&version(6)),
        Err(SignatureFault::RolledBack {
            accepted: 7,
            found: 6
        })
    );
    assert!(!accepted.accept(&version(6)));
    let mut other = version(7);
    other.sha256 = digest_of(b"another list");
    assert_eq!(accepted.check(&other), Err(SignatureFault::SameVersion(7)));
    accepted.check(&version(8)).unwrap();
    assert!(accepted.accept(&version(8)));
    assert!(accepted.check(&version(7)).is_err());
}

#[test]
fn lines_of_the_list_are_strict() {
    let digest = digest_of(b"x");
    let good = format!("{digest}  a\n\n{digest} *folder/b\r\n");
    let sums = Checksums::parse(good.as_bytes()).unwrap();
    assert_eq!((sums.of("a").count(), sums.of("b").count()), (1, 1));
    for bad in [
        format!("{digest} a"),
        format!("{digest}  "),
        format!("{digest}  a b"),
        "abc  a".to_owned(),
        format!("\\{digest}  a\\nb"),
    ] {
        assert_eq!(
            Checksums::parse(bad.as_bytes()),
            Err(SignatureFault::Line(1)),
            "{bad}"
        );
    }
    assert_eq!(Checksums::parse(b"\xff"), Err(SignatureFault::Line(1)));
}

#[test]
fn keys_are_read_from_files_too() {
    let (pair, key) = pair();
    let file = format!(
        "untrusted comment: minisign public key\n{}\n",
        pair.public_key()
    );
    assert_eq!(TrustedKey::parse(&file), Some(key));
    for bad in ["", "RWQ", "untrusted comment: x", "hello\nworld"] {
        assert_eq!(TrustedKey::parse(bad), None, "{bad}");
    }
}
