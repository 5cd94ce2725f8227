# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0

from __future__ import annotations

import os

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.taos_setup.tdengine.plugins.plugin_utils.fleet_report import FORMS


class ActionModule(ActionBase):
    """Writes one report of all hosts on the controller; no host is asked."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_diff = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                "dest": {"type": "path", "required": True},
                "variable": {"type": "str", "default": "taos_setup_verified"},
            }
        )
        dest = os.path.abspath(os.path.expanduser(arguments["dest"]))
        form = FORMS.get(os.path.splitext(dest)[1])
        if form is None:
            raise AnsibleActionFail(f"invalid report {dest}: expected a file that ends in .xml or .html")
        hostvars = task_vars["hostvars"]
        results = {host: hostvars[host].get(arguments["variable"]) for host in task_vars["ansible_play_hosts_all"]}
        text = form(results)
        try:
            with open(dest, encoding="utf-8") as file:
                changed = file.read() != text
        except OSError:
            changed = True
        if changed and not self._task.check_mode:
            part = f"{dest}.{os.getpid()}.part"
            try:
                with open(part, "w", encoding="utf-8") as file:
                    file.write(text)
                os.replace(part, dest)
            except OSError as error:
                raise AnsibleActionFail(f"could not write {dest}: {error.strerror}") from error
        return {"changed": changed, "dest": dest, "hosts": len(results)}
