"""`{% include "design/_button.html" with … %}` sees what it is given, and nothing else of the page.

A page that holds a `url`, a `name` or a `kind` of its own would otherwise turn a button into a link. What a
component needs it may still find on the page (`{% for card in cards %}{% include "design/_card.html" %}`);
what it takes beside that has to be said. An argument that the component does not know is an error of the
page. This tag is a builtin of the templates (settings), so that no page can forget to load it; every other
include is Django's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django import template
from django.template import Context, Node, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.template.loader_tags import IncludeNode, do_include
from django.utils.safestring import SafeString

register = template.Library()

# What the frame tells every component (context processors and the form's token).
FRAME = (
    "request",
    "csrf_token",
    "actor",
    "theme",
    "elder",
    "language",
    "languages",
    "appearance_url",
)


@dataclass(frozen=True, slots=True)
class Component:
    """What a component needs, from the include or from the page, and what it takes from the include alone."""

    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()


def _component(needs: str, takes: str = "") -> Component:
    return Component(tuple(needs.split()), tuple(takes.split()))


COMPONENTS = {
    "_badge": _component("text", "kind icon_name"),
    "_button": _component("label", "url name value type disabled kind icon_name wide key"),
    "_calendar": _component("month"),
    "_camera": _component("action", "label hint button value field_id loud location more now"),
    "_card": _component("card", "level"),
    "_chips": _component("label chips"),
    "_confirm": _component("label question action", "yes name value ask ask_id"),
    "_copy": _component("text", "label"),
    "_drop": _component("field", "hint"),
    "_empty": _component("title", "text icon_name url label top"),
    "_field": _component("field"),
    "_figure": _component("label value", "unit cause url kind"),
    "_form": _component("form", "still"),
    "_keys": _component("keys"),
    "_loading": _component("", "words id"),
    "_location": _component("", "now"),
    "_map": _component("map"),
    "_name": _component("name", "full"),
    "_notice": _component("title", "text kind undo_url undo_label url label"),
    "_pages": _component("", "newer_url older_url words"),
    "_places": _component("taken capacity"),
    "_progress": _component("label done whole", "words url kind"),
    "_qr": _component("", "text url seconds digits words label huge"),
    "_queue": _component("label items", "choose empty"),
    "_rate": _component("field"),
    "_refusal": _component("refusal", "way_url way_label"),
    "_ring": _component("", "seconds"),
    "_stars": _component("score", "count"),
    "_steps": _component("steps"),
    "_table": _component("columns rows", "caption foot"),
    "_tabs": _component("label tabs"),
    "_toast": _component("title", "text kind undo_url undo_label"),
    "_trouble": _component("title", "text url label"),
    "_unread": _component("count"),
}


class ComponentNode(Node):
    """An include of a component."""

    def __init__(self, name: str, component: Component, given: dict[str, FilterExpression]) -> None:
        self.name, self.component, self.given = name, component, given

    def render(self, context: Context) -> SafeString:
        """Write the component with what it was given."""
        names = (*FRAME, *self.component.needs)
        from_page = {name: context[name] for name in names if name in context}
        given = {name: value.resolve(context) for name, value in self.given.items()}
        page = cast("Template", context.template)
        return page.engine.get_template(self.name).render(context.new({**from_page, **given}))


@register.tag("include")
def include(parser: Parser, token: Token) -> Node:
    """Include a template; a component gets what it is given, and nothing else of the page."""
    node: IncludeNode = do_include(parser, token)
    name = token.split_contents()[1].strip("\"'")
    if not name.startswith("design/_") or not name.endswith(".html"):
        return node
    component = COMPONENTS.get(name.removeprefix("design/").removesuffix(".html"))
    if component is None:
        return node
    unknown = set(node.extra_context) - {*component.needs, *component.takes}
    if unknown:
        takes = " ".join([*component.needs, *component.takes])
        raise TemplateSyntaxError(f"{name} does not know {', '.join(sorted(unknown))}; it takes: {takes}")
    return ComponentNode(name, component, node.extra_context)
