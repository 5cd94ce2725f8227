//! The logins of one run, over all of its targets: servers lock accounts after three that fail, and the targets may be nodes
//! of one cluster, which counts them together. Nobody can tell before a login.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::watch;

use crate::diagnose::judge::login::Verdict;
use crate::diagnose::{Id, Judgement};
use crate::message::message;
use crate::safety::secret::Secret;

/// So many servers may refuse the same user and password before it is not tried any more: one fewer than locks an account,
/// should all of them be one cluster.
const MOST_REFUSALS: usize = 2;
/// So many logins with a user and a password that were accepted before may be under way at once.
const AT_ONCE: usize = 64;

/// A login: who, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginAttempt {
    /// The user.
    pub user: String,
    /// The password or the token.
    pub secret: Secret,
    /// The addresses of the server's name.
    pub addresses: Vec<IpAddr>,
    /// taosAdapter's port.
    pub port: u16,
    /// Logins with the same number go to hosts of one cluster.
    pub cluster: usize,
    /// The target as it is shown.
    pub target: String,
}

impl LoginAttempt {
    fn same_server(&self, other: &Self) -> bool {
        let shared = |address| other.addresses.contains(address);
        self.cluster == other.cluster
            || self.port == other.port && self.addresses.iter().any(shared)
    }
}

/// What became of the logins with one user and password.
#[derive(Debug, Default)]
struct LoginTally {
    under_way: Vec<LoginAttempt>,
    accepted: usize,
    undecided: usize,
    refused: Vec<(LoginAttempt, Judgement)>,
}

impl LoginTally {
    fn decide(&self, me: &LoginAttempt) -> Decision {
        if let Some((_, judgement)) = self.refused.iter().find(|(login, _)| login.same_server(me)) {
            return Decision::Refused(judgement.clone());
        }
        if self.refused.len() >= MOST_REFUSALS {
            return Decision::Refused(self.withheld(me));
        }
        let at_once = match (self.refused.len(), self.accepted) {
            (0, 0) => 1 + self.undecided,
            (0, _) => AT_ONCE,
            _ => 1,
        };
        let busy = self.under_way.iter().any(|login| login.same_server(me));
        if busy || self.under_way.len() >= at_once {
            Decision::Wait
        } else {
            Decision::Go
        }
    }

    fn withheld(&self, me: &LoginAttempt) -> Judgement {
        let by: Vec<&str> = self
            .refused
            .iter()
            .map(|(login, _)| login.target.as_str())
            .collect();
        Judgement::failed(
            Id::LoginWithheld,
            message!("verify-login-withheld", targets = by.join(" and ")),
        )
        .expecting(message!("verify-login-expected", user = me.user))
    }
}

enum Decision {
    Go,
    Wait,
    Refused(Judgement),
}

/// Every login of a run.
#[derive(Debug)]
pub struct Logins {
    tallies: watch::Sender<HashMap<(String, String), LoginTally>>,
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            tallies: watch::Sender::new(HashMap::new()),
        }
    }
}

impl Logins {
    /// Waits until `login` may be tried. The error is the verdict where it must not be: it was refused before.
    pub async fn enter(self: &Arc<Self>, login: LoginAttempt) -> Result<Pass, Judgement> {
        let mut changes = self.tallies.subscribe();
        loop {
            changes.mark_unchanged();
            let mut decision = Decision::Wait;
            self.tallies.send_if_modified(|tallies| {
                let tally = tallies.entry(key(&login)).or_default();
                decision = tally.decide(&login);
                if matches!(decision, Decision::Go) {
                    tally.under_way.push(login.clone());
                }
                false
            });
            match decision {
                Decision::Refused(judgement) => return Err(judgement),
                Decision::Go => {
                    return Ok(Pass {
                        logins: Arc::clone(self),
                        login,
                        reported: false,
                    });
                }
                // The sender lives as long as this run: waiting cannot fail.
                Decision::Wait => drop(changes.changed().await),
            }
        }
    }

    fn leave(&self, login: &LoginAttempt, verdict: Verdict, judgement: Option<&Judgement>) {
        self.tallies.send_modify(|tallies| {
            let tally = tallies.entry(key(login)).or_default();
            if let Some(at) = tally.under_way.iter().position(|known| known == login) {
                tally.under_way.swap_remove(at);
            }
            match (verdict, judgement) {
                (Verdict::Accepted, _) => tally.accepted += 1,
                (Verdict::Rejected, Some(judgement)) => {
                    tally.refused.push((login.clone(), judgement.clone()));
                }
                _ => tally.undecided += 1,
            }
        });
    }
}

fn key(login: &LoginAttempt) -> (String, String) {
    (login.user.clone(), login.secret.reveal().to_owned())
}

/// The right to try a login once.
#[derive(Debug)]
pub struct Pass {
    logins: Arc<Logins>,
    login: LoginAttempt,
    reported: bool,
}

impl Pass {
    /// What came of it.
    pub fn tell(mut self, verdict: Verdict, judgement: &Judgement) {
        self.reported = true;
        self.logins.leave(&self.login, verdict, Some(judgement));
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if !self.reported {
            self.logins.leave(&self.login, Verdict::Undecided, None);
        }
    }
}

#[cfg(test)]
mod tests;
