//! A target while its transports are verified: what they share.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::login_gate::LoginGate;
use super::logins::Logins;
use super::plan::TargetPlan;
use super::port::{Port, Timed, timed};
use crate::diagnose::judge::endpoints::View;
use crate::dsn::Transport;
use crate::message::{Message, message};
use crate::probe::Reply;
use crate::probe::endpoints::{self, Endpoint};
use crate::probe::fingerprint::Fingerprint;
use crate::probe::sql::{self, Cluster, Dnode};
use crate::probe::tcp::{self, Tcp};
use crate::tdengine::ports::ADAPTER_PORT;

/// taosd closes a stranger's request at once; a native port that is silent for so long is left to the driver.
const NATIVE_PATIENCE: Duration = Duration::from_millis(700);

/// What the transports of one target share.
#[derive(Debug)]
pub struct Site {
    /// What was asked for.
    pub plan: TargetPlan,
    /// taosAdapter's port.
    pub adapter: Port,
    /// taosd's port.
    pub native: Port,
    /// Who may log in.
    pub login_gate: LoginGate,
    swapped: bool,
    endpoints: OnceCell<Timed<Vec<Endpoint>>>,
    /// Held by the transport that writes.
    pub writing: tokio::sync::Mutex<()>,
}

impl Site {
    /// Finds out whose port it is that was named, where that is open. `logins` are those of all targets of the run.
    pub async fn new(plan: TargetPlan, logins: Arc<Logins>) -> Self {
        let adapter = Port::adapter(&plan);
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
        Self {
            login_gate: LoginGate::new(&plan, adapter.number, adapter.names(), logins),
            plan,
            adapter,
            native,
            swapped,
            endpoints: OnceCell::new(),
            writing: tokio::sync::Mutex::new(()),
        }
    }

    /// What was found out about the port that was named, where that is a surprise.
    pub fn note(&self) -> Option<Message> {
        self.swapped.then(|| {
            message!(
                "verify-ports-swapped",
                native = self.native.number,
                adapter = self.adapter.number
            )
        })
    }

    /// That a proxy's variable is set which this machine is asked without, where it is asked over REST.
    pub async fn proxy_note(&self) -> Option<Message> {
        let mut wanted = self.plan.transports.iter();
        wanted.find(|wanted| wanted.transport == Transport::Rest)?;
        let variable = crate::system::proxy::variable_for(&self.adapter.url())?;
        let addresses = self.adapter.dns().await.seen.addresses();
        let here = !addresses.is_empty() && addresses.iter().all(IpAddr::is_loopback);
        here.then(|| {
            message!(
                "verify-proxy-ignored",
                variable = variable,
                host = self.adapter.host
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

    /// The endpoints that the dnodes advertise, if a transport has looked at them.
    pub fn known_endpoints(&self) -> Option<&[Endpoint]> {
        self.endpoints.get().map(|timed| timed.seen.as_slice())
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

    /// The endpoints, if a transport has looked at them already, or taosAdapter tells them to a user whose login was accepted.
    pub async fn endpoints_if_known(&self) -> Option<&Timed<Vec<Endpoint>>> {
        if let Some(known) = self.endpoints.get() {
            return Some(known);
        }
        if !self.login_gate.is_accepted() {
            return None;
        }
        let fingerprint = self.adapter.fingerprint().await?;
        if !matches!(&fingerprint.seen, Fingerprint::Http(answer) if answer.is_from_adapter()) {
            return None;
        }
        let rest = self.adapter.rest().await?.ok()?;
        let rows = rest.query(sql::DNODES, self.plan.limit).await;
        match rows.and_then(|rows| sql::dnodes(&rows)) {
            Reply::Data(Cluster::Dnodes(dnodes)) => Some(self.endpoints(&dnodes).await),
            _ => None,
        }
    }
}
