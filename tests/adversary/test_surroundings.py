"""Attacks through what lies around a scan: modules in the current folder, kept tables, a configuration, links."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import rostered
from click.testing import CliRunner
from doctored import without
from pyarrow import RecordBatch

import proscribe
from proscribe.app.case.cases import open_cases
from proscribe.app.kb import knowledge_index, ready_knowledge
from proscribe.app.kb.knowledge_index import index_with
from proscribe.app.kb.ready_knowledge import ShippedTables, kept_tables
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.settings.config import refuse_delivered_library
from proscribe.app.store.scan_replay import Outcome, replay_scan
from proscribe.cli.main import cli
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.matching.kernel import Kernel
from proscribe.model.errors import UsageError
from proscribe.model.papers import PaperState

SOURCE = Path(proscribe.__file__).parents[1]
RUN = "from proscribe.__main__ import main; main()"
#: Modules that the program, or Python for it, imports while it runs.
MODULES = (
    "ahocorasick_rs", "click", "hyperscan", "jinja2", "msgspec", "multiprocessing", "numpy", "openpyxl", "pickle", "polars",
    "pyarrow", "resource", "secrets", "yaml",
)  # fmt: skip


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """A folder as a stranger sends it: a list, and modules that leave a mark when they run."""
    folder = tmp_path / "delivered"
    (folder / "proscribe").mkdir(parents=True)
    mark = f"open({str(tmp_path / 'mark')!r}, 'a').write(__name__ + chr(10))\n"
    for name in MODULES:
        (folder / f"{name}.py").write_text(f"{mark}raise ImportError('no')\n")
    (folder / "list.csv").write_text("Tag,Maker,Model\nA-1,Hikvision,DS-2CD2143G2-I\n")
    return folder


def _ran(folder: Path) -> str:
    mark = folder.parent / "mark"
    return mark.read_text() if mark.exists() else ""


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    about = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=about | {"PYTHONPATH": str(SOURCE)}, text=True,
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["scan", "devices"])
@pytest.mark.parametrize("start", [("-P", "-c", RUN), ("-m", "proscribe")], ids=["installed", "module"])
def test_a_delivered_folder_in_which_one_works_brings_no_modules(
    delivered: Path, start: tuple[str, ...], command: str
) -> None:
    if start[0] == "-P":
        (delivered / "proscribe" / "__init__.py").write_text((delivered / "polars.py").read_text())
    else:
        (delivered / "proscribe").rmdir()  # Python itself looks for the program there first
    ended = _python(delivered, *start, command, "list.csv")
    assert "Hikvision" in ended.stdout, ended.stderr
    assert _ran(delivered) == ""


def test_worker_processes_take_no_modules_of_the_current_folder(delivered: Path) -> None:
    program = (
        "from proscribe.app.starting import spawning\n"
        "if __name__ == '__main__':\n"
        "    one = spawning().Process(target=print, args=['worked'])\n"
        "    one.start(), one.join()\n"
    )
    (delivered.parent / "program.py").write_text(program)
    ended = _python(delivered, "-P", str(delivered.parent / "program.py"))
    assert (ended.stdout, _ran(delivered)) == ("worked\n", ""), ended.stderr


# Kept tables


def paper_on(folder: Path, content: bytes, day: date) -> PaperState:
    """Try a denial on a scan in a case of its own."""
    said = folder / "said.yml"
    said.write_text("organisation: {name: Acme Inc}\nanswers: {provide: does not, use: does not}\n")
    with open_cases(folder / "c.db", create=True) as cases:
        opened = cases.open_from_scan(content, str(folder / "s.json"), by="B. Lind", title="t", zone="UTC")
        making = Making("annual-representation", (said,), as_of=day, author="B. Lind", approver="C. Moreau")
        return make_paper(making, (), cases, opened.case.id).state


def test_forged_tables_in_the_users_cache_change_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan may be made to say less by whoever can write the user's own files; what is signed rests on a scan without them."""
    honest = open_knowledge()
    day = date(2026, 11, 25)
    monkeypatch.setenv(ready_knowledge.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(ready_knowledge, "_shipped", lambda: ShippedTables(tmp_path / "none"))
    ours = kept_tables(honest, day)
    assert ours is not None
    blind = index_with(
        Snapshot.from_bytes(without(honest.packed(), "hikvision"), "x"), day, day, ours
    )  # keeps what it makes under the honest key
    Kernel(blind, always_scan=True).match_rows(RecordBatch.from_pydict({"a": ["Hikvision"]}), {"a": "text"})
    assert list((tmp_path / "cache").rglob("index"))
    knowledge_index.opened_index.cache_clear()
    (tmp_path / "list.csv").write_text("Tag,Maker,Model\nA-1,Hikvision,DS-2CD2143G2-I\n")
    try:
        told = proscribe.scan(tmp_path / "list.csv", as_of=day, known_as_of=day)
        assert not told.findings, "the forgery is one: the scan itself is deceived"
        content = told.to_json().encode()
        assert replay_scan(content, "s.json", [tmp_path]).outcome is Outcome.DIFFERENT
        assert paper_on(tmp_path, content, day) is PaperState.REFUSED
    finally:
        knowledge_index.opened_index.cache_clear()


# A configuration


LAYER = "cleared:\n  - {entity: hikvision, models: [DS-2CD2143G2-I], reason: sold long ago, by: R. Ito, at: 2026-11-20}\n"


def test_a_configuration_that_lies_where_one_works_hides_nothing_unsaid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the current folder it counts as one's own; what it brings is named in the scan, and nobody denies on it."""
    (tmp_path / "proscribe.toml").write_text('[options]\nknowledge = ["mine"]\n')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "proscribe.local.yml").write_text(LAYER)
    (tmp_path / "list.csv").write_text("Tag,Maker,Model\nA-1,Hikvision,DS-2CD2143G2-I\n")
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(cli, ["scan", "list.csv"])
    assert "Using proscribe.toml" in shown.stderr and "sold long ago" in shown.stdout, shown.stdout
    CliRunner().invoke(cli, ["scan", "list.csv", "--quiet", "-o", "json=s.json"])
    content = (tmp_path / "s.json").read_bytes()
    assert [name.partition("@")[0] for name in json.loads(content)["knowledge"]["layers"]] == ["mine"]
    assert paper_on(tmp_path, content, datetime.now(UTC).date()) is PaperState.REFUSED


# Links


def test_what_is_written_goes_through_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody put a link of the name of a report into a shared folder: the link goes, and what it led to stays as it was."""
    (tmp_path / "list.csv").write_text("Tag,Maker,Model\nA-1,Hikvision,DS-2CD2143G2-I\n")
    victim = tmp_path / "victim.txt"
    victim.write_text("as it was")
    monkeypatch.chdir(tmp_path)
    for kind in ("json", "html", "xlsx", "csv"):
        link = tmp_path / f"report.{kind}"
        link.symlink_to(victim)
        CliRunner().invoke(cli, ["scan", "list.csv", "--quiet", "-o", f"{kind}={link.name}"])
        assert victim.read_text() == "as it was" and not link.is_symlink(), kind


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes there alone")
def test_a_name_that_is_no_utf_8_keeps_no_file_from_being_read(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"Ger\xe4te.csv")
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write("Tag,Manufacturer,Model\nA-1,Hikvision,DS-2CD2143G2-I\n")
    except OSError:
        pytest.skip("this file system takes no such names")
    result = proscribe.scan([tmp_path])
    assert [one.entity for one in result.findings] == ["hikvision"]
    assert result.scan.inputs[0].path.endswith("Ger\\xe4te.csv") and json.loads(result.to_json())


@pytest.mark.parametrize(
    "library", ["./token.so", "token.so", "{folder}/token.so", "{folder}/lib/../token.so", "{link}"]
)
def test_a_configuration_that_lies_where_one_works_brings_no_library(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "delivered"
    folder.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "elsewhere"))
    (folder / "token.so").write_bytes(b"\x7fELF")
    (tmp_path / "link.so").symlink_to(folder / "token.so")
    place = library.format(folder=folder, link=tmp_path / "link.so")
    with pytest.raises(UsageError, match="E484") as caught:
        refuse_delivered_library(f"pkcs11:token=a;object=b?module-path={quote(place, safe='/')}", folder)
    assert "PROSCRIBE_KEY" in caught.value.next_step


def test_a_library_that_is_installed_and_a_key_in_a_file_are_taken_from_a_configuration(
    tmp_path: Path,
) -> None:
    refuse_delivered_library("pkcs11:token=a;object=b?module-path=/usr/lib/softhsm/libsofthsm2.so", tmp_path)
    refuse_delivered_library("keys/a-osei.key", tmp_path)


def test_no_library_of_a_delivered_configuration_is_run_for_who_judges_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROSCRIBE_KEY", raising=False)
    with open_cases(tmp_path / "ours.db", create=True) as cases:
        rostered.begun(cases.store, tmp_path / "keys")
    (tmp_path / "proscribe.toml").write_text(
        '[[people]]\nname = "Sam Lind"\nroles = ["author"]\nkey = "pkcs11:token=a;object=b?module-path=./token.so"\n'
    )
    run = CliRunner().invoke(
        cli, ["case", "approve", "C-0001", "D1", "--by", "Sam Lind", "--store", "ours.db"]
    )
    assert run.exit_code == 2 and "E484" in run.output and "./token.so" in run.output


def test_a_configuration_that_lies_where_one_works_has_no_other_machine_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROSCRIBE_STORE", raising=False)
    place = "postgresql://clerk@db.evil.example/cases"
    (tmp_path / "proscribe.toml").write_text(f'[options]\nstore = "{place}"\n')
    monkeypatch.setattr("socket.getaddrinfo", lambda *told, **more: pytest.fail(f"it asked for {told}"))
    for command in (["case", "list"], ["clock"], ["case", "note", "C-0001", "seen", "--by", "R. Ito"]):
        run = CliRunner().invoke(cli, command)
        assert run.exit_code == 2 and "E469" in run.output and "PROSCRIBE_STORE" in run.output, run.output
    open_cases(tmp_path / "ours.db", create=True).store.close()
    assert "E469" not in CliRunner().invoke(cli, ["case", "list", "--store", "ours.db"]).output
