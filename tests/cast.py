"""The cast that everyone knows; the demo has the same people.

Lin, an adult volunteer; Mei, 15, with her guardian Mrs Zhao; Wu, who leads shifts; Chen, the auditor; Noodle
House, a merchant, with its cashier; Old Gao, who needs help; Stranger, who may do nothing; Reviewer Xu of the
district's League committee. Everybody is invented: ID numbers have order number 000, phones begin with 154.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from stdnum.cn import ric

from shanshi.foundation.actor import Actor, Role, system


def id_number(division: str, birth_on: date) -> str:
    """Return an invented ID number with its right check digit."""
    head = f"{division}{birth_on:%Y%m%d}000"
    return head + ric.calc_check_digit(head + "0")


@dataclass(frozen=True)
class Person:
    """What a person types about himself."""

    name: str
    phone: str
    division: str
    birth_on: date

    @property
    def id_number(self) -> str:
        """The invented ID number."""
        return id_number(self.division, self.birth_on)


LIN = Person("林晓", "15400000001", "330103", date(1990, 5, 17))
MEI = Person("沈梅", "15400000002", "330102", date(2004, 1, 9))
MRS_ZHAO = Person("赵玉兰", "15400000003", "330102", date(1978, 8, 2))
WU = Person("吴建国", "15400000004", "330102", date(1985, 11, 30))
CHEN = Person("陈静", "15400000005", "330106", date(1982, 3, 3))
CASHIER = Person("方小面", "15400000006", "330103", date(1993, 7, 21))
OLD_GAO = Person("高福", "15400000007", "330102", date(1941, 2, 14))
STRANGER = Person("钱陌", "15400000008", "330108", date(1995, 9, 9))
XU = Person("徐敏", "15400000009", "330102", date(1988, 6, 1))

__all__ = ["CASHIER", "CHEN", "LIN", "MEI", "MRS_ZHAO", "OLD_GAO", "STRANGER", "WU", "XU", "Cast", "Person"]


class Cast:
    """People, bodies and roles, each made through the product's own operations when first named."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.loader = system("tests.cast")

    def volunteer(self, person: Person) -> Actor:
        """Register an adult as a volunteer, and return who that is now."""
        from shanshi.registry import operations, queries

        facts = operations.register(
            operations.Registration(
                person_id=None,
                phone=person.phone,
                real_name=person.name,
                id_number=person.id_number,
                residence_code=person.division,
            ),
            by=self.loader,
            at=self.at,
        )
        return queries.actor_of(facts.person_id, self.at)

    def with_role(self, actor: Actor, role: Role, place: str) -> Actor:
        """Give somebody a role, and return who that is now."""
        from shanshi.registry import operations, queries

        operations.grant_role(
            actor.known(), role, place, by=self.loader, at=self.at, from_on=self.at.date(), reason="cast"
        )
        return queries.actor_of(actor.known(), self.at)

    @cached_property
    def divisions(self) -> None:
        """The city and three of its districts, as they were before April 2021."""
        from shanshi.places import operations

        rows = [
            operations.DivisionRow("330100", "杭州市", "city"),
            operations.DivisionRow("330102", "上城区", "district", "330100", None, date(2021, 4, 8)),
            operations.DivisionRow("330103", "下城区", "district", "330100", None, date(2021, 4, 8)),
            operations.DivisionRow("330106", "西湖区", "district", "330100"),
        ]
        operations.add_divisions(rows, by=self.loader, at=self.at)

    @cached_property
    def league(self) -> UUID:
        """The district's League committee, parent of the station's team."""
        from shanshi.registry import operations

        self.divisions  # noqa: B018 - a body needs a division that is there
        return operations.create_organization(
            operations.OrganizationRow(
                name="共青团上城区委", kind="league", parent_id=None, division_code="330102"
            ),
            by=self.loader,
            at=self.at,
        )

    @cached_property
    def station(self) -> UUID:
        """The body that gives the shifts."""
        from shanshi.registry import operations

        return operations.create_organization(
            operations.OrganizationRow(
                name="清波街道志愿服务队", kind="team", parent_id=self.league, division_code="330102"
            ),
            by=self.loader,
            at=self.at,
        )

    @cached_property
    def lin(self) -> Actor:
        """An adult volunteer."""
        return self.volunteer(LIN)

    @cached_property
    def mei(self) -> Actor:
        """15 years old; her guardian, Mrs Zhao, agreed with the code that came to her own phone."""
        from shanshi.foundation import outbox
        from shanshi.registry import operations, queries

        operations.send_guardian_code(MRS_ZHAO.phone, at=self.at)
        message = outbox.messages(phone=MRS_ZHAO.phone)[0].text
        code = re.findall(r"\d{6}", message)[0]
        facts = operations.register(
            operations.Registration(
                person_id=None,
                phone=MEI.phone,
                real_name=MEI.name,
                id_number=MEI.id_number,
                residence_code=MEI.division,
                guardian=operations.GuardianConsent(MRS_ZHAO.name, MRS_ZHAO.phone, "mother", code),
            ),
            by=self.loader,
            at=self.at,
        )
        return queries.actor_of(facts.person_id, self.at)

    @cached_property
    def wu(self) -> Actor:
        """Leads the station's shifts."""
        return self.with_role(self.volunteer(WU), Role.LEADER, f"organization:{self.station}")

    @cached_property
    def xu(self) -> Actor:
        """Reviews for the district's League committee."""
        return self.with_role(self.volunteer(XU), Role.REVIEWER, f"organization:{self.league}")

    @cached_property
    def chen(self) -> Actor:
        """The auditor."""
        return self.with_role(self.volunteer(CHEN), Role.AUDITOR, "city")

    @cached_property
    def stranger(self) -> Actor:
        """A registered volunteer without any role."""
        return self.volunteer(STRANGER)
