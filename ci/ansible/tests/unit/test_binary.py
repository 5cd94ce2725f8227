"""Where the program of a host is, and what the controller knows of its own."""

import os
import tempfile
import unittest
from unittest import mock

from ansible_collections.taos_setup.tdengine.plugins.module_utils.cached_program import PLACE, digest, look
from ansible_collections.taos_setup.tdengine.plugins.plugin_utils import binary


class BinaryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name

    def program(self, path, text):
        os.makedirs(os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o700)
        return path

    def test_host_without_program_needs_it(self):
        path, needed = look({"linux-arm64": "ab"}, "/h", "Linux", "aarch64")
        self.assertIsNone(path)
        self.assertEqual((needed["platform"], needed["path"]), ("linux-arm64", f"/h/{PLACE}/ab/taos-setup"))

    def test_program_counts_with_its_digest_only(self):
        source = self.program(os.path.join(self.home, "source/taos-setup"), "right")
        sha256 = digest(source)
        there = self.program(os.path.join(self.home, PLACE, sha256, "taos-setup"), "right")
        self.assertEqual(look({"linux-x64": sha256}, self.home, "Linux", "x86_64"), (there, None))
        with open(there, "a", encoding="utf-8") as file:
            file.write("!")
        self.assertIsNone(look({"linux-x64": sha256}, self.home, "Linux", "x86_64")[0])

    def test_hosts_without_a_published_program(self):
        path, needed = look({"linux-x64": "ab"}, "/h", "SunOS", "sun4v")
        self.assertEqual((path, needed["platform"]), (None, None))

    def test_programs_are_read_once_in_a_run(self):
        source = self.program(os.path.join(self.home, "linux-x64/taos-setup"), "one")
        noted = os.path.join(self.home, "noted.json")
        first = binary.programs(self.home, noted)
        self.assertEqual(first, {"linux-x64": digest(source)})
        with mock.patch.object(binary, "digest", side_effect=AssertionError):
            self.assertEqual(binary.programs(self.home, noted), first)
        with open(source, "a", encoding="utf-8") as file:
            file.write("two")
        self.assertEqual(binary.programs(self.home, noted), {"linux-x64": digest(source)})


if __name__ == "__main__":
    unittest.main()
