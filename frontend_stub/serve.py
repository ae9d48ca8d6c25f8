"""Serve the location microsite or the partner page, each on an origin of its own.

    python frontend_stub/serve.py microsite --port 8001 --location lake-como
    python frontend_stub/serve.py microsite --site lake-como:8001 --site edison:8003
    python frontend_stub/serve.py partner --port 8002

Both talk to the read API over HTTP only. The microsite is plain files, which learn from
`/config.json` where it is and can be copied to any static host; the partner's pages are
written by its own server. Standard library only.
"""

from __future__ import annotations

import argparse
import errno
import gzip
import hashlib
import json
import re
import signal
import sys
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

import gazette
import heads
from addresses import find
from asking import read
from contact import Contact
from languages import direction
from noscript import essentials

HERE = Path(__file__).resolve().parent
ESSENTIALS_MARK = b"<!-- essentials -->"
BRAND_MARK = b"<!-- brand -->"
HEAD_END = b"</head>"
TITLE = re.compile(rb"(?<=<title>)[^<]*(?=</title>)")
LANGUAGE = re.compile(rb'(?<=<html )lang="[a-z]+" dir="[a-z]+"')
# No part of it begins with a dot, so that none leads out of the folder.
FILE = re.compile(r"(/[A-Za-z0-9_-]+)+(\.[A-Za-z0-9]+)+")
IDLE_TIMEOUT_S = 30
WORTH_PACKING_B = 1_000
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
            # A link could lead anywhere.
            is_itself = file.resolve(strict=True) == file
        except OSError:
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


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from a `Site`."""

    protocol_version = "HTTP/1.1"
    server_version = "clinicast-stub"
    sys_version = ""
    timeout = IDLE_TIMEOUT_S
    # A body is sent behind its headers, and must not wait for their acknowledgement.
    disable_nagle_algorithm = True

    def __init__(self, site: Site, *args: Any) -> None:
        self.site = site
        super().__init__(*args)

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def _refuse(self) -> None:
        # The request's body was not read, so the connection cannot be used again.
        self.close_connection = True
        self.send_response(HTTPStatus.METHOD_NOT_ALLOWED)
        self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    do_DELETE = do_OPTIONS = do_PATCH = do_POST = do_PUT = _refuse

    def _send(self, *, with_body: bool) -> None:
        try:
            asked = urlsplit(self.path)
            answer = self.site.answer(asked.path, asked.query)
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        is_found = answer.status == HTTPStatus.OK
        is_known = is_found and answer.etag in self.headers.get("If-None-Match", "")
        packed = None if is_known else self._packed(answer)
        body = packed or answer.body
        self.send_response(HTTPStatus.NOT_MODIFIED if is_known else answer.status)
        if {"Content-Length", "Transfer-Encoding"} & set(self.headers):
            # A body that nobody reads would be taken for the next request.
            self.send_header("Connection", "close")
        if not is_known:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        if is_found:
            # Weak: the same page is sent packed and not.
            self.send_header("ETag", f"W/{answer.etag}")
        # Names carry no version, so browsers keep the files but ask before each use.
        self.send_header("Cache-Control", "no-cache" if is_found else "no-store")
        for name, value in self.site.security_headers(asked.path).items():
            self.send_header(name, value)
        self.end_headers()
        if with_body and not is_known:
            self.wfile.write(body)

    def _packed(self, answer: Answer) -> bytes | None:
        """The body compressed, for a browser that reads that, if it is worth it."""
        takes_it = "gzip" in self.headers.get("Accept-Encoding", "")
        is_text = not answer.content_type.startswith("font/")
        if not takes_it or not is_text or len(answer.body) < WORTH_PACKING_B:
            return None
        return gzip.compress(answer.body, compresslevel=6, mtime=0)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about answers that went well."""


class Server(ThreadingHTTPServer):
    """One thread per connection; a browser that hangs up is not an error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _api_url(text: str) -> str:
    # The address becomes part of a header, so nothing but an address may pass.
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?", text):
        message = f"{text!r} is no API's address, such as http://localhost:8000/api/v1"
        raise argparse.ArgumentTypeError(message)
    return text.rstrip("/")


def _slug(text: str) -> str:
    if not re.fullmatch(r"[\w-]+", text):
        message = f"{text!r} is no location's slug, such as lake-como"
        raise argparse.ArgumentTypeError(message)
    return text


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serve one of the two example sites.")
    parser.add_argument("site", choices=["microsite", "partner"])
    parser.add_argument("--port", type=int, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--api", type=_api_url, default="http://localhost:8000/api/v1")
    parser.add_argument(
        "--location", type=_slug, help="the microsite's location, by slug"
    )
    parser.add_argument(
        "--site",
        dest="sites",
        metavar="LOCATION:PORT",
        type=_location_and_port,
        action="append",
        default=[],
        help="one location's microsite; as many as there are",
    )
    parser.add_argument("--channel", type=_slug, help="what the site carries, by slug")
    parser.add_argument(
        "--own-channels",
        action="store_true",
        help="each microsite reads the channel that is named like its location",
    )
    arguments = parser.parse_args()
    if (arguments.port is None) == (not arguments.sites):
        parser.error("say --port for one site, or --site for each of several")
    arguments.sites = arguments.sites or [(arguments.location, arguments.port)]
    return arguments


def _location_and_port(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"([\w-]+):([0-9]{1,5})", text)
    if not found:
        message = f"{text!r} is no location with its port, such as lake-como:8001"
        raise argparse.ArgumentTypeError(message)
    return found[1], int(found[2])


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


def main() -> None:
    arguments = _arguments()
    servers = []
    for location, port in arguments.sites:
        channel = location if arguments.own_channels else arguments.channel
        site = Site(HERE / arguments.site, arguments.api, location, channel or "")
        servers.append(_listening(arguments.host, port, site))
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    for server in servers:
        port = server.server_address[1]
        sys.stdout.write(f"{arguments.site} on http://{arguments.host}:{port}/\n")
    sys.stdout.flush()
    *others, last = servers
    for server in others:
        Thread(target=server.serve_forever, daemon=True).start()
    last.serve_forever()


def _listening(host: str, port: int, site: Site) -> Server:
    try:
        return Server((host, port), partial(Handler, site))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.exit(
            f"Port {port} on {host} is taken. Stop what listens there, or choose "
            "another one."
        )


if __name__ == "__main__":
    main()
