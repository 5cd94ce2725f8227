//! One installed client and its folders.

use std::path::PathBuf;

use super::{Receipt, Removal, Store, prefix, removal, toml_text, unwritable};
use crate::error::Result;
use crate::message::{Message, message};
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Edition, Version};

/// An installed client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Community or Enterprise.
    pub edition: Edition,
    /// The client's version.
    pub version: Version,
    /// The platform that it is for.
    pub platform: Platform,
    /// The folder that holds `lib/`, `include/`, `bin/` and `etc/`.
    pub prefix: PathBuf,
    log: PathBuf,
    in_store: bool,
}

impl Client {
    /// Whether this machine can run the client. One for another platform is never the current client.
    pub fn is_for_this_machine(&self) -> bool {
        Platform::host().is_none_or(|host| host == self.platform)
    }

    /// The client that has, or will have, its place in `store`.
    pub fn new(store: &Store, edition: Edition, version: Version, platform: Platform) -> Self {
        Self {
            edition,
            version,
            platform,
            prefix: store
                .clients()
                .join(format!("{edition}-{version}-{platform}")),
            log: store.log_dir().to_path_buf(),
            in_store: true,
        }
    }

    /// The client that is, or will be, in the directory `prefix` outside `store`.
    pub fn at(
        store: &Store,
        prefix: PathBuf,
        edition: Edition,
        version: Version,
        platform: Platform,
    ) -> Self {
        Self {
            prefix,
            in_store: false,
            ..Self::new(store, edition, version, platform)
        }
    }

    /// Whether it is in the store; one in a prefix is never the current client and can be moved.
    pub fn is_in_store(&self) -> bool {
        self.in_store
    }

    /// The client that a folder called `EDITION-VERSION-PLATFORM` holds.
    pub(super) fn from_folder_name(store: &Store, name: &str) -> Option<Self> {
        let mut parts = name.splitn(3, '-');
        let edition = parts.next()?.parse().ok()?;
        let version = parts.next()?.parse().ok()?;
        let platform = parts.next()?.parse().ok()?;
        let client = Self::new(store, edition, version, platform);
        (client.folder_name() == name).then_some(client)
    }

    /// The name of its folder, `oss-3.3.7.5-linux-x64`.
    pub fn folder_name(&self) -> String {
        format!("{}-{}-{}", self.edition, self.version, self.platform)
    }

    /// The driver's libraries, with unversioned names, and `pkgconfig/`, `cmake/`.
    pub fn lib_dir(&self) -> PathBuf {
        self.prefix.join("lib")
    }

    /// The C headers.
    pub fn include_dir(&self) -> PathBuf {
        self.prefix.join("include")
    }

    /// The programs: `taos`, and with a full package `taosBenchmark` and `taosdump`.
    pub fn bin_dir(&self) -> PathBuf {
        self.prefix.join("bin")
    }

    /// The folder that holds `taos.cfg`.
    pub fn config_dir(&self) -> PathBuf {
        self.prefix.join("etc")
    }

    /// The folder that the client writes its logs into. It may not exist yet.
    pub fn log_dir(&self) -> PathBuf {
        self.log.clone()
    }

    pub(super) fn receipt_path(&self) -> PathBuf {
        self.prefix.join(super::receipt::FILE)
    }

    /// The reason why its place may not be written: no installation created its content. An installation leaves a receipt. Errors
    /// `file-unreadable`, `file-unparsable`.
    pub fn foreign(&self) -> Result<Option<Message>> {
        if !self.in_store {
            return prefix::foreign(&self.prefix);
        }
        let free = std::fs::symlink_metadata(&self.prefix).is_err();
        Ok((!free && !self.receipt_path().is_file()).then(|| message!("store-foreign")))
    }

    /// What was recorded when it was installed. Errors: `file-unreadable`, `file-unparsable`.
    pub fn receipt(&self) -> Result<Receipt> {
        Receipt::read(&self.receipt_path())
    }

    /// Replaces what was recorded when it was installed. The store must be locked. Errors `file-unwritable`, `unexpected`.
    pub fn write_receipt(&self, receipt: &Receipt) -> Result<()> {
        let path = self.receipt_path();
        let text = toml_text(&path, receipt)?;
        crate::system::atomic_file::write(&path, text.as_bytes())
            .map_err(|error| unwritable(&path, &error))
    }

    /// The first file or link that is not as it was installed, by content: thorough, not quick. Files in `etc/` are the
    /// user's to change. Errors `file-unreadable`, `file-unparsable`.
    pub fn first_damage(&self) -> Result<Option<String>> {
        removal::first_damage(&self.prefix, &self.receipt()?)
    }

    /// What uninstalling it would delete and keep. Errors `file-unreadable`, `file-unparsable`.
    pub fn removal(&self) -> Result<Removal> {
        removal::plan(&self.prefix, &self.receipt()?)
    }
}
