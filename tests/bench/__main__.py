"""Measure the API beside what others would use, and beside the limit: `make bench`.

Fills a database of its own, starts the servers as the docs do, with one worker each, on
one core with their database, and asks them from the other one; all rows in turn, and
that again. Prints a table, and writes it to docs/performance.md with WRITE=1. Figures
move from hour to hour, so only ratios within one run count.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

OWN = "_bench"
DATA_DIR = ".data/bench"


def _in_a_place_of_its_own() -> None:
    """Choose the database and the data folder, before the settings are read."""
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=parts.path + OWN))
    data_dir = os.environ.get("CLINICAST_DATA_DIR", "")
    os.environ["CLINICAST_DATA_DIR"] = f"{data_dir}{OWN}" if data_dir else DATA_DIR
    os.environ["PUBLIC_BASE_URL"] = "http://localhost:8000"
    # Nobody is refused, but everybody is counted.
    os.environ["RATE_LIMIT"] = os.environ["KEY_RATE_LIMIT"] = "1000000"
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings"


_in_a_place_of_its_own()

import django  # noqa: E402 - reads the settings

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from content_models.models import Article  # noqa: E402
from tests.bench import corpus, load, report, rows, serving  # noqa: E402
from tests.bench.report import Result  # noqa: E402
from tests.bench.rivals import bare  # noqa: E402
from tests.bench.rows import Row  # noqa: E402
from tests.bench.serving import LOAD_CORE, Backends, Server  # noqa: E402

ROUNDS = 3
SECONDS = 3
RIVAL = "tests.bench.rivals.wsgi:application"


def main() -> None:
    asked = _arguments()
    load.wrk()
    rate = prepared(asked.articles)
    facts = [f"{report.machine()}; {asked.articles:,} articles on 10 channels"]
    if rate is not None:
        facts.append(
            f"`documents rebuild`: {rate:,.0f} documents a second, one process"
        )
    with ExitStack() as stack:
        servers = started(stack)
        backends = Backends(settings.DATABASES["default"])
        wanted = [row for row in listed(servers) if re.search(asked.only, row.name)]
        results = measured(wanted, servers, backends, asked)
        if any(row.is_edited for row in wanted):
            facts.append(edited_alone())
    text = report.written(results, rows.TARGETS, facts, asked.seconds)
    print(text)
    if asked.write:
        keep(text, asked.articles)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--only", default="", help="a pattern of names of rows")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def prepared(articles: int) -> float | None:
    """Have the database hold so many articles; how fast they were rendered, if so."""
    name = settings.DATABASES["default"]["NAME"]
    if is_there(name) and Article.objects.count() == articles:
        return None
    connection.close()
    recreate(name)
    call_command("migrate", verbosity=0)
    return corpus.fill(articles)


def is_there(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def recreate(name: str) -> None:
    quoted = connection.ops.quote_name(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quoted}")


def started(stack: ExitStack) -> Mapping[str, Server]:
    ours = stack.enter_context(serving.granian("cms.wsgi:application", "/health"))
    texts = {
        "list": load.ask(ours.port, rows.LIST, {})[2].decode(),
        "detail": load.ask(ours.port, rows.DETAIL, {})[2].decode(),
    }
    bare.store(texts)

    def rival(name: str, path: str) -> Server:
        module = f"tests.bench.rivals.{name}"
        return stack.enter_context(
            serving.granian(RIVAL, path, DJANGO_SETTINGS_MODULE=module)
        )

    return {
        "ours": ours,
        "bare": rival("bare_settings", "/unchanged"),
        "rivals": rival("settings", "/drf/articles/?limit=1"),
        "nginx": stack.enter_context(serving.nginx(texts["list"].encode())),
    }


def listed(servers: Mapping[str, Server]) -> list[Row]:
    port = servers["ours"].port
    etags = {
        name: load.ask(port, rows.ASKED[name], {})[1]["ETag"]
        for name in ("list", "detail")
    }
    return [*rows.LIMITS, *rows.RIVALS, *rows.ours(etags)]


def measured(
    wanted: list[Row],
    servers: Mapping[str, Server],
    backends: Backends,
    asked: argparse.Namespace,
) -> list[Result]:
    """Every row in turn, `rounds` times; rows under an editor come last in each."""
    runs: dict[str, list[load.Run]] = {row.name: [] for row in wanted}
    in_turn = sorted(wanted, key=lambda row: row.is_edited)
    for row in in_turn:
        status, _, body = load.ask(servers[row.server].port, row.path, row.headers)
        if status not in (200, 304):
            sys.exit(f"{row.name}: {status} {body[:300]!r}")
    for number in range(asked.rounds):
        for row in in_turn:
            server = servers[row.server]
            seconds = asked.seconds * row.patience
            with editing(row, seconds):
                backends.pin()
                run = load.run(server.port, row.path, row.headers, seconds, row.script)
            runs[row.name].append(run)
            print(f"{number + 1} {row.name}: {run.rate:,.0f}", file=sys.stderr)
    return [
        Result(
            row,
            runs[row.name],
            servers[row.server].memory_mb,
        )
        for row in wanted
    ]


@contextmanager
def editing(row: Row, seconds: int) -> Iterator[None]:
    """Somebody publishes ten times a second, on the load's core, where asked for."""
    if not row.is_edited:
        yield
        return
    editor = subprocess.Popen(_editor(seconds + 4), stdout=subprocess.DEVNULL)
    # Until it has started.
    with suppress(subprocess.TimeoutExpired):
        editor.wait(timeout=3)
    try:
        yield
    finally:
        editor.terminate()
        editor.wait()


def edited_alone() -> str:
    """What a publication takes while nobody reads."""
    said = subprocess.run(_editor(5), capture_output=True, text=True, check=True)
    number, whole, ours = said.stdout.split()
    return (
        f"a publication takes {whole} ms, of which documents and placements {ours} ms "
        f"(median of {number}, `python -m tests.bench.editor 5`)"
    )


def _editor(seconds: float) -> list[str]:
    module = [sys.executable, "-m", "tests.bench.editor", str(seconds)]
    return ["taskset", "-c", str(LOAD_CORE), *module]


def keep(text: str, articles: int) -> None:
    """Write the table into its place in the report."""
    path: Path = report.REPORT
    begin = report.BEGIN.format(f"{articles:,}")
    before, mark, rest = path.read_text().partition(begin)
    if not mark:
        sys.exit(f"{path} has no line {begin}")
    after = rest.partition(report.END)[2]
    path.write_text(f"{before}{begin}\n\n{text}\n{report.END}{after}")


if __name__ == "__main__":
    main()
