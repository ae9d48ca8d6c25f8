"""The article's own text: what was kept of the page, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import nh3
from django import forms
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from content_models.importers.body import Block, blocks_of, words_of

# Of a longer text the rest is kept as it is.
_MOST_PARTS = 400
_LONGEST_HEADING = 200
_ELEMENT = re.compile(r"<(p|ul|ol)>.*?</\1>", re.DOTALL)
_SHOWN = {"p", "ul", "ol", "li", "b", "i", "sup", "sub", "br", "a"}
_KEEP, _DROP, _HEADING, _PARAGRAPH = "keep", "drop", "heading", "text"


class Part(NamedTuple):
    """One paragraph, list, heading, quotation or table."""

    block: Block
    field: forms.BoundField
    heading: forms.BoundField | None
    html: SafeString
    word: str


class TextForm(forms.Form):
    """What is kept of the text, and as what."""

    def __init__(self, *args: Any, body: list[Block], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parted = list(_parted(body))
        self._blocks, self._rest = parted[:_MOST_PARTS], parted[_MOST_PARTS:]
        for position, block in enumerate(self._blocks):
            self.fields[f"as-{position}"] = _choice(block)
            if block["type"] == "heading":
                self.fields[f"words-{position}"] = forms.CharField(
                    label="Words of the heading",
                    max_length=_LONGEST_HEADING,
                    required=False,
                    initial=block["value"]["text"],
                )

    @property
    def parts(self) -> list[Part]:
        return [
            Part(
                block,
                self[f"as-{position}"],
                self[f"words-{position}"] if block["type"] == "heading" else None,
                _shown(block),
                _WORDS.get(block["type"], "Text"),
            )
            for position, block in enumerate(self._blocks)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for position, block in enumerate(self._blocks):
            words = f"words-{position}"
            is_heading = cleaned.get(f"as-{position}") == _HEADING
            if is_heading and words in cleaned and not cleaned[words]:
                self.add_error(words, "Write the heading, or leave it out.")
            if is_heading and len(_words(block)) > _LONGEST_HEADING:
                self.add_error(
                    f"as-{position}",
                    f"A heading has {_LONGEST_HEADING} characters at most: keep this "
                    "as text.",
                )
        return cleaned

    def corrected(self) -> list[Block]:
        found = []
        for position, block in enumerate(self._blocks):
            use = self.cleaned_data[f"as-{position}"]
            words = self.cleaned_data.get(f"words-{position}")
            if use != _DROP:
                found.append(_as(block, use, words or _words(block)))
        return blocks_of([*found, *self._rest])

    @property
    def number_of_rest(self) -> int:
        """How many parts more there are than are offered."""
        return len(self._rest)


_WORDS = {"heading": "Heading", "quote": "Quotation", "table": "Table"}


def _choice(block: Block) -> forms.ChoiceField:
    is_heading = block["type"] == "heading"
    choices = [(_KEEP, "Keep it")]
    if is_heading or _is_paragraph(block):
        choices = [(_PARAGRAPH, "Text"), (_HEADING, "Heading")]
    choices.append((_DROP, "Leave it out"))
    initial = _HEADING if is_heading else choices[0][0]
    return forms.ChoiceField(label="Keep as", choices=choices, initial=initial)


def _parted(body: list[Block]) -> Iterator[Block]:
    """The blocks with texts parted into paragraphs and lists."""
    for block in body:
        if block["type"] != "text":
            yield block
            continue
        for element in _ELEMENT.finditer(block["value"]):
            yield {"type": "text", "value": element[0]}


def _is_paragraph(block: Block) -> bool:
    value = block["value"]
    return block["type"] == "text" and value.count("<p>") == 1 and "<li>" not in value


def _words(block: Block) -> str:
    is_heading = block["type"] == "heading"
    return words_of(block["value"]["text"] if is_heading else block["value"])


def _as(block: Block, use: str, words: str) -> Block:
    """`block` as what it was chosen to be."""
    if use == _HEADING:
        level = block["value"]["level"] if block["type"] == "heading" else "2"
        return {"type": "heading", "value": {"text": words, "level": level}}
    if block["type"] == "heading":
        return {"type": "text", "value": f"<p>{escape(words)}</p>"}
    return block


def _shown(block: Block) -> SafeString:
    """A block as staff see it; links say where they are but lead nowhere."""
    value = block["value"]
    if block["type"] == "table":
        rows = ((" · ".join(str(cell) for cell in row),) for row in value["data"][:50])
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows))
    if block["type"] in ("heading", "quote"):
        return format_html("<p>{}</p>", value["text"])
    clean = nh3.clean(value, tags=_SHOWN, attributes={}, link_rel=None)
    return mark_safe(clean)  # noqa: S308  cleaned on the line above
