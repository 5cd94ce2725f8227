//! Reads what `php -i` and `php-fpm -i` print (phpinfo() as text).

use std::path::{Path, PathBuf};

use super::{PhpKind, PhpRuntime};

/// The lines of phpinfo() that say which files count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PhpInfo<'a> {
    version: Option<&'a str>,
    interface: Option<&'a str>,
    /// The directory of `php.ini`.
    directory: Option<&'a str>,
    loaded: Option<&'a str>,
    scanned: Option<&'a str>,
    extensions: Option<&'a str>,
}

impl<'a> PhpInfo<'a> {
    /// Reads `text`; nothing if PHP did not print it.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut info = Self::default();
        for line in text.lines() {
            let Some((name, value)) = line.split_once(" => ") else {
                continue;
            };
            let field = match name.trim() {
                "PHP Version" => &mut info.version,
                "Server API" => &mut info.interface,
                "Configuration File (php.ini) Path" => &mut info.directory,
                "Loaded Configuration File" => &mut info.loaded,
                "Scan this dir for additional .ini files" => &mut info.scanned,
                "extension_dir" => &mut info.extensions,
                _ => continue,
            };
            // Sections repeat names, and settings have a local and a master value.
            let value = value.split(" => ").next().unwrap_or(value).trim();
            let is_set = !value.is_empty() && value != "(none)";
            field.get_or_insert(if is_set { value } else { "" });
        }
        info.version?;
        Some(info)
    }

    /// The kind of PHP, unless it is one that does not serve or run programs.
    pub(super) fn runtime(&self) -> Option<PhpRuntime> {
        let kind = match self.interface? {
            "Command Line Interface" => PhpKind::Cli,
            "FPM/FastCGI" => PhpKind::Fpm,
            _ => return None,
        };
        let mut numbers = self.version?.split('.');
        let (major, minor) = (numbers.next()?, numbers.next()?);
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
        let version = format!("{major}.{minor}");
        let is_version = is_number(major) && is_number(minor);
        let path = |text: Option<&'a str>| {
            text.map(Path::new)
                .filter(|it| it.is_absolute())
                .map(Path::to_path_buf)
        };
        let main = path(self.loaded);
        let usual = || path(self.directory).map(|it| it.join("php.ini"));
        let directories = self.scanned.unwrap_or_default().split(':');
        let directories = directories.map(PathBuf::from);
        is_version.then(|| PhpRuntime {
            kind,
            version,
            main: main.or_else(usual),
            directories: directories.filter(|it| it.is_absolute()).collect(),
            extensions: path(self.extensions),
            loads: Vec::new(),
        })
    }
}
