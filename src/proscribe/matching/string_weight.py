"""What a string in a firmware image is worth, by the kind of string its column holds.

A maker's name in a program says that the program knows the name. That is the maker's own program, or one that talks to
the maker's devices; the name alone does not tell. Drivers of a kernel's own tree support devices that need not be there;
a module that somebody built for the device is a question about a part of it.
What headers, boot loaders, device trees and version files say is about the image itself and stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from proscribe.matching.record import Record
from proscribe.matching.signals import Signal

#: Columns whose strings tell which devices are supported, not which device this is.
SUPPORT_COLUMNS = frozenset({"firmware.drivers"})
#: Columns with the strings of kernel modules that are not of the kernel's own tree: somebody built them for a part.
MODULE_COLUMNS = frozenset({"firmware.modules"})
#: Columns whose strings come out of programs, pages, settings and the names of installed files.
HEARSAY_COLUMNS = frozenset({"firmware.programs", "firmware.pages", "firmware.settings", "firmware.files"})
#: Columns with addresses that a device asks for: a maker's name in one says whose pages somebody reads, no more.
ASKED_COLUMNS = frozenset({"dns.query"})
#: Columns of what was heard on the air, of programs that list Wi-Fi: whose device it is, is not known.
_ON_AIR = re.compile(r"wifi\.|(?:kismet|dot11)\.|[be]?ssid\b", re.IGNORECASE)
#: So many different strings of one image part that name a maker are more than a program that knows the name has.
_MANY_STRINGS = 8
#: Names up to this length stand in mangled symbols by chance, unless they are written in capitals.
_SHORT_NAME = 4
_QUESTION = "Is this the maker's own software, or does it only know the name: what do label and header of the device say?"
_AIR_QUESTION = "Is this your own access point or station, or a neighbour's; and who made it?"
_PART_QUESTION = "Does the device hold this part, or does its software only support it?"


def heard(record: Record, signals: Iterable[Signal]) -> list[Signal]:
    """Give the signals as they count in their columns, without those that say nothing there.

    Sure names, numbers and identifiers out of programs are one origin together and raise a question at most; weak and
    strong ones need a context that a heap of strings does not give. Fingerprints keep what they are worth: they are
    strings that only the maker's own software has. What was heard on the air is of somebody's device, perhaps not ours.
    """
    kept: list[Signal] = []
    for signal in signals:
        if _ON_AIR.match(record.cells[signal.cell].column):
            if signal.matcher == "oui" and _is_local(record, signal):
                continue  # made up by the device; that a registered block looks like it is chance
            # All of it is one origin: somebody's transmitter, seen from where the survey was made.
            kept.append(signal._replace(cap="possible", group="mac", question=_AIR_QUESTION))
            continue
        if _in(record, signal, ASKED_COLUMNS) and signal.matcher != "fingerprint":
            continue
        in_module = _in(record, signal, MODULE_COLUMNS) and (
            signal.role != "component" or _is_name(record, signal)
        )
        if signal.strength == "other" or not (in_module or _is_hearsay(record, signal)):
            kept.append(signal)
            continue
        if (
            signal.strength not in ("sure", "identifier")
            or signal.needs != "none"
            or not _is_written(record, signal)
        ):
            continue
        role = "component" if in_module else signal.role
        question = signal.question or (_PART_QUESTION if role == "component" else _QUESTION)
        kept.append(signal._replace(role=role, cap="possible", group="name", question=question))
    return kept


def only_known(
    record: Record, signals: Iterable[Signal], group_of: Callable[[Signal], str]
) -> frozenset[str]:
    """Give the groups that programs of the image name in few strings: they know the name, no more."""
    lines: dict[str, set[tuple[int, int]]] = {}
    for signal in signals:
        if _is_hearsay(record, signal) and signal.strength != "other":
            text = record.cells[signal.cell].folded.text
            line = text.rfind("\n", 0, signal.start)
            lines.setdefault(group_of(signal), set()).add((signal.cell, line))
    return frozenset(group for group, places in lines.items() if len(places) < _MANY_STRINGS)


def is_support(record: Record, signal: Signal, known: frozenset[str], group: str) -> bool:
    """Tell whether a signal says that something is supported or known, and not that this is it."""
    if _in(record, signal, SUPPORT_COLUMNS):
        return True
    return group in known and _is_hearsay(record, signal)


def in_image(record: Record, signal: Signal) -> bool:
    """Tell whether a signal's cell is a heap of strings of an image, which have nothing to do with one another."""
    column = record.cells[signal.cell].column
    return column.startswith("firmware.") and column != "firmware.strings"


def _in(record: Record, signal: Signal, columns: frozenset[str]) -> bool:
    return record.cells[signal.cell].column in columns


def _is_local(record: Record, signal: Signal) -> bool:
    """Tell a locally administered address (IEEE 802, bit 1 of the first octet) from a worldwide one."""
    found = record.cells[signal.cell].folded.quote(signal.start, signal.end).lower().removeprefix("0x")
    return found[1:2] in ("2", "3", "6", "7", "a", "b", "e", "f")


def _is_hearsay(record: Record, signal: Signal) -> bool:
    return _in(record, signal, HEARSAY_COLUMNS) and _is_name(record, signal)


def _is_name(record: Record, signal: Signal) -> bool:
    """Tell names and numbers, and fingerprints that are no more than words, from strings with a form of their own."""
    if signal.matcher != "fingerprint" or signal.text_bound:
        return True
    found = record.cells[signal.cell].folded.quote(signal.start, signal.end)
    return all(char.isalpha() or char.isspace() for char in found)


def _is_written(record: Record, signal: Signal) -> bool:
    """Tell a name or number that somebody wrote from letters that stand together by chance in packed or mangled data."""
    found = record.cells[signal.cell].folded.quote(signal.start, signal.end)
    if signal.matcher in ("model_number", "phone", "chip") and not any(char.isdigit() for char in found):
        return False
    return signal.end - signal.start > _SHORT_NAME or found.isupper()
