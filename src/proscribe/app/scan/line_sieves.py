"""Which inputs are sifted line by line while they are read, and the sieve that travels to the process that reads them.

That process has loaded nothing of matching, and loads nothing for it but the loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from proscribe.matching.lines import Asked, CompiledSieve
from proscribe.readers import own_words

if TYPE_CHECKING:
    from proscribe.matching.kernel import Kernel
    from proscribe.model.observations import Table

#: From so many bytes on, sending the literals and making their table takes less than it saves.
LEAST_BYTES = 2 * 1024**2


@dataclass(frozen=True, slots=True)
class Sending:
    """A sieve as values: what is asked of lines, the literals joined, and their sizes."""

    asked: Asked
    sizes: tuple[int, ...]
    literals: bytes

    def made(self, module: Any = None) -> CompiledSieve:
        """Make the sieve, in whatever process.

        Args:
            module: the compiled loop; the one in the package by default.

        Raises:
            ImportError: where the loop was not compiled.
            ValueError: where the literals are no tables.
        """
        parts, at = [], 0
        for size in self.sizes:
            parts.append(self.literals[at : at + size])
            at += size
        return CompiledSieve(
            module or import_module("proscribe.matching._literals"), tuple(parts), self.asked
        )


def sending(kernel: Kernel, table: Table, size_bytes: int, *, keep_all: bool) -> Sending | None:
    """Give the sieve for a table of delimited text; `None` where its records are handed over whole.

    Args:
        table: with the kind that a person states.
        size_bytes: of the input.
        keep_all: whether the columns of all records are kept.
    """
    from proscribe.app.scan.blind_spots import EXAMPLES, keys_counted
    from proscribe.matching.asked import asked_of

    keys = keys_counted(table)
    if keep_all or keys is None or table.structured or size_bytes < LEAST_BYTES:
        return None
    tables = kernel.tables(own_words.marks())
    asked = asked_of(table, keys, EXAMPLES if keys else 0)
    if tables is None or asked is None:
        return None
    return Sending(asked, tuple(map(len, tables)), b"".join(tables))
