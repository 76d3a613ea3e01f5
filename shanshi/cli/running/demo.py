"""The demo: a database of its own, the Hangzhou case in it, and who can be played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from rich.box import SIMPLE
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from shanshi.cli.running.speaking import chinese, out, say

CASE = Path(__file__).resolve().parents[3] / "cases" / "hangzhou-2019-03"
STARTS_AT = datetime(2019, 3, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Told(Protocol):
    """How a loader tells how far it is."""

    def __call__(self, done: int, total: int, what: str) -> None: ...


def prepare() -> None:
    """Have the Hangzhou case in a database marked as demo, and its clock go on from where it was.

    Raises NotADemoDatabase, and what a wrong case is refused for.
    """
    from shanshi.cities import operations as cities
    from shanshi.foundation import installation

    installation.mark_as_demo(starts_at=STARTS_AT)
    if not cities.is_loaded():
        say("Loading the Hangzhou case of March 2019.", "正在载入杭州案例（2019 年 3 月）。")
        with progress() as told:
            cities.load_case(CASE, progress=told)
    installation.resume()


@contextmanager
def progress() -> Iterator[Told]:
    """Show how far it is: a bar on a terminal, a line each tenth elsewhere."""
    if not out.is_terminal:
        yield lines()
        return
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out) as bars:
        task = bars.add_task("", total=None)

        def told(done: int, total: int, what: str) -> None:
            bars.update(task, completed=done, total=total, description=what)

        yield told


def lines() -> Told:
    """Return a teller for logs."""
    last = -1

    def told(done: int, total: int, what: str) -> None:
        nonlocal last
        tenth = 10 * done // total if total else 0
        if tenth != last:
            last = tenth
            say(f"  {10 * tenth:3d} %  {what}")

    return told


def show_accounts(url: str) -> None:
    """Print the people whom a visitor of the demo can be."""
    from shanshi.portal.rules import DEMO_ACCOUNTS

    table = Table(
        title="Demo accounts 演示账号", title_justify="left", title_style="bold", box=SIMPLE, pad_edge=False
    )
    for heading in ("Who 谁", "身份", "Kind", "Phone 手机"):
        table.add_column(heading)
    for account in DEMO_ACCOUNTS:
        table.add_row(account.name, chinese().gettext(account.kind), account.kind, account.phone)
    out.print(table)
    out.print(
        f"One click signs in 一键登录: {url}/demo   ·   text messages 短信: {url}/demo/outbox", markup=False
    )
