"""The OpenAPI document, with what holds for every endpoint written at every endpoint."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

_PROBLEM = "#/components/schemas/Problem"
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Made by the sender for each new request, for example a UUID. The same key with the same "
    "body gets the first answer again for a day; with another body it is refused (409).",
}
_PROBLEMS = {"application/problem+json": {"schema": {"$ref": _PROBLEM}}}
_TROUBLE = {
    "413": "The body is larger than any endpoint takes, or has more fields.",
    "415": "A file was sent; no endpoint takes one.",
    "500": "A defect of ours; nothing was changed.",
    "503": "Not ready at this moment; nothing was changed. `Retry-After` says when to send it again.",
}


class Api(NinjaAPI):
    """Ninja's API, whose document names the Idempotency-Key and the media type of problems."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Return the document."""
        document = super().get_openapi_schema(*args, **kwargs)
        for methods in document["paths"].values():
            for method, operation in methods.items():
                if method in {"post", "delete"}:
                    operation.setdefault("parameters", []).append(_KEY)
                for status, says in _TROUBLE.items():
                    operation["responses"].setdefault(status, {"description": says, "content": _PROBLEMS})
                for answer in operation["responses"].values():
                    _name_problems(answer)
        return document


def _name_problems(answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    plain = content.get("application/json", {})
    if plain.get("schema", {}).get("$ref") == _PROBLEM:
        content["application/problem+json"] = content.pop("application/json")
