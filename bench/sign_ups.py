"""The storm of sign-ups, and whether nobody was wronged in it."""

from __future__ import annotations

import json
from typing import Any

from bench.ground import Ground

_KEPT = """
SELECT u.id::text, u.state, u.arrival, s.taken, s.waiting, s.capacity
FROM activities_signup u JOIN activities_shift s ON s.activity_id = u.activity_id AND s.id = u.shift_id
WHERE u.shift_id = %s ORDER BY u.arrival
"""


def faults(answers: list[Any], kept: list[tuple[Any, ...]], *, places: int) -> list[str]:
    """Return everything that is wrong with a storm; nothing if everybody got what was theirs.

    answers  index, status, sent, answered, body
    kept     what the database holds, by arrival: id, state, arrival, taken, waiting, capacity
    """
    said = [(json.loads(answer[4]), answer[2], answer[3]) for answer in answers]
    placed = [one for one, _, _ in said if one["state"] == "placed"]
    positions = sorted(one["position"] for one, _, _ in said if one["state"] == "waiting")
    wrong = []
    if len(placed) != places:
        wrong.append(f"{len(placed)} were told that they have one of {places} places")
    if positions != list(range(1, len(said) - places + 1)):
        wrong.append("the positions told have gaps or doubles")
    states = [row[1] for row in kept]
    if states != ["placed"] * places + ["waiting"] * (len(said) - places):
        wrong.append("the database holds other states than were earned by arrival")
    if [row[2] for row in kept] != list(range(1, len(said) + 1)):
        wrong.append("the arrivals in the database have gaps")
    if kept and (kept[0][3], kept[0][4]) != (places, len(said) - places):
        wrong.append(f"the shift counts {kept[0][3]} taken and {kept[0][4]} waiting")
    times = {one["id"]: (sent, answered) for one, sent, answered in said}
    if late := overtaken([times[row[0]] for row in kept]):
        wrong.append(f"{late} came after somebody whose request began after theirs was answered")
    return wrong


def overtaken(spans: list[tuple[float, float]]) -> int:
    """Return how many requests stand behind one that was sent only after they had been answered.

    spans  when each was sent and answered, in the order in which they arrived by the books
    """
    wronged, latest_sent = 0, float("-inf")
    for sent, answered in spans:
        if answered < latest_sent:
            wronged += 1
        latest_sent = max(latest_sent, sent)
    return wronged


def kept(ground: Ground, database: str, shift_id: str) -> list[tuple[Any, ...]]:
    """Return what the database holds of the storm."""
    with ground.as_superuser(database) as connection:
        return connection.execute(_KEPT, [shift_id]).fetchall()


def percentile(answers: list[Any], share: float) -> float:
    """Return the time that this share of requests took at most, in seconds."""
    times = sorted(answer[3] - answer[2] for answer in answers)
    return float(times[min(len(times) - 1, int(share * len(times)))])
