"""Texts in Markdown as pages: the same files that the repository's readers see.

They name this server as `http://localhost:8000`, where a demo runs, and each other by
file; both become addresses of this installation.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

FOLDER = settings.BASE_DIR / "docs" / "developers"
DEMO = "http://localhost:8000"
FILE_LINK = re.compile(r"^(?:\.\./)*(\w+)\.md(#.*)?$")
# What a reader calls the language of a snippet.
LANGUAGES = {
    "console": "Terminal",
    "html": "HTML",
    "js": "JavaScript",
    "json": "JSON",
    "python": "Python",
    "sh": "Terminal",
    "yaml": "YAML",
}


@dataclass(frozen=True)
class Snippet:
    """A fenced block: `language`, and what else its fence says."""

    language: str
    name: str
    text: str


@dataclass(frozen=True)
class Section:
    """A heading of the second level, to be listed."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Text:
    """One text, read: its first heading, its first paragraph and all as safe HTML."""

    title: str
    description: str
    sections: Sequence[Section]
    html: SafeString


def read(name: str, links: dict[str, str]) -> Text:
    """`name`.md as a page; `links` has the addresses of the texts by name."""
    return rendered(source(name), links)


def source(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def snippets(markdown: str) -> list[Snippet]:
    """The fenced blocks of a text, in their order."""
    return [
        Snippet(*_fence(token), token.content)
        for token in _parser().parse(markdown)
        if token.type == "fence"
    ]


def rendered(markdown: str, links: dict[str, str]) -> Text:
    parser = _parser()
    tokens = parser.parse(markdown.replace(DEMO, settings.PUBLIC_BASE_URL))
    headings = list(_give_anchors(tokens))
    _give_addresses(tokens, links)
    html = parser.renderer.render(tokens, parser.options, {})
    return Text(
        title=next((title for level, title, _ in headings if level == "h1"), ""),
        description=_first_paragraph(tokens),
        sections=[Section(at, title) for level, title, at in headings if level == "h2"],
        # The texts are ours, and Markdown's raw HTML is switched off.
        html=mark_safe(html),  # noqa: S308
    )


def line(markdown: str) -> SafeString:
    """One paragraph of Markdown as HTML, without the element around it."""
    html = _parser().renderInline(" ".join(markdown.split()))
    return mark_safe(html)  # noqa: S308 - raw HTML is switched off


class _Renderer(RendererHTML):
    """Tables and snippets scroll inside themselves, also by keyboard."""

    def table_open(self, tokens: Sequence[Token], at: int, *rest: Any) -> str:
        # Regions are told apart by their names.
        headings = (
            _words(inline)
            for heading, inline in pairwise(tokens[:at])
            if heading.type == "heading_open"
        )
        name = ": ".join(["Table", *deque(headings, maxlen=1)])
        return (
            '<div class="scrolls" tabindex="0" role="region" '
            f'aria-label="{escape(name)}"><table>'
        )

    def table_close(self, tokens: Sequence[Token], at: int, *rest: Any) -> str:
        return "</table></div>"

    def fence(self, tokens: Sequence[Token], at: int, *rest: Any) -> str:
        language, name = _fence(tokens[at])
        label = name or LANGUAGES.get(language, "Snippet")
        text = tokens[at].content
        inner = _session(text) if language == "console" else escape(text)
        return (
            f'<figure class="snippet"><figcaption>{escape(label)}</figcaption>'
            f'<pre tabindex="0"><code>{inner}</code></pre></figure>'
        )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    return parser.enable("table")


def _fence(token: Token) -> tuple[str, str]:
    language, _, name = token.info.strip().partition(" ")
    return language, name.strip()


def _session(text: str) -> str:
    """What is typed, set apart from what is answered."""
    lines: list[tuple[bool, str]] = []
    is_typed = False
    for line_ in text.splitlines():
        is_typed = line_.startswith("$ ") or (is_typed and lines[-1][1].endswith("\\"))
        lines.append((is_typed, line_))
    return "\n".join(
        f"<kbd>{escape(each)}</kbd>" if typed else escape(each) for typed, each in lines
    )


def _give_anchors(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    """Tag, words and anchor of each heading, which gets the anchor as its id."""
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            title = _words(inline)
            anchor = slugify(title)
            heading.attrSet("id", anchor)
            yield heading.tag, title, anchor


def _give_addresses(tokens: Sequence[Token], links: dict[str, str]) -> None:
    for token in tokens:
        for child in token.children or []:
            file = FILE_LINK.match(str(child.attrGet("href") or ""))
            if file:
                child.attrSet("href", links[file[1]] + (file[2] or ""))


def _first_paragraph(tokens: Sequence[Token]) -> str:
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open":
            return _words(inline)
    return ""


def _words(inline: Token) -> str:
    return "".join(
        " " if child.type == "softbreak" else child.content
        for child in inline.children or []
    )
