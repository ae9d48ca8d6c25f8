"""What a demo consists of: one line for each process that is started and watched."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

WEB_WORKERS = 2
# More than one takes turns, but a client that sends its form slowly holds up nobody.
# In some of them mirrors may wait for news, so that one address does for everything.
WEB_THREADS, SYNC_WAITS = 12, 4
# Whose sites the demo serves: the locations of the sample content, the first of them at
# the microsite's port.
LOCATIONS = ("lake-como", "edison", "manalapan", "brick", "red-bank")
# The channel of the partner's page in the sample content.
PARTNER = "shoreline"


class WrongPorts(ValueError):
    """The ports asked for cannot be used together; the message says why."""


@dataclass(frozen=True)
class Part:
    """One process. It has started when its `path` answers; without a port, at once."""

    name: str
    command: list[str]
    port: int | None = None
    path: str = "/"
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}{self.path}"


@dataclass(frozen=True)
class Ports:
    """Where the origins listen; without `others` behind the highest of the three."""

    web: int
    microsite: int
    partner: int
    # The first of those of the other locations' sites.
    others: int = 0

    def check(self) -> None:
        for port, uses in Counter(self.all).items():
            if not 1 <= port <= 65535:
                raise WrongPorts(f"{port} is no port: choose one from 1024 to 65535.")
            if uses > 1:
                raise WrongPorts(f"Port {port} is given to two sites: choose another.")

    @property
    def all(self) -> list[int]:
        return [self.web, self.partner, *self.sites.values()]

    @property
    def sites(self) -> dict[str, int]:
        """The port of each location's site, by slug."""
        first = self.others or max(self.web, self.microsite, self.partner) + 1
        own, *others = LOCATIONS
        after = {slug: first + place for place, slug in enumerate(others)}
        return {own: self.microsite, **after}

    @property
    def site_urls(self) -> dict[str, str]:
        """The address of each location's site, by slug."""
        return {slug: f"http://localhost:{port}" for slug, port in self.sites.items()}

    @property
    def channel_urls(self) -> dict[str, str]:
        """The address of each site that has a channel of its own, by its slug."""
        return {**self.site_urls, PARTNER: self.partner_url}

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.web}"

    @property
    def microsite_url(self) -> str:
        return f"http://localhost:{self.microsite}"

    @property
    def partner_url(self) -> str:
        return f"http://localhost:{self.partner}"


def parts(ports: Ports) -> list[Part]:
    api = ["--api", f"{ports.base_url}/api/v1"]
    serve = [sys.executable, "frontend_stub/serve.py"]
    microsite = [*serve, "microsite", *api, "--own-channels"]
    for slug, port in ports.sites.items():
        microsite += ["--site", f"{slug}:{port}"]
    partner = [*serve, "partner", "--port", str(ports.partner), *api]
    partner += ["--channel", PARTNER]
    return [
        Part(
            "web",
            web(ports.web),
            ports.web,
            "/health",
            {"SYNC_WAITS": str(SYNC_WAITS)},
        ),
        Part("microsite", microsite, ports.microsite),
        Part("partner", partner, ports.partner),
        Part("worker", [sys.executable, "manage.py", "worker"]),
    ]


def web(port: int) -> list[str]:
    """Granian, which serves WSGI faster than any other server."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-ws", "--workers", str(WEB_WORKERS)]
    command += ["--blocking-threads", str(WEB_THREADS)]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
    return [*command, "cms.wsgi:application"]
