"""Findings spliced into the text of a CycloneDX JSON document; every other character stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from proscribe.model.errors import error
from proscribe.reports.parts.marks import NAMESPACE, WITH_ANNOTATIONS, Entry, Marks, Note, check_version


def _number(text: str) -> int | str:
    """Read a whole number; one of hundreds of digits, which Python may refuse, is only passed over."""
    return int(text) if len(text) <= _LONGEST_NUMBER else text


_LONGEST_NUMBER = 300
_DECODER = json.JSONDecoder(parse_int=_number)
_SPACE = re.compile(r"[ \t\r\n]*")
_PEDIGREE = ("ancestors", "descendants", "variants")

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Member:
    key: str
    at: int  # of the key
    start: int  # of the value
    end: int


@dataclass(slots=True)
class _Object:
    """An object's place and members, and how it is laid out."""

    start: int
    end: int
    members: list[_Member]

    def get(self, key: str) -> _Member | None:
        """Give the last member of a name: the one that other programs read where a name stands twice."""
        return next((member for member in reversed(self.members) if member.key == key), None)


@dataclass(slots=True)
class JsonDocument:
    """A CycloneDX document as text.

    Args:
        text: the whole document, without byte order mark.

    Attributes:
        version: the version it states.
        signed: whether it, or a part of it, carries a signature, which no longer matches once anything is written.
    """

    text: str
    version: str = ""
    signed: bool = False
    _edits: list[Edit] = field(default_factory=list)
    _root: _Object = field(init=False)

    def __post_init__(self) -> None:
        try:
            at = self._space(0)
            _, end = _DECODER.raw_decode(self.text, at)
            if self._space(end) != len(self.text):
                raise error("E176.trailing", at=f"character {end}")
            if self.text[at : at + 1] != "{":
                raise error("E176.not_object")
            self._root = self._object(at)
        except json.JSONDecodeError as problem:
            raise error(
                "E176.not_json", at=f"line {problem.lineno}, column {problem.colno}", msg=problem.msg
            ) from None
        except RecursionError:
            raise error("E176.too_deep") from None
        stated = self._root.get("specVersion")
        self.version = str(self._value(stated)) if stated is not None else ""
        self.signed = '"signature"' in self.text

    # --- reading -----------------------------------------------------------------------------------

    def _space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found is not None else at

    def _value(self, member: _Member) -> Any:
        return _DECODER.raw_decode(self.text, member.start)[0]

    def _object(self, start: int) -> _Object:
        members: list[_Member] = []
        at = self._space(start + 1)
        while self.text[at] != "}":
            key, end = _DECODER.raw_decode(self.text, at)
            value = self._space(self._space(end) + 1)
            _, stop = _DECODER.raw_decode(self.text, value)
            members.append(_Member(key, at, value, stop))
            at = self._space(stop)
            if self.text[at] == ",":
                at = self._space(at + 1)
        return _Object(start, at + 1, members)

    def _items(self, start: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of the items of an array."""
        if self.text[start] != "[":
            return
        at = self._space(start + 1)
        while self.text[at] != "]":
            _, end = _DECODER.raw_decode(self.text, at)
            yield at, end
            at = self._space(end)
            if self.text[at] == ",":
                at = self._space(at + 1)

    # --- writing -----------------------------------------------------------------------------------

    def annotated(self, marks: Marks) -> str:
        """Give the document with the marks in the place of earlier ones; the same text when nothing changes.

        Raises:
            InputError: `E176`, the version has no place for them.
        """
        check_version(self.version)
        self._edits = []
        wanted: set[str] = set()
        for pointer in marks.components:
            while pointer:
                wanted.add(pointer)
                pointer = pointer.rpartition("/")[0]
        root = self._root
        metadata = root.get("metadata")
        for key in ("components", "services"):
            for member in root.members:
                if member.key == key:
                    for number, (start, end) in enumerate(self._items(member.start)):
                        self._component(start, end, f"/{key}/{number}", wanted, marks)
        if metadata is not None and self.text[metadata.start] == "{":
            made = self._object(metadata.start)
            product = made.get("component")
            if product is not None:
                self._component(product.start, product.end, "/metadata/component", wanted, marks)
            self._properties(made, marks.document)
        else:
            # written as an object of its own, laid out like the root
            self._put(root, "metadata", lambda line: self._wrapped(marks.document, line, root))
        if self.version in WITH_ANNOTATIONS:
            notes = [_note(note, marks) for note in marks.notes]
            self._array(
                root, "annotations", notes, lambda item: str(item.get("bom-ref", "")).startswith(NAMESPACE)
            )
        if self._edits:
            self._count_up()
        pieces = []
        at = 0
        for start, end, new in sorted(self._edits, key=lambda edit: (edit[0], edit[1])):
            pieces.append(self.text[at:start])
            pieces.append(new)
            at = end
        pieces.append(self.text[at:])
        return "".join(pieces)

    def _component(self, start: int, end: int, pointer: str, wanted: set[str], marks: Marks) -> None:
        if self.text[start] != "{":
            return
        if pointer not in wanted and self.text.find(f'"{NAMESPACE}', start, end) < 0:
            return
        made = self._object(start)
        for member in made.members:
            if member.key in ("components", "services"):
                for number, (first, last) in enumerate(self._items(member.start)):
                    self._component(first, last, f"{pointer}/{member.key}/{number}", wanted, marks)
            elif member.key == "pedigree" and self.text[member.start] == "{":
                for kin in self._object(member.start).members:
                    if kin.key in _PEDIGREE:
                        for number, (first, last) in enumerate(self._items(kin.start)):
                            place = f"{pointer}/pedigree/{kin.key}/{number}"
                            self._component(first, last, place, wanted, marks)
        self._properties(made, marks.components.get(pointer, ()))

    def _properties(self, made: _Object, entries: Sequence[Entry]) -> None:
        self._array(
            made,
            "properties",
            [{"name": name, "value": text} for name, text in entries],
            lambda item: str(item.get("name", "")).startswith(NAMESPACE),
        )

    def _array(
        self, made: _Object, key: str, new: list[dict[str, Any]], ours: Callable[[dict[str, Any]], bool]
    ) -> None:
        """Put items at the end of an array of an object, in the place of earlier ones of ours."""
        member = made.get(key)
        if member is None or self.text[member.start] != "[":
            if new:
                self._put(
                    made, key, lambda line: self._list([self._item(one, line) for one in new], line, made)
                )
            return
        kept: list[str] = []
        before: list[Any] = []
        for start, end in self._items(member.start):
            value = _DECODER.raw_decode(self.text, start)[0]
            if isinstance(value, dict) and ours(value):
                before.append(value)
            else:
                kept.append(self.text[start:end])
        if before == new:
            return
        line = self._line(made)
        texts = [*kept, *(self._item(one, line) for one in new)]
        self._edits.append((member.start, member.end, self._list(texts, line, made)))

    def _line(self, made: _Object) -> str:
        """Give what stands before each member of an object: a line end with indentation, or little."""
        return self.text[made.start + 1 : made.members[0].at] if made.members else ""

    def _unit(self, made: _Object, line: str) -> str:
        if "\n" not in line:
            return ""
        close = self.text[made.members[-1].end : made.end - 1] if made.members else ""
        inner, outer = line.rpartition("\n")[2], close.rpartition("\n")[2]
        return inner[len(outer) :] if inner.startswith(outer) and len(inner) > len(outer) else "  "

    def _item(self, value: Any, line: str) -> str:
        if "\n" in line:
            return json.dumps(value, ensure_ascii=False)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def _list(self, texts: Sequence[str], line: str, made: _Object) -> str:
        if "\n" not in line:
            return f"[{','.join(texts)}]"
        inner = line + self._unit(made, line)
        return "[" + ",".join(inner + text for text in texts) + f"{line}]" if texts else "[]"

    def _wrapped(self, entries: Sequence[Entry], line: str, made: _Object) -> str:
        items = [{"name": name, "value": text} for name, text in entries]
        if "\n" not in line:
            return json.dumps({"properties": items}, ensure_ascii=False, separators=(",", ":"))
        inner = line + self._unit(made, line)
        deeper = inner + self._unit(made, line)
        texts = ",".join(deeper + self._item(item, line) for item in items)
        return "{" + f'{inner}"properties": [{texts}{inner}]{line}' + "}"

    def _put(self, made: _Object, key: str, write: Callable[[str], str]) -> None:
        """Write a member that is missing or null.

        Raises:
            InputError: `E176`, it holds something else, which would have to be thrown away.
        """
        member = made.get(key)
        if member is None:
            self._insert(made, key, write)
            return
        if self.text[member.start : member.end] != "null":
            raise error("E176.key_taken", at=f"line {self.text.count(chr(10), 0, member.at) + 1}", key=key)
        self._edits.append((member.start, member.end, write(self._line(made))))

    def _insert(self, made: _Object, key: str, write: Callable[[str], str]) -> None:
        line = self._line(made)
        colon = ": " if "\n" in line or ": " in self.text[made.start : made.start + 400] else ":"
        text = f"{json.dumps(key)}{colon}{write(line)}"
        if made.members:
            at = made.members[-1].end
            self._edits.append((at, at, f",{line}{text}"))
        else:
            self._edits.append((made.start, made.end, "{" + text + "}"))

    def _count_up(self) -> None:
        """Add one to the version of the document, as the format asks of whoever changes it."""
        member = self._root.get("version")
        if member is None:
            self._insert(self._root, "version", lambda _line: "2")
            return
        value = self._value(member)
        if isinstance(value, int) and not isinstance(value, bool):
            self._edits.append((member.start, member.end, str(value + 1)))


def _note(note: Note, marks: Marks) -> dict[str, Any]:
    return {
        "bom-ref": note.ref,
        "subjects": [note.subject],
        "annotator": {
            "component": {"type": "application", "name": marks.program, "version": marks.program_version}
        },
        "timestamp": marks.at,
        "text": note.text,
    }
