"""What a piece of evidence comes to by itself, in words instead of bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from proscribe.kb.snapshot import open_knowledge


@lru_cache(maxsize=4)
def bands_of(paths: tuple[str, ...] = ()) -> Mapping[str, int]:
    """Give the least sum of each band of a knowledge, in millibits.

    Args:
        paths: a snapshot or source folder, then layers; the shipped one by default.

    Raises:
        KnowledgeError: as `open_knowledge`.
    """
    return {
        name: int(least)
        for name, least in open_knowledge(paths).document("matching/weights")["bands"].items()
    }


def weighed(pieces: Sequence[tuple[int, str]], bands: Mapping[str, int]) -> Iterator[str]:
    """Say of each piece of evidence what it comes to by itself.

    Args:
        pieces: weight in millibits and group of each; pieces of one group count once, at their strongest.
        bands: as `bands_of` gives them.
    """
    counted: set[str] = set()
    for mbit, group in pieces:
        if mbit < 0:
            yield "speaks against it"
        elif not mbit:
            yield "raises a doubt"
        elif group in counted:
            yield "says the same, and counts once"
        else:
            reached = [name for name, least in bands.items() if mbit >= least]
            yield f"{max(reached, key=bands.__getitem__)} by itself" if reached else "too little by itself"
        counted.add(group)
