//! taos.cfg: which one is in effect and why, every key in it, keys that the driver does not have, and keys that contradict each other.

use std::collections::BTreeMap;

use super::check_report::CheckReport;
use super::machine_facts::{ConfigReason, EffectiveConfig, MachineFacts};
use crate::catalog::config_keys::{ConfigKey, ConfigKeys};
use crate::diagnose::{Id, Judgement};
use crate::driver::taos_cfg::{self, ConfigEntry};
use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::system::env_vars;

/// The most keys that are listed.
const MOST_LISTED: usize = 100;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let config = &facts.config;
    let file = config.file.display();
    let why = match config.why {
        ConfigReason::Variable => {
            message!(
                "doctor-config-variable",
                variable = env_vars::TAOS_CONFIG_DIR.name
            )
        }
        ConfigReason::Client => message!("doctor-config-client"),
        ConfigReason::Usual => message!("doctor-config-usual"),
    };
    let named = message!("doctor-config", file = file, why = why);
    let entries = match &config.entries {
        Ok(Some(entries)) => entries,
        Ok(None) => {
            let absent = message!("doctor-config-absent", file = file);
            let report = CheckReport::ok([named]).titled(absent.clone());
            // Whoever names a directory wants it to be read.
            let is_named = config.why == ConfigReason::Variable;
            return report.with(is_named.then(|| unreadable(config, absent)));
        }
        Err(error) => {
            let report =
                CheckReport::ok([named]).titled(message!("doctor-config-title", file = file));
            return report.with(unreadable(config, describe_io_error(error)));
        }
    };
    let mut report = CheckReport::ok([named]).titled(message!("doctor-config-title", file = file));
    for entry in entries.iter().take(MOST_LISTED) {
        report.details.push(describe(entry));
    }
    report
        .with(misspelled(config, entries))
        .with(repeated(config, entries))
        .with(invalid(config, entries))
}

/// A line of the file; what it says of a password or token is not shown.
fn describe(entry: &ConfigEntry) -> Message {
    let known = ConfigKeys::built_in().map(|keys| keys.find(&entry.key));
    let reader = match known {
        Ok(ConfigKey::Client) => message!("doctor-key-client"),
        Ok(ConfigKey::Server) => message!("doctor-key-server"),
        Ok(ConfigKey::Like(_) | ConfigKey::Unknown) | Err(_) => message!("doctor-key-unknown"),
    };
    let is_secret = ["s3AccessKey", "ssAccessString"]
        .iter()
        .any(|key| entry.sets(key));
    message!(
        "doctor-key",
        line = entry.line,
        key = printable(&entry.key),
        value = match is_secret {
            true => "***".to_owned(),
            false => printable(&entry.value),
        },
        reader = reader
    )
}

fn unreadable(config: &EffectiveConfig, observed: Message) -> Judgement {
    Judgement::failed(Id::ConfigUnreadable, observed)
        .expecting(message!("doctor-config-expected"))
        .with("config", config.file.display())
}

/// The first key that is probably another one.
fn misspelled(config: &EffectiveConfig, entries: &[ConfigEntry]) -> Option<Judgement> {
    let keys = ConfigKeys::built_in().ok()?;
    let (entry, meant) = entries
        .iter()
        .find_map(|entry| match keys.find(&entry.key) {
            ConfigKey::Like(meant) => Some((entry, meant)),
            ConfigKey::Client | ConfigKey::Server | ConfigKey::Unknown => None,
        })?;
    Some(
        Judgement::failed(
            Id::ConfigKeyUnknown,
            message!(
                "doctor-key-line",
                line = entry.line,
                key = entry.key,
                value = entry.value
            ),
        )
        .into_warning()
        .expecting(message!("doctor-key-expected"))
        .with("config", config.file.display())
        .with("found", &entry.key)
        .with("wanted", meant),
    )
}

/// The first key that lines set to different values.
fn repeated(config: &EffectiveConfig, entries: &[ConfigEntry]) -> Option<Judgement> {
    let mut seen: BTreeMap<String, &ConfigEntry> = BTreeMap::new();
    for entry in entries {
        let key = entry.key.to_ascii_lowercase();
        match seen.get(&key) {
            Some(first) if first.value != entry.value => {
                let lines = [first, &entry].map(|it| {
                    message!(
                        "doctor-key-line",
                        line = it.line,
                        key = it.key,
                        value = it.value
                    )
                });
                return Some(
                    Judgement::failed(Id::ConfigKeyRepeated, Message::joined(lines, "; "))
                        .into_warning()
                        .expecting(message!("doctor-key-once"))
                        .with("config", config.file.display())
                        .with("name", &entry.key),
                );
            }
            Some(_) => {}
            None => {
                seen.insert(key, entry);
            }
        }
    }
    None
}

/// The first value that its key cannot have.
fn invalid(config: &EffectiveConfig, entries: &[ConfigEntry]) -> Option<Judgement> {
    entries.iter().find_map(|entry| {
        let wanted = wanted(entry)?;
        Some(
            Judgement::failed(
                Id::ConfigValueInvalid,
                message!(
                    "doctor-key-line",
                    line = entry.line,
                    key = entry.key,
                    value = entry.value
                ),
            )
            .expecting(wanted.clone())
            .with("config", config.file.display())
            .with("name", &entry.key)
            .with_message("wanted", wanted),
        )
    })
}

/// What the value of `entry` should be, if it cannot be what it is (docs/facts.md, the keys of taos.cfg).
fn wanted(entry: &ConfigEntry) -> Option<Message> {
    let is_port = |text: &str| {
        text.parse::<u32>()
            .is_ok_and(|port| (1..=65056).contains(&port))
    };
    let is_switch = |text: &str| {
        text.parse::<i64>().is_ok()
            || ["true", "false"]
                .iter()
                .any(|it| text.eq_ignore_ascii_case(it))
    };
    if entry.sets("firstEp") || entry.sets("secondEp") {
        taos_cfg::endpoint(&entry.value)
            .is_none()
            .then(|| message!("doctor-wanted-endpoint"))
    } else if entry.sets("serverPort") {
        (!is_port(&entry.value)).then(|| message!("doctor-wanted-port"))
    } else if entry.sets("enableTLS") || entry.sets("useAdapter") || entry.sets("enableIpv6") {
        (!is_switch(&entry.value)).then(|| message!("doctor-wanted-switch"))
    } else {
        None
    }
}
