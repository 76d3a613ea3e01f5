"""What the room lets go when it has been kept long enough."""

from __future__ import annotations

from collections.abc import Mapping

from shanshi.attendance import models
from shanshi.foundation.retention import Rows, Sweep

SWEEPS: Mapping[str, Sweep] = {
    "exact_places": Rows(models.ScanLocation, "recorded_at"),
    "refused_scans": Rows(models.FailedScan, "scanned_at"),
}
