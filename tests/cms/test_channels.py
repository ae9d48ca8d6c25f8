"""Administrators say what each site may carry, and see beforehand what that does."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from api.channels import entitlements
from api.channels.models import Channel, Confinement, Rule
from api.documents import publishing
from api.documents.models import Placement, Settling
from cms.desk.channels.difference import difference, entitlement_of
from tests import factories as make
from tests.admin import errors_in
from tests.api.factories import ChannelFactory, settle

pytestmark = pytest.mark.django_db

INDEX = reverse("channels:index")
NEW = reverse("channels:add")
PARTNER: dict[str, Any] = {
    "name": "Shoreline Gazette",
    "slug": "shoreline",
    "role": "partner",
    "selection": "all",
    "extent": "full",
    "delay_days": "0",
    "rules-TOTAL_FORMS": "0",
    "rules-INITIAL_FORMS": "0",
    "rules-MIN_NUM_FORMS": "0",
    "rules-MAX_NUM_FORMS": "1000",
}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Administrators"]))
    return client


def words(answer: Any) -> str:
    """The words of the page."""
    main = BeautifulSoup(answer.content, "lxml").select_one("main")
    return " ".join(main.get_text(" ").split())


def edit(channel: Channel) -> str:
    return reverse("channels:edit", args=[channel.pk])


def page_of(channel: Channel) -> str:
    return reverse("channels:inspect", args=[channel.pk])


def form(client: Client, channel: Channel) -> dict[str, Any]:
    """What the form of `channel` holds when it is opened."""
    forms = html.fromstring(client.get(edit(channel)).content).forms
    [own] = [one for one in forms if one.get("id") == "w-editor-form"]
    fields: dict[str, Any] = {}
    for name, value in own.form_values():
        fields.setdefault(name, []).append(value)
    return fields


def on(channel: Channel) -> set[str]:
    shown = Placement.objects.filter(channel=channel, is_visible=True, type="article")
    return {one.document.slug for one in shown}


# --- Who may ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sees", "changes"),
    [
        ("Administrators", True, True),
        ("Editors", True, False),
        ("Writers", False, False),
        ("Medical reviewers", False, False),
    ],
)
def test_administrators_change_channels_and_editors_see_them(
    client: Client, role: str, sees: bool, changes: bool
):
    channel = ChannelFactory()
    client.force_login(make.UserFactory(roles=[role]))
    make_key = reverse("channels:make_key", args=[channel.pk])

    answers = {url: client.get(url).status_code for url in (INDEX, page_of(channel))}
    changing = {
        url: client.get(url).status_code for url in (NEW, edit(channel), make_key)
    }

    assert set(answers.values()) == {200 if sees else 302}
    assert set(changing.values()) == {200 if changes else 302}


def test_who_only_sees_channels_is_offered_no_change(client: Client):
    channel = ChannelFactory()
    client.force_login(make.UserFactory(roles=["Editors"]))

    page = client.get(page_of(channel))

    assert "Make a key" not in words(page)
    assert edit(channel) not in page.content.decode()


def test_no_channel_can_be_deleted(client: Client):
    client.force_login(make.UserFactory(is_superuser=True))
    channel = ChannelFactory()

    assert client.get(f"/cms/channels/delete/{channel.pk}/").status_code == 404
    assert "Delete" not in words(client.get(edit(channel)))
    assert client.get(INDEX).status_code == 200


def test_of_the_built_in_channel_only_exceptions_can_be_made(admin: Client):
    public = Channel.objects.get(slug="public")
    article = make.ArticleFactory(slug="knee")
    fields = form(admin, public)
    assert not {"name", "slug", "is_open", "is_suspended", "selection"} & set(fields)

    fields |= {"is_suspended": "on", "name": "Mine", **a_rule(article, "never")}
    assert "1 article off" in words(admin.post(edit(public), fields))
    fields |= {"confirmed": confirmation(admin, public, fields)}
    admin.post(edit(public), fields)
    settle()

    public.refresh_from_db()
    assert (public.name, public.is_suspended) != ("Mine", True)
    assert not public.is_suspended
    assert on(public) == set()


def a_rule(article: Any, decision: str) -> dict[str, str]:
    return {
        "rules-TOTAL_FORMS": "1",
        "rules-0-id": "",
        "rules-0-article": str(article.pk),
        "rules-0-decision": decision,
    }


def confirmation(client: Client, channel: Channel, fields: dict[str, Any]) -> str:
    """What the page that asks sends when one says yes."""
    page = BeautifulSoup(client.post(edit(channel), fields).content, "lxml")
    return str(page.select_one("[name=confirmed]")["value"])


# --- The list ---------------------------------------------------------------------


def test_the_list_says_in_words_what_each_carries(admin: Client):
    knee = make.CategoryFactory(name="Knee")
    make.ArticleFactory(categories=[knee])
    ChannelFactory(name="Gazette", categories=[knee], extent="summary", delay_days=3)

    said = words(admin.get(INDEX))

    assert "Articles about Knee; summaries only; 3 days later" in said


def test_more_channels_take_no_more_statements(
    admin: Client, django_assert_max_num_queries: Any
):
    knee = make.CategoryFactory()
    admin.get(INDEX)
    ChannelFactory.create_batch(3, categories=[knee])

    with django_assert_max_num_queries(40) as few:
        admin.get(INDEX)
    ChannelFactory.create_batch(6, categories=[knee])
    with django_assert_max_num_queries(len(few)):
        admin.get(INDEX)


# --- The form ---------------------------------------------------------------------


def test_a_partner_is_made_from_the_form(admin: Client):
    knee = make.CategoryFactory()
    make.ArticleFactory(slug="knee", categories=[knee])
    make.ArticleFactory(slug="hip")

    answer = admin.post(
        NEW,
        PARTNER
        | {"selection": "selected", "categories": [knee.pk], "languages": ["en"]},
    )
    settle()

    channel = Channel.objects.get(slug="shoreline")
    assert answer.url == page_of(channel)
    assert channel.languages == ["en"]
    assert on(channel) == {"knee"}


def test_a_new_microsite_starts_with_everything(admin: Client):
    page = BeautifulSoup(admin.get(f"{NEW}?for=microsite").content, "lxml")

    ticked = [box["value"] for box in page.select("[name=collections][checked]")]
    assert page.select_one("[name=selection][value=all][checked]")
    assert page.select_one("[name=is_open][checked]")
    assert len(ticked) == 7


def test_a_channel_that_would_carry_nothing_is_refused_with_the_remedy(admin: Client):
    answer = admin.post(NEW, PARTNER | {"selection": "selected"})

    assert "Choose a category, tag, location or author below" in words(answer)
    assert not Channel.objects.filter(slug="shoreline").exists()


def test_an_article_gets_one_decision(admin: Client):
    article = make.ArticleFactory(title="Knees")
    rule = a_rule(article, "always")
    again = {name.replace("-0-", "-1-"): value for name, value in rule.items()}

    answer = admin.post(NEW, PARTNER | rule | again | {"rules-TOTAL_FORMS": "2"})

    assert "“Knees” stands there twice" in words(answer)


def test_what_can_be_ticked_is_published_and_in_one_language(admin: Client):
    knee = make.CategoryFactory(name="Knee")
    make.CategoryFactory(
        name="Rodilla", locale=make.locale("es"), translation_key=knee.translation_key
    )
    make.CategoryFactory(name="Solo aqui", locale=make.locale("es"))
    make.CategoryFactory(name="Not out yet", live=False)

    page = BeautifulSoup(admin.get(NEW).content, "lxml")
    offered = [
        " ".join(box.find_parent("label").get_text().split())
        for box in page.select("[name=categories]")
    ]

    assert offered == ["Knee", "Solo aqui"]


def test_an_empty_address_is_made_from_the_name(admin: Client):
    admin.post(NEW, PARTNER | {"slug": ""})

    assert Channel.objects.filter(slug="shoreline-gazette").exists()


def test_the_address_stays(admin: Client):
    channel = ChannelFactory(slug="gazette")

    admin.post(edit(channel), form(admin, channel) | {"slug": "other"})

    channel.refresh_from_db()
    assert channel.slug == "gazette"


# --- Before it is saved -----------------------------------------------------------


def test_what_would_change_is_said_before_anything_is_saved(admin: Client):
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    make.ArticleFactory(title="On knees", categories=[knee])
    make.ArticleFactory(title="On hips", categories=[hip])
    channel = ChannelFactory(categories=[knee])
    fields = form(admin, channel) | {"categories": [hip.pk], "preview": "1"}

    said = words(admin.post(edit(channel), fields))

    assert "Taken off: 1 article, 1 author, 1 category On knees" in said
    assert "Added: 1 article, 1 author, 1 category On hips" in said
    assert list(channel.categories.all()) == [knee]
    assert not Settling.objects.exists()


def test_what_takes_something_off_is_asked_first(admin: Client):
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    make.ArticleFactory(slug="knees", categories=[knee])
    make.ArticleFactory(slug="both", categories=[knee, hip])
    channel = ChannelFactory(categories=[knee])
    fields = form(admin, channel) | {"categories": [hip.pk]}

    asked = admin.post(edit(channel), fields)

    assert "Save, and take 1 article off" in words(asked)
    assert list(channel.categories.all()) == [knee]
    confirmed = fields | {"confirmed": confirmation(admin, channel, fields)}
    assert admin.post(edit(channel), confirmed).status_code == 302
    settle()
    assert on(channel) == {"both"}


def test_what_was_confirmed_is_not_taken_for_something_else(admin: Client):
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    make.ArticleFactory(slug="knees", categories=[knee])
    make.ArticleFactory(slug="hips", categories=[hip])
    channel = ChannelFactory(categories=[knee, hip])
    fields = form(admin, channel) | {"categories": [hip.pk]}
    fields["confirmed"] = confirmation(admin, channel, fields)

    other = admin.post(edit(channel), fields | {"categories": [knee.pk]})

    assert "This takes something away" in words(other)
    assert channel.categories.count() == 2


def test_what_only_adds_is_saved_at_once(admin: Client):
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    make.ArticleFactory(slug="hips", categories=[hip])
    channel = ChannelFactory(categories=[knee])

    answer = admin.post(
        edit(channel), form(admin, channel) | {"categories": [knee.pk, hip.pk]}
    )

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"is_suspended": "on"}, "Nobody will read anything on it."),
        ({"is_open": []}, "Whoever reads it without a key"),
        ({"extent": "summary"}, "the summary of 1 article only"),
    ],
)
def test_what_readers_lose_besides_is_asked_first(
    admin: Client, change: dict[str, Any], told: str
):
    make.ArticleFactory()
    channel = ChannelFactory()

    answer = admin.post(edit(channel), form(admin, channel) | change)

    assert told in words(answer)


CHANGES: list[dict[str, Any]] = [
    {"selection": "all"},
    {"selection": "none"},
    {"languages": ["es"]},
    {"delay_days": 30},
    {"collections": ["location", "award"]},
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_said_is_what_settling_does(change: dict[str, Any]):
    knee = make.CategoryFactory()
    picked = make.ArticleFactory(slug="picked")
    confined = make.ArticleFactory(slug="confined", categories=[knee])
    excepted = make.ArticleFactory(slug="excepted", categories=[knee])
    make.ArticleFactory(slug="knees", categories=[knee])
    make.ArticleFactory(slug="es", categories=[knee], locale=make.locale("es"))
    make.AwardFactory()
    make.LocationFactory()
    channel = ChannelFactory(categories=[knee], always=[picked], never=[excepted])
    with publishing.publishing():
        Confinement.objects.create(article=confined)
    before = placed(channel)
    after = Channel.objects.get(pk=channel.pk)
    for name, value in change.items():
        setattr(after, name, value)
    wanted = entitlement_of(
        after, {"categories": [knee]}, [(picked, "always"), (excepted, "never")]
    )

    said = difference(channel, after, wanted, timezone.now())

    with publishing.publishing():
        after.save()
    settle()
    now = placed(channel)
    assert set(said.added.documents) == now - before
    assert set(said.removed.documents) == before - now


def placed(channel: Channel) -> set[Any]:
    shown = Placement.objects.filter(channel=channel, is_visible=True)
    return set(shown.values_list("document_id", flat=True))


def test_an_entitlement_of_the_form_is_the_one_that_is_stored():
    knee, tag = make.CategoryFactory(), make.TagFactory()
    place, author = make.LocationFactory(), make.AuthorFactory()
    always, never = make.ArticleFactory(), make.ArticleFactory()
    chosen = {
        "categories": [knee],
        "tags": [tag],
        "locations": [place],
        "authors": [author],
    }
    channel = ChannelFactory(
        **chosen,
        always=[always],
        never=[never],
        languages=["en"],
        delay_days=2,
        collections=["tag"],
    )

    made = entitlement_of(channel, chosen, [(always, "always"), (never, "never")])

    assert made == entitlements.of_channels([channel])[channel.pk]


# --- Two at once ------------------------------------------------------------------


def test_of_two_who_save_the_second_is_told_and_loses_nothing(admin: Client):
    channel = ChannelFactory(name="Gazette")
    first, second = form(admin, channel), form(admin, channel)
    admin.post(edit(channel), first | {"delay_days": "3", "confirmed": "x"})
    Channel.objects.filter(pk=channel.pk).update(delay_days=3)

    answer = admin.post(edit(channel), second | {"contact_name": "Ada"})

    said = words(answer)
    assert "Somebody else has changed this channel meanwhile" in said
    assert "Delay: 3" in said
    page = BeautifulSoup(answer.content, "lxml")
    assert page.select_one("[name=contact_name]")["value"] == "Ada"
    channel.refresh_from_db()
    assert (channel.delay_days, channel.contact_name) == (3, "")


def test_who_was_told_can_save_over_a_rule_that_is_gone(admin: Client):
    article = make.ArticleFactory(slug="knee")
    channel = ChannelFactory(selection="none", always=[article])
    fields = form(admin, channel)
    with publishing.publishing():
        Rule.objects.all().delete()

    told = admin.post(edit(channel), fields | {"contact_name": "Ada"})

    assert "Somebody else has changed" in words(told)
    page = BeautifulSoup(told.content, "lxml")
    fields["state"] = page.select_one("[name=state]")["value"]
    saved = admin.post(edit(channel), fields | {"contact_name": "Ada"})
    assert saved.status_code == 302, errors_in(saved)
    assert Rule.objects.get().article == article


# --- What it carries now ----------------------------------------------------------


def test_the_page_of_a_channel_lists_its_articles_and_why(admin: Client):
    knee = make.CategoryFactory(name="Knee")
    make.ArticleFactory(title="On knees", categories=[knee])
    picked = make.ArticleFactory(title="By hand")
    channel = ChannelFactory(categories=[knee], always=[picked])

    said = words(admin.get(page_of(channel)))

    assert "2 articles" in said
    assert "On knees English About Knee" in said
    assert "By hand English Picked by hand" in said


def test_its_articles_can_be_searched(admin: Client):
    make.ArticleFactory(title="On knees")
    make.ArticleFactory(title="On hips")
    channel = ChannelFactory()

    said = words(admin.get(page_of(channel), {"q": "hip"}))

    assert "On hips" in said
    assert "On knees" not in said


def test_more_articles_take_no_more_statements(
    admin: Client, django_assert_max_num_queries: Any
):
    make.ArticleFactory()
    channel = ChannelFactory()
    admin.get(page_of(channel))

    with django_assert_max_num_queries(60) as few:
        admin.get(page_of(channel))
    for _ in range(4):
        make.ArticleFactory()
    with django_assert_max_num_queries(len(few)):
        admin.get(page_of(channel))


# --- Keys -------------------------------------------------------------------------


def make_key(client: Client, channel: Channel, **fields: Any) -> Any:
    url = reverse("channels:make_key", args=[channel.pk])
    page = BeautifulSoup(client.get(url).content, "lxml")
    newest = page.select_one("[name=newest]").get("value", "")
    return client.post(url, {"name": "Web server", "newest": newest, **fields})


def shown_key(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "lxml")
    return str(page.select_one("[data-w-clipboard-target=value]")["value"])


def test_a_key_is_shown_once_and_opens_the_channel(admin: Client):
    make.ArticleFactory(slug="knee")
    channel = ChannelFactory(is_open=False)

    answer = make_key(admin, channel)

    key = shown_key(answer)
    assert "it will not be shown again" in words(answer)
    assert "no-store" in answer["Cache-Control"]
    read = Client().get("/api/v1/articles/", headers={"Authorization": f"Bearer {key}"})
    assert [one["slug"] for one in read.json()["results"]] == ["knee"]
    assert key not in admin.get(page_of(channel)).content.decode()
    assert "Web server clinicast_" in words(admin.get(page_of(channel)))


def test_sending_the_form_again_makes_no_second_key(admin: Client):
    channel = ChannelFactory()
    make_key(admin, channel)
    url = reverse("channels:make_key", args=[channel.pk])

    answer = admin.post(url, {"name": "Web server", "newest": ""}, follow=True)

    assert "No key was made" in words(answer)
    assert channel.keys.count() == 1


def test_a_third_key_is_refused(admin: Client):
    channel = ChannelFactory()
    make_key(admin, channel)
    make_key(admin, channel)

    answer = make_key(admin, channel)

    assert "2 keys that are valid" in words(answer)
    assert channel.keys.count() == 2


def test_a_key_of_the_past_is_refused(admin: Client):
    answer = make_key(admin, ChannelFactory(), expires_on="2020-01-01")

    assert "This day is past" in words(answer)


def test_a_revoked_key_opens_nothing(admin: Client):
    channel = ChannelFactory(is_open=False)
    key = shown_key(make_key(admin, channel))
    url = reverse("channels:revoke_key", args=[channel.pk, channel.keys.get().pk])
    assert "This cannot be undone" in words(admin.get(url))

    admin.post(url)

    read = Client().get("/api/v1/articles/", headers={"Authorization": f"Bearer {key}"})
    assert read.status_code == 401
    assert "Revoked" in words(admin.get(page_of(channel)))
