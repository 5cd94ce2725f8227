//! What a pipeline takes from the server that is asked, and from the files that are there.

use taos_sandbox::server::{Options, Sandbox};

use crate::support::program::TestContext;

#[test]
fn matched_server_gives_version_and_address() {
    let context = TestContext::new();
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let adapter = sandbox.adapter();
    let ci = |system: &str, server: &str| {
        let run = context
            .program(["ci", system, "--lang", "go", "--match", server])
            .run();
        assert_eq!(run.exit, Some(0), "{run}");
        run.stdout
    };
    let text = ci("compose", &adapter.to_string());
    assert!(text.contains("image: tdengine/tdengine:3."), "{text}");
    for system in ["github", "gitlab"] {
        let text = ci(system, &adapter.to_string());
        assert!(text.contains(&format!("TAOS_HOST: {adapter}\n")), "{text}");
        let text = ci(system, &format!("http://{adapter}"));
        assert!(text.contains("TAOS_HOST: 127.0.0.1\n"), "{text}");
        assert!(
            text.contains(&format!("verify http://{adapter} ")),
            "{text}"
        );
    }
    let login = format!("http://root:taosdata@{adapter}");
    let run = context.program(["ci", "github", "--match", &login]).run();
    assert_eq!(run.exit, Some(2), "{run}");
    assert!(!run.to_string().contains("taosdata@"), "{run}");
}

#[test]
fn file_with_the_line_ends_of_windows_is_the_same() {
    for system in [
        "github",
        "gitlab",
        "jenkins",
        "dockerfile",
        "compose",
        "k8s",
        "devcontainer",
        "ansible",
        "systemd",
    ] {
        let context = TestContext::new();
        let ci = |mode: &str| {
            context
                .program([
                    "ci",
                    system,
                    "--lang",
                    "go",
                    "--version",
                    "3.3.7.5",
                    "--json",
                    mode,
                ])
                .run()
        };
        let run = ci("--write");
        assert_eq!(run.exit, Some(0), "{run}");
        let data = &run.json()["data"];
        let more = data["more"].as_array().into_iter().flatten();
        for file in std::iter::once(data).chain(more) {
            let path = context.work().join(file["path"].as_str().unwrap());
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.replace('\n', "\r\n")).unwrap();
        }
        for mode in ["--check", "--write"] {
            let run = ci(mode);
            assert_eq!(run.exit, Some(0), "{system} {mode}: {run}");
        }
    }
}

#[test]
fn all_languages_of_a_directory_are_tested() {
    let context = TestContext::new();
    let write = |name: &str, text: &str| std::fs::write(context.work().join(name), text).unwrap();
    write("go.mod", "module example.com/m\n\ngo 1.24\n");
    write("requirements.txt", "requests\n");
    let run = context.program(["ci", "gitlab"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    for job in ["\ntest-go:\n", "\ntest-python:\n"] {
        assert!(run.stdout.contains(job), "{run}");
    }
    // A language is named once, however often it is given.
    let run = context.program(["ci", "gitlab", "--lang", "go,go"]).run();
    assert_eq!(run.stdout.matches("\ntest-go").count(), 1, "{run}");
}

#[test]
fn native_connection_needs_a_version_where_a_client_is_installed() {
    let context = TestContext::new();
    let ci = |system: &str| {
        context
            .program(["ci", system, "--lang", "go", "--transport", "native"])
            .run()
    };
    for system in ["compose", "systemd"] {
        let run = ci(system);
        assert_eq!(run.exit, Some(0), "{run}");
    }
    assert!(ci("systemd").stdout.contains("--transport ws,rest,native "));
    for system in ["github", "k8s", "jenkins"] {
        let run = ci(system);
        assert_eq!(run.exit, Some(2), "{run}");
    }
}

#[test]
fn values_are_texts_to_yaml() {
    let context = TestContext::new();
    for (host, written) in [
        ("no", "\"no\""),
        ("[fe80::1]:6041", "\"[fe80::1]:6041\""),
        ("db01", "db01"),
    ] {
        for system in ["github", "gitlab", "k8s"] {
            let run = context
                .program(["ci", system, "--lang", "go", "--host", host])
                .run();
            assert!(run.stdout.contains(&format!(": {written}\n")), "{run}");
        }
    }
}

#[test]
fn stage_of_a_pipeline_without_agent_has_one() {
    let context = TestContext::new();
    let path = context.work().join("Jenkinsfile");
    let own = "pipeline {\n  agent none\n  stages {\n    stage('build') {\n      agent any\n      steps { sh 'make' }\n    }\n  }\n}\n";
    std::fs::write(&path, own).unwrap();
    let ci = |mode: &str| {
        context
            .program(["ci", "jenkins", "--lang", "go", mode])
            .run()
    };
    assert_eq!(ci("--write").exit, Some(0));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("stage('tdengine') {\n      agent any\n"),
        "{text}"
    );
    assert_eq!(ci("--check").exit, Some(0));
}

#[test]
fn include_of_gitlab_is_seen_in_each_form() {
    for include in [
        "- local: .gitlab/tdengine.yml",
        "- local: \"/.gitlab/tdengine.yml\"",
        "- local: '.gitlab/tdengine.yml'",
    ] {
        let context = TestContext::new();
        std::fs::write(
            context.work().join(".gitlab-ci.yml"),
            format!("include:\n  {include}\n"),
        )
        .unwrap();
        let run = context
            .program(["ci", "gitlab", "--lang", "go", "--separate", "--write"])
            .run();
        assert!(!format!("{run}").contains("include: [{"), "{run}");
    }
}
