"""Words of the command line stay on the command line: a page says what to click or to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("uvicorn")

from browsers import Browser, do_here, entered, opened, sent, workbench

from proscribe.documents import TYPES, paper_type
from proscribe.documents.grouping import without_commands
from proscribe.documents.obstacles import kinds_of, shared_kinds
from proscribe.model.errors import error
from proscribe.rules.facts import FACTS
from proscribe.web.application import Workbench
from proscribe.web.calls import _environment, halves

SOURCE = Path(__file__).parents[2] / "src/proscribe"
TEXTS: dict[str, dict[str, Any]] = yaml.safe_load((SOURCE / "wording/errors.yml").read_text())
COMMAND = re.compile(r"(?<![\w-])--[a-z]|\bproscribe [a-z]|\bPROSCRIBE_|(?<!\S)-o [a-z]|`")
COMPANY = Path(__file__).parents[2] / "examples/company-two"


def bare(text: str) -> str:
    """Give the words of a page without code, which says that it is for the command line."""
    text = re.sub(r"(?s)<(script|style|code)\b.*?</\1>", " ", text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def commands(text: str) -> list[str]:
    return [text[max(0, one.start() - 50) : one.end() + 50] for one in COMMAND.finditer(text)]


def shown(macro: str, *given: Any) -> str:
    made = _environment().get_template("parts.html.j2").module
    return bare(str(getattr(made, macro)(*given)))


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if "says" in text])
def test_a_problem_on_a_page_names_no_command(name: str) -> None:
    known = error(name, at="there", near="")
    assert commands(shown("wrong", known)) == []
    told = shown("remedy", known)
    assert commands(told) == []
    assert "On the command line" not in told or COMMAND.search(f"{known.next_step} {known.expected}")


@pytest.mark.parametrize("name", [name for name in TEXTS if re.fullmatch(r"E[1-5]\d\d", name)])
def test_the_page_of_a_code_names_no_command(name: str) -> None:
    from proscribe.wording.errors import page

    code = page(name)
    assert code is not None
    made = _environment().get_template("why.html.j2").render(
        asked=name, code=code, title="Why", opens=lambda _: True, nonce="", form_token="", person="", here_at="", firm=str,
        verdicts={}, makers=(), taken=(), mentioned=(), words="", problem=None, team=False, alike=(), how_many=0,
        waiting_for_you=(),
    )  # fmt: skip
    assert commands(bare(made)) == []
    assert code.on_page or halves(code.to_do)[0] or COMMAND.search(code.to_do)


def test_what_lifts_an_obstacle_names_no_command() -> None:
    for kinds in (shared_kinds(), *(kinds_of(paper_type(name).get("obstacles", {})) for name in TYPES)):
        for name, one in kinds.items():
            assert commands(without_commands(one.lift)) == [], name
            assert "case judge" not in without_commands(one.lift), name


def test_a_text_is_divided_by_its_sentences() -> None:
    assert halves("Choose `a` (--map A=B). Or run proscribe init. Wait!") == (
        "Choose a. Wait!", "Choose a (--map A=B). Or run proscribe init.",
    )  # fmt: skip
    assert halves("") == ("", "")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Browser]]:
    place = tmp_path_factory.mktemp("words")
    with workbench(str(place / "cases.db"), person="Sam Lind", zone="America/New_York") as made:
        entered(*made)
        yield made


def test_no_page_of_a_case_nor_paper_of_it_names_a_command_or_a_fact_by_its_name(
    bench: tuple[Workbench, Browser],
) -> None:
    made, browser = bench
    case = opened(bench, [(one.name, one.read_bytes()) for one in sorted(COMPANY.iterdir())])
    sent(bench, f"{case}/law", [("situation", "own")])
    pages = [
        "",
        "/findings",
        "/law",
        "/mentions",
        "/devices",
        "/documents",
        "/waivers",
        "/suppliers",
        "/choice",
        "/runs",
        "/reports",
    ]
    found = {path: browser.get(f"{case}{path}").text for path in pages}
    found |= {
        path: browser.get(path).text for path in ("/", "/clocks", "/world", "/why", "/verify", "/why?q=E129")
    }
    for type_ in ("annual-representation", "offer-representation", "far-report"):
        asked = [
            ("type", type_),
            ("organisation", "Harbour"),
            ("contract", "X-1"),
            ("approver", "Kim Berg"),
            ("do", "look"),
        ]
        looked = browser.post(
            f"{case}/document", [*asked, *([("stage", "first")] if type_ == "far-report" else [])]
        )
        do_here(made)
        found[type_] = browser.get(looked.path).text
        assert "How it reads" in found[type_], bare(found[type_])
    for path, text in found.items():
        assert commands(bare(text)) == [], path
        named = [one for one in re.findall(r"\b[a-z]+\.[a-z_]+\b", bare(text)) if one in FACTS]
        assert named == [], path
