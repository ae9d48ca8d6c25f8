"""What lapses, expires, is kept private or cannot be rendered is shown nowhere."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from api.documents import (
    flushing,
    healing,
    ledger,
    lookup,
    publishing,
    reading,
    rendering,
)
from api.documents.identity import key_of
from api.documents.models import Document, Head, Placement, Stale
from content_models.models import Article, Author, Practice
from tests import factories as make
from tests.api.factories import ChannelFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 3, 11, 16, tzinfo=UTC)
NEXT_DAY = datetime(2030, 3, 12, 4, 0, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def document_of(content: Any) -> Document:
    return Document.objects.get(source=f"{content._meta.model_name}:{content.pk}")


def said(content: Any) -> dict[str, Any]:
    return json.loads(document_of(content).full_json)


def found(content: Any, now: datetime) -> Any:
    kind, channel = content._meta.model_name, reading.standing().channel
    return lookup.look_up(channel, kind, "en", content.slug, now)


def publish(content: Any, **changes: Any) -> None:
    for field, value in changes.items():
        setattr(content, field, value)
    with publishing.publishing():
        content.save_revision().publish()


def an_image(name: str = "picture.png") -> Any:
    with publishing.publishing():
        file = ContentFile(make.picture(600, 300), name)
        image = make.ImageFactory(file=file)
        image.make_renditions()
    return image


def make_private(image: Any) -> None:
    with publishing.publishing():
        collection = Collection.get_first_root_node().add_child(name="Internal")
        CollectionViewRestriction.objects.create(
            collection=collection, restriction_type="login"
        )
        image.collection = collection
        image.save()


# --- The clock --------------------------------------------------------------------


def test_a_day_of_lapse_that_changes_no_byte_yet_is_a_boundary_of_the_channel(frozen):
    held = make.credential("OCS")
    author = make.AuthorFactory(credentials=[held])
    before = document_of(author).version

    with frozen(NOON):
        author.credentials = [make.credential("OCS", expires_on=date(2030, 3, 11))]
        publish(author)

    assert document_of(author).version == before
    assert reading.standing().next_boundary_at == document_of(author).valid_until
    assert not reading.standing().is_settled_at(NEXT_DAY)


@pytest.mark.parametrize("relation", ["authors", "reviewers"])
def test_an_expired_author_is_shown_in_no_article_though_no_worker_ran(
    relation, frozen
):
    with frozen(NOON):
        author = make.AuthorFactory(expire_at=NOON + timedelta(hours=1))
        article = make.ArticleFactory(**{relation: [author]})

    later = NOON + timedelta(hours=2)
    at_that_moment = found(article, later)
    with frozen(later):
        publishing.on_the_clock()

    assert at_that_moment == lookup.NotServable()
    assert said(article)[relation] == []
    assert isinstance(found(article, later), lookup.Found)


def test_caches_are_told_nothing_of_what_a_document_names_and_hides(client):
    category, place = make.CategoryFactory(live=False), make.LocationFactory()
    target = make.ArticleFactory(live=False, home=place)
    link = f'<p><a linktype="page" id="{target.pk}">more</a></p>'
    article = make.ArticleFactory(categories=[category], body=[("text", link)])
    hidden = [
        key_of(f"{each._meta.model_name}:{each.pk}") for each in (category, target)
    ]

    told = client.get(f"/api/v1/articles/{article.slug}/")["Cache-Tag"]
    publish(category)
    shown = client.get(f"/api/v1/articles/{article.slug}/")

    for key in (*hidden, key_of(f"location:{place.pk}")):
        assert key.lower() not in told.lower()
    # Publishing it is still noticed.
    assert category.slug in shown.content.decode()


def test_a_link_to_an_article_that_expires_becomes_text_by_the_clock(frozen):
    with frozen(NOON):
        target = make.ArticleFactory(expire_at=NOON + timedelta(hours=1))
        link = f'<p><a linktype="page" id="{target.pk}">more</a></p>'
        article = make.ArticleFactory(body=[("text", link)])

    with frozen(NOON + timedelta(hours=2)):
        publishing.on_the_clock()

    assert said(article)["body_html"] == "<p>more</p>"


def test_a_home_that_has_expired_lends_no_address_though_it_is_still_live(frozen):
    with frozen(NOON):
        home = make.LocationFactory(
            site_url="https://edison.example", expire_at=NOON + timedelta(hours=1)
        )
        article = make.ArticleFactory(home=home)

    # The documents are written before Wagtail has unpublished the location.
    with frozen(NOON + timedelta(hours=2)):
        publishing.on_the_clock()

    assert "edison.example" not in document_of(article).full_json


# --- What leaves at once ----------------------------------------------------------


def test_a_credential_that_is_taken_away_leaves_every_article_at_once(settings):
    settings.DOCUMENTS_INLINE_LIMIT = 2
    author = make.AuthorFactory(family_name="Scarlino", credentials=["PT", "ATC"])
    articles = [make.ArticleFactory(authors=[author]) for _ in range(4)]

    author.credentials = [author.credentials.first()]
    publish(author)

    assert {said(article)["byline"] for article in articles} == {"Ada Scarlino, PT"}


def test_the_logo_of_the_practice_is_not_shown_while_it_is_private():
    logo = an_image()
    make.PracticeFactory(logo=logo)
    article = make.ArticleFactory()

    def attribution() -> dict[str, Any]:
        suffix = Placement.objects.get(document=document_of(article)).suffix
        return json.loads(suffix)["attribution"]

    shown = attribution()["logo"]
    make_private(logo)

    assert shown.startswith("http")
    assert attribution()["logo"] is None


def test_a_home_that_is_not_published_lends_no_address():
    home = make.LocationFactory(site_url="https://edison.example")
    article = make.ArticleFactory(home=home)
    at_home = said(article)["canonical_url"]

    with publishing.publishing():
        home.unpublish()

    assert at_home.startswith("https://edison.example/")
    assert said(article)["canonical_url"].startswith(Practice.load().base_url)


def test_links_follow_an_article_whose_home_moves():
    home = make.LocationFactory(site_url="https://old.example")
    target = make.ArticleFactory(slug="hip", home=home)
    link = f'<p><a linktype="page" id="{target.pk}">more</a></p>'
    article = make.ArticleFactory(body=[("text", link)])

    publish(home, site_url="https://new.example")

    assert "https://new.example/articles/hip/" in said(article)["body_html"]


def test_a_row_that_code_made_live_without_publishing_it_is_shown_nowhere():
    author = make.AuthorFactory(live=False)
    article = make.ArticleFactory()
    Author.objects.filter(pk=author.pk).update(live=True)
    row = make.content.ArticleAuthor(article=article, author=author)
    row.save()

    healing.repair()

    assert author.slug not in document_of(article).full_json


def test_a_renamed_kind_of_credential_is_renamed_in_every_byline():
    kind = make.CredentialTypeFactory(abbreviation="ATC")
    author = make.AuthorFactory(family_name="Scarlino", credentials=[kind])
    article = make.ArticleFactory(authors=[author])

    with publishing.publishing():
        kind.abbreviation = "LAT"
        kind.save()

    assert said(article)["byline"] == "Ada Scarlino, LAT"


def test_an_image_deep_in_a_collection_that_becomes_private_is_gone():
    image = an_image()
    article = make.ArticleFactory(image=image)
    with publishing.publishing():
        outer = Collection.get_first_root_node().add_child(name="Outer")
        inner = outer.add_child(name="Inner")
        image.collection = inner
        image.save()

    with publishing.publishing():
        CollectionViewRestriction.objects.create(
            collection=outer, restriction_type="login"
        )

    assert said(article)["image"] is None


# --- Addresses --------------------------------------------------------------------


def test_the_former_address_of_an_article_that_is_gone_says_so_too():
    article = make.ArticleFactory(slug="old-one")
    publish(article, slug="new-one")
    with publishing.publishing():
        article.unpublish()
    now = timezone.now()

    channel = reading.standing().channel
    answers = [
        lookup.look_up(channel, "article", "en", slug, now)
        for slug in ("old-one", "new-one")
    ]

    assert [answer.kind for answer in answers] == ["gone", "gone"]


def test_a_slug_that_is_taken_back_is_no_former_one_any_more():
    article = make.ArticleFactory(slug="first")
    publish(article, slug="second")

    publish(article, slug="first")

    channel = reading.standing().channel
    now = timezone.now()
    moved = lookup.look_up(channel, "article", "en", "second", now)
    assert moved == lookup.Moved("first")
    assert list(document_of(article).former_slugs.values_list("slug", flat=True)) == [
        "second"
    ]


def test_two_articles_published_at_one_address_at_once_are_not_both_published():
    make.ArticleFactory(slug="knee")
    other = make.ArticleFactory(slug="other")
    # Past every form: what two people do in the same moment.
    Article.objects.filter(pk=other.pk).update(slug="knee")

    with pytest.raises(publishing.Refused, match="knee"), publishing.publishing():
        publishing.note(Article, other.pk)


# --- What cannot be rendered ------------------------------------------------------


@pytest.fixture
def poison(monkeypatch):
    """Makes rendering one content object fail, whatever is asked of it."""
    render = rendering.render
    bad: list[Any] = []

    def failing(content: Any, scene: Any) -> Any:
        if content in bad:
            raise ValueError("cannot be rendered")
        return render(content, scene)

    monkeypatch.setattr(rendering, "render", failing)
    return bad.append


def test_an_author_is_withdrawn_though_an_article_of_his_cannot_be_rendered(poison):
    author = make.AuthorFactory()
    article = make.ArticleFactory(authors=[author])
    poison(article)

    with publishing.publishing():
        author.unpublish()

    # Rather not shown than with a name that may not be shown.
    assert found(article, timezone.now()) == lookup.NotServable()
    assert Stale.objects.filter(source=f"article:{article.pk}").exists()


def test_a_failure_half_way_leaves_the_kept_counts_right(poison, monkeypatch):
    article = make.ArticleFactory(live=False)
    publish(article)
    with publishing.publishing():
        article.unpublish()
    Article.objects.filter(pk=article.pk).update(live=True)
    flushing.defer([f"article:{article.pk}"], timezone.now())
    show = ledger.Ledger.show

    def failing(*given: Any) -> Any:
        show(*given)
        raise ValueError("after it was placed")

    monkeypatch.setattr(ledger.Ledger, "show", failing)
    publishing.work_off()

    head = Head.objects.get(channel__slug="public")
    assert head.counts == ledger.counted(head.channel_id)


def test_an_author_who_cannot_be_placed_keeps_nobody_from_publishing(monkeypatch):
    ada, bob = make.AuthorFactory(slug="ada"), make.AuthorFactory(slug="bob")
    article = make.ArticleFactory(slug="knee", authors=[ada, bob], live=False)
    channel = ChannelFactory()
    show = ledger.Ledger.show

    def failing(self: Any, document: Document, *given: Any, **named: Any) -> Any:
        if document.slug == "ada":
            raise ValueError("cannot be placed")
        return show(self, document, *given, **named)

    monkeypatch.setattr(ledger.Ledger, "show", failing)
    publish(article)

    placed = Placement.objects.filter(channel=channel, type__in=["article", "author"])
    slugs = placed.filter(is_visible=True).values_list("document__slug", flat=True)
    assert set(slugs) == {"knee", "bob"}
    assert [one.source for one in Stale.objects.all()] == [f"author:{ada.pk}"]


def test_check_names_what_cannot_be_rendered_and_goes_on(poison):
    bad, good = make.ArticleFactory(), make.ArticleFactory()
    poison(bad)
    Document.objects.filter(pk=document_of(good).pk).update(fingerprint="another")

    sources = {fault.source for fault in healing.check()}

    assert sources == {f"article:{bad.pk}", f"article:{good.pk}"}


@pytest.mark.parametrize("value", [None, {}, [], {"data": None}, {"data": [1, [2]]}])
def test_a_table_of_any_shape_can_be_rendered(value):
    article = make.ArticleFactory()

    article.body.raw_data.append({"type": "table", "value": value, "id": "x"})
    publish(article)

    assert said(article)["body_html"]


# --- Rebuilding -------------------------------------------------------------------


def test_what_is_withdrawn_while_a_rebuild_reads_is_not_published_again(monkeypatch):
    article = make.ArticleFactory()
    attempts = rendering.attempts

    def withdrawn_meanwhile(sources: list[str], scene: Any) -> Any:
        rendered = attempts(sources, scene)
        if rendered.get(f"article:{article.pk}") is not None:
            with publishing.publishing():
                Article.objects.get(pk=article.pk).unpublish()
        return rendered

    monkeypatch.setattr(rendering, "attempts", withdrawn_meanwhile)
    monkeypatch.setattr(healing, "repair", list)
    healing.rebuild()

    assert not Placement.objects.get(document=document_of(article)).is_visible


@pytest.mark.parametrize(
    "damage",
    [
        {"summary_json": "{}"},
        {"canonical_url": "https://elsewhere.example"},
        {"locale": "xx"},
    ],
)
def test_check_finds_and_rebuild_mends_any_column_of_a_document(damage):
    article = make.ArticleFactory()
    Document.objects.filter(pk=document_of(article).pk).update(**damage)

    found_by_check = {fault.source for fault in healing.check()}
    healing.rebuild()

    assert found_by_check == {f"article:{article.pk}"}
    assert healing.check() == []


def test_rebuild_makes_the_words_that_are_searched_anew():
    article = make.ArticleFactory(title="Gluteus")
    Document.objects.filter(pk=document_of(article).pk).update(search="")

    healing.rebuild()

    hits = Document.objects.filter(search="gluteus")
    assert [hit.pk for hit in hits] == [document_of(article).pk]


def test_check_finds_a_withdrawn_document_that_is_still_placed():
    article = make.ArticleFactory()
    with publishing.publishing():
        article.unpublish()
    Placement.objects.filter(document=document_of(article)).update(is_visible=True)

    sources = {fault.source for fault in healing.check()}

    assert f"article:{article.pk}" in sources


def test_words_in_a_list_are_counted_one_by_one():
    items = "<ul><li>one</li><li>two</li><li>three</li></ul>"

    article = make.ArticleFactory(body=[("text", items)])

    assert said(article)["word_count"] == 3


def test_no_heading_takes_the_place_to_which_marks_lead():
    article = make.ArticleFactory(body=[("heading", {"text": "Ref 1", "level": "2"})])

    assert 'id="ref-1"' not in said(article)["body_html"]


def test_a_publication_within_another_is_undone_wholly_when_it_fails():
    with publishing.publishing():
        try:
            with publishing.publishing():
                make.TagFactory(name="half done")
                raise ValueError
        except ValueError:
            pass

    assert not make.content.Tag.objects.filter(name="half done").exists()
