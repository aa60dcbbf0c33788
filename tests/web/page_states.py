"""Cases in the states in which pages are looked at, and the forms of pages as they are when they are refused."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from browsers import Browser, do_here, hidden, linked, sent, words
from cases_ready import ready_case

from proscribe.web.application import Workbench

Bench = tuple[Workbench, Browser]
COMPANY = Path(__file__).parents[2] / "examples/company-two"
# Each names a firm once at most: what it says of how long something is, it says of pages, and of no scan.
LATIN, HAN, ARABIC = "x" * 300, "杭州海康威视" + "监控摄像机" * 59, "كاميراتمراقبة" * 23
BROKEN = ("broken.xlsx", b"PK\x03\x04 no workbook")


@dataclass(frozen=True, slots=True)
class State:
    """What a case is filled with.

    Attributes:
        files: that are scanned; none is a case without a finding.
        said: what people write where they may write what they like: titles, names, sites, reasons, scopes.
        suppliers: that are asked.
        documents: what is done with a report: kept, or looked at.
    """

    files: tuple[tuple[str, bytes], ...] = ()
    said: tuple[str, ...] = ()
    suppliers: str = ""
    documents: tuple[str, ...] = ("look",)


def company() -> tuple[tuple[str, bytes], ...]:
    """Give the files of the example company, and one that cannot be read."""
    return (*((one.name, one.read_bytes()) for one in sorted(COMPANY.iterdir())), BROKEN)


def long_files() -> tuple[tuple[str, bytes], ...]:
    """Give files in whose names, sheets, sites and cells nothing is short, and nothing has a blank."""
    book = openpyxl.Workbook()
    for name in (HAN, ARABIC, LATIN):
        sheet = book.create_sheet(name[:31])
        sheet.append(["Asset", "Maker", "Model", "Site", name])
        sheet.append([name, "Hikvision", "DS-2CD2143G2-I", name, name])
        sheet.append([f"{name}2", f"Dahua {name}", "IPC-HFW2431S-S-S2", "Depot", "y" * 10_000])
        sheet.append([f"{name}3", "Hanwha", "bracket for Hikvision camera", name, name])
    del book["Sheet"]
    data = io.BytesIO()
    book.save(data)
    listed = (
        f"Asset;Maker;Model;{LATIN};Site\n{LATIN};Hikvision;DS-2CD2143G2-I;{'y' * (1 << 20)};\u202e{ARABIC}\n"
    )
    return (
        (f"{HAN[:80]}.xlsx", data.getvalue()),
        (f"{LATIN[:200]}\u202e.csv", listed.encode()),
        (f"{ARABIC[:100]}.csv", f"Asset,Maker,Model\n{ARABIC},Huawei,S5735-L24P4S-A1\n".encode()),
        (f"{HAN[:70]}broken.xlsx", BROKEN[1]),
    )


STATES = {
    "full": State(company(), ("Harbour Systems LLC", "seen in place", "every camera at Tampa until it is replaced"), "Northgate Cameras Ltd; sales@northgate.example\nBay Security", ("keep", "look")),
    "long": State(long_files(), (LATIN, HAN, ARABIC), f"{LATIN[:190]}; a@northgate.example\n{HAN[:190]}\n{ARABIC[:190]}"),
    "empty": State(),
}  # fmt: skip


def built(bench: Bench) -> dict[str, str]:
    """Build a case in each state; gives their addresses."""
    made, browser = bench
    runs = {}
    for name, state in STATES.items():
        if state.files:
            looked = browser.hand_in(state.files)
            runs[name] = browser.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan")).path
    again = browser.post(linked(browser.hand_in(STATES["full"].files[:2]), r"/uploads/U-[0-9a-f]+/scan")).path
    do_here(made)
    cases = {"empty": f"/cases/{ready_case(made.settings.place, 0, title='empty')[0]}"}
    for name, run in runs.items():
        state = STATES[name]
        opened = browser.post(f"{run}/case", [("title", state.said[0])])
        assert opened.status == 200, words(opened)
        cases[name] = opened.path
        if name == "full":
            browser.get(again)
            browser.post(f"{again}/attach", [("case", opened.path.rpartition("/")[2])])
        filled(bench, cases[name], state)
    return cases


def filled(bench: Bench, case: str, state: State) -> None:
    """Do in a case what makes something stand on each of its pages."""
    made, browser = bench
    short, reason, scope = state.said
    sent(bench, f"{case}/law", [("situation", "own")])
    finding = browser.get(linked(browser.get(f"{case}/findings"), rf"{case}/findings/f_[0-9a-f]+"))
    told = [("verdict", "unsure"), ("reason", reason), ("version", hidden(finding, "version"))]
    assert browser.post(finding.path, told).status == 200
    browser.post(f"{case}/views?firm=dahua", [("view", short)])
    browser.post(f"{case}/waivers", [
        ("grantor", "agency_head"), ("part", "b"), ("scope", scope), ("agency", short), ("justification", reason),
        ("phase_out", scope), ("from_findings", "1"), ("valid_to", "2027-01-31"),
    ])  # fmt: skip
    browser.post(f"{case}/suppliers", [("suppliers", state.suppliers), ("asked_by", short)])
    devices = browser.post(f"{case}/devices").path
    report = [
        ("type", "far-report"), ("stage", "first"), ("organisation", "Harbour Systems LLC"), ("contract", short), ("scope", scope),
        ("searched", f"{short}; assets; {reason}; Sam Lind; 2026-11-18"), ("approver", "Kim Berg"), ("signer", "A. Osei"),
    ]  # fmt: skip
    for deed in state.documents:
        sent(bench, f"{case}/document", [*report, ("do", deed)])
    do_here(made)
    browser.post(f"{case}/devices", [("job", hidden(browser.get(devices), "job"))])
    contracts = (
        f"Contract,Value per year,Currency,Clauses,Options on\n{short},1000,USD,52.204-25,2027-06-01\n"
    )
    tables = browser.hand_in(
        [("contracts.csv", contracts.encode())], more=[("page", "choice"), ("case", case.rpartition("/")[2])]
    )
    asked = (
        ("first", "2027-01"),
        ("periods", "12"),
        ("doubtful", "yes"),
        ("years", "2026"),
        ("places", "US"),
    )
    browser.post(f"{case}/choice", [("upload", hidden(tables, "upload")), *asked])
    do_here(made)
