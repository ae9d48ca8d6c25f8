"""An editor who publishes ten times a second, or as often as that can be done.

python -m tests.bench.editor SECONDS

Prints a line for each publication: the milliseconds that it took, and those of them
that documents and placements took.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import NamedTuple

import django

django.setup()

from django.db import transaction  # noqa: E402 - needs the settings
from django.db.models import Count  # noqa: E402

from api.documents import publishing  # noqa: E402
from api.documents.models import Document  # noqa: E402
from content_models.models import Article, ArticleAuthor, Author  # noqa: E402

EACH_S = 0.1
# Which articles are edited, in the order of their keys.
EDITED = slice(50, 100)


def articles() -> Sequence[int]:
    """The keys of the articles that are edited."""
    return list(Article.objects.order_by("pk").values_list("pk", flat=True)[EDITED])


class Published(NamedTuple):
    """The milliseconds of a publication, those of them that are ours, and its commit.

    The last is a moment of `time.perf_counter`.
    """

    whole_ms: float
    ours_ms: float
    committed: float


def publish(pk: int, mark: str) -> Published:
    """Publish one article with `mark` behind its title."""
    article = Article.objects.get(pk=pk)
    article.title = f"{article.title.partition(' #')[0]} #{mark}"
    began = time.perf_counter()
    committed: list[float] = []
    with publishing.publishing():
        # Before all else that is done then: Wagtail looks through the article for its
        # indexes.
        transaction.on_commit(lambda: committed.append(time.perf_counter()))
        article.save_revision().publish()
        saved = time.perf_counter()
        publishing.flush()
        written = time.perf_counter()
    done = time.perf_counter()
    ours_ms = (written - saved) * 1_000
    return Published((done - began) * 1_000, ours_ms, committed[0])


class Spread(NamedTuple):
    """A change of an author: in how many articles, and the seconds until all had it."""

    articles: int
    took_s: float


def change_author(least: int) -> Spread:
    """Change the name of one of those authors who wrote `least` articles or more.

    What is left to the worker is done here as the worker does it.
    """
    by_author = ArticleAuthor.objects.values("author").annotate(written=Count("pk"))
    fewest = by_author.filter(written__gte=least).order_by("written", "author")[0]
    chosen = Author.objects.get(pk=fewest["author"])
    chosen.family_name = f"Renamed {time.monotonic():.3f}"
    began = time.perf_counter()
    with publishing.publishing():
        chosen.save_revision().publish()
    while publishing.work_off():
        pass
    took_s = time.perf_counter() - began
    theirs = Document.objects.filter(facets__contains=[f"author:{chosen.slug}"])
    if theirs.exclude(full_json__contains=chosen.family_name).exists():
        sys.exit(f"Some of what {chosen.slug} wrote has still the former name.")
    return Spread(theirs.count(), took_s)


def publish_for(seconds: float) -> Iterator[Published]:
    due = time.perf_counter()
    end = due + seconds
    for number, pk in enumerate(cycle(articles())):
        time.sleep(max(0.0, due - time.perf_counter()))
        if time.perf_counter() >= end:
            return
        yield publish(pk, str(number))
        due = max(due + EACH_S, time.perf_counter())


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for one in publish_for(float(sys.argv[1])):
        print(f"{one.whole_ms:.1f} {one.ours_ms:.1f}", flush=True)


if __name__ == "__main__":
    main()
