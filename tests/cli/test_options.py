"""Options that commands share are declared once, and a dash is standard output wherever a file is named."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import click.testing
import pytest

from proscribe.cli import options
from proscribe.cli.main import COMMANDS, cli

from .conftest import COVERED, DAY, HEADER, Run

Write = Callable[..., Path]
COMMAND_FILES = sorted(Path(options.__file__).parent.glob("*.py"))
#: They mean one thing in every command; others, such as --as-of, have a meaning of the command's own in some.
SHARED = {
    "--store",
    "--expect",
    "--knowledge",
    "--known-as-of",
    "--passphrase-file",
    "--pkcs11",
    "--token",
    "--label",
}
SHARED |= {"--unsigned", "--fingerprint", "--map", "--reader", "--no-progress", "--sam", "--inputs"}


def declared(path: Path) -> Iterator[str]:
    """Give the spellings of options that a file declares."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "option":
            yield from (
                str(item.value)
                for item in node.args
                if isinstance(item, ast.Constant) and str(item.value).startswith("--")
            )


def test_a_shared_option_is_declared_in_one_place() -> None:
    assert set(declared(Path(options.__file__))) >= SHARED
    for path in COMMAND_FILES:
        if path.name != "options.py":
            assert not SHARED & set(declared(path)), path.name


def test_every_shared_option_and_group_is_used() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in COMMAND_FILES)
    grouped = {name for names in options.GROUPS.values() for name in names}
    for name in [*options.OPTIONS, *options.GROUPS]:
        assert name in grouped or text.count(f'"{name}"') > 1, name


def test_every_shared_option_has_its_place_in_what_is_given() -> None:
    for name in options.OPTIONS:
        if name == "bundle":  # it names the file of one command
            continue
        command = click.command()(options.options(name)(lambda given: None))
        configures = {"config_file", "no_config"} if name not in options.GROUPS["config"] else set()
        (parameter,) = (one for one in command.params if one.name not in configures)
        assert parameter.name in options.Given.__dataclass_fields__, name


def test_a_command_is_imported_when_it_is_used() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None and command.name == name


@pytest.fixture
def store(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROSCRIBE_USER", "R. Ito")
    monkeypatch.setenv("PROSCRIBE_ZONE", "UTC")
    monkeypatch.setenv("PROSCRIBE_STORE", str(tmp_path / "cases.db"))
    (tmp_path / "a.csv").write_text(HEADER + COVERED)
    scan = run("scan", tmp_path / "a.csv", "--as-of", DAY, "-o", "json=scan.json")
    assert scan.code == 1 and run("case", "open", "--scan", "scan.json").code == 0
    return tmp_path


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("case", "export", "C-0001", "-"), b"PK"),
        (("case", "backup", "-"), b"PK"),
        (("case", "judgements", "-"), b"#"),
        (("clock", "--ics", "-", "-o", "json"), b"BEGIN:VCALENDAR"),
        (("questions", "scan.json", "--decide", "facts.yml", "-o", "xlsx=-"), b"PK"),
        (("represent", "annual", "C-0001", "--with", "company.yml", "-o", "json=-"), b"{"),
    ],
)
def test_a_dash_is_standard_output(run: Run, store: Path, words: tuple[str, ...], begins: bytes) -> None:
    (store / "facts.yml").write_text("facts:\n  party.jurisdiction: US\n")
    (store / "company.yml").write_text("organisation:\n  name: Harrow Ridge\n")
    before = {path.name for path in store.iterdir()}
    done = run(*words)
    assert done.code in (0, 1), done.err
    assert done.raw.startswith(begins), done.raw[:200]
    assert {path.name for path in store.iterdir()} - before <= {"cases.db-wal", "cases.db-shm"}


def test_an_option_of_a_commands_own_may_bear_the_name_of_a_shared_one() -> None:
    seen: list[object] = []

    @click.command()
    @click.option("--run", "scans", multiple=True)
    @options.options("store", "by")
    def command(given: options.Given, scans: tuple[str, ...]) -> None:
        seen.append((scans, given.by))

    done = click.testing.CliRunner().invoke(command, ["--run", "r_1", "--by", "R. Ito"])
    assert (done.exit_code, seen) == (0, [(("r_1",), "R. Ito")]), done.output


def test_a_workbench_with_a_zone_that_is_none_does_not_open(tmp_path: Path) -> None:
    words = ["serve", "--store", str(tmp_path / "z.db"), "--by", "A. Person", "--zone", "Mars/Olympus"]
    result = click.testing.CliRunner().invoke(cli, [*words, "--no-browser"])
    assert result.exit_code != 0 and "E440" in result.output and "Mars/Olympus" in result.output
