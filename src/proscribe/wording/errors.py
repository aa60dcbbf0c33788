"""The texts of the error codes, from `errors.yml`: the page of a code, and its messages.

The file is read when the first text is asked for, and only the entry asked for is parsed: a scan that reports one
blemish of its input does not pay for five hundred texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """What one code says, whatever the occasion.

    Attributes:
        code: `E1xx` to `E5xx`, never reused.
        title: a short sentence.
        meaning: what it says about the input, the answer or the store.
        to_do: what the reader can do.
        kind: usage, input, knowledge, rule, case or environment.
        on_page: what the reader can do in a browser; empty where it is the same, or nothing.
        lossy: of a problem that readers report: whether data usually goes unread, or is read with a doubt.
    """

    code: str
    title: str
    meaning: str
    to_do: str
    kind: str
    lossy: bool = True
    on_page: str = ""

    def __str__(self) -> str:
        return f"{self.code}  {self.title}\n\n  {self.meaning}\n\n  What to do: {self.to_do}"


@dataclass(frozen=True, slots=True)
class Message:
    """One occasion of a code, with its values in place.

    Attributes:
        on_page: the next step where somebody works in a browser; empty where it is the same, or there is none.
    """

    code: str
    kind: str
    says: str
    expected: str
    next_step: str
    on_page: str


@cache
def page(name: str) -> Page | None:
    """Give the page of a code such as `E433`, or `None` when there is none; a variant may say itself what to do."""
    code = name.partition(".")[0]
    entry = {**_entry(code[:2]), **_entry(code), **_entry(name)}
    if "title" not in entry:
        return None
    return Page(
        code, entry["title"], entry["meaning"], entry["to_do"], entry["kind"], entry.get("lossy", True), entry.get("on_page", "")
    )  # fmt: skip


def message(name: str, values: Mapping[str, Any]) -> Message:
    """Put `values` into the message `name`, which is a code or `code.variant`.

    `near`, a word or a list of words with the best first, chooses the text `when_near` in place of the next step. A
    name that is not in the file, or a value that is missing, leaves a poorer text and never hides the error: tests
    hold the program to the file.
    """
    code = name.partition(".")[0]
    entry = {
        **_entry(code[:2]),
        **_entry(code),
        "says": name,
        "expected": "",
        "next_step": "",
        "on_page": "",
        **_entry(name),
    }
    near = values.get("near")
    if not isinstance(near, str):
        near = near[0] if near else ""
    ready = _Values(values, near=near)
    steps = entry["when_near"] if near and "when_near" in entry else entry["next_step"]
    said = (
        template.format_map(ready) for template in (entry["says"], entry["expected"], steps, entry["on_page"])
    )
    return Message(code, entry.get("kind", "usage"), *said)


class _Missing(str):
    def __format__(self, spec: str) -> str:
        return self


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return _Missing(f"({key})")


@lru_cache(maxsize=1)
def _text() -> str:
    return (files(__package__) / "errors.yml").read_text(encoding="utf-8")


@cache
def _entry(name: str) -> Mapping[str, Any]:
    import yaml

    found = re.search(rf"^{re.escape(name)}:\n(?: .*\n|\n)+", _text(), re.MULTILINE)
    if found is None:
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entry: Mapping[str, Any] = yaml.load(found.group(), loader)[name]  # noqa: S506 - a safe loader, of our own file
    return entry
