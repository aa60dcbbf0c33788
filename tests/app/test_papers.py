"""Out of files and a case become the inputs of a document: what is joined, what speaks first, what is refused."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import rostered
from hypothesis import given, settings
from hypothesis import strategies as st
from scan_samples import say_ran_again

from proscribe.app.case.cases import Cases
from proscribe.app.keys.signing import bundle_of
from proscribe.app.papers import document_scans, document_statements
from proscribe.app.papers import documents as papers
from proscribe.app.papers.document_keeping import SPEAKS_AGAINST, sign_stored, store_paper
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.store.desk import Desk
from proscribe.attestations import Signer
from proscribe.casework.commands import cases, documents, judging
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import CaseFile, EventKind, Verdict
from proscribe.model.errors import CaseError, InputError, ProscribeError, UsageError
from proscribe.model.papers import Paper, PaperState

from .conftest import scan, write_csv

ALL = "Records, cases and clocks, not told by site"
DAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
COMPANY = "organisation: {name: Harbour Systems LLC, contacts: [{name: Dana Ruiz}]}\npeople: [{name: Dana Ruiz, title: Compliance officer}]\n"
INQUIRY = "inquiry:\n  searched: [{name: Register, kind: assets, how: scanned whole, by: Sam Lind, on: 2026-11-23}, {name: Offers, kind: offers, how: read whole, by: Sam Lind, on: 2026-11-23}]\n"
FACTS: dict[str, Any] = {
    "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "continue_contract", "use.by": "the_entity",
    "item.producer": "hikvision", "item.kind": "video_surveillance_equipment", "item.purpose": ["public_safety"],
    "item.role_in_system": "substantial_or_essential_component", "contract.agency": "GSA", "contract.is_idiq": False,
    "contract.clauses": ["52.204-25 (NOV 2021)"], "contract.is_micro_purchase": False, "event.during_performance": True,
    "event.identified_at": "2026-11-24T10:00:00-05:00", "event.source": "own",
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _knowledge_once() -> Iterator[None]:
    read = vars(papers)["open_knowledge"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "open_knowledge", functools.cache(lambda layers: read(layers)))
        yield


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Scan two lists: one names cameras twice, one is clean."""
    folder = tmp_path_factory.mktemp("scans")
    header = ("Asset ID", "Manufacturer", "Model", "Description", "Serial number", "Site", "Quantity")
    dirty = write_csv(folder / "dirty.csv", [("A1", "Hikvision", "DS-2CD2143G2-I", "Camera", "K41209881", "Depot", "2"),
                                             ("A2", "Dahua", "IPC-HFW5442E-ZE", "Camera", "6J0A1F2PAZ00031", "Depot", "1")], header)  # fmt: skip
    clean = write_csv(
        folder / "clean.csv", [("A3", "Axis", "P3245-LV", "Camera", "B8A44F1122AA", "Depot", "2")], header
    )
    return {"dirty": scan(dirty).to_json().encode(), "clean": scan(clean).to_json().encode()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(tmp_path / "c.db", now=lambda: AT) as store:
        yield Desk(store)


class Files:
    """Writes YAML files and makes documents of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        *texts: str,
        scans: tuple[bytes, ...] = (),
        type_: str = "annual-representation",
        desk: Desk | None = None,
        case: str = "",
        **more: Any,
    ) -> Paper:
        files, read = [], []
        for number, text in enumerate(texts):
            files.append(self.folder / f"{number}.yml")
            files[-1].write_text(text)
        for number, content in enumerate(scans):
            read.append(self.folder / f"{number}.json")
            read[-1].write_bytes(content)
        said = {"as_of": DAY, "made_at": AT, "author": "Dana Ruiz", **more}
        return make_paper(Making(type_, tuple(files), tuple(read), **said), (), desk, case)


@pytest.fixture
def make(tmp_path: Path) -> Files:
    return Files(tmp_path)


def refused(make: Files, *texts: str, **more: Any) -> ProscribeError:
    with pytest.raises(ProscribeError) as caught:
        make(*texts, **more)
    return caught.value


# Joining what people wrote


def test_a_later_file_adds_to_lists_and_replaces_the_rest(make: Files) -> None:
    more = (
        "organisation: {name: Harbour Systems Inc., contacts: [{name: Kim Berg}]}\n"
        "items: [{id: a, brand: Lorex, concerns: [use]}, {id: b, brand: Axis}]\n"
    )
    late = "items: [{id: c}, {id: a, description: Recorder, producer: {name: Dahua}}]\n"
    paper = make(COMPANY, more, late, type_="far-report")
    assert paper.data["organisation"]["name"] == "Harbour Systems Inc."
    assert [one["name"] for one in paper.data["organisation"]["contacts"]] == ["Dana Ruiz", "Kim Berg"]
    items = paper.data["body"]["items"]
    assert [one["id"] for one in items] == ["a", "b", "c"], "the order of the first mention"
    assert (items[0]["brand"], items[0]["description"], items[0]["producer"]["name"]) == (
        "Lorex",
        "Recorder",
        "Dahua",
    )


def test_the_same_file_twice_changes_no_list_of_texts(make: Files) -> None:
    text = COMPANY + "contract: {number: X-1, clauses: [52.204-25], order_numbers: [F-1]}\nitems: [{id: a}]\n"
    once, twice = make(text, type_="far-report"), make(text, text, type_="far-report")
    assert (
        twice.data["contract"] == once.data["contract"]
        and twice.data["body"]["items"] == once.data["body"]["items"]
    )


def test_people_are_found_by_name_and_never_invented(make: Files) -> None:
    paper = make(COMPANY + INQUIRY, approver="Lee Okafor")
    assert paper.data["people"]["author"]["title"] == "Compliance officer"
    assert paper.data["people"]["approver"] == {
        "name": "Lee Okafor",
        "title": "",
        "organisation": "",
        "email": "",
        "phone": "",
    }


def test_values_that_the_caller_gives_speak_last(make: Files) -> None:
    paper = make(COMPANY + INQUIRY + "answers: {use: does}\n", values={"answers": {"use": "does not"}})
    assert paper.data["body"]["representations"]["use"]["sought"] == "does not"


_TEXT = st.text("abc", min_size=1, max_size=3)
_VALUE = st.recursive(
    _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT | st.just("id"), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_TEXT, _VALUE, max_size=4), st.dictionaries(_TEXT, _VALUE, max_size=4))
def test_joining_loses_nothing_that_is_in_a_list_and_changes_neither_side(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    before = json.dumps([one, two])
    value: dict[str, Any] = {}
    document_statements.add(value, one)
    document_statements.add(value, two)
    assert json.dumps([one, two]) == before
    for name, said in one.items():
        if isinstance(said, list) and isinstance(two.get(name, []), list):
            plain = [item for item in said if isinstance(item, str)]
            assert [item for item in value[name] if isinstance(item, str)][: len(plain)] == plain
            assert len(value[name]) >= len(said)
    for name, said in two.items():
        if isinstance(said, str):
            assert value[name] == said


def test_an_error_names_the_file_that_said_it(make: Files) -> None:
    error = refused(
        make,
        COMPANY,
        "items:\n  - id: a\n",
        "items:\n  - id: b\n  - id: a\n    supplier:\n      uei: SHORT\n",
        type_="far-report",
    )
    assert error.code == "E450" and "2.yml:5:7" in error.at and "items[0].supplier.uei" in error.at


# Records and scans


def test_items_name_findings_by_the_id_of_their_record(make: Files, scans: dict[str, bytes]) -> None:
    paper = make(
        COMPANY + "items: [{id: a, records: [A1, A2]}, {id: b, records: [A2]}]\n",
        scans=(scans["dirty"],),
        type_="far-report",
    )
    items = paper.data["body"]["items"]
    assert [[one["record_id"] for one in item["findings"]] for item in items] == [["A1", "A2"], ["A2"]]
    assert "records" not in items[0]


def test_a_record_is_named_once_however_often_it_is_said(make: Files, scans: dict[str, bytes]) -> None:
    (found,) = {one["id"] for one in json.loads(scans["dirty"])["findings"] if one["record_id"] == "A1"}
    paper = make(
        COMPANY + f"items: [{{id: a, records: [A1, A1], finding_ids: [{found}]}}]\n",
        scans=(scans["dirty"],),
        type_="far-report",
    )
    assert paper.data["body"]["items"][0]["finding_ids"] == [found]


def test_one_scan_handed_over_twice_is_one_scan(make: Files, scans: dict[str, bytes]) -> None:
    paper = make(COMPANY + INQUIRY, scans=(scans["clean"], scans["clean"]))
    assert [one["kind"] for one in paper.data["rests_on"]].count("scan") == 1


def test_what_scans_bear_on_is_an_event_of_two_and_is_printed(
    desk: Desk, make: Files, scans: dict[str, bytes]
) -> None:
    case_id = desk.open_from_scan(scans["dirty"], "dirty.json", by="Dana Ruiz", title="t", zone="UTC").case.id
    desk = Cases(desk.store)
    _, outside = desk.narrow(case_id, bears_on=["provide"], reason="a list of what we own", by="Dana Ruiz")
    assert len(outside) == 2 and "hikvision" in outside[0]

    def said() -> tuple[Any, set[str]]:
        paper = make(COMPANY + INQUIRY, desk=desk, case=case_id)
        (row,) = (one for one in paper.data["rests_on"] if one["kind"] == "scan")
        against = {name for one in paper.obstacles if one.code == "not-decided" for name in one.questions}
        return row, against

    assert said()[1] == {"use"}, "one person alone puts nothing outside"
    desk.approve(case_id, "ST1", by="Kim Berg")
    row, against = said()
    assert row["bears_on"] == ["provide"] and row["bears_on_why"].startswith(
        "a list of what we own (C-0001/ST1: Dana"
    )
    assert against == set()
    paper = make(COMPANY + INQUIRY, desk=desk, case=case_id)
    assert {one.code for one in paper.obstacles if one.questions == ("use",)} == {"outside"}
    assert len(paper.data["scopes"][0]["outside"]["findings"]) == 2
    desk.widen(case_id, "ST1", by="Dana Ruiz")
    assert said()[1] == {"use"}


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"null", b'"x"', b'{"schema": "proscribe.scan/2"}', b'{"schema":', b"\xff\xfe", b"[" * 50_000, b"9" * 5_000,
     b'{"schema": "proscribe.scan/1", "findings": {"a": 1}}', b'{"schema": "proscribe.scan/1", "findings": [1, null, {"id": []}]}'],
)  # fmt: skip
def test_a_scan_of_any_shape_is_refused_or_holds_nothing(make: Files, content: bytes) -> None:
    try:
        paper = make(COMPANY + INQUIRY, scans=(content,))
    except InputError as error:
        assert error.code in ("E461", "E465")
    else:
        assert paper.state is PaperState.REFUSED, "a scan that says nothing clears nothing"


def test_a_scan_larger_than_the_bound_is_refused(make: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_scans, "_MAX_SCAN_BYTES", 100)
    error = refused(make, COMPANY, scans=(b" " * 101,))
    assert error.code == "E465" and "too large" in error.what and "at most 100 bytes" in error.expected


# Types and stages


def test_types_and_stages_are_closed_lists(make: Files) -> None:
    assert refused(make, COMPANY, type_="annual").code == "E459"
    assert refused(make, COMPANY, type_="../far-report").code == "E459"
    assert refused(make, COMPANY, type_="annual-representation", stage="first").code == "E458"
    assert refused(make, COMPANY, type_="far-report", stage="supplement").code == "E458"


@pytest.mark.parametrize(
    ("type_", "day"),
    [("annual-representation", "2019-12-12"), ("far-report", "2019-08-12"), ("rfo-report", "2019-01-01")],
)
def test_a_day_before_the_law_is_refused(make: Files, type_: str, day: str) -> None:
    error = refused(make, COMPANY + "items: [{id: a}]\n", type_=type_, as_of=date.fromisoformat(day))
    assert error.code == "E453" and day in error.what


def test_an_edition_later_than_the_day_is_refused(make: Files) -> None:
    error = refused(
        make,
        COMPANY + "items: [{id: a}]\ncontract: {clauses: [52.204-25 (NOV 2021)]}\n",
        type_="far-report",
        as_of=date(2020, 9, 1),
    )
    assert error.code == "E453" and "52.204-25 (NOV 2021)" in error.what


# What the case knows


def opened(desk: Desk, **more: Any) -> CaseFile:
    return desk.open_by_hand(
        DAY,
        FACTS,
        regimes=["us-889-b"],
        by="Dana Ruiz",
        title="Cameras",
        zone="America/New_York",
        contract="X-1",
        **more,
    )


def test_a_case_gives_its_contract_its_clock_and_its_identifiers(desk: Desk, make: Files) -> None:
    file = opened(desk, uei="H7K2M4N6P8R1", cage="7ABC1")
    paper = make(COMPANY + "items: [{id: a}]\n", type_="far-report", desk=desk, case=file.case.id, as_of=None)
    assert (paper.data["as_of"], paper.data["case_id"]) == ("2026-11-25", file.case.id)
    assert (paper.data["organisation"]["uei"], paper.data["organisation"]["cage"]) == (
        "H7K2M4N6P8R1",
        "7ABC1",
    )
    assert paper.data["contract"]["is_idiq"] is False and paper.data["contract"]["clauses"] == [
        "52.204-25 (NOV 2021)"
    ]
    assert paper.data["body"]["event"]["due_at"] == "2026-11-25"
    assert any(one["kind"] == "determinations" for one in paper.data["rests_on"])


def test_a_file_speaks_before_the_case(desk: Desk, make: Files) -> None:
    file = opened(desk, uei="H7K2M4N6P8R1")
    paper = make(
        "organisation: {name: H, uei: not known}\ncontract: {number: X-2}\nitems: [{id: a}]\n",
        type_="far-report",
        desk=desk,
        case=file.case.id,
    )
    assert (paper.data["organisation"]["uei"], paper.data["contract"]["number"]) == ("not known", "X-2")


def test_judgements_count_with_a_second_person_alone(
    desk: Desk, make: Files, scans: dict[str, bytes]
) -> None:
    file = desk.open_from_scan(scans["dirty"], "dirty.json", by="Dana Ruiz", title="t", zone="UTC")
    ids = {one["record_id"]: one["id"] for one in json.loads(scans["dirty"])["findings"]}
    hands = rostered.begun(
        desk.store, make.folder / "keys", (("Dana Ruiz", "analyst"), ("Kim Berg", "approver"))
    )

    def judge(by: str, record: str) -> CaseFile:
        desk.store.hand = hands["Kim Berg" if by == "Kim Berg" else "Dana Ruiz"]
        return judging.judge(
            desk.store, file.case.id, ids[record], Verdict.DIFFERENT, reason="opened: an Axis camera", by=Author(by, version=desk.store.case(file.case.id).case.version),

        )  # fmt: skip

    def against() -> set[str]:
        paper = make(COMPANY + INQUIRY + "answers: {use: does not}\n", desk=desk, case=file.case.id)
        return {
            f"{one.code} {one.evidence[0]}"
            for one in paper.obstacles
            if "use" in one.questions and one.evidence and one.evidence[0].startswith("f_")
        }

    assert against() == {f"not-decided {one}" for one in ids.values()}
    judge("Dana Ruiz", "A1")
    assert f"judgement-not-approved {ids['A1']}" in against()
    judge("dana ruiz", "A1")
    assert f"judgement-not-approved {ids['A1']}" in against(), "the same person twice is one person"
    judge("Kim Berg", "A1")
    assert against() == {f"not-decided {ids['A2']}"}


def test_an_older_reading_of_an_input_gives_way_to_the_newer(desk: Desk, make: Files, tmp_path: Path) -> None:
    header = ("Asset ID", "Manufacturer", "Model", "Description", "Serial number")
    stays = ("A2", "Axis", "P3245-LV", "Camera", "B8A44F1122AB")  # by which it is known as the same list
    path = write_csv(
        tmp_path / "assets.csv", [("A1", "Hikvision", "DS-2CD2143G2-I", "Camera", "K41209881"), stays], header
    )
    file = desk.open_from_scan(scan(path).to_json().encode(), "s.json", by="Dana Ruiz", title="t", zone="UTC")
    write_csv(path, [("A1", "Axis", "P3245-LV", "Camera", "B8A44F1122AA"), stays], header)
    desk.attach(
        file.case.id, scan(path).to_json().encode(), "s2.json", by="Dana Ruiz", version=file.case.version
    )
    told = COMPANY + INQUIRY + "answers: {use: does not}\n"
    paper = make(told, desk=desk, case=file.case.id)
    assert paper.state is PaperState.REFUSED and {one.code for one in paper.obstacles} == {"not-decided"}, (
        "gone, and nobody says where to"
    )
    (finding,) = json.loads(desk.store.blob(file.runs[0].scan_sha256))["findings"]
    hands: Mapping[str, Signer] = {}
    for by in ("Dana Ruiz", "Kim Berg") * 2:
        desk.store.hand = hands.get(by)
        judging.judge(
            desk.store, file.case.id, finding["id"], Verdict.DIFFERENT, reason="taken down, receipt of the recycler filed", by=Author(by, version=desk.store.case(file.case.id).case.version),

        )  # fmt: skip
        if not hands and by == "Kim Berg":
            by_name = make(told, desk=desk, case=file.case.id)
            assert {one.code for one in by_name.obstacles} == {"names-not-proved"}, "it is confirmed"
            people = (("Dana Ruiz", "analyst"), ("Kim Berg", "approver"))
            hands = rostered.begun(desk.store, make.folder / "keys", people)
    paper = make(told, desk=desk, case=file.case.id)
    assert (
        paper.state is PaperState.READY and [one["kind"] for one in paper.data["rests_on"]].count("scan") == 1
    )


def test_a_finding_that_both_readings_show_is_weighed_once(desk: Desk, make: Files, tmp_path: Path) -> None:
    header = ("Asset ID", "Manufacturer", "Model", "Description", "Serial number")
    camera = ("A1", "Hikvision", "DS-2CD2143G2-I", "Camera", "K41209881")
    path = write_csv(tmp_path / "assets.csv", [camera], header)
    file = desk.open_from_scan(scan(path).to_json().encode(), "s.json", by="Dana Ruiz", title="t", zone="UTC")
    write_csv(path, [camera, ("A2", "Axis", "P3245-LV", "Camera", "B8A44F1122AA")], header)
    desk.attach(
        file.case.id, scan(path).to_json().encode(), "s2.json", by="Dana Ruiz", version=file.case.version
    )
    paper = make(COMPANY + INQUIRY + "answers: {use: does not}\n", desk=desk, case=file.case.id)
    assert [one["kind"] for one in paper.data["rests_on"]].count("scan") == 1
    assert [one.code for one in paper.obstacles if "use" in one.questions] == ["not-decided"]


def test_a_case_that_is_not_there_is_said(desk: Desk, make: Files) -> None:
    opened(desk)
    assert refused(make, COMPANY, desk=desk, case="C-0099").code == "E423"


def test_a_portfolio_sums_up_the_store(desk: Desk, make: Files, scans: dict[str, bytes]) -> None:
    opened(desk)
    file = desk.open_from_scan(scans["dirty"], "dirty.json", by="Dana Ruiz", title="t", zone="UTC")
    paper = make(COMPANY + INQUIRY, type_="portfolio-summary", desk=desk, case=file.case.id)
    units = {one["name"]: one for one in paper.data["body"]["units"]}
    assert set(units) == {"Depot", ALL}
    assert sum(units["Depot"]["by_band"].values()) == 2 and units[ALL]["records"] == 2
    assert paper.data["body"]["totals"]["records"] == 2
    assert units[ALL]["cases_open"] == 2 and units[ALL]["next_due"] == "2026-11-25"


def test_a_portfolio_leaves_out_what_was_judged_to_be_none(
    desk: Desk, make: Files, scans: dict[str, bytes]
) -> None:
    file = desk.open_from_scan(scans["dirty"], "dirty.json", by="Dana Ruiz", title="t", zone="UTC")
    body = make(COMPANY + INQUIRY, type_="portfolio-summary", desk=desk, case=file.case.id).data["body"]
    before = sum(body["totals"]["by_band"].values())
    for name in {one["id"] for one in json.loads(scans["dirty"])["findings"]}:
        for who in ("Dana Ruiz", "Lee Okafor"):
            held = desk.store.case(file.case.id).case.version
            judging.judge(
                desk.store,
                file.case.id,
                name,
                Verdict.DIFFERENT,
                by=Author(who, version=held),
                reason="Read the label.",
            )
    body = make(COMPANY + INQUIRY, type_="portfolio-summary", desk=desk, case=file.case.id).data["body"]
    assert before == 2 and sum(body["totals"]["by_band"].values()) == 0
    assert sum(sum(one["by_band"].values()) for one in body["units"]) == 0
    assert "Judged to be none, and not counted: 2" in body["not_known"]


# Keeping


def test_nothing_is_kept_when_the_case_moved_on(desk: Desk, make: Files) -> None:
    file = opened(desk)
    paper = make(COMPANY + "items: [{id: a}]\n", type_="far-report", desk=desk, case=file.case.id)
    cases.note(desk.store, file.case.id, "seen", by=Author("Kim Berg"))
    with pytest.raises(CaseError) as caught:
        store_paper(desk, file.case.id, paper, ["json", "md"], by="Dana Ruiz", version=file.case.version)
    assert caught.value.code == "E422" and desk.store.case(file.case.id).documents == ()


def test_supplements_may_follow_each_other_once_the_last_was_sent(desk: Desk, make: Files) -> None:
    facts = FACTS | {"contract.agency": "DoD", "contract.clauses": ["52.240-91"]}
    file = desk.open_by_hand(DAY, facts, regimes=["us-889-b"], by="Dana Ruiz", title="t", zone="UTC")
    name = file.case.id

    def keep(stage: str, **more: Any) -> str:
        paper = make(COMPANY + "items: [{id: a}]\n", type_="rfo-report", desk=desk, case=name, stage=stage)
        version = desk.store.case(name).case.version
        _, kept = store_paper(desk, name, paper, ["md"], by="Dana Ruiz", version=version, **more)
        return kept.number

    def send(document: str) -> None:
        documents.approve_document(
            desk.store, name, document, by=Informed("Lee Okafor", version=desk.store.case(name).case.version)
        )
        desk.submit(
            name,
            by="Dana Ruiz",
            to="CO",
            how="e-mail",
            version=desk.store.case(name).case.version,
            document_id=document,
        )

    assert keep("first") == f"{name}-R1"
    send("DOC1")
    assert keep("supplement") == f"{name}-R2"
    with pytest.raises(CaseError, match="was not sent"):
        keep("supplement")
    assert keep("supplement", supersedes="DOC2") == f"{name}-R2", "the number goes with the newest version"
    send("DOC3")
    assert keep("supplement") == f"{name}-R3"
    with pytest.raises(CaseError, match="submitted before"):
        keep("first")
    assert desk.store.verify() == []


_FIELDS = st.sampled_from(
    ["organisation", "contract", "items", "plan", "people", "author", "approver", "answers", "inquiry", "event", "offering", "resolved",
     "scans_bear_on", "suppliers", "waivers", "facts", "judgements", "files", "units", "overrides", "submissions", "options", "signed_at",
     "waiver_asked", "nonsense"]
)  # fmt: skip
_INNER = st.sampled_from(
    ["id", "name", "records", "finding_ids", "components", "ref", "state", "because", "by", "questions", "why", "searched", "not_searched", "uei",
     "clauses", "number", "concerns", "supplier", "on", "obstacle_ids", "reason", "at", "approver", "by_on", "kind", "parent_ref", "answers", "use"]
)  # fmt: skip
_ANY = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["", "x", "use", "does", "does not", "2026-11-25", "2026-11-25T10:00:00Z", "A1", "52.204-25", "unresolved"]) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_INNER, inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@given(st.sampled_from(["annual-representation", "far-report", "product-certificate", "waiver-request", "inquiry-record", "portfolio-summary"]),
       st.lists(st.dictionaries(_FIELDS, _ANY, max_size=4), max_size=3))  # fmt: skip
@settings(max_examples=150)
def test_whatever_the_files_say_it_is_a_document_or_a_refusal_in_words(
    type_: str, said: list[dict[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            paper = Files(Path(folder))(COMPANY, *(json.dumps(one) for one in said), type_=type_)
        except ProscribeError as error:
            assert error.code[:2] in ("E4", "E5") and error.what and "Traceback" not in str(error)
        else:
            assert paper.type == type_ and json.dumps(paper.data)


# Signing a statement that was overtaken


LATER = datetime(2026, 12, 10, 15, tzinfo=UTC)


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """Give the key of A. Osei, whom `approved` enrols."""
    (tmp_path / "keys").mkdir()
    return rostered.key(tmp_path / "keys", "A. Osei")


def approved(desk: Desk, make: Files, content: bytes, *texts: str) -> str:
    """Keep and approve an annual representation of a new case over a scan; gives the case's id."""
    file = desk.open_from_scan(content, "scan.json", by="Dana Ruiz", title="t", zone="UTC")
    hands = rostered.begun(desk.store, make.folder / "keys")
    for text in texts:
        for by in ("Sam Lind", "Kim Berg"):
            desk.store.hand = hands[by]
            for one in json.loads(content)["findings"]:
                judging.judge(
                    desk.store, file.case.id, one["id"], Verdict.CLEARED, reason="taken down for good", by=Author(by, version=desk.store.case(file.case.id).case.version), until=date.fromisoformat(text),

                )  # fmt: skip
    paper = make(COMPANY + INQUIRY, desk=desk, case=file.case.id, approver="Lee Okafor")
    assert paper.state is PaperState.READY
    desk.store.hand = None
    file, _ = store_paper(
        desk, file.case.id, paper, ["md"], by="Dana Ruiz", version=desk.store.case(file.case.id).case.version
    )
    desk.store.hand = hands["Lee Okafor"]
    documents.approve_document(
        desk.store, file.case.id, "DOC1", by=Informed("Lee Okafor", version=file.case.version)
    )
    return file.case.id


def signed(folder: Path, now: datetime, case: str, signer: Signer) -> bytes:
    with Store.open(folder / "c.db", now=lambda: now) as store:
        store.check_signature = rostered.checks
        return sign_stored(
            Desk(store), case, "DOC1", signer, by="A. Osei", version=store.case(case).case.version
        )[1]


def test_a_statement_that_still_holds_is_signed(
    desk: Desk, make: Files, scans: dict[str, bytes], tmp_path: Path, signer: Signer
) -> None:
    case = approved(desk, make, scans["clean"])
    cases.note(desk.store, case, "called the contracting officer", by=Author("Dana Ruiz"))
    assert signed(tmp_path, LATER, case, signer)


def test_evidence_that_came_later_stops_the_signature(
    desk: Desk, make: Files, scans: dict[str, bytes], tmp_path: Path, signer: Signer
) -> None:
    case = approved(desk, make, scans["clean"])
    desk.attach(
        case, scans["dirty"], "dirty.json", by="Dana Ruiz", version=desk.store.case(case).case.version
    )
    with pytest.raises(CaseError) as caught:
        signed(tmp_path, LATER, case, signer)
    assert caught.value.code == "E424" and "run attached" in caught.value.what


def test_a_judgement_of_many_after_the_document_stops_the_signature(
    desk: Desk, make: Files, scans: dict[str, bytes], tmp_path: Path, signer: Signer
) -> None:
    from proscribe.casework.findings import ALL

    case = approved(desk, make, scans["dirty"], "2026-12-24")
    chosen = desk.store.chosen(case, ALL)
    judging.judge_many(
        desk.store,
        case,
        ALL,
        Verdict.SAME,
        by=Author("R. Ito"),
        reason="they hang there after all",
        expect=(len(chosen.ids), chosen.digest),
    )
    with pytest.raises(CaseError) as caught:
        signed(tmp_path, LATER, case, signer)
    assert caught.value.code == "E424" and "judged many" in caught.value.what


def test_of_every_kind_of_event_it_is_said_whether_it_speaks_against_a_statement() -> None:
    assert set(SPEAKS_AGAINST) == set(EventKind)


@pytest.mark.parametrize(
    "now", [datetime(2027, 11, 25, 15, tzinfo=UTC), datetime(2027, 3, 1, 15, tzinfo=UTC)]
)
def test_a_statement_is_not_signed_after_it_has_ended(
    desk: Desk, make: Files, scans: dict[str, bytes], tmp_path: Path, signer: Signer, now: datetime
) -> None:
    case = approved(desk, make, scans["clean"])
    with pytest.raises(CaseError) as caught:
        signed(tmp_path, now, case, signer)
    assert caught.value.code == "E464" and "at the latest" in caught.value.what


def test_a_judgement_that_ended_before_the_signature_clears_nothing(
    desk: Desk, make: Files, scans: dict[str, bytes], tmp_path: Path, signer: Signer
) -> None:
    case = approved(desk, make, scans["dirty"], "2026-12-01")
    with pytest.raises(CaseError) as caught:
        signed(tmp_path, LATER, case, signer)
    assert caught.value.code == "E464" and "the judgement on f_" in caught.value.what
    assert signed(tmp_path, datetime(2026, 12, 1, 9, tzinfo=UTC), case, signer)


def test_a_document_that_was_edited_to_be_ready_is_not_signed(
    make: Files, scans: dict[str, bytes], signer: Signer
) -> None:
    paper = make(COMPANY + INQUIRY + "answers: {use: does not}\n", scans=(scans["dirty"],))
    for data in ({**paper.data, "state": "ready"}, {**paper.data, "state": "overridden"}):
        with pytest.raises(UsageError) as caught:
            bundle_of(
                data, {"document.json": b"{}"}, signer, signed_by="A. Osei", signed_at="2026-11-25T16:00:00Z"
            )
        assert caught.value.code == "E488" and "stands against it" in caught.value.what
    clean = make(COMPANY + INQUIRY, scans=(scans["clean"],))
    with pytest.raises(UsageError) as caught:
        bundle_of(
            dict(clean.data),
            {"document.json": b"{}"},
            signer,
            signed_by="A. Osei",
            signed_at="2027-11-25T16:00:00Z",
        )
    assert caught.value.code == "E488" and "2027-11-24" in caught.value.what


# Scans that are not whole, and files that would hide something


@pytest.mark.parametrize("cut", ["findings", "band", "records", "mentions", "summary"])
def test_a_scan_that_was_cut_is_refused(make: Files, scans: dict[str, bytes], cut: str) -> None:
    value = json.loads(scans["dirty"])
    if cut == "findings":
        value["findings"] = value["findings"][:1]
    elif cut == "band":
        value["findings"][0]["band"] = "possible"
    elif cut == "records":
        value["inputs"][0]["records"] += 1
    elif cut == "mentions":
        value["mentions"] = [
            {
                "input": 0,
                "locator": {"row": 1},
                "record_id": None,
                "entity": "dahua",
                "kind": "negated",
                "evidence": [],
            }
        ]
    else:
        del value["summary"]
    error = refused(make, COMPANY + INQUIRY, scans=(json.dumps(value).encode(),))
    assert error.code == "E461" and "does not hold what it counts" in error.what


def test_a_file_puts_no_scan_aside(make: Files, scans: dict[str, bytes]) -> None:
    text = "scans_bear_on: {questions: [use], why: a list of what we own}\n"
    error = refused(make, COMPANY + INQUIRY + text, scans=(scans["dirty"],))
    assert error.code == "E468" and "case scope" in error.next_step
    assert f"0.yml:{(COMPANY + INQUIRY).count(chr(10)) + 1}" in error.at


def test_a_later_file_takes_no_open_place_away(make: Files, scans: dict[str, bytes]) -> None:
    open_ = "inquiry: {not_searched: [{name: Tampa, why: the landlord has not answered}]}\n"
    for later in ("inquiry: {not_searched: []}\n", "inquiry: null\n", "inquiry: {}\n"):
        paper = make(COMPANY + INQUIRY, open_, later, scans=(scans["clean"],))
        assert paper.state is PaperState.REFUSED, later


def test_a_component_that_a_person_calls_cleared_is_looked_up(make: Files) -> None:
    text = (
        COMPANY
        + "offering: {name: Gate, parts_list_complete: true, components: [{ref: '1', name: Camera, state: cleared, maker: Hikvision, because: known to us}]}\n"
    )
    paper = make(text + "answers: {contain: does not}\n", type_="product-certificate")
    assert paper.state is PaperState.REFUSED and "component-covered" in {one.code for one in paper.obstacles}


def test_judgements_of_a_case_that_was_taken_over_unsigned_do_not_count(
    desk: Desk, make: Files, scans: dict[str, bytes], tmp_path: Path
) -> None:
    from proscribe.casework import backup

    case = approved(desk, make, scans["dirty"], "2026-12-24")
    backup.export_case(desk.store, case, tmp_path / "case.zip")
    with Store.open(tmp_path / "other.db", now=lambda: AT) as store:
        other = Desk(store)
        file = backup.import_case(store, tmp_path / "case.zip", by="R. Ito")
        paper = make(COMPANY + INQUIRY, desk=other, case=file.case.id)
        assert paper.state is PaperState.REFUSED
        assert "taken over without a signature" in json.dumps(paper.data)
        hands = rostered.begun(store, tmp_path / "other-keys")
        for by in ("Sam Lind", "Kim Berg"):
            store.hand = hands[by]
            for name in file.case.finding_ids:
                judging.judge(store, file.case.id, name, Verdict.CLEARED, reason="taken down for good", by=Author(by), until=date(2026, 12, 24))  # fmt: skip
        assert make(COMPANY + INQUIRY, desk=other, case=file.case.id).state is PaperState.READY


def test_judgements_that_were_carried_over_count_in_documents(
    desk: Desk, make: Files, scans: dict[str, bytes]
) -> None:
    old = json.loads(scans["dirty"])
    del old["finding_ids"]
    old.pop("statement", None)
    for number, one in enumerate(old["findings"]):
        one["id"] = f"f_{number:020x}"
    file = desk.open_from_scan(json.dumps(old).encode(), "old.json", by="Dana Ruiz", title="t", zone="UTC")
    say_ran_again(desk.store, file.case.id)
    hands = rostered.begun(desk.store, make.folder / "keys")
    for by in ("Sam Lind", "Kim Berg"):
        desk.store.hand = hands[by]
        for name in file.case.finding_ids:
            judging.judge(
                desk.store, file.case.id, name, Verdict.CLEARED, reason="taken down for good", by=Author(by), until=date(2026, 12, 24)
            )  # fmt: skip
    assert make(COMPANY + INQUIRY, desk=desk, case=file.case.id).state is PaperState.READY
    file = desk.attach(file.case.id, scans["dirty"], "new.json", by="Dana Ruiz")
    assert file.carried
    paper = make(COMPANY + INQUIRY, desk=desk, case=file.case.id)
    assert paper.state is PaperState.READY, paper.data["obstacles"]


def test_a_file_judges_nothing_in_a_case(desk: Desk, make: Files, scans: dict[str, bytes]) -> None:
    file = desk.open_from_scan(scans["dirty"], "dirty.json", by="Dana Ruiz", title="t", zone="UTC")
    entries = "".join(
        f"  - {{finding_id: {name}, verdict: different, by: Sam Lind, reason: an Axis camera, "
        "at: 2026-11-24T10:00:00Z, approver: Kim Berg}\n"
        for name in file.case.finding_ids
    )
    problem = refused(make, COMPANY + INQUIRY, "judgements:\n" + entries, scans=(scans["dirty"],))
    assert problem.code == "E458" and "1.yml" in problem.at, "without a case nobody judges either"
    for text in ("judgements:\n" + entries, "judgements: ''\n"):
        problem = refused(make, COMPANY + INQUIRY, text, desk=desk, case=file.case.id)
        assert problem.code == "E458" and file.case.id in problem.what
        assert "1.yml" in problem.at
