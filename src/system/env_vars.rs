//! Every environment variable that this program reads, documented once. `taos-setup --help` and docs/scripts.md take their
//! lists from here.

use std::ffi::OsString;

use crate::error::{Error, ErrorId, Result};
use crate::message::message;

/// An environment variable and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct EnvVar {
    /// Its name.
    pub name: &'static str,
    /// What it sets, as one sentence.
    pub about: &'static str,
}

impl EnvVar {
    const fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about }
    }

    /// Its value, `None` where it is unset or empty.
    pub fn get(self) -> Option<OsString> {
        std::env::var_os(self.name).filter(|value| !value.is_empty())
    }

    /// Its value as text, `None` where it is unset, empty or not Unicode.
    pub fn text(self) -> Option<String> {
        self.get().and_then(|value| value.into_string().ok())
    }

    /// Its value as text, `None` where it is unset or empty. Error `usage` where it is not Unicode: to pass over it would take
    /// other credentials or another server than the user's.
    pub fn checked_text(self) -> Result<Option<String>> {
        match (self.get(), self.text()) {
            (Some(_), None) => Err(Error::new(
                ErrorId::Usage,
                message!("io-read", path = self.name),
                message!("io-not-utf8"),
                message!("io-variable-next", name = self.name),
            )),
            (_, text) => Ok(text),
        }
    }
}

/// `TAOS_SETUP_HOME`
pub const HOME: EnvVar = EnvVar::new(
    "TAOS_SETUP_HOME",
    "The folder that holds the store and the cache; without it, the platform's data and cache folders.",
);
/// `TAOS_SETUP_MIRROR`
pub const MIRROR: EnvVar = EnvVar::new(
    "TAOS_SETUP_MIRROR",
    "The mirror to install from: an address or a folder; --mirror overrides it.",
);
/// `TAOS_SETUP_RETRIES`
pub const RETRIES: EnvVar = EnvVar::new(
    "TAOS_SETUP_RETRIES",
    "How often a download that failed is tried again; 4 without it.",
);
/// `TAOS_SETUP_RETRY_DELAY`
pub const RETRY_DELAY: EnvVar = EnvVar::new(
    "TAOS_SETUP_RETRY_DELAY",
    "Seconds before the first retry, doubled from one to the next; 1 without it.",
);
/// `TAOS_SETUP_CONNECT_TIMEOUT`
pub const CONNECT_TIMEOUT: EnvVar = EnvVar::new(
    "TAOS_SETUP_CONNECT_TIMEOUT",
    "Seconds that a server may take to accept a connection; 15 without it.",
);
/// `TAOS_SETUP_READ_TIMEOUT`
pub const READ_TIMEOUT: EnvVar = EnvVar::new(
    "TAOS_SETUP_READ_TIMEOUT",
    "Seconds that a server may stay silent during a download; 60 without it.",
);
/// `TAOS_SETUP_DOWNLOAD_TIMEOUT`
pub const DOWNLOAD_TIMEOUT: EnvVar = EnvVar::new(
    "TAOS_SETUP_DOWNLOAD_TIMEOUT",
    "Seconds that a download may take with all its retries; 3600 without it.",
);
/// `SSL_CERT_FILE`
pub const SSL_CERT_FILE: EnvVar = EnvVar::new(
    "SSL_CERT_FILE",
    "A file of certificates (PEM) that https servers are trusted by, in place of the system's; beside them on Windows and macOS.",
);
/// `SSL_CERT_DIR`
pub const SSL_CERT_DIR: EnvVar = EnvVar::new(
    "SSL_CERT_DIR",
    "A folder of such certificates, under OpenSSL's names.",
);
/// `HTTPS_PROXY`
pub const HTTPS_PROXY: EnvVar = EnvVar::new(
    "HTTPS_PROXY",
    "The proxy for downloads over https; HTTP_PROXY for http, ALL_PROXY for both; lower case works too.",
);
/// `NO_PROXY`
pub const NO_PROXY: EnvVar = EnvVar::new(
    "NO_PROXY",
    "Hosts that are asked without a proxy, separated by commas.",
);
/// `TAOS_SETUP_LOCK_TIMEOUT`
pub const LOCK_TIMEOUT: EnvVar = EnvVar::new(
    "TAOS_SETUP_LOCK_TIMEOUT",
    "How many seconds to wait for another taos-setup that is changing the store; 300 without it.",
);
/// `TAOS_SETUP_SIGN_KEY`
pub const SIGN_KEY: EnvVar = EnvVar::new(
    "TAOS_SETUP_SIGN_KEY",
    "The contents of the minisign secret key file that signs mirrors and catalogs; --sign-key overrides it.",
);
/// `TAOS_SETUP_SIGN_PASSWORD`
pub const SIGN_PASSWORD: EnvVar = EnvVar::new(
    "TAOS_SETUP_SIGN_PASSWORD",
    "The password of that key; --sign-password-file overrides it.",
);
/// `TAOS_SETUP_LANG`
pub const LANG: EnvVar = EnvVar::new(
    crate::message::locale::LANGUAGE_VARIABLE,
    "The language of findings, en or zh; without it, LC_ALL, LC_MESSAGES, LANG.",
);
/// `TAOS_SETUP_COMPLETE`: the shell whose completions are wanted. Only the script of `completions` sets it, so that it is not listed.
pub const COMPLETION_SHELL: EnvVar = EnvVar::new(
    "TAOS_SETUP_COMPLETE",
    "The shell that asks for completions.",
);
/// `CI`
pub const CI: EnvVar = EnvVar::new(
    "CI",
    "If it is not empty, nothing is asked at a terminal, as with --no-input.",
);
/// `TAOS_SETUP_NO_PROGRESS`
pub const NO_PROGRESS: EnvVar = EnvVar::new(
    "TAOS_SETUP_NO_PROGRESS",
    "Any value switches progress off, as --no-progress does.",
);
/// `NO_COLOR`
pub const NO_COLOR: EnvVar = EnvVar::new(
    "NO_COLOR",
    "Any value switches color off; --color overrides it.",
);
/// `TERM`
pub const TERM: EnvVar = EnvVar::new("TERM", "dumb: a terminal without color and progress bar.");
/// `VIRTUAL_ENV`, which Python's tools set; only how commands are printed depends on it.
pub const VIRTUAL_ENV: EnvVar = EnvVar::new("VIRTUAL_ENV", "The active virtual environment.");
/// `CONDA_PREFIX`, which conda sets; only how commands are printed depends on it.
pub const CONDA_PREFIX: EnvVar = EnvVar::new("CONDA_PREFIX", "The active environment of conda.");
/// `TAOS_HOST`
pub const TAOS_HOST: EnvVar = EnvVar::new(
    "TAOS_HOST",
    "The server that verify asks when none is named.",
);
/// `TAOS_PORT`
pub const TAOS_PORT: EnvVar = EnvVar::new(
    "TAOS_PORT",
    "The port of the server in TAOS_HOST, if that names none.",
);
/// `TAOS_USER`
pub const TAOS_USER: EnvVar = EnvVar::new(
    "TAOS_USER",
    "The user that verify logs in as; root without it.",
);
/// `TAOS_PASSWORD`
pub const TAOS_PASSWORD: EnvVar = EnvVar::new(
    "TAOS_PASSWORD",
    "That user's password; taosdata without it. Never given as an argument.",
);
/// `TAOS_TOKEN`
pub const TAOS_TOKEN: EnvVar = EnvVar::new(
    "TAOS_TOKEN",
    "A token of a server of 3.4 or later, instead of user and password. Never given as an argument.",
);
/// `TDENGINE_CLOUD_URL`
pub const CLOUD_URL: EnvVar = EnvVar::new(
    "TDENGINE_CLOUD_URL",
    "The gateway of TDengine Cloud that --cloud stands for.",
);
/// `TDENGINE_CLOUD_TOKEN`
pub const CLOUD_TOKEN: EnvVar = EnvVar::new(
    "TDENGINE_CLOUD_TOKEN",
    "The token for TDengine Cloud. Never given as an argument.",
);
/// `TAOS_CONFIG_DIR`
pub const TAOS_CONFIG_DIR: EnvVar = EnvVar::new(
    "TAOS_CONFIG_DIR",
    "The folder of the taos.cfg that names the server when nothing else does; the driver reads it too.",
);
/// `TAOS_LOG_DIR`
pub const TAOS_LOG_DIR: EnvVar = EnvVar::new(
    "TAOS_LOG_DIR",
    "The folder that the native driver writes its logs into; verify uses a temporary one without it.",
);

/// `GITHUB_STEP_SUMMARY`, which GitHub Actions sets: the file that takes the summary of a job's step.
pub const GITHUB_STEP_SUMMARY: EnvVar = EnvVar::new(
    "GITHUB_STEP_SUMMARY",
    "The file to which verify --format github appends the report.",
);

/// All of them, in the order in which help lists them.
pub const ALL: &[EnvVar] = &[
    HOME,
    MIRROR,
    RETRIES,
    RETRY_DELAY,
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    DOWNLOAD_TIMEOUT,
    SSL_CERT_FILE,
    SSL_CERT_DIR,
    HTTPS_PROXY,
    NO_PROXY,
    LOCK_TIMEOUT,
    SIGN_KEY,
    SIGN_PASSWORD,
    LANG,
    NO_PROGRESS,
    CI,
    NO_COLOR,
    TERM,
    TAOS_HOST,
    TAOS_PORT,
    TAOS_USER,
    TAOS_PASSWORD,
    TAOS_TOKEN,
    CLOUD_URL,
    CLOUD_TOKEN,
    TAOS_CONFIG_DIR,
    TAOS_LOG_DIR,
];
