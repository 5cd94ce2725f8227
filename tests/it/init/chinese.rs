//! The texts of `init` in Chinese.

use std::fs;

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};

fn init(files: &[(&str, &str)], arguments: &[&str]) -> Run {
    let context = TestContext::new();
    for (path, text) in files {
        fs::write(context.work().join(path), text).unwrap();
    }
    let mut all = vec!["init"];
    all.extend(arguments);
    context.program(all).env("TAOS_SETUP_LANG", "zh").run()
}

#[test]
fn results_are_chinese() {
    let module = "module a\n\ngo 1.12\n\nrequire github.com/taosdata/driver-go/v2 v2.0.4\n";
    assert_snapshot!(init(&[("go.mod", module)], &[]), @"
    exit 0
    --- stdout
    已修改 go.mod

    构建：
      go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    --- stderr
    提示：未指定服务端；github.com/taosdata/driver-go/v3 v3.8.2 适用于 3.3.6.0 或更高版本的服务端；更早的服务端可用 --server VERSION 选择对应版本
    提示：go.mod:3 声明 go 1.12；github.com/taosdata/driver-go/v3 要求 Go 1.14 或更高版本
    提示：go.mod:5 中的 github.com/taosdata/driver-go/v2 已停止维护：它用于 TDengine 2；请改用 github.com/taosdata/driver-go/v3；--upgrade 会移除它
    ");
    assert_snapshot!(init(&[("go.mod", module)], &["--check", "--transport", "rest"]), @"
    exit 7
    --- stdout
    --- a/go.mod
    +++ b/go.mod
    @@ -3,3 +3,4 @@
     go 1.12
     
     require github.com/taosdata/driver-go/v2 v2.0.4
    +require github.com/taosdata/driver-go/v3 v3.8.2
    --- stderr
    提示：项目与 init 应写入的内容不一致；去掉 --check 运行 init 即可修改
    提示：REST 是最慢的连接方式，且没有数据订阅和二进制类型；--transport ws 两者都有
    提示：官方将于 2027-01-01 停止支持 Go 的 REST 连接；taos-setup migrate 可将程序改为 WebSocket 连接
    提示：未指定服务端；github.com/taosdata/driver-go/v3 v3.8.2 适用于 3.0.0.0 或更高版本的服务端
    提示：go.mod:3 声明 go 1.12；github.com/taosdata/driver-go/v3 要求 Go 1.14 或更高版本
    提示：go.mod:5 中的 github.com/taosdata/driver-go/v2 已停止维护：它用于 TDengine 2；请改用 github.com/taosdata/driver-go/v3；--upgrade 会移除它
    ");
}

#[test]
fn errors_are_chinese() {
    assert_snapshot!(init(&[("setup.py", "")], &[]), @r#"
    exit 2
    --- stdout
    --- stderr
    错误[usage]：无法新建 Python 项目
      已存在 setup.py：该项目由 setuptools 构建，init 不修改它的文件
      下一步：在 setup.py 的 install_requires 中加入 "taos-ws-py>=0.7.0",
    "#);
    assert_snapshot!(init(&[("package.json", "{")], &[]), @"
    exit 8
    --- stdout
    --- stderr
    错误[file-unparsable]：无法将 @tdengine/websocket 3.2.1 加入 package.json
      package.json:1：不是 JSON：EOF while parsing an object
      下一步：修正该行，然后重新运行该命令
    ");
    let module = "module a\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v3 v3.7.8\n";
    assert_snapshot!(init(&[("go.mod", module)], &["--server", "3.2.2.2"]), @"
    exit 7
    --- stdout
    --- stderr
    错误[version-conflict]：无法将 github.com/taosdata/driver-go/v3 v3.5.5 加入 go.mod
      go.mod:5：模块已依赖 github.com/taosdata/driver-go/v3 v3.7.8。从 v3.7.0 起，taosWS 拒绝更旧的服务端：Version mismatch. The minimum required TDengine version is 3.3.6.0。
      下一步：加上 --upgrade 重新运行该命令，它会改为 v3.5.5
    ");
    assert_snapshot!(init(&[], &["--lang", "node", "--transport", "native"]), @"
    exit 3
    --- stdout
    --- stderr
    错误[transport-unsupported]：无法设置 Node.js 的原生连接
      Node.js 不再有原生连接：相应的包（@tdengine/client、td2.0-connector）已停止维护，且只能在 Node.js 10 和 12 上编译
      下一步：taos-setup init --lang node --transport ws
      下一步：taos-setup init --lang node --transport rest
    ");
}
