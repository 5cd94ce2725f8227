# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs the module of the same name, and brings the program of the controller to a host that the module says lacks it."""

from __future__ import annotations

import json
import os
import shlex

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.taos_setup.tdengine.plugins.module_utils.cached_program import PLATFORMS, digest


def programs(directory, noted):
    """The digests of the programs in a directory of the controller, by platform.

    Every host is served by a process of its own; the file `noted` spares all but the first of a run the reading.
    """
    found = {}
    for platform in sorted(set(PLATFORMS.values())):
        path = os.path.join(directory, platform, "taos-setup")
        try:
            state = os.stat(path)
        except FileNotFoundError:
            continue
        found[platform] = [path, state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns]
    try:
        with open(noted, encoding="utf-8") as file:
            before, digests = json.load(file)
        if before == found:
            return digests
    except (OSError, ValueError):
        pass
    digests = {platform: digest(state[0]) for platform, state in found.items()}
    part = f"{noted}.{os.getpid()}"
    with open(part, "w", encoding="utf-8") as file:
        json.dump([found, digests], file)
    os.replace(part, noted)
    return digests


class BinaryAction(ActionBase):
    """The action of every module of this collection."""

    _supports_check_mode = True
    MODULE = ""

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        arguments = dict(self._task.args)
        binaries = arguments.pop("binaries", None)
        try:
            if not binaries or arguments.get("program"):
                return self.execute(arguments, task_vars)
            directory = self._find_needle("files", binaries)
            digests = self.digests(directory)
            result = self.execute(dict(arguments, _digests=digests), task_vars)
            needed = result.get("taos_setup_needed")
            if needed is None:
                return result
            arguments["program"] = self.provide(directory, digests, needed)
            return self.execute(arguments, task_vars)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)

    def execute(self, arguments, task_vars):
        """The result of the module on the host."""
        name = f"taos_setup.tdengine.{self.MODULE}"
        return self._execute_module(module_name=name, module_args=arguments, task_vars=task_vars)

    def digests(self, directory):
        """The digests of the programs of the controller."""
        try:
            return programs(directory, os.path.join(constants.DEFAULT_LOCAL_TMP, "taos-setup-programs.json"))
        except OSError as error:
            raise AnsibleActionFail(f"could not read the programs in {directory}: {error.strerror}") from error

    def provide(self, directory, digests, needed):
        """The path of the program on the host after it was copied there."""
        platform, path = needed["platform"], needed["path"]
        if platform is None:
            raise AnsibleActionFail(f"no taos-setup is published for {needed['system']} on {needed['machine']}")
        local = os.path.join(directory, platform, "taos-setup")
        if platform not in digests:
            raise AnsibleActionFail(f"could not read {local}: it does not exist")
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
        self.must(
            f"umask 077; mkdir -p {folder} && cp {shlex.quote(part)} {folder}/part.$$ && chmod 700 {folder}/part.$$ "
            f'&& [ "$(sha256sum <{folder}/part.$$ | cut -d" " -f1)" = {digests[platform]} ] '
            f"&& mv -f {folder}/part.$$ {shlex.quote(path)}"
        )
        return path

    def must(self, command):
        """Runs a command on the host that must succeed."""
        if self._low_level_execute_command(command)["rc"] != 0:
            raise AnsibleActionFail("could not put taos-setup into place on the host")
