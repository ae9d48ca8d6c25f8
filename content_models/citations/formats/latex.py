"""LaTeX's marks in BibTeX's fields to plain characters, and back."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308",
    "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b",
    "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "i", "j": "j",
    "textendash": "–", "textemdash": "—", "textquoteright": "’",
    "textbackslash": "\ue020", "textasciitilde": "\ue021", "textasciicircum": "^",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\(?:([`'^~\"=.])\s?|([uvHckrdb])(?=[{\s]))\s*(?:\{\s*(?:\\?([A-Za-z]))\s*\}|\\?([A-Za-z]))"
)
_NAMED = "|".join(sorted(_LETTERS, key=len, reverse=True))
_LETTER = re.compile(rf"\\({_NAMED})(?![A-Za-z])(?:\{{\}}|\s)?")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_COMMAND = re.compile(r"\\(?:emph|textit|textbf|textsc|textrm|mbox|url|href)\b")
_HYPHENS = re.compile(r"-(?=-)")
_SPECIAL = re.compile(r"[&%$#_{}]")
# Stand for braces that are text until the others are gone.
_OPEN, _CLOSE = "\ue022", "\ue023"


def plain(text: str) -> str:
    """The characters that LaTeX would print, on one line."""
    if "\\" in text:
        text = _COMMAND.sub("", text)
        text = _ACCENT.sub(_accented, text)
        text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
        text = _ESCAPED.sub(_unescaped, text)
    # Braces between them keep hyphens apart.
    text = text.replace("---", "—").replace("~", " ")
    text = text.replace("{", "").replace("}", "")
    text = text.replace(_OPEN, "{").replace(_CLOSE, "}")
    text = text.replace("\ue020", "\\").replace("\ue021", "~")
    return " ".join(text.split())


def escaped(text: str) -> str:
    """`text` so that LaTeX prints it, and `plain` gives it back."""
    text = text.replace("\\", "\ue020").replace("~", "\ue021")
    text = _SPECIAL.sub(lambda match: "\\" + match[0], text)
    text = _HYPHENS.sub("-{}", text)
    text = text.replace("\ue020", "\\textbackslash{}")
    return text.replace("\ue021", "\\textasciitilde{}")


def _accented(match: re.Match[str]) -> str:
    letter = match[3] or match[4]
    return unicodedata.normalize("NFC", letter + _ACCENTS[match[1] or match[2]])


def _unescaped(match: re.Match[str]) -> str:
    return {"{": _OPEN, "}": _CLOSE}.get(match[1], match[1])
