"""One rule, said twice: what an entitlement decides, the database is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.channels.entitlements import Entitlement, Subject, Why, topic
from api.channels.models import Collected, Selection
from api.documents import carrying
from api.documents.models import Document
from tests.api.carried import NOW
from tests.api.factories import DocumentFactory

pytestmark = pytest.mark.django_db


GROUPS = [UUID(int=number) for number in range(1, 5)]
TOPICS = [topic("category", UUID(int=number)) for number in range(1, 4)]


def some(values: list[Any]) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values))


entitlements = st.builds(
    Entitlement,
    is_public=st.booleans(),
    selection=st.sampled_from(Selection.values),
    topics=some(TOPICS),
    picked=some(GROUPS),
    excepted=some(GROUPS),
    confined=some(GROUPS),
    collections=some(Collected.values),
    languages=st.sampled_from([None, frozenset(["en"]), frozenset(["en", "es"])]),
    delay=st.sampled_from([timedelta(0), timedelta(days=2)]),
)
subjects = st.builds(
    Subject,
    type=st.sampled_from(["article", "author", "award", "practice"]),
    group=st.sampled_from(GROUPS),
    locale=st.sampled_from(["en", "es"]),
    topics=some(TOPICS),
    published_at=st.sampled_from([NOW, NOW - timedelta(days=2)]),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entitlement=entitlements, asked=st.lists(subjects, min_size=1, max_size=6))
def test_the_database_is_asked_the_same_as_an_entitlement(
    entitlement: Entitlement, asked: list[Subject]
) -> None:
    documents = [
        DocumentFactory(
            id=uuid4(),
            type=subject.type,
            translation_group=subject.group,
            locale=subject.locale,
            topics=sorted(subject.topics),
            published_at=subject.published_at,
        )
        for subject in asked
    ]

    found = Document.objects.filter(carrying.is_entitled(entitlement, NOW))

    carried = {
        document.pk
        for document, subject in zip(documents, asked, strict=True)
        if entitlement.verdict(subject, NOW).is_carried
    }
    assert {one.pk for one in found.filter(pk__in=[one.pk for one in documents])} == (
        carried
    )
    Document.objects.filter(pk__in=[one.pk for one in documents]).delete()


def test_a_verdict_says_from_when_something_is_carried() -> None:
    entitlement = Entitlement(
        is_public=False,
        selection=Selection.SELECTED,
        topics=frozenset(TOPICS[:1]),
        picked=frozenset(),
        excepted=frozenset(),
        confined=frozenset(),
        collections=frozenset(),
        languages=None,
        delay=timedelta(days=2),
    )
    subject = Subject("article", GROUPS[0], "en", TOPICS, NOW)

    verdict = entitlement.verdict(subject, NOW)

    assert (verdict.why, verdict.from_at) == (Why.UPCOMING, NOW + timedelta(days=2))
    assert verdict.topics == (TOPICS[0],)
