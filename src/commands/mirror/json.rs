//! JSON form of `taos-setup mirror`.

use serde_json::{Value, json};

use crate::message::locale::Locale;
use crate::mirror::check::MirrorCheck;
use crate::mirror::create::{CreationState, MirrorCreation};
use crate::mirror::verify::MirrorVerification;

/// Returns `data`: `state` is `published`, `up-to-date`, or `planned`; `size` is null if it is not known before.
pub(super) fn creation(creation: &MirrorCreation, locale: Locale) -> Value {
    let state = match creation.state {
        CreationState::Published => "published",
        CreationState::UpToDate => "up-to-date",
        CreationState::Planned => "planned",
    };
    let added: Vec<Value> = creation
        .added
        .iter()
        .map(|part| json!({"kind": part.kind, "name": part.name, "size": part.size}))
        .collect();
    let gaps: Vec<Value> = creation
        .gaps
        .iter()
        .map(|gap| {
            json!({
                "part": gap.part,
                "reason": gap.reason.as_str(),
                "subject": gap.subject,
                "text": gap.reason.describe().text(locale),
            })
        })
        .collect();
    json!({
        "action": "create",
        "dir": creation.dir.to_string_lossy(),
        "state": state,
        "added": added,
        "files": creation.files,
        "bytes": creation.bytes,
        "base": creation.base,
        "signed": creation.is_signed,
        "gaps": gaps,
    })
}

/// Returns `data`: `fault` is `changed`, `missing`, `additional`, `not-a-file`, or `unreadable`.
pub(super) fn verification(verification: &MirrorVerification) -> Value {
    let faults: Vec<Value> = verification
        .faults
        .iter()
        .map(|(path, fault)| json!({"path": path, "fault": fault.as_str()}))
        .collect();
    let signed = verification.signed.as_ref().map(
        |signed| json!({"key": signed.key, "version": signed.version, "expires": signed.expires.to_string()}),
    );
    json!({
        "action": "verify",
        "dir": verification.dir.to_string_lossy(),
        "files": verification.files,
        "bytes": verification.bytes,
        "signed": signed,
        "faults": faults,
    })
}

/// Returns `data`: `packages` is null if the project's build is what was checked.
pub(super) fn check(check: &MirrorCheck, locale: Locale) -> Value {
    let projects: Vec<Value> = check
        .projects
        .iter()
        .map(|needs| {
            let gaps: Vec<Value> = needs
                .gaps
                .iter()
                .map(|(reason, subject)| {
                    json!({
                        "reason": reason.as_str(),
                        "subject": subject,
                        "text": reason.describe().text(locale),
                    })
                })
                .collect();
            json!({
                "project": needs.project,
                "packages": needs.packages,
                "missing": needs.missing,
                "gaps": gaps,
            })
        })
        .collect();
    json!({"action": "check", "dir": check.dir.to_string_lossy(), "complete": check.is_complete(), "projects": projects})
}

/// Returns `data` of a server that was ended.
pub(super) fn stopped(requests: u64) -> Value {
    json!({"action": "serve", "requests": requests})
}
