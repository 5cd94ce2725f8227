# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What every module says about the program: the arguments of `COMMON` in module_utils/program.py."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    """The fragment `taos_setup.tdengine.program`."""

    DOCUMENTATION = r"""
options:
  program:
    description: Path of taos-setup on the host. If omitted, it is looked up in C(PATH).
    type: path
  binaries:
    description:
      - Directory on the controller that has C(PLATFORM/taos-setup) for each platform, such as C(linux-x64/taos-setup).
      - If O(program) is omitted, the file for the machine type of the host is copied there once, into a directory named by its SHA-256.
    type: path
  home:
    description: Directory of the installed clients (C(TAOS_SETUP_HOME)).
    type: path
  user:
    description: User that logs in (C(TAOS_USER)).
    type: str
  password:
    description: Password of that user. It is handed to the program in its environment only.
    type: str
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
"""
