"""Named people and what they did, and the plan by which invented people are drawn."""

# ruff: noqa: RUF009 - each default is made by a function of fields.py, which makes a dataclass field

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shanshi.cities.rules.fields import (
    Ref,
    Row,
    day,
    flag,
    moment,
    one_of,
    record_of,
    records,
    ref,
    slug,
    text,
    texts,
    weights,
    whole,
)
from shanshi.foundation.actor import Role
from shanshi.registry.rules import Relation

PHONE = "1[0-9]{10}"


class DemoKind(StrEnum):
    """Whom an account of the demo stands for; the demo's first page offers one of each."""

    VOLUNTEER = "volunteer"
    MINOR = "minor"
    GUARDIAN = "guardian"
    LEADER = "leader"
    REVIEWER = "reviewer"
    STAFF = "staff"
    AUDITOR = "auditor"
    CASHIER = "cashier"
    RESIDENT = "resident"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianRow(Row):
    """The adult who consented that a minor volunteers."""

    name: str = text("name", most=40)
    phone: str = text("telephone", most=11, pattern=PHONE)
    relation: str = one_of("what they are to the minor", Relation)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow(Row):
    """A role that a person holds."""

    role: str = one_of("the role", Role)
    at: Ref = ref(
        "where: `city`, `division:<code>`, `organization:<id>`, `team:<id>` or `merchant:<id>`", "role_place"
    )
    from_on: date = day("first day")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow(Row):
    """`people.yaml`: named people. Invented ID numbers have order number 000, telephones begin with 154.

    A person without `id_number` has only signed in once and is no volunteer. The order number 000 reads as
    female: the sex taken from it means nothing in a case.
    """

    id: str = slug("short name, one in this file")
    name: str = text("name", most=40)
    id_number: str = text(
        "ID number (GB 11643), in quotes; makes the person a volunteer",
        most=18,
        pattern="[0-9]{17}[0-9X]",
        required=False,
    )
    phone: str = text("telephone, in quotes; one person each", most=11, pattern=PHONE)
    residence: Ref | None = ref("code of the district where a volunteer lives", "division", required=False)
    registered_at: datetime = moment(
        "when the person registered, or first signed in; at the age of 14 or later"
    )
    guardian: GuardianRow | None = record_of(
        "for volunteers under 18 at registration, who consented", GuardianRow
    )
    party_member: bool = flag("whether the volunteer registered as a Party-member volunteer")
    demo: str = one_of("offered as an account of the demo, as this kind of person", DemoKind, required=False)
    earlier_hours: int = whole(
        "earlier verified hours that population.yaml gives the volunteer, at least",
        0,
        5_000,
        required=False,
        default=0,
        unit="hours",
    )
    roles: tuple[RoleRow, ...] = records("roles", RoleRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRow(Row):
    """`sign_ups.csv`: named people's sign-ups, and their visits if they came."""

    person: Ref = ref("the volunteer", "person")
    activity: Ref = ref("the activity", "activity")
    shift_starts_at: datetime = moment("when the shift starts: names the shift")
    signed_up_at: datetime = moment("after the activity's publication and before the shift")
    came_at: datetime | None = moment("check-in; empty: did not come, or has still to come", required=False)
    left_at: datetime | None = moment("check-out; empty: forgotten, or still there", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionRow(Row):
    """`redemptions.csv`: named people's redemptions."""

    person: Ref = ref("the volunteer", "person")
    offer: Ref = ref("what was redeemed", "offer")
    redeemed_at: datetime = moment(
        "when, on one of the offer's days; the coins must have been earned and settled by then"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesRow(Row):
    """Of what invented names are made: a surname, and one or two characters."""

    surnames: str = text(
        "surnames of one character, most common first; each comes less often than the one before", most=400
    )
    double_surnames: tuple[str, ...] = texts("surnames of two characters; one in 150")
    given_first: str = text("characters that a given name starts with", most=1_000)
    given_second: str = text("characters that a given name of two characters ends with", most=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductRow(Row):
    """How invented volunteers behave. The rest came in time and stayed to the end."""

    no_show_per_mille: int = whole("signed up and did not come", 0, 1_000, unit="per mille")
    late_per_mille: int = whole("came up to a third of the shift late", 0, 1_000, unit="per mille")
    left_early_per_mille: int = whole(
        "left between a quarter and four fifths of the shift", 0, 1_000, unit="per mille"
    )
    forgot_per_mille: int = whole("did not check out", 0, 1_000, unit="per mille")
    near_per_mille: int = whole("chose an activity in their own district", 0, 1_000, unit="per mille")


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRow(Row):
    """`population.yaml`: one record, how invented volunteers, their visits and redemptions are drawn.

    The same file always gives the same people: everything is drawn from one seed, in a fixed order.
    """

    seed: int = whole("start of the random numbers", 0, 2_000_000_000)
    volunteers: Mapping[str, int] = weights(
        "how many volunteers live in each district", "the districts' codes"
    )
    ages: Mapping[str, int] = weights(
        "how often each age is drawn, at the clock's start", 'spans of full years, `"18-24"`'
    )
    registered: Mapping[str, int] = weights("how often each year of registration is drawn", "years")
    birthplaces: Mapping[str, int] = weights(
        "how often each area begins an ID number; `own` is the district of residence", "codes"
    )
    party_member_per_mille: int = whole("adults who are Party-member volunteers", 0, 1_000, unit="per mille")
    names: NamesRow | None = record_of("of what names are made; needed", NamesRow)
    conduct: ConductRow | None = record_of("how people behave; needed", ConductRow)
    most_active_times: int = whole(
        "how much oftener the most active tenth come than the least active tenth, about", 1, 200
    )
    redemptions: int = whole("redemptions to draw, at most", 0, 100_000, required=False, default=0)
    phone_prefix: str = text(
        "first digits of the invented telephones; a number fills the rest", most=8, pattern="154[0-9]{1,5}"
    )
