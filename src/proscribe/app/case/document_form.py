"""What a person types into a form for a document, as the values that a document is made from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proscribe.app.case.document_files import overrides_of
from proscribe.app.inventory.offering import join_offerings
from proscribe.app.papers.document_gaps import OVERRIDE, filled_in
from proscribe.app.papers.document_statements import add
from proscribe.app.papers.documents import Making
from proscribe.documents import TYPES, paper_type
from proscribe.documents.asks import entry_of, field_of, says_short, values_in
from proscribe.model.errors import ProscribeError
from proscribe.wording.lines import lines_of

#: Parts of a line that describes an item beside those that were found; what stands first has to be there.
_DESCRIBED = ("concerns", "description", "brand", "model_number", "quantity", "site")
_CONCERNS = {"provide": ["provide"], "use": ["use"], "both": ["provide", "use"]}
#: What the document answers, by question.
ANSWER = "answer:"


#: What the file of the field `stated` is called where it is wrong.
STATED = "what was stated"
#: The field that names parts lists of the case, by their digests.
PARTS_LIST = "parts_list"
#: What a file of ours cannot hold as it is.
_UNWRITABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@contextmanager
def making_of(
    form: Mapping[str, str],
    *,
    author: str,
    at: datetime | None = None,
    parts_of: Callable[[str], Mapping[str, Any]] | None = None,
) -> Iterator[Making]:
    """Read a form into what a document is made with; files that it needs live as long as the context.

    What was typed becomes a file of statements, as whoever types commands hands over: the same words, the same document.

    Args:
        form: `type`, `stage`, `approver`, the fields that `documents.asks` declares for the type, `described`, `stated` (YAML in
            the shape of files of `--with`), under `answer:QUESTION` what the document answers, under `override:ID` the approver's
            reason (several ids with blanks for one reason), and what `document_gaps` asks for.
        author: who makes it.
        at: instant of the making; what is overridden in the form is overridden then. The present one where it is left out.
        parts_of: reads a parts list of the case by its digest, as `read_offering` gives it; without it the list is not read.

    Raises:
        UsageError: E457 an override without a named approver.
        CaseError: E458 for what is not as a field asks it, `at` the field.
    """
    type_ = form.get("type", "")
    said = {**filled_in(form)}
    add(said, values_in(type_, form))
    _described(form.get("described", ""), said)
    answers = {
        key.removeprefix(ANSWER): text.strip()
        for key, text in form.items()
        if key.startswith(ANSWER) and text.strip()
    }
    if answers:
        said["answers"] = answers
    approver = form.get("approver", "").strip()
    given = [
        f"{one}={reason}"
        for key, reason in form.items()
        if key.startswith(OVERRIDE) and reason.strip()
        for one in key.removeprefix(OVERRIDE).split()
    ]
    values: dict[str, Any] = {"overrides": overrides_of(given, approver, at)} if given else {}
    digests = [one.strip() for one in form.get(PARTS_LIST, "").split(",") if one.strip()]
    if parts_of is not None and digests and field_of(type_, PARTS_LIST):
        values["offering"] = join_offerings([parts_of(one) for one in dict.fromkeys(digests)])
    making = Making(
        type_, made_at=at, author=author, approver=approver, stage=form.get("stage", ""),
        values=values, asked=paper_type(type_).answers if type_ in TYPES else (),
    )  # fmt: skip
    written = {STATED: form.get("stated", "").strip(), "the form": _written(said)}
    with TemporaryDirectory(prefix="proscribe-") as folder:
        places = {Path(folder, f"{name}.yml"): text for name, text in written.items() if text}
        for place, text in places.items():
            place.write_text(f"{text}\n", encoding="utf-8")
        try:
            yield replace(making, files=tuple(places))
        except ProscribeError as problem:  # the files are those of fields, and are gone when this is read
            for place in places:
                problem.at = problem.at.replace(str(place), place.stem)
                problem.what = problem.what.replace(str(place), place.stem)
            raise


def _written(said: Mapping[str, Any]) -> str:
    """Write values as a file of statements; empty where nothing was said."""
    text = json.dumps(said, ensure_ascii=False) if said else ""
    return _UNWRITABLE.sub(lambda found: "".join(f"\\u{ord(char):04x}" for char in found[0]), text)


def _described(text: str, values: dict[str, Any]) -> None:
    """Put the items that are described into the values; what the fields of such an item say stays."""
    items: list[dict[str, Any]] = values.setdefault("items", [])
    called = "equipment or services"
    for number, line in enumerate(lines_of(text), start=1):
        if not line.strip():
            continue
        told: dict[str, Any] = entry_of("described", called, number, line, _DESCRIBED, least=2)
        concerns = _CONCERNS.get(told["concerns"].casefold())
        if concerns is None:
            raise says_short("described", called, number, line, _DESCRIBED, "concerns")
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
