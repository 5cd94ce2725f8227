//! The driver and its calls.

use std::path::Path;

use super::library;
use super::query::{cluster_words, expected};
use crate::diagnose::codes::{self, LoginRefusal, low};
use crate::diagnose::judge::login::{Verdict, token_refused};
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::driver::locate::Passed;
use crate::driver::process::{DriverReply, DriverStage};
use crate::driver::{Driver, Source, UnfoundCopy, machine};
use crate::message::{Message, message};
use crate::probe::Credentials;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::sql::Cluster;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Version, native_compatible};

/// `Permission denied` from `taos_init`: the log folder cannot be written (`transcripts/README.md`).
const LOG_DENIED: u32 = 0x80FF_000D;
/// `Function was not loaded from the driver`: the library has no login with a token.
const NOT_IN_LIBRARY: u32 = 0x8000_010C;
/// `Unable to resolve FQDN`: the driver was sent to a dnode by a name that is not known here.
const UNRESOLVED: u32 = 0x8000_0015;

/// The numbers of the operating system's own errors, which the driver passes on (`taoserror.h`, TAOS_SYSTEM_ERROR): their low
/// bits are not TDengine's.
const fn of_the_system(code: u32) -> bool {
    code >> 16 == 0x80FF
}

/// Judges that no library `file` was found: a failure if native was requested by name. `variable` holds the search path.
/// `unfound` is one that is installed where the loader does not find it.
/// `closed` is a directory of the search path that this user may not read.
pub fn missing(
    file: &str,
    variable: &str,
    unfound: Option<&UnfoundCopy>,
    closed: Option<&Path>,
    named: bool,
) -> Judgement {
    if let Some(closed) = closed.filter(|_| named) {
        let shown = closed.display();
        return Judgement::failed(
            Id::LibraryUnreadable,
            message!(
                "verify-directory-denied",
                shown = shown,
                variable = variable
            ),
        )
        .expecting(message!("verify-library-expected"))
        .of_kind(CauseKind::Directory)
        .with("library", closed.join(file).display())
        .with("folder", shown);
    }
    let (observed, kind) = match unfound {
        None => (
            message!("verify-library-nowhere", file = file, variable = variable),
            None,
        ),
        Some(UnfoundCopy::Uncached(there)) => (
            message!("verify-library-uncached", file = there.display()),
            Some(CauseKind::Uncached),
        ),
        Some(UnfoundCopy::OffPath(there)) => (
            message!(
                "verify-library-off-path",
                file = there.display(),
                variable = variable
            ),
            Some(CauseKind::OffPath),
        ),
    };
    if named {
        let folder = match unfound {
            Some(UnfoundCopy::OffPath(there)) => there.parent(),
            Some(UnfoundCopy::Uncached(_)) | None => None,
        };
        Judgement::failed(Id::LibraryMissing, observed)
            .expecting(message!("verify-library-expected"))
            .of_kind(kind)
            .with(
                "folder",
                folder
                    .map(|it| it.display().to_string())
                    .unwrap_or_default(),
            )
    } else {
        Judgement::skipped(observed)
    }
}

/// The library that was found, before it is loaded; the loader passed over `passed` before it.
pub fn library(driver: &Driver, passed: &[Passed], platform: Platform) -> Judgement {
    let file = driver.file.display();
    let name = platform.library_file("taos");
    let unreadable = |passed: &Passed| passed.unreadable && passed.candidate.file == driver.file;
    let judgement = match &driver.machine {
        _ if passed.iter().any(unreadable) => {
            let folder = driver.file.parent().unwrap_or(&driver.file).display();
            Judgement::failed(
                Id::LibraryUnreadable,
                message!("verify-file-denied", file = file),
            )
            .with("folder", folder)
        }
        Err(fault) => Judgement::failed(
            Id::LibraryUnloadable,
            message!("verify-file-words", file = file, words = fault.message()),
        ),
        Ok(found) if !found.serves(platform) => Judgement::failed(
            Id::LibraryWrongArch,
            message!("verify-library-for", file = file, found = found),
        )
        .with("found", found)
        .with("wanted", machine::words(platform)),
        Ok(_) if !driver.missing.is_empty() => incomplete(&driver.file, &driver.missing),
        // C programs find it by its SONAME; Python and others do not.
        Ok(_) if driver.file.file_name() != Some(name.as_ref()) => {
            incomplete(&driver.file, std::slice::from_ref(&name)).into_warning()
        }
        Ok(_) => {
            let source = match driver.source {
                Source::Environment => message!("verify-source-environment"),
                Source::System => message!("verify-source-system"),
                Source::Cache => message!("verify-source-cache"),
                Source::Store => message!("verify-source-store"),
            };
            let passed = passed_words(passed);
            Judgement::ok(message!(
                "verify-library-source",
                file = file,
                source = source,
                passed = passed
            ))
        }
    };
    judgement
        .expecting(message!(
            "verify-library-whole",
            machine = machine::words(platform)
        ))
        .with("library", file)
}

/// What the loader passed over, in words that follow the library that it took.
fn passed_words(passed: &[Passed]) -> Message {
    let words = passed.iter().map(|passed| {
        let file = passed.candidate.file.display();
        match &passed.machine {
            Some(machine) => message!("verify-library-for-machine", file = file, machine = machine),
            None => message!("verify-file-unreadable", file = file),
        }
    });
    let words = Message::joined(words, ", ");
    if words.is_empty() {
        words
    } else {
        message!("verify-library-passed", words = words)
    }
}

/// A driver of which a part is missing.
fn incomplete(file: &Path, missing: &[String]) -> Judgement {
    let folder = file.parent().unwrap_or(file).display();
    let missing = missing.join(" and ");
    Judgement::failed(
        Id::LibraryIncomplete,
        message!("verify-library-lacks", folder = folder, missing = missing),
    )
    .with("folder", folder)
    .with("missing", missing)
}

/// The folder of `TAOS_LOG_DIR` cannot be written; why.
pub fn log_dir(folder: &Path, why: &Message) -> Judgement {
    let folder = folder.display();
    Judgement::failed(
        Id::LogDirUnwritable,
        message!("verify-log-dir-is", folder = folder, why = why),
    )
    .expecting(message!("verify-log-dir-expected"))
    .with("folder", folder)
}

/// The driver starts, with a log folder that this program gave it; without `TAOS_LOG_DIR` it uses `folder`, which cannot be
/// written; why.
pub fn usual_log_dir(folder: &Path, why: &Message) -> Judgement {
    let folder = folder.display();
    Judgement::failed(
        Id::LogDirUnwritable,
        message!("verify-log-dir-usual", folder = folder, why = why),
    )
    .into_warning()
    .expecting(message!("verify-log-dir-expected"))
    .with("folder", folder)
}

/// Loading and starting.
pub fn load(file: &Path, ready: &DriverReply<String>) -> Judgement {
    let judgement = match ready {
        DriverReply::Data(_) => Judgement::ok(message!("verify-loaded")),
        other => misbehaved(other),
    };
    judgement
        .expecting(message!("verify-load-expected"))
        .with("library", file.display())
}

/// The driver's version against the server's, before it dials. `missing` are the libraries that a driver of this version
/// needs and that are not there.
pub fn client_version(
    file: &Path,
    said: &str,
    missing: &[String],
    server: Option<&str>,
) -> Judgement {
    let client = Version::find(said);
    let shown = client.map_or_else(|| said.to_owned(), |version| version.to_string());
    let server = server.and_then(Version::find);
    let expected = match server {
        _ if !missing.is_empty() => message!("verify-beside-it", files = missing.join(" and ")),
        Some(Version([a, b, c, _])) => message!("verify-version-as-server", a = a, b = b, c = c),
        None => message!("verify-version-expected"),
    };
    let judgement = match (client, server) {
        _ if !missing.is_empty() => incomplete(file, missing),
        (Some(client), Some(server)) if !native_compatible(client, server) => Judgement::failed(
            Id::VersionMismatch,
            message!("verify-client-and-server", client = client, server = server),
        )
        .with("server_version", server),
        (Some(_), Some(server)) => Judgement::ok(message!(
            "verify-version-and-server",
            shown = shown,
            server = server
        )),
        (None, Some(server)) => {
            Judgement::ok(message!("verify-no-version-server", server = server))
        }
        (Some(_), None) => Judgement::ok(message!("verify-version-server-unknown", shown = shown)),
        (None, None) => Judgement::ok(message!("verify-no-version-unknown")),
    };
    judgement.expecting(expected).with("client_version", shown)
}

/// Who answers on the native port. `address` is `host:port`.
/// `tls_enabled`: the taos.cfg in effect switches TLS on for the native connection.
pub fn fingerprint(address: &str, fingerprint: &Fingerprint, tls_enabled: bool) -> Judgement {
    let judgement = match fingerprint {
        // A port that uses TLS closes on the plain request at once.
        Fingerprint::NativeLike if tls_enabled => {
            Judgement::failed(Id::NativeTlsUnexpected, message!("verify-native-plain"))
        }
        Fingerprint::NativeLike => Judgement::ok(message!("verify-native-like")),
        Fingerprint::Silent => Judgement::ok(message!("verify-native-silent")),
        Fingerprint::Http(answer) if answer.is_from_adapter() => {
            Judgement::failed(Id::WrongPort, message!("verify-adapter-http"))
                .of_kind(CauseKind::Adapter)
        }
        Fingerprint::Http(answer) => Judgement::failed(
            Id::NotTdengine,
            message!("verify-http-status", status = answer.status),
        ),
        Fingerprint::Closed => Judgement::failed(Id::ClosedEarly, message!("verify-closed")),
        Fingerprint::Unfinished { .. } => {
            Judgement::failed(Id::NotTdengine, message!("verify-http-begins"))
        }
        Fingerprint::Tls | Fingerprint::Refused(_) if tls_enabled => {
            Judgement::ok(message!("verify-native-tls"))
        }
        Fingerprint::Tls | Fingerprint::Refused(_) => {
            Judgement::failed(Id::NativeTlsExpected, message!("verify-tls-answer"))
        }
        Fingerprint::Foreign(bytes) => {
            Judgement::failed(Id::NotTdengine, message!("verify-not-taosd", bytes = bytes))
        }
    };
    judgement
        .expecting(message!("verify-native-expected"))
        .with("address", address)
}

/// What a native login says about user and password.
pub fn verdict(connected: &DriverReply<String>) -> Verdict {
    match connected {
        DriverReply::Data(_) => Verdict::Accepted,
        DriverReply::Refused { code, .. } if of_the_system(*code) => Verdict::Undecided,
        DriverReply::Refused { code, message } => match codes::of_answer(low(*code), message) {
            LoginRefusal::Rejected(_) => Verdict::Rejected,
            LoginRefusal::Accepted(_) => Verdict::Accepted,
            LoginRefusal::Undecided => Verdict::Undecided,
        },
        _ => Verdict::Undecided,
    }
}

/// The native login of `who`. `known` says whether the port answers as taosd's does.
pub fn connect(who: &Credentials, connected: &DriverReply<String>, known: bool) -> Judgement {
    let user = if who.has_token() {
        message!("verify-the-token")
    } else {
        Message::quoted(who.user.as_str())
    };
    let judgement = match connected {
        DriverReply::Data(server) => Judgement::ok(match Version::find(server) {
            Some(version) => message!("verify-user-and-server", user = user, version = version),
            None => user.clone(),
        }),
        DriverReply::Refused {
            code: NOT_IN_LIBRARY,
            ..
        } if who.bearer.is_some() => {
            token_refused(message!("verify-token-old-client")).of_kind(CauseKind::Version)
        }
        DriverReply::Refused { code, message }
            if who.bearer.is_some()
                && matches!(
                    codes::of_answer(low(*code), message),
                    LoginRefusal::Rejected(_)
                ) =>
        {
            token_refused(Message::quoted(codes::words(low(*code), message)))
                .of_kind(CauseKind::Bearer)
        }
        DriverReply::Refused {
            code: UNRESOLVED,
            message,
        } => Judgement::failed(
            Id::DnodeUnresolved,
            Message::quoted(codes::words(low(UNRESOLVED), message)),
        )
        .with_message("endpoint", message!("verify-name-of-a-dnode"))
        .with("endpoint_host", "NAME_OF_THAT_DNODE"),
        DriverReply::Refused { code, message } if !of_the_system(*code) => {
            let observed = Message::quoted(codes::words(low(*code), message));
            match codes::of_answer(low(*code), message) {
                LoginRefusal::Rejected(id) | LoginRefusal::Accepted(id) => {
                    Judgement::failed(id, observed).of_kind(refusal_kind(*code, message))
                }
                LoginRefusal::Undecided => Judgement::failed(Id::NoAnswer, observed),
            }
        }
        DriverReply::Hung { .. } if !known => {
            Judgement::failed(Id::NoAnswer, message!("verify-driver-unanswered"))
        }
        other => misbehaved(other),
    };
    judgement
        .expecting(message!("verify-login-expected", user = user))
        .with("service", "taosd")
}

fn refusal_kind(code: u32, message: &str) -> Option<CauseKind> {
    match low(code) {
        codes::INVALID_SIGNATURE => Some(CauseKind::Signature),
        code => codes::limit_kind(code, message),
    }
}

/// What taosd says about its cluster, through the driver.
pub fn cluster(cluster: &DriverReply<Option<Cluster>>) -> Judgement {
    let judgement = match cluster {
        DriverReply::Data(Some(cluster)) => Judgement::ok(cluster_words(cluster)),
        DriverReply::Data(None) => {
            Judgement::failed(Id::QueryFailed, message!("verify-rows-missing"))
        }
        DriverReply::Refused { code, message } if !of_the_system(*code) => {
            let observed = Message::quoted(codes::words(low(*code), message));
            match (
                codes::of_query(low(*code), message),
                codes::of_login(low(*code)),
            ) {
                (Some(id), _) => {
                    Judgement::failed(id, observed).of_kind(refusal_kind(*code, message))
                }
                (None, LoginRefusal::Undecided) => Judgement::failed(Id::NoAnswer, observed),
                (None, _) => Judgement::failed(Id::QueryFailed, observed),
            }
        }
        DriverReply::Hung { .. } => {
            Judgement::failed(Id::NoAnswer, message!("verify-query-unanswered-native"))
                .of_kind(CauseKind::Query)
        }
        other => misbehaved(other),
    };
    judgement.expecting(expected()).with("service", "taosd")
}

/// A driver that does not do what drivers do.
fn misbehaved<T>(native: &DriverReply<T>) -> Judgement {
    let (at, judgement) = match native {
        DriverReply::Crashed { stage: at, how } => (
            *at,
            Judgement::failed(
                Id::LibraryCrashed,
                message!("verify-driver-crashed", how = how, stage = stage(*at)),
            ),
        ),
        DriverReply::Hung { stage: at } => (
            *at,
            Judgement::failed(
                Id::LibraryHung,
                message!("verify-driver-hung", stage = stage(*at)),
            ),
        ),
        DriverReply::Unstarted(words) => (
            DriverStage::Load,
            Judgement::failed(
                Id::ResourceLimit,
                message!("verify-driver-unstarted", words = words),
            ),
        ),
        DriverReply::Unloadable(words) => {
            let judgement =
                Judgement::failed(library::refusal(words), Message::quoted(words.as_str()))
                    .of_kind(library::is_forbidden(words).then_some(CauseKind::Policy))
                    .with("wanted", library::wanted_glibc(words))
                    .with("found", "another");
            (DriverStage::Load, judgement)
        }
        DriverReply::Refused {
            code: LOG_DENIED,
            message,
        } => (
            DriverStage::Init,
            Judgement::failed(
                Id::LogDirUnwritable,
                Message::quoted(words(LOG_DENIED, message)),
            )
            .with_message("folder", message!("verify-the-log-directory")),
        ),
        DriverReply::Refused { code, message } => (
            DriverStage::Init,
            Judgement::failed(
                Id::LibraryUnloadable,
                Message::quoted(words(*code, message)),
            ),
        ),
        DriverReply::Data(_) => (DriverStage::Query, Judgement::ok(Message::default())),
    };
    judgement.with_message("stage", stage(at))
}

/// A stage of the driver, as a phrase behind a verb.
fn stage(stage: DriverStage) -> Message {
    match stage {
        DriverStage::Load => message!("verify-stage-load"),
        DriverStage::Init => message!("verify-stage-init"),
        DriverStage::ClientInfo => message!("verify-stage-client-info"),
        DriverStage::Connect => message!("verify-stage-connect"),
        DriverStage::ServerInfo => message!("verify-stage-server-info"),
        DriverStage::Query => message!("verify-stage-query"),
    }
}

/// The driver's own words and its whole number.
fn words(code: u32, message: &str) -> String {
    format!("{message} [0x{code:08X}]")
}

#[cfg(test)]
mod tests;
