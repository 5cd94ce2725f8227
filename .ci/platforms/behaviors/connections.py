"""`verify` against the stand-in server, which runs on this machine."""

import socket

from machine import Skipped
from packages import install


def _target(scene):
    return f"127.0.0.1:{scene.machine.port}"


def _statuses(run):
    (target,) = run.json()["data"]["targets"]
    return {it["transport"]: it["status"] for it in target["transports"]}


def websocket_and_rest_are_proven(scene):
    run = scene.run("verify", _target(scene), "--transport", "ws,rest", "--json").expect(0)
    assert _statuses(run) == {"ws": "ok", "rest": "ok"}, run


def row_is_written_and_read(scene):
    scene.run("verify", _target(scene), "--transport", "ws,rest", "--write").expect(0)


def wrong_password_is_reported(scene):
    env = {"TAOS_USER": "root", "TAOS_PASSWORD": "wrong"}
    scene.run("verify", _target(scene), "--transport", "ws,rest", env=env).expect(11, "auth-failed")


def closed_port_is_reported(scene):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    scene.run("verify", f"127.0.0.1:{port}", "--transport", "ws").expect(10, "tcp-refused")


def unknown_host_is_reported(scene):
    scene.run("verify", "no-such-host.invalid", "--transport", "rest", "--timeout", "10s").expect(10, "dns-unresolved")


def silent_port_is_reported(scene):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        target = f"127.0.0.1:{silent.getsockname()[1]}"
        scene.run("verify", target, "--transport", "ws", "--timeout", "500ms").expect(10, "no-answer")


def server_is_asked_for_its_version(scene):
    directory = scene.work / "app"
    scene.run("init", "--lang", "go", "--dir", "app", "--server", _target(scene)).expect(0)
    assert b"driver-go" in (directory / "go.mod").read_bytes()


def report_is_written(scene):
    scene.run("verify", _target(scene), "--transport", "ws", "--report", "报告 1.html").expect(0)
    assert b"</html>" in (scene.work / "报告 1.html").read_bytes()


def native_connection_is_proven(scene):
    if not scene.machine.starts_programs():
        raise Skipped("the driver is asked in a process of its own, which qemu-user starts with binfmt_misc only")
    install(scene).expect(0)
    run = scene.run("verify", _target(scene), "--native-port", str(scene.machine.native_port), "--transport", "native", "--json")
    assert _statuses(run.expect(0)) == {"native": "ok"}, run


def missing_driver_is_reported(scene):
    scene.run("verify", _target(scene), "--transport", "native").expect(13, "library-missing")


def wrong_architecture_is_reported(scene):
    if not scene.machine.windows:
        raise Skipped("the loader of Linux passes such a library over; tests/it has it")
    folder = scene.work / "driver"
    folder.mkdir()
    # The processor is in the header of the file: 32-bit x86.
    driver = bytearray(scene.machine.driver)
    at = int.from_bytes(driver[60:64], "little") + 4
    driver[at : at + 2] = (0x14C).to_bytes(2, "little")
    (folder / "taos.dll").write_bytes(driver)
    scene.run("verify", _target(scene), "--transport", "native", env={"WINEPATH": scene.path(folder)}).expect(13, "library-wrong-arch")
