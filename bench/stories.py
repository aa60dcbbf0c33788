"""How much a company is asked before the law can answer, and whether the answers are right.

    python bench/stories.py FOLDER [...]          folders of stories, such as tests/bench/stories
    python bench/stories.py FOLDER --show         also every row that was asked, with its answer, and every wrong outcome

A story is a folder with one CSV (what the company keeps), FACTS.yml (what a person knows on the first day) and
answers.yml: `truth` (what is true about everything else; records before sites before company, "?" = nobody can say),
`outcomes` (what must come out for each record), `obligations` and `no_obligations`, `clock_may_run`.

The CSV is scanned once and decided on FACTS.yml. Then rounds: the questionnaire is written, each row without an answer is
answered from the truth ("?" where the truth has none, or where the things that the row covers differ), and everything
is decided again, until no row is new. Every row that is ever asked counts once. An outcome is *dangerous* when it lets go
where a rule binds or is open, on any pass. One undetermined finding also goes through the interview of `decide --interactive`.
Prints one line a story; exits 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proscribe.app.case.answers import write_scan
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.decisions import Interview, WrongValue
from proscribe.app.rules.facts_file import read_stated
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import Ready
from proscribe.app.rules.scopes import site_key, things_key
from proscribe.app.scan.api import ScanResult, scan
from proscribe.devices.same_thing import place_of
from proscribe.kb.strictyaml import parse
from proscribe.model.decisions import Outcome
from proscribe.model.findings import Finding
from proscribe.model.results import Scan
from proscribe.reports.questions import to_csv
from proscribe.reports.scan.determinations import vendor_tables
from proscribe.rules.citations import met_by
from proscribe.rules.facts import FACTS

LETS_GO = frozenset({"not_covered", "excepted", "waived", "not_in_force"})
GOALS = {"undetermined": 0.30, "asked": 12, "right": 0.95}
_ROUNDS = 12
_NEXT = re.compile(r";\s*(?=(?:finding|things|site):)")
_NOTHING_DUE = "nothing is due"


@dataclass(slots=True)
class Told:
    """What came out of one story.

    Attributes:
        undetermined: share of the findings that could not be said at the first pass; lines of lists of vendors are leads and
            are not counted.
        asked: rows ever asked, with the answer of the truth.
        interviewed: questions of one interview.
        wrong: records whose last outcome is none of those expected, and what they are.
        dangerous: records that were let go on any pass.
        duties: obligations expected and not shown, or shown and not expected.
        silent: views that say that nothing is due, or show no clock, while one may run.
        rows: the questionnaire as it came back.
    """

    name: str
    undetermined: float = 0.0
    asked: dict[tuple[str, str], str] = field(default_factory=dict)
    interviewed: int = 0
    expected: int = 0
    wrong: list[str] = field(default_factory=list)
    dangerous: list[str] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)

    @property
    def right(self) -> float:
        """Give the share of the expected outcomes that came out."""
        return 1 - len(self.wrong) / self.expected if self.expected else 1.0

    def misses(self) -> list[str]:
        """Give the goals that are missed, in words."""
        return [
            words
            for missed, words in (
                (self.undetermined > GOALS["undetermined"], "undetermined at first"),
                (max(len(self.asked), self.interviewed) > GOALS["asked"], "questions"),
                (self.right < GOALS["right"], "right at the end"),
                (bool(self.dangerous), "dangerous"),
                (bool(self.duties), "obligations"),
                (bool(self.silent), "clock"),
            )
            if missed
        ]

    def line(self) -> str:
        """Say the figures of the story."""
        misses = self.misses()
        return (
            f"{self.name}: undetermined {self.undetermined:.2f}, rows {len(self.asked)}, interview {self.interviewed}, "
            f"right {self.right:.3f} of {self.expected}, dangerous {len(self.dangerous)}, "
            f"duties wrong {len(self.duties)}, silent clocks {len(self.silent)}"
            + (f"  MISSED: {', '.join(misses)}" if misses else "")
        )


class Truth:
    """What is true of a story, asked by record."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._company = raw.get("company") or {}
        self._sites = {site_key(name): facts or {} for name, facts in (raw.get("sites") or {}).items()}
        self._records = raw.get("records") or {}

    def of(self, fact: str, finding: Finding) -> str:
        """Give the answer about one finding, as a person writes it; `?` where there is none."""
        places = (
            self._records.get(finding.record_id or "", {}),
            self._sites.get(site_key(finding.details.site), {}),
            self._company,
        )
        for place in places:
            if fact in place:
                return _written(place[fact])
        return "?"

    def answer(self, fact: str, findings: Sequence[Finding]) -> str:
        """Give the one answer that is true of all of these; `?` where they differ."""
        answers = {self.of(fact, one) for one in findings} or {_written(self._company.get(fact, "?"))}
        return answers.pop() if len(answers) == 1 else "?"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value)) or "[]"
    return str(value)


def covered(applies: str, findings: Sequence[Finding]) -> list[Finding]:
    """Give the findings that a row speaks of."""
    if applies == "company":
        return list(findings)
    parts = [part.strip().partition(":")[::2] for part in _NEXT.split(applies)]
    return [one for one in findings if any(_speaks_of(kind, name, one) for kind, name in parts)]


def _speaks_of(kind: str, name: str, finding: Finding) -> bool:
    site = finding.details.site
    if kind == "site":
        return site_key(site) == site_key(name)
    if kind == "things":
        return things_key(finding.entity, finding.category, site) == _folded(name)
    return kind == "finding" and finding.id == name


def _folded(name: str) -> str:
    head, _, site = name.partition("@")
    return f"{head}@{site_key(site)}"


def told(folder: Path) -> Told:
    """Play one story."""
    story = Told(folder.name)
    raw = parse((folder / "answers.yml").read_bytes(), "answers.yml").value
    truth, may_run = Truth(raw.get("truth") or {}), bool(raw.get("clock_may_run"))
    (table,) = sorted(folder.glob("*.csv"))
    with TemporaryDirectory(prefix="proscribe-stories-") as work:
        facts = day_one(folder, Path(work))
        answers = Path(work, "answers.csv")
        decider = open_decider()
        entities = decider.firms
        first = Ready(decider, read_stated([facts], decider.law, entities, decider.purposes))
        scanned = scan([str(table)])
        result = first.decide(scanned.scan)
        story.undetermined = _undetermined(result)
        _look(story, result, raw)
        if may_run:
            story.silent += _silent(scanned, result, first=True)
        story.interviewed = _interview(result, truth, first, Path(work))
        for _ in range(_ROUNDS):
            new = _asked_now(result, truth, story, first.decider)
            if not new:
                break
            write_answers(answers, story.rows)
            result = Ready(
                decider, read_stated([facts, answers], decider.law, entities, decider.purposes)
            ).decide(scanned.scan)
            _look(story, result, raw)
            if may_run:
                story.silent += _silent(scanned, result)
        _judge(story, result, raw)
    return story


def day_one(folder: Path, work: Path) -> Path:
    """Give the facts of the first day, with those that a former vocabulary had no name for."""
    raw = parse((folder / "answers.yml").read_bytes(), "answers.yml").value
    more = {
        name: value for name, value in (raw.get("day_one_if_the_name_exists") or {}).items() if name in FACTS
    }
    if not more:
        return folder / "FACTS.yml"
    told_first = parse((folder / "FACTS.yml").read_bytes(), "FACTS.yml").value
    target = work / "facts.json"
    told_first["facts"] = {**more, **(told_first.get("facts") or {})}
    target.write_text(json.dumps(told_first, default=str), encoding="utf-8")
    return target


def _live(result: Scan) -> list[Finding]:
    return [one for one in result.findings if one.ignored is None]


def _asked_now(result: Scan, truth: Truth, story: Told, decider: Decider) -> bool:
    """Answer the rows of the questionnaire; tell whether one of them is new."""
    new = False
    for row in csv.DictReader(io.StringIO(to_csv(questionnaire(result, decider)))):
        key = (row["Fact"], row["Applies to"])
        if row["Answer"] or key in story.asked:
            continue
        story.asked[key] = row["Answer"] = truth.answer(key[0], covered(key[1], _live(result)))
        story.rows.append(row)
        new = True
    return new


def write_answers(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write the rows of a questionnaire."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _outcomes(result: Scan) -> Iterator[tuple[Finding, Outcome, dict[str, str]]]:
    decided = result.decided.by_finding if result.decided is not None else {}
    for one in _live(result):
        if one.id in decided:
            found = decided[one.id]
            yield one, found.outcome, {item.regime: item.outcome.value for item in found.determinations}


def _undetermined(result: Scan) -> float:
    vendors = vendor_tables(result)
    found = [outcome for one, outcome, _ in _outcomes(result) if place_of(one)[:2] not in vendors]
    return sum(one is Outcome.UNDETERMINED for one in found) / len(found) if found else 0.0


def _wishes(wish: Mapping[str, Any]) -> list[str]:
    return [wish["outcome"], *wish.get("accept", [])]


def _look(story: Told, result: Scan, raw: Mapping[str, Any]) -> None:
    """Note every record that is let go where it must not be."""
    for one, outcome, regimes in _outcomes(result):
        wish = (raw.get("outcomes") or {}).get(one.record_id or "")
        if wish is None:
            continue
        told_of = [("headline", outcome.value, _wishes(wish))]
        told_of += [
            (name, regimes.get(name, "not asked"), [expected])
            for name, expected in (wish.get("by_regime") or {}).items()
        ]
        for name, got, wanted in told_of:
            if got in LETS_GO and not LETS_GO & set(wanted):
                story.dangerous.append(f"{one.record_id} {name}: {got}, expected {wanted[0]}")


def _judge(story: Told, result: Scan, raw: Mapping[str, Any]) -> None:
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for one, outcome, regimes in _outcomes(result):
        found.setdefault(one.record_id or "", []).append((outcome.value, regimes))
    for record, wish in (raw.get("outcomes") or {}).items():
        story.expected += 1
        answers = sorted(found.get(record, []), key=lambda item: Outcome(item[0]).rank)
        if not answers:
            story.wrong.append(f"{record}: not found")
            continue
        headline, regimes = answers[0]
        off = [] if headline in _wishes(wish) else [f"{headline}, expected {wish['outcome']}"]
        for name, wanted in (wish.get("by_regime") or {}).items():
            got = regimes.get(name, "not asked")
            if got not in (wanted, *wish.get("accept", [])):
                off.append(f"{name} {got}, expected {wanted}")
        if off:
            story.wrong.append(f"{record}: {'; '.join(off)}")
    duties = list(_duties(result))
    for wish in raw.get("obligations") or []:
        if not any(_meets(duty, wish) for duty in duties):
            story.duties.append(f"lacking: {wish}")
    for wish in raw.get("no_obligations") or []:
        story.duties += [f"too many: {duty.citation}" for duty in duties if _meets(duty, wish)][:1]


def _duties(result: Scan, possible: bool = False) -> Iterator[Any]:
    for one in (result.decided.by_finding if result.decided is not None else {}).values():
        for item in one.determinations:
            yield from item.obligations
            if possible:
                yield from item.possible_obligations


def _meets(duty: Any, wish: Mapping[str, Any]) -> bool:
    return (
        ("kind" not in wish or duty.kind == wish["kind"])
        and ("citation" not in wish or met_by(str(wish["citation"]), [duty.citation]))
        and ("due" not in wish or (duty.due is not None and duty.due.isoformat() == str(wish["due"])))
    )


def _silent(scanned: ScanResult, result: Scan, *, first: bool = False) -> list[str]:
    """Name the views that say that nothing is due, and a first pass without any duty that has a day or a deadline."""
    out = []
    dated = (
        duty.due is not None or duty.deadline.get("count") is not None
        for duty in _duties(result, possible=True)
    )
    if first and not any(dated):
        out.append("no duty with a day or a deadline at the first pass")
    for form in ("table", "md", "html"):
        stream = io.StringIO()
        write_scan(replace(scanned, scan=result), form, stream)
        if _NOTHING_DUE in stream.getvalue().lower():
            out.append(f"{form} says that nothing is due")
    return out


def _interview(result: Scan, truth: Truth, ready: Ready, work: Path) -> int:
    """Put one undetermined finding through the interview; give how many questions it took."""
    decided = result.decided.by_finding if result.decided is not None else {}
    for one in _live(result):
        if one.id not in decided or decided[one.id].outcome is not Outcome.UNDETERMINED:
            continue
        path = work / "case.yml"
        lines = [f"- id: one\n  as_of: {result.decided.as_of if result.decided else ''}\n  facts:\n"]
        lines += [f"    {name}: {_yaml(text)}\n" for name, text in decided[one.id].facts]
        path.write_text("".join(lines), encoding="utf-8")
        interview = Interview(path, ready.decider)
        count = 0
        while (question := interview.next()) is not None and count < 40:
            count += 1
            name = question[0].name
            answer = truth.of(name, one)
            try:
                interview.skip(name) if answer == "?" else interview.take(name, answer.replace(";", ","))
            except WrongValue:
                interview.skip(name)
        return count
    return 0


def _yaml(text: str) -> str:
    return text if text.startswith("[") or text in ("true", "false") else f'"{text}"'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print every row asked and every fault")
    options = parser.parse_args(arguments)
    stories = sorted(file.parent for folder in options.folders for file in folder.rglob("answers.yml"))
    if not stories:
        parser.error("no answers.yml below these folders")
    missed = 0
    for folder in stories:
        story = told(folder)
        print(story.line())
        missed += bool(story.misses())
        if options.show:
            for (fact, applies), answer in story.asked.items():
                print(f"  asked {fact} of {applies[:90]}: {answer}")
            for text in (*story.wrong, *story.dangerous, *story.duties, *story.silent):
                print(f"  ! {text}")
    print(f"{len(stories)} stories, {missed} with a goal missed")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
