"""`proscribe decide`: what the law says about cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.model.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from proscribe.app.decide import Decider
    from proscribe.model.decisions import Case, CaseResult

_FORMATS = ("table", "json", "md", "html")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("cases", metavar="CASES.yml", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table, json, md, html; may be given several times.",
)  # fmt: skip
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help="Compare with what the cases expect; exit with 1 when one is not met.",
)
@click.option("--interactive", is_flag=True, help="Ask the questions that matter, then write CASES.yml.")
@click.option("--as-of", metavar="DATE", help="Ask the law on this day, whatever the cases say.")
@click.option("--known-as-of", metavar="DATE", help="Use only facts recorded by this day.")
@click.option("--trace", is_flag=True, help="With -o table, show the whole reasoning.")
@click.option(
    "--whatif",
    "settling",
    is_flag=True,
    help="With -o table, show which missing facts would settle a case, and to what.",
)
@click.option(
    "--knowledge",
    multiple=True,
    metavar="FILE",
    help="Another snapshot or source folder, then layers of your own.",
)
@click.pass_context
def decide(
    ctx: click.Context,
    cases: Path,
    outputs: tuple[str, ...],
    checking: bool,
    interactive: bool,
    as_of: str | None,
    known_as_of: str | None,
    trace: bool,
    settling: bool,
    knowledge: tuple[str, ...],
) -> None:
    """Say what each rule holds about the cases of a file, with the paragraph and the questions that are open.

    \b
    Examples:
      proscribe decide case.yml
      proscribe decide cases.yml -o json --check
      proscribe decide new-case.yml --interactive
    """
    from proscribe.app.casefile import read_cases
    from proscribe.app.decide import Decider
    from proscribe.kb.snapshot import open_knowledge

    targets = _targets(outputs)
    day, known_on = _day(as_of, "--as-of"), _day(known_as_of, "--known-as-of")
    snapshot = open_knowledge(list(knowledge))
    decider = Decider.of(snapshot) if known_on is None else Decider.of(snapshot, known_on=known_on)
    if interactive:
        asked = [_interview(cases, decider, day)]
    else:
        asked = read_cases(cases, decider.law, as_of=day)
    results = list(decider.run(asked))
    failed = _report_checks(asked, results) if checking else 0
    for name, target in targets:
        if checking and not outputs:
            break
        text = _render(name, asked, results, decider, trace=trace, settling=settling)
        if target is None:
            click.echo(text)
            continue
        from proscribe.reports.atomic import replacing

        with replacing(Path(target)) as place:
            place.write_text(text + "\n", encoding="utf-8")
        click.echo(f"Written: {target}", err=True)
    ctx.exit(exitcodes.FOUND if failed else exitcodes.DONE)


def _targets(outputs: tuple[str, ...]) -> list[tuple[str, str | None]]:
    made: list[tuple[str, str | None]] = []
    for output in outputs or ("table",):
        name, _, target = output.partition("=")
        if name not in _FORMATS:
            raise UsageError(
                "E152",
                f"{name!r} is not an output format.",
                at=f"-o {output}",
                expected=", ".join(_FORMATS),
                next_step="Choose one of these.",
            )
        made.append((name, target or None))
    return made


def _day(text: str | None, option: str) -> date | None:
    from proscribe.cli.days import day_of

    return None if text is None else day_of(text, option)


def _render(
    name: str, cases: list[Case], results: list[CaseResult], decider: Decider, *, trace: bool, settling: bool
) -> str:
    from proscribe.rules import trace as words

    if name == "json":
        from proscribe.app.decide import answer

        day = max((result.as_of for result in results), default=None)
        content = {"cases": [result.to_json() for result in results]}
        value = answer("proscribe.decide/1", decider.stamp, day, content)
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    if name == "md":
        return "\n".join([*(words.result_markdown(result) for result in results), words.NOT_ADVICE])
    if name == "html":
        sections = "\n".join(words.result_html(result) for result in results)
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What the law says</title>'
            "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
            "details{margin-left:1rem}blockquote{border-left:3px solid #999;margin:.3rem 0;padding-left:.8rem}</style>"
            f"</head><body>\n{sections}\n<p>{words.NOT_ADVICE}</p>\n</body></html>"
        )
    parts = []
    for case, result in zip(cases, results, strict=True):
        parts.append(words.result_text(result, full=trace))
        if settling:
            parts.extend(_settling(case, result, decider))
    return "\n".join([*parts, words.NOT_ADVICE])


def _settling(case: Case, result: CaseResult, decider: Decider) -> list[str]:
    from proscribe.rules.whatif import settle

    lines = []
    for item in settle(case, result, decider.decide, decider.law):
        lines.append(
            f"  What would settle it: {', '.join(item.facts)}" + ("" if item.always else " (for some values)")
        )
        lines.extend(f"    {', '.join(values)}: {outcome.value}" for values, outcome in item.leads_to)
    return lines


def _report_checks(cases: list[Case], results: list[CaseResult]) -> int:
    """Print every case that is not met; give how many."""
    from proscribe.app.decide import check, dangerous
    from proscribe.rules.trace import to_text

    failed = wrong = asked = 0
    for case, result in zip(cases, results, strict=True):
        if case.expect is None:
            continue
        asked += 1
        mismatches = check(case, result)
        if not mismatches:
            continue
        failed += 1
        wrong += dangerous(case, result)
        click.echo(
            f"Not met: {case.id} ({case.at})" + (" DANGEROUS" if dangerous(case, result) else ""), err=True
        )
        for item in mismatches:
            click.echo(f"  {item.what}: expected {item.expected}; got {item.got}", err=True)
        for determination in result.determinations:
            click.echo(to_text(determination.trace, 2), err=True)
    tail = f", {wrong} of them dangerous" if wrong else ""
    click.echo(f"{asked - failed} of {asked} worked cases met{tail}.", err=True)
    return failed


# Asking a person


def _interview(path: Path, decider: Decider, day: date | None) -> Case:
    """Ask what still matters, until nothing does; write the case file.

    An answer of `?` means not known, an empty one ends the questions.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from proscribe.app.casefile import read_cases
    from proscribe.model.decisions import Case
    from proscribe.rules.facts import FACTS
    from proscribe.rules.trace import result_text
    from proscribe.rules.whatif import questions

    if path.exists():
        case = read_cases(path, decider.law, as_of=day)[0]
    else:
        case = Case(path.stem, day or datetime.now(UTC).date(), (), {})
    click.echo("Answer, or ? when you do not know; an empty line ends the questions.")
    skipped: set[str] = set()
    for name in ("party.jurisdiction", "party.role", "act.kind"):
        if name not in case.facts and not _ask(case, name, "", skipped):
            break
        case = replace(case, facts=dict(case.facts))
    while True:
        result = decider.decide(case)
        open_now = [name for name in questions(case, result) if name not in skipped]
        if not open_now:
            break
        name = open_now[0]
        if not _ask(case, name, _paragraph(result, name), skipped):
            break
    _write(path, case, FACTS)
    click.echo(f"Written: {path}")
    click.echo(result_text(decider.decide(case)), nl=True)
    return case


def _paragraph(result: CaseResult, name: str) -> str:
    """Find the citation of the rule that needs a fact."""
    for item in result.determinations:
        if name in item.missing or name in item.open_exceptions:
            return item.citations[0] if item.citations else item.regime
    return ""


def _ask(case: Case, name: str, citation: str, skipped: set[str]) -> bool:
    """Ask one fact and put it into the case; give False when the person ends the questions."""
    from proscribe.rules.facts import FACTS, WrongValue, typed

    spec = FACTS[name]
    click.echo(f"\n{spec.question}" + (f"  [{citation}]" if citation else ""))
    if spec.help:
        click.echo(f"  {spec.help} ({spec.who} can say)")
    if spec.values:
        click.echo("  " + ", ".join(spec.values))
    elif spec.type == "bool":
        click.echo("  yes, no")
    facts: dict[str, Any] = case.facts  # type: ignore[assignment]
    while True:
        answer = click.prompt(f"{name}", default="", show_default=False).strip()
        if not answer:
            return False
        if answer == "?":
            skipped.add(name)
            return True
        try:
            facts[name] = typed(name, _meant(spec.type, answer))
            return True
        except WrongValue as problem:
            hint = f" Did you mean {problem.near!r}?" if problem.near else ""
            click.echo(f"  {problem.what}; expected {problem.expected}.{hint}")


def _meant(kind: str, answer: str) -> Any:
    if kind == "bool":
        return {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}.get(
            answer.lower(), answer
        )
    if kind in ("choices", "entities", "clauses"):
        return [part.strip() for part in answer.strip("[]").split(",") if part.strip()]
    return answer


def _write(path: Path, case: Case, order: Any) -> None:
    from proscribe.reports.atomic import replacing
    from proscribe.rules.facts import shown

    quote: Callable[[str], str] = lambda text: json.dumps(text, ensure_ascii=False)  # noqa: E731
    lines = [f"- id: {quote(case.id)}", f"  as_of: {case.as_of.isoformat()}"]
    if case.regimes:
        lines.append("  regimes: [" + ", ".join(case.regimes) + "]")
    lines.append("  facts:" if case.facts else "  facts: {}")
    for name in order:
        value = case.facts.get(name)
        if value is None:
            continue
        if isinstance(value, tuple):
            text = "[" + ", ".join(quote(item) for item in value) + "]"
        elif isinstance(value, bool):
            text = shown(value)
        else:
            text = quote(shown(value))
        lines.append(f"    {name}: {text}")
    with replacing(path) as place:
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")
