"""A store with a roster and an approved annual representation, for tests of what is signed and of bundles that are checked."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import rostered

import proscribe
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.document_files import make_document, sign_stored_document
from proscribe.app.papers.documents import Making
from proscribe.attestations import Signer

DAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
HEADER = ("Asset ID", "Manufacturer", "Model", "Description", "Serial number", "Site", "Quantity")
CLEAN = (("A3", "Axis", "P3245-LV", "Camera", "B8A44F1122AA", "Depot", "2"),)
DIRTY = (*CLEAN, ("A1", "Hikvision", "DS-2CD2143G2-I", "Camera", "K41209881", "Depot", "2"))
SAID = """\
organisation: {name: Harbour Systems LLC, contacts: [{name: Sam Lind}]}
people: [{name: Sam Lind, title: Compliance officer}]
inquiry:
  searched:
    - {name: Register, kind: assets, how: scanned whole, by: Sam Lind, on: 2026-11-23, records: 1}
    - {name: Offers, kind: offers, how: read whole, by: Sam Lind, on: 2026-11-23}
"""


@lru_cache(maxsize=8)
def scanned(folder: Path, name: str, rows: tuple[tuple[str, ...], ...]) -> bytes:
    """Scan a list of assets that is written to a folder."""
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    return proscribe.scan([folder / name], as_of=DAY).to_json().encode()


@dataclass(frozen=True, slots=True)
class World:
    """A folder with `c.db`, keys of `rostered.PEOPLE` under `keys/`, and the lists that were scanned."""

    folder: Path

    @contextmanager
    def cases(self, now: datetime = AT) -> Iterator[Cases]:
        """Open the store."""
        with open_cases(self.folder / "c.db", now=lambda: now) as opened:
            yield opened

    def key(self, name: str) -> Signer:
        """Give somebody's key."""
        return rostered.key(self.folder / "keys", name)

    def public(self, name: str) -> Path:
        """Give the file of somebody's public key."""
        stem = name.replace(" ", "-").replace(".", "").lower()
        return self.folder / "keys" / f"{stem}.pub.pem"

    def sign(self, by: str = "A. Osei", now: datetime = AT, key: str = "", **more: Any) -> Path:
        """Sign C-0001/DOC1; gives the bundle."""
        target = self.folder / "signed.zip"
        with self.cases(now) as cases:
            sign_stored_document(
                cases, "C-0001", "DOC1", self.key(key or by), target, by=by, title="President", **more
            )
        return target


def begun(folder: Path, formats: tuple[str, ...] = ("md",), *, approved: bool = True) -> World:
    """Begin a store with a roster, a case over a clean list, and an annual representation, approved by Kim Berg."""
    world = World(folder)
    content = scanned(folder, "assets.csv", CLEAN)
    with open_cases(folder / "c.db", create=True, now=lambda: AT) as cases:
        hands: Mapping[str, Signer] = rostered.begun(cases.store, folder / "keys")
        cases.open_from_scan(content, "scan.json", by="Sam Lind", title="Yearly", zone="UTC")
        said = folder / "said.yml"
        said.write_text(SAID)
        making = Making(
            "annual-representation", (said,), as_of=DAY, made_at=AT, author="Sam Lind", approver="Kim Berg"
        )
        cases.store.hand = hands["Sam Lind"]
        made = make_document(making, cases=cases, case_id="C-0001", formats=formats)
        assert not made.refused, made.paper.obstacles
        if approved:
            cases.store.hand = hands["Kim Berg"]
            cases.approve("C-0001", "DOC1", by="Kim Berg")
    return world


def copied(world: World, folder: Path) -> World:
    """Copy a world, to change it."""
    shutil.copytree(world.folder, folder)
    return World(folder)
