"""What a signature says about its subjects: one file per predicate and major version."""

from __future__ import annotations

from proscribe.attestations.predicates import case_v1, document_v1, supplier_answers_v1

#: Predicate type -> what checks a predicate of that type; the visible list.
PREDICATES = {module.TYPE: module.faults for module in (document_v1, case_v1, supplier_answers_v1)}
