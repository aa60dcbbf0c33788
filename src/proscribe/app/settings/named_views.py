"""Views of findings that a person named: an address with a name, theirs alone, beside the store as uploads are.

They are no part of the evidence: losing them loses nothing that somebody judged.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from proscribe.app.files import write_new
from proscribe.model.canonical import pretty_json
from proscribe.model.codec import CodecError, Limits, parse, read, write
from proscribe.model.errors import CaseError, error
from proscribe.model.people import person_key

if TYPE_CHECKING:
    from pathlib import Path

    from proscribe.casework.store import Store

#: Views of one person.
MOST = 50
_FOLDER = "views"


@dataclass(frozen=True, slots=True)
class View:
    """A filter of the findings of a case under a name.

    Attributes:
        query: pairs of name and value, as they stand in the address.
    """

    name: Annotated[str, Limits(least=1, most=60)]
    case_id: Annotated[str, Limits(least=1, most=60)]
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    views: tuple[View, ...] = ()


def views(store: Store, person: str, case_id: str) -> list[View]:
    """List the views of a person in a case, by name; those that cannot be read are none."""
    return [one for one in _kept(store, person).views if one.case_id == case_id]


def keep(store: Store, person: str, view: View) -> None:
    """Keep a view; one of the same name in the same case is replaced.

    Raises:
        UsageError: E449.views when there are as many as one person may have.
        EnvironmentProblem: E510 no space.
    """
    others = tuple(
        one for one in _kept(store, person).views if (one.case_id, one.name) != (view.case_id, view.name)
    )
    if len(others) >= MOST:
        raise error("E449.views", most=MOST)
    _write(store, person, (*others, view))


def drop(store: Store, person: str, case_id: str, name: str) -> None:
    """Forget a view; one that is not there is forgotten already."""
    held = _kept(store, person).views
    _write(store, person, tuple(one for one in held if (one.case_id, one.name) != (case_id, name)))


def _place(store: Store, person: str) -> Path:
    from proscribe.casework.files import Files

    name = hashlib.sha256(person_key(person).encode()).hexdigest()[:32]
    return Files.of(store).folder / _FOLDER / f"{name}.json"


def _kept(store: Store, person: str) -> _Kept:
    try:
        place = _place(store, person)
        return _Kept() if place.is_symlink() else read(_Kept, parse(place.read_bytes()))
    except (OSError, CodecError, CaseError):  # or it is not said where files are kept
        return _Kept()


def _write(store: Store, person: str, held: tuple[View, ...]) -> None:
    from proscribe.casework.files import Files

    folder = Files.of(store).made(_FOLDER)
    data = pretty_json(write(_Kept(tuple(sorted(held, key=lambda one: (one.case_id, one.name)))))).encode()
    try:
        write_new(folder / _place(store, person).name, data, private=True, replace=True)
    except OSError as problem:
        raise error("E510.kept", at=folder, why=problem.strerror or problem) from None
