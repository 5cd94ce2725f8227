//! `install` in Chinese.

use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

use crate::support::client_package::{digest, install, mirror};
use crate::support::program::TestContext;

#[test]
fn results_and_errors_are_in_chinese() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let url = mirror.url();
    let chinese = |args: &[&str]| {
        let args = [&["3.3.7.5", "--mirror", &url], args].concat();
        install(&context, &args)
            .env("TAOS_SETUP_LANG", "zh")
            .showing(&url, "MIRROR")
            .showing(&sha256, "SHA256")
            .run()
    };
    let run = chinese(&["--dry-run"]).to_string();
    // The version of this machine's glibc.
    let (before, after) = run.split_once("本机为 ").unwrap();
    let (_, after) = after.split_once('）').unwrap();
    assert_snapshot!(format!("{before}本机为 [GLIBC]）{after}"), @"
    exit 0
    --- stdout
    将安装客户端 3.3.7.5（oss，linux-x64）
      目录      [STORE]/clients/oss-3.3.7.5-linux-x64
      来源      [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      或        [MIRROR]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      或        [MIRROR]/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      或        [MIRROR]/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      校验依据  没有已知的校验值：安装将失败并输出校验值（退出码 4）
      检查      待检查：linux-x64 的 libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5；所需的 glibc 版本（本机为 [GLIBC]）；驱动报告的版本
      当前      将成为当前客户端
    --- stderr
    提示：试运行：没有下载或更改任何内容
    ");
    assert_snapshot!(chinese(&["--require-digest"]).stderr.lines().next().unwrap(), @"错误[digest-unknown]：无法安装 [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz");
    assert_snapshot!(chinese(&["--sha256", &sha256]), @r#"
    exit 0
    --- stdout
    ok 已安装客户端 3.3.7.5（oss，linux-x64）
      目录      [STORE]/clients/oss-3.3.7.5-linux-x64
      来源      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      SHA-256   [SHA256]
      校验依据  given
    --- stderr
    下一步：taos-setup run -- taos -s "show databases;"
            eval "$(taos-setup env)"
    "#);
    assert_snapshot!(chinese(&["--sha256", &"ab".repeat(32)]), @"
    exit 4
    --- stdout
    --- stderr
    错误[digest-mismatch]：无法安装 3.3.7.5
      已经安装，其安装包的 SHA-256 是 [SHA256]
      下一步：删除 [STORE]/clients/oss-3.3.7.5-linux-x64 后即可安装其他安装包
    ");
}
