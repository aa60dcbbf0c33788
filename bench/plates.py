"""How well type plates in pictures are read: the labelled set, what the program makes of it, and how fast.

    python bench/plates.py make                      # draw the set into build/bench/plates/{tune,check}
    python bench/plates.py measure --side tune       # read and scan it; --faults lists what went wrong, on tune only
    python bench/plates.py measure                   # side check; writes results/plates.json and plates.md
    python bench/plates.py curves                    # one damage at a time, five strengths; writes docs/plates.svg and a table
    python bench/plates.py stream --pictures 1000    # a job that is killed and taken up; writes results/pictures.json

*Read* is a plate of which the model stands in a column of a model, as read or as taken, or of which model, maker or brand stands
among what was read with certainty; letters are compared without case, blanks and dashes. *False* is a finding at `probable` or
better in a picture that shows no gear of the five firms: another maker's plate, or a box, a sign or an advertisement.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from hostile import family, private_kb
from PIL import Image
from plate_drawing import photograph, plate_page, taken
from plate_set import DAMAGES, devices, labels, plate, shots, words

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build/bench/plates"
RESULTS = ROOT / "bench/results"
#: Strengths of one damage at which reading is measured, and pictures at each.
STRENGTHS, EACH = (0.0, 0.25, 0.5, 0.75, 1.0), 4
_MODELS = ("model", "model as taken", "part number")
_CERTAIN = (*_MODELS, "maker", "other words")
_AT_PROBABLE = frozenset({"probable", "confirmed"})
Cells = dict[str, str]


def make(folder: Path = FOLDER) -> None:
    """Draw the set; what is there already is left."""
    made = list(shots())
    for side in ("tune", "check"):
        (folder / side).mkdir(parents=True, exist_ok=True)
        ours = [shot for shot in made if shot.side == side]
        (folder / f"{side}.jsonl").write_text(
            "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in labels(ours)), "utf-8"
        )
        for shot in ours:
            path = folder / side / shot.name
            if not path.exists():
                path.write_bytes(photograph(shot))


def read(path: Path) -> list[tuple[str, Cells]]:
    """Give sheet and filled cells of each record that the program reads in a picture."""
    from proscribe.readers import Options, Source, open_source

    reading = open_source(Source(path.name, path, path.stat().st_size), Options())
    return [
        (str(reading.tables[batch.table].sheet), {name: text for name, text in row.items() if text})
        for batch in reading.batches()
        for row in batch.rows.to_pylist()
    ]


def plain(text: str) -> str:
    """Give letters and digits alone, in small letters."""
    return re.sub(r"[\W_]", "", text.casefold())


def judged(truth: Mapping[str, str], records: Sequence[tuple[str, Cells]]) -> dict[str, bool]:
    """Tell what of a plate was read: `model`, `maker`, `either`, `serial`, `mac`, and whether it was taken for a plate."""
    values = {name: [plain(text) for _, cells in records for text in re.split(" [/·|] ", cells.get(name, ""))] for name in
              (*_CERTAIN, "serial", "mac", "code")}  # fmt: skip
    # what a code says that holds none of the letters' numbers was read as well
    values["code"] += [
        plain(one.removeprefix("code: "))
        for _, cells in records
        for one in cells.get("code alone", "").split(" · ")
    ]
    model = any(plain(truth["model"]) in values[name] for name in _MODELS)
    names = [plain(truth["brand"]), *([plain(truth["maker"])] if truth.get("maker") else [])]
    told = [text for name in _CERTAIN for text in values[name]]
    maker = any(name in text for name in names for text in told)
    bare = any(plain(truth["model"]) in text for text in told)
    found = {"model": model, "maker": maker, "either": model or maker or bare, "bare": model or bare}
    found["serial"] = plain(truth["serial"]) in (*values["serial"], *values["code"])
    if truth.get("mac"):
        found["mac"] = plain(truth["mac"]) in (*values["mac"], *values["code"])
    found["plate"] = any(sheet == "(type plates)" for sheet, _ in records)
    return found


def scanned(paths: Sequence[Path]) -> dict[str, tuple[tuple[str, ...], list[tuple[str, Cells]]]]:
    """Scan pictures; give the bands of the findings of each, and sheet and filled cells of each record."""
    from proscribe.app.scan.api import cpu_count, scan_keeping

    result, kept = scan_keeping(paths, processes=cpu_count())
    records: dict[int, list[tuple[str, Cells]]] = defaultdict(list)
    for one in kept:
        for columns in (columns for part in one.parts for columns in part.kept):
            sheet = str(one.tables[columns.table].sheet)
            for row in columns.rows.to_pylist():
                records[one.index].append((sheet, {name: text for name, text in row.items() if text}))
    bands: dict[int, list[str]] = defaultdict(list)
    for finding in result.findings:
        bands[finding.input].append(str(finding.band.value))
    return {
        Path(item.path).name: (tuple(bands[item.index]), records[item.index]) for item in result.scan.inputs
    }


def measure(side: str, faults: bool, every: int = 1) -> dict[str, Any]:
    """Read and scan one side, or one picture in so many of it; give the figures."""
    folder = FOLDER / side
    truths = [json.loads(line) for line in (FOLDER / f"{side}.jsonl").read_text("utf-8").splitlines()][
        ::every
    ]
    told_of = scanned([folder / one["file"] for one in truths])
    bands = {name: of for name, (of, _) in told_of.items()}
    records = {name: of for name, (_, of) in told_of.items()}
    told: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for truth in truths:
        found = bool(_AT_PROBABLE & set(bands.get(truth["file"], ())))
        ours = [one for one in truth["plates"] if one["group"] != "other"]
        if not ours:
            told["all"]["false"].append(found)
            if found and faults:
                print("FALSE", truth["file"], truth["brand"], bands[truth["file"]], records[truth["file"]])
        for one in truth["plates"]:
            got = judged(one, records[truth["file"]])
            if one in ours and len(truth["plates"]) == 1:
                got["found"] = bool(bands.get(truth["file"]))
                got["probable"] = found
            if faults and (not got["bare"] or not got.get("found", True)):
                print(
                    "UNREAD",
                    truth["level"],
                    truth["damages"],
                    one,
                    got,
                    records[truth["file"]],
                    bands.get(truth["file"]),
                    sep="\n   ",
                )
            groups = [
                "all",
                f"level {truth['level']}",
                f"script {one['script']}",
                f"layout {one['layout']}",
                f"group {one['group']}",
            ]
            groups += [f"damage {name}" for name in DAMAGES if truth["damages"].get(name, 0) >= 0.25]
            for group in groups:
                for name, value in got.items():
                    told[group][name].append(value)
    return {
        group: {
            name: {"share": round(sum(of) / len(of), 4), "of": len(of)}
            for name, of in sorted(figures.items())
        }
        for group, figures in sorted(told.items())
    }


def table(figures: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Write figures as a table of Markdown."""
    columns = ("either", "bare", "maker", "serial", "mac", "found", "probable")
    heads = (
        "plates",
        "maker or model",
        "model",
        "maker",
        "serial",
        "MAC",
        "covered: any finding",
        "covered: at probable",
    )
    lines = ["| | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * len(heads)]
    for group, of in figures.items():
        cells = [f"{of[name]['share']:.3f}" if name in of else "" for name in columns]
        lines.append(f"| {group} | {of['either']['of']} | " + " | ".join(cells) + " |")
    false = figures["all"]["false"]
    lines += [
        "",
        f"False at `probable`: {false['share']:.4f} of {false['of']} pictures without covered gear.",
    ]
    return "\n".join(lines) + "\n"


def _one_damage(task: tuple[str, float, int]) -> tuple[str, float, bool]:
    """Draw a plate with one damage and read it; strength 0 has none."""
    name, strength, number = task
    rng = random.Random(f"curve-{number}")
    device = rng.choice([one for one in devices() if one.side == "check"])
    one = plate(device, device.scripts[0], words(), rng)
    path = FOLDER / f"curve-{os.getpid()}.jpg"
    path.write_bytes(taken([plate_page(one, rng)], {"jpeg": 0.1, name: strength}, rng))
    truth = {"brand": device.brand, **one.fields}
    read_so = judged(truth, read(path))["either"]
    path.unlink()
    return name, strength, read_so


def curves(target: Path, each: int = EACH) -> dict[str, list[float]]:
    """Measure reading under one damage at a time and draw it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    tasks = [
        (name, strength, number) for name in DAMAGES for strength in STRENGTHS[1:] for number in range(each)
    ]
    tasks += [("none", 0.0, number) for number in range(each)]
    right: dict[tuple[str, float], list[bool]] = defaultdict(list)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, strength, read_so in pool.map(_one_damage, tasks, chunksize=8):
            right[name, strength].append(read_so)
    start = sum(right["none", 0.0]) / each
    made = {name: [start, *(sum(right[name, one]) / each for one in STRENGTHS[1:])] for name in DAMAGES}
    target.write_text(drawing(made), "utf-8")
    told = {"plates": each, "strengths": STRENGTHS, "read": made}
    (RESULTS / "plate-curves.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    (RESULTS / "plate-curves.md").write_text(curve_table(made, each), "utf-8")
    return made


def curve_table(made: Mapping[str, Sequence[float]], each: int) -> str:
    """Write shares by damage and strength as a table."""
    lines = [
        f"Share of {each} plates at each strength of one damage of which maker or model was read (`bench/plates.py curves`).",
        "",
        f"| damage | {' | '.join(f'{one:g}' for one in STRENGTHS)} |",
        f"| --- |{' ---: |' * len(STRENGTHS)}",
        *(f"| {name} | {' | '.join(f'{one:.2f}' for one in of)} |" for name, of in made.items()),
    ]
    return "\n".join(lines) + "\n"


def drawing(made: Mapping[str, Sequence[float]]) -> str:
    """Draw shares by strength as small charts side by side, one for each damage (SVG)."""
    wide, high, across = 150, 90, 5
    rows = -(-len(made) // across)
    title = "Share of plates of which maker or model was read, by strength of one damage"
    text = ["; ".join(f"{name} {', '.join(f'{one:.2f}' for one in of)}" for name, of in made.items())]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across * (wide + 40) + 20} {rows * (high + 60) + 10}" role="img" '
        'aria-labelledby="t d" font-family="sans-serif" font-size="12">'
        f'<title id="t">{title}</title><desc id="d">{text[0]}</desc>'
        '<rect width="100%" height="100%" fill="#fff"/>'
    ]
    for number, (name, of) in enumerate(made.items()):
        left, top = 40 + number % across * (wide + 40), 30 + number // across * (high + 60)
        points = [
            (left + wide * strength, top + high * (1 - share))
            for strength, share in zip(STRENGTHS, of, strict=True)
        ]
        parts.append(f'<text x="{left}" y="{top - 10}">{name}</text>')
        for share in (0, 0.5, 1):
            y = top + high * (1 - share)
            parts.append(
                f'<path d="M{left} {y}h{wide}" stroke="#bbb"/><text x="{left - 6}" y="{y + 4}" text-anchor="end">{share:g}</text>'
            )
        for strength in (0, 0.5, 1):
            parts.append(
                f'<text x="{left + wide * strength}" y="{top + high + 16}" text-anchor="middle">{strength:g}</text>'
            )
        path = " ".join(f"{'M' if not place else 'L'}{x:.1f} {y:.1f}" for place, (x, y) in enumerate(points))
        parts.append(f'<path d="{path}" fill="none" stroke="#0b5cad" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#0b5cad"/>' for x, y in points]
    return "\n".join([*parts, "</svg>"]) + "\n"


def stream(pictures: int) -> dict[str, Any]:
    """Have a worker scan so many pictures, kill it at a third, let another go on; write results/pictures.json.

    Each is one of the set, a quarter as wide and high (320 × 240 pixels), so that as many can be read in an hour.

    Gives pictures a minute, processor seconds of each, the memory of all processes at each tenth of the way, in MiB, how many
    inputs were finished when the first worker was killed and when the other one began, and how many pictures of which several
    copies are among the inputs got one answer, or several.
    """
    from proscribe.app.background.jobs import status as job_status
    from proscribe.casework.store import Store

    folder = FOLDER / f"stream-{pictures}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "in").mkdir(parents=True)
    files = sorted((FOLDER / "tune").glob("*.jpg")) + sorted((FOLDER / "check").glob("*.jpg"))
    for number in range(pictures):
        path = folder / "in" / f"{number:05}.jpg"
        Image.open(files[number % len(files)]).reduce(4).save(path, quality=85)
        with path.open(
            "ab"
        ) as file:  # each differs behind its end, so that none is known for a copy of another
            file.write(str(number).encode())
    store = ["--store", str(folder / "cases.db"), "--no-config"]
    jobs = [sys.executable, "-m", "proscribe", "jobs"]
    subprocess.run([*jobs, "submit", "scan", str(folder / "in"), "--processes", str(os.cpu_count()), "--by", "bench", *store],
                   check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    parts = folder / "cases.db.files"

    def is_over() -> bool:
        with Store.open(folder / "cases.db") as opened:
            return job_status(opened, "J-0001").state.over

    memory: dict[int, int] = {}
    killed = resumed = 0
    for until in (pictures // 3, pictures + 1):
        worker = subprocess.Popen([*jobs, "work", "--quiet", *store], stdout=subprocess.DEVNULL)
        while not is_over() and (done := finished(parts)) < until:
            resumed = resumed or (done if killed else 0)
            used = sum(private_kb(one) for one in family(worker.pid)) // 1024
            tenth = 10 * done // pictures
            memory[tenth] = max(memory.get(tenth, 0), used)
            time.sleep(5)
        killed = killed or finished(parts)
        worker.kill()
        worker.wait()
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    made = subprocess.run(
        [*jobs, "result", "J-0001", "-o", "-", *store], check=True, capture_output=True
    ).stdout
    alike, differing = same(json.loads(made), len(files))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = {"pictures": pictures, "seconds": round(seconds), "pictures_a_minute": round(60 * pictures / seconds, 1),
            "cpu_seconds_each": round(cpu / pictures, 2), "memory_mib": [memory[tenth] for tenth in sorted(memory)],
            "finished_when_killed": killed, "finished_when_taken_up": resumed,
            "answered_alike": alike, "answered_otherwise": differing, "load": round(os.getloadavg()[2], 1)}  # fmt: skip
    (RESULTS / "pictures.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return told


def finished(folder: Path) -> int:
    """Count the finished inputs that are kept of jobs."""
    return sum(1 for _ in (folder / "parts").rglob("*.sha256"))


def same(made: Mapping[str, Any], distinct: int) -> tuple[int, int]:
    """Count the pictures of which all copies got one answer, and those of which they did not."""
    answers: dict[int, set[str]] = defaultdict(set)
    copies: dict[int, int] = defaultdict(int)
    told: dict[int, list[Any]] = defaultdict(list)
    for one in made["findings"]:
        told[one["input"]].append((one["entity"], one["band"], one["locator"]["pointer"], one["evidence"]))
    for one in made["inputs"]:
        number = int(Path(one["path"]).stem) % distinct
        issues = [(issue["code"], issue["at"]) for issue in one["issues"]]
        copies[number] += 1
        answers[number].add(repr((sorted(map(str, told[one["index"]])), issues)))
    several = [number for number, count in copies.items() if count > 1]
    alike = sum(len(answers[number]) == 1 for number in several)
    return alike, len(several) - alike


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", choices=("make", "measure", "curves", "stream"))
    parser.add_argument("--side", choices=("tune", "check"), default="check")
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--each", type=int, default=EACH, help="curves: plates at each strength")
    parser.add_argument("--every", type=int, default=1, help="measure: one picture in so many")
    given = parser.parse_args(arguments)
    if given.faults and given.side == "check":
        parser.error("faults of the side `check` are not looked at: it only judges")
    works: dict[str, Callable[[], object]] = {"make": make, "curves": lambda: curves(ROOT / "docs/plates.svg", given.each),
                                              "stream": lambda: stream(given.pictures)}  # fmt: skip
    if given.work != "measure":
        print(json.dumps(works[given.work](), indent=1))
        return
    make()
    figures = measure(given.side, given.faults, given.every)
    print(table(figures))
    if given.side == "check":
        sample = f"One picture in {given.every} of the side `check`.\n\n" if given.every > 1 else ""
        (RESULTS / "plates.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
        (RESULTS / "plates.md").write_text(sample + table(figures), "utf-8")


if __name__ == "__main__":
    main()
