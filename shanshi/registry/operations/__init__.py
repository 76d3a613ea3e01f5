"""Changes of people and organizations; one transaction each."""

from shanshi.registry.operations.applications import GuardianConsent, Registration, RowRefused
from shanshi.registry.operations.belonging import (
    accept_invitation,
    add_members,
    decline_invitation,
    invite_members,
)
from shanshi.registry.operations.consents import give_consent, withdraw_consent
from shanshi.registry.operations.corrections import (
    change_phone,
    correct_name,
    correct_residence,
    prove_own_phone,
    send_own_code,
)
from shanshi.registry.operations.delivering import deliver
from shanshi.registry.operations.emails import give_email, remove_email, send_email_code
from shanshi.registry.operations.enrolling import Enrolment, enroll_many, unenroll_many, uninvite_many
from shanshi.registry.operations.erasure import forget
from shanshi.registry.operations.factors import (
    reset_second_factor,
    rewrap_factors,
    set_password,
    spend_factor,
)
from shanshi.registry.operations.guardians import (
    WardRegistration,
    agree_again,
    confirm_ward,
    name_guardian,
    register_ward,
    withdraw_guardian,
)
from shanshi.registry.operations.looks import look
from shanshi.registry.operations.memberships import end_membership, join, leave, put_in_team
from shanshi.registry.operations.notices import tell, tell_each, warn
from shanshi.registry.operations.organizations import (
    OrganizationChange,
    OrganizationRow,
    change_organization,
    create_organization,
    create_team,
    move_organization,
    rename_team,
)
from shanshi.registry.operations.preferences import remember
from shanshi.registry.operations.proofs import (
    end_sessions,
    person_of_phone,
    prove_phone,
    send_code,
    send_guardian_code,
    send_proof_code,
)
from shanshi.registry.operations.registration import (
    register,
    register_many,
)
from shanshi.registry.operations.roles import (
    CITY_ROLE,
    SECOND_FACTOR,
    Outcome,
    RoleWish,
    change_role,
    decide_city_role,
    decide_factor_reset,
    end_role,
    give_role,
    grant_role,
    propose_factor_reset,
    withdraw_role,
)
from shanshi.registry.operations.tokens import (
    Issued,
    issue_token,
    revoke_own_token,
    revoke_staff_tokens,
    revoke_token,
)
from shanshi.registry.operations.wrapping import rewrap

__all__ = [
    "CITY_ROLE",
    "SECOND_FACTOR",
    "Enrolment",
    "GuardianConsent",
    "Issued",
    "OrganizationChange",
    "OrganizationRow",
    "Outcome",
    "Registration",
    "RoleWish",
    "RowRefused",
    "WardRegistration",
    "accept_invitation",
    "add_members",
    "agree_again",
    "change_organization",
    "change_phone",
    "change_role",
    "confirm_ward",
    "correct_name",
    "correct_residence",
    "create_organization",
    "create_team",
    "decide_city_role",
    "decide_factor_reset",
    "decline_invitation",
    "deliver",
    "end_membership",
    "end_role",
    "end_sessions",
    "enroll_many",
    "forget",
    "give_consent",
    "give_email",
    "give_role",
    "grant_role",
    "invite_members",
    "issue_token",
    "join",
    "leave",
    "look",
    "move_organization",
    "name_guardian",
    "person_of_phone",
    "propose_factor_reset",
    "prove_own_phone",
    "prove_phone",
    "put_in_team",
    "register",
    "register_many",
    "register_ward",
    "remember",
    "remove_email",
    "rename_team",
    "reset_second_factor",
    "revoke_own_token",
    "revoke_staff_tokens",
    "revoke_token",
    "rewrap",
    "rewrap_factors",
    "send_code",
    "send_email_code",
    "send_guardian_code",
    "send_own_code",
    "send_proof_code",
    "set_password",
    "spend_factor",
    "tell",
    "tell_each",
    "unenroll_many",
    "uninvite_many",
    "warn",
    "withdraw_consent",
    "withdraw_guardian",
    "withdraw_role",
]
