from __future__ import annotations

import json
import random
from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pillow

from api.documents.models import Document
from content_models import renditions
from content_models.models import Image
from content_models.publication import publication
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def an_image(width: int = 1000, height: int = 500) -> Image:
    with publication():
        file = ContentFile(make.picture(width, height), "picture.png")
        return make.ImageFactory(file=file)


def shown(type: str = "article", member: str = "image") -> Any:
    """The picture that the one document of `type` shows."""
    return json.loads(Document.objects.get(type=type).full_json)[member]


def opened(address: str) -> Pillow.Image:
    head, _, content = address.partition(",")
    assert head == "data:image/webp;base64"
    return Pillow.open(BytesIO(b64decode(content)))


def listed(image: Image) -> list[tuple[int, str]]:
    """The renditions that an article with `image` lists: width and format."""
    return [(one["width"], one["format"]) for one in shown()["renditions"]]


def test_an_article_lists_the_renditions_as_soon_as_they_are_made():
    image = an_image()
    make.ArticleFactory(image=image)
    before = listed(image)

    renditions.make_missing()

    assert before == []
    # It is 1000 pixels wide, and never enlarged.
    assert listed(image) == [
        (480, "webp"),
        (480, "png"),
        (960, "webp"),
        (960, "png"),
        (1000, "webp"),
        (1000, "png"),
    ]


def test_an_image_that_cannot_be_read_holds_up_no_other():
    broken, good = an_image(), an_image()
    broken.file.storage.delete(broken.file.name)

    renditions.make_missing()

    assert broken.renditions.count() == 0
    assert good.renditions.count() == len(Image.rendition_specs())


def test_a_changed_picture_has_another_address():
    assert an_image(100, 50).file.name != an_image(100, 51).file.name


def a_photo_from_a_phone() -> bytes:
    """A JPEG that says where it was taken, by whom and of what."""
    picture, exif = Pillow.new("RGB", (800, 400), "#2f6f6b"), Pillow.Exif()
    exif[0x013B] = "Lisa at home"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (40.0, 1.0, 2.0)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", exif=exif, comment=b"Patient 4711")
    return buffer.getvalue()


def test_no_rendition_says_where_or_by_whom_a_photo_was_taken():
    with publication():
        photo = ContentFile(a_photo_from_a_phone(), "photo.jpg")
        image = make.ImageFactory(file=photo)
        image.make_renditions()

    for made in image.renditions.all():
        with made.file.open("rb") as file, Pillow.open(file) as picture:
            file.seek(0)
            content = file.read()
            assert not picture.getexif(), made.filter_spec
            assert b"4711" not in content
            assert b"Lisa" not in content


def test_an_article_has_a_tiny_picture_to_show_until_the_picture_has_come():
    make.ArticleFactory(image=an_image())
    before = shown()["placeholder"]

    renditions.make_missing()

    tiny = opened(shown()["placeholder"])
    assert before is None
    assert tiny.size == (16, 8)
    red, green, blue = tiny.convert("RGB").getpixel((8, 4))
    assert (abs(red - 0x2F), abs(green - 0x6F), abs(blue - 0x6B)) < (9, 9, 9)


def test_the_placeholder_of_the_most_colourful_picture_is_under_300_bytes():
    noise = Pillow.frombytes("RGB", (16, 16), random.Random(7).randbytes(768))
    content = BytesIO()
    noise.resize((480, 480), Pillow.Resampling.NEAREST).save(content, "PNG")
    with publication():
        image = make.ImageFactory(file=ContentFile(content.getvalue(), "noise.png"))
        image.make_renditions()

    assert 150 < len(image.placeholder) < 300


def test_a_logo_without_background_has_a_placeholder_without_one():
    content = BytesIO()
    logo = Pillow.new("RGBA", (400, 400), (0, 0, 0, 0))
    logo.paste((200, 0, 0, 255), (0, 0, 200, 400))
    logo.save(content, "PNG")
    with publication():
        image = make.ImageFactory(file=ContentFile(content.getvalue(), "logo.png"))
        image.make_renditions()

    tiny = opened(image.placeholder)
    assert tiny.mode == "RGBA"
    assert tiny.getpixel((15, 8))[3] < 20
    assert tiny.getpixel((0, 8))[3] > 235


def test_no_placeholder_says_where_or_by_whom_a_photo_was_taken():
    with publication():
        photo = ContentFile(a_photo_from_a_phone(), "photo.jpg")
        image = make.ImageFactory(file=photo)
        image.make_renditions()

    tiny = opened(image.placeholder)
    assert set(tiny.info) <= {"loop", "background", "timestamp", "duration"}
    assert not tiny.getexif()


def test_an_image_from_before_placeholders_is_given_one():
    make.ArticleFactory(image=an_image())
    renditions.make_missing()
    Image.objects.update(placeholder="")

    renditions.make_missing()

    assert opened(shown()["placeholder"]).width == 16


def test_what_has_all_that_is_made_of_it_is_not_touched_again(
    django_assert_num_queries,
):
    an_image()
    renditions.make_missing()

    # Which images lack something: none.
    with django_assert_num_queries(1):
        renditions.make_missing()
