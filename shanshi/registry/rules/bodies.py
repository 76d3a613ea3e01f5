"""Where organizations stand, who belongs to their teams, and how they are searched. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from shanshi.kernel.errors import N_, DomainError, Invalid
from shanshi.registry.rules.words import OrganizationKind

LONGEST_NAME: Final = 100
MOST_WORDS: Final = 5
LONGEST_REASON: Final = 500
# What a body is called here is believed outside: an office is named by an office, a bank by the city.
OFFICIAL_KINDS: Final = frozenset(
    {
        OrganizationKind.LEAGUE,
        OrganizationKind.PARTY,
        OrganizationKind.GOVERNMENT,
        OrganizationKind.SUBDISTRICT,
    }
)
_ORGANIZATION: Final = "organization:"


class ParentBelow(DomainError):
    """The new parent is the organization itself, or stands below it."""

    code = "registry.parent_below"
    says = N_("An organization cannot stand below itself.")
    way = N_("Choose a parent outside of it.")


class MoveToTop(Invalid):
    """An organization would lose its parent: from then on nobody above would review it."""

    code = "registry.move_to_top"
    says = N_("An organization that has a place in the tree cannot be moved to its top.")
    way = N_("Choose another parent; a body at the top is made anew by the city's staff.")


class ReasonNeeded(Invalid):
    """What ends or moves needs its reason."""

    code = "registry.reason_needed"
    says = N_("A reason is needed, of at most 500 characters.")
    way = N_("Say in a sentence why; it stays on the trail.")


class AlreadyInTeam(DomainError):
    """The person stands in this team by another membership."""

    code = "registry.already_in_team"
    says = N_("This person is in this team already.")
    way = N_("End one of the two memberships.")


class NotAnswered(DomainError):
    """The person was invited and has not answered yet."""

    code = "registry.not_answered"
    says = N_("This person has not accepted the invitation yet.")
    way = N_("Wait for the answer; teams are for members.")


def checked_body_name(text: str) -> str:
    """Return the name of an organization or team without needless spaces; empty if it is none.

    text  as typed; 1 to 100 characters
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    return name if len(name) <= LONGEST_NAME and "\x00" not in name else ""


def moved(lineage: Sequence[str], place: str, above: Sequence[str]) -> list[str]:
    """Return a lineage after the organization at `place` has got other organizations above it.

    lineage  of the organization itself or of anything below it; divisions stand after the organizations
    above    the organizations above the new place, the lowest first

    Divisions stay: where a body works does not follow from who is above it.
    """
    cut = list(lineage).index(place) + 1
    divisions = [one for one in lineage[cut:] if not one.startswith(_ORGANIZATION)]
    return [*lineage[:cut], *above, *divisions]


def organizations_above(lineage: Sequence[str]) -> list[str]:
    """Return the organizations of a lineage, itself among them, without divisions."""
    return [one for one in lineage if one.startswith(_ORGANIZATION)]


def search_words(text: str) -> tuple[str, ...]:
    """Return what somebody typed to find an organization as folded words; at most five.

    text  characters of the name, or its sounds: "清波", "qingbo", "qb"
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\x00", "")
    return tuple(folded.split()[:MOST_WORDS])


def is_sound(word: str) -> bool:
    """Whether a word may be the sounds of a name, or their initials: letters alone."""
    return re.fullmatch(r"[a-zü]+", word) is not None


def checked_reason(text: str) -> str:
    """Return a reason without spaces around it.

    Raises ReasonNeeded: none, or longer than 500 characters.
    """
    why = text.strip()
    if not why or len(why) > LONGEST_REASON or "\x00" in why:
        raise ReasonNeeded
    return why
