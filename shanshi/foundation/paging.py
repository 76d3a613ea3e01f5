"""Cursor paging: a page starts after the last row of the page before, so that new rows never shift it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from shanshi.foundation.moments import in_utc
from shanshi.kernel.errors import N_, Invalid

Row = TypeVar("Row", bound=Model)
LARGEST = 200
_LONGEST = 400


class CursorUnreadable(Invalid):
    """The cursor was not made by this list."""

    code = "foundation.cursor_unreadable"
    says = N_("The cursor is not one that this list gave.")
    way = N_("Start without a cursor, and pass `next` on as it is.")


def page(
    rows: QuerySet[Row], *, order: Sequence[str], cursor: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """Return up to `limit` rows after the cursor, and the cursor of the next page or None.

    order  field names, "-" before a falling one; the last must be unique, none may be null
    limit  1 to 200

    Raises CursorUnreadable.
    """
    limit = max(1, min(limit, LARGEST))
    try:
        if cursor:
            rows = rows.filter(_after(order, _decode(cursor, len(order))))
        found = list(rows.order_by(*order)[: limit + 1])
    except (ValueError, TypeError, ValidationError) as error:
        raise CursorUnreadable from error
    more = len(found) > limit
    found = found[:limit]
    return found, (_encode(found[-1], order) if more else None)


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    wanted = Q()
    for position, field in enumerate(order):
        name, beyond = field.lstrip("-"), "lt" if field.startswith("-") else "gt"
        same = {order[i].lstrip("-"): values[i] for i in range(position)}
        try:
            wanted |= Q(**same, **{f"{name}__{beyond}": values[position]})
        except (ValueError, TypeError) as error:
            raise CursorUnreadable from error
    return wanted


def _encode(row: Model, order: Sequence[str]) -> str:
    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return {"t": value.isoformat()}
        return {"u": str(value)} if isinstance(value, UUID) else value

    values = [plain(getattr(row, field.lstrip("-"))) for field in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[Any]:
    def value(raw: Any) -> Any:
        if isinstance(raw, dict):
            return in_utc(datetime.fromisoformat(raw["t"])) if "t" in raw else UUID(raw["u"])
        if isinstance(raw, str | int):
            return raw
        raise ValueError

    if len(cursor) > _LONGEST:
        raise CursorUnreadable
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        decoded = [value(raw) for raw in values]
    except (ValueError, KeyError, TypeError, UnicodeError) as error:
        raise CursorUnreadable from error
    if len(decoded) != length:
        raise CursorUnreadable
    return decoded
