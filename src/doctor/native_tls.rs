//! TLS for native connections: with `enableTLS`, a CA certificate, a client certificate, and its key, all or none (docs/facts.md).

use std::path::Path;

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::driver::taos_cfg;
use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::system::files;

/// The files that the client needs.
const FILES: [&str; 3] = ["tlsCaPath", "tlsCliCertPath", "tlsCliKeyPath"];
/// The largest certificate or key that is read, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let is_on = facts
        .config
        .value("enableTLS")
        .is_some_and(taos_cfg::is_true);
    if !is_on {
        return CheckReport::ok([message!("doctor-tls-off")]);
    }
    let mut report = CheckReport::ok([message!("doctor-tls-on")]);
    let mut faults: Vec<Message> = Vec::new();
    for key in FILES {
        let Some(file) = facts.config.value(key) else {
            faults.push(message!("doctor-tls-unset", key = key));
            continue;
        };
        report
            .details
            .push(message!("doctor-tls-file", key = key, file = file));
        if let Err(why) = look(Path::new(file)) {
            faults.push(message!(
                "doctor-tls-words",
                key = key,
                file = file,
                words = why
            ));
        }
    }
    if faults.is_empty() {
        return report;
    }
    report.with(
        Judgement::failed(Id::NativeTlsIncomplete, Message::joined(faults, "; "))
            .expecting(message!("doctor-tls-expected"))
            .with("config", facts.config.file.display()),
    )
}

/// Why `file` cannot hold a certificate or a key in PEM form. Its content is not shown.
fn look(file: &Path) -> Result<(), Message> {
    let bytes = files::read_named(file, MOST_BYTES).map_err(|error| describe_io_error(&error))?;
    let begin = b"-----BEGIN ";
    match bytes.windows(begin.len()).any(|at| at == begin) {
        true => Ok(()),
        false => Err(message!("doctor-not-pem")),
    }
}
