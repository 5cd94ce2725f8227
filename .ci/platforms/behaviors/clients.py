"""What is done with installed clients."""

from packages import install


def _two(scene):
    for version in ("3.3.6.13", "3.3.7.5"):
        install(scene, version).expect(0)


def current_client_is_chosen(scene):
    _two(scene)
    scene.run("use", "3.3.6").expect(0)
    clients = scene.run("list", "--json").expect(0).json()["data"]["clients"]
    assert {client["version"]: client["current"] for client in clients} == {"3.3.6.13": True, "3.3.7.5": False}, clients
    scene.run("which").expect(0, str(scene.path(scene.client("3.3.6.13") / "lib")))
    scene.run("use", "3.2").expect(3)


def client_is_uninstalled(scene):
    _two(scene)
    scene.run("uninstall", "3.3.6.13").expect(0)
    assert not scene.client("3.3.6.13").exists() and scene.client("3.3.7.5").is_dir()
    scene.run("uninstall", "3.3.6.13").expect(3, "not installed")
    scene.run("uninstall", "3.3.7.5").expect(0)
    assert not list((scene.home / "clients").iterdir())
    scene.run("which").expect(3, "nothing-installed")


def leftovers_are_removed(scene):
    install(scene).expect(0)
    scene.run("gc", "--dry-run").expect(0)
    scene.run("gc").expect(0)
    scene.run("list").expect(0, "3.3.7.5")


def command_runs_with_client(scene):
    install(scene).expect(0)
    library = scene.path(scene.client("3.3.7.5") / "lib")
    if scene.machine.windows:
        # PATH is what Windows' loader searches.
        scene.run("run", "--", "cmd", "/c", "echo %PATH%").expect(0, library)
        scene.run("run", "--", "cmd", "/c", "exit 7").expect(7)
    else:
        # proot gives programs of this machine, as sh is, an LD_LIBRARY_PATH of its own.
        variable = "LIBRARY_PATH" if scene.machine.name == "arm64" else "LD_LIBRARY_PATH"
        scene.run("run", "--", "sh", "-c", f"echo ${variable}").expect(0, library)
        scene.run("run", "--", "sh", "-c", "exit 7").expect(7)


def arguments_reach_command_unchanged(scene):
    install(scene).expect(0)
    program = scene.path(scene.machine.program)
    # The program itself says which word it does not know.
    scene.run("run", "--", program, "verify", 'a "b" \\ c%PATH%^&').expect(2, 'a "b" \\ c%PATH%^&')


def damaged_client_is_installed_again(scene):
    install(scene).expect(0)
    library = scene.client("3.3.7.5") / "lib" / scene.machine.library("taosnative")
    library.unlink()
    install(scene).expect(0)
    assert library.is_file()
