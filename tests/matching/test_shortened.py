"""Names of firms as banks and narrow columns shorten their words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band

ROOT = Path(__file__).resolve().parents[2]
SHORTENED = yaml.safe_load((ROOT / "knowledge" / "matching" / "shortened.yml").read_text("utf-8"))


@pytest.mark.parametrize(
    "name",
    [*SHORTENED["examples"], "HANGZHOU HIKV. DIG. TECH.CO.,LTD", "Zhejiang Dah Tech", "HUAW TECH", "HYTER COMM CORP"],
)  # fmt: skip
def test_a_shortened_name_is_a_question_where_a_payee_stands(index: Index, name: str) -> None:
    (verdict,), _ = analyse(index, [("Payee", "vendor_name", name), ("Text", "text", "4 pcs camera")])
    assert verdict.band is Band.POSSIBLE and "shortened" in verdict.evidence[0].why


@pytest.mark.parametrize(
    "name", [*SHORTENED["near_misses"], "Hangzhou Tech", "Zhejiang Digital Tech", "Communications Corp"]
)
def test_another_name_is_not(index: Index, name: str) -> None:
    assert analyse(index, [("Payee", "vendor_name", name), ("Text", "text", "4 pcs camera")])[0] == ()


@pytest.mark.parametrize("text", ["visit of Zhejiang Dah Tech street", "Huaw tech support"])
def test_inside_a_description_it_says_nothing(index: Index, text: str) -> None:
    assert analyse(index, [("Text", "text", text)])[0] == ()


@pytest.mark.parametrize("name", ["ZTEUSA", "ZTEUK", "ztecorp"])
def test_a_name_written_in_one_with_a_country_is_the_name(index: Index, name: str) -> None:
    (verdict,), _ = analyse(index, [("Payee", "vendor_name", name), ("Text", "text", "Handset 5 pcs")])
    assert verdict.entity.startswith("zte")
