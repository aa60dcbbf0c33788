"""The story of the examples, command by command, in processes of its own: it has to end as it is told."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import shlex
import shutil
import sqlite3
import sys
import zipfile
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from forked_program import Program

STORY = Path(__file__).parents[2] / "examples" / "story"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, program: Program) -> tuple[Path, str]:
    """Tell the story from another folder, without anything of the caller's own settings."""
    folder = tmp_path_factory.mktemp("story") / "out"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as said:
        for name in [name for name in os.environ if name.startswith("PROSCRIBE_")]:
            patch.delenv(name)
        patch.chdir(folder.parent)
        patch.setattr(sys, "argv", ["run.py", str(folder)])
        spec = importlib.util.spec_from_file_location("story", STORY / "run.py")
        assert spec is not None and spec.loader is not None
        story = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(story)
        patch.setattr(
            story.Story, "start", lambda one, words: program.run(words, one.folder, one.environment)
        )
        story.main()
    return folder, said.getvalue()


def after(text: str, heading: str) -> str:
    """Give the part of the story under a heading."""
    part = text.partition(f"== {heading}")[2]
    assert part, heading
    return part.partition("\n== ")[0]


def test_the_report_is_due_on_the_business_day_after_the_holiday(told: tuple[Path, str]) -> None:
    _, text = told
    clock = after(text, "The clock: one business day")
    assert "2026-10-13" in clock and "First report" in clock and "2026-10-12" not in clock
    follow_up = after(text, "Ten business days from that submission")
    assert "2026-10-27" in follow_up and "Second report" in follow_up
    events = after(text, "Tuesday: the determination is approved")
    assert "E426" in events and "C-0001-R1" in events and "DOC1 approved by C. Moreau" in events


def test_the_representation_is_refused_and_then_overridden_by_name(told: tuple[Path, str]) -> None:
    _, text = told
    refused = after(text, "November: everything was replaced")
    assert "REFUSED" in refused and "(stands)" in refused and "Not kept in C-0002" in refused
    assert "C-0001/DOC1 of 2026-10-13 says that it does" in refused and "nobody can override" not in refused
    overridden = after(text, "It was refused for the home offices")
    assert "OVERRIDDEN" in overridden and "Kept as C-0002/DOC1" in overridden


def test_the_agencys_waiver_is_no_longer_to_be_had_and_the_dnis_is(told: tuple[Path, str]) -> None:
    _, text = told
    waivers = after(text, "Had the cameras not been replaced in time")
    assert (
        "us-889-waiver-agency-b on 2026-10-14: NOT AVAILABLE" in waivers
        and "us-889-waiver-dni on 2026-10-14: available" in waivers
    )
    assert "Request for a waiver, with laydown and phase-out plan: READY" in waivers


def test_the_bundle_verifies_and_one_changed_byte_is_refused(told: tuple[Path, str]) -> None:
    folder, text = told
    assert (
        "VALID: every byte" in after(text, "Signed by a third person")
        and "assets-november.csv is the file" in text
    )
    refused = after(text, "One byte of the document changed")
    assert "NOT VALID" in refused and ".pdf was changed after signing" in refused
    with (
        zipfile.ZipFile(folder / "representation.zip") as good,
        zipfile.ZipFile(folder / "changed.zip") as bad,
    ):
        assert good.namelist() == bad.namelist() and bad.testzip() is None
        pairs = [(good.read(name), bad.read(name)) for name in good.namelist()]
    assert sum(one != other for left, right in pairs for one, other in zip(left, right, strict=True)) == 1


def test_the_signed_document_prints_the_override_and_answers_does_not(told: tuple[Path, str]) -> None:
    folder, _ = told
    with zipfile.ZipFile(folder / "representation.zip") as bundle:
        data = json.loads(bundle.read("files/document.json"))
        assert {
            name
            for name in bundle.namelist()
            if name.startswith("files/") and name.endswith((".pdf", ".docx"))
        }
    assert data["state"] == "overridden"
    assert {one["answer"] for one in data["body"]["representations"].values()} == {"does not"}
    assert {one["approver"] for one in data["overrides"]} == {"C. Moreau"}
    reasons = " ".join(one["reason"] for one in data["overrides"])
    assert "I asked each of the four" in reasons and "were replaced between 19 and 22 October" in reasons
    # The home offices; the cameras of October, for each question: another case of the store has them; its reports and waivers.
    assert Counter(one["code"] for one in data["obstacles"]) == {
        "elsewhere": 2,
        "not-searched": 1,
        "says-does": 4,
    }
    (beside,) = data["store"]["beside"]
    assert (beside["case_id"], beside["sure"], beside["reported"]) == ("C-0001", 0, 3)


def test_the_first_report_knows_its_contract_its_clock_and_its_items(told: tuple[Path, str]) -> None:
    folder, text = told
    assert "not known which clause governs" not in text
    store = sqlite3.connect(folder / "cases.db")
    kept = [json.loads(row[0]) for row in store.execute("SELECT content FROM blobs") if row[0][:1] == b"{"]
    store.close()
    reports = {one["stage"]: one for one in kept if one.get("type") == "far-report"}
    first, follow_up = reports["first"], reports["follow-up"]
    assert (first["made_at"], follow_up["made_at"]) == (
        "2026-10-13T09:10:00-04:00",
        "2026-10-26T15:00:00-04:00",
    )
    assert (
        first["contract"]["clauses"] == ["52.204-25 (NOV 2021)"]
        and first["body"]["event"]["due_at"] == "2026-10-13"
    )
    assert first["body"]["event"]["late"] is False and [one["id"] for one in first["body"]["items"]] == [
        "cameras-hq",
        "recorder-hq",
        "cameras-depot",
    ]
    assert (
        follow_up["body"]["event"]["first_report_ref"] == "C-0001-R1"
        and follow_up["body"]["event"]["due_at"] == "2026-10-27"
    )


def test_every_document_of_the_story_is_there(told: tuple[Path, str]) -> None:
    folder, text = told
    for name in ("first-report", "follow-up", "waiver-request", "refused", "representation"):
        assert (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF-1.7"), name
    assert "Sound" in after(text, "And the log of events stands")


PAGE = Path(__file__).parents[2] / "docs" / "walkthrough.md"


def steps(page: str) -> list[tuple[list[str], list[str]]]:
    """Give the commands of a page, each with the lines that it is said to print."""
    found: list[tuple[list[str], list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ proscribe "):
                found.append((shlex.split(line[len("$ proscribe ") :]), []))
            else:
                found[-1][1].append(line)
    return found


def differs(wanted: list[str], printed: list[str]) -> str:
    """Say which line was not printed; `…` stands for any text in a line, and alone for any lines."""
    left, open_ = list(printed), False
    for line in wanted:
        if line == "…":
            open_ = True
            continue
        pattern = re.compile(".*".join(map(re.escape, line.rstrip().split("…"))))
        while left and open_ and not pattern.fullmatch(left[0].rstrip()):
            left.pop(0)
        if not left or not pattern.fullmatch(left[0].rstrip()):
            return f"{line!r} is not {left[0] if left else 'there'!r}"
        left.pop(0)
        open_ = False
    return "" if open_ or not left else f"{left[0]!r} is printed and not told"


def test_the_walk_through_of_a_stranger_goes_as_it_is_told(
    told: tuple[Path, str], tmp_path: Path, program: Program
) -> None:
    story, _ = told
    (exported, said), *others = steps(PAGE.read_text(encoding="utf-8"))
    assert len(others) == 9
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROSCRIBE_")}

    def run(words: list[str], folder: Path, **more: str) -> list[str]:
        done = program.run(words, folder, {**environment, **more})
        assert "Traceback" not in done.stderr
        return (done.stdout or done.stderr).splitlines()

    assert differs(said, run(exported, story, PROSCRIBE_PASSPHRASE="only an example, never reuse")) == ""
    for name in ("representation.zip", "case.zip", "changed.zip", "keys/a-osei.pub.pem"):
        shutil.copy(story / name, tmp_path)
    for name in ("originals", "other"):
        (tmp_path / name).mkdir()
        shutil.copy(story / "assets-november.csv", tmp_path / name)
    list_ = tmp_path / "other" / "assets-november.csv"
    list_.write_bytes(list_.read_bytes().replace(b"Axis", b"Axiz"))
    for words, lines in others:
        assert differs(lines, run(words, tmp_path)) == "", words
