"""The same question at the command line, at `/api/v1` and in the browser: one answer, or one code that says why not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")

from browsers import INVENTORY, Browser, do_here, entered, linked, words, workbench
from cases_ready import ready_case
from click.testing import CliRunner
from programs import ROOT, Program

from proscribe.app.background import jobs, uploads
from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.cli.main import cli
from proscribe.model.accounts import Role
from proscribe.model.jobs import JobKind
from proscribe.web.api.application import OPERATIONS
from proscribe.web.application import Workbench
from proscribe.web.routes import PAGES

CODE = re.compile(r"\bE\d{3}\b")


@dataclass(frozen=True)
class Faces:
    """One store behind three faces."""

    place: str
    case: str
    ids: list[str]
    bench: Workbench
    browser: Browser
    program: Program

    def filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return (
                value.replace("{case}", self.case).replace("{one}", self.ids[0]).replace("{two}", self.ids[1])
            )
        if isinstance(value, dict):
            return {name: self.filled(item) for name, item in value.items()}
        return [self.filled(item) for item in value] if isinstance(value, list | tuple) else value

    def command(self, *said: str) -> tuple[str, str]:
        """Give the code of an error, else what was printed."""
        told = ["--store", self.place, *(("--by", "R. Ito") if _AUTHORED & set(said[1:3]) else ())]
        done = CliRunner().invoke(cli, [*map(str, self.filled(list(said))), *told], prog_name="proscribe")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        found = CODE.search(done.stderr) if done.exit_code == 2 else None
        assert done.exit_code != 2 or found, done.stderr
        return (found[0] if found else "", done.stdout)

    def call(self, method: str, path: str, body: Any = None) -> tuple[str, Any]:
        status, told = self.program.call(method, self.filled(path), self.filled(body))
        return (told["code"] if status >= 400 else "", told)

    def page(self, method: str, path: str, form: Any = ()) -> tuple[str, str]:
        """Give the code of an error; a page that tells what of its address is not known gives `told`."""
        send = self.browser.get if method == "GET" else self.browser.post
        answer = send(
            self.filled(path), *([[tuple(pair) for pair in self.filled(list(form))]] if form else [])
        )
        found = CODE.search(words(answer))
        if answer.status >= 400:
            assert found, answer.text
            return found[0], answer.text
        told = re.search(
            r"is left out|No finding of this case|This case holds no|not gathered", words(answer)
        )
        return ("told" if told else "", answer.text)


_AUTHORED = {"judge", "take-back", "mention", "set-aside", "stand-again", "report"}


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faces]:
    place = str(tmp_path_factory.mktemp("faces") / "cases.db")
    case_id, ids = ready_case(place, 6)
    with workbench(place, person="R. Ito", rates={"token": "100000 per minute"}) as (bench, browser):
        entered(bench, browser)
        browser.get(f"/cases/{case_id}/findings/{ids[0]}")
        with open_cases(place) as cases:
            secret, _ = accounts.make_token(cases.store, "a test", Role.ANALYST, by=ROOT)
        yield Faces(place, case_id, ids, bench, browser, Program(browser, secret))


#: Filter, and the code with which every face that takes one refuses it; a page says it in words, and shows the rest.
FILTERS = [
    ("band", "confirmd", "E449"),
    ("band", "confirmed", ""),
    ("band", "possible", ""),
    ("firm", "hickvision", "E449"),
    ("firm", "dahua", ""),
    ("role", "maker", "E449"),
    ("role", "component", ""),
    ("outcome", "forbidden", "E449"),
    ("outcome", "not_covered", ""),
    ("site", "Nowhere", "E449"),
    ("input", "other.csv", "E449"),
    ("product", "X-1", "E449"),
    ("run", "77", "E449"),
    ("verdict", "sane", "E438"),
    ("verdict", "same", ""),
    ("judged", "maybe", "E449"),
    ("judged", "no", ""),
    ("aged", "never", "E449"),
    ("new", "2", "E449"),
    ("finding", "f_none", "E449"),
    ("without", "f_none", "E449"),
    ("colour", "red", "E449"),
    ("bnad", "confirmed", "E449"),
]


@pytest.mark.parametrize(("name", "value", "code"), FILTERS, ids=lambda one: str(one) or "right")
def test_a_filter_is_one_on_every_face(faces: Faces, name: str, value: str, code: str) -> None:
    told, text = faces.command(
        "case", "findings", "{case}", "--where", f"{name}={value}", "--facets", "-o", "json"
    )
    assert told == code
    for path in ("findings", "counts"):
        got, answer = faces.call("GET", f"/cases/{{case}}/{path}?{name}={value}")
        assert got in ({code, "E508"} if name in ("judged", "aged", "new") else {code}), answer
        assert code or answer["total"] == json.loads(text)["total"]
    sent = {"yes": True, "no": False}.get(value, value) if name in ("judged", "aged", "new") else [value]
    got, answer = faces.call("POST", "/cases/{case}/judgements/preview", {name: sent})
    assert got in ({"E508"} if sent == value or name in ("colour", "bnad") else {code}), answer
    assert code or answer["count"] == json.loads(text)["total"]
    for path in ("findings", "judge"):
        got, _ = faces.page("GET", f"/cases/{{case}}/{path}?{name}={value}")
        assert got == "told" if code else got in ("", "told")


@dataclass(frozen=True)
class Asked:
    """One question: words of the command, call of a program, and address with form; each `None` where the face has none."""

    about: str
    code: str
    command: tuple[str, ...] | None = None
    call: tuple[str, str, Any] | None = None
    page: tuple[str, str, Any] | None = None


def judged(about: str, code: str, finding: str, verdict: str, reason: str, until: str = "") -> Asked:
    words_ = ("case", "judge", "{case}", finding, verdict, "--reason", reason)
    body = {"verdict": verdict, "reason": reason, **({"until": until} if until else {})}
    form = [("verdict", verdict), ("reason", reason), ("until", until)]
    return Asked(
        about, code, words_ + (("--until", until) if until else ()),
        ("POST", f"/cases/{{case}}/findings/{finding}/judgements", body),
        ("POST", f"/cases/{{case}}/findings/{finding}", form),
    )  # fmt: skip


QUESTIONS = [
    judged("a finding that is none", "E439", "f_none", "same", "seen"),
    judged("a judgement without a reason", "E438", "{one}", "same", "  "),
    judged("a clearance without a day", "E438", "{one}", "cleared", "a mirror"),
    judged("a clearance whose day is over", "E430", "{one}", "cleared", "a mirror", "2001-01-01"),
    judged("a judgement that is none", "E438", "{one}", "sane", "seen"),
    judged("a ground that lacks what it asks", "E438", "{one}", "gone", "sold"),
    judged("a right judgement", "", "{two}", "same", "plate seen"),
    judged("a right ground", "", "{two}", "only-talk", "a minute of a meeting"),
    Asked(
        "a case that there is not", "E423", ("case", "findings", "C-7777"), ("GET", "/cases/C-7777/findings", None),
        ("GET", "/cases/C-7777/findings", ()),
    ),
    Asked("a list of cases in a state that is none", "", None, ("GET", "/cases?state=open", None), None),
    Asked("jobs in no state", "E475", ("jobs", "show", "J-7777"), ("GET", "/jobs/J-7777", None), ("GET", "/runs/J-7777", ())),
    Asked(
        "a run set aside that is none", "E475", ("jobs", "set-aside", "J-7777", "--reason", "theirs"),
        ("POST", "/jobs/J-7777/aside", {"reason": "theirs"}), ("POST", "/runs/J-7777/aside", [("reason", "theirs")]),
    ),
    Asked(
        "a run that stands again and is none", "E475", ("jobs", "stand-again", "J-7777", "--reason", "ours"),
        ("POST", "/jobs/J-7777/again", {"reason": "ours"}), ("POST", "/runs/J-7777/again", [("reason", "ours")]),
    ),
    Asked(
        "a job that ends and is none", "E475", ("jobs", "cancel", "J-7777"), ("POST", "/jobs/J-7777/cancel", None),
        ("POST", "/runs/J-7777/cancel", [("x", "y")]),
    ),
    Asked(
        "a judgement that is taken back and is none", "E423", ("case", "take-back", "{case}", "987654"),
        ("POST", "/cases/{case}/judgements/987654/back", {}), ("POST", "/cases/{case}/judgements/987654/back", [("x", "y")]),
    ),
    Asked(
        "a draft that is none", "E416", ("case", "pending", "{case}", "--drop", "P-7"),
        ("POST", "/cases/{case}/pending/P-7/drop", None), ("POST", "/cases/{case}/pending/P-7/drop", [("x", "y")]),
    ),
    Asked(
        "how a finding is known that is none", "E439", ("case", "known", "{case}", "f_none"),
        ("GET", "/cases/{case}/findings/f_none/known", None), ("GET", "/cases/{case}/findings/f_none", ()),
    ),
    Asked(
        "a draft of a judgement of a finding that is none", "E439",
        ("case", "judge", "{case}", "f_none", "same", "--reason", "seen", "--wait"),
        ("POST", "/cases/{case}/pending", {"deed": "judge", "finding": "f_none", "said": {"verdict": "same", "reason": "seen"}}),
    ),
    Asked(
        "a draft of a take-back of what nobody judged", "E423", ("case", "take-back", "{case}", "987654", "--wait"),
        ("POST", "/cases/{case}/pending", {"deed": "take_back", "entry": 987654}),
    ),
    Asked(
        "a draft of a determination that there is not", "E423", None,
        ("POST", "/cases/{case}/pending", {"deed": "decide", "record": "D7"}), ("POST", "/cases/{case}/law/key", [("record", "D7")]),
    ),
    Asked(
        "a report in no form", "E192", ("jobs", "submit", "report", "{case}", "odt"), ("POST", "/cases/{case}/reports", {"form": "odt"}),
        ("POST", "/cases/{case}/reports", [("form", "odt")]),
    ),
]  # fmt: skip


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda one: one.about)
def test_a_question_has_one_answer_on_every_face(faces: Faces, asked: Asked) -> None:
    told = {}
    if asked.command is not None:
        told["command"] = faces.command(*asked.command)[0]
    if asked.call is not None:
        told["program"] = faces.call(*asked.call)[0]
    if asked.page is not None:
        told["page"] = faces.page(*asked.page)[0]
    assert set(told.values()) == {asked.code}, told


#: What programs ask, beside the command and the page that ask the same.
SAME = {
    "list_cases": ("case list", "/"),
    "case": ("case show", "/cases/{case_id}"),
    "findings": ("case findings", "/cases/{case_id}/findings"),
    "counts": ("case findings", "/cases/{case_id}/findings"),
    "finding": ("case findings", "/cases/{case_id}/findings/{finding_id}"),
    "known": ("case known", "/cases/{case_id}/findings/{finding_id}"),
    "pending": ("case pending", "/cases/{case_id}/documents"),
    "ask_for_key": ("case judge", "/cases/{case_id}/law/key"),
    "drop_pending": ("case pending", "/cases/{case_id}/pending/{pending_id}/drop"),
    "judge": ("case judge", "/cases/{case_id}/findings/{finding_id}"),
    "preview": ("case findings", "/cases/{case_id}/judge"),
    "judge_many": ("case judge", "/cases/{case_id}/judge"),
    "take_back": ("case take-back", "/cases/{case_id}/judgements/{seq}/back"),
    "mentions": ("case mentions", "/cases/{case_id}/mentions"),
    "documents": ("case show", "/cases/{case_id}/documents"),
    "customers": ("document customers", "/cases/{case_id}/document"),
    "runs": ("case show", "/cases/{case_id}/runs"),
    "law": ("case show", "/cases/{case_id}/law"),
    "put_to_law": ("case answer", "/cases/{case_id}/law"),
    "try_answers": ("case answer", "/cases/{case_id}/law/some"),
    "what_follows": ("case answer", "/cases/{case_id}/law/some"),
    "make_report": ("jobs submit report", "/cases/{case_id}/reports"),
    "report": ("jobs result", "/cases/{case_id}/reports/{job_id}"),
    "job_of_case": ("jobs show", "/runs/{job_id}"),
    "jobs": ("jobs list", "/"),
    "job": ("jobs show", "/runs/{job_id}"),
    "cancel": ("jobs cancel", "/runs/{job_id}/cancel"),
    "set_aside": ("jobs set-aside", "/runs/{job_id}/aside"),
    "stand_again": ("jobs stand-again", "/runs/{job_id}/again"),
}


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.name)
def test_what_programs_ask_people_ask_at_both_other_faces(one: Any) -> None:
    command, page = SAME[one.name]
    found_: Any = cli
    for name in command.split():
        found_ = found_.get_command(None, name)
        assert found_ is not None, command
    changes = one.method == "POST" and one.name != "preview"
    (found,) = [told for told in PAGES if told.path == page and told.method == ("POST" if changes else "GET")]
    assert found.role is one.role or one.name == "preview"


def test_a_run_that_joined_devices_is_set_aside_on_every_face(faces: Faces) -> None:
    browser = faces.browser
    run = browser.post(
        linked(browser.hand_in([("neighbour.csv", INVENTORY.encode())]), r"/uploads/U-[0-9a-f]+/scan")
    )
    do_here(faces.bench)
    case = browser.post(f"{run.path}/case", [("title", "Theirs")]).path
    browser.post(f"{case}/devices")
    do_here(faces.bench)
    with open_cases(faces.place) as cases:
        job = jobs.listed(cases.store, kinds={JobKind.DEVICES})[0]
    page = browser.get(f"/runs/{job.id}")
    assert page.path.startswith(f"{case}/devices") and "Not this organisation's" in words(page)
    one = browser.post(f"/runs/{job.id}/aside", [("reason", "their list")])
    assert "by R. Ito on" in words(one) and "a second person has to say so" in words(one)
    code, told = faces.call("POST", f"/jobs/{job.id}/aside", {"reason": "their list"})
    assert code == "E424"  # the program acts for the same person
    with open_cases(faces.place) as cases:
        secret, _ = accounts.make_token(
            cases.store, "hers", Role.ANALYST, by=accounts.Actor(0, "Kim Berg", {"": Role.ADMINISTRATOR})
        )
    status, told = Program(browser, secret).call("POST", f"/jobs/{job.id}/aside", {"reason": "a trial"})
    assert status == 200 and told["by"] == ["R. Ito", "Kim Berg"] and told["of_open"] and not told["of_all"]
    assert faces.command("jobs", "stand-again", job.id, "--reason", "it is our depot")[0] == ""
    assert faces.call("POST", f"/jobs/{job.id}/again", {"reason": "ours"})[0] == "E424"
    job_id = re.search(r'name="job" value="(J-\d+)"', browser.get(f"{case}/devices").text)
    assert job_id is not None
    browser.post(f"{case}/devices", [("job", job_id[1])])
    assert "Not this organisation's" not in words(browser.get(f"/runs/{job.id}"))
    assert faces.command("jobs", "set-aside", job.id, "--reason", "theirs")[0] == "E424"


@pytest.mark.parametrize("name", ["._list.csv", "desktop.ini", "Thumbs.db", "~$list.csv", ".list.csv"])
@pytest.mark.parametrize("holds", ["list", "litter"])
def test_a_file_of_a_name_that_systems_keep_is_read_alike_when_handed_in(
    faces: Faces, tmp_path: Path, name: str, holds: str
) -> None:
    content = INVENTORY.encode() if holds == "list" else b"\x00\x05\x16\x07" + bytes(80)
    (tmp_path / name).write_bytes(content)
    with open_cases(faces.place) as cases:
        held = uploads.hand_in(cases.store, [(name, [content])], by="R. Ito")
        job = uploads.scan(cases.store, held, by="R. Ito")
        do_here(faces.bench)
        with jobs.result(cases.store, job.id) as made:
            handed = json.load(made)
    told = CliRunner().invoke(cli, ["scan", str(tmp_path), "--quiet", "-o", "json"], prog_name="proscribe")
    scanned = json.loads(told.stdout)
    assert len(handed["findings"]) == len(scanned["findings"]) == (2 if holds == "list" else 0)
    said = [
        [(issue["code"], issue["what"]) for issue in one["inputs"][0]["issues"]] for one in (handed, scanned)
    ]
    assert said[0] == said[1] and (holds == "list" or said[0][0][0] == "E105")
