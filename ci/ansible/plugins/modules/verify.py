#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: verify
short_description: Verifies connections to TDengine
version_added: "0.1.0"
description:
  - Runs C(taos-setup verify) on the host, over each transport, and fails with the cause if one does not work.
  - The module changes nothing. With O(write), a row is written to a temporary database, which is removed.
  - In check mode, O(write) and O(write_db) are ignored, and no report is written.
author: The authors of taos-setup (@taos-setup)
extends_documentation_fragment: taos_setup.tdengine.program
options:
  targets:
    description: Hosts, addresses, or connection strings; C(@FILE) is a list on the host. They must hold no password.
    type: list
    elements: str
    required: true
  transports:
    description: Transports to verify.
    type: list
    elements: str
    choices: [ws, rest, native]
  write:
    description: Also write a row and read it back.
    type: bool
    default: false
  write_db:
    description: Database to write to.
    type: str
  native_port:
    description: Native port.
    type: int
  timeout:
    description: Time limit of each check, such as V(3s).
    type: str
  wait:
    description: Time to wait for a server that is starting, such as V(1m).
    type: str
  ca_cert:
    description: File on the host with additional trusted certificates.
    type: path
  reports:
    description: Reports to write on the host.
    type: list
    elements: path
  required:
    description: Whether the task fails if a connection does.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: The server answers over both transports
  taos_setup.tdengine.verify:
    targets: db.example.com
    transports: [ws, rest]
    password: "{{ vault_taos_password }}"
    required: false
  register: taos_setup_verified

- name: WebSocket works
  ansible.builtin.assert:
    that: taos_setup_verified.statuses['db.example.com'].ws == 'ok'
"""

RETURN = r"""
statuses:
  description: Status of each transport of each target, V(ok), V(failed), or V(skipped).
  returned: success
  type: dict
targets:
  description: Every check, as C(data.targets) of C(taos-setup verify --json).
  returned: success
  type: list
  elements: dict
findings:
  description: Causes and fixes.
  returned: success
  type: list
  elements: dict
rc:
  description: Exit code of the program.
  returned: success
  type: int
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.taos_setup.tdengine.plugins.module_utils import words
from ansible_collections.taos_setup.tdengine.plugins.module_utils.program import COMMON, Program, describe


def arguments():
    spec = dict(
        targets=dict(type="list", elements="str", required=True),
        transports=dict(type="list", elements="str", choices=["ws", "rest", "native"]),
        write=dict(type="bool", default=False),
        write_db=dict(type="str"),
        native_port=dict(type="int"),
        timeout=dict(type="str"),
        wait=dict(type="str"),
        ca_cert=dict(type="path"),
        reports=dict(type="list", elements="path"),
        required=dict(type="bool", default=True),
    )
    spec.update(COMMON)
    return spec


def main():
    module = AnsibleModule(argument_spec=arguments(), supports_check_mode=True)
    for target in module.params["targets"]:
        if words.has_secret(target):
            # Arguments of programs are readable for all users of the host.
            module.no_log_values.add(target)
            module.fail_json(msg="a target holds a password or a token: set `password` instead")
    if module.check_mode:
        module.params.update(write=False, write_db=None, reports=None)
    code, document = Program(module).run(words.verify(module.params))
    data = document.get("data") or {}
    result = dict(
        changed=False,
        rc=code,
        targets=data.get("targets") or [],
        statuses=words.statuses(data),
        findings=document.get("findings") or [],
    )
    if document.get("error") or (code != 0 and module.params["required"]):
        module.fail_json(msg=describe(document), **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
