//! Faults of the command line in Chinese.

use insta::assert_snapshot;

use crate::support::program::TestContext;

#[test]
fn usage_errors_are_in_chinese() {
    let context = TestContext::new();
    let commands: [&[&str]; 16] = [
        &["instal"],
        &["install", "--replase"],
        &["install", "--mirror"],
        &["install", "--sha256", "12"],
        &["install", "3.3.x"],
        &["install", "--platform", "solaris"],
        &["install", "--first-ep", "http://root:hunter2@db"],
        &["install", "--offline", "--offline"],
        &["use"],
        &["verify", "--timeout", "0s", "db"],
        &["verify", "--transport", "grpc", "db"],
        &["verify", "--native-port", "70000", "db"],
        &["url", "--lang", "cobol", "db"],
        &["init", "--group", "a", "--dev"],
        &["init", "--source", "svn"],
        &["explain", "--platform", "plan9", "x"],
    ];
    let mut shown = String::new();
    for arguments in commands {
        let run = context
            .program(arguments)
            .env("TAOS_SETUP_LANG", "zh")
            .run();
        assert_eq!(run.exit, Some(2), "{run}");
        assert_eq!(run.stdout, "", "{run}");
        shown += &format!("$ {}\n{}\n", arguments.join(" "), run.stderr);
    }
    assert_snapshot!(shown, @"
    $ instal
    错误：没有名为 instal 的命令；是否想用 start, list, init, uninstall, install？

    用法：taos-setup [OPTIONS] <COMMAND>

    详细说明请使用 --help

    $ install --replase
    错误：无法识别参数 --replase；是否想用 --replace？

    用法：taos-setup install [VERSION] [OPTIONS]
           taos-setup install --match HOST [OPTIONS]
           taos-setup install --from FILE|URL [OPTIONS]

    详细说明请使用 --help

    $ install --mirror
    错误：--mirror <URL|DIR> 需要一个值

    详细说明请使用 --help

    $ install --sha256 12
    错误：--sha256 <HEX> 的值 12 无效：需要 64 位十六进制的 SHA-256

    详细说明请使用 --help

    $ install 3.3.x
    错误：[VERSION] 的值 3.3.x 无效：需要完整版本号（3.3.7.5）、版本号前缀（3.3）或 latest

    详细说明请使用 --help

    $ install --platform solaris
    错误：--platform <PLATFORM> 的值 solaris 无效：需要 linux-x64、linux-arm64、windows-x64、macos-x64 或 macos-arm64

    详细说明请使用 --help

    $ install --first-ep http://root:hunter2@db
    错误：--first-ep <EP> 的值 http://root:***@db 无效：需要 HOST 或 HOST:PORT，例如 db.example:6030

    详细说明请使用 --help

    $ install --offline --offline
    错误：--offline 只能出现一次

    用法：taos-setup install [VERSION] [OPTIONS]
           taos-setup install --match HOST [OPTIONS]
           taos-setup install --from FILE|URL [OPTIONS]

    详细说明请使用 --help

    $ use
    错误：缺少必需的参数：<VERSION|system>

    用法：taos-setup use <VERSION|system>

    详细说明请使用 --help

    $ verify --timeout 0s db
    错误：--timeout <DURATION> 的值 0s 无效：需要 1ms 到 60m 之间的时长，例如 500ms、3s 或 1m

    详细说明请使用 --help

    $ verify --transport grpc db
    错误：--transport <LIST> 的值 grpc 无效：需要 ws、rest 或 native

    详细说明请使用 --help

    $ verify --native-port 70000 db
    错误：--native-port <PORT> 的值 70000 无效：需要 1 到 65535 之间的端口

    详细说明请使用 --help

    $ url --lang cobol db
    错误：--lang <LANGUAGE> 的值 cobol 无效；可用的值：java, python, go, rust, node, c, csharp, r, php, lua, odbc；是否想用 c？

    详细说明请使用 --help

    $ init --group a --dev
    错误：--group <NAME> 不能与 --dev 同时使用

    用法：taos-setup init --group <NAME>

    详细说明请使用 --help

    $ init --source svn
    错误：--source <git[@REV]> 的值 svn 无效：需要 git 或 git@REV，其中 REV 是分支、标签或提交

    详细说明请使用 --help

    $ explain --platform plan9 x
    错误：--platform <OS> 的值 plan9 无效：需要 linux、windows 或 macos

    详细说明请使用 --help
    ");
}

#[test]
fn usage_error_as_json_is_in_chinese() {
    let context = TestContext::new();
    let run = context
        .program(["verify", "--json", "--timeout", "never", "db"])
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @r#"
    exit 2
    --- stdout
    {
      "schema": 1,
      "command": "",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "usage",
        "exit": 2,
        "tried": "解析命令行",
        "observed": "--timeout <DURATION> 的值 never 无效：需要 1ms 到 60m 之间的时长，例如 500ms、3s 或 1m",
        "next": "taos-setup --help"
      }
    }
    --- stderr
    "#);
}
