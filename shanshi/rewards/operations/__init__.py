"""Changes of the rewards: merchants and offers, redemptions and what goes back."""

from shanshi.rewards.operations.catalogue import (
    MerchantRow,
    OfferRow,
    add_merchants,
    add_offers,
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
from shanshi.rewards.operations.till import (
    fulfill,
    fulfill_by_code,
    void,
)

__all__ = [
    "MerchantRow",
    "OfferRow",
    "RecordedRedemption",
    "add_merchants",
    "add_offers",
    "expire",
    "forget",
    "fulfill",
    "fulfill_by_code",
    "record_redemptions",
    "redeem_at_till",
    "reserve",
    "void",
]
