"""Read what people decided about joins: which records are one device and which are not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proscribe.devices import keys as keying
from proscribe.devices import marks
from proscribe.kb.strictyaml import Document, YamlCodes, parse
from proscribe.model.devices import JoinDecision
from proscribe.model.errors import ProscribeError, UsageError, error
from proscribe.model.periods import parse_day

_CODES = YamlCodes(syntax="E143", duplicate="E143", construct="E143", limit="E143")
_KEYS = ("decision", "join", "keys", "by", "at", "reason")
_DECISIONS = {"same": True, "different": False}
_NEXT = "See docs/devices.md for a file that works."


def read_joins(path: Path) -> tuple[JoinDecision, ...]:
    """Read a file of join decisions.

    Raises:
        UsageError: E141 the file cannot be read or has another shape, E143 it is not strict YAML.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise error("E141.unreadable", at=path, strerror=problem.strerror or problem) from None
    return joins_of(data, str(path))


def joins_of(data: bytes | str, name: str) -> tuple[JoinDecision, ...]:
    """Read join decisions from bytes; see `read_joins`."""
    document = parse(data, name, error=UsageError, codes=_CODES)
    value = document.value
    items = value.get("joins") if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise _wrong(document, (), "the file holds no list of joins", "joins: followed by a list")
    return tuple(_decision(document, place, item) for place, item in enumerate(items))


def _decision(document: Document, place: int, item: Any) -> JoinDecision:
    path: tuple[str | int, ...] = ("joins", place)
    if not isinstance(item, Mapping):
        raise _wrong(document, path, "a decision is a mapping", ", ".join(_KEYS))
    for key in item:
        if key not in _KEYS:
            raise _wrong(document, (*path, key), f"{key!r} is not a key of a decision", ", ".join(_KEYS))
    said = item.get("decision")
    if not isinstance(said, str) or said not in _DECISIONS:
        raise _wrong(document, (*path, "decision"), "decision is missing or unknown", "same or different")
    for key in ("by", "at", "reason"):
        if not isinstance(item.get(key), str) or not item[key].strip():
            raise _wrong(
                document, path, f"{key!r} is missing: a decision says who, when and why", "by, at, reason"
            )
    try:
        parse_day(item["at"])
    except ValueError:
        raise _wrong(document, (*path, "at"), f"{item['at']!r} is not a date", "YYYY-MM-DD") from None
    join, keys = item.get("join"), item.get("keys")
    if (join is None) == (keys is None):
        raise _wrong(
            document,
            path,
            "a decision names either a join or two keys",
            "join: j_..., or keys: [kind:value, kind:value]",
        )
    made: tuple[str, str] | tuple[()] = ()
    if keys is not None:
        if not isinstance(keys, list) or len(keys) != 2:
            raise _wrong(document, (*path, "keys"), "a decision names two keys", "[kind:value, kind:value]")
        made = (_key(document, (*path, "keys", 0), keys[0]), _key(document, (*path, "keys", 1), keys[1]))
        if made[0] == made[1]:
            raise _wrong(document, (*path, "keys"), "both keys are the same", "the keys of two records")
    elif not isinstance(join, str) or not join.startswith("j_"):
        raise _wrong(
            document,
            (*path, "join"),
            f"{join!r} is not the id of a join",
            "j_ and 20 hex digits, as in the report",
        )
    return JoinDecision(
        _DECISIONS[said],
        str(join or ""),
        made,
        item["by"].strip(),
        item["at"].strip(),
        item["reason"].strip(),
    )


def _key(document: Document, path: tuple[str | int, ...], text: Any) -> str:
    kind, colon, value = str(text).partition(":")
    made: list[str] = []
    if colon and kind == "mac":
        made = marks.macs_in(value)
    elif colon and kind == "serial":
        made = marks.serials(value)
    elif colon and kind == "asset_tag":
        made = keying.tag(value)
    elif colon and kind == "order_line":
        made = keying.order(value)
    elif colon and kind in ("hostname", "ip"):
        made = [value.strip().rstrip(".").casefold()]
    elif colon and kind == "recorder_channel":
        recorder, _, number = value.rpartition("#")
        made = keying.channel(recorder, number)
    if not made:
        raise _wrong(
            document, path, f"{text!r} is not a key that tells a device apart",
            "mac:, serial:, asset_tag:, hostname:, ip:, order_line: or recorder_channel:NAME#NUMBER",
        )  # fmt: skip
    return f"{kind}:{made[0]}"


def _wrong(document: Document, path: tuple[str | int, ...], what: str, expected: str) -> ProscribeError:
    return error("E141.decision", at=document.at(*path), what=what, expected=expected, advice=_NEXT)
