"""What a tried rule answers: an outcome and the reasons for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shanshi.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a rule to stated facts.

    outcome  named results, the decisive one first: {"may_redeem": False}
    reasons  what led to it, in the order found: refusals with their facts, or codes
    """

    outcome: Mapping[str, object]
    reasons: tuple[DomainError | str, ...] = ()

    @property
    def is_no(self) -> bool:
        """Whether the decisive result, the first one, is a no. A number is neither yes nor no."""
        return next(iter(self.outcome.values()), None) is False

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable codes of the reasons, in their order."""
        return tuple(reason if isinstance(reason, str) else reason.code for reason in self.reasons)
