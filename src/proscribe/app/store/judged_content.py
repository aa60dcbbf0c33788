"""Judgements hold for what was seen when they were made.

The id of a finding rests on the record's own identifiers where it has some, so another thing may come to bear it: a sheet
that counts its rows anew, a tag that was moved, a row that says more than it did. A judgement that sets a finding aside does
not go on over signs that nobody has looked at, over more units than there were, over another serial number, or over a thing
that was gone and is there again. One that clears a thing (it is gone, it is not ours) is about what the row says of it, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from proscribe.casework.content import chunks_of
from proscribe.casework.devices import PREFIX
from proscribe.casework.scan_stream import pieces
from proscribe.matching.identity import day_of
from proscribe.matching.set_asides import sign_of
from proscribe.model.amounts import quantity_of
from proscribe.model.casework import CaseDevice, CaseFile, Verdict
from proscribe.model.findings import Band

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SETS_ASIDE = (Verdict.DIFFERENT, Verdict.CLEARED)
_SHOWN = 3
#: Days, times, prices and counts differ from one export to the next and say nothing else of the thing, but none or some.
_NUMBER = re.compile(r"[0-9]+(?:[ .,:/_-]*[0-9]+)*")


@dataclass(frozen=True, slots=True)
class Signs:
    """What a finding rests on.

    Attributes:
        found: (matcher, text found, folded).
        band: how sure it is.
        units: quantity as the record has it; empty where it has none.
        serial: serial number as the record has it, folded; empty where it has none.
        says: column, folded, to the text of its cell; empty in scans that kept no cells.
    """

    found: frozenset[tuple[str, str]]
    band: Band
    units: str = ""
    serial: str = ""
    says: Mapping[str, str] = field(default_factory=dict)

    def beyond(self, judged: Signs, *, cleared: bool = False) -> str:
        """Say what stands here that was not judged; empty when nothing does.

        Args:
            cleared: whether it was cleared, and so for what its record said of it.
        """
        new = sorted(text for _, text in self.found - judged.found)
        said = []
        if new:
            more = f" and {len(new) - _SHOWN} more" if len(new) > _SHOWN else ""
            said.append("it holds " + ", ".join(repr(text[:60]) for text in new[:_SHOWN]) + more)
        if self.band.rank > judged.band.rank:
            said.append(f"it was {judged.band.value} and is {self.band.value}")
        if _more_units(self.units, judged.units):
            said.append(f"its quantity was {judged.units[:40] or '1'} and is {self.units[:40]}")
        if self.serial and judged.serial and self.serial != judged.serial:
            said.append(f"its serial number was {judged.serial[:60]} and is {self.serial[:60]}")
        if cleared and self.says and judged.says:
            said += _said_otherwise(self.says, judged.says)
        return "; ".join(said)


def _said_otherwise(now: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    """Name the columns that say something else than they did, whatever their numbers are."""
    other = [one for one in {**before, **now} if _plain(now.get(one, "")) != _plain(before.get(one, ""))]
    return [
        f"{column!r} was {before.get(column, '')[:60]!r} and is {now.get(column, '')[:60]!r}"
        for column in other[:_SHOWN]
    ]


def _plain(text: str) -> str:
    return "1" if day_of(text) else _NUMBER.sub(_none_or_some, sign_of(text))


def _none_or_some(number: re.Match[str]) -> str:
    return "1" if number[0].strip("0 .,:/_-") else "0"


def _more_units(now: str, before: str) -> bool:
    """Tell whether a quantity is more than an earlier one, or may be: a text that is no number is more than another text."""
    if sign_of(now) in ("", sign_of(before)):
        return False
    count, was = quantity_of(now), quantity_of(before) if before else Decimal(1)
    return count is None or was is None or count > was


_BACK = "it was gone from what was read, and stands there again"


def signs_in(source: bytes | Path, wanted: Collection[str]) -> dict[str, Signs]:
    """Give finding id to its signs, for the findings asked for, reading the scan piece by piece."""
    found: dict[str, Signs] = {}
    if not wanted:
        return found
    for piece in pieces(chunks_of(source), ("findings", "mentions")):
        if piece.key == "findings" and piece.value.get("id") in wanted:
            evidence = piece.value.get("evidence") or ()
            texts = frozenset((str(one["matcher"]), sign_of(str(one["found"]))) for one in evidence)
            told = piece.value.get("details") or {}
            units, serial = str(told.get("quantity") or ""), str(told.get("serial_number") or "")
            says: dict[str, str] = {}
            for name, text in piece.value.get("record") or ():  # two columns may bear one name
                says[sign_of(name)] = f"{says.get(sign_of(name), '')} {text}".strip()
            found[piece.value["id"]] = Signs(texts, Band(piece.value["band"]), units, sign_of(serial), says)
    return found


def changed_since_judged(
    file: CaseFile,
    scan: bytes | Path,
    earlier: Iterable[bytes | Path | Callable[[], bytes]],
    carried: Mapping[str, str],
    gone: Collection[str] = (),
) -> dict[str, str]:
    """Give the findings of a scan whose standing judgement was made of something else, and what is new about each.

    Args:
        file: the case before the scan is attached.
        scan: the scan that is attached.
        earlier: the scans of the case, the newest first; a function is called when its scan is needed.
        carried: earlier id to the id in this scan, where the scheme of ids has changed.
        gone: findings that were cleared and that no newest reading shows.
    """
    judged = {name: one.verdict for name, one in file.standing().items() if one.verdict in _SETS_ASIDE}
    now_called = {name: carried.get(name, name) for name in judged}
    now = signs_in(scan, set(now_called.values()))
    open_ = {name for name in judged if now_called[name] in now}
    changed = {now_called[name]: _BACK for name in open_.intersection(gone)}
    for source in earlier:
        if not open_:
            break
        for name, before in signs_in(source() if callable(source) else source, open_).items():
            open_.discard(name)
            cleared = judged[name] is Verdict.CLEARED
            beyond = now[now_called[name]].beyond(before, cleared=cleared)
            if beyond:
                changed[now_called[name]] = "; ".join(filter(None, (changed.get(now_called[name]), beyond)))
    return changed


def devices_changed_since_judged(
    file: CaseFile, before: Iterable[CaseDevice], after: Iterable[CaseDevice]
) -> dict[str, str]:
    """Give the devices that were set aside as something else and of which a newer report says more, and what is new.

    Args:
        before: the devices of the case.
        after: those of the report.
    """
    judged = {name: one.verdict for name, one in file.standing().items() if name.startswith(PREFIX)}
    known = {one.id: one for one in before}
    changed: dict[str, str] = {}
    for one in after:
        if judged.get(one.id) not in _SETS_ASIDE:
            continue
        beyond = list(_device_beyond(one, known.get(one.id)))
        if one.id in known and known[one.id].aged and judged[one.id] is Verdict.CLEARED:
            beyond.insert(0, _BACK)
        if beyond:
            changed[one.id] = "; ".join(beyond)
    return changed


def _device_beyond(now: CaseDevice, judged: CaseDevice | None) -> Iterator[str]:
    """Yield what stands of a device that was not judged; of one without verdict and contradiction nothing was."""
    was = Band(judged.band).rank if judged is not None and judged.band else 0
    if now.band and Band(now.band).rank > was:
        yield f"it was {(judged.band if judged is not None else '') or 'nobody known'} and is {now.band}"
    firms = [one for one in now.entities if judged is None or one not in judged.entities]
    if firms:
        yield f"it is of {', '.join(firms[:_SHOWN])}"
    yield from (one for one in now.contradictions if judged is None or one not in judged.contradictions)
    if judged is not None and now.units > judged.units:
        yield f"it stood for {judged.units} and stands for {now.units}"
