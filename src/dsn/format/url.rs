//! URLs: the Rust, Python and Node.js connectors', and taosAdapter's own address for plain HTTP clients.

use super::{Login, Place, call, encode};

/// `WORD://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE`, or with `?token=` in place of the credentials.
pub(super) fn url(word: &str, place: &Place, login: &Login) -> String {
    let (userinfo, query) = parts(login);
    format!(
        "{word}://{userinfo}{}/{}{query}",
        place.authority(),
        place.database()
    )
}

/// SQLAlchemy's `taosrest://`; where that cannot say it (TLS, tokens, a path, IPv6: its dialect only writes `http://HOST:PORT`),
/// the call of `taosrest.connect`.
pub(super) fn sqlalchemy_rest(word: &str, place: &Place, login: &Login) -> String {
    let (host, _) = place.first();
    let plain = !place.tls && place.prefix.is_empty() && !host.contains(':');
    match login {
        Login::Password(..) if plain => url(word, place, login),
        _ => call::taosrest(place, login),
    }
}

/// `http://HOST:PORT/rest/sql/DATABASE`: credentials go into a header, a token into the query.
pub(super) fn endpoint(word: &str, place: &Place, login: &Login) -> String {
    let (_, query) = parts(login);
    let database = match place.database() {
        "" => String::new(),
        database => format!("/{database}"),
    };
    format!(
        "{word}://{}{}/rest/sql{database}{query}",
        place.authority(),
        place.prefix
    )
}

/// What stands before the host, and after the database.
fn parts(login: &Login) -> (String, String) {
    match login {
        Login::Password(user, password) => {
            let password = password.spelled(encode::percent);
            (
                format!("{}:{password}@", encode::percent(user)),
                String::new(),
            )
        }
        Login::Token(token) => (
            String::new(),
            format!("?token={}", token.spelled(encode::percent)),
        ),
    }
}
