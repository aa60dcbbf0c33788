"""The loop over the bytes of a column as compiled code, where it was built; elsewhere NumPy and an engine do the same.

`_literals.c` is built when the program is installed and a C compiler is there. It decides nothing: which literals there are,
and what must stand around them, comes from `scanner.py`, whose own loop is what tests hold it to.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from proscribe.matching.scanner import After, Literals, buffers

if TYPE_CHECKING:
    import pyarrow as pa

#: The loop looks at two bytes before anything else.
_SHORTEST = 2
#: It has room for twice as many prefixes of addresses.
_MOST_PREFIXES = 1 << 15


def _built() -> Any:
    try:
        return import_module("proscribe.matching._literals")
    except ImportError:
        return None


#: The compiled module, or `None`.
built: Any = _built()


#: Bytes of arrays, as `made` of the module takes them.
Tables = tuple[bytes, ...]


def tables_of(literals: Literals) -> Tables:
    """Write literals as the arrays of which the compiled module makes its table; any process may take them."""
    starts = np.zeros(len(literals.texts) + 1, dtype=np.uint32)
    np.cumsum([len(text) for text in literals.texts], out=starts[1:])
    return (
        b"".join(literals.texts),
        starts.tobytes(),
        np.array(literals.flags, dtype=np.int32).tobytes(),
        np.array(literals.longest, dtype=np.int32).tobytes(),
        *After(literals.after).tables(),
        b"".join(bytes((len(shape.text), shape.asks)) + shape.text.encode() for shape in literals.shapes),
        np.array(literals.prefixes, dtype=np.uint32).tobytes(),
    )


class CompiledLiterals:
    """Literals as a table of the compiled module."""

    def __init__(self, literals: Literals, module: Any) -> None:
        """Make the table, which takes hundredths of a second.

        Args:
            literals: what is looked for.
            module: the compiled module.
        """
        self._module = module
        self._table = module.made(*tables_of(literals))

    def rows(self, column: pa.StringArray) -> npt.NDArray[np.uint8]:
        """Give for each row `HIT` where a literal stands in it; of the others `ESCAPED` and `FOREIGN` tell what else is there."""
        offsets, data = buffers(column)
        found = np.zeros(len(column), dtype=np.uint8)
        if data.size:
            self._module.rows(self._table, data, offsets, found)
        return found


def compiled(literals: Literals) -> CompiledLiterals | None:
    """Give literals for the compiled loop; `None` where it was not built, one is too short, or prefixes are too many."""
    if (
        built is None
        or min(map(len, literals.texts), default=0) < _SHORTEST
        or len(literals.prefixes) > _MOST_PREFIXES
    ):
        return None
    return CompiledLiterals(literals, built)


def lettered(column: pa.StringArray, longest: int) -> npt.NDArray[np.bool_] | None:
    """Give a mask of the rows with a letter, or of at least so many bytes; `None` where the loop was not built."""
    if built is None:
        return None
    offsets, data = buffers(column)
    found = np.zeros(len(column), dtype=np.uint8)
    if data.size:
        built.lettered(data, offsets, longest, found)
    return found.view(np.bool_)
