//! `taos-setup install`

mod args;
mod defaults;
mod dry_run;
mod dry_run_json;
mod human;
mod json;
mod system;
mod system_json;

use serde_json::Value;

use super::Context;
use crate::error::Result;
use crate::fetch::FetchOptions;
use crate::install::origin::parse_origin;
use crate::install::{self, InstallOutcome, InstallRequest};
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::own_catalog;
use crate::store::Store;
pub(super) use args::{Args, trusted_key};
use defaults::fill_in;

/// Runs the command.
pub(super) fn run(mut args: Args, context: &Context) -> Result<Report> {
    let locked = fill_in(&mut args, &context.events)?;
    context.note_old_catalog()?;
    let store = if args.system {
        Store::for_all_users()?
    } else {
        Store::from_environment()?
    };
    own_catalog::load(&store, &context.events)?;
    let insecure_http = args.allow_insecure_http;
    let (origin, mut origin_arguments) = parse_origin(args.from, args.mirror, insecure_http)?;
    if insecure_http {
        origin_arguments.push("--allow-insecure-http".into());
    }
    let mut again = |option: &str, value: Option<String>| {
        if let Some(value) = value {
            origin_arguments.extend([option.to_owned(), value]);
        }
    };
    again("--edition", args.edition.map(|edition| edition.to_string()));
    again(
        "--platform",
        args.platform.map(|platform| platform.to_string()),
    );
    again(
        "--first-ep",
        args.first_ep
            .as_ref()
            .map(|first_ep| first_ep.endpoint.clone()),
    );
    for key in &args.trust_key {
        again("--trust-key", Some(key.text().to_owned()));
    }
    again("--only", args.only.map(|parts| parts.to_string()));
    let prefix = args
        .prefix
        .map(|prefix| store.prefix(&prefix))
        .transpose()?;
    again(
        "--prefix",
        prefix
            .as_ref()
            .map(|prefix| prefix.to_string_lossy().into_owned()),
    );
    let request = InstallRequest {
        version: args.requested,
        origin,
        origin_arguments,
        fetch: FetchOptions::from_environment(store.downloads_dir(), args.offline, insecure_http)?,
        sha256: args.sha256,
        locked,
        trust_keys: args.trust_key,
        trust_on_first_use: args.trust_on_first_use,
        require_digest: args.require_digest,
        dry_run: args.dry_run,
        server: args.server,
        edition: args.edition,
        platform: args.platform,
        first_ep: args.first_ep,
        repair: args.repair,
        parts: args.only,
        prefix,
        run_installer: args.run_installer,
        system: args.system,
        replace: args.replace,
    };
    let outcome = install::install(&request, &store, &context.events)?;
    Ok(Box::new(outcome))
}

impl CommandResult for InstallOutcome {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render(self, options)
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
