"""Documents from the command line: what is refused, what an approver may override, what is kept, what is never half kept."""

from __future__ import annotations

import functools
import io
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from scan_samples import summary

from proscribe.app.papers import documents as papers
from proscribe.cli.main import cli
from proscribe.documents.evidence import left_out, unseen
from proscribe.model.papers import ScanInput
from proscribe.readers import expand

PASSPHRASE = "only the signer of this test knows"
HEADER = "Asset tag,Description,Manufacturer,Model,Serial number,Site,Quantity\n"
COVERED = (
    HEADER
    + "A1,Dome camera,Hikvision,DS-2CD2143G2-I,K41209881,Mill Lane,2\nA2,Switch,Cisco,CBS350-24P-4G,PSZ24471ABC,Mill Lane,1\n"
)
CLEAN = (
    HEADER
    + "A3,Dome camera,Axis,P3245-LV,B8A44F1122AA,Mill Lane,2\nA4,Switch,Cisco,CBS350-24P-4G,PSZ24471ABC,Mill Lane,1\n"
)
FACTS = """
regimes: [us-889-b]
facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: use
  use.by: the_entity
  contract.agency: GSA
  contract.clauses: [52.204-25 (NOV 2021)]
  event.identified_at: 2026-11-20T10:00:00-05:00
  event.during_performance: true
  event.source: own
  item.role_in_system: substantial_or_essential_component
  item.purpose: [government_facility_security]
"""
COMPANY = """
organisation: {name: Harbour Systems LLC, uei: H7K2M4N6P8R1, cage: 7ABC1}
people:
  - {name: Dana Ruiz, title: Compliance officer}
  - {name: Lee Okafor, title: General counsel}
contract: {number: HS0021-26-C-0042}
"""
INQUIRY = """
inquiry:
  searched:
    - {name: Asset register, kind: assets, how: scanned whole, by: Sam Lind, on: 2026-11-23, records: 2}
    - {name: Offers, kind: offers, how: read whole, by: Sam Lind, on: 2026-11-23}
"""
OPEN_INQUIRY = INQUIRY + "  not_searched: [{name: Tampa office, why: the landlord has not answered}]\n"
DAY = ("--as-of", "2026-11-23", "--at", "2026-11-23T14:00:00-05:00")
BY = ("--by", "Dana Ruiz", "--approver", "Lee Okafor")
REASON = "Our staff in Tampa work over our own modem, which was searched."


@pytest.fixture(autouse=True, scope="module")
def _knowledge_once() -> Iterator[None]:
    """Open the shipped knowledge once for all commands of this file; each takes a second otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "open_knowledge", functools.cache(lambda layers: _open(tuple(layers))))
        yield


_read: Any = vars(papers)["open_knowledge"]


def _open(layers: tuple[str, ...]) -> Any:
    return _read(layers)


class Shell:
    """Runs commands in a folder of its own; a stack trace is a failure."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str | Path, code: int = 0) -> str:
        environment = {
            "PROSCRIBE_STORE": str(self.folder / "c.db"),
            "PROSCRIBE_ZONE": "America/New_York",
            "PROSCRIBE_PASSPHRASE": PASSPHRASE,
        }
        result = CliRunner().invoke(cli, [str(word) for word in words], env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise AssertionError(f"escaped: {result.exception!r}") from result.exception
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def documents(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self("document", "list", "-o", "json"))
        return listed

    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Scan a covered list, decided, and a clean one."""
    run = Shell(tmp_path_factory.mktemp("scans"))
    run.write("facts.yml", FACTS)
    run.write("clean.csv", CLEAN)
    run.write("covered.csv", COVERED)
    run(
        "scan",
        run.folder / "clean.csv",
        "--as-of",
        "2026-11-23",
        "--quiet",
        "-o",
        f"json={run.folder / 'clean.json'}",
    )
    run("scan", run.folder / "covered.csv", "--as-of", "2026-11-20", "--quiet", "--decide", run.folder / "facts.yml",
        "-o", f"json={run.folder / 'covered.json'}", code=1)  # fmt: skip
    return {name: (run.folder / f"{name}.json").read_bytes() for name in ("clean", "covered")}


@pytest.fixture
def run(tmp_path: Path, scans: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return begun(tmp_path, scans, monkeypatch)


def begun(folder: Path, scans: dict[str, bytes], patch: pytest.MonkeyPatch) -> Shell:
    """Work in a folder with what people stated, and with the scans."""
    for name in ("PROSCRIBE_USER", "PROSCRIBE_STORE", "PROSCRIBE_ZONE", "PROSCRIBE_PASSPHRASE"):
        patch.delenv(name, raising=False)
    patch.chdir(folder)
    shell = Shell(folder)
    shell.write("company.yml", COMPANY)
    shell.write("inquiry.yml", INQUIRY)
    shell.write("open.yml", OPEN_INQUIRY)
    for name, content in scans.items():
        shell.write(f"{name}.json", content)
    return shell


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, scans: dict[str, bytes]) -> Path:
    """Open C-0001 about the covered cameras: first report due on Monday, 23 November 2026."""
    folder = tmp_path_factory.mktemp("opened")
    with pytest.MonkeyPatch.context() as patch:
        begun(folder, scans, patch)("case", "open", "--scan", "covered.json", "--title", "Cameras", "--contract",
            "HS0021-26-C-0042", "--by", "Dana Ruiz", "--at", "2026-11-20T11:00:00-05:00")  # fmt: skip
    return folder


@pytest.fixture
def case(run: Shell, opened: Path) -> Shell:
    """Work in a copy of the folder with the opened case."""
    shutil.copytree(opened, run.folder, dirs_exist_ok=True)
    return run


@pytest.fixture(scope="module")
def approved_once(tmp_path_factory: pytest.TempPathFactory, opened: Path) -> Path:
    """Report on C-0001, and have the report approved."""
    folder = tmp_path_factory.mktemp("approved")
    shutil.copytree(opened, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shell = Shell(folder)
        shell(*far("-o", "pdf=report.pdf"))
        shell("case", "approve", "C-0001", "DOC1", "--by", "Lee Okafor")
        shell("attest", "key", "-o", "signer")
    return folder


#: What an author answers who means to say that there is none.
NONE = "answers: {use: does not, provide: does not}\n"


def annual(inquiry: str = "open.yml", scan: str = "clean.json") -> tuple[str, ...]:
    return (
        "represent",
        "annual",
        "--with",
        "company.yml",
        "--with",
        inquiry,
        "--scan",
        scan,
        "--all",
        *DAY,
        *BY,
    )


def far(*more: str) -> tuple[str, ...]:
    return ("report", "far", "C-0001", "--with", "company.yml", *DAY, *BY, "-o", "json=report.json", *more)


def standing(told: str) -> list[str]:
    return [line.split()[0] for line in told.splitlines() if line.startswith("  ") and "(stands)" in line]


# Types, lists


def test_every_type_is_listed_and_can_be_named(run: Shell) -> None:
    from proscribe.documents import TYPES

    told = run("document", "types")
    types, clauses = told.split("\n\n")
    assert [line.split()[0] for line in types.splitlines()] == list(TYPES)
    assert "48 CFR 52.212-3(v)" in clauses
    assert "E459" in run("document", "make", "annual-represenation", *DAY, *BY, code=2)


def test_an_empty_list_says_so_and_a_case_that_is_not_there_too(case: Shell) -> None:
    assert "No documents." in case("document", "list")
    assert "E423" in case("document", "list", "C-0009", code=2)


# Refusing to say "does not"


def test_it_refuses_while_a_place_was_not_searched_and_lists_it(run: Shell) -> None:
    told = run(
        *annual(),
        "--with",
        run.write("no.yml", NONE),
        "-o",
        "json=r.json",
        "-o",
        "md=r.md",
        "-o",
        "pdf=r.pdf",
        code=1,
    )
    assert "REFUSED" in told and "Tampa office was not searched: the landlord has not answered" in told
    assert "against: use" in told and "To lift it:" in told and "With: proscribe" in told
    data = json.loads((run.folder / "r.json").read_text())
    assert data["state"] == "refused" and {one["code"] for one in data["obstacles"]} == {"not-searched"}
    assert not any(one["answer"] for one in data["body"]["representations"].values())
    text = (run.folder / "r.md").read_text()
    assert "Refused: not to be signed" in text and "Tampa office was not searched" in text
    assert "Harbour Systems LLC does not" not in text


def test_it_refuses_while_evidence_stands_and_nobody_can_override_that(run: Shell) -> None:
    run.write("no.yml", "answers: {use: does not, provide: does not}\n")
    told = run(*annual("inquiry.yml", "covered.json"), "--with", "no.yml", "-o", "json=r.json", code=1)
    (identity,) = {
        line.split()[0] for line in told.splitlines() if "nobody can override" in line and "finding/" in line
    }
    assert "prohibited under Pub. L. 115-232 §889(a)(1)(B)" in told
    refused = run(
        *annual("inquiry.yml", "covered.json"),
        "--with",
        "no.yml",
        "--override",
        f"{identity}={REASON}",
        code=2,
    )
    assert "E456" in refused and "cannot be overridden" in refused


def test_it_refuses_while_facts_are_not_known(run: Shell, scans: dict[str, bytes]) -> None:
    scan = json.loads(scans["covered"])
    one = scan["findings"][0]
    one["band"] = "possible"
    scan["summary"]["by_band"] = {"confirmed": 0, "probable": 0, "possible": 1}
    one["outcome"] = "undetermined"
    scan["decided"]["by_outcome"] = {"undetermined": 1}
    del scan["statement"]
    one["determinations"] = [
        {**item, "outcome": "undetermined", "missing": ["item.purpose"]} for item in one["determinations"]
    ]
    run.write("open.json", json.dumps(scan))
    told = run(
        *annual("inquiry.yml", "open.json"),
        "--with",
        run.write("no.yml", "answers: {use: does not}\n"),
        "--dry-run",
        code=1,
    )
    assert "undetermined/" in told and "not known: Who looks at these pictures" in told


def test_very_many_obstacles_are_counted_on_the_terminal_and_whole_in_the_data(
    run: Shell, scans: dict[str, bytes]
) -> None:
    scan = json.loads(scans["covered"])
    (one,) = scan["findings"]
    scan["findings"] = [
        {
            **one,
            "id": f"f_{number:04}",
            "locator": {**one["locator"], "row": number + 1, "source_row": number + 2},
        }
        for number in range(300)
    ]
    scan["summary"] = summary(scan)
    scan["decided"]["by_outcome"] = {one["outcome"]: 300}
    del scan["statement"]
    run.write("many.json", json.dumps(scan))
    told = run(
        *(one for one in annual("inquiry.yml", "many.json") if one != "--all"),
        "--with",
        run.write("no.yml", "answers: {use: does not}\n"),
        "-o",
        "json=r.json",
        code=1,
    )
    data = json.loads((run.folder / "r.json").read_text())
    assert len(data["obstacles"]) >= 300
    groups = data["obstacle_groups"]
    said = {(one["code"], one["what"], one["lift"]) for one in data["obstacles"]}
    assert len(groups) <= 5 and sum(one["obstacles"] for one in groups) == len(said) >= 300
    assert f"{len(said)} obstacles stand against it" in told
    most = max(groups, key=lambda one: int(one["obstacles"]))
    assert most["about"] == 300 and len(most["places"]) == 5 and most["what"].startswith("300 findings")
    assert "300 findings" in told and most["command"] in told
    assert len(told.splitlines()) < 25, "a screenful, however many rows there are"


def test_it_refuses_when_nothing_was_searched(run: Shell) -> None:
    told = run("represent", "annual", "--with", "company.yml", *DAY, *BY, "--dry-run", code=1)
    assert "nothing was searched that bears on this answer" in told
    assert "no-inquiry" not in "".join(standing(told)), "nobody can override it"


def test_a_refused_document_is_not_kept(case: Shell) -> None:
    told = case("represent", "annual", "C-0001", "--with", "company.yml", "--with", "open.yml", *DAY, *BY,
                "--with", case.write("no.yml", "answers: {use: does not, provide: does not}\n"), "-o", "md=r.md", code=1)  # fmt: skip
    assert "Not kept in C-0001" in told and case.documents() == [] and (case.folder / "r.md").exists()


def test_a_dry_run_keeps_and_writes_nothing(case: Shell) -> None:
    before = case.files()
    case(*far("--dry-run"))
    assert case.documents() == [] and case.files() == before


def test_with_nothing_against_it_it_says_does_not(run: Shell) -> None:
    told = run(
        *annual("inquiry.yml"), "--with", run.write("no.yml", NONE), "-o", "json=r.json", "-o", "md=r.md"
    )
    assert "READY" in told
    data = json.loads((run.folder / "r.json").read_text())
    assert data["made_at"] == "2026-11-23T14:00:00-05:00", "as it was stated"
    assert {one["answer"] for one in data["body"]["representations"].values()} == {"does not"}
    assert data["people"]["author"]["title"] == "Compliance officer", "people are found by name"
    assert data["people"]["approver"]["title"] == "General counsel"


def test_an_answer_that_is_left_out_is_none(run: Shell) -> None:
    told = run(*annual("inquiry.yml"), "-o", "json=r.json", code=1)
    assert "REFUSED" in told and told.count("nobody says whether") == 2
    assert 'Answer "does" or "does not"' in told and "--with ANSWERS.yml" in told
    said = json.loads((run.folder / "r.json").read_text())["body"]["representations"]
    assert {one["answer"] for one in said.values()} == {""}
    # one that is given is taken, and the other is still open
    told = run(
        *annual("inquiry.yml"),
        "--with",
        run.write("use.yml", "answers: {use: does not}\n"),
        "--dry-run",
        code=1,
    )
    assert told.count("nobody says whether") == 1
    # what the evidence says nobody has to say
    told = run(*annual("inquiry.yml", "covered.json"), "-o", "json=r.json", code=1)
    assert "nobody says whether Harbour Systems LLC uses" not in told


# Overrides


def test_an_override_is_printed_with_name_time_and_reason(run: Shell) -> None:
    none = ("--with", run.write("no.yml", NONE))
    found = standing(run(*annual(), *none, "--dry-run", code=1))
    assert found
    told = run(
        *annual(),
        *none,
        *(f"--override={one}={REASON}" for one in found),
        "-o",
        "json=r.json",
        "-o",
        "md=r.md",
        "-o",
        "docx=r.docx",
    )
    assert "OVERRIDDEN" in told and "(overridden)" in told
    data = json.loads((run.folder / "r.json").read_text())
    assert {name for one in data["overrides"] for name in one["obstacle_ids"]} == set(found)
    assert {(one["approver"], one["reason"]) for one in data["overrides"]} == {("Lee Okafor", REASON)}
    text = (run.folder / "r.md").read_text()
    assert REASON in text and "Lee Okafor" in text and "Tampa office was not searched" in text
    with zipfile.ZipFile(run.folder / "r.docx") as package:
        assert REASON in package.read("word/document.xml").decode()


def test_one_obstacle_overridden_of_two_is_still_refused(run: Shell) -> None:
    first, *rest = standing(run(*annual(), "--dry-run", code=1))
    assert rest
    assert "REFUSED" in run(*annual(), f"--override={first}={REASON}", "--dry-run", code=1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--by", "Dana Ruiz", "--override", "ID=" + REASON), "E457"),
        (("--by", "Dana Ruiz", "--approver", "  ", "--override", "ID=" + REASON), "E457"),
        (("--by", "Dana Ruiz", "--approver", "Lee Okafor", "--override", "ID"), "E457"),
        (("--by", "Dana Ruiz", "--approver", "Lee Okafor", "--override", "ID=   "), "E457"),
        (("--by", "Dana Ruiz", "--approver", "Lee Okafor", "--override", "ID=fine"), "E457"),
        (("--by", "Dana Ruiz", "--approver", "dana  RUIZ", "--override", "ID=" + REASON), "E455"),
        (("--approver", "Lee Okafor", "--override", "ID=" + REASON), "E457"),
        (("--by", "Dana Ruiz", "--approver", "Lee Okafor", "--override", "*=" + REASON), "E456"),
        (
            (
                "--by",
                "Dana Ruiz",
                "--approver",
                "Lee Okafor",
                "--override",
                "not-searched/0000000000=" + REASON,
            ),
            "E456",
        ),
    ],
)
def test_an_override_needs_an_approver_who_is_someone_else_and_a_reason(
    run: Shell, words: tuple[str, ...], code: str
) -> None:
    (identity, *_) = standing(run(*annual(), "--dry-run", code=1))
    before = run.files()
    words = tuple(word.replace("ID", identity, 1) if word.startswith("ID") else word for word in words)
    told = run(
        "represent",
        "annual",
        "--with",
        "company.yml",
        "--with",
        "open.yml",
        "--scan",
        "clean.json",
        *DAY,
        *words,
        code=2,
    )
    assert code in told and run.files() == before


# What is wrong is said; nothing is stored or written


BAD: dict[str, Any] = {
    "wrong UEI": ("organisation: {uei: H7K2M4N6P8R}\n", "E450", "bad.yml:1:"),
    "UEI in small letters": ("organisation: {uei: h7k2m4n6p8r1}\n", "E450", "H7K2M4N6P8R1"),
    "wrong CAGE": ("organisation:\n  cage: 7ABC\n", "E451", "bad.yml:2:"),
    "CAGE with an O": ("organisation: {cage: 7ABCO}\n", "E451", "organisation.cage"),
    "CAGE of a supplier": ("items: [{id: a, supplier: {cage: TOOLONG}}]\n", "E451", "bad.yml:1:"),
    "two editions": ("contract: {clauses: [52.204-25 (AUG 2020)]}\n", "E452", "two editions"),
    "no clause at all": ("contract: {clauses: [the usual ones]}\n", "E452", "not a clause"),
    "unknown edition": ("contract: {clauses: [52.204-25 (JAN 1999)]}\n", "E452", "no edition"),
    "unknown key": ("organisation: {nme: Harbour}\n", "E461", "bad.yml:1:16 (/organisation/nme)"),
    "unknown key at the top": ("organization: {name: Harbour}\n", "E461", "no such field"),
    "unknown key in a list": ("items:\n  - id: a\n    brnd: x\n", "E461", "bad.yml:3:5 (/items/0/brnd)"),
    "a text where a list belongs": ("items: none\n", "E461", "bad.yml:1:"),
    "a day that is none": ("inquiry: {to_on: 2026-02-30}\n", "E461", "YYYY-MM-DD"),
    "an instant without offset": ("event: {identified_at: 2026-11-20T10:00:00}\n", "E461", "no offset"),
    "nothing": ("", "E465", "no mapping of fields"),
    "a list": ("- organisation\n", "E465", "no mapping of fields"),
    "a text": ("organisation\n", "E465", "no mapping of fields"),
    "malformed": ("organisation: {name: [\n", "E407", "bad.yml:2:1"),
    "a tab": ("organisation:\n\tname: x\n", "E407", "bad.yml:2:1"),
    "not UTF-8": (b"organisation: {name: \xff\xfe}\n", "E407", "not UTF-8"),
    "a control character": (b"organisation: {name: 'a\x00b'}\n", "E407", "bad.yml"),
    "a key twice": ("organisation: {name: a}\norganisation: {name: b}\n", "E408", "bad.yml:2:1"),
    "an alias bomb": ("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n", "E409", "an anchor"),
    "a tag": ("organisation: {name: !!python/object/apply:os.system [id]}\n", "E409", "a tag"),
    "a merge key": ("organisation:\n  <<: {name: x}\n", "E409", "a merge key"),
    "two files in one": ("organisation: {name: x}\n---\norganisation: {name: y}\n", "E409", "second document"),
    "too deep": ("a: " + "[" * 60 + "]" * 60 + "\n", "E410", "nested too deeply"),
    "too large": ("# " + "x" * 8_000_001 + "\n", "E465", "at most 8,000,000 bytes"),
    "a text without end": ("organisation: {name: " + "x" * 20_001 + "}\n", "E463", "20,001 characters"),
    "people who are a text": ("people: all of us\n", "E465", "bad.yml:1:"),
    "a person without a name": ("people: [{title: Counsel}]\n", "E465", "without a name"),
    "an author who is a text": ("author: Dana Ruiz\napprover: {name: Lee Okafor}\n", "E465", "no person"),
    "records that are a text": ("items: [{id: a, records: A1}]\n", "E465", "not a list"),
    "a record that is not there": ("items: [{id: a, records: [A9]}]\n", "E465", "'A9'"),
    "scans that bear on nothing known": ("scans_bear_on: {questions: [use, sell], why: x}\n", "E468", "case scope"),
    "scans that bear on a text": ("scans_bear_on: use\n", "E468", "bad.yml:1:"),
    "resolved, and no offering": ("resolved: [{ref: '1', because: seen on the part, by: X}]\n", "E466", "no such line"),
    "resolved, and the offering is a text": ("offering: Gate\nresolved: [{ref: '1', because: seen on the part, by: X}]\n", "E466", "no such line"),
    "resolved, and the components are a text": ("offering: {components: x}\nresolved: [{ref: a}]\n", "E465", "not a list"),
    "resolved is a text": ("resolved: all\n", "E465", "not a list"),
    "the day of the law": ("as_of: 2020-01-01\n", "E465", "--as-of"),
    "another time of making": ("made_at: 2020-01-01T00:00:00Z\n", "E465", "--at"),
    "other knowledge": ("knowledge: {version: x, sha256: y}\n", "E465", "knowledge"),
    "another case": ("case_id: C-0007\n", "E465", "case"),
    "scans of its own": ("scans: [{value: {}}]\n", "E465", "--scan"),
    "an id that is a list": ("items: [{id: [a]}, {id: {b: c}}]\n", "E461", "bad.yml:1:"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_files_are_refused_with_their_place_and_nothing_is_kept(case: Shell, name: str) -> None:
    content, code, says = BAD[name]
    case.write("bad.yml", content)
    case.write(
        "again.yml", "items: [{id: a}, {id: [a]}]\n" if "list" in name and "id" in name else "notes: x\n"
    )
    before = case.files()
    words = far("--with", "bad.yml")
    told = case(*words, code=2 if code < "E459" or code in ("E463", "E468") else 3)
    assert code in told and says in told
    assert case.files() == before and case.documents() == []
    assert "Sound" in case("case", "verify")


def test_an_unknown_clause_is_refused_where_the_document_rests_on_it(run: Shell) -> None:
    words = ("report", "far", "", "--with", "company.yml", "--with", "bad.yml", *DAY, *BY)
    run.write("bad.yml", "contract: {clauses: [52.204-99]}\nitems: [{id: a}]\n")
    assert "E452" in run(*words, code=2)
    # A contract holds many clauses of which we know nothing; one beside the clause of the report does no harm.
    run.write("bad.yml", "contract: {clauses: [52.212-4, 52.204-25]}\nitems: [{id: a}]\n")
    run(*words, "--dry-run")


def test_lists_whose_ids_are_none_are_refused_when_joined(run: Shell) -> None:
    run.write("one.yml", "items: [{id: [a]}, {id: {b: c}}, text]\n")
    run.write("two.yml", "items: [{id: [a]}]\n")
    assert "E461" in run(*annual("inquiry.yml"), "--with", "one.yml", "--with", "two.yml", code=3)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--with", "none.yml"), 3, "E465"),
        (("--with", "."), 3, "E465"),
        (("--scan", "none.json"), 3, "E465"),
        (("--scan", "company.yml"), 3, "E461"),
        (("--scan", "list.json"), 3, "E461"),
        (("--scan", "deep.json"), 3, "E461"),
        (("--as-of", "2026-13-01"), 2, "E404"),
        (("--at", "2026-11-23T14:00:00"), 2, "E440"),
        (("--sign-at", "tomorrow"), 2, "E440"),
        (("--sign-at", "2026-11-23T13:00:00-05:00"), 2, "E464"),
        (("--as-of", "2018-08-12"), 2, "E453"),
        (("--stage", "supplement"), 2, "E458"),
        (("-o", "exe"), 2, "E462"),
        (("-o", "json=report.json"), 2, "one file"),
        (("-o", "pdf=none/report.pdf"), 5, "E510"),
        (("-o", "pdf=."), 5, "E510"),
        (("--supersedes", "DOC1"), 2, "E423"),
        (("--expect", "1"), 2, "E422"),
        (("--offering", "covered.json"), 2, "product certificate"),
    ],
)
def test_a_command_that_cannot_be_carried_out_keeps_and_writes_nothing(
    case: Shell, words: tuple[str, ...], code: int, says: str
) -> None:
    case.write("list.json", "[1]")
    case.write("deep.json", "[" * 100_000)
    before = case.files()
    told = case(*far(*words), code=code)
    assert says in told
    assert case.files() == before and case.documents() == []


def test_an_endless_file_is_not_read_to_its_end(run: Shell) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero here")
    assert "E106" in run(*annual("/dev/zero"), code=3)


@pytest.mark.parametrize("words", [("--supersedes", "DOC1"), ("--expect", "3")])
def test_options_about_a_case_need_one(run: Shell, words: tuple[str, ...]) -> None:
    assert "needs the CASE" in run(*annual(), *words, code=2)


def test_a_document_that_is_to_be_signed_names_author_and_approver(run: Shell) -> None:
    plain = (
        "represent",
        "annual",
        "--with",
        "company.yml",
        "--with",
        "inquiry.yml",
        "--scan",
        "clean.json",
        *DAY,
    )
    signing = ("--sign-at", "2026-11-23T15:00:00-05:00")
    assert "E454" in run(*plain, *signing, "--approver", "Lee Okafor", code=2)
    assert "E454" in run(*plain, *signing, "--by", "   ", "--approver", "Lee Okafor", code=2)
    assert "E454" in run(*plain, *signing, "--by", "Dana Ruiz", code=2)
    assert "E455" in run(*plain, "--by", "Dana Ruiz", "--approver", "Dana Ruiz", code=2)


def test_nobody_makes_a_document_of_a_case_namelessly(case: Shell) -> None:
    told = case("report", "far", "C-0001", "--with", "company.yml", *DAY, "-o", "json=report.json", code=2)
    assert "E425" in told and not (case.folder / "report.json").exists()


# Each command makes its document


@pytest.mark.parametrize(
    ("words", "more", "type_"),
    [
        (
            ("represent", "offer"),
            "contract: {solicitation: 47QSMD26R0001, number: ''}\noptions: {sam_reviewed_on: 2026-11-22, sam_reviewed_by: Dana Ruiz, sam_result: none}\n",
            "offer-representation",
        ),
        (
            ("represent", "rfo"),
            "items: [{id: a, brand: Hikvision}]\ncontract: {clauses: [52.240-90]}\n",
            "rfo-disclosure",
        ),
        (
            ("report", "rfo", ""),
            "items: [{id: a, brand: Hikvision}]\ncontract: {clauses: [52.240-91]}\n",
            "rfo-report",
        ),
        (
            ("report", "dfars", ""),
            "items: [{id: a, brand: Huawei}]\ncontract: {clauses: [252.204-7018]}\n",
            "dfars-report",
        ),
        (
            ("report", "fascsa", ""),
            "items: [{id: a, covered_source: Acronis AG}]\ncontract: {clauses: [52.204-30]}\n",
            "fascsa-report",
        ),
        (("report", "far", ""), "items: [{id: a, brand: Hikvision}]\n", "far-report"),
        (("certify", "grant"), "contract: {award: CA-26-0031, agency: DOT}\n", "grant-certification"),
        (
            ("certify", "product"),
            "offering: {name: Gate, components: [{ref: '1', name: Board, state: cleared, maker: NXP, because: read on the part}], parts_list_complete: true}\n",
            "product-certificate",
        ),
        (("document", "make", "inquiry-record"), "", "inquiry-record"),
        (
            ("document", "make", "phase-out-statement"),
            "plan: [{id: a, what: Core, owner: R. Hall, by_on: 2026-12-01}]\n",
            "phase-out-statement",
        ),
    ],
)
def test_each_command_makes_its_document(run: Shell, words: tuple[str, ...], more: str, type_: str) -> None:
    run.write("more.yml", more or "options: {}\n")
    result = CliRunner().invoke(
        cli,
        [
            *words,
            "--with",
            "company.yml",
            "--with",
            "inquiry.yml",
            "--with",
            "more.yml",
            "--scan",
            "clean.json",
            *DAY,
            *BY,
            "-o",
            "json=x.json",
        ],
    )
    assert result.exit_code in (0, 1), result.output
    data = json.loads((run.folder / "x.json").read_text())
    assert (
        data["type"] == type_
        and data["as_of"] == "2026-11-23"
        and data["organisation"]["name"] == "Harbour Systems LLC"
    )
    assert (result.exit_code == 1) == (data["state"] == "refused")


# What the case knows


def test_the_facts_of_a_scan_reach_the_report(case: Shell) -> None:
    told = case(*far())
    data = json.loads((case.folder / "report.json").read_text())
    assert data["contract"]["clauses"] == ["52.204-25 (NOV 2021)"] and data["contract"]["agency"] == "GSA"
    assert data["contract"]["number"] == "HS0021-26-C-0042" and data["clause"]["edition"] == "NOV 2021"
    assert data["body"]["event"]["identified_at"] == "2026-11-20T10:00:00-05:00"
    assert data["body"]["event"]["due_at"] == "2026-11-23" and data["body"]["event"]["late"] is False
    assert "not known which clause governs" not in told
    assert data["case_id"] == "C-0001"


def test_a_day_of_identification_without_an_hour_reaches_the_report(case: Shell) -> None:
    case("case", "fact", "C-0001", "event.identified_at=2026-11-20", "--by", "Dana Ruiz")
    case(*far())
    event = json.loads((case.folder / "report.json").read_text())["body"]["event"]
    assert event["identified_at"] == "2026-11-20" and "hour is not recorded" in event["how_found"]


def test_a_report_of_another_clause_is_refused(case: Shell) -> None:
    told = case(
        "report", "dfars", "C-0001", "--with", "company.yml", *DAY, *BY, "-o", "json=report.json", code=2
    )
    assert "E452" in told and case.documents() == []


def test_a_scan_of_the_case_that_is_handed_over_again_counts_once(case: Shell) -> None:
    case(*far("--scan", "covered.json"))
    data = json.loads((case.folder / "report.json").read_text())
    assert [one["kind"] for one in data["rests_on"]].count("scan") == 1
    assert len(data["body"]["items"]) == 1


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2026-11-23T21:30:00-05:00", False),
        ("2026-11-24T02:30:00Z", False),
        ("2026-11-24T00:10:00-05:00", True),
    ],
)
def test_the_day_of_a_report_is_that_of_the_case_and_not_that_of_utc(
    case: Shell, at: str, late: bool
) -> None:
    case(
        "report",
        "far",
        "C-0001",
        "--with",
        "company.yml",
        "--as-of",
        "2026-11-23",
        "--at",
        at,
        *BY,
        "-o",
        "json=report.json",
    )
    data = json.loads((case.folder / "report.json").read_text())
    assert data["made_at"].endswith("-05:00") and data["body"]["event"]["due_at"] == "2026-11-23"
    assert data["body"]["event"]["late"] is late


# One report for one duty


def test_one_duty_gets_one_report(case: Shell) -> None:
    assert "Kept as C-0001/DOC1, number C-0001-R1" in case(*far())
    again = case(*far(), code=2)
    assert "E424" in again and "was not sent: DOC1" in again and "--supersedes DOC1" in again
    assert "Kept as C-0001/DOC2, number C-0001-R1" in case(*far("--supersedes", "DOC1"))
    assert "E424" in case(*far("--supersedes", "DOC1"), code=2)
    assert "E424" in case("case", "approve", "C-0001", "DOC1", "--by", "Lee Okafor", code=2), (
        "what was replaced is not approved"
    )
    case("case", "approve", "C-0001", "DOC2", "--by", "Lee Okafor")
    case(
        "case",
        "submit",
        "C-0001",
        "--document",
        "DOC2",
        "--to",
        "CO",
        "--by",
        "Dana Ruiz",
        "--at",
        "2026-11-23T15:00:00-05:00",
    )
    assert "E432" in case(*far(), code=2)
    assert "E424" in case(*far("--supersedes", "DOC2"), code=2), "what was submitted is not replaced"
    told = case(*far("--stage", "follow-up"))
    assert "Kept as C-0001/DOC3, number C-0001-R2" in told
    data = json.loads((case.folder / "report.json").read_text())
    assert data["body"]["event"]["first_report_ref"] == "C-0001-R1"
    assert data["body"]["event"]["first_report_at"] == "2026-11-23T20:00:00+00:00"
    assert data["body"]["event"]["due_at"] == "2026-12-08", "ten business days over Thanksgiving"
    *rows, following = case("document", "list").splitlines()
    assert [tuple(row.split()[0::3][:2]) for row in rows] == [
        ("C-0001/DOC1", "superseded"),
        ("C-0001/DOC2", "submitted"),
        ("C-0001/DOC3", "made"),
    ]
    assert following.startswith("  next: ")
    assert following.endswith(" approves it: proscribe case approve C-0001 DOC3")


def test_a_document_replaces_only_one_of_its_kind(case: Shell) -> None:
    case(*far())
    told = case("document", "make", "inquiry-record", "C-0001", "--with", "company.yml", "--with", "inquiry.yml", *DAY, *BY,
                "--supersedes", "DOC1", "-o", "json=x.json", code=2)  # fmt: skip
    assert "E424" in told and "another kind" in told and not (case.folder / "x.json").exists()


def test_a_case_that_changed_while_the_document_was_made_is_not_written_to(
    case: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = vars(papers)["make"]

    def slowly(*words: Any) -> Any:
        case("case", "note", "C-0001", "a second clerk was here", "--by", "Sam Lind")
        return made(*words)

    monkeypatch.setattr(papers, "make", slowly)
    told = case(*far(), code=2)
    assert "E422" in told and case.documents() == [] and not (case.folder / "report.json").exists()


# The same bytes


def test_the_same_inputs_give_the_same_bytes(run: Shell) -> None:
    outputs = [[f"{name}.{kind}" for kind in ("json", "pdf", "docx", "md")] for name in ("one", "two")]
    for names in outputs:
        run(
            *annual(),
            *(word for name in names for word in ("-o", f"{name.partition('.')[2]}={name}")),
            code=1,
        )
    for first, second in zip(*outputs, strict=True):
        assert (run.folder / first).read_bytes() == (run.folder / second).read_bytes(), first


def test_what_is_exported_is_what_was_kept_byte_for_byte(case: Shell) -> None:
    case(*far("-o", "pdf=report.pdf", "-o", "docx=report.docx"))
    (kept,) = case.documents()
    case("document", "export", "C-0001/DOC1", "-d", "out")
    written = {path.name: path.read_bytes() for path in (case.folder / "out").iterdir()}
    assert set(written) == {"far-report.data.json", *(item["name"] for item in kept["files"])}
    for kind in ("pdf", "docx"):
        (name,) = (name for name in written if name.endswith(kind))
        assert written[name] == (case.folder / f"report.{kind}").read_bytes()
    assert json.loads(written["far-report.data.json"]) == json.loads(
        (case.folder / "report.json").read_text()
    )
    assert "E423" in case("document", "export", "C-0001/DOC7", code=2)
    assert "E423" in case("document", "export", "C-0001", code=2)


def test_a_hostile_name_in_the_store_does_not_leave_the_folder(case: Shell) -> None:
    case(*far())
    store = sqlite3.connect(case.folder / "c.db")
    for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for (column,) in store.execute(
            f"SELECT name FROM pragma_table_info('{table}') WHERE type IN ('TEXT', 'VARCHAR', 'JSON')"
        ).fetchall():
            if table.startswith("documents"):
                store.execute(
                    f"UPDATE {table} SET \"{column}\" = replace(\"{column}\", 'far-report-', '../../far-report-') WHERE \"{column}\" LIKE '%far-report-%'"
                )
    store.commit()
    store.close()
    assert "../../far-report-" in json.dumps(case.documents())
    outer = {path.name for path in case.folder.parent.iterdir()}
    case("document", "export", "C-0001/DOC1", "-d", "out/deep")
    assert {path.name for path in case.folder.parent.iterdir()} == outer
    assert {path.name for path in (case.folder / "out").iterdir()} == {"deep"}
    assert len(list((case.folder / "out" / "deep").iterdir())) == 2


# Signing


@pytest.fixture
def approved(run: Shell, approved_once: Path) -> Shell:
    shutil.copytree(approved_once, run.folder, dirs_exist_ok=True)
    return run


def test_what_the_program_wrote_is_no_evidence_for_the_next_scan(case: Shell) -> None:
    case(*far("-o", "pdf=report.pdf", "-o", "docx=report.docx", "-o", "md=report.md"))
    case("case", "approve", "C-0001", "DOC1", "--by", "Lee Okafor")
    case("attest", "key", "-o", "signer")
    case(*sign())
    case.write("list.csv", CLEAN)
    case.write("own.json", '[{"maker": "Dahua", "schema": "proscribe.scan/1"}]')
    case.write("proscribe.toml", "")
    case(
        "scan",
        ".",
        "--as-of",
        "2026-11-23",
        "-o",
        "json=next.json",
        "--fail-on",
        "none",
        "--no-config",
        code=3,
    )
    inputs = {
        Path(one["path"]).name: one for one in json.loads((case.folder / "next.json").read_text())["inputs"]
    }
    for name in ("signer.key", "signer.pub.pem"):
        assert [(one["code"], one["lossy"]) for one in inputs[name]["issues"]] == [("E105", False)], name
    for name in ("report.pdf", "report.docx", "report.md", "report.json", "covered.json", "signed.zip"):
        assert inputs[name]["records"], "it tells of a firm of which no list here tells"
    assert inputs["own.json"]["records"] == 1, "a word of ours inside another list is no mark"
    assert len(expand([case.folder / "report.json"]).sources) == 1, "named, it is read"
    scan = ScanInput(json.loads((case.folder / "next.json").read_text()))
    told = [text for _, text in unseen(scan)]
    assert not [text for text in told if any(name in text for name in ("proscribe.toml", "signer.key"))], (
        "each would be an obstacle of the next paper"
    )
    assert {"signer.key", "signer.pub.pem"} <= {Path(path).name for path in left_out(scan)}, (
        "they are named instead"
    )


def test_reports_carry_a_mark_that_holds_while_nothing_in_them_is_changed(case: Shell) -> None:
    case.write("list.csv", COVERED)
    case("scan", "list.csv", "--as-of", "2026-11-23", "-o", "html=page.html", "-o", "md=page.md", code=1)
    case("devices", "list.csv", "--as-of", "2026-11-23", "-o", "html=devices.html", code=1)
    changed = (case.folder / "page.html").read_text().replace("<h1", "<p>Dahua IPC-HFW2431</p><h1", 1)
    case.write("changed.html", changed)
    case.write("own.html", "<!-- Written by Proscribe. SHA-256 of what stands above: " + "0" * 64 + " -->")
    read = {Path(one.display).name for one in expand([case.folder]).sources}
    assert not read & {"page.html", "page.md", "devices.html"}
    assert {"changed.html", "own.html"} <= read, "what somebody wrote into a report is evidence"


def sign(*more: str) -> tuple[str, ...]:
    return (
        "document",
        "sign",
        "C-0001/DOC1",
        "--key",
        "signer.key",
        "--by",
        "A. Osei",
        "--title",
        "President",
        "-o",
        "signed.zip",
        *more,
    )


def test_an_approved_document_is_signed_once_and_verifies(approved: Shell) -> None:
    approved(*sign())
    told = approved("verify", "signed.zip", "--key", "signer.pub.pem")
    assert told.startswith("VALID") and "A. Osei" in told
    (kept,) = approved.documents()
    assert kept["signer"] == "A. Osei"
    with zipfile.ZipFile(approved.folder / "signed.zip") as bundle:
        assert sorted(name.rpartition(".")[2] for name in bundle.namelist() if name.startswith("files/")) == [
            "json",
            "pdf",
        ]
        assert bundle.read("files/document.json") and any(
            bundle.read(name) == (approved.folder / "report.pdf").read_bytes() for name in bundle.namelist()
        )
    assert "E424" in approved(*sign(), code=2)


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (("-o", "none/signed.zip"), 5, "E510"),
        (("-o", "."), 5, "E510"),
        (("--by", "  "), 2, "E425"),
        (("--by", "Dana Ruiz"), 2, "another person has to sign it"),
        (("--at", "2026-11-20T10:00:00-05:00"), 2, "E464"),
        (("--at", "2099-01-01T10:00:00Z"), 2, "E440"),
        (("--at", "2026-11-24"), 2, "E440"),
        (("--key", "none.key"), 3, "E482"),
        (("--key", "company.yml"), 3, "E482"),
        (("--expect", "1"), 2, "E422"),
        (("--pkcs11", "none.so"), 2, "E484"),
    ],
)
def test_a_signature_that_cannot_be_given_leaves_no_trace(
    approved: Shell, more: tuple[str, ...], code: int, says: str
) -> None:
    before = approved.files()
    told = approved(*sign(*more), code=code)
    assert says in told
    (kept,) = approved.documents()
    assert kept["signer"] == "" and approved.files() == before
    approved(*sign())


def test_what_nobody_approved_is_not_signed(case: Shell) -> None:
    case(*far())
    case("attest", "key", "-o", "signer")
    told = case(*sign(), code=2)
    assert "E424" in told and "not approved" in told and not (case.folder / "signed.zip").exists()
    told = case("case", "approve", "C-0001", "DOC1", "--by", "Kim Berg", code=2)
    assert "names Lee Okafor as its approver" in told and not (case.folder / "signed.zip").exists()


def test_a_pdf_names_its_language_its_title_and_its_parts(run: Shell) -> None:
    run(*annual(), "-o", "pdf=r.pdf", code=1)
    data = io.BytesIO((run.folder / "r.pdf").read_bytes()).getvalue()
    assert b"/MarkInfo" in data and b"/StructTreeRoot" in data and b"/Lang" in data
    assert b"pdfaid:part>3<" in data and b"pdfuaid:part>1<" in data and b"<dc:title>" in data


def test_facts_of_a_case_take_back_nothing_that_its_scan_decided(case: Shell) -> None:
    told = case("case", "decide", "C-0001", "--by", "Dana Ruiz", code=2)
    assert "E424" in told and "prohibited" in told and "case attach C-0001" in told
    assert len(json.loads(case("case", "show", "C-0001", "-o", "json"))["determinations"]) == 1
