"""The walk-round list for people: a page to print with a code for each item, lines, and what stands open for an inquiry."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from importlib.util import find_spec

from proscribe.model.pictures import Crops
from proscribe.model.results import Scan
from proscribe.model.walk_round import OPEN_STATES, PlateItem, PlatePicture, PlateState, WalkRound
from proscribe.reports.scan import labels, page
from proscribe.wording import safe
from proscribe.wording.html import trusted
from proscribe.wording.shown import counted, visible

COLUMNS = (
    "code", "state", "site", "name", "units", "why", "look_for", "pictures", "read", "makers", "differs", "device",
)  # fmt: skip
#: What stands on the page before maker and model as the records say them.
LABELLED_AS = "Labelled as"
STATE_WORDS = {
    PlateState.MISSING: "no picture yet",
    PlateState.UNREADABLE: "no type plate could be read: take it again",
    PlateState.NAMES_NO_MAKER: "a plate was read, but it names no maker that is known: photograph the maker's plate",
    PlateState.SOME: "plates were read of fewer units than the records count: photograph the others too",
    PlateState.CONTRADICTS: "the plate and the records disagree",
    PlateState.DONE: "read",
}
#: What the printed page says and no maker's plate does.
CARD_WORDS = (
    "Type plates to photograph", LABELLED_AS, "Recorder, channel", "No record names a maker", "which the knowledge does not hold",
    STATE_WORDS[PlateState.MISSING], STATE_WORDS[PlateState.UNREADABLE], STATE_WORDS[PlateState.NAMES_NO_MAKER],
    STATE_WORDS[PlateState.SOME], STATE_WORDS[PlateState.CONTRADICTS],
)  # fmt: skip
#: Items of a page; what is beyond is counted and pointed to.
_MOST = 2_000
#: Names of one site in the inquiry record.
_NAMED = 40
_HEAD = """\
# What stands open of a walk round, for `proscribe document make inquiry-record ... --with THIS_FILE`.
"""


def sentence(made: WalkRound) -> str:
    """Say how far the list is."""
    if not made.items:
        return "No device of these records needs a picture of its type plate."
    parts = [
        f"{made.counts[state.value]:,} {words}"
        for state, words in (
            (PlateState.DONE, "read"),
            (PlateState.CONTRADICTS, "read and against the records"),
            (PlateState.SOME, "read of some of their units"),
            (PlateState.NAMES_NO_MAKER, "read without a known maker"),
            (PlateState.UNREADABLE, "not readable"),
            (PlateState.MISSING, "without a picture"),
        )
        if made.counts[state.value]
    ]
    needs = "needs" if len(made.items) == 1 else "need"
    return f"{counted(len(made.items), 'device')} {needs} a picture of the type plate: {', '.join(parts)}."


def by_site(made: WalkRound) -> list[tuple[str, list[PlateItem]]]:
    """Give the items of each site, in the order of the list."""
    sites: dict[str, list[PlateItem]] = {}
    for one in made.items[:_MOST]:
        sites.setdefault(one.site, []).append(one)
    return list(sites.items())


def to_table(made: WalkRound) -> str:
    """Write the list as text for a terminal."""
    lines = [sentence(made)]
    for site, items in by_site(made):
        lines += ["", visible(site, 120) or "NO SITE IN THE RECORDS"]
        for one in items:
            units = f" ({one.units:,} units)" if one.units != 1 else ""
            lines.append(f"  {one.code}  {visible(one.name, 80)}{units}: {STATE_WORDS[one.state]}")
            lines.append(f"      {visible(one.why, 300)}")
            lines += [
                f"      {visible(name, 40)}: {visible(text, 200)}"
                for name, text in one.look_for
                if one.state in OPEN_STATES
            ]
            for picture in one.pictures:
                lines.append(f"      {_picture_words(picture)}")
                lines += [f"        ! {visible(text, 300)}" for text in picture.differs]
                lines += [f"        ? {visible(text, 300)}" for text in picture.alike]
    lines += _rest(made)
    return "\n".join(lines) + "\n"


def _rest(made: WalkRound) -> Iterator[str]:
    if len(made.items) > _MOST:
        yield f"\n{len(made.items) - _MOST:,} more items are not shown; -o csv=FILE holds them all."
    if made.notes:
        yield "\nNOTES"
        yield from (f"  {visible(one, 2_000)}" for one in made.notes)
    if made.not_listed:
        yield "\nWHAT NO LIST OF DEVICES CAN NAME"
        yield from (f"  {one}" for one in labels.blind_spots(made.not_listed)[:20])


def _picture_words(picture: PlatePicture) -> str:
    read = "; ".join(f"{name} {text}" for name, text in picture.read if name not in ("certainty", "taken at"))
    place = f", {picture.place}" if picture.place else ""
    by = ", ".join(one.replace("_", " ") for one in picture.matched_by)
    names = f"names {', '.join(picture.makers)}; " if picture.makers else ""
    return visible(f"{labels.file_name(picture.path)}{place} (by {by}): {names}{read or 'no plate'}", 400)


def to_csv(made: WalkRound) -> str:
    """Write a header and one line for each item; cells that a spreadsheet would run are made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in made.items:
        cells = (
            one.code,
            one.state.value,
            one.site,
            one.name,
            str(one.units),
            one.why,
            "; ".join(f"{name}: {text}" for name, text in one.look_for),
            "; ".join(f"{held.path} {held.place}".strip() for held in one.pictures),
            "; ".join(f"{name} {text}" for held in one.pictures for name, text in held.read),
            "; ".join(dict.fromkeys(name for held in one.pictures for name in held.makers)),
            "; ".join(text for held in one.pictures for text in (*held.differs, *held.alike)),
            one.device,
        )
        writer.writerow([safe.csv_cell(visible(cell, 2_000)) for cell in cells])
    return out.getvalue()


def to_inquiry(made: WalkRound) -> str:
    """Write what stands open as places that were not searched, a site each, for the record of an inquiry."""
    sites: dict[str, list[PlateItem]] = {}
    for one in made.open:
        sites.setdefault(one.site, []).append(one)
    if not sites:
        return f"{_HEAD}inquiry:\n  not_searched: []\n"
    listed = {site: sum(one.site == site for one in made.items) for site in sites}
    lines = []
    for site, items in sites.items():
        names = [f"{one.name} ({one.code})" for one in items[:_NAMED]]
        more = f" and {len(items) - _NAMED:,} more" if len(items) > _NAMED else ""
        why = (
            f"Of {listed[site]:,} devices whose type plate would settle who made them, {len(items):,} have no picture of a "
            f"plate that names a known maker (list of {made.as_of}): {', '.join(names)}{more}."
        )
        lines.append(
            f"    - name: {_quoted(f'Type plates at {site}' if site else 'Type plates, site not given')}"
        )
        lines.append(f"      why: {_quoted(why)}")
    return _HEAD + "inquiry:\n  not_searched:\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(visible(" ".join(text.split()), 6_000), ensure_ascii=False)


def to_html(made: WalkRound, scan: Scan, crops: Crops) -> str:
    """Write the list as one self-contained page to print; without the extra `photos` codes are letters alone."""
    drawn = find_spec("zxingcpp") is not None
    return "".join(
        page.pieces(
            "walk_round.html.j2",
            page.own_text("scan/report.css") + page.own_text("walk_round.css"),
            made=made,
            scan=scan,
            crops=crops,
            sites=by_site(made),
            left=max(0, len(made.items) - _MOST),
            sentence=sentence(made),
            state_words=STATE_WORDS,
            open_states=OPEN_STATES,
            code_drawn=(lambda code: trusted(code_drawing(code))) if drawn else None,
            spots=labels.blind_spots(made.not_listed),
            contents=(
                ("summary", "Summary", True),
                ("items", "What to photograph", made.items),
                ("unlisted", "What no list can name", made.not_listed),
                ("read", "What was read", True),
                ("not-checked", "What was not checked", True),
            ),
        )
    )


def code_drawing(code: str) -> str:
    """Draw a QR code as SVG: one path of black modules on white, whatever the colours of the page."""
    import numpy as np
    import zxingcpp

    black = np.asarray(zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode).to_image()) < 128
    height, width = black.shape
    edges = np.diff(np.pad(black.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    starts, ends = np.argwhere(edges == 1).tolist(), np.argwhere(edges == -1).tolist()
    path = "".join(f"M{x} {y}h{end - x}v1h{x - end}z" for (y, x), (_, end) in zip(starts, ends, strict=True))
    return (
        f'<svg class="qr" viewBox="0 0 {width} {height}" role="img" aria-label="QR code {code}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
