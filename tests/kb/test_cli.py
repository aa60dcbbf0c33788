"""`proscribe kb`, as people and programs call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from proscribe.cli.main import cli

from .conftest import Tree, edited


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, ["kb", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def answer(*arguments: object) -> Any:
    return json.loads(run(*arguments, "-o", "json").stdout)


def test_every_command_has_an_example_in_its_help() -> None:
    for command in ("status", "list", "show", "history", "lint", "test", "build", "diff"):
        result = run(command, "--help")
        assert result.exit_code == 0
        assert f"proscribe kb {command}" in result.stdout


def test_status(tree: Tree) -> None:
    root = tree()
    found = answer("status", "--knowledge", root, "--as-of", "2026-12-05")
    assert found["schema"] == "proscribe.kb-status/1"
    assert (found["age_days"], found["overdue"], found["counts"]["entities"]) == (10, [], 4)
    assert set(found) >= {"proscribe", "knowledge", "as_of"}
    assert run("status", "--knowledge", root, "--as-of", "2026-12-05").exit_code == 0
    late = run("status", "--knowledge", root, "--as-of", "2027-02-01")
    assert late.exit_code == 4
    assert "regimes/us-889/regime.yml: review was due on 2027-01-15 by counsel" in late.stdout


def test_list(tree: Tree) -> None:
    root = tree()
    assert answer("list", "--knowledge", root)["tables"]["stakes"] == 3
    rows = answer("list", "stakes", "--entity", "lorex", "--knowledge", root)["facts"]
    assert [row["id"] for row in rows] == ["own:dahua/lorex", "own:dahua/lorex-supply"]
    assert run("list", "names", "--match", "HIKV", "--knowledge", root).stdout == (
        "name:hikvision/hikvision\t'Hikvision' is a short name of hikvision (sure)\n"
    )
    assert answer("list", "stakes", "--known-as-of", "2026-11-24", "--knowledge", root)["facts"] == []
    held = answer("list", "stakes", "--as-of", "2022-11-23", "--knowledge", root)["facts"]
    assert [row["id"] for row in held] == ["own:dahua/lorex", "stake:ezviz/hikvision"]
    assert answer("list", "documents", "--match", "sec-889", "--knowledge", root)["documents"] == [
        "regimes/us-889/text/sec-889.md"
    ]
    wrong = run("list", "stake", "--knowledge", root)
    assert wrong.exit_code == 2 and "Did you mean 'stakes'?" in wrong.stderr


def test_show_a_fact_with_its_source(tree: Tree) -> None:
    found = answer("show", "own:dahua/lorex", "--knowledge", tree())
    assert found["words"] == "lorex is a subsidiary of dahua with 100 percent"
    assert (found["fact"]["confidence"], found["source"]["url"]) == ("high", "https://example.gov/law")


def test_show_an_entity_on_a_day(tree: Tree) -> None:
    root = tree()
    tie = answer("show", "lorex", "--as-of", "2021-01-01", "--knowledge", root)["tie"]
    assert tie == {
        "path": ["lorex", "dahua"], "certainty": "certain", "stakes": ["own:dahua/lorex"], "lists": ["us-889-b"],
        "last_day": None,
    }  # fmt: skip
    unknown = answer("show", "lorex", "--known-as-of", "2026-11-24", "--knowledge", root)["tie"]
    assert unknown["certainty"] == "none", "on that day nothing had been recorded"
    text = run("show", "lorex", "--as-of", "2026-11-25", "--knowledge", root).stdout
    assert "former: lorex -> dahua, last day 2022-12-31" in text
    assert "dahua (certain, own:dahua/lorex-supply)" in text


def test_show_a_document(tree: Tree) -> None:
    assert answer("show", "context/words", "--knowledge", tree())["document"]["negations"] == ["no", "not"]


def test_a_miss_suggests_the_nearest_ids(tree: Tree) -> None:
    result = run("show", "hikvison", "--knowledge", tree())
    assert result.exit_code == 2
    assert "E223" in result.stderr and "Did you mean hikvision" in result.stderr


def test_history_follows_the_chain_both_ways(tree: Tree) -> None:
    root = tree(
        edited(
            "listings.csv",
            "2019-08-13,,2026-11-25,,,",
            "2019-08-13,,2026-11-20,2026-11-25,listing:dahua/us-889-b,",
        )
    )
    ids = [item["id"] for item in answer("history", "listing:dahua/us-889-b", "--knowledge", root)["chain"]]
    assert ids == ["listing:hikvision/us-889-a", "listing:dahua/us-889-b"]
    text = run("history", "listing:hikvision/us-889-a", "--knowledge", root).stdout
    assert "retracted  2026-11-25" in text and "superseded by listing:dahua/us-889-b" in text


def test_lint_exit_codes(tree: Tree) -> None:
    clean = tree(name="clean")
    assert run("lint", clean).exit_code == 0
    assert run("lint", clean, "--quiet").output == ""
    assert run("lint", clean, "--as-of", "2028-01-01").exit_code == 4
    wrong = tree(edited("ownership.csv", "2018-02-06", "soon"), "wrong")
    result = run("lint", wrong)
    assert result.exit_code == 1 and "ownership.csv:2" in result.stdout
    found = answer("lint", wrong)
    assert (found["errors"], found["issues"][0]["code"], found["issues"][0]["line"]) == (1, "E212", 2)


def test_lint_keeps_released_ids(tree: Tree, tmp_path: Path) -> None:
    assert run("build", tree(name="old"), "--to", tmp_path / "old.zip").exit_code == 0
    result = run("lint", tree({"brands.csv": None}, "new"), "--released", tmp_path / "old.zip")
    assert result.exit_code == 1 and "E227" in result.stdout


def test_build_check_and_diff(tree: Tree, tmp_path: Path) -> None:
    target = tmp_path / "out" / "k.zip"
    built = run("build", tree(name="old"), "--to", target)
    assert built.exit_code == 0 and target.is_file()
    digest = answer("status", "--knowledge", target)["knowledge"]["sha256"]
    assert digest in built.stdout
    assert run("build", tree(name="old"), "--to", target, "--check", digest).exit_code == 0
    assert run("build", tree(name="old"), "--to", target, "--check", "0").exit_code == 1
    new = tree(edited("relabels/dahua.yml", "strength: weak", "strength: strong"), "new")
    text = run("diff", target, new).stdout
    assert "strength was weak, is strong" in text
    assert answer("diff", target, new)["changes"][0]["fields"] == {
        "strength": {"old": "weak", "new": "strong"}
    }
    assert run("diff", target, tree({"brands.csv": None}, "lost")).exit_code == 1


def test_a_target_that_cannot_be_written_is_an_environment_error(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("build", tree(), "--to", tmp_path / "file" / "k.zip")
    assert result.exit_code == 5 and "E510" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("status",), ("list",), ("show", "hikvision"), ("history", "hikvision")]
)
def test_damaged_knowledge_exits_with_4(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    path = tmp_path / "k.zip"
    path.write_bytes(b"PK\x03\x04 nothing")
    result = run(*arguments, "--knowledge", path)
    assert result.exit_code == 4
    assert "E202" in result.stderr and "Traceback" not in result.output


def test_a_wrong_day_is_a_usage_error(tree: Tree) -> None:
    result = run("status", "--knowledge", tree(), "--as-of", "25.11.2026")
    assert result.exit_code == 2 and "YYYY-MM-DD" in result.stderr


def test_layers_show_in_status(tree: Tree, tmp_path: Path) -> None:
    local = tmp_path / "proscribe.local.yml"
    local.write_text("cleared:\n  - {serials: [A1, A2], reason: opened, by: R. Ito, at: 2026-11-20}\n")
    found = answer("status", "--knowledge", tree(), "--knowledge", local, "--as-of", "2026-11-25")
    assert found["knowledge"]["layers"][0].startswith("proscribe.local.yml@")
    assert (found["suppressions"], found["cleared"]) == (0, 2)
