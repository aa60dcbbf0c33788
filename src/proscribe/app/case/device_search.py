"""Devices of a case that words are looked for in: their own, and what the records of their findings hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from proscribe.app.store.findings import by_beginnings, filter_of
from proscribe.casework.scan_rows import words_of

if TYPE_CHECKING:
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseDevice


def devices_that_fit(
    store: Store, case_id: str, devices: Sequence[CaseDevice], text: str, called: Callable[[str], str]
) -> tuple[CaseDevice, ...]:
    """Give the devices whose name, label, site or firms hold all words, or one of whose findings' records does.

    Args:
        text: words as they are typed, each looked for by its beginning; as in a search of findings.
        called: id of an entity to its name.
    """
    found = frozenset(store.chosen(case_id, filter_of([("text", text)])).ids) if text.split() else frozenset()
    return tuple(
        one
        for one in devices
        if not found.isdisjoint(one.findings)
        or all_begin((one.id, one.name, one.label, one.site, *one.entities, *map(called, one.entities)), text)
    )


def all_begin(texts: Iterable[str], text: str) -> bool:
    """Tell whether each word that was typed begins a word of some texts; one in quotation marks has to be one."""
    words = frozenset(words_of(" ".join(texts)))
    asked = [(list(words_of(one.rstrip("*"))), one.endswith("*")) for one in by_beginnings(text).split()]
    return all(
        forms[-1] in words or (begins and any(word.startswith(forms[-1]) for word in words))
        for forms, begins in asked
        if forms
    )
