"""Draw the map of the page World, `src/proscribe/web/world_map.json`, from Natural Earth as world-atlas packs it.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python docs/make_world_map.py package/countries-110m.json

It is drawn again only when another edition of the source is taken; a file of another digest is refused. world-atlas is under the
ISC licence (LICENSE-world-atlas.md beside what is drawn), Natural Earth is in the public domain.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/proscribe/web/world_map.json"
SOURCE = "npm world-atlas 2.0.2, countries-110m.json (Natural Earth 1:110m, public domain)"
SHA256 = "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8"
#: Nations that the law speaks of, by the number that ISO 3166-1 gives them.
NATIONS = {
    "040": "AT", "036": "AU", "056": "BE", "124": "CA", "756": "CH", "188": "CR", "203": "CZ", "276": "DE", "208": "DK",
    "233": "EE", "724": "ES", "246": "FI", "250": "FR", "826": "GB", "372": "IE", "356": "IN", "380": "IT", "392": "JP",
    "440": "LT", "428": "LV", "528": "NL", "578": "NO", "554": "NZ", "616": "PL", "620": "PT", "642": "RO", "752": "SE",
    "705": "SI", "703": "SK", "158": "TW", "840": "US",
}  # fmt: skip
ANTARCTICA = "010"
WIDTH, TOP, BOTTOM = 960, 84.0, -58.0
Point = tuple[float, float]
Ring = list[Point]


def projected(longitude: float, latitude: float) -> Point:
    """Project a place: the Natural Earth projection of T. Patterson, by the polynomial of B. Jenny and others."""
    lat = math.radians(latitude)
    square = lat * lat
    fourth = square * square
    x = math.radians(longitude) * (
        0.8707 - 0.131979 * square + fourth * (-0.013791 + fourth * (0.003971 * square - 0.001529 * fourth))
    )
    y = lat * (1.007226 + square * (0.015085 + fourth * (-0.044475 + 0.028874 * square - 0.005916 * fourth)))
    scale = WIDTH / (2 * math.pi * 0.8707)
    return WIDTH / 2 + x * scale, -y * scale


def arcs_of(topology: Any) -> list[Ring]:
    """Give every line of the source as projected points; those beyond the edges of the map lie on them."""
    (scale_x, scale_y), (at_x, at_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    made = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Ring = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append(projected(x * scale_x + at_x, min(TOP, max(BOTTOM, y * scale_y + at_y))))
        made.append(line)
    return made


def rings_of(geometry: Any, arcs: Sequence[Ring]) -> Iterator[Ring]:
    """Give the outlines of a nation."""
    shapes = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for shape in shapes:
        for ring in shape:
            yield [
                point for place in ring for point in (arcs[place] if place >= 0 else reversed(arcs[~place]))
            ]


def path_of(rings: Sequence[Ring], down: float, digits: int) -> str:
    """Write outlines as a path; steps that are nothing at this accuracy are left out."""
    unit = 10**digits

    def text(number: int) -> str:
        return f"{number / unit:g}"

    made = []
    for ring in rings:
        whole = [(round(x * unit), round((y + down) * unit)) for x, y in ring]
        kept = [point for place, point in enumerate(whole) if place == 0 or point != whole[place - 1]]
        if len(kept) < 4:
            continue
        x, y = kept[0]
        steps = [f"M{text(x)},{text(y)}l"]
        for next_x, next_y in kept[1:-1]:
            # An outline that goes on at the other edge of the map is not drawn across it.
            across = abs(next_x - x) > WIDTH * unit / 2
            steps.append(
                f"{'m' if across else ''}{text(next_x - x)},{text(next_y - y)} {'l' if across else ''}"
            )
            x, y = next_x, next_y
        closed = abs(kept[0][0] - x) <= WIDTH * unit / 2
        made.append("".join(steps).rstrip(" l") + ("z" if closed else ""))
    return "".join(made)


def middle_of(rings: Sequence[Ring], down: float) -> list[int]:
    """Give where the name of a nation stands: the middle of its largest outline."""

    def area(ring: Ring) -> float:
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2

    ring = max(rings, key=lambda one: abs(area(one)))
    whole = area(ring)
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * whole)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * whole)
    return [round(x), round(y + down)]


def drawn(topology: Any) -> dict[str, Any]:
    """Draw the map: an outline for each nation of `NATIONS`, and one for all others together."""
    arcs = arcs_of(topology)
    down = -projected(0, TOP)[1]
    nations: dict[str, Any] = {}
    others: list[Ring] = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        rings = list(rings_of(geometry, arcs))
        code = NATIONS.get(geometry.get("id", ""))
        if geometry.get("id") == ANTARCTICA:
            continue
        if code is None:
            others += rings
        else:
            nations[code] = {"d": path_of(rings, down, 1), "at": middle_of(rings, down)}
    assert nations.keys() == set(NATIONS.values())
    height = round(projected(0, BOTTOM)[1] + down)
    return {
        "source": SOURCE, "sha256": SHA256, "width": WIDTH, "height": height,
        "nations": dict(sorted(nations.items())), "others": path_of(others, down, 0),
    }  # fmt: skip


def main() -> None:
    """Write the map of the file that is named."""
    data = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise SystemExit(f"{sys.argv[1]} is not the file of {SOURCE}.")
    TARGET.write_text(json.dumps(drawn(json.loads(data)), indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
