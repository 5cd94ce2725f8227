//! Results in Chinese.
#![cfg(unix)]

use insta::assert_snapshot;

use crate::support::installed::installed;
use crate::support::program::{Run, TestContext};

fn chinese(context: &TestContext, args: &[&str]) -> Run {
    context.program(args).env("TAOS_SETUP_LANG", "zh").run()
}

#[test]
fn results_are_in_chinese() {
    let context = installed(&["3.2.2.0", "3.3.7.5"]);
    assert_snapshot!(chinese(&context, &["list"]), @"
    exit 0
    --- stdout
      版本     版本类型  平台       组成  校验依据  目录
      3.2.2.0  oss       linux-x64  all   given     [STORE]/clients/oss-3.2.2.0-linux-x64
    * 3.3.7.5  oss       linux-x64  all   given     [STORE]/clients/oss-3.3.7.5-linux-x64
    --- stderr
    ");
    assert_snapshot!(chinese(&context, &["use", "3.2"]), @r#"
    exit 0
    --- stdout
    ok 当前客户端为 3.2.2.0（oss，linux-x64）
      目录      [STORE]/clients/oss-3.2.2.0-linux-x64
    --- stderr
    下一步：eval "$(taos-setup env)"
    "#);
    assert_snapshot!(chinese(&context, &["which"]), @"
    exit 0
    --- stdout
    run     [STORE]/clients/oss-3.2.2.0-linux-x64/lib/libtaos.so
            客户端 3.2.2.0（oss，linux-x64）：当前客户端
    verify  [STORE]/clients/oss-3.2.2.0-linux-x64/lib/libtaos.so
            客户端 3.2.2.0（oss，linux-x64）：当前客户端
    --- stderr
    ");
    assert_snapshot!(chinese(&context, &["uninstall", "3.2.2.0"]), @"
    exit 0
    --- stdout
    ok 已卸载客户端 3.2.2.0（oss，linux-x64）：17 个文件和链接
    --- stderr
    提示：当前客户端现为 3.3.7.5
    ");
    assert_snapshot!(chinese(&context, &["gc"]), @"
    exit 0
    --- stdout
    ok 已删除 0 字节
    --- stderr
    ");
    assert_snapshot!(chinese(&context, &["use", "system"]), @"
    exit 0
    --- stdout
    ok 使用本机自带的驱动；没有当前客户端
    --- stderr
    下一步：taos-setup which
    ");
    assert_snapshot!(chinese(&context, &["env"]), @"
    exit 0
    --- stdout
    --- stderr
    提示：正在使用本机自带的驱动，无需设置环境变量
    ");
}

#[test]
fn errors_are_in_chinese() {
    let context = TestContext::new();
    assert_snapshot!(chinese(&context, &["list"]), @"
    exit 0
    --- stdout
    --- stderr
    [STORE] 中没有安装客户端
    下一步：taos-setup install
    ");
    assert_snapshot!(chinese(&context, &["use", "3.3"]), @"
    exit 3
    --- stdout
    --- stderr
    错误[nothing-installed]：无法查找已安装的客户端
      [STORE] 中没有安装客户端 3.3
      下一步：taos-setup install 3.3
    ");
    let context = installed(&["3.3.6.9", "3.3.7.5"]);
    assert_snapshot!(chinese(&context, &["uninstall", "3.3"]), @"
    exit 2
    --- stdout
    --- stderr
    错误[usage]：无法卸载 3.3
      有多个客户端符合：oss-3.3.6.9-linux-x64, oss-3.3.7.5-linux-x64
      下一步：taos-setup uninstall oss-3.3.6.9-linux-x64
    ");
    assert_snapshot!(chinese(&context, &["run", "--", "no-such-command"]), @"
    exit 127
    --- stdout
    --- stderr
    错误[command-missing]：无法运行 no-such-command
      在客户端和 PATH 中都没有找到该命令
      下一步：检查命令的名称；taos-setup list 会列出客户端程序所在的目录
    ");
}
