"""The npm packages, fetched from a local registry by npm and npx."""

import base64
import hashlib
import io
import json
import shutil
import socket
import subprocess
import tarfile
import urllib.parse

from parts.commands import environment, run

from .case import expect, needed
from .server import served


def registry(case):
    """The documents and files of a registry with the packages."""
    pages = {}
    for file in sorted((case.files / "npm").iterdir()):
        content = file.read_bytes()
        manifest = package_json(content)
        path = f"/files/{file.name}"
        pages[path] = content
        pages[f"/{manifest['name']}"] = document(manifest, path, content)
    return pages


def package_json(content):
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return json.loads(archive.extractfile("package/package.json").read())


def document(manifest, path, content):
    """What a registry answers for a package; the address is known when it is asked."""

    def answer(address):
        dist = {
            "tarball": address + urllib.parse.quote(path),
            "shasum": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            "integrity": f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}",
        }
        version = manifest["version"]
        return json.dumps(
            {"name": manifest["name"], "dist-tags": {"latest": version}, "versions": {version: {**manifest, "dist": dist}}}
        ).encode()

    return answer


def settings(case, folder, address):
    return case.clean(
        folder, npm_config_registry=f"{address}/", npm_config_cache=folder / "cache", npm_config_userconfig=folder / "user.npmrc",
        npm_config_globalconfig=folder / "global.npmrc", npm_config_update_notifier="false", npm_config_audit="false", npm_config_fund="false",
    )


def form(case):
    """No package has a script, and every platform package is named by the main one."""
    manifests = {it["name"]: it for it in (package_json(file.read_bytes()) for file in (case.files / "npm").iterdir())}
    main = manifests[case.project.name]
    expect(not any("scripts" in it for it in manifests.values()), "a package has scripts")
    expect(set(main["optionalDependencies"]) == set(manifests) - {case.project.name}, "the main package names other packages than there are")
    for file in sorted((case.files / "npm").iterdir()):
        told = json.loads(run("npm", "pack", "--dry-run", "--json", "--ignore-scripts", file, env=settings(case, case.folder("pack"), "http://127.0.0.1:9")))
        told = told[0] if isinstance(told, list) else next(iter(told.values()))
        expect(told["filename"].endswith(file.name) or told["filename"] == file.name, f"npm would name {file.name} {told['filename']}")


def npx(case):
    """npx runs the program of this machine's package, with its exit code and its output."""
    needed("npx", "npm")
    folder = case.folder("npx")
    with served(registry(case)) as (address, asked):
        env = settings(case, folder, address)
        case.prints_version("npx", "--yes", "taos-setup", "--version", env=env, cwd=folder)
        run("npx", "--yes", "taos-setup", "no-such-command", env=env, cwd=folder, accept=(2,))
        run("npx", "--yes", "taos-setup", "self", "update", env=env, cwd=folder, accept=(7,))
    fetched = [path for path in asked if "/files/" in path]
    expect(len(fetched) == 2, f"npx fetched {', '.join(fetched)}: expected the main package and one for this platform")


def lock_file(case):
    """A project without the platform package gets an error that names npm's lock file, and the advice works."""
    folder = case.folder("npm project")
    (folder / "package.json").write_text('{"name": "project", "version": "1.0.0", "private": true}\n')
    with served(registry(case)) as (address, _):
        env = settings(case, folder, address)
        run("npm", "install", "--omit=optional", "taos-setup", env=env, cwd=folder)
        launcher = folder / "node_modules/.bin/taos-setup"
        done = subprocess.run([launcher, "--version"], env=environment(env), capture_output=True, text=True, check=False)
        expect(done.returncode == 1 and not done.stdout, f"without the platform package, the launcher ended with {done.returncode}")
        for words in ("error[npm-platform-package]", "npm/cli#4828", "delete node_modules and package-lock.json"):
            expect(words in done.stderr, f"the launcher's error lacks `{words}`:\n{done.stderr}")
        shutil.rmtree(folder / "node_modules")
        (folder / "package-lock.json").unlink()
        run("npm", "install", env=env, cwd=folder)
        case.prints_version(launcher, "--version", env=env)
        run("npm", "ci", env=env, cwd=folder)
        case.prints_version(launcher, "--version", env=env)
    programs = list((folder / "node_modules/@taos-setup").glob("*/bin/taos-setup"))
    expect(programs, "npm installed no platform package")
    case.same_program(programs[0])


def signals(case):
    """The launcher ends as the program does when it is ended by a signal."""
    folder = case.folder("npm signal")
    (folder / "package.json").write_text('{"name": "project", "version": "1.0.0", "private": true}\n')
    with served(registry(case)) as (address, _):
        env = settings(case, folder, address)
        run("npm", "install", "taos-setup", env=env, cwd=folder)
    launcher = folder / "node_modules/taos-setup/bin/taos-setup.js"
    # A server that accepts and never answers keeps the program busy.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        child = subprocess.Popen(
            ["node", launcher, "verify", f"127.0.0.1:{port}", "--transport", "ws", "--timeout", "60s"],
            env=environment(env), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        connection, _ = silent.accept()
        child.terminate()
        code = child.wait(timeout=20)
        connection.close()
    expect(code in (143, 130), f"after SIGTERM, the launcher ended with {code}")


PROOFS = [form, npx, lock_file, signals]
