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

from api.documents import publishing  # noqa: E402
from content_models.models import Article  # noqa: E402

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
