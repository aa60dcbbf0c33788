"""What is asked of a scan, as one value: the inputs, the two days, the knowledge, and how the inputs are to be read.

Faces make it, services take it, jobs keep it. A further thing to ask is a field here, and its word for those who call a
service with keywords.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self, TypedDict, Unpack

from proscribe.model.codec import Limits
from proscribe.model.errors import error
from proscribe.model.periods import AsOf, parse_day
from proscribe.model.results import InputReading, ScanOptions

#: Paths as they are kept.
PathTexts = tuple[Annotated[str, Limits(least=1, most=4096)], ...]


class ReadingWords(TypedDict, total=False):
    """Keywords that say how inputs are read; see `ScanOptions`."""

    mapping: Mapping[str, str] | None
    reader: str | None
    files: Sequence[InputReading]
    kinds: Mapping[str, str] | None


class DayWords(TypedDict, total=False):
    """Keywords that say on which days, and of which knowledge, something is asked; days may be ISO texts."""

    as_of: str | date | None
    known_as_of: str | date | None
    knowledge: Sequence[str | Path]


class ScanWords(ReadingWords, DayWords, total=False):
    """Keywords that services take in place of a `ScanRequest`."""


@dataclass(frozen=True, slots=True)
class ScanRequest(ScanOptions):
    """What is asked of a scan.

    Attributes:
        paths: files and folders; `-` is standard input.
        as_of: the day ownership and law are asked about; the day of the scan where it is left out.
        known_as_of: facts recorded later are not used; the day of the scan where it is left out.
        knowledge: a snapshot, source folder or layer, instead of the shipped knowledge; further ones lie over it.
    """

    # The statement of a scan calls it `columns`; jobs call it what people type.
    mapping: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    paths: PathTexts
    as_of: date | None = None
    known_as_of: date | None = None
    knowledge: PathTexts = ()

    @classmethod
    def of(cls, asked: Paths | ScanOptions, **words: Unpack[ScanWords]) -> Self:
        """Give what is asked by paths and keywords, or by another request with the keywords in the place of its own words.

        Raises:
            UsageError: E151 when a day is no ISO date.
        """
        held: dict[str, Any] = {"paths": ()}
        if isinstance(asked, ScanOptions):
            ours = {one.name for one in fields(ScanRequest)}
            held |= {one.name: getattr(asked, one.name) for one in fields(asked) if one.name in ours}
        else:
            held["paths"] = tuple(map(str, [asked] if isinstance(asked, (str, Path)) else asked))
        return cls(**held | {name: _FORMS.get(name, _same)(value) for name, value in words.items()})

    @property
    def options(self) -> ScanOptions:
        """Give how the inputs are to be read."""
        return ScanOptions(**{one.name: getattr(self, one.name) for one in fields(ScanOptions)})

    def days(self, today: date) -> AsOf:
        """Give the days that are asked; `today` where none is."""
        return AsOf(self.as_of or today, self.known_as_of or today)

    def on(self, today: date) -> Self:
        """Give it with its days, so that whatever asks it again asks the same."""
        days = self.days(today)
        return replace(self, as_of=days.law_on, known_as_of=days.known_on)


#: What services scan: a file or folder, or several, or the whole request.
Paths = str | Path | Iterable[str | Path] | ScanRequest


def day_if_named(value: str | date | None) -> date | None:
    """Read a day that a scan is asked about, if one is named.

    Raises:
        UsageError: E151 when it is no ISO date.
    """
    if value is None or isinstance(value, date):
        return value
    try:
        return parse_day(value)
    except ValueError as problem:
        raise error("E151", value=value) from problem


def _same(value: Any) -> Any:
    return value


def _held(value: Mapping[str, str] | None) -> dict[str, str]:
    return dict(value or {})


#: What a keyword comes to in the request.
_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "as_of": day_if_named, "known_as_of": day_if_named, "knowledge": lambda named: tuple(map(str, named)),
    "mapping": _held, "files": tuple, "kinds": _held,
}  # fmt: skip
