//! How programs in other languages reach a target: the variables that every example of `init` reads.

use std::ffi::OsString;

use super::site::Site;
use crate::dsn::Transport;
use crate::safety::secret::Secret;

/// The variables that name a server and a login, which programs must not inherit.
pub const ACCESS_VARIABLES: [&str; 10] = [
    "TAOS_HOST",
    "TAOS_PORT",
    "TAOS_USER",
    "TAOS_PASSWORD",
    "TAOS_DB",
    "TAOS_TLS",
    "TAOS_TOKEN",
    "TAOS_CA_FILE",
    "TDENGINE_CLOUD_URL",
    "TDENGINE_CLOUD_TOKEN",
];

/// A target's address and login.
#[derive(Clone, Debug)]
pub struct TargetAccess {
    /// The host, without brackets.
    pub host: String,
    /// taosAdapter's port.
    pub adapter_port: u16,
    /// taosd's port.
    pub native_port: u16,
    /// What stands before taosAdapter's own paths.
    pub prefix: String,
    /// Whether taosAdapter is spoken to over TLS.
    pub is_tls: bool,
    user: String,
    password: Secret,
    token: Option<Secret>,
    bearer: Option<Secret>,
    /// What must never be shown.
    pub secrets: Vec<Secret>,
}

#[cfg(test)]
impl TargetAccess {
    /// Returns that of a host of tests, with the user root.
    pub fn of_test_host() -> Self {
        Self {
            host: "127.0.0.1".into(),
            adapter_port: 6041,
            native_port: 6030,
            prefix: String::new(),
            is_tls: false,
            user: "root".into(),
            password: Secret::new("secret"),
            token: None,
            bearer: None,
            secrets: Vec::new(),
        }
    }
}

impl TargetAccess {
    /// Returns that of the target of `site`.
    pub(super) fn of(site: &Site) -> Self {
        let plan = &site.plan;
        Self {
            host: plan.host.clone(),
            adapter_port: site.adapter.number,
            native_port: site.native.number,
            prefix: plan.prefix.clone(),
            is_tls: plan.tls.is_some(),
            user: plan.user.clone(),
            password: plan.password.clone(),
            token: plan.token.clone(),
            bearer: plan.bearer.clone(),
            secrets: plan.secrets(),
        }
    }

    /// Returns the variables for a program that connects over `transport`.
    pub fn variables(&self, transport: Transport) -> Vec<(&'static str, OsString)> {
        if let Some(token) = &self.token {
            let host = crate::dsn::target::bracketed(&self.host);
            let url = format!("https://{host}:{}", self.adapter_port);
            return vec![
                ("TDENGINE_CLOUD_URL", url.into()),
                ("TDENGINE_CLOUD_TOKEN", token.reveal().into()),
            ];
        }
        let port = match transport {
            Transport::Native => self.native_port,
            Transport::Ws | Transport::Rest => self.adapter_port,
        };
        let mut variables = vec![
            ("TAOS_HOST", self.host.clone().into()),
            ("TAOS_PORT", port.to_string().into()),
        ];
        if self.is_tls && transport != Transport::Native {
            variables.push(("TAOS_TLS", "1".into()));
        }
        match &self.bearer {
            Some(token) => variables.push(("TAOS_TOKEN", token.reveal().into())),
            None => {
                variables.push(("TAOS_USER", self.user.clone().into()));
                variables.push(("TAOS_PASSWORD", self.password.reveal().into()));
            }
        }
        variables
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(access: &TargetAccess, transport: Transport) -> String {
        let variables = access.variables(transport).into_iter();
        let texts: Vec<String> = variables
            .map(|(name, value)| format!("{name}={}", value.to_str().unwrap()))
            .collect();
        texts.join(" ")
    }

    #[test]
    fn variables_are_those_of_examples() {
        let mut access = TargetAccess::of_test_host();
        assert_eq!(
            variables(&access, Transport::Ws),
            "TAOS_HOST=127.0.0.1 TAOS_PORT=6041 TAOS_USER=root TAOS_PASSWORD=secret"
        );
        access.is_tls = true;
        access.bearer = Some(Secret::new("abc"));
        assert_eq!(
            variables(&access, Transport::Rest),
            "TAOS_HOST=127.0.0.1 TAOS_PORT=6041 TAOS_TLS=1 TAOS_TOKEN=abc"
        );
        assert_eq!(
            variables(&access, Transport::Native),
            "TAOS_HOST=127.0.0.1 TAOS_PORT=6030 TAOS_TOKEN=abc"
        );
        access.token = Some(Secret::new("cloud"));
        access.host = "::1".into();
        assert_eq!(
            variables(&access, Transport::Ws),
            "TDENGINE_CLOUD_URL=https://[::1]:6041 TDENGINE_CLOUD_TOKEN=cloud"
        );
    }
}
