//! Writes keys and signatures as minisign does. For the unit tests of this module and for `tests/it`, which includes this file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest};
use ring::signature::{Ed25519KeyPair, KeyPair};

/// The algorithms of a signature: over the hash of a file, as today, or over the file itself.
pub const PREHASHED: &[u8] = b"ED";
#[allow(dead_code, reason = "only the unit tests use the old form")]
pub const LEGACY: &[u8] = b"Ed";

/// A secret key.
pub struct Signer {
    pair: Ed25519KeyPair,
    id: [u8; 8],
}

impl Signer {
    /// The key that `seed` gives.
    pub fn new(seed: u8) -> Self {
        Self {
            pair: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap(),
            id: [seed; 8],
        }
    }

    /// A key with the number of this one.
    #[allow(dead_code, reason = "only the unit tests forge keys")]
    pub fn imitated_by(&self, seed: u8) -> Self {
        Self {
            id: self.id,
            ..Self::new(seed)
        }
    }

    /// The public key, as minisign writes it.
    pub fn public_key(&self) -> String {
        STANDARD.encode([b"Ed", self.id.as_slice(), self.pair.public_key().as_ref()].concat())
    }

    /// The contents of a signature file for `list`.
    pub fn sign(&self, list: &[u8], algorithm: &[u8], comment: &str) -> String {
        let signed = match algorithm == PREHASHED {
            true => Blake2b512::digest(list).to_vec(),
            false => list.to_vec(),
        };
        let signature = self.pair.sign(&signed);
        let global = self
            .pair
            .sign(&[signature.as_ref(), comment.as_bytes()].concat());
        format!(
            "untrusted comment: a test\n{}\ntrusted comment: {comment}\n{}\n",
            STANDARD.encode([algorithm, &self.id, signature.as_ref()].concat()),
            STANDARD.encode(global.as_ref())
        )
    }
}
