"""Requests that are too large, files where none is taken, floods, and the pages that say no."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanshi.foundation import clock, limits, serving, sizes, uploads
from shanshi.foundation.uploads import FileKind, Taken
from shanshi.kernel.errors import DomainError, Missing, TooMany
from tests.portal.world import let_in

MEGABYTE = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SHEETS = Taken(frozenset({FileKind.XLSX}), max_bytes=10_000)


@pytest.fixture(autouse=True)
def _fresh_brake() -> None:
    limits.brake.forget()
    limits._spent.clear()


def code_of(answer) -> str:  # type: ignore[no-untyped-def]
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    return str(json.loads(answer.content)["code"])


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused_by_its_length_alone(client: Client) -> None:
    api = client.post("/api/v1/auth/codes", "x" * (MEGABYTE + 1), content_type="application/json")
    page = client.post(
        "/sign-in", "phone=" + "1" * MEGABYTE, content_type="application/x-www-form-urlencoded"
    )
    assert (api.status_code, code_of(api)) == (413, "foundation.body_too_large")
    assert (page.status_code, "foundation.body_too_large" in page.content.decode()) == (413, True)


@pytest.mark.django_db
def test_too_many_fields_are_refused(client: Client) -> None:
    answer = client.post("/sign-in", {f"f{n}": "1" for n in range(1001)})
    assert (answer.status_code, "foundation.body_too_large" in answer.content.decode()) == (413, True)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/find", "/api/v1/activities"])
def test_an_address_that_is_too_long_is_refused(client: Client, path: str) -> None:
    assert client.get(path, {"text": "x" * sizes.MOST_ADDRESS}).status_code == 414


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "1" * 100_000, "{", "nul", '"\\ud800"'])
def test_a_body_that_is_no_sensible_json_is_a_bad_request(client: Client, body: str) -> None:
    answer = client.post("/api/v1/auth/codes", body, content_type="application/json")
    assert answer.status_code in {400, 422}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/i18n/setlang/"])
def test_no_door_takes_a_file_that_does_not_say_so(client: Client, path: str) -> None:
    answer = client.post(path, {"file": SimpleUploadedFile("a.png", PNG)})
    assert (answer.status_code, "foundation.files_not_taken" in answer.content.decode()) == (415, True)


@pytest.mark.django_db
def test_a_form_that_is_too_old_shows_the_way_back(client: Client) -> None:
    client.handler.enforce_csrf_checks = True
    for language, word in [("zh-hans", "重新打开页面"), ("en", "Load the page again")]:
        client.cookies["language"] = language
        answer = client.post("/sign-out", headers={"Referer": "http://testserver/terms?a=1#b"})
        assert answer.status_code == 403
        assert word in answer.content.decode()
        assert 'href="/terms?a=1"' in answer.content.decode()
    foreign = client.post("/sign-out", headers={"Referer": "http://elsewhere.example/x"})
    assert "elsewhere" not in foreign.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "这里没有内容"), ("en", "There is nothing here")])
def test_what_is_not_there_is_said_in_both_languages(client: Client, language: str, word: str) -> None:
    client.cookies["language"] = language
    answer = client.get("/nowhere")
    assert (answer.status_code, word in answer.content.decode()) == (404, True)


def test_a_flood_of_one_person_is_braked_and_others_are_not(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SHANSHI_BRAKES = {"writes": (2, 60)}
    brake = limits.Brake()
    brake.spend("writes", "lin", now_s=0)
    brake.spend("writes", "lin", now_s=59.9)
    with pytest.raises(TooMany) as caught:
        brake.spend("writes", "lin", now_s=20)
    assert caught.value.facts == {"wait_seconds": 40}
    brake.spend("writes", "mei", now_s=20)
    brake.spend("writes", "lin", now_s=60)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-out", "/api/v1/auth/codes"])
def test_a_flood_is_told_when_to_come_back(client: Client, settings, path: str) -> None:  # type: ignore[no-untyped-def]
    settings.SHANSHI_BRAKES = settings.SHANSHI_BRAKES | {"writes_per_address": (1, 60)}
    client.post(path)
    answer = client.post(path)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_a_household_of_the_new_internet_is_one_caller() -> None:
    assert limits.network_of("2001:db8::1") == limits.network_of("2001:db8::ffff") == "2001:db8::/64"
    assert limits.network_of("192.0.2.7") == "192.0.2.7"


@pytest.mark.django_db
def test_only_what_fails_is_counted(settings, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    settings.SHANSHI_LIMITS = {"knock": (2, 60)}
    now = clock.real_now()
    with django_assert_num_queries(0):
        for _ in range(5):
            with limits.failures("knock", "lin", at=now):
                pass
    for expected in (Missing, Missing, TooMany):
        with pytest.raises(expected), limits.failures("knock", "lin", at=now):
            raise Missing
    with django_assert_num_queries(0), pytest.raises(TooMany), limits.failures("knock", "lin", at=now):
        pytest.fail("who has spent the tries does not come in")
    with limits.failures("knock", "mei", at=now):
        pass


def workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


def test_a_file_is_what_its_bytes_are() -> None:
    good = uploads.checked(SimpleUploadedFile("../..\\名单 1.xlsx", workbook()), SHEETS)
    assert (good.name, good.kind) == ("名单 1.xlsx", FileKind.XLSX)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.xlsx", b"", uploads.FileNeeded),
        ("a.xlsx", b"PK\x03\x04" + b"0" * 20_000, uploads.FileTooLarge),
        ("a.xlsx", PNG, uploads.FileOfAnotherKind),
        ("a.svg", b"<svg onload='x'/>", uploads.FileOfAnotherKind),
        ("a.xlsx", b"<html>", uploads.FileOfAnotherKind),
        ("a.xlsx", b"PK\x03\x04 an archive of something else", uploads.FileOfAnotherKind),
        ("a.xlsm", workbook(), uploads.NameOfAnotherKind),
        ("a.html", workbook(), uploads.NameOfAnotherKind),
    ],
)
def test_a_file_that_is_something_else_is_refused(
    name: str, content: bytes, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        uploads.checked(SimpleUploadedFile(name, content), SHEETS)


class Body(io.BytesIO):
    """A body as it comes from the network, which remembers how much was read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked: list[int] = []

    def read(self, size: int | None = -1) -> bytes:
        self.asked.append(size or -1)
        return super().read(size)


@pytest.mark.parametrize(
    ("length", "body", "seen", "unread"),
    [
        ("5", b"hello", b"hello", False),
        (None, b"hello", b"hello", False),
        (str(MEGABYTE + 1), b"x" * (MEGABYTE + 1), b"", True),
        (None, b"x" * (MEGABYTE + 2), b"", True),
        ("-1", b"hello", b"hello", False),
    ],
)
def test_a_request_is_whole_before_it_takes_a_place(
    length: str | None, body: bytes, seen: bytes, unread: bool
) -> None:
    came: list[tuple[bytes, bool, int]] = []

    def door(environ, start_response):  # type: ignore[no-untyped-def]
        came.append((environ["wsgi.input"].read(), sizes.UNREAD in environ, whole.places._value))
        return [b""]

    whole = serving.WholeRequests(door, at_once=2)
    environ = {"wsgi.input": Body(body), "CONTENT_TYPE": "text/plain"}
    environ |= {"HTTP_TRANSFER_ENCODING": "chunked"} if length is None else {"CONTENT_LENGTH": length}
    whole(environ, lambda *_: None)
    assert came == [(seen, unread, 1)]


@pytest.mark.django_db
def test_a_role_that_is_missing_is_a_page_and_a_problem(client: Client, cast, at) -> None:  # type: ignore[no-untyped-def]
    let_in(client, cast.stranger, at)
    page = client.get("/review", headers={"Accept-Language": "en"})
    assert (page.status_code, "Your role does not allow this." in page.content.decode()) == (403, True)
