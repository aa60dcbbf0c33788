"""Listed cameras, recorders, radios and the like of which a record tells neither who made them nor which they are.

Nothing is recognised in such a record, whoever made the thing: "IP camera gate 3", maker "unknown". That is no clearance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from proscribe.matching.normalize import fold_texts
from proscribe.matching.record import Record
from proscribe.matching.unknown_maker import names_nobody

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from proscribe.matching.index import Index

#: Lists of one's own things: in others a bare "camera" may be a service, a sum or an offer.
OWN = frozenset({"equipment", "network"})
#: Kinds of things, of `device_words` in `context/words.yml`, that the rules are about.
_THINGS = frozenset({"camera", "recorder", "doorbell", "switch", "router", "wireless", "phone", "radio"})
#: Fields that tell which thing it is, and who made it.
TELLING = ("model_number", "part_number", "mac", "chip", "cpe", "purl", "fcc_id")
_WORDS = ("product_name", "text", "category")
#: What speaks of somebody by a name, among the hits of a cell.
_NAMES = frozenset({"other_maker", "entity_name", "brand", "relabel", "phone", "homonym"})
#: A number as makers give them: letters and two digits in one word, such as P3245 or C056E311207A.
_NUMBER = re.compile(r"(?=[a-z]*\d[a-z]*\d)(?=\d*[a-z])[a-z\d]{4,}", re.ASCII)


def undescribed(
    index: Index,
    rows: pa.RecordBatch,
    by_field: Mapping[str, Sequence[str]],
    told: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Give which rows name a thing of these kinds, and which of them tell neither its maker nor a number of it.

    Args:
        rows: the cells of a batch.
        by_field: the columns of each field.
        told: in which rows a field of `TELLING` is filled.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    pattern = _pattern(tuple(sorted(word for word, kind in index.words.device.items() if kind in _THINGS)))
    named = np.zeros(rows.num_rows, dtype=bool)
    for column in (name for field in _WORDS for name in by_field.get(field, ())):
        texts = rows.column(column).cast(pa.string()).dictionary_encode()
        folded = pa.array(fold_texts(texts.dictionary.to_pylist()), pa.string())
        hits = pc.match_substring_regex(folded, pattern).take(texts.indices)
        named |= hits.fill_null(False).to_numpy(zero_copy_only=False)
    lacking = named & ~told
    columns = [(name, field) for field in (*_WORDS, "maker_name") for name in by_field.get(field, ())]
    places = np.flatnonzero(lacking)
    if not len(places):
        return named, lacking
    taken = rows.select([name for name, _ in columns]).take(pa.array(places)).to_pydict()
    seen: dict[tuple[str, ...], bool] = {}
    for number, place in enumerate(places):
        cells = tuple(str(taken[name][number] or "") for name, _ in columns)
        if cells not in seen:
            seen[cells] = _tells_nothing(
                index, [(*column, text) for column, text in zip(columns, cells, strict=True)]
            )
        lacking[place] = seen[cells]
    return named, lacking


def _tells_nothing(index: Index, cells: Iterable[tuple[str, str, str]]) -> bool:
    """Tell whether a record of such a thing names neither a maker, nor a number, nor that it only goes with one."""
    record = Record.of(index, [cell for cell in cells if cell[2].strip()])
    for number, cell in enumerate(record.cells):
        words = record.words(number)
        if cell.field == "maker_name":
            if not names_nobody(index, words):
                return False
        elif any(hit.phrase.matcher in _NAMES for hit in record.hits[number]) or any(
            word in index.words.accessory or (word not in index.words.device and _NUMBER.fullmatch(word))
            for word in words
        ):
            return False
    return True


@lru_cache(maxsize=4)
def _pattern(words: tuple[str, ...]) -> str:
    """Write a pattern that finds words in a folded cell."""
    plain = "|".join(re.escape(word) for word in words if word < "\u1100")
    joined = "|".join(re.escape(word) for word in words if word >= "\u1100")
    return rf"(?:^|[^\pL\d])(?:{plain})(?:$|[^\pL])" + (f"|{joined}" if joined else "")
