"""The HTML report of three hundred findings in a real browser: offline, on a phone, and on paper."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("pypdfium2")

import pypdfium2 as pdfium
from click.testing import CliRunner
from seen import LAPTOP, PHONE, real_browser

from proscribe.cli.main import cli

MODELS = ("Hikvision,DS-2CD2143G2-I", "Dahua,IPC-HFW2431S-S-S2", "Huawei,S5735-L24P4S-A1", "ZTE,MC801A")
MOST_PAGES = 6


def test_three_hundred_findings_take_six_pages_and_an_annex(tmp_path: Path) -> None:
    rows = "".join(
        f"A-{row:04},Camera or recorder,{MODELS[row % 4]},SN{row * 7919},Laredo Field Office,Bay Security Ltd,2023-02-0{row % 9 + 1}\n"
        for row in range(300)
    )
    register, report = tmp_path / "asset-register-2026.csv", tmp_path / "report.html"
    register.write_text(
        f"Asset tag,Description,Manufacturer,Model,Serial number,Site,Supplier,Bought on\n{rows}"
    )
    scanned = CliRunner().invoke(cli, ["scan", str(register), "-o", f"html={report}"])
    assert scanned.exit_code in (0, 1), scanned.output
    with real_browser() as started:
        page = started.new_context(offline=True).new_page()
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text))
        page.goto(report.as_uri())
        for size in (PHONE, LAPTOP):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert page.locator(".rows > li").first.bounding_box()["y"] < size[1]
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        assert not said, said
    papers = pdfium.PdfDocument(io.BytesIO(printed))
    texts = [papers[number].get_textpage().get_text_range() for number in range(MOST_PAGES + 2)]
    behind = next(number for number, text in enumerate(texts) if "Findings by firm" in text)
    assert behind <= MOST_PAGES and sum(text.count("SN") for text in texts[:MOST_PAGES]) >= 300
