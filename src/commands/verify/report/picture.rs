//! The path from this machine to the dnodes as a picture: blocks for what is on the way, and a line for each transport that is green up to
//! where it broke. One model, laid out from left to right for wide pages and from top to bottom for narrow ones.

mod layout;

use serde::Serialize;

use crate::diagnose::{Id, Status};
use crate::dsn::Transport;
use crate::message::locale::Locale;
use crate::message::message;
use crate::safety::printable::escape_controls;
use crate::verify::route::{DnodeFact, is_open};
use crate::verify::{Check, CheckResult, TargetOutcome, TransportChecks};

pub(super) use layout::{Drawing, narrow, wide};

/// So many dnodes have a block of their own.
const MOST_DNODES: usize = 6;

/// How far a transport got at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PassState {
    /// Passed.
    Good,
    /// Passed, with a warning.
    Warned,
    /// It broke here.
    Broken,
    /// It did not get here.
    Unreached,
}

/// A place on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathPlace {
    /// This machine.
    Machine,
    /// The name and its addresses.
    Name,
    /// A proxy.
    Proxy,
    /// taosAdapter.
    Adapter,
    /// taosd.
    Taosd,
}

/// A block of the picture.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Which place; `None` for a dnode.
    pub place: Option<PathPlace>,
    /// Its title.
    pub title: String,
    /// Lines of details.
    pub details: Vec<String>,
    /// How it looks.
    pub state: PassState,
}

/// A transport's line.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    /// The word for the transport.
    pub name: &'static str,
    /// How it got on at each block of the way that it passes, by the block's index.
    pub stops: Vec<(usize, PassState)>,
    /// Milliseconds, if it works.
    pub ms: Option<u64>,
}

/// The picture.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    /// The blocks of the way, in order.
    pub blocks: Vec<Block>,
    /// The lines, those through taosAdapter first.
    pub lanes: Vec<Lane>,
    /// The dnodes.
    pub dnodes: Vec<Block>,
    /// What a screen reader reads.
    pub description: String,
}

impl Picture {
    /// The picture of `target`; `None` if no transport was verified.
    pub fn of(target: &TargetOutcome, locale: Locale) -> Option<Self> {
        let asked: Vec<&TransportChecks> = target
            .transports
            .iter()
            .filter(|checks| checks.status() != Status::Skipped)
            .collect();
        if asked.is_empty() {
            return None;
        }
        let through_adapter = asked.iter().any(|it| it.transport != Transport::Native);
        let proxied = target.route.proxy.is_some() || asked.iter().any(|it| stops_at_proxy(it));
        let mut places = vec![PathPlace::Machine, PathPlace::Name];
        if proxied && through_adapter {
            places.push(PathPlace::Proxy);
        }
        if through_adapter {
            places.push(PathPlace::Adapter);
        }
        places.push(PathPlace::Taosd);
        let lanes: Vec<Lane> = asked.iter().map(|it| lane(it, &places)).collect();
        let blocks: Vec<Block> = places
            .iter()
            .enumerate()
            .map(|(at, place)| {
                let states = lanes.iter().flat_map(|lane| &lane.stops);
                let states = states
                    .filter(|(stop, _)| *stop == at)
                    .map(|(_, state)| *state);
                Block {
                    place: Some(*place),
                    title: title(*place, locale),
                    details: details(*place, target, &asked, locale),
                    state: block_state(states),
                }
            })
            .collect();
        let dnodes = dnodes(target, &asked, locale);
        let description = describe(&blocks, &lanes, &asked, locale);
        Some(Self {
            blocks,
            lanes,
            dnodes,
            description,
        })
    }
}

/// Whether `checks` ended at something between this machine and taosAdapter.
fn stops_at_proxy(checks: &TransportChecks) -> bool {
    let cause = |result: &CheckResult| result.judgement.cause.as_ref().map(|cause| cause.id);
    let last = checks
        .results
        .last()
        .filter(|it| it.judgement.status == Status::Failed);
    last.and_then(cause) == Some(Id::ProxyInTheWay)
}

/// The place at which a check of a transport is.
fn place(check: Check, transport: Transport) -> PathPlace {
    match check {
        Check::Library | Check::Load | Check::ClientVersion | Check::Config | Check::Connector => {
            PathPlace::Machine
        }
        Check::Dns => PathPlace::Name,
        Check::Tcp | Check::Tls | Check::Protocol if transport != Transport::Native => {
            PathPlace::Adapter
        }
        Check::Tcp
        | Check::Tls
        | Check::Protocol
        | Check::Fingerprint
        | Check::Auth
        | Check::Connect
        | Check::Version
        | Check::Query
        | Check::Endpoints
        | Check::Clock
        | Check::Write => PathPlace::Taosd,
    }
}

fn lane(checks: &TransportChecks, places: &[PathPlace]) -> Lane {
    let native = checks.transport == Transport::Native;
    let mut broken = false;
    let mut stops = Vec::new();
    for (at, stop) in places.iter().enumerate() {
        if native && matches!(stop, PathPlace::Adapter | PathPlace::Proxy) {
            continue;
        }
        let here: Vec<&CheckResult> = checks
            .results
            .iter()
            // Where native clients are redirected is drawn behind taosd.
            .filter(|result| !(native && result.check == Check::Endpoints))
            .filter(|result| {
                match stops_at_proxy(checks) && result.judgement.status == Status::Failed {
                    true => *stop == PathPlace::Proxy,
                    false => place(result.check, checks.transport) == *stop,
                }
            })
            .collect();
        let has = |status| here.iter().any(|result| result.judgement.status == status);
        let state = if broken {
            PassState::Unreached
        } else if has(Status::Failed) {
            broken = true;
            PassState::Broken
        } else if has(Status::Warning) && *stop != PathPlace::Taosd {
            PassState::Warned
        } else if here.is_empty() && !matches!(stop, PathPlace::Machine | PathPlace::Proxy) {
            PassState::Unreached
        } else {
            PassState::Good
        };
        stops.push((at, state));
    }
    Lane {
        name: checks.transport.as_str(),
        stops,
        ms: (checks.status() == Status::Ok).then_some(checks.ms),
    }
}

/// How a block looks that several lines pass.
fn block_state(states: impl Iterator<Item = PassState>) -> PassState {
    let states: Vec<PassState> = states.collect();
    let has = |state| states.contains(&state);
    if has(PassState::Broken) {
        match has(PassState::Good) || has(PassState::Warned) {
            true => PassState::Warned,
            false => PassState::Broken,
        }
    } else if has(PassState::Warned) {
        PassState::Warned
    } else if has(PassState::Good) {
        PassState::Good
    } else {
        PassState::Unreached
    }
}

fn title(place: PathPlace, locale: Locale) -> String {
    match place {
        PathPlace::Machine => message!("picture-machine").text(locale),
        PathPlace::Name => message!("picture-name").text(locale),
        PathPlace::Proxy => message!("picture-proxy").text(locale),
        PathPlace::Adapter => "taosAdapter".to_owned(),
        PathPlace::Taosd => "taosd".to_owned(),
    }
}

/// The details of a block: where it broke, or what it is.
fn details(
    place_of_block: PathPlace,
    target: &TargetOutcome,
    asked: &[&TransportChecks],
    locale: Locale,
) -> Vec<String> {
    let text = detail(place_of_block, target, asked, locale);
    let lines = text.split('\n').filter(|line| !line.is_empty());
    lines.map(escape_controls).collect()
}

fn detail(
    place_of_block: PathPlace,
    target: &TargetOutcome,
    asked: &[&TransportChecks],
    locale: Locale,
) -> String {
    let route = &target.route;
    let broken = asked.iter().find_map(|checks| {
        let failed = checks.results.iter().find(|result| {
            result.judgement.status == Status::Failed
                && match stops_at_proxy(checks) {
                    true => place_of_block == PathPlace::Proxy,
                    false => {
                        place(result.check, checks.transport) == place_of_block
                            && !(checks.transport == Transport::Native
                                && result.check == Check::Endpoints)
                    }
                }
        })?;
        failed
            .judgement
            .cause
            .as_ref()
            .map(|cause| cause.id.as_str().to_owned())
    });
    if let Some(broken) = broken {
        return broken;
    }
    match place_of_block {
        PathPlace::Machine => {
            let mut dials = route.ports.iter().flat_map(|port| &port.dials);
            let client = asked.iter().find_map(|it| it.client_version.clone());
            match (dials.find_map(|dial| dial.source.clone()), client) {
                (Some(source), _) => source,
                (None, Some(client)) => client,
                (None, None) => String::new(),
            }
        }
        PathPlace::Name => match route.name.addresses.as_slice() {
            [] => route.host.clone(),
            [only] if *only == route.host => only.clone(),
            [first] => format!("{}\n{first}", route.host),
            [first, others @ ..] => format!("{}\n{first} +{}", route.host, others.len()),
        },
        PathPlace::Proxy => match &route.proxy {
            Some(proxy) => proxy
                .address
                .clone()
                .unwrap_or_else(|| proxy.variable.clone()),
            None => String::new(),
        },
        PathPlace::Adapter => {
            let port = route
                .ports
                .iter()
                .find(|port| port.role == crate::verify::route::PortRole::Adapter);
            match port {
                Some(port) if port.tls => {
                    message!("picture-port-tls", port = port.number).text(locale)
                }
                Some(port) => message!("picture-port", port = port.number).text(locale),
                None => String::new(),
            }
        }
        PathPlace::Taosd => asked
            .iter()
            .find_map(|it| it.server_version.clone())
            .unwrap_or_default(),
    }
}

/// The blocks of the dnodes, those that cannot be reached first.
fn dnodes(target: &TargetOutcome, asked: &[&TransportChecks], locale: Locale) -> Vec<Block> {
    let native = asked.iter().any(|it| it.transport == Transport::Native);
    let state = |dnode: &DnodeFact| match is_open(&dnode.dials) && !dnode.is_strange {
        true if dnode.is_offline => PassState::Warned,
        true => PassState::Good,
        false if native => PassState::Broken,
        // WebSocket and REST do not need it.
        false => PassState::Warned,
    };
    let mut blocks: Vec<Block> = target
        .route
        .dnodes
        .iter()
        .flatten()
        .map(|dnode| Block {
            place: None,
            title: escape_controls(&dnode.advertised),
            details: vec![dnode_detail(dnode, locale)],
            state: state(dnode),
        })
        .collect();
    blocks.sort_by_key(|block| block.state == PassState::Good);
    if blocks.len() > MOST_DNODES {
        let left = blocks.split_off(MOST_DNODES - 1);
        let states = left.iter().map(|block| block.state);
        blocks.push(Block {
            place: None,
            title: message!("picture-more-dnodes", count = left.len()).text(locale),
            details: Vec::new(),
            state: block_state(states),
        });
    }
    blocks
}

fn dnode_detail(dnode: &DnodeFact, locale: Locale) -> String {
    if dnode.is_offline {
        return message!("picture-offline").text(locale);
    }
    if is_open(&dnode.dials) {
        return match dnode.is_strange {
            true => message!("picture-stranger").text(locale),
            false => message!("picture-reachable").text(locale),
        };
    }
    match dnode.dials.first() {
        None => message!("picture-unresolved").text(locale),
        Some(_) => message!("picture-unreachable").text(locale),
    }
}

/// The picture in words.
fn describe(
    blocks: &[Block],
    lanes: &[Lane],
    asked: &[&TransportChecks],
    locale: Locale,
) -> String {
    let lines = lanes.iter().zip(asked).map(|(lane, checks)| {
        let broken = lane
            .stops
            .iter()
            .find(|(_, state)| *state == PassState::Broken);
        let transport = checks.transport.localized_title();
        match broken.and_then(|(at, _)| blocks.get(*at)) {
            Some(block) => message!("picture-breaks", transport = transport, place = block.title),
            None => message!("picture-arrives", transport = transport),
        }
        .text(locale)
    });
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
