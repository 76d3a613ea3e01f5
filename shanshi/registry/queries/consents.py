"""What people agree to, and who agrees to what. The texts are files; they are read once and checked then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import yaml
from django.conf import settings

from shanshi.kernel.quantities import city_day
from shanshi.registry import models, rules
from shanshi.registry.queries import people
from shanshi.registry.rules import ConsentText, Purpose


@dataclass(frozen=True, slots=True)
class Given:
    """One time that somebody agreed.

    is_replaced  whether it ended because a newer text was agreed to in its place
    """

    version: str
    given_at: datetime
    withdrawn_at: datetime | None
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to one purpose.

    text      the version that is shown now
    given_at  since when the consent stands; None without one
    version   the version that stands agreed to; empty without one
    history   every time, the latest first
    """

    text: ConsentText
    given_at: datetime | None
    version: str
    history: tuple[Given, ...]

    @property
    def is_given(self) -> bool:
        """Whether the consent stands, to whatever version."""
        return self.given_at is not None

    @property
    def is_old(self) -> bool:
        """Whether it stands to a version that is shown no longer: the person is asked again."""
        return self.is_given and self.version != self.text.version


def consent_text(purpose: Purpose, on: date) -> ConsentText:
    """Return the version of a text that is shown on a day.

    on  in the city
    """
    return rules.text_on(_texts()[purpose], on)


def consent_texts(on: date) -> tuple[ConsentText, ...]:
    """Return the text of every purpose that is shown on a day, in the order of `Purpose`.

    on  in the city
    """
    return tuple(consent_text(purpose, on) for purpose in Purpose)


def standings(holder_id: UUID, *, at: datetime) -> dict[Purpose, Standing]:
    """Return how a volunteer stands to every purpose, with the history; one query.

    at  with a time zone
    """
    rows: dict[str, list[models.Consent]] = {}
    for row in models.Consent.objects.filter(holder_id=holder_id).order_by("-given_at", "-pk"):
        rows.setdefault(row.purpose, []).append(row)
    return {text.purpose: _standing(text, rows.get(text.purpose, [])) for text in consent_texts(city_day(at))}


def check_terms(holder_id: UUID, *, at: datetime) -> None:
    """Return nothing: the volunteer agrees to the terms in force, so that something new may begin.

    at  with a time zone

    Raises rules.TermsWithdrawn, rules.TermsChanged.
    """
    agreed = models.Consent.objects.filter(holder_id=holder_id, purpose=Purpose.TERMS, withdrawn_at=None)
    version = agreed.values_list("text_version", flat=True).first()
    rules.check_terms(version, consent_text(Purpose.TERMS, city_day(at)).version)


def names_on_boards(holder_ids: Iterable[UUID], *, on: date) -> dict[UUID, str]:
    """Return the names that a public board may show: masked, of those alone who agreed to that.

    Whoever is missing is counted without a name: who did not agree, who has withdrawn, and every child.

    on  the day in the city, on which the board is drawn

    Source: PIPL art. 25 and 31.
    """
    agreed = people.consented(holder_ids, Purpose.NAME_ON_BOARDS)
    return {
        one.holder_id: one.masked_name
        for one in people.volunteers(agreed).values()
        if not rules.is_child(one.birth_on, on)
    }


def _standing(text: ConsentText, rows: list[models.Consent]) -> Standing:
    begun = {row.given_at for row in rows}
    history = tuple(
        Given(row.text_version, row.given_at, row.withdrawn_at, row.withdrawn_at in begun) for row in rows
    )
    now = next((row for row in rows if row.withdrawn_at is None), None)
    return Standing(text, now.given_at if now else None, now.text_version if now else "", history)


def _texts() -> Mapping[Purpose, tuple[ConsentText, ...]]:
    return _read(str(settings.CONSENT_FILES))


@lru_cache(maxsize=4)
def _read(folder: str) -> Mapping[Purpose, tuple[ConsentText, ...]]:
    found = {}
    for purpose in Purpose:
        path = Path(folder) / f"{purpose}.yaml"
        try:
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise rules.ConsentFileInvalid(
                file=path.name, where="its beginning", expected="a file of YAML"
            ) from error
        found[purpose] = rules.consent_texts(path.name, raw)
    return MappingProxyType(found)
