"""Addresses that every site has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from shanshi.foundation import clock

pytestmark = pytest.mark.django_db


def test_whoever_finds_a_weakness_knows_whom_to_tell(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SECURITY_CONTACT = "mailto:a@shanshi.example https://shanshi.example/report"
    settings.SECURITY_POLICY_URL = "https://shanshi.example/policy"
    answer = client.get("/.well-known/security.txt")
    lines = [tuple(line.split(": ", 1)) for line in answer.content.decode().splitlines()]
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    expires = dict(lines).pop("Expires")
    assert [line for line in lines if line[0] != "Expires"] == [
        ("Contact", "mailto:a@shanshi.example"),
        ("Contact", "https://shanshi.example/report"),
        ("Preferred-Languages", "zh, en"),
        ("Canonical", "http://testserver/.well-known/security.txt"),
        ("Policy", "https://shanshi.example/policy"),
    ]
    until = datetime.strptime(expires, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < until - clock.real_now() < timedelta(days=365)


def test_without_a_contact_there_is_nothing_to_say(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


def test_a_password_manager_finds_where_to_change_it(client: Client) -> None:
    assert client.get("/.well-known/change-password")["Location"] == "/account/password"
