"""Brands that begin another maker's name, accessories told by their number, and sellers that were sold."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Index:
    """Compile the knowledge with what was recorded last."""
    return index_of(snapshot, date(2026, 11, 28), date(2026, 11, 28))


@pytest.mark.parametrize("seller", ["Dahua Technology USA", "Sepura plc", "xFusion Digital Technologies"])
def test_a_seller_that_was_sold_before_the_purchase_asks(index: Index, seller: str) -> None:
    row = {"Vendor": seller, "Text": "handset or camera of no known model", "Day": "2025-04-06"}
    batch = pa.RecordBatch.from_pydict({name: pa.array([value]) for name, value in row.items()})
    fields = {"Vendor": "vendor_name", "Text": "text", "Day": "dated_on"}
    ((_, (verdicts, _)),) = Kernel(index).match_rows(batch, fields)
    assert [(item.band.value, bool(item.questions)) for item in verdicts] == [("possible", True)]


def _read(index: Index, maker: str, text: str, model: str = "") -> tuple[list[str], list[str]]:
    """Give the bands of the findings and the kinds of the mentions of one record."""
    fields = {"Maker": "maker_name", "Description": "text", "Model": "model_number"}
    values = {"Maker": maker, "Description": text, "Model": model}
    batch = pa.RecordBatch.from_pydict({name: pa.array([value or None]) for name, value in values.items()})
    found = [item for _, item in Kernel(index).match_rows(batch, fields)]
    return (
        [verdict.band.value for verdicts, _ in found for verdict in verdicts],
        [item.kind.value for _, spoken in found for item in spoken],
    )


@pytest.mark.parametrize(
    ("text", "bands"),
    [("Taser Axon X26P", []), ("Axon Body 3", []), ("X26P", ["possible"]), ("", ["possible"])],
)
def test_a_maker_of_whom_another_s_brand_is_the_beginning(index: Index, text: str, bands: list[str]) -> None:
    assert _read(index, "Axon", text)[0] == bands


def test_the_phone_is_still_found(index: Index) -> None:
    assert _read(index, "ZTE", "Axon 10 Pro phone")[0]
    assert _read(index, "Axon", "phone", "Axon 10 Pro")[0]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Wandhalterung für Hikvision Dome", "DS-1272ZJ-110"), ("", "DS-1272ZJ-110"), ("Halterung", "DS-1280ZJ-DM18"),
        ("Halterung für Dome-Kamera", "DS-1280ZJ-DM18"),
    ],
)  # fmt: skip
def test_the_number_of_a_bracket_makes_a_mention(index: Index, text: str, model: str) -> None:
    assert _read(index, "Hikvision", text, model) == ([], ["accessory"])


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Dome camera with bracket", "DS-1280ZJ-DM18"), ("4MP turret camera", "DS-1280ZJ-DM18"),
        ("Wandhalterung DS-1272ZJ-110", "DS-2CD2143G2-I"), ("", "DS-1272ZJ-110 / DS-2CD2143G2-I"),
    ],
)  # fmt: skip
def test_a_camera_with_its_bracket_stays_a_finding(index: Index, text: str, model: str) -> None:
    assert _read(index, "Hikvision", text, model)[0]


@pytest.mark.parametrize("text", ["Kamera montaj ayağı", "4MP turret camera", "Dome camera with bracket"])
def test_what_has_the_number_of_a_bracket_may_be_one(index: Index, text: str) -> None:
    assert _read(index, "Hikvision", text, "DS-1280ZJ-DM18") == (["possible"], [])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Antenne Huawei AAU5613", (["possible"], [])),
        ("Antena Huawei AAU5613 sector 2", (["possible"], [])),
        ("Antenne für Hytera PD785", ([], ["accessory"])),
        ("Antenne Hytera", ([], ["accessory"])),
    ],
)
def test_an_antenna_with_a_number_of_its_own_is_asked_about(
    index: Index, text: str, read: tuple[list[str], list[str]]
) -> None:
    assert _read(index, "", text) == read
