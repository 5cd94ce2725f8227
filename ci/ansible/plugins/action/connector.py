# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0

from __future__ import annotations

from ansible_collections.taos_setup.tdengine.plugins.plugin_utils.binary import BinaryAction


class ActionModule(BinaryAction):
    """Runs the module `connector` with the program that the host has or gets."""

    MODULE = "connector"
