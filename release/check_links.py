"""Checks the links of built books: every relative link leads to a file, every fragment to an element. Usage: check_links.py DIR…"""

import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """The links and the ids of one page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if attrs.get("id"):
            self.ids.add(attrs["id"])
        link = attrs.get("href") if tag in ("a", "link") else attrs.get("src")
        if link:
            self.links.append(link)


def main(directories):
    broken, checked = [], 0
    for directory in map(pathlib.Path, directories):
        # print.html holds all pages in one, with links of the others.
        pages = {path.resolve(): Page(path) for path in directory.rglob("*.html") if path.name not in ("print.html", "toc.html")}
        for path, page in pages.items():
            for link in page.links:
                url = urllib.parse.urlsplit(link)
                if url.scheme or url.netloc:
                    continue
                checked += 1
                target = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path
                fragment = urllib.parse.unquote(url.fragment)
                if not target.exists():
                    broken.append(f"{path.relative_to(directory.resolve())}: {link}: no such file")
                elif fragment and target in pages and fragment not in pages[target].ids:
                    broken.append(f"{path.relative_to(directory.resolve())}: {link}: no such heading")
    if not checked:
        sys.exit("no links found")
    if broken:
        sys.exit("\n".join(broken))
    print(f"{checked} links lead somewhere")


main(sys.argv[1:])
