"""How a fact is known, and how sure it is: the grades of the knowledge, as `vocab/grades.yml` lists them."""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """What a fact rests on, the most direct first."""

    STATED = "stated"
    DERIVED = "derived"
    REPORTED = "reported"
    INFERRED = "inferred"


class Confidence(StrEnum):
    """How sure a fact is, the surest first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


#: Grades in their order, as text.
BASES = tuple(item.value for item in Basis)
CONFIDENCES = tuple(item.value for item in Confidence)
