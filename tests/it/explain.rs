//! `explain`: a code, an id or a pasted text, offline.

use std::io::Write;
use std::process::Stdio;

use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;

/// `explain` with `words`, for Linux.
fn explain<'a>(words: impl IntoIterator<Item = &'a str>) -> Run {
    let args = ["explain", "--platform", "linux"];
    TestContext::new()
        .program(args.into_iter().chain(words))
        .run()
}

/// `explain` in Chinese.
fn explain_zh(word: &str) -> Run {
    TestContext::new()
        .program(["explain", "--platform", "linux", word])
        .env("LANG", "zh_CN.UTF-8")
        .run()
}

/// What `explain` with `args` prints when `text` stands on its stdin.
fn piped(args: &[&str], text: &[u8]) -> String {
    let context = TestContext::new();
    let mut child = context
        .program(["explain", "--platform", "linux"].iter().chain(args))
        .into_command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may stop reading at its limit.
    let _ = child.stdin.take().unwrap().write_all(text);
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn host_of_text_is_in_fix() {
    assert_snapshot!(explain(["failed to connect to db01:6041: connection refused"]), @"
    exit 0
    --- stdout
    nothing-listens: nothing listens on db01:6041
      cause: The machine answers, but no program has this port. taosAdapter (6041: REST, WebSocket, Grafana) is a separate service that not every package starts; taosd has 6030; taosKeeper has 6043. Or the service has ended, or the container does not publish the port.
      fix:   sudo systemctl enable --now taosd taosadapter && ss -ltn    # on db01; why it ended: journalctl -u taosadapter -n 50; a container: docker run -p 6041:6041 tdengine/tdengine; then here: taos-setup verify db01:6041
      read:  https://github.com/taosdata/TDengine/issues/12251
      read:  https://github.com/taosdata/TDengine/issues/16968
      read:  https://github.com/taosdata/taosadapter/issues/90
      read:  https://docs.taosdata.com/train-faq/faq

    It may also be:
      taos-setup explain cannot-connect    # the connection fails or was closed, and the error message does not say why
    --- stderr
    fixes are for db01:6041, which the text names; --host names another
    ");
}

#[test]
fn code_is_found_in_any_form() {
    let run = explain(["0x80000357"]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    0x80000357: Authentication failure: the password is wrong
      cause: The server has another password for this user. Often it was changed while a service (taosAdapter, taosKeeper, Grafana, a container) still uses the old one, special characters in a URL are not percent-encoded, or the password is longer than this version allows. Three failed logins lock the user.
      fix:   read -rs TAOS_PASSWORD && export TAOS_PASSWORD && taos-setup verify localhost:6041    # one login, never repeated
      read:  https://docs.taosdata.com/reference/error-code
      read:  https://docs.taosdata.com/train-faq/faq
      read:  https://github.com/taosdata/TDengine/issues/14539
    --- stderr
    ");
    for form in [
        "0x357",
        "855",
        "-2147482793",
        "80000357",
        "[0x357]",
        "ERROR (0x357)",
        "code: 0x0357",
    ] {
        assert_eq!(explain([form]).stdout, run.stdout, "{form}");
    }
}

#[test]
fn code_is_explained_in_chinese() {
    assert_snapshot!(explain_zh("0x8000000B"), @r#"
    exit 0
    --- stdout
    0x8000000B: Unable to establish connection：原生驱动无法连接服务端或某个数据节点
      原因：驱动对多种原因都返回这条信息：6030 端口没有监听、防火墙丢包（TDengine 2 还需要 UDP）、本机无法解析或访问 dnode 对外公布的 FQDN，或客户端与服务端版本不一致。如果由 taosAdapter（REST、WebSocket）返回，说明其后面的 taosd 没有应答。
      修复：taos-setup verify localhost:6041    # 查明具体原因：端口、防火墙、版本、各 dnode 的 FQDN（taos -s "show dnodes"；缺少的写入 /etc/hosts）
      参考：https://docs.taosdata.com/reference/error-code
      参考：https://docs.taosdata.com/train-faq/faq
      参考：https://github.com/taosdata/TDengine/issues/4001
    --- stderr
    "#);
}

#[test]
fn ambiguous_number_gives_two_answers() {
    assert_snapshot!(explain(["104"]), @"
    exit 0
    --- stdout
    node-104: connection creation failed: the Node.js connector gets no connection, or lost it
      cause: taosAdapter is not reached, closes the connection or does not answer in time; the pool of connections may be full.
      fix:   taos-setup verify localhost:6041 --transport ws    # and close connections that are done: await conn.close()
      read:  https://github.com/taosdata/taos-connector-node

    0x80000104: Data file corrupted: a file on the server is damaged
      cause: Data, log or index files are cut short or do not hold to their checksum, most often after a power failure or a full disk.
      fix:   journalctl -u taosd -n 100; dmesg | tail -n 50    # on localhost: which file, and is the disk sound? Copy /var/lib/taos before anything else
      read:  https://docs.taosdata.com/reference/error-code
    --- stderr
    ");
}

#[test]
fn unquoted_words_are_one_text() {
    assert_snapshot!(explain(["no", "taos", "in", "java.library.path"]), @r#"
    exit 0
    --- stdout
    library-not-found: the client library (libtaos, taos.dll) is not found
      cause: A native connection needs libtaos. It is not installed on this machine or in this container, not on the path that the program's loader searches (a service, an IDE, Tomcat and Flume have their own), or not readable by this user. On Windows it may also be 32-bit. WebSocket needs no client library.
      fix:   taos-setup install --match localhost:6041 && eval "$(taos-setup env)"    # then start the program from this shell (Java: or -Djava.library.path=DIRECTORY); why an installed one fails: taos-setup doctor && taos-setup verify localhost:6041 --transport native
      read:  https://github.com/taosdata/TDengine/issues/14568
      read:  https://github.com/taosdata/TDengine/issues/7493
      read:  https://docs.taosdata.com/train-faq/faq
    --- stderr
    "#);
}

#[test]
fn fixes_are_for_the_platform() {
    let fix = |platform: &str| {
        let context = TestContext::new();
        let args = [
            "explain",
            "--json",
            "--platform",
            platform,
            "no taos in java.library.path",
        ];
        let json = context.program(args).run().json();
        json["data"]["matches"][0]["fix"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_snapshot!(["linux", "macos", "windows"].map(fix).join("\n"), @r#"
    taos-setup install --match localhost:6041 && eval "$(taos-setup env)"    # then start the program from this shell (Java: or -Djava.library.path=DIRECTORY); why an installed one fails: taos-setup doctor && taos-setup verify localhost:6041 --transport native
    taos-setup install --match localhost:6041 && eval "$(taos-setup env)"    # then start the program from this shell (Java: or -Djava.library.path=DIRECTORY); why an installed one fails: taos-setup doctor && taos-setup verify localhost:6041 --transport native
    taos-setup install --match localhost:6041; taos-setup env --shell powershell | Out-String | Invoke-Expression    # then start the program from this window; .NET: dotnet add package TDengine.Connector and protocol=WebSocket need no DLL
    "#);
}

#[test]
fn finding_id_is_explained() {
    assert_snapshot!(explain(["tcp-refused", "--host", "[::1]:6041"]), @"
    exit 0
    --- stdout
    tcp-refused: no program listens on [::1]:6041
      cause: The machine answers, but no program on it has this port open: the server is not running there, or it uses another port.
      fix:   systemctl status taosd taosadapter    # on [::1]; start what is stopped, or pass the right host and port
      read:  https://docs.taosdata.com/train-faq/faq
      read:  https://github.com/taosdata/TDengine/issues/4001
      read:  https://github.com/taosdata/TDengine/issues/15291
      read:  https://github.com/taosdata/TDengine/issues/7212

    It may also be:
      taos-setup explain cannot-connect    # the connection fails or was closed, and the error message does not say why
      taos-setup explain native-refused    # nothing listens on port 6030: taosd is not running or not reachable there
      taos-setup explain nothing-listens    # nothing listens on [::1]:6041
      taos-setup explain native-works-rest-fails    # the taos command reaches taosd, REST and WebSocket do not reach taosAdapter
      taos-setup explain container-address    # in a container localhost is the container itself: another address or port is needed
    --- stderr
    ");
}

#[test]
fn chinese_system_message_is_explained() {
    assert_snapshot!(explain_zh("由于目标计算机积极拒绝，无法连接。 10.1.2.3:6041"), @"
    exit 0
    --- stdout
    nothing-listens: 10.1.2.3:6041 上没有程序监听
      原因：主机有应答，但没有程序监听这个端口。taosAdapter（6041：REST、WebSocket、Grafana）是独立的服务，并非每种安装包都会启动它；taosd 使用 6030，taosKeeper 使用 6043。也可能是服务已退出，或容器没有映射端口。
      修复：sudo systemctl enable --now taosd taosadapter && ss -ltn    # 在 10.1.2.3 上执行；退出的原因：journalctl -u taosadapter -n 50；容器：docker run -p 6041:6041 tdengine/tdengine；然后在本机执行：taos-setup verify 10.1.2.3:6041
      参考：https://github.com/taosdata/TDengine/issues/12251
      参考：https://github.com/taosdata/TDengine/issues/16968
      参考：https://github.com/taosdata/taosadapter/issues/90
      参考：https://docs.taosdata.com/train-faq/faq

    也可能是：
      taos-setup explain cannot-connect    # 连接失败或被关闭，报错没有说明原因
    --- stderr
    修复命令针对 10.1.2.3:6041（取自文本）；用 --host 指定其他服务器
    ");
}

#[test]
fn json_has_all_fields() {
    assert_snapshot!(explain(["--json", "cannot enable executable stack"]), @r#"
    exit 0
    --- stdout
    {
      "schema": 1,
      "command": "explain",
      "ok": true,
      "data": {
        "query": "cannot enable executable stack",
        "matches": [
          {
            "kind": "problem",
            "id": "library-stack",
            "title": "the system does not load a library that asks for an executable stack",
            "cause": "glibc 2.41 and later (Debian 13, Fedora 42, Ubuntu 25.04) rejects it at run time. The flag is a mistake of the library's build; its code needs no executable stack.",
            "fix": "taos-setup install --match localhost:6041 && eval \"$(taos-setup env)\"    # the installed copy has the flag cleared; an existing copy: patchelf --clear-execstack libtaos.so",
            "sources": [
              "https://github.com/taosdata/taos-connector-python/issues/386"
            ],
            "codes": []
          }
        ],
        "notes": []
      },
      "findings": [],
      "error": null
    }
    --- stderr
    "#);
}

#[test]
fn secrets_and_control_characters_are_not_shown() {
    let text = "request to http://root:s3cret@db01:6041/rest/sql\u{1b}]0;x\u{7} failed: connect ECONNREFUSED";
    let run = explain(["--json", text]);
    assert_eq!(
        run.json()["data"]["query"],
        "request to http://root:***@db01:6041/rest/sql\\u{1b}]0;x\\u{7} failed: connect ECONNREFUSED"
    );
    assert_eq!(
        explain([text]).stderr,
        "fixes are for db01:6041, which the text names; --host names another\n"
    );
}

#[test]
fn unknown_text_exits_with_3() {
    assert_snapshot!(explain(["the moon is made of cheese at db01:6041; password=s3cret"]), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-known]: could not explain `the moon is made of cheese at db01:6041; password=***`
      it contains no known code, id or message; nearest entries: nothing-listens (nothing listens on db01:6041), name-unresolved (the host name db01 has no address on this machine), csharp-closed-command (C#: a command was made before its connection was open)
      next: my-program 2>&1 | taos-setup explain    # paste the whole output: the first error, every `Caused by` line, the connection string without its password
      next: taos-setup verify db01:6041    # checks the connection itself
    ");
    assert_snapshot!(explain(["0x80001234"]), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-known]: could not explain `0x80001234`
      no entry is about TDengine code 0x1234 (4660)
      next: my-program 2>&1 | taos-setup explain    # paste the whole output: the first error, every `Caused by` line, the connection string without its password
      next: taos-setup verify localhost    # checks the connection itself
    ");
}

#[test]
fn chinese_answers_have_no_english_labels() {
    let zh = |words: &[&str]| {
        TestContext::new()
            .program(["explain", "--platform", "linux"].iter().chain(words))
            .env("TAOS_SETUP_LANG", "zh")
            .run()
    };
    assert_snapshot!(zh(&["the moon is made of cheese at db01:6041"]), @"
    exit 3
    --- stdout
    --- stderr
    错误[nothing-known]：无法解释 `the moon is made of cheese at db01:6041`
      其中没有已知的错误码、ID 或错误信息；最接近的条目：nothing-listens（db01:6041 上没有程序监听）、name-unresolved（本机无法解析主机名 db01）、csharp-closed-command（C#：在打开连接之前创建了命令）
      下一步：my-program 2>&1 | taos-setup explain    # 请粘贴完整输出：第一条错误、所有 Caused by 行、去掉密码的连接串
      下一步：taos-setup verify db01:6041    # 直接检查连接
    ");
    assert_snapshot!(zh(&["0x80001234"]), @"
    exit 3
    --- stdout
    --- stderr
    错误[nothing-known]：无法解释 `0x80001234`
      没有对应的条目：TDengine 错误码 0x1234（4660）
      下一步：my-program 2>&1 | taos-setup explain    # 请粘贴完整输出：第一条错误、所有 Caused by 行、去掉密码的连接串
      下一步：taos-setup verify localhost    # 直接检查连接
    ");
    assert_snapshot!(zh(&[]), @r#"
    exit 0
    --- stdout
    用法：
      taos-setup explain 0x80000357                            任意写法的错误码：0x357、855、-2147482793、HTTP 503
      taos-setup explain tcp-refused                           诊断结果的 ID
      taos-setup explain "no taos in java.library.path"        错误信息
      my-program 2>&1 | taos-setup explain                     完整的日志或堆栈
      taos-setup explain --list                                所有条目
    --- stderr
    "#);
    assert_snapshot!(zh(&["taos.exe -h 192.0.2.177返回DB error: failed to connect to server"]), @"
    exit 0
    --- stdout
    cannot-connect: 连接失败或被关闭，报错没有说明原因
      原因：Unable to establish connection、Conn is broken、Broken pipe、connection reset 等报错有多种原因：端口关闭、防火墙或代理关闭空闲连接、主机名错误、版本不一致、端口上是其他协议、服务端重启，或某个数据节点端点无法访问。
      修复：taos-setup verify 192.0.2.177:6041    # 依次检查主机名、端口、协议、版本、登录和每个数据节点端点，并给出原因
      参考：https://github.com/taosdata/TDengine/issues/4001
      参考：https://github.com/taosdata/TDengine/issues/15291
      参考：https://docs.taosdata.com/train-faq/faq

    也可能是：
      taos-setup explain windows-console    # taos.exe 没有图形界面：它在终端中运行，双击打开的窗口会随程序结束而关闭
      taos-setup explain native-reply-missing    # 原生连接没有收到应答：版本不一致，或端口被过滤
    --- stderr
    修复命令针对 192.0.2.177（取自文本）；用 --host 指定其他服务器
    ");
    assert_snapshot!(zh(&["0x388", "--host", "not a host"]), @"
    exit 2
    --- stdout
    --- stderr
    错误[usage]：无法解析 --host not a host
      其中包含空格或控制字符
      下一步：taos-setup explain --host HOST:PORT …
    ");
}

#[test]
fn missing_query_prints_usage() {
    let run = explain([]);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    Usage:
      taos-setup explain 0x80000357                            a code in any form: 0x357, 855, -2147482793, HTTP 503
      taos-setup explain tcp-refused                           the id of a finding
      taos-setup explain "no taos in java.library.path"        an error message
      my-program 2>&1 | taos-setup explain                     a whole log or stack trace
      taos-setup explain --list                                all entries
    --- stderr
    "#);
    assert_eq!(piped(&["-"], b" \n"), run.stdout);
}

#[test]
fn stack_trace_is_read_from_stdin() {
    let mut text =
        b"\xff\xfejava.lang.UnsatisfiedLinkError: no taos in java.library.path\n".to_vec();
    while text.len() < 3 << 20 {
        text.extend(b"\tat com.example.Application.main(Application.java:17)\n");
    }
    for args in [&["-"][..], &[]] {
        let shown = piped(args, &text);
        assert!(shown.starts_with("library-not-found: "), "{shown}");
    }
}

#[test]
fn taos_host_is_host_of_fixes() {
    let run = TestContext::new()
        .program(["explain", "--platform", "linux", "0x388"])
        .env("TAOS_HOST", "db7:16041")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    0x80000388: Database not exist: the database is missing or not named
      cause: The name is wrong, the database was not created, or a REST request names none: USE has no effect between REST requests.
      fix:   curl -u root "http://db7:16041/rest/sql" -d "show databases"    # then correct the name, create it, or name it: "http://db7:16041/rest/sql/DB"
      read:  https://docs.taosdata.com/reference/error-code
    --- stderr
    fixes are for db7:16041, which TAOS_HOST names; --host names another
    "#);
    let run = TestContext::new()
        .program(["explain", "0x388", "--host", "not a host"])
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not read --host not a host
      it contains a space or a control character
      next: taos-setup explain --host HOST:PORT …
    ");
}

#[test]
fn list_names_every_kind() {
    let run = explain(["--list"]);
    assert_eq!(run.exit, Some(0));
    for line in [
        "code     0x80000357",
        "code     http-503",
        "finding  tcp-refused",
        "problem  driver-split",
    ] {
        assert!(
            run.stdout.lines().any(|known| known.starts_with(line)),
            "{line}"
        );
    }
    let json = explain(["--list", "--json"]).json();
    assert_eq!(
        json["data"]["matches"].as_array().unwrap().len(),
        run.stdout.lines().count()
    );
}

#[test]
fn connection_that_ends_is_named_with_its_date() {
    let text = "java.lang.UnsatisfiedLinkError: no taos in java.library.path\n\tat com.taosdata.jdbc.TSDBJNIConnector.<clinit>(TSDBJNIConnector.java:40)";
    assert!(
        explain([text])
            .stderr
            .contains("the vendor ends native connections of Java on 2027-01-01"),
        "{}",
        explain([text])
    );
    let c = "libtaos.so: cannot open shared object file";
    assert!(!explain([c]).stderr.contains("2027"), "{}", explain([c]));
}
