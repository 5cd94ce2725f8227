//! A row that was written, read back, and taken away.

use super::clock;
use super::login::Verdict;
use crate::diagnose::codes::{self, LoginRefusal};
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::message::message;
use crate::probe::Reply;
use crate::probe::sql::{NO_PRIVILEGE, NO_SYSINFO};
use crate::probe::write::{WriteStep, Written};

/// `Out of dnodes`: the answer of a server that has just started, or has fewer dnodes than replicas (`transcripts/README.md`).
const OUT_OF_DNODES: u16 = 820;
/// The server has no place for another vnode: `Vnodes exhausted` (`transcripts/README.md`), and `No enough vnodes`.
const VNODES: [u16; 2] = [954, 0x0380];

/// Judges a write: what decides first, then what is worth knowing.
pub fn write(written: &Written) -> Vec<Judgement> {
    let mut judgements = vec![with_words(main(written), written)];
    if let Some(later) = written.local
        && judgements.iter().all(|judgement| judgement.cause.is_none())
        && clock::is_zone_shift(later)
    {
        judgements[0] = local(later);
    }
    if !written.leftovers.is_empty() {
        let (names, drops): (Vec<&str>, Vec<&str>) = written
            .leftovers
            .iter()
            .map(|(name, drop)| (name.as_str(), drop.as_str()))
            .unzip();
        let all = names.join(", ");
        judgements.insert(
            0,
            Judgement::failed(Id::WriteLeftover, message!("verify-write-found", all = all))
                .into_warning()
                .with("name", all)
                .with("write_database", drops.join("; ")),
        );
    }
    judgements
}

fn main(written: &Written) -> Judgement {
    if let Some((step, reply)) = &written.failed {
        return failed(*step, reply, written.database.is_some());
    }
    let Some(later) = written.known else {
        return Judgement::failed(Id::ReadMismatch, message!("verify-write-row-missing"));
    };
    if clock::is_zone_shift(later) {
        let shown = clock::words(later);
        return Judgement::failed(
            Id::TimezoneShift,
            message!(
                "verify-write-shifted",
                shown = shown,
                later = later.is_positive()
            ),
        )
        .with("shift", shown);
    }
    if !later.is_zero() {
        let observed = message!(
            "verify-write-shifted",
            shown = clock::words(later),
            later = later.is_positive()
        );
        return Judgement::failed(Id::ReadMismatch, observed);
    }
    let place = match &written.database {
        None => message!("verify-write-temporary"),
        Some(database) => message!("verify-write-own-table", database = database),
    };
    if written.left.is_none() {
        Judgement::ok(message!("verify-write-ok", place = place))
    } else {
        let observed = message!("verify-write-not-dropped", place = place);
        Judgement::failed(Id::WriteFailed, observed)
    }
}

/// What every finding about a write needs.
fn with_words(judgement: Judgement, written: &Written) -> Judgement {
    judgement
        .expecting(message!("verify-write-expected"))
        .with(
            "write_database",
            written.left.as_deref().unwrap_or_default(),
        )
        .with("database", written.database.as_deref().unwrap_or_default())
}

/// Times without a zone mean something else to the server: worth knowing, and no fault of the connection, over which instants
/// come back as they were written.
fn local(later: jiff::SignedDuration) -> Judgement {
    let shown = clock::words(later);
    Judgement::ok(message!(
        "verify-write-local",
        shown = shown,
        later = later.is_positive()
    ))
    .noted(Id::TimezoneShift)
    .expecting(message!("verify-zone-expected"))
    .with("shift", shown)
    .of_kind(CauseKind::Text)
}

/// A step that did not work.
fn failed(step: WriteStep, reply: &Reply<()>, named: bool) -> Judgement {
    let tried = match step {
        WriteStep::Database => "create database",
        WriteStep::Table => "create table",
        WriteStep::Insert => "insert",
        WriteStep::Select => "select",
    };
    let observed = match reply {
        Reply::Refused { code, message } => message!(
            "verify-write-refused",
            tried = tried,
            words = codes::words(*code, message)
        ),
        Reply::Unanswered => message!("verify-write-unanswered", tried = tried),
        Reply::Broken(words) => message!("verify-write-broken", tried = tried, words = words),
        Reply::Malformed(how) => message!("verify-write-unreadable", tried = tried, excerpt = how),
        Reply::Unreadable { excerpt, .. } => {
            message!("verify-write-unreadable", tried = tried, excerpt = excerpt)
        }
        Reply::Empty | Reply::Data(()) => message!("verify-write-empty", tried = tried),
    };
    let id = match reply {
        Reply::Refused { code: 0x0800, .. } => Id::LicenceExpired,
        Reply::Refused {
            code: 0x0801..=0x081F,
            ..
        } => Id::LicenceLimit,
        _ => Id::WriteFailed,
    };
    Judgement::failed(id, observed).of_kind(kind(step, reply, named))
}

/// What the texts of `write-failed` depend on.
fn kind(step: WriteStep, reply: &Reply<()>, named: bool) -> Option<CauseKind> {
    let Reply::Refused { code, message } = reply else {
        return (*reply == Reply::Unanswered).then_some(CauseKind::Silent);
    };
    let message = message.to_ascii_lowercase();
    let says = |word: &str| message.contains(word);
    if says("disk") {
        Some(CauseKind::Disk)
    } else if *code == OUT_OF_DNODES {
        Some(CauseKind::Starting)
    } else if VNODES.contains(code) || says("vnodes") {
        Some(CauseKind::Vnodes)
    } else if named && step == WriteStep::Table && says("database not exist") {
        Some(CauseKind::Database)
    } else if [NO_PRIVILEGE, NO_SYSINFO].contains(code) || says("privilege") || says("permission") {
        Some(CauseKind::Privilege)
    } else if verdict(*code) == Verdict::Undecided {
        Some(CauseKind::Silent)
    } else {
        None
    }
}

fn verdict(code: u16) -> Verdict {
    match codes::of_login(code) {
        LoginRefusal::Undecided => Verdict::Undecided,
        _ => Verdict::Accepted,
    }
}
