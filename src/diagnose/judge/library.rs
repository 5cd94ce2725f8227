//! What a client library asks of this machine, and what else is worth knowing about it.

use std::path::Path;

use crate::diagnose::{CauseKind, Id, Judgement};
use crate::driver::needs::{Glibc, Needs};
use crate::driver::process::DriverReply;
use crate::driver::vc_runtime::{self, VcRuntime};
use crate::message::message;
use crate::safety::secret::Secret;
use crate::tdengine::version::{Edition, Version};

/// The first glibc that refuses an executable stack to a library loaded at run time (docs/facts.md).
const STRICT: Glibc = Glibc(2, 41);
/// The most characters of what a driver printed that are shown.
const SHOWN: usize = 120;

/// Whether this program can load libraries at all: `here` says that it is the static build, which cannot. A failure if
/// native was asked for by name; the texts differ if this is a `musl_system`, where no build can.
pub fn musl(named: bool, here: bool, musl_system: bool) -> Option<Judgement> {
    let why = message!("verify-static-build");
    match (here, named) {
        (false, _) => None,
        (true, true) => Some(
            Judgement::failed(Id::MuslUnsupported, why)
                .expecting(message!("verify-static-expected"))
                .of_kind((!musl_system).then_some(CauseKind::Static)),
        ),
        (true, false) => Some(Judgement::skipped(why)),
    }
}

/// What the library at `file` needs and this machine, of glibc `host`, does not have.
pub fn needs(file: &Path, needs: Needs, host: Option<Glibc>, musl: bool) -> Option<Judgement> {
    let shown = file.display();
    let judgement = match (needs.glibc, host) {
        (Some(_), None) if musl => {
            let observed = message!("verify-library-needs-glibc", shown = shown);
            Judgement::failed(Id::MuslUnsupported, observed)
                .expecting(message!("verify-glibc-system"))
        }
        (Some(wanted), Some(host)) if wanted > host => {
            let observed = message!(
                "verify-library-glibc",
                shown = shown,
                wanted = wanted,
                host = host
            );
            Judgement::failed(Id::GlibcTooOld, observed)
                .expecting(message!("verify-glibc-expected", wanted = wanted))
                .with("wanted", wanted)
                .with("found", host)
        }
        (_, Some(host)) if needs.executable_stack.is_some() && host >= STRICT => {
            let observed = message!("verify-library-stack", shown = shown, host = host);
            Judgement::failed(Id::ExecutableStack, observed)
                .expecting(message!("verify-stack-expected"))
        }
        _ => return None,
    };
    Some(judgement.with("library", shown))
}

/// The cause that the loader's `words` name, where it is one that is known; else any that they leave open.
pub fn refusal(words: &str) -> Id {
    let says = |part: &str| words.contains(part);
    if says("GLIBC_") && says("not found") {
        Id::GlibcTooOld
    } else if says("executable stack") {
        Id::ExecutableStack
    } else if says("ermission denied") {
        Id::LibraryUnreadable
    } else if says("wrong ELF class") || says("incompatible architecture") || says("os error 193") {
        Id::LibraryWrongArch
    } else if says("Error relocating") || says("Error loading shared library ld-linux") {
        Id::MuslUnsupported
    } else if says("os error 126") && !vc_runtime::is_there() {
        Id::VcRuntimeMissing
    } else {
        Id::LibraryUnloadable
    }
}

/// Whether the loader's `words` say that macOS does not trust the library: it is in quarantine, or its signature does not fit.
pub fn is_forbidden(words: &str) -> bool {
    [
        "disallowed by system policy",
        "not valid for use in process",
    ]
    .iter()
    .any(|part| words.contains(part))
}

/// Windows lacks the Visual C++ runtime that `file`, a library of the driver, is linked with; or the one that is installed, `here`, is
/// older than `needed`. `None` if it has it.
pub fn vc_runtime(
    file: &Path,
    needed: VcRuntime,
    is_there: bool,
    here: Option<VcRuntime>,
) -> Option<Judgement> {
    if is_there {
        return old_vc_runtime(file, needed, here).map(Judgement::into_warning);
    }
    let judgement = Judgement::failed(Id::VcRuntimeMissing, message!("doctor-no-vc-runtime"))
        .expecting(message!("doctor-vc-runtime-expected", needed = needed))
        .with("library", file.display());
    Some(judgement)
}

/// The Visual C++ runtime that is installed, `here`, is older than the compiler that made `file`.
pub fn old_vc_runtime(
    file: &Path,
    needed: VcRuntime,
    here: Option<VcRuntime>,
) -> Option<Judgement> {
    let here = here.filter(|here| *here < needed)?;
    let observed = message!(
        "doctor-old-vc-runtime",
        here = here,
        file = file.display(),
        needed = needed
    );
    let judgement = Judgement::failed(Id::VcRuntimeMissing, observed)
        .expecting(message!("doctor-vc-runtime-expected", needed = needed))
        .of_kind(CauseKind::Older)
        .with("library", file.display())
        .with("found", here)
        .with("wanted", needed);
    Some(judgement)
}

/// The glibc version that the loader's `words` miss: ``version `GLIBC_2.38' not found``.
pub fn wanted_glibc(words: &str) -> String {
    let version = words.split("GLIBC_").nth(1).unwrap_or_default();
    version
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect()
}

/// Another version lies behind the library that is used: a program with another search path gets that one.
pub fn shadowed(file: &Path, version: Version, behind: &Path, other: Version) -> Judgement {
    let observed = message!(
        "verify-library-behind",
        other = other,
        version = version,
        behind = behind.display(),
        file = file.display()
    );
    Judgement::failed(Id::LibraryShadowed, observed)
        .into_warning()
        .expecting(message!("verify-library-one-version"))
        .with("library", file.display())
        .with("client_version", version)
        .with("other", behind.display())
        .with("other_version", other)
}

/// The driver needs `names` of its package's own libraries, which the check loads first and programs do not find.
pub fn private(file: &Path, names: &[String]) -> Judgement {
    let directory = file.parent().unwrap_or(file).join("private");
    Judgement::failed(
        Id::LibraryUnloadable,
        message!(
            "driver-needs-private",
            names = names.join(", "),
            directory = directory.display()
        ),
    )
    .into_warning()
    .expecting(message!("verify-load-expected"))
    .of_kind(CauseKind::Private)
    .with("library", file.display())
    .with("folder", directory.display())
    .with("missing", names.join(", "))
}

/// What the driver `printed` on standard output; `None` where it was silent.
pub fn noise(file: &Path, printed: &str, secrets: &[Secret]) -> Option<Judgement> {
    // Before it is cut: half a secret would not be found.
    let printed = secrets
        .iter()
        .fold(printed.to_owned(), |text, secret| secret.cut_from(&text));
    let line = printed
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())?;
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    Some(
        Judgement::failed(
            Id::LibraryNoisy,
            message!("verify-library-printed", shown = shown),
        )
        .into_warning()
        .expecting(message!("verify-library-silence"))
        .with("library", file.display()),
    )
}

/// The edition of the client against the server's; `None` where they agree, or the server's is not known.
pub fn edition(client: Edition, server: DriverReply<Option<Edition>>) -> Option<Judgement> {
    let DriverReply::Data(Some(server)) = server else {
        return None;
    };
    (server != client).then(|| {
        Judgement::failed(
            Id::EditionMismatch,
            message!("verify-client-and-server", client = client, server = server),
        )
        .into_warning()
        .expecting(message!("verify-edition-expected", server = server))
        .with("client_edition", client)
        .with("edition", server)
    })
}

/// The taos.cfg in effect names another server than the one at `address`.
pub fn first_ep(file: &Path, endpoint: &str, address: &str) -> Judgement {
    let config = file.display();
    Judgement::failed(
        Id::FirstepWrong,
        message!("verify-first-ep", config = config, endpoint = endpoint),
    )
    .into_warning()
    .expecting(message!("verify-first-ep-expected", address = address))
    .with("config", config)
    .with("endpoint", endpoint)
    .with("address", address)
}

#[cfg(test)]
mod tests;
