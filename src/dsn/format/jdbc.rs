//! JDBC URLs.

use super::{Login, Place, Refusal, encode};
use crate::message::{Message, message};

/// Over WebSocket and REST: user and password are decoded by the driver, a token is not.
pub(super) fn decoded(word: &str, place: &Place, login: &Login) -> Result<String, Refusal> {
    let login = match login {
        Login::Password(user, password) => {
            if password.text() == Some("") {
                return Err(properties(message!("url-jdbc-empty-password")));
            }
            format!(
                "user={}&password={}",
                encode::percent(user),
                password.spelled(encode::percent)
            )
        }
        Login::Token(token) => {
            if token.text().is_some_and(|text| !encode::is_plain(text)) {
                return Err(properties(message!(
                    "url-token-not-decoded",
                    reader = "taos-jdbcdriver"
                )));
            }
            format!("token={}", token.spelled(str::to_owned))
        }
    };
    let tls = if place.tls { "useSSL=true&" } else { "" };
    Ok(format!(
        "{word}://{}/{}?{tls}{login}",
        place.authority(),
        place.database()
    ))
}

/// The native driver decodes nothing: it takes what stands between `=` and `&`.
pub(super) fn native(
    word: &str,
    place: &Place,
    login: &Login,
    notes: &mut Vec<Message>,
) -> Result<String, Refusal> {
    let Login::Password(user, password) = login else {
        return Err(properties(message!("url-jdbc-no-token")));
    };
    for text in [Some(user.as_str()), password.text()].into_iter().flatten() {
        if text.is_empty()
            || text.contains('&')
            || text.trim() != text
            || text.ends_with([';', ','])
        {
            return Err(properties(message!("url-jdbc-native-raw")));
        }
        if text.contains('=') {
            notes.push(message!("url-jdbc-cuts"));
        }
    }
    Ok(format!(
        "{word}://{}/{}?user={user}&password={}",
        place.authority(),
        place.database(),
        password.spelled(str::to_owned)
    ))
}

fn properties(why: Message) -> Refusal {
    Refusal::new(why, message!("url-jdbc-instead"))
}
