"""What stands parted over lines of a cell, over two rows or over two columns, and names a firm when it is put together.

What it does: puts the pieces of a name or number together where a table breaks them, matches the record with them, and gives
what nobody found in the pieces, never more than `possible`.
Why it matters: print-outs wrap long cells, and some lists keep a series and a number in two columns.
Example: `Series: DS`, `Type: 2CD2143G2-I`; a cell of two lines, `DS-2CD21` and `43G2-I`.
Not covered: three pieces, pieces over two rows behind the first 20,000 records of a table, and pieces that do not stand next to
each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from proscribe.matching.lexicon import is_pinyin
from proscribe.matching.record import aside_kind
from proscribe.matching.registry import said_by
from proscribe.matching.scanner import buffers
from proscribe.model.findings import Band
from proscribe.model.observations import CONTENT_FIELDS

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from proscribe.matching.findings import Verdict
    from proscribe.matching.kernel import Answer, Kernel

WHETHER_ONE = "Do these pieces belong together: what does the label say?"
#: Signs that end a line in a cell, as bytes of UTF-8 and as text. To try them one by one is fast where none stands.
_BREAK_BYTES = (
    b"\n", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9",
)  # fmt: skip
_ANY_BREAK = re.compile(b"|".join(_BREAK_BYTES))
_BREAK = re.compile("(?<=[\\w/-])[ \t]{0,8}\r?[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029][ \t]{0,40}(?=\\w)")
_LONGEST_PIECE = 30
_WORD, _LAST = re.compile(r"[\w./-]+"), re.compile(r"[\w./-]+\Z")
_FIRST = re.compile(rf"[\w./-]{{1,{_LONGEST_PIECE}}}")
#: The end and the beginning of texts in quotes that a program or a catalogue of translations puts together over two lines.
_MAY_BEGIN_QUOTED = ('"', "'", "&", "+", "|")
_QUOTE_ENDS, _QUOTE_BEGINS = re.compile(r"[\"'][\s&+|_\\]*\Z"), re.compile(r"[\s&+|]*[\"']")
#: Fields in whose cells names and numbers may be broken.
_BROKEN = frozenset(
    ["text", "note", "product_name", "model_number", "part_number", "maker_name", "vendor_name", "other"]
)
#: Fields of which a first piece, and a second, may be; a column without a field is of either.
_FIRST_PIECES = frozenset(
    ["", "other", "text", "product_name", "model_number", "part_number", "category", "skip"]
)
_SECOND_PIECES = frozenset(["", "other", "text", "product_name", "model_number", "part_number"])
NUMBERS = frozenset(["product_name", "model_number", "part_number"])
_BEGINS = re.compile(r"(?=.{0,9}[A-Za-z])[A-Za-z0-9]{1,6}(?:-[A-Za-z0-9]{0,5})?-?")
_GOES_ON = re.compile(r"(?=.{0,23}\d)(?!\d+[.,]\d+\Z)[\w./()+-]{3,24}")
#: The fewest letters of the first piece of a name.
_LEAST_PIECE = 3
_SAMPLE, _MOST_BEGIN, _MOST_GO_ON = 200, 0.8, 0.6
#: What stands at the end and at the beginning of a text that a column cuts, and the fewest letters it is cut at.
_ENDING = rf"(?P<word>[A-Za-z0-9./-]{{1,{_LONGEST_PIECE}}})$"
_BEGINNING = rf"^(?P<word>[A-Za-z0-9./-]{{1,{_LONGEST_PIECE}}})"
_LEAST_WIDTH, _NOT_LETTERS = 16, re.compile(r"[\W\d_]+")
#: Records of a table whose rows are put together, and cells that a row that goes on has at most.
MOST_RECORDS, _MOST_CELLS = 20_000, 2
#: In a wider table so many columns on either side are judged with a piece: with all of them each piece would cost a record.
_MOST_COLUMNS, _BESIDE = 100, 10


@dataclass(frozen=True, slots=True)
class Joined:
    """A cell as it reads with its pieces put together.

    Attributes:
        rows: those of which the pieces are.
        joints: where in `text` pieces meet, in bytes of UTF-8.
        piece: the part of `text` that is looked at first.
        field: what the column is taken for, where that is another field than its own.
    """

    rows: tuple[int, ...]
    column: str
    text: str
    joints: tuple[int, ...]
    piece: str
    why: str
    field: str = ""

    def is_across(self, span: tuple[int, int]) -> bool:
        """Tell whether a span, in bytes, holds letters of two pieces."""
        return any(span[0] < joint < span[1] for joint in self.joints)


def joined_cells(
    kernel: Kernel, rows: pa.RecordBatch, fields: Mapping[str, str], first_record: int
) -> list[Joined]:
    """Give the cells of a batch that may read otherwise with their pieces put together.

    Args:
        rows: the user's columns as `pa.string()`.
        fields: column name to field, of every column that has one.
        first_record: number of the first record.
    """
    if rows.num_rows == 0:
        return []
    found = list(_lines(rows, fields))
    found += _columns(kernel, rows, fields)
    found += _names(kernel, rows)
    found += _cut(kernel, rows, fields)
    if first_record <= MOST_RECORDS:
        found += _rows(kernel, rows.slice(0, MOST_RECORDS + 1 - first_record), fields)
    return found


def _lines(rows: pa.RecordBatch, fields: Mapping[str, str]) -> Iterator[Joined]:
    import pyarrow as pa

    for name in rows.schema.names:
        if fields.get(name) not in _BROKEN:
            continue
        column = rows.column(name)
        broken = _broken(column)
        for row, text in zip(broken.tolist(), column.take(pa.array(broken)).to_pylist(), strict=True):
            if text and len(pieces := _BREAK.split(text)) > 1:
                ends = accumulate(len(piece.encode()) for piece in pieces[:-1])
                joined = "".join(pieces)
                yield Joined((row,), name, joined, tuple(ends), joined, "written over two lines of the cell")


def _broken(column: pa.StringArray) -> npt.NDArray[np.int64]:
    """Give the rows in which a line may end within the cell."""
    offsets, data = buffers(column)
    start, text = int(offsets[0]), data[offsets[0] : offsets[-1]].tobytes()
    if not any(sign in text for sign in _BREAK_BYTES):
        return np.empty(0, dtype=np.int64)
    places = np.array([found.start() + start for found in _ANY_BREAK.finditer(text)])
    return np.flatnonzero(np.bincount(np.searchsorted(offsets, places, side="right") - 1))


def _columns(kernel: Kernel, rows: pa.RecordBatch, fields: Mapping[str, str]) -> Iterator[Joined]:
    import pyarrow as pa
    import pyarrow.compute as pc

    for first, second in pairwise(rows.schema.names):
        kinds = fields.get(first, ""), fields.get(second, "")
        if (
            kinds[0] not in _FIRST_PIECES
            or kinds[1] not in _SECOND_PIECES
            or not NUMBERS.intersection(kinds)
            or not _may_go_on(rows.column(first), rows.column(second))
        ):
            continue
        why = f"written over the columns {first[:40]!r} and {second[:40]!r}"
        begins = pc.utf8_rtrim(pc.utf8_trim_whitespace(rows.column(first)), "-")
        rests = pc.utf8_trim_whitespace(rows.column(second))
        for sign in ("-", ""):
            whole = pc.binary_join_element_wise(begins, rests, sign)
            texts = pa.RecordBatch.from_arrays([whole], names=["text"])
            for row in kernel.hinting(texts, {"text": "model_number"}).tolist():
                begin, rest = begins[row].as_py(), rests[row].as_py()
                if begin and rest and _BEGINS.fullmatch(begin) and _GOES_ON.fullmatch(rest):
                    text = f"{begin}{sign}{rest}"
                    yield Joined((row,), second, text, (len(begin),), text, why, "model_number")


def _names(kernel: Kernel, rows: pa.RecordBatch) -> Iterator[Joined]:
    """Put names of the firms together of which two or three columns beside each other hold a piece each: `Hik`, `vision`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    behind = dict(pairwise(rows.schema.names))
    begins = _begins(kernel.index.named) if behind else {}
    wanted = pa.array([*begins], pa.string())
    for first, second in behind.items():
        why = f"written over the columns {first[:40]!r} and {second[:40]!r}"
        for row in np.flatnonzero(np.asarray(pc.is_in(rows.column(first), wanted))).tolist():
            begin, rest = rows.column(first)[row].as_py(), rows.column(second)[row].as_py()
            word = _FIRST.match(rest or "")
            if word is not None and word[0] in begins[begin]:
                text = begin + rest
                yield Joined((row,), second, text, (len(begin),), begin + word[0], why, "text")
            third = behind.get(second)
            if (
                word is None
                or word[0] != rest
                or third is None
                or not (last := rows.column(third)[row].as_py())
            ):
                continue
            word = _FIRST.match(last)
            if word is not None and rest + word[0] in begins[begin]:
                text = f"{begin}{rest}{last}"
                joints = (len(begin), len(begin + rest))
                yield Joined((row,), third, text, joints, begin + rest + word[0], why, "text")


def _cut(kernel: Kernel, rows: pa.RecordBatch, fields: Mapping[str, str]) -> Iterator[Joined]:
    """Put the last word of a cell and the first of the next column together where one text goes on over both.

    It does in columns that are called the same but for a figure (`Desc1`, `Desc2`), and behind a cell that is as long as the
    longest of its column: there programs cut at a width, in whatever word they are.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    # most columns of a very wide list hold nothing
    filled = {name for name in rows.schema.names if pc.max(pc.binary_length(rows.column(name))).as_py()}
    for first, second in pairwise(rows.schema.names):
        if first not in filled or second not in filled:
            continue
        if not _BROKEN.union(("",)).issuperset((fields.get(first, ""), fields.get(second, ""))):
            continue
        before = pc.utf8_rtrim_whitespace(rows.column(first))
        behind = pc.utf8_ltrim_whitespace(rows.column(second))
        if not _is_continued(first, second):
            sizes = pc.utf8_length(before)
            longest = pc.max(sizes).as_py() or 0
            full = pc.equal(sizes, longest)
            if longest < _LEAST_WIDTH or (pc.sum(full).as_py() or 0) > max(1, len(before) // 2):
                continue
            before = pc.if_else(full, before, None)
        last = pc.struct_field(pc.extract_regex(before, _ENDING), "word")
        begun = pc.struct_field(pc.extract_regex(behind, _BEGINNING), "word")
        pieces = pc.binary_join_element_wise(last, begun, "")
        why = f"written over the columns {first[:40]!r} and {second[:40]!r}"
        for row in kernel.hinting(pa.record_batch([pieces], names=["text"]), {"text": "text"}).tolist():
            begin, piece = before[row].as_py(), pieces[row].as_py()
            if begin and piece and not _are_people(last[row].as_py(), begun[row].as_py()):
                joint = (len(begin.encode()),)
                yield Joined((row,), second, f"{begin}{behind[row].as_py()}", joint, piece, why, "text")


def _are_people(last: str, begun: str) -> bool:
    """Tell whether two words are names of people that only together are one of a firm: `Hua`, `Wei`."""
    return last.istitle() and begun.istitle() and is_pinyin(last.lower()) and is_pinyin(begun.lower())


def _is_continued(first: str, second: str) -> bool:
    """Tell whether a column is called as the one before it with another figure: `Text`, `Text 2`."""
    one, other = (" ".join(_NOT_LETTERS.sub(" ", name.casefold()).split()) for name in (first, second))
    return bool(one) and one == other and first != second


@lru_cache(2)
def _begins(named: frozenset[str]) -> dict[str, set[str]]:
    """Give the beginnings of names as they are written, and what may stand behind each."""
    begins: dict[str, set[str]] = {}
    for name in named:
        for size in range(_LEAST_PIECE, len(name)) if name.isalpha() and name.isascii() else ():
            begin, rest = name[:size], name[size:]
            for head in (begin, begin.title(), begin.upper()):
                begins.setdefault(head, set()).add(rest)
                if not (is_pinyin(begin) and is_pinyin(rest)):  # "Hua", "Wei" are names of people
                    begins[head] |= {rest.title(), rest.upper()}
    return begins


def _may_go_on(first: pa.StringArray, second: pa.StringArray) -> bool:
    """Tell by some values whether a column holds beginnings of numbers, and the next one what goes on with them."""
    pairs = [
        (begin.strip(), rest.strip())
        for begin, rest in zip(first[:_SAMPLE].to_pylist(), second[:_SAMPLE].to_pylist(), strict=True)
        if begin and rest
    ]
    begun = sum(_BEGINS.fullmatch(begin) is not None for begin, _ in pairs)
    gone_on = sum(_GOES_ON.fullmatch(rest) is not None for _, rest in pairs)
    return bool(pairs) and begun >= _MOST_BEGIN * len(pairs) and gone_on >= _MOST_GO_ON * len(pairs)


def _rows(kernel: Kernel, rows: pa.RecordBatch, fields: Mapping[str, str]) -> Iterator[Joined]:
    """Put the last word of a row and the first of the next together, where the next goes on with it.

    A row goes on that has fewer cells than others, all of them in columns in which the row before has one too; in a text of
    lines each may. Of most of them nothing can be said, so that all words are asked at once before a cell is put together.
    """
    import pyarrow as pa

    names = [name for name in rows.schema.names if fields.get(name) in _BROKEN]
    if not names or rows.num_rows < 2:
        return
    valid = np.array([np.asarray(column.is_valid(), dtype=bool) for column in rows.columns])
    counts = valid.sum(axis=0)
    if len(rows.schema.names) == 1:
        goes_on = valid[0, 1:] & valid[0, :-1]
    else:
        goes_on = (counts[1:] > 0) & (counts[1:] <= _MOST_CELLS) & (counts[1:] < counts.max())
        goes_on &= (valid[:, 1:] <= valid[:, :-1]).all(axis=0)
    places = np.flatnonzero(goes_on)
    if not places.size:
        return
    why = "written over this row and the next"
    for name in names:
        column = rows.column(name).to_pylist()
        parted: list[tuple[int, str, str]] = []
        for place in places.tolist():
            before, behind = column[place], column[place + 1]
            if not before or not behind:
                continue
            last, first = before[before.rfind(" ") + 1 :], behind.partition(" ")[0]
            if not (last.isalnum() and first.isalnum() and len(last) <= _LONGEST_PIECE >= len(first)):
                before, behind = _meeting(before, behind)
                word = _FIRST.match(behind)
                last, first = _last_word(before), word[0] if word is not None else ""
            if last and first:
                parted.append((place, last, first))
                if last[-1] == "-":
                    parted.append((place, last.rstrip("-"), first))
        words = pa.RecordBatch.from_pydict(
            {"text": pa.array([head + first for _, head, first in parted], pa.string())}
        )
        for number in kernel.hinting(words, {"text": "text"}).tolist():
            place, head, first = parted[number]
            before, behind = _meeting(column[place], column[place + 1])
            begin, rest = before[: -len(_last_word(before))], behind[len(first) :]
            joint = len((begin + head).encode())
            yield Joined((place, place + 1), name, f"{begin}{head}{first}{rest}", (joint,), head + first, why)


def _meeting(before: str, behind: str) -> tuple[str, str]:
    """Give two cells without what parts them: blanks, a sign that the line goes on, quotes that end and begin again."""
    before, behind = before.rstrip(), behind.lstrip()
    if behind.startswith(_MAY_BEGIN_QUOTED):
        ended, begun = _QUOTE_ENDS.search(before[-_LONGEST_PIECE:]), _QUOTE_BEGINS.match(behind)
        if ended is not None and begun is not None:
            return before[: len(before) - len(ended[0])], behind[begun.end() :]
    return before.removesuffix("\\"), behind


def _last_word(cell: str) -> str:
    """Give what stands at the end of a cell that may be a word or number; empty when nothing does."""
    word = cell.rsplit(None, 1)[-1][-_LONGEST_PIECE:] if cell and not cell[-1].isspace() else ""
    if not _WORD.fullmatch(word):
        found = _LAST.search(word)
        word = found[0] if found is not None else ""
    return word


def answers(
    kernel: Kernel,
    rows: pa.RecordBatch,
    fields: Mapping[str, str],
    joined: Sequence[Joined],
    days: tuple[pa.Array | None, pa.Array | None],
    own: Mapping[int, Answer],
) -> dict[int, tuple[Verdict, ...]]:
    """Judge records with the pieces of their cells put together, and give what the pieces did not show.

    Args:
        fields: the fields of the columns that are matched.
        days: ISO days of purchase and of sight, as `Kernel.match_rows` takes them.
        own: what was said of the rows as they stand.

    Returns:
        Row to findings, `possible` at most.
    """
    import pyarrow as pa

    texts = pa.RecordBatch.from_pydict({"text": pa.array([one.piece for one in joined], pa.string())})
    speaking = kernel.hinting(texts, {"text": "text"})
    groups: dict[tuple[str, str], list[Joined]] = {}
    for number in speaking.tolist():
        one = joined[number]
        groups.setdefault((one.column, one.field or fields.get(one.column, "text")), []).append(one)
    made: dict[int, dict[str, Verdict]] = {}
    # which group comes first decides between two of one row, and no other row has a say in that
    for (column, field), listed in sorted(groups.items()):
        group = [one for one in listed if _may_show_more(kernel, column, field, one)]
        if not group:
            continue
        places = pa.array([one.rows[0] for one in group])
        near = _near(rows.schema.names, column)
        whole = rows.select(near).take(places)
        texts = pa.array([one.text for one in group], pa.string())
        records = whole.set_column(whole.schema.get_field_index(column), column, texts)
        dated, seen = (None if day is None else day.take(places) for day in days)
        told = {name: kind for name, kind in fields.items() if name in near}
        for number, (verdicts, _) in kernel.match_rows(records, {**told, column: field}, dated, seen):
            one = group[number]
            known = {name for place in one.rows for name in _named(own.get(place))}
            for verdict in verdicts:
                if known & {verdict.entity, verdict.covered_through[-1]}:
                    continue
                if any(item.field == column and one.is_across(item.span) for item in verdict.evidence):
                    made.setdefault(one.rows[0], {}).setdefault(verdict.entity, _asked(verdict, one))
    return {row: tuple(found.values()) for row, found in made.items()}


def _near(names: list[str], column: str) -> list[str]:
    """Give the columns with which a piece is judged: all, or in a very wide table those beside its own."""
    at = names.index(column)
    return names if len(names) <= _MOST_COLUMNS else names[max(0, at - _BESIDE) : at + _BESIDE + 1]


def _may_show_more(kernel: Kernel, column: str, field: str, one: Joined) -> bool:
    """Tell whether anything is seen in a cell that holds letters of two pieces: what a judgement finds is seen in some cell."""
    kind = field if field in CONTENT_FIELDS else aside_kind(field)
    seen = kernel.seen_in((column, kind, one.text))
    spans = [(hit.start, hit.end) for hit in seen.hits]
    spans += [(signal.start, signal.end) for said in said_by(seen, kernel.index) for signal in said]
    if "relabels" in seen.tried:
        found = kernel.index.relabel_models.find(seen.cell.folded.text, seen.tried["relabels"])
        spans += [(start, end) for _, start, end in found]
    return any(one.is_across(seen.cell.folded.byte_span(*span)) for span in spans)


def _named(answer: Answer | None) -> set[str]:
    return {name for one in answer[0] for name in (one.entity, one.covered_through[-1])} if answer else set()


def _asked(verdict: Verdict, one: Joined) -> Verdict:
    evidence = tuple(
        replace(item, why=f"{item.why}; {one.why}") if item.field == one.column else item
        for item in verdict.evidence
    )
    questions = tuple(dict.fromkeys((WHETHER_ONE, *verdict.questions)))
    return replace(verdict, band=Band.POSSIBLE, evidence=evidence, questions=questions)


def with_pieces(answer: Answer | None, found: tuple[Verdict, ...]) -> Answer:
    """Give the answer of a record with what its pieces say when they are put together."""
    verdicts, spoken = answer or ((), ())
    firms = {name for one in found for name in (one.entity, one.covered_through[-1])}
    return (
        tuple(sorted((*verdicts, *found), key=lambda one: one.entity)),
        tuple(item for item in spoken if item.entity not in firms),
    )
