"""Changes: scans, confirmations, released coins, visits of a case, erasure."""

from shanshi.attendance.operations.confirming import (
    Confirmed,
    close_forgotten,
    confirm,
    confirm_each,
    confirm_many,
)
from shanshi.attendance.operations.erasing import forget
from shanshi.attendance.operations.evaluating import evaluate
from shanshi.attendance.operations.reading import ScanSent
from shanshi.attendance.operations.recording import VisitRow, record_visits
from shanshi.attendance.operations.scanning import ScanAnswer, scan
from shanshi.attendance.operations.settling import settle
from shanshi.attendance.operations.telling import tell_expiring
from shanshi.attendance.operations.undoing import Undone, undo

__all__ = [
    "Confirmed",
    "ScanAnswer",
    "ScanSent",
    "Undone",
    "VisitRow",
    "close_forgotten",
    "confirm",
    "confirm_each",
    "confirm_many",
    "evaluate",
    "forget",
    "record_visits",
    "scan",
    "settle",
    "tell_expiring",
    "undo",
]
