"""References to a file of a reference manager, for any selection of their list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from content_models.citations import formats
from content_models.models import Reference

# Name and ending, and the type that browsers and reference managers know.
_FILES = {
    "ris": ("references.ris", "application/x-research-info-systems"),
    "bibtex": ("references.bib", "application/x-bibtex"),
    "csl-json": ("references.json", "application/vnd.citationstyles.csl+json"),
}


class FormatForm(forms.Form):
    format = forms.ChoiceField(
        choices=[
            ("ris", "RIS: EndNote, Zotero, Mendeley"),
            ("bibtex", "BibTeX: JabRef, LaTeX"),
            ("csl-json", "CSL-JSON: Zotero, programs"),
        ]
    )


class ReferenceExport(SnippetBulkAction):
    """For whoever may mark rows of the list: it tells no more than the list does."""

    models = [Reference]
    display_name = "Export"
    action_type = "export"
    aria_label = "Export the selected references"
    action_priority = 30
    template_name = "content_models/bulk_actions/export.html"
    form_class = FormatForm

    def check_perm(self, thing: Any) -> bool:
        return True

    def form_valid(self, form: FormatForm) -> HttpResponse:
        references, _ = self.get_actionable_objects()
        prefetch_related_objects(references, "authors")
        name = form.cleaned_data["format"]
        file, kind = _FILES[name]
        content = formats.write([each.csl for each in references], name)
        return HttpResponse(
            content,
            content_type=f"{kind}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{file}"'},
        )
