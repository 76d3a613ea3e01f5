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
