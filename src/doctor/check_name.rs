//! The checks by name, in the order in which they are done and shown.

use std::fmt;
use std::str::FromStr;

use crate::message::{Message, message};

/// What checks are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckGroup {
    /// Which drivers there are, and whether they are whole.
    Driver,
    /// Whether the loader can load the driver.
    Loader,
    /// taos.cfg and what it names.
    Configuration,
    /// Proxies, certificates, the clock, ports.
    Network,
    /// The runtimes of languages.
    Toolchains,
    /// The project in the current directory.
    Project,
}

impl CheckGroup {
    /// All groups, in their order.
    pub const ALL: [Self; 6] = [
        Self::Driver,
        Self::Loader,
        Self::Configuration,
        Self::Network,
        Self::Toolchains,
        Self::Project,
    ];

    /// The word for it in reports and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Driver => "driver",
            Self::Loader => "loader",
            Self::Configuration => "configuration",
            Self::Network => "network",
            Self::Toolchains => "toolchains",
            Self::Project => "project",
        }
    }

    /// Its title for people.
    pub fn title(self) -> Message {
        match self {
            Self::Driver => message!("doctor-group-driver"),
            Self::Loader => message!("doctor-group-loader"),
            Self::Configuration => message!("doctor-group-configuration"),
            Self::Network => message!("doctor-group-network"),
            Self::Toolchains => message!("doctor-group-toolchains"),
            Self::Project => message!("doctor-group-project"),
        }
    }
}

macro_rules! checks {
    ($($(#[doc = $doc:literal])+ $name:ident => $text:literal, $group:ident;)+) => {
        /// A check of this machine.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum CheckName {
            $($(#[doc = $doc])+ $name,)+
        }

        impl CheckName {
            /// All checks, in their order.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The name as people type it and JSON has it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// What it is about.
            pub const fn group(self) -> CheckGroup {
                match self {
                    $(Self::$name => CheckGroup::$group,)+
                }
            }
        }
    };
}

checks! {
    /// Every copy of the driver, and which one programs load.
    Libraries => "libraries", Driver;
    /// The libraries that belong together.
    Complete => "complete", Driver;
    /// taos.h against the library.
    Headers => "headers", Driver;
    /// The installed clients.
    Store => "store", Driver;
    /// The processor that the driver is for.
    Machine => "machine", Loader;
    /// glibc, musl, executable stack.
    CLibrary => "c-library", Loader;
    /// What the driver needs, resolved recursively.
    Dependencies => "dependencies", Loader;
    /// Mode bits.
    Permissions => "permissions", Loader;
    /// taos.cfg and its keys.
    TaosCfg => "taos-cfg", Configuration;
    /// firstEp and secondEp.
    Endpoints => "endpoints", Configuration;
    /// Log and temporary directories.
    Directories => "directories", Configuration;
    /// The character set.
    Charset => "charset", Configuration;
    /// The time zone.
    TimeZone => "time-zone", Configuration;
    /// TLS for native connections.
    NativeTls => "native-tls", Configuration;
    /// Proxies in the environment.
    Proxy => "proxy", Network;
    /// Certificates in the environment.
    Certificates => "certificates", Network;
    /// The clock.
    Clock => "clock", Network;
    /// The ports of TDengine on this machine.
    Ports => "ports", Network;
    /// The JVM.
    Java => "java", Toolchains;
    /// Python.
    Python => "python", Toolchains;
    /// Node.js.
    Node => "node", Toolchains;
    /// Go and the compiler of cgo.
    Go => "go", Toolchains;
    /// The connectors of the project.
    Connectors => "connectors", Project;
}

impl CheckName {
    /// What it looks at, one phrase.
    pub fn about(self) -> Message {
        match self {
            Self::Libraries => message!("doctor-about-libraries"),
            Self::Complete => message!("doctor-about-complete"),
            Self::Headers => message!("doctor-about-headers"),
            Self::Store => message!("doctor-about-store"),
            Self::Machine => message!("doctor-about-machine"),
            Self::CLibrary => message!("doctor-about-c-library"),
            Self::Dependencies => message!("doctor-about-dependencies"),
            Self::Permissions => message!("doctor-about-permissions"),
            Self::TaosCfg => message!("doctor-about-taos-cfg"),
            Self::Endpoints => message!("doctor-about-endpoints"),
            Self::Directories => message!("doctor-about-directories"),
            Self::Charset => message!("doctor-about-charset"),
            Self::TimeZone => message!("doctor-about-time-zone"),
            Self::NativeTls => message!("doctor-about-native-tls"),
            Self::Proxy => message!("doctor-about-proxy"),
            Self::Certificates => message!("doctor-about-certificates"),
            Self::Clock => message!("doctor-about-clock"),
            Self::Ports => message!("doctor-about-ports"),
            Self::Java => message!("doctor-about-java"),
            Self::Python => message!("doctor-about-python"),
            Self::Node => message!("doctor-about-node"),
            Self::Go => message!("doctor-about-go"),
            Self::Connectors => message!("doctor-about-connectors"),
        }
    }
}

impl fmt::Display for CheckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for CheckName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.iter().copied();
        all.find(|check| check.as_str() == text)
            .ok_or_else(|| "expected the name of a check".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_in_order_and_names_are_read_back() {
        assert!(CheckName::ALL.is_sorted_by_key(|check| check.group()));
        for check in CheckName::ALL {
            assert_eq!(check.as_str().parse(), Ok(*check));
        }
        for group in CheckGroup::ALL {
            assert!(CheckName::ALL.iter().any(|check| check.group() == group));
        }
    }
}
