//! Uses of connections that the vendor ends, as values.

use crate::message::{Message, message};
use crate::project::edit::{Splice, apply_splices};
use crate::tdengine::transport::Transport;

/// What a use is. Its texts are in `manifests/messages/migrate.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UseKind {
    /// A URL `jdbc:TAOS:`.
    JavaNativeUrl,
    /// A URL `jdbc:TAOS-RS:`.
    JavaRestUrl,
    /// The name of the driver class for native connections.
    JavaNativeDriver,
    /// The name of the driver class for REST connections.
    JavaRestDriver,
    /// Code that uses a class of the native connection.
    JavaNativeClass,
    /// Code that uses a class of the REST connection.
    JavaRestClass,
    /// A subscription over a native connection.
    JavaNativeSubscription,
    /// A release of the connector without WebSocket connections of their own.
    JavaConnector,
    /// The import of `taosSql`.
    GoNativeImport,
    /// The import of `taosRestful`.
    GoRestImport,
    /// The driver name `taosSql`.
    GoNativeDriver,
    /// The driver name `taosRestful`.
    GoRestDriver,
    /// A data source name with `tcp(`.
    GoNativeSource,
    /// A data source name with `http(` or `https(`.
    GoRestSource,
    /// A package below `af`, or `wrapper`.
    GoNativePackage,
    /// Driver-go before version 3.
    GoOldModule,
    /// A release of driver-go without WebSocket connections.
    GoConnector,
    /// A connection string with `protocol=Native`, or without a protocol.
    CSharpNativeString,
    /// Code that selects the native protocol, or uses the old driver.
    CSharpNativeCode,
    /// The module `taosrest`.
    PythonRestModule,
    /// A URL `taosrest://`.
    PythonRestUrl,
    /// A statement of R that binds the time of a row.
    RBoundTime,
    /// The jar of a driver without WebSocket connections of their own, which R loads.
    RDriverJar,
}

/// The part that a use plays in a program, which decides what must change together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseRole {
    /// Where the server is: a URL, a connection string.
    Address,
    /// Which driver is used.
    Driver,
    /// Something that changes without the others.
    Independent,
}

impl UseKind {
    /// The stable id in reports and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JavaNativeUrl => "java-native-url",
            Self::JavaRestUrl => "java-rest-url",
            Self::JavaNativeDriver => "java-native-driver",
            Self::JavaRestDriver => "java-rest-driver",
            Self::JavaNativeClass => "java-native-class",
            Self::JavaRestClass => "java-rest-class",
            Self::JavaNativeSubscription => "java-native-subscription",
            Self::JavaConnector => "java-connector",
            Self::GoNativeImport => "go-native-import",
            Self::GoRestImport => "go-rest-import",
            Self::GoNativeDriver => "go-native-driver",
            Self::GoRestDriver => "go-rest-driver",
            Self::GoNativeSource => "go-native-dsn",
            Self::GoRestSource => "go-rest-dsn",
            Self::GoNativePackage => "go-native-package",
            Self::GoOldModule => "go-old-module",
            Self::GoConnector => "go-connector",
            Self::CSharpNativeString => "csharp-native-string",
            Self::CSharpNativeCode => "csharp-native-code",
            Self::PythonRestModule => "python-rest-module",
            Self::PythonRestUrl => "python-rest-url",
            Self::RBoundTime => "r-bound-time",
            Self::RDriverJar => "r-driver-jar",
        }
    }

    /// The language and the connection that ends.
    pub const fn connection(self) -> (&'static str, Transport) {
        match self {
            Self::JavaNativeUrl
            | Self::JavaNativeDriver
            | Self::JavaNativeClass
            | Self::JavaNativeSubscription
            | Self::JavaConnector
            | Self::RBoundTime
            | Self::RDriverJar => ("java", Transport::Native),
            Self::JavaRestUrl | Self::JavaRestDriver | Self::JavaRestClass => {
                ("java", Transport::Rest)
            }
            Self::GoNativeImport
            | Self::GoNativeDriver
            | Self::GoNativeSource
            | Self::GoNativePackage
            | Self::GoOldModule
            | Self::GoConnector => ("go", Transport::Native),
            Self::GoRestImport | Self::GoRestDriver | Self::GoRestSource => ("go", Transport::Rest),
            Self::CSharpNativeString | Self::CSharpNativeCode => ("csharp", Transport::Native),
            Self::PythonRestModule | Self::PythonRestUrl => ("python", Transport::Rest),
        }
    }

    /// The part that it plays.
    pub const fn role(self) -> UseRole {
        match self {
            Self::JavaNativeUrl | Self::JavaRestUrl | Self::GoNativeSource | Self::GoRestSource => {
                UseRole::Address
            }
            Self::JavaNativeDriver
            | Self::JavaRestDriver
            | Self::GoNativeImport
            | Self::GoRestImport
            | Self::GoNativeDriver
            | Self::GoRestDriver => UseRole::Driver,
            Self::JavaNativeClass
            | Self::JavaRestClass
            | Self::JavaNativeSubscription
            | Self::JavaConnector
            | Self::GoNativePackage
            | Self::GoOldModule
            | Self::GoConnector
            | Self::CSharpNativeString
            | Self::CSharpNativeCode
            | Self::PythonRestModule
            | Self::PythonRestUrl
            | Self::RBoundTime
            | Self::RDriverJar => UseRole::Independent,
        }
    }

    /// What to do where a person has to change it.
    pub fn steps(self) -> Message {
        match self {
            Self::JavaNativeUrl | Self::JavaRestUrl => message!("migrate-steps-java-url"),
            Self::JavaNativeDriver | Self::JavaRestDriver => message!("migrate-steps-java-driver"),
            Self::JavaNativeClass | Self::JavaRestClass => message!("migrate-steps-java-class"),
            Self::JavaNativeSubscription => message!("migrate-steps-java-subscription"),
            Self::JavaConnector => message!("migrate-steps-java-connector"),
            Self::GoNativeImport
            | Self::GoRestImport
            | Self::GoNativeDriver
            | Self::GoRestDriver => {
                message!("migrate-steps-go-driver")
            }
            Self::GoNativeSource | Self::GoRestSource => message!("migrate-steps-go-dsn"),
            Self::GoNativePackage => message!("migrate-steps-go-package"),
            Self::GoOldModule => message!("migrate-steps-go-module"),
            Self::GoConnector => message!("migrate-steps-go-connector"),
            Self::CSharpNativeString => message!("migrate-steps-csharp-string"),
            Self::CSharpNativeCode => message!("migrate-steps-csharp-code"),
            Self::PythonRestModule => message!("migrate-steps-python-module"),
            Self::PythonRestUrl => message!("migrate-steps-python-url"),
            Self::RBoundTime => message!("migrate-steps-r-time"),
            Self::RDriverJar => message!("migrate-steps-r-jar"),
        }
    }
}

/// Why a person has to change a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManualReason {
    /// The kind needs other code.
    OtherCode,
    /// The host is not there: the client takes it from taos.cfg.
    HostFromConfiguration,
    /// The port is not 6030, or comes from elsewhere: nothing says which port taosAdapter has.
    PortUnknown,
    /// The address is put together from parts.
    Assembled,
    /// The address that goes with it is not in the sources, or needs a person.
    AddressElsewhere,
}

impl ManualReason {
    /// It in words.
    pub fn text(self) -> Message {
        match self {
            Self::OtherCode => message!("migrate-why-other-code"),
            Self::HostFromConfiguration => message!("migrate-why-host"),
            Self::PortUnknown => message!("migrate-why-port"),
            Self::Assembled => message!("migrate-why-assembled"),
            Self::AddressElsewhere => message!("migrate-why-address"),
        }
    }
}

/// How a use changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// By these splices, whose offsets are those of the file.
    Automatic(Vec<Splice>),
    /// By a person.
    Manual(ManualReason),
}

/// A use in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeprecatedUse {
    /// What it is.
    pub kind: UseKind,
    /// Where it begins, in bytes.
    pub at: usize,
    /// Where what is shown of it ends.
    pub end: usize,
    /// How it changes.
    pub replacement: Replacement,
}

impl DeprecatedUse {
    /// A use that changes by `splices`, or by a person.
    pub fn new(
        kind: UseKind,
        (at, end): (usize, usize),
        splices: Result<Vec<Splice>, ManualReason>,
    ) -> Self {
        let replacement = match splices {
            Ok(splices) => Replacement::Automatic(splices),
            Err(reason) => Replacement::Manual(reason),
        };
        Self {
            kind,
            at,
            end,
            replacement,
        }
    }

    /// Whether it changes without a person.
    pub const fn is_automatic(&self) -> bool {
        matches!(self.replacement, Replacement::Automatic(_))
    }

    /// Leaves it to a person, if it is not already.
    pub fn hold(&mut self, reason: ManualReason) {
        if self.is_automatic() {
            self.replacement = Replacement::Manual(reason);
        }
    }

    /// What is shown of it after the change.
    pub fn after(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let Replacement::Automatic(splices) = &self.replacement else {
            return None;
        };
        let inside: Vec<Splice> = splices
            .iter()
            .filter(|splice| (self.at..=self.end).contains(&splice.at))
            .map(|splice| Splice {
                at: splice.at - self.at,
                ..splice.clone()
            })
            .collect();
        let shown = bytes.get(self.at..self.end)?;
        Some(apply_splices(shown, inside.iter().collect()))
    }
}

/// The splices of all `uses` that change without a person.
pub fn automatic_splices(uses: &[DeprecatedUse]) -> Vec<Splice> {
    let splices = uses.iter().filter_map(|found| match &found.replacement {
        Replacement::Automatic(splices) => Some(splices),
        Replacement::Manual(_) => None,
    });
    splices.flatten().cloned().collect()
}
