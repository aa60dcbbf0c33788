"""What the law has still to be told for a paper: in which position of the party it speaks, and which facts of which things.

A paper is of one award, and the case may have been put to the law in another matter: then no question of the law is about it. The
way on names the matter; where it was stated, it names the facts and things for which the paper waits, and these are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from proscribe.app.rules.asked_where import is_of_company
from proscribe.app.rules.asking import facts_of_situation, further_situations
from proscribe.app.rules.facts_file import ROLE
from proscribe.app.rules.positions import roles_of
from proscribe.app.rules.questions import asked_anew
from proscribe.documents import paper_type
from proscribe.model.results import StatedFact
from proscribe.rules.facts import FACTS

if TYPE_CHECKING:
    from proscribe.model.papers import Obstacle, Paper
    from proscribe.reports.questions import Question as Question  # what a page of questions is made of
    from proscribe.reports.questions import Questionnaire as Questionnaire

#: Things of which one answer is asked together: so many as an address names.
MOST_THINGS = 100
#: Things of which each is asked by itself what it is.
_MOST_ALONE = 5


def position_wanted(
    type_: str, contract: Mapping[str, Any] | None, stated: Iterable[StatedFact]
) -> tuple[tuple[str, ...], str] | None:
    """Give the situations of which one is to be stated beside what was stated, for a paper to be decided, and the award it names.

    Args:
        type_: of the paper, which may declare the kind of award that it is about.
        contract: what the paper says of its award.
        stated: all that was stated of the case.

    Returns:
        `None` where the position was stated, and where nothing was stated of what the company is: that is asked by itself.
    """
    kind = str(paper_type(type_).get("position", ""))
    roles = {one.value for one in stated if one.fact == ROLE}
    if not kind or not roles or roles & roles_of(kind):
        return None
    fitting = tuple(
        name for name, _ in further_situations() if facts_of_situation(name).get(ROLE) in roles_of(kind)
    )
    told = contract or {}
    named = (told.get(name) for name in ("award", "number", "solicitation"))
    return fitting, next((one for one in named if isinstance(one, str) and one.strip()), "")


def asked_at_the_law(
    paper: Paper, obstacles: Sequence[Obstacle], stated: Iterable[StatedFact]
) -> tuple[list[tuple[str, str]], str]:
    """Give what the address of the page of the law names, so that it asks what obstacles of a paper wait for.

    Returns:
        Names and values; and words for the link, empty where those of any other do.
    """
    named = list(dict.fromkeys(name for one in obstacles for name in one.evidence))
    facts = [name for name in named if name in FACTS]
    wanted = position_wanted(paper.type, paper.data.get("contract"), stated) if facts else None
    if wanted is not None:
        situations, number = wanted
        only = [("also", name) for name in situations] if len(situations) == 1 else []
        told = [("number", number)] if number else []
        award = f"award {number}" if number else "this award"
        return [
            ("further", "yes"),
            *only,
            *told,
        ], f"Say what you are in regard of {award}, and the law asks the rest"
    ids = [name for name in named if name.startswith("f_")][:MOST_THINGS]
    return [*(("ask", name) for name in facts), *(("finding", name) for name in (ids if facts else ()))], ""


def questions_about(
    asked: Questionnaire, facts: Sequence[str], findings: Sequence[str]
) -> tuple[Question, ...]:
    """Give the questions by which facts of some things become known: as they are open, and where they are not, of these things.

    Args:
        facts: names; one that is no fact is left out.
        findings: ids; of more than `MOST_THINGS` nothing is asked that is not open.
    """
    names, wanted = [name for name in dict.fromkeys(facts) if name in FACTS], set(findings)
    open_ = [
        one
        for one in asked.questions
        if one.fact in names and (one.applies_to == "company" or wanted & set(one.findings))
    ]
    if any(one.applies_to == "company" for one in open_):
        return tuple(open_)
    # of what the law asks about already it asks in its own order: the next fact once this one is known
    left = sorted(wanted.difference(*(one.findings for one in open_)))
    if len(left) > MOST_THINGS or (wanted and not left):
        return tuple(open_)
    made = (asked_anew(StatedFact(name, "", scope)) for name in names for scope in _scopes(name, left))
    return (*open_, *(one for one in made if one is not None))


def _scopes(fact: str, findings: Sequence[str]) -> Sequence[str]:
    """Give of what a fact is asked for some things: what a thing is, of each by itself; which money paid, of all together."""
    if not findings or (is_of_company(fact) and not fact.startswith(("use.", "funds."))):
        return ("company",)
    each = [f"finding:{one}" for one in findings]
    return each[:_MOST_ALONE] if fact.startswith("item.") else ("; ".join(each),)
