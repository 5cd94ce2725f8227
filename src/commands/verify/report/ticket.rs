//! `--ticket`: a request to a network team, as Markdown or plain text.

use std::collections::BTreeSet;

use super::super::control_text;
use super::args::TicketForm;
use super::markdown::{code_block, escaped};
use super::view::dial_words;
use crate::diagnose::{Id, Status};
use crate::dsn::Transport;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::safety::printable::escape_controls;
use crate::verify::route::{CertificateFact, DialFact, NameFact, NameOutcome, PortRole, is_open};
use crate::verify::{TargetOutcome, TransportChecks, VerifyOutcome};

/// The address of this machine in rules, if no connection shows it.
const UNKNOWN_SOURCE: &str = "SOURCE";

/// A port of a host that clients need.
struct Demand<'a> {
    host: &'a str,
    port: u16,
    tls: bool,
    transports: BTreeSet<Transport>,
    /// It is the endpoint of a dnode.
    is_dnode: bool,
    name: &'a NameFact,
    dials: &'a [DialFact],
    certificate: Option<&'a CertificateFact>,
    /// The observation of another program that answers there.
    intruder: Option<Message>,
}

/// A line of a ticket; each form has its own marks.
enum TicketLine {
    Title(String),
    Heading(String),
    Text(String),
    Item(String),
    SubItem(String),
    Code(Vec<String>),
}

/// Renders the ticket.
pub(super) fn render(
    outcome: &VerifyOutcome,
    created: &str,
    form: TicketForm,
    locale: Locale,
) -> String {
    let lines = ticket(outcome, created, locale);
    let lines = lines.iter().map(|line| match form {
        TicketForm::Markdown => in_markdown(line),
        TicketForm::Text => in_text(line),
    });
    lines.collect()
}

fn ticket(outcome: &VerifyOutcome, created: &str, locale: Locale) -> Vec<TicketLine> {
    let rendered = |message: Message| escape_controls(&message.text(locale));
    let version = env!("CARGO_PKG_VERSION");
    let mut lines = vec![
        TicketLine::Title(rendered(message!("ticket-title"))),
        TicketLine::Text(rendered(message!(
            "ticket-intro",
            created = created,
            version = version
        ))),
        TicketLine::Heading(rendered(message!("ticket-needed"))),
    ];
    let demands = demands(outcome);
    for demand in &demands {
        lines.push(TicketLine::Item(rendered(demand.summary())));
        lines.extend(
            demand
                .details()
                .into_iter()
                .map(|it| TicketLine::SubItem(rendered(it))),
        );
    }
    lines.push(TicketLine::Heading(rendered(message!("ticket-rules"))));
    let rules: Vec<String> = demands.iter().flat_map(Demand::rules).collect();
    lines.push(TicketLine::Text(rendered(match rules.is_empty() {
        true => message!("ticket-no-rules"),
        false => message!("ticket-rules-intro"),
    })));
    if !rules.is_empty() {
        lines.push(TicketLine::Code(
            rules.iter().map(|rule| escape_controls(rule)).collect(),
        ));
    }
    lines.push(TicketLine::Heading(rendered(message!("ticket-remarks"))));
    lines.extend(
        remarks(outcome, &demands)
            .into_iter()
            .map(|it| TicketLine::Item(rendered(it))),
    );
    lines
}

/// Every port that clients need, each once.
fn demands(outcome: &VerifyOutcome) -> Vec<Demand<'_>> {
    let mut demands: Vec<Demand<'_>> = Vec::new();
    for target in &outcome.targets {
        for port in &target.route.ports {
            add(
                &mut demands,
                Demand {
                    host: &target.route.host,
                    port: port.number,
                    tls: port.tls,
                    transports: port.transports.iter().copied().collect(),
                    is_dnode: false,
                    name: &target.route.name,
                    dials: &port.dials,
                    certificate: port.certificate.as_ref(),
                    intruder: intruder(target, port.role),
                },
            );
        }
        for dnode in target.route.dnodes.iter().flatten() {
            let Some(port) = dnode.port else {
                continue;
            };
            add(
                &mut demands,
                Demand {
                    host: &dnode.host,
                    port,
                    tls: false,
                    transports: BTreeSet::from([Transport::Native]),
                    is_dnode: true,
                    name: &dnode.name,
                    dials: &dnode.dials,
                    certificate: None,
                    intruder: dnode.is_strange.then(|| message!("ticket-other-program")),
                },
            );
        }
    }
    demands
}

/// Adds `demand`, or merges it with the one for the same port.
fn add<'a>(demands: &mut Vec<Demand<'a>>, demand: Demand<'a>) {
    let same = |other: &&mut Demand<'_>| other.host == demand.host && other.port == demand.port;
    match demands.iter_mut().find(same) {
        Some(other) => {
            other.transports.extend(&demand.transports);
            other.is_dnode |= demand.is_dnode;
            if other.dials.is_empty() {
                other.dials = demand.dials;
            }
        }
        None => demands.push(demand),
    }
}

/// The observation of a transport that met another program than TDengine at a port.
fn intruder(target: &TargetOutcome, role: PortRole) -> Option<Message> {
    let of_role = |checks: &&TransportChecks| match role {
        PortRole::Adapter => checks.transport != Transport::Native,
        PortRole::Native => checks.transport == Transport::Native,
    };
    target.transports.iter().filter(of_role).find_map(|checks| {
        let failed = checks
            .results
            .iter()
            .find(|it| it.judgement.status == Status::Failed)?;
        let cause = failed.judgement.cause.as_ref()?;
        matches!(
            cause.id,
            Id::ProxyInTheWay | Id::NotTdengine | Id::WsUpgradeRefused
        )
        .then(|| failed.judgement.observed.clone())
    })
}

impl Demand<'_> {
    /// Returns whether connections are accepted, and by TDengine as far as known.
    fn is_open(&self) -> bool {
        is_open(self.dials) && self.intruder.is_none()
    }

    /// `host (address, address)`.
    fn destination(&self) -> String {
        let others: Vec<&str> = self
            .name
            .addresses
            .iter()
            .map(String::as_str)
            .filter(|address| *address != self.host)
            .collect();
        match others.is_empty() {
            true => self.host.to_owned(),
            false => format!("{} ({})", self.host, others.join(", ")),
        }
    }

    /// The addresses of this machine that connections come from, each once.
    fn sources(&self) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        for dial in self.dials {
            let source = match (&dial.source, &dial.interface) {
                (Some(source), Some(interface)) => format!("{source} ({interface})"),
                (Some(source), None) => source.clone(),
                (None, _) => continue,
            };
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }

    fn summary(&self) -> Message {
        message!(
            "ticket-demand",
            open = self.is_open(),
            measured = !self.dials.is_empty(),
            sources = self.sources().join(", "),
            destination = self.destination(),
            port = self.port
        )
    }

    fn details(&self) -> Vec<Message> {
        let names: Vec<&str> = self.transports.iter().map(|it| it.as_str()).collect();
        let mut details = vec![message!("ticket-used-by", names = names.join(", "))];
        for transport in &self.transports {
            details.push(match transport {
                Transport::Ws => message!("ticket-why-ws", tls = self.tls),
                Transport::Rest => message!("ticket-why-rest", tls = self.tls),
                Transport::Native if self.is_dnode => message!("ticket-why-dnode"),
                Transport::Native => message!("ticket-why-native"),
            });
        }
        details.extend(self.measured());
        details
    }

    /// The measurements, one a line.
    fn measured(&self) -> Vec<Message> {
        let mut measured = vec![match self.name.outcome {
            NameOutcome::Literal => Message::default(),
            NameOutcome::Resolved => {
                message!(
                    "ticket-resolved",
                    addresses = self.name.addresses.join(", ")
                )
            }
            NameOutcome::NotFound => message!("ticket-not-found", host = self.host),
            NameOutcome::ResolverFailed => message!("ticket-resolver-failed", host = self.host),
            NameOutcome::TimedOut => message!("ticket-resolver-timed-out", host = self.host),
            NameOutcome::NotMeasured => message!("ticket-not-resolved"),
        }];
        for dial in self.dials {
            measured.push(message!(
                "ticket-dial",
                address = dial.address,
                port = self.port,
                result = dial_words(dial.outcome),
                ms = dial.ms.map(|ms| ms.to_string()).unwrap_or_default()
            ));
        }
        if self.dials.is_empty() && self.name.outcome != NameOutcome::NotFound {
            measured.push(message!("ticket-not-measured"));
        }
        if let Some(certificate) = self.certificate {
            measured.push(message!(
                "ticket-certificate",
                subject = certificate.subject,
                issuer = certificate.issuer,
                trusted = certificate.trusted
            ));
        }
        if let Some(observed) = &self.intruder {
            measured.push(message!("ticket-intercepted", observed = observed));
        }
        measured.retain(|line| !line.is_empty());
        measured
    }

    /// One rule for each pair of addresses, with the transports that need it. Without addresses, rules have the host's name.
    fn rules(&self) -> Vec<String> {
        let pairs = self.dials.iter().map(|dial| {
            let source = dial.source.as_deref().unwrap_or(UNKNOWN_SOURCE);
            (source, dial.address.as_str())
        });
        let mut pairs: Vec<(&str, &str)> = pairs.collect();
        if pairs.is_empty() {
            let addresses = self.name.addresses.iter();
            pairs.extend(addresses.map(|address| (UNKNOWN_SOURCE, address.as_str())));
        }
        if pairs.is_empty() {
            pairs.push((UNKNOWN_SOURCE, self.host));
        }
        let mut rules: Vec<String> = Vec::new();
        for (source, destination) in pairs {
            let port = self.port;
            let purposes = self.purposes();
            let rule =
                format!("allow tcp from {source} to {destination} port {port}    # {purposes}");
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        rules
    }

    /// The transports that use the port, each with the protocol on it.
    fn purposes(&self) -> String {
        let protocol = |transport: &Transport| match (transport, self.tls) {
            (Transport::Ws, true) => "ws (WebSocket over TLS)",
            (Transport::Ws, false) => "ws (WebSocket over HTTP)",
            (Transport::Rest, true) => "rest (HTTPS)",
            (Transport::Rest, false) => "rest (HTTP)",
            (Transport::Native, _) if self.is_dnode => "native (taosd, dnode)",
            (Transport::Native, _) => "native (taosd)",
        };
        let purposes: Vec<&str> = self.transports.iter().map(protocol).collect();
        purposes.join(", ")
    }
}

/// Remarks that rules of a firewall cannot express.
fn remarks(outcome: &VerifyOutcome, demands: &[Demand<'_>]) -> Vec<Message> {
    let uses = |transport| demands.iter().any(|it| it.transports.contains(&transport));
    let mut remarks = vec![message!("ticket-remark-tcp")];
    if uses(Transport::Ws) {
        remarks.push(message!("ticket-remark-ws"));
    }
    if demands.iter().any(|demand| demand.tls) {
        remarks.push(message!("ticket-remark-tls"));
    }
    if uses(Transport::Native) {
        let known = outcome.targets.iter().any(|it| it.route.dnodes.is_some());
        remarks.push(match known {
            true => message!("ticket-remark-dnodes"),
            false => message!("ticket-remark-dnodes-unknown"),
        });
    }
    for target in &outcome.targets {
        if let Some(proxy) = &target.route.proxy {
            remarks.push(message!(
                "ticket-remark-proxy",
                variable = proxy.variable,
                address = proxy.address.as_deref().unwrap_or_default()
            ));
        }
        if let Some(control) = &target.control {
            remarks.push(message!(
                "ticket-remark-control",
                control = control_text::describe(control)
            ));
        }
    }
    remarks.dedup();
    remarks
}

fn in_markdown(line: &TicketLine) -> String {
    match line {
        TicketLine::Title(text) => format!("# {}\n\n", escaped(text)),
        TicketLine::Heading(text) => format!("\n## {}\n\n", escaped(text)),
        TicketLine::Text(text) => format!("{}\n", escaped(text)),
        TicketLine::Item(text) => format!("- {}\n", escaped(text)),
        TicketLine::SubItem(text) => format!("  - {}\n", escaped(text)),
        TicketLine::Code(lines) => format!("\n{}", code_block(&lines.join("\n"), "text")),
    }
}

fn in_text(line: &TicketLine) -> String {
    match line {
        TicketLine::Title(text) => format!("{text}\n"),
        TicketLine::Heading(text) => format!("\n{text}\n\n"),
        TicketLine::Text(text) => format!("{text}\n"),
        TicketLine::Item(text) => format!("* {text}\n"),
        TicketLine::SubItem(text) => format!("    - {text}\n"),
        TicketLine::Code(lines) => lines.iter().map(|line| format!("    {line}\n")).collect(),
    }
}
