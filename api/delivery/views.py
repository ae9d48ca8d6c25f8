"""The collections of `/api/v1/`, their documents, and the practice.

Each view reads the parameters, then who is asking for what, then what the clock says,
and only then compares validators or builds an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri
from django.utils.http import http_date

from api import conditional, pagination, parameters
from api.admission import standing_of
from api.conditional import Lifetime, Validators, etag_of
from api.documents import lookup, past
from api.documents.lookup import Found, Moved
from api.documents.past import Past
from api.documents.reading import Standing
from api.documents.statements import Question
from api.doors import Component, Door
from api.pagination import absolute
from api.parameters import Asked, Parameter
from api.problems import BeingRenewed, Gone, InvalidParameter, NotFound
from api.remembering import remembered

from . import filters, representations
from .answers import (
    FORM,
    dumped,
    json_response,
    lifetime_of,
    moment_of,
    moved,
    of_channel,
    offer,
    refuse,
    selected,
    selection,
    summary,
)
from .kinds import COLLECTIONS, Shape
from .representations import FORMS, Form
from .results import List


class Collection(Door):
    """The documents of one kind that the channel shows."""

    shape: Shape = COLLECTIONS[0]

    @property
    def operation(self) -> str:
        return f"list_{self.shape.plural}"

    @property
    def title(self) -> str:
        return f"The {self.shape.plural} that the channel shows."

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_list(self.shape)

    def answer_schema(self, component: Component) -> dict[str, Any]:
        shape = self.shape
        members: dict[str, dict[str, Any]] = {}
        if shape.is_searched:
            members["count_is_capped"] = pagination.CAPPED
        if shape.facets:
            members["facets"] = _facets_schema(shape)
        items = {"anyOf": [summary(shape, component), selection(shape, component)]}
        return pagination.schema(items, members)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        url = absolute(request)

        def wanted(standing: Standing, now: datetime) -> List:
            return List(url, self.shape, asked, standing, now)

        def build(standing: Standing, now: datetime) -> HttpResponse:
            return json_response(*wanted(standing, now).text())

        def foreseen(standing: Standing, now: datetime) -> Question | None:
            # Who has a state of it already may need nothing.
            if conditional.is_conditional(request):
                return None
            return wanted(standing, now).question()

        # What is counted is named by documents of its own type.
        counted = [name for name in asked.get("facets") or () if name != "year"]
        kinds = [self.shape.kind, *counted]
        return of_channel(request, asked, kinds, build, foreseen)


class Detail(Door):
    """One document that the channel shows."""

    shape: Shape = COLLECTIONS[0]
    refusals: ClassVar = (NotFound, Gone, BeingRenewed)
    moves = True
    negotiates = True

    @property
    def operation(self) -> str:
        return f"get_{self.shape.kind}"

    @property
    def title(self) -> str:
        return f"One {self.shape.kind} that the channel shows, in full."

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_detail(self.shape)

    def answer_schemas(self, component: Component) -> dict[str, dict[str, Any]]:
        shape = self.shape
        full = component(
            shape.name,
            [shape.full, shape.placed],
            optional=filters.standing_in(shape),
        )
        as_json = {"anyOf": [full, selection(shape, component)]}
        return {form.media_type: form.schema or as_json for form in FORMS}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        form = representations.form_of(request, asked)
        wanted: tuple[str, ...] = asked["fields"]
        if wanted and form is not FORMS[0]:
            detail = f"fields selects members of JSON; {form.name} is a whole document."
            raise InvalidParameter.of("fields", detail)
        kind, locale = self.shape.kind, filters.language_of(self.shape, asked)
        at: str = kwargs["slug_or_id"]

        def foreseen(standing: Standing, now: datetime) -> Question | None:
            if standing.is_settling:
                return None
            return lookup.question(standing.channel, kind, locale, at, now)

        standing = standing_of(request, asked, foreseen)
        now = moment_of(standing)
        lifetime = lifetime_of(standing, now)
        found = lookup.look_up(
            standing.channel,
            kind,
            locale,
            at,
            now,
            filters.stand_in_of(asked),
            standing.beside,
        )
        if isinstance(found, Moved):
            return moved(request, asked, self.shape, found, lifetime, standing)
        if not isinstance(found, Found):
            refuse(found, lifetime, standing)

        moment: datetime | None = asked.get("as_of")
        before = past.found_at(found, moment) if moment else None
        if moment is not None and before is not None:
            return _memento(request, form, found, before, asked, standing)

        def build() -> HttpResponse:
            return _document(request, form, found, asked, found.text)

        etag = etag_of(
            FORM,
            found.placement.etag,
            standing.form,
            form.name,
            asked.get("fallback"),
            found.is_stand_in,
            *wanted,
        )
        changed_at = found.placement.changed_at
        if standing.is_settling:
            changed_at = max(changed_at, standing.changed_at or changed_at)
        validators = Validators(etag, changed_at)
        # Something else on the channel may have been shown in its place by then.
        whole = conditional.steady_until(validators, lifetime, now)
        if not asked.get("fallback"):
            # What else happens on the channel makes no other answer of this one, unless
            # it has a day of the past be told again.
            is_purged = standing.is_purged_at(now) and moment is None
            lifetime = Lifetime.until(found.ends_at, now, is_purged=is_purged)
        if moment is None:
            own = conditional.steady_until(validators, lifetime, now)
            ends = [end for end in (whole, own) if end is not None]
            offer(request, standing, min(ends, default=None))
        keys = [*standing.keys(), found.key]
        return conditional.answer(request, validators, lifetime, now, build, keys)


def _memento(
    request: HttpRequest,
    form: Form,
    found: Found,
    before: Past,
    asked: Asked,
    standing: Standing,
) -> HttpResponse:
    """What the document was at the moment that was asked for.

    Without `Last-Modified`: when things in it stop being published, it is the document
    of today that is answered, and no date that is kept tells that. For an edge it
    rests on all that it names, so that it is kept no longer than a withdrawal may take.
    Source: RFC 7089, section 2.1, for `Memento-Datetime` and `rel="original"`.
    """

    def build() -> HttpResponse:
        response = _document(request, form, found, asked, before.text)
        query = asked.query(as_of=None)
        today = f"{absolute(request)}?{query}" if query else absolute(request)
        response["Link"] += f', <{today}>; rel="original latest-version"'
        response["Memento-Datetime"] = http_date(before.since.timestamp())
        return response

    lifetime = lifetime_of(standing, found.now).at_most(found.ends_at, found.now)
    etag = etag_of(
        *(FORM, "memento", before.text, before.since.timestamp(), form.name),
        *(asked.get("fallback"), found.is_stand_in, *asked["fields"]),
    )
    keys = [*standing.keys(), found.key]
    validators = Validators(etag, None)
    return conditional.answer(request, validators, lifetime, found.now, build, keys)


def _document(
    request: HttpRequest, form: Form, found: Found, asked: Asked, text: str
) -> HttpResponse:
    text = selected(text, asked["fields"])
    if asked.get("fallback") and form is FORMS[0]:
        joint = "" if text == "{}" else ","
        told = dumped({"is_fallback": found.is_stand_in})
        text = f"{text[:-1]}{joint}{told[1:]}"
    body = form.write(text).encode()
    response = HttpResponse(body, content_type=form.content_type)
    response["Link"] = ", ".join(_links(request, form, found, asked))
    return response


def _links(
    request: HttpRequest, form: Form, found: Found, asked: Asked
) -> Sequence[str]:
    """`Link` (RFC 8288): where readers find it, and its other forms."""
    links = []
    if found.document.canonical_url:
        canonical = _uri(found.document.canonical_url)
        links.append(f'<{canonical}>; rel="canonical"')
    url = absolute(request)
    links += [text % url for text in _alternates(form.name, asked.given)]
    return links


# Most who ask want few documents.
_uri = remembered(2_000)(iri_to_uri)


@lru_cache(1_000)
def _alternates(name: str, given: tuple[tuple[str, str], ...]) -> Sequence[str]:
    """`Link` to the forms besides the one of that name, `%s` being the address."""
    links = []
    for other in FORMS:
        if other.name != name:
            query = Asked({}, given).query(format=other.name, fields=None)
            address = "%s?" + query.replace("%", "%%")
            links.append(f'<{address}>; rel="alternate"; type="{other.media_type}"')
    return links


def _facets_schema(shape: Shape) -> dict[str, Any]:
    value = {
        "type": "object",
        "required": ["value", "name", "count"],
        "properties": {
            "value": {"type": "string", "description": "As the filter takes it."},
            "name": {"type": "string", "description": "What readers call it."},
            "count": {"type": "integer", "description": "How many results have it."},
        },
    }
    return {
        "type": "object",
        "description": "With `facets`: how often each value stands in the list.",
        "properties": {
            name: {
                "type": "array",
                "description": f"By {name}, the most frequent first.",
                "items": value,
            }
            for name in shape.facets
        },
    }
