"""What is made of parts of an input adds up to what is made of the whole, in any order and grouping."""

from __future__ import annotations

import pickle
import random
from collections import Counter
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from proscribe.app.scan import run, spool
from proscribe.app.scan.blind_spots import Tallies, Tally
from proscribe.app.scan.blind_spots import merged as merged_tallies
from proscribe.app.scan.spool import Spool
from proscribe.matching import found as found_in_parts
from proscribe.matching import pages
from proscribe.matching.found import Findings, Found, Mentions, Segment
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.pages import Lines
from proscribe.matching.probes import Probes
from proscribe.matching.probes import merged as merged_probes
from proscribe.model.findings import Band, Role
from proscribe.model.results import FindingTally
from proscribe.readers import open_source
from proscribe.readers.base import Options, Source

from .conftest import DAY, ROWS, scan, write_csv


def some_tallies(draw: random.Random) -> Tallies:
    made: Tallies = {}
    for _ in range(draw.randrange(1, 5)):
        tally = Tally()
        for _ in range(draw.randrange(8)):
            record = draw.randrange(40)
            tally.add(1, draw.randrange(1, 3), [((0, record), f"record {record}")])
        made[draw.choice(["hosts_without_mac", "listed_without_key"]), draw.choice("AB")] = tally
    return made


def some_probes(draw: random.Random) -> Probes:
    return {
        (draw.randrange(2), draw.choice("xy")): (
            Counter({draw.choice(["dahua", "zte"]): draw.randrange(1, 9)}),
            (draw.randrange(1, 99), draw.choice(["", "row 5"])),
        )
        for _ in range(draw.randrange(4))
    }


def some_counts(draw: random.Random) -> FindingTally:
    made = FindingTally()
    for _ in range(draw.randrange(6)):
        key = (draw.choice(list(Band)), draw.choice(["dahua", "zte"]), "dahua", draw.choice(list(Role)))
        draw.choice([made.live, made.set_aside])[key] += draw.randrange(1, 5)
    return made


@pytest.mark.parametrize("seed", range(30))
def test_any_order_and_grouping_gives_one_sum(seed: int) -> None:
    draw = random.Random(seed)
    tallies = [some_tallies(draw) for _ in range(4)]
    probes = [some_probes(draw) for _ in range(4)]
    counts = [some_counts(draw) for _ in range(4)]
    order = draw.sample(range(4), 4)

    def joined(one: int, two: int) -> tuple[Tallies, Probes]:
        left, right = order[:one], order[one:two]
        rest = [tallies[place] for place in order[two:]]
        halves = [merged_tallies(deepcopy(tallies[place]) for place in half) for half in (left, right)]
        probed = [merged_probes(probes[place] for place in half) for half in (left, right)]
        return (
            merged_tallies([*halves, *rest]),
            merged_probes([*probed, *(probes[place] for place in order[two:])]),
        )

    def plain(made: Tallies) -> dict[tuple[str, str], tuple[int, int, tuple[str, ...]]]:
        return {key: (one.count, one.of, one.shown()) for key, one in made.items()}

    straight = merged_tallies(deepcopy(tallies)), merged_probes(probes)
    for one, two in ((1, 2), (2, 3), (1, 4)):
        made = joined(one, two)
        assert plain(made[0]) == plain(straight[0])
        assert made[1] == straight[1]
    total = sum((counts[place] for place in order), FindingTally())
    assert total == (counts[0] + counts[1]) + (counts[2] + counts[3])


def part_of(index: Index, reading_of: Path, low: int, high: int) -> run.Part:
    """Match some of the records of a file as one part of it."""
    reading = open_source(Source(str(reading_of), reading_of, reading_of.stat().st_size), Options())
    part = run.Part(found=Found(Spool()))
    batches = []
    for batch in reading.batches():
        batch.rows = batch.rows.slice(low, high - low)
        batch.first_record += low
        batches.append(batch)
    run.match_batches(Kernel(index), reading, batches, part, lambda _rows: None)
    return part


@pytest.mark.parametrize("cuts", [[], [1], [3, 4], [2, 5, 8], list(range(1, 27))])
@pytest.mark.parametrize("in_memory", [1 << 22, 200])
def test_parts_of_a_file_give_the_findings_of_the_whole(
    tmp_path: Path, index: Index, cuts: list[int], in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    path = write_csv(tmp_path / "a.csv", ROWS * 3)
    whole = scan(path, known_as_of=DAY)
    bounds = [0, *cuts, 27]
    parts = [part_of(index, path, low, high) for low, high in pairwise(bounds)]
    segments = [Segment(0, (None,), 0, part.found) for part in parts]
    findings, mentions = Findings(segments), Mentions(segments)
    assert findings == whole.findings and mentions == whole.mentions
    assert findings.tally() == FindingTally.of(whole.findings)
    assert [findings[place] for place in range(len(findings))] == list(whole.findings)
    assert findings[-1] == whole.findings[-1] and findings[2:5] == whole.findings[2:5]
    assert list(findings.places()) == [
        (one.input, one.locator.sheet, one.locator.row) for one in whole.findings
    ]


@pytest.mark.parametrize("piece", [8, 64, 1 << 18])
def test_found_records_travel_between_processes_as_a_file(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 100)
    monkeypatch.setattr(found_in_parts, "_PIECE", piece)  # of what numbers are written in
    path = write_csv(tmp_path / "a.csv", ROWS)
    folder = tmp_path / "found"
    folder.mkdir()
    reading = open_source(Source(str(path), path, path.stat().st_size), Options())
    part = run.Part(found=Found(Spool(folder)))
    run.match_batches(Kernel(index), reading, reading.batches(), part, lambda _rows: None)
    assert list(folder.iterdir())
    received = pickle.loads(pickle.dumps(part))
    assert list(folder.iterdir()) == []
    whole = scan(path, known_as_of=DAY)
    segments = [Segment(0, (None,), 0, received.found)]
    assert len(whole.findings) > 3 and len(whole.mentions) > 0
    assert Findings(segments) == whole.findings and Mentions(segments) == whole.mentions


def test_lines_longer_than_a_window_are_read_whole() -> None:
    pages = Spool()
    places = [pages.add(bytes([65 + number]) * size) for number, size in enumerate((10, 300_000, 5))]
    view = Lines(pages, 1_000)
    assert [len(view.at(place)) for place in (*places, places[1], places[0])] == [10, 300_000, 5, 300_000, 10]


def test_a_line_that_was_written_up_to_its_middle_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 1_000)
    monkeypatch.setattr(spool, "_WRITE", 500)
    monkeypatch.setattr(pages, "_TAKEN", 700)  # no multiple of a line
    lines = [f"{number:05d}".encode() * (1 + number % 40) for number in range(400)]
    one, other = spool.Spool(), spool.Spool()
    first = [one.add(line) for line in lines]
    other.add(b"x")
    base = one.take(_with(other, lines))
    offsets = [*first, *(base + 2 + at for at in _offsets(lines))]
    reader = pages.Lines(one, 64)
    assert [reader.at(at) for at in offsets] == [*lines, *lines]
    with TemporaryFile() as file:
        one.copy_to(file)
        file.seek(0)
        assert file.read() == b"\n".join([*lines, b"x", *lines, b""])


def _with(made: spool.Spool, lines: list[bytes]) -> spool.Spool:
    for line in lines:
        made.add(line)
    return made


def _offsets(lines: list[bytes]) -> list[int]:
    return [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
