"""What pages say about the city's own identity service."""

from __future__ import annotations

from uuid import UUID

from django import template

from shanshi.gateways import identity_service
from shanshi.registry.queries import links

register = template.Library()


@register.simple_tag
def service_name() -> str:
    """What the service is called, in the reader's language; empty where there is none."""
    return identity_service.name()


@register.simple_tag
def identity_link(person_id: UUID | None) -> links.LinkFacts | None:
    """The link of an account to an identity, if it has one."""
    return links.link_of(person_id) if person_id else None
