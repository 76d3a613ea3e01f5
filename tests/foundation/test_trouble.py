"""What the doors say when the ground gives way."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from shanshi.registry import queries


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def breaks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(queries, "bearer_of", fail)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("server closed the connection"), 503, "foundation.not_ready"),
        (ZeroDivisionError(), 500, "foundation.defect"),
    ],
)
def test_a_program_is_told_whether_to_wait(client, monkeypatch, error, status, code) -> None:
    breaks(monkeypatch, error)
    answer = client.get("/api/v1/me", headers={"Authorization": "Bearer x"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)


@pytest.mark.django_db
def test_a_page_says_one_moment_while_the_database_is_away(client, monkeypatch) -> None:
    breaks(monkeypatch, OperationalError("the database system is starting up"))
    answer = client.get("/me", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, "database" in answer.content.decode()) == (503, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "我们这边出了问题"), ("en", "Something went wrong")]
)
def test_a_defect_is_a_page_without_its_insides(client, monkeypatch, language: str, word: str) -> None:
    breaks(monkeypatch, ZeroDivisionError("the insides"))
    client.cookies["language"] = language
    answer = client.get("/me", headers={"Authorization": "Bearer x"})
    text = answer.content.decode()
    assert (answer.status_code, word in text) == (500, True)
    assert not [inside for inside in ("Traceback", "ZeroDivision", "insides", "Django") if inside in text]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/api/v1/me"])
def test_a_host_that_is_not_ours_is_a_bad_request(client, path: str) -> None:
    answer = client.get(path, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "elsewhere" not in answer.content.decode()
