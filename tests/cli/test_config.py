"""Which proscribe.toml a command uses, and what it takes from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest

from proscribe.app.settings.config import find_config
from proscribe.cli.main import cli
from proscribe.model.errors import UsageError

CONFIG = """
time_zone = "America/New_York"
[organisation]
name = "Harrow Ridge"
uei = "H7K2M4N6P8R1"
[[people]]
name = "B. Lind"
title = "Compliance officer"
email = "b@example.com"
roles = ["author", "contact"]
[[people]]
name = "C. Moreau"
title = "General counsel"
roles = ["approver"]
[[contracts]]
number = "47QSMA24D08R1"
agency = "GSA"
"""
Command = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run commands in a folder with a configuration, without settings of the caller's own."""
    for name in ("PROSCRIBE_USER", "PROSCRIBE_STORE", "PROSCRIBE_ZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "proscribe.toml").write_text(CONFIG)

    def command(*words: str, code: int = 0) -> str:
        result = click.testing.CliRunner().invoke(cli, list(words))
        assert result.exit_code == code, result.output + str(result.exception)
        return result.output

    return command


def opened(run: Command, *words: str) -> dict[str, str]:
    run("case", "open", "--title", "x", "--by", "B. Lind", *words)
    listed = json.loads(run("case", "list", "-o", "json"))
    made: dict[str, str] = listed[-1]
    return made


def test_a_case_takes_zone_contract_and_codes(run: Command) -> None:
    case = opened(run)
    told = {name: case[name] for name in ("zone", "contract", "uei")}
    assert told == {"zone": "America/New_York", "contract": "47QSMA24D08R1", "uei": "H7K2M4N6P8R1"}


def test_options_speak_over_it(run: Command) -> None:
    case = opened(run, "--zone", "Europe/Berlin", "--contract", "X-1")
    assert (case["zone"], case["contract"]) == ("Europe/Berlin", "X-1")


def test_without_it_nothing_is_taken(run: Command) -> None:
    assert "E440" in run("case", "open", "--title", "x", "--by", "B", "--no-config", code=2)


def test_of_two_contracts_none_is_taken(run: Command, tmp_path: Path) -> None:
    (tmp_path / "proscribe.toml").write_text(CONFIG + '[[contracts]]\nnumber = "OTHER"\n')
    assert opened(run)["contract"] == ""


def test_a_document_names_who_speaks(run: Command, tmp_path: Path) -> None:
    opened(run)
    told = run("represent", "annual", "C-0001", "-o", "json=s.json", code=1)
    assert "Using proscribe.toml" in told
    data = json.loads((tmp_path / "s.json").read_text())
    assert data["organisation"]["name"] == "Harrow Ridge"
    assert (data["people"]["author"]["name"], data["people"]["author"]["title"]) == (
        "B. Lind",
        "Compliance officer",
    )
    assert data["people"]["approver"]["name"] == "C. Moreau"


def test_a_file_speaks_over_it(run: Command, tmp_path: Path) -> None:
    opened(run)
    (tmp_path / "company.yml").write_text("organisation: {name: Another LLC}\n")
    run("represent", "annual", "C-0001", "--with", "company.yml", "-o", "json=s.json", code=1)
    assert json.loads((tmp_path / "s.json").read_text())["organisation"]["name"] == "Another LLC"


@pytest.mark.parametrize(
    ("people", "titles"),
    [
        ("{name: C. Moreau, title: Counsel}, {name: A. Osei, title: President}", ("Compliance officer", "Counsel", "President")),
        ("{name: B. Lind, title: Director}, {name: A. Osei, title: ''}", ("Director", "General counsel", "")),
    ],
)  # fmt: skip
def test_a_file_completes_and_corrects_the_people_of_it(
    run: Command, tmp_path: Path, people: str, titles: tuple[str, ...]
) -> None:
    (tmp_path / "proscribe.toml").write_text(CONFIG + '[[people]]\nname = "A. Osei"\nroles = ["signer"]\n')
    opened(run)
    (tmp_path / "company.yml").write_text(f"people: [{people}]\n")
    run("represent", "annual", "C-0001", "--with", "company.yml", "-o", "json=s.json", code=1)
    told = json.loads((tmp_path / "s.json").read_text())["people"]
    assert tuple(told[role]["title"] for role in ("author", "approver", "signer")) == titles


def test_a_campaign_asks_in_its_name(run: Command, tmp_path: Path) -> None:
    (tmp_path / "vendors.csv").write_text("supplier\nAcme LLC\n")
    run("supplier", "campaign", "vendors.csv", "-o", "asked", "--by", "B. Lind")
    texts = "".join(path.read_text() for path in (tmp_path / "asked" / "messages").iterdir())
    assert "Harrow Ridge" in texts
    assert "B. Lind, b@example.com" in texts
    told = run("supplier", "campaign", "vendors.csv", "-o", "again", "--by", "B", "--no-config", code=2)
    assert "--asked-by" in told


def test_a_wrong_line_stops_the_command(run: Command, tmp_path: Path) -> None:
    (tmp_path / "proscribe.toml").write_text("time_zone = 'Mars/Olympus'\n")
    assert "E469" in run("case", "open", "--title", "x", "--by", "B", code=2)


def test_it_is_looked_up_to_a_boundary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    (tmp_path / "proscribe.toml").write_text("")
    assert find_config() is None  # neither home nor .git lies above
    (tmp_path / "a" / ".git").mkdir()
    assert find_config() is None  # it lies above the boundary
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / ".git").rmdir()
    found = find_config()
    assert found is not None
    assert found.own
    monkeypatch.setenv("HOME", str(tmp_path / "a"))
    assert find_config() is None


def test_one_that_comes_with_what_is_scanned_is_not_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        (folder / "proscribe.toml").write_text('[options]\nknowledge = ["ours"]\n')
    monkeypatch.chdir(here)
    found = find_config([there / "list.csv"])
    assert found is not None
    assert not found.own
    assert (found.knowledge, found.statements()) == ((), {})
    named = find_config([there], named=there / "proscribe.toml")
    assert named is not None
    assert named.knowledge == (str(there / "ours"),)
    own = find_config(["list.csv"])
    assert own is not None
    assert own.own
    with pytest.raises(UsageError, match="two configurations"):
        find_config([there, here])


def test_links_pipes_and_folders_are_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "proscribe.toml"
    (tmp_path / "other").write_text("")
    place.symlink_to("other")
    assert find_config() is None
    place.unlink()
    place.mkdir()
    assert find_config() is None
    with pytest.raises(UsageError, match="regular file"):
        find_config(named=Path("/dev/zero"))
    with pytest.raises(UsageError, match="cannot be read"):
        find_config(named=tmp_path / "nothing")


def test_it_is_printed_as_the_program_understands_it(run: Command, tmp_path: Path) -> None:
    told = run("config")
    assert "proscribe.toml, SHA-256 " in told
    (tmp_path / "again.toml").write_text(told.partition("\n")[2])
    again = run("config", "--config", "again.toml")
    assert again.partition("\n")[2] == told.partition("\n")[2]
    assert 'name = "Harrow Ridge"' in told
    assert "No proscribe.toml applies here." in run("config", "--no-config")


FILES = """
[options]
fail_on = "confirmed"
store = "kept.db"
[[files]]
path = "list*.csv"
columns = {"型番" = "model_number", "備考" = "row_id"}
"""


def test_scan_devices_and_jobs_read_files_by_its_rules(run: Command, tmp_path: Path) -> None:
    (tmp_path / "proscribe.toml").write_text(FILES, encoding="utf-8")
    (tmp_path / "list 1.csv").write_text("型番,備考\nDS-2CD2143G2-I,K-7\n", encoding="utf-8")
    told = run("scan", "list 1.csv", "-o", "json=s.json")  # a probable finding is below fail_on
    assert "Using proscribe.toml" in told
    finding = json.loads((tmp_path / "s.json").read_text())["findings"][0]
    assert finding["record_id"] == "K-7"
    run("scan", "list 1.csv", "--fail-on", "possible", "--quiet", code=1)
    told = run("scan", "list 1.csv", "--map", "備考=note", "-o", "json", "--no-progress", "--quiet")
    assert json.loads(told)["findings"][0]["record_id"] is None
    assert "Using" not in run("scan", "list 1.csv", "--no-config", "--quiet", "--fail-on", "none")
    run("devices", "list 1.csv", "-o", "json=d.json")
    assert "K-7" in (tmp_path / "d.json").read_text()
    run("case", "open", "--title", "x", "--by", "B. Lind", "--zone", "UTC")
    assert (tmp_path / "kept.db").is_file()
    assert "C-0001" in run("case", "list")


def test_a_rule_that_meets_nothing_is_said(run: Command, tmp_path: Path) -> None:
    (tmp_path / "proscribe.toml").write_text('[[files]]\npath = "gone\\u001b[31m.csv"\nreader = "lines"\n')
    (tmp_path / "a.csv").write_text("Model\nP1468-LE\n")
    told = run("scan", ".")
    assert "E150 proscribe.toml, files.0: No file that is read has the path" in told
    assert "\x1b" not in told


@pytest.mark.parametrize("words", [("scan",), ("devices",), ("plates", "todo")], ids=lambda words: words[0])
def test_the_day_of_the_law_is_that_of_the_zone(run: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Between these two zones lie 25 hours: it is never one day in both."""
    (tmp_path / "one.csv").write_text("Manufacturer,Model\nHuawei,AR617VW\n")
    days, known = set(), set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        (tmp_path / "proscribe.toml").write_text(f'time_zone = "{zone}"\n')
        code = 0 if words[0] == "plates" else 1
        run(*words, "one.csv", "-o", "json=made.json", "--no-progress", code=code)
        made = json.loads((tmp_path / "made.json").read_text())
        days.add(made["as_of"])
        known.add(made["known_as_of"])
    assert len(days) == len(known) == 2


@pytest.mark.parametrize("kind", ["scan", "devices"])
def test_a_job_reads_files_as_the_configuration_says(run: Command, tmp_path: Path, kind: str) -> None:
    (tmp_path / "one.csv").write_text("Wer,Was\nHuawei,AR617VW\n")
    (tmp_path / "proscribe.toml").write_text(
        '[[files]]\npath = "one.csv"\nkind = "equipment"\n[files.columns]\nWer = "maker_name"\n'
    )
    run("jobs", "submit", kind, "one.csv", "--by", "B. Lind")
    run("jobs", "work", "--once")
    run("jobs", "result", "J-0001", "-o", "made.json")
    (read,) = json.loads((tmp_path / "made.json").read_text())["inputs"]
    if kind == "scan":
        assert read["tables"][0]["kind"] == "equipment"
