//! Java: the repository that a real build fills, because resolving dependencies alone misses those of plugins. And the one jar of R.

use std::fs;
use std::path::Path;

use sha1::{Digest, Sha1};

use super::{ClosureContext, files_below};
use crate::error::Result;
use crate::init::InitOutcome;
use crate::mirror::fault::{unreadable, unwritable};
use crate::mirror::part::PartContent;
use crate::mirror::settings::{self, MirrorBase};
use crate::mirror::tool::Tool;
use crate::system::files;

/// The goal that copies a file, in the version that Java projects get (`templates/java/template.toml`).
const GOAL: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
/// The file of a rendered project that names its jar.
const JAR_FILE: &str = "requirements-jar.txt";
/// The largest file of a repository, in bytes.
const LARGEST_FILE: u64 = 1 << 30;
/// Files of Maven's own about where it looked.
const RECORDS: [&str; 3] = [
    "_remote.repositories",
    "resolver-status.properties",
    "m2e-lastUpdated.properties",
];

pub(super) async fn collect(context: &mut ClosureContext<'_>) -> Result<PartContent> {
    if !context.project.join("pom.xml").exists() {
        let gap = (
            crate::mirror::manifest::GapReason::Unresolved,
            "build.gradle".to_owned(),
        );
        return Ok(PartContent {
            gaps: vec![gap],
            ..PartContent::default()
        });
    }
    // Tests are run, because their runner is fetched only then; that they fail without a server is no fault of the mirror's.
    let words = ["-q", "-B", "-Dmaven.test.failure.ignore=true", "package"];
    build(context, &words).await
}

/// Builds in a scratch repository.
async fn build(context: &mut ClosureContext<'_>, words: &[&str]) -> Result<PartContent> {
    let repository = context.scratch.join("repository");
    fs::create_dir_all(&repository).map_err(|error| unwritable(&repository, &error))?;
    Tool::new("mvn", &context.project, words)
        .arg(format!("-Dmaven.repo.local={}", repository.display()))
        .run(context.stop, context.events)
        .await?;
    let mut content = PartContent::default();
    let found = files_below(&repository)?;
    for (path, file) in &found {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_record = RECORDS.contains(&name) || name.ends_with(".lastUpdated");
        if is_record || name.ends_with(".sha1") {
            continue;
        }
        // Metadata has the name of the repository that it came from.
        let place = match name.strip_prefix("maven-metadata-") {
            Some(rest) if rest.ends_with(".xml") => {
                format!("{}maven-metadata.xml", path.trim_end_matches(name))
            }
            _ => path.clone(),
        };
        let read = files::read_named(file, LARGEST_FILE);
        let bytes = read.map_err(|error| unreadable(file, &error))?;
        let sum: String = Sha1::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let sum_file = context.scratch.join("sums").join(&sum);
        let parent = context.scratch.join("sums");
        fs::create_dir_all(&parent)
            .and_then(|()| fs::write(&sum_file, &sum))
            .map_err(|error| unwritable(&sum_file, &error))?;
        let license = license(file);
        content.add(&format!("maven/{place}"), file.clone(), license);
        content.add(&format!("maven/{place}.sha1"), sum_file, None);
    }
    Ok(content)
}

/// The words in front of the name of an artifact that Maven does not find.
const NOT_FOUND: [&str; 2] = ["Could not find artifact ", "Failure to find "];

/// Builds the project with the mirror in `mirror` as its only repository, and returns what that lacks.
pub(super) async fn missing(
    context: &mut ClosureContext<'_>,
    mirror: &Path,
) -> Result<Vec<String>> {
    let address = url::Url::from_directory_path(mirror)
        .or_else(|()| {
            let path = std::path::absolute(mirror).map_err(|_| ())?;
            url::Url::from_directory_path(path)
        })
        .map_err(|()| unreadable(mirror, &std::io::ErrorKind::InvalidInput.into()))?;
    let base = MirrorBase::parse(address.as_str())?;
    let settings = settings::render(&base, |directory| directory == "maven/");
    let file = context.scratch.join("settings.xml");
    let text = settings.iter().find(|(name, _)| *name == "settings.xml");
    let text = text.map_or("", |(_, text)| text.as_str());
    fs::write(&file, text).map_err(|error| unwritable(&file, &error))?;
    let repository = context.scratch.join("repository");
    let words = ["-B", "-Dmaven.test.failure.ignore=true", "package", "-s"];
    let ended = Tool::new("mvn", &context.project, &words)
        .arg(&file)
        .arg(format!("-Dmaven.repo.local={}", repository.display()))
        .try_run(context.stop, context.events)
        .await?;
    let Err(failed) = ended else {
        return Ok(Vec::new());
    };
    let artifacts = artifacts_not_found(&failed.output);
    match artifacts.is_empty() {
        true => Err(failed.error),
        false => Ok(artifacts),
    }
}

/// The artifacts that Maven reports as not found, each once.
fn artifacts_not_found(output: &str) -> Vec<String> {
    let after = |words: &str| -> Vec<String> {
        let parts = output.split(words).skip(1);
        let names = parts.filter_map(|rest| rest.split_whitespace().next());
        names
            .filter(|name| name.matches(':').count() >= 2)
            .map(str::to_owned)
            .collect()
    };
    let found: std::collections::BTreeSet<String> =
        NOT_FOUND.iter().flat_map(|it| after(it)).collect();
    found.into_iter().collect()
}

/// The license that the POM next to a jar, or a POM itself, states.
fn license(file: &Path) -> Option<String> {
    let pom = file.with_extension("pom");
    let text = files::read_named_text(&pom, 1 << 20).ok()?;
    let licenses = text
        .split_once("<licenses>")?
        .1
        .split_once("</licenses>")?
        .0;
    let name = licenses.split_once("<name>")?.1.split_once("</name>")?.0;
    let name = name.trim();
    (!name.is_empty() && name.len() < 100).then(|| name.to_owned())
}

/// A jar that a project loads by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JarArtifact(String);

impl JarArtifact {
    /// The jar of a project that `init` planned: `drivers/NAME-VERSION-CLASSIFIER.jar`.
    pub(super) fn of_init(outcome: &InitOutcome) -> Option<Self> {
        let mut paths = outcome.changes.iter().map(|(path, _)| path);
        let path = paths.find(|path| path.ends_with(".jar"))?;
        Self::of_file(path.rsplit('/').next()?)
    }

    fn of_file(name: &str) -> Option<Self> {
        let version = name
            .strip_prefix("taos-jdbcdriver-")?
            .strip_suffix("-dist.jar")?;
        let is_version = version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        is_version.then(|| {
            Self(format!(
                "com.taosdata.jdbc:taos-jdbcdriver:{version}:jar:dist"
            ))
        })
    }

    /// Writes it into the project in `directory`.
    pub(super) fn write(&self, directory: &Path) -> Result<()> {
        let path = directory.join(JAR_FILE);
        fs::write(&path, &self.0).map_err(|error| unwritable(&path, &error))
    }
}

/// The jar of an R project, by Maven.
pub(super) async fn collect_jar(context: &mut ClosureContext<'_>) -> Result<PartContent> {
    let planned = files::read_named_text(&context.project.join(JAR_FILE), 1 << 10).ok();
    let artifact = match planned {
        Some(text) => Some(JarArtifact(text)),
        None => files_below(&context.project)?
            .iter()
            .find_map(|(path, _)| JarArtifact::of_file(path.rsplit('/').next()?)),
    };
    let system = (
        crate::mirror::manifest::GapReason::SystemPackage,
        "RJDBC, rJava, DBI".to_owned(),
    );
    let Some(JarArtifact(artifact)) = artifact else {
        return Ok(PartContent {
            gaps: vec![system],
            ..PartContent::default()
        });
    };
    let artifact = format!("-Dartifact={artifact}");
    let words = ["-q", "-B", GOAL, artifact.as_str(), "-DoutputDirectory=jar"];
    let mut content = build(context, &words).await?;
    content.gaps.push(system);
    Ok(content)
}

#[cfg(test)]
mod tests;
