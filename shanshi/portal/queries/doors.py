"""The last scans of a door with masked names, for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shanshi.attendance.queries import LastScan
from shanshi.registry import queries as registry


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One of the last scans, with the masked name and the number of whom it was about."""

    scan: LastScan
    name: str
    number: str


def scan_lines(scans: Sequence[LastScan]) -> list[ScanLine]:
    """Return the scans with whom they were about, in one query."""
    people = registry.volunteers([one.holder_id for one in scans])
    return [
        ScanLine(
            one,
            people[one.holder_id].masked_name if one.holder_id in people else "—",
            people[one.holder_id].number if one.holder_id in people else "",
        )
        for one in scans
    ]
