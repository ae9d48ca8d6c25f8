from __future__ import annotations

import json
from io import BytesIO

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


def listed(image: Image) -> list[tuple[int, str]]:
    """The renditions that an article with `image` lists: width and format."""
    article = Document.objects.get(type="article")
    found = json.loads(article.full_json)["image"]["renditions"]
    return [(one["width"], one["format"]) for one in found]


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
