"""Invoices, delivery notes and orders on paper: the table of things, found by where its heads stand.

A head is a line of column names that `columns.yml` knows. Words below belong to the column in whose lane they stand; a line
begins a record when it has a count or a sum and something that is counted. What belongs to no record stays text.

A list that counts nothing is read so, too, where most of its heads are known and nothing below them stands in two lanes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from proscribe.readers._grammar import grammar
from proscribe.readers.base import CERTAIN
from proscribe.readers.header_fields import field_of_header, fold_header, header_words
from proscribe.readers.written.positions import Word, lines_of

_GRAMMAR = grammar("written/invoices.yml")
_RE = _GRAMMAR.patterns
_COUNT, _SUM = _RE["count"], _RE["sum"]
_TITLES = {fold_header(told): name for told, name in _GRAMMAR.maps["titles"].items()}
_STATES = {fold_header(told): state for told, state in _GRAMMAR.maps["states"].items()}
#: The column in which each line of a paper has what the paper says of all of them.
_STATE = "Status"


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold_header, words))


_WORDS = _GRAMMAR.words
_BESIDE, _ENDS, _BETWEEN = _folded(_WORDS["beside"]), _folded(_WORDS["ends"]), _folded(_WORDS["between"])
#: Heads to what their columns are called.
_HEADS = {fold_header(told): name for told, name in _GRAMMAR.maps["heads"].items()}
_SUPPLIER, _DAY = _folded(_WORDS["supplier"]), _folded(_WORDS["day"])
#: Fields of what is counted, and of how many and how much.
_THINGS = frozenset({"text", "product_name", "part_number", "model_number", "maker_name"})
_COUNTED, _SUMS = frozenset({"quantity"}), frozenset({"unit_cost", "amount"})
#: The share of the gap between rows of a list that a gap within one of them has at most.
_WITHIN_ROW = 0.8
#: How PDFium marks a hyphen at the end of a line.
_HYPHEN_MARKS = "\ufffe\x02"
#: Columns that a head must name at least.
_LEAST_HEADS = 3
#: Gaps, in heights of letters: between words of one cell, between the lines of one record, within one table, within a list.
_WORD_GAP, _LINE_GAP, _TABLE_GAP, _LIST_GAP = 0.9, 0.75, 9.0, 4.0
#: Words of one page that are looked at.
_MOST_WORDS = 20_000
_LONGEST_HEAD = 200
#: Lines in which heads may stand that a text layer gives one by one.
_WINDOW = 14
#: Share of the words of a head that names of columns have.
_SHARE = 0.6
#: Words that may follow in a line that tells a sum; shorter ones are currencies.
_MORE_WORDS, _SHORT = 4, 3
_COLONS = ":："


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: as it is printed, or what such a head means.
        field: as `columns.yml` knows it; empty for one beside.
        left, right: of its head.
    """

    name: str
    field: str
    left: float
    right: float


@dataclass(slots=True)
class Record:
    """One line of a paper, of several lines of print where its description is long.

    Attributes:
        cells: text by column.
        words: in the order in which they were read, from that with which it begins.
    """

    cells: list[str]
    words: list[Word]

    @property
    def unsure(self) -> str:
        """The words that were read without certainty."""
        return _text([word for word in self.words if word.certainty < CERTAIN])


@dataclass(slots=True)
class PaperTable:
    """A table of a page, or a part of one.

    Attributes:
        columns: of its head, or of that of the page before.
        records: in the order in which they stand.
        taken: words of head and records, by identity.
        ended: whether a line of totals closed it.
        counts: whether its records say how many, or how much; a list of things does not.
    """

    columns: tuple[Column, ...]
    records: list[Record] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    ended: bool = False
    counts: bool = True


def may_hold_table(lines: Iterable[str]) -> bool:
    """Tell from the text of a page, without places, whether heads of such a table stand on it; cheap, and often too willing."""
    window: list[list[str]] = []
    known = header_words()
    for line in lines:
        text = line.strip()
        if not text:
            continue
        words = fold_header(text[: _LONGEST_HEAD + 1]).split()
        told = sum(word in known or word in _BESIDE for word in words)
        if len(text) > _LONGEST_HEAD or told < _SHARE * len(words):
            window.clear()
            continue
        if 3 * told >= 2 * len(words) and _heads_list(_split_heads(_placed(text))):
            return True
        window = [*window[1 - _WINDOW :], _fields_within(text)]
        if _told_by([one for fields in window for one in fields]):
            return True
    return False


def _fields_within(text: str) -> list[str]:
    return [one.field for one in _split_heads(_placed(text))]


def _placed(text: str) -> list[Word]:
    return [Word(word, 0, 0, 0, 1) for word in text.split()]


def _heads_list(heads: Sequence[Column]) -> bool:
    """Tell whether heads are those of a list of things: each a column of its own, and things among them."""
    names = {fold_header(one.name) for one in heads}
    return len(heads) == len(names) >= _LEAST_HEADS and any(one.field in _THINGS for one in heads)


def _told_by(fields: Sequence[str]) -> bool:
    """Tell whether heads are those of a table of things."""
    told = {one for one in fields if one}
    return bool(
        len(told) >= _LEAST_HEADS - 1
        and len(fields) >= _LEAST_HEADS
        and told & _THINGS
        and (told & _COUNTED or told & _SUMS)
    )


def table_of(words: Sequence[Word], before: PaperTable | None) -> PaperTable | None:
    """Find the table of a page.

    Args:
        words: of the page; what a recognition gave is split into words before.
        before: the table of the page before, which may go on without a head of its own.
    """
    if len(words) > _MOST_WORDS:
        return None
    lines = lines_of(words)
    for at, columns, high in _heads(lines):
        made = PaperTable(columns, taken={id(word) for line in lines[at : at + high] for word in line})
        _fill(made, lines[at + high :])
        if made.records:
            return made
    for at, line in enumerate(lines):
        listed = _list_below(line, lines[at + 1 :])
        if listed is not None:
            return listed
    if before is not None and not before.ended and before.counts:
        made = PaperTable(before.columns)
        _fill(made, lines)
        return made if made.records else None
    return None


def _list_below(head: Sequence[Word], lines: Sequence[list[Word]]) -> PaperTable | None:
    """Give the list of things below a line; `None` where it is no head of one, or words below it stand in two lanes."""
    phrases = _phrases(head)
    columns = tuple(map(_column, phrases))
    known = sum(_field_of(one.name)[1] == 3 for one in columns)
    if not _heads_list(columns) or known < _LEAST_HEADS - 1 or 3 * known < 2 * len(columns):
        return None
    body: list[list[Word]] = []
    reached = head[0].bottom
    for line in lines:
        if line[0].top - reached > _LIST_GAP * line[0].height:
            break
        body.append(line)
        reached = line[0].bottom
    made = PaperTable(columns, taken=set(map(id, head)), counts=False)
    if not body:
        return None
    borders = _borders(columns, body)
    runs = [run for line in body for run in _phrases(line)]
    if any(run[0].left < border < run[-1].right for run in runs for border in borders):
        return None
    _fill(made, body)
    return made if made.records else None


def _heads(lines: Sequence[list[Word]]) -> Iterator[tuple[int, tuple[Column, ...], int]]:
    """Yield the heads of a page: index of its first line, its columns, and how many lines it takes; those of one line first."""
    for at, line in enumerate(lines):
        columns = _head([line])
        if columns is not None:
            both = lines[at : at + 2]
            longer = _head(both) if len(both) == 2 and _is_below(both[1], line) else None
            yield (at, longer, 2) if longer is not None else (at, columns, 1)
    for at, both in enumerate(pairwise(lines)):
        if any(_is_value(word) for word in both[1]):
            continue  # the first line of what is counted is no name of a column
        columns = _head(both)
        if columns is not None:
            yield at, columns, 2


def _is_below(line: Sequence[Word], heads: Sequence[Word]) -> bool:
    """Tell whether a line is the second one of a head: no numbers, and each of its words below a word of the first."""
    if line[0].top - heads[0].top > 1.8 * heads[0].height:
        return False
    return all(
        not any(map(str.isdigit, word.text))
        and any(word.left < one.right and word.right > one.left for one in heads)
        for word in line
    )


def _is_value(word: Word) -> bool:
    return any(map(str.isdigit, word.text)) and _SUM.fullmatch(word.text) is not None


def _head(lines: Sequence[list[Word]]) -> tuple[Column, ...] | None:
    """Give the columns of a head of one or two lines; `None` when it is none."""
    phrases = [phrase for line in lines for phrase in _phrases(line)]
    if len(lines) == 2:
        phrases = list(_stacked(phrases))
    if len(phrases) > 40 or sum(len(word.text) for phrase in phrases for word in phrase) > _LONGEST_HEAD:
        return None
    heads = [one for phrase in phrases for one in _heads_of(phrase)]
    heads.sort(key=lambda one: one.left)
    known = [one for one in heads if one.field or fold_header(one.name) in _BESIDE]
    if not _told_by([one.field for one in known]) or 3 * len(known) < 2 * len(heads):
        return None
    return tuple(heads)


def column_called(name: str) -> tuple[str, str, bool]:
    """Give what a column of this head is called, its field or nothing, and whether the head is known."""
    field_name, known = _field_of(name)
    folded = fold_header(name)
    return _HEADS.get(folded, name), field_name, known == 3 or folded in _BESIDE


def _stacked(phrases: Sequence[list[Word]]) -> Iterator[list[Word]]:
    """Join names of columns that take two lines: what stands above each other."""
    left = sorted(phrases, key=lambda one: one[0].top)
    while left:
        upper = left.pop(0)
        below = next(
            (
                one
                for one in left
                if one[0].left < upper[-1].right
                and one[-1].right > upper[0].left
                and 0 < one[0].top - upper[0].top < 2.2 * upper[0].height
            ),
            None,
        )
        if below is not None:
            left.remove(below)
            upper = [*upper, *below]
        yield upper


def _phrases(line: Sequence[Word]) -> list[list[Word]]:
    """Put words together that one blank parts."""
    made: list[list[Word]] = []
    for word in line:
        if made and word.left - made[-1][-1].right <= _WORD_GAP * max(word.height, 1e-6):
            made[-1].append(word)
        else:
            made.append([word])
    return made


def _heads_of(phrase: Sequence[Word]) -> list[Column]:
    whole = _column(phrase)
    if _field_of(whole.name)[1] == 3:
        return [whole]
    parts = _split_heads(_apart(phrase))
    return (
        parts
        if len(parts) > 1 and all(one.field or fold_header(one.name) in _BESIDE for one in parts)
        else [whole]
    )


def _field_of(name: str) -> tuple[str, int]:
    """Give the field of a head and how well it is known, of 3."""
    own = _HEADS.get(fold_header(name))
    told, known = field_of_header(own or name)
    return "" if told in (None, "skip") else str(told), 3 if own else known


def _split_heads(words: Sequence[Word]) -> list[Column]:
    """Cut words that stand close into names of columns, the longest first; words that are no names are left out."""
    made: list[Column] = []
    at = 0
    while at < len(words):
        for size in (4, 3, 2, 1):
            part = words[at : at + size]
            name = " ".join(word.text for word in part)
            if len(part) == size and (_field_of(name)[1] == 3 or fold_header(name) in _BESIDE):
                made.append(_column(part))
                at += size
                break
        else:
            at += 1
    return made


def _apart(words: Sequence[Word]) -> list[Word]:
    """Cut words that were read of two names which stand close, where a capital follows a small letter: `CantidadPrecio`."""
    made: list[Word] = []
    for word in words:
        text = word.text
        cuts = [at for at in range(1, len(text)) if text[at].isupper() and text[at - 1].islower()]
        wide = (word.right - word.left) / len(text)
        made += [
            replace(word, text=text[begin:end], left=word.left + begin * wide, right=word.left + end * wide)
            for begin, end in pairwise([0, *cuts, len(text)])
        ]
    return made


def _column(words: Sequence[Word]) -> Column:
    name = " ".join(word.text for word in words)
    return Column(
        _HEADS.get(fold_header(name), name),
        _field_of(name)[0],
        min(word.left for word in words),
        max(word.right for word in words),
    )


def _fill(table: PaperTable, lines: Sequence[list[Word]]) -> None:
    """Read the lines below a head into records, until the table ends."""
    if not lines:
        return
    borders = _borders(table.columns, lines)
    pitch = median(word.height for line in lines for word in line)
    apart = _apart_by(lines, borders) if not table.counts else None
    last: float | None = None  # where the record that may go on ended
    reached = lines[0][0].bottom
    for line in lines:
        level = line[0]
        if table.records and level.top - reached > _TABLE_GAP * pitch:
            break
        cells = _cells(line, borders)
        near = last is not None and level.top - last <= (_LINE_GAP * pitch if apart is None else apart)
        is_record = (
            _is_record(table.columns, cells)
            if table.counts
            else sum(map(bool, cells)) > 1 and (bool(cells[0]) or not near)
        )
        more = 0 if is_record else _MORE_WORDS
        if _is_sum(line, _BETWEEN, more):
            last, reached = None, level.bottom
            continue
        if _is_sum(line, _ENDS, more):
            table.ended = True
            break
        if is_record:
            table.records.append(_record(cells))
        elif near and (not table.counts or _goes_on(table.columns, cells)):
            _join(table.records[-1], cells)
        else:
            last = None
            continue
        table.taken |= {id(word) for word in line}
        last = reached = level.bottom


def _apart_by(lines: Sequence[list[Word]], borders: Sequence[float]) -> float:
    """Give a gap that is surely less than that between two rows of a list."""
    gaps = [below[0].top - above[0].bottom for above, below in pairwise(lines)]
    starts = [bool(_cells(line, borders)[0]) for line in lines]
    rows = [gap for gap, both in zip(gaps, pairwise(starts), strict=True) if all(both)]
    return _WITHIN_ROW * (min(rows) if rows else max(gaps, default=0.0))


def is_total(text: str) -> bool:
    """Tell whether a text is nothing but a word for what is summed up: `TOTAL`, `Gesamtsumme`, `合计`."""
    return fold_header(text) in _ENDS


def _is_sum(line: Sequence[Word], phrases: frozenset[str], more: int) -> bool:
    """Tell whether a line tells a sum: it begins with one of the phrases, and at most `more` longer words follow."""
    told = " ".join(word.text for word in line if any(map(str.isalpha, word.text)))
    words = fold_header(told).split()
    return any(
        " ".join(words[:size]) in phrases and sum(len(word) > _SHORT for word in words[size:]) <= more
        for size in range(1, min(4, len(words)) + 1)
    )


def _borders(columns: Sequence[Column], lines: Sequence[list[Word]]) -> list[float]:
    """Find where one column ends and the next begins: between the middles of their heads, where the fewest words stand.

    Of several such gaps those count that reach between the heads, else the nearest. Of these the widest counts, or one farther
    right that is not much narrower: a blank in a description may be as wide.
    """
    words = [(word.left, word.right) for line in lines for word in line]
    begins, ends = sorted(word[0] for word in words), sorted(word[1] for word in words)
    borders = []
    for one, following in pairwise(columns):
        start, end = (one.left + one.right) / 2, (following.left + following.right) / 2
        edges = sorted({start, end, *(x for word in words for x in word if start < x < end)})
        gaps = list(pairwise(edges))
        if not gaps:
            borders.append((start + end) / 2)
            continue
        # between two edges a word covers all or nothing: those that have begun, without those that have ended
        covered = [bisect_right(begins, left) - bisect_right(ends, left) for left, _ in gaps]
        least = min(covered)
        free = [gap for gap, count in zip(gaps, covered, strict=True) if count == least]
        away = [max(0.0, left - following.left, one.right - right) for left, right in free]
        free = [gap for gap, far in zip(free, away, strict=True) if far == min(away)]
        widest = max(right - left for left, right in free)
        left, right = [gap for gap in free if gap[1] - gap[0] >= widest / 2][-1]
        borders.append((left + right) / 2)
    return borders


def _cells(line: Sequence[Word], borders: Sequence[float]) -> list[list[Word]]:
    cells: list[list[Word]] = [[] for _ in range(len(borders) + 1)]
    for word in line:
        middle = (word.left + word.right) / 2
        cells[sum(middle > border for border in borders)].append(word)
    return cells


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _is_record(columns: Sequence[Column], cells: Sequence[Sequence[Word]]) -> bool:
    """Tell whether a line names a thing and says how many of it or how much it cost."""
    named = counted = False
    for column, words in zip(columns, cells, strict=True):
        text = _text(words)
        if not text:
            continue
        if column.field in _COUNTED:
            counted = counted or _COUNT.fullmatch(text) is not None
        elif column.field in _SUMS:
            counted = counted or _SUM.fullmatch(text) is not None
        elif column.field in _THINGS:
            named = named or any(map(str.isalnum, text))
    return named and counted


def _goes_on(columns: Sequence[Column], cells: Sequence[Sequence[Word]]) -> bool:
    """Tell whether a line holds nothing but more words of a thing."""
    return all(
        not words or column.field in _THINGS or column.field == "serial_number"
        for column, words in zip(columns, cells, strict=True)
    )


def _record(cells: Sequence[Sequence[Word]]) -> Record:
    made = Record(["" for _ in cells], [])
    _join(made, cells)
    return made


def _join(record: Record, cells: Sequence[Sequence[Word]]) -> None:
    for place, words in enumerate(cells):
        sure = _text([word for word in words if word.certainty >= CERTAIN])
        record.cells[place] = _put_together(record.cells[place], sure)
        record.words += words


def _put_together(before: str, text: str) -> str:
    """Join two lines of a cell: parts of a number keep the hyphen at the end of a line, parts of a word lose it."""
    marked = before.rstrip(_HYPHEN_MARKS)
    before = f"{marked}-" if marked != before else before
    if text and len(before) > 1 and before[-1] == "-" and before[-2].isalnum() and text[0].isalnum():
        return (before[:-1] if before[-2].islower() and text[0].islower() else before) + text
    return " ".join(filter(None, (before, text)))


def split_words(words: Iterable[Word]) -> list[Word]:
    """Cut runs of words that a recognition gives as one into words, each where its letters stand on average."""
    made: list[Word] = []
    for run in words:
        wide = (run.right - run.left) / max(1, len(run.text))
        at = 0
        for part in run.text.split():
            at = run.text.index(part, at)
            left = run.left + at * wide
            # half of a letter at each end, so that a blank is a gap and no wider than it is
            made.append(replace(run, text=part, left=left, right=left + len(part) * wide))
            at += len(part)
    return made


@dataclass(frozen=True, slots=True)
class About:
    """What the head of a paper says of all of its lines.

    Attributes:
        title: name of the table after the title of the paper; empty when it has none.
        context: name of a column and its value on every line: who sold, when, and whether it was taken back.
    """

    title: str
    context: tuple[tuple[str, str], ...]


def about(lines: Iterable[str]) -> About:
    """Read what a paper says before a colon, and what it is called."""
    title = ""
    context: dict[str, tuple[str, str]] = {}
    for line in lines:
        text = " ".join(line.split())
        title = title or _called(text, _TITLES)
        state = _called(text, _STATES)
        if state:
            context.setdefault("state", (_STATE, state))
        for colon in _COLONS:
            key, found, value = text.partition(colon)
            kind = _key(key) if found and value.strip() else ""
            if kind:
                context.setdefault(kind, (key.strip()[-60:], value.strip()[:200]))
    return About(title, tuple(context.values()))


def _key(key: str) -> str:
    folded = fold_header(key[-60:])
    return "supplier" if folded in _SUPPLIER else "day" if folded in _DAY else ""


def _called(text: str, names: Mapping[str, str]) -> str:
    """Give what a line calls the paper, by these names: the name alone, or with a number behind it; empty for any other line."""
    if len(text) > 60:
        return ""
    words = fold_header(text).split()
    for size in range(min(3, len(words)), 0, -1):
        name = names.get(" ".join(words[:size]))
        if name is not None and (len(words) == size or any(map(str.isdigit, "".join(words[size:])))):
            return name
    return ""
