//! What a manifest says about one dependency.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use crate::project::toml_document::TomlText;

/// The lists of dependencies, with the one for programs first.
const LISTS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// One dependency.
#[derive(Clone, Debug, Default)]
pub(super) struct DependencySpec {
    /// The name that the program knows it by.
    pub(super) name: String,
    /// The package.
    pub(super) package: String,
    /// The line that names it, from 1.
    pub(super) line: usize,
    /// The list that it stands in; `None` for one that is for some platforms alone.
    pub(super) list: Option<&'static str>,
    /// The versions that it asks for, and where their quoted text stands.
    pub(super) version: Option<(String, Range<usize>)>,
    /// Whether it is what the workspace's root says.
    pub(super) inherits: bool,
    /// Whether it comes from a folder or a repository.
    pub(super) is_elsewhere: bool,
    /// Whether the features that it has by default are left out.
    pub(super) without_defaults: bool,
    /// The features that it names.
    pub(super) features: Vec<String>,
    /// Whether a feature of the project must be chosen to have it.
    pub(super) is_optional: bool,
}

impl DependencySpec {
    /// Every dependency of the package, also those for some platforms alone.
    pub(super) fn all(toml: &TomlText) -> Vec<Self> {
        let mut all = Vec::new();
        for list in LISTS {
            all.extend(Self::list(toml, &[list], Some(list)));
            let spelling = spelling(toml, list);
            if spelling != list {
                all.extend(Self::list(toml, &[spelling], Some(list)));
            }
        }
        let platforms = toml.table(&["target"]);
        for (platform, _) in platforms.iter().flat_map(|it| it.iter()) {
            for list in LISTS {
                all.extend(Self::list(toml, &["target", platform, list], None));
            }
        }
        // `[features]` turns features of dependencies on: "taos/ws", "taos?/ws".
        let features = toml.table(&["features"]);
        let lists = features.iter().flat_map(|it| it.iter());
        let enabled = lists.filter_map(|(_, item)| item.as_array()).flatten();
        let forwarded: Vec<_> = enabled
            .filter_map(|it| it.as_str()?.split_once('/'))
            .map(|(name, feature)| (name.trim_end_matches('?'), feature))
            .collect();
        for spec in &mut all {
            let own = forwarded.iter().filter(|(name, _)| *name == spec.name);
            let own = own.map(|(_, feature)| (*feature).to_owned());
            spec.features.extend(own);
        }
        all
    }

    /// The dependencies in the table at `path`.
    pub(super) fn list(toml: &TomlText, path: &[&str], list: Option<&'static str>) -> Vec<Self> {
        let Some(table) = toml.table(path) else {
            return Vec::new();
        };
        table
            .iter()
            .map(|(name, item)| Self {
                line: toml.line_of(path, name),
                list,
                ..Self::read(toml, name, item)
            })
            .collect()
    }

    fn read(toml: &TomlText, name: &str, item: &Item) -> Self {
        let version = |item: &Item| {
            let text = item.as_str()?.to_owned();
            Some((text, toml.place(item.span())))
        };
        let bare = Self {
            name: name.to_owned(),
            package: name.to_owned(),
            ..Self::default()
        };
        let Some(table) = item.as_table_like() else {
            return Self {
                version: version(item),
                ..bare
            };
        };
        let is = |key: &str| table.get(key).and_then(Item::as_bool);
        Self {
            package: text(table, "package").unwrap_or(bare.package),
            version: table.get("version").and_then(version),
            inherits: is("workspace") == Some(true),
            is_elsewhere: ["git", "path"].iter().any(|key| table.contains_key(key)),
            without_defaults: is("default-features").or(is("default_features")) == Some(false),
            features: table
                .get("features")
                .and_then(Item::as_array)
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect(),
            is_optional: is("optional") == Some(true),
            ..bare
        }
    }
}

/// How `toml` spells the list `list`: with `_` in old manifests.
pub(super) fn spelling(toml: &TomlText, list: &'static str) -> &'static str {
    let old = match list {
        "dev-dependencies" => "dev_dependencies",
        "build-dependencies" => "build_dependencies",
        other => other,
    };
    if toml.table(&[old]).is_some() {
        old
    } else {
        list
    }
}

/// The feature that brings the optional dependency `name`: one that says `dep:NAME`, else the one that Cargo makes of its name.
pub(super) fn feature_of(toml: &TomlText, name: &str) -> String {
    let wanted = format!("dep:{name}");
    let features = toml.table(&["features"]);
    let named = features.iter().flat_map(|it| it.iter()).find(|(_, item)| {
        let enables = item.as_array().into_iter().flatten();
        enables.into_iter().any(|it| it.as_str() == Some(&wanted))
    });
    named.map_or(name, |(feature, _)| feature).to_owned()
}

fn text(table: &dyn TableLike, key: &str) -> Option<String> {
    Some(table.get(key)?.as_str()?.to_owned())
}
