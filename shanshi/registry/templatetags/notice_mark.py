"""The mark of what is new, in the frame of every page."""

from __future__ import annotations

from django import template

from shanshi.foundation.actor import Actor
from shanshi.registry.queries import reach

register = template.Library()


@register.simple_tag
def unread_notices(actor: Actor | None) -> int:
    """How many notices the reader has not read; none for visitors, who cost no question."""
    if actor is None or actor.person_id is None:
        return 0
    return reach.unread(actor.person_id)
