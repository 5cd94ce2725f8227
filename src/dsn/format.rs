//! Connection strings of every language, printed: a place and a login to the text that a language's connector reads.

pub mod ask;
mod call;
mod encode;
pub mod forms;
mod go;
mod jdbc;
mod keyed;
mod url;

use serde::Deserialize;

use super::{Scheme, Target, Transport};
use crate::safety::secret::Secret;
use forms::{Entry, Family, Form, Language};

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
    /// What to know about it.
    pub notes: Vec<String>,
}

/// Why there is no string.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The reason, as a sentence without a full stop.
    pub why: String,
    /// What to do instead.
    pub instead: String,
}

impl Refusal {
    fn new(why: impl Into<String>, instead: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            instead: instead.into(),
        }
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
        Entry::Refused(refusal) => return Err(refusal.clone()),
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
    notes.extend(form.notes.iter().cloned());
    if place.hosts.len() > 1 {
        notes.extend(form.hosts.clone());
    }
    if place.hosts.iter().any(|(host, _)| host.contains(':')) {
        notes.extend(form.ipv6.clone());
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
            "the native connection has neither TLS nor tokens, and TDengine Cloud does not take it",
            "--transport ws",
        ));
    }
    if place.tls && form.tls.is_none() {
        return Err(Refusal::new(
            format!("{} has no TLS over {}", language.title, transport.title()),
            "--transport ws",
        ));
    }
    if place.hosts.len() > 1 && form.hosts.is_none() {
        return Err(match transport {
            Transport::Native => Refusal::new(
                "a native driver is given one host",
                "name one here, and two of the cluster as firstEp and secondEp in taos.cfg",
            ),
            Transport::Rest => Refusal::new("a REST request goes to one host", "name one host"),
            Transport::Ws => Refusal::new(
                format!("the connector for {} takes one host", language.title),
                "name one host, or a proxy before all of them",
            ),
        });
    }
    if let Some(refusal) = &form.no_ipv6
        && place.hosts.iter().any(|(host, _)| host.contains(':'))
    {
        return Err(refusal.clone());
    }
    let rest_client = matches!(form.form, Family::Endpoint | Family::SqlalchemyRest);
    if !place.prefix.is_empty() && !rest_client {
        return Err(Refusal::new(
            format!(
                "the connector for {} takes no path before taosAdapter's own",
                language.title
            ),
            "name HOST:PORT without a path, or take a plain HTTP client: --lang node --transport rest",
        ));
    }
    Ok(())
}

/// How the placeholder is to be filled.
fn filling(family: Family, url: &str, login: &Login) -> Option<String> {
    let (Login::Password(_, Slot::Variable(name)) | Login::Token(Slot::Variable(name))) = login
    else {
        return None;
    };
    let placeholder = encode::placeholder(name);
    if !url.contains(&placeholder) {
        return None;
    }
    let how = match family {
        Family::JdbcNative | Family::Ado | Family::Odbc => "as it is",
        _ if matches!(login, Login::Token(_)) => "as it is",
        Family::Go => "percent-encoded (as it is for driver-go before v3.6.0)",
        _ => "percent-encoded",
    };
    Some(format!(
        "{placeholder} stands for the value of {name}, {how}; --show-secrets prints it"
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
        format!(
            "a connection string of {} cannot hold this user, password, token or database",
            language.title
        ),
        "give it apart from the string, as a property or an argument",
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
