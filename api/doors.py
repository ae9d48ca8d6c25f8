"""What every endpoint of the API is: read-only, and the same in code and schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from api import problems
from api.middleware import METHODS
from api.negotiation import JSON, preferred
from api.parameters import Parameter


class Component(Protocol):
    """Names a schema and gives the reference to it.

    It has the members of all `serializers`; none of them is promised if `is_partial`.
    `optional` are further ones that are there only where they were asked for.
    """

    def __call__(
        self,
        name: str,
        serializers: Sequence[type[Serializer]],
        is_partial: bool = False,
        optional: Mapping[str, dict[str, Any]] | None = None,
    ) -> dict[str, Any]: ...


class Door(APIView):
    """An endpoint. What it declares is both enforced and documented.

    It is an APIView so that the schema generator finds it, but a request does not pass
    through REST framework: there is nothing to parse, authenticate or negotiate.
    """

    http_method_names = ["get", "head", "options"]
    # What it may answer besides the document, and besides what any endpoint may.
    refusals: ClassVar[Sequence[type[problems.Problem]]] = ()
    moves: ClassVar[bool] = False
    # Whether a key says whose content it is; without, all of it is for anybody.
    takes_keys: ClassVar[bool] = True
    # Of which the client's `Accept` has to take one; a door may look at it itself.
    media_types: ClassVar[Sequence[str]] = (JSON,)
    negotiates: ClassVar[bool] = False

    @property
    def operation(self) -> str:
        """Its name in generated clients."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """One sentence on what it gives."""
        raise NotImplementedError

    @property
    def parameters(self) -> Sequence[Parameter]:
        return ()

    def answer_schema(self, component: Component) -> dict[str, Any]:
        """The JSON Schema of its answer."""
        raise NotImplementedError

    def answer_schemas(self, component: Component) -> dict[str, dict[str, Any]]:
        """The schema of its answer in each media type."""
        return dict.fromkeys(self.media_types, self.answer_schema(component))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        raise NotImplementedError

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """`get` for GET and HEAD, whose body the middleware takes away.

        What would write, the middleware has refused already.
        """
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join(METHODS)})
        if not self.negotiates:
            preferred(request, self.media_types)
        return self.get(request, *args, **kwargs)
