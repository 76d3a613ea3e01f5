"""Every way in which a redemption is refused."""

from __future__ import annotations

from shanshi.kernel.errors import N_, DomainError, Forbidden, Invalid


class OfferInvalid(Invalid):
    """There can be no such offer."""

    code = "rewards.offer_invalid"
    says = N_("Offer {place}: {field} cannot be {value}.")
    way = N_("Expected: {expected}.")


class AlreadyThere(DomainError):
    """The street has a merchant of this name."""

    code = "rewards.already_there"
    says = N_("A merchant of this name is on this street already.")
    way = N_("Give it the name by which people tell the two apart.")


class RecordsOnlyFromCases(DomainError):
    """Somebody tried to write redemptions of the past."""

    code = "rewards.records_only_from_cases"
    says = N_("Redemptions of the past can only be loaded with a city's case.")
    way = N_("Redeem at the merchant, when it happens.")


class RedeemedLater(Invalid):
    """A recorded redemption lies in the future."""

    code = "rewards.redeemed_later"
    says = N_("A redemption cannot be recorded before it happens.")
    way = N_("Give a time that is past.")


class OfferNotToday(DomainError):
    """The offer is not given on this day."""

    code = "rewards.offer_not_today"
    says = N_("This offer is not given today.")
    way = N_("Look at its days, or choose another offer.")


class SoldOut(DomainError):
    """Nothing of the offer is left."""

    code = "rewards.sold_out"
    says = N_("Nothing of this offer is left.")
    way = N_("Choose another offer. What is not collected within a minute comes back into stock.")


class LimitReached(DomainError):
    """The person has had as many as one person may have."""

    code = "rewards.limit_reached"
    says = N_("One person may have this offer {per_person} times, and you have had it that often.")
    way = N_("Choose another offer.")


class CoinsTooFew(DomainError):
    """The person has fewer coins than the offer costs."""

    code = "rewards.coins_too_few"
    says = N_("This costs {price} coins; you can spend {balance}.")
    way = N_("One verified hour of service earns one coin; it can be spent a day after confirmation.")


class CodeUnreadable(Invalid):
    """What was scanned or typed is no code of a redemption or of a merchant."""

    code = "rewards.code_unreadable"
    says = N_("This is not a redemption code.")
    way = N_("Scan the code on the other's screen; a volunteer's may be typed as 8 digits.")


class CodeWrong(DomainError):
    """The code does not belong to this redemption, or to none that waits."""

    code = "rewards.code_wrong"
    says = N_("This code does not fit.")
    way = N_("Ask the volunteer for a fresh code and scan it again.")


class CodeExpired(DomainError):
    """The code's time is over; coins and stock have been given back."""

    code = "rewards.code_expired"
    says = N_("This code is older than {seconds} seconds. The coins have gone back to the volunteer.")
    way = N_("Ask the volunteer to redeem again.")


class MerchantCodeExpired(DomainError):
    """The code on the till has changed since it was scanned."""

    code = "rewards.merchant_code_expired"
    says = N_("The code on the till has changed since.")
    way = N_("Scan the code on the till again.")


class OtherMerchant(Forbidden):
    """The redemption is for another merchant than the cashier's."""

    code = "rewards.other_merchant"
    says = N_("This code is for another merchant.")
    way = N_("The volunteer can show it at {merchant}, or redeem an offer of yours.")


class OfferElsewhere(DomainError):
    """The offer is given by another merchant than the one whose code was scanned."""

    code = "rewards.offer_elsewhere"
    says = N_("This merchant does not give this offer.")
    way = N_("Choose one of the offers of this merchant.")


class AlreadyFulfilled(DomainError):
    """The code has been used."""

    code = "rewards.already_fulfilled"
    says = N_("This code was used already, at {time}.")
    way = N_("Ask the volunteer to redeem again; each code is good once.")


class AlreadyVoided(DomainError):
    """The merchant has taken the redemption back."""

    code = "rewards.already_voided"
    says = N_("This redemption was taken back; the coins have gone back to the volunteer.")
    way = N_("Ask the volunteer to redeem again.")


class NotFulfilled(DomainError):
    """There is nothing to take back: the offer has not been given."""

    code = "rewards.not_fulfilled"
    says = N_("This redemption has not been fulfilled, so there is nothing to take back.")
    way = N_("A code that is not used gives the coins back by itself.")


class VoidTooLate(DomainError):
    """The minutes in which a merchant may take a redemption back are over."""

    code = "rewards.void_too_late"
    says = N_("A redemption can be taken back within {void_minutes} minutes; these are over.")
    way = N_("Settle it with the volunteer in the shop.")
