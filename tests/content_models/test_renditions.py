from __future__ import annotations

import json

import pytest
from django.core.files.base import ContentFile

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
