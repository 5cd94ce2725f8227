//! Where a client is put together before it takes its place: a folder in the store's own file system, so that one rename
//! publishes it.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Client, Lock, current, unwritable};
use crate::error::Result;
use crate::platform::Platform;

/// Staging folders begin with this, so that a sweep finds what a killed process left.
const PREFIX: &str = ".staging-";

/// A folder that becomes a client, or vanishes when it is dropped.
#[derive(Debug)]
pub struct Staging {
    folder: TempDir,
}

impl Staging {
    /// An empty staging folder of a locked store. Error `file-unwritable`.
    pub fn new(lock: &Lock) -> Result<Self> {
        let clients = lock.store().clients();
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        // The folder becomes the client's prefix, which other users may read; the umask still applies.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o755));
        }
        let folder = builder
            .tempdir_in(&clients)
            .map_err(|error| unwritable(&clients, &error))?;
        Ok(Self { folder })
    }

    /// Where the client's files go.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder its place as `client` in one rename, and makes it the current client. A damaged client in that
    /// place is replaced. On an error the store is as it was.
    pub fn publish(self, lock: &Lock, client: &Client) -> Result<()> {
        let set_aside = set_aside(lock, client)?;
        let back = |error| {
            if let Some((_, old)) = &set_aside {
                let _ = fs::rename(old, &client.prefix);
            }
            error
        };
        fs::rename(self.path(), &client.prefix)
            .map_err(|error| back(unwritable(&client.prefix, &error)))?;
        if let Err(error) = lock.make_current(client) {
            let _ = fs::rename(&client.prefix, self.path());
            return Err(back(error));
        }
        // Its folder has moved away: nothing is left to remove.
        let _ = self.folder.keep();
        Ok(())
    }
}

/// Moves what is in `client`'s place into a staging folder of its own, which removes it when dropped.
fn set_aside(lock: &Lock, client: &Client) -> Result<Option<(Staging, PathBuf)>> {
    if fs::symlink_metadata(&client.prefix).is_err() {
        return Ok(None);
    }
    let aside = Staging::new(lock)?;
    let old = aside.path().join("old");
    fs::rename(&client.prefix, &old).map_err(|error| unwritable(&client.prefix, &error))?;
    Ok(Some((aside, old)))
}

impl Lock {
    /// Makes an installed `client` the current one, unless it is for another platform. Error `file-unwritable`.
    pub fn make_current(&self, client: &Client) -> Result<()> {
        if Platform::host().is_some_and(|host| host != client.platform) {
            return Ok(());
        }
        current::write(&self.store().home, &client.folder_name())
    }
}

/// Removes staging folders that a killed process left in `clients`. What cannot be removed stays: it is never read.
pub(super) fn sweep(clients: &Path) {
    for entry in fs::read_dir(clients).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(PREFIX)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::version::Edition;

    /// A locked store, a client to be, and a staging folder that holds `text`.
    fn staged(home: &Path, text: &str) -> (Lock, Client, Staging) {
        let store = Store::at(home.to_path_buf());
        let lock = store.try_lock().unwrap().unwrap();
        let (version, platform) = ("3.3.7.5".parse().unwrap(), "linux-x64".parse().unwrap());
        let client = Client::new(&store, Edition::Oss, version, platform);
        let staging = Staging::new(&lock).unwrap();
        fs::write(staging.path().join("file"), text).unwrap();
        (lock, client, staging)
    }

    fn names(folder: PathBuf) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn published_replaced_and_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["one", "two"] {
            let (lock, client, staging) = staged(folder.path(), text);
            staging.publish(&lock, &client).unwrap();
            assert_eq!(
                fs::read_to_string(client.prefix.join("file")).unwrap(),
                text
            );
            assert_eq!(names(folder.path().join("clients")), [client.folder_name()]);
            let current = fs::read_link(folder.path().join("current")).unwrap();
            assert_eq!(current, Path::new("clients/oss-3.3.7.5-linux-x64"));
        }
    }

    #[test]
    fn a_failure_puts_everything_back() {
        let folder = tempfile::tempdir().unwrap();
        let (lock, client, staging) = staged(folder.path(), "one");
        staging.publish(&lock, &client).unwrap();
        drop(lock);
        fs::remove_file(folder.path().join("current")).unwrap();
        fs::create_dir(folder.path().join("current")).unwrap();
        let (lock, client, staging) = staged(folder.path(), "two");
        assert_eq!(staging.publish(&lock, &client).unwrap_err().exit(), 8);
        assert_eq!(
            fs::read_to_string(client.prefix.join("file")).unwrap(),
            "one"
        );
        assert_eq!(names(folder.path().join("clients")), [client.folder_name()]);
        assert_eq!(
            names(folder.path().to_path_buf()).len(),
            3,
            "clients, current and lock"
        );
    }
}
