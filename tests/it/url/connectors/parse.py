"""Reads strings of Python's connectors, and prints what came of them, a line each.

SQLAlchemy's are read by SQLAlchemy; taosrest's calls are made with a connect that prints its arguments; taosws logs in."""
import sys
from urllib.parse import urlsplit

import taosws
from sqlalchemy.engine import make_url


def show(host, port, user, password, db, token):
    if ":" in host:
        host = f"[{host}]"
    enc = lambda text: (text or "").encode().hex()
    return f"{host}:{port}\t{enc(user)}\t{enc(password)}\t{db or ''}\t{enc(token)}"


class taosrest:
    @staticmethod
    def connect(url, user=None, password=None, token=None, database=None):
        at = urlsplit(url)
        return show(at.hostname, at.port, user, password, database, token)


for line in sys.stdin:
    text = line.rstrip("\n")
    try:
        if text.startswith("taosrest.connect("):
            print(eval(text))
        elif text.startswith("taosws://"):
            taosws.connect(text).query("select 1")
            print("ok")
        else:
            url = make_url(text)
            print(show(url.host, url.port, url.username, url.password, url.database, url.query.get("token")))
    except Exception as error:
        print(repr(error))
