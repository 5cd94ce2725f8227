use super::SetupEdit;
use crate::lock::ProjectSettings;
use crate::tdengine::platform::Platform;
use crate::tdengine::transport::Transport;

fn add_arm64(text: &str) -> Option<String> {
    SetupEdit::Platforms(vec![Platform::ALL[1]]).apply(text)
}

fn add_project(text: &str) -> String {
    let project = ProjectSettings {
        dir: "services/b".into(),
        lang: "python".into(),
        transport: Some(Transport::Rest),
        manifest: None,
    };
    SetupEdit::Project(project).apply(text).unwrap()
}

#[test]
fn platforms_keep_the_form_of_the_list() {
    for (before, after) in [
        (
            "# ours\n[client] # c\nplatforms = [\"linux-x64\"] # all CI\nparts = \"runtime\"\n",
            "# ours\n[client] # c\nplatforms = [\"linux-x64\", \"linux-arm64\"] # all CI\nparts = \"runtime\"\n",
        ),
        (
            "[client]\r\nplatforms = [\r\n    \"linux-x64\", # CI\r\n    \"macos-arm64\",\r\n]\r\n",
            "[client]\r\nplatforms = [\r\n    \"linux-x64\", # CI\r\n    \"macos-arm64\",\r\n    \"linux-arm64\",\r\n]\r\n",
        ),
        (
            "\u{feff}client = { platforms = ['linux-x64'] }\n",
            "\u{feff}client = { platforms = ['linux-x64', \"linux-arm64\"] }\n",
        ),
    ] {
        assert_eq!(add_arm64(before).as_deref(), Some(after));
        assert_eq!(add_arm64(after), None);
    }
}

#[test]
fn nothing_to_change_is_none() {
    for text in ["", "[client]\n", "[server]\nversion = \"3.3\"\n"] {
        assert_eq!(add_arm64(text), None, "{text}");
    }
}

#[test]
fn projects_are_added_at_the_end() {
    for (before, after) in [
        (
            "# top\n[server]\nversion = \"3.3\" # v\n",
            "# top\n[server]\nversion = \"3.3\" # v\n\n[[project]]\ndir = \"services/b\"\nlang = \"python\"\ntransport = \"rest\"\n",
        ),
        (
            "[[project]] # first\ndir = \"a\"\nlang = \"go\"\n\n# end\n",
            "[[project]] # first\ndir = \"a\"\nlang = \"go\"\n\n[[project]]\ndir = \"services/b\"\nlang = \"python\"\ntransport = \"rest\"\n\n# end\n",
        ),
        (
            "# top\n",
            "# top\n\n[[project]]\ndir = \"services/b\"\nlang = \"python\"\ntransport = \"rest\"\n",
        ),
        (
            "project = [{ dir = \"a\", lang = \"go\" }]\n",
            "project = [{ dir = \"a\", lang = \"go\" }, { dir = \"services/b\", lang = \"python\", transport = \"rest\" }]\n",
        ),
    ] {
        assert_eq!(add_project(before), after);
    }
}
