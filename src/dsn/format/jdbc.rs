//! JDBC URLs.

use super::{Login, Place, Refusal, encode};

/// Over WebSocket and REST: user and password are decoded by the driver, a token is not.
pub(super) fn decoded(word: &str, place: &Place, login: &Login) -> Result<String, Refusal> {
    let login = match login {
        Login::Password(user, password) => {
            if password.text() == Some("") {
                return Err(properties("takes an empty password for none"));
            }
            format!(
                "user={}&password={}",
                encode::percent(user),
                password.spelled(encode::percent)
            )
        }
        Login::Token(token) => {
            if token.text().is_some_and(|text| !encode::is_plain(text)) {
                return Err(properties(
                    "does not decode the token, and this one needs it",
                ));
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
    notes: &mut Vec<String>,
) -> Result<String, Refusal> {
    let Login::Password(user, password) = login else {
        return Err(properties("takes no token"));
    };
    for text in [Some(user.as_str()), password.text()].into_iter().flatten() {
        if text.is_empty()
            || text.contains('&')
            || text.trim() != text
            || text.ends_with([';', ','])
        {
            return Err(properties(
                "decodes nothing over the native connection, and this user or password is empty, holds & or ends in a \
                 blank, a comma or a semicolon",
            ));
        }
        if text.contains('=') {
            notes.push("taos-jdbcdriver before 3.7.0 cuts a password at =".into());
        }
    }
    Ok(format!(
        "{word}://{}/{}?user={user}&password={}",
        place.authority(),
        place.database(),
        password.spelled(str::to_owned)
    ))
}

fn properties(why: &str) -> Refusal {
    Refusal::new(
        format!("taos-jdbcdriver {why}"),
        "give user and password as Properties to DriverManager.getConnection(url, properties)",
    )
}
