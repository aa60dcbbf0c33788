"""Somebody who never typed a command takes the thirteen files of a company to a signed paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

import rostered
from browsers import Answer, Browser, do_jobs, entered, hidden, linked, workbench
from click.testing import CliRunner

from proscribe.app.cases import open_cases
from proscribe.app.example_company import example_files
from proscribe.cli.main import cli
from proscribe.web.application import Workbench

MOST_STEPS = 60
MOST_ANSWERS = 12


class Steps:
    """A browser that counts what a person causes."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.taken = 0

    def __getattr__(self, name: str) -> Any:
        def step(*args: Any, **more: Any) -> Answer:
            self.taken += 1
            done: Answer = getattr(self._browser, name)(*args, **more)
            assert done.status == 200, unescape(re.sub(r"<[^>]+>", " ", done.text))[:2_000]
            return done

        return step


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), zone="America/New_York") as made:
        entered(*made)
        yield made


def test_from_thirteen_files_to_a_signed_paper(bench: tuple[Workbench, Browser], tmp_path: Path) -> None:
    made, answers = bench[0], 0
    assert len(example_files()) == 13
    person = Steps(bench[1])
    person.get("/name")
    person.post("/name", [("person", "Sam Lind")])
    looked = person.post("/example")
    assert looked.text.count('<section class="file"') == 13 and "Not read" not in looked.text
    run = person.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))
    do_jobs(made)
    done = person.get(run.path)
    case = person.post(linked(done, r"/runs/J-\d+/case"), [("title", "What Alder Bruecke uses")]).path

    # what is a list of vendors is no thing: judged at once, after a preview
    shown = person.get(f"{case}/judge?input=vendor-master.csv")
    sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    person.post(
        f"{case}/judge?input=vendor-master.csv",
        [("verdict", "different"), ("reason", "a list of vendors; nothing was bought of it"), *sent],
    )
    for _ in range(3):
        queue = person.get(f"{case}/findings?judged=no&band=confirmed")
        one = person.get(linked(queue, rf"{case}/findings/f_[0-9a-f]+\?[^\"]*"))
        person.post(
            one.path, [("verdict", "same"), ("reason", "seen in place"), ("version", hidden(one, "version"))]
        )

    # what the law asks
    person.get(f"{case}/law")
    asked = person.post(f"{case}/law", [("situation", "own")])
    answers += 1
    told = {
        "contract.clauses": "52.204-25 (NOV 2021)", "contract.awarded_on": "2024-05-20", "contract.is_idiq": "no",
        "event.identified_at": "2026-11-24",
    }  # fmt: skip
    for _ in range(3):
        said = []
        for number, fact in re.findall(r'name="fact:(\d+)" value="([^"]+)"', asked.text):
            if fact in told:
                said += [
                    (f"fact:{number}", fact), (f"applies:{number}", hidden(asked, f"applies:{number}")),
                    (f"answer:{number}", told.pop(fact)),
                ]  # fmt: skip
                answers += 1
        if not said:
            break
        asked = person.post(f"{case}/law", said)
    assert "Prohibited" in asked.text and "Due by 2026-11-25" in asked.text

    # the paper
    person.get(f"{case}/documents")
    person.get(f"{case}/document?type=far-report")
    report = [
        ("type", "far-report"), ("stage", "first"), ("organisation", "Alder Bruecke Systems Inc"),
        ("contract", "47QSMA24D08R1"), ("approver", "Kim Berg"), ("signer", "A. Osei"), ("signer_title", "President"),
    ]  # fmt: skip
    ready = person.post(f"{case}/document", [*report, ("do", "look")])
    assert 'value="keep"' in ready.text, unescape(re.sub(r"<[^>]+>", " ", ready.text))[:3_000]
    person.post(f"{case}/document", [*report, ("do", "keep")])
    for name, word in (("Kim Berg", "approve"), ("A. Osei", "sign")):
        person.get("/name")
        person.post("/name", [("person", name)])
        listed = person.get(f"{case}/documents")
        person.post(linked(listed, rf"{case}/documents/DOC\d+/{word}"))
    rostered.key(tmp_path, "A. Osei")
    signed = CliRunner().invoke(
        cli,
        [
            "sign-pending",
            "--store",
            made.settings.place,
            "--by",
            "A. Osei",
            "--yes",
            "--key",
            str(tmp_path / "a-osei.key"),
        ],
        env={"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE},
    )
    assert signed.exit_code == 0, signed.output
    kept = person.get(f"{case}/documents")
    person.call("GET", linked(kept, rf"{case}/documents/DOC\d+/bundle"))
    with open_cases(made.settings.place) as cases:
        (paper,) = cases.case(case.rsplit("/", 1)[1]).documents
    assert (paper.author, paper.approver, paper.signer) == ("Sam Lind", "Kim Berg", "A. Osei")
    assert answers <= MOST_ANSWERS
    assert person.taken + 1 < MOST_STEPS  # the signature is a step too


def test_a_demo_starts_with_the_files_of_the_company(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from proscribe.web import server

    held: list[Any] = []

    def run(settings: Any, **_more: Any) -> None:
        with open_cases(settings.place) as cases:
            from proscribe.app.uploads import uploads

            held.append((settings, uploads(cases.store)))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(server, "serve", run)
    done = CliRunner().invoke(cli, ["serve", "--demo", "--no-browser"])
    assert done.exit_code == 0, done.output
    ((settings, (upload,)),) = held
    assert len(upload.files) == 13 and settings.person
    assert not Path(settings.place).exists() and not list(tmp_path.iterdir())
    assert CliRunner().invoke(cli, ["serve", "--demo", "--team", "x.toml"]).exit_code == 2
