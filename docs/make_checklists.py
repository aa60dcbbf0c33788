"""Write docs/checklists.md (the types of documents; each element one has to say, where the law asks it, the field that says it)
and the schemas of types that have none yet: a released schema is never written over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from proscribe.documents import TYPES, paper_law, schema_of
from proscribe.documents.law import Element
from proscribe.kb.snapshot import Snapshot

HERE = Path(__file__).parent
SCHEMAS = HERE.parent / "schemas"
HEAD = """# Types of documents, and the checklist of each

Written by `python docs/make_checklists.py` from what the types declare. [documents.md](documents.md) says what documents are.

| type | what it is | command | stages |
| --- | --- | --- | --- |
"""
WANTED = """
What in a contract, a solicitation or an award asks for a document, in short; the words of the clause count:

| asked for by | document | who signs or sends it | when |
| --- | --- | --- | --- |
"""
CHECKLISTS = """
For the lawyer who reads a document against the text: every element, and the field that says it. A test compares the elements
with those of the obligations, and each pointer with a golden document. `*` stands for every entry.
"""


def page(knowledge: Snapshot) -> str:
    """Write the page."""
    types = "".join(_row(name, knowledge) for name in TYPES)
    wanted = "".join(
        f"| {one.by} | `{one.type}` | {one.signs} | {one.when} |\n"
        for kind in TYPES.values()
        for one in kind.wanted
    )
    lines = [
        HEAD + types + WANTED + wanted + CHECKLISTS,
        *(line for name in TYPES for line in _type(name, knowledge)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _row(name: str, knowledge: Snapshot) -> str:
    kind = TYPES[name]
    command = " ".join(kind.command or ("document", "make", name))
    stages = ", ".join(f"`{stage}`" for stage in paper_law(knowledge, name).stages)
    return f"| `{name}` | {kind.what} | `{command}` | {stages or 'none'} |\n"


def _type(name: str, knowledge: Snapshot) -> Iterator[str]:
    law = paper_law(knowledge, name)
    yield f"## `{name}`"
    yield ""
    yield f"{law.title}. {law.citation}."
    yield ""
    if law.statements:
        yield "Sentences that are signed, with the words of the two answers:"
        yield ""
        for one in law.statements:
            answers = " / ".join(f"*{word}*" for word in one.says.values())
            yield f"- {one.citation}: “{one.words.replace('{answer}', '…')}” ({answers})"
        yield ""
    yield "| citation | element | asked | fields |"
    yield "| --- | --- | --- | --- |"
    for element in law.elements:
        fields = "<br>".join(f"{label}: `{pointer}`" for pointer, label in element.pointers)
        yield f"| {element.citation} | {element.words} | {_asked(element)} | {fields} |"
    yield ""


def _asked(element: Element) -> str:
    parts = [
        element.stage,
        ", ".join(element.editions),
        "" if not element.items else "; ".join(_of(key, value) for key, value in element.items.items()),
        "if known" if element.if_known else "",
        "may be none" if element.if_applicable else "",
    ]
    return "; ".join(part for part in parts if part) or "always"


def _of(key: str, value: object) -> str:
    shown = ", ".join(value) if isinstance(value, list) else str(value)
    return (
        f"items that concern {shown}" if key == "concerns" else f"items of the kind {shown.replace('_', ' ')}"
    )


if __name__ == "__main__":
    (HERE / "checklists.md").write_text(page(Snapshot.open(HERE.parent / "knowledge")), "utf-8")
    for one in TYPES:
        schema = SCHEMAS / f"proscribe.paper.{one}-1.schema.json"
        if not schema.exists():
            schema.write_text(json.dumps(schema_of(one), indent=1, ensure_ascii=False) + "\n", "utf-8")
