"""The loop over the bytes of a column as compiled code, where it was built; elsewhere NumPy and an engine do the same.

`_literals.c` is built when the program is installed and a C compiler is there. It decides nothing: which literals there are,
and what must stand around them, comes from `scanner.py`, whose own loop is what tests hold it to.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from proscribe.matching.ready import Holder, Ready, ready_or_made
from proscribe.matching.scanner import After, Literals, buffers

if TYPE_CHECKING:
    import pyarrow as pa

#: Behind the name of literals: as arrays for the loop.
_ARRAYS = "-arrays"
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

    def __init__(self, tables: Tables, module: Any) -> None:
        """Make the table, which takes hundredths of a second.

        Args:
            tables: what is looked for, as `tables_of` writes it.
            module: the compiled module.

        Raises:
            ValueError: when they are no such tables.
        """
        self._module = module
        self._table = module.made(*tables)

    def rows(self, column: pa.StringArray) -> npt.NDArray[np.uint8]:
        """Give for each row `HIT` where a literal stands in it; of the others `ESCAPED` and `FOREIGN` tell what else is there."""
        offsets, data = buffers(column)
        found = np.zeros(len(column), dtype=np.uint8)
        if data.size:
            self._module.rows(self._table, data, offsets, found)
        return found


def compiled(literals: Callable[[], Literals], holder: Holder, kept_as: str) -> CompiledLiterals | None:
    """Give literals for the compiled loop, made once for an index; `None` where it was not built, or `kept` gives nothing."""
    if built is None:
        return None
    if kept_as not in holder.loops:
        tables = kept(literals, holder.ready, kept_as)
        holder.loops[kept_as] = CompiledLiterals(tables, built) if tables else None
    loop: CompiledLiterals | None = holder.loops[kept_as]
    return loop


def kept(literals: Callable[[], Literals], ready: Ready | None, kept_as: str) -> Tables:
    """Give literals as the arrays of the loop: as they were kept, so that no text of them is made, or made and kept.

    Args:
        literals: gives them.
        ready: keeps the arrays behind this name.

    Returns:
        Nothing where one is too short for the loop, or prefixes are too many.
    """
    return ready_or_made(ready, f"{kept_as}{_ARRAYS}", _unpacked, lambda: _fitting(literals()), _packed)


def _fitting(literals: Literals) -> Tables:
    short = min(map(len, literals.texts), default=0) < _SHORTEST
    return () if short or len(literals.prefixes) > _MOST_PREFIXES else tables_of(literals)


def _packed(tables: Tables) -> bytes:
    return b"\n".join((json.dumps(list(map(len, tables))).encode(), b"".join(tables)))


def _unpacked(packed: bytes) -> Tables:
    head, _, rest = packed.partition(b"\n")
    ends = list(accumulate(json.loads(head)))
    if ends[-1:] != [len(rest)] and packed != _packed(()):
        raise ValueError("arrays of other lengths than stated")
    return tuple(rest[start:end] for start, end in pairwise([0, *ends]))


def lettered(column: pa.StringArray, longest: int) -> npt.NDArray[np.bool_] | None:
    """Give a mask of the rows with a letter, or of at least so many bytes; `None` where the loop was not built."""
    if built is None:
        return None
    offsets, data = buffers(column)
    found = np.zeros(len(column), dtype=np.uint8)
    if data.size:
        built.lettered(data, offsets, longest, found)
    return found.view(np.bool_)
