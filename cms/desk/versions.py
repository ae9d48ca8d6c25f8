"""What readers were shown of an article before, and taking one such version away."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View
from wagtail.log_actions import log

from api.documents import past
from api.documents.identity import source_of
from api.documents.models import Document, DocumentVersion
from content_models.models import Article


def address_of(content: Any, user: Any) -> str | None:
    """The screen with the published versions of `content`; None without the right."""
    if not isinstance(content, Article) or not content.pk:
        return None
    if not _may_redact(user, content) or not _documents_of(content).exists():
        return None
    return reverse("published_versions", args=[content.pk])


def _documents_of(article: Article) -> QuerySet[Document]:
    return Document.objects.filter(source=source_of(Article, article.pk))


def _may_redact(user: Any, article: Article) -> bool:
    return bool(article.permissions_for_user(user).can_publish())


class RedactionForm(forms.Form):
    version = forms.ModelChoiceField(
        DocumentVersion.objects.none(),
        empty_label=None,
        to_field_name="version",
        help_text="What readers see now is not among them: publish it corrected, or "
        "withdraw it.",
    )
    reason = forms.CharField(
        max_length=DocumentVersion._meta.get_field("redaction_reason").max_length,
        help_text="One sentence, for staff. Readers are not told it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        former = past.redactable(document)
        choice: Any = self.fields["version"]
        choice.queryset = former
        choice.label_from_instance = lambda one: f"{one.version}, {one.at:%d %b %Y}"


class PublishedVersions(WagtailAdminTemplateMixin, ContextMixin, View):
    """`/cms/versions/{pk}/`, for whoever may publish the article."""

    template_name = "desk/versions.html"
    page_title = "Published versions"
    header_icon = "history"

    @cached_property
    def article(self) -> Article:
        found: Article = get_object_or_404(Article, pk=self.kwargs["pk"])
        return found

    @cached_property
    def document(self) -> Document:
        return get_object_or_404(_documents_of(self.article))

    @cached_property
    def edit_url(self) -> str:
        return AdminURLFinder(self.request.user).get_edit_url(self.article) or ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not _may_redact(request.user, self.article):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RedactionForm(document=self.document)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RedactionForm(request.POST, document=self.document)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        version: DocumentVersion = form.cleaned_data["version"]
        past.redact(version, request.user, form.cleaned_data["reason"])
        log(
            instance=self.article,
            action="clinicast.redact",
            data={"version": version.version, "reason": form.cleaned_data["reason"]},
        )
        messages.success(
            request, f"Version {version.version} is redacted: nobody can read it again."
        )
        return redirect(request.path)

    def get_page_subtitle(self) -> str:
        return str(get_latest_str(self.article))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": self.edit_url, "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = self.document.versions.select_related("redacted_by")
        texts = versions.defer("full_json", "teaser_json").order_by("-version")
        return super().get_context_data(
            versions=texts, document=self.document, read=self._read(), **kwargs
        )

    def _read(self) -> dict[str, Any] | None:
        """The version that `?version=` asks to be shown, as it was published."""
        number = self.request.GET.get("version", "")
        if not (number.isascii() and number.isdigit() and len(number) < 9):
            return None
        found = self.document.versions.filter(version=number, redacted_at=None).first()
        said: dict[str, Any] | None = json.loads(found.full_json) if found else None
        return said
