"""The words of commands, and what is read of their answers."""

from ansible_collections.taos_setup.tdengine.plugins.module_utils import words
import unittest

INSTALL = dict.fromkeys(
    ("match", "edition", "platform", "mirror", "first_ep", "digests", "prefix", "version"), None
)


def install(**given):
    params = dict(INSTALL, offline=False, replace=False, scope="user")
    params.update(given)
    return words.install(params)


class WordsTest(unittest.TestCase):
    def test_options_end_before_what_was_given(self):
        self.assertEqual(install(version="--json"), ["install", "--", "--json"])
        self.assertEqual(install(match="-x"), ["install", "--match=-x"])
        self.assertEqual(
            words.dry(install(version="3.3", digests=["a", "b"], scope="system")),
            ["install", "--dry-run", "--sha256=a", "--sha256=b", "--system", "--", "3.3"],
        )

    def test_plan_is_a_change_by_action_current_client_or_placed_files(self):
        same = {"action": "none", "current": {"now": "a", "then": "a"}}
        self.assertFalse(words.is_change(same))
        self.assertTrue(words.is_change(dict(same, action="install")))
        self.assertTrue(words.is_change(dict(same, current={"now": None, "then": "a"})))
        self.assertTrue(words.is_change(dict(same, placement={"changes": [{}]})))
        self.assertFalse(words.is_change({"installed": False, "system": {}}))

    def test_client_before_a_task_is_that_of_its_scope(self):
        one = {"version": "3.3.6.13", "current": False}
        other = {"version": "3.3.7.5", "current": True}
        store = {"clients": [one, other], "system": one}
        self.assertEqual(words.before(store, "user"), other)
        self.assertEqual(words.before(store, "system"), one)
        self.assertEqual(words.before({"clients": [one]}, "prefix"), one)
        self.assertIsNone(words.before({"clients": [one], "system": None}, "user"))
        self.assertIsNone(words.before({"clients": [], "system": None}, "system"))
        self.assertIsNone(words.before({"clients": []}, "prefix"))
        self.assertEqual(words.listing(dict(scope="system", prefix=None)), ["list"])
        self.assertEqual(
            words.listing(dict(scope="prefix", prefix="/opt/a b")), ["list", "--prefix=/opt/a b"]
        )

    def test_client_is_meant_by_version_and_edition_in_its_scope(self):
        client = {"version": "3.3.7.5", "edition": "oss"}
        for meant in (dict(version="3.3.7.5", edition=None), dict(version=None, edition="oss")):
            self.assertTrue(words.is_meant(client, meant), meant)
        for other in (dict(version="3.3.6.13", edition=None), dict(version=None, edition="enterprise")):
            self.assertFalse(words.is_meant(client, other), other)
        store = {"clients": [client], "system": None}
        self.assertEqual(words.clients(store, "user"), [client])
        self.assertEqual(words.clients(store, "prefix"), [client])
        self.assertEqual(words.clients(store, "system"), [])
        self.assertEqual(words.clients(dict(store, system=client), "system"), [client])
        self.assertTrue(words.is_exact("3.3.7.5"))
        self.assertFalse(words.is_exact("3.3"))

    def test_secret_in_target_is_seen(self):
        for target in ("root:x@ws(h:6041)/", "taos://u:x@h", "jdbc:TAOS-WS://h/?password=x", "https://u:pw@m"):
            self.assertTrue(words.has_secret(target), target)
        for target in ("h", "h:6041", "ws://h:6041/", "@/etc/plant.txt", "[::1]:6041"):
            self.assertFalse(words.has_secret(target), target)


if __name__ == "__main__":
    unittest.main()
