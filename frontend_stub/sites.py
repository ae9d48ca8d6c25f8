"""What one of the two sites answers to a path: a file, its configuration, or a page."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import gazette
import heads
from addresses import find
from asking import read
from contact import Contact
from languages import direction
from noscript import essentials

ESSENTIALS_MARK = b"<!-- essentials -->"
BRAND_MARK = b"<!-- brand -->"
HEAD_END = b"</head>"
TITLE = re.compile(rb"(?<=<title>)[^<]*(?=</title>)")
LANGUAGE = re.compile(rb'(?<=<html )lang="[a-z]+" dir="[a-z]+"')
# No part of it begins with a dot, so that none leads out of the folder.
FILE = re.compile(r"(/[A-Za-z0-9_-]+)+(\.[A-Za-z0-9]+)+")
# Where guests look at what is not published; the key is behind the `#`.
DRAFTS = "/preview/"
# Where the editor does, in its own frame.
DRAFTS_IN_EDITOR = "/preview/desk/"

# What nobody may list, and no other site may learn the address of.
UNLISTED = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class Answer:
    """What one path is answered with."""

    status: HTTPStatus
    content_type: str
    body: bytes

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


@dataclass
class Site:
    """One folder of files, and what its pages need to know about the API."""

    root: Path
    api: str
    location: str | None
    # What it carries, if it has a channel of its own.
    channel: str = ""
    # As the API said last: what the pages still say while it is away.
    contact: Contact | None = None

    def answer(self, path: str, query: str = "") -> Answer:
        """Return the file, the configuration, or the page for an address of the site.

        An address without an extension is one of the page's own, so it gets the page:
        people reload and share what the address bar shows. The page then says itself
        what is missing or withdrawn; the status says it to search engines.
        """
        name = unquote(path)
        if name == "/config.json":
            config: dict[str, Any] = {"api": self.api, "location": self.location}
            if self.channel:
                config["channel"] = self.channel
            if self.contact:
                config["contact"] = self.contact.as_json()
            body = json.dumps(config).encode()
            return Answer(HTTPStatus.OK, CONTENT_TYPES[".json"], body)
        if (file := self._file(name)) is not None:
            kind = CONTENT_TYPES[file.suffix]
            return Answer(HTTPStatus.OK, kind, file.read_bytes())
        if name == "/index.html" or "." not in name.rsplit("/", 1)[-1]:
            return self._page(path, query)
        return Answer(
            HTTPStatus.NOT_FOUND, CONTENT_TYPES[".txt"], b"There is no such file.\n"
        )

    def security_headers(self, path: str) -> dict[str, str]:
        """Headers of every answer; scripts, styles and data come from known places."""
        page = unquote(path).rstrip("/") + "/"
        if page == DRAFTS_IN_EDITOR:
            return self._editor_headers() | UNLISTED
        if page == DRAFTS:
            return self._public_headers() | UNLISTED
        return self._public_headers()

    def _editor_headers(self) -> dict[str, str]:
        """For drafts in the editor, which alone may show them in a frame.

        Its checks run there: their script and style come from the editor's server,
        which is the API's.
        """
        api = _origin(self.api)
        policy = {
            "default-src": "'none'",
            "script-src": f"'self' {api}",
            "style-src": f"'self' {api} 'unsafe-inline'",
            "font-src": f"'self' {api}",
            "img-src": f"'self' data: {api}",
            "connect-src": f"'self' {api}",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": api,
        }
        return {
            "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in policy.items()),
            "X-Content-Type-Options": "nosniff",
        }

    def _public_headers(self) -> dict[str, str]:
        api = _origin(self.api)
        policy = {
            "default-src": "'none'",
            "script-src": f"'self'{self._embedded()}",
            "style-src": "'self'",
            "font-src": "'self'",
            "img-src": f"'self' data: {api}",
            "connect-src": f"'self' {api}",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            # HTML from the API passes one checked door in the page, and no other.
            "require-trusted-types-for": "'script'",
            "trusted-types": "clinicast-inert clinicast-worker",
        }
        return {
            "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in policy.items()),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }

    def _embedded(self) -> str:
        """The one script of somebody else's, which the partner's page puts in."""
        module = f" {_origin(self.api)}/embed/v1/clinic-feed.js"
        return module if self._is_partner else ""

    @property
    def _is_partner(self) -> bool:
        return self.root.name == "partner"

    def _file(self, name: str) -> Path | None:
        """The file of that name, unless it is a page, which is filled in."""
        if not FILE.fullmatch(name):
            return None
        file = self.root.resolve() / name[1:]
        if file.suffix not in CONTENT_TYPES or file.suffix == ".html":
            return None
        try:
            # A link could lead anywhere, or, as Python 3.11 says it, round in a ring.
            is_itself = file.resolve(strict=True) == file
        except (OSError, RuntimeError):
            return None
        return file if is_itself and file.is_file() else None

    def _page(self, path: str, query: str) -> Answer:
        route = find(self.root.name, path)
        if self._is_partner:
            status, html = gazette.page(self.root, self.api, route, self.channel)
            body = html.encode(errors="replace")
            return Answer(status, CONTENT_TYPES[".html"], body)
        page = (self.root / "index.html").read_bytes()
        words = parse_qs(query, max_num_fields=50).get("q", [""])[0]
        ask = partial(read, self.api, channel=self.channel)
        told = essentials(ask, self.location, route, words, self.contact)
        self.contact = told.contact or self.contact
        if told.title:
            # JSON can hold what UTF-8 cannot: half a surrogate pair.
            title = escape(told.title).encode(errors="replace")
            page = TITLE.sub(lambda _: title, page, count=1)
        said = f'lang="{escape(told.language)}" dir="{direction(told.language)}"'
        page = LANGUAGE.sub(lambda _: said.encode(errors="replace"), page, count=1)
        brand = escape(self.contact.name if self.contact else "Home")
        page = page.replace(BRAND_MARK, brand.encode(errors="replace"))
        page = page.replace(ESSENTIALS_MARK, told.html.encode(errors="replace"))
        head = heads.of_site(self.api, self.channel, told.language) + told.head
        page = page.replace(HEAD_END, head.encode(errors="replace") + HEAD_END, 1)
        return Answer(told.status, CONTENT_TYPES[".html"], page)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
