"""Programs and their projects: what they are, and how staff keep them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.activities import access, operations, queries
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.portal.forms.programs import FigureForm, ProgramForm, ProjectForm
from shanshi.portal.queries.programs import FigureLine, program_lines, program_page
from shanshi.portal.views.answers import changed, refused
from shanshi.portal.views.cards import cards
from shanshi.portal.views.figures import name_of, shown, value_of


@public
@require_GET
def listed(request: Request) -> HttpResponse:
    """All programs, with who gives them."""
    context = {"programs": program_lines(), "makes": access.keeps_programs(request.actor)}
    return render(request, "portal/programs.html", context)


@public
@require_GET
def program(request: Request, program_id: UUID) -> HttpResponse:
    """One program: who gives it and takes part, its figures with their causes, what can be done in it now."""
    page = program_page(program_id, at=clock.now())
    return render(
        request,
        "portal/program.html",
        {
            "page": page,
            "program": page.program,
            "figures": shown(page),
            "coming": cards(page.coming),
            "keeps": access.keeps_program(request.actor, page.program),
        },
    )


@asks(access.KEEP_PROGRAM)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Make a program whose first organizer the reader runs."""
    access.KEEP_PROGRAM.somewhere(request.actor)
    form = ProgramForm(request.POST or None, divisions=_divisions(), found=None, on=city_day(clock.now()))
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        access.organizers_to_name(request.actor, draft.organizers)
        try:
            made = operations.create_program(draft, by=request.actor, at=clock.now())
        except DomainError as error:
            refused(request, error)
        else:
            return redirect("portal:program", made)
    return render(request, "portal/program_change.html", {"form": form})


@asks(access.KEEP_PROGRAM)
@require_http_methods(["GET", "POST"])
def change(request: Request, program_id: UUID) -> HttpResponse:
    """Let a program say something else."""
    found = access.program_to_keep(request.actor, program_id)
    form = ProgramForm(request.POST or None, divisions=_divisions(), found=found, on=city_day(clock.now()))
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        if draft.organizers[:1] != found.organizers[:1]:
            # Nobody hands a program to a body that is not theirs.
            access.organizers_to_name(request.actor, draft.organizers)
        return changed(
            request,
            reverse("portal:program", args=[found.id]),
            lambda: operations.change_program(found.id, draft, by=request.actor, at=clock.now()),
            _("The program has been changed."),
            again=reverse("portal:program-change", args=[found.id]),
        )
    return render(request, "portal/program_change.html", {"form": form, "program": found})


@asks(access.KEEP_PROGRAM)
@require_http_methods(["GET", "POST"])
def figures(request: Request, program_id: UUID) -> HttpResponse:
    """The figures of a program: one more, or another number for one that is there."""
    found = access.program_to_keep(request.actor, program_id)
    form = FigureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, figure = form.figure()
        return _figures_changed(
            request, found, {**found.figures, name: figure}, _("The figure is published.")
        )
    lines = [
        (name_of(FigureLine(name, figure)), *value_of(figure), name, figure.source)
        for name, figure in found.figures.items()
    ]
    return render(request, "portal/program_figures.html", {"form": form, "program": found, "lines": lines})


@asks(access.KEEP_PROGRAM)
@require_POST
def figure_away(request: Request, program_id: UUID) -> HttpResponse:
    """Take a figure away; the trail keeps what it said."""
    found = access.program_to_keep(request.actor, program_id)
    away = request.POST.get("figure", "")
    kept = {name: figure for name, figure in found.figures.items() if name != away}
    return _figures_changed(request, found, kept, _("The figure is taken away."))


def _figures_changed(
    request: Request, found: queries.ProgramFacts, figures: dict[str, operations.Figure], says: str
) -> HttpResponse:
    return changed(
        request,
        reverse("portal:program-figures", args=[found.id]),
        lambda: operations.change_figures(found.id, figures, by=request.actor, at=clock.now()),
        says,
    )


@asks(access.KEEP_PROGRAM)
@require_http_methods(["GET", "POST"])
def new_project(request: Request, program_id: UUID) -> HttpResponse:
    """Add a project to a program."""
    found = access.program_to_keep(request.actor, program_id)
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = form.draft(found.id)
        return changed(
            request,
            reverse("portal:program", args=[found.id]),
            lambda: operations.create_project(draft, by=request.actor, at=clock.now()),
            _("The project has been added."),
            again=reverse("portal:project-new", args=[found.id]),
        )
    return render(request, "portal/project_change.html", {"form": form, "program": found})


@asks(access.KEEP_PROGRAM)
@require_http_methods(["GET", "POST"])
def change_project(request: Request, project_id: UUID) -> HttpResponse:
    """Let a project say something else."""
    found = access.project_to_keep(request.actor, project_id)
    form = ProjectForm(request.POST or None, found=found)
    back = (
        reverse("portal:program", args=[found.program_id]) if found.program_id else reverse("portal:programs")
    )
    if request.method == "POST" and form.is_valid():
        draft = form.draft(found.program_id)
        return changed(
            request,
            back,
            lambda: operations.change_project(found.id, draft, by=request.actor, at=clock.now()),
            _("The project has been changed."),
            again=reverse("portal:project-change", args=[found.id]),
        )
    return render(request, "portal/project_change.html", {"form": form, "project": found, "back": back})


def _divisions() -> list[tuple[str, str]]:
    on: date = city_day(clock.now())
    districts = places.districts(on)
    cities = places.division_names({one.parent_code for one in districts if one.parent_code})
    return [*sorted(cities.items()), *((one.code, one.name) for one in districts)]
