"""The words of the room: purposes, relations, kinds; and how long codes and tokens live."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CODE_MINUTES: Final = 5
CODE_TRIES: Final = 5
TOKEN_DAYS: Final = 30
TOKEN_MAX_DAYS: Final = 365
NUMBER_DIGITS: Final = 10
LONGEST_NAME: Final = 50
SCOPES: Final = ("read", "write", "staff", "names")


class ClaimKind(StrEnum):
    """Values that one person alone may have."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    VOLUNTEER_NUMBER = "volunteer_number"


class CodePurpose(StrEnum):
    """What a code sent to a phone or mailbox may be used for; one sort never serves for the other."""

    SIGN_IN = "sign_in"
    GUARDIAN = "guardian"
    OLD_PHONE = "old_phone"
    NEW_PHONE = "new_phone"
    ERASURE = "erasure"
    EMAIL = "email"


class Purpose(StrEnum):
    """What a volunteer may consent to."""

    TERMS = "terms"
    NOTICES = "notices"
    NAME_ON_BOARDS = "name_on_boards"
    BANK = "bank"
    MERCHANT = "merchant"
    LOCATION = "location"
    MINORS = "minors"
    RED_POINTS = "red_points"


class Relation(StrEnum):
    """What a guardian is to the minor."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    OTHER = "other"


class Sex(StrEnum):
    """As the ID number says."""

    FEMALE = "female"
    MALE = "male"


class OrganizationKind(StrEnum):
    """What sort of body an organization is."""

    LEAGUE = "league"
    PARTY = "party"
    GOVERNMENT = "government"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    UNIVERSITY = "university"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    ENTERPRISE = "enterprise"
    CHARITY = "charity"
    MEDIA = "media"
    BANK = "bank"
    TEAM = "team"
    OTHER = "other"
