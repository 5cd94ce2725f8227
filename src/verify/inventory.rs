//! A list of targets in a file: one target a line, `[group]` headings, and labels after the target. The simple lines of an Ansible
//! inventory are such lines. The file may come from anywhere: it is read strictly, within limits, and no line of it is repeated in
//! an error, because a line may hold a password.

use std::net::Ipv6Addr;
use std::path::Path;
use std::sync::Arc;

use crate::dsn::Target;
use crate::dsn::target::bracketed;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::aliases::Aliases;
use crate::safety::redaction::{is_secret_option, redact};
use crate::system::files;

/// The most bytes of a file.
const MOST_BYTES: u64 = 1 << 20;
/// The most lines of a file, and the most targets of a run.
const MOST_LINES: usize = 10_000;
/// The most bytes of a line.
const MOST_LINE: usize = 4096;
/// The most labels of a target.
const MOST_LABELS: usize = 32;
/// The most bytes of a group or of a label's name.
const MOST_NAME: usize = 64;
/// The most bytes of a label's value.
const MOST_VALUE: usize = 256;
/// The label that stands for the heading in options and reports.
pub const GROUP: &str = "group";
/// The start of Ansible's own variables.
const ANSIBLE: &str = "ansible_";
/// The variable with the address of a host that has another name.
const ANSIBLE_HOST: &str = "ansible_host";
/// Ansible's own word for the name of such a host.
const ANSIBLE_NAME: &str = "inventory_hostname";

/// A target as it was named, with its labels if an inventory names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedTarget {
    /// A target in one of its forms.
    pub text: String,
    /// Its labels; `None` for one that no inventory names.
    pub labels: Option<Arc<TargetLabels>>,
}

impl From<String> for RequestedTarget {
    fn from(text: String) -> Self {
        Self { text, labels: None }
    }
}

/// The facts that an inventory gives about a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetLabels {
    /// The heading above it.
    pub group: Option<String>,
    /// Names and values in the order of the line. None is a secret.
    pub labels: Vec<(String, String)>,
}

impl TargetLabels {
    /// Returns the value of the label `name`, or the heading for `group`.
    pub fn value(&self, name: &str) -> Option<&str> {
        if name == GROUP {
            return self.group.as_deref();
        }
        let mut labels = self.labels.iter();
        labels
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns all names and values, the group first.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let group = self.group.iter().map(|group| (GROUP, group.as_str()));
        let labels = self.labels.iter();
        group.chain(labels.map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The same with aliases for every value: groups and labels name plants, machines, and people. A host name has that of a host.
    #[must_use]
    pub fn hidden(&self, aliases: &Aliases) -> Self {
        let hide = |name: &str, value: &str| match name {
            ANSIBLE_NAME => {
                aliases.add_host(value.split_once(':').map_or(value, |(host, _)| host));
                aliases.hide(value)
            }
            _ => aliases.label(name, value),
        };
        let labels = self.labels.iter();
        Self {
            group: self.group.as_deref().map(|group| hide(GROUP, group)),
            labels: labels
                .map(|(name, value)| (name.clone(), hide(name, value)))
                .collect(),
        }
    }
}

/// A line that is not one of an inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryFault {
    /// Its number, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The reason, without words of the line.
    pub complaint: Message,
}

/// Returns the targets that `arguments` name, in their order: `@FILE` stands for those of an inventory.
///
/// # Errors
/// `file-unreadable` and `file-unparsable` for an inventory, `usage` for too many targets.
pub fn expand(arguments: Vec<String>) -> Result<Vec<RequestedTarget>> {
    let mut targets = Vec::new();
    for argument in arguments {
        match argument.strip_prefix('@') {
            Some(file) => targets.extend(read(file.as_ref())?),
            None => targets.push(argument.into()),
        }
        if targets.len() > MOST_LINES {
            return Err(Error::new(
                ErrorId::Usage,
                message!("inventory-collect"),
                message!("inventory-too-many", most = MOST_LINES),
                message!("inventory-split"),
            ));
        }
    }
    Ok(targets)
}

/// Checks that a target of `targets` has the label `name`.
///
/// # Errors
/// `usage` if none has it.
pub fn check_label(targets: &[RequestedTarget], name: &str) -> Result<()> {
    let all = || targets.iter().filter_map(|target| target.labels.as_deref());
    if all().any(|labels| labels.value(name).is_some()) {
        return Ok(());
    }
    let mut known: Vec<&str> = Vec::new();
    for (label, _) in all().flat_map(TargetLabels::pairs) {
        if !known.contains(&label) && known.len() < MOST_LABELS {
            known.push(label);
        }
    }
    Err(Error::new(
        ErrorId::Usage,
        message!("inventory-group-by", name = name),
        match known.is_empty() {
            true => message!("inventory-without-labels"),
            false => message!("inventory-labels", names = known.join(", ")),
        },
        message!("inventory-group-by-next"),
    ))
}

/// Reads the inventory `file`.
fn read(file: &Path) -> Result<Vec<RequestedTarget>> {
    let failed = |id, observed| {
        let tried = message!("inventory-read", file = file.display());
        Error::new(id, tried, observed, message!("inventory-next"))
    };
    let bytes = files::read_named(file, MOST_BYTES)
        .map_err(|error| failed(ErrorId::FileUnreadable, describe_io_error(&error)))?;
    parse(&bytes).map_err(|fault| {
        let observed = match fault.line {
            0 => fault.complaint,
            line => message!("inventory-line", line = line, complaint = fault.complaint),
        };
        failed(ErrorId::FileUnparsable, observed)
    })
}

/// Parses an inventory. Takes time linear in its size.
pub fn parse(bytes: &[u8]) -> std::result::Result<Vec<RequestedTarget>, InventoryFault> {
    let at = |line, complaint| InventoryFault { line, complaint };
    if bytes.len() as u64 > MOST_BYTES {
        return Err(at(0, message!("io-too-large-mib", most = MOST_BYTES >> 20)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        at(breaks + 1, message!("inventory-not-utf8"))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut targets = Vec::new();
    let mut group = None;
    for (number, line) in (1..).zip(text.lines()) {
        if number > MOST_LINES {
            return Err(at(
                number,
                message!("inventory-too-many-lines", most = MOST_LINES),
            ));
        }
        match parse_line(line).map_err(|complaint| at(number, complaint))? {
            InventoryLine::Empty => {}
            InventoryLine::Heading(name) => group = Some(name),
            InventoryLine::Target(text, labels) => targets.push(RequestedTarget {
                text,
                labels: Some(Arc::new(TargetLabels {
                    group: group.clone(),
                    labels,
                })),
            }),
        }
    }
    match targets.is_empty() {
        true => Err(at(0, message!("inventory-empty"))),
        false => Ok(targets),
    }
}

/// A line of an inventory.
enum InventoryLine {
    /// Nothing, or a comment.
    Empty,
    /// The name of a group.
    Heading(String),
    /// A target with its labels.
    Target(String, Vec<(String, String)>),
}

fn parse_line(line: &str) -> std::result::Result<InventoryLine, Message> {
    if line.len() > MOST_LINE {
        return Err(message!("inventory-long-line", most = MOST_LINE));
    }
    if line.chars().any(|c| c.is_control() && c != '\t') {
        return Err(message!("inventory-control"));
    }
    if line.trim_start().starts_with(';') {
        return Ok(InventoryLine::Empty);
    }
    let mut words = line
        .split_whitespace()
        .take_while(|word| !word.starts_with('#'));
    let Some(first) = words.next() else {
        return Ok(InventoryLine::Empty);
    };
    if first.starts_with('@') {
        return Err(message!("inventory-names-a-file"));
    }
    let words: Vec<&str> = words.collect();
    if words.is_empty()
        && let Some(name) = heading(first)
    {
        return match is_name(name) {
            true => Ok(InventoryLine::Heading(name.to_owned())),
            false => Err(message!("inventory-heading", most = MOST_NAME)),
        };
    }
    // The rest of a connection string with blanks would be taken for labels.
    if first.ends_with(';') && !words.is_empty() {
        return Err(message!("inventory-blank-in-target"));
    }
    let target: Target = first.parse()?;
    let mut text = first.to_owned();
    let mut labels: Vec<(String, String)> = Vec::new();
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(message!("inventory-not-a-label"));
        };
        if name == ANSIBLE_HOST {
            if labels.iter().any(|(known, _)| known == ANSIBLE_NAME) {
                return Err(message!("inventory-label-twice", name = name));
            }
            text = with_address(&target, value)?;
            labels.insert(0, (ANSIBLE_NAME.to_owned(), first.to_owned()));
            continue;
        }
        // What Ansible reads is not a label, and neither is a secret: labels are printed.
        if name.starts_with(ANSIBLE) || is_secret_option(name) || redact(word) != word {
            continue;
        }
        if !is_name(name) || name == GROUP {
            return Err(message!("inventory-label-name", most = MOST_NAME));
        }
        if value.len() > MOST_VALUE || value.contains(['"', '\'']) {
            return Err(message!("inventory-label-value", most = MOST_VALUE));
        }
        if labels.iter().any(|(known, _)| known == name) {
            return Err(message!("inventory-label-twice", name = name));
        }
        if labels.len() == MOST_LABELS {
            return Err(message!("inventory-many-labels", most = MOST_LABELS));
        }
        labels.push((name.to_owned(), value.to_owned()));
    }
    Ok(InventoryLine::Target(text, labels))
}

/// The text between the brackets of a heading; an IPv6 address in brackets is a target.
fn heading(word: &str) -> Option<&str> {
    let name = word.strip_prefix('[')?.strip_suffix(']')?;
    (name.parse::<Ipv6Addr>().is_err()).then_some(name)
}

/// Whether `name` can be a group or the name of a label.
fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    (1..=MOST_NAME).contains(&name.len()) && name.chars().all(allowed)
}

/// The target at `address` with the port of `named`, which is only a name.
fn with_address(named: &Target, address: &str) -> std::result::Result<String, Message> {
    let only_host = |target: &Target| {
        let expected = Target {
            host: target.host.clone(),
            port: target.port,
            ..Target::default()
        };
        *target == expected
    };
    let address: Target = address.parse()?;
    if !only_host(named) || !only_host(&address) || address.port.is_some() {
        return Err(message!("inventory-ansible-host"));
    }
    let host = bracketed(&address.host);
    Ok(match named.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

#[cfg(test)]
mod tests;
