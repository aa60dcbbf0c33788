"""Judgements hold for what was seen when they were made.

The id of a finding rests on the record's own identifiers where it has some, so another thing may come to bear it: a sheet
that counts its rows anew, a tag that was moved, a tag of another site's own, a row that says more than it did. A judgement
that sets a finding aside does not go on over signs that nobody has looked at, over other words of the row, over more units than
there were, over another serial number, over another list, or over a thing that was gone and is there again. Where a thing is
said to be matters to what was cleared alone: what is another thing is so in any room.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from proscribe.casework.content import chunks_of
from proscribe.casework.devices import PREFIX
from proscribe.casework.organisation import family
from proscribe.casework.scan_stream import pieces
from proscribe.devices.marks import serials
from proscribe.matching.identity import day_of
from proscribe.matching.set_asides import sign_of
from proscribe.model.amounts import pieces_in, quantity_of
from proscribe.model.casework import CaseDevice, CaseFile, RunRecord, Verdict, read_again, without_tables
from proscribe.model.findings import Band

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SETS_ASIDE = (Verdict.DIFFERENT, Verdict.CLEARED)
_SHOWN = 3
#: Fields of prices, counts and days, which differ from export to export and say nothing else of the thing, but none or some.
_MEASURED = frozenset(["unit_cost", "amount", "currency", "quantity", "dated_on", "seen_at"])
#: Where a thing is: of what is another thing this tells nothing.
_PLACES = frozenset(["site", "ip", "port", "recorder", "recorder_channel"])
_BESIDE = _MEASURED | {"site"}
#: Fields of which nobody knows what their numbers are: long ones may name the thing, others count or tell a time.
_ANYTHING = frozenset(["", "other", "note", "row_id", "scan_run", "order_line"])
_NUMBER = re.compile(r"[0-9]+(?:[ .,:/_-]*[0-9]+)*")
_NAMES = re.compile(r"(?!(?:19|20)[0-9]{6}$|1[4-9][0-9]{8}(?:[0-9]{3})?$)0*[1-9][0-9]{5,}")
#: Days and times within other words.
_MOMENT = re.compile(
    r"(?<![\w.])(?:(?:19|20)[0-9]{2}([./-])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([./-])[0-9]{1,2}\2(?:19|20)?[0-9]{2}"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?![\w.]*[0-9])"
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a finding rests on.

    Attributes:
        found: (matcher, text found, folded).
        band: how sure it is.
        units: quantity as the record has it; empty where it has none.
        serial: serial number as the record has it, folded; empty where it has none.
        says: column, folded, to the text of its cell; empty in scans that kept no cells.
        fields: column, folded, to what the scan took it for.
        place: which input of the scan it stands in.
    """

    found: frozenset[tuple[str, str]]
    band: Band
    units: str = ""
    serial: str = ""
    says: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    place: int = 0

    def beyond(self, judged: Signs, *, everywhere: bool = False) -> str:
        """Say what stands here that was not judged; empty when nothing does.

        Args:
            everywhere: whether the place matters, too, and what is read beside the words.
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
        if self.says and judged.says:
            said += self._said_otherwise(judged, frozenset() if everywhere else _BESIDE)
        return "; ".join(said)

    def is_of(self, judged: Signs) -> bool:
        """Tell whether both have a serial number in common, which is one thing's wherever it is listed."""
        return not {*serials(self.serial)}.isdisjoint(serials(judged.serial))

    def _said_otherwise(self, judged: Signs, but: Collection[str]) -> list[str]:
        """Name the columns that say something else than they did, or more pieces, whatever their other numbers are.

        Args:
            but: fields whose columns are not looked at.
        """
        now, before = self.says, judged.says
        kinds = {**judged.fields, **self.fields}
        folds = _MEASURED | _PLACES if but else _MEASURED
        shared = now.keys() & before.keys()
        # A column of another name says nothing new where its text stood under the other.
        only_now, only_before = (
            {
                _plain(text, kinds.get(column, ""), folds)
                for column, text in one.items()
                if column not in shared
            }
            for one in (now, before)
        )
        said = []
        for column in {**before, **now}:
            is_now, was, kind = now.get(column, ""), before.get(column, ""), kinds.get(column, "")
            if kind in but:
                continue
            plain_now, plain_was = _plain(is_now, kind, folds), _plain(was, kind, folds)
            other = plain_now != plain_was or pieces_in(is_now) > pieces_in(was)
            if column not in shared:
                other = other and (plain_now if is_now else plain_was) not in (
                    only_before if is_now else only_now
                )
            if other:
                said.append(f"{column!r} was {was[:60]!r} and is {is_now[:60]!r}")
        return said[:_SHOWN]


def _plain(text: str, kind: str, folds: Collection[str]) -> str:
    """Give a cell without what may differ from one export to the next: days and times, and numbers where they name nothing.

    Args:
        kind: what its column was taken for.
        folds: kinds of which no number says anything but none or some.
    """
    if day_of(text):
        return "a day"
    plain = sign_of(text)
    if kind in folds:
        return _NUMBER.sub(_none_or_some, plain)
    if kind in _ANYTHING:
        return _NUMBER.sub(
            lambda found: found[0] if _NAMES.fullmatch(found[0]) else _none_or_some(found), plain
        )
    return _MOMENT.sub("1", plain)


def _none_or_some(number: re.Match[str]) -> str:
    return "1" if number[0].strip("0 .,:/_-") else "0"


def _more_units(now: str, before: str) -> bool:
    """Tell whether a quantity is more than an earlier one, or may be: a text that is no number is more than another text."""
    if sign_of(now) in ("", sign_of(before)):
        return False
    count, was = quantity_of(now), quantity_of(before) if before else Decimal(1)
    return count is None or was is None or count > was


_ELSEWHERE = "it stands in another list than the one that was judged"
_BACK = "it was gone from what was read, and stands there again"


def signs_in(source: bytes | Path, wanted: Collection[str]) -> dict[str, Signs]:
    """Give finding id to its signs, for the findings asked for, reading the scan piece by piece."""
    found: dict[str, Signs] = {}
    fields: dict[int, dict[str, str]] = {}
    if not wanted:
        return found
    for piece in pieces(chunks_of(source), ("findings", "mentions", "inputs")):
        if piece.key == "inputs":
            fields[piece.value["index"]] = {
                sign_of(column["name"]): str(column["field"])
                for table in piece.value.get("tables") or ()
                for column in table.get("column_plan") or ()
                if column.get("field")
            }
        elif piece.key == "findings" and piece.value.get("id") in wanted:
            evidence = piece.value.get("evidence") or ()
            texts = frozenset((str(one["matcher"]), sign_of(str(one["found"]))) for one in evidence)
            told = piece.value.get("details") or {}
            units, serial = str(told.get("quantity") or ""), str(told.get("serial_number") or "")
            says: dict[str, str] = {}
            for name, text in piece.value.get("record") or ():  # two columns may bear one name
                says[sign_of(name)] = f"{says.get(sign_of(name), '')} {text}".strip()
            found[piece.value["id"]] = Signs(
                texts,
                Band(piece.value["band"]),
                units,
                sign_of(serial),
                says,
                place=int(piece.value.get("input") or 0),
            )
    return {name: replace(one, fields=fields.get(one.place, {})) for name, one in found.items()}


class _Lists:
    """Which inputs of a later run are readings of the inputs of an earlier one, each pair looked at once."""

    def __init__(self, before: RunRecord, now: Mapping[str, Any]) -> None:
        inputs, marks = (tuple(map(tuple, now[name])) for name in ("inputs", "marks"))
        self._runs = (before, replace(before, id="", inputs=inputs, marks=marks))
        self._read = read_again(self._runs)[before.id]
        self._known: dict[tuple[int, int], bool] = {}

    def are_one(self, was_at: int, at: int) -> bool:
        """Tell whether the earlier input is read again, or the later one holds something of it under another name."""
        if self._runs[0].inputs[was_at][0] in self._read:
            return True
        if (was_at, at) not in self._known:
            marks = [
                without_tables(run.marks[place] if place < len(run.marks) else ())
                for run, place in zip(self._runs, (was_at, at), strict=True)
            ]
            self._known[was_at, at] = not marks[0].isdisjoint(marks[1])
        return self._known[was_at, at]

    def are_alike(self, was_at: int, at: int) -> bool:
        """Tell whether their names are those of one list's exports: that of a later month may hold nothing of the earlier."""
        before, now = (run.inputs[place][0] for run, place in zip(self._runs, (was_at, at), strict=True))
        return family(before) == family(now)


def changed_since_judged(
    file: CaseFile,
    scan: bytes | Path,
    reads: Mapping[str, Any],
    earlier: Sequence[tuple[RunRecord, bytes | Path | Callable[[], bytes]]],
    carried: Mapping[str, str],
    gone: Collection[str] = (),
) -> dict[str, str]:
    """Give the findings of a scan whose standing judgement was made of something else, and what is new about each.

    Args:
        file: the case before the scan is attached.
        scan: the scan that is attached.
        reads: the fields of its run, as `ScanFile.run`.
        earlier: runs of the case with their scans, the newest first; a function is called when its scan is needed.
        carried: earlier id to the id in this scan, where the scheme of ids has changed.
        gone: findings that were cleared and that no newest reading shows.
    """
    judged = {name: one.verdict for name, one in file.standing().items() if one.verdict in _SETS_ASIDE}
    now_called = {name: carried.get(name, name) for name in judged}
    now = signs_in(scan, set(now_called.values()))
    open_ = {name for name in judged if now_called[name] in now}
    changed = {now_called[name]: _BACK for name in open_.intersection(gone)}
    for run, source in earlier:
        if not open_:
            break
        lists = _Lists(run, reads)
        for name, before in signs_in(source() if callable(source) else source, open_).items():
            open_.discard(name)
            here = now[now_called[name]]
            again = here.is_of(before) or lists.are_one(before.place, here.place)
            known = again or lists.are_alike(before.place, here.place)
            beyond = here.beyond(before, everywhere=not again or judged[name] is Verdict.CLEARED)
            if told := [*filter(None, (changed.get(now_called[name]), "" if known else _ELSEWHERE, beyond))]:
                changed[now_called[name]] = "; ".join(told)
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
