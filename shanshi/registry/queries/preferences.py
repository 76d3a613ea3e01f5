"""How somebody wants pages and messages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from shanshi.registry import models


@dataclass(frozen=True, slots=True)
class PreferenceFacts:
    """What a person chose.

    theme     "light", "dark", or empty to follow the device
    language  a code of settings.LANGUAGES; empty: the language of the browser
    """

    theme: str = ""
    is_elder: bool = False
    language: str = ""


def preference_of(person_id: UUID) -> PreferenceFacts | None:
    """Return what a person chose, or None if nothing was ever chosen; one query."""
    holder = models.Person.objects.filter(pk=person_id).values("holder_id")
    row = models.Preference.objects.filter(holder_id__in=holder).first()
    return None if row is None else PreferenceFacts(row.theme, row.is_elder, row.language)


def languages(holder_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the language of each of these who chose one; one query."""
    rows = models.Preference.objects.filter(holder_id__in=holder_ids).exclude(language="")
    return dict(rows.values_list("holder_id", "language"))
