"""The documents say what the program does: commands, options, exit codes, error codes, fields, files."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from proscribe.cli import exitcodes
from proscribe.cli.main import cli
from proscribe.model.findings import Band, MentionKind, Role
from proscribe.model.observations import FIELDS
from proscribe.readers.header_fields import field_of_header
from proscribe.readers.registry import READERS
from proscribe.reports.scan.formats import FORMATS
from proscribe.wording.errors import page

ROOT = Path(__file__).parent.parent
DAY = "2026-11-25"
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md"), *ROOT.glob("bench/*.md")]
)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_commands", ROOT / "docs/make_commands.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_commands_page_is_that_of_the_commands(generator: ModuleType) -> None:
    assert text("docs/commands.md") == generator.commands_page(), "run python docs/make_commands.py"


def test_every_command_and_option_is_documented(generator: ModuleType) -> None:
    documented = text("docs/commands.md") + text("README.md")
    seen = 0
    for name, command in generator.walk(cli, "proscribe"):
        assert f"`{name}`" in documented, name
        assert (command.help or "").strip(), f"{name} has no help"
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                seen += 1
                assert option.help, f"{name} {option.opts[0]} has no help"
                for spelling in option.opts:
                    assert re.search(rf"`[^`]*{re.escape(spelling)}[ ,`]", documented), f"{name} {spelling}"
    assert seen > 40


def test_main_commands_show_an_example(generator: ModuleType) -> None:
    for name, command in generator.walk(cli, "proscribe"):
        if name.count(" ") == 1:
            assert "Example" in (command.help or ""), name


@pytest.mark.parametrize("page_name", ["README.md", "docs/commands.md"])
def test_every_exit_code_is_documented(page_name: str) -> None:
    codes = {value for key, value in vars(exitcodes).items() if key.isupper()}
    listed = {int(code) for code in re.findall(r"^\| (\d) \|", text(page_name), re.MULTILINE)}
    assert listed == codes


def codes_in_source() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        found |= set(re.findall(r"[\"'](E[1-5]\d\d)[\"'.]", path.read_text(encoding="utf-8")))
    return found


def test_every_error_code_has_a_page() -> None:
    codes = codes_in_source()
    assert len(codes) > 70
    assert not sorted(code for code in codes if page(code) is None), (
        "add them to src/proscribe/wording/errors.yml"
    )


def test_codes_named_in_the_documents_exist() -> None:
    known = codes_in_source()
    for path in PAGES:
        for code in re.findall(r"\bE[1-5]\d\d\b", path.read_text(encoding="utf-8")):
            assert code in known, f"{path.name} names {code}"


def test_every_format_and_reader_is_in_the_readme() -> None:
    readme = text("README.md")
    for name in FORMATS:
        assert f"`{name}`" in readme, name
    for entry in READERS:
        assert entry.called in readme, f"say in README.md that {entry.reads} are read"


def test_every_field_is_documented() -> None:
    columns = text("docs/columns.md")
    for name in FIELDS:
        assert f"`{name}`" in columns, name


def test_header_examples_are_recognised_as_documented() -> None:
    checked = 0
    for name, headers in re.findall(
        r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", text("docs/columns.md"), re.MULTILINE
    ):
        if name == "other":
            continue
        for header in headers.split(", "):
            checked += 1
            assert field_of_header(header.strip())[0] == name, header
    assert checked > 30


def test_bands_roles_and_mentions_are_explained() -> None:
    report = text("docs/reading-a-report.md")
    for value in [*Band, *MentionKind]:
        assert f"`{value.value}`" in report, value
    for role in Role:
        assert f"`{role.value.replace('_', ' ')}`" in report, role


def test_every_decision_is_listed() -> None:
    listing = text("docs/adr/README.md")
    records = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert len(records) >= 7
    numbers = set()
    for record in records:
        heading = record.read_text(encoding="utf-8").splitlines()[0]
        number = int(record.name[:4])
        assert heading.startswith(f"# {number}. "), record.name
        assert f"[{number}]({record.name})" in listing, record.name
        numbers.add(number)
    assert len(numbers) == len(records)


@pytest.mark.parametrize("path", sorted((ROOT / "docs/adr").glob("[0-9]*.md")), ids=lambda path: path.stem)
def test_files_named_in_a_decision_exist(path: Path) -> None:
    for name in re.findall(r"`([a-z_]+/[\w/]+\.(?:py|yml|csv|md))`", path.read_text(encoding="utf-8")):
        assert any((place / name).exists() for place in (ROOT, ROOT / "src/proscribe")), name


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    declared = {re.match(r"[\w-]+", line)[0].lower() for line in lines}  # type: ignore[index]
    declared.discard("proscribe")  # an extra that brings another
    rows = set(re.findall(r"^\| `([\w-]+)` \|", text("docs/adr/0004-runtime-dependencies.md"), re.MULTILINE))
    assert rows == declared
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)$", text("constraints.txt").lower(), re.MULTILINE))
    for name, version in re.findall(
        r"^\| `([\w-]+)` .*\| (\S+) \|$", text("docs/adr/0004-runtime-dependencies.md"), re.MULTILINE
    ):
        assert pinned[name] == version, name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    content = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", content):
        if not target.startswith(("http://", "https://")):
            assert (path.parent / target).exists(), target


def test_files_named_in_the_recipes_exist() -> None:
    recipes = text("CONTRIBUTING.md")
    named = re.findall(r"`((?:src|knowledge|tests|bench|docs|schemas)/[\w./*-]*)`", recipes)
    assert len(named) > 25
    for name in named:
        assert any(ROOT.glob(name.rstrip("/"))), name
    for target in re.findall(r"`make ([a-z-]+)`", recipes + text("README.md")):
        assert re.search(rf"^{target}:", text("Makefile"), re.MULTILINE), f"make {target}"


def test_the_map_names_every_room_and_nothing_that_is_not_there() -> None:
    page, package = text("docs/map.md"), ROOT / "src" / "proscribe"
    named = {name.rstrip("/") for name in re.findall(r"`([\w./-]+)`", page.split("## Beside")[0])}
    for name in named:
        found = any((place / name).exists() for place in (package, ROOT))
        assert found or name in ("src/proscribe", "document.yml", "template.yml", "build.py"), name
    rooms = {path.parent.relative_to(package).as_posix() for path in package.rglob("__init__.py")}
    hidden = {
        ".",
        "casework/migrations/versions",
        *(room for room in rooms if room.startswith("documents/types/")),
    }
    assert rooms - hidden <= named


def test_readme_begins_with_the_two_commands() -> None:
    readme = text("README.md")
    assert 0 < readme.index("make demo") < readme.index("make test") < readme.index("proscribe scan")
    for name in ("excerpt", "figures:quality", "figures:speed"):
        between = re.search(rf"<!-- {name} -->\n(.+?)<!-- /{name} -->", readme, re.DOTALL)
        assert between and between[1].strip(), name


def test_readme_shows_the_speed_that_was_measured(generator: ModuleType) -> None:
    readme = text("README.md")
    assert generator.fill(readme, "figures:speed", generator.speed_figures()) == readme, (
        "run python docs/make_commands.py"
    )


def test_readme_excerpt_shows_real_bands(generator: ModuleType) -> None:
    shown = re.search(r"<!-- excerpt -->(.*?)<!-- /excerpt -->", text("README.md"), re.DOTALL)
    assert shown is not None

    def bands(table: str) -> dict[str, str]:
        found: dict[str, str] = {}
        band = ""
        for line in table.splitlines():
            if heading := re.match(r"(CONFIRMED|PROBABLE|POSSIBLE|MENTIONS|NOT CHECKED)\b", line):
                band = heading[1]
            elif record := re.match(r" {4}\d+ +(HR-\d+)\b", line):
                found[record[1]] = band
        return found

    told = bands(shown[1])
    assert {"CONFIRMED", "PROBABLE", "POSSIBLE"} <= set(told.values())
    assert told == bands(generator.excerpt()), "run python docs/make_commands.py"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(arguments), prog_name="proscribe")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_layer_example_does_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    own = "docs/examples/own-knowledge.yml"
    inventory = "examples/inputs/inventory.xlsx"
    code, answer = run("scan", inventory, "--as-of", DAY, "--knowledge", own, "--no-progress", "--all")
    assert code == exitcodes.FOUND
    assert "2 findings set aside" in answer and "SET ASIDE (2)" in answer and "ticket 4711" in answer
    later = run("scan", inventory, "--as-of", "2027-11-21", "--knowledge", own, "--no-progress", "--all")[1]
    assert "1 finding set aside" in later, "a suppression holds up to its last day"
    stock = tmp_path / "stock.csv"
    stock.write_text("item,qty\nHarrowView dome camera,4\nHarrow Views Estate Agents,1\n", encoding="utf-8")
    assert run("scan", str(stock), "--as-of", DAY, "--no-progress")[0] == exitcodes.DONE
    code, answer = run("scan", str(stock), "--as-of", DAY, "--knowledge", own, "--no-progress")
    assert code == exitcodes.FOUND and "1 finding (1 probable) of Dahua" in answer


def test_case_example_is_answered_and_says_what_is_presumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, answer = run("decide", "docs/examples/case.yml")
    assert code == exitcodes.DONE
    assert "Prohibited. The contract may not be awarded" in answer
    assert "Assumed until shown otherwise: its part in the system" in answer


def test_python_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"```python\n(.*?)```", text("README.md"), re.DOTALL)
    assert found is not None
    (tmp_path / "assets.xlsx").write_bytes((ROOT / "examples/inputs/inventory.xlsx").read_bytes())
    monkeypatch.chdir(tmp_path)
    exec(compile(found[1], "README.md", "exec"), {})
    assert "confirmed hikvision HR-0101" in capsys.readouterr().out


def test_nothing_names_an_index_host_or_a_private_path() -> None:
    for path in [*PAGES, ROOT / "constraints.txt", *ROOT.glob("docs/**/*.yml"), *ROOT.glob("docs/*.py")]:
        content = path.read_text(encoding="utf-8")
        for host in ("pypi" + ".org", "files.python" + "hosted", "--index" + "-url", "/ho" + "me/"):
            assert host not in content, f"{path.name}: {host}"
