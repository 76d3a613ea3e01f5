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


class ServiceNotPublished(DomainError):
    """The offer is volunteer service, and no reviewer has published it, or it is over."""

    code = "rewards.service_not_published"
    says = N_("This volunteer service is not published.")
    way = N_("A reviewer publishes it beforehand, like any other activity. Choose another offer until then.")


class ServiceOfOthers(Invalid):
    """The activity behind an offer is not given by the merchant's own body, nor by one above it."""

    code = "rewards.service_of_others"
    says = N_("Offer {place}: this activity is not a service of the merchant's own body or of one above it.")
    way = N_("Plan the service in the name of the merchant's organization, or of the street's office.")


class StockBelowGiven(DomainError):
    """The stock would be less than what was given and set aside already."""

    code = "rewards.stock_below_given"
    says = N_("{given} pieces have been given or set aside already; the stock cannot be {stock}.")
    way = N_("Give a stock of at least {given}, or end the offer.")


class OfferOver(DomainError):
    """The offer has ended; what is over is not changed."""

    code = "rewards.offer_over"
    says = N_("This offer has ended.")
    way = N_("Make a new offer.")


class LeavesBeforeJoining(Invalid):
    """A merchant would leave the street before the day on which it joined."""

    code = "rewards.leaves_before_joining"
    says = N_("A merchant cannot leave before it joined, on {joined_on}.")
    way = N_("Give a later day.")


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


class NoAppointments(DomainError):
    """The offer takes no appointments, or none of this person."""

    code = "rewards.no_appointments"
    says = N_("This offer takes no appointments from you.")
    way = N_("Residents can come to services that say so; volunteers can give coins at the counter.")


class NoSuchSession(DomainError):
    """The shift is none of this service, is not published, has begun, or lies outside the offer's days."""

    code = "rewards.no_such_session"
    says = N_("For this time no appointment can be made.")
    way = N_("Choose one of the times that the offer shows.")


class SeatsTaken(DomainError):
    """All seats of this shift have been given."""

    code = "rewards.seats_taken"
    says = N_("All {seats} seats at this time are taken.")
    way = N_("Choose another time, or look again: seats that are given up come back.")


class TooManyAppointments(DomainError):
    """The person has as many appointments open as one person may have."""

    code = "rewards.too_many_appointments"
    says = N_("One person may have {most} appointments open, and you have that many.")
    way = N_("Keep or cancel one first.")


class AppointedAlready(DomainError):
    """The person has an appointment for this time already."""

    code = "rewards.appointed_already"
    says = N_("You have an appointment for this time already.")
    way = N_("See it among your appointments.")


class GivesItThemself(DomainError):
    """The person gives service on this very shift."""

    code = "rewards.gives_it_themself"
    says = N_("You give this service yourself at this time.")
    way = N_("Choose another time, or cancel your sign-up first.")


class AppointmentOver(DomainError):
    """The appointment was kept or cancelled already, or its time has begun."""

    code = "rewards.appointment_over"
    says = N_("This appointment was kept or cancelled already, or its time has begun.")
    way = N_("Make a new one if you want to come another time.")


class AppointmentNotToday(DomainError):
    """The appointment is for another day."""

    code = "rewards.appointment_not_today"
    says = N_("This appointment is for another day: {day}.")
    way = N_("Ask the person to come on that day, or to make a new appointment.")
