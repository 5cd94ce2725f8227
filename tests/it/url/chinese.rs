//! The texts of `url` in Chinese.

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};

fn url(arguments: &[&str]) -> Run {
    let mut all = vec!["url"];
    all.extend(arguments);
    let context = TestContext::new();
    context.program(all).env("TAOS_SETUP_LANG", "zh").run()
}

#[test]
fn notes_and_errors_are_chinese() {
    assert_snapshot!(url(&["db.example", "--lang", "java"]), @"
    exit 0
    --- stdout
    jdbc:TAOS-WS://db.example:6041/?user=root&password=${TAOS_PASSWORD}
    --- stderr
    提示：需要 taos-jdbcdriver 3.4.0 或更高版本；更早的版本使用 jdbc:TAOS-RS:// 加 batchfetch=true
    提示：${TAOS_PASSWORD} 代表 TAOS_PASSWORD 的值（使用百分号编码）；--show-secrets 会输出实际值
    ");
    assert_snapshot!(url(&["db.example", "--lang", "rust", "--transport", "rest"]), @"
    exit 3
    --- stdout
    --- stderr
    错误[transport-unsupported]：无法输出 Rust 的连接串（REST 连接）
      taos 没有 REST 模式：taos+http:// 实际是 WebSocket
      下一步：--transport ws，使用同一端口
    ");
    assert_snapshot!(url(&["db.example:x", "--lang", "go"]), @"
    exit 2
    --- stdout
    --- stderr
    错误[usage]：无法解析目标 `db.example:***`
      端口不是 1 到 65535 之间的数字
      下一步：传入主机名、HOST:PORT、URL 或连接串：taos-setup url TARGET
    ");
    assert_snapshot!(url(&["root:p@ws(h:6041)", "--lang", "go"]), @"
    exit 2
    --- stdout
    --- stderr
    错误[usage]：无法解析目标 `root:***@ws(h:6041)`
      看起来是 driver-go 的 DSN，但地址之后缺少斜杠
      下一步：传入主机名、HOST:PORT、URL 或连接串：taos-setup url TARGET
    ");
}
