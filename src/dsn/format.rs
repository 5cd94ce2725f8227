//! Connection strings of every language, printed: a place and a login to the text that a language's connector reads.

pub mod ask;
mod call;
mod encode;
pub mod forms;
mod go;
mod jdbc;
mod keyed;
mod url;

use super::{Scheme, Target, Transport};
use crate::message::{Message, message};
use crate::safety::secret::Secret;
use forms::{Entry, Family, Form, Language, RefusalText};

/// The server that a string names.
#[derive(Clone, Debug)]
pub struct Place {
    /// Hosts, IPv6 without brackets, each with its port; at least one.
    pub hosts: Vec<(String, u16)>,
    /// What stands before taosAdapter's own paths, `/tdengine` or empty.
    pub prefix: String,
    /// The database.
    pub database: Option<String>,
    /// Whether TLS is spoken.
    pub tls: bool,
    /// The directory of the taos.cfg that names the host, if no host is given and the connection is native.
    pub config_dir: Option<String>,
}

/// How a string logs in.
#[derive(Clone, Debug)]
pub enum Login {
    /// A user's name, and the password.
    Password(String, Slot),
    /// A token of TDengine Cloud.
    Token(Slot),
}

/// A secret in a string.
#[derive(Clone, Debug)]
pub enum Slot {
    /// The environment variable that holds it: the string gets a placeholder.
    Variable(&'static str),
    /// The secret itself.
    Value(Secret),
}

/// A string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The string; one line.
    pub url: String,
    /// Notes about it.
    pub notes: Vec<Message>,
}

/// The reason for a missing string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, as a sentence without a full stop.
    pub why: Message,
    /// The alternative.
    pub instead: Message,
}

impl Refusal {
    const fn new(why: Message, instead: Message) -> Self {
        Self { why, instead }
    }
}

impl From<RefusalText> for Refusal {
    fn from(text: RefusalText) -> Self {
        Self::new(text.why.into(), text.instead.into())
    }
}

/// The string with which `language` reaches `place` over `transport` as `login`. What it prints,
/// [`Target::from_str`](std::str::FromStr) reads back; where that is not so, it refuses.
pub fn line(
    language: &Language,
    transport: Transport,
    place: &Place,
    login: &Login,
) -> Result<Line, Refusal> {
    let form = match language.entry(transport) {
        Entry::Form(form) => form,
        Entry::Refused(refusal) => return Err(refusal.clone().into()),
    };
    possible(language, form, transport, place, login)?;
    let word = match &form.tls {
        Some(tls) if place.tls => tls,
        _ => &form.word,
    };
    let mut notes = Vec::new();
    let url = match form.form {
        Family::Url => url::url(word, place, login),
        Family::SqlalchemyRest => url::sqlalchemy_rest(word, place, login),
        Family::Endpoint => url::endpoint(word, place, login),
        Family::Jdbc => jdbc::decoded(word, place, login)?,
        Family::JdbcNative => jdbc::native(word, place, login, &mut notes)?,
        Family::Go => go::go(word, place, login, &mut notes)?,
        Family::Ado => keyed::ado(word, place, login)?,
        Family::Odbc => keyed::odbc(word, transport, place, login)?,
        Family::CallC | Family::CallPhp | Family::CallLua => {
            call::native(form.form, word, place, login)
        }
    };
    notes.extend(form.notes.iter().cloned().map(Message::from));
    if place.hosts.len() > 1 {
        notes.extend(form.hosts.clone().map(Message::from));
    }
    if place.hosts.iter().any(|(host, _)| host.contains(':')) {
        notes.extend(form.ipv6.clone().map(Message::from));
    }
    if let Some(note) = filling(form.form, &url, login) {
        notes.push(note);
    }
    if form.form != Family::Endpoint {
        reads_back(language, &url, place, login)?;
    }
    Ok(Line { url, notes })
}

/// What no string of the form can say.
fn possible(
    language: &Language,
    form: &Form,
    transport: Transport,
    place: &Place,
    login: &Login,
) -> Result<(), Refusal> {
    let token = matches!(login, Login::Token(_));
    if transport == Transport::Native && (place.tls || token) {
        return Err(Refusal::new(
            message!("url-native-no-tls"),
            Message::quoted("--transport ws"),
        ));
    }
    if place.tls && form.tls.is_none() {
        return Err(Refusal::new(
            message!(
                "url-no-tls",
                language = language.title,
                transport = transport.localized_title()
            ),
            Message::quoted("--transport ws"),
        ));
    }
    if place.hosts.len() > 1 && form.hosts.is_none() {
        return Err(match transport {
            Transport::Native => Refusal::new(
                message!("url-native-one-host"),
                message!("url-native-one-host-instead"),
            ),
            Transport::Rest => Refusal::new(
                message!("url-rest-one-host"),
                message!("url-rest-one-host-instead"),
            ),
            Transport::Ws => Refusal::new(
                message!("url-ws-one-host", language = language.title),
                message!("url-ws-one-host-instead"),
            ),
        });
    }
    if let Some(refusal) = &form.no_ipv6
        && place.hosts.iter().any(|(host, _)| host.contains(':'))
    {
        return Err(refusal.clone().into());
    }
    let rest_client = matches!(form.form, Family::Endpoint | Family::SqlalchemyRest);
    if !place.prefix.is_empty() && !rest_client {
        return Err(Refusal::new(
            message!("url-no-prefix", language = language.title),
            message!("url-no-prefix-instead"),
        ));
    }
    Ok(())
}

/// How the placeholder is to be filled.
fn filling(family: Family, url: &str, login: &Login) -> Option<Message> {
    let (Login::Password(_, Slot::Variable(name)) | Login::Token(Slot::Variable(name))) = login
    else {
        return None;
    };
    let placeholder = encode::placeholder(name);
    if !url.contains(&placeholder) {
        return None;
    }
    let how = match family {
        Family::JdbcNative | Family::Ado | Family::Odbc => message!("url-fill-unchanged"),
        _ if matches!(login, Login::Token(_)) => message!("url-fill-unchanged"),
        Family::Go => message!("url-fill-go"),
        _ => message!("url-fill-encoded"),
    };
    Some(message!(
        "url-placeholder",
        placeholder = placeholder,
        name = name,
        how = how
    ))
}

/// Refuses a string that would not be read back as what it was made from.
fn reads_back(language: &Language, url: &str, place: &Place, login: &Login) -> Result<(), Refusal> {
    let read = url.parse::<Target>().ok();
    let same = |given: &Slot, read: Option<&Secret>| match given {
        Slot::Variable(_) => read.is_none(),
        Slot::Value(secret) => read == Some(secret),
    };
    let fine = read.as_ref().is_some_and(|read| match login {
        Login::Password(user, password) => {
            read.user.as_ref() == Some(user) && same(password, read.password.as_ref())
        }
        Login::Token(token) => same(token, read.token.as_ref()),
    });
    // JDBC writes the database in lower case. At the end of a ws:// URL, /ws is taosAdapter's path.
    let database = read.is_some_and(|read| {
        let read = read.database.unwrap_or_default();
        read.eq_ignore_ascii_case(place.database())
    });
    if fine && database {
        Ok(())
    } else {
        Err(apart(language))
    }
}

/// The login holds what the form cannot.
fn apart(language: &Language) -> Refusal {
    Refusal::new(
        message!("url-cannot-hold", language = language.title),
        message!("url-cannot-hold-instead"),
    )
}

impl Place {
    /// `HOST:PORT,HOST:PORT`, IPv6 in brackets.
    fn authority(&self) -> String {
        let one =
            |(host, port): &(String, u16)| format!("{}:{port}", super::address::bracketed(host));
        self.hosts.iter().map(one).collect::<Vec<_>>().join(",")
    }

    /// The first host, IPv6 without brackets, and its port.
    fn first(&self) -> (&str, u16) {
        self.hosts
            .first()
            .map_or(("localhost", 6041), |(host, port)| (host.as_str(), *port))
    }

    /// The database, or nothing.
    fn database(&self) -> &str {
        self.database.as_deref().unwrap_or_default()
    }

    /// What a string of this place over `transport` reads as, without the login.
    pub fn target(&self, transport: Transport) -> Target {
        let (host, port) = self.first();
        Target {
            scheme: Some(Scheme::of(transport, self.tls)),
            host: host.to_owned(),
            port: Some(port),
            others: self
                .hosts
                .iter()
                .skip(1)
                .map(|(host, port)| (host.clone(), Some(*port)))
                .collect(),
            prefix: self.prefix.clone(),
            database: self.database.clone(),
            ..Target::default()
        }
    }
}

#[cfg(test)]
mod tests;
