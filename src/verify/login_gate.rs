//! One failed login at most (docs/decisions.md): one transport logs in, the others wait for what comes of it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, watch};

use crate::diagnose::Judgement;
use crate::diagnose::judge::login::Verdict;
use crate::dsn::Transport;
use crate::probe::dns::Dns;
use crate::verify::logins::{LoginAttempt, Logins, Pass};
use crate::verify::plan::TargetPlan;
use crate::verify::port::Timed;

/// The order in which transports may try: REST needs the fewest steps before a login, so the others wait the least, and a
/// fixed order gives every run the same checks.
const ORDER: [Transport; 3] = [Transport::Rest, Transport::Ws, Transport::Native];

/// The part of the limit that a login has after another one got no answer.
const AFTER_SILENCE: u32 = 4;

/// Who may log in.
#[derive(Debug)]
pub struct LoginGate {
    state: watch::Sender<GateState>,
    limit: Duration,
    logins: Arc<Logins>,
    /// The login but for the addresses, which are known by the time that anybody logs in.
    login: LoginAttempt,
    dns: Arc<OnceCell<Timed<Dns>>>,
    /// Whose turn it is, and the right to it.
    pass: Mutex<Option<(Transport, Pass)>>,
}

#[derive(Debug)]
struct GateState {
    /// Transports that may still log in.
    waiting: Vec<Transport>,
    known: Option<KnownLogin>,
    /// A login through taosAdapter got no answer within the limit. Its pool may be used up, which the others do not need; they
    /// are given a part of the limit, as most often taosd is away.
    unanswered: bool,
}

#[derive(Clone, Debug)]
enum KnownLogin {
    Accepted,
    Rejected(Judgement),
}

/// What a transport may do when it comes to its login.
#[derive(Clone, Debug)]
pub enum Turn {
    /// Log in, and wait no longer than this.
    LogIn(Duration),
    /// Do not: these credentials were refused. The verdict.
    Rejected(Judgement),
}

impl LoginGate {
    /// Nobody has logged in yet to the server that `plan` asks, on taosAdapter's `port`, whose name `dns` resolves. `logins`
    /// are those of all targets.
    pub fn new(
        plan: &TargetPlan,
        port: u16,
        dns: Arc<OnceCell<Timed<Dns>>>,
        logins: Arc<Logins>,
    ) -> Self {
        let asked = plan.transports.iter().map(|wanted| wanted.transport);
        Self {
            state: watch::Sender::new(GateState {
                waiting: asked.collect(),
                known: None,
                unanswered: false,
            }),
            limit: plan.limit,
            logins,
            login: LoginAttempt {
                user: plan.user.clone(),
                secret: plan
                    .token
                    .clone()
                    .or_else(|| plan.bearer.clone())
                    .unwrap_or_else(|| plan.password.clone()),
                addresses: Vec::new(),
                port,
                cluster: plan.cluster,
                target: plan.target.clone(),
            },
            dns,
            pass: Mutex::new(None),
        }
    }

    /// Waits until `me` may log in, or the credentials are known to be wrong.
    pub async fn turn(&self, me: Transport) -> Turn {
        let turn = self.among_transports(me).await;
        // With a token the Upgrade and the login are one.
        let decided = self.state.borrow().known.is_some() || self.holds(me);
        if decided || matches!(turn, Turn::Rejected(_)) {
            return turn;
        }
        let addresses: Vec<IpAddr> = self
            .dns
            .get()
            .map(|dns| dns.seen.addresses())
            .unwrap_or_default();
        let login = LoginAttempt {
            addresses,
            ..self.login.clone()
        };
        match self.logins.enter(login).await {
            Ok(pass) => {
                let mut held = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
                *held = Some((me, pass));
                turn
            }
            Err(judgement) => {
                self.tell(me, Verdict::Rejected, false, &judgement);
                Turn::Rejected(judgement)
            }
        }
    }

    async fn among_transports(&self, me: Transport) -> Turn {
        let earlier = |transport: &Transport| rank(*transport) < rank(me);
        let mut state = self.state.subscribe();
        // The sender lives as long as this login_gate: waiting cannot fail.
        let _ = state
            .wait_for(|state| state.known.is_some() || !state.waiting.iter().any(earlier))
            .await;
        let state = state.borrow();
        match (&state.known, state.unanswered) {
            (Some(KnownLogin::Rejected(judgement)), _) => Turn::Rejected(judgement.clone()),
            (None, true) if me != Transport::Native => Turn::LogIn(self.limit / AFTER_SILENCE),
            _ => Turn::LogIn(self.limit),
        }
    }

    /// Tells the others what came of `me`'s login.
    pub fn tell(&self, me: Transport, verdict: Verdict, unanswered: bool, judgement: &Judgement) {
        if let Some(pass) = self.pass_of(me) {
            pass.tell(verdict, judgement);
        }
        self.state.send_modify(|state| {
            state.waiting.retain(|transport| *transport != me);
            state.unanswered |= unanswered;
            match verdict {
                Verdict::Accepted => state.known = Some(KnownLogin::Accepted),
                Verdict::Rejected => state.known = Some(KnownLogin::Rejected(judgement.clone())),
                Verdict::Undecided => {}
            }
        });
    }

    /// `me` will not log in any more.
    pub fn leave(&self, me: Transport) {
        drop(self.pass_of(me));
        self.state
            .send_modify(|state| state.waiting.retain(|transport| *transport != me));
    }

    /// Whether the credentials were refused.
    pub fn is_rejected(&self) -> bool {
        matches!(self.state.borrow().known, Some(KnownLogin::Rejected(_)))
    }

    /// Whether the credentials were accepted.
    pub fn is_accepted(&self) -> bool {
        matches!(self.state.borrow().known, Some(KnownLogin::Accepted))
    }

    fn holds(&self, me: Transport) -> bool {
        let held = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().is_some_and(|(who, _)| *who == me)
    }

    fn pass_of(&self, me: Transport) -> Option<Pass> {
        let mut held = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        held.take_if(|(who, _)| *who == me).map(|(_, pass)| pass)
    }
}

fn rank(transport: Transport) -> Option<usize> {
    ORDER.iter().position(|known| *known == transport)
}
