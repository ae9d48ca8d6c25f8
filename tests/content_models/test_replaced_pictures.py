"""What becomes of a picture's addresses when another one takes its place."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow
from wagtail.images.forms import get_image_form

from api.documents.models import Document
from content_models import renditions
from content_models.models import Image, Rendition
from content_models.publication import publication
from tests import factories as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make.UserFactory(is_superuser=True))
    return client


def picture(colour: str) -> SimpleUploadedFile:
    content = BytesIO()
    Pillow.new("RGB", (1000, 500), colour).save(content, "PNG")
    return SimpleUploadedFile("picture.png", content.getvalue(), "image/png")


def replace(client: Client, image: Image, colour: str) -> None:
    form = {"title": "New", "collection": image.collection_id, "tags": ""}
    url = reverse("wagtailimages:edit", args=[image.pk])
    assert client.post(url, {**form, "file": picture(colour)}).status_code == 302


def listed() -> list[str]:
    """The addresses that the article gives for its picture."""
    article = Document.objects.get(type="article")
    image = json.loads(article.full_json)["image"]
    return [rendition["url"] for rendition in image["renditions"]]


def placeholder() -> str:
    """The placeholder that the article gives for its picture."""
    article = Document.objects.get(type="article")
    given: str = json.loads(article.full_json)["image"]["placeholder"]
    return given


def colour_of(placeholder: str) -> Any:
    content = BytesIO(b64decode(placeholder.partition(",")[2]))
    return Pillow.open(content).convert("RGB").getpixel((8, 4))


def pixel(rendition: Rendition) -> Any:
    return Pillow.open(rendition.file.path).getpixel((5, 5))


def status(client: Client, address: str) -> int:
    answer = client.get(address.removeprefix("http://localhost:8000"))
    # A file is closed as soon as it was read.
    list(answer)
    return answer.status_code


def test_a_replaced_picture_has_new_addresses_at_once_and_the_old_ones_stay(
    staff, client
):
    image = make.ImageFactory(file=picture("red"))
    make.ArticleFactory(image=image)
    renditions.make_missing()
    before = listed()

    replace(staff, image, "blue")

    assert len(listed()) == len(before) == 6
    assert not set(listed()) & set(before)
    names = [address.partition("/media/")[2] for address in before]
    assert all(image.file.storage.exists(name) for name in names)


def test_a_replaced_picture_has_another_placeholder_at_once(staff):
    image = make.ImageFactory(file=picture("red"))
    make.ArticleFactory(image=image)
    renditions.make_missing()
    before = placeholder()

    replace(staff, image, "blue")

    red, _, blue = colour_of(before)
    assert red > blue
    red, _, blue = colour_of(placeholder())
    assert blue > red


def test_the_old_files_go_after_ninety_days(staff, frozen):
    image = make.ImageFactory(file=picture("red"))
    renditions.make_missing()
    old = [one.file.name for one in image.renditions.all()]
    replace(staff, image, "blue")
    new = [one.file.name for one in image.renditions.all()]

    def there(names: list[str]) -> list[str]:
        return [name for name in names if image.file.storage.exists(name)]

    with frozen(timezone.now() + timedelta(days=89)):
        renditions.clear_former()
        assert there(old) == old
    with frozen(timezone.now() + timedelta(days=91)):
        renditions.clear_former()
        assert there(old) == []
        assert there(new) == new


def test_a_deleted_image_leaves_no_files():
    image = make.ImageFactory(file=picture("red"))
    renditions.make_missing()
    names = [image.file.name, *(one.file.name for one in image.renditions.all())]

    with publication():
        image.delete()

    assert not any(image.file.storage.exists(name) for name in names)


def test_a_picture_replaced_while_its_sizes_are_made_is_the_one_that_is_shown(
    staff, monkeypatch
):
    image = make.ImageFactory(file=picture("red"))
    make.ArticleFactory(image=image)
    are_made, is_replaced = threading.Event(), threading.Event()
    make_renditions = Image.make_renditions
    first: list[bool] = []

    def slowly(image: Image) -> None:
        make_renditions(image)
        if not first:
            first.append(True)
            are_made.set()
            # The editor waits for the row meanwhile; if not, there is time enough.
            is_replaced.wait(timeout=1)

    monkeypatch.setattr(Image, "make_renditions", slowly)

    def editor() -> None:
        are_made.wait(timeout=10)
        replace(staff, image, "blue")
        is_replaced.set()

    errors = at_once(renditions.make_missing, editor)
    renditions.make_missing()

    image = Image.objects.get()
    assert errors == []
    assert pixel(image.renditions.get(filter_spec="width-480")) == (0, 0, 255)
    folder = f"/images/{image.file_hash[:12]}/"
    assert len(listed()) == 6
    assert all(folder in address for address in listed())


def test_who_changes_a_title_does_not_bring_back_a_replaced_picture(staff):
    image = make.ImageFactory(file=picture("red"))
    form = get_image_form(Image)(
        {"title": "Changed", "collection": image.collection_id, "tags": ""},
        instance=Image.objects.get(),
        user=make.UserFactory(is_superuser=True),
    )
    assert form.is_valid()
    replace(staff, image, "blue")

    with publication():
        form.save()

    image = Image.objects.get()
    red, _, blue = colour_of(image.placeholder)
    assert image.title == "Changed"
    assert blue > red
    assert Pillow.open(image.file.path).getpixel((5, 5)) == (0, 0, 255)


def test_the_worker_does_not_take_what_another_process_has_parted_with(staff):
    image = make.ImageFactory(file=picture("red"))
    renditions.make_missing()
    # What this process remembers is out of date as soon as another one acts.
    image.get_renditions(*Image.rendition_specs())
    image.renditions.all()._raw_delete("default")

    renditions.make_missing()

    assert image.renditions.count() == len(Image.rendition_specs())


def test_nobody_but_staff_can_read_an_original(staff):
    image = make.ImageFactory(file=picture("red"))
    address = f"/media/{image.file.name}"

    assert status(Client(), address) == 302
    assert image.file.name.startswith("original_images/")
