"""What a contract buys, as its row names it: which of the things that are sold it may be.

A row that names products narrows nothing to them: a contract may buy more than a list says. Only a row that says in words that
it buys nothing of what is sold takes a contract out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from proscribe.choice.gathering import words
from proscribe.choice.headings import tables
from proscribe.choice.input_row import InputRow
from proscribe.choice.records import Contract
from proscribe.matching.product_links import within

#: What is open of a thing that is sold: whether it is what the contract buys; and where the row of the contract names it, whether
#: it is delivered as it was found.
PROVIDED, NAMED = "contract.provides", "contract.buys"


@cache
def _said(what: str) -> frozenset[str]:
    return frozenset(map(words, tables()["contracts"][what]))


def bought(row: InputRow) -> tuple[str, ...] | None:
    """Read what a row of contracts buys; empty where it does not say, and `None` where it says that it is nothing of these."""
    told = row.list("buys")
    if told and all(words(one) in _said("buys_nothing") for one in told):
        return None
    return tuple(one for one in told if words(one) not in _said("buys_nothing") | _said("buys_unknown"))


def open_of(contract: Contract, item: str) -> str | None:
    """Say what is open of a thing that is sold under a contract; `None` where the contract buys nothing of what is sold.

    Args:
        item: what the thing is called where it is sold, with its number.
    """
    if contract.buys is None:
        return None
    return NAMED if any(_may_be(name, item) for name in contract.buys) else PROVIDED


@lru_cache(maxsize=10_000)
def _may_be(name: str, item: str) -> bool:
    """Tell whether the name of a product in one list may mean that of another: the same words, or one number in both."""
    shared = {key for key in within(name) if any(map(str.isdigit, key))} & set(within(item))
    return bool(shared) or words(name) == words(item)


def asked_of(contracts: Sequence[Contract]) -> list[Contract]:
    """Give the contracts of which nothing says what they buy."""
    return [one for one in contracts if one.buys == () and one.kind != "licence"]
