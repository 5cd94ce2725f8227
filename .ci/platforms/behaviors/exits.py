"""Exit codes and texts."""


def success(scene):
    scene.run("--version").expect(0, "taos-setup ")
    scene.run("explain", "0x2603").expect(0)
    scene.run("url", "127.0.0.1", "--lang", "go").expect(0)


def usage(scene):
    scene.run("nonsense").expect(2)
    scene.run("install", "not-a-version").expect(2)


def nothing_matches(scene):
    scene.run("use", "9.9.9.9").expect(3)


def local_file(scene):
    scene.run("install", "--from", "missing 3.3.7.5.tar.gz", "3.3.7.5", "--sha256", "0" * 64).expect(8, "missing 3.3.7.5.tar.gz")


def closed_network(scene):
    run = scene.run("install", "3.3.6.13", "--mirror", "http://127.0.0.1:1", env={"TAOS_SETUP_RETRIES": "0"})
    run.expect(5)


def chinese_texts(scene):
    scene.run("list", env={"TAOS_SETUP_LANG": "zh"}).expect(0, "没有安装")
