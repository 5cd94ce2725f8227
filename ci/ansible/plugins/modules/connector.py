#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: connector
short_description: Adds a TDengine connector to a project
version_added: "0.1.0"
description:
  - Runs C(taos-setup init) in a project on the host. Existing files are edited, never overwritten.
author: The authors of taos-setup (@taos-setup)
extends_documentation_fragment: taos_setup.tdengine.program
options:
  project:
    description: Directory of the project.
    type: path
    required: true
  lang:
    description: Language of the project. If omitted, that of its manifest.
    type: str
  transport:
    description: How the program connects.
    type: str
    choices: [ws, rest, native]
  server:
    description: Version or host of the server.
    type: str
  name:
    description: Name of a new project.
    type: str
  examples:
    description: Examples to add.
    type: list
    elements: str
  upgrade:
    description: Replace an older version of the connector.
    type: bool
    default: false
attributes:
  diff_mode:
    description: Returns the names of changed files.
    support: full
"""

EXAMPLES = r"""
- name: Go connector
  taos_setup.tdengine.connector:
    project: /srv/app
    lang: go
"""

RETURN = r"""
projects:
  description: The projects, as C(data.projects) of C(taos-setup init --json).
  returned: success
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.taos_setup.tdengine.plugins.module_utils import words
from ansible_collections.taos_setup.tdengine.plugins.module_utils.program import COMMON, Program


def arguments():
    spec = dict(
        project=dict(type="path", required=True),
        lang=dict(type="str"),
        transport=dict(type="str", choices=["ws", "rest", "native"]),
        server=dict(type="str"),
        name=dict(type="str"),
        examples=dict(type="list", elements="str"),
        upgrade=dict(type="bool", default=False),
    )
    spec.update(COMMON)
    return spec


def main():
    module = AnsibleModule(argument_spec=arguments(), supports_check_mode=True)
    program = Program(module)
    command = words.connector(module.params)
    data = program.data(words.dry(command) if module.check_mode else command)
    changed = words.changed_files(data)
    module.exit_json(
        changed=bool(changed),
        projects=data.get("projects") or [],
        diff=dict(before="", after="".join("%s\n" % path for path in changed)),
    )


if __name__ == "__main__":
    main()
