"""Children that do not outlive their parent, even when it is killed and can do nothing about it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def end_with_this_process(with_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a child must do first, so that the kernel sends it a signal when this process is gone.

    To be given as `preexec_fn`. None where the system cannot do it: there the next start clears up.
    The kernel watches the thread that started the child, so start children in the main thread.
    """
    if sys.platform != "linux":
        return None
    # Loaded here: a child between fork and exec should not load anything.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
        if os.getppid() != parent:  # it went in between
            os.kill(os.getpid(), with_signal)

    return bind
