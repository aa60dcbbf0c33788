"""Attacks through marks that a page, wiki or script does not show: emphasis, links, comments and continued lines in a name."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.model.findings import Finding


def found_in(folder: Path, text: str, name: str) -> list[Finding]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(proscribe.scan(path, as_of="2026-11-25").findings)


MARKED = [
    "Hik**vision**", "**Hik**vision", "Hik*vis*ion", "Hik`vision`", "Hik__vision__", "Hik\\-vision", "[Hik](a)[vision](b)",
    "Hik<!-- x -->vision", "Hik[[vision]]", "Hik'''vision'''", "Hik\\textbf{vision}", "{\\em Hik}vision",
    "{Hik}{vision}", "Hik##vision##", "Hik{empty}vision", "Hik{zwsp}vision", "Hik\\ vision", "Hik\\ *vision*", "Hik[@vi@]sion", "Hik%{color:red}vision%",
    "Hik[b]vision[/b]", "Hik{++vision++}", "Hik{=vision=}", "Hik{*}vision{*}", "Hik\\fBvision\\fR", "Hik\\%vision", "Hik\\b vision\\b0", "Hik~vision~", "Hik^vision^",
    "Hik#[]vision", 'Hik"-vision',
]  # fmt: skip


def test_a_name_with_marks_of_emphasis_in_a_cell_is_found(tmp_path: Path) -> None:
    rows = "".join(f"A-{number},{name},T1,Gate\n" for number, name in enumerate(MARKED))
    rows += "C-1,,DS-2CD21<br>43G2-I,Gate\nC-2,,DS-2CD21<wbr>43G2-I,Gate\n"
    found = found_in(tmp_path, f"Tag,Maker,Model,Site\n{rows}B-1,**Axis**,P3245,Yard\n", "list.csv")
    assert {(one.record_id, one.entity) for one in found} == {
        *((f"A-{number}", "hikvision") for number in range(len(MARKED))), ("C-1", "hikvision"), ("C-2", "hikvision")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.md", "| Tag | Maker |\n|---|---|\n| A-1 | **Hua**wei |\n| A-2 | Axis |\n"),
        ("list.adoc", "|===\n|Tag |Maker\n\n|A-1 |Hua**wei**\n|A-2 |Axis\n|===\n"),
        ("list.wiki", "{| class=wikitable\n! Tag !! Maker\n|-\n| A-1 || Hua'''wei'''\n|-\n| A-2 || [[Axis]]\n|}\n"),
        ("list.yml", '- tag: A1\n  maker: "Hua\\\n    wei"\n  model: T1\n- tag: A2\n  maker: Axis\n'),
        ("router.cfg", 'set maker "Hua\\\nwei"\nset model T1\n'),
    ],
)  # fmt: skip
def test_a_name_that_a_page_or_script_puts_together_is_found(name: str, text: str, tmp_path: Path) -> None:
    assert {one.entity for one in found_in(tmp_path, text, name)} == {"huawei"}


def test_marks_in_words_that_name_nobody_say_nothing(tmp_path: Path) -> None:
    words = [
        "a*b",
        "**Note**: see x[1]",
        "it''s",
        "snake__case",
        "`port`",
        "[link](https://a.example)",
        "C:\\temp\\-x",
    ]
    rows = "".join(f"A-{number},{word},Axis,Gate\n" for number, word in enumerate(words))
    assert found_in(tmp_path, f"Tag,Notes,Maker,Site\n{rows}", "list.csv") == []
