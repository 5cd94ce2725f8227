#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: report
short_description: Writes one report of the verifications of all hosts
version_added: "0.1.0"
description:
  - Writes the registered results of M(taos_setup.tdengine.verify) of all hosts of the play into one file on the controller.
  - A host that could not be reached is in the report, too. Use it with C(run_once), in a play of its own if hosts may fail.
author: The authors of taos-setup (@taos-setup)
options:
  dest:
    description: File on the controller; its ending selects the form, C(.xml) for JUnit and C(.html) for a page.
    type: path
    required: true
  variable:
    description: Variable in which each host registered its result.
    type: str
    default: taos_setup_verified
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
"""

EXAMPLES = r"""
- name: One page for the plant
  taos_setup.tdengine.report:
    dest: plant.html
  run_once: true
"""

RETURN = r"""
dest:
  description: The file.
  returned: success
  type: str
hosts:
  description: Number of hosts in it.
  returned: success
  type: int
"""
