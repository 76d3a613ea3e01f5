"""What goes when a person is forgotten."""

from __future__ import annotations

from uuid import UUID

from shanshi.attendance import models


def forget(holder_id: UUID) -> int:
    """Delete the exact places of a volunteer's scans, and return how many rows went.

    Visits and scans know a person only as an opaque holder, and a device only as a keyed hash; erasure
    destroys what ties the holder to a person, in the registry, and leaves evidence and books as they are.

    Source: PIPL art. 47, as in rules of the city, section 3.
    """
    gone, _ = models.ScanLocation.objects.filter(holder_id=holder_id).delete()
    return gone
