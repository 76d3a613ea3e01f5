"""How long the attacks go on: the same each time in `make test`; longer and never the same in a drill."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("SHANSHI_ATTACK_TIMES", "1"))


def tries(examples: int, **more: Any) -> settings:
    """Return the settings of a test that tries some examples, or as many more as a drill asks for."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        **more,
    )
