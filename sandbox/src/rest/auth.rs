//! The `Authorization` header, and the four ways in which it is refused before anybody looks at the password.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

use super::token;

/// A refusal: code and text, always with status 401.
pub(crate) type Refusal = (i32, &'static str);

const NONE: Refusal = (0x1105, "no auth info input");
const SCHEME: Refusal = (0x1122, "invalid type of Authorization");
const FORMAT: Refusal = (0x1123, "invalid format of Authorization");
const BASIC: Refusal = (0x1124, "invalid basic Authorization");
const TAOSD: Refusal = (0x1125, "invalid taosd Authorization");

/// The token of a request, if it has one and the server knows tokens.
pub(crate) fn bearer(head: &HeaderMap) -> Option<&str> {
    let header = head.get(AUTHORIZATION)?.to_str().ok()?;
    let token = header.strip_prefix("Bearer ")?.trim();
    (!token.is_empty()).then_some(token)
}

/// The user and password of a request.
pub(crate) fn credentials(head: &HeaderMap) -> Result<(String, String), Refusal> {
    let header = head
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .trim();
    if header.is_empty() {
        return Err(NONE);
    }
    let (scheme, value) = header
        .split_once(' ')
        .ok_or_else(|| without_value(header))?;
    match scheme {
        "Basic" => basic(value.trim()).ok_or(BASIC),
        "Taosd" => token::decode(value.trim()).ok_or(TAOSD),
        _ => Err(SCHEME),
    }
}

/// A scheme alone: known ones lack their value.
fn without_value(scheme: &str) -> Refusal {
    if matches!(scheme, "Basic" | "Taosd") {
        FORMAT
    } else {
        SCHEME
    }
}

fn basic(value: &str) -> Option<(String, String)> {
    let text = String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
