"""The cast lives through the whole story; then everything that it left behind is searched for the cast.

Who looks for nothing finds nothing: another test puts a name where none belongs, and sees that the search
finds it.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from shanshi.cli.running.address import Address
from shanshi.cli.serve import web
from shanshi.foundation import audit, clock, logs
from shanshi.keeping import operations as keeping
from shanshi.portal import operations as portal
from shanshi.registry import queries
from tests.cast import CASHIER, LIN, MEI, MRS_ZHAO, OLD_GAO, STRANGER, WU, XU, Cast, Person
from tests.portal.world import World, let_in
from tests.registry.browsers import sign_in
from tests.stories.test_scan_to_coffee import Phone
from tests.stories.test_scan_to_coffee import test_one_hour_of_service_from_scan_to_coffee as scan_to_coffee

pytestmark = pytest.mark.django_db

PEOPLE = (LIN, MEI, MRS_ZHAO, WU, XU, CASHIER, STRANGER, OLD_GAO)
# What may hold a name or a phone, and why; nothing else may.
MAY_HOLD = {
    # The fake gateway's messages go to invented phones only, and no real message is ever kept.
    ("foundation_outboxmessage", "phone"),
    ("foundation_outboxmessage", "text"),
    # Who answers for an activity is announced with it; emptied three years after its end.
    ("activities_activity", "person_in_charge"),
}


def spellings(person: Person) -> set[str]:
    """How somebody's data could be written: plain, as bytes, escaped, in base64, in an address."""
    born = person.birth_on
    plain = {
        person.name, person.phone, person.id_number, person.id_number.lower(),
        f"{born:%Y-%m-%d}", f"{born:%Y%m%d}", f"{born:%Y/%m/%d}", f"{born.year}年{born.month}月{born.day}日",
        f"{person.phone[:3]} {person.phone[3:7]} {person.phone[7:]}", f"+86{person.phone}",
    }  # fmt: skip
    found = set(plain)
    for text in plain:
        raw = text.encode()
        found |= {raw.hex(), json.dumps(text)[1:-1], quote(text), ascii(text)[1:-1]}
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
            inner = whole[(shift * 8 + 5) // 6 : len(whole) - 1]
            if len(inner) >= 8:
                found |= {inner, inner.replace("+", "-").replace("/", "_")}
    return found


NEEDLES = {spelling: person.phone for person in PEOPLE for spelling in spellings(person)}


def found_in(text: str) -> set[str]:
    low = text.lower()
    return {needle for needle in NEEDLES if needle in text or needle.lower() in low}


def leaks_in_the_database() -> dict[tuple[str, str], set[str]]:
    """Every value of every column of every table as text; bytes as hexadecimal, to be searched as such."""
    leaks = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        for table, column in cursor.fetchall():
            if (table, column) in MAY_HOLD:
                continue
            cursor.execute(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
            if found := found_in("\n".join(row[0] for row in cursor.fetchall())):
                leaks[table, column] = found
    return leaks


class Watched:
    """What leaves a trace of a request: its address, where it leads, and the log."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.lines: list[str] = []

    def leaks(self) -> dict[str, set[str]]:
        said = {"addresses": "\n".join(self.addresses), "log": "\n".join(self.lines)}
        return {where: found for where, text in said.items() if (found := found_in(text))}


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    watch = Watched()
    request = Client.request

    def watching(self: Client, **environ: Any) -> Any:
        asked = f"{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}"
        answer = request(self, **environ)
        watch.addresses += [asked, unquote(asked), unquote(answer.get("Location", ""))]
        watch.addresses += [unquote(answer.get(name, "")) for name in ("HX-Redirect", "HX-Push-Url", "Link")]
        return answer

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            watch.lines.append(PLAIN.format(record))

    monkeypatch.setattr(Client, "request", watching)
    handler, root = Keeps(), logging.getLogger()
    pinned = set(settings.LOGGING["loggers"])  # never finer in any installation
    names = [name for name in list(logging.root.manager.loggerDict) if name not in pinned]
    loggers = [root, *map(logging.getLogger, names)]
    before = [(one, one.level) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
    root.addHandler(handler)
    connection.force_debug_cursor = False  # as in production: statements are not logged
    yield watch
    root.removeHandler(handler)
    for one, level in before:
        one.setLevel(level)


# Without the mask: the log itself must be clean, the mask is only the second line of defence.
PLAIN = logging.Formatter("%(levelname)s %(name)s %(message)s")


@pytest.fixture
def lived(
    cast: Cast, at: datetime, the_clock: Callable[[datetime], None], watched: Watched,
    monkeypatch: pytest.MonkeyPatch,
) -> Watched:  # fmt: skip
    """The story from scan to coffee by the API, then pages, looks, refusals, a defect, and an erasure."""
    world = World(cast, at)
    scan_to_coffee(world, cast, the_clock)
    browse(cast, at)
    refuse()
    mei = cast.mei
    gao = Client()
    sign_in(gao, OLD_GAO)
    with monkeypatch.context() as broken:
        broken.setattr("shanshi.registry.operations.register", fail)
        gao.raise_request_exception = False
        who = {
            "real_name": OLD_GAO.name,
            "id_number": OLD_GAO.id_number,
            "consents": ["terms"],
            "agree": "on",
        }
        statuses = {gao.post("/register", who).status_code}
        statuses.add(Phone(OLD_GAO).sign_in().client.get("/nowhere").status_code)
        assert statuses <= {200, 404, 422, 500}
    portal.erase(cast.stranger.known(), by=cast.stranger, at=at)
    keeping.expire(at=at, real_at=clock.real_now())
    assert mei.person_id
    return watched


def browse(cast: Cast, at: datetime) -> None:
    """Lin, Wu, Mrs Zhao and the auditor walk through the pages that tell of people."""
    lin, wu, chen = (let_in(Client(), who, at) for who in (cast.lin_again, cast.wu, cast.chen))  # type: ignore[attr-defined]
    for page in ("/me", "/me/privacy", "/me/privacy/data", "/me/privacy/data.json", "/me/privacy/data.xlsx",
                 "/me/privacy/looks", "/me/privacy/correct", "/me/code", "/me/visits"):  # fmt: skip
        assert lin.get(page).status_code == 200, page
    number = queries.volunteer(cast.lin_again.volunteer()).number  # type: ignore[attr-defined]
    wu.get(f"/people/{number}/look")
    wu.post(f"/people/{number}/look", {"fields": ["real_name", "phone"], "purpose": "roster", "note": "门口"})
    assert wu.get("/lead").status_code == 200
    for page in ("/audit", "/audit/looks", "/privacy/retention"):
        assert chen.get(page).status_code == 200, page
    zhao = Client()
    sign_in(zhao, MRS_ZHAO, "/me/wards")
    zhao.get("/me/wards")


def refuse() -> None:
    """Wrong codes, wrong numbers, a phone that signs nobody in, a page without a sign-in."""
    stranger = Client()
    for form in ({"phone": LIN.phone, "code": "000000"}, {"phone": LIN.phone, "code": "x"}):
        stranger.post("/sign-in/code", form)
    stranger.post("/sign-in", {"phone": LIN.id_number})
    stranger.get("/me")
    api = Phone(STRANGER)
    api.client.post(
        "/api/v1/auth/tokens", json.dumps({"phone": LIN.phone, "code": "1"}), content_type="application/json"
    )
    for body in ({"phone": LIN.phone}, {"real_name": LIN.name, "id_number": LIN.id_number}, [LIN.name]):
        api.client.post("/api/v1/volunteers", json.dumps(body), content_type="application/json")


def fail(*_: Any, **__: Any) -> None:
    raise RuntimeError("a defect on purpose")


@pytest.fixture(autouse=True)
def _lin_after_registering(monkeypatch: pytest.MonkeyPatch) -> None:
    # In the story Lin registers herself, so the cast must not register her again.
    def lin_again(self: Cast) -> Any:
        person = queries.person_with_phone(LIN.phone)
        assert person is not None
        return queries.actor_of(person, self.at)

    monkeypatch.setattr(Cast, "lin_again", property(lin_again), raising=False)


def test_the_story_leaves_nobodys_data_anywhere(lived: Watched) -> None:
    assert len(lived.addresses) > 100
    assert any("defect on purpose" in line for line in lived.lines)
    assert lived.leaks() == {}
    assert leaks_in_the_database() == {}


def test_the_search_finds_a_name_in_every_disguise(cast: Cast, at: datetime, watched: Watched) -> None:
    assert leaks_in_the_database() == {}
    disguises = [
        LIN.name, LIN.id_number, LIN.name.encode().hex(), json.dumps(LIN.name), quote(LIN.name),
        base64.b64encode(f"xy{LIN.name}:{LIN.phone}".encode()).decode(),
    ]  # fmt: skip
    for disguise in disguises:
        assert found_in(f"... {disguise} ..."), disguise
    audit.record("x.leak", "person:x", by=cast.loader, at=at, after={"name": LIN.name})
    assert leaks_in_the_database() == {("foundation_auditentry", "after"): {LIN.name}}
    logging.getLogger("some.library").debug("value %r refused", {"phone": MEI.phone})
    Client().get(f"/find?q={quote(WU.name)}")
    assert set(watched.leaks()) == {"addresses", "log"}


def test_what_a_library_blurts_out_is_masked_in_the_log() -> None:
    line = logging.LogRecord("x", 40, "x", 1, "no %s, %s", (LIN.phone, LIN.id_number), None)
    shown = logs.MaskingFormatter("%(message)s").format(line)
    assert shown == f"no 154****0001, {LIN.id_number[:6]}***********{LIN.id_number[-1]}"
    try:
        raise ValueError(f"Key (phone)=({MEI.phone}) exists")
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    line = logging.LogRecord("x", 40, "x", 1, "failed", (), caught)
    assert MEI.phone not in logs.MaskingFormatter("%(message)s").format(line)
    innocent = "0169a1c2-7d1e-7c3a-9f40-5b1f0a4e2d11 1553043600000 13 1540000 hz15400000001x"
    assert logs.masked(innocent) == innocent


def test_every_handler_of_the_log_masks() -> None:
    handlers = settings.LOGGING["handlers"].values()
    formatters = settings.LOGGING["formatters"]
    assert {formatters[one["formatter"]]["()"] for one in handlers} == {
        "shanshi.foundation.logs.MaskingFormatter"
    }


def test_the_web_server_keeps_no_log_of_addresses() -> None:
    words = web(Address("127.0.0.1", 8000), 2)
    assert [word for word in words if "access-log" in word] == []
