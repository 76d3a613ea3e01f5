"""Tables of people and organizations.

Who somebody is lies sealed under the person's own data key; `holder_id` is the person's name in every other
room. A value that one person alone may have is claimed by its blind index in a table of its own.
"""

from __future__ import annotations

from shanshi.registry.models.organizations import Membership, Organization, RoleGrant, Team
from shanshi.registry.models.people import (
    Claim,
    Consent,
    Guardian,
    IdentityLook,
    Person,
    Preference,
    Volunteer,
    session_hash,
    session_hashes,
)
from shanshi.registry.models.signing import BearerToken, PhoneCode

__all__ = [
    "BearerToken",
    "Claim",
    "Consent",
    "Guardian",
    "IdentityLook",
    "Membership",
    "Organization",
    "Person",
    "PhoneCode",
    "Preference",
    "RoleGrant",
    "Team",
    "Volunteer",
    "session_hash",
    "session_hashes",
]
