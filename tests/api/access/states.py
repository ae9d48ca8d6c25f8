"""The states in which a thing may not be read, and how each comes about.

Everything is made at `HIDDEN` and asked for at `ASKED`. No worker runs in between,
unless a state says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import time_machine
from django.db import transaction
from wagtail.models import Collection

from api.documents import publishing
from api.documents.flushing import Flush
from api.documents.models import Head, Placement, Withdrawal
from content_models import models as content
from tests import factories as make
from tests.api.factories import ChannelFactory

from . import hidden
from .arranging import head_kept, keep_private, placed, restrict, stored
from .asking import Probe
from .names import DRAFTED, KINDS, NAMED_UNPUBLISHED, NAMES, UNTRANSLATED
from .probes import CLOSED_CHANNEL, OPEN_CHANNEL

PUBLISHED = datetime(2030, 3, 11, 16, tzinfo=UTC)
HIDDEN = PUBLISHED + timedelta(hours=1)
LAPSING = HIDDEN + timedelta(hours=1)
ASKED = PUBLISHED + timedelta(days=1)
LATER = ASKED + timedelta(days=1)


@dataclass(frozen=True)
class State:
    """How things are hidden, and in what the world may differ from one without them.

    Nothing may, unless said: `moves` where something public changed, so that lists have
    another ETag; `leaves` is the kind of tombstone, of the kinds in `gone`; `renews`
    where documents that named it were rendered again, as a later version; `lapses`
    where it is the clock that hid it, and nothing may be cached before it is written.
    `excepts` are words of questions that may be answered with it. `kinds` are those of
    the things that it hides: nobody need ask for others by their addresses.
    """

    hide: Callable[[], None]
    moves: bool = False
    leaves: str = ""
    gone: tuple[str, ...] = ()
    renews: bool = False
    lapses: bool = False
    # Documents that named it are not shown either, until they are written anew.
    takes_along: bool = False
    excepts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = KINDS

    def is_worth(self, probe: Probe) -> bool:
        """Whether the answer to `probe` depends on what is hidden."""
        return probe.named is None or probe.named in self.kinds


# --- Never public -----------------------------------------------------------------


def nothing() -> None:
    hidden.hosts()


def everything_public() -> None:
    hidden.hosts(hidden.all_of(KINDS), image=hidden.picture())


def drafts() -> None:
    things = hidden.all_of(DRAFTED, live=False)
    hidden.hosts({kind: things[kind] for kind in NAMED_UNPUBLISHED})


def drafts_of_what_is_public() -> None:
    hidden.drafts_of_neighbours()
    hidden.hosts()


def scheduled() -> None:
    things = {}
    for kind, made in hidden.all_of(DRAFTED, live=False).items():
        things[kind] = hidden.changed(made, go_live_at=LATER)
    hidden.hosts({kind: things[kind] for kind in NAMED_UNPUBLISHED})


def private() -> None:
    section = make.SectionFactory(title="Zqsection", slug="zqsection")
    restrict(section)
    with publishing.publishing():
        outer = Collection.get_first_root_node().add_child(name="Zqcollection")
        collection = outer.add_child(name="Inside")
    keep_private(outer)
    image = hidden.put_into(collection)
    article = hidden.thing("article", parent=make.SectionFactory(parent=section))
    hidden.hosts({"article": article}, image=image)


def aliases_and_copies() -> None:
    article = content.Article.objects.get(slug="hip-pain")
    with publishing.publishing():
        alias = article.create_alias(update_slug=NAMES["article"].slug)
        article.copy(
            update_attrs={"slug": NAMES["article"].former_slug, "title": "Zqcopy"},
            keep_live=False,
        )
    hidden.hosts({"article": alias})


def embargoed() -> None:
    """Readable on a closed channel already, and on the public one later."""
    hidden.hosts()
    vault = ChannelFactory(slug=CLOSED_CHANNEL, is_open=False)
    with head_kept():
        for names in NAMES.values():
            document = stored(names, visible_from=LATER)
            placed(document, channel=vault)


def on_another_open_channel() -> None:
    shore = Head.objects.get(channel__slug=OPEN_CHANNEL).channel
    for names in NAMES.values():
        stored(names, channel=shore)
    hidden.hosts()


def in_another_language() -> None:
    for kind in DRAFTED:
        if kind not in UNTRANSLATED:
            hidden.thing(kind, locale=make.locale("es"))
    hidden.hosts()


# --- Public once ------------------------------------------------------------------


def unpublished() -> None:
    things = hidden.all_of(DRAFTED)
    hidden.hosts(things)
    for made in things.values():
        with publishing.publishing():
            hidden.again(made).unpublish()


def deleted() -> None:
    things = hidden.all_of(KINDS)
    hidden.hosts({"article": things["article"]})
    for made in things.values():
        with publishing.publishing():
            hidden.again(made).delete()


def closed_off() -> None:
    section = make.SectionFactory()
    article = hidden.thing("article", parent=section)
    hidden.hosts({"article": article})
    restrict(section)


def kept_private_since() -> None:
    with publishing.publishing():
        collection = Collection.get_first_root_node().add_child(name="Zqcollection")
    hidden.hosts(image=hidden.put_into(collection))
    keep_private(collection)


def expired() -> None:
    hidden.all_of(DRAFTED, expire_at=LAPSING)
    hidden.hosts()


def expired_within_others() -> None:
    hidden.hosts(hidden.all_of(DRAFTED, expire_at=LAPSING))


def expired_and_written() -> None:
    expired_within_others()
    with time_machine.travel(ASKED - timedelta(hours=1), tick=False):
        while publishing.on_the_clock():
            pass


def lapsed_credential() -> None:
    hidden.hosts()
    lisa = content.Author.objects.get(slug="lisa-scarlino")
    lapsing = make.credential("ZQC", expires_on=date(2030, 3, 11))
    hidden.changed(lisa, credentials=[*lisa.credentials.all(), lapsing])


def out_of_scope() -> None:
    hidden.all_of(KINDS)
    hidden.hosts()
    ids = [names.id_in("en") for names in NAMES.values()]
    with transaction.atomic(), Flush() as flush:
        for placement in Placement.objects.filter(document__in=ids):
            flush.ledger.hide(placement, placement.document, Withdrawal.OUT_OF_SCOPE)


STATES = {
    "draft": State(drafts),
    "draft of what is public": State(drafts_of_what_is_public),
    "scheduled": State(scheduled),
    "private section and collection": State(private, kinds=("article",)),
    "alias or copy": State(aliases_and_copies, kinds=("article",)),
    "embargo and closed channel": State(embargoed),
    "other open channel": State(
        on_another_open_channel, excepts=(f"channel={OPEN_CHANNEL}",)
    ),
    "other language": State(
        in_another_language,
        moves=True,
        excepts=(
            "locale=es",
            "path=",
            # Its changes are of every language.
            "/sync/",
            *(str(names.id_in("es")) for names in NAMES.values()),
        ),
    ),
    "unpublished": State(
        unpublished, moves=True, renews=True, leaves="gone", gone=DRAFTED
    ),
    "deleted": State(deleted, moves=True, renews=True, leaves="gone", gone=KINDS),
    "section made private": State(
        closed_off,
        moves=True,
        renews=True,
        leaves="gone",
        gone=("article",),
        kinds=("article",),
    ),
    "collection made private": State(
        kept_private_since, moves=True, renews=True, kinds=()
    ),
    "expired": State(expired, moves=True, lapses=True, leaves="expired", gone=DRAFTED),
    "expired within others": State(
        expired_within_others,
        moves=True,
        lapses=True,
        takes_along=True,
        leaves="expired",
        gone=DRAFTED,
    ),
    "expired, written late": State(
        expired_and_written, moves=True, renews=True, leaves="expired", gone=DRAFTED
    ),
    "lapsed credential": State(
        lapsed_credential,
        moves=True,
        lapses=True,
        takes_along=True,
        # What somebody held on a day is told of that day.
        excepts=("as_of=",),
        kinds=(),
    ),
    "out of scope": State(out_of_scope, moves=True),
}
