"""Taking an article, or all that an author wrote, off every site, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View
from wagtail.admin.widgets import AdminPageChooser

from api.documents.models import Document, Placement
from content_models.models import Article, Author, Urgency, Withdrawal

from .widgets import Choices, name_groups

_MODELS: dict[str, type[Article] | type[Author]] = {
    "article": Article,
    "author": Author,
}


def address_of(content: Any, user: Any) -> str | None:
    """The screen that withdraws `content`; None where there is nothing, or no right."""
    kind = content._meta.model_name
    if kind not in _MODELS or not content.pk:
        return None
    articles = published(content)
    if not articles or not all(_may_withdraw(user, one) for one in articles):
        return None
    return reverse("withdraw", args=[kind, content.pk])


def published(content: Article | Author) -> list[Article]:
    """The article in all languages, or what the author wrote; what readers see of it.

    The one that was asked about comes first.
    """
    same = Article.objects.filter(live=True)
    if isinstance(content, Article):
        same = same.filter(translation_key=content.translation_key)
    else:
        group = content.translation_key
        same = same.filter(authorships__author__translation_key=group).distinct()
    found = same.select_related("locale").order_by("title")
    return sorted(found, key=lambda one: one.pk != content.pk)


def withdraw(articles: Sequence[Article], user: Any, **given: Any) -> None:
    """Take `articles` down for the reason that is `given`, at one moment."""
    # In one order, so that two people who withdraw the same ones do not lock each
    # other out; and the page with its article, as either is saved whole.
    rows = Article.objects.select_for_update(of=("self", "page_ptr")).order_by("pk")
    locked = list(rows.filter(pk__in=[one.pk for one in articles]))
    # Later than what was published while we waited.
    now = timezone.now()
    for article in locked:
        if article.live:
            Withdrawal.objects.create(
                article=article, made_at=now, made_by=user, **given
            )
            article.unpublish(user=user)


def _may_withdraw(user: Any, article: Article) -> bool:
    return bool(article.permissions_for_user(user).can_unpublish())


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=Withdrawal._meta.get_field("reason").max_length,
        help_text="One sentence. Readers see it where the article was, on every site.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    urgency = forms.ChoiceField(
        choices=Urgency.choices, initial=Urgency.ROUTINE, widget=Choices
    )
    replacement: forms.ModelChoiceField[Article] = forms.ModelChoiceField(
        Article.objects.filter(live=True),
        label="What to read instead",
        required=False,
        help_text="A published article; readers are led there.",
        widget=AdminPageChooser(target_models=[Article]),
    )

    def __init__(self, *args: Any, withdrawn: Sequence[Article], **kwargs: Any) -> None:
        self._withdrawn = withdrawn
        super().__init__(*args, **kwargs)
        name_groups(self)

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())

    def clean_replacement(self) -> Article | None:
        replacement: Article | None = self.cleaned_data["replacement"]
        if replacement is not None and replacement in self._withdrawn:
            raise forms.ValidationError(
                "This one is withdrawn as well. Choose another, or none."
            )
        return replacement


class WithdrawView(WagtailAdminTemplateMixin, ContextMixin, View):
    """`/cms/withdraw/{kind}/{pk}/`, for whoever may take down all that it names."""

    template_name = "desk/withdraw.html"
    page_title = "Withdraw"
    header_icon = "warning"

    @cached_property
    def content(self) -> Article | Author:
        model = _MODELS.get(self.kwargs["kind"])
        if model is None:
            raise Http404("Only articles are withdrawn, or all of an author.")
        found: Any = get_object_or_404(model, pk=self.kwargs["pk"])
        return cast(Article | Author, found)

    @cached_property
    def articles(self) -> list[Article]:
        return published(self.content)

    @cached_property
    def edit_url(self) -> str:
        """Where one came from; empty for who may not edit it."""
        return AdminURLFinder(self.request.user).get_edit_url(self.content) or ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        may_all = all(_may_withdraw(request.user, one) for one in self.articles)
        if not self.edit_url or not may_all:
            raise PermissionDenied
        if not self.articles:
            messages.info(request, "Readers see none of it: nothing to withdraw.")
            return redirect(self.edit_url)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WithdrawalForm(withdrawn=self.articles)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WithdrawalForm(request.POST, withdrawn=self.articles)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        withdraw(self.articles, request.user, **form.cleaned_data)
        number = len(self.articles)
        messages.success(
            request,
            f"{'It is' if number == 1 else f'All {number} are'} withdrawn. Sites that "
            "carry it are told; readers see the reason.",
        )
        return redirect(self.edit_url)

    def get_page_subtitle(self) -> str:
        return str(get_latest_str(self.content))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": self.edit_url, "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        documents = Document.objects.filter(
            source__in=[f"article:{one.pk}" for one in self.articles]
        )
        shown = Placement.objects.visible_at(timezone.now()).filter(
            document__in=documents
        )
        names = shown.order_by("channel__name").values_list("channel__name", flat=True)
        return super().get_context_data(
            articles=self.articles, channels=list(names.distinct()), **kwargs
        )
