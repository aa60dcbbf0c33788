"""What inputs say they could not see: blind spots, with their texts in `blind_spots.yml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from proscribe.model.observations import BlindSpot
from proscribe.readers._declared import values_of

#: Examples that one blind spot names.
_EXAMPLES = 5


@cache
def _texts() -> dict[str, str]:
    made: dict[str, str] = values_of("blind_spots.yml")
    return made


def blind_spot(name: str, count: int, of: int, examples: tuple[str, ...] = (), **values: object) -> BlindSpot:
    """Make a blind spot.

    Args:
        name: its kind, or a variant of it, `hosts_without_mac.netscan`, as the file has it.
        count: how many were not seen.
        of: of how many; 0 when that is not known.
        examples: names or places; the first ones are kept.
        values: what the text's template names.
    """
    text = _texts()[name].format_map(values)
    return BlindSpot(name.partition(".")[0], count, of, text, examples=examples[:_EXAMPLES])


class Tally:
    """Counts what was not seen, and keeps the first examples of each kind."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def note(self, name: str, example: str = "") -> None:
        """Count one thing that was not seen."""
        self._counts[name] += 1
        kept = self._examples.setdefault(name, [])
        if example and len(kept) < _EXAMPLES:
            kept.append(example)

    def spots(self, of: Mapping[str, int]) -> Iterator[BlindSpot]:
        """Give the blind spots in the order of `of`, which says of how many each was counted."""
        for name, total in of.items():
            if self._counts[name]:
                yield blind_spot(name, self._counts[name], total, tuple(self._examples[name]))
