# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The program that the action plugins copied to a host: where it is, and whether it is whole."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import hashlib
import os

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


def digest(path):
    """The SHA-256 of a file. Error if it cannot be read."""
    sha256 = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            sha256.update(block)
    return sha256.hexdigest()


def is_whole(path, sha256):
    """Whether the program is at this path with this digest."""
    try:
        return os.access(path, os.X_OK) and digest(path) == sha256
    except (IOError, OSError):
        return False


def look(digests, home, system, machine):
    """The path of the program on a host, or None, and what the host needs if it is None."""
    platform = PLATFORMS.get((system, machine))
    needed = dict(platform=platform, system=system, machine=machine, path=None)
    sha256 = digests.get(platform)
    if sha256 is None:
        return None, needed
    needed["path"] = os.path.join(home, PLACE, sha256, "taos-setup")
    if is_whole(needed["path"], sha256):
        return needed["path"], None
    return None, needed
