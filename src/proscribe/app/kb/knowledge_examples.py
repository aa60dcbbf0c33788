"""Every example and near-miss in the knowledge, run through the engine as shipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from proscribe.kb.examples import Example, collect
from proscribe.kb.line_examples import ORDINARY, STATES, LineExample, collect_lines
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import analyse
from proscribe.matching.heeded_signals import needs_met
from proscribe.matching.index import Index
from proscribe.matching.line import is_ordinary
from proscribe.matching.normalize import fold
from proscribe.matching.readings import WHETHER_CAME, WHETHER_SUM
from proscribe.matching.record import Record
from proscribe.matching.registry import MATCHERS
from proscribe.matching.state_words import StateWords, state_key
from proscribe.matching.states import States
from proscribe.model.findings import Band, Role, State


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that did not hit, or a near-miss that did."""

    fact: str
    text: str
    should_hit: bool

    def __str__(self) -> str:
        told = (
            "should be found through this fact and is not"
            if self.should_hit
            else "must not be found through this fact and is"
        )
        return f"{self.fact}: {self.text!r} {told}"


@dataclass(frozen=True, slots=True)
class LineFailure:
    """A line that is not read as the word in it is said to make it."""

    example: LineExample
    got: frozenset[str]

    def __str__(self) -> str:
        wanted = " or ".join(sorted(self.example.reads))
        must = "should be read as" if self.example.holds else "must not be read as"
        return f"{self.example.where}: {self.example.text!r} {must} {wanted}, and is read as {', '.join(sorted(self.got))}"


def check(index: Index, example: Example) -> ExampleFailure | None:
    """Run one example; a near-miss may be seen, but must not stand once its needs are asked for."""
    record = Record.of(index, [("example", example.field, example.text)])
    signals = [
        signal for matcher in MATCHERS for signal in matcher(record, index) if example.fact in signal.facts
    ]
    if example.should_hit:
        met = bool(signals)
    else:
        met = not any(needs_met(record, index, signal, supported=False) for signal in signals)
    return None if met else ExampleFailure(example.fact, example.text, example.should_hit)


def run_examples(snapshot: Snapshot) -> tuple[int, list[ExampleFailure | LineFailure]]:
    """Run all examples and near-misses, and every word of a line's structure: how many there are, and those that fail."""
    from proscribe.app.kb.knowledge_index import index_of

    today = datetime.now(UTC).date()
    index = index_of(snapshot, today, today)
    examples = collect(snapshot)
    failed: list[ExampleFailure | LineFailure] = [
        failure for example in examples if (failure := check(index, example)) is not None
    ]
    documents = snapshot.documents("context/")
    lines = collect_lines(documents)
    failed += run_lines(index, lines)
    failed += run_ordinary(index, documents) + run_states(index, documents)
    return len(examples) + len(lines), failed


def run_lines(index: Index, examples: Iterable[LineExample]) -> list[LineFailure]:
    """Read the lines in which words of a line's structure are tried; the answer lists those read otherwise."""
    seen: dict[str, frozenset[str]] = {}
    failed: list[LineFailure] = []
    for example in examples:
        if example.text not in seen:
            seen[example.text] = readings(index, example.text)
        got = seen[example.text]
        if bool(got & example.reads) != example.holds:
            failed.append(LineFailure(example, got))
    return failed


def readings(index: Index, text: str) -> frozenset[str]:
    """Give how a line is read: `finding` (at `probable`), `asks`, `formerly`, a state, or a kind of mention."""
    verdicts, spoken = analyse(index, [("text", "text", text)])
    made = {str(item.kind.value) for item in spoken}
    for verdict in verdicts:
        sure = verdict.band.rank >= Band.PROBABLE.rank
        made.add("formerly" if verdict.role is Role.FORMERLY else "finding" if sure else "asks")
        if verdict.state in _STATES:
            made.add(_STATES[verdict.state])
    return frozenset(made or {"nothing"})


_STATES = {
    State.PLANNED_REMOVAL: "planned",
    State.STORED_DISCONNECTED: "stored",
    State.IN_SERVICE: "in_service",
}


def run_ordinary(index: Index, documents: Mapping[str, Any]) -> list[LineFailure]:
    """Try the names that are also ordinary words: in the example none is a maker, in the near-miss it is."""
    failed: list[LineFailure] = []
    for row in (documents.get(ORDINARY) or {}).get("words", ()):
        for key, named in (("example", False), ("near_miss", True)):
            text, word = str(row[key]), fold(str(row["text"])).text
            record = Record.of(index, [("text", "text", text)])
            stands = [token for token in record.cells[0].tokens if token.text == word]
            ordinary = [is_ordinary(record, index, 0, token.start, token.end) for token in stands]
            if not ordinary or any(ordinary) is named:
                wanted = frozenset(["a maker"])
                example = LineExample(f"{ORDINARY} {word!r}", text, wanted, named)
                failed.append(LineFailure(example, frozenset(["a word" if named else "a maker"])))
    return failed


def run_states(index: Index, documents: Mapping[str, Any]) -> list[LineFailure]:
    """Try the words of columns that tell a state: there they say where the thing is, in another column nothing.

    Each value stands in the example's column, each header over the example's value, and each header of days of leaving over
    a day that has come. A value of what is to come must ask whether it came. A name of a list of what left must say so.
    """
    given = documents.get(STATES) or {}
    if not given:
        return []
    (column, beside, value), other = (str(given["example"][key]) for key in _TRIED), given["near_miss"]
    tried = [
        (f"{name} {word!r}", head, str(word), str(name), head == column)
        for name, words in (given.get("values") or {}).items()
        if name != State.UNKNOWN.value
        for word in words
        for head in (column, str(other["column"]))
    ]
    told = StateWords.of(given).values.get(state_key(value), State.UNKNOWN).value
    gone = State.DISPOSED.value
    told_by = (("headers", value, told), ("left_on", _A_DAY_PAST, gone), ("left_why", _A_FAULT, gone))
    for key, said, state in told_by:
        for head in given.get(key, ()):
            tried.append((f"{key} {head!r}", str(head), said, state, True))
            tried.append((f"{key} {head!r}", str(other["column"]), said, state, False))
    for word in given.get("sums", ()):
        tried.append((f"sums {word!r}", str(other["column"]), str(word), _ASKED, True))
        tried.append((f"sums {word!r}", column, f"{word} {value}", _ASKED, False))
    for word in given.get("awaited", ()):
        tried.append((f"awaited {word!r}", column, str(word), _ASKED, True))
        tried.append((f"awaited {word!r}", str(other["column"]), str(word), _ASKED, False))
    verdicts, _ = analyse(index, [("text", "text", beside)])
    failed: list[LineFailure] = []
    for where, head, said, state, holds in tried:
        reader = States(index)
        cells = reader.cells_of([head], {}, [said])
        told_of = reader.apply(verdicts, cells)
        got = {str(item.state.value) for item in told_of}
        got |= {_ASKED for item in told_of if {WHETHER_CAME, WHETHER_SUM}.intersection(item.questions)}
        if (state in got) is not holds:
            wanted = LineExample(f"{STATES} {where}", f"{head}: {said}", frozenset([state]), holds)
            failed.append(LineFailure(wanted, frozenset(got)))
    for name in given.get("quoted_lists", ()):
        agreed = next(iter(given.get("agreed", ())), "")
        for sheet, holds in ((f"{name} 12", True), (f"{name} {agreed}", False)):
            if (States(index).list_of_quoted(sheet, "", ()) is not None) is not holds:
                wanted = LineExample(
                    f"{STATES} quoted_lists {name!r}", f"sheet {sheet!r}", frozenset([_ASKED]), holds
                )
                failed.append(LineFailure(wanted, frozenset()))
    for name in given.get("left_lists", ()):
        for sheet, holds in ((str(name), True), (f"{name} & {other['column']}", False)):
            cell = States(index).list_of_gone(sheet, "")
            if (cell is not None) is not holds:
                wanted = LineExample(
                    f"{STATES} left_lists {name!r}", f"sheet {sheet!r}", frozenset([gone]), holds
                )
                failed.append(LineFailure(wanted, frozenset() if cell is None else frozenset([gone])))
    return failed


_TRIED = ("column", "beside", "value")
_A_DAY_PAST = "2020-03-31"
_A_FAULT = "broken"
#: What a value of things to come is read as.
_ASKED = "asks"
