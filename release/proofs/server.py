"""A server on loopback that serves contents by their path, and remembers what it was asked for."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@contextmanager
def served(contents, redirects=None):
    """Serves `contents`, paths with bytes or functions from the address to bytes; yields the address and the list of paths."""
    asked, moved = [], redirects or {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = unquote(self.path.split("?")[0])
            asked.append(path)
            if path in moved:
                return self.answer(302, b"", {"Location": moved[path]})
            found = contents.get(path, contents.get(path.rstrip("/")))
            if found is None:
                return self.answer(404, b"not found\n")
            body = found(address) if callable(found) else found
            kind = "application/json" if body[:1] == b"{" else "text/html" if body[:1] == b"<" else "application/octet-stream"
            return self.answer(200, body, {"Content-Type": kind})

        do_HEAD = do_GET

        def answer(self, status, body, headers=None):
            self.send_response(status)
            for name, value in {"Content-Length": len(body), **(headers or {})}.items():
                self.send_header(name, str(value))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):  # a client that closes early
            pass

    with Quiet(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield address, asked
        finally:
            server.shutdown()
            thread.join()
