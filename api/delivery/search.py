"""Full-text search: what matches, in which order, and which words of it to show.

Titles, summaries and keywords are ranked; bodies only find, behind all of those.
Ranking reads the words of every match, so of a word that is everywhere only the newest
matches are ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from sys import intern
from typing import Any

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorExact,
)
from django.db.models import (
    Case,
    F,
    Func,
    JSONField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Left
from django.utils.html import escape

from api.channels.models import Extent
from api.documents.reading import (
    NAMED,
    NEWEST_FIRST,
    Channel,
    PlacementQuerySet,
    Row,
    on_channel,
    row_of,
    search_configuration,
    selected_columns,
)
from api.documents.statements import MARKS, Compiled, marked_channel
from api.pagination import DEEPEST_RANKED

# How far into a text a highlight is looked for, in characters: first where it begins,
# which tells well what it is about, since all of it costs ten times as much.
NEAR, SHOWN = 600, 6_000
# The columns that say where words were found.
FOUND = ("in_text", "in_title")
# What a result has besides its text.
RESULT = ("pk", *FOUND)
# Around a word that was found, until all else is escaped; no stored text has them.
_START, _STOP = "\x02", "\x03"
_FRAGMENTS: dict[str, Any] = {
    "max_fragments": 2,
    "max_words": 24,
    "min_words": 8,
    "fragment_delimiter": " … ",
}


class PrefixQuery(SearchQuery):
    """A query as `websearch` reads it, whose last word may be the beginning of one.

    Somebody may still be typing it.
    """

    # A word at the end that is not part of a phrase, and not excluded.
    LAST = r"(^|[&|] )(''[^'']+'')$"
    BEGUN = r"\1\2:*"

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, params = super().as_sql(*args, **kwargs)
        changed = f"regexp_replace({sql}::text, '{self.LAST}', '{self.BEGUN}')"
        return f"{changed}::tsquery", params


@dataclass(frozen=True)
class Ranked:
    """The matches in their order, and whether there are more than are told."""

    # Type of the document, key of its placement.
    matches: list[tuple[str, int]]
    is_capped: bool

    @property
    def keys(self) -> list[int]:
        return [key for _, key in self.matches]


def matching(
    placements: PlacementQuerySet,
    phrase: str,
    locales: Sequence[str],
    channel: Channel,
) -> PlacementQuerySet:
    """Those that have the words of `phrase`, whether at the top or in the body.

    A body that `channel` does not carry finds nothing.
    """
    found = _matches("search", phrase, locales)
    if not channel.is_summary:
        found |= _matches("body_search", phrase, locales)
    return placements.filter(found)


def ranked(
    placements: PlacementQuerySet,
    phrase: str,
    locales: Sequence[str],
    channel: Channel,
) -> Ranked:
    """The best match first, and of equal ones the first in the order of their kind.

    One statement. Ranks at most as many as are told, twice that with the bodies.
    """
    return _ranked(list(_found(placements, phrase, locales, channel)))


@dataclass(frozen=True)
class Alone:
    """A search among all of one kind, in one language, that a channel shows.

    As `ranked` and `highlighted`, with statements that are put together once in each
    form. The channel must not be settling.
    """

    channel: Channel
    kind: str
    locale: str
    phrase: str
    now: datetime

    def ranked(self) -> Ranked:
        return _ranked(_ranking(*self._form).rows(self._values))

    def rows(self, keys: Sequence[int], is_full: bool) -> list[Row]:
        """The results of these keys, in any order."""
        if not keys:
            return []
        known = _reading(*self._form, is_full)
        read = known.rows({**self._values, "keys": keys}, NAMED)
        return [row_of(self.channel, self.now, RESULT, row) for row in read]

    @property
    def _form(self) -> tuple[Extent, str, str, str]:
        return Extent(self.channel.extent), self.kind, self.locale, _mark(self.phrase)

    @property
    def _values(self) -> dict[str, Any]:
        phrase = {_mark(self.phrase): self.phrase}
        return {"channel": self.channel.pk, "now": self.now, **phrase}


def _mark(phrase: str) -> str:
    """The name of the mark that stands for any phrase which is read as this one is."""
    return "quoted" if _is_exact(phrase) else "value"


def _is_exact(phrase: str) -> bool:
    """Whether its last word ends there: nobody is typing it any more."""
    return phrase.endswith('"')


@cache
def _ranking(extent: Extent, kind: str, locale: str, mark: str) -> Compiled:
    return Compiled(_found(*_marked(extent, kind, locale, mark)))


@cache
def _reading(
    extent: Extent, kind: str, locale: str, mark: str, is_full: bool
) -> Compiled:
    placements, phrase, locales, channel = _marked(extent, kind, locale, mark)
    shown = highlighted(placements.order_by(), phrase, locales, channel)
    return Compiled(selected_columns(shown, channel, is_full=is_full, also=RESULT))


def _marked(
    extent: Extent, kind: str, locale: str, mark: str
) -> tuple[PlacementQuerySet, str, Sequence[str], Channel]:
    channel = marked_channel(extent)
    shown = on_channel(channel, [kind], locale, MARKS["now"])
    return shown, MARKS[mark], [locale], channel


def _found(
    placements: PlacementQuerySet,
    phrase: str,
    locales: Sequence[str],
    channel: Channel,
) -> QuerySet[Any, Any]:
    some = DEEPEST_RANKED + 1
    at_the_top = _matches("search", phrase, locales)
    newest = placements.filter(at_the_top)[:some].values("pk")
    rank = _by_locale(locales, lambda locale: _rank(phrase, locale))
    # The cap comes before the ranking, so that no more is ranked.
    top = placements.filter(pk__in=newest).annotate(rank=rank).order_by()
    matched = matching(placements, phrase, locales, channel)
    deep = matched.exclude(at_the_top)
    columns = ("type", "sort_key", "document_id", "pk", "rank")
    return top.values_list(*columns).union(
        deep.annotate(rank=Value(0.0)).values_list(*columns)[:some], all=True
    )


def _ranked(found: Sequence[tuple[Any, ...]]) -> Ranked:
    in_order = _in_order(found)
    return Ranked(in_order[:DEEPEST_RANKED], len(in_order) > DEEPEST_RANKED)


def highlighted(
    placements: PlacementQuerySet,
    phrase: str,
    locales: Sequence[str],
    channel: Channel,
) -> PlacementQuerySet:
    """Each with the columns `FOUND`, of which `marked` makes a highlight."""
    members = Cast("document__summary_json", JSONField())
    title = Coalesce(
        KeyTextTransform("title", members), KeyTextTransform("name", members)
    )
    text: Any = F("document__plain_text")
    if channel.is_summary:
        summary = KeyTextTransform("summary", members)
        text = Coalesce(summary, Value(""), output_field=TextField())
    near, whole = (
        _headline(part, phrase, locales, **_FRAGMENTS)
        for part in (_beginning(text), Left(text, SHOWN))
    )
    return placements.annotate(
        in_text=Case(
            When(_found_in(_beginning(text), phrase, locales), near), default=whole
        ),
        in_title=_headline(title, phrase, locales, highlight_all=True),
    )


def _beginning(text: Any) -> Any:
    """The first whole words of a text; all of a short one."""
    begun = Left(text, NEAR)
    begun = Left(Concat(begun, Value(" "), output_field=TextField()), NEAR)
    return Func(begun, Value(r"\S+$"), Value(""), function="regexp_replace")


def _found_in(text: Any, phrase: str, locales: Sequence[str]) -> Any:
    """Whether all of `phrase` is found there, as its parts may be anywhere."""
    found = Q()
    for locale in locales:
        words = SearchVector(text, config=search_configuration(locale))
        match = Q(SearchVectorExact(words, query(phrase, locale)))
        found |= match if len(locales) == 1 else match & Q(locale=locale)
    return found


def marked(values: Mapping[str, Any]) -> str:
    """The highlight of a result: escaped text, with `<mark>` around what was found.

    It is a piece of its summary and body; its title, where the words are only there;
    the beginning of its summary, where only a keyword matched: the name of an author.
    """
    in_text, in_title = (values[name] for name in FOUND)
    text = in_text
    if _START not in in_text:
        text = in_title if _START in in_title else f"{in_text} …"
    escaped: str = escape(text)
    return escaped.replace(_START, "<mark>").replace(_STOP, "</mark>")


def query(phrase: str, locale: str) -> SearchQuery:
    """The words of `phrase`, stemmed as those of `locale`."""
    made = SearchQuery if _is_exact(phrase) else PrefixQuery
    return made(phrase, config=search_configuration(locale), search_type="websearch")


def _headline(text: Any, phrase: str, locales: Sequence[str], **options: Any) -> Any:
    return _by_locale(
        locales,
        lambda locale: SearchHeadline(
            text,
            query(phrase, locale),
            config=search_configuration(locale),
            start_sel=_START,
            stop_sel=_STOP,
            **options,
        ),
    )


def _rank(phrase: str, locale: str) -> Any:
    """How well title, summary and keywords match: whole words count twice."""
    words = SearchQuery(
        phrase, config=search_configuration(locale), search_type="websearch"
    )
    column = F("document__search")
    return SearchRank(column, words) + SearchRank(column, query(phrase, locale))


def _matches(column: str, phrase: str, locales: Sequence[str]) -> Q:
    matches = Q()
    for locale in locales:
        match = Q(**{f"document__{column}": query(phrase, locale)})
        matches |= match if len(locales) == 1 else match & Q(locale=locale)
    return matches


def _by_locale(locales: Sequence[str], build: Callable[[str], Any]) -> Any:
    if len(locales) == 1:
        return build(locales[0])
    output_field = (
        TextField() if isinstance(build(locales[0]), SearchHeadline) else None
    )
    cases = [When(locale=locale, then=build(locale)) for locale in locales]
    return Case(*cases, output_field=output_field)


def _in_order(
    found: Sequence[tuple[Any, ...]],
) -> list[tuple[str, int]]:
    by_kind = sorted(found, key=lambda row: row[1:3])
    newest_first = [row for row in reversed(by_kind) if row[0] in NEWEST_FIRST]
    by_name = [row for row in by_kind if row[0] not in NEWEST_FIRST]
    best_first = sorted([*newest_first, *by_name], key=lambda row: -row[4])
    # One text for each kind, since these are kept.
    return [(intern(row[0]), row[3]) for row in best_first]
