"""Keeps what was answered about the company in `proscribe.toml`, so that no later command asks it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from proscribe.app.config import FoundConfig
from proscribe.app.facts_file import Statement, company_of, read_stated
from proscribe.app.files import replacing
from proscribe.app.scan_decide import open_decider
from proscribe.model.config import NAME, Config, read_config, with_facts
from proscribe.rules.facts import shown
from proscribe.rules.purposes import as_said
from proscribe.rules.whatif import FIRST

#: What is true of the company in whatever it asks about; where, in which part and what it does differs from matter to matter.
_OF_THE_COMPANY = ("party.", "contract.", "sam.")
#: What is said of everything in one questionnaire, and of another list need not hold.
_OF_ONE_LIST = ("act.", "event.", "inquiry.", "item.", "waiver.", "order.")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was kept.

    Attributes:
        path: the file.
        names: facts that were added, in order.
        differ: facts that it states already with another value; nothing there is changed.
    """

    path: Path
    names: tuple[str, ...]
    differ: tuple[str, ...]


def remember(found: FoundConfig | None, facts: Mapping[str, Any]) -> Remembered:
    """Add facts of the company to the user's own configuration; a new one is made in the current folder where there is none.

    Args:
        found: the configuration that applies.
        facts: name to value, typed. What is of one matter, one list or one thing is left out, and what is of a contract where
            the configuration names contracts.

    Raises:
        UsageError: E469 when the file cannot be read, is wrong, or says its facts in another way.
    """
    path = found.path if found is not None and found.own else Path(NAME)
    content = path.read_bytes() if path.exists() else b""
    config = read_config(content, str(path)) if content else Config()
    held = {item.fact: item.value for item in company_of(config, str(path))}
    kept = {
        name: value
        for name, value in facts.items()
        if not (config.contracts and name.startswith("contract."))
    }
    new = {name: _plain(value) for name, value in kept.items() if name not in held}
    differ = tuple(name for name, value in kept.items() if name in held and held[name] != value)
    if new:
        made = with_facts(content, new, str(path))
        with replacing(path) as place:
            place.write_bytes(made)
    return Remembered(path, tuple(new), differ)


def of_the_company(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give those facts of one case that are true of the company whatever it asks about."""
    return {
        name: value for name, value in facts.items() if name.startswith(_OF_THE_COMPANY) and name not in FIRST
    }


def of_questionnaires(paths: Iterable[str], knowledge: Sequence[str | Path] = ()) -> dict[str, Any]:
    """Give what filled-in questionnaires say of the company.

    Raises:
        CaseError: see `read_stated`.
    """
    decider, entities = open_decider(knowledge)
    stated = read_stated(paths, decider.law, entities, decider.purposes)
    return {item.fact: item.value for item in stated.statements if _of_the_whole(item)}


def _of_the_whole(item: Statement) -> bool:
    return item.scope.kind == "company" and not item.fact.startswith(_OF_ONE_LIST)


def _plain(value: Any) -> Any:
    """Write a value as TOML has it and a file of facts reads it."""
    if isinstance(value, bool) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, tuple):
        return list(as_said(value))
    return shown(value) if isinstance(value, (str, date, Decimal)) else str(value)
