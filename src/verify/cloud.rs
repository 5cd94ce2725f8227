//! TDengine Cloud: a gateway over https and wss, and a token in place of user and password (docs/facts.md).

use super::plan::parse;
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::safety::secret::Secret;
use crate::system::env_vars::{self, EnvVar};

/// Where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` lead.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// The gateway; `None` where the URL is not set.
    pub gateway: Option<Target>,
    /// The token; `None` where none is set.
    pub token: Option<Secret>,
}

impl Cloud {
    /// Reads the environment. Error `usage` if a variable is invalid; the token is never repeated.
    pub fn of_environment() -> Result<Self> {
        let url = env_vars::CLOUD_URL.checked_text()?;
        let mut token = env_vars::CLOUD_TOKEN.checked_text()?;
        let mut gateway = None;
        if let Some(url) = url {
            // The Cloud's own pages offer the URL with its token in it, and without its scheme.
            let (address, query) = url.split_once('?').unwrap_or((&url, ""));
            if let Some(given) = query
                .split('&')
                .find_map(|pair| pair.strip_prefix("token="))
            {
                token = token.or_else(|| Some(given.to_owned()));
            }
            let address = if address.contains("://") {
                address.to_owned()
            } else {
                format!("https://{address}")
            };
            gateway = Some(parse(&address, message!("verify-export-cloud-url"))?);
        }
        let token = token.map(|token| token.trim().to_owned());
        if token.as_deref().is_some_and(|token| {
            token.is_empty() || token.chars().any(|c| c.is_control() || c.is_whitespace())
        }) {
            return Err(Error::new(
                ErrorId::Usage,
                message!("verify-read-variable", name = env_vars::CLOUD_TOKEN.name),
                message!("verify-token-with-blanks"),
                message!("verify-copy-token"),
            ));
        }
        Ok(Self {
            gateway,
            token: token.map(Secret::new),
        })
    }

    /// The gateway and the token that `--cloud` asks for. Error `usage` where one of them is missing.
    pub fn required(&self) -> Result<Target> {
        self.token()?;
        self.gateway
            .clone()
            .ok_or_else(|| missing(env_vars::CLOUD_URL))
    }

    /// The token. Error `usage` where there is none.
    pub fn token(&self) -> Result<Secret> {
        self.token
            .clone()
            .ok_or_else(|| missing(env_vars::CLOUD_TOKEN))
    }

    /// The token for `target`, where it is the gateway's own.
    pub fn token_for(&self, target: &Target) -> Option<Secret> {
        let gateway = self.gateway.as_ref()?;
        let same =
            gateway.host == target.host && target.user.is_none() && target.password.is_none();
        self.token.clone().filter(|_| same)
    }
}

fn missing(variable: EnvVar) -> Error {
    Error::new(
        ErrorId::Usage,
        message!("verify-the-cloud"),
        message!("verify-variable-unset", name = variable.name),
        message!("verify-export-cloud"),
    )
}
