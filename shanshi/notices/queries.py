"""Questions about notices: one's own list, what became of messages, totals without names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import translation
from django.utils.translation import gettext

from shanshi.design import rules as design
from shanshi.foundation import paging
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.notices import models, rules
from shanshi.notices.rules import Fact

ORDER: Final = ("-made_at", "-id")
MANY: Final = 99


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of one message that leaves the platform. `ended_at` is None while it is under way."""

    channel: str
    state: str
    due_at: datetime
    ended_at: datetime | None
    to_guardian: bool


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One notice in the words of its reader.

    about_holder_id  the minor whom a guardian's copy is about
    sendings         what became of it beside the list
    """

    id: UUID
    template: str
    title: str
    text: str
    url: str
    is_urgent: bool
    made_at: datetime
    read_at: datetime | None
    about_holder_id: UUID | None
    sendings: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """How many messages of one day took one way and came to one state."""

    on: date
    channel: str
    state: str
    count: int


def unread(holder_id: UUID) -> int:
    """Return how many notices somebody has not read: at most MANY + 1, which means more than MANY."""
    rows = models.Notice.objects.filter(holder_id=holder_id, read_at=None).order_by()
    return rows[: MANY + 1].count()


def listed(
    holder_id: UUID, *, language: str, cursor: str | None = None, limit: int = 20
) -> tuple[list[NoticeFacts], str | None]:
    """Return somebody's notices, the newest first, and the cursor of the next page or None; two queries.

    language  of the reader, a code of the settings
    limit     1 to 200

    Raises paging.CursorUnreadable.
    """
    rows, following = paging.page(
        models.Notice.objects.filter(holder_id=holder_id), order=ORDER, cursor=cursor, limit=limit
    )
    sendings: dict[UUID, list[Sending]] = {}
    found = models.Delivery.objects.filter(holder_id=holder_id, notice_id__in=[row.pk for row in rows])
    for one in found.order_by("channel", "to_guardian"):
        way = Sending(one.channel, one.state, one.due_at, one.ended_at, one.to_guardian)
        sendings.setdefault(one.notice_id, []).append(way)
    return [_facts(row, language, sendings.get(row.pk, ())) for row in rows], following


def notice(holder_id: UUID, notice_id: UUID, *, language: str) -> NoticeFacts:
    """Return one of somebody's own notices.

    language  as in `listed`

    Raises Missing: there is none of theirs.
    """
    row = models.Notice.objects.filter(holder_id=holder_id, pk=notice_id).first()
    if row is None:
        raise Missing
    return _facts(row, language, ())


def totals(from_on: date, until_on: date) -> list[Total]:
    """Return how many messages left the platform, by day, way and state; no names, no addresses.

    from_on, until_on  days in the city on which the messages were made, both included
    """
    since = datetime.combine(from_on, time(), CITY_ZONE)
    until = datetime.combine(until_on + timedelta(days=1), time(), CITY_ZONE)
    rows = (
        models.Delivery.objects.filter(made_at__gte=since, made_at__lt=until)
        .annotate(on=TruncDate("made_at", tzinfo=CITY_ZONE))
        .values("on", "channel", "state")
        .annotate(count=Count("id"))
        .order_by("-on", "channel", "state")
    )
    return [Total(row["on"], row["channel"], row["state"], row["count"]) for row in rows]


def told(from_on: date, until_on: date) -> dict[date, int]:
    """Return how many notices were put on lists, by day.

    from_on, until_on  as in `totals`
    """
    since = datetime.combine(from_on, time(), CITY_ZONE)
    until = datetime.combine(until_on + timedelta(days=1), time(), CITY_ZONE)
    rows = (
        models.Notice.objects.filter(made_at__gte=since, made_at__lt=until)
        .annotate(on=TruncDate("made_at", tzinfo=CITY_ZONE))
        .values("on")
        .annotate(count=Count("id"))
        .order_by("on")
    )
    return {row["on"]: row["count"] for row in rows}


def waiting() -> int:
    """Return how many messages wait for their time or for another try."""
    return models.Delivery.objects.filter(state=rules.State.WAITING).count()


def held_about(holder_id: UUID) -> dict[str, Any]:
    """Return everything this room holds about a person, for a copy of their data; two queries."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    rows = models.Notice.objects.filter(holder_id=holder_id).order_by("made_at", "pk")
    ways = models.Delivery.objects.filter(holder_id=holder_id).order_by("made_at", "pk")
    return {
        "notices": [
            {
                "text": worded(row.text, row.facts, language),
                "made_at": row.made_at,
                "read_at": row.read_at,
            }
            for row in rows
        ],
        "messages": list(
            ways.values("channel", "to_guardian", "state", "made_at", "due_at", "ended_at", "tries")
        ),
    }


def worded(text: str, facts: Mapping[str, Any], language: str) -> str:
    """Return an English sentence of a message in a language, with its facts as people say them.

    facts     as rules.packed writes them
    language  a code of the settings
    """
    with translation.override(language):
        sentence = gettext(text) if text else ""
        return sentence.format_map(_Said(rules.unpacked(facts), language))


class _Said(dict[str, str]):
    """Facts as people say them; a sentence that asks for more than it was given still shows."""

    def __init__(self, facts: Mapping[str, Fact], language: str) -> None:
        super().__init__({name: _said(name, value, language) for name, value in facts.items()})

    def __missing__(self, name: str) -> str:
        return "…"


def _said(name: str, value: Fact, language: str) -> str:
    if isinstance(value, datetime):
        return design.day_and_time_text(value.astimezone(CITY_ZONE), None, language, year=False)
    if isinstance(value, date):
        return design.day_text(value, language)
    if isinstance(value, int):
        return _ENDINGS.get(name.rpartition("_")[2], _number)(value, language)
    return gettext(value) if value and name.endswith("_word") else value


def _number(value: int, language: str) -> str:
    return design.number_text(value)


_ENDINGS: Final[Mapping[str, Callable[[int, str], str]]] = {
    "coins": design.coins_text,
    "minutes": design.hours_text,
}


def _facts(row: models.Notice, language: str, sendings: Iterable[Sending]) -> NoticeFacts:
    return NoticeFacts(
        id=row.pk,
        template=row.template,
        title=worded(row.title, row.facts, language),
        text=worded(row.text, row.facts, language),
        url=row.url,
        is_urgent=row.is_urgent,
        made_at=row.made_at,
        read_at=row.read_at,
        about_holder_id=row.about_holder_id,
        sendings=tuple(sendings),
    )
