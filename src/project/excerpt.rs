//! Parts of a project's files that another project takes over: the registries that its tools use. Each part is read and written again by a
//! parser of its format, or taken line by line, so that nothing else comes along.

use toml::{Table, Value};

pub use super::gradle::{ScriptLanguage, repositories};
use super::xml_tree;
use crate::safety::value_count::{MOST_WRITTEN, count_toml};

/// Returns the elements `names` right below the root of the XML document `text`, as they are written.
pub fn xml_elements(text: &str, names: &[String]) -> String {
    let Ok(document) = xml_tree::read(text) else {
        return String::new();
    };
    let children = document.root.children.iter();
    let wanted = children.filter(|it| names.iter().any(|name| name == it.name));
    let texts: Vec<&str> = wanted.filter_map(|it| text.get(it.start..it.end)).collect();
    texts.join("\n")
}

/// Returns the TOML of the values at `paths` (`tool.uv.index`) in `text`; those that are not there are left out.
pub fn toml_values(text: &str, paths: &[String]) -> String {
    if count_toml(text.as_bytes()) > MOST_WRITTEN {
        return String::new();
    }
    let Ok(document) = text.parse::<Table>() else {
        return String::new();
    };
    let mut taken = Table::new();
    for path in paths {
        let keys: Vec<&str> = path.split('.').collect();
        let mut from = Value::Table(document.clone());
        let found = keys.iter().try_for_each(|key| {
            from = from.as_table()?.get(*key)?.clone();
            Some(())
        });
        if found.is_some() {
            insert(&mut taken, &keys, from);
        }
    }
    toml::to_string(&taken).unwrap_or_default()
}

/// Puts `value` at the path `keys` of `table`.
fn insert(table: &mut Table, keys: &[&str], value: Value) {
    let Some((first, rest)) = keys.split_first() else {
        return;
    };
    if rest.is_empty() {
        table.insert((*first).to_owned(), value);
        return;
    }
    let inner = table
        .entry(*first)
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(inner) = inner {
        insert(inner, rest, value);
    }
}

/// Returns the lines of `text` that start with one of `options`.
pub fn option_lines(text: &str, options: &[String]) -> String {
    let lines = text.lines().map(str::trim);
    let wanted = lines.filter(|line| {
        let word = line.split([' ', '=']).next().unwrap_or_default();
        options.iter().any(|option| option == word)
    });
    // A continued line would take in the next one.
    let lines: Vec<&str> = wanted
        .map(|line| line.trim_end_matches('\\').trim_end())
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(all: &[&str]) -> Vec<String> {
        all.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn elements_are_taken_as_written() {
        let pom = "<project><name>x</name>\n<repositories><repository><id>a</id></repository></repositories></project>";
        assert_eq!(
            xml_elements(pom, &words(&["repositories", "pluginRepositories"])),
            "<repositories><repository><id>a</id></repository></repositories>"
        );
        assert_eq!(
            xml_elements("<project><repositories>", &words(&["repositories"])),
            ""
        );
    }

    #[test]
    fn values_are_written_again() {
        let pyproject = "[project]\nname = \"x\"\n[[tool.uv.index]]\nurl = \"https://a.example\"\n[tool.uv]\ndev-dependencies = []\n";
        let taken = toml_values(pyproject, &words(&["tool.uv.index", "tool.uv.no-index"]));
        assert_eq!(taken, "[[tool.uv.index]]\nurl = \"https://a.example\"\n");
        assert_eq!(toml_values("= broken", &words(&["a"])), "");
        assert_eq!(toml_values("tool = 1", &words(&["tool.uv.index"])), "");
    }

    #[test]
    fn only_options_are_taken() {
        let requirements = "--index-url https://a.example/simple\n  --extra-index-url=https://b.example \\\ntaospy==2.8.10\n--index-urlx y\n; rm -rf\n-e .\n";
        assert_eq!(
            option_lines(requirements, &words(&["--index-url", "--extra-index-url"])),
            "--index-url https://a.example/simple\n--extra-index-url=https://b.example"
        );
    }
}
