# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0
"""One report of the results of many hosts, as JUnit or as a page: functions without effects."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

# What XML 1.0 cannot hold.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows(results):
    """Host, target, transport, status, and cause, for each transport of each host; a host without a result is unreachable."""
    for host, result in sorted(results.items()):
        result = result or {"msg": "the host was not verified"}
        targets = result.get("targets") or []
        if not targets:
            status = "skipped" if result.get("skipped") else "failed"
            yield host, "", "", status, clean(result.get("msg") or result.get("skip_reason") or "")
        for target in targets:
            for it in target.get("transports") or []:
                yield host, clean(target.get("target")), clean(it.get("transport")), it.get("status"), cause(it)


def cause(transport):
    """What the check that failed observed."""
    for check in transport.get("rungs") or []:
        if check.get("status") == "failed":
            return clean(f"{check.get('rung')}: {check.get('observed')}")
    return ""


def clean(text):
    return FORBIDDEN.sub("\ufffd", str(text))


def junit(results):
    """A suite for each host, a case for each transport of a target."""
    root = ElementTree.Element("testsuites", name="taos-setup")
    suites = {}
    for host, target, transport, status, why in rows(results):
        suite = suites.get(host)
        if suite is None:
            suite = suites[host] = ElementTree.SubElement(root, "testsuite", name=host)
        case = ElementTree.SubElement(suite, "testcase", classname=f"{host} {target}".strip(), name=transport or "host")
        if status == "failed":
            ElementTree.SubElement(case, "failure", message=why)
        elif status == "skipped":
            ElementTree.SubElement(case, "skipped")
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
        suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


STYLE = (
    "body{font-family:sans-serif;margin:2rem}td,th{padding:.3rem .8rem;text-align:left;border-bottom:1px solid #bbb}"
    ".failed{color:#a00;font-weight:bold}.skipped{color:#555}"
)


def html(results):
    """A page without scripts: one table, the failures first."""
    all_rows = sorted(rows(results), key=lambda row: row[3] != "failed")
    failed = sum(row[3] == "failed" for row in all_rows)
    lines = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>TDengine connections</title>',
        f"<style>{STYLE}</style></head><body><h1>TDengine connections</h1>",
        f"<p>{len(results)} hosts, {len(all_rows)} connections, {failed} failed</p>",
        "<table><thead><tr><th>Host</th><th>Target</th><th>Transport</th><th>Status</th><th>Cause</th></tr></thead><tbody>",
    ]
    for host, target, transport, status, why in all_rows:
        cells = "".join(f"<td>{escape(clean(cell))}</td>" for cell in (host, target, transport))
        lines.append(f'<tr>{cells}<td class="{escape(str(status))}">{escape(str(status))}</td><td>{escape(why)}</td></tr>')
    return "\n".join(lines) + "\n</tbody></table></body></html>\n"


FORMS = {".xml": junit, ".html": html}
