use super::*;
use crate::catalog::connectors::Connectors;

#[test]
fn every_language_has_a_recipe() {
    for id in language::ids() {
        let recipe = of_language(id).unwrap();
        let usual = recipe.tool_for(None);
        assert!(usual.chosen_by.contains(&String::new()), "{id}");
        assert!(!Connectors::built_in().transports(id).is_empty(), "{id}");
        for tool in &recipe.tool {
            for file in &tool.files {
                let templates = std::iter::once(&file.template).chain(&file.writing);
                for template in templates {
                    assert!(
                        language::template(id, template).is_some(),
                        "{id}: {template}"
                    );
                }
            }
            assert!(!tool.run.is_empty() && !tool.programs.is_empty(), "{id}");
        }
    }
}

#[test]
fn tool_is_that_of_the_lock_file() {
    let name = |language: &str, there: &[&str]| {
        let there: Vec<String> = there.iter().map(|it| (*it).to_owned()).collect();
        let recipe = of_language(language).unwrap();
        recipe.tool_for(Some(&there)).name.clone()
    };
    for (language, there, expected) in [
        ("node", &["package.json", "pnpm-lock.yaml"][..], "pnpm"),
        ("node", &["package.json", "yarn.lock"], "yarn"),
        ("node", &["package.json"], "npm"),
        ("python", &["pyproject.toml", "uv.lock"], "uv"),
        ("python", &["requirements.txt"], "pip"),
        ("java", &["build.gradle.kts", "gradlew"], "gradle"),
        ("java", &["pom.xml"], "mvn"),
        ("c", &["Makefile"], "make"),
        ("lua", &["app-1.rockspec"], "luarocks"),
        ("lua", &["main.lua"], "lua"),
        ("go", &[], "go"),
    ] {
        assert_eq!(name(language, there), expected, "{there:?}");
    }
}
