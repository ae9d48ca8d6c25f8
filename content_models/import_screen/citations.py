"""References that were found, to be corrected field by field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import strip_tags
from wagtail.admin.widgets import AdminAutoHeightTextInput

from content_models.citations import identifiers, rendering
from content_models.citations.parsing import Citation, Field
from content_models.import_screen.parts import NONE, PartForm
from content_models.models import Reference

# Below it somebody should compare the fields with the text.
_SURE = 0.8
_FIELDS = {
    "title": "title",
    "container-title": "container_title",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "DOI": "doi",
    "PMID": "pmid",
    "URL": "url",
}
_WORDS = {"container-title": "the journal", "issued": "the year", "author": "authors"}


class CitationForm(PartForm):
    kind = "reference"
    noun = "reference"

    title = forms.CharField(
        max_length=1000, required=False, widget=AdminAutoHeightTextInput
    )
    authors = forms.CharField(
        max_length=20_000,
        required=False,
        widget=AdminAutoHeightTextInput,
        help_text="One a line: family name, comma, initials. Without a comma it is an "
        "organisation.",
    )
    authors_incomplete = forms.BooleanField(label="And others (et al.)", required=False)
    container_title = forms.CharField(
        label="Journal or book", max_length=300, required=False
    )
    year = forms.IntegerField(min_value=1500, max_value=2100, required=False)
    volume = forms.CharField(max_length=40, required=False)
    issue = forms.CharField(max_length=40, required=False)
    page = forms.CharField(
        label="Pages or article number", max_length=60, required=False
    )
    doi = forms.CharField(label="DOI", max_length=300, required=False)
    pmid = forms.CharField(label="PubMed id", max_length=20, required=False)
    url = forms.URLField(
        label="Web address", max_length=500, required=False, assume_scheme="https"
    )
    publisher = forms.CharField(max_length=200, required=False)
    type = forms.ChoiceField(
        label="Kind", choices=Reference.Kind.choices, required=False
    )

    def __init__(self, *args: Any, citation: Citation, **kwargs: Any) -> None:
        self.citation = citation
        super().__init__(*args, initial=_initial(citation), **kwargs)
        if not citation.fields:
            self.fields["use"].initial = NONE

    def clean_doi(self) -> str:
        return _normalised(identifiers.normalise_doi, self.cleaned_data["doi"])

    def clean_pmid(self) -> str:
        return _normalised(identifiers.normalise_pmid, self.cleaned_data["pmid"])

    def clean_new(self, cleaned: dict[str, Any]) -> None:
        if "title" in cleaned and not cleaned["title"]:
            self.add_error(
                "title", "Give the title, or leave this reference out for now."
            )
        for name in ("doi", "pmid"):
            self._refuse_taken(name, cleaned.get(name, ""))

    def _refuse_taken(self, name: str, identifier: str) -> None:
        other = Reference.objects.filter(**{name: identifier}).first()
        if identifier and other:
            self.add_error(name, f"“{other}” has it already: use that reference.")

    def corrected(self) -> Citation:
        cleaned = self.cleaned_data
        csl: dict[str, Any] = {
            name: cleaned.get(field) for name, field in _FIELDS.items()
        }
        csl["type"] = cleaned.get("type")
        csl["author"] = [_author(line) for line in _lines(cleaned.get("authors", ""))]
        if cleaned.get("year"):
            csl["issued"] = {"date-parts": [[cleaned["year"]]]}
        csl |= self._kept(csl)
        fields = {name: Field(value, 1.0) for name, value in csl.items() if value}
        incomplete = bool(cleaned.get("authors_incomplete")) and "author" in fields
        return Citation(self.citation.raw, fields, incomplete)

    def _kept(self, csl: dict[str, Any]) -> dict[str, Any]:
        """What the form does not show, where what it goes with was not corrected."""
        read = self.citation.csl
        kept = {"accessed": read.get("accessed")}
        if csl.get("container-title") == read.get("container-title"):
            kept["container-title-short"] = read.get("container-title-short")
        whole, year = read.get("issued"), csl.get("issued")
        if whole and year and whole["date-parts"][0][:1] == year["date-parts"][0]:
            kept["issued"] = whole
        return {name: value for name, value in kept.items() if value}

    # --- How it is shown ----------------------------------------------------------

    @property
    def heading(self) -> str:
        return rendering.ama_text(self.citation.csl) or self.citation.raw[:300]

    @property
    def raw(self) -> str:
        return self.citation.raw[:2000]

    def questions(self) -> list[str]:
        citation = self.citation
        found = list(citation.notes)
        if self.candidates.same:
            return found
        if not citation.fields:
            found.append("It could not be read: left out, unless you fill it in.")
        elif "title" not in citation.fields:
            found.append("No title could be read. Write it in, or leave this out.")
        elif citation.confidence < _SURE:
            name, _ = min(citation.fields.items(), key=lambda item: item[1].confidence)
            found.append(f"Compare {_WORDS.get(name, f'the {name}')} with the text.")
        for name, doubt in citation.doubtful.items():
            value = strip_tags(str(doubt.value))[:120]
            found.append(f"{_WORDS.get(name, name).capitalize()} may be “{value}”.")
        if self.candidates.likely:
            like = self.candidates.likely[0]
            found.append(
                f"“{like.thing}” is here already ({like.why}). Is it the same?"
            )
        return found


def _initial(citation: Citation) -> dict[str, Any]:
    csl = citation.csl
    filled: dict[str, Any] = {
        field: csl.get(name, "") for name, field in _FIELDS.items()
    }
    authors = [_written(name) for name in csl.get("author", [])]
    kinds = Reference.Kind
    default = kinds.JOURNAL_ARTICLE if "container-title" in csl else kinds.REPORT
    return filled | {
        "authors": "\n".join(authors),
        "authors_incomplete": citation.authors_incomplete,
        "year": csl["issued"]["date-parts"][0][0] if "issued" in csl else None,
        "type": csl["type"] if csl.get("type") in kinds.values else default,
    }


def _written(name: dict[str, str]) -> str:
    if "literal" in name:
        return name["literal"].replace(",", "")
    given = " ".join(filter(None, (name.get("given"), name.get("suffix"))))
    return f"{name.get('family', '')}, {given}".strip()


def _author(line: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in line.partition(","))
    if not comma:
        return {"literal": family}
    return {"family": family, "given": given} if given else {"family": family}


def _lines(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line.strip(", ")]


def _normalised(normalise: Any, given: str) -> str:
    try:
        return normalise(given) if given else ""
    except ValueError as refused:
        raise forms.ValidationError(str(refused)) from refused
