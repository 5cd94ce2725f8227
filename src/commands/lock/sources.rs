//! The options of `lock` and `sync` that say where packages come from.

use crate::error::Result;
use crate::fetch::FetchOptions;
use crate::install::origin::parse_origin;
use crate::store::Store;
use crate::sync::PackageSources;

/// Where packages come from.
#[derive(Debug, clap::Args)]
pub struct SourceArgs {
    /// Do not use the network: get packages from the cache, or from a directory
    #[arg(long)]
    offline: bool,
    /// Get packages from this mirror, an address or a directory [env: TAOS_SETUP_MIRROR]
    ///
    /// The lock does not name it.
    #[arg(long, value_name = "URL|DIR")]
    mirror: Option<String>,
    /// Allow plain http from another machine; an attacker on the network can change the download
    #[arg(long, hide_short_help = true)]
    allow_insecure_http: bool,
}

impl SourceArgs {
    /// The sources, without anything that is trusted.
    ///
    /// # Errors
    /// `usage` if the mirror, or a variable, is not valid.
    pub fn resolve(self, store: &Store) -> Result<PackageSources> {
        let insecure = self.allow_insecure_http;
        let (origin, mut origin_arguments) = parse_origin(None, self.mirror.clone(), insecure)?;
        if insecure {
            origin_arguments.push("--allow-insecure-http".into());
        }
        Ok(PackageSources {
            origin,
            origin_arguments,
            fetch: FetchOptions::from_environment(store.downloads_dir(), self.offline, insecure)?,
            mirror: self.mirror,
            sha256: Vec::new(),
            trust_keys: Vec::new(),
            trust_on_first_use: false,
        })
    }
}
