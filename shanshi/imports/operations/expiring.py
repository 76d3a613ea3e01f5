"""What the room lets go when it has been kept long enough."""

from __future__ import annotations

from collections.abc import Mapping

from shanshi.foundation.retention import Rows, Sweep
from shanshi.imports import models

SWEEPS: Mapping[str, Sweep] = {"sent_lists": Rows(models.SentList, "last_at")}
