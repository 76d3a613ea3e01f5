"""What classes of data there are, and until when one may be kept."""

from shanshi.keeping.rules.classes import CLASSES, DataClass, Happens, class_of
from shanshi.keeping.rules.terms import cutoff, decide_retention, waits

__all__ = ["CLASSES", "DataClass", "Happens", "class_of", "cutoff", "decide_retention", "waits"]
