"""The lines that were labelled before the program read them stay read as they were mended to be."""

import pytest
from lines import is_met, measure_lines, wanted_lines
from quality import ask_proscribe

LINES = wanted_lines()
SOURCES = (
    "own:context-dev",
    "own:lines-tune",
    "own:lines-second",
    "own:lines-third",
    "own:lines-fourth",
    "own:lines-fifth",
    "own:lines-sixth",
    "own:lines-seventh",
    "own:lines-eighth",
    "own:lines-ninth",
)
#: Share of a source that must surface, that may come out at `probable` though it must not, and that must.
SURFACED, FALSE, SURE = 0.98, 0.02, 0.75


@pytest.mark.parametrize("source", SOURCES)
def test_lines_surface_and_others_are_no_findings(source: str) -> None:
    lines = [line for line in LINES if line.source == source]
    assert len(lines) >= 100
    told = measure_lines(lines, ask_proscribe([line.text for line in lines]))
    assert told["equipment_surfaced"] >= SURFACED, told["unmet"]
    assert told["others_at_probable"] <= FALSE, told["unmet"]
    assert told["findings_at_probable"] >= SURE


def test_each_language_of_the_newest_lines_is_met() -> None:
    lines = [line for line in LINES if line.source in SOURCES[-2:]]
    answers = ask_proscribe([line.text for line in lines])
    met: dict[str, list[bool]] = {}
    for line, said in zip(lines, answers, strict=True):
        met.setdefault(line.lang, []).append(is_met(line, said))
    assert len(met) == 14
    assert {lang for lang, each in met.items() if sum(each) < 0.9 * len(each)} == set()
