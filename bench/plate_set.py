"""What stands on each plate of the labelled set, and what the camera did to it: same seed, same set.

A device is on one side, `tune` or `check`, by a digest of its maker and model (`rows.split_of`); its picture follows from its
number. Devices: `plates/devices.csv`, words: `plates/words.toml`. Serial numbers and the last halves of addresses are made up.
"""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rows import split_of

FOLDER = Path(__file__).resolve().parent / "plates"
SCRIPTS = ("latin", "hans", "hant", "ja")
#: How lines lie on a plate.
LAYOUTS = ("keys", "stacked", "table", "columns", "dense", "bare")
#: What a camera does to a plate. Strength 0 leaves it alone; at 0.5 a person still reads it well, at 1 hardly.
DAMAGES = ("perspective", "rotation", "blur", "motion", "noise", "glare", "dark", "jpeg", "distance")
#: Plates and other pictures of the whole set, and of how many pictures each level is.
PLATES, OTHERS = 300, 60
LEVELS = {"none": 2, "moderate": 6, "severe": 2}
#: One picture in so many shows a second plate.
_SECOND_IN = 15
_OTHERS = ("box", "advert", "denial", "wall", "prompt")


@dataclass(frozen=True, slots=True)
class Device:
    """One row of `devices.csv`. `group`: one of the `five` firms, a `relabel` of one, or `other`; then `entity` is empty."""

    group: str
    entity: str
    maker: str
    brand: str
    model: str
    what: str
    scripts: tuple[str, ...]

    @property
    def side(self) -> str:
        """`tune` or `check`."""
        return split_of(f"plate:{self.brand}:{self.model}")


@dataclass(frozen=True, slots=True)
class Plate:
    """What stands on a plate.

    Attributes:
        lines: key and value in the order of the plate; a line without a key has an empty one.
        fields: `model`, `serial`, `mac`, `maker` where they stand with a key.
        code: what its code holds, and the kind of code; both empty without one.
    """

    device: Device
    script: str
    layout: str
    lines: tuple[tuple[str, str], ...]
    fields: dict[str, str]
    code: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        kind: `plate`, or what else is shown.
        texts: lines of what is no plate.
        damages: strength by name of damage, 0 to 1.
    """

    number: int
    side: str
    kind: str
    level: str
    plates: tuple[Plate, ...] = ()
    texts: tuple[str, ...] = ()
    device: Device | None = None
    damages: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """File name."""
        return f"{self.kind}-{self.number:03}.jpg"


def devices() -> list[Device]:
    """Read the devices."""
    with (FOLDER / "devices.csv").open(newline="", encoding="utf-8") as stream:
        return [
            Device(**(row | {"scripts": tuple(row["scripts"].split())}))  # type: ignore[arg-type]
            for row in csv.DictReader(stream)
        ]


def words() -> dict[str, dict[str, list[str]]]:
    """Read the words of plates by script."""
    return tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))


def shots(seed: int = 889) -> Iterator[Shot]:
    """Give the pictures of the set: first the plates, then what is none."""
    made, wording = devices(), words()
    pairs = [(device, script) for device in made for script in device.scripts]
    random.Random(f"order-{seed}").shuffle(pairs)
    levels = [name for name, count in LEVELS.items() for _ in range(count)]
    for number in range(PLATES):
        rng = random.Random(f"plate-{seed}-{number}")
        device, script = pairs[number % len(pairs)]
        plates = [plate(device, script, wording, rng)]
        if number % _SECOND_IN == 0:
            other = rng.choice([one for one in made if one.side == device.side and one != device])
            plates.append(plate(other, other.scripts[0], wording, rng))
        level = levels[(number + number // len(pairs)) % len(levels)]
        yield Shot(
            number, device.side, "plate", level, tuple(plates), device=device, damages=damaged(level, rng)
        )
    for number in range(OTHERS):
        rng = random.Random(f"other-{seed}-{number}")
        kind, device = _OTHERS[number % len(_OTHERS)], rng.choice(made)
        level = levels[number % len(levels)]
        texts = tuple(
            line.format(brand=device.brand, model=device.model, what=device.what)
            for line in wording["not-plates"][kind]
        )
        yield Shot(number, device.side, kind, level, texts=texts, device=device, damages=damaged(level, rng))


def damaged(level: str, rng: random.Random) -> dict[str, float]:
    """Draw two or three damages of a level; no hand holds a telephone quite straight."""
    slight = {"perspective": 0.15 * rng.random(), "rotation": 0.1 * rng.random(), "jpeg": 0.2}
    if level == "none":
        return slight
    low, high = {"moderate": (0.25, 0.5), "severe": (0.5, 0.9)}[level]
    drawn = rng.sample(DAMAGES, rng.choice((2, 3)))
    return slight | {name: round(rng.uniform(low, high), 2) for name in drawn}


def plate(device: Device, script: str, wording: dict[str, dict[str, list[str]]], rng: random.Random) -> Plate:
    """Put together what stands on the plate of a device."""
    said = wording[script]
    layout = rng.choice(LAYOUTS)
    serial = _serial(rng)
    mac = _mac(rng)
    fields = {"model": device.model, "serial": serial}
    lines = [("", device.brand), ("", device.what)]
    body = [(rng.choice(said["model"]), device.model)]
    if layout == "bare":  # the number alone, in its own line
        body = [("", device.model)]
    if rng.random() < 0.6:
        body.append(
            (
                rng.choice(said["rating"]),
                rng.choice(("12V⎓0.5A", "DC 12V 1A", "PoE 48V 12W", "100-240V~ 50/60Hz 1.5A")),
            )
        )
    body.append((rng.choice(said["serial"]), serial))
    if rng.random() < 0.6:
        body.append((rng.choice(said["mac"]), mac))
        fields["mac"] = mac
    if rng.random() < 0.4:
        body.append((rng.choice(said["date"]), f"{rng.randint(2017, 2024)}/{rng.randint(1, 12):02}"))
    if device.maker and rng.random() < 0.7:
        body.append((rng.choice(said["maker"]), device.maker))
        fields["maker"] = device.maker
    if rng.random() < 0.3:
        head, *tail = body
        rng.shuffle(tail)
        body = [head, *tail]
    feet = [("", rng.choice(said["foot"])), ("", rng.choice(said["made"]))]
    code = ("", "")
    if rng.random() < 0.35:
        code = (serial, rng.choice(("QRCode", "Code128", "DataMatrix")))
    return Plate(device, script, layout, (*lines, *body, *feet), fields, code)


def _serial(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    shapes = ("LLLLLddddd", "dLddddLLLddddd", "ddddddddd", "LddddddddLLd", "ddLdLLddddddddd")
    return "".join(
        rng.choice(letters) if one == "L" else rng.choice("0123456789") for one in rng.choice(shapes)
    )


def _mac(rng: random.Random) -> str:
    """Make up an address that is nobody's: locally administered."""
    octets = [rng.choice("02468ACE").join(("", "2")), *(f"{rng.randrange(256):02X}" for _ in range(5))]
    return rng.choice((":", "-", "")).join(octets)


def labels(made: Sequence[Shot]) -> Iterator[dict[str, Any]]:
    """Give what is true of each picture: one object for each file."""
    for shot in made:
        yield {
            "file": shot.name, "side": shot.side, "kind": shot.kind, "level": shot.level, "damages": shot.damages,
            "brand": shot.device.brand if shot.device else "",
            "plates": [
                {"group": one.device.group, "entity": one.device.entity, "brand": one.device.brand, "script": one.script,
                 "layout": one.layout, "code": one.code[1], **one.fields}
                for one in shot.plates
            ],
        }  # fmt: skip
