//! Version catalogs, `gradle/libs.versions.toml` (docs.gradle.org, "Version Catalogs").

use toml_edit::{Item, TableLike};

use crate::message::{Message, message};
use crate::project::edit::{EditRefusal, FileEdit, Splice};
use crate::project::requirement::Requirement;
use crate::project::toml_document::TomlText;

/// The result of looking a package up in a catalog.
pub(super) struct CatalogEntry {
    /// The accessor in scripts: `libs.taos.jdbcdriver`.
    pub(super) accessor: String,
    /// The accessors of the bundles that have it: `libs.bundles.db`.
    pub(super) bundles: Vec<String>,
    /// The edit of the catalog, if it changes.
    pub(super) edit: Option<FileEdit>,
    pub(super) notes: Vec<Message>,
    /// The version that it gives, if it is known.
    pub(super) version: Option<String>,
}

/// Finds the package of `wanted` in the catalog `text`, shown as `path`, or adds it.
///
/// # Errors
/// `None` inside if the catalog cannot be read, else the refusal of its version.
pub(super) fn entry(
    path: &str,
    text: &str,
    wanted: Requirement,
) -> Result<Option<CatalogEntry>, EditRefusal> {
    let Ok(toml) = TomlText::read(text) else {
        return Ok(None);
    };
    match present(&toml, wanted.package) {
        Some((alias, version)) => present_entry(path, &toml, &alias, version, wanted).map(Some),
        None => Ok(new_entry(path, &toml, wanted)),
    }
}

/// A version in a catalog, with its place.
struct CatalogVersion {
    text: String,
    range: std::ops::Range<usize>,
}

/// The alias and the version of `package`.
fn present(toml: &TomlText, package: &str) -> Option<(String, Option<CatalogVersion>)> {
    let (group, name) = package.split_once(':')?;
    let libraries = toml.table(&["libraries"])?;
    libraries.iter().find_map(|(alias, item)| {
        if let Some(text) = item.as_str() {
            let mut parts = text.splitn(3, ':');
            let is_ours = parts.next() == Some(group) && parts.next() == Some(name);
            let version = parts.next().map(|version| {
                let range = toml.place(item.span());
                let start = range.end - 1 - version.len();
                CatalogVersion {
                    text: version.to_owned(),
                    range: start..range.end - 1,
                }
            });
            return is_ours.then(|| (alias.to_owned(), version));
        }
        let table = item.as_table_like()?;
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let is_ours = text("module") == Some(package)
            || text("group") == Some(group) && text("name") == Some(name);
        is_ours.then(|| (alias.to_owned(), version(toml, table)))
    })
}

fn version(toml: &TomlText, table: &dyn TableLike) -> Option<CatalogVersion> {
    let item = table.get("version")?;
    let literal = |item: &Item| {
        let range = toml.place(item.span());
        Some(CatalogVersion {
            text: item.as_str()?.to_owned(),
            range: range.start + 1..range.end - 1,
        })
    };
    if item.is_str() {
        return literal(item);
    }
    let rich = |item: &Item| {
        // { strictly = "3.5.3" }, if it says just one.
        let table = item.as_table_like()?;
        let mut words = ["strictly", "require", "prefer"]
            .iter()
            .filter_map(|word| table.get(word));
        literal(words.next().filter(|_| words.next().is_none())?)
    };
    let version = match item.as_table_like()?.get("ref").and_then(Item::as_str) {
        Some(reference) => toml.item(&["versions", reference])?,
        None => item,
    };
    if version.is_str() {
        literal(version)
    } else {
        rich(version)
    }
}

fn present_entry(
    path: &str,
    toml: &TomlText,
    alias: &str,
    version: Option<CatalogVersion>,
    wanted: Requirement,
) -> Result<CatalogEntry, EditRefusal> {
    let mut entry = CatalogEntry {
        accessor: accessor(alias),
        bundles: bundles_with(toml, alias),
        edit: None,
        notes: Vec::new(),
        version: version.as_ref().map(|it| it.text.clone()),
    };
    let Some(version) = version else {
        entry.notes.push(message!(
            "project-gradle-open",
            file = path,
            line = toml.line_of(&["libraries"], alias),
            artifact = wanted.package.rsplit(':').next().unwrap_or_default(),
            asks = alias
        ));
        return Ok(entry);
    };
    if version.text == wanted.version {
        return Ok(entry);
    }
    let versions = wanted.asked(&version.text, |it| super::admits(&version.text, it));
    let is_open = super::admits(&version.text, wanted.version);
    let is_replaced = if is_open {
        wanted.replaces_range(versions)
    } else {
        wanted.replaces(versions)
    };
    if is_replaced {
        entry.version = Some(wanted.version.to_owned());
        entry.edit = Some(FileEdit {
            path: path.to_owned(),
            splices: vec![Splice {
                at: version.range.start,
                removes: version.range.len(),
                text: wanted.version.into(),
            }],
        });
        return Ok(entry);
    }
    let line = toml.line_number(version.range.start);
    let found = message!(
        "project-asks",
        package = wanted.package,
        asked = version.text
    );
    entry.notes.push(if is_open {
        wanted.settle_range((path, line), versions, wanted.version)?
    } else {
        wanted.settle((path, line), found, versions, wanted.version)?
    });
    Ok(entry)
}

/// The entry that is added; `None` if its alias is taken.
fn new_entry(path: &str, toml: &TomlText, wanted: Requirement) -> Option<CatalogEntry> {
    let alias = wanted.package.rsplit(':').next()?;
    let is_taken = |table: &str| {
        let table = toml.table(&[table]);
        table.is_some_and(|it| it.iter().any(|(name, _)| accessor(name) == accessor(alias)))
    };
    if is_taken("libraries") || is_taken("versions") {
        return None;
    }
    let has_versions = toml.table(&["versions"]).is_some();
    let version = if has_versions {
        format!("version.ref = {alias:?}")
    } else {
        format!("version = {:?}", wanted.version)
    };
    let library = format!("{{ module = {:?}, {version} }}", wanted.package);
    let mut splices = vec![toml.insert(&["libraries"], &[(alias, library)])];
    if has_versions {
        let version = format!("{:?}", wanted.version);
        splices.push(toml.insert(&["versions"], &[(alias, version)]));
    }
    Some(CatalogEntry {
        accessor: accessor(alias),
        bundles: Vec::new(),
        edit: Some(FileEdit {
            path: path.to_owned(),
            splices,
        }),
        notes: Vec::new(),
        version: Some(wanted.version.to_owned()),
    })
}

/// The accessors of the bundles that have the library `alias`.
fn bundles_with(toml: &TomlText, alias: &str) -> Vec<String> {
    let bundles = toml.table(&["bundles"]);
    let bundles = bundles.into_iter().flat_map(TableLike::iter);
    let has = |list: &Item| {
        let mut members = list.as_array().into_iter().flatten();
        members.any(|it| it.as_str().is_some_and(|it| dotted(it) == dotted(alias)))
    };
    bundles
        .filter(|(_, list)| has(list))
        .map(|(name, _)| accessor(&format!("bundles.{name}")))
        .collect()
}

/// The accessor of `alias`: `-`, `_` and `.` become dots.
fn accessor(alias: &str) -> String {
    format!("libs.{}", dotted(alias))
}

/// A catalog, read for what scripts name by it.
pub(super) struct Catalog<'a> {
    toml: TomlText<'a>,
}

impl<'a> Catalog<'a> {
    /// Reads `text`; `None` if it is not TOML.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        TomlText::read(text).ok().map(|toml| Self { toml })
    }

    /// Returns the packages that scripts name by `accessors`, which have no `libs` in front.
    pub(super) fn packages(&self, accessors: &[String]) -> Vec<String> {
        let is_named = |alias: &str| accessors.iter().any(|it| *it == dotted(alias));
        let bundles = self.toml.table(&["bundles"]);
        let bundles = bundles.into_iter().flat_map(TableLike::iter);
        let bundles = bundles.filter(|(alias, _)| is_named(&format!("bundles.{alias}")));
        let bundled: Vec<_> = bundles
            .filter_map(|(_, list)| list.as_array())
            .flat_map(|list| list.iter().filter_map(toml_edit::Value::as_str))
            .collect();
        let libraries = self.toml.table(&["libraries"]);
        let libraries = libraries.into_iter().flat_map(TableLike::iter);
        libraries
            .filter(|(alias, _)| {
                is_named(alias) || bundled.iter().any(|it| dotted(it) == dotted(alias))
            })
            .filter_map(|(_, item)| package(item))
            .collect()
    }

    /// Returns the version, if it is known, of the plugin `id`; `None` if scripts do not name it by `accessors`.
    pub(super) fn plugin(&self, id: &str, accessors: &[String]) -> Option<Option<String>> {
        let plugins = self.toml.table(&["plugins"])?;
        plugins.iter().find_map(|(alias, item)| {
            let is_named = accessors
                .iter()
                .any(|it| *it == format!("plugins.{}", dotted(alias)));
            if let Some(text) = item.as_str() {
                let (theirs, version) = text.split_once(':')?;
                return (is_named && theirs == id).then(|| Some(version.to_owned()));
            }
            let table = item.as_table_like()?;
            let theirs = table.get("id").and_then(Item::as_str);
            (is_named && theirs == Some(id)).then(|| version(&self.toml, table).map(|it| it.text))
        })
    }
}

/// The package of an entry of `[libraries]`.
fn package(item: &Item) -> Option<String> {
    if let Some(text) = item.as_str() {
        let mut parts = text.split(':');
        return Some(format!("{}:{}", parts.next()?, parts.next()?));
    }
    let table = item.as_table_like()?;
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    let module = text("module").map(str::to_owned);
    module.or_else(|| Some(format!("{}:{}", text("group")?, text("name")?)))
}

fn dotted(alias: &str) -> String {
    alias.replace(['-', '_'], ".")
}
