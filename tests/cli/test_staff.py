"""The first role of a city is given at the machine."""

import contextlib
from typing import Any

import pytest
from click.testing import CliRunner

from shanshi.cli import staff
from shanshi.cli.running import ready
from shanshi.foundation.actor import Role
from shanshi.registry import queries
from shanshi.registry.rules import PersonUnknown
from tests.cast import LIN, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(ready, "database", lambda **_: contextlib.nullcontext())
    return lambda *words: CliRunner().invoke(staff.command, words)


def test_the_machine_gives_lin_the_city(run: Any, cast: Cast) -> None:
    lin = cast.lin
    answer = run(LIN.phone, "city_staff", "city", "--reason", "first staff")

    assert (answer.exit_code, answer.output) == (0, "city_staff at city is given.\n")
    assert queries.actor_of(lin.known(), cast.at).holds(Role.CITY_STAFF, ())


@pytest.mark.parametrize(
    "words", [("x",), (LIN.phone, "emperor", "city", "--reason", "x"), (LIN.phone, "city_staff", "city")]
)
def test_wrong_use_is_told(run: Any, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_an_unknown_phone_gets_no_role(run: Any) -> None:
    answer = run("15400009999", "city_staff", "city", "--reason", "x")
    assert isinstance(answer.exception, PersonUnknown)
