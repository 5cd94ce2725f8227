//! Error numbers in every form in which TDengine, its connectors and shells print them.

use super::book::CodeFamily;
use crate::message::{Message, message};

/// One way to read a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The low 16 bits of an error code: taosd's, taosAdapter's, JDBC's, the WebSocket client's.
    Code(u16),
    /// An `errno` behind 0x80FF.
    System(u16),
    /// An HTTP status.
    Http(u16),
    /// A number of the Node.js connector.
    Node(u16),
}

impl Reading {
    /// Returns the reading of the manifest's spelling of a code of `family`.
    pub fn of_manifest(family: CodeFamily, text: &str) -> Option<Self> {
        match family {
            CodeFamily::Http => text.parse().ok().map(Self::Http),
            CodeFamily::Node => text.parse().ok().map(Self::Node),
            CodeFamily::System => u32::from_str_radix(text.strip_prefix("0x80FF")?, 16)
                .ok()
                .and_then(|number| u16::try_from(number).ok())
                .map(Self::System),
            _ => u16::from_str_radix(text.strip_prefix("0x")?, 16)
                .ok()
                .map(Self::Code),
        }
    }

    /// The stable id of a code of `family` with this number.
    pub fn id(self, family: CodeFamily) -> String {
        match self {
            Self::Code(code) if family == CodeFamily::Server => format!("0x8000{code:04X}"),
            Self::Code(code) => format!("0x{code:04X}"),
            Self::System(code) => format!("0x80FF{code:04X}"),
            Self::Http(status) => format!("http-{status}"),
            Self::Node(code) => format!("node-{code}"),
        }
    }

    /// Describes a number that no entry is about.
    pub fn describe(self) -> Message {
        match self {
            Self::Code(code) => message!(
                "explain-number-code",
                hex = format!("0x{code:04X}"),
                decimal = code
            ),
            Self::System(code) => message!("explain-number-system", number = code),
            Self::Http(status) => message!("explain-number-http", number = status),
            Self::Node(code) => message!("explain-number-node", number = code),
        }
    }
}

/// Returns the readings of a whole word, the most likely first; empty if it is not a number.
pub fn readings(word: &str) -> Vec<Reading> {
    let mut found = Vec::new();
    if let Some(digits) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        found.extend(hex(digits));
    } else if let Some(digits) = word.strip_prefix('-') {
        found.extend(negative(digits));
    } else if let Some(rest) = word.strip_prefix("http-") {
        found.extend(rest.parse().ok().map(Reading::Http));
    } else if let Some(rest) = word.strip_prefix("node-") {
        found.extend(rest.parse().ok().map(Reading::Node));
    } else if is_decimal(word) {
        found.extend(decimal(word));
        if matches!(word.len(), 3 | 4) || bare_hex(word) {
            found.extend(hex(word));
        }
    } else if bare_hex(word) {
        found.extend(hex(word));
    }
    found.dedup();
    found
}

/// Returns whether `word` can only be a hexadecimal number: `80000357`, `80ff0002`, `000B`.
pub fn bare_hex(word: &str) -> bool {
    let digits = word.bytes().all(|b| b.is_ascii_hexdigit());
    match word.len() {
        8 => {
            digits
                && (word.starts_with("8000")
                    || word
                        .get(..4)
                        .is_some_and(|lead| lead.eq_ignore_ascii_case("80ff")))
        }
        4 => digits && word.bytes().any(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// The reading of hexadecimal `digits`: a code, or the same with the top bit, in 32 or 64 bits.
pub fn hex(digits: &str) -> Option<Reading> {
    if digits.is_empty() || digits.len() > 16 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    whole(u64::from_str_radix(digits, 16).ok()?)
}

/// The reading of `-2147482793`, the code as a signed number; `digits` without the sign.
pub fn negative(digits: &str) -> Option<Reading> {
    if !is_decimal(digits) {
        return None;
    }
    let value = digits.parse::<i64>().ok()?.checked_neg()?;
    let signed = i32::try_from(value).ok()?;
    whole(u64::from(signed.cast_unsigned()))
}

/// The readings of an unsigned decimal number.
pub fn decimal(digits: &str) -> Vec<Reading> {
    let Ok(value) = digits.parse::<u64>() else {
        return Vec::new();
    };
    let mut found: Vec<Reading> = whole(value).into_iter().collect();
    if let Ok(small) = u16::try_from(value) {
        if (100..600).contains(&small) {
            found.push(Reading::Http(small));
        }
        if (100..120).contains(&small) {
            found.push(Reading::Node(small));
        }
    }
    found
}

fn whole(value: u64) -> Option<Reading> {
    let low = (value & 0xFFFF) as u16;
    match value {
        0 => None,
        1..=0xFFFF => Some(Reading::Code(low)),
        _ => match (value >> 32, (value >> 16) & 0xFFFF) {
            (0 | 0xFFFF_FFFF, 0x8000) => Some(Reading::Code(low)),
            (0 | 0xFFFF_FFFF, 0x80FF) => Some(Reading::System(low)),
            _ => None,
        },
    }
}

fn is_decimal(word: &str) -> bool {
    !word.is_empty() && word.len() <= 20 && word.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
