use super::toolchains::toolchain;
use super::*;
use crate::project::language as languages;

fn request(system: &str, languages: &[&str], transport: Transport) -> PipelineRequest {
    PipelineRequest {
        system: system.into(),
        languages: languages.iter().map(|&it| it.to_owned()).collect(),
        transport,
        client: Some("3.3.7.5".parse().unwrap()),
        host: None,
        dir: "missing".into(),
        mode: PipelineMode::Print,
    }
}

#[test]
fn every_system_renders_for_every_language() {
    for system in ids() {
        for language in languages::ids().filter(|language| *language != "odbc") {
            for transport in [Transport::Ws, Transport::Native] {
                let piece = run(&request(system, &[language], transport)).unwrap();
                assert!(
                    !piece.text.contains("{{") || piece.text.contains("${{"),
                    "{system}"
                );
                assert!(!piece.text.contains("{%"), "{system}: {}", piece.text);
                assert!(piece.text.ends_with('\n'), "{system}");
            }
        }
    }
}

#[test]
fn pipeline_of_several_languages_names_each() {
    let piece = run(&request("gitlab", &["go", "python"], Transport::Ws)).unwrap();
    assert!(piece.text.contains("test-go:") && piece.text.contains("test-python:"));
}

#[test]
fn password_is_never_a_literal_of_an_external_server() {
    for system in ids() {
        let mut request = request(system, &["go"], Transport::Ws);
        request.host = Some("db.example".into());
        let text = run(&request).unwrap().text;
        assert!(
            !text.contains("taosdata\n") || system == "compose",
            "{system}: {text}"
        );
    }
}

#[test]
fn kind_of_project_is_seen_by_its_files() {
    for (language, there, command) in [
        ("java", "gradlew", "./gradlew check"),
        ("java", "pom.xml", "mvn --batch-mode verify"),
        ("node", "pnpm-lock.yaml", "pnpm test"),
        ("python", "uv.lock", "uv sync --locked"),
        ("lua", "hello-dev-1.rockspec", "luac5.4"),
    ] {
        let tool = toolchain(language, &[there.to_owned()]).unwrap();
        assert!(tool.test.join("\n").contains(command), "{language} {there}");
    }
    assert!(toolchain("odbc", &[]).is_err());
}
