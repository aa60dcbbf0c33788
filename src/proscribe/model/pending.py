"""What waits for a person's key, as it is kept, and as faces give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from proscribe.model.casework import Instant
from proscribe.model.codec import Limits


class Deed(StrEnum):
    """What is asked for."""

    JUDGE = "judge"
    JUDGE_MANY = "judge_many"
    SEE_MENTIONS = "see_mentions"
    TAKE_BACK = "take_back"
    SET_ASIDE = "set_aside"
    DECIDE = "decide"
    APPROVE = "approve"
    SIGN = "sign"
    ENROL = "enrol"
    AGREE = "agree"


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing that waits for the key of the person who asked for it.

    Attributes:
        id: `P-` and 32 digits that nobody can guess.
        by: whose key it waits for.
        told: what the deed takes, as text: `finding`, `verdict`, `reason`, `until`, `where`, `count`, `digest`, `seen`, `judged`,
            `mentions`, `record`, `title`, `run`, `offers`, `proposal`.
        case_id: empty for what is about a run that no case took, and about the roster.
        version: of the case that the person looked at; 0 where it does not matter.
    """

    id: Annotated[str, Limits("P-[0-9a-f]{32}")]
    deed: Deed
    case_id: str
    by: str
    asked_at: Instant
    told: dict[str, str] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeedPart:
    """One part of what a signature does, whole: what it is, such as `Reason`, and its values, what matters most first.

    Attributes:
        folded: whether a page may have it opened by whoever wants to read it: what a document rests on and how it was made.
    """

    name: str
    values: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class WaitsForKey:
    """One thing that waits for a key, as the store shows it now. Nothing proves who prepared it.

    Attributes:
        by: under whose name it was prepared; their key alone signs it.
        words: what a signature would do, or why it can no longer be signed.
        bands: findings that it is about, by band, the most serious first.
        stands: whether it can still be signed.
        content: all that a signature does, part by part; none where it can no longer be signed.
        confirmed_aside: how many confirmed findings it sets aside.
    """

    id: str
    deed: Deed
    case_id: str
    by: str
    asked_at: Instant
    words: str
    bands: Mapping[str, int]
    stands: bool
    content: tuple[DeedPart, ...] = ()
    confirmed_aside: int = 0
