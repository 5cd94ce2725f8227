//! A target while its transports climb: what they share.

use std::net::IpAddr;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::canary::Canary;
use super::plan::{ADAPTER_PORT, Plan};
use super::port::{Port, Timed, timed};
use crate::diagnose::Judgement;
use crate::diagnose::judge::endpoints::View;
use crate::dsn::Transport;
use crate::probe::endpoints::{self, Endpoint};
use crate::probe::fingerprint::Fingerprint;
use crate::probe::sql::Dnode;
use crate::probe::tcp::{self, Tcp};
use crate::secret::Secret;

/// taosd closes a stranger's request at once; a native port that is silent for so long is left to the driver.
const NATIVE_PATIENCE: Duration = Duration::from_millis(700);

/// A login, where it goes, and the verdict on it where it was refused.
#[derive(Debug)]
pub struct Refused {
    addresses: Vec<IpAddr>,
    port: u16,
    user: String,
    password: Secret,
    judgement: Option<Judgement>,
}

impl Refused {
    fn same_login(&self, other: &Self) -> bool {
        self.port == other.port
            && self.user == other.user
            && self.password == other.password
            && self
                .addresses
                .iter()
                .any(|address| other.addresses.contains(address))
    }
}

/// What the transports of one target share.
#[derive(Debug)]
pub struct Site {
    /// What was asked for.
    pub plan: Plan,
    /// taosAdapter's port.
    pub adapter: Port,
    /// taosd's port.
    pub native: Port,
    /// Who may log in.
    pub canary: Canary,
    swapped: bool,
    endpoints: OnceCell<Timed<Vec<Endpoint>>>,
    /// Held by the transport that writes.
    pub writing: tokio::sync::Mutex<()>,
}

impl Site {
    /// Finds out whose port it is that was named, where that is open.
    pub async fn new(plan: Plan) -> Self {
        let adapter = Port::new(&plan.host, plan.adapter_port, &plan.prefix, plan.limit);
        let swapped = plan.ambiguous && {
            // The Upgrade is tried at the same time: a port that hangs must not cost the time limit twice.
            let ws = plan
                .transports
                .iter()
                .any(|wanted| wanted.transport == Transport::Ws);
            let hello = async {
                if ws {
                    adapter.hello().await;
                }
            };
            let (fingerprint, ()) = tokio::join!(adapter.fingerprint(), hello);
            fingerprint.is_some_and(|timed| timed.seen == Fingerprint::NativeLike)
        };
        let (adapter, native) = if swapped {
            (adapter.sibling(ADAPTER_PORT, plan.limit), adapter)
        } else {
            let native = adapter.sibling(plan.native_port, NATIVE_PATIENCE);
            (adapter, native)
        };
        let asked = plan
            .transports
            .iter()
            .map(|wanted| wanted.transport)
            .collect();
        Self {
            canary: Canary::new(asked, plan.limit, None),
            plan,
            adapter,
            native,
            swapped,
            endpoints: OnceCell::new(),
            writing: tokio::sync::Mutex::new(()),
        }
    }

    /// Takes over what the same taosAdapter has told `earlier` targets about the same credentials: a refused login is not
    /// repeated under another of its names.
    pub async fn remember(&mut self, earlier: &[Refused]) {
        if earlier.is_empty() {
            return;
        }
        let mine = self.refused(None).await;
        let known = earlier.iter().find(|refused| refused.same_login(&mine));
        if let Some(judgement) = known.and_then(|refused| refused.judgement.clone()) {
            let asked = self.plan.transports.iter();
            self.canary = Canary::new(
                asked.map(|wanted| wanted.transport).collect(),
                self.plan.limit,
                Some(judgement),
            );
        }
    }

    /// The login that was refused here, for targets to come.
    pub async fn lesson(&self) -> Option<Refused> {
        match self.canary.rejected() {
            None => None,
            rejected => Some(self.refused(rejected).await),
        }
    }

    async fn refused(&self, judgement: Option<Judgement>) -> Refused {
        Refused {
            addresses: self.adapter.dns().await.seen.addresses(),
            port: self.adapter.number,
            user: self.plan.user.clone(),
            password: self.plan.password.clone(),
            judgement,
        }
    }

    /// What was found out about the port that was named, where that is a surprise.
    pub fn note(&self) -> Option<String> {
        self.swapped.then(|| {
            format!(
                "{} answers like the native port: it is taken as such, and {} serves ws and rest",
                self.native.number, self.adapter.number
            )
        })
    }

    /// The endpoints that the dnodes advertise, as seen from here; looked at once.
    pub async fn endpoints(&self, dnodes: &[Dnode]) -> &Timed<Vec<Endpoint>> {
        // Only where native is asked for has its port been looked at.
        let known = if self.asks(Transport::Native) {
            self.native.open().await
        } else {
            None
        };
        let look = || timed(endpoints::look(dnodes, known, self.plan.limit));
        self.endpoints.get_or_init(look).await
    }

    /// Whether `transport` is asked for.
    pub fn asks(&self, transport: Transport) -> bool {
        let mut asked = self.plan.transports.iter();
        asked.any(|wanted| wanted.transport == transport)
    }

    /// From where the endpoints are seen.
    pub async fn view(&self) -> View<'_> {
        let native = if self.asks(Transport::Native) {
            Some(&self.native.tcp().await.seen)
        } else {
            None
        };
        let reached = match native.and_then(Tcp::open) {
            Some(open) => Some(open),
            None => self.adapter.open().await,
        };
        let reached = reached.map(|open| open.ip());
        View {
            host: &self.plan.host,
            reached,
            native,
            here: reached.is_some_and(tcp::is_of_this_machine),
        }
    }

    /// The endpoints, where a transport has looked at them already.
    pub fn known_endpoints(&self) -> Option<&Timed<Vec<Endpoint>>> {
        self.endpoints.get()
    }
}
