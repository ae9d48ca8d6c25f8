"""The files of Swagger UI that the explorer needs, out of the package's 9 MB."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import drf_spectacular_sidecar
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

FOLDER = "swagger-ui"
# The licences go wherever the code goes.
FILES = (
    "LICENSE",
    "swagger-ui-bundle.js",
    "swagger-ui-bundle.js.LICENSE.txt",
    "swagger-ui.css",
)
SOURCE = (
    Path(drf_spectacular_sidecar.__file__).parent
    / "static"
    / "drf_spectacular_sidecar"
    / "swagger-ui-dist"
)
_MAP = re.compile(rb"^(?://|/\*)# sourceMappingURL=.*$", re.MULTILINE)


class SwaggerUiStorage(FileSystemStorage):
    """The package's files, without the mention of source maps that are not shipped.

    Where a script or a style names its map, the storage that gives files a hash in
    their names insists on finding it.
    """

    prefix = FOLDER

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(_MAP.sub(b"", Path(self.path(name)).read_bytes()), name)


class SwaggerUiFinder(BaseFinder):
    """Finds `swagger-ui/…`, for `collectstatic` and for one's own machine."""

    storage = SwaggerUiStorage(location=SOURCE)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        folder, _, name = path.partition("/")
        found = [str(SOURCE / name)] if folder == FOLDER and name in FILES else []
        return found if find_all else next(iter(found), [])

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, SwaggerUiStorage]]:
        return ((name, self.storage) for name in FILES)
