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
import re
import signal
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn
from urllib.parse import urlsplit

from sites import Answer, Site

HERE = Path(__file__).resolve().parent
IDLE_TIMEOUT_S = 30
WORTH_PACKING_B = 1_000


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
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
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
