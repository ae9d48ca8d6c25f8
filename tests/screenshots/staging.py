"""Brings the demo's content into the states that the screens show.

Returns the words that paths of screens have in braces, such as `{locked}`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections
from django.utils import timezone
from wagtail.models import Workflow

from api.channels import keys
from api.channels.models import Channel, Key, Selection
from api.documents import propagation, publishing
from api.documents.models import Document
from api.documents.reading import standing_of_channel
from api.webhooks.models import PUBLISHED, UPDATED, WITHDRAWN, Delivery
from cms.desk import preview, withdrawing
from cms.sample.content import table
from content_models import previews
from content_models.models import (
    Article,
    Author,
    Award,
    Category,
    Location,
    Practice,
    Reference,
    Section,
    Urgency,
)
from tests import factories as make
from tests.api.factories import EndpointFactory

from . import slugs

_WHAT = ("Strength training", "Walking", "Yoga", "Balance training", "Swimming", "Rest")
_FOR_WHAT = (
    "back pain",
    "neck pain",
    "knee arthritis",
    "hip arthritis",
    "shoulder pain",
    "tennis elbow",
    "heel pain",
    "Achilles tendon pain",
    "ankle sprains",
    "fear of falling",
)

# Partners with a key: one that has heard of everything, and one that hangs.
FAST, SLOW = "bay-runners", "tidewater-sports"
# What the first of them was told, the last first.
_HEARD = (
    (WITHDRAWN, slugs.WITHDRAWN),
    (UPDATED, slugs.CORRECTED),
    (UPDATED, slugs.WITHOUT_IMAGE),
    (PUBLISHED, slugs.MANY_REFERENCES),
)


def stage() -> dict[str, str]:
    """Make every state that the sample content does not have."""
    with publishing.publishing():
        _drafts()
        _under_review()
        _locked()
        _corrected()
        _without_image()
        _many_references()
        _partners()
    _work()
    confirmed, waiting = _withdrawn()
    words = _words() | {"confirmed": confirmed, "waiting": waiting} | _hook()
    connections.close_all()
    return words


def _work() -> None:
    """What the worker would do."""
    while publishing.work_off() or publishing.settle():
        pass


def _user(name: str) -> Any:
    return get_user_model().objects.get(username=name)


def _article(slug: str) -> Article:
    return Article.objects.get(slug=slug)


def _draft_by_writer(title: str, slug: str) -> Article:
    article = make.ArticleFactory(
        title=title,
        slug=slug,
        live=False,
        owner=_user("writer"),
        authors=[Author.objects.get(slug="maren-okafor")],
        parent=Section.objects.get(slug="articles"),
        summary="Most ease within weeks. What helps meanwhile, and when to worry.",
        body=[("text", "<p>Most of these pains ease within weeks.</p>")],
    )
    article.save_revision(user=_user("writer"))
    return article


def _drafts() -> None:
    _draft_by_writer("Stiff big toe: which shoes help?", slugs.DRAFT)
    article = _draft_by_writer("Shin pain: should runners stop?", slugs.SENT_BACK)
    state = Workflow.objects.get(active=True).start(article, _user("writer"))
    state.current_task_state.reject(
        user=_user("reviewer"),
        comment="Please say how many weeks, and name a source for it.",
    )


def _under_review() -> None:
    Workflow.objects.get(active=True).start(
        _article(slugs.UNDER_REVIEW), _user("writer")
    )


def _locked() -> None:
    Article.objects.filter(slug=slugs.LOCKED).update(
        locked=True, locked_by=_user("editor"), locked_at=timezone.now()
    )


def _corrected() -> None:
    article = _article(slugs.CORRECTED)
    article.change_note = "The exercises take 3 days a week; we had said 5."
    article.significance = Article.Significance.MAJOR
    article.save_revision().publish()


def _without_image() -> None:
    article = _article(slugs.WITHOUT_IMAGE)
    article.image = None
    article.save_revision().publish()


def _many_references() -> None:
    references = [
        make.ReferenceFactory(
            title=f"{what} for {for_what}: a randomized trial",
            slug=f"trial-{place}",
            container_title="Journal of Examples",
            year=1999 + place // 3,
            volume=str(40 + place // 3),
            authors=["Example", "Sample", "Specimen", "Instance"][: 1 + place % 4],
        )
        for place, (what, for_what) in enumerate(product(_WHAT, _FOR_WHAT))
    ]
    marks = "".join(f"[{number}]" for number in range(1, len(references) + 1))
    make.ArticleFactory(
        title="What does exercise do for pain that stays?",
        slug=slugs.MANY_REFERENCES,
        summary="60 trials in one page: moving more helps most people a little.",
        authors=[Author.objects.get(slug="maren-okafor")],
        references=references,
        categories=[Category.objects.filter(slug="back-and-neck").first()],
        image=_article(slugs.PUBLISHED).image,
        parent=Section.objects.get(slug="articles"),
        first_published_at=timezone.now() - timedelta(days=300),
        body=[("text", f"<p>Moving more helps most people a little {marks}.</p>")],
    )


def _partners() -> None:
    """Two sites with a key each, and an article that only they have had."""
    for slug, name, contact, phone in (
        (FAST, "Bay Runners Club", "Priya Nair", "+1 732 555 0142"),
        (SLOW, "Tidewater Sports Daily", "Tom Aldridge", "+1 848 555 0177"),
    ):
        site = Channel.objects.create(
            slug=slug,
            name=name,
            selection=Selection.ALL,
            contact_name=contact,
            contact_phone=phone,
            contact_email=f"{contact.split()[0].lower()}@{slug}.example",
        )
        keys.issue(site, f"{name} web server", by=_user("admin"))
    make.ArticleFactory(
        title="Kinesiology tape for a sore knee",
        slug="kinesiology-tape",
        authors=[Author.objects.get(slug="maren-okafor")],
        parent=Section.objects.get(slug="articles"),
        summary="What the tape can do, and what it cannot.",
        body=[("text", "<p>It may ease pain for some days.</p>")],
    )


def _withdrawn() -> tuple[str, str]:
    """Withdraw one article that every site has heard of, and one that one has not.

    The documents, as their boards are named.
    """
    _mirrors(FAST, SLOW)
    with publishing.publishing():
        withdrawing.withdraw(
            [_article("kinesiology-tape")],
            _user("editor"),
            reason="A trial of 2026 found no benefit, and some sore skin.",
            urgency=Urgency.ROUTINE,
            replacement=None,
        )
    _mirrors(FAST, SLOW)
    with publishing.publishing():
        withdrawing.withdraw(
            [_article(slugs.WITHDRAWN)],
            _user("editor"),
            reason="It said to rest for longer than newer studies advise.",
            urgency=Urgency.URGENT,
            replacement=_article(slugs.PUBLISHED),
        )
    _work()
    _mirrors(FAST)
    gone = [_article("kinesiology-tape"), _article(slugs.WITHDRAWN)]
    [confirmed, waiting] = [
        str(Document.objects.get(source=f"article:{one.pk}").pk) for one in gone
    ]
    return confirmed, waiting


def _mirrors(*slugs: str) -> None:
    """Have the mirrors of these sites ask, with all that there is in their copies."""
    for key in Key.objects.filter(channel__slug__in=slugs):
        now = timezone.now()
        standing = replace(standing_of_channel(key.channel_id), key_id=key.pk)
        at = standing.sequence
        propagation.saw(standing, propagation.SYNC, at, now, has_all=True)
        Key.objects.filter(pk=key.pk).update(last_used_at=now)


def _hook() -> dict[str, str]:
    """A webhook that has told a site of changes, one of them at the second try."""
    hook = EndpointFactory(
        channel=Channel.objects.get(slug=FAST),
        url="https://hooks.bay-runners.example/clinicast",
        description="The club's own server",
        created_by=_user("admin"),
    )
    now = timezone.now()
    for ago, (event, slug) in enumerate(_HEARD, start=1):
        at = now - timedelta(minutes=9 * ago)
        told = hook.deliveries.create(
            sequence=hook.sequence - ago,
            event=f"article.{event}",
            slug=slug,
            webhook_id=f"msg_example{ago}",
            payload=f'{{"type":"article.{event}","data":{{"slug":"{slug}"}}}}',
            state=Delivery.State.DELIVERED,
            delivered_at=at,
        )
        if event == WITHDRAWN:
            before = at - timedelta(seconds=5)
            told.attempts.create(at=before, took_ms=2_412, status=503)
        told.attempts.create(at=at, took_ms=70 + 7 * ago, status=204)
    type(hook).objects.filter(pk=hook.pk).update(confirmed_at=now, last_ms=77)
    return {"hook": str(hook.pk)}


def _words() -> dict[str, str]:
    draft = _article(slugs.DRAFT)
    site = previews.site_named(previews.PRACTICE)
    shared = preview.share(_article(slugs.UNDER_REVIEW), site, _user("editor"))
    named = {
        "article": _article(slugs.PUBLISHED),
        "locked": _article(slugs.LOCKED),
        "under_review": _article(slugs.UNDER_REVIEW),
        "scheduled": _article(slugs.SCHEDULED),
        "sent_back": _article(slugs.SENT_BACK),
        "draft": draft,
        "section": Section.objects.get(slug="articles"),
        "author": Author.objects.get(slug="maren-okafor"),
        "location": Location.objects.get(slug="lake-como", locale__language_code="en"),
        "reference": Reference.objects.get(doi=_doi("qaseem-2017")),
        "award": Award.objects.order_by("pk").first(),
        "practice": Practice.load(),
        "channel": Channel.objects.get(slug="shoreline"),
        "slow": Channel.objects.get(slug=SLOW),
    }
    words = {name: str(content.pk) for name, content in named.items()}
    return words | {"token": preview.token_of(shared)}


def _doi(name: str) -> str:
    return str(table("references")[name]["doi"]).lower()
