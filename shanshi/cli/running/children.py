"""Children of a service: started together, watched, and ended in order, whatever ends this process."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from shanshi.cli.running.refusals import ChildKeepsEnding
from shanshi.cli.running.speaking import say
from shanshi.foundation.postgres.lifeline import end_with_this_process

MARK = "SHANSHI_STARTED_BY"  # in the environment of everything we start, so that it can be found again
MOST_ENDS = 3
WITHIN_S = 60
END_LIMIT_S = 15
LOOK_EVERY_S = 0.25


@dataclass
class Child:
    """One process of the service.

    name  what people call it
    command  what to run
    more_environ  what it must know beside what all know
    """

    name: str
    command: Sequence[str]
    more_environ: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    ended_at: list[float] = field(default_factory=list)

    def start(self, mark: str) -> None:
        """Start it in a session of its own: Ctrl-C is ours to handle, in order."""
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            env={**needed(os.environ), **self.more_environ, MARK: mark},
            start_new_session=True,
            preexec_fn=end_with_this_process(signal.SIGTERM),  # noqa: PLW1509 - no thread of ours runs Python then
        )

    def end(self, *, at_once: bool = False) -> None:
        """Ask it to end, then make it; and whatever it started itself."""
        if self.process is None:
            return
        if not at_once:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(END_LIMIT_S)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def needed(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what a child must know: where the application has a login of its own, not the owner's."""
    owners = {"DATABASE_URL"} if environ.get("SHANSHI_APP_DATABASE_URL") else set()
    return {name: value for name, value in environ.items() if name not in owners}


class Service:
    """Children that live and end together.

    mark  a random word; a later start finds by it what this one could not end
    """

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.children: list[Child] = []
        self._ending = threading.Event()

    def end_on_signals(self) -> None:
        """From now on Ctrl-C and SIGTERM end the service in order instead of interrupting it."""
        signal.signal(signal.SIGINT, lambda *_: self._ending.set())
        signal.signal(signal.SIGTERM, lambda *_: self._ending.set())
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
            signal.signal(signal.SIGHUP, lambda *_: self._ending.set())

    def start(self, child: Child) -> None:
        """Start a child; it is ended before those started earlier."""
        child.start(self.mark)
        self.children.append(child)

    def ask_for_the_end(self) -> None:
        """Let `watch` return."""
        self._ending.set()

    @property
    def ending(self) -> bool:
        """Whether somebody asked for the end."""
        return self._ending.is_set()

    def watch(self, each_look: Callable[[], None]) -> None:
        """Stay until somebody asks for the end; start again what ended by itself.

        each_look  called some times a second

        Raises ChildKeepsEnding.
        """
        while not self._ending.wait(LOOK_EVERY_S):
            for child in self.children:
                self.look_at(child)
            each_look()

    def look_at(self, child: Child) -> None:
        """Start a child again if it ended.

        Raises ChildKeepsEnding.
        """
        if child.process is None or (status := child.process.poll()) is None or self.ending:
            return
        now = time.monotonic()
        child.ended_at = [at for at in child.ended_at if now - at < WITHIN_S] + [now]
        child.end()  # what it had started itself may still hold the port
        if len(child.ended_at) >= MOST_ENDS:
            raise ChildKeepsEnding(name=child.name, times=len(child.ended_at), status=status)
        child.start(self.mark)
        say(f"The {child.name} ended with status {status} and was started again.")

    def start_all_again(self) -> None:
        """Kill the children, who have lost their database and nothing else, and start them again."""
        for child in self.children:
            child.end(at_once=True)
        for child in self.children:
            child.start(self.mark)

    def end(self) -> None:
        """End the children, the last one first."""
        for child in reversed(self.children):
            child.end()
        self.children.clear()


def end_leftovers(mark: str) -> int:
    """End what an earlier service left behind when it was killed. Returns how many processes that were."""
    left = [process for process in psutil.process_iter() if mark_of(process) == mark]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=END_LIMIT_S)
    return len(left)


def mark_of(process: psutil.Process) -> str | None:
    """Return the mark in a process's environment; None for other people's processes."""
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None
