//! `taos-setup mirror`

mod args;
mod human;
mod json;
mod locked;

use serde_json::Value;

use super::Context;
use crate::catalog::Clients;
use crate::error::{ErrorId, Result};
use crate::fetch::FetchOptions;
use crate::install::InstallRequest;
use crate::install::origin::parse_origin;
use crate::message::locale::Locale;
use crate::mirror::check::{self, MirrorCheck, MirrorCheckRequest};
use crate::mirror::create::{self, MirrorCreateRequest, MirrorCreation};
use crate::mirror::serve::{self, MirrorServeRequest, ServeOutcome};
use crate::mirror::verify::{self, MirrorVerification, MirrorVerifyRequest};
use crate::mirror::{ProjectJob, remove_rendered};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::own_catalog;
use crate::store::Store;
use crate::tdengine::platform::{Arch, Os, Platform};
use crate::tdengine::version;
pub(super) use args::Args;
use args::CreateArgs;
use locked::{LockedMirror, MirroredClient};

/// The platforms of wheels if none are named: those that most projects run on.
const WHEEL_PLATFORMS: [Platform; 4] = [
    Platform {
        os: Os::Linux,
        arch: Arch::X64,
    },
    Platform {
        os: Os::Linux,
        arch: Arch::Arm64,
    },
    Platform {
        os: Os::Windows,
        arch: Arch::X64,
    },
    Platform {
        os: Os::Macos,
        arch: Arch::Arm64,
    },
];

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    match args {
        Args::Create(args) => {
            let store = Store::from_environment()?;
            own_catalog::load(&store, &context.events)?;
            let created = create_request(&args, &store, context)
                .and_then(|request| create::create(&request, &store, &context.events));
            remove_rendered(&store);
            Ok(Box::new(created?))
        }
        Args::Verify(args) => Ok(Box::new(verify::verify(&MirrorVerifyRequest {
            dir: args.dir,
            trust_keys: args.trust_key,
        })?)),
        Args::Check(args) => {
            let projects = args.project.iter();
            let projects = projects.map(|dir| ProjectJob::of_project(dir, &[], &[]));
            let request = MirrorCheckRequest {
                dir: args.dir,
                projects: projects.collect::<Result<_>>()?,
            };
            let store = Store::from_environment()?;
            Ok(Box::new(check::check(&request, &store, &context.events)?))
        }
        Args::Serve(args) => {
            let request = MirrorServeRequest {
                dir: args.dir,
                listen: args.listen,
                trust_keys: args.trust_key,
                skip_verify: args.skip_verify,
            };
            match serve::serve(&request, &context.events)? {
                ServeOutcome::Damaged(verification) => Ok(Box::new(verification)),
                ServeOutcome::Stopped(requests) => Ok(Box::new(StoppedServer { requests })),
            }
        }
    }
}

/// Reads the key first: a wrong password shows before anything is downloaded.
fn create_request(
    args: &CreateArgs,
    store: &Store,
    context: &Context,
) -> Result<MirrorCreateRequest> {
    let signing_key = args.signing.key()?;
    let wheels = match args.platforms.as_slice() {
        [] => WHEEL_PLATFORMS.to_vec(),
        platforms => platforms.to_vec(),
    };
    let of_languages = args.languages.iter().map(|language| {
        ProjectJob::of_language(language, &wheels, &args.python, store, &context.events)
    });
    let lock = args.from_lock.as_deref().map(locked::read).transpose()?;
    let in_lock = lock.iter().flat_map(|lock| &lock.projects);
    let dirs = args.projects.iter().chain(in_lock);
    let of_projects = dirs.map(|dir| ProjectJob::of_project(dir, &wheels, &args.python));
    Ok(MirrorCreateRequest {
        dir: args.dir.clone(),
        clients: client_requests(args, lock.as_ref(), store)?,
        projects: of_languages.chain(of_projects).collect::<Result<_>>()?,
        base: args.base.clone(),
        signing_key,
        expires_days: args.signing.expires_days,
        dry_run: args.dry_run,
    })
}

/// A request for each version and platform.
fn client_requests(
    args: &CreateArgs,
    lock: Option<&LockedMirror>,
    store: &Store,
) -> Result<Vec<InstallRequest>> {
    let insecure_http = args.allow_insecure_http;
    let (origin, origin_arguments) = parse_origin(None, args.mirror.clone(), insecure_http)?;
    let fetch = FetchOptions::from_environment(store.downloads_dir(), false, insecure_http)?;
    let clients = match lock {
        Some(lock) => lock.clients(&args.platforms),
        None => named_clients(args)?,
    };
    let requests = clients.into_iter().map(|client| InstallRequest {
        version: Some(client.version),
        sha256: client.sha256,
        locked: client.locked,
        trust_keys: args.trust_key.clone(),
        trust_on_first_use: args.trust_on_first_use,
        require_digest: args.require_digest,
        edition: Some(client.edition),
        platform: Some(client.platform),
        ..InstallRequest::new(origin.clone(), origin_arguments.clone(), fetch.clone())
    });
    Ok(requests.collect())
}

/// The clients that the options name.
fn named_clients(args: &CreateArgs) -> Result<Vec<MirroredClient>> {
    let versions = match args.client.as_slice() {
        [] if args.languages.is_empty() && args.projects.is_empty() && args.base.is_none() => {
            vec![version::Request::Latest]
        }
        versions => versions.to_vec(),
    };
    let catalog = Clients::builtin()?;
    let mut clients = Vec::new();
    for version in versions {
        let platforms = match args.platforms.as_slice() {
            [] => catalog.platforms(&version, args.edition),
            platforms => platforms.to_vec(),
        };
        clients.extend(platforms.into_iter().map(|platform| MirroredClient {
            version: version.clone(),
            edition: args.edition,
            platform,
            sha256: args.sha256.clone(),
            locked: Vec::new(),
        }));
    }
    Ok(clients)
}

impl CommandResult for MirrorCreation {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::creation(self, options)
    }

    fn json(&self, locale: Locale) -> Value {
        json::creation(self, locale)
    }
}

impl CommandResult for MirrorVerification {
    fn exit(&self) -> u8 {
        match self.faults.is_empty() {
            true => 0,
            false => ErrorId::DigestMismatch.exit(),
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        human::verification(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::verification(self)
    }
}

impl CommandResult for MirrorCheck {
    fn exit(&self) -> u8 {
        match self.is_complete() {
            true => 0,
            false => ErrorId::VersionConflict.exit(),
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        human::check(self, options)
    }

    fn json(&self, locale: Locale) -> Value {
        json::check(self, locale)
    }
}

/// A server that was ended.
struct StoppedServer {
    requests: u64,
}

impl CommandResult for StoppedServer {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::stopped(self.requests, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::stopped(self.requests)
    }
}
