//! driver-go's strings.

use super::{Login, Place, Refusal, encode};
use crate::dsn::Target;
use crate::message::{Message, message};

/// `USER:PASSWORD@NET(HOST:PORT)/DATABASE`, or with `?token=`.
///
/// From v3.6.0 on driver-go decodes user and password where they can be decoded; before, it takes them as they are. Where both
/// read the plain text alike, that is what is written: it serves every release. Else it is percent-encoded, and a note says so.
pub(super) fn go(
    word: &str,
    place: &Place,
    login: &Login,
    notes: &mut Vec<Message>,
) -> Result<String, Refusal> {
    // driver-go reads the host from a taos.cfg by itself.
    let net = match &place.config_dir {
        Some(directory) if word == "tcp" => format!("cfg({directory})"),
        Some(_) | None => format!("{word}({})", place.authority()),
    };
    let place = format!("{net}/{}", place.database());
    match login {
        Login::Password(user, password) => {
            let text = password.text().unwrap_or_default();
            let plain = format!("{user}:{}@{place}", password.spelled(str::to_owned));
            if password.text().is_none() && encode::is_plain(user) || alike(&plain, user, text) {
                return Ok(plain);
            }
            notes.push(message!("url-go-decodes"));
            Ok(format!(
                "{}:{}@{place}",
                encode::percent(user),
                password.spelled(encode::percent)
            ))
        }
        Login::Token(token) => {
            if token.text().is_some_and(|text| !encode::is_plain(text)) {
                return Err(Refusal::new(
                    message!("url-token-not-decoded", reader = "driver-go"),
                    message!("url-go-token-instead"),
                ));
            }
            Ok(format!("{place}?token={}", token.spelled(str::to_owned)))
        }
    }
}

/// Whether a driver that decodes reads `url` as `user` and `password`, as one that does not decode does.
fn alike(url: &str, user: &str, password: &str) -> bool {
    !user.contains(':')
        && url.parse::<Target>().is_ok_and(|read| {
            read.user.as_deref() == Some(user)
                && read.password.as_ref().map(|secret| secret.reveal()) == Some(password)
        })
}
