"""Paths that are awkward on one platform or another."""

from machine import Skipped
from packages import install


def spaces_and_chinese_letters(scene):
    scene.home = scene.root / "我的 客户端"
    scene.variables["TAOS_SETUP_HOME"] = scene.path(scene.home)
    folder = scene.work / "安装包 (1)"
    folder.mkdir()
    install(scene, folder=folder).expect(0, scene.path(scene.client("3.3.7.5")))
    scene.run("list").expect(0, scene.path(scene.home))
    scene.run("env", "--json").expect(0, "客户端")
    scene.run("uninstall", "3.3.7.5").expect(0)
    scene.run("init", "--lang", "go", "--dir", "项目 一/app").expect(0)
    assert (scene.work / "项目 一" / "app" / "go.mod").is_file()


def longer_than_windows_limit(scene):
    # Windows' limit for programs that do not ask for more is 260 characters.
    scene.home = scene.root.joinpath(*["long-directory-name-" + "x" * 30] * 6)
    scene.variables["TAOS_SETUP_HOME"] = scene.path(scene.home)
    install(scene).expect(0)
    assert len(str(scene.client("3.3.7.5"))) > 300
    assert (scene.client("3.3.7.5") / "lib" / scene.machine.library("taos")).is_file()
    scene.run("list").expect(0, "3.3.7.5")
    scene.run("uninstall", "3.3.7.5").expect(0)
    assert not scene.client("3.3.7.5").exists()


def both_separators_and_drive_letters(scene):
    if not scene.machine.windows:
        raise Skipped("Linux has one separator and no drives")
    folder = scene.work / "a"
    folder.mkdir()
    install(scene, folder=folder).expect(0)
    package = next(folder.iterdir()).name
    digest = scene.run("list", "--json").json()["data"]["clients"][0]["sha256"]
    for form in (f"a/{package}", f"a\\{package}", f".\\a/{package}", scene.path(folder).lower()[:2] + scene.path(folder)[2:] + f"\\{package}"):
        scene.run("install", "--from", form, "--sha256", digest).expect(0, "already installed")
    # The device form has no limit of length.
    scene.run("install", "--from", f"\\\\?\\{scene.path(folder)}\\{package}", "--sha256", digest).expect(0, "already installed")


def linked_store(scene):
    real = scene.root / "real store"
    real.mkdir()
    link = scene.root / "store"
    if scene.machine.windows:
        made = scene.command(["cmd", "/c", "mklink", "/J", scene.path(link), scene.path(real)])
        if made.exit != 0 or not link.exists():
            raise Skipped(f"wine's mklink makes no junctions: {made.err.strip() or made.out.strip()}")
    else:
        link.symlink_to(real)
    install(scene).expect(0)
    assert (real / "clients").is_dir()
    scene.run("uninstall", "3.3.7.5").expect(0)
    assert real.is_dir()
