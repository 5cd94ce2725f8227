//! Spring Boot projects: the data sources that their settings and dependencies name, and the place for another one
//! (docs.spring.io, "Configure Two DataSources"; `manifests/spring.toml`).

mod settings;
mod yaml_form;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};
use crate::tdengine::transport::Transport;
use settings::Setting;
pub use yaml_form::to_yaml;

/// The directories of a project in which Spring Boot looks for settings, in its sources and next to them.
pub const DIRECTORIES: [&str; 4] = [
    "src/main/resources",
    "src/main/resources/config",
    "config",
    "",
];

/// The name under which a second data source is added.
const NAME: &str = "tdengine";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpringLibraries {
    drivers: Vec<String>,
    libraries: BTreeMap<String, Vec<String>>,
}

static LIBRARIES: BuiltIn<SpringLibraries> = BuiltIn::new("manifests/spring.toml", || {
    parsed(toml::from_str(include_str!("../../manifests/spring.toml")))
});

/// Checks the data that is built in.
///
/// # Errors
/// `unexpected` if it is damaged.
pub fn check_built_in() -> Result<()> {
    LIBRARIES.get().map(drop)
}

/// Returns whether `name` is that of a file with settings: `application.yml`, `application-dev.properties`.
pub fn is_settings_file(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return false;
    };
    let is_ours = |base: &str| {
        let rest = stem.strip_prefix(base);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    ["yml", "yaml", "properties"].contains(&ending)
        && (is_ours("application") || is_ours("bootstrap"))
}

/// A file with settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFile {
    /// Its path, relative to the project and with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The place for the data source of TDengine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSourcePlace {
    /// It is the only one.
    Only,
    /// It is one more of those that dynamic-datasource chooses from.
    Dynamic,
    /// It is next to the one that Spring Boot configures from `spring.datasource`.
    Second,
    /// It is next to those that the project configures in its own code.
    Additional,
}

/// What a Spring Boot project has, as templates name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpringProject {
    /// The place for the data source.
    pub place: DataSourcePlace,
    /// The file for its settings.
    pub file: String,
    /// Whether that file is there.
    pub has_file: bool,
    /// What its settings start with.
    pub prefix: String,
    /// The name of the setting for the URL.
    pub url: &'static str,
    /// The connection pool: `hikari` or `druid`.
    pub pool: &'static str,
    /// Whether Druid's starter is there.
    pub druid_starter: bool,
    /// The generation of Spring Boot for which Druid's starter is made: 2, 3 or 4.
    pub druid_generation: u32,
    /// The mapper library: `mybatis`, `mybatis-plus`, or nothing.
    pub mapper: &'static str,
    /// The first number of Spring Boot's version.
    pub generation: u32,
    /// Whether a default must be chosen among the data sources.
    pub needs_default: bool,
    /// Where the other data source is named: `FILE:LINE`, or a package; nothing if there is none.
    pub other: String,
    /// The transports of the data sources of TDengine that are there, and where those are: `FILE:LINE`.
    #[serde(skip)]
    pub ours: Vec<(Transport, String)>,
}

/// A data source that settings name.
#[derive(Debug)]
struct NamedSource<'a> {
    kind: NamedKind,
    file: &'a str,
    line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NamedKind {
    Ours(Transport),
    /// One that Spring Boot configures itself.
    Standard,
    Dynamic,
    /// One that only the project's own code can configure.
    Custom,
}

impl SpringProject {
    /// The project that depends on `packages`, with the version `version` of Spring Boot and the settings `files`.
    pub fn of(packages: &[String], version: Option<&str>, files: &[SettingsFile]) -> Self {
        let has = |package: &String| packages.contains(package);
        let data = LIBRARIES.checked();
        let has_library = |name: &str| {
            data.libraries
                .get(name)
                .is_some_and(|it| it.iter().any(has))
        };
        let settings: Vec<_> = files
            .iter()
            .map(|file| (file, settings::read(&file.path, &file.text)))
            .collect();
        let named: Vec<_> = settings
            .iter()
            .flat_map(|(file, settings)| named_sources(&file.path, settings))
            .collect();
        let is = |kind: NamedKind| named.iter().find(|it| it.kind == kind);
        let driver = data.drivers.iter().find(|it| has(it));
        let is_dynamic = has_library("dynamic") || is(NamedKind::Dynamic).is_some();
        let found = [NamedKind::Custom, NamedKind::Dynamic, NamedKind::Standard]
            .into_iter()
            .find_map(is);
        let ours: Vec<_> = named
            .iter()
            .filter_map(|it| match it.kind {
                NamedKind::Ours(transport) => Some((transport, format!("{}:{}", it.file, it.line))),
                NamedKind::Standard | NamedKind::Dynamic | NamedKind::Custom => None,
            })
            .collect();
        let place = match found.map(|it| it.kind) {
            _ if is_dynamic => DataSourcePlace::Dynamic,
            Some(NamedKind::Custom) => DataSourcePlace::Additional,
            Some(NamedKind::Standard | NamedKind::Dynamic | NamedKind::Ours(_)) => {
                DataSourcePlace::Second
            }
            None if driver.is_some() => DataSourcePlace::Second,
            None => DataSourcePlace::Only,
        };
        let other = match (found, driver) {
            (Some(found), _) => format!("{}:{}", found.file, found.line),
            (None, Some(driver)) => driver.clone(),
            (None, None) => String::new(),
        };
        let uses_druid = has_library("druid");
        let has_primary = settings
            .iter()
            .flat_map(|(_, settings)| settings)
            .any(|it| it.key == "spring.datasource.dynamic.primary");
        let generation = version.and_then(first_number).unwrap_or(3);
        let (file, has_file) = file_for(&named, found, files);
        Self {
            place,
            file,
            has_file,
            prefix: match place {
                DataSourcePlace::Only => "spring.datasource".into(),
                DataSourcePlace::Dynamic => format!("spring.datasource.dynamic.datasource.{NAME}"),
                DataSourcePlace::Second | DataSourcePlace::Additional => {
                    format!("{NAME}.datasource")
                }
            },
            url: match (place, uses_druid) {
                (DataSourcePlace::Second | DataSourcePlace::Additional, false) => "jdbc-url",
                _ => "url",
            },
            pool: if uses_druid { "druid" } else { "hikari" },
            druid_starter: has_library("druid-starter"),
            druid_generation: match packages
                .iter()
                .find(|it| it.starts_with("com.alibaba:druid-spring-boot-"))
            {
                Some(starter) if starter.contains("-3-") => 3,
                Some(starter) if starter.contains("-4-") => 4,
                _ => 2,
            },
            mapper: if has_library("mybatis-plus") {
                "mybatis-plus"
            } else if has_library("mybatis") {
                "mybatis"
            } else {
                ""
            },
            generation,
            needs_default: place == DataSourcePlace::Dynamic
                && found.is_none()
                && driver.is_none()
                && !has_primary,
            other,
            ours,
        }
    }

    /// Whether the settings for it are written in YAML.
    pub fn is_yaml(&self) -> bool {
        !self.file.ends_with(".properties")
    }
}

/// The file for the settings, and whether it is there: the one that names the other data source, if that is one file; else the main one.
fn file_for(
    named: &[NamedSource],
    found: Option<&NamedSource>,
    files: &[SettingsFile],
) -> (String, bool) {
    const USUAL: &str = "src/main/resources/application";
    let mut holders: Vec<_> = named
        .iter()
        .filter(|it| found.is_some_and(|found| found.kind == it.kind))
        .map(|it| it.file)
        .collect();
    holders.dedup();
    let is_main = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.starts_with("application.")
    };
    let main = files
        .iter()
        .map(|it| it.path.as_str())
        .find(|it| is_main(it));
    let only = match holders.as_slice() {
        [holder] => Some(*holder),
        [] | [..] => main,
    };
    if let Some(file) = only.or(main) {
        return (file.to_owned(), true);
    }
    let form = files.first().and_then(|it| it.path.rsplit('.').next());
    (format!("{USUAL}.{}", form.unwrap_or("properties")), false)
}

/// The data sources that `settings` of the file `file` name.
fn named_sources<'a>(file: &'a str, settings: &[Setting]) -> Vec<NamedSource<'a>> {
    // Tools that borrow the URL of a data source.
    const BORROWERS: [&str; 4] = ["flyway", "liquibase", "quartz", "r2dbc"];
    let mut named = Vec::new();
    for setting in settings {
        let Some((owner, "url" | "jdbcurl" | "drivername" | "driverclassname")) =
            setting.key.rsplit_once('.')
        else {
            // `datasource: { url: … }` on one line.
            if setting.value.contains("jdbc:") && setting.key.ends_with("datasource") {
                let kind = ours(&setting.value).unwrap_or(NamedKind::Standard);
                named.push(NamedSource {
                    kind,
                    file,
                    line: setting.line,
                });
            }
            continue;
        };
        if BORROWERS
            .iter()
            .any(|it| owner.split('.').any(|part| part == *it))
        {
            continue;
        }
        let is_url = setting.key.ends_with("url");
        let place = match owner.strip_prefix("spring.datasource") {
            Some("" | ".druid" | ".hikari" | ".tomcat" | ".dbcp2") => NamedKind::Standard,
            Some(rest) if rest.starts_with(".dynamic.datasource.") => NamedKind::Dynamic,
            Some(rest) if rest.starts_with('.') => NamedKind::Custom,
            _ if is_url && setting.value.starts_with("jdbc:") => NamedKind::Custom,
            _ => continue,
        };
        let kind = if is_url {
            ours(&setting.value).unwrap_or(place)
        } else if setting.value.contains("taosdata") {
            // Its URL decides.
            continue;
        } else {
            place
        };
        // A URL outside, `${DB_URL}`, next to the driver class of TDengine is ours.
        let is_ours_by_class = is_url
            && setting.value.starts_with("${")
            && settings.iter().any(|it| {
                it.key
                    .rsplit_once('.')
                    .is_some_and(|(other, key)| other == owner && key.starts_with("driver"))
                    && it.value.contains("taosdata")
            });
        let kind = if is_ours_by_class {
            NamedKind::Ours(Transport::Ws)
        } else {
            kind
        };
        named.push(NamedSource {
            kind,
            file,
            line: setting.line,
        });
    }
    named
}

/// The transport of the URL `value`, if it is one of TDengine.
fn ours(value: &str) -> Option<NamedKind> {
    let value = value.to_ascii_lowercase();
    let transport = if value.contains("jdbc:taos-ws:") {
        Transport::Ws
    } else if value.contains("jdbc:taos-rs:") {
        // Older releases of the connector use WebSocket by this prefix, too.
        if value.contains("batchfetch=true") {
            Transport::Ws
        } else {
            Transport::Rest
        }
    } else if value.contains("jdbc:taos:") {
        Transport::Native
    } else {
        return None;
    };
    Some(NamedKind::Ours(transport))
}

fn first_number(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests;
