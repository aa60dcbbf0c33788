"""Keeps what was answered about the company in `proscribe.toml`, so that no later command asks it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from proscribe.app.files import replacing
from proscribe.app.rules.decide import Decider
from proscribe.app.rules.facts_file import company_of, read_stated
from proscribe.app.settings.config import FoundConfig
from proscribe.model.config import NAME, Config, read_config, with_facts
from proscribe.rules.facts import shown
from proscribe.rules.purposes import as_said
from proscribe.rules.whatif import FIRST

#: What is true of the company in whatever it asks about. A contract, a purchase, a use and a place are of one matter, and what
#: is stated of one must not let another go; contracts have their own place in the configuration.
_OF_THE_COMPANY = ("party.", "sam.")


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


def remember(found: FoundConfig | None, facts: Mapping[str, Any], decider: Decider) -> Remembered:
    """Add facts of the company to the user's own configuration; a new one is made in the current folder where there is none.

    Args:
        found: the configuration that applies.
        facts: name to value, typed.
        decider: what values mean.

    Raises:
        UsageError: E469 when the file cannot be read, is wrong, or says its facts in another way.
    """
    path = found.path if found is not None and found.own else Path(NAME)
    content = path.read_bytes() if path.exists() else b""
    config = read_config(content, str(path)) if content else Config()
    held = {item.fact: item.value for item in company_of(config, str(path), decider.purposes, decider.firms)}
    new = {name: _plain(value) for name, value in facts.items() if name not in held}
    differ = tuple(name for name, value in facts.items() if name in held and held[name] != value)
    if new:
        made = with_facts(content, new, str(path))
        with replacing(path) as place:
            place.write_bytes(made)
    return Remembered(path, tuple(new), differ)


def of_the_company(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give those facts that are true of the company whatever it asks about."""
    return {
        name: value for name, value in facts.items() if name.startswith(_OF_THE_COMPANY) and name not in FIRST
    }


def of_questionnaires(paths: Iterable[str], decider: Decider) -> dict[str, Any]:
    """Give what filled-in questionnaires say of the company.

    Raises:
        CaseError: see `read_stated`.
    """
    stated = read_stated(paths, decider.law, decider.firms, decider.purposes)
    return of_the_company(
        {item.fact: item.value for item in stated.statements if item.scope.kind == "company"}
    )


def _plain(value: Any) -> Any:
    """Write a value as TOML has it and a file of facts reads it."""
    if isinstance(value, int):  # yes and no are numbers, too
        return value
    if isinstance(value, tuple):
        return list(as_said(value))
    return shown(value) if isinstance(value, (str, date, Decimal)) else str(value)
