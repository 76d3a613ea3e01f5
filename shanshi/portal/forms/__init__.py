"""What people type on pages of the portal, as clean values."""

from shanshi.portal.forms.privacy import (
    CodeForm,
    ConsentForm,
    MovePhoneForm,
    NameForm,
    NewPhoneForm,
    NextGuardianForm,
    ResidenceForm,
    WardConfirmForm,
    WardFindForm,
    WardForm,
)
from shanshi.portal.forms.work import (
    ActivityForm,
    FindForm,
    ReasonForm,
    RedeemForm,
    ScanForm,
    ShiftForm,
    changed_draft,
    typed_before,
)

__all__ = [
    "ActivityForm",
    "CodeForm",
    "ConsentForm",
    "FindForm",
    "MovePhoneForm",
    "NameForm",
    "NewPhoneForm",
    "NextGuardianForm",
    "ReasonForm",
    "RedeemForm",
    "ResidenceForm",
    "ScanForm",
    "ShiftForm",
    "WardConfirmForm",
    "WardFindForm",
    "WardForm",
    "changed_draft",
    "typed_before",
]
