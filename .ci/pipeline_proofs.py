"""Runs what `taos-setup ci` writes, and the action and the component of ci/, against the sandbox. `.ci/pipelines` calls it in a network
namespace in which the sandbox has the ports of a server, and with programs in front of PATH that stand for package managers.

Usage: pipeline_proofs.py WORK MIRROR
"""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import pipeline_runner as runner

WORK, MIRROR = Path(sys.argv[1]), sys.argv[2]
ROOT = Path(__file__).resolve().parent.parent
VERSION = "3.3.7.5"
PROJECT = WORK / "project"
ENV = {name: os.environ[name] for name in ["PATH", "HOME", "LANG"]} | {"CI": "true", "TAOS_SETUP_TEST_PORTS": ""}
PASSWORD = {"TAOS_PASSWORD": "taosdata"}


def setup(*args, **more):
    """Runs taos-setup in the project."""
    return runner.run(["taos-setup", *args], {**ENV, **PASSWORD, "TAOS_SETUP_HOME": str(WORK / "home"), **more}, PROJECT)


def piece(system, *args):
    """The piece of a system in a directory of its own."""
    directory = WORK / "pieces" / system
    directory.mkdir(parents=True, exist_ok=True)
    text = setup("ci", system, "--mirror", MIRROR, "--quiet", *args)
    path = directory / "piece"
    path.write_text(text)
    return path


def checked(path, failures):
    """Checks a JUnit report."""
    suites = xml.parse(path).getroot()
    found = len(suites.findall(".//failure"))
    assert (found > 0) == failures, path.read_text()
    path.unlink()


def project():
    """A project of C with a lock, which gives the digest of the mirror's package."""
    PROJECT.mkdir()
    setup("init", "--lang", "c", "--transport", "native", "--server", VERSION)
    (PROJECT / "taos-setup.toml").write_text(
        f'[server]\nversion = "{VERSION}"\n\n[client]\nversion = "{VERSION}"\nplatforms = ["linux-x64"]\n\n'
        '[[project]]\ndir = "."\nlang = "c"\ntransport = "native"\n'
    )
    setup("lock", "--mirror", MIRROR, "--trust-on-first-use")
    lock = (PROJECT / "taos-setup.lock").read_text()
    return lock.split('sha256 = "')[1][:64]


def fresh(name, **more):
    """Variables of a machine without a client."""
    home = WORK / name
    home.mkdir()
    return {**ENV, "HOME": str(home), **more}


def github():
    env = fresh("github")
    temp = WORK / "github.temp"
    temp.mkdir()
    ran = runner.github_workflow(piece("github"), env, PROJECT, temp)
    assert "✓" in ran.summary or "native" in ran.summary, ran.summary
    assert "LD_LIBRARY_PATH" in ran.env, ran.env


def gitlab():
    env = fresh("gitlab")
    text = piece("gitlab").read_text()
    runner.gitlab_jobs(text, env, PROJECT)
    checked(PROJECT / "taos-setup.xml", failures=False)
    # A wrong password ends the job before the tests, and the report says so.
    tests = text.replace("- make", "- touch tests-ran")
    runner.gitlab_jobs(tests.replace("PASSWORD: taosdata", "PASSWORD: wrong"), env, PROJECT, expected=11)
    checked(PROJECT / "taos-setup.xml", failures=True)
    assert not (PROJECT / "tests-ran").exists()


def jenkins():
    runner.jenkins_pipeline(piece("jenkins"), fresh("jenkins"), PROJECT)
    checked(PROJECT / "taos-setup.xml", failures=False)


def k8s(digest):
    job = piece("k8s")
    # The packages of the sandbox are in no catalog.
    install = "taos-setup install --match tdengine"
    text = job.read_text()
    assert f"{install}\n" in text, text
    job.write_text(text.replace(install, f"{install} --sha256 {digest}"))
    runner.kubernetes_job(job, fresh("k8s"), PROJECT)


def devcontainer():
    runner.devcontainer(json.loads(piece("devcontainer").read_text()), fresh("devcontainer"), PROJECT)


def compose():
    service = runner.yaml.safe_load(piece("compose").read_text())["services"]["tdengine"]
    assert service["hostname"] == service["environment"]["TAOS_FQDN"]
    assert {"127.0.0.1:6030:6030", "127.0.0.1:6041:6041"} == set(service["ports"])
    kind, check = service["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    # What the vendor's program prints; it ends with 0 also if the query fails.
    for shown, expected in [("  status  |\n==========\n ready |\n", 0), ("  status |\n========\n offline |\n", 1), ("DB error: Out of dnodes\n", 1)]:
        bin = WORK / "bin"
        bin.mkdir(exist_ok=True)
        (bin / "taos").write_text(f"#!/bin/sh\ncase $2 in *ins_dnodes*) cat <<'EOF'\n{shown}EOF\n;; *) exit 9;; esac\n")
        (bin / "taos").chmod(0o755)
        env = {**ENV, "PATH": f"{bin}:{ENV['PATH']}"}
        runner.run(["sh", "-c", check], env, PROJECT, expected=expected)


def dockerfile():
    path = piece("dockerfile")
    shared = [str(Path(it)) for it in os.environ["SHARED"].split(":")]
    env = {"PATH": ENV["PATH"], "HOME": "/root", "TAOS_SETUP_TEST_PORTS": ""}
    image = runner.dockerfile(path, PROJECT, env, shared, WORK / "rootfs")
    runner.image_run(image, "test -f main.c && python3 -c \"import ctypes; ctypes.CDLL('libtaos.so').taos_get_client_info\"")


def matched(path, printed):
    """The codes that GitHub's problem matcher finds in what was printed."""
    patterns = [it["pattern"][0] for it in json.loads(path.read_text())["problemMatcher"]]
    found = [(re.match(pattern["regexp"], line), pattern) for line in printed.splitlines() for pattern in patterns]
    return [match.group(pattern["code"]) for match, pattern in found if match]


def action(digest):
    directory = ROOT / "ci/github"
    env = fresh("action", TAOS_HOST="tdengine", **PASSWORD)
    for name, inputs in {
        "version": {"version": VERSION, "checksum": digest, "languages": "c", "targets": "tdengine 127.0.0.1:6041"},
        "match": {"match": "tdengine", "checksum": digest, "transport": "ws,rest"},
        "file": {"version-file": "taos-setup.toml"},
        "locked": {"locked": "true"},
        "websocket": {"client": "false", "transport": "ws"},
    }.items():
        temp = WORK / f"action-{name}"
        temp.mkdir()
        ran, outputs = runner.github_action(directory, {"mirror": MIRROR, **inputs}, env, PROJECT, temp)
        client = "" if name == "websocket" else VERSION
        assert outputs["version"] == client and outputs["program-version"], (name, outputs)
        checked(Path(outputs["report"]), failures=False)
        assert f"TDengine client {client}" in ran.summary or not client, ran.summary
        assert ("match taos-setup.lock" in ran.printed) == (name == "locked"), (name, ran.printed)
    for inputs, expected in [({"version": VERSION, "match": "tdengine"}, "exclude each other"), ({"version": VERSION}, "digest-unknown")]:
        temp = WORK / f"action-{expected[:6]}"
        temp.mkdir()
        try:
            runner.github_action(directory, {"mirror": MIRROR, **inputs}, env, WORK, temp)
        except runner.Failed as failed:
            assert expected in str(failed), failed
            codes = matched(directory / "problem-matcher.json", str(failed))
            assert codes == ([expected] if expected == "digest-unknown" else []), failed
        else:
            raise AssertionError(inputs)


def component(digest):
    path = ROOT / "ci/gitlab/templates/taos-setup.yml"
    env = fresh("component", TAOS_HOST="tdengine", **PASSWORD)
    for inputs in [
        {"version": VERSION, "checksum": digest, "mirror": MIRROR, "languages": "c", "transport": "ws,rest,native"},
        {"locked": True, "mirror": MIRROR, "targets": "tdengine:6041"},
        {"client": False},
    ]:
        subprocess.run(["rm", "-rf", str(PROJECT / ".taos-setup")], check=True)
        text = runner.gitlab_component(path, inputs)
        if inputs.get("client") is False:
            text = text.replace("- taos-setup which", "- 'true'")
        runner.gitlab_jobs(text, env, PROJECT)
        checked(PROJECT / "taos-setup.xml", failures=False)


def main():
    digest = project()
    for proof in [github, gitlab, jenkins, devcontainer, compose, dockerfile]:
        proof()
    k8s(digest)
    action(digest)
    component(digest)
    asked = (WORK / "asked").read_text()
    assert "taos-setup==" in asked and "apt-get install" in asked, asked
    print("9 pieces ran against the sandbox")


main()
