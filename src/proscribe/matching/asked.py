"""What the loop over lines asks of each column of a table; see `lines`."""

from __future__ import annotations

from collections.abc import Sequence

from proscribe.matching.coverage import asks_inside, classes_of
from proscribe.matching.lines import CLASSES, FIRST_CLASS, LOOK, LOOK_IF_WORTH, NAMES, Asked
from proscribe.matching.matchers.fingerprint import CHANNEL_FIELDS
from proscribe.matching.parted import MOST_RECORDS, NUMBERS
from proscribe.matching.prefilter import LONG_NUMBER
from proscribe.matching.probes import stated_ids
from proscribe.model.observations import CONTENT_FIELDS, Table
from proscribe.readers import own_words

#: Fields in which more counts than literals say, and those that are put together with the columns beside them.
_OTHERWISE = CHANNEL_FIELDS | {"mac", "fcc_id", "sysobjectid", "usb_id", "maker_name"} | NUMBERS
#: Whole cells of columns that name things of which more is said; what is not ASCII is looked into anyway.
_WHOLE = tuple(word for word in own_words.repeating() if word.isascii())


def asked_of(table: Table, keys: Sequence[str] = (), bare: int = 0) -> Asked | None:
    """Say what the loop asks of the columns of a table; `None` where its records have to be handed over whole.

    Args:
        keys: fields of the class `key`.
        bare: so many records without a cell of that class are kept of each block.
    """
    read = {name: kind for name, kind in table.fields.items() if name not in table.unread}
    content = {name: kind for name, kind in read.items() if kind in CONTENT_FIELDS}
    ids = stated_ids(table, table.header)
    sites = [place for place, name in enumerate(table.header) if table.fields.get(name) == "site"]
    if (
        asks_inside(content)
        or not _OTHERWISE.isdisjoint(read.values())
        or "mac" in table.fields.values()
        or any(map(own_words.is_asked, table.header))
        or len(ids) > 1
        or len(sites) > 1
    ):
        return None
    asked = []
    for name in table.header:
        # what is not read is probed like a text
        what = LOOK if name in content or name in table.unread else LOOK_IF_WORTH
        classes = classes_of(content[name]) if name in content else ()
        if table.fields.get(name) in keys:
            classes = (*classes, "key")
        what |= NAMES if table.fields.get(name) in own_words.naming() else 0
        asked.append(what | sum(1 << (FIRST_CLASS + CLASSES.index(one)) for one in classes))
    return Asked(
        tuple(asked), table.header.index(ids[0]) if ids else -1, MOST_RECORDS, bare, LONG_NUMBER, own_words.BEGUN, _WHOLE,
        sites[0] if sites else -1,
    )  # fmt: skip
