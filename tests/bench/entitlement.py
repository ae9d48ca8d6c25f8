"""How long publishing waits while a channel's entitlement is put into effect.

Takes everything off one channel, and publishes as often as it can meanwhile, which a
worker in a process of its own makes hard. Prints how much was placed, and of all
publications how long they waited for their place in the order of changes.

    python -m tests.bench entitlement --articles 10000
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from statistics import median

from django.db import transaction

from api.channels.models import Channel, Selection
from api.documents import ledger, publishing
from api.documents.models import Placement, Settling
from content_models.models import Article

from . import corpus, report

# Those from which the others are copied.
FEW = 1_000
EACH_S = 0.05
WORKER = """
import django
django.setup()
from api.documents import publishing
while publishing.settle():
    pass
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, default=10_000)


def main(asked: argparse.Namespace) -> None:
    corpus.made(min(asked.articles, FEW), is_kept=asked.kept)
    corpus.grow(asked.articles, with_content=False)
    channel = Channel.objects.get(slug="site-1")
    shown = Placement.objects.filter(channel=channel, is_visible=True)
    before = shown.count()
    _choose(channel, Selection.NONE)
    waits = list(waits_of_publications())
    text = (
        f"- {report.machine()}; {asked.articles:,} articles on {corpus.CHANNELS} "
        "channels\n"
        f"- {before - shown.count():,} placements were taken off one channel; of "
        f"{len(waits)} publications meanwhile one waited {max(waits) * 1_000:.0f} ms "
        f"at the most, {median(waits) * 1_000:.1f} ms in the median"
    )
    print(text)
    if asked.write:
        report.keep(text, "python -m tests.bench entitlement")
    _choose(channel, Selection.ALL)
    while publishing.settle():
        pass


def waits_of_publications() -> Iterator[float]:
    """Publish until a worker has placed all anew; the seconds that each waited."""
    worker = subprocess.Popen([sys.executable, "-c", WORKER])
    pks = cycle(Article.objects.order_by("pk").values_list("pk", flat=True)[:50])
    try:
        while Settling.objects.exists() and worker.poll() is None:
            yield _wait_of_publication(next(pks))
            time.sleep(EACH_S)
    finally:
        worker.wait()


def _wait_of_publication(pk: int) -> float:
    article = Article.objects.get(pk=pk)
    article.title = f"{article.title.partition(' #')[0]} #{time.time():.3f}"
    with publishing.publishing():
        article.save_revision().publish()
        began = time.perf_counter()
        with transaction.atomic():
            ledger.take_counter()
        return time.perf_counter() - began


def _choose(channel: Channel, selection: Selection) -> None:
    channel.selection = selection
    with publishing.publishing():
        channel.save()
