"""Staff at work: through the admin's own pages, as a browser would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import (
    inline_formset,
    rich_text,
    streamfield,
)

from content_models.models import Article, Author, Image
from content_models.publication import publication
from content_models.readiness import NotReady
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    CategoryFactory,
    ImageFactory,
    LocationFactory,
    ReferenceFactory,
    SectionFactory,
    UserFactory,
    home_section,
)
from tests.forms import (
    article_form,
    author_form,
    edit_url,
    saved_article_form,
    snippet_url,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(roles=["Editors"]))
    return client


def add_url() -> str:
    return reverse(
        "wagtailadmin_pages:add",
        args=["content_models", "article", home_section().pk],
    )


# --- Writing and publishing -------------------------------------------------------


def every_block(image: Image) -> dict[str, object]:
    picture = {"image": image.pk, "decorative": "", "alt_text": "A stretch"}
    text = rich_text("<p>Breathe out.</p>")
    return streamfield(
        [
            ("text", text),
            ("heading", {"text": "What helps?", "level": "2"}),
            ("image", {"image": picture, "caption": "A stretch", "credit": ""}),
            ("quote", {"text": "It helped.", "attribution": "A reader"}),
            ("callout", {"kind": "seek-care", "title": "Numbness", "text": text}),
            ("video", {"url": "https://example.com/v", "title": "A stretch"}),
            (
                "table",
                '{"data": [["Day", "Sets"], ["1", "2"]], "first_row_is_table_header": '
                'true, "first_col_is_header": false, "table_header_choice": "row", '
                '"table_caption": ""}',
            ),
            (
                "exercise",
                {
                    "title": "Bridge",
                    "intro": "",
                    "image": {"image": "", "decorative": "", "alt_text": ""},
                    "steps": streamfield_list(["Lie down.", "Lift."]),
                    "dosage": "2 sets",
                },
            ),
            (
                "faq",
                {"items": streamfield_list([{"question": "Why?", "answer": text}])},
            ),
        ]
    )


def streamfield_list(items: list[object]) -> dict[str, object]:
    rows: dict[str, object] = {
        str(index): {"value": value, "deleted": "", "order": str(index), "id": ""}
        for index, value in enumerate(items)
    }
    return rows | {"count": str(len(items))}


def test_an_article_with_every_block_goes_from_the_form_to_the_api(editor):
    author = AuthorFactory(given_name="Lisa", family_name="Scarlino")
    form = article_form(
        body=every_block(ImageFactory()),
        authors=[author],
        references=[ReferenceFactory()],
        categories=[CategoryFactory()],
        tags="posture, desk",
    )

    answer = editor.post(add_url(), form | {"action-publish": "1"}, follow=True)

    article = Article.objects.get()
    assert article.live, words(answer)
    assert len(article.body) == 9
    served = editor.get(f"/api/v1/articles/{article.slug}/").json()
    assert [block["type"] for block in served["body"]] == [
        block.block_type for block in article.body
    ]
    assert article.canonical_url in words(answer)


def test_a_draft_may_leave_everything_but_its_title_open(editor):
    form = article_form(summary="", body=streamfield([]))

    editor.post(add_url(), form)

    article = Article.objects.get()
    assert not article.live
    assert editor.get("/api/v1/articles/").json()["count"] == 0


def test_publishing_says_everything_that_is_missing(editor):
    form = article_form(body=streamfield([]))

    answer = editor.post(add_url(), form | {"action-publish": "1"})

    assert "There is no text yet" in words(answer)
    assert "name at least one author" in words(answer)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "when", [{}, {"go_live_at": (timezone.now() + timedelta(days=3)).isoformat()}]
)
def test_an_article_waits_for_its_author(editor, when):
    author = AuthorFactory(given_name="Lisa", family_name="Scarlino", live=False)
    article = ArticleFactory(authors=[author], live=False)
    form = saved_article_form(article, **when)

    answer = editor.post(edit_url(article), form | {"action-publish": "1"})

    assert "“Lisa Scarlino” is not published yet: publish this author first." in (
        words(answer)
    )
    article.refresh_from_db()
    assert not article.live
    assert article.scheduled_revision is None


def test_code_may_not_publish_what_is_not_ready_either():
    article = ArticleFactory(authors=[AuthorFactory(live=False)], live=False)

    with pytest.raises(NotReady), publication():
        article.get_latest_revision().publish()

    article.refresh_from_db()
    assert not article.live


def test_approving_an_article_whose_author_is_unpublished_says_so(client):
    author = AuthorFactory(given_name="Lisa", family_name="Scarlino", live=False)
    article = ArticleFactory(authors=[author], live=False)
    client.force_login(UserFactory(roles=["Writers"]))
    client.post(edit_url(article), saved_article_form(article) | {"action-submit": "1"})
    article.refresh_from_db()
    task_state = article.current_workflow_task_state
    approval = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[article.pk, "approve", task_state.pk],
    )

    client.force_login(UserFactory(roles=["Medical reviewers"]))
    answer = client.post(approval, follow=True)
    in_a_dialog = client.post(approval, headers={"x-requested-with": "XMLHttpRequest"})

    assert "“Lisa Scarlino” is not published yet" in words(answer)
    assert in_a_dialog.json()["redirect"] == edit_url(article)
    article.refresh_from_db()
    assert not article.live
    assert article.current_workflow_task_state.pk == task_state.pk


def test_of_many_articles_none_is_published_while_one_is_not_ready(editor):
    ready = ArticleFactory(live=False)
    waiting = ArticleFactory(authors=[AuthorFactory(live=False)], live=False)
    many = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    answer = editor.post(f"{many}?id={ready.pk}&id={waiting.pk}", follow=True)

    assert "is not published yet: publish this author first" in words(answer)
    assert not Article.objects.live().exists()


def test_an_author_without_an_address_gets_one_from_the_name(editor):
    AuthorFactory(given_name="Lisa", family_name="Scarlino", slug="lisa-scarlino")

    editor.post(reverse(Author.snippet_viewset.get_url_name("add")), author_form())

    assert Author.objects.filter(slug="lisa-scarlino-2").exists()


def test_a_second_article_of_one_title_gets_an_address_of_its_own(editor):
    ArticleFactory(title="Knees", slug="knees", parent=SectionFactory())
    form = article_form(title="Knees", slug="knees")

    saved = editor.post(add_url(), form, headers={"accept": "application/json"})

    assert Article.objects.get(slug="knees-2").title == "Knees"
    assert saved.json()["field_updates"]["slug"] == "knees-2"


def test_saving_again_keeps_the_address_that_was_made(editor):
    url = reverse(Author.snippet_viewset.get_url_name("add"))
    editor.post(url, author_form())
    author = Author.objects.get()

    editor.post(snippet_url(author, "edit"), author_form(job_title="Therapist"))

    author.refresh_from_db()
    assert author.get_latest_revision_as_object().slug == "lisa-scarlino"


def test_two_authors_may_swap_places(editor):
    first, second = AuthorFactory(), AuthorFactory()
    article = ArticleFactory(authors=[first, second])
    rows = list(article.authorships.all())
    swapped = inline_formset(
        [
            {"id": rows[0].pk, "author": second.pk},
            {"id": rows[1].pk, "author": first.pk},
        ],
        initial=2,
    )

    form = saved_article_form(article, authorships=swapped)
    editor.post(edit_url(article), form | {"action-publish": "1"})

    article = Article.objects.get()
    assert [row.author for row in article.authorships.all()] == [second, first]


# --- Where readers see it ---------------------------------------------------------


def test_view_live_leads_to_the_microsite_and_only_while_there_is_a_page(editor):
    article = ArticleFactory(slug="knees", authors=[AuthorFactory()])
    listing = reverse("wagtailadmin_explore", args=[home_section().pk])
    address = "http://localhost:8001/articles/knees/"

    assert address in words(editor.get(listing))

    with publication():
        article.unpublish()

    assert address not in words(editor.get(listing))


def test_a_section_offers_no_page_to_view(editor):
    section = SectionFactory(title="Knees")

    page = words(editor.get(reverse("wagtailadmin_explore", args=[section.pk])))

    assert "View live" not in page


@pytest.mark.parametrize(
    ("made", "address"),
    [
        (AuthorFactory, "http://localhost:8001/team/x/"),
        (LocationFactory, "http://localhost:8001/locations/x/"),
    ],
)
def test_an_author_and_a_location_lead_to_their_pages(editor, made, address):
    public, draft = made(slug="x"), made(slug="y", live=False)

    assert address in words(editor.get(snippet_url(public, "edit")))
    assert "View on site" not in words(editor.get(snippet_url(draft, "edit")))


def test_the_menu_speaks_as_staff_do(editor):
    page = words(editor.get(reverse("wagtailadmin_home")))

    for word in ("Articles", "Sections", "People", "References", "Locations"):
        assert f'"{word}"' in page, word
