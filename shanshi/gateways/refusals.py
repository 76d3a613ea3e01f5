"""What all gateways may answer when there is no answer."""

from __future__ import annotations

from shanshi.kernel.errors import N_, DomainError


class GatewayNotConfigured(DomainError):
    """Fakes are off, and no real gateway was named in the settings."""

    code = "gateways.not_configured"
    says = N_("The {gateway} gateway is not configured.")
    way = N_("The operator names one in the setting {setting}; see shanshi/gateways/README.md.")


class GatewayUnreachable(DomainError):
    """The outside system did not answer."""

    code = "gateways.unreachable"
    says = N_("The {gateway} gateway does not answer now.")
    way = N_("Try again in a few minutes.")


class PhoneNotServed(DomainError):
    """The gateway sends no messages to this phone."""

    code = "gateways.phone_not_served"
    says = N_("No message can be sent to this phone.")
    way = N_("Give the number of a mobile phone of the mainland; in the demo, one that begins with 154.")


class AddressForbidden(DomainError):
    """The platform does not connect there: not encrypted, not a plain address, or inside the house."""

    code = "gateways.address_forbidden"
    says = N_("The platform may not connect to {host}.")
    way = N_("The operator gives a public https address, or names the host in SHANSHI_OUTGOING_INTERNAL.")


class NotConnected(GatewayUnreachable):
    """No connection was made: whatever was to be said, nobody has heard it."""

    code = "gateways.not_connected"
    says = N_("The {gateway} gateway does not answer now.")


class OutcomeUnknown(GatewayUnreachable):
    """The message was handed over, and no answer came: perhaps it was sent. Never send it again."""

    code = "gateways.outcome_unknown"
    says = N_("The {gateway} gateway did not say whether the message was sent.")
    way = N_("Wait a few minutes for the message before you ask for another.")


class MailboxNotServed(DomainError):
    """The gateway sends no mail to this address."""

    code = "gateways.mailbox_not_served"
    says = N_("No e-mail can be sent to this address.")
    way = N_("Check the address; in the demo, it ends in .example.")


class AnswerTooSlow(GatewayUnreachable):
    """The outside system began to answer and did not come to an end in time."""

    code = "gateways.answer_too_slow"
    says = N_("{host} takes too long to answer.")


class AnswerTooLarge(DomainError):
    """The outside system sent more than any answer needs."""

    code = "gateways.answer_too_large"
    says = N_("{host} sent too much.")
    way = N_("Tell the operator: something else than the expected service answers there.")


class AnswerUnreadable(DomainError):
    """The outside system answered with something else than was agreed."""

    code = "gateways.answer_unreadable"
    says = N_("{host} sent an answer that cannot be read.")
    way = N_("Tell the operator: something else than the expected service answers there.")


class SentElsewhere(DomainError):
    """The outside system wanted to send the platform to another address."""

    code = "gateways.sent_elsewhere"
    says = N_("{host} wants to send the platform elsewhere.")
    way = N_("The operator gives the final address of the service in the settings.")


class IdentityDeclined(DomainError):
    """Somebody turned back at the identity service."""

    code = "gateways.identity_declined"
    says = N_("You did not finish signing in with {name}.")
    way = N_("Start again, or sign in with your phone.")


class IdentityNotProved(DomainError):
    """The answer of the identity service is not one that proves anything."""

    code = "gateways.identity_not_proved"
    says = N_("{name} did not prove who you are. Nobody was signed in.")
    way = N_("Start again from the page for signing in, or use your phone; if it stays, tell the operator.")
