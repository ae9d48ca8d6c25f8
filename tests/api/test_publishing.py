"""What is published is rendered, placed, and found to be exactly that."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    DraftStateMixin,
    Page,
    PageViewRestriction,
)

from api.documents import healing, ledger, lookup, publishing, reading, rendering
from api.documents.models import Document, DocumentVersion, Head, Placement, Stale
from api.documents.scene import Scene
from content_models.models import Article, Practice
from tests import factories as make
from tests.api.factories import ChannelFactory

pytestmark = pytest.mark.django_db


def document_of(content: Any) -> Document:
    return Document.objects.get(source=f"{content._meta.model_name}:{content.pk}")


def said(content: Any) -> dict[str, Any]:
    """The full document of `content` as JSON."""
    return json.loads(document_of(content).full_json)


def is_visible(content: Any) -> bool:
    return Placement.objects.filter(
        document=document_of(content), is_visible=True
    ).exists()


def newest_sequence() -> int:
    return Head.objects.get(channel__slug="public").sequence


def make_private(section: Page) -> PageViewRestriction:
    with publishing.publishing():
        return PageViewRestriction.objects.create(
            page=section, restriction_type=PageViewRestriction.LOGIN
        )


# --- Signals lie: what is public is read anew ------------------------------------


def test_publishing_an_article_places_its_document_on_the_public_channel():
    article = make.ArticleFactory(title="Back pain at work")

    assert said(article)["title"] == "Back pain at work"
    assert is_visible(article)


def test_a_draft_has_no_document():
    article = make.ArticleFactory(live=False)

    assert not Document.objects.filter(source=f"article:{article.pk}").exists()


def test_a_draft_of_a_live_article_changes_nothing_that_is_served():
    article = make.ArticleFactory(title="Published")
    before = newest_sequence()

    with publishing.publishing():
        article.title = "Only a draft"
        article.save_revision()

    assert said(article)["title"] == "Published"
    assert newest_sequence() == before


def test_a_draft_does_not_change_the_live_row_through_a_relation():
    ada, ben = make.AuthorFactory(), make.AuthorFactory()
    article = make.ArticleFactory(authors=[ada])

    with publishing.publishing():
        draft = article.get_latest_revision_as_object()
        draft.authorships = [make.content.ArticleAuthor(author=ben)]
        draft.tags.add("only in the draft")
        draft.save_revision()
        # Something else renders the article again.
        ada.job_title = "Head of clinic"
        ada.save_revision().publish()

    assert [author["slug"] for author in said(article)["authors"]] == [ada.slug]
    assert said(article)["tags"] == []


def test_a_scheduled_publish_shows_nothing_before_its_time(in_days):
    article = make.ArticleFactory(live=False)

    with publishing.publishing():
        article.go_live_at = in_days(1)
        article.save_revision().publish()

    assert not Document.objects.filter(source=f"article:{article.pk}").exists()


def test_deleting_a_live_page_leaves_a_tombstone():
    article = make.ArticleFactory()
    document = document_of(article)

    with publishing.publishing():
        article.delete()

    document.refresh_from_db()
    assert document.withdrawn_kind == "gone"
    assert not document.placements.filter(is_visible=True).exists()


def test_deleting_a_live_snippet_which_sends_no_unpublish_leaves_a_tombstone():
    category = make.CategoryFactory()
    document = document_of(category)

    with publishing.publishing():
        category.delete()

    document.refresh_from_db()
    assert document.is_withdrawn


def test_moving_an_article_into_a_private_section_withdraws_it_and_back_restores_it():
    private, open_section = make.SectionFactory(), make.SectionFactory()
    make_private(private)
    article = make.ArticleFactory(parent=open_section)

    with publishing.publishing():
        article.move(private, "last-child")
    was_visible_while_private = is_visible(article)
    with publishing.publishing():
        Page.objects.get(pk=article.pk).move(
            Page.objects.get(pk=open_section.pk), "last-child"
        )

    assert not was_visible_while_private
    assert is_visible(article)


def test_moving_a_section_looks_at_what_its_articles_are_about_all_at_once(settings):
    settings.DOCUMENTS_INLINE_LIMIT = 1
    subject = make.CategoryFactory()
    ChannelFactory(slug="of-a-subject", categories=[subject])

    def statements(articles: int) -> int:
        old, new = make.SectionFactory(), make.SectionFactory()
        for _ in range(articles):
            make.ArticleFactory(parent=old, categories=[subject])
        with CaptureQueriesContext(connection) as asked, publishing.publishing():
            Page.objects.get(pk=old.pk).move(Page.objects.get(pk=new.pk), "last-child")
        return len(asked)

    few = statements(4)
    many = statements(14)

    # What is left to the worker is looked at one by one, but not read whole.
    assert (many - few) / 10 < 5


def test_making_a_section_private_withdraws_all_of_it_at_once_however_much(settings):
    settings.DOCUMENTS_INLINE_LIMIT = 2
    section = make.SectionFactory()
    articles = [make.ArticleFactory(parent=section) for _ in range(5)]

    make_private(section)

    assert [article for article in articles if is_visible(article)] == []
    assert not Stale.objects.exists()


def test_opening_a_private_section_publishes_what_is_live_in_it():
    section = make.SectionFactory()
    restriction = make_private(section)
    article = make.ArticleFactory(parent=section)

    with publishing.publishing():
        restriction.delete()

    assert is_visible(article)


def test_an_image_in_a_private_collection_leaves_the_articles_that_show_it():
    image = make.ImageFactory.build()
    with publishing.publishing():
        image.save()
    article = make.ArticleFactory(image=image)
    shown_before = said(article)["image"]

    with publishing.publishing():
        collection = Collection.get_first_root_node().add_child(name="Internal")
        image.collection = collection
        image.save()
        CollectionViewRestriction.objects.create(
            collection=collection, restriction_type="login"
        )

    assert shown_before is not None
    assert said(article)["image"] is None


def test_an_alias_is_no_document_and_a_copy_is_another_one():
    article = make.ArticleFactory()

    with publishing.publishing():
        copy = article.copy(update_attrs={"slug": "the-copy"}, keep_live=True)
        section = make.SectionFactory()
        alias = article.create_alias(parent=section, update_slug="the-alias")

    assert document_of(copy).pk != document_of(article).pk
    assert not Document.objects.filter(source=f"article:{alias.pk}").exists()


def test_content_that_is_published_outside_a_publication_fails_loudly():
    article = make.ArticleFactory(live=False)

    with pytest.raises(publishing.OutsidePublishing, match="publishing"):
        article.save_revision().publish()


def test_a_publication_that_fails_leaves_nothing_behind():
    article = make.ArticleFactory(title="Before")

    with pytest.raises(ZeroDivisionError), publishing.publishing():
        article.title = "After"
        article.save_revision().publish()
        _ = 1 / 0

    assert said(article)["title"] == "Before"
    with publishing.publishing():
        pass
    assert said(article)["title"] == "Before"


# --- What a document says ---------------------------------------------------------


def test_a_render_that_changes_nothing_takes_no_sequence_and_no_version():
    article = make.ArticleFactory()
    before = newest_sequence()

    with publishing.publishing():
        article.save_revision().publish()

    assert newest_sequence() == before
    assert document_of(article).version == 1


def test_each_change_is_a_version_of_its_own_and_the_last_one_is_served():
    article = make.ArticleFactory(title="One")

    with publishing.publishing():
        article.title = "Two"
        article.save_revision().publish()

    versions = DocumentVersion.objects.filter(document=document_of(article))
    titles = [json.loads(version.full_json)["title"] for version in versions]
    assert titles == ["One", "Two"]
    assert said(article)["version"] == 2


def test_the_id_survives_a_new_slug_and_the_old_slug_leads_to_it():
    article = make.ArticleFactory(slug="old-slug")
    id_before = said(article)["id"]
    channel = reading.standing().channel

    with publishing.publishing():
        article.slug = "new-slug"
        article.save_revision().publish()

    assert said(article)["id"] == id_before
    found = lookup.look_up(channel, "article", "en", "old-slug", timezone.now())
    assert found == lookup.Moved("new-slug")


def test_a_live_slug_beats_a_former_one():
    channel = reading.standing().channel
    first = make.ArticleFactory(slug="knee-pain")
    with publishing.publishing():
        first.slug = "knee-pain-explained"
        first.save_revision().publish()

    second = make.ArticleFactory(slug="knee-pain")

    found = lookup.look_up(channel, "article", "en", "knee-pain", timezone.now())
    assert isinstance(found, lookup.Found)
    assert found.document == document_of(second)


def test_a_restored_article_is_the_same_document_in_a_new_version():
    article = make.ArticleFactory()
    id_before = said(article)["id"]

    with publishing.publishing():
        article.unpublish()
    with publishing.publishing():
        article.save_revision().publish()

    assert (said(article)["id"], said(article)["version"]) == (id_before, 2)
    assert is_visible(article)


def test_an_unpublished_author_leaves_every_article_at_once_however_many(settings):
    settings.DOCUMENTS_INLINE_LIMIT = 2
    author = make.AuthorFactory()
    articles = [make.ArticleFactory(authors=[author]) for _ in range(5)]

    with publishing.publishing():
        author.unpublish()

    assert [said(article)["authors"] for article in articles] == [[]] * 5


@pytest.mark.parametrize(
    ("factory", "relation"),
    [
        (make.ReferenceFactory, "references"),
        (make.CategoryFactory, "categories"),
        (make.LocationFactory, "locations"),
        (make.AuthorFactory, "reviewers"),
    ],
)
def test_what_is_not_live_itself_is_not_shown_in_an_article(factory, relation):
    part = factory()
    article = make.ArticleFactory(**{relation: [part]})

    with publishing.publishing():
        part.unpublish()
    shown_while_unpublished = said(article)[relation]
    with publishing.publishing():
        part.save_revision().publish()

    assert shown_while_unpublished == []
    assert len(said(article)[relation]) == 1


def test_an_unpublished_reference_leaves_its_number_out_and_its_mark_becomes_text():
    first, second = make.ReferenceFactory(), make.ReferenceFactory()
    article = make.ArticleFactory(
        references=[first, second], body=[("text", "<p>Shown twice [1], [2].</p>")]
    )

    with publishing.publishing():
        first.unpublish()

    assert [one["number"] for one in said(article)["references"]] == [2]
    assert said(article)["body_html"] == (
        '<p>Shown twice [1], [<a href="#ref-2" class="citation">2</a>].</p>'
    )


def test_a_link_to_another_article_is_one_only_while_that_is_public():
    target = make.ArticleFactory(slug="hip-pain")
    link = f'<p>See <a linktype="page" id="{target.pk}">hip pain</a>.</p>'
    article = make.ArticleFactory(body=[("text", link)])
    while_public = said(article)["body_html"]

    with publishing.publishing():
        target.unpublish()

    base = Practice.load().base_url
    assert while_public == (
        f'<p>See <a href="{base}/articles/hip-pain/">hip pain</a>.</p>'
    )
    assert said(article)["body_html"] == "<p>See hip pain.</p>"


def test_script_in_any_field_never_reaches_the_html():
    evil = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    link = '<p><a href="javascript:alert(1)">x</a><a onclick="a()" href="/x">y</a></p>'
    article = make.ArticleFactory(
        title=evil,
        summary=evil,
        body=[
            ("text", evil + link),
            ("heading", {"text": evil, "level": "2"}),
            ("quote", {"text": evil, "attribution": evil}),
            ("callout", {"kind": "tip", "title": evil, "text": evil}),
            ("video", {"url": "javascript:alert(1)", "title": evil}),
            ("table", {"data": [[evil]], "first_row_is_table_header": True}),
            ("exercise", {"title": evil, "intro": evil, "steps": [evil]}),
            ("faq", {"items": [{"question": evil, "answer": evil}]}),
        ],
    )

    html = said(article)["body_html"]

    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html
    assert " onclick" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_licence_number_is_in_no_document():
    author = make.AuthorFactory(
        credentials=[make.credential("PT", number="40QA00001", jurisdiction="US-NJ")]
    )
    make.ArticleFactory(authors=[author], reviewers=[author])

    everything = "".join(
        document.full_json + document.summary_json
        for document in Document.objects.all()
    ) + "".join(Placement.objects.values_list("suffix", flat=True))

    assert "US-NJ" in everything
    assert "40QA00001" not in everything


def test_headings_skip_no_level():
    article = make.ArticleFactory(
        body=[
            ("heading", {"text": "First", "level": "4"}),
            ("heading", {"text": "Second", "level": "4"}),
            ("heading", {"text": "Second", "level": "2"}),
        ]
    )

    assert said(article)["body_html"].split("\n") == [
        '<h2 id="first">First</h2>',
        '<h3 id="second">Second</h3>',
        '<h2 id="second-2">Second</h2>',
    ]


def test_translations_name_each_other_while_they_are_visible():
    english = make.ArticleFactory(slug="rest")
    spanish = make.ArticleFactory(
        slug="descanso",
        locale=make.locale("es"),
        translation_key=english.translation_key,
    )
    suffix = Placement.objects.get(document=document_of(english)).suffix
    while_both_live = [one["slug"] for one in json.loads(suffix)["translations"]]

    with publishing.publishing():
        spanish.unpublish()

    suffix = Placement.objects.get(document=document_of(english)).suffix
    assert while_both_live == ["descanso"]
    assert json.loads(suffix)["translations"] == []


# --- Fan-out ----------------------------------------------------------------------


def test_a_changed_author_changes_every_article_in_the_same_transaction():
    author = make.AuthorFactory(family_name="Scarlino", credentials=["PT"])
    article = make.ArticleFactory(authors=[author])

    with publishing.publishing():
        author.credentials.add(make.credential("ATC"))
        author.save_revision().publish()

    assert said(article)["byline"] == "Ada Scarlino, PT, ATC"


def test_what_is_rendered_together_says_what_each_says_rendered_alone():
    images = [make.ImageFactory() for _ in range(3)]
    authors = [make.AuthorFactory(photo=images[0], credentials=["PT", "ATC"])]
    authors += [make.AuthorFactory(photo=images[1])]
    references = [make.ReferenceFactory() for _ in range(3)]
    categories = [make.CategoryFactory() for _ in range(2)]
    articles = [
        make.ArticleFactory(
            authors=authors,
            references=references[:2],
            categories=categories,
            locations=[make.LocationFactory()],
            image=images[2],
        ),
        make.ArticleFactory(
            authors=authors[:1],
            reviewers=authors[1:],
            references=references[::-1],
            categories=categories[1:],
            tags=[make.TagFactory()],
            image=images[1],
        ),
    ]
    sources = [f"article:{one.pk}" for one in articles]
    scene = Scene.at(timezone.now())

    together = rendering.attempts(sources, scene)

    alone = [rendering.attempts([one], Scene.at(scene.now)) for one in sources]
    assert together == alone[0] | alone[1]


def test_over_the_limit_the_worker_renders_the_rest(settings):
    settings.DOCUMENTS_INLINE_LIMIT = 3
    author = make.AuthorFactory(family_name="Before")
    articles = [make.ArticleFactory(authors=[author]) for _ in range(6)]
    with publishing.publishing():
        author.family_name = "After"
        author.save_revision().publish()
    at_once = [said(article)["byline"] for article in articles].count("Ada After")

    while publishing.work_off():
        pass

    # The author's own document is one of the three.
    assert at_once == 2
    assert {said(article)["byline"] for article in articles} == {"Ada After"}


@pytest.fixture
def five_left(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An author with five articles that wait for the worker, two batches and one."""
    settings.DOCUMENTS_INLINE_LIMIT = 1
    monkeypatch.setattr(publishing, "WRITTEN_AT_ONCE", 2)
    author = make.AuthorFactory(family_name="Before")
    for _ in range(5):
        make.ArticleFactory(authors=[author])
    with publishing.publishing():
        author.family_name = "After"
        author.save_revision().publish()
    return author


def bylines() -> set[str]:
    texts = Document.objects.filter(type="article").values_list("full_json", flat=True)
    return {json.loads(text)["byline"] for text in texts}


def test_what_was_rendered_together_is_written_batch_by_batch(five_left, monkeypatch):
    written = []
    write = publishing.Rewriting.write

    def noted(self: Any, early: publishing.Early) -> bool:
        written.append(len(early.renders))
        return write(self, early)

    monkeypatch.setattr(publishing.Rewriting, "write", noted)
    publishing.work_off()

    assert written == [2, 2, 1]
    assert bylines() == {"Ada After"}


def test_what_is_published_between_two_batches_is_not_overwritten(
    five_left, monkeypatch
):
    write = publishing.Rewriting.write

    def then_published(self: Any, early: publishing.Early) -> bool:
        is_current = write(self, early)
        five_left.family_name = "Later"
        with publishing.publishing():
            five_left.save_revision().publish()
        return is_current

    monkeypatch.setattr(publishing.Rewriting, "write", then_published)
    publishing.work_off()
    monkeypatch.undo()
    while publishing.work_off():
        pass

    assert bylines() == {"Ada Later"}


def test_a_document_that_cannot_be_rendered_holds_up_no_other(settings, monkeypatch):
    settings.DOCUMENTS_INLINE_LIMIT = 1
    author = make.AuthorFactory(family_name="Before")
    good, bad = (make.ArticleFactory(authors=[author]) for _ in range(2))
    with publishing.publishing():
        author.family_name = "After"
        author.save_revision().publish()
    render = rendering.render

    def failing(content: Any, *rest: Any) -> Any:
        if content.pk == bad.pk and isinstance(content, Article):
            raise ValueError("cannot be rendered")
        return render(content, *rest)

    monkeypatch.setattr(rendering, "render", failing)
    while publishing.work_off():
        pass

    assert said(good)["byline"] == "Ada After"
    assert [row.source for row in Stale.objects.all()] == [f"article:{bad.pk}"]


# --- The clock --------------------------------------------------------------------


def test_a_credential_leaves_the_byline_the_day_after_its_last_one(frozen):
    # Noon in New Jersey; the credential is good until the end of that day there.
    noon = datetime(2026, 3, 10, 16, tzinfo=UTC)
    with frozen(noon):
        author = make.AuthorFactory(
            family_name="Scarlino",
            credentials=["PT", make.credential("OCS", expires_on=date(2026, 3, 10))],
        )
        article = make.ArticleFactory(authors=[author])
    byline_before = said(article)["byline"]

    with frozen(datetime(2026, 3, 11, 4, 0, 1, tzinfo=UTC)):
        publishing.on_the_clock()
        byline_after = said(article)["byline"]

    assert document_of(author).valid_until is None
    assert byline_before == "Ada Scarlino, PT, OCS"
    assert byline_after == "Ada Scarlino, PT"


def test_a_lapsed_credential_is_shown_nowhere_though_no_worker_ran(frozen):
    with frozen(datetime(2026, 3, 10, 16, tzinfo=UTC)):
        author = make.AuthorFactory(
            credentials=[make.credential("OCS", expires_on=date(2026, 3, 10))]
        )
    channel = reading.standing().channel
    a_moment_later = datetime(2026, 3, 11, 4, tzinfo=UTC)

    listed = reading.on_channel(channel, ["author"], "en", a_moment_later)
    found = lookup.look_up(channel, "author", "en", author.slug, a_moment_later)

    assert list(listed) == []
    assert found == lookup.NotServable()
    assert not reading.standing().is_settled_at(a_moment_later)


def test_an_expired_article_is_gone_though_no_worker_ran(in_days):
    article = make.ArticleFactory(expire_at=in_days(1))
    channel = reading.standing().channel
    later = in_days(1) + timedelta(seconds=1)

    found = lookup.look_up(channel, "article", "en", article.slug, later)

    assert list(reading.on_channel(channel, ["article"], "en", later)) == []
    assert isinstance(found, lookup.Tombstone)
    assert found.kind == "expired"


def test_the_worker_writes_what_expired(frozen, in_days):
    article = make.ArticleFactory(expire_at=in_days(1))

    with frozen(in_days(2)):
        publishing.on_the_clock()

    assert document_of(article).withdrawn_kind == "expired"
    assert Head.objects.get(channel__slug="public").next_boundary_at is None


def test_a_clock_that_is_set_back_does_not_set_back_what_caches_compare(frozen):
    with frozen(datetime(2050, 6, 1, tzinfo=UTC)):
        make.TagFactory()

    with frozen(datetime(2050, 5, 1, tzinfo=UTC)):
        make.TagFactory()

    changed_at = Head.objects.get(channel__slug="public").changed_at
    assert changed_at == datetime(2050, 6, 1, tzinfo=UTC)


# --- Kept counts, and healing -----------------------------------------------------


def test_the_kept_counts_are_what_counting_gives():
    kept, gone = make.ArticleFactory(), make.ArticleFactory()
    with publishing.publishing():
        gone.unpublish()

    head = Head.objects.get(channel__slug="public")

    assert head.counts["article:en"] == 1
    assert head.counts == ledger.counted(head.channel_id)
    assert is_visible(kept)


def break_text(document: Document) -> None:
    document.fingerprint = "something else"
    document.save()


def lose_it(document: Document) -> None:
    document.delete()


def hide_it(document: Document) -> None:
    document.placements.update(is_visible=False)


def forget_a_key(document: Document) -> None:
    document.keys = document.keys[1:]
    document.save()


@pytest.mark.parametrize("damage", [break_text, lose_it, hide_it, forget_a_key])
def test_check_finds_damage_and_repair_mends_it(damage):
    article = make.ArticleFactory()
    damage(document_of(article))

    found = healing.check()
    healing.repair()

    assert f"article:{article.pk}" in {fault.source for fault in found}
    assert healing.check() == []


def test_repair_withdraws_what_is_served_and_should_not_be():
    article = make.ArticleFactory()
    Article.objects.filter(pk=article.pk).update(live=False)

    healing.repair()

    assert not is_visible(article)


def test_rebuild_mends_everything_and_wakes_nobody_for_what_did_not_change():
    articles = [make.ArticleFactory() for _ in range(3)]
    before = newest_sequence()
    damaged = document_of(articles[0])
    damaged.keys = []
    damaged.save()

    number = healing.rebuild()

    assert number == 3 + 3 + 1  # the articles, their authors, the practice
    assert newest_sequence() == before
    assert healing.check() == []


# --- The model registry ------------------------------------------------------------


def test_no_draftable_kind_has_a_plain_many_to_many():
    # A plain one is written to the live row as soon as a draft is saved.
    plain = [
        field
        for model in apps.get_app_config("content_models").get_models()
        if issubclass(model, DraftStateMixin)
        for field in model._meta.local_many_to_many
        if not isinstance(field, ClusterTaggableManager | ParentalManyToManyField)
    ]

    assert plain == []
