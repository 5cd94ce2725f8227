//! The connectors that the project in the current folder pins, against the server that was met.

use std::collections::BTreeSet;
use std::path::Path;

use super::plan::TargetPlan;
use super::transport_checks::TransportChecks;
use crate::catalog::connectors::{ConnectorRule, Connectors};
use crate::catalog::endings::Endings;
use crate::diagnose::judge::connector::{self, PinFault, PinTrouble};
use crate::diagnose::{Judgement, Status};
use crate::dsn::Transport;
use crate::message::{Message, message};
use crate::probe::Check;
use crate::project::dotnet_solution::PROJECT_ENDINGS;
use crate::project::odbc_ini;
use crate::project::pins::{self, Pin};
use crate::project::rockspec::ROCKSPEC_ENDING;
use crate::safety::printable::printable;
use crate::system::events::{Event, EventSink};
use crate::tdengine::version::Version;

/// Reads the project in the current folder; notes about what cannot be read go to `events`.
pub(super) fn project(events: &EventSink) -> Vec<Pin> {
    let (pins, notes) = pins::read(Path::new("."));
    for note in notes {
        events.emit(Event::note(note));
    }
    for pin in pins.iter().filter(|it| it.package == odbc_ini::PACKAGE) {
        if !pin.asked.is_empty() {
            events.emit(Event::note(message!(
                "verify-odbc-driver",
                file = pin.file,
                driver = printable(&pin.asked)
            )));
        }
    }
    pins
}

/// Emits a note for each transport that the user named and whose connection in this project's language the vendor ends.
pub(super) fn note_endings(pins: &[Pin], plans: &[TargetPlan], events: &EventSink) {
    let endings = Endings::built_in();
    let connectors = pins
        .iter()
        .filter_map(|pin| Connectors::built_in().named(&pin.package));
    let languages: BTreeSet<&str> = connectors
        .map(|connector| connector.language.as_str())
        .collect();
    let wanted = plans.iter().flat_map(|plan| &plan.transports);
    let named: BTreeSet<Transport> = wanted
        .filter(|wanted| wanted.named)
        .map(|wanted| wanted.transport)
        .collect();
    for language in languages {
        for ending in named
            .iter()
            .filter_map(|transport| endings.of(language, *transport))
        {
            events.emit(Event::note(endings.describe(ending)));
        }
    }
}

/// Adds to each checks that reached the server what is wrong with the connectors over its transport. It is an error where a
/// pinned connector cannot talk to this server over any of the transports that work.
pub(super) fn check(pins: &[Pin], transports: &mut [TransportChecks]) {
    let met: Vec<(Transport, Version)> = transports
        .iter()
        .filter(|checks| checks.status() == Status::Ok)
        .filter_map(|checks| {
            Some((
                checks.transport,
                Version::find(checks.server_version.as_ref()?)?,
            ))
        })
        .collect();
    for pin in pins {
        let troubles: Vec<(Transport, PinTrouble)> = met
            .iter()
            .filter_map(|(transport, server)| {
                Some((*transport, trouble(pin, pins, *transport, *server)?))
            })
            .collect();
        // What is no longer kept up is said once.
        let mut said = false;
        let fatal = |trouble: &PinTrouble| !trouble.advice;
        let spoken = |transport: &Transport| speaks(pin, *transport);
        let works = met.iter().any(|(transport, _)| {
            let mut about = troubles.iter().filter(|(other, _)| other == transport);
            spoken(transport) && about.all(|(_, trouble)| !fatal(trouble))
        });
        for (transport, trouble) in troubles {
            let once = trouble.fault == PinFault::Deprecated && std::mem::replace(&mut said, true);
            let checks = transports
                .iter_mut()
                .find(|checks| checks.transport == transport);
            if let Some(checks) = checks.filter(|_| !once) {
                let judgement: Judgement = connector::pinned(&trouble);
                let judgement = if works || trouble.advice {
                    judgement.into_warning()
                } else {
                    judgement
                };
                // The last check: nothing depends on whether it ends the checks.
                let _ = checks.add_untimed(Check::Connector, judgement);
            }
        }
    }
}

/// Whether the pinned package is a connector that the catalog knows. Rocks have names that packages of other languages have, too.
pub fn is_connector(pin: &Pin) -> bool {
    let known = Connectors::built_in().named(&pin.package);
    known.is_some_and(|it| it.language != "lua" || pin.file.ends_with(ROCKSPEC_ENDING))
}

/// Returns what is wrong with the connectors of a project over native connections with a client of `version`, which has the version
/// of its server. Without a client, what is wrong with every server.
pub fn against_client(pins: &[Pin], version: Option<Version>) -> Vec<(&Pin, Judgement)> {
    let transports = match version {
        Some(_) => &[Transport::Native][..],
        None => &[Transport::Ws, Transport::Rest][..],
    };
    let judge = |pin| {
        let troubles = transports.iter().filter_map(|transport| {
            let server = version.unwrap_or(Version([u32::MAX; 4]));
            trouble(pin, pins, *transport, server)
        });
        let mut troubles = troubles.filter(|trouble| match trouble.fault {
            PinFault::Broken | PinFault::Deprecated => true,
            PinFault::TooNew(_) | PinFault::TooOld => version.is_some(),
        });
        let trouble = troubles.next()?;
        let judgement = connector::pinned(&trouble);
        // WebSocket may still work.
        Some((pin, judgement.into_warning()))
    };
    pins.iter().filter_map(judge).collect()
}

/// Whether the package speaks `transport`, as far as the catalog knows it.
fn speaks(pin: &Pin, transport: Transport) -> bool {
    match Connectors::built_in().named(&pin.package) {
        Some(connector) if !connector.release.is_empty() => connector
            .release
            .iter()
            .any(|release| release.support(transport).is_some()),
        connector => connector.is_some_and(|connector| {
            let mut rules = connector.rule.iter();
            rules.any(|rule| rule.is_about(&pin.numbers(), transport))
        }),
    }
}

/// The worst that is known of `pin` with `server` over `transport`.
fn trouble(pin: &Pin, pins: &[Pin], transport: Transport, server: Version) -> Option<PinTrouble> {
    let version = pin.numbers();
    let known = Connectors::built_in().named(&pin.package);
    let rules = known.iter().flat_map(|connector| &connector.rule);
    let about = rules.filter(|rule| rule.is_about(&version, transport));
    let mut worst: Option<PinTrouble> = None;
    for limit in about {
        let Some(fault) = fault(limit, pin, pins, server) else {
            continue;
        };
        let trouble = said(
            pin,
            transport,
            server,
            fault,
            limit.why.clone().into(),
            Some(limit),
        );
        if worst
            .as_ref()
            .is_none_or(|worst| worst.advice && !trouble.advice)
        {
            worst = Some(trouble);
        }
    }
    let retired = known.and_then(|connector| connector.retired.clone());
    match (retired, worst) {
        // That it cannot work at all is the worse news.
        (Some(retired), None | Some(PinTrouble { advice: true, .. })) => {
            let fault = PinFault::Deprecated;
            Some(said(pin, transport, server, fault, retired.into(), None))
        }
        (_, worst) => worst,
    }
}

/// What `limit` comes to here; `None` where it does not matter.
fn fault(limit: &ConnectorRule, pin: &Pin, pins: &[Pin], server: Version) -> Option<PinFault> {
    if limit.deprecated {
        return Some(PinFault::Deprecated);
    }
    // A package without a version: which one is used is not known.
    if pin.numbers().is_empty() {
        return None;
    }
    if limit.broken {
        let met = match &limit.beside {
            None => true,
            Some(beside) => pins.iter().any(|other| {
                other.package == beside.package && other.exact && beside.is_met_by(&other.numbers())
            }),
        };
        return (met && pin.exact).then_some(PinFault::Broken);
    }
    if let Some(needs) = limit.needs {
        return (server < needs).then_some(PinFault::TooNew(needs));
    }
    // The lowest of a range may give way to a newer one.
    let gone = limit.gone.filter(|gone| server >= *gone && pin.exact);
    gone.map(|_| PinFault::TooOld)
}

fn said(
    pin: &Pin,
    transport: Transport,
    server: Version,
    fault: PinFault,
    why: Message,
    limit: Option<&ConnectorRule>,
) -> PinTrouble {
    let catalog = Connectors::built_in();
    let language = catalog
        .named(&pin.package)
        .map_or("", |connector| connector.language.as_str());
    let choice = catalog
        .choose(language, transport, Some(server))
        .filter(|choice| !choice.built_in);
    let take = match (limit.and_then(|limit| limit.take.clone()), choice) {
        (Some(take), _) => Some((take.clone(), take)),
        (None, Some(choice)) => Some((
            format!("{} {}", choice.package, choice.version),
            edit(&pin.file, choice.package, choice.version),
        )),
        (None, None) => None,
    };
    PinTrouble {
        package: pin.package.clone(),
        version: pin.version.clone(),
        file: pin.file.clone(),
        manifest: pin.manifest(),
        server,
        transport,
        fault,
        why,
        advice: limit.is_none_or(|limit| limit.advice),
        take,
    }
}

/// How a project of this kind takes `version` of `package`: the command of its own tool, or what stands in its manifest.
fn edit(file: &str, package: &str, version: &str) -> String {
    match file.rsplit('/').next().unwrap_or(file) {
        "go.mod" => format!("go get {package}@{version}"),
        "package.json" | "package-lock.json" | "npm-shrinkwrap.json" => {
            format!("npm install {package}@{version}")
        }
        "pnpm-lock.yaml" => format!("pnpm add {package}@{version}"),
        "yarn.lock" => format!("yarn add {package}@{version}"),
        "bun.lock" => format!("bun add {package}@{version}"),
        "pom.xml" => format!("<version>{version}</version>"),
        "build.gradle" | "build.gradle.kts" | "gradle.lockfile" => format!("{package}:{version}"),
        "Cargo.toml" | "Cargo.lock" => format!("{package} = \"{version}\""),
        "composer.json" | "composer.lock" => format!("composer require {package}:{version}"),
        "Directory.Packages.props" => {
            format!("<PackageVersion Include=\"{package}\" Version=\"{version}\" />")
        }
        _ if file.ends_with(ROCKSPEC_ENDING) => format!("\"{package} >= {version}\""),
        _ if is_dotnet(file) => format!("dotnet add package {package} --version {version}"),
        "uv.lock" => format!("uv add {package}=={version}"),
        "poetry.lock" => format!("poetry add {package}@{version}"),
        "pdm.lock" => format!("pdm add {package}=={version}"),
        "Pipfile.lock" => format!("pipenv install {package}=={version}"),
        _ => format!("{package}=={version}"),
    }
}

/// Whether `file` is of a project of .NET.
fn is_dotnet(file: &str) -> bool {
    file == "packages.lock.json" || PROJECT_ENDINGS.iter().any(|ending| file.ends_with(ending))
}

#[cfg(test)]
mod tests;
