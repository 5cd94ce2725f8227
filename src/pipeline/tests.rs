use super::toolchains::toolchain;
use super::*;
use crate::project::language as languages;

fn request(system: &str, languages: &[&str], transport: Transport) -> PipelineRequest {
    PipelineRequest {
        system: system.into(),
        projects: languages
            .iter()
            .map(|&language| PipelineProject {
                language: language.to_owned(),
                dir: ".".to_owned(),
                transport,
            })
            .collect(),
        native: transport == Transport::Native,
        client: Some(PipelineClient::Version("3.3.7.5".parse().unwrap())),
        server: Some("3.3.7.5".parse().unwrap()),
        host: None,
        target: None,
        mirror: None,
        given: Vec::new(),
        dir: "missing".into(),
        into: None,
        separate: false,
        mode: PipelineMode::Print,
    }
}

/// The variables of an inventory, and of Ansible, in a playbook.
const PLAYBOOK: [&str; 5] = [
    "tdengine_host }}",
    "taos_user |",
    "vault_taos_password }}",
    "playbook_dir }}",
    "item }}",
];

#[test]
fn every_system_renders_for_every_language() {
    for system in ids() {
        for language in languages::ids().filter(|language| *language != "odbc") {
            for transport in [Transport::Ws, Transport::Native] {
                let piece = run(&request(system, &[language], transport)).unwrap();
                assert!(!piece.text.contains("\n\n\n"), "{system}: {}", piece.text);
                // GitHub's expressions, and variables of a playbook, are the only ones that are left.
                let own = piece.text.replace("${{", "");
                let mut left = own.split("{{ ").skip(1);
                assert!(!own.replace("{{ ", "").contains("{{"), "{system}");
                assert!(
                    left.all(|it| PLAYBOOK.iter().any(|name| it.starts_with(name))),
                    "{system}: {}",
                    piece.text
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

#[test]
fn client_of_setup_files_and_directories_are_written_into_the_commands() {
    let mut request = request("gitlab", &["go"], Transport::Ws);
    request.client = Some(PipelineClient::Lock(Some("3.3.7.5".parse().unwrap())));
    request.projects[0].dir = "services/collector".to_owned();
    request.mirror = Some("https://mirror.example/tdengine".to_owned());
    let text = run(&request).unwrap().text;
    for line in [
        "- taos-setup sync --locked\n    - eval \"$(taos-setup env)\"",
        "files: [taos-setup.lock]",
        "- (cd services/collector && go test ./...)",
        "TAOS_SETUP_MIRROR: https://mirror.example/tdengine",
        "--report taos-setup.xml",
        "junit: taos-setup.xml",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("init --lang"), "{text}");
    // A lock of connectors has no client to set variables for.
    request.client = Some(PipelineClient::Lock(None));
    let text = run(&request).unwrap().text;
    assert!(text.contains("sync --locked") && !text.contains("taos-setup env"));
    request.client = Some(PipelineClient::Setup);
    let text = run(&request).unwrap().text;
    assert!(text.contains("- taos-setup install\n"), "{text}");
    assert!(text.contains("init --lang go --transport ws --dir services/collector --check"));
}

#[test]
fn two_projects_of_a_language_are_two_jobs() {
    let mut request = request("gitlab", &["go", "go", "go"], Transport::Ws);
    request.projects[1].dir = "b/c".to_owned();
    request.projects[2].dir = "b-c".to_owned();
    let text = run(&request).unwrap().text;
    for job in ["test-go", "test-go-b-c", "test-go-b-c-2"] {
        assert!(text.contains(&format!("\n{job}:")), "{text}");
    }
}

#[test]
fn every_piece_fits_into_a_usual_file_once() {
    let usual = |system: &str| match system {
        "github" => "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps: []\n",
        "gitlab" => "stages: [build, test]\nbuild:\n  stage: build\n  script: [make]\n",
        "jenkins" => {
            "pipeline {\n  agent any\n  stages {\n    stage('build') {\n      steps { sh 'make' }\n    }\n  }\n}\n"
        }
        "dockerfile" => "FROM debian:12\nCOPY . /app\n",
        "compose" => "services:\n  web:\n    image: nginx\n",
        "k8s" => "apiVersion: v1\nkind: Service\nmetadata: { name: web }\n",
        "devcontainer" => "{\n  // ours\n  \"image\": \"debian:12\"\n}\n",
        _ => "",
    };
    for system in ids() {
        let Some(form) = &systems::system(system).unwrap().piece else {
            continue;
        };
        let text = run(&request(system, &["go", "python"], Transport::Native))
            .unwrap()
            .text;
        let put = |source: &str| {
            let splices = pipeline_file::splice(form, source.as_bytes(), &text).unwrap();
            let new =
                crate::project::edit::apply_splices(source.as_bytes(), splices.iter().collect());
            String::from_utf8(new).unwrap()
        };
        let once = put(usual(system));
        assert_ne!(once, usual(system), "{system}");
        assert_eq!(put(&once), once, "{system}");
    }
}
