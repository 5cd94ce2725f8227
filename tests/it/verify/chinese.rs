//! Reports in Chinese.

use crate::support::served::Served;
#[cfg(target_os = "linux")]
use crate::support::served::install_driver;
use insta::assert_snapshot;

#[test]
fn healthy_server_is_reported_in_chinese() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--verbose"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5，root，1 个数据节点，[ms]
        ✓ dns            127.0.0.1（无需解析） ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] 接受连接 ([ms])
        ✓ protocol       taosAdapter 3.3.7.5，路径 /ws ([ms])
        ✓ auth           root ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          1 个数据节点：localhost:[NATIVE] ([ms])
        ✓ endpoints      1 个端点均可从本机连接 ([ms])
      ✓ rest   taosAdapter 3.3.7.5，root，1 个数据节点，[ms]
        ✓ dns            127.0.0.1（无需解析） ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] 接受连接 ([ms])
        ✓ protocol       taosAdapter 有应答 ([ms])
        ✓ auth           root ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          1 个数据节点：localhost:[NATIVE] ([ms])
        ✓ endpoints      1 个端点均可从本机连接 ([ms])
    --- stderr
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn findings_are_reported_in_chinese() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(&[])
        .env("TAOS_PASSWORD", "wrong")
        .env("TAOS_SETUP_LANG", "zh")
        .env("TAOS_SANDBOX_DRIVER_FAULT", "crash-on-load")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_snapshot!(run, @r#"
    exit 11
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     在 auth 处失败
        ✓ dns            127.0.0.1（无需解析） ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] 接受连接 ([ms])
        ✓ protocol       taosAdapter 3.3.7.5，路径 /ws ([ms])
        ✗ auth           Authentication failure [0x0357] ([ms])
      ✗ rest   在 auth 处失败
        ✓ dns            127.0.0.1（无需解析） ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] 接受连接 ([ms])
        ✓ protocol       taosAdapter 有应答 ([ms])
        ✗ auth           Authentication failure [0x0357] ([ms])
      ✗ native 在 load 处失败
        ✓ library        [ROOT]/driver/libtaos.so，库搜索路径中的第一个 ([ms])
        ✗ load           驱动进程在加载时异常结束：被信号 6（SIGABRT）终止 ([ms])

    错误[auth-failed]：服务端拒绝了用户 root 的密码（ws, rest）
      实际：Authentication failure [0x0357]
      预期：以 root 登录
      原因：密码与服务端上的不一致。只尝试了一次；连续失败三次，服务端会锁定账户。
      修复：read -rs TAOS_PASSWORD && export TAOS_PASSWORD && TAOS_USER=root taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE]
      参考：https://docs.taosdata.com/train-faq/faq

    错误[library-crashed]：客户端库 [ROOT]/driver/libtaos.so 崩溃（native）
      实际：驱动进程在加载时异常结束：被信号 6（SIGABRT）终止
      预期：客户端库可以加载并启动
      原因：驱动在加载时结束了自己的进程；它在子进程中运行，因此 taos-setup 不受影响。
      修复：taos-setup install 3.3.7.5 && eval "$(taos-setup env)"    # 重新安装；或改用 WebSocket
    --- stderr
    "#);
}

#[test]
fn invalid_target_is_reported_in_chinese() {
    let served = Served::healthy();
    let run = served
        .context
        .program(["verify", "db.example:x"])
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    错误[usage]：无法读取目标 `db.example:***`
      端口不是 1 到 65535 之间的数字
      下一步：taos-setup verify HOST    # 或 HOST:PORT、URL、连接串
    ");
}
