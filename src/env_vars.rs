//! Every environment variable that this program reads, documented once. `taos-setup --help` and the README take their
//! lists from here.

use std::ffi::OsString;

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
/// `TAOS_SETUP_LOCK_TIMEOUT`
pub const LOCK_TIMEOUT: EnvVar = EnvVar::new(
    "TAOS_SETUP_LOCK_TIMEOUT",
    "How many seconds to wait for another taos-setup that is changing the store; 300 without it.",
);
/// `TAOS_SETUP_LANG`
pub const LANG: EnvVar = EnvVar::new(
    "TAOS_SETUP_LANG",
    "The language of findings, en or zh; without it, LC_ALL, LC_MESSAGES, LANG.",
);
/// `TAOS_SETUP_NO_PROGRESS`
pub const NO_PROGRESS: EnvVar = EnvVar::new(
    "TAOS_SETUP_NO_PROGRESS",
    "Any value switches progress off, as --no-progress does.",
);
/// `NO_COLOR`
pub const NO_COLOR: EnvVar = EnvVar::new(
    "NO_COLOR",
    "Any value switches colour off; --color overrides it.",
);
/// `TAOS_HOST`
pub const TAOS_HOST: EnvVar = EnvVar::new(
    "TAOS_HOST",
    "The server that verify asks when none is named.",
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

/// All of them, in the order in which help lists them.
pub const ALL: &[EnvVar] = &[
    HOME,
    MIRROR,
    LOCK_TIMEOUT,
    LANG,
    NO_PROGRESS,
    NO_COLOR,
    TAOS_HOST,
    TAOS_USER,
    TAOS_PASSWORD,
    TAOS_CONFIG_DIR,
    TAOS_LOG_DIR,
];
