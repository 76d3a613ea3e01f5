"""Keeping an activity as a template, and removing one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shanshi.activities import models
from shanshi.activities.operations.drafting import locked
from shanshi.activities.operations.steps import draft_of
from shanshi.activities.queries.templates import draft_again
from shanshi.activities.rules import templates as rules
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor


@transaction.atomic
def keep_template(activity_id: UUID, name: str, *, by: Actor, at: datetime) -> UUID:
    """Keep what an activity says, and the shape of its shifts, for its leading organization; return the id.

    Nothing of the one occasion is kept: no person in charge, no papers, no dates.

    at  with a time zone

    Raises TemplateNameInvalid, TextUnwritable, ActivityMissing, TemplateNameTaken. Locks the activity.
    """
    clean = rules.checked_name(name)
    row = locked(activity_id)
    shifts = models.Shift.objects.filter(activity_id=row.id, cancelled_at__isnull=True).order_by("-starts_at")
    said = rules.plain_draft(draft_again(row))
    # The latest ones tell how it is done now.
    shaped = [one.plain() for one in rules.shapes(draft_of(shift) for shift in shifts[:200])]
    try:
        with transaction.atomic():
            made = models.Template.objects.create(
                organization_id=row.lead_organization_id,
                name=clean,
                draft=said,
                shifts=shaped,
                created_at=at,
                created_by=by.known(),
            )
    except IntegrityError as error:
        raise rules.TemplateNameTaken from error
    audit.record(
        "activities.keep_template",
        f"activity:{row.id}",
        by=by,
        at=at,
        after={"template": str(made.id), "name": clean},
    )
    return made.id


@transaction.atomic
def remove_template(template_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a template out of the list; activities made from it stay. Twice is once.

    at  with a time zone

    Raises TemplateMissing. Locks the template.
    """
    row = models.Template.objects.select_for_update().filter(id=template_id).first()
    if row is None:
        raise rules.TemplateMissing
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by = at, by.known()
    row.save(update_fields=["removed_at", "removed_by"])
    audit.record(
        "activities.remove_template",
        f"organization:{row.organization_id}",
        by=by,
        at=at,
        before={"template": str(row.id), "name": row.name},
        after={"template": None},
    )
