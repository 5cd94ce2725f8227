//! `taos-setup catalog`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{FetchOptions, Location, Origin, parse_location};
use crate::message::locale::Locale;
use crate::message::message;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::own_catalog::add::{self, CatalogAddRequest, OwnCatalogEntry};
use crate::own_catalog::check::{self, CatalogCheck};
use crate::own_catalog::update::{self, CatalogUpdateRequest, OwnCatalogVersion};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let fetch = |insecure| FetchOptions::from_environment(store.downloads_dir(), false, insecure);
    match args {
        Args::Add(args) => {
            let insecure = args.allow_insecure_http;
            let origin = match parse_location(&args.package, insecure)? {
                Location::Address(url) => Origin::Address(url),
                Location::Path(path) => Origin::File(path),
            };
            crate::own_catalog::load(&store, &context.events)?;
            let request = CatalogAddRequest {
                origin,
                fetch: fetch(insecure)?,
                to: args.to,
            };
            Ok(Box::new(add::add(&request, &context.events)?))
        }
        Args::Sign(args) => {
            let key = args.signing.key()?.ok_or_else(|| {
                Error::new(
                    ErrorId::Usage,
                    message!("own-catalog-sign"),
                    message!("own-catalog-no-signing-key"),
                    message!("own-catalog-no-signing-key-next"),
                )
            })?;
            let signed = update::sign(&args.catalog, &key, args.signing.expires_days)?;
            Ok(Box::new(SignedCatalog(signed)))
        }
        Args::Update(args) => {
            let insecure = args.allow_insecure_http;
            let request = CatalogUpdateRequest {
                location: parse_location(&args.location, insecure)?,
                trust_keys: args.trust_key,
                fetch: fetch(insecure)?,
            };
            Ok(Box::new(update::update(&request, &store, &context.events)?))
        }
        Args::Check(_) => {
            crate::own_catalog::load(&store, &context.events)?;
            Ok(Box::new(check::check(&fetch(false)?, &context.events)?))
        }
    }
}

impl CommandResult for OwnCatalogEntry {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::entry(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::entry(self)
    }
}

/// A catalog that was signed.
struct SignedCatalog(OwnCatalogVersion);

impl CommandResult for SignedCatalog {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::signed(&self.0, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::version("sign", &self.0)
    }
}

impl CommandResult for OwnCatalogVersion {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::updated(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::version("update", self)
    }
}

impl CommandResult for CatalogCheck {
    fn exit(&self) -> u8 {
        match self.unknown.is_empty() {
            true => 0,
            false => ErrorId::VersionConflict.exit(),
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        human::check(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::check(self)
    }
}
