//! Completes an unpacked client: unversioned names, pkg-config and CMake files, a configuration, a receipt.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256 as Hasher};

use super::config::{self, FirstEp};
use super::driver_libraries as libraries;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::store::{Client, InstalledFile, InstalledLink, Parts, Receipt, toml_text};
use crate::system::files::{self, TEXT_LIMIT};
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Os;
use crate::tdengine::version::driver_libraries;
use crate::unpack::{Unpacked, make_link};

/// The configuration of a client, as receipts name it.
const CONFIG: &str = "etc/taos.cfg";

/// Completes the unpacked package below `root` and writes its receipt, which begins as `draft`. Returns the receipt. Error
/// `file-unwritable`.
pub(super) fn complete(
    root: &Path,
    client: &Client,
    unpacked: &Unpacked,
    draft: Receipt,
    first_ep: Option<&FirstEp>,
) -> Result<Receipt> {
    let mut tree = Completed {
        root,
        receipt: draft,
    };
    (tree.receipt.files, tree.receipt.links) = as_installed(unpacked);
    tree.name_libraries(client)?;
    if tree.receipt.parts >= Parts::Dev {
        tree.for_building(client)?;
    }
    tree.configure(client, first_ep)?;
    tree.write_receipt()
}

/// The unpacked files and links, as a receipt records them.
pub(super) fn as_installed(unpacked: &Unpacked) -> (Vec<InstalledFile>, Vec<InstalledLink>) {
    let files = unpacked.files.iter().map(|file| InstalledFile {
        path: file.path.clone(),
        size: file.size,
        sha256: file.sha256,
    });
    let links = unpacked.links.iter().map(|link| InstalledLink {
        path: link.path.clone(),
        target: link.target.clone(),
    });
    (files.collect(), links.collect())
}

/// Sets `firstEp` in the taos.cfg of an installed client; nothing else in it changes. The receipt records the file as it then is,
/// unless the user had changed it: that file stays when the client is uninstalled. Errors: `file-unreadable`, `file-unparsable`,
/// `file-unwritable`.
pub(super) fn set_first_ep(client: &Client, first_ep: &FirstEp) -> Result<()> {
    let Some(pointed) = pointed_config(client, first_ep)? else {
        return Ok(());
    };
    let path = config_file(client);
    let mut receipt = client.receipt()?;
    if users_config(client, &receipt)?.is_none() {
        // Before the file itself: a run that repeats an interrupted one makes the file that the receipt has.
        record(&mut receipt, CONFIG, pointed.as_bytes());
        client.write_receipt(&receipt)?;
    }
    crate::system::atomic_file::write(&path, pointed.as_bytes())
        .map_err(|error| unwritable(&path, &error))
}

/// What `receipt` records of the taos.cfg of an installed client, if the user has changed that file. Error `file-unreadable`.
fn users_config(client: &Client, receipt: &Receipt) -> Result<Option<InstalledFile>> {
    let path = config_file(client);
    let bytes = match files::read_named(&path, TEXT_LIMIT) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(config::unreadable(&path, &error)),
    };
    let recorded = receipt.files.iter().find(|file| file.path == CONFIG);
    Ok(recorded
        .filter(|recorded| **recorded != installed_file(CONFIG, &bytes))
        .cloned())
}

fn installed_file(path: &str, bytes: &[u8]) -> InstalledFile {
    InstalledFile {
        path: path.to_owned(),
        size: bytes.len() as u64,
        sha256: Sha256(Hasher::digest(bytes).into()),
    }
}

/// Records the file `path` with the content `bytes`, in place of what the receipt has under that name.
fn record(receipt: &mut Receipt, path: &str, bytes: &[u8]) {
    receipt.links.retain(|link| link.path != path);
    receipt.files.retain(|file| file.path != path);
    receipt.files.push(installed_file(path, bytes));
    receipt.files.sort_by(|a, b| a.path.cmp(&b.path));
}

/// The taos.cfg of an installed client with `first_ep`; `None` if it has that already. Error `file-unreadable`.
pub(super) fn pointed_config(client: &Client, first_ep: &FirstEp) -> Result<Option<String>> {
    let path = config_file(client);
    let text = match files::read_named_text(&path, TEXT_LIMIT) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(config::unreadable(&path, &error)),
    };
    let pointed = config::with_first_ep(&text, &first_ep.endpoint);
    Ok(pointed.filter(|pointed| *pointed != text))
}

fn config_file(client: &Client) -> PathBuf {
    client.config_dir().join("taos.cfg")
}

struct Completed<'a> {
    root: &'a Path,
    receipt: Receipt,
}

impl Completed<'_> {
    /// Adds the names by which programs load the libraries. On Windows these are the files' own.
    fn name_libraries(&mut self, client: &Client) -> Result<()> {
        let files: Vec<String> = self
            .receipt
            .files
            .iter()
            .filter_map(|file| file.path.strip_prefix("lib/").map(str::to_owned))
            .filter(|name| !name.contains('/'))
            .collect();
        match client.platform.os {
            Os::Linux => self.name_for_linux(client, &files),
            Os::Macos => self.name_for_macos(client, &files),
            Os::Windows => Ok(()),
        }
    }

    /// `libX.so -> libX.so.1 -> libX.so.VERSION` for every library of the version: linkers and the driver itself ask for
    /// the first, programs for the second, their SONAME. A library that comes under its plain name gets the second alone.
    fn name_for_linux(&mut self, client: &Client, files: &[String]) -> Result<()> {
        let ending = format!(".{}", client.version);
        for file in files {
            if let Some(name) = file
                .strip_suffix(&ending)
                .filter(|name| name.ends_with(".so"))
            {
                let first = format!("{name}.1");
                self.link(&format!("lib/{first}"), file)?;
                self.link(&format!("lib/{name}"), &first)?;
            } else if file.ends_with(".so") && !files.contains(&format!("{file}{ending}")) {
                self.link(&format!("lib/{file}.1"), file)?;
            }
        }
        Ok(())
    }

    /// `libX.dylib -> libX.1.dylib -> libX.VERSION.dylib` for the driver's libraries, as the vendor's script links them,
    /// whichever of the three the package has.
    fn name_for_macos(&mut self, client: &Client, files: &[String]) -> Result<()> {
        let there: Vec<&str> = files.iter().map(String::as_str).collect();
        for name in driver_libraries(client.version) {
            let Some(file) = libraries::find(client.platform, name, client.version, &there) else {
                continue;
            };
            let plain = client.platform.library_file(name);
            let first = format!("lib{name}.1.dylib");
            if file == plain {
                self.link(&format!("lib/{first}"), &plain)?;
                continue;
            }
            if file != first {
                self.link(&format!("lib/{first}"), file)?;
            }
            self.link(&format!("lib/{plain}"), &first)?;
        }
        Ok(())
    }

    /// Adds the files of compilers and build tools, with relative paths, so that the directory can be moved.
    fn for_building(&mut self, client: &Client) -> Result<()> {
        // Windows makes no links without a privilege.
        if client.platform.os != Os::Windows {
            self.link("driver", "lib")?;
        }
        let library = client.platform.library_file("taos");
        let files = [
            ("lib/pkgconfig/taos.pc", include_str!("files/taos.pc")),
            (
                "lib/cmake/taos/taosConfig.cmake",
                include_str!("files/taosConfig.cmake"),
            ),
            (
                "lib/cmake/taos/taosConfigVersion.cmake",
                include_str!("files/taosConfigVersion.cmake"),
            ),
        ];
        for (path, template) in files {
            let text = template
                .replace("@VERSION@", &client.version.to_string())
                .replace("@LIBRARY@", &library);
            self.file(path, &text)?;
        }
        Ok(())
    }

    /// The package's `taos.cfg`, or an empty one, with the user's log folder: without it where the client may go to another
    /// machine. A changed configuration of a client that is being installed again is kept.
    fn configure(&mut self, client: &Client, first_ep: Option<&FirstEp>) -> Result<()> {
        let path = CONFIG;
        let on_disk = self.root.join(path);
        let own = client.config_dir().join("taos.cfg");
        // The user's own configuration keeps its firstEp unless another is asked for by name.
        let first_ep = first_ep.filter(|first_ep| first_ep.asked || !own.exists());
        let bytes = match files::read_named(&own, TEXT_LIMIT)
            .or_else(|_| files::read_named(&on_disk, TEXT_LIMIT))
        {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(unwritable(&on_disk, &error)),
        };
        let here = client.is_in_store() && client.is_for_this_machine();
        let log = here.then(|| client.log_dir());
        let log = log.as_deref().and_then(Path::to_str);
        let configured = match (String::from_utf8(bytes), log) {
            (Ok(text), Some(log)) => config::with_log_dir(&text, log).unwrap_or(text),
            (Ok(text), None) => text,
            // Not text: the client may still read it, and TAOS_LOG_DIR names the log folder anyway.
            (Err(bytes), _) => return self.write(path, bytes.as_bytes()),
        };
        let configured = match first_ep {
            Some(FirstEp { endpoint, .. }) => {
                config::with_first_ep(&configured, endpoint).unwrap_or(configured)
            }
            None => configured,
        };
        self.file(path, &configured)?;
        // The user's own stays the user's: uninstalling compares it with what an installation made. What cannot be read, such as a
        // pipe in its place, was not kept above.
        if let Ok(receipt) = client.receipt()
            && let Ok(Some(recorded)) = users_config(client, &receipt)
        {
            self.receipt.files.retain(|file| file.path != path);
            self.receipt.files.push(recorded);
        }
        Ok(())
    }

    /// Makes a link, in place of what the package has under that name: its versioned library is the real one.
    fn link(&mut self, path: &str, target: &str) -> Result<()> {
        let on_disk = self.root.join(path);
        match fs::remove_file(&on_disk) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(unwritable(&on_disk, &error));
            }
            _ => {}
        }
        self.receipt.files.retain(|file| file.path != path);
        self.receipt.links.retain(|link| link.path != path);
        make_link(target, &on_disk).map_err(|error| unwritable(&on_disk, &error))?;
        self.receipt.links.push(InstalledLink {
            path: path.to_owned(),
            target: target.to_owned(),
        });
        Ok(())
    }

    fn file(&mut self, path: &str, text: &str) -> Result<()> {
        self.write(path, text.as_bytes())
    }

    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let on_disk = self.root.join(path);
        let folder = on_disk.parent().unwrap_or(self.root);
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        // Never through a link that the package made under this name.
        match fs::remove_file(&on_disk) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(unwritable(&on_disk, &error));
            }
            _ => {}
        }
        fs::write(&on_disk, bytes).map_err(|error| unwritable(&on_disk, &error))?;
        record(&mut self.receipt, path, bytes);
        Ok(())
    }

    fn write_receipt(mut self) -> Result<Receipt> {
        self.receipt.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.receipt.links.sort_by(|a, b| a.path.cmp(&b.path));
        let path = self.root.join("receipt.toml");
        let text = toml_text(&path, &self.receipt)?;
        fs::write(&path, text).map_err(|error| unwritable(&path, &error))?;
        Ok(self.receipt)
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("store-write", path = printable_path(path)),
        describe_io_error(error),
        message!("store-write-next"),
    )
}
