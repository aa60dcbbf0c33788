"""One answer of the law, as lines for a terminal, as Markdown, and as the first screen of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from proscribe.model.answers import Answer
from proscribe.model.decisions import Outcome
from proscribe.rules.answer_words import (
    PERHAPS,
    RULE,
    WHY,
    WORLD,
    due_words,
    foot,
    head_of,
    in_all,
    parts,
    said_words,
)
from proscribe.wording import html
from proscribe.wording.shown import visible, wrap

_ALWAYS_ASKED = 3


def text_lines(
    answer: Answer, width: int, *, full: bool = False, screen: int = 0, short: bool = False
) -> Iterator[str]:
    """Write the answer for a terminal: the headline, then what is due, then what to ask, then the rest.

    Args:
        answer: the answer.
        width: cells to a line.
        full: also the duties of clauses of which it is open whether they are in a contract.
        screen: lines that headline, dates and questions may take together; questions beyond are counted. 0 = no bound.
        short: only headline, dates and questions.
    """
    taken = list(_hung(f"{answer.name}, as of {answer.as_of}", width, "", "  "))
    for one in parts(answer):
        label, texts, numbered = one.heading, one.texts, one.numbered
        if (label == PERHAPS and not full) or (short and label and not numbered):
            continue
        if numbered and texts:
            taken += _numbered(label, texts, width, screen - len(taken) if screen else len(texts) * 99)
        elif not label:
            taken += [line for text in texts for line in _hung(text, width, "  ", "    ")]
        elif label.startswith(("Duties", "By site")) and len(texts) > 1:
            taken += _hung(f"{label}:", width, "  ", "    ")
            taken += [line for text in texts for line in _hung(text, width, "    ", "      ")]
        elif texts:
            said = "; ".join(texts).replace(".; ", ". ")  # notes are whole sentences
            taken += _hung(f"{label}: {said}", width, "  ", "    ")
    if foot(answer):
        taken += _hung(foot(answer), width, "  ", "  ")
    return iter(taken)


def _numbered(label: str, texts: Sequence[str], width: int, room: int) -> Iterator[str]:
    """Write a numbered list; what does not fit into the lines that are left is counted, three always fit."""
    left = room - 2
    yield from _hung(f"{label}:", width, "  ", "    ")
    for place, text in enumerate(texts, 1):
        lines = list(_hung(f"{place:>2}. {text}", width, "   ", "       "))
        left -= len(lines)
        if left < 0 and place > _ALWAYS_ASKED:
            yield f"       … and {len(texts) - place + 1} more"
            return
        yield from lines


def brief_lines(answer: Answer, width: int) -> Iterator[str]:
    """Write the answer in a line or two, for a list of many."""
    yield from _hung(f"{answer.name}, as of {answer.as_of}: {said_words(answer.said[0])}", width, "", "  ")
    for text in list(due_words(answer.due))[:1]:
        yield from _hung(text, width, "  ", "    ")
    if answer.outcome is Outcome.UNDETERMINED:
        asked = next((one for one in parts(answer) if one.numbered and one.texts), None)
        if asked is not None:
            more = f" … and {len(asked.texts) - 1} more" if len(asked.texts) > 1 else ""
            yield from _hung(f"{asked.heading}: {asked.texts[0]}{more}", width, "  ", "    ")


def _hung(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    for place, line in enumerate(wrap(visible(text, 1_200), width - len(rest))):
        yield (rest if place else first) + line


def markdown_lines(answer: Answer, clean: Callable[..., str], *, level: int = 2) -> Iterator[str]:
    """Write the answer as Markdown.

    Args:
        answer: the answer.
        clean: makes text of unknown origin harmless in Markdown.
        level: of its heading.
    """
    yield f"{'#' * level} {clean(answer.name)}, as of {clean(answer.as_of)}"
    for one in parts(answer):
        if not one.texts:
            continue
        yield ""
        if one.label:
            yield from (f"**{clean(one.heading)}:**", "")
        mark = "1." if one.numbered else "-"
        yield from (f"{mark} {clean(text, 1_200)}" for text in one.texts)
    if foot(answer):
        yield ""
        yield clean(foot(answer))


def headed(text: str) -> tuple[str, str]:
    """Split a headline into what is emphasised and the rest."""
    head, mark, rest = text.partition(": " if text.startswith(("Due", "Was due", "May be", WORLD)) else ". ")
    return head + mark.rstrip(), mark[len(mark.rstrip()) :] + rest


def grounded(head: str, rest: str) -> tuple[str, str, str]:
    """Split what follows the emphasis of a headline: what a first screen says, what to call the rest, and the rest.

    What a rule says stands before its ground and its words; of clocks that may run the first to end stands before the others.
    """
    if head.startswith(
        head_of(Outcome.NOT_COVERED)
    ):  # that nothing reaches it is not said without the reason
        return rest, "", ""
    for mark, label in ((WHY, "Why, and by which rule"), (RULE, "By which rule")):
        said, found, ground = rest.partition(mark)
        if found:
            return said, label, f"{mark}{ground}".strip()
    said, found, later = rest.partition("; ") if head.startswith("May be") else (rest, "", "")
    return (f"{said}.", "Later, under other clauses", later) if found else (rest, "", "")


def html_of(answer: Answer) -> str:
    """Write the answer as a section of a page, with a heading of its own."""
    return str(_macros().section(answer))


def html_body(answer: Answer) -> str:
    """Write the answer for a section that has its heading already."""
    return str(_macros().body(answer))


def html_screens(answer: Answer, places: Mapping[Outcome, str]) -> tuple[str, str]:
    """Write the answer for a page that has its heading already: what a first screen says, and what follows.

    Args:
        places: outcome to the address of what is counted under it.
    """
    heads = {head_of(outcome): address for outcome, address in places.items()}
    return str(_macros().first_screen(answer, heads)), str(_macros().further(answer))


def _macros() -> Any:
    return html.macros(
        "proscribe.reports",
        "answer.html.j2",
        parts=parts,
        foot=foot,
        headed=headed,
        grounded=grounded,
        in_all=in_all,
    )
