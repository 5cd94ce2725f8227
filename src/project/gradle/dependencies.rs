//! The packages that a script depends on, whatever their versions, and its version of Spring Boot.

use super::catalog::Catalog;
use super::syntax::{Script, ScriptToken, TokenKind};

/// The plugin that makes a Spring Boot project.
const SPRING_BOOT: &str = "org.springframework.boot";

/// Returns the packages (`GROUP:ARTIFACT`) that the script depends on outside of its tests, those that it names by its version catalog
/// among them.
pub(super) fn packages(script: &Script, catalog: Option<&Catalog>) -> Vec<String> {
    let is_list = |head: &str| head == "dependencies" || head.ends_with("dependencies");
    let blocks = script.blocks.iter().enumerate().skip(1);
    let blocks = blocks.filter(|(_, block)| is_list(&block.head));
    let mut packages = Vec::new();
    for statement in blocks.flat_map(|(at, _)| script.statements(at)) {
        let is_for_tests = statement
            .first()
            .is_some_and(|it| it.text.starts_with("test") || it.text.ends_with("Test"));
        if !is_for_tests {
            packages.extend(named(&statement));
            let accessors = accessors(&statement);
            packages.extend(catalog.into_iter().flat_map(|it| it.packages(&accessors)));
        }
    }
    packages
}

/// The packages that `statement` names in strings: `'g:a:v'`, or `group: 'g', name: 'a'`.
fn named(statement: &[&ScriptToken]) -> Vec<String> {
    let texts: Vec<_> = statement
        .iter()
        .filter(|it| it.kind == TokenKind::Text)
        .map(|it| it.text)
        .collect();
    let in_one = |text: &&str| {
        let mut parts = text.split(':');
        Some(format!("{}:{}", parts.next()?, parts.next()?))
    };
    let mut packages: Vec<_> = texts.iter().filter_map(in_one).collect();
    if let [group, name, ..] = texts.as_slice()
        && packages.is_empty()
    {
        packages.push(format!("{group}:{name}"));
    }
    packages
}

/// The accessors of a catalog in `statement`, without `libs`: `mysql.connector` of `libs.mysql.connector`.
fn accessors(statement: &[&ScriptToken]) -> Vec<String> {
    let mut accessors: Vec<String> = Vec::new();
    let mut open = false;
    let mut dot = false;
    for token in statement {
        let is_dot = token.kind == TokenKind::Sign && token.text == ".";
        if token.kind == TokenKind::Word && token.text == "libs" {
            accessors.push(String::new());
            open = true;
        } else if open && dot && token.kind == TokenKind::Word {
            if let Some(accessor) = accessors.last_mut() {
                if !accessor.is_empty() {
                    accessor.push('.');
                }
                accessor.push_str(token.text);
            }
        } else if !is_dot {
            open = false;
        }
        dot = is_dot;
    }
    accessors
}

/// Returns whether the script applies Spring Boot's plugin, and with which version if it says so.
pub(super) fn spring_boot(script: &Script, catalog: Option<&Catalog>) -> (bool, Option<String>) {
    let tokens: Vec<_> = script
        .tokens
        .iter()
        .filter(|it| it.kind != TokenKind::LineBreak)
        .collect();
    let at = tokens
        .iter()
        .position(|it| it.kind == TokenKind::Text && it.text == SPRING_BOOT);
    if let Some(at) = at {
        // id 'org.springframework.boot' version '3.3.0'
        let behind = tokens.iter().skip(at + 1).take(4);
        let mut texts = behind.filter(|it| it.kind == TokenKind::Text);
        let version = texts.next().map(|it| it.text);
        let version = version.filter(|it| it.starts_with(|c: char| c.is_ascii_digit()));
        return (true, version.map(str::to_owned));
    }
    let accessors = accessors(&tokens);
    let version = catalog.and_then(|it| it.plugin(SPRING_BOOT, &accessors));
    (version.is_some(), version.flatten())
}
