//! Python: wheels for each platform and version of Python, of the requirements and of the build backend.

use std::collections::BTreeSet;
use std::path::Path;

use super::{ClosureContext, files_below};
use crate::error::Result;
use crate::mirror::check::{NeededFiles, NeededPackage, NeededPackages};
use crate::mirror::fault::{unparsable, unreadable, unwritable};
use crate::mirror::manifest::GapReason;
use crate::mirror::part::PartContent;
use crate::mirror::pypi::{normalized, wheel_metadata};
use crate::mirror::tool::Tool;
use crate::system::files;
use crate::tdengine::platform::{Arch, Os, Platform};

/// The largest list of requirements, in bytes.
const LARGEST_LIST: u64 = 1 << 20;
/// The words with which pip reports that no package fits, whatever the language of the machine.
const NO_PACKAGE: [&str; 2] = [
    "No matching distribution found for",
    "Could not find a version that satisfies the requirement",
];
/// The program.
const PYTHON: &str = if cfg!(windows) { "py" } else { "python3" };

/// What a project asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Requirements {
    /// Requirements of packages.
    packages: BTreeSet<String>,
    /// Requirements that no registry fulfills.
    elsewhere: Vec<String>,
    /// Lists in a form that pip does not read.
    unresolved: Vec<String>,
}

pub(super) async fn collect(context: &mut ClosureContext<'_>) -> Result<PartContent> {
    let requirements = Requirements::of_project(&context.project)?;
    let mut content = PartContent::default();
    for subject in &requirements.elsewhere {
        content.gaps.push((GapReason::GitSource, subject.clone()));
    }
    for subject in &requirements.unresolved {
        content.gaps.push((GapReason::Unresolved, subject.clone()));
    }
    if requirements.packages.is_empty() {
        return Ok(content);
    }
    let versions = match context.job.python_versions.as_slice() {
        [] => vec![own_version(context).await?],
        versions => versions.to_vec(),
    };
    for platform in context.job.platforms.clone() {
        for version in &versions {
            let all: Vec<&String> = requirements.packages.iter().collect();
            if download(context, platform, version, &all).await? {
                continue;
            }
            // Which of them does not exist?
            for package in all {
                if !download(context, platform, version, &[package]).await? {
                    let subject = format!("{package} ({platform}, Python {version})");
                    content.gaps.push((GapReason::NoPackage, subject));
                }
            }
        }
    }
    for (name, file) in files_below(&context.scratch.join("wheels"))? {
        let Some((project, _)) = name.split_once('-').filter(|_| name.ends_with(".whl")) else {
            continue;
        };
        let license = wheel_metadata(&file).and_then(|metadata| metadata.license);
        let path = format!("pypi/packages/{}/{name}", normalized(project));
        content.add(&path, file, license);
    }
    Ok(content)
}

/// Downloads wheels; false if one does not exist.
async fn download(
    context: &mut ClosureContext<'_>,
    platform: Platform,
    version: &str,
    packages: &[&String],
) -> Result<bool> {
    let list = context.scratch.join("requirements-mirror.txt");
    let text: String = packages.iter().map(|it| format!("{it}\n")).collect();
    std::fs::write(&list, text).map_err(|error| unwritable(&list, &error))?;
    let wheels = context.scratch.join("wheels");
    let words = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--only-binary=:all:",
        "--implementation=cp",
        "--dest",
    ];
    let mut tool = Tool::new(PYTHON, &context.project, &words)
        .arg(&wheels)
        .arg(format!("--python-version={version}"))
        .env("PIP_CACHE_DIR", context.scratch.join("pip-cache"));
    for tag in tags(platform) {
        tool = tool.arg(format!("--platform={tag}"));
    }
    let tool = tool.arg("-r").arg(&list);
    match tool.try_run(context.stop, context.events).await? {
        Ok(_) => Ok(true),
        Err(failed) if NO_PACKAGE.iter().any(|it| failed.output.contains(it)) => Ok(false),
        Err(failed) => Err(failed.error),
    }
}

/// The version of Python on this machine, `3.11`.
async fn own_version(context: &mut ClosureContext<'_>) -> Result<String> {
    let program = "import sys; print('%d.%d' % sys.version_info[:2])";
    let tool = Tool::new(PYTHON, &context.project, &["-c", program]);
    let output = tool.run(context.stop, context.events).await?;
    Ok(String::from_utf8_lossy(&output).trim().to_owned())
}

/// The tags of wheels that run on a platform: those of glibc up to 2.28, and of macOS up to 14.
fn tags(platform: Platform) -> Vec<String> {
    let many = |machine: &str| {
        ["2014", "_2_17", "_2_24", "_2_26", "_2_27", "_2_28"]
            .iter()
            .map(|glibc| format!("manylinux{glibc}_{machine}"))
            .chain([format!("linux_{machine}")])
            .collect()
    };
    match (platform.os, platform.arch) {
        (Os::Linux, Arch::X64) => many("x86_64"),
        (Os::Linux, Arch::Arm64) => many("aarch64"),
        (Os::Windows, Arch::X64) => vec!["win_amd64".to_owned()],
        (Os::Windows, Arch::Arm64) => vec!["win_arm64".to_owned()],
        (Os::Macos, Arch::X64) => vec!["macosx_14_0_x86_64".to_owned()],
        (Os::Macos, Arch::Arm64) => vec!["macosx_14_0_arm64".to_owned()],
    }
}

impl Requirements {
    fn of_project(project: &Path) -> Result<Self> {
        let mut requirements = Self::default();
        for (name, file) in files_below(project)? {
            let is_list = name.starts_with("requirements") && name.ends_with(".txt");
            if !is_list && name != "pyproject.toml" {
                continue;
            }
            let text = files::read_named_text(&file, LARGEST_LIST)
                .map_err(|error| unreadable(&file, &error))?;
            match is_list {
                true => requirements.add_list(&text),
                false => requirements
                    .add_pyproject(&text)
                    .map_err(|why| unparsable(&file, crate::message::Message::quoted(why)))?,
            }
        }
        Ok(requirements)
    }

    /// Adds the lines of a list of requirements. Options about indexes are the user's settings and are not repeated.
    fn add_list(&mut self, text: &str) {
        let text = text.replace("\\\n", " ").replace("\\\r\n", " ");
        for line in text.lines() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // Digests follow the requirement.
            let line = line.split(" --hash").next().unwrap_or_default().trim();
            let is_option = line.starts_with('-');
            if is_option && !line.starts_with("-e") && !line.starts_with("--editable") {
                continue;
            }
            self.add(line, is_option);
        }
    }

    fn add(&mut self, requirement: &str, is_editable: bool) {
        let is_elsewhere = is_editable
            || requirement.contains("git+")
            || requirement.contains("://")
            || requirement.starts_with('.')
            || requirement.starts_with('/');
        match is_elsewhere {
            true => self.elsewhere.push(requirement.to_owned()),
            false => {
                self.packages.insert(requirement.to_owned());
            }
        }
    }

    /// Adds the dependencies of pyproject.toml, and what builds the project (PEP 518).
    fn add_pyproject(&mut self, text: &str) -> std::result::Result<(), String> {
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| error.to_string())?;
        let list = |value: Option<&toml::Value>| -> Vec<String> {
            let values = value.and_then(toml::Value::as_array).into_iter().flatten();
            values
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect()
        };
        let project = table.get("project");
        let mut wanted = list(project.and_then(|it| it.get("dependencies")));
        let optional = project.and_then(|it| it.get("optional-dependencies"));
        let groups = table.get("dependency-groups");
        for group in [optional, groups].into_iter().flatten() {
            let lists = group.as_table().into_iter().flatten();
            wanted.extend(lists.flat_map(|(_, value)| list(Some(value))));
        }
        let build = table.get("build-system");
        match build.and_then(|it| it.get("requires")) {
            Some(requires) => wanted.extend(list(Some(requires))),
            // pip's default.
            None if project.is_some() => {
                wanted.extend(["setuptools>=40.8.0".to_owned(), "wheel".to_owned()]);
            }
            None => {}
        }
        let poetry = table.get("tool").and_then(|it| it.get("poetry"));
        if poetry.and_then(|it| it.get("dependencies")).is_some() {
            self.unresolved.push("tool.poetry.dependencies".to_owned());
        }
        for requirement in wanted {
            self.add(&requirement, false);
        }
        Ok(())
    }
}

/// What the lists of requirements name.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`.
pub(super) fn needed(project: &Path) -> Result<NeededPackages> {
    let requirements = Requirements::of_project(project)?;
    let elsewhere = requirements.elsewhere.into_iter();
    let elsewhere = elsewhere.map(|it| (GapReason::GitSource, it));
    let unresolved = requirements.unresolved.into_iter();
    let unresolved = unresolved.map(|it| (GapReason::Unresolved, it));
    let packages = requirements.packages.iter();
    Ok(NeededPackages {
        gaps: elsewhere.chain(unresolved).collect(),
        packages: packages.map(|it| needed_wheel(it)).collect(),
    })
}

/// The wheel of a requirement: of one version if it is pinned.
fn needed_wheel(requirement: &str) -> NeededPackage {
    let without_marker = requirement.split(';').next().unwrap_or(requirement);
    let end = without_marker.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
    let (name, rest) = without_marker.split_at(end.unwrap_or(without_marker.len()));
    let version = rest
        .rsplit(']')
        .next()
        .and_then(|rest| rest.trim().strip_prefix("=="))
        .filter(|version| !version.contains([',', '*', '=']))
        .map(|version| version.trim().to_owned());
    NeededPackage {
        name: requirement.to_owned(),
        files: NeededFiles::Wheel {
            project: normalized(name.trim()),
            version,
        },
    }
}

#[cfg(test)]
mod tests;
