"""The page docs/reference/access.md: who may do what, made from the permissions themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from shanshi.foundation.actor import Role
from shanshi.foundation.permissions import Permission, Reach, Who
from tools.doors import Door, Stated, doors, permissions

HEAD = """# Who may do what

Made from the permissions that each room's `access` states and decides by; a test walks every door with every
role and compares.

A role holds at a place of the tree and at everything below it, from a day to a day:

    city > district > subdistrict > organization > organization below > team > shift
    city > district > partner street > merchant

* **here**: the role must be held at the thing's own place, or at a place above it.
* **above**: the role must be held above the thing's own place; nobody decides over the own body's work.
* A role that a session or a token withholds (no second factor shown, no scope `staff`) does not count.

"""
SORTS = "Where a role can be held, and who gives and ends it there. Nobody gives a role to themselves."


def access_page() -> str:
    """The whole page."""
    return HEAD + "\n".join([*_table(), *_giving(), *_doors()])


def _table() -> Iterator[str]:
    for room, stated in groupby(_acting(permissions()), key=lambda one: one.room):
        yield f"## {room}\n"
        yield _row("thing", "verb", "without a role", *(role.value for role in Role), "what else must hold")
        yield _row(*["---"] * (4 + len(Role)))
        for one in stated:
            it = one.permission
            yield _row(it.thing, it.verb, _who(it), *(_reach(it, role) for role in Role), it.note)
        yield ""


def _acting(stated: Iterable[Stated]) -> list[Stated]:
    return sorted(
        (one for one in stated if one.name != "GIVE_ROLE"), key=lambda one: (one.room == "registry", one.room)
    )


def _giving() -> Iterator[str]:
    from shanshi.registry.access import GIVE_ROLE
    from shanshi.registry.rules import FITS, KINDS

    yield f"## Giving roles\n\n{SORTS}\n"
    yield _row("role", "held at", "of kind", *(f"given by {role.value}" for role in _givers()))
    yield _row(*["---"] * (3 + len(_givers())))
    for role, permission in GIVE_ROLE.items():
        held = (f"`{role.value}`", ", ".join(FITS[role]), ", ".join(KINDS.get(role, ())))
        yield _row(*held, *(_reach(permission, giver) for giver in _givers()))
    yield ""


def _givers() -> list[Role]:
    from shanshi.registry.access import GIVE_ROLE

    return [role for role in Role if any(role in one.roles for one in GIVE_ROLE.values())]


def _doors() -> Iterator[str]:
    every = doors()
    yield "## Doors\n"
    yield "A door opens if one of the permissions that it asks allows it.\n"
    for title, pages in (("Pages", True), ("Endpoints", False)):
        yield f"### {title}\n"
        yield _row("door", "methods", "asks")
        yield _row("---", "---", "---")
        for door in every:
            if door.is_page is pages and door.asks:
                yield _row(f"`{door.path}`", " ".join(sorted(door.methods)), _asked(door))
        yield ""
    yield "### For everybody\n"
    yield "\n".join(f"* `{door.label}`" for door in every if door.is_public)
    yield ""


def _asked(door: Door) -> str:
    return "; ".join(f"{one.thing}: {one.verb}" for one in door.asks)


def _who(permission: Permission) -> str:
    return ", ".join(who.value for who in Who if who in permission.who)


def _reach(permission: Permission, role: Role) -> str:
    reach = permission.roles.get(role)
    return {Reach.HERE: "here", Reach.ABOVE: "above", None: ""}[reach]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
