"""What an extract of SAM says, as facts of the decision vocabulary, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proscribe.kb.snapshot import open_knowledge
from proscribe.model.codec import write
from proscribe.readers.sam import SamExtract, read_sam
from proscribe.suppliers.questions import supplier_law

#: Question of the yearly representation to the fact that says how it was answered.
_FACTS = {"provide": "sam.provides", "use": "sam.uses"}
_VALUES = {"yes": "true", "no": "false"}


@dataclass(frozen=True, slots=True)
class SamFact:
    """One fact about one entity.

    Attributes:
        fact, value: as in the vocabulary; `value` is `not understood` when the record's words are no yes and no no.
        citation: of the paragraph that was answered.
        source: file and place, with the digest of the file and the record's own words.
    """

    uei: str
    cage: str
    name: str
    fact: str
    value: str
    citation: str
    source: str

    def to_json(self) -> dict[str, str]:
        """Give it as plain values."""
        value: dict[str, str] = write(self)
        return value


def read_extracts(
    paths: Sequence[Path], knowledge: Sequence[str | Path] = ()
) -> tuple[list[SamExtract], list[SamFact]]:
    """Read extracts of SAM, and the representations in them as facts.

    Raises:
        InputError: E101, E102 a file that cannot be read.
    """
    extracts = [read_sam(path) for path in paths]
    return extracts, sam_facts(extracts, knowledge)


def extract_json(extract: SamExtract) -> dict[str, Any]:
    """Give what an extract holds as plain values, without its records."""
    return {
        "name": extract.name,
        "sha256": extract.sha256,
        "kind": extract.kind,
        "entities": len(extract.entities),
        "exclusions": len(extract.exclusions),
        "unread": list(extract.unread),
        "issues": [{"code": item.code, "at": item.at, "what": item.what} for item in extract.issues],
    }


def sam_facts(extracts: Sequence[SamExtract], knowledge: Sequence[str | Path] = ()) -> list[SamFact]:
    """Give the answers to the yearly representation as facts; what is not answered gives no fact."""
    statements = supplier_law(open_knowledge(tuple(knowledge))).statements
    asked = {statements[question].citation: fact for question, fact in _FACTS.items()}
    found = []
    for extract in extracts:
        for entity in extract.entities:
            for answer in entity.answers:
                for citation, fact in asked.items():
                    if citation.endswith(" " + answer.citation):
                        source = f"{extract.name} (SHA-256 {extract.sha256[:16]}…), {answer.place}: {answer.says!r} to {citation}"
                        value = _VALUES.get(answer.says.casefold(), "not understood")
                        found.append(
                            SamFact(entity.uei, entity.cage, entity.name, fact, value, citation, source)
                        )
    return found
