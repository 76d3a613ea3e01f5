"""Who may register, and how numbers are read. Plain Python: no tables, no clock, no settings."""

from __future__ import annotations

from enum import StrEnum


class ClaimKind(StrEnum):
    """Values that one person alone may have."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    VOLUNTEER_NUMBER = "volunteer_number"


class Relation(StrEnum):
    """What a guardian is to the minor."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    OTHER = "other"


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
