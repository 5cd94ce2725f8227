//! The token of `/rest/login`: user and password in two fields of 24 bytes, enciphered with DES under a fixed key.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use des::Des;
use des::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

/// The key that every server has; it gives the recorded token.
const KEY: [u8; 8] = [0x40, 0xb6, 0x7a, 0x30, 0x56, 0x73, 0xfd, 0x44];
const FIELD: usize = 24;

/// The token of a user and password, each cut to 24 bytes.
pub(crate) fn encode(user: &str, password: &str) -> String {
    let mut fields = [0; 2 * FIELD];
    for (field, text) in fields.chunks_mut(FIELD).zip([user, password]) {
        let length = text.len().min(FIELD);
        field[..length].copy_from_slice(&text.as_bytes()[..length]);
    }
    let cipher = Des::new(&Array(KEY));
    for block in fields.chunks_exact_mut(8) {
        if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
            cipher.encrypt_block(block);
        }
    }
    BASE64_STANDARD.encode(fields)
}

/// The user and password of a token.
pub(crate) fn decode(token: &str) -> Option<(String, String)> {
    let mut fields = BASE64_STANDARD.decode(token).ok()?;
    if fields.len() != 2 * FIELD {
        return None;
    }
    let cipher = Des::new(&Array(KEY));
    for block in fields.chunks_exact_mut(8) {
        cipher.decrypt_block(<&mut Array<u8, _>>::try_from(block).ok()?);
    }
    let text = |field: &[u8]| {
        let end = field
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(field.len());
        String::from_utf8(field[..end].to_vec()).ok()
    };
    Some((text(&fields[..FIELD])?, text(&fields[FIELD..])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_token_is_produced() {
        let token = "/KfeAzX/f9na8qdtNZmtONryp201ma04bEl8LcvLUd7a8qdtNZmtONryp201ma04";
        assert_eq!(encode("root", "taosdata"), token);
        assert_eq!(decode(token), Some(("root".into(), "taosdata".into())));
        assert_eq!(decode("xxx"), None);
    }
}
