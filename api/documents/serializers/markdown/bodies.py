"""Safe HTML of ours to Markdown."""

from __future__ import annotations

import re
from typing import Any

from markdownify import ATX, BACKSLASH, MarkdownConverter

from .writing import escaped, link

_CITATION = r'<a (?:class="citation" href="#ref-\d+"|href="#ref-\d+" class="citation")>'
# [1], [2, 3] and [4-6] with each number a link, as the body's renderer writes them.
_MARK = re.compile(rf"\[((?:{_CITATION}\d+</a>[\s,–-]*)+)\]")


def markdown(html: str | None) -> str:
    """`html`, which is one of our documents', as Markdown.

    Marks like `[1]` stay readable and lead to `#ref-1`. What Markdown has no sign for,
    but changes the meaning (10³, H₂O), stays HTML.
    """
    if not html:
        return ""
    # An element that no body of ours has: only its brackets are not escaped.
    html = _MARK.sub(r"<mark>\1</mark>", html)
    converted = _Converter(
        heading_style=ATX,
        bullets="-",
        newline_style=BACKSLASH,
        sub_symbol="<sub>",
        sup_symbol="<sup>",
        autolinks=False,
        # Ends of lines are spaces in HTML; no line is broken anew.
        wrap=True,
        wrap_width=None,
    ).convert(html)
    tidy = "\n".join(line.rstrip(" ") for line in converted.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", tidy).strip()


class _Converter(MarkdownConverter):
    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text)

    def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:
        # Its stubs do not know it.
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]
        # "Read this!" before a link does not make an image of it.
        is_before_link = getattr(el.next_sibling, "name", None) in ("a", "mark")
        if text.endswith("!") and is_before_link:
            return f"{text[:-1]}\\!"
        return text

    def convert_mark(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"[{text}]"

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        words, address = text.strip(), el.get("href")
        if not words or not address:
            return text
        before = " " if text[0] == " " else ""
        after = " " if text[-1] == " " else ""
        return f"{before}{link(words, address)}{after}"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        alt, source = escaped(el.get("alt") or ""), el.get("src")
        return f"\n\n!{link(alt, source)}\n\n" if source else alt

    def convert_cite(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n— {text.strip()}\n\n"
