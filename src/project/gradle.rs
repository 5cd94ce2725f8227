//! Gradle's `build.gradle` and `build.gradle.kts`, read losslessly and spliced (docs.gradle.org, "Declaring Dependencies").
//!
//! Only a plain `dependencies { … }` block of the script itself gets a line. Versions are also read, and upgraded, in version catalogs, in
//! `gradle.properties`, and in variables of the script. What is not plainly found is refused with the line to add.

mod catalog;
mod dependencies;
mod repositories;
mod syntax;

use super::edit::{Edit, EditRefusal, FileEdit, Framework, Splice};
use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::pom_xml::maven_range;
use super::requirement::{DependencyList, Requirement};
use super::{text, workspace_members};
use crate::message::{Message, message};
pub use repositories::repositories;
pub use syntax::ScriptLanguage;
use syntax::{Script, ScriptToken, TokenKind};

/// The reader of scripts in one language.
pub struct Gradle(pub ScriptLanguage);

/// The directories above a project in which its build may have its root.
const DEEPEST: usize = 4;

/// Files that name the projects of a build.
const SETTINGS: [&str; 2] = ["settings.gradle", "settings.gradle.kts"];

/// Whether the range or the prefix `asked` lets `version` through (docs.gradle.org, "Declaring Versions and Ranges").
pub(super) fn admits(asked: &str, version: &str) -> bool {
    let prefix = asked.strip_suffix('+').filter(|it| !it.is_empty());
    maven_range::admits(asked, version) == Some(true)
        || prefix.is_some_and(|it| version.starts_with(it))
}

impl ManifestReader for Gradle {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        GradleEdit::read(self.0, text, requirement)?.edit()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let script = Script::read(text, self.0)?;
        let texts = script
            .tokens
            .iter()
            .filter(|it| it.kind == TokenKind::Text && !it.text.contains('$'));
        let pin = |token: &ScriptToken| {
            let mut parts = token.text.split(':');
            let (group, name, version) = (parts.next()?, parts.next()?, parts.next()?);
            let is_plain = |word: &str| {
                !word.is_empty()
                    && word
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            };
            (is_plain(group) && is_plain(name))
                .then(|| ranged_pin(&format!("{group}:{name}"), version, true, file))?
        };
        Ok(texts.filter_map(pin).collect())
    }

    fn admits(&self, asked: &str, version: &str) -> bool {
        admits(asked, version)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        super::pom_xml::complaint_about_artifact_id(name)
    }

    fn parents(&self, _text: &str) -> Vec<String> {
        let above = (1..=DEEPEST).map(|depth| "../".repeat(depth));
        above
            .flat_map(|folder| SETTINGS.map(|file| format!("{folder}{file}")))
            .collect()
    }

    fn is_parent(&self, path: &str, text: &str, member: &str) -> bool {
        is_settings(path) && workspace_members::any_names(&included(text), member)
    }

    fn has_list(&self, list: DependencyList) -> bool {
        matches!(list, DependencyList::Main | DependencyList::Development)
    }

    fn includes(&self, _text: &str) -> Vec<String> {
        let folders = (0..=DEEPEST).map(|depth| "../".repeat(depth));
        let files = ["gradle/libs.versions.toml", "gradle.properties"];
        folders
            .flat_map(|folder| {
                let all = files.into_iter().chain(SETTINGS);
                all.map(move |file| format!("{folder}{file}"))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn workspace_file(&self, _has_manifest: bool) -> Option<&'static str> {
        Some(match self.0 {
            ScriptLanguage::Groovy => "settings.gradle",
            ScriptLanguage::Kotlin => "settings.gradle.kts",
        })
    }

    fn workspace_members(&self, text: &str) -> Vec<String> {
        included(text)
    }

    fn root_is_project(&self, text: &str) -> bool {
        Script::read(text, self.0).is_ok_and(|script| builds_java(&script))
    }
}

fn is_settings(path: &str) -> bool {
    SETTINGS.iter().any(|file| path.ends_with(file))
}

/// The directories of the projects that the settings `text` include: `include("app", ":lib:core")`.
fn included(text: &str) -> Vec<String> {
    // Both languages read these lines alike.
    let Ok(script) = Script::read(text, ScriptLanguage::Groovy) else {
        return Vec::new();
    };
    let statements = script.statements(0);
    let includes: Vec<_> = statements
        .iter()
        .filter(|it| it.first().is_some_and(|word| word.text == "include"))
        .collect();
    let names = includes.iter().copied().flatten();
    let names = names.filter(|it| it.kind == TokenKind::Text);
    let mut members: Vec<_> = names
        .map(|it| it.text.trim_start_matches(':').replace(':', "/"))
        .collect();
    // A loop includes what a line of code finds.
    let words = script.tokens.iter().filter(|it| it.kind == TokenKind::Word);
    let all = words.filter(|it| it.text == "include").count();
    if all > includes.len() {
        members.extend(["*".to_owned(), "*/*".to_owned()]);
    }
    members
}

/// Whether the script itself builds Java, Kotlin or another language of the JVM.
fn builds_java(script: &Script) -> bool {
    const PLUGINS: [&str; 12] = [
        "java",
        "java-library",
        "application",
        "war",
        "groovy",
        "scala",
        "kotlin",
        "jvm",
        "org.springframework.boot",
        "org.jetbrains.kotlin.jvm",
        "io.quarkus",
        "io.micronaut.application",
    ];
    let plugins: Vec<usize> = script.blocks_named(0, "plugins").collect();
    let in_plugins = script.tokens.iter().any(|it| {
        plugins.contains(&it.block)
            && (it.kind == TokenKind::Text || it.kind == TokenKind::Word)
            && PLUGINS.contains(&it.text)
    });
    let statements = script.statements(0);
    let applied = statements.iter().any(|it| {
        it.first().is_some_and(|word| word.text == "apply")
            && it.iter().any(|word| PLUGINS.contains(&word.text))
    });
    // The dependencies of a multiplatform project belong to its source sets.
    let is_multiplatform = script.tokens.iter().any(|it| it.text == "multiplatform");
    (in_plugins || applied) && !is_multiplatform
}

/// An edit of one script.
struct GradleEdit<'a> {
    language: ScriptLanguage,
    script: Script<'a>,
    wanted: Requirement<'a>,
    /// The name of the script, as notes give it.
    file: &'static str,
}

/// A place that names our package.
struct Mention<'a> {
    /// Its version as it is written, with its offset; `None` if it names none.
    version: Option<(&'a str, usize)>,
    at: usize,
}

impl<'a> GradleEdit<'a> {
    fn read(
        language: ScriptLanguage,
        source: &'a str,
        wanted: Requirement<'a>,
    ) -> Result<Self, EditRefusal> {
        Ok(Self {
            language,
            script: Script::read(source, language)?,
            wanted,
            file: match language {
                ScriptLanguage::Groovy => "build.gradle",
                ScriptLanguage::Kotlin => "build.gradle.kts",
            },
        })
    }

    fn edit(&self) -> Result<Edit, EditRefusal> {
        let mut edit = Edit {
            frameworks: self.frameworks(),
            ..Edit::default()
        };
        let catalog = self.catalog()?;
        let mentions = self.mentions();
        for mention in &mentions {
            self.settle(mention, &mut edit)?;
        }
        let is_in_catalog = catalog.as_ref().is_some_and(|it| {
            let mut accessors = std::iter::once(&it.accessor).chain(&it.bundles);
            accessors.any(|accessor| self.uses_accessor(accessor))
        });
        if let Some(catalog) = &catalog
            && (is_in_catalog || mentions.is_empty())
        {
            edit.notes.extend(catalog.notes.iter().cloned());
            edit.elsewhere.extend(catalog.edit.clone());
        }
        if !mentions.is_empty() || is_in_catalog {
            if edit.asked.is_none() && is_in_catalog {
                edit.asked = catalog.and_then(|it| it.version);
            }
            return Ok(edit);
        }
        let argument = match &catalog {
            Some(catalog) => catalog.accessor.clone(),
            None => self.coordinates(),
        };
        edit.asked = Some(self.wanted.version.to_owned());
        edit.insertion = Some(self.insertion(&argument)?);
        if !self.has_repositories() {
            edit.notes
                .push(message!("project-gradle-repositories", file = self.file));
        }
        Ok(edit)
    }

    /// Every place outside comments that names our package.
    fn mentions(&self) -> Vec<Mention<'a>> {
        let (group, name) = self.wanted.package.split_once(':').unwrap_or_default();
        let start = format!("{}:", self.wanted.package);
        let mut mentions = Vec::new();
        for token in self
            .script
            .tokens
            .iter()
            .filter(|it| it.kind == TokenKind::Text)
        {
            if token.text == self.wanted.package {
                mentions.push(Mention {
                    version: self.version_in_block(token),
                    at: token.at,
                });
            } else if let Some(rest) = token.text.strip_prefix(&start) {
                let version = rest.split([':', '@']).next().unwrap_or_default();
                mentions.push(Mention {
                    version: Some((version, token.at + start.len())),
                    at: token.at,
                });
            }
        }
        // group: 'g', name: 'a', version: 'v'
        for block in 0..self.script.blocks.len() {
            for statement in self.script.statements(block) {
                let texts: Vec<_> = statement
                    .iter()
                    .filter(|it| it.kind == TokenKind::Text)
                    .collect();
                let (Some(first), Some(second)) = (texts.first(), texts.get(1)) else {
                    continue;
                };
                if first.text != group || second.text != name {
                    continue;
                }
                let named = statement
                    .iter()
                    .position(|it| it.kind == TokenKind::Word && it.text == "version")
                    .and_then(|at| statement.get(at + 2));
                let version = named.or(texts.get(2).copied());
                mentions.push(Mention {
                    version: version.map(|it| (it.text, it.at)),
                    at: first.at,
                });
            }
        }
        mentions
    }

    /// The version that the block behind `token` gives: `{ version { strictly("3.5.3") } }`, if it gives just one.
    fn version_in_block(&self, token: &ScriptToken) -> Option<(&'a str, usize)> {
        let source = self.script.source;
        let mut blocks = self.script.blocks.iter().enumerate().skip(1);
        let (block, _) = blocks.find(|(_, it)| {
            let between = source.get(token.end..it.open);
            it.parent == token.block
                && between.is_some_and(|it| it.trim_matches([')', ' ']).is_empty())
        })?;
        let inner = self.script.blocks_named(block, "version").next()?;
        let statements = self.script.statements(inner);
        let mut versions = statements.iter().filter_map(|statement| {
            let word = statement.first()?.text;
            let text = statement.iter().find(|it| it.kind == TokenKind::Text)?;
            ["strictly", "require", "prefer"]
                .contains(&word)
                .then_some((text.text, text.at))
        });
        versions.next().filter(|_| versions.next().is_none())
    }

    /// Judges the version at `mention`: a note, a replacement, or a conflict.
    fn settle(&self, mention: &Mention<'a>, edit: &mut Edit) -> Result<(), EditRefusal> {
        let line = self.script.line(mention.at);
        let artifact = self.wanted.package.rsplit(':').next().unwrap_or_default();
        let Some((asked, at)) = mention.version else {
            edit.notes.push(message!(
                "project-gradle-managed",
                file = self.file,
                line = line,
                artifact = artifact
            ));
            return Ok(());
        };
        let found = match variable(asked, self.is_quoted(at)) {
            None => Some((self.file.to_owned(), asked.to_owned(), at, line)),
            Some(name) => self.definition(name),
        };
        let Some((file, version, at, line)) = found else {
            edit.notes.push(message!(
                "project-gradle-open",
                file = self.file,
                line = line,
                artifact = artifact,
                asks = asked
            ));
            return Ok(());
        };
        edit.asked = Some(version.clone());
        let ours = self.wanted.version;
        edit.notes.extend(self.note_about_tests(mention, artifact));
        if version == ours {
            return Ok(());
        }
        let is_open = admits(&version, ours);
        if version == "+" || version.starts_with("latest.") {
            edit.notes
                .push(self.wanted.settle_newest((&file, line), &version)?);
            return Ok(());
        }
        let versions = self.wanted.asked(&version, |it| admits(&version, it));
        let is_replaced = if is_open {
            self.wanted.replaces_range(versions)
        } else {
            self.wanted.replaces(versions)
        };
        if is_open && !is_replaced {
            let place = (file.as_str(), line);
            let note = self.wanted.settle_range(place, versions, ours);
            edit.notes.push(note.map_err(|refusal| {
                if file == self.file {
                    refusal
                } else {
                    refusal.elsewhere(self.script.line(mention.at), &file)
                }
            })?);
            return Ok(());
        }
        if is_replaced {
            edit.asked = Some(ours.to_owned());
            let splice = Splice {
                at,
                removes: version.len(),
                text: ours.into(),
            };
            if file == self.file {
                if !edit.replacements.contains(&splice) {
                    edit.replacements.push(splice);
                }
            } else {
                edit.elsewhere.push(FileEdit {
                    path: file,
                    splices: vec![splice],
                });
            }
            return Ok(());
        }
        let found = message!("project-asks", package = artifact, asked = version);
        let settled = self.wanted.settle((&file, line), found, versions, ours);
        let note = settled.map_err(|refusal| {
            if file == self.file {
                refusal
            } else {
                refusal.elsewhere(self.script.line(mention.at), &file)
            }
        })?;
        edit.notes.push(note);
        Ok(())
    }

    /// A note if `mention` is a dependency of tests, although programs are to have it.
    fn note_about_tests(&self, mention: &Mention, artifact: &str) -> Option<Message> {
        let source = self.script.source.get(..mention.at)?;
        let line = source.rsplit('\n').next()?.trim_start();
        let configuration = line.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
        let is_main = self.wanted.list == DependencyList::Main;
        (is_main && configuration.starts_with("test")).then(|| {
            message!(
                "project-gradle-test",
                file = self.file,
                line = self.script.line(mention.at),
                artifact = artifact,
                configuration = configuration
            )
        })
    }

    /// Whether the token at `at` is in quotes.
    fn is_quoted(&self, at: usize) -> bool {
        let token = self
            .script
            .tokens
            .iter()
            .find(|it| it.at <= at && at < it.end);
        token.is_some_and(|it| it.kind == TokenKind::Text)
    }

    /// The file, the text, the offset and the line of the version that the variable `name` has.
    fn definition(&self, name: &str) -> Option<(String, String, usize, usize)> {
        let tokens: Vec<_> = self
            .script
            .tokens
            .iter()
            .filter(|it| it.kind != TokenKind::LineBreak)
            .collect();
        let last = name.rsplit('.').next().unwrap_or(name);
        let defined = tokens.iter().enumerate().find_map(|(at, token)| {
            let behind = tokens.get(at + 1..)?;
            let is_name = token.text == last && token.kind != TokenKind::Sign;
            // name = "v", ["name"] = "v", set("name", "v"), val name by extra("v"), name: "v"
            let mut signs = behind
                .iter()
                .take(5)
                .skip_while(|it| {
                    it.kind == TokenKind::Sign && ["]", "=", ",", ":", "("].contains(&it.text)
                        || it.kind == TokenKind::Word
                            && ["by", "extra", "String"].contains(&it.text)
                })
                .take(1);
            let value = signs.next()?;
            let is_version = value.kind == TokenKind::Text
                && value.text.starts_with(|c: char| c.is_ascii_digit());
            (is_name && is_version && behind.first().is_some_and(|it| it.text != ")"))
                .then(|| (value.text.to_owned(), value.at))
        });
        if let Some((text, at)) = defined {
            return Some((self.file.to_owned(), text, at, self.script.line(at)));
        }
        let properties = self
            .wanted
            .parents
            .iter()
            .filter(|(path, _)| path.ends_with("gradle.properties"));
        properties.into_iter().find_map(|(path, text)| {
            text::lines(text).into_iter().find_map(|line| {
                let (key, value) = line.body.split_once('=')?;
                let version = value.trim();
                (key.trim() == name && !version.is_empty()).then(|| {
                    let at = line.start + key.len() + 1 + (value.len() - value.trim_start().len());
                    (path.clone(), version.to_owned(), at, line.number)
                })
            })
        })
    }

    /// The entry of the version catalog, if the script uses the catalog.
    fn catalog(&self) -> Result<Option<catalog::CatalogEntry>, EditRefusal> {
        if !self.script.has_word("libs") {
            return Ok(None);
        }
        let file = self
            .wanted
            .parents
            .iter()
            .find(|(path, _)| path.ends_with("gradle/libs.versions.toml"));
        match file {
            Some((path, text)) => catalog::entry(path, text, self.wanted)
                .map_err(|refusal| refusal.elsewhere(1, path)),
            None => Ok(None),
        }
    }

    /// Whether the script uses the accessor of a catalog.
    fn uses_accessor(&self, accessor: &str) -> bool {
        let words: Vec<_> = accessor.split('.').collect();
        let tokens: Vec<_> = self
            .script
            .tokens
            .iter()
            .filter(|it| it.text != ".")
            .map(|it| it.text)
            .collect();
        tokens.windows(words.len()).any(|it| it == words)
    }

    fn has_repositories(&self) -> bool {
        let settings = self
            .wanted
            .parents
            .iter()
            .filter(|(path, _)| is_settings(path));
        self.script.has_word("repositories")
            || settings
                .into_iter()
                .any(|(_, text)| text.contains("repositories"))
    }

    fn frameworks(&self) -> Vec<Framework> {
        let catalog = self
            .wanted
            .parents
            .iter()
            .find(|(path, _)| path.ends_with("gradle/libs.versions.toml"))
            .and_then(|(_, text)| catalog::Catalog::read(text));
        let packages = dependencies::packages(&self.script, catalog.as_ref());
        let (has_plugin, version) = dependencies::spring_boot(&self.script, catalog.as_ref());
        let starter = |it: &String| it.starts_with("org.springframework.boot:spring-boot-starter");
        let is_spring = has_plugin || packages.iter().any(starter);
        let spring = Framework::SpringBoot {
            managed_by: None,
            version,
            packages,
        };
        is_spring.then_some(spring).into_iter().collect()
    }

    /// The package as a script names it, in the quotes that the script uses.
    fn coordinates(&self) -> String {
        let Requirement {
            package, version, ..
        } = self.wanted;
        let classifier = self.wanted.classifier;
        let classifier = classifier.map_or_else(String::new, |it| format!(":{it}"));
        let quote = if self.language == ScriptLanguage::Kotlin || self.prefers_double_quotes() {
            '"'
        } else {
            '\''
        };
        format!("{quote}{package}:{version}{classifier}{quote}")
    }

    fn prefers_double_quotes(&self) -> bool {
        let dependencies = self
            .script
            .tokens
            .iter()
            .filter(|it| it.kind == TokenKind::Text && it.text.matches(':').count() >= 1);
        let quotes = dependencies.filter_map(|it| self.script.source.get(it.at - 1..it.at));
        let (double, single): (Vec<_>, Vec<_>) = quotes.partition(|it| *it == "\"");
        double.len() > single.len()
    }

    /// The line that adds `argument`.
    fn statement(&self, configuration: &str, argument: &str, has_parentheses: bool) -> String {
        if has_parentheses || self.language == ScriptLanguage::Kotlin {
            format!("{configuration}({argument})")
        } else {
            format!("{configuration} {argument}")
        }
    }

    /// The configuration for our package: that of old scripts is `compile`.
    fn configuration(&self, used: &[&str]) -> &'static str {
        match self.wanted.list {
            DependencyList::Development => {
                if used.contains(&"testCompile") && !used.contains(&"testImplementation") {
                    "testCompile"
                } else {
                    "testImplementation"
                }
            }
            DependencyList::Main | DependencyList::Group(_) | DependencyList::Extra(_) => {
                if used.contains(&"compile") && !used.contains(&"implementation") {
                    "compile"
                } else {
                    "implementation"
                }
            }
        }
    }

    fn insertion(&self, argument: &str) -> Result<Splice, EditRefusal> {
        let source = self.script.source;
        let ending = text::dominant_ending(source);
        let block = self.script.blocks_named(0, "dependencies").last();
        let Some(block) = block else {
            if !builds_java(&self.script) {
                return Err(EditRefusal::Conflict {
                    line: 1,
                    found: message!("project-gradle-no-block"),
                    next: message!(
                        "project-gradle-paste",
                        line = self.statement("implementation", argument, false)
                    ),
                });
            }
            let line = self.statement(self.configuration(&[]), argument, false);
            let lines = text::lines(source);
            let last = lines.last();
            let line = format!("    {line}");
            let mut added = vec!["dependencies {", &line, "}"];
            if last.is_some_and(|it| !it.body.trim().is_empty()) {
                added.insert(0, "");
            }
            return Ok(text::insert_after(source, last, &added));
        };
        let statements = self.script.statements(block);
        let used: Vec<_> = statements
            .iter()
            .filter_map(|it| Some(it.first()?.text))
            .collect();
        let configuration = self.configuration(&used);
        let has_parentheses = statements.iter().any(|it| {
            it.get(1).is_some_and(|sign| sign.text == "(")
                && it.last().is_some_and(|sign| sign.text == ")")
                && it.get(2).is_some_and(|text| text.kind == TokenKind::Text)
        });
        let line = self.statement(configuration, argument, has_parentheses);
        let bounds = &self.script.blocks[block];
        let same = statements
            .iter()
            .rev()
            .find(|it| it.first().is_some_and(|word| word.text == configuration));
        let Some(statement) = same.or(statements.last()) else {
            return Ok(self.fill_empty(bounds.open, bounds.close, &line, ending));
        };
        let first = statement.first().map_or(bounds.open, |it| it.at);
        let indent = self.indent_of(first);
        // Behind the block of a statement, `implementation(…) { exclude … }`, too.
        let end = statement.last().map_or(first, |it| it.end);
        let inner = self.script.blocks.iter().skip(1);
        let inner = inner
            .filter(|it| it.parent == block && it.open >= end)
            .find(|it| {
                source
                    .get(end..it.open)
                    .is_some_and(|between| between.trim().is_empty() && !between.contains('\n'))
            });
        let end = inner.map_or(end, |it| it.close + 1);
        let Some(indent) = indent else {
            // `dependencies { a }` on one line.
            return Ok(Splice {
                at: end,
                removes: 0,
                text: format!("; {line}"),
            });
        };
        let lines = text::lines(source);
        let number = self.script.line(end.saturating_sub(1));
        let last = lines.get(number - 1);
        if last.is_some_and(|it| it.end() > bounds.close) {
            return Ok(Splice {
                at: end,
                removes: 0,
                text: format!("{ending}{indent}{line}"),
            });
        }
        Ok(text::insert_after(
            source,
            last,
            &[&format!("{indent}{line}")],
        ))
    }

    /// The line in a block without statements, whose braces are at `open` and `close`.
    fn fill_empty(&self, open: usize, close: usize, line: &str, ending: &str) -> Splice {
        let source = self.script.source;
        let inside = source.get(open + 1..close).unwrap_or_default();
        let base = self.indent_of_line(open);
        let kept = inside.trim_end_matches([' ', '\t', '\r', '\n']);
        if kept.len() < inside.len() && inside[kept.len()..].contains('\n') {
            return Splice {
                at: open + 1 + kept.len(),
                removes: 0,
                text: format!("{ending}{base}    {line}"),
            };
        }
        Splice {
            at: open + 1 + kept.len(),
            removes: inside.len() - kept.len(),
            text: format!("{ending}{base}    {line}{ending}{base}"),
        }
    }

    /// The blanks before `at` if nothing else is before it on its line.
    fn indent_of(&self, at: usize) -> Option<&'a str> {
        let before = self.script.source.get(..at)?;
        let line = before.rfind('\n').map_or(0, |it| it + 1);
        let indent = before.get(line..)?;
        indent
            .trim_matches([' ', '\t'])
            .is_empty()
            .then_some(indent)
    }

    /// The blanks that the line of `at` starts with.
    fn indent_of_line(&self, at: usize) -> &'a str {
        let before = self.script.source.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |it| it + 1);
        let line = self.script.source.get(line..).unwrap_or_default();
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }
}

/// The variable that `asked` is: `$name`, `${name}`, `${versions.name}`, or a bare word outside quotes.
fn variable(asked: &str, is_quoted: bool) -> Option<&str> {
    if !is_quoted {
        return Some(asked);
    }
    let name = asked.strip_prefix('$')?;
    let name = name
        .strip_prefix('{')
        .and_then(|it| it.strip_suffix('}'))
        .unwrap_or(name);
    let name = name.strip_prefix("property(").unwrap_or(name);
    Some(name.trim_matches(['"', '\'', ')', '(']))
}

#[cfg(test)]
mod tests;
