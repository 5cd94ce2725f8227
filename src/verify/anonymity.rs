//! `--anonymize`: aliases in place of hosts, addresses, and users, before findings are worded.

use std::sync::Arc;

use super::plan::TargetPlan;
use super::{TargetRun, diagnose_checks};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::safety::aliases::Aliases;
use crate::system::events::{Event, EventSink, Events};

/// Passes events on with aliases in their texts.
pub struct HidingEvents {
    events: EventSink,
    aliases: Arc<Aliases>,
}

impl HidingEvents {
    /// `events`, with `aliases` if there are any.
    pub fn around(events: &EventSink, aliases: Option<&Arc<Aliases>>) -> EventSink {
        match aliases {
            None => Arc::clone(events),
            Some(aliases) => Arc::new(Self {
                events: Arc::clone(events),
                aliases: Arc::clone(aliases),
            }),
        }
    }
}

impl Events for HidingEvents {
    fn emit(&self, event: Event) {
        let hide = |text: &str| self.aliases.hide(text);
        self.events.emit(match event {
            Event::Note(note) => Event::Note(note.map_texts(&hide)),
            Event::Detail(detail) => Event::Detail(detail.map_texts(&hide)),
            other @ (Event::Started { .. } | Event::Advanced { .. } | Event::Finished { .. }) => {
                other
            }
        });
    }
}

/// Gives the hosts and users of `plans`, in their order, and the names of this machine their aliases.
pub(super) fn register_plans(aliases: &Aliases, plans: &[TargetPlan]) {
    for plan in plans {
        aliases.add_host(&plan.host);
        if !plan.credentials().has_token() {
            aliases.add_user(&plan.user);
        }
        // In the order of the inventory, not in that of the answers.
        if let Some(labels) = &plan.labels {
            let _ = labels.hidden(aliases);
        }
    }
    register_machine(aliases);
}

/// Gives the name of this machine and the home directory aliases.
pub fn register_machine(aliases: &Aliases) {
    if let Ok(name) = std::fs::read_to_string("/proc/sys/kernel/hostname") {
        aliases.add_host(name.trim());
    }
    if let Ok(home) = etcetera::home_dir() {
        aliases.add_home(&home.to_string_lossy());
    }
}

/// `run` with aliases. Its findings are worded again of what has aliases, so that their own words stay.
pub(super) fn hide(run: TargetRun, aliases: &Aliases, locale: Locale) -> Result<TargetRun> {
    register(aliases, &run);
    let hide = |text: &str| aliases.hide(text);
    let mut outcome = run.outcome;
    outcome.target = hide(&outcome.target);
    for checks in &mut outcome.transports {
        checks.map_texts(&hide);
    }
    outcome.route.map_texts(&hide);
    outcome.labels = outcome
        .labels
        .map(|labels| Arc::new(labels.hidden(aliases)));
    if let Some(control) = &mut outcome.control {
        control.map_texts(&hide);
    }
    let subject = run.subject.map_texts(&hide);
    let diagnosis = diagnose_checks(&subject, &outcome.transports, locale)?;
    Ok(TargetRun {
        outcome,
        subject,
        diagnosis,
    })
}

/// Gives what was measured its aliases in an order that does not depend on that of the resolver's answers.
fn register(aliases: &Aliases, run: &TargetRun) {
    let route = &run.outcome.route;
    let mut addresses = route.name.addresses.clone();
    addresses.sort_unstable();
    for dnode in route.dnodes.iter().flatten() {
        aliases.add_host(&dnode.host);
        let mut of_dnode = dnode.name.addresses.clone();
        of_dnode.sort_unstable();
        addresses.append(&mut of_dnode);
    }
    for port in &route.ports {
        for dial in &port.dials {
            addresses.extend(dial.source.clone());
        }
        if let Some(certificate) = &port.certificate {
            aliases.add_host(&certificate.subject);
            aliases.add_issuer(&certificate.issuer);
        }
    }
    for address in &addresses {
        aliases.add_host(address);
    }
}
