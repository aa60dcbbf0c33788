"""Devices behind many records, waivers and suppliers, in the workbench."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from browsers import (
    HOSTILE,
    INVENTORY,
    Answer,
    Browser,
    do_here,
    entered,
    hidden,
    linked,
    opened,
    words,
    workbench,
)
from cases_ready import ready_case
from supplier_samples import ANSWERS, filled_workbook

from proscribe.app.case.cases import open_cases
from proscribe.web.application import Workbench

Bench = tuple[Workbench, Browser]
#: One thing in two files, which say different makers of it.
OTHER = "Asset,Maker,Model,MAC address\nX1,Axis,P3245-V,44:19:b6:11:22:33\n"
ONE = "Tag,Manufacturer,Model,MAC address,Site\nB1,Hikvision,DS-2CD2143G2-I,44:19:b6:11:22:33,<b>Mill</b>\n"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito", zone="America/New_York") as made:
        entered(*made)
        yield made


def test_records_are_joined_into_devices_and_a_device_is_judged(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("one.csv", ONE.encode()), ("other.csv", OTHER.encode())])
    assert "0 devices" in words(browser.get(f"{case}/devices"))
    asked = browser.post(f"{case}/devices")
    do_here(made)
    ready = browser.get(asked.path)
    job = re.search(r'name="job" value="(J-\d+)"', ready.text)
    assert job is not None, words(ready)
    assert "1 device joined, 0 in the case" in words(ready)  # counted before anything is taken
    assert re.search(
        r"an open contradiction: 1 (confirmed|probable|possible)\. Take these devices", words(ready)
    ), words(ready)
    shown = browser.post(f"{case}/devices", [("job", job[1])])
    assert "1 device" in words(shown) and "Hikvision" in words(shown) and "<b>Mill" not in shown.text
    told = "Axis: label “Axis” (other.csv record 1)"
    assert told in words(shown) and "Hikvision: " in words(shown) and "What settles it: " in words(shown)
    for found in re.findall(rf"{case}/findings/f_[0-9a-f]+", shown.text):
        assert told in words(browser.get(found))
    assert browser.post(f"{case}/devices", [("job", job[1])]).status == 409  # attached already
    act = linked(shown, rf"{case}/devices/d_[0-9a-f]+")
    judged = browser.post(act, [("verdict", "same"), ("reason", HOSTILE)])
    assert (
        "Judged same by R. Ito" in words(judged)
        and "<script>alert" not in judged.text
        and "\u202e" not in judged.text
    )
    assert browser.post(act, [("verdict", "else"), ("reason", "x")]).status == 422
    assert (
        browser.post(
            f"{case}/devices/d_{'0' * 20}", [("verdict", "same"), ("reason", "seen in place")]
        ).status
        == 404
    )
    assert browser.get(f"{case}/devices?job=J-9999").status == 404
    # the device whole, from the list and from its findings
    page = browser.get(linked(browser.get(f"{case}/devices"), rf"{case}/devices/d_[0-9a-f]+"))
    whole = words(page)
    assert page.path == act and "<b>Mill" not in page.text and "<script>alert" not in page.text
    assert "Records that were joined (2)" in whole and "By what they are one device" in whole
    assert (
        "MAC address 44:19:b6:11:22:33" in whole
        and told in whole
        and "What speaks for it" in whole
        and "by itself" in whole
    )
    assert "How it stood in each report" in whole and "2 records, 1 open contradiction" in whole
    for found in set(re.findall(rf"{case}/findings/f_[0-9a-f]+", page.text)):
        assert f'href="{act}"' in browser.get(found).text
    wrong = browser.post(act, [("verdict", "gone"), ("reason", "sold last year"), ("day", "2024-01-05")])
    assert wrong.status == 422 and 'id="paper-wrong"' in wrong.text and "sold last year" in wrong.text
    back = browser.post(linked(page, rf"{case}/judgements/\d+/back"))
    assert (
        back.path.startswith(act)
        and "judged by nobody again" in words(back)
        and "Judged same" not in words(back)
    )
    assert browser.get(f"{case}/devices/d_{'0' * 20}").status == 404


def test_a_waiver_is_asked_for_and_suppliers_are_asked_and_reminded(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    browser.get(f"{case}/waivers")
    asked = browser.post(
        f"{case}/waivers",
        [
            ("grantor", "agency_head"),
            ("part", "b"),
            ("scope", HOSTILE),
            ("from_findings", "1"),
            ("valid_to", "2027-01-31"),
        ],
    )
    assert "1 waiver" in words(asked) and "What the route asks for" in asked.text, words(asked)
    assert "<script>alert" not in asked.text and "\u202e" not in asked.text
    assert browser.post(f"{case}/waivers", [("grantor", "nobody"), ("part", "b"), ("scope", "x")]).status in (
        409,
        422,
    )
    assert (
        browser.post(
            f"{case}/waivers", [("grantor", "dni"), ("part", "b"), ("scope", "x"), ("valid_to", "soon")]
        ).status
        == 422
    )

    assert "Nobody was asked" in words(browser.get(f"{case}/suppliers"))
    assert browser.post(f"{case}/suppliers", [("suppliers", " ; "), ("asked_by", "Harbour")]).status == 422
    listed = browser.post(
        f"{case}/suppliers",
        [
            ("suppliers", f"Northgate Cameras; sales@northgate.example\n{HOSTILE}"),
            ("asked_by", "Harbour Systems"),
        ],
    )
    assert "2 suppliers" in words(listed), words(listed)
    assert "<script>alert" not in listed.text and "\u202e" not in listed.text
    got = browser.call("GET", f"{case}/suppliers/forms")
    names = zipfile.ZipFile(io.BytesIO(got.text.encode("latin-1"))).namelist()
    assert "index.csv" in names and not [name for name in names if ".." in name or name.startswith("/")]
    reminded = browser.post(f"{case}/suppliers/remind")
    assert "The reminder, to be sent by you" in reminded.text
    with open_cases(made.settings.place) as cases:
        assert len(cases.case(case.rsplit("/", 1)[1]).declarations) == 2


def handed_in(browser: Browser, case: str, page: str, files: list[tuple[str, bytes]]) -> Answer:
    """Hand files in on a page of a case; gives that page, which asks what to do with them."""
    browser.get(f"{case}/{page}")
    return browser.hand_in(files, more=[("page", page), ("case", case.rsplit("/", 1)[1])])


def test_a_grant_is_recorded_with_its_copy_by_somebody_who_did_not_ask(bench: Bench) -> None:
    made, browser = bench
    case = f"/cases/{ready_case(made.settings.place)[0]}"
    browser.get(f"{case}/waivers")
    long = "the cameras at " + "Mill Lane, " * 40 + "until they are replaced"
    asked = [("grantor", "dni"), ("part", "b"), ("scope", long), ("from_findings", "1")]
    assert "until they are replaced" in words(browser.post(f"{case}/waivers", asked))
    shown = handed_in(browser, case, "waivers", [("grant.pdf", b"%PDF-1.7 granted"), ("other.txt", b"x")])
    assert "Record the grant as R. Ito" in shown.text
    told = [
        ("upload", hidden(shown, "upload")), ("proof", "grant.pdf"), ("granted_on", datetime.now(UTC).date().isoformat()),
        ("conditions", f"report each quarter\n{HOSTILE}"),
    ]  # fmt: skip
    act = linked(shown, rf"{case}/waivers/W1/grant")
    assert browser.post(act, [*told[:1], ("proof", "../cases.db"), *told[2:]]).status == 404
    assert browser.post(act, told).status in (409, 422)  # who asked for it does not grant it
    browser.get("/name")
    browser.post("/name", [("person", "Kim Berg")])
    granted = browser.post(act, told)
    assert granted.status == 200 and "in force · asked of the Director" in words(granted), words(granted)
    with open_cases(made.settings.place) as cases:
        (waiver,) = cases.case(case.rsplit("/", 1)[1]).waivers
        assert waiver.status == "granted" and waiver.conditions[0] == "report each quarter"
        assert cases.store.blob(waiver.document_sha256) == b"%PDF-1.7 granted"


def test_forms_that_came_back_are_taken_each_by_itself(bench: Bench) -> None:
    made, browser = bench
    case = f"/cases/{ready_case(made.settings.place)[0]}"
    browser.get(f"{case}/suppliers")
    browser.post(
        f"{case}/suppliers", [("suppliers", "Northgate Cameras Ltd"), ("asked_by", "Harbour Systems")]
    )
    with open_cases(made.settings.place) as cases:
        (asked,) = cases.suppliers().forms(case.rsplit("/", 1)[1])
    form = filled_workbook(asked.form, {**ANSWERS, "answered_on": datetime.now(UTC).date().isoformat()})
    shown = handed_in(
        browser, case, "suppliers", [("northgate.xlsx", form), (f"{HOSTILE}.xlsx", b"no workbook")]
    )
    taken = browser.post(linked(shown, rf"{case}/suppliers/take"), [("upload", hidden(shown, "upload"))])
    said = words(taken)
    assert "Northgate Cameras Ltd: answered" in said and "Not taken." in said, said
    assert "<script>alert" not in taken.text and made.settings.place not in taken.text
    with open_cases(made.settings.place) as cases:
        (item,) = cases.case(case.rsplit("/", 1)[1]).declarations
        assert item.answered_on is not None
