"""Who writes to a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes to a case, when what they say is said to have happened, and what they looked at before.

    With what key they do it is a matter of the store, whose `hand` signs for them.

    Attributes:
        name: the person; empty for whom the key of the store is of.
        version: the version of the case that they looked at: one that has changed since is refused (E422) rather than
            overwritten. None for what cannot overwrite anything, such as a note.
        stated_at: when it is said to have happened, where that is not now; the store records its own time beside it.
    """

    name: str
    version: int | None = field(default=None, kw_only=True)
    stated_at: datetime | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Informed(Author):
    """An author who looked at a version of the case: asked for where what they write could overwrite something."""

    version: int = field(kw_only=True)
