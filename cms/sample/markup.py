"""The light markup in which the sample articles are written, to body blocks.

    ## Heading            ### Subheading         > Quote, and on its last line: — Who
    - item                1. item                **bold** *italic* [text](article:slug)

    ::: callout seek-care Title       ::: exercise Title          ::: table Caption
    text                              dosage: 2 sets of 10        | head | head |
    :::                               An introduction.            | cell | cell |
                                      1. step                     :::
    ::: faq                           :::
    ? Question                                                    ::: image drawing
    Answer                                                        Caption
    :::                                                           :::

`[1]` and `[2, 3]` stay as they are: the numbers of references.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from .content import table

Block = tuple[str, Any]

_FENCE = re.compile(r"::: (\w+)(?: (.*))?")
_NUMBERED = re.compile(r"\d+\. ")
_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\*(.+?)\*"), r"<i>\1</i>"),
)
_LINK = re.compile(r"\[([^\]]+)\]\(article:([\w-]+)\)")


class UnknownMarkup(ValueError):
    """A fence of a kind that is not described above."""


@dataclass(frozen=True)
class Markup:
    """Reads bodies; both functions find what a body names, None if it is absent."""

    article_id: Callable[[str], int | None]
    image_id: Callable[[str], int | None]

    def blocks(self, text: str) -> list[Block]:
        """The body as (type, raw value) pairs, as a StreamField keeps them.

        Raises UnknownMarkup.
        """
        return list(self._joined(self._parts(text)))

    def _joined(self, parts: Iterator[Block]) -> Iterator[Block]:
        """Paragraphs and lists that follow one another are one block of text."""
        for kind, run in groupby(parts, key=lambda part: part[0]):
            if kind == "text":
                yield kind, "".join(value for _, value in run)
            else:
                yield from run

    def _parts(self, text: str) -> Iterator[Block]:
        lines = iter(text.strip().splitlines())
        paragraph: list[str] = []
        for line in lines:
            if fence := _FENCE.fullmatch(line):
                yield self._fenced(fence[1], fence[2] or "", list(_until_fence(lines)))
            elif line:
                paragraph.append(line)
                continue
            if paragraph:
                yield self._plain(paragraph)
                paragraph = []
        if paragraph:
            yield self._plain(paragraph)

    def _plain(self, lines: list[str]) -> Block:
        mark, _, rest = lines[0].partition(" ")
        if mark in ("##", "###"):
            return "heading", {"text": rest, "level": str(len(mark))}
        if mark == ">":
            *said, last = [line.removeprefix("> ") for line in lines]
            return "quote", {
                "text": " ".join(said),
                "attribution": last.removeprefix("— "),
            }
        return "text", self._rich(lines)

    def _fenced(self, kind: str, title: str, lines: list[str]) -> Block:
        builders: dict[str, Callable[[str, list[str]], Any]] = {
            "callout": self._callout,
            "exercise": self._exercise,
            "table": _table,
            "faq": self._faq,
            "image": self._image,
        }
        if kind not in builders:
            raise UnknownMarkup(f"“::: {kind}” is none of {', '.join(builders)}.")
        return kind, builders[kind](title, lines)

    def _callout(self, title: str, lines: list[str]) -> Any:
        kind, _, heading = title.partition(" ")
        text = "".join(self._rich(run) for run in _paragraphs(lines))
        return {"kind": kind, "title": heading, "text": text}

    def _exercise(self, title: str, lines: list[str]) -> Any:
        steps = [_NUMBERED.sub("", line, 1) for line in lines if _NUMBERED.match(line)]
        dosage = "".join(
            line.removeprefix("dosage: ") for line in lines if line.startswith("dosage")
        )
        intro = " ".join(
            line
            for line in lines
            if not _NUMBERED.match(line) and not line.startswith("dosage")
        )
        return {
            "title": title,
            "intro": intro,
            "dosage": dosage,
            "steps": steps,
        }

    def _faq(self, title: str, lines: list[str]) -> Any:
        items = [
            {"question": run[0].removeprefix("? "), "answer": self._rich(run[1:])}
            for run in _paragraphs(lines)
        ]
        return {"items": items}

    def _image(self, title: str, lines: list[str]) -> Any:
        chosen = {
            "image": self.image_id(title),
            "alt_text": table("images")[title]["alt"],
            "decorative": False,
        }
        return {"image": chosen, "caption": " ".join(lines), "credit": ""}

    def _rich(self, lines: list[str]) -> str:
        if lines[0].startswith("- "):
            return self._list("ul", [line.removeprefix("- ") for line in lines])
        if _NUMBERED.match(lines[0]):
            return self._list("ol", [_NUMBERED.sub("", line, 1) for line in lines])
        return f"<p>{self._inline(' '.join(lines))}</p>"

    def _list(self, tag: str, items: list[str]) -> str:
        rows = "".join(f"<li>{self._inline(item)}</li>" for item in items)
        return f"<{tag}>{rows}</{tag}>"

    def _inline(self, text: str) -> str:
        html = escape(text, quote=False)
        for pattern, replacement in _INLINE:
            html = pattern.sub(replacement, html)
        return _LINK.sub(self._link, html)

    def _link(self, found: re.Match[str]) -> str:
        target = self.article_id(found[2])
        if target is None:
            return found[1]
        return f'<a linktype="page" id="{target}">{found[1]}</a>'


def _until_fence(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line == ":::":
            return
        yield line


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    for has_text, run in groupby(lines, key=bool):
        if has_text:
            yield list(run)


def _table(caption: str, lines: list[str]) -> Any:
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return {
        "data": rows,
        "cell": [],
        "first_row_is_table_header": True,
        "first_col_is_header": True,
        "table_header_choice": "both",
        "table_caption": caption,
    }
