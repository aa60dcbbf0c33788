"""What a command writes never takes the place of what it read, of the store, or of a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from proscribe.attestations.signers import new_key
from proscribe.cli.main import cli

TODAY = datetime.now(UTC).date()
LIST = "Asset ID,Manufacturer,Model,Site\nA-1,Axis,P3245-LV,Depot\n"
SAID = "organisation: {name: Acme Inc}\nanswers: {provide: does not, use: does not}\n"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give the command line in a folder with a list, its scan, a case and what a company says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROSCRIBE_USER", "B. Lind")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, list(words))
        return done.exit_code, done.stderr

    Path("list.csv").write_text(LIST)
    Path("said.yml").write_text(SAID)
    Path("private.key").write_bytes(new_key("only the people of this test know")[0])
    assert run("scan", "list.csv", "--quiet", "-o", "json=scan.json")[0] == 0
    assert run("case", "open", "--scan", "scan.json", "--zone", "UTC", "--title", "Yearly")[0] == 0
    return run


REPRESENT = ("represent", "annual", "C-0001", "--with", "said.yml", "--approver", "C. Moreau")
#: Ways to name a file that is kept, by what a command writes there.
WAYS: Sequence[tuple[str, ...]] = [
    ("case", "head", "{}"), ("clock", "--ics", "{}"), ("case", "verify", "--keep", "{}"),
    ("scan", "list.csv", "--quiet", "-o", "json={}"), ("scan", "list.csv", "--quiet", "-o", "html={}"),
    ("devices", "list.csv", "--quiet", "-o", "json={}"), (*REPRESENT, "-o", "json={}"),
]  # fmt: skip


@pytest.mark.parametrize("words", WAYS, ids=lambda words: " ".join(words[:2]))
@pytest.mark.parametrize("name", ["proscribe-cases.db", "private.key", "link.db"])
def test_a_store_or_a_key_is_not_replaced_by_what_is_written(
    run: Run, words: tuple[str, ...], name: str
) -> None:
    place = Path(name)
    if name == "link.db":
        place.symlink_to("proscribe-cases.db")
    before = place.read_bytes()
    code, said = run(*(word.format(name) for word in words))
    assert code == 2 and "E191" in said and name in said
    assert place.read_bytes()[:100] == before[:100]
    assert run("case", "verify")[0] == 0, "the store is as it was"


def test_a_document_does_not_replace_what_it_is_made_from(run: Run) -> None:
    for words, name in [((*REPRESENT,), "said.yml"), ((*REPRESENT, "--scan", "scan.json"), "scan.json")]:
        before = Path(name).read_bytes()
        code, said = run(*words, "-o", f"json={name}")
        assert code == 2 and "E191" in said and Path(name).read_bytes() == before


def test_a_devices_report_does_not_replace_a_list(run: Run) -> None:
    Path("same.csv").hardlink_to("list.csv")
    for name in ("list.csv", "same.csv"):
        code, said = run("devices", "list.csv", "--quiet", "-o", f"csv={name}")
        assert code == 2 and "E191" in said and Path("list.csv").read_text() == LIST


def test_two_outputs_are_not_written_over_each_other(run: Run) -> None:
    code, said = run("scan", "list.csv", "-o", "json=out.txt", "-o", "html=./out.txt")
    assert code == 2 and "E191" in said and not Path("out.txt").exists()
    Path("out").mkdir()
    assert run("scan", "list.csv", "-o", "json=out", "-o", "html=out")[0] == 0
    assert len(list(Path("out").iterdir())) == 2, "a folder takes several"
