"""Lists by Excel at each place: the page, the template, sending a list to be looked at, taking one home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from shanshi.activities.access import PLAN_ACTIVITY
from shanshi.documents import reading
from shanshi.documents.workbooks import MEDIA_TYPE
from shanshi.foundation import clock, limits, uploads
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.foundation.uploads import Checked, FileKind, takes_files
from shanshi.imports import access, operations, queries, tasks
from shanshi.imports.access import FILL_ROSTER, NAMES_IN_LIST, REGISTER_PEOPLE, ListPlace
from shanshi.imports.rules import COLUMNS, MOST_ROWS, Line, ListKind
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.portal import access as portal_access
from shanshi.portal.forms.sheets import ListForm
from shanshi.portal.forms.staff import LookForm
from shanshi.portal.views import sheet_words as words
from shanshi.registry import operations as registry
from shanshi.registry import queries as people_queries
from shanshi.registry.access import KEEP_MEMBERS
from shanshi.rewards.access import KEEP_MERCHANTS

# Ten thousand rows of volunteers are half a megabyte; below what a whole request may be.
MOST_BYTES: Final = 4 * 1024 * 1024
LIST: Final = uploads.Taken(frozenset({FileKind.XLSX}), MOST_BYTES)
READ: Final = reading.Limits(
    rows=MOST_ROWS, columns=30, letters=2_000, unpacked_bytes=60 * 1024 * 1024, times=400
)


@asks(KEEP_MEMBERS, REGISTER_PEOPLE)
@require_GET
def people(request: Request, organization_id: UUID, people: str) -> HttpResponse:
    """Lists of an organization's members, and of the volunteers whom it registers."""
    return _page(request, access.people_list(request.actor, organization_id, people))


@asks(KEEP_MEMBERS, REGISTER_PEOPLE)
@require_GET
def people_template(request: Request, organization_id: UUID, people: str) -> HttpResponse:
    """A list of people to fill in."""
    return _template(access.people_list(request.actor, organization_id, people))


@asks(KEEP_MEMBERS, REGISTER_PEOPLE)
@takes_files(FileKind.XLSX, max_bytes=MOST_BYTES)
@require_POST
def people_send(request: Request, organization_id: UUID, people: str) -> HttpResponse:
    """Send a list of people to be looked at."""
    place = access.people_list(request.actor, organization_id, people)
    return _sent(request, place, lambda: uploads.checked(request.FILES.get("list"), LIST))


@asks(KEEP_MEMBERS, REGISTER_PEOPLE)
@require_GET
def people_export(request: Request, organization_id: UUID, people: str) -> HttpResponse:
    """The people of an organization, masked."""
    return _export(access.people_list(request.actor, organization_id, people))


@asks(NAMES_IN_LIST)
@require_POST
def people_names(request: Request, organization_id: UUID, people: str) -> HttpResponse:
    """The people of an organization by name: for a purpose, and the look is written down."""
    place = access.named_list(request.actor, organization_id, people)
    _ids, capacity = portal_access.people_to_look_at(
        request.actor, place.place, [], purpose=None, at=clock.now()
    )
    return _names(request, place, capacity)


@asks(PLAN_ACTIVITY)
@require_GET
def activities(request: Request, organization_id: UUID) -> HttpResponse:
    """Lists of the activities that an organization plans."""
    return _page(request, access.activity_list(request.actor, organization_id))


@asks(PLAN_ACTIVITY)
@require_GET
def activities_template(request: Request, organization_id: UUID) -> HttpResponse:
    """A list of activities to fill in."""
    return _template(access.activity_list(request.actor, organization_id))


@asks(PLAN_ACTIVITY)
@takes_files(FileKind.XLSX, max_bytes=MOST_BYTES)
@require_POST
def activities_send(request: Request, organization_id: UUID) -> HttpResponse:
    """Send a list of activities to be looked at."""
    place = access.activity_list(request.actor, organization_id)
    return _sent(request, place, lambda: uploads.checked(request.FILES.get("list"), LIST))


@asks(PLAN_ACTIVITY)
@require_GET
def activities_export(request: Request, organization_id: UUID) -> HttpResponse:
    """The activities of an organization."""
    return _export(access.activity_list(request.actor, organization_id))


@asks(FILL_ROSTER)
@require_GET
def roster(request: Request, shift_id: UUID) -> HttpResponse:
    """Lists of the people of a shift."""
    return _page(request, access.roster_list(request.actor, shift_id))


@asks(FILL_ROSTER)
@require_GET
def roster_template(request: Request, shift_id: UUID) -> HttpResponse:
    """A roster to fill in."""
    return _template(access.roster_list(request.actor, shift_id))


@asks(FILL_ROSTER)
@takes_files(FileKind.XLSX, max_bytes=MOST_BYTES)
@require_POST
def roster_send(request: Request, shift_id: UUID) -> HttpResponse:
    """Send a roster to be looked at."""
    place = access.roster_list(request.actor, shift_id)
    return _sent(request, place, lambda: uploads.checked(request.FILES.get("list"), LIST))


@asks(FILL_ROSTER)
@require_GET
def roster_export(request: Request, shift_id: UUID) -> HttpResponse:
    """The people of a shift, masked."""
    return _export(access.roster_list(request.actor, shift_id))


@asks(KEEP_MERCHANTS)
@require_GET
def street(request: Request, street_id: UUID, goods: str) -> HttpResponse:
    """Lists of a street's merchants, and of their offers."""
    return _page(request, access.street_list(request.actor, street_id, goods, on=city_day(clock.now())))


@asks(KEEP_MERCHANTS)
@require_GET
def street_template(request: Request, street_id: UUID, goods: str) -> HttpResponse:
    """A list of merchants or offers to fill in."""
    return _template(access.street_list(request.actor, street_id, goods, on=city_day(clock.now())))


@asks(KEEP_MERCHANTS)
@takes_files(FileKind.XLSX, max_bytes=MOST_BYTES)
@require_POST
def street_send(request: Request, street_id: UUID, goods: str) -> HttpResponse:
    """Send a list of merchants or offers to be looked at."""
    place = access.street_list(request.actor, street_id, goods, on=city_day(clock.now()))
    return _sent(request, place, lambda: uploads.checked(request.FILES.get("list"), LIST))


@asks(KEEP_MERCHANTS)
@require_GET
def street_export(request: Request, street_id: UUID, goods: str) -> HttpResponse:
    """The merchants or the offers of a street."""
    return _export(access.street_list(request.actor, street_id, goods, on=city_day(clock.now())))


def _page(
    request: Request, place: ListPlace, *, refused: DomainError | None = None, form: LookForm | None = None
) -> HttpResponse:
    said = refusal(refused) if refused is not None else None
    context: dict[str, Any] = {
        "place": place,
        "title": words.TITLES[place.kind],
        "what": words.WHAT[place.kind],
        "tabs": _tabs(request, place),
        "form": ListForm(),
        "columns": [
            (column.heading(words.language()), column.filled, column.says)
            for column in COLUMNS[place.kind]
            if not column.told
        ],
        "most": MOST_ROWS,
        "recent": queries.recent(place.place, place.kind, request.actor.known()),
        "refused": said,
        "template_url": words.address("template", place),
        "send_url": words.address("send", place),
        "export_url": words.address("export", place),
    }
    if place.kind in (ListKind.MEMBERS, ListKind.VOLUNTEERS) and NAMES_IN_LIST.by_role(
        request.actor, place.lineage
    ):
        context |= {"names_url": words.address("names", place), "look_form": form or LookForm()}
    status = said.status if said is not None else 422 if form is not None and form.errors else 200
    return render(request, "portal/sheets.html", context, status=status)


def _tabs(request: Request, place: ListPlace) -> list[dict[str, object]]:
    kinds: tuple[ListKind, ...] = (place.kind,)
    if place.place.startswith("organization:"):
        found = {*access.PEOPLE, ListKind.ACTIVITIES}
        kinds = tuple(kind for kind in ListKind if kind in found)
    elif place.place.startswith("street:"):
        kinds = access.GOODS
    allowed = [kind for kind in kinds if access.may(request.actor, kind, place.lineage)]
    return [
        {
            "url": words.address("", ListPlace(kind, place.place, place.name, place.lineage)),
            "label": words.TITLES[kind],
            "current": kind is place.kind,
        }
        for kind in allowed
    ]


def _template(place: ListPlace) -> HttpResponse:
    return _file(words.template_file(place.kind), f"{place.kind}-template.xlsx")


def _export(place: ListPlace) -> HttpResponse:
    rows = queries.rows(place.kind, place.id, words.language())
    return _file(words.list_file(place.kind, rows), f"{place.kind}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    head = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=head)


@sensitive_variables("lines")
def _sent(request: Request, place: ListPlace, checked: Callable[[], Checked]) -> HttpResponse:
    try:
        limits.spend("lists_per_person", str(request.actor.known()), at=clock.real_now())
        lines = _lines(checked().content, place.kind)
        found = operations.send(
            place.kind, place.place, lines, by=request.actor, at=clock.now(), real_at=clock.real_now()
        )
    except DomainError as error:
        return _page(request, place, refused=error)
    tasks.begin(found)
    return redirect("portal:sent-list", found.id)


def _lines(content: bytes, kind: ListKind) -> list[Line]:
    columns = [column for column in COLUMNS[kind] if not column.told]
    wanted = [
        reading.Column((column.en, column.zh, *column.also), needed=column.filled) for column in columns
    ]
    found = reading.table(content, wanted, limits=READ)
    if not found:
        return []
    letters = {
        column.key: cell.address.rstrip("0123456789")
        for column, cell in zip(columns, found[0].cells, strict=True)
        if cell.address
    }
    keys = [column.key for column in columns]
    return [
        Line(row.number, dict(zip(keys, (cell.text for cell in row.cells), strict=True)), letters)
        for row in found
    ]


@sensitive_variables("shown", "rows")
def _names(request: Request, place: ListPlace, capacity: str) -> HttpResponse:
    form = LookForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form=form)
    ours = set(people_queries.members(place.id))
    wanted = [one for one in queries.people_of(place.kind, place.id) if one in ours]
    typed = form.cleaned_data
    try:
        found = registry.look(
            wanted,
            typed["fields_wanted"],
            purpose=typed["purpose"],
            note=typed["note"],
            by=request.actor,
            capacity=capacity,
            at=clock.now(),
        )
    except DomainError as error:
        return _page(request, place, refused=error, form=form)
    shown = {one: {field.value: text for field, text in fields.items()} for one, fields in found.items()}
    rows = queries.rows(place.kind, place.id, words.language(), shown)
    return _file(words.list_file(place.kind, rows), f"{place.kind}.xlsx")
