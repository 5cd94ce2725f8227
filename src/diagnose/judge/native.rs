//! The driver and its calls.

use std::path::Path;

use super::library;
use super::query::{EXPECTED, cluster_words};
use crate::diagnose::codes::{self, LoginRefusal, low};
use crate::diagnose::judge::login::Verdict;
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::driver::locate::Passed;
use crate::driver::process::{DriverReply, DriverStage};
use crate::driver::{Driver, Source, machine};
use crate::probe::fingerprint::Fingerprint;
use crate::probe::sql::Cluster;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Version, native_compatible};

/// `Permission denied` from `taos_init`: the log folder cannot be written (`transcripts/README.md`).
const LOG_DENIED: u32 = 0x80FF_000D;
/// `Unable to resolve FQDN`: the driver was sent to a dnode by a name that is not known here.
const UNRESOLVED: u32 = 0x8000_0015;

/// The numbers of the operating system's own errors, which the driver passes on (`taoserror.h`, TAOS_SYSTEM_ERROR): their low
/// bits are not TDengine's.
const fn of_the_system(code: u32) -> bool {
    code >> 16 == 0x80FF
}

/// There is no library called `file`: a failure where native was asked for by name. `variable` holds the search path.
/// `uncached` is one that lies in a folder of the loader's, which has not been told.
pub fn missing(file: &str, variable: &str, uncached: Option<&Path>, named: bool) -> Judgement {
    let observed = match uncached {
        None => {
            format!(
                "{file} is neither in {variable}, nor in the system's folders, nor in the store"
            )
        }
        Some(there) => format!(
            "{} is there, but not in the loader's cache: ldconfig has not been run since",
            there.display()
        ),
    };
    if named {
        Judgement::failed(Id::LibraryMissing, observed)
            .expecting("a client library")
            .of_kind(uncached.map(|_| CauseKind::Uncached))
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
            Judgement::failed(Id::LibraryUnreadable, format!("{file}: permission denied"))
                .with("folder", folder)
        }
        Err(words) => Judgement::failed(Id::LibraryUnloadable, format!("{file}: {words}")),
        Ok(found) if !found.serves(platform) => {
            Judgement::failed(Id::LibraryWrongArch, format!("{file} is for {found}"))
                .with("found", found)
                .with("wanted", machine::words(platform))
        }
        Ok(_) if !driver.missing.is_empty() => incomplete(&driver.file, &driver.missing),
        // C programs find it by its SONAME; Python and others do not.
        Ok(_) if driver.file.file_name() != Some(name.as_ref()) => {
            incomplete(&driver.file, std::slice::from_ref(&name)).into_warning()
        }
        Ok(_) => Judgement::ok(format!(
            "{file}, {}{}",
            match driver.source {
                Source::Environment => "first on the loader's search path",
                Source::System => "in a system folder",
                Source::Cache => "in the loader's cache, /etc/ld.so.cache",
                Source::Store => "the store's current client",
            },
            passed_words(passed)
        )),
    };
    judgement
        .expecting(format!(
            "a whole client library for {}",
            machine::words(platform)
        ))
        .with("library", file)
}

/// What the loader passed over, in words that follow the library that it took.
fn passed_words(passed: &[Passed]) -> String {
    let words = passed.iter().map(|passed| {
        let file = passed.candidate.file.display();
        match &passed.machine {
            Some(machine) => format!("{file} is for {machine}"),
            None => format!("{file} cannot be read"),
        }
    });
    let words = words.collect::<Vec<_>>().join(", ");
    if words.is_empty() {
        words
    } else {
        format!("; the loader passes over others: {words}")
    }
}

/// A driver of which a part is missing.
fn incomplete(file: &Path, missing: &[String]) -> Judgement {
    let folder = file.parent().unwrap_or(file).display();
    let missing = missing.join(" and ");
    Judgement::failed(Id::LibraryIncomplete, format!("{folder} lacks {missing}"))
        .with("folder", folder)
        .with("missing", missing)
}

/// The folder of `TAOS_LOG_DIR` cannot be written; why.
pub fn log_dir(folder: &Path, why: &str) -> Judgement {
    let folder = folder.display();
    Judgement::failed(
        Id::LogDirUnwritable,
        format!("TAOS_LOG_DIR is {folder}: {why}"),
    )
    .expecting("a log folder that can be written")
    .with("folder", folder)
}

/// The driver starts, with a log folder that this program gave it; without `TAOS_LOG_DIR` it uses `folder`, which cannot be
/// written; why.
pub fn usual_log_dir(folder: &Path, why: &str) -> Judgement {
    let folder = folder.display();
    Judgement::failed(
        Id::LogDirUnwritable,
        format!("loaded and started with a log folder of ours; TAOS_LOG_DIR is not set, and {folder}: {why}"),
    )
    .into_warning()
    .expecting("a log folder that can be written")
    .with("folder", folder)
}

/// Loading and starting.
pub fn load(file: &Path, ready: &DriverReply<String>) -> Judgement {
    let judgement = match ready {
        DriverReply::Data(_) => Judgement::ok("loaded and started"),
        other => misbehaved(other),
    };
    judgement
        .expecting("the library loads and starts")
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
        _ if !missing.is_empty() => format!("{} beside it", missing.join(" and ")),
        Some(Version([a, b, c, _])) => format!("{a}.{b}.{c}.x, as the server is"),
        None => "the server's version".into(),
    };
    let judgement = match (client, server) {
        _ if !missing.is_empty() => incomplete(file, missing),
        (Some(client), Some(server)) if !native_compatible(client, server) => Judgement::failed(
            Id::VersionMismatch,
            format!("client {client}, server {server}"),
        )
        .with("server_version", server),
        (Some(_), Some(server)) => Judgement::ok(format!("{shown}, server {server}")),
        (None, Some(server)) => Judgement::ok(format!("the driver tells none, server {server}")),
        (Some(_), None) => Judgement::ok(format!("{shown}; the server's is not known")),
        (None, None) => Judgement::ok("the driver tells none; the server's is not known"),
    };
    judgement.expecting(expected).with("client_version", shown)
}

/// Who answers on the native port. `address` is `host:port`.
pub fn fingerprint(address: &str, fingerprint: &Fingerprint) -> Judgement {
    let judgement = match fingerprint {
        Fingerprint::NativeLike => Judgement::ok("answers strangers as taosd does"),
        Fingerprint::Silent => Judgement::ok("says nothing: not known, the driver is let on it"),
        Fingerprint::Http(answer) if answer.is_from_adapter() => {
            Judgement::failed(Id::WrongPort, "taosAdapter's HTTP answer")
                .of_kind(CauseKind::Adapter)
        }
        Fingerprint::Http(answer) => {
            Judgement::failed(Id::NotTdengine, format!("HTTP {}", answer.status))
        }
        Fingerprint::Closed => {
            Judgement::failed(Id::ClosedEarly, "the connection is closed without a word")
        }
        Fingerprint::Unfinished { .. } => {
            Judgement::failed(Id::NotTdengine, "the beginning of an HTTP answer")
        }
        Fingerprint::Tls | Fingerprint::Refused(_) => {
            Judgement::failed(Id::NotTdengine, "a TLS alert")
        }
        Fingerprint::Foreign(bytes) => Judgement::failed(
            Id::NotTdengine,
            format!("bytes that taosd does not say: {bytes}"),
        ),
    };
    judgement
        .expecting("silence, or a close, as taosd's native port answers strangers")
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

/// The native login of `user`. `known` says whether the port answers as taosd's does.
pub fn connect(user: &str, connected: &DriverReply<String>, known: bool) -> Judgement {
    let judgement = match connected {
        DriverReply::Data(server) => Judgement::ok(match Version::find(server) {
            Some(version) => format!("{user}, server {version}"),
            None => user.to_owned(),
        }),
        DriverReply::Refused {
            code: UNRESOLVED,
            message,
        } => Judgement::failed(Id::DnodeUnresolved, codes::words(low(UNRESOLVED), message))
            .with("endpoint", "the name of a dnode")
            .with("endpoint_host", "NAME_OF_THAT_DNODE"),
        DriverReply::Refused { code, message } if !of_the_system(*code) => {
            let observed = codes::words(low(*code), message);
            match codes::of_answer(low(*code), message) {
                LoginRefusal::Rejected(id) | LoginRefusal::Accepted(id) => {
                    Judgement::failed(id, observed)
                }
                LoginRefusal::Undecided => Judgement::failed(Id::NoAnswer, observed),
            }
        }
        DriverReply::Hung { .. } if !known => Judgement::failed(
            Id::NoAnswer,
            "the driver got no answer to its first message",
        ),
        other => misbehaved(other),
    };
    judgement
        .expecting(format!("a login as {user}"))
        .with("service", "taosd")
}

/// What taosd says about its cluster, through the driver.
pub fn cluster(cluster: &DriverReply<Option<Cluster>>) -> Judgement {
    let judgement = match cluster {
        DriverReply::Data(Some(cluster)) => Judgement::ok(cluster_words(cluster)),
        DriverReply::Data(None) => Judgement::failed(
            Id::QueryFailed,
            "no error, and none of the rows that were asked for",
        ),
        DriverReply::Refused { code, message } if !of_the_system(*code) => {
            let observed = codes::words(low(*code), message);
            match (
                codes::of_query(low(*code), message),
                codes::of_login(low(*code)),
            ) {
                (Some(id), _) => Judgement::failed(id, observed),
                (None, LoginRefusal::Undecided) => Judgement::failed(Id::NoAnswer, observed),
                (None, _) => Judgement::failed(Id::QueryFailed, observed),
            }
        }
        DriverReply::Hung { .. } => Judgement::failed(
            Id::NoAnswer,
            "the login worked, but a query gets no answer in time",
        ),
        other => misbehaved(other),
    };
    judgement.expecting(EXPECTED).with("service", "taosd")
}

/// A driver that does not do what drivers do.
fn misbehaved<T>(native: &DriverReply<T>) -> Judgement {
    let stage = |stage: DriverStage| match stage {
        DriverStage::Load => ("while it was loaded", "在加载时"),
        DriverStage::Init => ("in taos_init", "在 taos_init 中"),
        DriverStage::ClientInfo => ("in taos_get_client_info", "在 taos_get_client_info 中"),
        DriverStage::Connect => ("in taos_connect", "在 taos_connect 中"),
        DriverStage::ServerInfo => ("in taos_get_server_info", "在 taos_get_server_info 中"),
        DriverStage::Query => ("in taos_query", "在 taos_query 中"),
    };
    let (at, judgement) = match native {
        DriverReply::Crashed { stage: at, how } => {
            let (english, _) = stage(*at);
            (
                *at,
                Judgement::failed(
                    Id::LibraryCrashed,
                    format!("the driver's process {how} {english}"),
                ),
            )
        }
        DriverReply::Hung { stage: at } => {
            let (english, _) = stage(*at);
            (
                *at,
                Judgement::failed(
                    Id::LibraryHung,
                    format!("the driver does not return {english}"),
                ),
            )
        }
        DriverReply::Unstarted(words) => (
            DriverStage::Load,
            Judgement::failed(
                Id::ResourceLimit,
                format!("the driver's process or a thread of it cannot be started: {words}"),
            ),
        ),
        DriverReply::Unloadable(words) => {
            let judgement = Judgement::failed(library::refusal(words), words)
                .with("wanted", library::wanted_glibc(words))
                .with("found", "another");
            (DriverStage::Load, judgement)
        }
        DriverReply::Refused {
            code: LOG_DENIED,
            message,
        } => (
            DriverStage::Init,
            Judgement::failed(Id::LogDirUnwritable, words(LOG_DENIED, message))
                .with("folder", "the log folder"),
        ),
        DriverReply::Refused { code, message } => (
            DriverStage::Init,
            Judgement::failed(Id::LibraryUnloadable, words(*code, message)),
        ),
        DriverReply::Data(_) => (DriverStage::Query, Judgement::ok("")),
    };
    let (english, chinese) = stage(at);
    judgement.with("stage", english).with("stage_zh", chinese)
}

/// The driver's own words and its whole number.
fn words(code: u32, message: &str) -> String {
    format!("{message} [0x{code:08X}]")
}

#[cfg(test)]
mod tests;
