"""Every parser against damaged and hostile inputs: no crash, no hang, no memory without bound.

    python bench/fuzz.py                          2,000 inputs for each parser
    python bench/fuzz.py --inputs 50000 --seed 7  more of them, others
    python bench/fuzz.py --only pcap --only spdx

An input is a small whole file of the format that was cut, flipped, spliced, repeated, nested, re-encoded, or sown with
what breaks parsers: entities, huge numbers, lone quotes, control characters, deep brackets. A seed and a number give the
same input again. An input counts as a crash when anything but the program's own refusal comes out, and as a hang after
30 seconds; both are kept in build/fuzz. Each parser runs in a process of its own, whose highest memory is noted. Writes
bench/results/fuzz.json and fuzz.md, and the table of docs/fuzzing.md.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
KEPT = ROOT / "build" / "fuzz"
HANG_S = 30

Parser = Callable[[bytes, Path], None]


def _load() -> ModuleType:
    """Load the whole files that stand beside the tests of the readers."""
    spec = importlib.util.spec_from_file_location("fuzz_files", ROOT / "tests" / "readers" / "fuzz_files.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FILES = _load()
seeds: Callable[[], dict[str, Callable[[], list[bytes]]]] = FILES.seeds


def _through(reader: str) -> Parser:
    """Give the parser of a reader: once as the named reader, once as whatever the content looks like."""
    from proscribe.model.errors import ProscribeError
    from proscribe.readers import READERS, Limits, Options, expand, open_source

    if reader not in {one.name for one in READERS}:
        raise SystemExit(f"there is no reader {reader!r}")
    limits = Limits(max_expanded_bytes=64 * 1024**2)

    def parse(data: bytes, folder: Path) -> None:
        path = folder / "input.dat"
        path.write_bytes(data)
        sources, _ = expand([path])
        for options in (Options(reader=reader, limits=limits), Options(limits=limits)):
            for source in sources:
                try:
                    reading = open_source(source, options)
                    count = sum(batch.rows.num_rows for batch in reading.batches())
                    links = getattr(reading, "links", None)
                    if links is not None:
                        sum(1 for _ in links())
                except ProscribeError:
                    continue
                if not (reading.tables or reading.issues or count):
                    raise AssertionError("the reader says nothing at all: neither tables nor issues")

    return parse


def _annotating(data: bytes, folder: Path) -> None:
    from proscribe.model.errors import ProscribeError
    from proscribe.reports.parts.cyclonedx_json import JsonDocument
    from proscribe.reports.parts.cyclonedx_xml import XmlDocument
    from proscribe.reports.parts.marks import Marks, Note

    places = (
        "/components/0",
        "/components/0/components/0",
        "/metadata/component",
        "/bom/components[1]/component[1]",
    )
    marks = Marks(
        (("proscribe:as-of", "2026-11-25"),),
        dict.fromkeys(places, (("proscribe:x", '<&"y'),)),
        (Note("proscribe:n", "b", "t"),),
        "P",
        "0",
        "2026-11-25T00:00:00Z",
    )
    for make in (lambda: JsonDocument(data.decode("utf-8", "replace")), lambda: XmlDocument(data)):
        try:
            made = make().annotated(marks)  # type: ignore[attr-defined]
            again = (JsonDocument if isinstance(made, str) else XmlDocument)(made).annotated(marks)  # type: ignore[arg-type]
        except ProscribeError:
            continue
        assert again == made, "annotating twice is annotating once"


def _following(data: bytes, folder: Path) -> None:
    from proscribe.collectors import COLLECTORS, Settings
    from proscribe.model.captures import Exchange

    settings = Settings(community=b"x")
    for collector in COLLECTORS.values():
        for ask in collector.asks("10.0.0.5", settings):
            exchange = Exchange(
                collector.name,
                ask.what,
                ask.transport,
                "10.0.0.5",
                ask.port,
                b"",
                "",
                source="10.0.0.5",
                answered_at="",
                answer=data,
            )
            if ask.whole is not None:
                ask.whole(data)
            for more in collector.follow(exchange, settings):
                assert more.address == "10.0.0.5", "a question to somebody else"


def _deciding(data: bytes, folder: Path) -> None:
    from proscribe.app.joins_file import joins_of
    from proscribe.model.errors import ProscribeError

    try:
        joins_of(data, "joins.yml")
    except ProscribeError:
        return


def parsers() -> dict[str, tuple[Callable[[], list[bytes]], Callable[[], Parser]]]:
    """Give every parser: its whole files, and what reads them."""
    made: dict[str, tuple[Callable[[], list[bytes]], Callable[[], Parser]]] = {}
    for name, whole in seeds().items():
        made[name] = (whole, lambda name=name: _through(name))  # type: ignore[misc]
    made["sbom annotate"] = (lambda: [FILES.CDX_JSON, FILES.CDX_XML], lambda: _annotating)
    made["answers of devices"] = (
        lambda: [
            *FILES.files("discovery/*"),
            b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.5:8080/a\r\nContent-Length: 2\r\n\r\nab",
        ],
        lambda: _following,
    )
    made["decisions on joins"] = (lambda: [FILES.JOINS], lambda: _deciding)
    return made


# What is done to it

_TOKENS = [
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\n\n\n",
    b'"',
    b"'",
    b",",
    b"\t",
    b";",
    b"<",
    b"</",
    b"/>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&",
    b"&a;",
    b"&#0;",
    b"&#x110000;",
    b'<!DOCTYPE a [<!ENTITY b "c">]>',
    b"<?xml version='1.0' encoding='utf-7'?>",
    b"{",
    b"}",
    b"[",
    b"]",
    b"{}",
    b"[]",
    b"null",
    b"NaN",
    b"Infinity",
    b"1e999",
    b"-0",
    b"9" * 400,
    b"-1",
    b"4294967295",
    b"18446744073709551616",
    b"0x",
    b"\\u0000",
    b"\\ud800",
    b"\\",
    b"%s%n",
    b"=cmd|'/c x'!A1",
    b"../../../etc/passwd",
    b"::1",
    b"fe80::1%eth0",
    b"999.999.999.999",
    b"c0:6d:ed:00:00:01",
    b"00:00:00:00:00:00:00:00",
    b"2026-02-30T25:61:61Z",
    b"0000-00-00",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x93\xb7",
    b"\xed\xa0\x80",
    b"A" * 5000,
    b" " * 3000,
    b"\xff" * 64,
    b"\x00" * 64,
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"\xff\xff\xff\x7f",
]


def mutated(whole: Sequence[bytes], seed: int, number: int) -> bytes:
    """Give one damaged input; the same for the same seed and number."""
    dice = random.Random(seed * 1_000_003 + number)
    data = bytearray(dice.choice(whole))
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        data = _one(data, whole, dice)
        if len(data) > 400_000:
            del data[400_000:]
    return bytes(data)


def _one(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    size = max(1, len(data))
    at = dice.randrange(size)
    kind = dice.randrange(14)
    if kind == 0:
        del data[at:]
    elif kind == 1:
        for _ in range(dice.randrange(1, 30)):
            if data:
                data[dice.randrange(len(data))] = dice.randrange(256)
    elif kind == 2:
        data[at:at] = dice.choice(_TOKENS)
    elif kind == 3:
        data[at : at + dice.randrange(1, 200)] = b""
    elif kind == 4:
        piece = data[at : at + dice.randrange(1, 400)]
        data[at:at] = piece * dice.choice((1, 2, 50, 300))
    elif kind == 5:
        other = dice.choice(whole)
        data[at:] = other[dice.randrange(max(1, len(other))) :]
    elif kind == 6:
        data[at:at] = dice.choice(
            (b"[", b"{", b'{"a":', b"<a>", b"(", b"lease 1.1.1.1 {", b"<component>", b"..")
        ) * dice.choice((10, 200, 5000))
    elif kind == 7:
        data = bytearray(
            bytes(data)
            .decode("utf-8", "replace")
            .encode(dice.choice(("utf-16", "utf-16-be", "latin-1", "cp1252", "gb18030", "utf-32")), "replace")
        )
    elif kind == 8:
        lines = bytes(data).split(b"\n")
        dice.shuffle(lines)
        data = bytearray(b"\n".join(lines))
    elif kind == 9:
        data[at : at + 4] = dice.choice((1, 255, 2**16, 2**31 - 1, 2**31, 2**32 - 1)).to_bytes(
            4, dice.choice(("little", "big"))
        )
    elif kind == 10:
        data = bytearray(
            bytes(data).replace(
                dice.choice((b'"', b"\n", b",", b":", b" ", b">")),
                dice.choice(_TOKENS),
                dice.choice((1, 3, 20)),
            )
        )
    elif kind == 11:
        data = bytearray(gzip.compress(bytes(data), mtime=0))
    elif kind == 12:
        data[:at] = b""
    else:
        for _ in range(5):
            place = dice.randrange(max(1, len(data)))
            data[place:place] = dice.choice(_TOKENS)
    return data


class _Hang(Exception):
    pass


def attack(name: str, inputs: int, seed: int, *, keep: Path | None = None) -> dict[str, Any]:
    """Give a parser damaged inputs and count what it does with them."""
    whole_of, parser_of = parsers()[name]
    whole, parser = whole_of(), parser_of()
    if not whole:
        raise SystemExit(f"no whole file for {name}")

    def ring(*_: object) -> None:
        raise _Hang

    before = signal.signal(signal.SIGALRM, ring)
    crashes: list[str] = []
    hangs, slowest = 0, 0.0
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(inputs):
                data = mutated(whole, seed, number) if number >= len(whole) else whole[number]
                start = time.process_time()
                signal.alarm(HANG_S)
                problem = ""
                try:
                    parser(data, Path(folder))
                except _Hang:
                    hangs += 1
                    problem = "hang"
                except BaseException as error:  # what comes out is the result
                    if isinstance(error, KeyboardInterrupt):
                        raise
                    problem = f"{type(error).__name__}: {str(error)[:200]}"
                    crashes.append(f"{number}: {problem}")
                finally:
                    signal.alarm(0)
                slowest = max(slowest, time.process_time() - start)
                if problem and keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{name.replace(' ', '-')}-{seed}-{number}.bin").write_bytes(data)
    finally:
        signal.signal(signal.SIGALRM, before)
    return {
        "parser": name, "inputs": inputs, "crashes": len(crashes), "hangs": hangs, "slowest_s": round(slowest, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "first": crashes[:5],
    }  # fmt: skip


def _table(rows: Sequence[dict[str, Any]], seed: int) -> Iterator[str]:
    most = max((row["inputs"] for row in rows), default=0)
    yield "# Damaged and hostile inputs"
    yield ""
    yield f"{sum(row['inputs'] for row in rows):,} inputs, {sum(row['crashes'] for row in rows)} crashes and"
    yield f"{sum(row['hangs'] for row in rows)} hangs. Rerun: `python bench/fuzz.py --inputs {most} --seed {seed}`."
    yield ""
    yield "| parser | inputs | crashes | hangs (30 s) | slowest input, processor time | peak memory of the process |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for row in rows:
        counts = f"{row['inputs']:,} | {row['crashes']} | {row['hangs']}"
        yield f"| {row['parser']} | {counts} | {row['slowest_s']:.2f} s | {row['peak_mib']} MiB |"


def _publish(rows: Sequence[dict[str, Any]], seed: int) -> None:
    """Write the table, and put it into the page about it."""
    lines = list(_table(rows, seed))
    (RESULTS / "fuzz.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = ROOT / "docs" / "fuzzing.md"
    text = page.read_text(encoding="utf-8")
    head, mark, rest = text.partition("<!-- figures:fuzz -->\n")
    _, end, tail = rest.partition("<!-- /figures:fuzz -->")
    if mark and end:
        page.write_text(head + mark + "\n".join(lines[2:]) + "\n" + end + tail, encoding="utf-8")


def _apart(name: str, inputs: int, seed: int) -> dict[str, Any]:
    """Attack a parser in a process of its own; a process that dies is a crash."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", name, "--inputs", str(inputs), "--seed", str(seed)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return row
    said = [f"the process ended with {done.returncode}", done.stderr[-2000:]]
    return {
        "parser": name, "inputs": inputs, "crashes": 1, "hangs": 0, "slowest_s": 0.0, "peak_mib": 0, "first": said,
    }  # fmt: skip


def main() -> int:
    """Run all parsers, or one."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--inputs", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2, help="parsers at a time")
    options.add_argument("--only", action="append", default=[])
    options.add_argument("--one", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(attack(asked.one, asked.inputs, asked.seed, keep=KEPT)))
        return 0
    rows = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for row in pool.map(lambda name: _apart(name, asked.inputs, asked.seed), asked.only or parsers()):
            rows.append(row)
            counts = f"{row['inputs']:>8,} inputs  {row['crashes']} crashes  {row['hangs']} hangs"
            print(
                f"{row['parser']:20} {counts}  slowest {row['slowest_s']:.2f} s  {row['peak_mib']} MiB",
                flush=True,
            )
            for text in row["first"]:
                print(f"    {text}")
    if not asked.only:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "fuzz.json").write_text(
            json.dumps({"seed": asked.seed, "parsers": rows}, indent=1) + "\n", encoding="utf-8"
        )
        _publish(rows, asked.seed)
    return 1 if any(row["crashes"] or row["hangs"] for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
