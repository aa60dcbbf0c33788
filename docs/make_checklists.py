"""Write docs/checklists.md: each element a document has to say, where the law asks it, and the field that says it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from proscribe.documents import TYPES, paper_law
from proscribe.documents.law import Element
from proscribe.kb.snapshot import Snapshot

HERE = Path(__file__).parent
HEAD = """# Checklists: every element and the field that says it

For the lawyer who reads a document against the text. Written by `python docs/make_checklists.py` from what the types declare; a
test compares the elements with those of the obligations, and each pointer with a golden document. `*` stands for every entry.
"""


def page(knowledge: Snapshot) -> str:
    """Write the page."""
    return "\n".join([HEAD, *(line for name in TYPES for line in _type(name, knowledge))]).rstrip() + "\n"


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
