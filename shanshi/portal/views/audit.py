"""The auditor's pages: the trail of staff, who looked at identities, and the books. No identities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shanshi.documents.workbooks import MEDIA_TYPE, Cell, Sheet, workbook
from shanshi.foundation import clock, paging
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import Missing
from shanshi.ledger import queries as ledger
from shanshi.portal import access
from shanshi.portal.forms.staff import BooksForm, LooksForm, TrailForm
from shanshi.portal.queries.trail import TrailFilter, TrailLine, looked_page, trail_page
from shanshi.portal.templatetags.staff_words import fact, fact_word, person_word, thing_word, verb_word
from shanshi.registry import queries as registry

EXPORTED = 200
MOST_EXPORTED = 10_000


@asks(access.READ_TRAIL)
@require_GET
def trail(request: Request) -> HttpResponse:
    """Who changed what, from what, to what, and why; the newest first."""
    access.may_read_trail(request.actor)
    return _listed(request, "portal/audit.html", TrailForm(request.GET or None), trail_page, "trail")


@asks(access.READ_TRAIL)
@require_GET
def trail_file(request: Request) -> HttpResponse:
    """The same as a workbook; at most ten thousand entries, so narrow the days for more."""
    access.may_read_trail(request.actor)
    wanted = TrailForm(request.GET).wanted()
    lines: list[TrailLine] = []
    cursor: str | None = None
    while len(lines) < MOST_EXPORTED:
        found, cursor = trail_page(wanted, cursor=cursor, limit=EXPORTED)
        lines += found
        if cursor is None:
            break
    sheet = Sheet(_("Trail of staff"), _columns(), tuple(_row(line) for line in lines))
    answer = HttpResponse(workbook([sheet]), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="trail-{clock.now():%Y%m%d}.xlsx"'
    return answer


@asks(access.READ_LOOKS)
@require_GET
def looks(request: Request) -> HttpResponse:
    """Who looked at whose identity, as what and why; never what was seen."""
    access.may_read_looks(request.actor)
    return _listed(request, "portal/audit_looks.html", LooksForm(request.GET or None), looked_page, "looks")


@asks(access.READ_BOOKS)
@require_GET
def books(request: Request) -> HttpResponse:
    """What all accounts hold, whether the books are right, and one holder's book."""
    access.all_books(request.actor)
    form = BooksForm(request.GET or None)
    typed = form.cleaned_data["holder"] if form.is_valid() else ""
    after = request.GET.get("after")
    context: dict[str, Any] = {"form": form, "after": after, "kept": _kept(request), "tab": "books"}
    context["totals"] = ledger.totals()
    if request.GET.get("verify") == "1":
        context["report"] = ledger.verify()
    if typed:
        try:
            context["holder_id"] = holder_id = _holder(typed)
            rows, following = paging.page(
                ledger.transfers(holder_id), order=ledger.ORDER, cursor=after, limit=50
            )
            context["found"] = [ledger.transfer_facts(row) for row in rows]
            context["following"] = following
        except Missing as error:
            context["refused"] = refusal(error)
    return render(request, "portal/audit_books.html", context)


def _listed(
    request: Request, page: str, form: TrailForm | LooksForm, lines: Callable[..., Any], tab: str
) -> HttpResponse:
    after = request.GET.get("after")
    wanted = form.wanted() if form.is_bound else TrailFilter()
    context: dict[str, Any] = {"form": form, "after": after, "kept": _kept(request), "tab": tab}
    try:
        context["lines"], context["following"] = lines(wanted, cursor=after)
    except Missing:
        context["nobody"] = True
    return render(request, page, context)


def _holder(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        found = registry.by_number(typed)
    if found is None:
        raise Missing
    return found


def _kept(request: Request) -> str:
    kept = {name: str(value) for name, value in request.GET.items() if value}
    return urlencode({name: value for name, value in kept.items() if name not in {"after", "verify"}})


def _columns() -> tuple[str, ...]:
    return (
        _("When"), _("Who"), _("What was done"), _("Step"), _("Thing"), _("Before"), _("After"), _("Why")
    )  # fmt: skip


def _row(line: TrailLine) -> tuple[Cell, ...]:
    entry = line.entry
    before = "; ".join(
        f"{fact_word(name)}: {fact(was, name)}" for name, was, _is in entry.changes if was is not None
    )
    after = "; ".join(
        f"{fact_word(name)}: {fact(now, name)}" for name, _was, now in entry.changes if now is not None
    )
    thing = line.subject.number if line.subject and line.subject.number else thing_word(entry.thing)
    return (
        entry.happened_at,
        person_word(line.by),
        verb_word(entry.verb),
        entry.verb,
        thing,
        before,
        after,
        entry.reason,
    )
