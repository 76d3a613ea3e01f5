"""What the door decides: plain values in, plain values out."""
from shanshi.attendance.rules.states import Band, CodeKind, Direction, VisitState

__all__ = ["Band", "CodeKind", "Direction", "VisitState"]
