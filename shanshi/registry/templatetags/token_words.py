"""What pages say about the tokens of programs."""

from __future__ import annotations

from django import template

from shanshi.registry.forms import SCOPES

register = template.Library()


@register.filter
def scope_word(scope: str) -> str:
    """What a token may do, in words."""
    return str(dict(SCOPES).get(scope, scope))
