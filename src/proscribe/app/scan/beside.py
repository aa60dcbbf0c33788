"""What stands beside the records of an input and bears on its answer: names that we know, and columns that are read otherwise.

Titles, headers, names of sheets, files and folders are looked into. Nothing is found by them, for they do not say of which
record they speak; but a report has to say that they name a firm, and that somebody stated a column of makers to be another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import PurePath

from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.model.findings import Band
from proscribe.model.observations import FULL_WEIGHT_FIELDS, STATED_BY, ReadIssue, Table
from proscribe.readers.header_fields import field_of_header
from proscribe.readers.issues import IssueLog, issue
from proscribe.readers.own_account import READ_TOO
from proscribe.readers.shown import READ_AS

#: Names of files hold no spaces where their writers could avoid it.
_JOINTS = re.compile(r"[_\s]+")
_SHOWN = 120
#: What joins the parts of the names of values within values: `by_maker.HIK`.
_PARTED = re.compile(r"[\s._/\[\]:|]+")
#: How long a title is in which a short name stands for a maker, in characters and words.
_LONGEST_TITLE, _MOST_WORDS = 40, 4
#: Texts that name somebody, of which so many are looked at; an input with more says so, and was not read whole.
_MOST_NAMING = 10_000
#: Fields that tell what a thing is, and from what certainty the words of a header say so; see `columns.field_of_header`.
_TELLING = FULL_WEIGHT_FIELDS | {"mac"}
_SURE = 2
#: What a day of purchase is called among fields.
_DAY = "dated_on"
#: Forms of values in which no name stands, whatever a header says. Each row that differs is looked at by the probes.
_NAMELESS = frozenset({"number", "date"})


def beside_issues(
    index: Index, display: str, tables: Sequence[Table], sides: Iterable[Sequence[str]] = ()
) -> list[ReadIssue]:
    """Say which texts beside the records of an input name screened firms.

    Args:
        display: the input as a person named it; of a path from the root of the machine only the last part is looked at.
        tables: its tables, with the texts beside each in `beside`.
        sides: place and text of what stands beside the records of the whole input, such as comments of a workbook.
    """
    texts = list(dict.fromkeys(_texts(display, tables)))
    aside = [(str(place), str(text)) for place, text in sides]
    texts += [one for one in aside if one[0] not in READ_TOO]
    places: dict[str, tuple[set[str], list[str]]] = {}
    naming, ended = 0, ""
    # What is a record, too, is matched there; in its title a short name stands for a maker.
    news = chain(_news(index, texts), _named_in_titles(index, [one for one in aside if one[0] in READ_TOO]))
    for (place, text), named in news:
        naming += bool(named)
        if naming > _MOST_NAMING:
            ended = place
            break
        firms, told = places.setdefault(place, (set(), []))
        if not named <= firms:  # what is quoted names each of them
            told.append(text[:_SHOWN])
            firms |= named
    issues: list[ReadIssue] = []
    log = IssueLog(issues)
    for table in tables:
        _stated_otherwise(table, log)
    for place, (firms, told) in places.items():
        if firms:
            names = ", ".join(index.entity_names.get(firm, firm) for firm in sorted(firms))
            log.add("E140.beside", place, lossy=False, named=names, text=" / ".join(told))
    log.close()
    if ended:
        issues.append(issue("E140.most", ended, lossy=True, most=_MOST_NAMING))
    return issues


def _news(index: Index, texts: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """Give the texts in which a firm is named, with the firms; of a word as it is shown none that is named where it is read."""
    parted = [(place, *text.partition(READ_AS)) for place, text in texts]
    shown = [((place, text), read) for place, text, _, read in parted]
    # One text may be shown in several places where another is read.
    reads: dict[tuple[str, str], list[str]] = {}
    for told, read in shown:
        reads.setdefault(told, []).append(read)
    named = list(named_in(index, list(reads)))
    lines = [("", read) for told, _ in named for read in reads[told] if read]
    known: dict[str, set[str]] = {}
    for (_, read), firms in named_in(index, list(dict.fromkeys(lines))):
        known.setdefault(read, set()).update(firms)
    for told, firms in named:
        yield told, set().union(*(firms - known.get(read, set()) for read in reads[told]))


def named_in(index: Index, texts: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """Give the texts in which a firm is named, with the firms: in their words, or by a short name that stands for a maker.

    A short name says little in a sentence; alone, or as a word of a title, it says whose things are listed: "HIK", "大华".
    """
    import pyarrow as pa

    kernel = Kernel(index)
    rows = pa.RecordBatch.from_pydict({"text": pa.array([text for _, text in texts], pa.string())})
    for row, (verdicts, spoken) in kernel.match_rows(rows, {"text": "text"}):
        # What is denied or compared with is named all the same, and a person should read it.
        yield (
            texts[row],
            {verdict.covered_through[-1] for verdict in verdicts} | {item.entity for item in spoken},
        )
    yield from _named_in_titles(index, texts)


def _named_in_titles(
    index: Index, texts: Sequence[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """Give the texts that may be titles in which a word is the short name of a maker, with the firms."""
    import pyarrow as pa

    words = [(told, word) for told in texts for word in _words_of_title(told[1])]
    if not words:
        return
    kernel = Kernel(index)
    makers = pa.RecordBatch.from_pydict({"maker": pa.array([word for _, word in words], pa.string())})
    for row, (verdicts, _) in kernel.match_rows(makers, {"maker": "maker_name"}):
        named = {one.covered_through[-1] for one in verdicts if one.band.rank >= Band.PROBABLE.rank}
        if named:
            yield words[row][0], named


def _words_of_title(text: str) -> list[str]:
    """Give the words of a text that may be a title, without the ending of a file's name, and the parts that signs join."""
    if len(text) > _LONGEST_TITLE:
        return []
    words = text.removesuffix(PurePath(text).suffix).split()
    parts = [part for part in _PARTED.split(text) if part]
    return list(dict.fromkeys(word for some in (words, parts) if len(some) <= _MOST_WORDS for word in some))


def _stated_otherwise(table: Table, log: IssueLog) -> None:
    """Say which columns are stated to be something that nothing is matched in, while their headers name what is."""
    for column in table.stated_lesser():
        if table.fields.get(column) in _TELLING or table.forms.get(column) in _NAMELESS:
            continue
        seen, sure = field_of_header(column)
        if seen in _TELLING and sure >= _SURE:
            sheet = f"sheet {table.sheet!r}, " if table.sheet else ""
            at, field = f"{sheet}column {column!r}", table.fields.get(column, "")
            log.add("E199", at, lossy=False, seen=seen, field=field)
    _day_stated_otherwise(table, log)


def _day_stated_otherwise(table: Table, log: IssueLog) -> None:
    """Say where the day of purchase is stated to stand in no column whose header says so: it tells whose a thing was."""
    headed = {column for column in table.header if field_of_header(column)[0] == _DAY}
    read = {column for column, name in table.fields.items() if name == _DAY}
    stated = {column for column, by in table.recognised_by.items() if by in STATED_BY}
    for column in sorted(headed) if headed.isdisjoint(read) and not stated.isdisjoint(headed | read) else ():
        sheet = f"sheet {table.sheet!r}, " if table.sheet else ""
        field = table.fields.get(column, "") or "nothing"
        log.add("E199", f"{sheet}column {column!r}", lossy=False, seen=_DAY, field=field)


def _texts(display: str, tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """Give place and text of all that stands beside the records."""
    path = PurePath(display)
    yield "name of the file", _JOINTS.sub(" ", path.name)
    if (
        not path.is_absolute()
    ):  # what leads to the folder that was named is the machine's, and says nothing of what was handed over
        for folder in path.parent.parts:
            yield f"name of the folder {folder[:_SHOWN]!r}", _JOINTS.sub(" ", folder)
    for table in tables:
        sheet = f"sheet {table.sheet!r}, " if table.sheet else ""
        if table.sheet:
            yield f"name of sheet {table.sheet!r}", _JOINTS.sub(" ", table.sheet)
        for name in table.header:
            yield f"{sheet}header of column {name!r}", name
        for place, text in table.beside:
            yield sheet + place, text
