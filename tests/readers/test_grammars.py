"""Grammars and the readers that rest on them hold each other: nothing is declared in vain, nothing asked for is missing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

import proscribe.readers
from proscribe.readers._grammar import grammar
from proscribe.readers.spots import blind_spot

PACKAGE = Path(proscribe.readers.__file__).parent
SECTIONS = {"patterns", "choices", "bytes", "words", "maps", "tables"}
#: How a module names an entry of a section.
ASKED = {
    "patterns": r'_RE\["(\w+)"\]',
    "choices": r'_CHOICES\[f?"(\w+)',
    "bytes": r'_BYTES\["(\w+)"\]',
    "words": r'(?:words|_WORDS)\["(\w+)"\]',
    "maps": r'maps\["(\w+)"\]',
    "tables": r'declared\(_GRAMMAR, "(\w+)"\)',
}


@cache
def sources() -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def loaded() -> dict[str, str]:
    """Give each grammar with the text of all modules that load it."""
    made: dict[str, str] = {}
    for text in sources().values():
        for path in re.findall(r'grammar\("([\w/]+\.yml)"\)', text):
            made[path] = made.get(path, "") + text
    return made


def test_every_grammar_is_loaded() -> None:
    known = {str(path.relative_to(PACKAGE)) for path in (PACKAGE / "network" / "grammars").glob("*.yml")}
    assert known <= loaded().keys()


@pytest.mark.parametrize("path", sorted(loaded()))
def test_what_is_declared_is_asked_for_and_the_other_way_round(path: str) -> None:
    declared = yaml.load((PACKAGE / path).read_text(encoding="utf-8"), yaml.CBaseLoader)
    assert set(declared) <= SECTIONS | {"parts"}
    made = grammar(path)
    text = loaded()[path]
    for section in SECTIONS:
        names = set(declared.get(section, {}))
        if section == "patterns" and f'grammar("{path}").patterns\n' in text:
            continue  # all of them are tried, one after the other
        asked = set(re.findall(ASKED[section], text))
        if section == "choices":
            asked = {name for name in names for start in asked if name.startswith(start)}
        assert names == asked & names, f"{section} that no module asks for: {names - asked}"
        assert all(name in getattr(made, section) for name in names)
    if text.count("grammar(") == text.count(f'grammar("{path}")'):
        assert set(re.findall(ASKED["patterns"], text)) <= set(declared.get("patterns", {}))


def test_parts_of_patterns_are_used() -> None:
    for path in loaded():
        text = (PACKAGE / path).read_text(encoding="utf-8")
        for name in yaml.load(text, yaml.CBaseLoader).get("parts", {}):
            assert f"<<{name}>>" in text, f"{path}: {name}"


def test_every_blind_spot_has_a_text_and_every_text_a_blind_spot() -> None:
    declared = yaml.load((PACKAGE / "blind_spots.yml").read_text(encoding="utf-8"), yaml.CBaseLoader)
    text = "".join(sources().values())
    assert not [name for name in declared if f'"{name}"' not in text]
    named = re.findall(r'(?:spot|note)\(\s*"([\w.]+)"', text)
    assert set(named) <= set(declared)
    assert blind_spot("hosts_down", 3, 9, tuple("abcdefg")).examples == tuple("abcde")
