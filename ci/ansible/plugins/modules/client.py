#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: client
short_description: Installs, selects, and removes TDengine clients
version_added: "0.1.0"
description:
  - Runs C(taos-setup install), C(use), and C(uninstall). Several versions are kept side by side.
  - A second run changes nothing. In check mode, the dry run of the program is asked.
author: The authors of taos-setup (@taos-setup)
extends_documentation_fragment: taos_setup.tdengine.program
options:
  state:
    description:
      - V(present) installs the client and makes it the current one.
      - V(current) makes an installed client the current one.
      - V(absent) removes it. With O(scope=system) and O(scope=prefix), a client of another O(version) stays.
    type: str
    choices: [present, current, absent]
    default: present
  version:
    description: Four parts, a prefix for the newest of a series, or V(latest). With O(state=absent) and O(state=current), all four parts.
    type: str
  match:
    description: Server that the client must match.
    type: str
  edition:
    description: Edition of the client.
    type: str
    choices: [oss, enterprise]
  platform:
    description: Platform of the client, such as V(linux-x64).
    type: str
  scope:
    description: Where the client is, namely in the store of the user, in C(/usr/local), or in O(prefix).
    type: str
    choices: [user, system, prefix]
    default: user
  prefix:
    description: Directory of O(scope=prefix).
    type: path
  mirror:
    description: Address of a mirror, or its directory on the host.
    type: str
  digests:
    description: SHA-256 digests that are accepted.
    type: list
    elements: str
  first_ep:
    description: The C(firstEp) of the client's C(taos.cfg).
    type: str
  offline:
    description: Use no network.
    type: bool
    default: false
  replace:
    description: With O(scope=system), move existing files, such as the vendor's client, to a backup directory.
    type: bool
    default: false
attributes:
  diff_mode:
    description: Returns what changes.
    support: full
"""

EXAMPLES = r"""
- name: Client that matches the server
  taos_setup.tdengine.client:
    match: db.example.com
    binaries: files/taos-setup

- name: Pinned client from a directory of the host
  taos_setup.tdengine.client:
    version: 3.3.7.5
    mirror: /srv/tdengine
    offline: true
"""

RETURN = r"""
before:
  description:
    - Client before the task, or null. With O(scope=user), it is the current one.
    - It has V(version), V(edition), V(platform), and the V(sha256) of its package, so a later task can install it again.
  returned: success
  type: dict
client:
  description: Client of the task, or null.
  returned: success
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.taos_setup.tdengine.plugins.module_utils import words
from ansible_collections.taos_setup.tdengine.plugins.module_utils.program import COMMON, Program


def arguments():
    spec = dict(
        state=dict(type="str", choices=["present", "current", "absent"], default="present"),
        version=dict(type="str"),
        match=dict(type="str"),
        edition=dict(type="str", choices=["oss", "enterprise"]),
        platform=dict(type="str"),
        scope=dict(type="str", choices=["user", "system", "prefix"], default="user"),
        prefix=dict(type="path"),
        mirror=dict(type="str"),
        digests=dict(type="list", elements="str"),
        first_ep=dict(type="str"),
        offline=dict(type="bool", default=False),
        replace=dict(type="bool", default=False),
    )
    spec.update(COMMON)
    return spec


def present(module, program):
    command = words.install(module.params)
    plan = program.data(words.dry(command))
    result = dict(changed=words.is_change(plan), client=plan.get("client") or plan.get("system"))
    if result["changed"] and not module.check_mode:
        result["client"] = program.data(command).get("client")
    return result


def find(listing, params):
    """The installed client that is meant."""
    for client in words.clients(listing, params["scope"]):
        if words.is_meant(client, params):
            return client
    return None


def current(module, program, listing):
    client = find(listing, module.params)
    if client is None:
        module.fail_json(msg="client %s is not installed" % module.params["version"])
    changed = not client.get("current")
    if changed and not module.check_mode:
        program.data(["use", "--", module.params["version"]])
    return dict(changed=changed, client=client)


def absent(module, program, listing):
    params = module.params
    if find(listing, params) is None:
        return dict(changed=False, client=None)
    if params["scope"] == "user":
        command = ["uninstall", "--", params["version"]]
    else:
        command = ["uninstall"] + words.scope(params)
    if not module.check_mode:
        program.data(command)
    return dict(changed=True, client=None)


def main():
    module = AnsibleModule(
        argument_spec=arguments(),
        supports_check_mode=True,
        required_if=[
            ("scope", "prefix", ["prefix"]),
            ("state", "current", ["version"]),
        ],
        mutually_exclusive=[("version", "match")],
    )
    params = module.params
    if params["state"] == "absent" and params["scope"] == "user" and not params["version"]:
        module.fail_json(msg="state=absent needs the version to remove")
    if params["state"] == "current" and params["scope"] != "user":
        module.fail_json(msg="scope=%s has one client: state=current is for scope=user" % params["scope"])
    if params["state"] != "present" and params["version"] is not None and not words.is_exact(params["version"]):
        module.fail_json(msg="state=%s needs all four parts of the version" % params["state"])
    for name in ("match", "mirror"):
        if params[name] is not None and words.has_secret(params[name]):
            module.no_log_values.add(params[name])
            module.fail_json(msg="%s holds a login, which all users of the host could read" % name)
    program = Program(module)
    listing = program.data(words.listing(params))
    before = words.before(listing, params["scope"])
    if params["state"] == "present":
        result = present(module, program)
    elif params["state"] == "current":
        result = current(module, program, listing)
    else:
        result = absent(module, program, listing)
    after = result["client"] if result["changed"] else before
    result["before"] = before
    result["diff"] = dict(before=words.summary(before), after=words.summary(after))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
