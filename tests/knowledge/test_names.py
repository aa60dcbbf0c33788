"""Every legal name the knowledge holds is found in a cell of names, and one-letter slips of the named firms beside a device."""

from __future__ import annotations

import csv
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index

AFFILIATES = Path(__file__).parents[2] / "knowledge" / "affiliates.csv"


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Index:
    day = date(2026, 11, 27)
    return index_of(snapshot, day, day)


def one_edits(word: str) -> Iterator[str]:
    """Yield every word that one slip of a finger away is `word`."""
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
        yield word[: place + 1] + word[place:]
        if place + 1 < len(word):
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        for letter in string.ascii_lowercase:
            yield word[:place] + letter + word[place + 1 :]


def test_every_legal_name_is_found_in_a_cell_of_names(index: Index) -> None:
    """Only a firm whose tie ended longer ago than equipment lives raises nothing by its name."""
    silent = []
    with AFFILIATES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["relation"] == "lookalike_of" or index.is_long_past(row["id"]):
                continue
            for text in filter(None, (row["name"], row["name_local"])):
                for field in ("vendor_name", "maker_name"):
                    verdicts, _ = analyse(index, [("name", field, text)])
                    if not verdicts:
                        silent.append((row["id"], field, text))
    assert not silent


@pytest.mark.parametrize(
    ("word", "thing"),
    [
        ("hikvision", "IP camera 4MP dome"),
        ("dahua", "IP camera 4MP dome"),
        ("huawei", "router"),
        ("hytera", "two-way radio"),
    ],
)
def test_one_letter_slips_are_found_beside_a_device(index: Index, word: str, thing: str) -> None:
    slips = sorted(set(one_edits(word)) - {word})
    silent = [slip for slip in slips if not analyse(index, [("item", "text", f"{slip.title()} {thing}")])[0]]
    assert len(silent) <= 0.05 * len(slips), silent


@pytest.mark.parametrize("slip", ["Dahuaa", "Dhua", "Dahyua", "Dahwa", "Dshua", "Dahuq"])
def test_a_slip_of_a_short_name_is_found_in_a_cell_of_makers(index: Index, slip: str) -> None:
    assert analyse(index, [("maker", "maker_name", slip)])[0]
    assert analyse(index, [("vendor", "vendor_name", f"{slip} Technology Co., Ltd.")])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Dahlia bulbs 10 kg",
        "lunch with Daha on Monday",
        "Dehua ceramics",
        "Nahua language course",
        "Ms Dahuan Li",
    ],
)
def test_words_like_a_short_name_say_nothing_in_prose(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)]) == ((), ())


def test_slips_of_dahua_alone_in_a_cell_are_asked_for_and_other_names_are_not(index: Index) -> None:
    """A slip that reads as another Chinese name, or is a town, stays silent without a device beside it."""
    for text in ("Dahau", "Dahuda", "Dahuaa", "Dauha", "Dahhua", "Dahuq", "Dahau Technology Co., Ltd."):
        verdicts, _ = analyse(index, [("note", "text", text)])
        assert [item.entity for item in verdicts] == ["dahua"], text
    for text in (
        "Dehua",
        "Dahui Technology Co., Ltd.",
        "Nahua",
        "Dahra",
        "University of Dahuk",
        "R Hyter",
        "Dahua Bank",
    ):
        assert not analyse(index, [("note", "vendor_name", text)])[0], text


def test_a_whole_legal_name_is_asked_for_in_any_cell(index: Index) -> None:
    for text in ("Proven Glory", "Shenzhen Changfei Investment Co Ltd", "零跑科技"):
        verdicts, _ = analyse(index, [("remark", "text", text)])
        assert [item.band.value for item in verdicts] == ["possible"], text


def test_a_badge_seen_on_cameras_says_nothing_beside_other_devices(index: Index) -> None:
    for text in ("Node.js 18 LTS server", "kernel 5.15 LTS router"):
        assert not analyse(index, [("item", "text", text)])[0], text
    for text in ("LTS dome camera", "LTS NVR"):
        verdicts, _ = analyse(index, [("item", "text", text)])
        assert [(item.entity, item.band.value) for item in verdicts] == [("hikvision", "possible")], text
