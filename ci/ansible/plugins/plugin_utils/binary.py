# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Brings the program of the controller to a host that lacks it, and runs the module of the same name there."""

from __future__ import annotations

import hashlib
import os
import shlex

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

# Directories below the home directory on the host; each file is in one named by its SHA-256.
PLACE = ".cache/taos-setup/ansible"
# Operating system and machine type, as uname prints them, to the platform of the program.
PLATFORMS = {
    ("Linux", "x86_64"): "linux-x64",
    ("Linux", "amd64"): "linux-x64",
    ("Linux", "aarch64"): "linux-arm64",
    ("Linux", "arm64"): "linux-arm64",
    ("Darwin", "x86_64"): "macos-x64",
    ("Darwin", "arm64"): "macos-arm64",
}
# One round trip: the home directory, the platform, and whether the program of each known digest is whole.
LOOK = (
    'printf "%s\\n" "$HOME"; uname -s; uname -m; for f in "$HOME"/{place}/*/taos-setup; '
    'do [ -x "$f" ] && sha256sum "$f" 2>/dev/null; done; true'
)


def platform(system, machine):
    """The platform of a host. Error if there is no program for it."""
    try:
        return PLATFORMS[(system, machine)]
    except KeyError:
        raise AnsibleActionFail(f"no taos-setup is published for {system} on {machine}") from None


def look(text):
    """The home directory, the system, the machine type, and the files that are there with their digests."""
    lines = text.splitlines()
    if len(lines) < 3 or not lines[0].startswith("/"):
        raise AnsibleActionFail("could not read the home directory and the machine type of the host")
    pairs = [line.split(None, 1) for line in lines[3:]]
    return lines[0], lines[1].strip(), lines[2].strip(), {(pair[1], pair[0]) for pair in pairs if len(pair) == 2}


def digest(path):
    """The SHA-256 of a file of the controller."""
    try:
        with open(path, "rb") as file:
            sha256 = hashlib.sha256()
            while block := file.read(1 << 20):
                sha256.update(block)
            return sha256.hexdigest()
    except OSError as error:
        raise AnsibleActionFail(f"could not read {path}: {error.strerror}") from error


class BinaryAction(ActionBase):
    """The action of every module of this collection."""

    TRANSFERS_FILES = True
    _supports_check_mode = True
    MODULE = ""

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        arguments = dict(self._task.args)
        binaries = arguments.pop("binaries", None)
        try:
            if binaries and not arguments.get("program"):
                arguments["program"] = self.provide(binaries)
            return self._execute_module(
                module_name=f"taos_setup.tdengine.{self.MODULE}",
                module_args=arguments,
                task_vars=task_vars,
            )
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)

    def provide(self, binaries):
        """The path of the program on the host, which is copied there if it is missing or damaged."""
        seen = self._low_level_execute_command(LOOK.format(place=PLACE))
        if seen["rc"] != 0:
            raise AnsibleActionFail("could not look for taos-setup on the host")
        home, system, machine, files = look(seen["stdout"])
        local = os.path.join(self._find_needle("files", binaries), platform(system, machine), "taos-setup")
        sha256 = digest(local)
        path = f"{home}/{PLACE}/{sha256}/taos-setup"
        if (path, sha256) in files:
            return path
        if not self._connection._shell.tmpdir:
            self._make_tmp_path()
        part = self._connection._shell.join_path(self._connection._shell.tmpdir, "taos-setup")
        self._transfer_file(local, part)
        self._fixup_perms2((self._connection._shell.tmpdir, part))
        if self._task.check_mode:
            # Nothing stays on the host.
            self.must(f"chmod 700 {shlex.quote(part)}")
            return part
        folder = shlex.quote(os.path.dirname(path))
        there = shlex.quote(path)
        self.must(
            f"umask 077; mkdir -p {folder} && cp {shlex.quote(part)} {folder}/part.$$ && chmod 700 {folder}/part.$$ "
            f'&& [ "$(sha256sum <{folder}/part.$$ | cut -d" " -f1)" = {sha256} ] && mv -f {folder}/part.$$ {there}'
        )
        return path

    def must(self, command):
        """Runs a command on the host that must succeed."""
        if self._low_level_execute_command(command)["rc"] != 0:
            raise AnsibleActionFail("could not put taos-setup into place on the host")
