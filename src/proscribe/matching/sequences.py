"""Which cells of a column are numbers given one after the other: `R8012` among `R8000` to `R8999` is no recorder.

What somebody states to be the id of a row is compared with what it would say as a text. Where ids run on, one looks like a
model number by chance, and nobody can say otherwise; a column of models never holds every number of a range, each once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

#: A few letters, and a number.
_NUMBERED = re.compile(r"([A-Za-z]{0,4}[-_/. #]?)[0-9]{1,9}")
_LONGEST_NUMBER = 9
#: Cells in which beginnings are looked for.
_LOOKED_AT = 64
#: So many different numbers behind one beginning are a sequence where they fill this share of their range ...
_FEWEST, _FILLED = 8, 0.5
#: ... or where they are so many that no family of models has as many.
_MANY = 500


def running(column: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Give a mask of the cells that stand in a sequence: one beginning, and numbers of which none stands twice."""
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = np.zeros(len(column), dtype=bool)
    for before in _beginnings(column):
        rest = pc.utf8_slice_codeunits(column, len(before))
        own = pc.and_(pc.starts_with(column, before), pc.ascii_is_decimal(rest))
        own = pc.and_(own, pc.less_equal(pc.binary_length(rest), _LONGEST_NUMBER))
        places = np.flatnonzero(own.fill_null(False).to_numpy(zero_copy_only=False))
        numbers = rest.take(pa.array(places)).cast(pa.int64()).to_numpy(zero_copy_only=False)
        if len(numbers) >= _FEWEST and _is_sequence(numbers):
            mask[places] = True
    return mask


def _beginnings(column: pa.StringArray) -> Iterator[str]:
    """Give what stands before the numbers in cells from the whole length of a column, each once."""
    step = max(1, len(column) // _LOOKED_AT)
    texts = column.take(np.arange(0, len(column), step)).to_pylist()
    found = (_NUMBERED.fullmatch(text) for text in texts if text)
    yield from dict.fromkeys(match[1] for match in found if match is not None)


def _is_sequence(numbers: npt.NDArray[np.int64]) -> bool:
    ordered = np.sort(numbers)
    if (ordered[1:] == ordered[:-1]).any():
        return False
    return len(ordered) >= _MANY or len(ordered) >= _FILLED * (int(ordered[-1]) - int(ordered[0]) + 1)
