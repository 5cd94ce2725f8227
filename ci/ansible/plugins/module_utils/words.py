# -*- coding: utf-8 -*-
# Copyright: the authors of taos-setup
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The words of commands, from the arguments of modules: functions without effects."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


def option(name, value):
    """An option with its value, if there is one."""
    return [] if value is None else ["--%s=%s" % (name, value)]


def scope(params):
    """The options that select where clients are."""
    if params["scope"] == "system":
        return ["--system"]
    if params["scope"] == "prefix":
        return ["--prefix=%s" % params["prefix"]]
    return []


def install(params):
    """`install` with all that selects a client."""
    words = ["install"]
    for name in ("match", "edition", "platform", "mirror"):
        words += option(name, params[name])
    words += option("first-ep", params["first_ep"])
    for digest in params["digests"] or []:
        words += option("sha256", digest)
    if params["offline"]:
        words.append("--offline")
    if params["replace"]:
        words.append("--replace")
    words += scope(params)
    if params["version"] is not None:
        words += ["--", params["version"]]
    return words


def dry(words):
    """The same command as a dry run; options end before `--`."""
    return [words[0], "--dry-run"] + words[1:]


def is_change(plan):
    """Whether a dry run of install announces a change."""
    current = plan.get("current") or {}
    placed = (plan.get("placement") or {}).get("changes")
    return (
        plan.get("action", "none") != "none"
        or current.get("now") != current.get("then")
        or bool(placed)
    )


def listing(params):
    """`list` of where clients are."""
    return ["list"] + (scope(params) if params["scope"] == "prefix" else [])


def before(listing, scope):
    """The client of `list` that a task in this scope replaces, or None."""
    if scope == "system":
        return listing.get("system")
    for client in listing.get("clients") or []:
        if scope == "prefix" or client.get("current"):
            return client
    return None


def clients(listing, scope):
    """The installed clients of a scope."""
    if scope == "system":
        return [listing["system"]] if listing.get("system") else []
    return listing.get("clients") or []


def is_exact(version):
    """Whether a version has all four parts."""
    return len(version.split(".")) == 4


def is_meant(client, params):
    """Whether a client has the version and the edition that a task names, as far as it names them."""
    return all(params[name] in (None, client.get(name)) for name in ("version", "edition"))


def summary(client):
    """A client in one line of a diff."""
    if not client:
        return "no client\n"
    return "%s %s %s\n" % (client.get("edition"), client.get("version"), client.get("platform"))


def verify(params):
    """`verify` of targets."""
    words = ["verify"]
    if params["transports"]:
        words += option("transport", ",".join(params["transports"]))
    for name in ("timeout", "wait"):
        words += option(name, params[name])
    words += option("write-db", params["write_db"])
    words += option("native-port", params["native_port"])
    words += option("ca-cert", params["ca_cert"])
    if params["write"]:
        words.append("--write")
    for report in params["reports"] or []:
        words += option("report", report)
    return words + ["--"] + params["targets"]


def statuses(data):
    """The status of each transport of each target."""
    return dict(
        (
            target.get("target"),
            dict((it.get("transport"), it.get("status")) for it in target.get("transports") or []),
        )
        for target in data.get("targets") or []
    )


def connector(params):
    """`init` in a project."""
    words = ["init", "--dir=%s" % params["project"]]
    for name in ("lang", "transport", "server", "name"):
        words += option(name, params[name])
    for example in params["examples"] or []:
        words += option("example", example)
    if params["upgrade"]:
        words.append("--upgrade")
    return words


def changed_files(data):
    """The files that init creates or edits."""
    return [
        change.get("path")
        for project in data.get("projects") or []
        for change in project.get("changes") or []
        if change.get("action") != "none"
    ]


def has_secret(target):
    """Whether a target may hold a password or a token."""
    login = target.rpartition("@")[0]
    secret = ("password=", "token=", "pwd=")
    return ":" in login.split("://")[-1] or any(name in target.lower() for name in secret)
