"""The device graph as one HTML file: no script, no request, for a screen, a phone, paper and a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

from proscribe.model.devices import Device, DeviceReport
from proscribe.model.findings import Finding
from proscribe.model.pictures import CropPlace, Crops
from proscribe.reports.devices import labels as words
from proscribe.reports.devices.picture import mark, picture, shape
from proscribe.reports.scan import page
from proscribe.wording.html import trusted

#: Devices written in full; what is beyond is counted and pointed to.
MAX_DEVICES = 500

_TIE = '<line x1="10" x2="10" y1="1" y2="19" class="{}"/>'
_LEGEND = (
    (shape("inventory", 10, 10), "paper: inventory, purchase"),
    (shape("recorder", 10, 10), "recorder"),
    (shape("network_scan", 10, 10), "network"),
    (mark("firm", 10, 10), "names a listed firm"),
    (mark("other", 10, 10), "names another maker"),
    (mark("none", 10, 10), "names no maker"),
    (_TIE.format("tie"), "exact key"),
    (_TIE.format("tie scored"), "scored or stated"),
)


def to_html(report: DeviceReport, *, max_devices: int = MAX_DEVICES, crops: Crops | None = None) -> str:
    """Write `report` as one self-contained page.

    Args:
        report: the answer.
        max_devices: most devices written in full, contradictions and the surest first.
        crops: what is seen in pictures where records stand; without them nothing of pictures is shown.
    """
    return "".join(html_pieces(report, max_devices=max_devices, crops=crops))


def html_pieces(
    report: DeviceReport, *, max_devices: int = MAX_DEVICES, crops: Crops | None = None
) -> Iterator[str]:
    """Write the page of `to_html` piece by piece."""
    found = [one for one in report.devices if one.verdicts or one.contradictions]
    ranked = sorted(found, key=lambda one: (not _contested(one), -(one.band.rank if one.band else 0)))
    shown = ranked[:max_devices]
    contested = [one for one in shown if _contested(one)]
    loose = set(report.loose)
    crops = crops or Crops()
    # a finding keeps all that was read of a picture, a record of a device the most telling
    read = (
        {one.id: one.record for one in report.scan.findings if _place(one) in crops.made}
        if crops.made
        else {}
    )
    return page.pieces(
        "devices.html.j2",
        page.own_text("scan/report.css") + page.own_text("devices/devices.css"),
        report=report,
        scan=report.scan,
        words=words,
        crops=crops,
        read_of=lambda record: next((read[one] for one in record.findings if one in read), record.says),
        found=found,
        contested=contested,
        settled=[one for one in shown if not _contested(one)],
        rest=[one for one in report.devices if not (one.verdicts or one.contradictions)],
        loose=sorted(
            (one for one in report.scan.findings if one.id in loose), key=lambda one: -one.band.rank
        ),
        purchases=sorted(report.purchases, key=lambda one: (not one.missing, not one.overdrawn)),
        odd=sum(1 for one in report.purchases if one.missing or one.overdrawn),
        names={one.id: one.name for one in report.devices},
        picture=lambda one, identity: trusted(picture(report, one, identity)),
        legend_signs=[(trusted(drawn), text) for drawn, text in _LEGEND],
        contents=(
            ("contradictions", "Contradictions", any(map(_contested, found))),
            ("devices", "Devices", any(not _contested(one) for one in shown)),
            ("rest", "Nothing recognised", True),
            ("loose", "Findings without a device", report.loose),
            ("joins", "Joins to decide", report.open_joins),
            ("purchases", "Purchases", report.purchases),
            ("blind", "Blind spots", True),
            ("read", "What was read", True),
            ("not-checked", "What was not checked", True),
            ("evidence", "All evidence", found),
            ("columns", "How it was read", report.scan.inputs),
            ("how", "How to read this", True),
        ),
    )


def _place(finding: Finding) -> CropPlace:
    return finding.input, finding.locator.sheet or "", finding.locator.pointer or ""


def _contested(device: Device) -> bool:
    return any(not item.explained for item in device.contradictions)
