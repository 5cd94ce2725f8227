//! The repositories from which a build takes its dependencies.

use super::syntax::{Script, ScriptLanguage};

/// The blocks that hold the repositories of projects; those of plugins, of the script itself, and for publishing are others.
const HOLDERS: [&str; 3] = [
    "dependencyResolutionManagement",
    "allprojects",
    "subprojects",
];

/// Returns what is in the blocks `repositories` of the script `text`, each line once; nothing if it cannot be read.
pub fn repositories(text: &str, language: ScriptLanguage) -> String {
    let Ok(script) = Script::read(text, language) else {
        return String::new();
    };
    let holders = HOLDERS
        .iter()
        .flat_map(|name| script.blocks_named(0, name).collect::<Vec<_>>());
    let parents: Vec<usize> = std::iter::once(0).chain(holders).collect();
    let blocks = parents.iter().flat_map(|parent| {
        script
            .blocks_named(*parent, "repositories")
            .collect::<Vec<_>>()
    });
    let mut found: Vec<&str> = Vec::new();
    for block in blocks {
        let block = &script.blocks[block];
        let inside = text.get(block.open..block.close).unwrap_or_default();
        let inside = inside.strip_prefix('{').unwrap_or(inside).trim();
        if !inside.is_empty() && !found.contains(&inside) {
            found.push(inside);
        }
    }
    found.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_of_projects_are_found() {
        let script = r#"
            pluginManagement { repositories { gradlePluginPortal() } }
            dependencyResolutionManagement {
                repositories {
                    maven { url = uri("https://mirror.example/{maven}") } // }
                }
            }
            publishing { repositories { maven { url "https://out.example" } } }
            repositories {
                mavenLocal()
            }
        "#;
        assert_eq!(
            repositories(script, ScriptLanguage::Groovy),
            "mavenLocal()\nmaven { url = uri(\"https://mirror.example/{maven}\") } // }"
        );
        assert_eq!(repositories("repositories {", ScriptLanguage::Groovy), "");
        assert_eq!(repositories("plugins { }", ScriptLanguage::Kotlin), "");
    }
}
