"""Signed papers of one kind about the same: which of them is the latest word, and that none was told to replace another."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from proscribe.documents import TYPES
from proscribe.documents.asks import single_fields
from proscribe.documents.elements import at
from proscribe.model.casework import StoredDocument
from proscribe.model.errors import ProscribeError

#: Of a contract, what tells it from another.
_CONTRACT = ("number", "solicitation", "award")
#: Papers that a sentence names; those beyond are counted.
_MOST = 5


def signed_alike(documents: Collection[StoredDocument], content: Callable[[str], bytes]) -> dict[str, str]:
    """Say of signed papers of a case, of one type and about the same, that several stand, and which was signed last.

    They are about the same where type, contract and product are: a store speaks for one firm. Reports on a clock are left
    out: each is of its own event.

    Args:
        documents: all of the case, whatever state they are in.
        content: gives the bytes of a digest.

    Returns:
        Id of such a paper to the sentence that says so; none where a paper takes the place of the others.
    """
    signed: dict[str, list[StoredDocument]] = {}
    for one in signed_and_standing(documents):
        signed.setdefault(one.type, []).append(one)
    told: dict[str, str] = {}
    for type_, several in signed.items():
        if len(several) < 2:
            continue
        read = {one.id: data_of(one, content) for one in several}
        groups: dict[str, list[StoredDocument]] = {}
        for one in several:
            groups.setdefault(_about(type_, read[one.id]), []).append(one)
        for same in groups.values():
            if len(same) > 1:
                told |= _told(same, read)
    return told


def signed_and_standing(documents: Collection[StoredDocument]) -> list[StoredDocument]:
    """Give the signed papers of a case in whose place no other was put, without reports on a clock."""
    replaced = {one.supersedes for one in documents if one.supersedes}
    return [
        one for one in documents if one.signed_at is not None and not one.stage and one.id not in replaced
    ]


def _told(same: Iterable[StoredDocument], read: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    order = sorted(same, key=lambda one: (one.signed_at or one.built_at, one.built_at))
    last = order[-1]
    answers = {one.id: _answers(read[one.id]) for one in order}
    agree = "They give the same answers" if len(set(answers.values())) == 1 else "Their answers differ"
    if any(answers.values()):
        agree += f" ({'; '.join(f'{name}: {said}' for name, said in list(answers.items())[-_MOST:])})"
    return {
        one.id: (
            f"{_names(other for other in order if other is not one)} of this kind, about the same, "
            f"{'are' if len(order) > 2 else 'is'} signed too, and none says that it takes the place of another, so each stands "
            f"as it was signed. {_latest(last, one)}. {agree}. Whoever holds an earlier one has to be told"
        )
        for one in order
    }


def _latest(last: StoredDocument, one: StoredDocument) -> str:
    assert last.signed_at is not None
    which = "This one" if last is one else last.id
    return f"{which} was signed last, on {last.signed_at.date().isoformat()}"


def _names(several: Iterable[StoredDocument]) -> str:
    names = [one.id for one in several]
    more = len(names) - _MOST
    return ", ".join([*names[:_MOST], *([f"{more:,} more"] if more > 0 else [])])


def data_of(one: StoredDocument, content: Callable[[str], bytes]) -> Mapping[str, Any]:
    """Read a paper; nothing where its bytes are gone or altered, which whoever opens it is told."""
    try:
        value = json.loads(content(one.sha256))
    except (ProscribeError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _answers(data: Mapping[str, Any]) -> str:
    said = at(data, "/body/representations")
    found = said.items() if isinstance(said, Mapping) else ()
    told = [
        (str(name), str(one.get("word") or one.get("answer") or "not answered"))
        for name, one in found
        if isinstance(one, Mapping)
    ]
    return ", ".join(f"{word} {name}" for name, word in told)


def _about(type_: str, data: Mapping[str, Any]) -> str:
    """Give what tells what a paper is about from what another of its type is about."""
    fields = single_fields(type_).values() if type_ in TYPES else ()
    product = [at(data, place) for one in fields if one.same for place in one.fills]
    contract = [str(at(data, f"/contract/{name}") or "").strip().upper() for name in _CONTRACT]
    return json.dumps([product, contract], sort_keys=True, default=str)
