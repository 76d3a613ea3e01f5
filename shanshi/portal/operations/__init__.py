"""Changes that reach through several rooms at once; one transaction each."""

from shanshi.portal.operations.consents import agree, withdraw
from shanshi.portal.operations.erasure import FORGETTERS, erase

__all__ = ["FORGETTERS", "agree", "erase", "withdraw"]
