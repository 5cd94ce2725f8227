# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs taos-setup and reads its JSON document. Also for the oldest interpreters that ansible-core supports."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os

from ansible_collections.taos_setup.tdengine.plugins.module_utils import cached_program

# The arguments that every module has.
COMMON = dict(
    program=dict(type="path"),
    binaries=dict(type="path"),
    home=dict(type="path"),
    user=dict(type="str"),
    password=dict(type="str", no_log=True),
    # From the action plugin only: the programs that it can copy, by platform.
    _digests=dict(type="dict"),
)


def parse(text):
    """The document in text, or None if it is not one of taos-setup."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    if not isinstance(document, dict) or document.get("schema") != 1:
        return None
    return document


def describe(document):
    """The error of a document as one text, and what to do next."""
    error = document.get("error") or {}
    lines = ["could not %s" % error["tried"]] if error.get("tried") else []
    lines += [str(error[name]) for name in ("observed", "next") if error.get(name)]
    for finding in document.get("findings") or []:
        if finding.get("severity") == "error":
            lines.append("%s: %s" % (finding.get("id"), finding.get("summary")))
    return "\n".join(lines) or "taos-setup reported no success"


class Program(object):
    """The program of this host."""

    def __init__(self, module):
        self.module = module
        digests = module.params["_digests"]
        if digests is not None and not module.params["program"]:
            self.path, needed = cached_program.look(digests, os.path.expanduser("~"), os.uname()[0], os.uname()[4])
            if needed:
                module.exit_json(changed=False, taos_setup_needed=needed)
            return
        self.path = module.params["program"] or module.get_bin_path("taos-setup")
        if not self.path:
            module.fail_json(
                msg="could not find taos-setup on this host: set `program`, or `binaries` to a directory of the controller"
            )

    def environment(self):
        """Secrets are handed over in the environment only."""
        params = self.module.params
        values = dict(
            TAOS_SETUP_LANG="en",
            TAOS_SETUP_HOME=params["home"],
            TAOS_USER=params["user"],
            TAOS_PASSWORD=params["password"],
        )
        return dict((name, value) for name, value in values.items() if value is not None)

    def run(self, words):
        """The exit code and the document of a command."""
        # What comes after `--` is no option.
        command = [self.path, words[0], "--json", "--no-progress", "--no-input"] + list(words[1:])
        code, out, err = self.module.run_command(command, environ_update=self.environment())
        document = parse(out)
        if document is None:
            self.module.fail_json(
                msg="could not read the answer of %s: expected JSON" % self.path, rc=code, stderr=err
            )
        return code, document

    def data(self, words):
        """The data of a command that must succeed."""
        code, document = self.run(words)
        if code != 0 or not document.get("ok"):
            self.module.fail_json(msg=describe(document), rc=code, error=document.get("error"))
        return document.get("data") or {}
