"""The records of the law as they stand in its files: fields read one by one, each fault told with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from proscribe.model.errors import ProscribeError, error
from proscribe.model.grades import BASES, CONFIDENCES
from proscribe.model.law import (
    DefinitionRef,
    Element,
    Expression,
    Provenance,
    Quotation,
)
from proscribe.model.periods import Period, parse_day
from proscribe.rules.expressions import BadExpression, parse, period_of, walk
from proscribe.rules.facts import nearest

_STATUSES = ("preview", "stable", "deprecated", "removed")
_PROVENANCE = (
    "recorded_on",
    "retracted_on",
    "superseded_by",
    "source",
    "locator",
    "basis",
    "confidence",
    "status",
    "note",
)
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


class LawFiles:
    """The files of the law, and what the records in them refer to.

    Attributes:
        documents: path to content, as a snapshot gives them.
        prefix: what comes before a regime's name in a path.
        quotations: the words of the law library by reference.
        references: what records name, to be looked for once all are read: kind, id, file, record.
    """

    def __init__(self, documents: Mapping[str, Any], prefix: str) -> None:
        self.documents = documents
        self.prefix = prefix
        held = documents.get(f"{prefix}quotations")
        self.quotations: Mapping[str, Any] = held if isinstance(held, Mapping) else {}
        self.references: list[tuple[str, str, str, str]] = []

    def fail(
        self, file: str, where: str, what: str, expected: str = "", code: str = "E301"
    ) -> ProscribeError:
        """Make the error that says what is wrong with a record; `where` is its place in the file, empty for the whole."""
        return error(
            code, at=f"{self.prefix}{file}" + (f" at {where}" if where else ""), what=what, expected=expected
        )


class LawRecord:
    """A mapping of the knowledge with its place, read field by field."""

    def __init__(self, files: LawFiles, file: str, where: str, raw: Any, defaults: Any) -> None:
        self.files = files
        self.file = file
        self.where = where
        if not isinstance(raw, Mapping):
            raise self.fail("a record is a mapping")
        self.raw: Mapping[str, Any] = raw
        self.defaults: Mapping[str, Any] = defaults if isinstance(defaults, Mapping) else {}

    def fail(self, what: str, expected: str = "", code: str = "E301") -> ProscribeError:
        return self.files.fail(self.file, self.where, what, expected, code)

    def only(self, *allowed: str) -> None:
        for key in self.raw:
            if key not in allowed and key not in _PROVENANCE:
                near = nearest(str(key), allowed)
                raise self.fail(
                    f"no field {key!r}" + (f"; did you mean {near!r}?" if near else ""), ", ".join(allowed)
                )

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw.get(key, default)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and (value or default is not None):
            return " ".join(value.split())
        if isinstance(value, date):
            return value.isoformat()
        raise self.fail(f"{key!r} is missing or no text")

    def day(self, key: str) -> str:
        """Give a day as ISO text; empty when it is not given."""
        value = self.raw.get(key)
        return "" if value in (None, "") else self.day_in(value, key).isoformat()

    def count(self, key: str, default: int) -> int:
        """Give a whole number above nought."""
        value = str(self.raw.get(key, default))
        if not value.isdecimal() or not 0 < int(value) <= 3650:
            raise self.fail(f"{key!r} is a whole number of days, 1 to 3650")
        return int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise self.fail(f"{key!r} is no list of texts")

    def flag(self, key: str, default: bool) -> bool:
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(f"{key!r} is true or false")
        return value

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        if default is not None and key not in self.raw:
            return default
        return self.choice_in(self.text(key), choices, key)

    def choice_in(self, value: str, choices: Iterable[str], key: str = "value") -> str:
        pool = list(choices)
        if value not in pool:
            near = nearest(value, pool)
            raise self.fail(
                f"{key!r} is {value!r}" + (f"; did you mean {near!r}?" if near else ""), ", ".join(pool)
            )
        return value

    def mapping(self, key: str) -> Mapping[str, Any]:
        value = self.raw.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.fail(f"{key!r} is no mapping")
        return value

    def records(self, key: str) -> list[LawRecord]:
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fail(f"{key!r} is no list")
        return [
            LawRecord(self.files, self.file, f"{self.where}.{key}[{place}]", item, {})
            for place, item in enumerate(value)
        ]

    def day_in(self, value: Any, key: str) -> date:
        try:
            return value if isinstance(value, date) else parse_day(str(value))
        except ValueError:
            raise self.fail(f"{key!r} is no date", "YYYY-MM-DD") from None

    def periods(self, key: str) -> tuple[Period, ...] | None:
        value = self.raw.get(key)
        if value is None:
            return None
        items = [value] if isinstance(value, Mapping) else value
        if not isinstance(items, list):
            raise self.fail(f"{key!r} is no list of periods")
        try:
            periods = tuple(period_of(item, ()) for item in items)
        except BadExpression as problem:
            raise self.fail(f"{key!r}: {problem.what}") from None
        for place, period in enumerate(periods):
            if any(period.overlaps(other) for other in periods[place + 1 :]):
                raise self.fail(f"{key!r} has periods that overlap")
        return periods

    def expression(self, key: str) -> Expression:
        """Read an expression and note what it refers to."""
        if key not in self.raw:
            raise self.fail(f"{key!r} is missing")
        try:
            expression = parse(self.raw[key])
        except BadExpression as problem:
            place = ".".join(str(step) for step in problem.path)
            raise self.fail(f"in {key}{'.' + place if place else ''}: {problem.what}", code="E304") from None
        for node in walk(expression):
            if isinstance(node, DefinitionRef):
                self.files.references.append(("definition", node.id, self.file, self.where))
        return expression

    def elements(self, key: str) -> tuple[Element, ...]:
        value = self.raw.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        out = []
        for place, item in enumerate(items):
            if isinstance(item, str):
                out.append(Element(item))
                continue
            part = LawRecord(self.files, self.file, f"{self.where}.{key}[{place}]", item, {})
            part.only("text", "if_known", "when")
            when = part.expression("when") if "when" in part.raw else None
            out.append(Element(part.text("text"), part.flag("if_known", False), when))
        return tuple(out)

    def words(self) -> tuple[Quotation, ...]:
        """Give the words of the library that `text` points at."""
        raw = self.raw.get("text")
        references = raw if isinstance(raw, list) else [raw]
        return tuple(
            self.quotation(one) for one in references if isinstance(one, str) and one.startswith("texts/")
        )

    def quotation(self, reference: str) -> Quotation:
        held = self.files.quotations.get(reference)
        if held is None:
            near = nearest(reference, self.files.quotations)
            raise self.fail(f"no words {reference!r} in the law library", near, code="E302")
        period = period_of({key: held[key] for key in ("from", "to")}, ())
        head = f"Source: {held['citation']} ({held['edition']})"
        lines = (line for line in held["words"] if line)
        return Quotation(
            reference,
            held["citation"],
            held["edition"],
            period,
            held["reading"],
            held["retrieved_on"],
            held["sha256"],
            "\n".join([head, *(f"> {line}" for line in lines)]),
        )

    def excerpt(self, name: str) -> str:
        """Give all stored words that `text` points at, of every edition."""
        if isinstance(self.raw.get("text"), list) or str(self.raw.get("text", "")).startswith("texts/"):
            words = self.words()
            if len(words) != len(self.texts("text")):
                raise self.fail("several words are all of the law library", "texts/...#paragraph")
            return _joined_words(words)
        reference = self.text("text", "")
        if not reference:
            return ""
        path, _, anchor = reference.partition("#")
        full = path if not path.startswith("text/") else f"{name}/{path}"
        content = self.files.documents.get(self.files.prefix + full)
        if not isinstance(content, str):
            raise self.fail(
                f"no text {full!r}", "a file of this or another regime's folder text/", code="E302"
            )
        if not anchor:
            return content.strip()
        headings = list(_HEADING.finditer(content))
        for place, heading in enumerate(headings):
            if heading.group(1) == anchor:
                end = headings[place + 1].start() if place + 1 < len(headings) else len(content)
                return content[heading.end() : end].strip()
        near = nearest(anchor, [heading.group(1) for heading in headings])
        raise self.fail(f"{full} has no heading {anchor!r}", near, code="E302")

    def provenance(self) -> Provenance:
        def of(key: str, default: str) -> str:
            value = self.raw.get(key, self.defaults.get(key, default))
            return value if isinstance(value, str) else default

        values = {
            "basis": (of("basis", "stated"), BASES),
            "confidence": (of("confidence", "medium"), CONFIDENCES),
            "status": (of("status", "stable"), _STATUSES),
        }
        for key, (value, choices) in values.items():
            self.choice_in(value, choices, key)
        return Provenance(
            of("source", ""),
            of("locator", ""),
            values["basis"][0],
            values["confidence"][0],
            self.files.prefix + self.file,
        )


def _joined_words(words: tuple[Quotation, ...]) -> str:
    """Give words as one text; editions with the same words share them."""
    editions: dict[tuple[str, str], list[str]] = {}
    for one in words:
        editions.setdefault((one.citation, one.text.partition("\n")[2]), []).append(one.edition)
    return "\n\n".join(
        f"Source: {citation} ({', '.join(named)})\n{text}" for (citation, text), named in editions.items()
    )
