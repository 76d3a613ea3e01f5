"""How somebody wants pages and messages, remembered wherever they sign in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shanshi.foundation.actor import Actor
from shanshi.registry import models, queries


@transaction.atomic
def remember(
    *,
    theme: str | None = None,
    is_elder: bool | None = None,
    language: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what a person chose; what is None stays as it was.

    theme     "light", "dark", or empty to follow the device
    language  a code of settings.LANGUAGES, or empty to follow the browser
    at        with a time zone

    Raises SignInNeeded; rules.PersonUnknown: erased.
    Locks the person's preference.
    """
    chosen = {"theme": theme, "is_elder": is_elder, "language": language}
    said = {name: value for name, value in chosen.items() if value is not None}
    holder_id = queries.holder_of(by.known())
    if not said:
        return
    # Two pages of one person may choose at the same moment: whoever comes first makes the row.
    models.Preference.objects.bulk_create(
        [models.Preference(holder_id=holder_id, changed_at=at)], ignore_conflicts=True
    )
    models.Preference.objects.filter(holder_id=holder_id).update(**said, changed_at=at)
