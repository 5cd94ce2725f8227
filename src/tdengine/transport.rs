//! The three ways to reach a TDengine server.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::message::{Message, message};

/// A way to reach a server. The order is the one in which `verify` takes its exit code (docs/decisions.md, "Contracts"),
/// and that of preference in `init`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// WebSocket, through taosAdapter.
    Ws,
    /// REST, through taosAdapter.
    Rest,
    /// The client driver libtaos, straight to taosd.
    Native,
}

impl Transport {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Ws, Self::Rest, Self::Native];

    /// The word for it in options, reports and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ws => "ws",
            Self::Rest => "rest",
            Self::Native => "native",
        }
    }

    /// The name in prose, in the language of the user.
    pub fn localized_title(self) -> Message {
        match self {
            Self::Ws => message!("transport-ws"),
            Self::Rest => message!("transport-rest"),
            Self::Native => message!("transport-native"),
        }
    }

    /// The name in prose.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ws => "WebSocket",
            Self::Rest => "REST",
            Self::Native => "the native connection",
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Transport {
    type Err = String;

    /// Reads `ws`, `rest` or `native`.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|transport| transport.as_str() == text)
            .ok_or_else(|| "expected ws, rest, or native".to_owned())
    }
}
