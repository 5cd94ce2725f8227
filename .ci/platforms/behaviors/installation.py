"""`install` from packages that the platform's users have."""

from machine import Skipped
from packages import install, of_another_processor, written


def client_is_installed_and_current(scene):
    install(scene).expect(0, f"ok installed client 3.3.7.5 (oss, {scene.machine.platform})")
    library = scene.client("3.3.7.5") / "lib" / scene.machine.library("taos")
    assert library.is_file(), library
    (found,) = scene.run("list", "--json").expect(0).json()["data"]["clients"]
    assert (found["version"], found["current"], found["platform"]) == ("3.3.7.5", True, scene.machine.platform), found


def driver_reports_its_version(scene):
    if scene.is_static():
        raise Skipped("a static program loads no driver")
    run = install(scene).expect(0)
    assert "not asked" not in run.err, run
    # The package of one version with the driver of another.
    name, digest = written(scene, "3.3.6.13")
    other = scene.work / "tdengine-tsdb-oss-client-3.3.7.6"
    path = scene.work / f"{other.name}-{scene.machine.platform}{'.zip' if scene.machine.windows else '.tar.gz'}"
    next(scene.work.glob("*3.3.6.13*")).rename(path)
    run = scene.run("install", "--from", scene.path(path), "--sha256", digest, "3.3.7.6")
    assert run.exit != 0 and not scene.client("3.3.7.6").exists(), f"{name} as 3.3.7.6\n{run}"


def second_installation_changes_nothing(scene):
    install(scene).expect(0)
    receipt = (scene.client("3.3.7.5") / "receipt.toml").read_bytes()
    install(scene).expect(0, "ok already installed")
    assert (scene.client("3.3.7.5") / "receipt.toml").read_bytes() == receipt


def wrong_digest_is_rejected(scene):
    path, _ = written(scene)
    scene.run("install", "--from", path, "--sha256", "0" * 64).expect(4, "digest-mismatch")
    assert not scene.client("3.3.7.5").exists()


def unknown_digest_is_computed(scene):
    path, digest = written(scene)
    scene.run("install", "--from", path).expect(4, "digest-unknown", digest)


def printed_command_can_be_pasted(scene):
    if scene.machine.windows:
        raise Skipped("it is quoted as PowerShell reads it, not cmd, and wine has no PowerShell")
    folder = scene.work / "新 folder"
    folder.mkdir()
    path, _ = written(scene, folder=folder)
    run = scene.run("install", "--from", path).expect(4, "digest-unknown")
    (line,) = [line.split("next: ", 1)[1] for line in run.err.splitlines() if "next: taos-setup install" in line]
    words = line.replace("taos-setup", scene.path(scene.machine.program), 1)
    scene.command(["sh", "-c", words]).expect(0, "ok installed client")


def incomplete_package_is_rejected(scene):
    install(scene, without="taosnative").expect(4, "package-incomplete")
    assert not scene.client("3.3.7.5").exists()


def library_of_another_processor_is_rejected(scene):
    other = {"windows-x64": "x86", "linux-arm64": "x64", "linux-x64": "arm64"}[scene.machine.platform]
    run = install(scene, driver=of_another_processor(scene.machine))
    run.expect(4, "package-incomplete", f"is for {other}, and this machine is {scene.machine.platform}")
    assert not scene.client("3.3.7.5").exists()


def hostile_names_are_rejected(scene):
    names = ["../escaped", "TDengine/../../escaped"]
    if scene.machine.windows:
        names += ["TDengine/aux.h", "TDengine/a:stream", "TDengine/..\\..\\escaped", "C:/escaped", "TDengine/end."]
    for name in names:
        install(scene, extra={name: b"outside"}).expect(4)
        assert not scene.client("3.3.7.5").exists(), name
        assert not list(scene.root.rglob("escaped*")), name


def names_that_differ_in_case_are_rejected(scene):
    if not scene.machine.windows:
        raise Skipped("file names of Linux differ in case")
    install(scene, extra={"TDengine/driver/TAOS.DLL": b"another"}).expect(4)


def package_of_another_platform_is_rejected(scene):
    path, digest = written(scene)
    other = "linux-x64" if scene.machine.windows or scene.machine.name == "arm64" else "linux-arm64"
    package = next(scene.work.iterdir())
    renamed = package.with_name(f"tdengine-tsdb-oss-client-3.3.7.5-{other}.tar.gz")
    package.rename(renamed)
    scene.run("install", "--from", scene.path(renamed), "--sha256", digest).expect(2, f"--platform {other}")


def client_for_another_platform_is_kept_apart(scene):
    install(scene).expect(0)
    scene.run("install", "--from", scene.path(next(scene.work.iterdir())), "--platform", "macos-arm64").expect(2)
    (found,) = scene.run("list", "--json").json()["data"]["clients"]
    assert found["current"], found


def prefix_holds_one_client(scene):
    path, digest = written(scene)
    scene.run("install", "--from", path, "--sha256", digest, "--prefix", "out 目录").expect(0)
    assert (scene.work / "out 目录" / "lib" / scene.machine.library("taos")).is_file()
    scene.run("uninstall", "--prefix", "out 目录").expect(0)
    assert not (scene.work / "out 目录" / "lib").exists()
