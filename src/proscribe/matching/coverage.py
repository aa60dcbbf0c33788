"""What the records of a table carry that can be matched, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from proscribe.matching.kernel import Answer
    from proscribe.readers.base import LeftOut

_MAKER_FIELDS = ("maker_name", "vendor_name")
_MODEL_FIELDS = ("model_number", "part_number", "product_name", "chip")
_IDENTIFIER_FIELDS = ("mac", "cpe", "purl", "fcc_id", "usb_id", "sysobjectid", "serial_number", "hostname")
#: Identifiers inside free text, for tables that have no column of identifiers. Case-insensitive, RE2.
_IDENTIFIER = (
    r"(?i)\b(?:[0-9a-f]{2}[:-]){2}[0-9a-f]{2}(?:[:-][0-9a-fxn*_?]{2}){3}(?:[^0-9a-z]|$)"
    r"|\b[0-9a-f]{4}[.-][0-9a-f]{2}[0-9a-fx*]{2}[.-][0-9a-fx*]{4}\b"
    r"|\b[0-9a-f]{6}(?:[-:][0-9a-fx*]{6}(?:[^0-9a-z]|$)|[x*_]{6}|-{6})"
    r"|\bcpe:(?:2\.3:|/)|\bpkg:[a-z]|\b1\.3\.6\.1\.4\.1\.\d|\bfcc[ -]?id\b|\bid [0-9a-f]{4}:[0-9a-f]{4}\b"
)
#: Fields of the one column of a table in which identifiers are looked for inside the text.
_INSIDE = frozenset({"text", "other", "banner", "product_name"})
#: Matchers whose evidence is an identifier.
_IDENTIFIER_MATCHERS = frozenset({"oui", "cpe", "pen", "usb_id", "pci_id", "fcc_id"})
COVERAGE = (
    "records_with_maker",
    "records_with_model",
    "records_with_identifier",
    "records_with_nothing_usable",
)


def rests_on_identifier(answer: Answer) -> bool:
    """Tell whether an answer has evidence that is an identifier."""
    return any(item.matcher in _IDENTIFIER_MATCHERS for verdict in answer[0] for item in verdict.evidence)


def classes_of(kind: str) -> tuple[str, ...]:
    """Name the classes of columns that are counted to which a column of a field belongs."""
    named = (("maker", _MAKER_FIELDS), ("model", _MODEL_FIELDS), ("identifier", _IDENTIFIER_FIELDS))
    return (*(name for name, kinds in named if kind in kinds), "content")


def asks_inside(fields: Mapping[str, str]) -> bool:
    """Tell whether identifiers are looked for inside the texts of a table of these fields."""
    return len(fields) == 1 and not _INSIDE.isdisjoint(fields.values())


def count_left_out(left: LeftOut, coverage: Counter[str]) -> None:
    """Count what records carry that were not handed over, by the classes of `classes_of`."""
    for label, name in zip(COVERAGE, ("maker", "model", "identifier"), strict=False):
        coverage[label] += left.holding[name]
    coverage["records_with_nothing_usable"] += left.records - left.holding["content"]


def count_coverage(
    rows: pa.RecordBatch, fields: Mapping[str, str], coverage: Counter[str]
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], np.ndarray[Any, np.dtype[np.bool_]]]:
    """Count what the records carry into `coverage`.

    Returns:
        The records counted as carrying an identifier, and those counted as holding nothing usable.
    """
    import numpy as np
    import pyarrow.compute as pc

    filled: dict[str, Any] = {}
    for name, kind in fields.items():
        lengths = pc.fill_null(pc.binary_length(rows.column(name)), 0)
        present = pc.greater(lengths, 0).to_numpy(zero_copy_only=False)
        filled[kind] = filled[kind] | present if kind in filled else present
    nothing = np.ones(rows.num_rows, dtype=bool)
    for present in filled.values():
        nothing &= ~present

    def with_any(kinds: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        mask = np.zeros(rows.num_rows, dtype=bool)
        for kind in kinds:
            if kind in filled:
                mask |= filled[kind]
        return mask

    identified = with_any(_IDENTIFIER_FIELDS)
    if not identified.any() and len(fields) == 1:
        identified = _identifiers_inside(rows, fields)
    coverage["records_with_maker"] += int(with_any(_MAKER_FIELDS).sum())
    coverage["records_with_model"] += int(with_any(_MODEL_FIELDS).sum())
    coverage["records_with_identifier"] += int(identified.sum())
    coverage["records_with_nothing_usable"] += int(nothing.sum())
    return identified, nothing


def _identifiers_inside(
    rows: pa.RecordBatch, fields: Mapping[str, str]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which lines of a list carry an identifier; a list of devices often has no columns at all."""
    import numpy as np
    import pyarrow.compute as pc

    ((name, kind),) = fields.items()
    if kind not in _INSIDE:
        return np.zeros(rows.num_rows, dtype=bool)
    found = pc.fill_null(pc.match_substring_regex(rows.column(name), _IDENTIFIER), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
