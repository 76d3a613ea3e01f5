"""What a notice is, which channels take it, and when it may go out."""

from shanshi.notices.rules.messages import (
    ALL_CHANNELS,
    IN_APP_ONLY,
    Channel,
    Fact,
    Message,
    packed,
    unpacked,
)
from shanshi.notices.rules.sending import (
    ENDED,
    Quiet,
    State,
    decide_notices,
    leaves_at,
    next_try_at,
)

__all__ = [
    "ALL_CHANNELS",
    "ENDED",
    "IN_APP_ONLY",
    "Channel",
    "Fact",
    "Message",
    "Quiet",
    "State",
    "decide_notices",
    "leaves_at",
    "next_try_at",
    "packed",
    "unpacked",
]
