//! `init` in projects of .NET that exist.

use std::fs;

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};

const PROJECT: &str = "<Project Sdk=\"Microsoft.NET.Sdk\">\n</Project>\n";
const CENTRAL: &str = "<Project>\n  <PropertyGroup>\n    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>\n  </PropertyGroup>\n</Project>\n";

fn project(files: &[(&str, &str)]) -> TestContext {
    let context = TestContext::new();
    for (path, text) in files {
        let path = context.work().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    context
}

fn init(context: &TestContext, arguments: &[&str]) -> Run {
    let mut all = vec!["init"];
    all.extend(arguments);
    context.program(all).run()
}

fn text(context: &TestContext, path: &str) -> String {
    fs::read_to_string(context.work().join(path)).unwrap()
}

fn reference(version: &str) -> String {
    format!(
        "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <ItemGroup>\n    <PackageReference Include=\"TDengine.Connector\" Version=\"{version}\" />\n  </ItemGroup>\n</Project>\n"
    )
}

#[test]
fn central_versions_are_edited_above() {
    let context = project(&[
        ("Directory.Packages.props", CENTRAL),
        ("src/App/App.csproj", PROJECT),
    ]);
    let run = init(&context, &["--dir", "src/App", "--server", "3.3.7.5"]);
    let both = format!(
        "{run}{}{}",
        text(&context, "src/App/App.csproj"),
        text(&context, "Directory.Packages.props")
    );
    assert_snapshot!(both, @r#"
    exit 0
    --- stdout
    edited    App.csproj
    edited    ../../Directory.Packages.props

    Build it:
      cd src/App
      dotnet build App.csproj
    --- stderr
    <Project Sdk="Microsoft.NET.Sdk">
      <ItemGroup>
        <PackageReference Include="TDengine.Connector" />
      </ItemGroup>
    </Project>
    <Project>
      <PropertyGroup>
        <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
      </PropertyGroup>
      <ItemGroup>
        <PackageVersion Include="TDengine.Connector" Version="3.2.1" />
      </ItemGroup>
    </Project>
    "#);
    let check = init(
        &context,
        &["--dir", "src/App", "--server", "3.3.7.5", "--check"],
    );
    assert_eq!(check.exit, Some(0), "{check}");
}

#[test]
fn version_beside_central_list_is_refused() {
    let context = project(&[
        ("Directory.Packages.props", CENTRAL),
        ("App.csproj", &reference("3.2.1")),
    ]);
    assert_snapshot!(init(&context, &["--server", "3.3.7.5"]), @r#"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add TDengine.Connector 3.2.1 to App.csproj
      App.csproj:3: TDengine.Connector has a version here, but Directory.Packages.props lists the versions (NU1008)
      next: remove the version there, and add <PackageVersion Include="TDengine.Connector" Version="3.2.1" /> to Directory.Packages.props
    "#);
}

#[test]
fn solutions_list_their_projects() {
    let solution = "Project(\"{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}\") = \"App\", \"src\\App\\App.csproj\", \"{1}\"\r\nEndProject\r\nProject(\"{F2A71F9B-5D33-465A-A702-920D77279786}\") = \"Lib\", \"src\\Lib\\Lib.fsproj\", \"{2}\"\r\nEndProject\r\n";
    let context = project(&[("All.sln", solution), ("src/App/App.csproj", PROJECT)]);
    assert_snapshot!(init(&context, &[]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not add TDengine.Connector 3.2.1 to All.sln
      this is the root of a workspace
      next: taos-setup init --dir src/App
      next: taos-setup init --dir src/Lib
    ");
    let newer = "<Solution>\n  <Project Path=\"App/App.csproj\" />\n</Solution>\n";
    assert_snapshot!(init(&project(&[("All.slnx", newer)]), &["--lang", "csharp"]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not add TDengine.Connector 3.2.1 to All.slnx
      this is the root of a workspace
      next: taos-setup init --dir App
    ");
}

#[test]
fn several_projects_are_listed() {
    let context = project(&[("A.csproj", PROJECT), ("B.fsproj", PROJECT)]);
    assert_snapshot!(init(&context, &[]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the C# project
      several files list its dependencies: A.csproj, B.fsproj
      next: taos-setup init --lang csharp --manifest A.csproj
      next: taos-setup init --lang csharp --manifest B.fsproj
    ");
    let run = init(&context, &["--manifest", "B.fsproj"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(text(&context, "B.fsproj").contains("TDengine.Connector"));
    assert_eq!(text(&context, "A.csproj"), PROJECT);
}

#[test]
fn file_with_directives_is_a_project() {
    let context = project(&[("app.cs", "#!/usr/bin/env dotnet\n\nConsole.WriteLine(1);\n")]);
    // Without a directive it is a source file: a new project is made.
    let run = init(
        &context,
        &["--dry-run", "--lang", "csharp", "--name", "demo"],
    );
    assert!(run.stdout.contains("demo.csproj"), "{run}");
    let context = project(&[(
        "app.cs",
        "#:package Serilog@4.0.0\n\nConsole.WriteLine(1);\n",
    )]);
    let run = init(&context, &["--server", "3.3.7.5"]);
    assert_snapshot!(format!("{run}{}", text(&context, "app.cs")), @"
    exit 0
    --- stdout
    edited    app.cs

    Build it:
      dotnet build app.cs
    --- stderr
    #:package Serilog@4.0.0
    #:package TDengine.Connector@3.2.1

    Console.WriteLine(1);
    ");
}

#[test]
fn stale_lock_file_has_its_command() {
    let lock = "{\"version\": 1, \"dependencies\": {\"net8.0\": {}}}";
    let context = project(&[("App.csproj", PROJECT), ("packages.lock.json", lock)]);
    assert_snapshot!(init(&context, &["--server", "3.3.7.5"]), @"
    exit 0
    --- stdout
    edited    App.csproj

    Build it:
      dotnet build App.csproj
    --- stderr
    note: packages.lock.json no longer matches; refresh it: dotnet restore App.csproj --force-evaluate
    ");
    let fresh = "{\"version\": 1, \"dependencies\": {\"net8.0\": {\"TDengine.Connector\": {\"type\": \"Direct\", \"requested\": \"[3.2.1, )\", \"resolved\": \"3.2.1\"}}}}";
    fs::write(context.work().join("packages.lock.json"), fresh).unwrap();
    let check = init(&context, &["--server", "3.3.7.5", "--check"]);
    assert_eq!(check.exit, Some(0), "{check}");
}

#[test]
fn older_version_is_upgraded() {
    let context = project(&[("App.csproj", &reference("3.1.1"))]);
    assert_snapshot!(init(&context, &["--server", "3.3.7.5"]), @"
    exit 0
    --- stdout
    unchanged App.csproj

    Build it:
      dotnet build App.csproj
    --- stderr
    note: App.csproj:3 asks for TDengine.Connector 3.1.1, which is unchanged; --upgrade writes 3.2.1
    ");
    let run = init(&context, &["--server", "3.3.7.5", "--upgrade"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(text(&context, "App.csproj"), reference("3.2.1"));
}

#[test]
fn newer_connector_conflicts_with_old_server() {
    let context = project(&[("App.csproj", &reference("3.1.4"))]);
    assert_snapshot!(init(&context, &["--server", "3.2.2.2"]), @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add TDengine.Connector 3.1.1 to App.csproj
      App.csproj:3: the project already depends on TDengine.Connector 3.1.4. From 3.1.3 on it asks with binary queries, which servers before 3.3.2.0 do not know: the login works, the first query fails (unknown action).
      next: run the command again with --upgrade, which writes 3.1.1 there
    ");
}

#[test]
fn example_is_hidden_from_the_build() {
    let context = project(&[("App.csproj", PROJECT)]);
    assert_snapshot!(init(&context, &["--server", "3.3.7.5", "--example", "basic,stmt"]), @"
    exit 0
    --- stdout
    edited    App.csproj
    created   .taos-example/TaosExample.csproj
    created   .taos-example/Program.cs
    created   .taos-example/Stmt.cs

    Build it and run it:
      dotnet build .taos-example
      dotnet run --project .taos-example
      dotnet run --project .taos-example --property:Example=Stmt
    --- stderr
    ");
    assert!(
        text(&context, ".taos-example/TaosExample.csproj")
            .contains("<ManagePackageVersionsCentrally>false<")
    );
}

#[test]
fn missing_transport_and_names_are_refused() {
    assert_snapshot!(init(&project(&[]), &["--lang", "csharp", "--transport", "rest"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up C# over REST
      TDengine.Connector has no REST connection
      next: taos-setup init --lang csharp --transport ws
      next: taos-setup init --lang csharp --transport native
    ");
    assert_snapshot!(init(&project(&[]), &["--lang", "csharp", "--name", "TDengine"]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not name the C# project TDengine
      TDengine is the name of the connector
      next: pass another name, for example --name taos-example
    ");
}

#[test]
fn texts_are_chinese() {
    let context = project(&[("paket.references", "Serilog\n"), ("App.csproj", PROJECT)]);
    let refused = context.program(["init"]).env("TAOS_SETUP_LANG", "zh").run();
    assert_snapshot!(refused, @"
    exit 7
    --- stdout
    --- stderr
    错误[version-conflict]：无法将 TDengine.Connector 3.2.1 加入 App.csproj
      App.csproj:1：该项目的包由 Paket 安装
      下一步：dotnet paket add TDengine.Connector --version 3.2.1 --project App.csproj
    ");
    let context = project(&[(
        "App.csproj",
        "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <ItemGroup>\n    <PackageReference Include=\"IoTSharp.Data.Taos\" Version=\"3.0.21\" />\n  </ItemGroup>\n</Project>\n",
    )]);
    let run = context.program(["init"]).env("TAOS_SETUP_LANG", "zh").run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    已修改 App.csproj

    构建：
      dotnet build App.csproj
    --- stderr
    提示：未指定服务端；TDengine.Connector 3.2.1 适用于 3.3.6.0 或更高版本的服务端；更早的服务端可用 --server VERSION 选择对应版本
    提示：App.csproj:3 使用 IoTSharp.Data.Taos，它是社区维护的 ADO.NET 提供程序；未改动
    ");
}
