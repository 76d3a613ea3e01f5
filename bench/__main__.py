"""python -m bench [scans] [sign-ups] [postings] [starts]    measures, prints a table, writes results.json

Without a word it measures everything.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench import capture, contest, machine, sign_ups, starts
from bench.city import PEOPLE, PLACES, ROUNDS
from bench.ground import ROOT, Ground, fresh
from bench.rows import Row, against, at_most, truth

RESULTS = Path(__file__).with_name("results.json")
SCAN_CLIENTS, SIGN_UP_CLIENTS = 32, 64
HTTP_GOAL, SINGLE_GOAL, BATCH_GOAL, P99_GOAL_S = 0.40, 0.6, 3.0, 1.0
POST_PROCESSES, POST_THREADS = 2, 4
BATCH = 300
POST_S, POST_ROUNDS = 6, 3
PGBENCH_SCALE = 10


def say(text: str) -> None:
    """Tell what is going on."""
    print(f"  {text}", file=sys.stderr, flush=True)


def city(ground: Ground) -> Path:
    """Fill a database with people and shifts, once for scans and sign-ups; return the folder of plans."""
    folder = ground.home / "plans"
    if not folder.exists():
        say("registering people and publishing shifts")
        folder.mkdir()
        ground.make("city")
        ground.run("city", "manage.py", "migrate", "--verbosity=0", SHANSHI_AS_OWNER="1")
        ground.run("city", "-m", "bench.city", str(folder))
        ground.tidy("city")
    return folder


def scans(ground: Ground) -> list[Row]:
    """Scans over HTTP, in rounds that alternate with their reference."""
    plans = [city(ground) / f"scans-{number}" for number in range(ROUNDS)]
    ground.make("scans", like="city")
    product, reference = contest.Run(0, 0.0), contest.Run(0, 0.0)
    for number, plan in enumerate(plans):
        groups = replayable(ground, f"scans_{number}", plan)
        say(f"scans, round {number + 1}: the product")
        with ground.serving("scans") as port:
            contest.over_http(port, SCAN_CLIENTS, plan.with_name("warm-up"))
            product += contest.over_http(port, SCAN_CLIENTS, plan)
        say(f"scans, round {number + 1}: pgbench")
        reference += replayed(ground, f"scans_{number}", groups, SCAN_CLIENTS)
        say(f"so far {product.rate:.0f}/s against {reference.rate:.0f}/s")
    note = told(product, reference, groups)
    rate = contest.with_generator(reference, product)
    return [
        against(f"scans over HTTP, {SCAN_CLIENTS} clients", product.rate, "scans/s", rate, HTTP_GOAL, note),
        at_most("scans over HTTP, p99", sign_ups.percentile(product.answers, 0.99), "s", P99_GOAL_S),
    ]


def storm(ground: Ground) -> list[Row]:
    """Ten thousand people for fifty places."""
    folder = city(ground)
    plan, shift_id = folder / "sign-ups-0", (folder / "shift").read_text()
    groups = replayable(ground, "signups_0", plan)
    ground.make("signups", like="city")
    say("sign-ups: the product")
    with ground.serving("signups") as port:
        contest.over_http(port, SIGN_UP_CLIENTS, plan.with_name("warm-up"))
        product = contest.over_http(port, SIGN_UP_CLIENTS, plan)
    wrong = sign_ups.faults(product.answers, sign_ups.kept(ground, "signups", shift_id), places=PLACES)
    say("sign-ups: pgbench")
    reference = replayed(ground, "signups_0", groups, SIGN_UP_CLIENTS)
    rate = contest.with_generator(reference, product)
    note = told(product, reference, groups)
    name = f"sign-ups over HTTP, {SIGN_UP_CLIENTS} clients"
    exact = "; ".join(wrong) or "exact counts, no gap, none overtaken"
    return [
        against(name, product.rate, "sign-ups/s", rate, HTTP_GOAL, note),
        at_most(f"{name}, p99", sign_ups.percentile(product.answers, 0.99), "s", P99_GOAL_S),
        truth(f"sign-ups: {PEOPLE} people for {PLACES} places", not wrong, exact),
    ]


def replayable(ground: Ground, name: str, plan: Path) -> list[list[capture.Caught]]:
    """Catch a plan's transactions on a copy, and keep another copy to replay them on."""
    say(f"catching the transactions of {plan.name}")
    ground.make(f"{name}_caught", like="city")
    groups = capture.caught(ground, f"{name}_caught", plan)
    ground.make(f"{name}_replay", like="city")
    return groups


def replayed(ground: Ground, name: str, groups: list[list[capture.Caught]], clients: int) -> contest.Run:
    """Replay caught transactions by pgbench."""
    folder = ground.home / f"{name}_scripts"
    folder.mkdir()
    with ground.as_superuser(f"{name}_replay") as connection:
        scripts = capture.scripts(groups, clients, folder, connection)
    return contest.over_pgbench(ground, f"{name}_replay", scripts, len(groups))


def told(product: contest.Run, reference: contest.Run, groups: list[list[capture.Caught]]) -> str:
    """What must be known to read a ratio."""
    each = sum(map(len, groups)) / len(groups)
    generator_us = 1e6 * product.cpu_s / product.requests
    return (
        f"{each:.1f} statements a request; pgbench alone {reference.rate:.0f}/s "
        f"(ratio {product.rate / reference.rate:.2f}); the generator cost {generator_us:.0f} us a request"
    )


def postings(ground: Ground) -> list[Row]:
    """Single postings against pgbench, and batches against single postings, in turns."""
    ground.make("postings")
    ground.run("postings", "manage.py", "migrate", "--verbosity=0", SHANSHI_AS_OWNER="1")
    ground.pgbench("postings", "-i", "-q", "-s", str(PGBENCH_SCALE), user="shanshi_owner").communicate()
    clients = POST_PROCESSES * POST_THREADS
    base, single, batch = 0.0, 0.0, 0.0
    for number in range(POST_ROUNDS):
        say(f"postings, round {number + 1}")
        ground.tidy("postings")
        base += simple_updates(ground, clients) / POST_ROUNDS
        single += posted(ground, 1) / POST_ROUNDS
        batch += posted(ground, BATCH) / POST_ROUNDS
    name = f"single postings, {clients} clients"
    note = f"mean of {POST_ROUNDS} rounds in turns; {POST_PROCESSES} processes of {POST_THREADS} threads"
    return [
        against(name, single, "transfers/s", base, SINGLE_GOAL, note),
        against(f"batch postings of {BATCH}", batch, "transfers/s", single, BATCH_GOAL, note),
    ]


def simple_updates(ground: Ground, clients: int) -> float:
    """The rate of `pgbench -N -M prepared`."""
    words = ["-N", "-M", "prepared", "-n", "-c", str(clients), "-j", "2", "-T", str(POST_S)]
    said, wrong = ground.pgbench("postings", *words, user="shanshi_owner").communicate()
    for line in said.splitlines():
        if line.startswith("tps = "):
            return float(line.split()[2])
    raise RuntimeError(f"pgbench: {said} {wrong}")


def posted(ground: Ground, size: int) -> float:
    """The rate of the product's own postings, in transfers a second."""
    words = [str(POST_PROCESSES), str(POST_THREADS), str(size), str(POST_S)]
    run = subprocess.run(
        [sys.executable, "-m", "bench.postings", *words],
        cwd=ROOT,
        env=ground.environ("postings"),
        capture_output=True,
        text=True,
        check=True,
    )
    done = json.loads(run.stdout)
    return float(done["transfers"] / done["seconds"])


def first_pages(_: Ground) -> list[Row]:
    """How long `make demo` takes."""
    say("make demo in a fresh clone, twice")
    first, second = starts.first_and_second()
    return [
        at_most("first make demo to the first page", first, "s", starts.FIRST_GOAL_S),
        at_most("second start to the first page", second, "s", starts.SECOND_GOAL_S),
    ]


PARTS: dict[str, Callable[[Ground], list[Row]]] = {
    "scans": scans,
    "sign-ups": storm,
    "postings": postings,
    "starts": first_pages,
}


def table(rows: list[Row]) -> str:
    """The rows for a person."""
    lines = [f"{'':44} {'value':>10} {'reference':>10} {'ratio':>6} {'goal':>6}"]
    for row in rows:
        reference = "" if row.reference is None else f"{row.reference:.0f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        value = f"{row.value:.2f}" if row.value < 100 else f"{row.value:.0f}"
        met = "met" if row.met else "NOT MET"
        lines.append(
            f"{row.name:44} {value:>10} {reference:>10} {ratio:>6} {row.goal:>6g}  {met}  ({row.unit})"
        )
        if row.note:
            lines.append(f"    {row.note}")
    return "\n".join(lines)


def main(parts: list[str]) -> int:
    """Measure the parts, print the table, and write the results if everything was measured."""
    if unknown := set(parts) - set(PARTS):
        print(f"unknown: {' '.join(sorted(unknown))}; there are {' '.join(PARTS)}", file=sys.stderr)
        return 2
    where = machine.facts()
    rows: list[Row] = []
    with fresh() as ground:
        for part in parts or list(PARTS):
            rows += PARTS[part](ground)
    print(table(rows))
    results = {"machine": where, "rows": [row.as_json() for row in rows]}
    target = RESULTS if not parts else RESULTS.with_name("results-part.json")
    target.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
