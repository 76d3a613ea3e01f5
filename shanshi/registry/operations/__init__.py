"""Changes of people and organizations; one transaction each."""

from shanshi.registry.operations.consents import give_consent, withdraw_consent
from shanshi.registry.operations.corrections import change_phone, correct_name, correct_residence
from shanshi.registry.operations.erasure import forget
from shanshi.registry.operations.factors import reset_second_factor, spend_factor
from shanshi.registry.operations.guardians import (
    WardRegistration,
    agree_again,
    register_ward,
    withdraw_guardian,
)
from shanshi.registry.operations.organizations import (
    OrganizationRow,
    create_organization,
    create_team,
    join,
    leave,
)
from shanshi.registry.operations.proofs import (
    Issued,
    end_sessions,
    forget_old,
    issue_token,
    person_of_phone,
    prove_phone,
    revoke_token,
    send_code,
    send_guardian_code,
    send_proof_code,
)
from shanshi.registry.operations.registration import (
    GuardianConsent,
    Registration,
    RowRefused,
    look_at_names,
    register,
    register_many,
)
from shanshi.registry.operations.roles import end_role, grant_role

__all__ = [
    "GuardianConsent",
    "Issued",
    "OrganizationRow",
    "Registration",
    "RowRefused",
    "WardRegistration",
    "agree_again",
    "change_phone",
    "correct_name",
    "correct_residence",
    "create_organization",
    "create_team",
    "end_role",
    "end_sessions",
    "forget",
    "forget_old",
    "give_consent",
    "grant_role",
    "issue_token",
    "join",
    "leave",
    "look_at_names",
    "person_of_phone",
    "prove_phone",
    "register",
    "register_many",
    "register_ward",
    "reset_second_factor",
    "revoke_token",
    "send_code",
    "send_guardian_code",
    "send_proof_code",
    "spend_factor",
    "withdraw_consent",
    "withdraw_guardian",
]
