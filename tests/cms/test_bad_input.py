"""What staff may type or upload by mistake, and what others may try on purpose."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from content_models.models import (
    Article,
    Author,
    Category,
    Image,
    Location,
    Practice,
    Reference,
    Tag,
)
from content_models.publication import publication
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    CredentialTypeFactory,
    ImageFactory,
    ReferenceFactory,
    UserFactory,
    home_section,
    picture,
)
from tests.forms import (
    article_form,
    author_form,
    location_form,
    reference_form,
    saved_article_form,
    words,
)

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


def add(client: Client, model: type, form: dict[str, object], publish: bool = True):
    url = reverse(model.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    action = {"action-publish": "1"} if publish else {}
    return client.post(url, form | action, follow=True)


def every_page_of(client: Client, thing: object) -> str:
    viewset = type(thing).snippet_viewset  # type: ignore[attr-defined]
    urls = [reverse(viewset.get_url_name("list"))]
    for view in ("edit", "inspect", "history", "usage", "delete"):
        urls.append(reverse(viewset.get_url_name(view), args=[thing.pk]))  # type: ignore[attr-defined]
    return "".join(words(client.get(url)) for url in urls)


# --- HTML and script --------------------------------------------------------------


def test_script_in_an_author_is_text(staff):
    form = author_form(
        given_name=SCRIPT,
        family_name=SCRIPT,
        job_title=SCRIPT,
        bio=rich_text(f"<p>Back</p>{SCRIPT}"),
        slug="a",
    )

    add(staff, Author, form)

    author = Author.objects.get()
    assert author.live
    assert author.given_name == SCRIPT
    assert SCRIPT not in every_page_of(staff, author)
    served = staff.get("/api/v1/authors/a/?fields=*").json()
    assert "<script" not in served["bio_html"]


def test_script_in_a_category_and_a_tag_is_text(staff):
    add(staff, Category, {"name": SCRIPT, "description": SCRIPT, "slug": "c"})
    add(staff, Tag, {"name": SCRIPT, "slug": "t"})

    assert SCRIPT not in every_page_of(staff, Category.objects.get())
    assert SCRIPT not in every_page_of(staff, Tag.objects.get())


def test_script_in_a_location_and_a_reference_is_text(staff):
    add(
        staff,
        Location,
        location_form(
            name=SCRIPT,
            slug="l",
            intro=rich_text(SCRIPT),
            street_address=SCRIPT,
            city=SCRIPT,
            services=inline_formset([{"name": SCRIPT, "description": SCRIPT}]),
        ),
    )
    add(
        staff,
        Reference,
        reference_form(
            title=SCRIPT,
            slug="r",
            container_title=SCRIPT,
            publisher=SCRIPT,
            raw_text=SCRIPT,
            authors=inline_formset([{"literal": SCRIPT}]),
        ),
    )

    assert SCRIPT not in every_page_of(staff, Location.objects.get())
    assert SCRIPT not in every_page_of(staff, Reference.objects.get())


def test_script_in_an_article_is_text_in_the_admin_and_in_the_api(staff):
    text = rich_text(f"<p>Back</p>{SCRIPT}")
    form = article_form(
        title=SCRIPT,
        slug="s",
        summary=SCRIPT,
        seo_title=SCRIPT,
        search_description=SCRIPT,
        change_note=SCRIPT,
        tags=SCRIPT,
        authors=[AuthorFactory()],
        body=streamfield(
            [
                ("text", text),
                ("heading", {"text": SCRIPT, "level": "2"}),
                ("quote", {"text": SCRIPT, "attribution": SCRIPT}),
                ("callout", {"kind": "tip", "title": SCRIPT, "text": text}),
            ]
        ),
    )
    url = reverse(
        "wagtailadmin_pages:add", args=["content_models", "article", home_section().pk]
    )

    staff.post(url, form | {"action-publish": "1"}, follow=True)

    article = Article.objects.get()
    assert article.live
    pages = [
        reverse("articles:index"),
        reverse("wagtailadmin_explore", args=[home_section().pk]),
        *(
            reverse(f"wagtailadmin_pages:{view}", args=[article.pk])
            for view in ("edit", "history", "usage", "delete", "copy", "unpublish")
        ),
    ]
    for page in pages:
        assert SCRIPT not in words(staff.get(page)), page
    served = staff.get("/api/v1/articles/s/").json()
    assert "<script" not in served["body_html"]
    assert " onerror=" not in served["body_html"].replace("&lt;img src=x onerror=", "")


@pytest.mark.parametrize("field", ["base_url", "license_url"])
def test_an_address_that_runs_a_script_is_refused(staff, field):
    practice = Practice.load()
    url = reverse(
        "wagtailsettings:edit", args=["content_models", "practice", practice.pk]
    )
    form = {
        name: getattr(practice, name)
        for name in (
            "name",
            "time_zone",
            "base_url",
            "article_path",
            "author_path",
            "location_path",
        )
    }

    answer = staff.post(url, form | {field: "javascript:alert(1)"})

    assert "Enter a valid URL" in words(answer)


# --- Pictures ---------------------------------------------------------------------


def upload(client: Client, name: str, content: bytes) -> str:
    file = SimpleUploadedFile(name, content)
    root = {"title": "Picture", "collection": "1", "tags": ""}
    url = reverse("wagtailimages:add")
    return words(client.post(url, {**root, "file": file}, follow=True))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose header promises a size of which the file holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        length, crc = len(data), zlib.crc32(kind + data)
        return struct.pack(">I", length) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("big.png", picture(6000, 5000), "too many pixels (30000000)"),
        ("bomb.png", png_that_claims(60_000, 60_000), "too many pixels"),
        ("page.png", b"<html>hello</html>", "Not a valid .png image"),
        ("empty.png", b"", "empty"),
        ("cut.png", picture()[:40], "This picture is damaged"),
        ("liar.png", png_that_claims(600, 500), "This picture is damaged"),
        ("run.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Not a supported"),
        ("jpeg.png", picture(format="JPEG"), "Not a valid .png image"),
    ],
)
def test_what_is_no_usable_picture_is_refused_in_words(staff, name, content, sentence):
    page = upload(staff, name, content)

    assert sentence in page
    assert not Image.objects.exists()


def test_replacing_a_picture_takes_its_place_and_makes_its_sizes_anew(
    staff, django_capture_on_commit_callbacks
):
    image = ImageFactory()
    with publication():
        image.make_renditions()
    before = image.file.name
    form = {"title": "New", "collection": "1", "tags": ""}
    file = SimpleUploadedFile("new.png", picture(200, 100))

    with django_capture_on_commit_callbacks(execute=True):
        url = reverse("wagtailimages:edit", args=[image.pk])
        staff.post(url, form | {"file": file})

    image.refresh_from_db()
    assert image.width == 200
    assert {one.width for one in image.renditions.all()} == {200}
    assert not image.file.storage.exists(before)


def test_a_photograph_of_24_megapixels_is_taken(staff):
    upload(staff, "photo.jpg", picture(6000, 4000, "JPEG"))

    assert Image.objects.get().width == 6000


# --- Numbers and dates ------------------------------------------------------------


@pytest.mark.parametrize("doi", ["10.1", "not a doi", "10.1186/", "1" * 300])
def test_a_malformed_doi_is_refused_in_words(staff, doi):
    answer = add(staff, Reference, reference_form(doi=doi))

    assert "DOI" in words(answer)
    assert not Reference.objects.exists()


def test_a_doi_is_kept_once_however_it_is_written(staff):
    ReferenceFactory(title="A trial", doi="10.1186/s12891-019-2833-4")
    doi = "https://doi.org/10.1186/S12891-019-2833-4"

    answer = add(staff, Reference, reference_form(title="Another", doi=doi))

    assert "Reference with this DOI already exists" in words(answer)
    assert Reference.objects.count() == 1


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"year": 2023, "month": 2, "day": 30}, "no such day in that month"),
        ({"year": 2023, "day": 3}, "Give the month"),
        ({"month": 3}, "Give the year"),
        ({"year": 2023, "month": 13}, "less than or equal to 12"),
        ({"year": 999999}, "less than or equal to"),
    ],
)
def test_a_reference_from_an_impossible_day_is_refused(staff, dates, sentence):
    answer = add(staff, Reference, reference_form(**dates))

    assert sentence in words(answer)
    assert not Reference.objects.exists()


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"expires_on": "2027-02-31"}, "Enter a valid date"),
        (
            {"issued_on": "2027-03-02", "expires_on": "2027-03-01"},
            "It expires before it was issued",
        ),
    ],
)
def test_a_credential_with_impossible_dates_is_refused(staff, dates, sentence):
    held = {"type": CredentialTypeFactory().pk, "jurisdiction": "US-NJ"} | dates

    answer = add(staff, Author, author_form(credentials=inline_formset([held])))

    assert sentence in words(answer)
    assert not Author.objects.exists()


@pytest.mark.parametrize(
    ("exception", "sentence"),
    [
        (("2027-02-31", "2027-03-01"), "Enter a valid date"),
        (("2027-03-02", "2027-03-01"), "The last day lies before the first"),
    ],
)
def test_a_holiday_on_impossible_days_is_refused(staff, exception, sentence):
    row = dict(zip(("starts_on", "ends_on"), exception, strict=True))

    answer = add(staff, Location, location_form(hours_exceptions=inline_formset([row])))

    assert sentence in words(answer)
    assert not Location.objects.exists()


@pytest.mark.parametrize("number", ["call us", "12", "+1 732 555 0123 0123 0123 0123"])
def test_a_phone_number_that_nobody_can_dial_is_refused(staff, number):
    phones = inline_formset([{"kind": "main", "number": number}])

    answer = add(staff, Location, location_form(phones=phones))

    assert "phone number" in words(answer)
    assert not Location.objects.exists()


# --- Two at once ------------------------------------------------------------------


def test_of_two_editors_of_one_article_neither_loses_anything(client):
    article = ArticleFactory(title="As it was")
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    ada, ben = Client(), Client()
    ada.force_login(UserFactory(roles=["Editors"]))
    ben.force_login(UserFactory(roles=["Editors"]))
    opened = article.latest_revision
    seen = {
        "loaded_revision_id": str(opened.pk),
        "loaded_revision_created_at": opened.created_at.isoformat(),
    }

    ada.post(url, saved_article_form(article, title="What Ada wrote") | seen)
    # The editor saves by itself while one types; this is what it asks.
    silently = ben.post(
        url,
        saved_article_form(article, title="What Ben wrote") | seen,
        headers={"accept": "application/json"},
    )
    on_purpose = ben.post(
        url, saved_article_form(article, title="What Ben wrote") | seen
    )

    assert silently.status_code == 400
    assert "newer version" in silently.json()["error_message"]
    assert on_purpose.status_code == 302
    titles = [revision.content["title"] for revision in article.revisions.all()]
    assert set(titles) == {"As it was", "What Ada wrote", "What Ben wrote"}


def test_an_address_that_another_author_has_is_refused_by_name(staff):
    AuthorFactory(given_name="Lisa", family_name="Scarlino", slug="lisa")

    answer = add(staff, Author, author_form(slug="lisa"))

    assert "“Lisa Scarlino” already has the address “lisa”" in words(answer)
    assert Author.objects.count() == 1
