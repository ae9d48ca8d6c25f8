"""The screens for webhooks: how each stands, what was sent, and what to do about it."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from api.documents.models import Placement
from api.webhooks.models import MOST_SECRETS, OVERLAP, Delivery, Endpoint

from .words import behind, events_of, outcome_of, page_of, state_of

PER_PAGE = 50


class EndpointIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Endpoint]:
        return Endpoint.objects.select_related("channel__head")


class EndpointCreateView(generic.CreateView):
    """Makes the first secret as well, and shows it: never again after that."""

    template_name = "desk/webhooks/form.html"

    def form_valid(self, form: Any) -> HttpResponse:
        endpoint = form.save(commit=False)
        endpoint.created_by = self.request.user
        endpoint.begin()
        endpoint.save()
        log(endpoint, "wagtail.create")
        return shown_once(self.request, endpoint, endpoint.new_secret())


class EndpointEditView(generic.EditView):
    template_name = "desk/webhooks/form.html"

    def get_success_url(self) -> str:
        return page_of(self.object)


class EndpointDeleteView(generic.DeleteView):
    @property
    def confirmation_message(self) -> str:
        return (
            "It hears of nothing any more, and what was sent is forgotten. To stop it "
            "for a while, pause it instead."
        )


class EndpointPageView(generic.InspectView):
    """`/cms/webhooks/inspect/{pk}/`: how it stands, and the log."""

    template_name = "desk/webhooks/page.html"
    page_title = "Webhook"
    fields: ClassVar[list[str]] = ["url"]
    header_more_buttons: ClassVar[list[Any]] = []

    def get_page_subtitle(self) -> str:
        return str(self.object)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = self.get_edit_url()
        return [HeaderButton("Change", url=url, icon_name="edit")] if url else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, endpoint = timezone.now(), self.object
        deliveries = endpoint.deliveries.prefetch_related("attempts")
        page = Paginator(deliveries, PER_PAGE).get_page(self.request.GET.get("p"))
        secrets = endpoint.valid_secrets(now)
        is_waiting = endpoint.next_attempt_at > now
        return super().get_context_data(
            **kwargs,
            endpoint=endpoint,
            state=state_of(endpoint),
            events=events_of(endpoint),
            behind=behind(endpoint),
            next_attempt_at=endpoint.next_attempt_at if is_waiting else None,
            secret=secrets[0] if secrets else None,
            former=secrets[1:],
            may_change=bool(self.get_edit_url()),
            page=page,
            rows=[
                {
                    "delivery": delivery,
                    "outcome": outcome_of(delivery),
                    "attempts": len(tried := delivery.attempts.all()),
                    "last": tried[0] if tried else None,
                }
                for delivery in page.object_list
            ],
        )


class _OfEndpoint(WagtailAdminTemplateMixin, ContextMixin, View):
    """Something about one webhook, for those who may `needed` it."""

    header_icon = "rotate"
    needed = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        policy = policy_registry.get_by_type(Endpoint)
        if not policy.user_has_permission(request.user, self.needed):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def endpoint(self) -> Endpoint:
        found = Endpoint.objects.select_related("channel")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.endpoint)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": reverse("webhooks:index"), "label": "Webhooks"},
            {"url": page_of(self.endpoint), "label": str(self.endpoint)},
            {"url": "", "label": str(self.page_title)},
        ]


class ActView(_OfEndpoint):
    """`POST /cms/webhooks/{pk}/act/`: what one does with a button."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("act")
        match act:
            case "test":
                self.endpoint.ask_for_test()
                said = "A test is on its way: look at the log below in a moment."
            case "pause":
                self.endpoint.pause(f"Paused by {request.user}.")
                said = "Paused. What changes meanwhile is told once it is resumed."
            case "resume":
                self.endpoint.resume()
                said = "Resumed: it hears now of all that changed meanwhile."
            case "end-former":
                self.endpoint.end_former_secrets()
                said = "Messages are signed with the newest secret only."
            case _:
                messages.error(request, "There is no such button.")
                return redirect(page_of(self.endpoint))
        if act != "test":
            log(self.endpoint, f"clinicast.{act.replace('-', '_')}")
        messages.success(request, said)
        return redirect(page_of(self.endpoint))


class ReplaceSecretView(_OfEndpoint):
    """`/cms/webhooks/{pk}/secret/`: says what it does, then shows the new secret."""

    template_name = "desk/webhooks/replace.html"
    page_title = "Replace the secret"
    header_icon = "key"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        valid = self.endpoint.valid_secrets(timezone.now())
        return self.render_to_response(
            self.get_context_data(
                newest=self._newest,
                is_full=len(valid) >= MOST_SECRETS,
                days=OVERLAP.days,
                back_url=page_of(self.endpoint),
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Sent again, by a reload, it would make another one than the one copied.
        if request.POST.get("newest") != self._newest:
            messages.warning(
                request,
                "No secret was made: one has just been made here, and it is shown only "
                "once. If nobody has copied it, end the former one and make another.",
            )
            return redirect(page_of(self.endpoint))
        try:
            text = self.endpoint.new_secret()
        except ValidationError as refused:
            messages.error(request, refused.message)
            return redirect(page_of(self.endpoint))
        log(self.endpoint, "clinicast.make_secret")
        return shown_once(request, self.endpoint, text)

    @property
    def _newest(self) -> str:
        newest = self.endpoint.secrets.order_by("-pk").values_list("pk", flat=True)
        return str(newest.first() or "")


class _SecretView(_OfEndpoint):
    template_name = "desk/webhooks/secret.html"
    page_title = "Signing secret"
    header_icon = "key"


def shown_once(request: HttpRequest, endpoint: Endpoint, text: str) -> HttpResponse:
    """The page with a secret that is not kept, neither by us nor by the browser."""
    view = _SecretView()
    view.setup(request, pk=endpoint.pk)
    context = view.get_context_data(text=text, back_url=page_of(endpoint))
    response = view.render_to_response(context)
    response["Cache-Control"] = "no-store"
    return response


class DeliveryView(_OfEndpoint):
    """`/cms/webhooks/{pk}/messages/{delivery}/`: what was sent, and what came back."""

    template_name = "desk/webhooks/delivery.html"
    page_title = "Message"
    needed = "view"

    @cached_property
    def delivery(self) -> Delivery:
        return get_object_or_404(self.endpoint.deliveries, pk=self.kwargs["delivery"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(
                endpoint=self.endpoint,
                delivery=self.delivery,
                outcome=outcome_of(self.delivery),
                payload=_readable(self.delivery.payload),
                attempts=self.delivery.attempts.all(),
                is_newest=self._is_newest,
                may_change=self._may_change,
                back_url=page_of(self.endpoint),
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self._may_change:
            raise PermissionDenied
        if not self._is_newest:
            messages.error(
                request,
                "The document has changed since, and the site was or will be told of "
                "that: this message is not so any more.",
            )
        elif self.delivery.is_test:
            self.endpoint.ask_for_test()
            messages.success(request, "A new test is on its way.")
        else:
            self.delivery.ask_again()
            messages.success(request, "It is sent again, under the same id.")
        return redirect(page_of(self.endpoint))

    @property
    def _may_change(self) -> bool:
        policy = policy_registry.get_by_type(Endpoint)
        return bool(policy.user_has_permission(self.request.user, "change"))

    @property
    def _is_newest(self) -> bool:
        """Whether what it says is still so."""
        if self.delivery.sequence is None:
            return True
        same = Placement.objects.filter(
            channel=self.endpoint.channel_id, sequence=self.delivery.sequence
        )
        return same.exists()


def _readable(payload: str) -> str:
    if not payload:
        return ""
    return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
