"""The board of a withdrawal, and who may see and write there."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission

from api.channels.models import Channel
from api.documents import publishing
from api.documents.models import Told
from cms.desk.propagation.acts import act_of, board_of, open_acts
from tests import factories as make
from tests.admin import AdminForm
from tests.api.factories import ChannelFactory

from .sites import (
    REASON,
    REPORT,
    Mirror,
    board,
    change,
    document_of,
    note,
    withdraw,
)

pytestmark = pytest.mark.django_db


# --- The board ----------------------------------------------------------------------


def test_who_withdraws_sees_who_has_confirmed_and_whom_to_call(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    mirror = Mirror(gazette)
    mirror.catch_up()
    form = {"reason": REASON, "urgency": "urgent", "replacement": ""}

    answer = editor.post(reverse("withdraw", args=["article", article.pk]), form)
    before = board(editor, article)["Gazette"]
    mirror.catch_up()
    after = board(editor, article)["Gazette"]

    assert answer["Location"] == board_of(document_of(article))
    assert "Not confirmed" in before
    for contact in ("Ines Ferreira", "+1 732 555 0100", "ines@gazette.example"):
        assert contact in before
    assert "Confirmed" in after and "Ines Ferreira" not in after


def test_a_partner_is_called_by_what_its_form_was_given(client: Client) -> None:
    client.force_login(make.UserFactory(roles=["Administrators"]))
    shore = ChannelFactory(slug="shore", is_open=False)
    AdminForm(client, reverse("channels:edit", args=[shore.pk])).submit(
        contact_name="Ada Byron",
        contact_email="ada@shore.example",
        contact_phone="+1 732 555 0199",
    )
    article = make.ArticleFactory()
    Mirror(shore).catch_up()
    withdraw(article)

    row = BeautifulSoup(
        client.get(board_of(document_of(article))).content, "lxml"
    ).select_one(".desk-board tbody tr")

    assert "Ada Byron" in row.get_text()
    assert [one["href"] for one in row.select("a[href*=':']")] == [
        "tel:+17325550199",
        "mailto:ada@shore.example",
    ]


def test_of_a_site_without_a_contact_the_board_says_so(editor: Client) -> None:
    article = make.ArticleFactory()
    Mirror(ChannelFactory(slug="shore", is_open=False)).catch_up()
    withdraw(article)

    assert "No contact is known." in board(editor, article)["Shore"]


def test_the_part_that_changes_comes_alone(editor: Client, gazette: Channel) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)

    answer = editor.get(board_of(document_of(article)), {"part": "rows"})

    text = answer.content.decode()
    assert "0 of 1 sites have confirmed." in text
    assert "<html" not in text
    assert "no-store" in answer["Cache-Control"]


def test_all_of_an_author_is_one_board(editor: Client, gazette: Channel) -> None:
    first, second = make.ArticleFactory(), make.ArticleFactory()
    Mirror(gazette).catch_up()

    withdraw(first, second)

    act = act_of(document_of(first), timezone.now())
    assert len(act.documents) == 2
    assert len(open_acts(timezone.now())) == 1


def test_what_a_site_says_on_the_phone_is_noted_with_who_heard_it(
    client: Client, gazette: Channel
) -> None:
    ada = make.UserFactory(roles=["Editors"], first_name="Ada", last_name="Byron")
    client.force_login(ada)
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)

    note(client, article, gazette)

    row = board(client, article)["Gazette"]
    assert "Confirmed" in row
    assert "Ada Byron has noted" in row
    assert open_acts(timezone.now()) == []


def test_what_was_said_of_an_earlier_withdrawal_is_not_noted_of_this_one(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(article)
    earlier = act_of(document_of(article), timezone.now()).name
    change(article)
    mirror.catch_up()
    article.refresh_from_db()
    withdraw(article)

    note(editor, article, gazette, earlier)

    assert not Told.objects.exists()
    assert "Not confirmed" in board(editor, article)["Gazette"]


@pytest.mark.parametrize("channel", ["", "abc", "0", "99999999999999999999"])
def test_a_site_that_there_is_not_is_refused_with_a_sentence(
    editor: Client, gazette: Channel, channel: str
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    url = board_of(document_of(article))

    answer = editor.post(url, {"channel": channel, "act": "now"}, follow=True)

    assert answer.status_code == 200
    assert "Choose the site that says so once more" in answer.content.decode()


def test_an_article_that_is_published_again_has_no_board(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    change(article)

    answer = editor.get(board_of(document_of(article)))

    assert answer["Location"] == reverse(
        "where_it_appears", args=["article", article.pk]
    )


def test_a_board_stays_when_its_article_is_deleted(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory(slug="knee")
    Mirror(gazette).catch_up()
    withdraw(article)
    document = document_of(article)

    article.refresh_from_db()
    with publishing.publishing():
        article.delete()

    page = editor.get(board_of(document)).content.decode()
    assert "Not confirmed" in page
    assert "knee" in page


# --- Who may see it -----------------------------------------------------------------


@pytest.mark.parametrize("role", ["Writers", "Medical reviewers"])
def test_who_does_not_see_the_sites_sees_nothing_of_what_they_have(
    client: Client, gazette: Channel, role: str
) -> None:
    article, other = make.ArticleFactory(), make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    client.force_login(make.UserFactory(roles=[role]))
    url = board_of(document_of(article))

    answers = [client.get(url), client.get(f"{url}?part=rows"), client.get(REPORT)]
    answers += [client.get(f"{REPORT}?export=csv"), client.post(url)]
    first = client.get("/cms/").content.decode()
    appears = client.get(reverse("where_it_appears", args=["article", other.pk]))

    assert {one.status_code for one in answers} == {302}
    assert {one["Location"] for one in answers} == {reverse("wagtailadmin_home")}
    assert "Not yet on every site" not in first
    assert "What sites have" not in first
    assert "What each site has" not in appears.content.decode()


@pytest.mark.parametrize("role", ["Editors", "Administrators"])
def test_who_sees_the_sites_sees_what_they_have(
    client: Client, gazette: Channel, role: str
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    client.force_login(make.UserFactory(roles=[role]))

    assert client.get(board_of(document_of(article))).status_code == 200
    assert client.get(REPORT).status_code == 200


def test_who_may_publish_elsewhere_only_notes_nothing(
    client: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    elsewhere = make.SectionFactory()
    group = Group.objects.create(name="Of another section")
    for codename in ("publish_page", "change_page"):
        right = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(
            group=group, page=elsewhere, permission=right
        )
    rights = ("view_channel", "access_admin")
    group.permissions.set(Permission.objects.filter(codename__in=rights))
    somebody = make.UserFactory(is_staff=True)
    somebody.groups.add(group)
    client.force_login(somebody)
    Mirror(gazette).catch_up()
    withdraw(article)

    note(client, article, gazette)

    assert client.get(board_of(document_of(article))).status_code == 200
    assert not Told.objects.exists()


def test_who_may_not_withdraw_notes_nothing(client: Client, gazette: Channel) -> None:
    looker = make.UserFactory(roles=["Writers"])
    looker.user_permissions.add(
        Permission.objects.get(
            codename="view_channel", content_type__app_label="channels"
        )
    )
    client.force_login(looker)
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    url = board_of(document_of(article))

    note(client, article, gazette)

    assert client.get(url).status_code == 200
    assert "They say it is gone" not in client.get(url).content.decode()
    assert not Told.objects.exists()
