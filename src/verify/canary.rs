//! One failed login at most (design, decision 9): one transport logs in, the others wait for what comes of it.

use std::time::Duration;

use tokio::sync::watch;

use crate::diagnose::Judgement;
use crate::diagnose::judge::login::Verdict;
use crate::dsn::Transport;

/// The order in which transports may try: REST needs the fewest steps before a login, so the others wait the least, and a
/// fixed order gives every run the same ladder.
const ORDER: [Transport; 3] = [Transport::Rest, Transport::Ws, Transport::Native];

/// Who may log in.
#[derive(Debug)]
pub struct Canary {
    state: watch::Sender<State>,
    limit: Duration,
}

#[derive(Debug)]
struct State {
    /// Transports that may still log in.
    waiting: Vec<Transport>,
    known: Option<Known>,
    /// A login through taosAdapter got no answer within the limit: its verdict. Nobody knows what becomes of it, so it is
    /// not followed by another one on the same way.
    unanswered: Option<Judgement>,
}

#[derive(Clone, Debug)]
enum Known {
    Accepted,
    Rejected(Judgement),
}

/// What a transport may do when it comes to its login.
#[derive(Clone, Debug)]
pub enum Turn {
    /// Log in, and wait no longer than this.
    Login(Duration),
    /// Do not: these credentials were refused, or their login is still waited for. The verdict.
    Rejected(Judgement),
}

impl Canary {
    /// Nobody of `asked` has logged in yet; `limit` bounds a login. `rejected` is the verdict of this server on the same
    /// credentials, where another target has heard it.
    pub fn new(asked: Vec<Transport>, limit: Duration, rejected: Option<Judgement>) -> Self {
        let (state, _) = watch::channel(State {
            waiting: asked,
            known: rejected.map(Known::Rejected),
            unanswered: None,
        });
        Self { state, limit }
    }

    /// Waits until `me` may log in, or the credentials are known to be wrong.
    pub async fn turn(&self, me: Transport) -> Turn {
        let earlier = |transport: &Transport| rank(*transport) < rank(me);
        let mut state = self.state.subscribe();
        // The sender lives as long as this canary: waiting cannot fail.
        let _ = state
            .wait_for(|state| state.known.is_some() || !state.waiting.iter().any(earlier))
            .await;
        let state = state.borrow();
        match (&state.known, &state.unanswered) {
            (Some(Known::Rejected(judgement)), _) => Turn::Rejected(judgement.clone()),
            (None, Some(judgement)) if me != Transport::Native => Turn::Rejected(judgement.clone()),
            _ => Turn::Login(self.limit),
        }
    }

    /// The verdict on the credentials, where they were refused.
    pub fn rejected(&self) -> Option<Judgement> {
        match &self.state.borrow().known {
            Some(Known::Rejected(judgement)) => Some(judgement.clone()),
            _ => None,
        }
    }

    /// Tells the others what came of `me`'s login.
    pub fn tell(&self, me: Transport, verdict: Verdict, unanswered: bool, judgement: &Judgement) {
        self.state.send_modify(|state| {
            state.waiting.retain(|transport| *transport != me);
            if unanswered {
                state.unanswered = Some(judgement.clone());
            }
            match verdict {
                Verdict::Accepted => state.known = Some(Known::Accepted),
                Verdict::Rejected => state.known = Some(Known::Rejected(judgement.clone())),
                Verdict::Undecided => {}
            }
        });
    }

    /// `me` will not log in any more.
    pub fn leave(&self, me: Transport) {
        self.state
            .send_modify(|state| state.waiting.retain(|transport| *transport != me));
    }
}

fn rank(transport: Transport) -> Option<usize> {
    ORDER.iter().position(|known| *known == transport)
}
