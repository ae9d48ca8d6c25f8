"""What single lines of clinic pages mean: a form, a label, a location, an award.

Each question is about one line and answers with data or with None; `page` asks them in
turn and knows where on the page the line stands.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.text import slugify

from content_models import bylines

_COUNT_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_COUNTS = {word: n for n, word in enumerate(_COUNT_WORDS.split(), start=1)}
_REFERENCES = re.compile(
    r"(?:references?|sources?|bibliography|works cited|citations?|cited literature"
    r"|literature cited|further reading)\s?(?P<colon>:?)\s?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CATEGORIES = re.compile(
    r"(?:(?:posted in|filed under)\s?:?|categor(?:y|ies)\s?:|topics?\s?:)\s?"
    r"(?P<names>.*)",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"(?:tags?\s?:|tagged(?: with| as)?\s?:?)\s?(?P<names>.*)", re.IGNORECASE
)
_NEXT_LABEL = re.compile(r"\s?\b(?:tags?\s?:|tagged\b|by:|posted\b)", re.IGNORECASE)
# WordPress files under this what nobody filed.
_NO_CATEGORY = frozenset({"uncategorized", "uncategorised", "none", "general", "blog"})

_FORM_HEADING = re.compile(
    r"(?:contact(?: us| form)?(?: today| now)?"
    r"|(?:request|book|schedule|make) (?:an? |your )?(?:free )?"
    r"(?:appointment|consultation|visit|evaluation)(?: today| now| online)?"
    r"|get in touch|leave a (?:reply|comment)|send (?:us )?a message|newsletter"
    r"|(?:sign up|subscribe)(?: (?:to|for) .{1,40})?|ask (?:us )?a question)[!:.]?",
    re.IGNORECASE,
)
_FORM_LINE = re.compile(
    r"\b(?:indicated fields|required fields?|fields? (?:is|are) (?:required|marked)"
    r"|for validation purposes|leave this field (?:blank|empty|unchanged)"
    r"|email address will not be published|recaptcha|not a robot)\b",
    re.IGNORECASE,
)
_PLACES_HEADING = re.compile(
    r"(?:(?:our|visit|find|see|choose|with|visit one of our|find us at(?: our)?)\s)?"
    rf"(?:(?P<count>{'|'.join(_COUNTS)}|\d{{1,2}})\s)?"
    r"(?:(?:great|convenient|nearby|clinic|office|local|easy|conveniently|located|"
    r"practice)\s){0,2}locations?"
    r"(?:\s(?:near you|to serve you|(?:in|across|throughout) .{3,40}))?\s?[!:.]?",
    re.IGNORECASE,
)
_MAP_HEADING = re.compile(
    r"(?:(?:location|clinic|office|our)\s)?maps?(?: (?:&|and) directions)?\s?:?",
    re.IGNORECASE,
)
_AWARDS_HEADING = re.compile(
    r"(?:our |recent )?(?:awards?|honou?rs|recognition|accolades)"
    r"(?: (?:&|and) (?:awards?|honou?rs|recognition|affiliations))?\s?:?",
    re.IGNORECASE,
)
_ASIDE_HEADING = re.compile(
    r"(?:(?:related|recent|popular|more|latest|similar) "
    r"(?:posts?|articles?|stories|news|blogs?|topics|reading)|"
    r"share(?: (?:this|on).{0,30})?|you (?:may|might) also like.{0,20}|"
    r"about the author|previous(?: post| article)?.{0,80}|next (?:post|article).{0,80}|"
    r"\d{0,3}\s?comments?|follow us.{0,30}|connect with us|quick links|"
    r"hours(?: of operation)?|opening hours|our affiliations?|affiliations|"
    r"in this article|table of contents)\s?:?",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:©|\(c\)\s|copyright\b).{0,150}|.{0,80}all rights reserved.{0,80}"
    r"|(?:privacy policy|terms (?:of (?:use|service)|and conditions)|site ?map)"
    r"(?:\s?\|.{0,60})?",
    re.IGNORECASE,
)
_LOGO = re.compile(
    r"(?P<before>[\w.'& -]{0,60}?)[\s_-]{0,2}logo[\s_-]{0,2}\d{0,3}(?:\.\w{3,4})?"
    r"|(?:image|img|photo|badge|banner|icon)[\s_-]{0,2}\d{0,4}(?:\.\w{3,4})?",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[^\W\d_][\w .,'’&-]{1,60}")
_AFTER_NAME = re.compile(r"\s[–—|-]\s|:\s|\s\(|,\s(?=\d)")
_STATE = re.compile(r",\s[A-Z]{2}$")
_NO_PLACE = re.compile(
    r"(?:get |view |see |our |click |call|learn|read|visit|find|book|contact|"
    r"directions|map|hours|phone|fax|email|more|all|home|about|services|blog|menu)\b.*",
    re.IGNORECASE,
)
_PLACE_LINK = re.compile(
    r"/(?:our-)?(?:locations?|offices?|clinics?)/([\w-]{2,80})/?(?:[?#]|$)"
)

_AWARD = re.compile(
    r"\b(?:awards?|winners?|finalists?|honorees?|nominees?|hall of fame|excellence|"
    r"best of|(?:readers?|people|patients?|consumers?)['’]?s?['’]? choice|"
    r"top (?:doctor|doc|dentist|physician|therapist|clinic|practice|workplace)s?)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_RESULT = re.compile(
    r"\b(?:(?:gold|silver|bronze|grand prize|(?:first|second|1st|2nd) place)\s)?"
    r"(?:winner|finalist|runner[ -]up|nominee|honoree|honou?rable mention|"
    r"gold|silver|bronze|first place|1st place)$",
    re.IGNORECASE,
)
_GIVER_BEFORE = re.compile(
    r"(?P<giver>.{2,90}\b(?:magazine|association|society|journal|times|chamber|academy|"
    r"college|news|press|foundation|institute|council|university|weekly|tribune|herald|"
    r"gazette|post|inc\.?|connolly))(?:['’]s)?\s(?P<name>.+)",
    re.IGNORECASE,
)
_GIVER_AFTER = re.compile(
    r"(?P<name>.+?)(?:,? (?:by|from|presented by|given by)| [–|-])\s"
    r"(?P<giver>[A-Z].{2,90})"
)
_BYLINE_START = re.compile(
    r"(?P<label>(?:written|medically|clinically|reviewed|authored?s?|contributed|posted|"
    r"published|by|authors?|updated)\b)"
    r"|(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\W{1,5}by\b)",
    re.IGNORECASE,
)


class Award(NamedTuple):
    name: str
    giver: str = ""
    year: int | None = None
    result: str = ""


class Place(NamedTuple):
    slug: str
    name: str


def references(line: str) -> str | None:
    """What follows the label of a reference list: maybe nothing. None: it is none."""
    match = _REFERENCES.fullmatch(line.strip())
    if match is None or (match["rest"] and not match["colon"]):
        return None
    return str(match["rest"])


def names_after_label(line: str) -> tuple[str, list[str]] | None:
    """`Posted in: A, B`: "category" and the names; `Tags: …`: "tag" and them."""
    for kind, pattern in (("category", _CATEGORIES), ("tag", _TAGS)):
        match = pattern.fullmatch(line)
        if match and len(line) <= 200:
            words = _NEXT_LABEL.split(match["names"])[0]
            names = [name.strip(" .#") for name in re.split(r"[,|•]", words)]
            return kind, [name for name in names if name]
    return None


def is_no_category(name: str) -> bool:
    """Whether a category's name says that there is none."""
    return name.lower() in _NO_CATEGORY


def is_form_heading(line: str) -> bool:
    return bool(_FORM_HEADING.fullmatch(line))


def is_form_line(line: str) -> bool:
    return bool(_FORM_LINE.search(line)) and len(line) < 200


def promised_places(line: str) -> int | None:
    """How many locations a heading promises: 0 if it does not say.

    None: it is no heading of locations.
    """
    match = _PLACES_HEADING.fullmatch(line)
    if match is None:
        return None
    count = (match["count"] or "").lower()
    if count.isdecimal():
        return int(count)
    return _COUNTS.get(count, 0)


def is_map_heading(line: str) -> bool:
    return bool(_MAP_HEADING.fullmatch(line))


def is_awards_heading(line: str) -> bool:
    return bool(_AWARDS_HEADING.fullmatch(line))


def is_aside_heading(line: str) -> bool:
    return bool(_ASIDE_HEADING.fullmatch(line))


def is_legal(line: str) -> bool:
    return bool(_LEGAL.fullmatch(line))


def logo(line: str) -> str | None:
    """The name before `logo`; empty for `logo3`, None for what is no logo."""
    match = _LOGO.fullmatch(line) if len(line) <= 80 else None
    if match is None:
        return None
    before = (match["before"] or "").strip(" _-")
    return (
        ""
        if before.lower() in ("", "footer", "header", "site", "the", "our")
        else before
    )


def place(line: str, link: str = "") -> Place | None:
    """The location that a line of a location list names."""
    linked = _PLACE_LINK.search(link)
    # "Brick - 12 Main Street": the name ends where its address begins.
    words = _STATE.sub("", _AFTER_NAME.split(line.strip(" :|•-"), maxsplit=1)[0])
    if not linked and (
        not _PLACE.fullmatch(words)
        or len(words.split()) > 5
        or _NO_PLACE.fullmatch(words)
        or logo(words) is not None
    ):
        return None
    slug = slugify(linked[1] if linked else words)
    named = bool(_PLACE.fullmatch(words)) and not _NO_PLACE.fullmatch(words)
    name = words if named else slug
    if name == slug:
        name = slug.replace("-", " ").title()
    return Place(slug, name) if slug else None


def award(line: str) -> Award | None:
    """`Reader's Choice Award 2016 Winner` in its parts; None for what is no award.

    Who gave it is told only where the line does so.
    """
    words = " ".join(line.split()).strip(" •*-–")
    years = _YEAR.findall(words)
    if not _AWARD.search(words) or not years or words.endswith((".", "?", ":")):
        return None
    if len(words.split()) > 16 or len(set(years)) > 1:
        return None
    text = _tidy(_YEAR.sub(" ", words))
    result = _RESULT.search(text)
    if result:
        text = _tidy(text[: result.start()])
    giver = ""
    for pattern in (_GIVER_BEFORE, _GIVER_AFTER):
        match = pattern.fullmatch(text)
        if match and _AWARD.search(match["name"]):
            text, giver = _tidy(match["name"]), _tidy(match["giver"])
            break
    return (
        Award(text, giver, int(years[0]), result[0] if result else "") if text else None
    )


def _tidy(text: str) -> str:
    return " ".join(text.replace("()", " ").split()).strip(" ,;:–|-")


def byline(line: str) -> bylines.Byline | None:
    """The people of a byline, or nobody under a label; None for what is no byline."""
    if len(line) > 400:
        return None
    start = _BYLINE_START.match(line)
    read = bylines.parse(line)
    known = any(each.is_known for person in read.people for each in person.credentials)
    if start is None:
        # Without a label only what consists of names and known credentials counts.
        return read if known and not read.rest and len(line) <= 160 else None
    if read.people and not read.rest and (known or not line.endswith((".", "!", "?"))):
        return read
    words = len(line.split())
    is_labelled = (":" in line[:30] and words <= 12) or (
        words <= 4 and not line.endswith((".", "!", "?"))
    )
    return bylines.Byline(rest=(line,)) if is_labelled else None
