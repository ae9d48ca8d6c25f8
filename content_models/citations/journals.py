"""Where a citation's title ends and the name of its journal begins.

Nothing marks the place but a full stop, which abbreviations hold as well: titles end in
small words, and journals' names are made of capitals and of words that NLM abbreviates.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from content_models.citations import journal_titles

# The longest name of a journal, with its subtitle.
_LONGEST_NAME = 320
# Some journals begin with a small letter: eLife, mSphere, npj Digital Medicine.
_SENTENCE_END = re.compile(
    r"(?<=[.?!])[”\"’]?\s{1,3}(?=[^\W_a-z]|[A-Z\d“\"(]|[a-z]{1,2}[A-Z]|npj\s)"
)
_COMMA = re.compile(
    r",\s|(?<!In)(?<!En)(?<!Em)(?<!Dans):\s?|(?<=[.,?!])\s?[–—-]\s|(?<=\w)[”\"’],?\s"
)
# How many places, from the end, are tried as the beginning of a known journal.
_MOST_PLACES = 8
# Words that journals' names are abbreviated with: after them a full stop ends nothing.
_ABBREVIATED_WORDS = """
    abnorm acad acta adv age am anaesth anal anat anesth ann annu appl arch
    arthritis arthrosc assoc athl aust behav biochem bioeng biol biomech biomed
    biophys br brit bull can cardiol cardiovasc cell chem child chir chiropr clin
    cochrane cogn commun comp compr conf consult coll contemp curr dent dermatol dev
    diabet diabetes dis disabil disord educ electromyogr emerg endocrinol eng engl
    environ epidemiol ergon eur evid exp fam foot fr front funct gastroenterol gen
    genet geriatr gerontol gynecol hand health heart hum imaging immunol inj inst
    int integr intern interv j jpn kinesiol knee lab lett man manag manip
    manipulative math med mech ment metab mol musculoskelet nat natl nerv neurol
    neurophysiol neurosci neurosurg nucl nurs nutr obes obstet occup oncol
    ophthalmol opin orthop osteopath osteoporos otolaryngol paediatr pain pathol
    patient pediatr percept perform pharm pharmacol phys physiol physiother pract
    prev proc prog prosthet psychiatr psychiatry psychol psychosoc public q qual
    radiol rec regul rehabil rep reprod res resusc rev rheum rheumatol scand sch sci
    shoulder skelet soc spinal sport sports stat stud suppl surg symp syst technol
    ther thorac top toxicol trans transl transplant trauma traumatol trop ultrasound
    univ urol vasc virol wkly wellness women zool
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED_WORDS.split())
# Those of them that are whole words, and may end a title as well.
_WHOLE = """
    age arthritis can cell child diabetes foot hand health heart her his imaging knee
    lab man pain patient shoulder sport sports top trauma ultrasound wellness women
"""
_WHOLE_WORDS = frozenset(_WHOLE.split())
_WORD = re.compile(r"\S+")
_QUOTES = '“”"«» '
_JOURNAL_WORD = re.compile(
    r"\b(?:journal|annals|archives|review|reviews|proceedings|bulletin|letters|lancet|"
    r"bmj|jama|plos|nature|science|medicine|research|therapy|cochrane|spine|quarterly)\b",
    re.IGNORECASE,
)
_SMALL_AND_MARKS = "of and the in for de la du et des der und on & - : to a"
_SMALL_WORDS = frozenset(_SMALL_AND_MARKS.split())


class Cut(NamedTuple):
    place: int
    confidence: float


def start_in(rest: str) -> Cut | None:
    """Where the journal begins in `rest`, which holds a title and maybe a journal."""
    earliest = max(0, len(rest) - _LONGEST_NAME)
    ends = [match.end() for match in _SENTENCE_END.finditer(rest, earliest)]
    return _known(rest, ends, earliest) or _likely(rest, ends, earliest)


def is_known(name: str) -> bool:
    return journal_titles.find(name.strip(" .,;:")) is not None


def _known(rest: str, ends: list[int], earliest: int) -> Cut | None:
    """The place after which a journal of the shipped list stands."""
    for place in ends[-_MOST_PLACES:]:
        if journal_titles.find(rest[place:].strip(_QUOTES)):
            inside = _is_inside_an_abbreviation(rest, place)
            return None if inside else Cut(place, 0.99)
    commas = [match.end() for match in _COMMA.finditer(rest, earliest)]
    for place in commas[-_MOST_PLACES:]:
        if journal_titles.find(rest[place:]):
            return Cut(place, 0.97)
    return None


def _is_inside_an_abbreviation(rest: str, place: int) -> bool:
    """Whether the full stop before `place` abbreviates a word of a journal's name.

    "spinal cord. J. Med.": a small word ends the title, abbreviation or not. So does
    a whole word, such as Trauma, that no abbreviated word leads up to.
    """
    words = rest[max(0, place - 60) : place].split()
    last = words[-1]
    bare = last.strip(".(").lower()
    if not last.endswith(".") or not last[:1].isupper():
        return False
    if bare in _WHOLE_WORDS:
        return len(words) > 1 and words[-2].endswith(".")
    return bare in _ABBREVIATIONS or len(bare) == 1 or "." in bare


def _likely(rest: str, ends: list[int], earliest: int) -> Cut | None:
    for place in reversed(ends):
        if not _is_inside_an_abbreviation(rest, place):
            return Cut(place, 0.95 if reads_like_one(rest[place:]) else 0.6)
    comma = rest.rfind(", ")
    if comma > 0 and reads_like_one(rest[comma + 2 :]):
        return Cut(comma + 2, 0.7)
    # `a randomized clinical trial Diabetes Educ.`: the capitals are the journal.
    words = list(_WORD.finditer(rest, earliest))
    start = len(words)
    while start and (words[start - 1][0][:1].isupper()):
        start -= 1
    if 0 < start < len(words) and _abbreviations_in(rest[words[start].start() :]):
        return Cut(words[start].start(), 0.6)
    return None


def _abbreviations_in(text: str) -> bool:
    return any(word.strip(".,").lower() in _ABBREVIATIONS for word in text.split())


def reads_like_one(text: str) -> bool:
    words = text.strip(" .,;:").split()
    if not words or len(words) > 20:
        return False
    if not (words[0][:1].isupper() or words[0][:1].isdigit()):
        return False
    if len(words) <= 2:
        return True
    capitals = [word[:1].isupper() or word in _SMALL_WORDS for word in words]
    return (
        all(
            word[:1] in "(-" or capital
            for word, capital in zip(words, capitals, strict=True)
        )
        or bool(_JOURNAL_WORD.search(text))
    ) and not text.rstrip().endswith("?")
