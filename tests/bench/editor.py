"""An editor who publishes ten times a second: prints what one publication takes.

python -m tests.bench.editor SECONDS
"""

from __future__ import annotations

import sys
import time
from itertools import cycle
from statistics import median

import django

django.setup()

from api.documents import publishing  # noqa: E402 - needs the settings
from content_models.models import Article  # noqa: E402

EACH_S = 0.1


def publish_for(seconds: float) -> list[tuple[float, float]]:
    """Of each publication the seconds it took, and those that our own part took."""
    articles = cycle(Article.objects.order_by("pk")[100:150])
    took, due = [], time.perf_counter()
    end = due + seconds
    while due < end:
        time.sleep(max(0.0, due - time.perf_counter()))
        article = Article.objects.get(pk=next(articles).pk)
        article.title = f"{article.title.partition(' #')[0]} #{len(took)}"
        began = time.perf_counter()
        with publishing.publishing():
            article.save_revision().publish()
            saved = time.perf_counter()
        done = time.perf_counter()
        took.append((done - began, done - saved))
        due = max(due + EACH_S, time.perf_counter())
    return took


def main() -> None:
    took = publish_for(float(sys.argv[1]))
    whole, ours = (median(one) * 1_000 for one in zip(*took, strict=True))
    print(f"{len(took)} {whole:.1f} {ours:.1f}")


if __name__ == "__main__":
    main()
