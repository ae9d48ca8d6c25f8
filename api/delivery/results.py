"""One page of a list: from what is asked for to JSON, its count and its neighbours.

Statements: the page; one to count where the list is narrowed and does not end on its
page (a search ranks and counts in one, and in another for who pages behind its best);
one more for facets, and for `open_at`. What was counted is kept (`counts`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from api import pagination
from api.documents import facets, paging, reading
from api.documents.paging import Listed
from api.documents.reading import PlacementQuerySet, Row, Standing
from api.documents.statements import Question
from api.pagination import DEEPEST_RANKED, Page, Place
from api.parameters import Asked
from api.problems import InvalidParameter

from . import counts, filters, narrowing, ranking, search
from .alone import Alone
from .answers import dumped, selected
from .kinds import Shape
from .places import DECIMALS, DISTANCE_KM
from .ranking import Ranked

# With no others, a search is among all that there is of its kind in one language.
ALONE = {"q", "limit", "offset", "fields", "facets", "locale", "channel"}


@dataclass(frozen=True)
class List:
    """A list as it is asked for, on a channel, at a moment."""

    url: str
    shape: Shape
    asked: Asked
    standing: Standing
    now: datetime

    def text(self) -> tuple[str, str]:
        """The answer as JSON, and its `Link` header."""
        place = self._place()
        if self._is_plain:
            return self._plain(place)
        if self._is_ranked:
            return self._ranked()
        found = narrowing.found(
            self._narrowed(), self.asked, self.shape, self.standing.channel
        )
        in_order = narrowing.ordered(found, self.asked, self.shape)
        if place is not None:
            in_order = narrowing.behind(in_order, place, self.asked, self.shape)
        rows = self._rows(in_order[self._start : self._start + self._limit + 1])
        count, is_capped = self._count(found, len(rows), place)
        page = Page(self.url, self.asked, count, self._following(rows), is_capped)
        return self._answer(page, lambda: found, rows[: self._limit])

    @property
    def _start(self) -> int:
        start: int = self.asked["offset"]
        return start

    @property
    def _limit(self) -> int:
        limit: int = self.asked["limit"]
        return limit

    @property
    def _is_full(self) -> bool:
        """Whether whole documents are read, and not their summaries."""
        return filters.needs_full(self.shape, self.asked["fields"])

    @property
    def _languages(self) -> tuple[str, ...]:
        return filters.languages_of(self.shape, self.asked)

    @property
    def _is_by_offset(self) -> bool:
        """Whether it is ranked or measured, which no cursor can follow."""
        return bool(self.asked.get("q") or self.asked.get("near"))

    @property
    def _is_ranked(self) -> bool:
        is_sorted = self.asked["order"] or self.asked.get("near")
        return bool(self.asked.get("q")) and not is_sorted

    def _place(self) -> Place | None:
        if self._is_by_offset:
            _refuse_depth(self.asked)
        return pagination.place_of(self.url, self.asked)

    def _shown(self) -> PlacementQuerySet:
        return reading.on_channel(
            self.standing.channel,
            [self.shape.kind],
            self._languages[0],
            self.now,
            filters.stand_in_of(self.asked),
        )

    def _narrowed(self) -> PlacementQuerySet:
        return narrowing.narrowed(self._shown(), self.asked, self.now)

    @property
    def _is_plain(self) -> bool:
        """Whether it is a collection as it is, in its default order."""
        if self.standing.beside is not None:
            return True
        is_in_order = self.asked["order"] in (None, self.shape.default_order)
        # A radius without a point narrows nothing, and is refused for that.
        is_whole = not any(
            (
                filters.is_narrowed(self.asked),
                self.asked.get("facets"),
                self.asked.get("radius_km") is not None,
            )
        )
        return is_in_order and is_whole and not self.standing.is_settling

    def question(self) -> Question | None:
        """What reads its page beside the channel: of a plain list the first one's."""
        if not self._is_plain or self._start or self.asked["cursor"]:
            return None
        return paging.first_page(
            self.standing.channel,
            self.shape.kind,
            self._languages[0],
            self.now,
            is_full=self._is_full,
            limit=self._limit + 1,
        )

    def _plain(self, place: Place | None) -> tuple[str, str]:
        listed = self._page(place)
        found, limit = len(listed.texts), self._limit
        count = self._kept_count()
        if count is None:
            ends_at = None if place else self._ends_at(found)
            count = self._shown().count() if ends_at is None else ends_at
        following = self._cursor(*listed.place(limit - 1)) if found > limit else ""
        page = Page(self.url, self.asked, count, following)
        texts, fields = listed.texts[:limit], self.asked["fields"]
        if fields:
            texts = [selected(text, fields) for text in texts]
        return page.text(texts), page.link_header()

    def _page(self, place: Place | None) -> Listed:
        channel, beside = self.standing.channel, self.standing.beside
        if beside is not None:
            return paging.page_beside(channel, beside)
        return paging.page(
            channel,
            self.shape.kind,
            self._languages[0],
            self.now,
            is_full=self._is_full,
            behind=(place.value, place.id) if place else None,
            offset=self._start,
            limit=self._limit + 1,
        )

    def _ranked(self) -> tuple[str, str]:
        def named(ids: Sequence[str]) -> PlacementQuerySet:
            return self._narrowed().filter(document__in=map(UUID, ids))

        alone = self._search_alone
        ranked = self._ranking()
        ids = ranked.ids[self._start : self._start + self._limit]
        found = alone.rows(ids, self._is_full) if alone else self._rows(named(ids))
        rows = in_order(found, ids)
        page = Page(self.url, self.asked, ranked.count, is_capped=ranked.is_capped)
        return self._answer(page, lambda: named(ranked.ids), rows)

    def _ranking(self) -> Ranked:
        """As much of it as is shown, or counted by its values."""
        alone, key = self._search_alone, self._key
        if alone is None:
            phrase, channel = self.asked["q"], self.standing.channel
            words = (phrase, self._languages, channel)
            return counts.rankings.once(
                key, lambda: ranking.ranked(self._narrowed(), *words)
            )
        if not self.asked.get("facets"):
            begun = counts.rankings.once(
                None if key is None else (key, "begun"), alone.begun
            )
            if begun.reaches(self._start + self._limit):
                return begun
        return counts.rankings.once(key, alone.ranked)

    @property
    def _search_alone(self) -> Alone | None:
        """The search, where its words are all that narrows the list."""
        if self.standing.is_settling or not ALONE.issuperset(self.asked.names):
            return None
        [locale] = self._languages
        phrase: str = self.asked["q"]
        channel, kind = self.standing.channel, self.shape.kind
        carried = self.standing.count(kind, locale)
        return Alone(channel, kind, locale, phrase, self.now, carried)

    def _rows(self, placements: PlacementQuerySet) -> list[Row]:
        also = ["document_id", "locale"]
        if self.asked.get("q"):
            phrase: str = self.asked["q"]
            wanted = partial(search.query, phrase)
            placements = search.highlighted(
                placements, wanted, self._languages, self.standing.channel
            )
            also.append(search.FOUND)
        if self.asked.get("near"):
            also.append(DISTANCE_KM)
        if not self._is_by_offset:
            also.append(narrowing.order_of(self.asked, self.shape)[0])
        return reading.rows(
            placements,
            self.standing.channel,
            self.now,
            is_full=self._is_full,
            also=also,
        )

    def _count(
        self, found: PlacementQuerySet, on_page: int, place: Place | None
    ) -> tuple[int, bool | None]:
        """How many there are in all, and whether there are more than are counted."""
        ends_at = None if place else self._ends_at(on_page)
        if self._is_by_offset:
            count = self._counted(found[: DEEPEST_RANKED + 1], ends_at)
            return min(count, DEEPEST_RANKED), count > DEEPEST_RANKED
        kept = self._kept_count()
        if kept is not None and not filters.is_narrowed(self.asked):
            return kept, None
        return self._counted(found, ends_at), None

    def _counted(self, found: PlacementQuerySet, ends_at: int | None) -> int:
        if ends_at is not None:
            return ends_at
        return counts.lengths.once(self._key, found.count)

    @property
    def _key(self) -> Hashable | None:
        kind = self.shape.kind
        return counts.key_of(self.standing, kind, self.asked, self.now)

    def _kept_count(self) -> int | None:
        """How many documents of the collection there are, where that is kept."""
        if not self.standing.is_settled_at(self.now):
            return None
        return self.standing.count(self.shape.kind, self._languages[0])

    def _ends_at(self, on_page: int) -> int | None:
        """The length of the list, where it ends on this page."""
        if on_page <= self._limit and (on_page or not self._start):
            return self._start + on_page
        return None

    def _following(self, rows: Sequence[Row]) -> str | None:
        """The cursor of the next page; empty at the end, None where pages have none."""
        if self._is_by_offset:
            return None
        if len(rows) <= self._limit:
            return ""
        last = rows[self._limit - 1].values
        value = last[narrowing.order_of(self.asked, self.shape)[0]]
        return self._cursor(value, str(last["document_id"]))

    def _cursor(self, value: Any, id: str) -> str:
        """The cursor of what comes behind the result with this sort key and this id."""
        text = value.isoformat() if isinstance(value, datetime) else value
        return pagination.cursor_to(Place(text, id), self.url, self.asked)

    def _answer(
        self, page: Page, listed: Callable[[], PlacementQuerySet], rows: Sequence[Row]
    ) -> tuple[str, str]:
        members = {}
        if self.asked.get("facets"):
            # Of ranked results those of the best are counted, of others those of all.
            key = None if self._key is None else (self._key, self._is_ranked)
            members["facets"] = counts.values.once(key, lambda: self._facets(listed()))
        fields = self.asked["fields"]
        texts = [
            with_found(selected(row.text, fields), row, self.asked) for row in rows
        ]
        return page.text(texts, **members), page.link_header()

    def _facets(self, listed: PlacementQuerySet) -> str:
        names: Sequence[str] = self.asked["facets"]
        channel, locale = self.standing.channel, self._languages[0]
        return dumped(facets.counted(listed, names, channel, locale, self.now))


def in_order(rows: Sequence[Row], ids: Sequence[str]) -> list[Row]:
    """`rows` in the order of their ids; one that has just vanished is left out."""
    by_id = {str(row.values["document_id"]): row for row in rows}
    return [by_id[id] for id in ids if id in by_id]


def with_found(text: str, row: Row, asked: Asked) -> str:
    """A result with what is known of it only because of what was asked for."""
    found: dict[str, Any] = {}
    if search.FOUND in row.values:
        found["highlight"] = search.marked(row.values)
    if DISTANCE_KM in row.values:
        found[DISTANCE_KM] = round(row.values[DISTANCE_KM], DECIMALS)
    if asked.get("fallback"):
        is_stand_in = row.values["locale"] != asked["locale"]
        found["is_fallback"] = is_stand_in
    if not found:
        return text
    joint = "" if text == "{}" else ","
    return f"{text[:-1]}{joint}{dumped(found)[1:]}"


def _refuse_depth(asked: Asked) -> None:
    """Raise InvalidParameter for what ranked and measured lists have no answer to."""
    if asked["cursor"] is not None:
        detail = "With q or near, pages go by offset, not by cursor."
        raise InvalidParameter.of("cursor", detail)
    if asked["offset"] > DEEPEST_RANKED:
        detail = (
            f"With q or near, offset is at most {DEEPEST_RANKED}: ask more closely."
        )
        raise InvalidParameter.of("offset", detail)
