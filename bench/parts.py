"""A bill of materials at size: a CycloneDX document read, matched and rolled up, beside the format's own library.

    python bench/parts.py                          1 M components, 3 rounds; the library on 100 k, in the same rounds
    python bench/parts.py --components 100000 --runs 2
    python bench/parts.py --install-rivals         cyclonedx-python-lib and ijson

Every program runs in a process of its own, all in turn, after one round of warm-up. Ours reads, matches, weighs, finds
what contains each find and writes it all; cyclonedx-python-lib only builds its objects, ijson only yields the components.
The library holds the whole document in objects, so it runs on a smaller one (`--rival-components`); rates are per component.
Writes bench/results/parts.json and parts.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from racing import AS_OF, ROOT, Program, paired_ratio, race, rounds
from rows import BENCH

RESULTS = BENCH / "results"
SEED = 20261125
#: Share of components that are covered chips.
COVERED_SHARE = 0.001
#: Components in one assembly.
ASSEMBLY = 100

LIBRARY = """
import json, sys
from cyclonedx.model.bom import Bom
with open(sys.argv[1], encoding="utf-8") as stream:
    bom = Bom.from_json(json.load(stream))
print(len(bom.components))
"""
IJSON = """
import sys
import ijson.backends.yajl2_c as ijson
with open(sys.argv[1], "rb") as stream:
    print(sum(1 for _ in ijson.items(stream, "components.item")))
"""

_MAKERS = (
    "Murata",
    "Yageo",
    "Samtec",
    "Molex",
    "TE Connectivity",
    "Vishay",
    "Texas Instruments",
    "STMicroelectronics",
)
_KINDS = (
    "capacitor",
    "resistor",
    "connector",
    "inductor",
    "microcontroller",
    "transistor",
    "oscillator",
    "relay",
)
_CHIPS = ("Hi3516CV300", "Hi3518EV200", "Hi3535V100", "Hi3559AV100")


def write_document(path: Path, components: int) -> dict[str, int]:
    """Write a flat document with dependencies, always the same bytes; return how many components are covered chips."""
    rng = random.Random(SEED)
    covered = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(
            '{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6",'
            '"serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,'
            '"metadata":{"component":{"type":"device","bom-ref":"product","name":"Rack system"}},"components":['
        )
        for number in range(components):
            chip = rng.random() < COVERED_SHARE
            covered += chip
            maker = "HiSilicon" if chip else rng.choice(_MAKERS)
            kind = rng.choice(_KINDS)
            name = (
                rng.choice(_CHIPS)
                if chip
                else f"{maker[:3].upper()}{rng.randrange(10**6):06d}-{kind[:2].upper()}"
            )
            item = {
                "type": "device",
                "bom-ref": f"part-{number}",
                "supplier": {"name": maker},
                "name": name,
                "version": f"{rng.randrange(9)}.{rng.randrange(9)}",
                "description": f"{kind} {rng.randrange(1000)} surface mount",
                "properties": [
                    {"name": "cdx:device:quantity", "value": str(rng.randint(1, 8))},
                    {"name": "cdx:device:function", "value": kind},
                    {"name": "cdx:device:deviceType", "value": "SMD"},
                ],
            }
            out.write(("," if number else "") + json.dumps(item, separators=(",", ":")))
        out.write('],"dependencies":[')
        heads = list(range(0, components, ASSEMBLY))
        out.write(
            json.dumps(
                {"ref": "product", "dependsOn": [f"part-{head}" for head in heads]}, separators=(",", ":")
            )
        )
        for head in heads:
            inside = [f"part-{number}" for number in range(head + 1, min(head + ASSEMBLY, components))]
            out.write("," + json.dumps({"ref": f"part-{head}", "dependsOn": inside}, separators=(",", ":")))
        out.write("]}")
    return {"components": components, "covered": covered}


def _document(folder: Path, components: int) -> tuple[Path, dict[str, int]]:
    path, truth = folder / f"parts-{components}.cdx.json", folder / f"parts-{components}.truth.json"
    if not (path.exists() and truth.exists()):
        truth.write_text(json.dumps(write_document(path, components)), encoding="utf-8")
    return path, json.loads(truth.read_text(encoding="utf-8"))


def _rival_python(install: bool) -> str:
    venv = ROOT / "build" / "bench-venv"
    python = venv / "bin" / "python"
    if install:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "cyclonedx-python-lib", "ijson"], check=True
        )
    return str(python) if python.exists() else sys.executable


def _version(python: str, package: str) -> str | None:
    probe = f"import importlib.metadata as m; print(m.version({package!r}))"
    done = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _scan(source: Path, out: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "proscribe",
        "scan",
        str(source),
        "--as-of",
        AS_OF,
        "--quiet",
        "-o",
        f"jsonl={out}",
    ]


def _found(path: Path) -> tuple[int, int]:
    """Count the findings on parts, and those on what contains them."""
    parts = above = 0
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            item = json.loads(line)
            if item["line"] == "finding":
                above += "derived_from" in item
                parts += "derived_from" not in item
    return parts, above


def _entry(program: Program, components: int, ours: Program, our_components: int) -> dict[str, Any]:
    return {
        "program": program.name,
        "components": components,
        "seconds": round(program.seconds, 3),
        "per_second": round(components / program.seconds),
        "peak_mib": round(max(run.peak_mib for run in program.runs)),
        "time_per_component_over_ours": None
        if program is ours
        else round(our_components / components / paired_ratio(ours, program), 2),
    }


def main() -> int:
    """Generate, race, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--components", type=int, default=1_000_000)
    parser.add_argument("--rival-components", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--install-rivals", action="store_true")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    options = parser.parse_args()
    options.data.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    python = _rival_python(options.install_rivals)
    large, truth = _document(options.data, options.components)
    small, _ = _document(options.data, min(options.rival_components, options.components))
    out = options.data / "parts.found.jsonl"
    ours = Program("proscribe scan", _scan(large, out), (0, 1))
    sizes = {ours.name: options.components}
    programs = [ours]
    small_ours = Program(
        "proscribe scan, the smaller document", _scan(small, options.data / "parts.small.jsonl"), (0, 1)
    )
    sizes[small_ours.name] = min(options.rival_components, options.components)
    programs.append(small_ours)
    if library := _version(python, "cyclonedx-python-lib"):
        name = f"cyclonedx-python-lib {library}, objects only"
        programs.append(Program(name, [python, "-c", LIBRARY, str(small)]))
        sizes[name] = sizes[small_ours.name]
    if ijson := _version(python, "ijson"):
        name = f"ijson {ijson} (yajl2_c), components only"
        programs.append(Program(name, [python, "-c", IJSON, str(large)]))
        sizes[name] = options.components
    race(programs, options.runs, environment)
    parts, above = _found(out)
    result = {
        "megabytes": round(large.stat().st_size / 1e6, 1),
        **truth,
        "findings_on_parts": parts,
        "findings_on_what_contains_them": above,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "runs": options.runs,
        "programs": [_entry(one, sizes[one.name], ours, options.components) for one in programs],
    }
    try:
        result["proscribe"] = version("proscribe")
    except PackageNotFoundError:
        result["proscribe"] = "source tree"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "parts.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (RESULTS / "parts.md").write_text(_page(result), encoding="utf-8")
    print(_page(result))
    return 0


def _page(result: dict[str, Any]) -> str:
    lines = [
        "# A bill of materials",
        "",
        f"{result['machine']}. {rounds(result['runs'])} after one of warm-up, whole processes; ratios are paired, "
        "by component. Ours reads, matches, rolls up and writes every finding with its evidence; the others only parse.",
        "",
        f"CycloneDX 1.6 JSON, {result['megabytes']} MB, {result['components']:,} components. {result['covered']:,} are "
        f"covered chips; {result['findings_on_parts']:,} findings stand on parts, "
        f"{result['findings_on_what_contains_them']:,} on what contains them.",
        "",
        "| program | components | seconds | components/s | peak MiB | time per component over ours |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in result["programs"]:
        ratio = (
            "" if one["time_per_component_over_ours"] is None else f"{one['time_per_component_over_ours']}"
        )
        lines.append(
            f"| {one['program']} | {one['components']:,} | {one['seconds']} | {one['per_second']:,} "
            f"| {one['peak_mib']} | {ratio} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
