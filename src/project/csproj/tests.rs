use super::*;
use crate::catalog::connectors::VersionRules;
use crate::project::edit::{FileEdit, Splice};
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

const WANTED: Requirement = Requirement {
    file: "App.csproj",
    package: "TDengine.Connector",
    version: "3.2.1",
    runtime: "",
    runtime_below: None,
    classifier: None,
    parts: &[],
    or_parts: &[],
    all_parts: &[],
    companions: &[],
    retired: &["IoTSharp.EntityFrameworkCore.Taos"],
    parents: &[],
    upgrade: false,
    is_pinned: false,
    location: None,
    locked: &[],
    rules: VersionRules::NONE,
    list: DependencyList::Main,
    sections: &[],
};

fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    Csproj.edit(source, wanted)
}

/// `source` edited; the edit must be one splice, and a second run must change nothing.
fn after(source: &str) -> String {
    let first = edit(source, WANTED).unwrap();
    let new = first.apply(source);
    let Splice { at, removes, text } = first.insertion.unwrap();
    assert_eq!(new.len() + removes, source.len() + text.len());
    assert_eq!(&new[..at], &source[..at]);
    assert_eq!(&new[at + text.len()..], &source[at + removes..]);
    assert!(removes == 0 || &source[at..at + removes] == "/>");
    let second = edit(&new, WANTED).unwrap();
    assert_eq!(second.insertion, None, "the second run:\n{new}");
    assert_eq!(second.elsewhere, []);
    new
}

fn project(inner: &str) -> String {
    format!("<Project Sdk=\"Microsoft.NET.Sdk\">\n{inner}</Project>\n")
}

fn with_parents<'a>(parents: &'a [(String, String)], upgrade: bool) -> Requirement<'a> {
    Requirement {
        parents,
        upgrade,
        ..WANTED
    }
}

fn parent(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

fn conflict(source: &str, parents: &[(String, String)]) -> (usize, String, String) {
    match edit(source, with_parents(parents, false)) {
        Err(EditRefusal::Conflict { line, found, next }) => {
            (line, found.to_string(), next.to_string())
        }
        other => panic!("{other:?}"),
    }
}

const CENTRAL: &str = "<Project>\n  <PropertyGroup>\n    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>\n  </PropertyGroup>\n  <ItemGroup>\n    <PackageVersion Include=\"Serilog\" Version=\"4.0.0\" />\n  </ItemGroup>\n</Project>\n";

#[test]
fn reference_joins_sorted_group() {
    let source = project(
        "  <ItemGroup>\n    <PackageReference Include=\"Serilog\" Version=\"4.0.0\"/>\n    <PackageReference Include=\"xunit\" Version=\"2.9.0\"/>\n  </ItemGroup>\n",
    );
    assert_eq!(
        after(&source),
        project(
            "  <ItemGroup>\n    <PackageReference Include=\"Serilog\" Version=\"4.0.0\"/>\n    <PackageReference Include=\"TDengine.Connector\" Version=\"3.2.1\"/>\n    <PackageReference Include=\"xunit\" Version=\"2.9.0\"/>\n  </ItemGroup>\n"
        )
    );
}

#[test]
fn empty_projects_get_group() {
    assert_eq!(
        after("<Project Sdk=\"Microsoft.NET.Sdk\" />"),
        "<Project Sdk=\"Microsoft.NET.Sdk\" >\n  <ItemGroup>\n    <PackageReference Include=\"TDengine.Connector\" Version=\"3.2.1\" />\n  </ItemGroup>\n</Project>"
    );
    assert_eq!(
        after("<Project Sdk='S'><PropertyGroup/></Project>"),
        "<Project Sdk='S'><PropertyGroup/><ItemGroup><PackageReference Include=\"TDengine.Connector\" Version=\"3.2.1\"/></ItemGroup></Project>"
    );
}

#[test]
fn central_version_goes_into_nearest_list() {
    let parents = [
        parent("../Directory.Packages.props", CENTRAL),
        parent("../../Directory.Packages.props", CENTRAL),
    ];
    let source = project("");
    let edited = edit(&source, with_parents(&parents, false)).unwrap();
    assert!(
        edited
            .apply(&source)
            .contains("<PackageReference Include=\"TDengine.Connector\" />")
    );
    let [FileEdit { path, .. }] = edited.elsewhere.as_slice() else {
        panic!("{edited:?}");
    };
    assert_eq!(path, "../Directory.Packages.props");
    let list = edited.elsewhere[0].apply(CENTRAL);
    assert!(list.contains(
        "Version=\"4.0.0\" />\n    <PackageVersion Include=\"TDengine.Connector\" Version=\"3.2.1\" />\n  </ItemGroup>"
    ));
    let parents = [parent("../Directory.Packages.props", &list)];
    let again = edit(&edited.apply(&source), with_parents(&parents, false)).unwrap();
    assert_eq!((again.insertion, again.elsewhere), (None, vec![]));
}

#[test]
fn list_without_property_is_not_central() {
    let parents = [parent("Directory.Packages.props", "<Project />")];
    let source = project("");
    let edited = edit(&source, with_parents(&parents, false)).unwrap();
    assert!(edited.apply(&source).contains("Version=\"3.2.1\""));
    assert_eq!(edited.elsewhere, []);
    // The project's own word is the last.
    let parents = [parent("Directory.Packages.props", CENTRAL)];
    let source = project(
        "<PropertyGroup><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>\n",
    );
    let edited = edit(&source, with_parents(&parents, false)).unwrap();
    assert!(edited.apply(&source).contains("Version=\"3.2.1\""));
}

#[test]
fn version_beside_central_list_is_refused() {
    let parents = [parent("Directory.Packages.props", CENTRAL)];
    for version in [
        "Version=\"3.2.1\" />",
        "><Version>3.2.1</Version></PackageReference>",
    ] {
        let source = project(&format!(
            "<ItemGroup>\n<PackageReference Include=\"tdengine.connector\" {version}\n</ItemGroup>"
        ));
        let (line, found, _) = conflict(&source, &parents);
        assert_eq!(line, 3);
        assert!(found.contains("NU1008"), "{found}");
    }
    // An override is the project's own choice.
    let source = project(
        "<ItemGroup><PackageReference Include=\"TDengine.Connector\" VersionOverride=\"3.2.1\" /></ItemGroup>",
    );
    let edited = edit(&source, with_parents(&parents, false)).unwrap();
    assert_eq!((edited.insertion, edited.elsewhere), (None, vec![]));
}

#[test]
fn central_property_without_list_is_refused() {
    let source = project(
        "<PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>",
    );
    assert!(
        conflict(&source, &[])
            .1
            .contains("Directory.Packages.props")
    );
}

#[test]
fn upgrades_edit_the_place_of_the_version() {
    let reference = |version: &str| {
        project(&format!(
            "<ItemGroup><PackageReference Include=\"TDengine.Connector\" Version=\"{version}\" /></ItemGroup>"
        ))
    };
    let upgraded = |source: &str, parents: &[(String, String)]| {
        let edited = edit(source, with_parents(parents, true)).unwrap();
        let elsewhere = edited.elsewhere.iter();
        let elsewhere = elsewhere.map(|it| {
            let (_, text) = parents.iter().find(|(path, _)| *path == it.path).unwrap();
            it.apply(text)
        });
        (edited.apply(source), elsewhere.collect::<Vec<_>>())
    };
    assert_eq!(
        upgraded(&reference("3.1.1"), &[]),
        (reference("3.2.1"), vec![])
    );
    let props = |version: &str| {
        format!(
            "<Project><PropertyGroup><TdVersion>{version}</TdVersion></PropertyGroup></Project>"
        )
    };
    let parents = [parent("../Directory.Build.props", &props("3.1.1"))];
    assert_eq!(
        upgraded(&reference("$(TdVersion)"), &parents),
        (reference("$(TdVersion)"), vec![props("3.2.1")])
    );
    let listed = |version: &str| {
        CENTRAL.replace(
            "<PackageVersion Include=\"Serilog\" Version=\"4.0.0\" />",
            &format!("<PackageVersion Include=\"TDengine.Connector\" Version=\"{version}\" />"),
        )
    };
    let parents = [parent("Directory.Packages.props", &listed("3.1.1"))];
    let central =
        project("<ItemGroup><PackageReference Include=\"TDengine.Connector\" /></ItemGroup>");
    assert_eq!(
        upgraded(&central, &parents),
        (central.clone(), vec![listed("3.2.1")])
    );
}

#[test]
fn other_versions_conflict_with_their_line() {
    let source = project(
        "<ItemGroup>\n<PackageReference Include=\"TDengine.Connector\">\n<Version>3.1.1</Version>\n</PackageReference>\n</ItemGroup>",
    );
    let (line, found, next) = conflict(&source, &[]);
    assert_eq!(line, 4);
    assert!(found.contains("TDengine.Connector 3.1.1"), "{found}");
    assert!(next.contains("--upgrade"), "{next}");
    let range = source.replace("3.1.1", "[3.1,4.0)");
    let notes = edit(&range, WANTED).unwrap().notes;
    assert_eq!(
        notes[0].to_string(),
        "App.csproj:4 asks for TDengine.Connector [3.1,4.0), which is unchanged"
    );
}

#[test]
fn uncertain_property_stays() {
    let source = project(
        "<PropertyGroup>\n<V Condition=\"'$(Old)' == 'true'\">3.1.1</V>\n<V>3.2.1</V>\n</PropertyGroup>\n<ItemGroup>\n<PackageReference Include=\"TDengine.Connector\" Version=\"$(V)\" />\n</ItemGroup>",
    );
    let notes = edit(&source, WANTED).unwrap().notes;
    assert!(notes[0].to_string().contains("$(V)"), "{notes:?}");
    // A default that nothing precedes is certain.
    let source = source
        .replace("'$(Old)' == 'true'", "'$(V)' == ''")
        .replace("<V>3.2.1</V>\n", "")
        .replace("3.1.1", "3.2.1");
    assert!(edit(&source, WANTED).unwrap().notes.is_empty());
}

#[test]
fn condition_is_noted() {
    let source = project(
        "<ItemGroup Condition=\"'$(TargetFramework)' == 'net8.0'\">\n<PackageReference Include=\"TDengine.Connector\" Version=\"3.2.1\" />\n</ItemGroup>",
    );
    let edited = edit(&source, WANTED).unwrap();
    assert_eq!(edited.insertion, None);
    assert_eq!(
        edited.notes[0].to_string(),
        "App.csproj:3 adds TDengine.Connector only if '$(TargetFramework)' == 'net8.0', which is unchanged"
    );
}

#[test]
fn other_tools_are_refused() {
    let (line, _, next) = conflict(
        &project("  <Import Project=\"..\\.paket\\Paket.Restore.targets\" />\n"),
        &[],
    );
    assert_eq!(line, 2);
    assert_eq!(
        next,
        "dotnet paket add TDengine.Connector --version 3.2.1 --project App.csproj"
    );
    conflict(&project(""), &[parent("paket.references", "Serilog\n")]);
    let old = "<Project ToolsVersion=\"15.0\" xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\">\n</Project>";
    assert!(conflict(old, &[]).2.contains("Install-Package"));
    let list = [parent("packages.config", "<packages />\n")];
    assert!(conflict(old, &list).2.contains("Install-Package"));
    let central = "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <Sdk Name=\"Microsoft.Build.CentralPackageVersions\" Version=\"2.1.3\" />\n</Project>\n";
    assert!(conflict(central, &[]).2.contains("Packages.props"));
    // A project of SDK style does not read that list.
    let edited = edit(&project(""), with_parents(&list, false)).unwrap();
    assert!(edited.insertion.is_some());
    assert_eq!(
        edited.notes[0].to_string(),
        "packages.config is unchanged: a project of SDK style takes its packages from the project file"
    );
}

#[test]
fn reference_of_parent_counts() {
    let parents = [parent(
        "../Directory.Build.props",
        "<Project><ItemGroup><PackageReference Include=\"A;TDengine.Connector\" Version=\"3.2.1\" /></ItemGroup></Project>",
    )];
    let edited = edit(&project(""), with_parents(&parents, false)).unwrap();
    assert_eq!(edited.insertion, None);
    // A broken one decides nothing.
    let parents = [parent("../Directory.Build.props", "<Project>")];
    let edited = edit(&project(""), with_parents(&parents, false)).unwrap();
    assert!(edited.insertion.is_some());
}

#[test]
fn source_mapping_is_noted() {
    let settings = |pattern: &str| {
        parent(
            "../NuGet.Config",
            &format!(
                "<configuration><packageSourceMapping><packageSource key=\"own\"><package pattern=\"{pattern}\" /></packageSource></packageSourceMapping></configuration>"
            ),
        )
    };
    for (pattern, count) in [
        ("Own.*", 1),
        ("*", 0),
        ("tdengine.*", 0),
        ("TDengine.Connector", 0),
    ] {
        let parents = [settings(pattern)];
        let notes = edit(&project(""), with_parents(&parents, false))
            .unwrap()
            .notes;
        assert_eq!(notes.len(), count, "{pattern}");
    }
}

#[test]
fn retired_packages_are_noted() {
    let source = project(
        "<ItemGroup>\n<PackageReference Include=\"IoTSharp.EntityFrameworkCore.Taos\" Version=\"1.0.0\" />\n</ItemGroup>",
    );
    let notes = edit(&source, WANTED).unwrap().notes;
    let note = notes[0].to_string();
    assert!(
        note.starts_with("App.csproj:3 names IoTSharp.EntityFrameworkCore.Taos, which is retired"),
        "{note}"
    );
}

#[test]
fn pins_resolve_properties_of_the_file() {
    let source = project(
        "<PropertyGroup><V>3.1.4</V></PropertyGroup><ItemGroup><PackageReference Include=\"TDengine.Connector\" Version=\"$(V)\" /><PackageReference Include=\"B\"><Version>[1.2]</Version></PackageReference><PackageReference Include=\"C\" /></ItemGroup>",
    );
    let pins = Csproj.pins(&source, "App.csproj").unwrap();
    let pins: Vec<_> = pins
        .iter()
        .map(|pin| (pin.package.as_str(), pin.version.as_str()))
        .collect();
    assert_eq!(pins, [("TDengine.Connector", "3.1.4"), ("B", "1.2")]);
}

#[test]
fn names_of_projects() {
    for good in ["App", "taos-example", "My.App_2"] {
        assert_eq!(Csproj.complaint_about_name(good), None, "{good}");
    }
    for bad in [
        "",
        ".a",
        "a b",
        "tdengine",
        "TDengine.Connector",
        "a/b",
        "a.",
    ] {
        assert!(Csproj.complaint_about_name(bad).is_some(), "{bad}");
    }
}

#[test]
fn includes_are_found() {
    let files = Csproj.includes(&project(
        "<Import Project=\"..\\build\\v.props\" />\n<Import Project=\"$(X)\\a.props\" />\n",
    ));
    assert!(files.contains(&"../build/v.props".to_owned()));
    assert!(files.contains(&"../../Directory.Packages.props".to_owned()));
    assert!(!files.iter().any(|it| it.contains('$')));
    assert_eq!(Csproj.includes("no XML"), Vec::<String>::new());
}

prop_compose! {
    /// An item group of packages that are not ours, on lines of their own.
    fn any_group()(
        packages in prop::collection::vec("[A-SU-Z][a-z]{1,6}", 0..4),
        condition in "( Condition=\"'\\$\\(A\\)' == 'b'\")?",
        as_child in any::<bool>(),
    ) -> String {
        let item = |name: &String| if as_child {
            format!("    <PackageReference Include=\"{name}\">\n      <Version>1.0.0</Version>\n    </PackageReference>\n")
        } else {
            format!("    <PackageReference Include=\"{name}\" Version=\"1.0.0\" />\n")
        };
        let items: String = packages.iter().map(item).collect();
        format!("  <ItemGroup{condition}>\n{items}  </ItemGroup>\n")
    }
}

prop_compose! {
    fn any_project()(
        groups in prop::collection::vec(any_group(), 0..4),
        properties in "(  <PropertyGroup>\n    <TargetFramework>net8\\.0</TargetFramework>\n  </PropertyGroup>\n)?",
        comment in "(  <!-- <PackageReference Include=\"TDengine\\.Connector\" /> -->\n)?",
        data in "(  <PropertyGroup><Text><!\\[CDATA\\[</Project>\\]\\]></Text></PropertyGroup>\n)?",
        blank in "\n?",
        mark in "\u{feff}?",
        ending in "\r?\n",
        last in "\n?",
    ) -> String {
        let inner = groups.join(&blank);
        let text = format!("{mark}<Project Sdk=\"Microsoft.NET.Sdk\">\n{properties}{blank}{comment}{data}{inner}</Project>{last}");
        text.replace('\n', &ending)
    }
}

proptest! {
    #[test]
    fn edit_is_one_splice(source in any_project()) {
        let new = after(&source);
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        } else {
            prop_assert!(!new.contains('\r'));
        }
        let count = |text: &str| MsbuildFile::read("", text).unwrap().items().len();
        prop_assert_eq!(count(&new), count(&source) + 1);
    }

    #[test]
    fn any_input_is_handled(inner in "(<ItemGroup>|</ItemGroup>|<ItemGroup/>|<PackageReference |Include=\"|TDengine.Connector|\"|/>|<Version>|</Version>|<Choose>|<When Condition=''>|</When>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|[a-z<>/&;${}\"'= \r\n\u{feff}é]){0,14}") {
        for source in [project(&inner), inner] {
            let parents = [parent("Directory.Packages.props", &source)];
            for wanted in [WANTED, with_parents(&parents, true)] {
                if let Ok(edit) = edit(&source, wanted) {
                    edit.apply(&source);
                }
            }
            let _ = Csproj.pins(&source, "");
            let _ = Csproj.includes(&source);
            let _ = Csproj.workspace_members(&source);
        }
    }
}
