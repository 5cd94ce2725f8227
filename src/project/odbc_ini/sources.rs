//! The data sources of TDengine among those of `odbc.ini`.

use super::super::ini_document::{IniDocument, IniSection};
use super::SOURCE_LIST;

/// The part of the driver that a data source uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// libtaosws, by `URL`.
    WebSocket,
    /// libtaos, by `SERVER`.
    Native,
}

impl Backend {
    /// The backend that the driver takes for a data source with this `URL`.
    pub const fn of(url: Option<&str>) -> Self {
        match url {
            Some(_) => Self::WebSocket,
            None => Self::Native,
        }
    }

    /// The setting that names the server.
    pub const fn key(self) -> &'static str {
        match self {
            Self::WebSocket => "URL",
            Self::Native => "SERVER",
        }
    }
}

/// A data source that uses the driver of TDengine.
#[derive(Clone, Copy, Debug)]
pub struct DataSource<'a, 'd> {
    /// Its section.
    pub section: &'d IniSection<'a>,
    /// The driver, as it names it: a name, or a file.
    pub driver: &'a str,
    /// The part of the driver.
    pub backend: Backend,
}

impl<'a: 'd, 'd> DataSource<'a, 'd> {
    /// Returns the data sources of TDengine in `document`; `drivers` has the files of the drivers that they name.
    pub fn all(
        document: &'d IniDocument<'a>,
        drivers: Option<&'d IniDocument>,
    ) -> impl Iterator<Item = Self> {
        let sections = document.sections();
        let sources = sections.filter(|it| !it.name.eq_ignore_ascii_case(SOURCE_LIST));
        sources.filter_map(move |section| {
            let driver = section.value("Driver")?;
            let is_ours =
                is_tdengine(driver) || driver_file(drivers, driver).is_some_and(is_tdengine);
            is_ours.then(|| Self {
                section,
                driver,
                backend: Backend::of(section.value("URL")),
            })
        })
    }

    /// Returns the file of its driver, if it is known.
    pub fn file<'f>(&self, drivers: Option<&'f IniDocument<'f>>) -> Option<&'f str>
    where
        'a: 'f,
    {
        if is_file(self.driver) {
            return Some(self.driver);
        }
        driver_file(drivers, self.driver)
    }
}

/// Returns the file of the driver `name`.
fn driver_file<'f>(drivers: Option<&'f IniDocument<'f>>, name: &str) -> Option<&'f str> {
    let section = drivers?.section(name)?;
    section
        .value("Driver")
        .or_else(|| section.value("Driver64"))
}

/// Returns whether `driver`, a name or a file, is TDengine's: the vendor registers it under these names.
pub fn is_tdengine(driver: &str) -> bool {
    let driver = driver.trim_matches(['"', '\'']).to_ascii_lowercase();
    driver == "tdengine" || driver.contains("taos_odbc")
}

/// Returns whether `driver` is a file and no name.
pub fn is_file(driver: &str) -> bool {
    driver.contains(['/', '\\'])
}

/// Returns the version in the name of a driver's file: `0.1` of `libtaos_odbc.so.0.1`.
pub fn driver_version(file: &str) -> Option<&str> {
    let (_, version) = file.rsplit_once(".so.")?;
    let is_version = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    version.split('.').all(is_version).then_some(version)
}
