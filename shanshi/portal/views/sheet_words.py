"""What lists are called on pages and in files, and how their rows are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shanshi.documents.blanks import BlankColumn, blank
from shanshi.documents.workbooks import Sheet, workbook
from shanshi.imports.access import ListPlace
from shanshi.imports.queries.exports import Cell
from shanshi.imports.rules import COLUMNS, MOST_ROWS, Column, Line, ListKind
from shanshi.registry.rules import masked_name, masked_phone

TITLES: Final = {
    ListKind.MEMBERS: _("Members"),
    ListKind.VOLUNTEERS: _("Volunteers"),
    ListKind.ACTIVITIES: _("Activities"),
    ListKind.ROSTER: _("Roster"),
    ListKind.MERCHANTS: _("Merchants"),
    ListKind.OFFERS: _("Offers"),
}
WHAT: Final = {
    ListKind.MEMBERS: _("People with a volunteer number are invited; each is a member by accepting."),
    ListKind.VOLUNTEERS: _(
        "New people are registered and invited. Nothing begins in their name before they sign in with their "
        "phone and agree to the terms themselves."
    ),
    ListKind.ACTIVITIES: _("Each title becomes a draft with its shifts; you submit the drafts afterwards."),
    ListKind.ROSTER: _("Members of the organizer get a place on this shift, as far as places are left."),
    ListKind.MERCHANTS: _("The shops of this street."),
    ListKind.OFFERS: _("What the merchants of this street give for coins."),
}
_SHOWN: Final[Mapping[ListKind, tuple[str, ...]]] = {
    ListKind.MEMBERS: ("number", "team"),
    ListKind.VOLUNTEERS: ("name", "phone", "residence", "team"),
    ListKind.ACTIVITIES: ("title", "day", "starts", "ends", "capacity"),
    ListKind.ROSTER: ("number",),
    ListKind.MERCHANTS: ("name", "trade", "address", "joined_on"),
    ListKind.OFFERS: ("merchant", "title", "price", "stock", "from_on", "to_on"),
}


def language() -> str:
    """Return the language of the request."""
    return get_language() or "zh-hans"


def address(name: str, place: ListPlace) -> str:
    """Return the address of a door of a place's lists.

    name  "", "template", "send", "export", "names"
    """
    end = f"-{name}" if name else ""
    if place.kind is ListKind.ROSTER:
        return reverse(f"portal:roster-list{end}", args=[place.id])
    if place.kind is ListKind.ACTIVITIES:
        return reverse(f"portal:activity-list{end}", args=[place.id])
    sort = "people" if place.place.startswith("organization:") else "street"
    return reverse(f"portal:{sort}-list{end}", args=[place.id, place.kind.value])


def template_file(kind: ListKind) -> bytes:
    """Return the workbook to fill in, in the language of the request."""
    place = 1 if language().startswith("zh") else 0
    columns = [column for column in COLUMNS[kind] if not column.told]
    blanks = [
        BlankColumn(
            column.heading(language()),
            column.sample[place],
            tuple(one.word(language()) for one in column.choices),
            column.several,
        )
        for column in columns
    ]
    explained = Sheet(
        gettext("How to fill it in"),
        (gettext("Column"), gettext("Needed"), gettext("What belongs there")),
        tuple((column.heading(language()), _needed(column), gettext(column.says)) for column in columns),
    )
    return blank(
        str(TITLES[kind]), blanks, rows=MOST_ROWS, explained=explained, lists=gettext("Fixed values")
    )


def list_file(kind: ListKind, rows: Sequence[tuple[Cell, ...]]) -> bytes:
    """Return a list on its way out, in the language of the request."""
    heads = tuple(column.heading(language()) for column in COLUMNS[kind])
    return workbook([Sheet(str(TITLES[kind]), heads, tuple(rows))])


def shown_rows(
    kind: ListKind, lines: Sequence[Line]
) -> tuple[list[str], list[tuple[int, list[tuple[str, str]]]]]:
    """Return headings and rows of what would be taken, each cell with its heading; who it is stays masked."""
    columns = [column for column in COLUMNS[kind] if column.key in _SHOWN[kind]]
    heads = [column.heading(language()) for column in columns]
    rows = [(line.number, [_shown(column, line.text(column.key)) for column in columns]) for line in lines]
    return heads, [(number, list(zip(heads, cells, strict=True))) for number, cells in rows]


def _shown(column: Column, text: str) -> str:
    if not column.secret:
        return text
    return masked_phone(text) if column.key == "phone" else masked_name(text)


def _needed(column: Column) -> str:
    return gettext("yes") if column.filled else ""
