"""What the words around a hit make of it, and the questions that they leave open."""

from __future__ import annotations

from dataclasses import dataclass

from proscribe.model.findings import MentionKind, State

WHEN_GONE = "When did it leave, and what proves it?"
WHETHER_DONE = "Is it still there: was the work done, when, and what proves it?"
ITSELF = "Is this the equipment itself, or something for it?"
WHICH_THING = "Does this speak of equipment that is here, and of which?"
WHOSE_SOFTWARE = (
    "The firm wrote this software: is it within what the law asked names, and which service does it use?"
)
WHETHER_ALL = "Some are said to be gone: how many of them are still there?"
WHETHER_CAME = "Has it been bought or installed at all, when, and is it here?"
WHICH_ONE = "Is this what was put in, or what was taken out?"
WHETHER_CARRIED = "Were these goods carried for somebody else, or delivered to you?"
WHETHER_BACK = "Is this row a cancelled purchase, a return or an issue from stock: is the thing still there?"

WHETHER_SUM = "Is this row the sum of others, or does it count things that no other row lists?"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words around a hit make of it.

    Attributes:
        kind: what kind of mention it is; `None` when it stands for the thing.
        state: what the words say of where the thing is now.
        asks: whether the reading is not certain, so that the finding stays a question.
        question: what to ask then.
        formerly: whether the words say that the thing is gone.
        why: the words that decide, as evidence.
        arrives: whether the thing takes the place of another.
        void: whether what was hit is no name of the firm at all.
    """

    kind: MentionKind | None = None
    state: State = State.UNKNOWN
    asks: bool = False
    question: str = ""
    formerly: bool = False
    why: str = ""
    arrives: bool = False
    void: bool = False


PLAIN = Reading()
VOID = Reading(void=True, why="the line says what the letters stand for")
ARRIVES = Reading(state=State.IN_SERVICE, arrives=True)
