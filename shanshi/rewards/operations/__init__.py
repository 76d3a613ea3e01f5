"""Changes of the rewards: merchants and offers, redemptions and what goes back."""

from shanshi.rewards.operations.appointments import (
    appoint,
    cancel_appointment,
    serve_appointment,
)
from shanshi.rewards.operations.catalogue import (
    MerchantRow,
    OfferRow,
    add_merchants,
    add_offers,
)
from shanshi.rewards.operations.changing import (
    MerchantChange,
    OfferChange,
    change_merchant,
    change_offer,
    end_merchant,
    end_offer,
    restock,
)
from shanshi.rewards.operations.records import (
    RecordedRedemption,
    record_redemptions,
)
from shanshi.rewards.operations.redeeming import (
    redeem_at_till,
    reserve,
)
from shanshi.rewards.operations.returns import (
    expire,
    forget,
)
from shanshi.rewards.operations.telling import tell_appointments
from shanshi.rewards.operations.till import (
    fulfill,
    fulfill_by_code,
    void,
)

__all__ = [
    "MerchantChange",
    "MerchantRow",
    "OfferChange",
    "OfferRow",
    "RecordedRedemption",
    "add_merchants",
    "add_offers",
    "appoint",
    "cancel_appointment",
    "change_merchant",
    "change_offer",
    "end_merchant",
    "end_offer",
    "expire",
    "forget",
    "fulfill",
    "fulfill_by_code",
    "record_redemptions",
    "redeem_at_till",
    "reserve",
    "restock",
    "serve_appointment",
    "tell_appointments",
    "void",
]
