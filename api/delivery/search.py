"""Full-text search: what matches, and which words of it to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchVector,
    SearchVectorExact,
)
from django.db.models import (
    Case,
    F,
    Func,
    IntegerField,
    JSONField,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Left
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler
from django.utils.html import escape

from api.documents.reading import (
    Channel,
    PlacementQuerySet,
    search_configuration,
)
from api.documents.statements import MARKS

# How far into a text a highlight is looked for, in characters: first where it begins,
# which tells well what it is about, since all of it costs ten times as much.
NEAR, SHOWN = 600, 6_000
# The column that says where words were found: pieces of a result, the best first.
FOUND = "pieces"
# What a result has besides its text.
RESULT = ("document_id", FOUND)
# Around a word that was found, until all else is escaped; no stored text has them.
_START, _STOP = "\x02", "\x03"
_FRAGMENTS: dict[str, Any] = {
    "max_fragments": 2,
    "max_words": 24,
    "min_words": 8,
    "fragment_delimiter": " … ",
}
# A word at the end that is not part of a phrase, and not excluded.
_LAST, _BEGUN = r"(^|[&|] )(''[^'']+'')$", r"\1\2:*"


# What is searched for, as it is read in a language.
Wanted = Callable[[str], SearchQuery]


def begun(sql: str) -> str:
    """The query that `sql` gives, whose last word may be the beginning of one."""
    return f"regexp_replace({sql}::text, '{_LAST}', '{_BEGUN}')::tsquery"


class AskedOnce(SearchQuery):
    """The query of a statement that has it as a column of its table `asked`.

    Where the statement is prepared, PostgreSQL would make it anew for each row.
    """

    sql = "(SELECT query FROM asked)"

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        return self.sql, []


class WordsAskedOnce(AskedOnce):
    """The same without a beginning: whole words."""

    sql = "(SELECT words FROM asked)"


def asked_once(mark: str, locale: str) -> str:
    """The table `asked` of a statement, for phrases that `mark` stands for."""
    read = f"websearch_to_tsquery('{search_configuration(locale)}', %({mark})s)"
    wanted = "words" if is_exact(MARKS[mark]) else begun("words")
    once = f"SELECT {wanted}, words FROM {read} AS words"  # noqa: S608 - no values
    return f"asked (query, words) AS MATERIALIZED ({once})"


class PrefixQuery(SearchQuery):
    """A query as `websearch` reads it, whose last word may be the beginning of one.

    Somebody may still be typing it.
    """

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, params = super().as_sql(*args, **kwargs)
        return begun(sql), params


def matching(
    placements: PlacementQuerySet,
    phrase: str,
    locales: Sequence[str],
    channel: Channel,
) -> PlacementQuerySet:
    """Those that have the words of `phrase`, whether at the top or in the body.

    A body that `channel` does not carry finds nothing.
    """
    wanted = partial(query, phrase)
    found = matches("document__search", wanted, locales)
    if not channel.is_summary:
        found |= matches("document__body_search", wanted, locales)
    return placements.filter(found)


def is_below(
    wanted: Wanted, locales: Sequence[str], channel: Channel, to: str = "document__"
) -> Q:
    """That the words are in the body only, as far as `channel` carries it.

    `to` leads to the document from what is asked about.
    """
    at_the_top = matches(f"{to}search", wanted, locales)
    if channel.is_summary:
        # Of nothing, and it can be compiled.
        return at_the_top & ~at_the_top
    return matches(f"{to}body_search", wanted, locales) & ~at_the_top


def highlighted(
    placements: PlacementQuerySet,
    wanted: Wanted,
    locales: Sequence[str],
    channel: Channel,
) -> PlacementQuerySet:
    """Each with the column `FOUND`, of which `marked` makes a highlight."""
    members = Cast("document__summary_json", JSONField())
    title = Coalesce(
        KeyTextTransform("title", members), KeyTextTransform("name", members)
    )
    text: Any = F("document__plain_text")
    if channel.is_summary:
        summary = KeyTextTransform("summary", members)
        text = Coalesce(summary, Value(""), output_field=TextField())
    near, whole = (
        _headline(part, wanted, locales, **_FRAGMENTS)
        for part in (_beginning(text), Left(text, SHOWN))
    )
    title = _headline(title, wanted, locales, highlight_all=True)
    is_near = Case(
        When(_found_in(_beginning(text), wanted, locales), Value(True)),
        default=Value(False),
    )
    # A title is looked at only where it may be shown.
    return placements.annotate(**{FOUND: _Pieces(near, is_near, whole, title)})


class _Pieces(Func):
    """The first of four expressions, if it has a mark and the second is true, else both
    others.

    What is first is made once, whether it is right or not: making it takes as long as
    the second, which is not asked of a single word.
    """

    output_field = ArrayField(TextField())

    _SQL = (
        "(SELECT CASE WHEN strpos(near.text, %s) > 0 AND {is_near} "
        "THEN ARRAY[near.text] ELSE ARRAY[{whole}, {title}] END "
        "FROM (SELECT {near} AS text OFFSET 0) AS near)"
    )

    def as_sql(
        self, compiler: SQLCompiler, *args: Any, **extra: Any
    ) -> tuple[str, Any]:
        near, is_near, whole, title = map(compiler.compile, self.source_expressions)
        sql = self._SQL.format(
            near=near[0], is_near=is_near[0], whole=whole[0], title=title[0]
        )
        return sql, (_START, *is_near[1], *whole[1], *title[1], *near[1])


def _beginning(text: Any) -> Any:
    """The first whole words of a text; all of a short one."""
    begun = Left(text, NEAR)
    begun = Left(Concat(begun, Value(" "), output_field=TextField()), NEAR)
    return Func(begun, Value(r"\S+$"), Value(""), function="regexp_replace")


def _found_in(text: Any, wanted: Wanted, locales: Sequence[str]) -> Any:
    """Whether all that is asked for is found there, as its parts may be anywhere.

    By words that a highlight can show, and where it shows one already.
    """
    found = Q()
    for locale in locales:
        words = SearchVector(text, config=search_configuration(locale))
        asked = wanted(locale)
        match = Q(_is_one_word(asked)) | Q(SearchVectorExact(words, asked))
        match &= ~Q(_asks_for_none(asked))
        found |= match if len(locales) == 1 else match & Q(locale=locale)
    return found


def _asks_for_none(asked: SearchQuery) -> Any:
    """Whether what matches need not have a word of it, as with `hip or -knee`."""
    needed = Func(asked, function="querytree", output_field=TextField())
    return Exact(needed, Value("T"))


def _is_one_word(asked: SearchQuery) -> Any:
    nodes = Func(asked, function="numnode", output_field=IntegerField())
    return Exact(nodes, Value(1))


def marked(values: Mapping[str, Any]) -> str:
    """The highlight of a result: escaped text, with `<mark>` around what was found.

    It is a piece of its summary and body; its title, where the words are only there;
    the beginning of its summary, where only a keyword matched: the name of an author.
    """
    pieces: Sequence[str] = values[FOUND]
    found = (piece for piece in pieces if _START in piece)
    text = next(found, f"{pieces[0]} …")
    escaped: str = escape(text)
    return escaped.replace(_START, "<mark>").replace(_STOP, "</mark>")


def is_exact(phrase: str) -> bool:
    """Whether its last word ends there: nobody is typing it any more."""
    return phrase.endswith('"')


def query(phrase: str, locale: str) -> SearchQuery:
    """The words of `phrase`, stemmed as those of `locale`."""
    made = SearchQuery if is_exact(phrase) else PrefixQuery
    return made(phrase, config=search_configuration(locale), search_type="websearch")


def words(phrase: str, locale: str) -> SearchQuery:
    """The same, but the last word is a whole one in any case."""
    configuration = search_configuration(locale)
    return SearchQuery(phrase, config=configuration, search_type="websearch")


def _headline(text: Any, wanted: Wanted, locales: Sequence[str], **options: Any) -> Any:
    return by_locale(
        locales,
        lambda locale: SearchHeadline(
            text,
            wanted(locale),
            config=search_configuration(locale),
            start_sel=_START,
            stop_sel=_STOP,
            **options,
        ),
    )


def matches(column: str, wanted: Wanted, locales: Sequence[str]) -> Q:
    """That the words are in this column of the document."""
    found = Q()
    for locale in locales:
        match = Q(**{column: wanted(locale)})
        found |= match if len(locales) == 1 else match & Q(locale=locale)
    return found


def by_locale(locales: Sequence[str], build: Callable[[str], Any]) -> Any:
    """What `build` makes for the language of each document."""
    if len(locales) == 1:
        return build(locales[0])
    output_field = (
        TextField() if isinstance(build(locales[0]), SearchHeadline) else None
    )
    cases = [When(locale=locale, then=build(locale)) for locale in locales]
    return Case(*cases, output_field=output_field)
