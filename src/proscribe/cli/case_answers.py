"""`proscribe case answer`: the open questions of a case, answered for all of their things or for some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from proscribe.cli.options import CASE, SETTINGS, Given, options
from proscribe.cli.terminal import print_json, print_lines
from proscribe.model.codec import write
from proscribe.model.errors import error
from proscribe.wording.safe import terminal as safe
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.case.answers import Question, Questionnaire
    from proscribe.app.case.some_answers import Asked
    from proscribe.model.answers import Follows

#: Sites, lists and things of a question that are named.
_SHOWN = 12


@click.command("answer", context_settings=SETTINGS)
@CASE
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.argument("said", metavar="[ANSWER]", required=False)
@click.option(
    "--site",
    "sites",
    multiple=True,
    metavar="NAME",
    help="Only for the things at this site; may be repeated.",
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="FILE",
    help="Only for the things of this list; may be repeated.",
)
@click.option(
    "--finding", "findings", multiple=True, metavar="ID", help="Only for this thing; may be repeated."
)
@click.option("--preview", "trying", is_flag=True, help="Say what would follow, and keep nothing.")
@options("store", "by", "expect", "knowledge", "output")
def answer(
    given: Given, number: int | None, said: str | None, sites: tuple[str, ...], lists: tuple[str, ...],
    findings: tuple[str, ...], trying: bool,
) -> None:  # fmt: skip
    """List what the law still asks about a case; with NUMBER, what it is asked of; with ANSWER, answer it.

    What --site, --list and --finding choose together is answered, and the rest stays open. ? is an answer: not known.

    \b
    Examples:
      proscribe case answer C-0001
      proscribe case answer C-0001 2
      proscribe case answer C-0001 2 "public safety" --site Depot --preview
      proscribe case answer C-0001 2 "public safety" --site Depot --by "R. Ito"
    """
    from proscribe.app.case.case_law import open_questions, put_to_the_law
    from proscribe.app.case.some_answers import asked_of, what_follows

    who = given.person if said is not None and not trying else ""
    with given.cases() as cases:
        file = cases.case(given.case_id)
        form = open_questions(cases, file)
        if form is None:
            raise error("E424.no_scan", at=given.case_id)
        if number is None:
            _list(given, form)
            return
        if number > len(form.questions):
            raise error("E438.no_question", number=number, most=len(form.questions), case=given.case_id)
        question = form.questions[number - 1]
        picked = bool(sites or lists or findings)
        asked = asked_of(cases, file, question.fact, question.applies_to) if picked or said is None else None
        if said is None:
            assert asked is not None
            _show(given, number, asked)
            return
        scope, things = question.applies_to, len(question.findings)
        if asked is not None and picked:
            chosen = asked.chosen(sites, lists, findings)
            scope, things = asked.scope(chosen), len(chosen)
        answers = [(question.fact, scope, said)]
        if trying:
            _follow(given, what_follows(cases, given.case_id, answers), things)
            return
        version = cases.version(given.case_id, given.version)
        file = put_to_the_law(cases, given.case_id, by=who, answers=answers, version=version)
        left = open_questions(cases, file)
    if given.json:
        print_json(file.to_json())
        return
    more = f"; {len(question.findings) - things:,} stay open" if things < len(question.findings) else ""
    print_lines(
        [
            f"Answered for {counted(things, 'finding')}{more}. {file.determinations[-1].id}: {file.determinations[-1].outcome}."
        ]
    )
    print_lines(
        [f"{len(left.questions) if left is not None else 0} questions: proscribe case answer {given.case_id}"]
    )


def _list(given: Given, form: Questionnaire) -> None:
    if given.json:
        print_json({"questions": [_told(one) for one in form.questions]})
        return
    print_lines(
        line
        for number, one in enumerate(form.questions, start=1)
        for line in (
            f"{number:>3}  {safe(one.question)}  ({safe(one.about)})",
            f"     {counted(len(one.findings), 'finding')} wait; {safe(one.such_as)}",
        )
    )
    if not form.questions:
        print_lines(["No question is open that would change the answer."])


def _told(one: Question) -> dict[str, object]:
    return {
        "fact": one.fact, "applies_to": one.applies_to, "question": one.question, "about": one.about,
        "values": list(one.values), "findings": list(one.findings),
    }  # fmt: skip


def _show(given: Given, number: int, asked: Asked) -> None:
    if given.json:
        print_json({**_told(asked.question), "sites": dict(asked.sites()), "lists": dict(asked.lists())})
        return

    def lines() -> Iterator[str]:
        yield f"{number:>3}  {safe(asked.question.question)}  ({safe(asked.question.about)})"
        for option, places in (("--site", asked.sites()), ("--list", asked.lists())):
            for name, count in places.most_common(_SHOWN):
                yield f"     {count:>6}  {option} '{safe(name)}'"
        for id_, one in list(asked.things.items())[:_SHOWN]:
            found = "; ".join(str(text) for text in one.get("found", ())[:2])
            yield f"             --finding {id_}  {safe(str(one['path']))}  {safe(found)}"
        if len(asked.things) > _SHOWN:
            yield f"             and {len(asked.things) - _SHOWN:,} more"

    print_lines(lines())


def _follow(given: Given, told: Follows, things: int) -> None:
    if given.json:
        print_json(write(told))
        return
    outcomes = sorted({*told.before, *told.after})
    print_lines([
        f"If it is answered for {counted(things, 'finding')}, the law says something else of {counted(told.changed, 'finding')}:",
        *(f"  {name.replace('_', ' '):<20} {told.before.get(name, 0):>7,} -> {told.after.get(name, 0):>7,}" for name in outcomes),
        f"Open questions: {told.open_before:,} -> {told.open_after:,}. Nothing was kept.",
    ])  # fmt: skip
