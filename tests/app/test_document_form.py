"""What is typed into the form of a document and what a file states make one and the same document."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import proscribe
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.document_form import making_of
from proscribe.app.case.document_offers import left_out, offers, seeded
from proscribe.app.choice.exposure import templates
from proscribe.app.papers.documents import make_paper
from proscribe.cli.main import cli
from proscribe.documents import TYPES, paper_type
from proscribe.documents.asks import Kind, field_at, groups_of, named, single_fields, values_in, with_rows
from proscribe.model.errors import ProscribeError
from proscribe.model.law import AffiliateOf
from proscribe.model.papers import PaperInputs
from proscribe.rules.expressions import walk

DAY, AT = "2026-11-25", "2026-11-25T09:30:00+00:00"
ASSETS = "Asset tag,Manufacturer,Model,Site,Quantity\nA1,Hikvision,DS-2CD2143G2-I,Depot,4\nA2,Dahua,IPC-HFW2431S-S-S2,Mill Lane,1\n"
PEOPLE = {
    "organisation": "Harbour Systems LLC",
    "approver": "Kim Berg",
    "signer": "A. Osei",
    "signer_title": "President",
}
SAID = {"organisation": {"name": "Harbour Systems LLC"}, "signer": {"name": "A. Osei", "title": "President"}}
STEP = {
    "plan:1:what": "Replace the cameras", "plan:1:owner": "Kim Berg", "plan:1:by_on": "18 Dec 2026", "plan:1:site": "Depot",
    "plan:1:quantity": "4 cameras", "plan:1:things": "A1", "plan:3:what": "Take down “Südtor”", "plan:3:state": "done",
    "plan:3:done_on": "2026-11-20",
}  # fmt: skip
PLAN = [
    {"id": "1", "what": "Replace the cameras", "owner": "Kim Berg", "by_on": "2026-12-18", "site": "Depot", "quantity": "4 cameras", "records": ["A1"]},
    {"id": "3", "what": "Take down “Südtor”", "state": "done", "done_on": "2026-11-20"},
]  # fmt: skip
SEARCHED = {
    "searched": f"Assets; assets; scanned, every row; Sam Lind; {DAY}", "from_on": "2026-11-20", "to_on": DAY,
    "asked:1:name": "Kim Berg", "asked:1:asked_on": DAY, "asked:1:question": "Which cameras hang here?", "asked:1:answer": "Four.",
}  # fmt: skip
INQUIRY = {
    "searched": [{"name": "Assets", "kind": "assets", "how": "scanned, every row", "by": "Sam Lind", "on": DAY}],
    "from_on": "2026-11-20", "to_on": DAY,
    "people": [{"person": {"name": "Kim Berg"}, "asked_on": DAY, "question": "Which cameras hang here?", "answer": "Four."}],
}  # fmt: skip
#: Type to what is typed, and to the same as a file states it.
PAPERS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "product-certificate": (
        {
            "offering_name": "Gate Controller", "part_number": "GC-40", "revision": "D", "offering_maker": "Harbour Systems LLC",
            "parts_list_complete": "true", "answer:contain": "does not",
            "components:1:ref": "1", "components:1:name": "Processor", "components:1:state": "cleared", "components:1:maker": "NXP",
            "components:1:because": "marking read", "components:1:chips": "NXP LS1028A",
        },
        {
            "offering": {
                "name": "Gate Controller", "part_number": "GC-40", "revision": "D", "maker": "Harbour Systems LLC",
                "parts_list_complete": True,
                "components": [{"ref": "1", "name": "Processor", "state": "cleared", "maker": "NXP", "because": "marking read", "chips": ["NXP LS1028A"]}],
            },
            "answers": {"contain": "does not"},
        },
    ),
    "waiver-request": (
        {
            **STEP, "contract": "70B03C", "agency": "DHS", "route": "dni", "part": "b", "asked_of": "Director, through DHS",
            "waiver_from": "2026-12-01", "waiver_to": "2027-03-31", "justification": "The depot may not be left unwatched.\n\nNot a day.",
        },
        {
            "plan": PLAN, "contract": {"number": "70B03C", "agency": "DHS"},
            "waiver_asked": {
                "route": "dni", "part": "b", "asked_of": "Director, through DHS", "from_on": "2026-12-01", "to_on": "2027-03-31",
                "justification": "The depot may not be left unwatched.\n\nNot a day.",
            },
        },
    ),
    "grant-certification": (
        {**SEARCHED, "award": "CA-26-0031", "agency": "DOT", "funds": "direct", "answer:spend": "does not"},
        {"inquiry": INQUIRY, "contract": {"award": "CA-26-0031", "agency": "DOT"}, "options": {"funds": "direct"}, "answers": {"spend": "does not"}},
    ),
    "phase-out-statement": ({**STEP, **SEARCHED, "answer:use": "does"}, {"plan": PLAN, "inquiry": INQUIRY, "answers": {"use": "does"}}),
    "annual-representation": (
        {**SEARCHED, "disclosed": "C-0002", "answer:use": "does"}, {"inquiry": INQUIRY, "disclosed": ["C-0002"], "answers": {"use": "does"}},
    ),
    "portfolio-summary": (
        {"sites": "Depot\nMill Lane, north", "money:1:kind": "replacement cost", "money:1:amount": "1840.50", "money:1:currency": "EUR"},
        {"sites": ["Depot", "Mill Lane, north"], "money": [{"kind": "replacement cost", "amount": "1840.50", "currency": "EUR"}]},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Cases]]:
    """A store with two cases; what is made of them is not kept."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "assets.csv").write_text(ASSETS)
    scan = proscribe.scan(folder, as_of=DAY).to_json().encode()
    place = str(folder / "cases.db")
    with open_cases(place, create=True) as cases:
        for title in ("Depot", "Harbour"):
            cases.open_from_scan(scan, "scan.json", by="Sam Lind", zone="UTC", title=title)
        yield place, cases


@pytest.mark.parametrize("type_", PAPERS)
def test_a_form_and_a_file_make_the_same_document(
    store: tuple[str, Cases], type_: str, tmp_path: Path
) -> None:
    place, cases = store
    typed, stated = PAPERS[type_]
    with making_of(
        {**PEOPLE, **typed, "type": type_}, author="Sam Lind", at=datetime.fromisoformat(AT)
    ) as making:
        by_form = make_paper(making, desk=cases, case_id="C-0001")
    written = tmp_path / "said.yml"
    written.write_text(yaml.safe_dump({**SAID, **stated}, allow_unicode=True), "utf-8")
    made = tmp_path / "made.json"
    command = [
        "document", "make", type_, "C-0001", "--store", place, "--with", str(written), "--by", "Sam Lind", "--approver", "Kim Berg",
        "--at", AT, "-o", f"json={made}",
    ]  # fmt: skip
    told = CliRunner().invoke(cli, command)
    assert told.exit_code in (0, 1), told.output
    by_file = json.loads(made.read_text("utf-8"))
    differ = {key for key in by_file if by_file[key] != json.loads(json.dumps(by_form.data))[key]}
    assert not differ, {key: (by_file[key], by_form.data[key]) for key in differ}


def test_each_field_stands_somewhere_in_the_inputs_and_each_group_is_asked() -> None:
    inputs = set(PaperInputs.__dataclass_fields__) | {"resolved"}
    asked = {name for type_ in TYPES for name in (TYPES[type_].get("asks") or ())}
    seen = {group.name: group for type_ in TYPES for group in groups_of(type_)}
    assert asked <= seen.keys()
    names = [name for group in seen.values() if not group.rows for name in group.fields]
    assert len(names) == len(set(names))
    for group in seen.values():
        # its title leads to the group, so no field may have its name but the one that is all of it
        assert not group.title or group.name not in names or len(group.fields) == 1
        tops = [group.rows] if group.rows else [one.to for one in group.fields.values() if one.to]
        assert {one[0] for one in tops} <= inputs, group.name
        assert not group.rows or any(one.must for one in group.fields.values()), group.name
        for one in group.fields.values():
            assert one.besides in ("", *group.fields) and one.not_before in ("", *group.fields)
            assert (one.kind is Kind.CHOICE) == bool(one.choices)


WRONG = [
    ("plan:1:by_on", "31/02/2026", "a day such as"), ("plan:1:by_on", "03/04/2026", "a day such as"), ("waiver_to", "soon", "a day such as"),
    ("route", "the president", "agency_head"), ("plan:2:state", "gone", "planned"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_what_is_typed_is_checked_where_it_is_typed(name: str, text: str, expected: str) -> None:
    with pytest.raises(ProscribeError) as told:
        values_in("waiver-request", {**STEP, "plan:2:what": "More", name: text})
    assert (told.value.code, told.value.at) == ("E458", name) and expected in str(told.value.expected)


def test_a_row_that_says_part_of_it_names_the_field_that_is_missing() -> None:
    for typed, at in (
        ({"plan:4:owner": "Kim Berg"}, "plan:4:what"),
        ({"plan:1:what": "Remove", "plan:1:cited": "Direction"}, "plan:1:latest_on"),
        ({"waiver_from": "2026-12-01", "waiver_to": "2026-11-01"}, "waiver_to"),
    ):
        with pytest.raises(ProscribeError) as told:
            values_in("waiver-request", typed)
        assert told.value.code == "E458" and told.value.at == at
    # what the page wrote alone says nothing, and an empty row is none
    assert values_in("product-certificate", {"resolved:1:ref": "line 7", "components:2:name": " "}) == {}


def test_a_failure_is_told_at_its_field() -> None:
    assert field_at("waiver-request", "/plan/1/by_on", STEP) == "plan:3:by_on"
    assert field_at("waiver-request", "waiver_asked.route", {}) == "route"
    assert field_at("grant-certification", "contract.award", {}) == "award"
    assert field_at("grant-certification", "/items/0/brand", {}) == ""
    assert field_at("phase-out-statement", "plan", {}) == "plan"
    assert field_at("product-certificate", "parts_list", {}) == "parts_list"
    assert field_at("waiver-request", "plan:3:by_on", STEP) == "plan:3:by_on"


def test_rows_are_added_and_taken_out_and_keep_their_numbers() -> None:
    more = with_rows("waiver-request", {}, "more:plan")
    assert more is not None and {"plan:1:what", "plan:2:what"} == more.keys()
    less = with_rows("waiver-request", STEP, "less:plan:1")
    assert less is not None and {name.split(":")[1] for name in less} == {"3"}
    again = with_rows("waiver-request", less, "more:plan")
    assert again is not None and "plan:4:what" in again
    for wish in ("look", "keep", "more:who", "more:nothing", ""):
        assert with_rows("waiver-request", STEP, wish) is None


def test_a_plan_begins_with_what_the_records_show_and_nothing_more(store: tuple[str, Cases]) -> None:
    _, cases = store
    file = cases.case("C-0001")
    offered = offers(cases, file, "waiver-request")
    begun = seeded("waiver-request", {}, offered.things)
    assert {begun[named("plan", number, "site")] for number in (1, 2)} == {"Depot", "Mill Lane"}
    assert {begun[named("plan", number, "quantity")] for number in (1, 2)} == {"4", "1"}
    assert not any(name.endswith((":owner", ":by_on", ":state")) for name in begun)
    assert seeded("waiver-request", {"plan:1:what": "mine"}, offered.things) == {}
    assert [one for one, _ in offers(cases, file, "annual-representation").cases] == ["C-0002"]
    assert not offers(cases, file, "inquiry-record").cases  # it stays with the firm, and names them anyway


@given(st.dictionaries(st.sampled_from(sorted(single_fields("waiver-request"))), st.text(max_size=40)))
def test_whatever_is_typed_is_read_or_refused_at_its_field(form: Mapping[str, str]) -> None:
    try:
        with making_of({**form, "type": "waiver-request"}, author="Sam Lind") as making:
            make_nothing = making.files
    except ProscribeError as told:
        assert told.code in ("E457", "E458") and told.at in single_fields("waiver-request")
    else:
        assert all(place.suffix == ".yml" for place in make_nothing)


UK = "NE,Region,Function,OEM,Type\nLDS-CORE-01,Leeds,UPF / EPC,Huawei,CloudUGW\nLDS-CCTV-1,Leeds,site CCTV,Dahua,IPC-HFW2431S\n"
UK_FACTS = (
    "facts: {party.role: telecom_operator, party.jurisdiction: GB, party.is_directed_provider: true, act.kind: keep_in_operation,\n"
    "  network.segment: core}\n"
)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the scan of a list of network elements in Britain that was put to the law."""
    folder = tmp_path_factory.mktemp("uk")
    (folder / "elements.csv").write_text(UK)
    (folder / "FACTS.yml").write_text(UK_FACTS)
    said = [
        "--as-of",
        DAY,
        "--decide",
        f"{folder}/FACTS.yml",
        "-o",
        f"json={folder}/scan.json",
        "--no-config",
        "--kind",
        f"{folder}/elements.csv=equipment",
    ]
    done = CliRunner().invoke(cli, ["scan", f"{folder}/elements.csv", *said])
    assert (folder / "scan.json").exists(), done.output
    return folder / "scan.json"


def test_a_phase_out_begins_with_what_its_direction_reaches_named_as_the_records_name_it(
    tmp_path: Path, decided: Path
) -> None:
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        file = cases.open_from_scan(
            decided.read_bytes(), "scan.json", by="Sam Lind", zone="UTC", title="Leeds", country="GB"
        )
        things = offers(cases, file, "phase-out-statement").things
    assert {one.what: one.reached for one in things} == {
        "Huawei LDS-CORE-01": True,
        "Dahua IPC-HFW2431S": False,
    }
    begun = seeded("phase-out-statement", {}, things)
    assert [text for name, text in begun.items() if name.endswith(":what")] == ["Huawei LDS-CORE-01"]


MORE = (
    "NE,Region,Function,OEM,Type,Qty,Swap planned,Site country\n"
    "LDS-CORE-01,Leeds,UPF / EPC,Huawei,CloudUGW,,31/12/2026,GB\nLDS-CORE-02,Leeds,UPF / EPC,Huawei,CloudUGW,,2027-06,GB\n"
    "LDS-CORE-03,Leeds,UPF / EPC,Huawei,CloudUGW,,03/04/2027,GB\nYRK-RAN-1,York,radio,ZTE,ZXSDR B8300,2,2026-11-30,GB\n"
    "DUS-CORE-1,Duesseldorf,core,Huawei,CloudUGW,1,2026-11-30,DE\n"
)


def test_a_plan_takes_the_planned_days_of_the_lists_and_only_things_of_the_firm_that_its_direction_names(
    tmp_path: Path,
) -> None:
    (tmp_path / "swap.csv").write_text(MORE)
    (tmp_path / "FACTS.yml").write_text(UK_FACTS)
    said = [
        "--as-of",
        DAY,
        "--decide",
        f"{tmp_path}/FACTS.yml",
        "-o",
        f"json={tmp_path}/scan.json",
        "--no-config",
    ]
    done = CliRunner().invoke(
        cli, ["scan", f"{tmp_path}/swap.csv", *said, "--kind", f"{tmp_path}/swap.csv=equipment"]
    )
    assert (tmp_path / "scan.json").exists(), done.output
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        content = (tmp_path / "scan.json").read_bytes()
        file = cases.open_from_scan(
            content, "scan.json", by="Sam Lind", zone="UTC", title="Leeds", country="GB"
        )
        things = offers(cases, file, "phase-out-statement").things
        begun = seeded("phase-out-statement", {}, things)
        form = {
            "type": "phase-out-statement",
            "organisation": "Northline plc",
            "answer:use": "does not",
            **begun,
        }
        with making_of(form, author="Sam Lind") as making:
            paper = make_paper(making, (), cases, file.case.id)
    # a month is planned by its last day; 03/04 may be two days
    assert [str(one.planned_on) for one in things if one.reached] == ["2026-12-31", "2027-06-30", "None"]
    assert left_out("phase-out-statement", things) == paper.data["body"]["others"] == 2
    assert not any("ZXSDR" in one.what for one in paper.obstacles if one.code == "thing-unplanned")
    # what is open of them stands against the answer all the same
    assert any("ZXSDR" in one.what for one in paper.obstacles)
    assert "uei" not in single_fields("phase-out-statement") and "uei" in single_fields(
        "annual-representation"
    )
    # the type names the firms of its direction as the law does
    (regime,) = paper_type("phase-out-statement").get("regimes")
    law = cases.decider.law
    named = {
        firm
        for name, one in law.definitions.items()
        if name.startswith(regime)
        for each in walk(one.when)
        if isinstance(each, AffiliateOf)
        for firm in each.firms
    }
    assert named == set(paper_type("phase-out-statement").get("of_firms"))


def test_a_table_of_a_choice_holds_the_region_and_the_last_day_that_the_law_set(
    tmp_path: Path, decided: Path
) -> None:
    made = templates(tmp_path / "tables", decided, separate=True)
    (assets,) = (one for one in made if one.name == "assets.csv")
    rows = {row["Item"]: row for row in csv.DictReader(assets.read_text().splitlines())}
    core, camera = rows["Huawei LDS-CORE-01"], rows["Dahua IPC-HFW2431S"]
    assert (core["Site"], core["Due on"]) == ("Leeds", "2023-12-31")
    assert (camera["Site"], camera["Due on"]) == ("Leeds", "")
