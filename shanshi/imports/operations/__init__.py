"""Changes of lists: sent, looked at, taken, undone; one transaction each."""

from shanshi.imports.operations.progress import Progress
from shanshi.imports.operations.sending import drop, look, send
from shanshi.imports.operations.taking import begin_again, give_up, take, undo, want, want_back

__all__ = [
    "Progress",
    "begin_again",
    "drop",
    "give_up",
    "look",
    "send",
    "take",
    "undo",
    "want",
    "want_back",
]
