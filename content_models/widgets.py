"""Form fields of the admin that Wagtail has none for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.admin.widgets import AdminAutoHeightTextInput


class WrappingTextInput(AdminAutoHeightTextInput):
    """One line of text that is seen in full at any width, since it wraps.

    A line break that somebody types or pastes is a space. The text runs from right to
    left where its script does.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"dir": "auto", **(attrs or {})})

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> str | None:
        value: str | None = super().value_from_datadict(data, files, name)
        return None if value is None else " ".join(value.split())
