"""What the action reads of a host."""

import unittest

from ansible.errors import AnsibleActionFail
from ansible_collections.taos_setup.tdengine.plugins.plugin_utils.binary import look, platform


class BinaryTest(unittest.TestCase):
    def test_host_without_program(self):
        self.assertEqual(look("/root\nLinux\naarch64\n"), ("/root", "Linux", "aarch64", set()))
        self.assertEqual(platform("Linux", "aarch64"), "linux-arm64")

    def test_file_counts_with_its_digest(self):
        files = look("/h\nLinux\nx86_64\nab  /h/.cache/taos-setup/ansible/ab/taos-setup\n")[3]
        self.assertEqual(files, {("/h/.cache/taos-setup/ansible/ab/taos-setup", "ab")})

    def test_strange_hosts_are_refused(self):
        for text in ("", "\nLinux\nx86_64\n", "relative\nLinux\nx86_64\n"):
            self.assertRaises(AnsibleActionFail, look, text)
        self.assertRaises(AnsibleActionFail, platform, "SunOS", "sun4v")


if __name__ == "__main__":
    unittest.main()
