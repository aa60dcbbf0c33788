"""Banners, certificates, firmware marks, host names: strings that devices say about themselves.

What it does: looks for the fingerprints of the knowledge in any text, and for generic ones only in their channel.
Why it matters: a relabelled device keeps its maker's strings, so a hit says who made it.
Example: `Server: DNVRS-Webs`, `SSH-2.0-HUAWEI-1.5`, `realm="SmartAX MT882"`.
References: `knowledge/fingerprints/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from proscribe.matching.index import Index, is_low
from proscribe.matching.patterns import PatternSet
from proscribe.matching.record import Record
from proscribe.matching.signals import Signal

NAME = "fingerprint"
#: Group of what tells that a firm published a library itself: it says whose software it is, and of no thing.
OWN_LIBRARY = "fingerprint:purl"
#: Which channels a record's field can be taken for.
_CHANNELS = {
    "hostname": ("hostname",),
    "user_agent": ("http.user_agent", "user_agent"),
    "file_name": ("file.name",),
    "certificate": ("tls.subject",),
    "serial_number": ("serial",),
}
#: What stands before and behind a word that is one of several names in a cell: "Eyesight / iVMS".
_NAMED_ALONE, _AND_NO_MORE = re.compile(r"(?:^|[/,;|+&(])\s*$"), re.compile(r"\s*(?:$|[/,;|+&)])")
#: Channels of which a device says the same in either: `Server` and `User-Agent` of SIP.
_SAME = {"sip.user_agent": "sip.banner", "sip.banner": "sip.user_agent"}
#: Channels that strings out of an image may stand for, whatever kind of string they are.
_IN_IMAGES = frozenset({"firmware.strings", "firmware.version", "disk.mark"})
#: Fields in which fingerprints of one channel count that would be too common elsewhere.
CHANNEL_FIELDS = frozenset({*_CHANNELS, "banner"})


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every fingerprint found."""
    for number, cell in enumerate(record.cells):
        if cell.field in ("mac_vendor", "protocol", "mac", "cpe"):
            continue
        tried = record.tried[number]
        if "fingerprints" in tried:
            found = _in(record, index, number, index.fingerprints, tried["fingerprints"])
            if cell.field in ("vendor_name", "maker_name"):
                # Who has no name for a maker writes a word of its products; nothing else in such a cell was said by a device.
                found = (
                    signal
                    for signal in found
                    if signal.group == "fingerprint:text"
                    and _NAMED_ALONE.search(cell.folded.text[: signal.start])
                    and _AND_NO_MORE.match(cell.folded.text, signal.end)
                )
            yield from found
        for channel in _CHANNELS.get(cell.field, ()):
            if f"channel:{channel}" in tried:
                yield from _in(
                    record, index, number, index.channel_only[channel], tried[f"channel:{channel}"]
                )
        if cell.field == "banner":
            # A reader that knows the protocol names the column after its channel; then no other channel is meant.
            known = cell.column if cell.column in index.channels else None
            for channel, patterns in index.channel_only.items():
                if known is not None and channel not in (known, _SAME.get(known)):
                    continue
                if known is None and cell.column.startswith("firmware.") and channel not in _IN_IMAGES:
                    continue
                if channel not in ("hostname", "file.name", "serial") and f"channel:{channel}" in tried:
                    yield from _in(record, index, number, patterns, tried[f"channel:{channel}"])


def _in(
    record: Record, index: Index, number: int, patterns: PatternSet, tried: list[int]
) -> Iterator[Signal]:
    for pattern, start, end in patterns.find(record.cells[number].folded.text, tried):
        row = pattern.row
        entity = str(row.get("entity") or "")
        if not entity or entity == "none":
            continue
        strength = str(row.get("strength") or "weak")
        channel = str(row.get("channel") or "")
        yield Signal(
            matcher=NAME,
            cell=number,
            start=start,
            end=end,
            entity=entity,
            role=str(row.get("role") or "made_by"),
            facts=(pattern.fact,),
            strength=strength,
            weight_mbit=index.weights[strength],
            group=f"fingerprint:{channel}",
            why=str(row.get("what") or channel),
            needs="maker" if channel == "port" else "none",
            low=is_low(row),
            cap="possible" if channel == "port" or strength == "weak" else "",
            question=str(row.get("question") or ""),
            # A bare product word means no more in running text than a brand does.
            text_bound=channel in ("text", "hostname", "purl")
            or record.cells[number].folded.text[start:end].isalnum(),
            basis=str(row.get("basis") or "reported"),
        )
