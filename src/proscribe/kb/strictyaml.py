"""Text-first YAML: only `null`, `true` and `false` are typed, everything else is the text as written.

An ordinary loader reads the country code `NO` as a boolean, `10:20:30` as a number and `1.10` as 1.1. This
one does not guess. It also refuses what a hostile file could use: anchors and aliases, tags, merge keys,
several documents, duplicate keys, deep nesting and unbounded size. Every value keeps its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from proscribe.model.errors import KnowledgeError, ProscribeError

#: A mapping key or a list index on the way to a value.
Step = str | int
_TYPED = {"null": None, "true": True, "false": False}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlCodes(NamedTuple):
    """The stable codes used for the four ways in which a YAML file can be wrong."""

    syntax: str = "E205"
    duplicate: str = "E206"
    construct: str = "E207"
    limit: str = "E208"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask for at most.

    Attributes:
        size_bytes: size of the file.
        depth: mappings and lists inside one another.
        nodes: scalars, mappings and lists together.
    """

    size_bytes: int = 8_000_000
    depth: int = 40
    nodes: int = 400_000


_LIMITS = Limits()
KNOWLEDGE_CODES = YamlCodes()


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: plain dicts, lists, texts, `True`, `False`, `None`, and where each stands.

    Attributes:
        name: the file's name as shown in messages.
        value: the content; `None` for an empty file.
        marks: path of steps to `(line, column)`, both counted from 1. A key's own place is the mark of its
            value's path in `keys`.
        keys: path of steps (ending in the key) to the place of the key itself.
    """

    name: str
    value: Any
    marks: dict[tuple[Step, ...], tuple[int, int]] = field(default_factory=dict)
    keys: dict[tuple[Step, ...], tuple[int, int]] = field(default_factory=dict)

    def line(self, *path: Step) -> int:
        """Give the line of the value at `path`, or of its nearest parent that exists."""
        return self._mark(path)[0]

    def at(self, *path: Step) -> str:
        """Give `file:line:column` of the value at `path`, or of its nearest parent that exists."""
        line, column = self._mark(path)
        return f"{self.name}:{line}:{column}"

    def _mark(self, path: tuple[Step, ...]) -> tuple[int, int]:
        for length in range(len(path), -1, -1):
            mark = self.keys.get(path[:length]) or self.marks.get(path[:length])
            if mark is not None:
                return mark
        return 1, 1


class _Frame:
    """An open mapping or list."""

    __slots__ = ("container", "key", "path")

    def __init__(self, container: dict[str, Any] | list[Any], path: tuple[Step, ...]) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None


def parse(
    data: bytes | str,
    name: str,
    *,
    limits: Limits = _LIMITS,
    error: type[ProscribeError] = KnowledgeError,
    codes: YamlCodes = KNOWLEDGE_CODES,
) -> Document:
    """Read one YAML document, text first.

    Args:
        data: the file's bytes (UTF-8) or text.
        name: how messages call the file.
        limits: bounds on size, depth and node count.
        error: the exception class to raise, so that case files speak of cases.
        codes: the stable codes to use.

    Raises:
        ProscribeError: of class `error`, with file:line:column, when the file is not strict YAML.

    Example:
        >>> parse("country: NO\\nversion: 1.10\\nopen: null\\n", "x.yml").value
        {'country': 'NO', 'version': '1.10', 'open': None}
    """
    return _Parser(name, limits, error, codes).run(data)


@cache
def declared(package: str, name: str) -> Any:
    """Give what a file beside the code of a package declares, such as `proscribe.choice` and `acts.yml`.

    The value is shared: change nothing of it.
    """
    return parse(files(package).joinpath(name).read_bytes(), name).value


_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NOTE = re.compile(r"[\s:,\]}]*\s#\s*(.*?)\s*")


def notes_of(data: bytes | str) -> dict[int, str]:
    """Give the comments that stand behind values, by their lines counted from 1.

    Args:
        data: what `parse` has read; lines of comment alone, and what stands inside a text, are none.
    """
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    ends: dict[int, int] = {}
    for event in yaml.parse(text, Loader=_LOADER):
        if event.end_mark is not None and not isinstance(event, yaml.StreamStartEvent):
            line, column = event.end_mark.line, event.end_mark.column
            ends[line] = max(ends.get(line, 0), column)
    lines = _BREAKS.split(text)
    found = {
        line + 1: _NOTE.fullmatch(lines[line][column:])
        for line, column in ends.items()
        if column and line < len(lines)
    }
    return {line: match[1] for line, match in found.items() if match is not None and match[1]}


class _Parser:
    def __init__(self, name: str, limits: Limits, error: type[ProscribeError], codes: YamlCodes) -> None:
        self.name = name
        self.limits = limits
        self.error = error
        self.codes = codes
        self.document = Document(name, None)

    def fail(self, code: str, what: str, mark: Any, expected: str, next_step: str) -> ProscribeError:
        at = self.name if mark is None else f"{self.name}:{mark.line + 1}:{mark.column + 1}"
        return self.error(code, what, at=at, expected=expected, next_step=next_step)

    def text_of(self, data: bytes | str) -> str:
        size = len(data)
        if size > self.limits.size_bytes:
            raise self.fail(
                self.codes.limit,
                f"the file is too large ({size} bytes)",
                None,
                f"at most {self.limits.size_bytes} bytes",
                "Split the file.",
            )
        if isinstance(data, str):
            return data.removeprefix("\ufeff")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            line = data.count(b"\n", 0, problem.start) + 1
            raise self.error(
                self.codes.syntax,
                "the file is not UTF-8",
                at=f"{self.name}:{line} (byte {problem.start})",
                expected="UTF-8 text",
                next_step="Save the file as UTF-8.",
            ) from None

    def run(self, data: bytes | str) -> Document:
        text = self.text_of(data)
        try:
            value = self.compose(text)
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            what = getattr(problem, "problem", None) or getattr(problem, "reason", None) or "not readable"
            raise self.fail(
                self.codes.syntax,
                f"not valid YAML: {what}",
                mark,
                "one YAML document",
                "Check indentation, quotes and colons at this place.",
            ) from None
        except (RecursionError, UnicodeError, ValueError):
            raise self.fail(
                self.codes.syntax,
                "not valid YAML: characters that YAML does not allow",
                None,
                "printable UTF-8 text",
                "Remove control characters and unpaired surrogates.",
            ) from None
        return Document(self.name, value, self.document.marks, self.document.keys)

    def compose(self, text: str) -> Any:
        stack: list[_Frame] = []
        root: Any = None
        documents = nodes = 0
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent or kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                nodes += 1
                if nodes > self.limits.nodes:
                    raise self.fail(
                        self.codes.limit,
                        "the file holds too many values",
                        event.start_mark,
                        f"at most {self.limits.nodes} values",
                        "Split the file.",
                    )
                self.refuse_dressing(event)
                if kind is yaml.ScalarEvent:
                    if stack and isinstance(stack[-1].container, dict) and stack[-1].key is None:
                        self.open_key(stack[-1], event)
                        continue
                    value: Any = event.value
                    if not event.style and value in _TYPED:
                        value = _TYPED[value]
                    if stack:
                        self.place(stack[-1], value, event)
                    else:
                        root = value
                        self.mark((), event)
                    continue
                if len(stack) >= self.limits.depth:
                    raise self.fail(
                        self.codes.limit,
                        "values are nested too deeply",
                        event.start_mark,
                        f"at most {self.limits.depth} levels",
                        "Flatten the structure.",
                    )
                container: dict[str, Any] | list[Any] = {} if kind is yaml.MappingStartEvent else []
                if stack:
                    path = self.place(stack[-1], container, event)
                else:
                    root, path = container, ()
                    self.mark((), event)
                stack.append(_Frame(container, path))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
            elif kind is yaml.AliasEvent:
                raise self.construct("an alias", event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise self.construct("a second document", event)
                if event.tags:
                    raise self.construct("a tag directive", event)
        return root

    def construct(self, what: str, event: Any) -> ProscribeError:
        return self.fail(
            self.codes.construct,
            f"{what} is not accepted",
            event.start_mark,
            "plain mappings, lists and texts",
            "Write the value out in full.",
        )

    def refuse_dressing(self, event: Any) -> None:
        if event.anchor is not None:
            raise self.construct("an anchor", event)
        if event.tag is not None:
            # the lone `!` of a non-specific tag and every other tag change how a value is read
            raise self.construct("a tag", event)

    def mark(self, path: tuple[Step, ...], event: Any) -> None:
        self.document.marks[path] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def open_key(self, frame: _Frame, event: Any) -> None:
        key = event.value
        assert isinstance(frame.container, dict)
        if key == "<<" and not event.style:
            raise self.construct("a merge key", event)
        if key in frame.container:
            first = self.document.keys.get((*frame.path, key), (0, 0))[0]
            raise self.fail(
                self.codes.duplicate,
                f"the key {key!r} is given twice (first on line {first})",
                event.start_mark,
                "each key once",
                "Remove or rename one of the two.",
            )
        frame.key = key
        self.document.keys[(*frame.path, key)] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def place(self, frame: _Frame, value: Any, event: Any) -> tuple[Step, ...]:
        if isinstance(frame.container, list):
            path = (*frame.path, len(frame.container))
            frame.container.append(value)
        else:
            if frame.key is None:
                raise self.construct("a key that is not text", event)
            path = (*frame.path, frame.key)
            frame.container[frame.key] = value
            frame.key = None
        self.mark(path, event)
        return path
