"""An author of many articles gets another name, and all of them say it.

python -m tests.bench.renaming ARTICLES

Takes one of those who wrote ARTICLES or more. Does itself what is left to the worker,
as that does it. Prints a line when it begins; in the end how many articles there were,
and the seconds until all had the name.
"""

from __future__ import annotations

import sys
import time

import django

django.setup()

from django.db.models import Count  # noqa: E402 - needs the settings

from api.documents import publishing  # noqa: E402
from api.documents.models import Document  # noqa: E402
from content_models.models import ArticleAuthor, Author  # noqa: E402


def author(least: int) -> Author:
    """Of those who wrote `least` articles or more, one who wrote the fewest."""
    by_author = ArticleAuthor.objects.values("author").annotate(written=Count("pk"))
    written = by_author.filter(written__gte=least).order_by("written", "author").first()
    if written is None:
        sys.exit(f"Nobody wrote {least} articles.")
    return Author.objects.get(pk=written["author"])


def rename(one: Author) -> float:
    """The seconds until it is renamed everywhere."""
    one.family_name = f"Renamed {time.monotonic():.3f}"
    began = time.perf_counter()
    with publishing.publishing():
        one.save_revision().publish()
    while publishing.work_off():
        pass
    return time.perf_counter() - began


def main() -> None:
    least = int(sys.argv[1])
    one = author(least)
    print("begins", flush=True)
    took_s = rename(one)
    written = Document.objects.filter(facets__contains=[f"author:{one.slug}"])
    renamed = written.filter(full_json__contains=one.family_name).count()
    if not least <= renamed == written.count():
        sys.exit(f"{renamed} of {written.count()} articles say the new name.")
    print(f"{renamed} {took_s:.2f}")


if __name__ == "__main__":
    main()
