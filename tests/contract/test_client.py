"""A typed client that a generator makes of our document, used as it comes."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api import openapi
from tests.contract.description import operations
from tests.contract.serving import Server

PACKAGE = "generated_clinicast_client"
# As docs/developers/feeds.md says: the generator knows no XML.
CONFIG = """
content_type_overrides:
  application/atom+xml: text/plain
  application/rss+xml: text/plain
"""
BIN = Path(sys.executable).parent

Operation = Callable[..., Any]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the generator has written the client, without a word of warning."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(openapi.text())
    (folder / "config.yaml").write_text(CONFIG)
    done = subprocess.run(
        [
            *(BIN / "openapi-python-client", "generate", "--meta", "none"),
            *("--path", folder / "openapi.json", "--output-path", folder / PACKAGE),
            *("--config", folder / "config.yaml", "--fail-on-warning"),
        ],
        # It tidies what it wrote with the ruff that it finds.
        env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "arning" not in done.stdout + done.stderr, done.stdout
    return folder / PACKAGE


@pytest.fixture
def operation(package: Path, monkeypatch: pytest.MonkeyPatch) -> Operation:
    """The function of the client for an operation, by its id."""
    monkeypatch.syspath_prepend(str(package.parent))

    def imported(name: str) -> Any:
        [module] = (package / "api").glob(f"*/{name}.py")
        return importlib.import_module(f"{PACKAGE}.api.{module.parent.name}.{name}")

    return imported


@pytest.fixture
def client(operation: Operation, server: Server) -> Any:
    return importlib.import_module(PACKAGE).Client(base_url=server.url)


def test_every_operation_is_in_the_client(operation: Operation) -> None:
    for one in operations():
        assert callable(operation(one.id).sync_detailed)


def test_the_client_passes_a_check_of_its_types(package: Path) -> None:
    done = subprocess.run(
        # With a configuration of its own: ours has plugins that start Django.
        [
            *(BIN / "mypy", "-p", PACKAGE),
            *("--config-file", os.devnull, "--cache-dir", os.devnull),
        ],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    # The generator's own frame, the same for every document, has errors of its own.
    lines = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert [line for line in lines if f"{PACKAGE}/client.py" not in line] == []
    assert "checked" in done.stdout, done.stdout + done.stderr


def test_documents_come_as_objects_with_typed_members(
    operation: Operation, client: Any
) -> None:
    article = operation("get_article").sync("hip-pain", client=client)

    assert type(article).__name__ == "Article"
    assert isinstance(article.id, UUID)
    assert isinstance(article.published_at, datetime)
    assert isinstance(article.last_reviewed_on, date)
    assert article.next_review_on is None
    assert article.authors[0].credentials[0].abbreviation == "PT"
    assert article.image.renditions[0].width == 480
    assert article.references[0].number == 1
    assert type(article.body[0]).__name__ == "HeadingBlock"
    assert not article.additional_properties


def test_a_list_is_read_page_by_page(operation: Operation, client: Any) -> None:
    listed = operation("list_articles")

    pages = [listed.sync(client=client, limit=1, offset=start) for start in (0, 1)]

    assert [page.count for page in pages] == [2, 2]
    assert type(pages[0].results[0]).__name__ == "ArticleSummary"
    slugs = {page.results[0].slug for page in pages}
    assert slugs == {"hip-pain", "back-pain"}
    assert pages[0].next_ is not None and pages[1].next_ is None


def test_every_list_and_detail_is_read(operation: Operation, client: Any) -> None:
    for one in operations():
        if one.id.startswith("list_") and "{" not in one.path:
            page = operation(one.id).sync(client=client)
            details = [
                operation(other.id).sync(result.slug, client=client)
                for other in operations()
                if other.path == f"{one.path}{{slug_or_id}}/"
                for result in page.results
            ]
            assert [type(found).__name__ for found in details] == [
                type(result).__name__.removesuffix("Summary") for result in page.results
            ]


def test_what_is_not_there_or_no_longer_comes_as_a_problem(
    operation: Operation, client: Any
) -> None:
    get = operation("get_article").sync_detailed

    absent = get("absent", client=client)
    gone = get("withdrawn", client=client)

    assert (absent.status_code, absent.parsed.status) == (404, 404)
    assert (gone.status_code, gone.parsed.kind.value) == (410, "gone")
    assert isinstance(gone.parsed.withdrawn_at, datetime)


def test_what_the_client_sends_by_itself_does_not_narrow_what_it_finds(
    operation: Operation, client: Any
) -> None:
    """It sends every default of the document, so each must be what silence means."""
    detail = operation("get_article")._get_kwargs("a")["params"]
    listed = operation("list_articles")._get_kwargs(q="knee")["params"]

    # An id is of one language, which need not be the default one; a search has an
    # order of its own.
    assert "locale" not in detail
    assert "order" not in listed
