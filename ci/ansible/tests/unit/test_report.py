"""The report of many hosts."""

import unittest
from xml.etree import ElementTree

from ansible_collections.taos_setup.tdengine.plugins.plugin_utils.fleet_report import html, junit

RESULTS = {
    "a": {
        "targets": [
            {
                "target": "<db>:6041\x1b",
                "transports": [
                    {"transport": "ws", "status": "ok"},
                    {"transport": "rest", "status": "failed", "rungs": [{"rung": "tcp", "status": "failed", "observed": "<no>"}]},
                ],
            }
        ]
    },
    "lost": None,
    "idle": {"skipped": True},
}


class ReportTest(unittest.TestCase):
    def test_every_host_has_a_suite(self):
        suites = {suite.get("name"): suite.attrib for suite in ElementTree.fromstring(junit(RESULTS).split("\n", 1)[1])}
        self.assertEqual(suites["a"], {"name": "a", "tests": "2", "failures": "1", "skipped": "0"})
        self.assertEqual(suites["lost"]["failures"], "1")
        self.assertEqual(suites["idle"]["skipped"], "1")

    def test_page_escapes_what_is_from_outside(self):
        page = html(RESULTS)
        self.assertIn("tcp: &lt;no&gt;", page)
        self.assertNotIn("<db>", page)
        self.assertNotIn("\x1b", page)


if __name__ == "__main__":
    unittest.main()
