"""The whole API, for every role, from its own document: what it answers is what it says it answers."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import Phase, given
from hypothesis import strategies as st
from requests import PreparedRequest, Request
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.checks import not_a_server_error as no_defect
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from tests.attack.city import ROLES, City
from tests.attack.conftest import undone
from tests.attack.doors import Operation, document, operations
from tests.attack.size import tries

pytestmark = pytest.mark.django_db

# Whether a request fits its document is asked before who asks: what does not fit needs no more than one role.
EXAMPLES = {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 4}
REFUSED = checks.negative_data_rejection
ANSWERS = [
    no_defect,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    REFUSED,
]


@pytest.fixture(scope="module")
def schema() -> Any:
    load_all_checks()
    said = _plain(document())
    # Who asks is said by the test, case by case.
    said["components"].pop("securitySchemes", None)
    for methods in said["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return schemathesis.openapi.from_dict(said, config=SchemathesisConfig())


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.name)
def test_an_operation_answers_every_role_as_its_document_says(
    operation: Operation, schema: Any, city: City
) -> None:
    attack(operation, schema, city)


def attack(operation: Operation, schema: Any, city: City) -> None:
    """Send cases that fit the document, and cases that do not, in everybody's name."""
    target = schema[operation.path][operation.method.upper()]
    _cases(target, GenerationMode.POSITIVE, ROLES, city, most=EXAMPLES[GenerationMode.POSITIVE])
    if operation.parameters or operation.queries or operation.body:
        _cases(target, GenerationMode.NEGATIVE, ("volunteer",), city, most=EXAMPLES[GenerationMode.NEGATIVE])


def _cases(target: Any, mode: GenerationMode, roles: tuple[str, ...], city: City, *, most: int) -> None:
    @tries(most, phases=(Phase.explicit, Phase.generate))
    @given(case=target.as_strategy(generation_mode=mode), is_real=st.booleans())
    def every_role(case: Any, is_real: bool) -> None:
        # Made-up ids find nothing; about half of the cases ask for what is really there.
        if is_real and mode.is_positive:
            case.path_parameters = {
                name: city.things.get(name, value) for name, value in case.path_parameters.items()
            }
            case.body = _real(case.body, city.things)
        request = Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
        # A body that need not be there is never wrong by being absent, or null.
        wanted = [check for check in ANSWERS if request.body not in {None, b"null"} or check is not REFUSED]
        for role in roles:
            with undone():
                answer = _sent(request, city.tokens.get(role))
                # An address too long is refused at the front door, before it is anybody's endpoint.
                if answer.status_code != HTTPStatus.REQUEST_URI_TOO_LONG:
                    case.validate_response(answer, checks=wanted)

    every_role()


def _sent(request: PreparedRequest, token: str | None) -> Response:
    headers = {name: _text(value) for name, value in request.headers.items() if name != "Content-Length"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    body = request.body or b""
    answer = Client(raise_request_exception=True).generic(
        str(request.method),
        str(request.url).removeprefix("http://testserver"),
        body.encode() if isinstance(body, str) else body,
        content_type=headers.pop("Content-Type", ""),
        headers=headers,
    )
    return Response(
        status_code=answer.status_code,
        headers={name: [value] for name, value in answer.items()},
        content=answer.content,
        request=request,
        elapsed=0.0,
        verify=False,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _real(body: Any, things: Mapping[str, str]) -> Any:
    if not isinstance(body, dict):
        return body
    real: dict[str, Any] = {}
    for name, value in body.items():
        single, known = f"{name}_id", things.get(f"{name}_id")
        if name == "organizers":
            real[name] = [things["organization_id"]]
        else:
            real[name] = known if known and value is not None and single in things else value
    return real


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
