"""The inputs of a document from JSON, so that another program or a file can hand them over.

The shape is that of `PaperInputs`, field by field; days are `YYYY-MM-DD`, instants ISO 8601 with an offset.
"""

from __future__ import annotations

from typing import Any

from proscribe.model.codec import CodecError, read
from proscribe.model.errors import error
from proscribe.model.papers import PaperInputs

#: The field that says whose document it is; people meet it missing, as nothing else is.
_OWNER = "organisation"


def inputs_from_json(value: Any) -> PaperInputs:
    """Read inputs; whole numbers may be written as text.

    Raises:
        InputError: E461 with the place of the first thing that is not as it should be, and how many more there are: an
            unknown or a missing field, a value of another type, a day or an instant that is none.
    """
    try:
        return read(PaperInputs, value, text_first=True)
    except CodecError as problem:
        first, others = problem.faults[0], len(problem.faults) - 1
        if (first.pointer, first.expected) in (("", _OWNER), (f"/{_OWNER}", "name")):
            raise error("E461.organisation", at="organisation.name") from None
        raise error(
            "E461.shape",
            at=first.pointer or "the top",
            what=first.what + (f", and {others:,} more like it" if others else ""),
            expected=first.expected,
        ) from None
