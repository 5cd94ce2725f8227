use super::*;

#[test]
fn list_has_packages_and_what_no_registry_has() {
    let mut found = Requirements::default();
    found.add_list(
        "# a comment\n-r base.txt\n--index-url https://u:p@index.example/simple\ntaos-ws-py==0.7.0 # newest\n\
         requests[socks]>=2 ; python_version < '4' \\\n    --hash=sha256:00\n-e .\n\
         own @ git+https://git.example/own\n./local.whl\n",
    );
    let packages: Vec<_> = found.packages.iter().map(String::as_str).collect();
    assert_eq!(
        packages,
        [
            "requests[socks]>=2 ; python_version < '4'",
            "taos-ws-py==0.7.0"
        ]
    );
    assert_eq!(
        found.elsewhere,
        ["-e .", "own @ git+https://git.example/own", "./local.whl"]
    );
}

#[test]
fn pyproject_has_its_build_backend() {
    let mut found = Requirements::default();
    found
        .add_pyproject(
            "[project]\nname = 'a'\ndependencies = ['taospy']\n[project.optional-dependencies]\nx = ['six']\n\
             [dependency-groups]\ndev = ['pytest', { include-group = 'x' }]\n[build-system]\nrequires = ['hatchling']\n",
        )
        .unwrap();
    let packages: Vec<_> = found.packages.iter().map(String::as_str).collect();
    assert_eq!(packages, ["hatchling", "pytest", "six", "taospy"]);
    let mut default = Requirements::default();
    default.add_pyproject("[project]\nname = 'a'\n").unwrap();
    assert!(default.packages.contains("wheel"));
    assert!(Requirements::default().add_pyproject("[").is_err());
}

#[test]
fn poetry_dependencies_are_a_gap() {
    let mut found = Requirements::default();
    found
        .add_pyproject("[tool.poetry.dependencies]\ntaospy = '*'\n")
        .unwrap();
    assert_eq!(found.unresolved, ["tool.poetry.dependencies"]);
}

#[test]
fn every_platform_has_tags() {
    for text in [
        "linux-x64",
        "linux-arm64",
        "windows-x64",
        "macos-x64",
        "macos-arm64",
    ] {
        assert!(!tags(text.parse().unwrap()).is_empty(), "{text}");
    }
}

#[test]
fn pinned_requirements_need_their_version() {
    for (requirement, project, version) in [
        ("taos-ws-py==0.7.0", "taos-ws-py", Some("0.7.0")),
        (
            "Requests[socks] == 2.32.0 ; python_version < '4'",
            "requests",
            Some("2.32.0"),
        ),
        ("six>=1,<2", "six", None),
        ("six==1.*", "six", None),
        ("six", "six", None),
    ] {
        let files = needed_wheel(requirement).files;
        let expected = NeededFiles::Wheel {
            project: project.into(),
            version: version.map(str::to_owned),
        };
        assert_eq!(files, expected, "{requirement}");
    }
}
