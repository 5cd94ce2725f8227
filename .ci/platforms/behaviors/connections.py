"""`verify` against the stand-in server, which runs on this machine."""

import socket

from machine import Skipped
from packages import install, of_another_processor


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
    if scene.is_static():
        raise Skipped("a static program loads no driver")
    install(scene).expect(0)
    run = scene.run("verify", _target(scene), "--native-port", str(scene.machine.native_port), "--transport", "native", "--json")
    assert _statuses(run.expect(0)) == {"native": "ok"}, run


def missing_driver_is_reported(scene):
    if scene.is_static():
        raise Skipped("a static program loads no driver")
    scene.run("verify", _target(scene), "--transport", "native").expect(13, "library-missing")


def wrong_architecture_is_reported(scene):
    if scene.is_static():
        raise Skipped("a static program loads no driver")
    folder = scene.work / "driver"
    folder.mkdir()
    (folder / scene.machine.library("taos")).write_bytes(of_another_processor(scene.machine))
    # Where the loaders look first.
    variable = "WINEPATH" if scene.machine.windows else "LD_LIBRARY_PATH"
    scene.run("verify", _target(scene), "--transport", "native", env={variable: scene.path(folder)}).expect(13, "library-wrong-arch")


def static_program_says_why_it_loads_no_driver(scene):
    if not scene.is_static():
        raise Skipped("the program of this platform loads drivers")
    install(scene).expect(0)
    reason = "static, for musl: it loads no client library"
    run = scene.run("verify", _target(scene), "--json").expect(0, reason)
    assert _statuses(run) == {"native": "skipped", "ws": "ok", "rest": "ok"}, run
    scene.run("verify", _target(scene), "--transport", "native").expect(13, "musl-unsupported", reason)
