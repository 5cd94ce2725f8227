//! Templates to texts. An undefined name in a template is an error, never an empty string.

use std::borrow::Cow;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use super::language;
use crate::catalog::connectors::Companion;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};

/// What templates may name.
#[derive(Clone, Debug, Serialize)]
pub struct Values {
    /// The project's name.
    pub name: String,
    /// The name of its program: the last part of a name that is a path.
    pub program: String,
    /// The Java package of its programs.
    pub package: String,
    /// Maven's name for its owner.
    pub group_id: String,
    /// The example that is rendered.
    pub example: String,
    /// The examples beside `basic` that the project has.
    pub examples: Vec<String>,
    /// The manifest's path in the project.
    pub manifest: String,
    /// Whether the project was there before.
    pub existing: bool,
    /// Whether the program is for TDengine Cloud alone.
    pub cloud: bool,
    /// The classifier that `--dist` asks for, or nothing.
    pub dist: String,
    /// How the program's opening comment calls it.
    pub program_title: String,
    /// The transport, as `--transport` takes it.
    pub transport: &'static str,
    /// The transport in prose.
    pub transport_title: &'static str,
    /// The port that the example dials when `TAOS_PORT` is not set.
    pub port: u16,
    /// The server that files of settings name.
    pub address: AddressValues,
    /// The connector.
    pub connector: ConnectorValues,
    /// Commands that build the project.
    pub build: Vec<String>,
    /// Commands that run it.
    pub run: Vec<String>,
    /// The virtual environment of Python: `active`, `present` in the project, or `none`.
    pub environment: &'static str,
    /// The group of dependencies that gets the connector; or nothing.
    pub group: String,
    /// The extra that gets it; or nothing.
    pub extra: String,
    /// The command that runs Python in it.
    pub python: &'static str,
    /// The directory of the Maven project that builds this one as a module, with a `/` at its end; or nothing.
    pub reactor: String,
    /// The module's directory as seen from there.
    pub module: String,
    /// Whether the project has the native connector that this machine compiled.
    pub has_native_module: bool,
    /// Whether commands are for Windows.
    pub windows: bool,
    /// Whether libraries are for macOS.
    pub macos: bool,
}

/// A server, as templates name it.
#[derive(Clone, Debug, Serialize)]
pub struct AddressValues {
    /// The host, as in URLs.
    pub host: String,
    /// The port of the transport.
    pub port: u16,
    /// Whether taosAdapter is spoken to over TLS.
    pub tls: bool,
    /// The path before taosAdapter's own, or nothing.
    pub prefix: String,
}

/// The connector, as templates name it.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectorValues {
    /// The package.
    pub package: &'static str,
    /// The version.
    pub version: Cow<'static, str>,
    /// What the manifest asks of it, in its own words.
    pub asked: String,
    /// Where it comes from instead of its registry, as the manifest writes it; or nothing.
    pub location: String,
    /// Whether it is a part of the language's own runtime.
    pub built_in: bool,
    /// The path of its jar, as programs name it; or nothing.
    pub jar: String,
    /// What it can do, as connectors.toml says it.
    pub features: &'static [String],
    /// The parts of the package that are built.
    pub parts: Vec<String>,
    /// Other packages that the project needs beside it.
    pub companions: &'static [Companion],
}

/// The file `file` of the language `id` with `values` in place; it may include the language's parts.
pub fn render_file(id: &str, file: &str, values: &impl Serialize) -> Result<String> {
    let template = language::template(id, file).unwrap_or_default();
    render_with(
        &format!("{id}/{file}"),
        template,
        language::parts(id),
        values,
    )
}

/// `template` with `values` in place. `what` names the template in an error, which only a broken template can cause.
pub fn render(what: &str, template: &str, values: &impl Serialize) -> Result<String> {
    render_with(what, template, std::iter::empty(), values)
}

fn render_with(
    what: &str,
    template: &str,
    parts: impl Iterator<Item = (&'static str, &'static str)>,
    values: &impl Serialize,
) -> Result<String> {
    let broken = |error: minijinja::Error| {
        Error::new(
            ErrorId::Unexpected,
            message!("project-template", template = what),
            Message::quoted(error.to_string()),
            message!("project-template-next"),
        )
    };
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(broken)?;
    let mut environment = Environment::new();
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("yaml", yaml_scalar);
    for (name, text) in parts {
        environment.add_template(name, text).map_err(broken)?;
    }
    environment
        .render_named_str(what, template, Serde(values))
        .map_err(broken)
}

/// `text` as a value of YAML: quoted if it would be read as anything else than this text (yaml.org/spec/1.1, "Tag Repository").
#[allow(
    clippy::needless_pass_by_value,
    reason = "filters of minijinja take values"
)]
fn yaml_scalar(text: String) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(is_word)
        && !text.ends_with(':');
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let is_other = words.contains(&text.to_ascii_lowercase().as_str())
        || text.parse::<f64>().is_ok()
        || text.starts_with("0x")
        || text.chars().all(|c| c.is_ascii_digit() || c == ':');
    match is_plain && !is_other {
        true => text,
        false => serde_json::Value::String(text).to_string(),
    }
}

#[cfg(test)]
mod tests;
