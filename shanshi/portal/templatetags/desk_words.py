"""Words of the desks: `{% load desk_words %}`."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.translation import gettext, ngettext

from shanshi.foundation import clock

register = template.Library()


@register.filter
def age(since: datetime) -> str:
    """How long something waits already, in whole days of 24 hours: "3 days"; "today" below one."""
    days = (clock.now() - since).days
    if days < 1:
        return gettext("less than a day")
    return ngettext("{days} day", "{days} days", days).format(days=days)
