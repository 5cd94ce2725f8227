use super::*;
use crate::application::recipe::ProbeTool;
use crate::application::subject::subjects;
use crate::project::language;
use crate::project::template::render_file;

fn texts(language: &str, tool: &ProbeTool, writes: bool) -> Vec<(String, String)> {
    let (subjects, _) = subjects(None, &[language.to_owned()]).unwrap();
    let mut texts = Vec::new();
    for transport in subjects[0].transports() {
        let release = subjects[0].release(transport, None, None).unwrap();
        let (settings, _) = RegistrySettings::read(None, tool);
        let values = ProbeValues::new(&subjects[0], &release, transport, writes, &settings, None);
        for file in &tool.files {
            let template = file.writing.as_ref().filter(|_| writes);
            let template = template.unwrap_or(&file.template);
            let text = render_file(language, template, &values).unwrap();
            texts.push((format!("{language}/{template} over {transport}"), text));
        }
        for command in tool.build.iter().chain([&tool.run]) {
            values.command(command).unwrap();
        }
        for value in tool.set.values() {
            values.word(value).unwrap();
        }
    }
    texts
}

#[test]
fn programs_ask_for_a_row_and_write_only_on_demand() {
    for id in language::ids() {
        for tool in &crate::application::recipe::of_language(id).unwrap().tool {
            let all: Vec<_> = texts(id, tool, false);
            for (name, text) in &all {
                assert!(!text.to_lowercase().contains("create database"), "{name}");
            }
            let asks = |(_, text): &&(String, String)| {
                text.contains("information_schema.ins_databases")
                    && text.contains("server_version()")
            };
            let transports = texts(id, tool, false).iter().filter(asks).count();
            assert!(transports > 0, "{id} {}", tool.name);
            let writing = texts(id, tool, true);
            let creates = |(_, text): &&(String, String)| text.contains("create database");
            assert_eq!(writing.iter().filter(creates).count(), transports, "{id}");
        }
    }
}

#[test]
fn commands_drop_empty_words() {
    let recipe = crate::application::recipe::of_language("php").unwrap();
    let (subjects, _) = subjects(None, &["php".to_owned()]).unwrap();
    let (settings, _) = RegistrySettings::read(None, &recipe.tool[0]);
    let transport = subjects[0].transports()[0];
    let release = subjects[0].release(transport, None, None).unwrap();
    let values = ProbeValues::new(&subjects[0], &release, transport, false, &settings, None);
    assert_eq!(
        values.command(&recipe.tool[0].run).unwrap(),
        ["php", "probe.php"]
    );
    assert_eq!(
        values.command(&recipe.tool[0].build[0]).unwrap(),
        Vec::<String>::new()
    );
}
