//! Arguments of `taos-setup catalog`.

use std::path::PathBuf;

use crate::commands::install::trusted_key;
use crate::commands::signing::SigningArgs;
use crate::signature::TrustedKey;

/// Keep a catalog of your own packages next to the built-in one
///
/// A company's catalog adds digests, internal versions, and Enterprise packages. It is signed with minisign, expires, and is never replaced
/// by an older one.
#[derive(Debug, clap::Subcommand)]
#[command(
    subcommand_required = true,
    after_help = "Examples:\n  taos-setup catalog add TDengine-enterprise-client-3.3.6.13-Linux-x64.tar.gz --to catalog.toml\n  taos-setup catalog sign catalog.toml --sign-key mirror.key\n  taos-setup catalog update https://mirror.example/catalog.toml --trust-key mirror.pub"
)]
pub enum Args {
    Add(AddArgs),
    Sign(SignArgs),
    Update(UpdateArgs),
    Check(CatalogCheckArgs),
}

/// Compute the digests of a package that you trust, and print its catalog entry
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// Package, with the vendor's name: a file or an address
    #[arg(value_name = "FILE|URL")]
    pub(super) package: String,
    /// Add the entry to this catalog, which is created if it does not exist
    #[arg(long, value_name = "CATALOG")]
    pub(super) to: Option<PathBuf>,
    /// Allow plain http from another machine; an attacker on the network can change the download
    #[arg(long, hide_short_help = true)]
    pub(super) allow_insecure_http: bool,
}

/// Sign a catalog: writes CATALOG.minisig
#[derive(Debug, clap::Args)]
pub struct SignArgs {
    /// Catalog to sign
    #[arg(value_name = "CATALOG", default_value = "catalog.toml")]
    pub(super) catalog: PathBuf,
    #[command(flatten)]
    pub(super) signing: SigningArgs,
}

/// Accept a signed catalog, or a newer version of it
///
/// Its signature is next to it, with the ending .minisig. An expired catalog, or an older one than before, is refused.
#[derive(Debug, clap::Args)]
pub struct UpdateArgs {
    /// Catalog: an address, a file, or a directory with catalog.toml
    #[arg(value_name = "URL|PATH")]
    pub(super) location: String,
    /// Minisign key that signs the catalog [default: the key of the accepted catalog]
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key)]
    pub(super) trust_key: Vec<TrustedKey>,
    /// Allow plain http from another machine; the signature protects the catalog
    #[arg(long, hide_short_help = true)]
    pub(super) allow_insecure_http: bool,
}

/// Compare the catalogs with the vendor's list
///
/// Exits with 7 if the list has releases that no catalog has.
#[derive(Debug, clap::Args)]
pub struct CatalogCheckArgs {}
