//! `taos-setup --version --verbose`

use serde_json::{Value, json};

use crate::catalog::Clients;
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::tdengine::transport::Transport;

/// What this program is, and how new its data is.
struct ProgramVersion {
    version: &'static str,
    /// The target triple that it was built for.
    target: &'static str,
    /// The transports that this build can verify.
    transports: Vec<Transport>,
    catalog: &'static Clients,
}

/// Whether the words of a command line that asks for the version ask for details, too: `--verbose`, or a `v` among short options.
pub(super) fn wants_details(mut words: impl Iterator<Item = String>) -> bool {
    words.any(|word| match word.strip_prefix("--") {
        Some(long) => long == "verbose" || long == "json",
        None => word
            .strip_prefix('-')
            .is_some_and(|short| short.contains('v')),
    })
}

/// Collects the details of this program.
pub(super) fn details() -> Result<Report> {
    let mut transports = vec![Transport::Rest, Transport::Ws];
    // A static program loads no driver.
    if !cfg!(target_env = "musl") {
        transports.push(Transport::Native);
    }
    Ok(Box::new(ProgramVersion {
        version: env!("CARGO_PKG_VERSION"),
        target: env!("TAOS_SETUP_TARGET"),
        transports,
        catalog: Clients::builtin()?,
    }))
}

impl CommandResult for ProgramVersion {
    fn human(&self, _options: &HumanOptions) -> HumanText {
        let names: Vec<_> = self.transports.iter().map(|one| one.as_str()).collect();
        let (releases, digests) = self.catalog.size();
        // The words are the keys of the JSON document: scripts read both.
        let stdout = format!(
            "taos-setup {}\ntarget: {}\ntransports: {}\ncatalog: {} ({releases} releases, {digests} digests)\n",
            self.version,
            self.target,
            names.join(", "),
            self.catalog.reviewed(),
        );
        HumanText {
            stdout,
            stderr: String::new(),
        }
    }

    fn json(&self, _locale: Locale) -> Value {
        let names: Vec<_> = self.transports.iter().map(|one| one.as_str()).collect();
        let (releases, digests) = self.catalog.size();
        json!({
            "version": self.version,
            "target": self.target,
            "transports": names,
            "catalog": {
                "reviewed": self.catalog.reviewed().to_string(),
                "releases": releases,
                "digests": digests,
            },
        })
    }
}

#[cfg(test)]
mod tests;
