//! unixODBC's `odbc.ini`, which has the data sources, with `odbcinst.ini` next to it, which has the drivers: read as unixODBC reads them,
//! and spliced. A password never goes into either; the driver would not read it there.

mod sources;

use super::edit::{Edit, EditRefusal, FileEdit, Splice};
use super::ini_document::{IniDocument, IniSection};
use super::manifest::ManifestReader;
use super::pins::Pin;
use super::requirement::{RequiredSection, Requirement};
use super::text;
use crate::message::{Message, message};
use sources::{Backend, DataSource, driver_version, is_file};

/// The connector, as `manifests/connectors.toml` names it.
pub const PACKAGE: &str = "taos-connector-odbc";

/// The file of the drivers.
pub const DRIVERS_FILE: &str = "odbcinst.ini";

/// The list of the data sources in `odbc.ini`, which iODBC and Windows read and unixODBC does not need.
const SOURCE_LIST: &str = "ODBC Data Sources";

/// The list of the drivers in `odbcinst.ini`.
const DRIVER_LIST: &str = "ODBC Drivers";

/// The most characters of a data source's name (SQL_MAX_DSN_LENGTH).
const LONGEST_NAME: usize = 32;

/// The reader of the format.
pub struct OdbcIni;

impl ManifestReader for OdbcIni {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        pins(text, None, file)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_source_name(name)
    }

    fn includes(&self, _text: &str) -> Vec<String> {
        vec![DRIVERS_FILE.to_owned()]
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn is_evidence(&self, text: &str) -> bool {
        let found = IniDocument::read(text);
        found.is_ok_and(|it| DataSource::all(&it, None).next().is_some())
    }
}

/// Returns the edit that gives `source` the data source `wanted`, and the file of drivers next to it the driver.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let document = IniDocument::read(source)?;
    let Some([required_source, required_driver]) = wanted.sections.first_chunk() else {
        return Ok(Edit::default());
    };
    let (required_source, required_driver) = (
        WantedSection::of(required_source)?,
        WantedSection::of(required_driver)?,
    );
    let drivers_text = wanted
        .parents
        .iter()
        .find(|(path, _)| path.rsplit('/').next() == Some(DRIVERS_FILE));
    let drivers = drivers_text
        .map(|(path, text)| Ok((path, IniDocument::read(text).map_err(in_drivers_file)?)))
        .transpose()?;
    let manifest = OdbcEdit {
        document: &document,
        drivers: drivers.as_ref().map(|(_, document)| document),
        wanted,
    };
    let mut edit = Edit::default();
    if !text::byte_order_mark(source).is_empty() {
        edit.notes
            .push(message!("project-ini-mark", file = wanted.file));
    }
    let present = manifest.present(&required_source)?;
    let (name, driver) = match &present {
        Some(found) => {
            manifest.settle_address(found, &required_source, &mut edit);
            edit.notes.extend(manifest.note_about_quotes(found));
            (found.section.name, found.driver)
        }
        None => (required_source.name, required_driver.name),
    };
    let shown_driver = if is_file(driver) {
        required_driver.name
    } else {
        driver
    };
    let listed = manifest.list_source(name, shown_driver);
    let added = present
        .is_none()
        .then(|| document.add_section(name, &required_source.settings));
    let insertions: Vec<_> = listed.into_iter().chain(added).collect();
    if !insertions.is_empty() {
        edit.insertion = Some(text::combined(source, insertions));
    }
    edit.asked = Some(name.to_owned());
    if is_file(driver) {
        return Ok(edit);
    }
    match &drivers {
        None => edit.notes.push(message!(
            "project-odbc-register",
            driver = driver,
            command = registration(driver, &required_driver)
        )),
        Some((path, document)) => {
            let splices = register(document, driver, &required_driver);
            if !splices.is_empty() {
                edit.elsewhere.push(FileEdit {
                    path: (*path).clone(),
                    splices,
                });
            }
        }
    }
    Ok(edit)
}

/// A section that a file is to have.
struct WantedSection<'a> {
    name: &'a str,
    settings: Vec<(&'a str, &'a str)>,
    /// Whether its server is assumed, because none was named.
    is_assumed: bool,
}

impl<'a> WantedSection<'a> {
    fn of(section: &'a RequiredSection) -> Result<Self, EditRefusal> {
        let document = IniDocument::read(&section.text)?;
        let mut found = document.sections();
        let first = found.next();
        let settings = first.map(IniSection::settings).unwrap_or_default();
        Ok(Self {
            name: first.map_or("", |it| it.name),
            settings: settings.iter().map(|it| (it.name, it.value)).collect(),
            is_assumed: section.is_assumed,
        })
    }

    fn value(&self, name: &str) -> &'a str {
        let mut settings = self.settings.iter();
        let found = settings.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    fn backend(&self) -> Backend {
        Backend::of(Some(self.value("URL")).filter(|url| !url.is_empty()))
    }
}

struct OdbcEdit<'a, 'd> {
    document: &'d IniDocument<'a>,
    /// The file of drivers next to it.
    drivers: Option<&'d IniDocument<'d>>,
    wanted: Requirement<'d>,
}

impl<'a, 'd> OdbcEdit<'a, 'd> {
    /// Returns the data source that is there for the wanted one: that of its name, else another of this driver and backend.
    fn present(&self, wanted: &WantedSection) -> Result<Option<DataSource<'a, 'd>>, EditRefusal> {
        let own = self.document.section(wanted.name);
        let mut all: Vec<_> = DataSource::all(self.document, self.drivers)
            .filter(|it| it.backend == wanted.backend())
            .collect();
        let Some(own) = own else {
            return Ok((!all.is_empty()).then(|| all.remove(0)));
        };
        let found = all.into_iter().find(|it| std::ptr::eq(it.section, own));
        found.map(Some).ok_or_else(|| EditRefusal::Conflict {
            line: self.document.line(own),
            found: message!("project-odbc-taken", name = own.name),
            next: message!("project-odbc-taken-next", name = own.name),
        })
    }

    /// Replaces the address of the data source `found` if another server was named and an upgrade was asked for.
    fn settle_address(&self, found: &DataSource, wanted: &WantedSection, edit: &mut Edit) {
        let key = found.backend.key();
        let (asked, ours) = (
            found.section.value(key).unwrap_or_default(),
            wanted.value(key),
        );
        if wanted.is_assumed || asked == ours {
            return;
        }
        let Some(setting) = found.section.setting(key) else {
            return;
        };
        if self.wanted.upgrade {
            edit.replacements.push(setting.replace(ours));
            return;
        }
        edit.notes.push(message!(
            "project-odbc-address",
            file = self.wanted.file,
            line = self.document.line_of_setting(setting),
            source = found.section.name,
            asked = asked,
            ours = ours
        ));
    }

    /// Returns a note if the driver's name has quotes.
    fn note_about_quotes(&self, found: &DataSource) -> Option<Message> {
        let setting = found.section.setting("Driver")?;
        let is_quoted = setting.value.starts_with(['"', '\'']);
        is_quoted.then(|| {
            message!(
                "project-odbc-quotes",
                file = self.wanted.file,
                line = self.document.line_of_setting(setting)
            )
        })
    }

    /// Returns the splice that adds the data source `name` to the list of all, if there is one without it.
    fn list_source(&self, name: &str, driver: &str) -> Option<Splice> {
        let list = self.document.section(SOURCE_LIST)?;
        let is_missing = list.setting(name).is_none();
        is_missing.then(|| self.document.add_setting(list, name, driver))
    }
}

/// Returns the splices that give `document`, the file of drivers, the driver `name`.
fn register(document: &IniDocument, name: &str, wanted: &WantedSection) -> Vec<Splice> {
    let mut splices = Vec::new();
    if let Some(list) = document.section(DRIVER_LIST)
        && list.setting(name).is_none()
    {
        splices.push(document.add_setting(list, name, "Installed"));
    }
    match document.section(name) {
        None => splices.push(document.add_section(name, &wanted.settings)),
        Some(section) => {
            let files = ["Driver", "Driver64"];
            if files.iter().all(|it| section.setting(it).is_none()) {
                splices.push(document.add_setting(section, "Driver", wanted.value("Driver")));
            }
        }
    }
    splices
}

/// Returns the command that registers the driver `name` for this machine.
fn registration(name: &str, wanted: &WantedSection) -> String {
    let settings = wanted.settings.iter();
    let lines: String = settings
        .map(|(name, value)| format!("\\n{name} = {value}"))
        .collect();
    format!("printf '[{name}]{lines}\\n' | sudo odbcinst -i -d -r")
}

/// The refusal of the file of drivers, which is not the one that is edited.
fn in_drivers_file(refusal: EditRefusal) -> EditRefusal {
    let text = refusal.message();
    EditRefusal::unparsable(
        1,
        message!("project-odbc-drivers", file = DRIVERS_FILE, text = text),
    )
}

/// Returns the drivers of TDengine that the data sources in `text` use, with the file of drivers next to it, `drivers`.
pub fn pins(
    text: &str,
    drivers: Option<&str>,
    file: &'static str,
) -> Result<Vec<Pin>, EditRefusal> {
    let document = IniDocument::read(text)?;
    // One that unixODBC does not read names no drivers.
    let drivers = drivers.and_then(|text| IniDocument::read(text).ok());
    let sources = DataSource::all(&document, drivers.as_ref());
    let pin = |source: DataSource| {
        let driver = source.file(drivers.as_ref());
        let version = driver.and_then(driver_version).unwrap_or_default();
        Pin {
            package: PACKAGE.to_owned(),
            version: version.to_owned(),
            asked: driver.unwrap_or_default().to_owned(),
            exact: !version.is_empty(),
            file: file.into(),
        }
    };
    Ok(sources.map(pin).collect())
}

/// Returns why `name` cannot be a data source's name (SQLValidDSN); `None` if it can. `.reg` files and lists of settings need no escapes then.
fn complaint_about_source_name(name: &str) -> Option<Message> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Some(message!("project-name-length", most = LONGEST_NAME));
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    (!starts || !name.chars().all(is_plain)).then(|| message!("project-odbc-name"))
}

#[cfg(test)]
mod tests;
