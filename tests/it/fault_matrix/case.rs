//! One case of the matrix.

use super::scene::Scene;

/// The time limit of a check in the matrix, unless a case has another.
pub const TIMEOUT_MS: u64 = 2000;
/// The time that everything takes together without waiting for a timeout.
pub const SECOND_MS: u64 = 1000;

/// A fault, or an odd and healthy server, and what `verify` must say of it.
#[derive(Clone, Copy)]
pub struct Case {
    /// What is the matter, in a few words.
    pub name: &'static str,
    /// Sets it up.
    pub scene: fn() -> Scene,
    /// Arguments of `verify` besides the target.
    pub args: &'static [&'static str],
    /// The exit code.
    pub exit: i32,
    /// The findings, in their order.
    pub findings: &'static [Expected],
    /// How many timeouts the fault itself costs.
    pub timeouts: u64,
    /// How many failed logins the server may count; more than one only where it is not the password that it refuses.
    pub refused_logins: u64,
    /// Words that the texts of the findings hold: the cause or the fix that is meant.
    pub says: &'static [&'static str],
    /// What this machine must have.
    pub needs: Needs,
}

/// What cases have in common: all transports, no finding, no timeout, one failed login at most.
pub const CASE: Case = Case {
    name: "",
    scene: Scene::healthy,
    args: &[],
    exit: 0,
    findings: &[],
    timeouts: 0,
    refused_logins: 1,
    says: &[],
    needs: Needs::Nothing,
};

/// What a case needs of the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Loopback.
    Nothing,
    /// `::1`.
    Ipv6,
    /// A name, `localhost`, that has both addresses.
    LocalhostOfBoth,
    /// An address that is not loopback.
    AnotherAddress,
    /// The rights of root, for another user or a namespace.
    Root,
    /// A system that drops connections which a listener's queue has no room for.
    LossyQueue,
}

/// One finding: its id, its severity, over which transports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    pub id: &'static str,
    pub severity: &'static str,
    pub over: &'static str,
}

pub const fn error(id: &'static str, over: &'static str) -> Expected {
    Expected {
        id,
        severity: "error",
        over,
    }
}

pub const fn warning(id: &'static str, over: &'static str) -> Expected {
    Expected {
        id,
        severity: "warning",
        over,
    }
}

pub const fn note(id: &'static str, over: &'static str) -> Expected {
    Expected {
        id,
        severity: "note",
        over,
    }
}

impl Case {
    /// The longest that a transport may take, in milliseconds.
    pub const fn limit_ms(&self) -> u64 {
        SECOND_MS + self.timeouts * TIMEOUT_MS
    }
}
