"""Device reports: a page that speaks, a picture with words, a table that fits, data that is the same every time."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from proscribe.app.inventory.devices import devices
from proscribe.model.devices import DeviceReport
from proscribe.reports.devices import FORMATS, to_json, write
from proscribe.reports.devices.html import to_html
from proscribe.reports.devices.lines import COLUMNS, to_csv
from proscribe.reports.devices.picture import lanes_of, picture
from proscribe.reports.devices.table import to_table
from proscribe.wording.shown import display_width

COMPANY = Path(__file__).parents[2] / "examples" / "company"
HOSTILE = "<script>alert(1)</script>\u202e=HYPERLINK(1)"


@pytest.fixture(scope="module")
def report() -> DeviceReport:
    return devices([COMPANY], as_of="2026-11-25").report


class Page(HTMLParser):
    """Collects what a browser and a screen reader would use."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.labelled: list[str] = []
        self.headings: list[int] = []
        self.regions = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags[tag] += 1
        if held.get("id"):
            self.ids[str(held["id"])] += 1
        if tag == "a":
            self.links.append(str(held.get("href")))
        self.labelled += str(held.get("aria-labelledby") or "").split()
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if held.get("role") == "region":
            self.regions += 1
            assert held.get("aria-label") and held.get("tabindex") == "0"
        if tag == "svg":
            assert held.get("focusable") == "false"
            assert held.get("role") == "img" or held.get("aria-hidden") == "true"
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name in ("href", "src"):
                assert str(value).startswith("#"), value


def test_page_is_self_contained_and_every_name_has_its_place(report: DeviceReport) -> None:
    text = to_html(report)
    page = Page(text)
    assert "default-src 'none'" in text
    assert not page.tags["script"] and not page.tags["link"] and not page.tags["img"]
    assert all(count == 1 for count in page.ids.values()), [
        name for name, count in page.ids.items() if count > 1
    ]
    for target in (*(link[1:] for link in page.links), *page.labelled):
        assert target in page.ids, target
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert page.regions > 20


def test_page_says_both_sides_of_a_contradiction_and_what_to_look_at(report: DeviceReport) -> None:
    text = to_html(report)
    start = text.index('id="contradictions"')
    section = text[start : text.index('id="devices"')]
    for word in (
        "Sentryline",
        "Northlight",
        "Dahua",
        "/cam/realmonitor",
        "look at",
        "inventory.csv record 21",
    ):
        assert word in section, word
    assert "Hi3518EV300" in text[text.index('id="loose"') :]
    assert 'id="blind"' in text


def test_a_chip_in_a_parts_list_is_shown_with_its_question_and_its_way(report: DeviceReport) -> None:
    """A device report says what has to be settled, as a scan does: the chip is no verdict on the product."""
    question = "telecommunications or video equipment under the rule asked?"
    page = to_html(report)
    loose = page[page.index('id="loose"') : page.index('id="blind"')]
    assert loose.count(question) >= 4 and "substantial or essential component" in loose
    text = " ".join(to_table(report).split())
    assert question in text and "HRF-CAM-MOD" in text


def test_every_device_with_a_finding_has_a_picture_with_words(report: DeviceReport) -> None:
    text = to_html(report)
    found = [one for one in report.devices if one.verdicts or one.contradictions]
    assert text.count('class="chart device"') == len(found)
    for device in found[:5]:
        drawn = picture(report, device, "p")
        assert drawn.count('class="node"') == len(device.records)
        words = re.search(r"<desc[^>]*>(.*?)</desc>", drawn)
        assert words is not None
        for _, value, _, _ in lanes_of(device):
            assert value.lower()[:4] in words[1].lower().replace(":", "")


def test_meaning_hangs_on_shape_and_word_as_well_as_on_colour(report: DeviceReport) -> None:
    device = next(one for one in report.devices if one.name.startswith("HR-2601"))
    drawn = picture(report, device, "p")
    assert 'class="says-firm"' in drawn and 'class="says-other"' in drawn
    assert drawn.count("<path") >= 3, "triangles and a diamond"
    for word in ("Dahua", "Sentryline", "Northlight", "Recorder", "Purchase"):
        assert word in drawn


def test_left_out_devices_are_counted(report: DeviceReport) -> None:
    text = to_html(report, max_devices=3)
    found = sum(bool(one.verdicts or one.contradictions) for one in report.devices)
    assert f"Only 3 of {found} devices are written here" in text


def test_hostile_text_stays_text(report: DeviceReport) -> None:
    device = next(one for one in report.devices if one.contradictions)
    records = tuple(
        replace(record, says=((HOSTILE, HOSTILE),), site=HOSTILE, record_id=HOSTILE)
        for record in device.records
    )
    bad = replace(device, name=HOSTILE, site=HOSTILE, label=HOSTILE, records=records)
    hostile = replace(report, devices=(bad,), notes=(HOSTILE,))
    text = to_html(hostile)
    assert "&lt;script" in text and "<script" not in text and "\u202e" not in text
    table = to_table(hostile, show_all=True)
    assert "<script" in table and "\u202e" not in table
    rows = list(csv.reader(io.StringIO(to_csv(replace(hostile, devices=(replace(bad, name="=1+1"),))))))
    assert rows[1][1].startswith("'")


@pytest.mark.parametrize("width", [40, 60, 100, 140])
def test_table_fits_and_names_what_matters(report: DeviceReport, width: int) -> None:
    text = to_table(report, width=width)
    # An id or a file name has no place to break; everything else fits.
    assert max(map(display_width, text.splitlines())) <= width
    plain = re.sub(r"\s+", " ", text)
    for word in (
        "CONTRADICTIONS (2)",
        "Sentryline",
        "Northlight",
        "BLIND SPOTS",
        "PURCHASES",
        "Hi3518EV300",
        "JOINS",
    ):
        assert word in plain, word
    assert "\x1b" not in text
    assert "\x1b" in to_table(report, width=width, colour=True)


def test_csv_has_one_line_for_each_device(report: DeviceReport) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(report))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(report.devices) + 1
    assert {len(row) for row in rows} == {len(COLUMNS)}


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_written_whole_and_the_same(report: DeviceReport, name: str, tmp_path: Path) -> None:
    write(report, name, tmp_path / "a")
    write(report, name, tmp_path / "b")
    stream = io.StringIO()
    write(report, name, stream)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == stream.getvalue().encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_json_has_no_float_and_ends_in_a_newline(report: DeviceReport) -> None:
    text = to_json(report)
    assert text.endswith("}\n") and not re.search(r":\s*-?\d+\.\d", text)
