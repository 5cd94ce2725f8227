//! Credentials of a login: user and password, or a token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::safety::secret::Secret;

/// Who logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// That user's password.
    pub password: Secret,
    /// The Cloud's token: it is in the URL's query, and replaces user and password over REST.
    pub token: Option<Secret>,
    /// A server's own token, from 3.4 on. Neither user nor password is sent with it: older servers pass over the token and
    /// would log in with them.
    pub bearer: Option<Secret>,
}

impl Credentials {
    /// The query of URLs, with its question mark; empty without a token.
    pub fn query(&self) -> String {
        match &self.token {
            Some(token) => format!("?token={}", encoded(token)),
            None => String::new(),
        }
    }

    /// The `Authorization` header; `None` where a token does.
    pub fn authorization(&self) -> Option<Secret> {
        match (&self.token, &self.bearer) {
            (Some(_), _) => None,
            (None, Some(bearer)) => Some(Secret::new(format!("Bearer {}", bearer.reveal()))),
            (None, None) => Some(Secret::new(format!("Basic {}", self.basic()))),
        }
    }

    /// Whether a token replaces user and password.
    pub const fn has_token(&self) -> bool {
        self.token.is_some() || self.bearer.is_some()
    }

    /// What must never be shown, in every form in which it is sent; `assumed` credentials are public.
    pub fn secrets(&self, assumed: bool) -> Vec<Secret> {
        let mut secrets = Vec::new();
        if let Some(token) = self.token.as_ref().or(self.bearer.as_ref()) {
            secrets.push(token.clone());
            secrets.push(Secret::new(encoded(token)));
        } else if !assumed {
            secrets.push(self.password.clone());
            secrets.push(Secret::new(self.basic()));
            secrets.push(Secret::new(encoded(&self.password)));
        }
        // The longest first: one may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.reveal().len()));
        secrets
    }

    fn basic(&self) -> String {
        BASE64.encode(format!("{}:{}", self.user, self.password.reveal()))
    }
}

fn encoded(secret: &Secret) -> String {
    utf8_percent_encode(secret.reveal(), NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests;
