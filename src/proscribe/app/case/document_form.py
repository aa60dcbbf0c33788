"""What a person types into a form for a document, as the values that a document is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proscribe.app.case.document_files import overrides_of
from proscribe.app.papers.document_gaps import filled_in
from proscribe.app.papers.documents import Making
from proscribe.documents import TYPES, paper_type
from proscribe.kb.written_days import TwoMeanings, written_day
from proscribe.model.errors import ProscribeError, error
from proscribe.wording.lines import lines_of

#: Fields of a form: name, and the path of its value. Lists are typed one entry a line, its parts divided by semicolons.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("organisation", "name"),
    "uei": ("organisation", "uei"),
    "cage": ("organisation", "cage"),
    "contract": ("contract", "number"),
    "agency": ("contract", "agency"),
    "scope": ("inquiry", "scope"),
    "method": ("inquiry", "method"),
    "from_on": ("inquiry", "from_on"),
    "to_on": ("inquiry", "to_on"),
}
#: Lists of the record of an inquiry: name, and the parts of an entry in the order in which they are typed.
LISTS: Mapping[str, tuple[str, ...]] = {
    "searched": ("name", "kind", "how", "by", "on"),
    "not_searched": ("name", "why"),
}
#: JSON pointers under which these fields, and the answers that are chosen beside them, fill what a document asks for.
PLACES = (
    "/organisation", "/contract/clauses", "/contract/number", "/contract/identifier", "/contract/agency", "/body/representations",
    "/body/inquiry", "/body/searched", "/body/not_searched", "/body/method",
)  # fmt: skip
#: Parts of a line that describes an item beside those that were found; what stands first has to be there.
_DESCRIBED = ("concerns", "description", "brand", "model_number", "quantity", "site")
_CONCERNS = {"provide": ["provide"], "use": ["use"], "both": ["provide", "use"]}
#: What people call the lists, and parts of an entry.
_SAID = {
    "described": "equipment or services", "concerns": "provide, use or both", "description": "what it is",
    "model_number": "model number",
    "quantity": "how many", "site": "where",
    "searched": "what was searched", "not_searched": "what was not searched", "by": "by whom", "on": "day",
}  # fmt: skip
_CLAUSES_PARTED = re.compile(r"[,;\n]")
OVERRIDE = "override:"
#: What the document answers, by question.
ANSWER = "answer:"


@contextmanager
def making_of(form: Mapping[str, str], *, author: str, at: datetime | None = None) -> Iterator[Making]:
    """Read a form into what a document is made with; files that it needs live as long as the context.

    Args:
        form: `type`, `stage`, `approver`, `signer`, `signer_title`, `clauses` (with commas), `described`, those of `FIELDS` and
            `LISTS`, `stated` (YAML in the shape of files of `--with`), under `answer:QUESTION` what the document answers, under
            `override:ID` the reason of the approver (several ids with blanks for one reason), and what `document_gaps` asks for.
        author: who makes it.
        at: instant of the making; what is overridden in the form is overridden then. The present one where it is left out.

    Raises:
        UsageError: E457 an override without a named approver; E458 a line of a list with too many parts, too few, or no day.
    """
    values = filled_in(form)
    for name, (part, key) in FIELDS.items():
        if text := form.get(name, "").strip():
            values.setdefault(part, {})[key] = text
    if clauses := [text.strip() for text in _CLAUSES_PARTED.split(form.get("clauses", "")) if text.strip()]:
        values.setdefault("contract", {})["clauses"] = clauses
    for name, parts in LISTS.items():
        lines = enumerate(lines_of(form.get(name, "")), start=1)
        if rows := [_entry(name, number, line, parts) for number, line in lines if line.strip()]:
            values.setdefault("inquiry", {})[name] = rows
    _described(form.get("described", ""), values)
    said = {
        key.removeprefix(ANSWER): text.strip()
        for key, text in form.items()
        if key.startswith(ANSWER) and text.strip()
    }
    if said:
        values["answers"] = said
    if signer := form.get("signer", "").strip():
        values["signer"] = {"name": signer, "title": form.get("signer_title", "").strip()}
    approver = form.get("approver", "").strip()
    given = [
        f"{one}={reason}"
        for key, reason in form.items()
        if key.startswith(OVERRIDE) and reason.strip()
        for one in key.removeprefix(OVERRIDE).split()
    ]
    if given:
        values["overrides"] = overrides_of(given, approver, at)
    making = Making(
        form.get("type", ""), made_at=at, author=author, approver=approver, stage=form.get("stage", ""),
        values=values, asked=paper_type(form["type"]).answers if form.get("type") in TYPES else (),
    )  # fmt: skip
    stated = form.get("stated", "").strip()
    if not stated:
        yield making
        return
    with TemporaryDirectory(prefix="proscribe-") as folder:
        place = Path(folder, "stated.yml")
        place.write_text(f"{stated}\n", encoding="utf-8")
        try:
            yield replace(making, files=(place,))
        except ProscribeError as problem:  # the file is that of a field, and is gone when this is read
            problem.at = problem.at.replace(str(place), "what was stated")
            problem.what = problem.what.replace(str(place), "what was stated")
            raise


def _described(text: str, values: dict[str, Any]) -> None:
    """Put the items that are described into the values; what the fields of such an item say stays."""
    items: list[dict[str, Any]] = values.setdefault("items", [])
    for number, line in enumerate(lines_of(text), start=1):
        if not line.strip():
            continue
        told: dict[str, Any] = _entry("described", number, line, _DESCRIBED, least=2)
        concerns = _CONCERNS.get(told["concerns"].casefold())
        if concerns is None:
            expected = "; ".join(_SAID.get(part, part) for part in _DESCRIBED)
            raise error(
                "E458.short", at="described", list=_SAID["described"], number=number, line=line[:80],
                missing=_SAID["concerns"], parts=expected,
            )  # fmt: skip
        name = f"described-{number}"
        filled = next((one for one in items if one["id"] == name), None)
        if filled is None:
            items.append({**told, "id": name, "concerns": concerns})
        else:
            filled |= {**told, **filled, "concerns": concerns}
    # A line that was taken out takes with it what its fields said.
    kept = [one for one in items if one["concerns"] or not one["id"].startswith("described-")]
    values["items"] = kept
    if not kept:
        del values["items"]


def _entry(name: str, number: int, line: str, parts: Sequence[str], *, least: int = 0) -> dict[str, str]:
    """Read a line of a list; it is counted from 1, empty ones too, as whoever typed it counts.

    Args:
        least: how many of the parts there have to be, from the first; all where it is 0.
    """
    said = [text.strip() for text in line.split(";")]
    if len(said) > len(parts):
        raise error("E458.line", at=name, name=name, line=line[:80], parts="; ".join(parts))
    entry = {part: text for part, text in zip(parts, said, strict=False) if text}
    told = {"at": name, "list": _SAID[name], "number": number, "line": line[:80]}
    if missing := [_SAID.get(part, part) for part in parts[: least or len(parts)] if part not in entry]:
        expected = "; ".join(_SAID.get(part, part) for part in parts)
        raise error("E458.short", missing=", ".join(missing), parts=expected, **told)
    if "on" in entry:
        day = _day(entry["on"])
        if day is None:
            raise error("E458.day", day=entry["on"][:40], **told)
        entry["on"] = day
    return entry


def _day(text: str) -> str | None:
    """Give a day as ISO; `None` for what is none, or could be two."""
    try:
        found = written_day(text, loosely=False)
        return None if found is None else date.fromisoformat(found).isoformat()
    except (TwoMeanings, ValueError):
        return None
