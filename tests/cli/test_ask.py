"""`proscribe ask`: few questions, typed names checked, a way back, the answer once, and a case file."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from proscribe.cli.main import cli


def ask(path: Path, *answers: str) -> Result:
    words = ["ask", str(path), "--as-of", "2026-11-27"]
    return CliRunner().invoke(
        cli, words, input="".join(f"{one}\n" for one in answers), catch_exceptions=False
    )


def test_a_router_takes_four_answers_and_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    result = ask(path, "1", "Huawei router", "2026-11-26", "52.204-25 (NOV 2021)")
    assert result.exit_code == 0, result.output
    assert result.output.count("> ") == 4
    assert result.output.casefold().count("\ncase: prohibited") + result.output.count("Prohibited") >= 1
    text = path.read_text(encoding="utf-8")
    assert 'item.producer: "huawei"' in text and 'act.kind: "use"' in text
    # what was written is gone on with: nothing is asked again
    again = ask(path)
    assert "What is it about?" not in again.output
    assert path.read_text(encoding="utf-8") == text
    assert CliRunner().invoke(cli, ["decide", str(path)]).exit_code == 0


def test_names_that_nobody_knows_are_asked_again_with_the_nearest(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "1", "Hiikvisiion", "Hikvision camera", "publik safety", "public safety")
    assert "names no maker and no thing" in result.output
    assert "Did you mean 'hikvision'?" in result.output
    assert "Did you mean 'public_safety'?" in result.output
    assert 'item.producer: "hikvision"' in (tmp_path / "c.yml").read_text(encoding="utf-8")


def test_a_relabelled_brand_says_nothing_of_the_maker(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "1", "Honeywell camera")
    assert "Who made it?" in result.output
    assert "item.producer" not in (tmp_path / "c.yml").read_text(encoding="utf-8")


def test_back_takes_the_last_answer_back(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "back", "4", "back", "1", "Huawei router", "back", "ZTE router")
    assert "Nothing was answered yet" in result.output
    text = (tmp_path / "c.yml").read_text(encoding="utf-8")
    assert 'party.role: "prime_contractor"' in text and 'item.producer: "zte"' in text


def test_what_is_not_known_is_never_a_permission(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", *"?" * 40)
    assert result.exit_code == 0
    assert "Cannot be said yet" in result.output
    for text in ("not covered", "Not covered"):
        assert f"{text}\n" not in result.output.split("Written:")[1].split("us-")[0]


def test_a_bad_file_is_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "c.yml"
    path.write_text("facts: [", encoding="utf-8")
    result = ask(path, "1")
    assert result.exit_code == 2 and "E4" in result.output
    assert path.read_text(encoding="utf-8") == "facts: ["
