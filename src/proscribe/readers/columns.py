"""Which column holds what: from the user's mapping, from header words, from the values themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from proscribe.model.observations import CONTENT_FIELDS, STATED_BY, Table
from proscribe.readers._exports import known_export
from proscribe.readers._grammar import grammar
from proscribe.readers._parts_list import parts_columns
from proscribe.readers.header_fields import (
    COMPANY_FIELDS,
    HEADER_WORDS,
    UNDER_GROUP,
    WHOLE_NAME,
    field_of_header,
    fold_header,
    found_columns,
    may_name_makers,
    names_a_seller,
    second_id,
)
from proscribe.readers.value_kinds import HOLDS_MAC, field_of_content, sums_of

if TYPE_CHECKING:
    import pyarrow as pa


#: Values looked at per column when recognising by content.
SAMPLE_ROWS = 2_000
_WORDS = grammar("column_words.yml").words
_SINGLE_FIELDS = _WORDS["single_fields"]
_FORMED_FIELDS = _WORDS["formed_fields"]
#: Fields that name the thing.
_NAMING = frozenset({"text", "product_name", "model_number", "part_number", "maker_name"})
#: Fields of a list of payments, in which mere digits number firms and vouchers.
_LEDGER = frozenset({"vendor_name", "dated_on", "amount"})
#: A hardware address that lost the noughts in front of it.
_NOUGHTS_LOST = re.compile(r"\s*[0-9A-Fa-f]{9,11}(?:\.0)?\s*")


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What is read of a table; the parts have the meaning of the same names in `Table`."""

    fields: dict[str, str] = field(default_factory=dict)
    recognised_by: dict[str, str] = field(default_factory=dict)
    source_kind: str = ""
    export: str = ""  # name of the known export that the table is, of `exports.yml`
    samples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)

    def table(self, header: tuple[str, ...], sheet: str | None = None, first_row: int = 1) -> Table:
        """Make the table that is read so."""
        return Table(
            sheet=sheet,
            header=header,
            fields=self.fields,
            recognised_by=self.recognised_by,
            first_row=first_row,
            source_kind=self.source_kind,
            samples=self.samples,
            forms=self.forms,
            export=self.export,
        )

    def reads_content(self) -> bool:
        """Tell whether at least one column is matched."""
        return any(name in CONTENT_FIELDS for name in self.fields.values())


_MODEL_INSIDE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-/.]*\d)[A-Za-z][A-Za-z0-9]*[A-Za-z0-9\-/.]{2,39}")
_ANY_DIGIT = re.compile(r"\d")
#: A version of software by its form alone, and what may be one under a header that says so.
_VERSION = re.compile(
    r"(?i)v(?:er(?:sion)?)?[ .]?\d+(?:[._]\d+)+\b.*|\d+(?:\.\d+){2,}(?:[-_ ]?(?:build|b|r|rc|sp)[-_ ]?\d+)?"
)
_DOTTED = re.compile(r"[A-Za-z]{0,3}\d+(?:[._]\d+)+\b.*")
#: An address of a device as a browser shows it.
_HOST_IN_URL = re.compile(
    r"(?i)(?:https?|rtsp)://(?:[^/@\s]*@)?(?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:]+\])(?::\d{1,5})?(?:/|$)"
)
_BUS_ID = re.compile(r"(?:0x)?[0-9A-Fa-f]{4}h?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: Values shown of a column, and characters of each; and how much of a long cell is looked at for them.
_SHOWN_VALUES, SHOWN_CHARACTERS, _SHOWN_LOOKED_AT = 3, 60, 256
#: Rows from which they are taken.
_SHOWN_FROM = 200
#: Share of pages that stand at addresses in a network where a column of them tells those of devices.
_ADDRESSED = 0.7
#: Share of values that are versions where a column holds these.
_VERSIONS = 0.5
#: Share of texts with something like a model from which a column speaks of things.
_SOME_MODELS = 0.2
_SERIAL = re.compile(r"(?=(?:[A-Z]*\d){3})[A-Z0-9]{9,24}")
#: The same where letters and digits are mixed, which numbers to call or to pay never are.
_MIXED_SERIAL = re.compile(r"(?=[^A-Za-z]*[A-Za-z])(?=(?:[A-Za-z]*\d){3})[A-Za-z0-9]{8,24}")
#: Share of the values with a digit that have the form of serial numbers, or of codes; and share that needs a digit.
_SERIAL_SHARE, _MIXED_SHARE, _CODE_SHARE, _CODED_SHARE = 0.9, 0.8, 0.9, 0.5
#: Serial numbers of several makers in one column, and share of them that is mixed at least.
_LONG_NUMBER = re.compile(r"(?=(?:[^\d]*\d){4})[A-Za-z0-9]{5,24}|\d{3,8}-\d{3,8}")
_SOME_MIXED = 0.4
_DIGITS = re.compile(r"\d+")
#: Digits of a number that are compared; and values from which, and share of them with which, a column numbers its rows.
_LONGEST_NUMBER, _FEWEST_NUMBERED, _NUMBERED_SHARE = 18, 3, 0.9
#: What may be the name of a maker, or its short form; and share of the values that are, in a column that may head something else.
_MAKER, _NAMED_SHARE = re.compile(r"[^\W\d_][^\d_]{0,39}"), 0.7
#: Columns from which a line of one cell is no record, and share of the others with which that holds.
_WIDE, _RECORD_SHARE = 4, 0.7
#: Share of the values of another column that one has at least whose header says that it numbers the rows.
_FILLED_SHARE = 0.5
#: Share of values with a model from which texts name things, and words of each at most.
_MANY_MODELS, _MOST_NAME_WORDS = 0.5, 4
#: A header that stood before, as readers tell it apart.
_AGAIN = re.compile(r"(.+)_[2-9]")
_SHORT_CODE = re.compile(r"[A-Za-z]{0,3}[-/. ]?\d{1,6}")
#: Share of values that are numbers under a header that counts; one cell or another says that it is not known.
_COUNT, _COUNTED_SHARE = re.compile(r"[^\w\s]{0,3}\s*\d[\d.,' ]*[^\w\s]{0,3}"), 0.5
#: The number of a room, floor or branch, and share of the values that are one where numbers name places.
_PLACE_NUMBER, _PLACE_SHARE = re.compile(r"-?\d{1,6}(?:[./-]\d{1,4})?"), 0.9
#: What people call a thing among its like: what it is, where, and which.
_NAME_AND_NUMBER = re.compile(r"[A-Za-z]{2,8}(?:[-_ ][A-Za-z]{1,8}){0,3}[-_ ]?\d{1,4}")
_CODE = re.compile(r"(?=\D*\d)[A-Za-z0-9][A-Za-z0-9\-/._#]{0,15}")


def _share(values: Sequence[str], form: re.Pattern[str], *, whole: bool = False) -> float:
    """Give the share of values in which a form stands, or which have it."""
    fits = form.fullmatch if whole else form.search
    return sum(fits(text) is not None for text in values) / len(values) if values else 0.0


def first_of(values: Iterable[str | None]) -> tuple[str, ...]:
    """Give the first values that differ, cut, to show what a column holds."""
    found: dict[str, None] = {}
    for value in values:
        if value and (text := " ".join(value[:_SHOWN_LOOKED_AT].split())):
            found.setdefault(text[:SHOWN_CHARACTERS])
            if len(found) == _SHOWN_VALUES:
                break
    return tuple(found)


def samples_of(rows: pa.RecordBatch) -> dict[str, tuple[str, ...]]:
    """Give the first values of each column that differ, cut."""
    few = rows.slice(0, _SHOWN_FROM)
    return {name: first_of(few.column(name).to_pylist()) for name in few.schema.names}


def _are_distinct(values: Sequence[str]) -> bool:
    return len(values) > 1 and len(set(values)) >= 0.95 * len(values)


def _are_serials(values: Sequence[str]) -> bool:
    """Tell whether values are serial numbers by their forms: long and mixed, or at least long; models have parts."""
    mixed = _share(values, _MIXED_SERIAL, whole=True)
    return mixed >= _MIXED_SHARE or (
        mixed >= _SOME_MIXED and _share(values, _LONG_NUMBER, whole=True) >= _MIXED_SHARE
    )


def _run_on(values: Sequence[str]) -> bool:
    """Tell whether values are numbered one after the other, however they are written: "PI-20411", "PC-20417"."""
    numbers = [int(found[-1][:_LONGEST_NUMBER]) for text in values if (found := _DIGITS.findall(text))]
    if len(numbers) < _FEWEST_NUMBERED or len(numbers) < _NUMBERED_SHARE * len(values):
        return False
    return sum(one < two for one, two in pairwise(numbers)) >= _NUMBERED_SHARE * (len(numbers) - 1)


def _records_of(sample: Sequence[Sequence[str | None]], width: int) -> Sequence[Sequence[str | None]]:
    """Leave out lines of a wide table in which one cell alone is filled: headings between records, and remarks below them."""
    if width < _WIDE:
        return sample
    records = [row for row in sample if sum(1 for cell in row if cell and cell.strip()) > 1]
    return records if len(records) >= _RECORD_SHARE * len(sample) else sample


def plan_columns(
    header: Sequence[str],
    sample: Sequence[Sequence[str | None]],
    mapping: Mapping[str, str],
    *,
    headed: bool = True,
    configured: Mapping[str, str] = {},
    preset: str = "",
) -> ColumnPlan:
    """Decide what is read of a table.

    The user's mapping wins; then what the configuration says of this file; then what is known of the exports of common
    programs (`exports.yml`); then header words; then the form of the values, which also overrules a header that they
    contradict: a column of model numbers under `Type` or `Date`, of numbers under `Supplier`. Columns of remarks become
    `note`, and are read as text. In a table without a header, a mapping that names a content field leaves the other columns
    without one: it is the only one that says what they hold. Else a statement takes nothing from columns that it does not
    name. A column that is alone is always read.
    A column without a field is looked at all the same, and what decides by itself counts there.
    A statement that says of a column what is recognised without any changes nothing, and is not told as one.

    Args:
        header: unique column names.
        sample: first rows, each at most as long as the header.
        mapping: column to field; columns it names that this table lacks are skipped here.
        headed: whether the names come from the table. Without a header nothing speaks against a
            column of texts, so they are `text` rather than `other`.
        configured: column to field as a configuration says it, which was written for files of yesterday.
        preset: the known export that a configuration says it is, of `exports.yml`.
    """
    sample = sample[:SAMPLE_ROWS]
    seen = _Values(header, _records_of(sample, len(header)))
    plan = _Planner(header, seen, mapping, headed, configured, preset).plan()
    if STATED_BY.isdisjoint(plan.recognised_by.values()):
        return plan
    fields, recognised_by = _Planner(header, seen, {}, headed, {}, "").decided()
    for column, by in plan.recognised_by.items():
        if by in STATED_BY and fields.get(column) == plan.fields[column]:
            plan.recognised_by[column] = recognised_by[column]
    return plan


class _Values:
    """First values of the columns of a table, and what they are by their form.

    Attributes:
        sample: the rows.
        filled: column to its values that are not blank, cut and without blanks around them.
        content: column to what `field_of_content` says of them.
    """

    def __init__(self, header: Sequence[str], sample: Sequence[Sequence[str | None]]) -> None:
        self.sample = sample
        self.filled = {
            column: [
                text
                for row in sample
                if place < len(row) and (value := row[place]) and (text := value[:256].strip())
            ]
            for place, column in enumerate(header)
        }
        self.content = {column: field_of_content(values) for column, values in self.filled.items()}


class _Planner:
    """The decisions on the columns of one table, each resting on those before it."""

    def __init__(
        self,
        header: Sequence[str],
        seen: _Values,
        mapping: Mapping[str, str],
        headed: bool,
        configured: Mapping[str, str],
        preset: str,
    ) -> None:
        self._header, self._sample, self._headed = header, seen.sample, headed
        self._values, self._content = seen.filled, seen.content
        self._fields: dict[str, str] = {}
        self._by: dict[str, str] = {}
        named = found_columns(mapping, header)
        self._configured = {
            column: name
            for column, name in found_columns(configured, header).items()
            if column not in named and not (name in _SINGLE_FIELDS and name in named.values())
        }
        self._mapped = {**self._configured, **named}
        self._strict = not headed and any(name in CONTENT_FIELDS for name in named.values())
        self._taken = set(self._mapped.values())
        heads = Counter(column.rpartition(UNDER_GROUP)[0] for column in header)
        self._groups = {head for head, count in heads.items() if head and count > 1}
        self._guesses = {column: self._told_by_values(column) for column in header}
        self._folded = {column: fold_header(column) for column in header}
        self._buses = {column for column, behind in pairwise(header) if self._are_bus_ids(column, behind)}
        self._guesses |= dict.fromkeys(self._buses, ("usb_id", WHOLE_NAME))
        self._find_makers()
        for column in header:
            is_place = self._guesses[column][0] == "site" and self._content[column] not in _FORMED_FIELDS
            if is_place and self._is_of_a_seller(column):
                self._guesses[column] = ("skip", 1)
        self._export = known_export(tuple(self._folded.values()), fold_header, preset) if headed else None
        self._told = (
            {column: self._export.field(self._folded[column]) for column in header} if self._export else {}
        )
        self._owners = self._find_owners()
        self._levels: dict[str, str] = {}

    def _are_bus_ids(self, column: str, behind: str) -> bool:
        """Tell whether two columns hold the numbers of makers and of devices on a bus, USB or PCI."""
        is_named = (
            self._folded[column] in _WORDS["bus_vendor_words"]
            and self._folded[behind] in _WORDS["bus_device_words"]
        )
        return is_named and all(
            values and all(map(_BUS_ID.fullmatch, values))
            for values in (self._values[column], self._values[behind])
        )

    def _is_of_a_seller(self, column: str) -> bool:
        """Tell whether a place is where a seller sits: "Vendor City", or a city beside street and number of a vendor."""
        folded = self._folded[column]
        if names_a_seller(folded):
            return True
        others = [text for other, text in self._folded.items() if other != column]
        return (
            folded in _WORDS["address_words"]
            and any(map(names_a_seller, others))
            and any(text in _WORDS["address_words"] | _WORDS["letter_words"] for text in others)
        )

    def _find_makers(self) -> None:
        """Hear what the values and the other columns tell of a header that heads makers in some lists, where no other does."""
        told = {name for name, _ in self._guesses.values()}
        if "maker_name" in told:
            return
        devices = told & _WORDS["fields_of_devices"] and not told & _WORDS["fields_of_purchases"]
        for column, values in self._values.items():
            named = sum(_MAKER.fullmatch(text) is not None for text in values)
            if not values or named < _NAMED_SHARE * len(values):
                continue
            by_others = devices and self._folded[column] in HEADER_WORDS["maker_of_devices"]
            if by_others or may_name_makers(column):
                self._guesses[column] = ("maker_name", WHOLE_NAME)

    def _told_by_name(self, column: str) -> tuple[str | None, int]:
        """Recognise a column by its header; what stands under a head of several columns, by its own name."""
        head, _, last = column.rpartition(UNDER_GROUP)
        own = field_of_header(last) if head in self._groups else (None, 0)
        return own if own[1] > 1 and own[0] in _WORDS["headed_fields"] else field_of_header(column)

    def _told_by_values(self, column: str) -> tuple[str | None, int]:
        """Recognise a column by its header, and hear what its values say against it."""
        name, sure = self._told_by_name(column)
        form, values = self._content[column], self._values[column]
        if not values or name is None or (name == "text" and self._are_versions(column)):
            return name, sure
        if name == "skip" and not _WORDS["thing_or_number"].isdisjoint(fold_header(column).split()):
            # "Phone" holds numbers to call in one list, and what people carry in another.
            lettered = sum(any(map(str.isalpha, text)) and "@" not in text for text in values)
            return ("product_name", 1) if 2 * lettered >= len(values) else (name, sure)
        if name in _WORDS["measured_fields"] and form not in ("number", "date"):
            if (
                form == "model_number"
                and _share(values, _YEAR) < 0.5
                and _share(values, _MODEL_INSIDE) >= 0.7
            ):
                return "model_number", 1
            lettered = sum(text[0].isalpha() and not any(map(str.isdigit, text)) for text in values)
            if lettered >= 0.7 * len(values) or _share(values, _MODEL_INSIDE) >= 0.7 > _share(values, _YEAR):
                return None, 0  # names or models under the header of a price or a day
        elif (
            name == "category"
            and _share(values, _MODEL_INSIDE) >= 0.3
            and form not in ("number", "date", "id")
        ):
            return ("model_number" if form == "model_number" else "product_name"), sure
        elif form == "number" and fold_header(column) in _WORDS["name_or_count"]:
            return "quantity", 2  # "Nombre" is a name in Spanish, and how many in French
        elif name == "row_id" and _share(values, _ANY_DIGIT) < 0.3 and self._has_other_id(column):
            return "text", 1  # "Cespite", "Bien" head numbers in one list, and in another what the things are
        elif (
            name == "maker_name"
            and len(values) > 1
            and _WORDS["made_or_bought"].issuperset(map(fold_header, values))
        ):
            return "category", 1  # "Make" or buy
        elif name in _WORDS["named_fields"] and form in ("number", "id") and len(values) > 1:
            # The number of a firm or thing. Beside a column of names it is never the name.
            return ("row_id" if name not in COMPANY_FIELDS and _are_distinct(values) else "skip"), 1
        elif (
            name == "text"
            and _are_distinct(values)
            and _share(values, _SHORT_CODE, whole=True) >= 0.9
            and (fold_header(column) in _WORDS["tag_words"] or _run_on(values))
        ):
            return "row_id", 1
        elif (
            name == "text"
            and _are_distinct(values)
            and _share(values, _NAME_AND_NUMBER, whole=True) >= 0.9
            and any(field_of_header(other) == ("model_number", WHOLE_NAME) for other in self._header)
        ):
            return "row_id", 1  # "SW-CORE-1" beside a column of models
        elif name == "site":
            return self._place_by_values(column, sure)
        elif name == "serial_number" and len(values) > 5 and len(set(values)) <= 0.3 * len(values):
            return ("model_number", 1) if form == "model_number" else (None, 0)
        return name, sure

    def _place_by_values(self, column: str, sure: int) -> tuple[str, int]:
        """Hear what the values of a column headed as a place say against it."""
        form, values = self._content[column], self._values[column]
        if (
            form in ("id", "model_number")
            and len(values) > 2
            and _are_distinct(values)
            and HEADER_WORDS["number_words"].intersection(fold_header(column).split())
        ):
            return "row_id", 1  # a number of its own beside each thing is no place
        counted = self._counts(column) and _share(values, _COUNT, whole=True) >= _COUNTED_SHARE
        if counted or (form in ("number", "date") and not self._numbers_places(column, sure)):
            return "skip", 1  # how many places, how much for them, or when
        return "site", sure

    def _counts(self, column: str) -> bool:
        """Tell whether a header under which places may stand speaks of how many, or of how much."""
        return not _WORDS["counting_words"].isdisjoint(fold_header(column).split())

    def _numbers_places(self, column: str, sure: int) -> bool:
        """Tell whether numbers under a word for a place are those of places, and no counts, sums or days.

        A header of more words than that has to say that they are numbers, or they have one length or come again as codes do.
        """
        words, values = set(fold_header(column).split()), self._values[column]
        if _share(values, _PLACE_NUMBER, whole=True) < _PLACE_SHARE:
            return False
        codes = len({len(text) for text in values}) == 1 or 2 * len(set(values)) <= len(values)
        return sure == WHOLE_NAME or codes or not words.isdisjoint(_WORDS["number_words"])

    def _are_versions(self, column: str) -> bool:
        """Tell whether a column holds versions of software, by their form or by its header beside it: no number of anything."""
        said = not _WORDS["version_words"].isdisjoint(fold_header(column).split())
        return _share(self._values[column], _DOTTED if said else _VERSION, whole=True) >= _VERSIONS

    def _has_other_id(self, column: str) -> bool:
        """Tell whether another column is headed as an id, and its values have digits as ids do."""
        return any(
            other != column and field_of_header(other)[0] == "row_id" and _share(values, _ANY_DIGIT) > 0.7
            for other, values in self._values.items()
        )

    def _find_owners(self) -> dict[str, str]:
        """Give each single field to the surest header, so that `ID` does not lose to `Order line no`."""
        owners: dict[str, str] = {}
        free = [column for column in self._header if column not in self._mapped]
        for column in free:
            if self._told.get(column) in _SINGLE_FIELDS:
                owners.setdefault(self._told[column], column)
        for single in _SINGLE_FIELDS - owners.keys() - self._taken:
            rivals = [
                column
                for column in free
                if self._guesses[column][0] == single and self._told.get(column, "guess") == "guess"
            ]
            if rivals:
                owners[single] = max(
                    rivals,
                    key=lambda column: (
                        single != "row_id" or len(set(self._values[column])) != 1,
                        not self._runs(column),
                        single != "row_id" or not self._holds_other_numbers(column),
                        self._guesses[column][1],
                    ),
                )
        return owners

    def _runs(self, column: str) -> bool:
        """Tell whether a column only counts the rows, by its name and its values."""
        values = self._values[column]
        if self._folded[column] not in HEADER_WORDS["count_headers"]:
            return False
        return len(values) > 1 and values[:50] == [str(at) for at in range(1, min(len(values), 50) + 1)]

    def _put(self, column: str, name: str, recognised_by: str) -> None:
        self._fields[column], self._by[column] = name, recognised_by

    def _is_free(self, name: str) -> bool:
        return name not in self._taken and name not in self._owners

    def plan(self) -> ColumnPlan:
        """Decide on every column, and on the table as a whole."""
        fields, recognised_by = self.decided()
        kind = self._export.kind if self._export is not None else self._parts_kind()
        name = self._export.name if self._export is not None else ""
        return ColumnPlan(fields, recognised_by, kind, name, self._samples(), self._forms())

    def decided(self) -> tuple[dict[str, str], dict[str, str]]:
        """Decide on every column; give the field of each that is read, and what says so."""
        for column in self._header:
            if column in self._mapped:
                self._put(column, self._as_mapped(column), "config" if column in self._configured else "map")
            elif (told := self._told.get(column, "guess")) != "guess":
                # A program's own documentation says what the column holds, so neither words nor values are asked.
                is_single = told in _SINGLE_FIELDS
                lost = is_single and (self._owners.get(told) != column or told in self._taken)
                if told == "note" and self._guesses[column][0] != "note":
                    told = "skip"  # what a program writes beside the thing is nobody's remark
                if told != "skip" and not lost:
                    self._put(column, told, "header")
            else:
                self._guess(column)
        self._add_the_only_ones()
        self._add_order_lines()
        self._add_ids()
        self._part_side_by_side()
        return self._fields, self._by

    def _part_side_by_side(self) -> None:
        """Take the id, the place and the like from a row in which two lists stand beside each other: they are those of one."""
        first = {
            base
            for column in self._header
            if (found := _AGAIN.fullmatch(column)) and (base := found[1]) in self._values
            if self._values[base] and self._values[column]
        }
        if len(first) < 2 or not any(self._fields.get(column) == "row_id" for column in first):
            return
        for column in first - self._mapped.keys():
            if self._fields.get(column) in _SINGLE_FIELDS:
                del self._fields[column], self._by[column]

    def _samples(self) -> dict[str, tuple[str, ...]]:
        return {column: first_of(values) for column, values in self._values.items() if values}

    def _forms(self) -> dict[str, str]:
        """Give the kind of values of each column.

        `models` are texts in many of which something like a model stands; `sums` numbers of which the last, or each beside
        those of other columns, is the sum; `counts` whole numbers, one beside each of several names; what tells how deep the
        lines of a list of parts lie has a form of `LEVEL_FORMS`.
        """
        return {
            column: "models"
            if form in ("texty", "category") and _share(self._values[column], _MODEL_INSIDE) >= _SOME_MODELS
            else form
            for column, form in self._content.items()
            if form is not None
        } | {**sums_of(self._sample, self._header, self._content), **self._levels}

    def _guess(self, column: str) -> None:
        """Decide by the words of the header, then by the form of the values."""
        name, sure = self._guesses[column]
        form = self._content[column]
        shown = name == "site" and form == "url"
        if shown and _share(self._values[column], _HOST_IN_URL) >= _ADDRESSED:
            form = "ip"
        elif shown:
            return  # a page is no place
        if form == "ip" and name in ("mac", "site") and self._is_free("ip"):
            # "Address" and "Hardware address" are words of some programs for the network address.
            self._put(column, "ip", "content")
            self._owners["ip"] = column
            if self._owners.get(name) == column:
                del self._owners[name]
            return
        if form in _FORMED_FIELDS and name != form and (name is None or name not in CONTENT_FIELDS):
            if form != "ip" or (self._is_free("ip") and name is None):
                self._put(column, str(form), "content")
            return
        holds_addresses = name == "mac" and 2 * sum(
            HOLDS_MAC.search(value[:256]) is not None or _NOUGHTS_LOST.fullmatch(value) is not None
            for value in self._values[column]
        ) >= len(self._values[column])
        is_told_by_form = name in _FORMED_FIELDS and name != "ip" and column not in self._buses
        if is_told_by_form and form in ("texty", "category") and not holds_addresses:
            # A column called MAC that holds sentences is still text to be checked.
            name, sure = None, 0
        if name == "skip" or (name == "text" and form in ("number", "date", "email", "url")):
            return
        if name is not None and name in _SINGLE_FIELDS:
            self._guess_single(column, name)
        elif name == "note" or (name is not None and not (sure == 1 and form in ("number", "date"))):
            self._put(column, name, "header")
        elif form is not None and not self._strict:
            self._guess_by_form(column, form)

    def _as_mapped(self, column: str) -> str:
        """Give the field a column was mapped to; a day of looking or counting never becomes one of purchase.

        A day of purchase may close a question of ownership. One on which somebody looked says no more than that the thing
        existed by then.
        """
        words = set(self._folded[column].split())
        is_sighting = not words.isdisjoint(_WORDS["sighting_words"]) and words.isdisjoint(
            _WORDS["purchase_words"]
        )
        return "seen_at" if self._mapped[column] == "dated_on" and is_sighting else self._mapped[column]

    def _guess_single(self, column: str, name: str) -> None:
        """Decide on a column whose header names a field that only one column can have."""
        if self._owners.get(name) == column:
            self._put(column, name, "header")
        elif self._strict:
            return
        elif name == "row_id" and (other := second_id(column)) is not None:
            self._put(column, other, "header")
        elif name == "row_id":
            self._put_again(column, {told for told, _ in self._guesses.values() if told})

    def _guess_by_form(self, column: str, form: str) -> None:
        if form in CONTENT_FIELDS:
            self._put(column, form, "content")
        elif form == "texty":
            self._put(column, self._text_by_values(column), "content")
        elif form == "ip" and self._is_free("ip"):
            self._put(column, "ip", "content")
            self._owners["ip"] = column

    def _text_by_values(self, column: str) -> str:
        """Give the field of a column of texts whose header is not known: what names things by their models is the product."""
        if not self._headed:
            return "text"
        values = self._values[column]
        told = any(
            name in ("model_number", "product_name")
            and _share(self._values[other], _MODEL_INSIDE) >= _SOME_MODELS
            for other, (name, _) in self._guesses.items()
        )
        names = _share(values, _MODEL_INSIDE) >= _MANY_MODELS and all(
            len(text.split()) <= _MOST_NAME_WORDS for text in values
        )
        return "product_name" if names and not told and len(values) > 2 else "other"

    def _add_the_only_ones(self) -> None:
        """Read a day without further words, and a column that is alone in any case."""
        bought = not _WORDS["bought_fields"].isdisjoint(self._fields.values())
        dates = [
            column
            for column in self._header
            if self._content[column] == "date" and column not in self._fields
        ]
        is_only = len(dates) == 1 and self._export is None and self._is_free("dated_on")
        if is_only and self._guesses[dates[0]][0] is None and bought:
            self._put(dates[0], "dated_on", "content")
        if not bought and self._export is None:
            for column, name in list(self._fields.items()):
                is_plain = _WORDS["day_words"].issuperset(self._folded[column].split())
                if name == "dated_on" and self._by[column] == "header" and is_plain:
                    # In a list of things a mere `Date` may be that of the list: the thing existed by then.
                    self._put(column, "seen_at", "header")
        only = self._header[0] if len(self._header) == 1 and not self._strict else None
        if only is not None and self._fields.get(only) not in CONTENT_FIELDS:
            self._put(only, "text", "content")

    def _add_order_lines(self) -> None:
        """Take the number of an order and that of its line beside it for the id of records that have no other."""
        if self._export is not None or not self._headed:
            return
        held = {name: column for column, name in reversed(self._fields.items())}
        for order, line in pairwise(self._header):
            if (
                second_id(order) == "order_line"
                and self._folded[line] in _WORDS["line_headers"]
                and held.get("row_id", order) in (order, line)
                and "order_line" not in held
                and not {order, line} & self._mapped.keys()
                and not _are_distinct(self._values[order])
                and _share(self._values[order], _CODE, whole=True) >= 0.9
                and _share(self._values[line], _SHORT_CODE, whole=True) >= 0.9
            ):
                self._put(order, "row_id", "header")
                self._put(line, "order_line", "header")
                return

    def _add_ids(self) -> None:
        """Take unique short codes for the record's own id and unique long ones for serial numbers, where no header does."""
        held = set(self._fields.values())
        counts = next(
            (one for one, name in self._fields.items() if name == "row_id" and self._runs(one)), None
        )
        if counts is not None and self._by[counts] == "header":
            held.discard("row_id")  # it only counts the rows, where another column numbers the things
        if self._export is not None or not self._headed or not held & set(CONTENT_FIELDS):
            return
        owner = next((one for one, name in self._fields.items() if name == "row_id"), None)
        sparse = (
            owner is not None
            and self._by[owner] == "header"
            and (self._is_sparse(owner) or self._holds_other_numbers(owner))
        )
        if sparse:
            held.discard("row_id")
        for column in self._header:
            if not self._is_free_for_id(column):
                continue
            if "serial_number" not in held and held & _NAMING and self._holds_serials(column, held):
                self._put(column, "serial_number", "content")
                held.add("serial_number")
            elif (
                "row_id" not in held
                and _are_distinct(self._values[column])
                and (counts is not None or sparse or self._is_free("row_id"))
                and self._numbers_rows(column, counts)
            ):
                for other in {counts, owner} - {None, column}:
                    del self._fields[str(other)], self._by[str(other)]
                self._put(column, "row_id", "content")
                held.add("row_id")
                if sparse and owner is not None:
                    self._put_again(owner, held)

    def _holds_other_numbers(self, column: str) -> bool:
        """Tell whether values under the header of an id are of many forms and do not run on: models, serial numbers."""
        return self._content[column] == "model_number" and not _run_on(self._values[column])

    def _put_again(self, column: str, held: set[str]) -> None:
        """Read a column as its values say that lost the id of the rows to another.

        Args:
            column: its name.
            held: the fields that the table has.
        """
        values = self._values[column]
        if not self._holds_other_numbers(column):
            return
        if "serial_number" not in held and _are_distinct(values) and _are_serials(values):
            self._put(column, "serial_number", "content")
        else:
            self._put(column, "model_number", "content")

    def _is_free_for_id(self, column: str) -> bool:
        """Tell whether nothing but values decided on a column so far; the number of a firm may number its rows."""
        if (
            column in self._mapped
            or self._guesses[column][0] not in (None, "skip")
            or self._are_versions(column)
        ):
            return False
        field = self._fields.get(column)
        return field is None or (
            field in ("other", "model_number") and self._by.get(column, "content") == "content"
        )

    def _holds_serials(self, column: str, held: set[str]) -> bool:
        """Tell whether a column whose header is not known holds serial numbers: long codes, each once.

        Args:
            column: its name.
            held: the fields that the table has.
        """
        values = [text for text in self._values[column] if any(map(str.isdigit, text))]  # "n/a" is none
        if self._guesses[column][0] is not None or not _are_distinct(values):
            return False
        if len(values) < _CODED_SHARE * len(self._values[column]):
            return False
        if self._header.index(column) == 0 and _run_on(values):
            return False
        if _are_serials(values):
            return True
        if _share(values, _SERIAL, whole=True) < _SERIAL_SHARE:
            return False
        others = (one for one in self._header if one != column and self._guesses[one][0] is None)
        return not (held >= _LEDGER and held & _NAMING == {"text"} and "".join(values).isdigit()) and not any(
            _are_serials(self._values[one]) for one in others
        )

    def _is_sparse(self, column: str) -> bool:
        """Tell whether a column holds far fewer values than the fullest one: a second reference beside some of the rows."""
        return len(self._values[column]) < _FILLED_SHARE * max(map(len, self._values.values()))

    def _numbers_rows(self, column: str, counts: str | None) -> bool:
        """Tell whether a column holds the numbers of its rows: short codes that stand first, or that run on.

        Args:
            column: one whose values are distinct.
            counts: a column that only counts the rows.
        """
        values, place = self._values[column], self._header.index(column)
        runs = _run_on(values)
        forms = ("id",) if counts is not None else ("number", "id")
        if _share(values, _CODE, whole=True) < _CODE_SHARE or self._is_sparse(column):
            return False
        if place == (0 if counts is None else self._header.index(counts) + 1):
            told = self._guesses[column][0] is None and (
                self._content[column] in forms or self._says_number(column)
            )
            return told or (runs and self._content[column] in (*forms, "model_number"))
        if self._guesses[column][0] is not None:
            return False
        return (runs and self._content[column] == "id") or (
            counts is None and self._says_number(column) and self._content[column] in ("id", "model_number")
        )

    def _says_number(self, column: str) -> bool:
        """Tell whether a header calls its column a number: `Objectnr`, `Kit no`."""
        words = self._folded[column].split()
        return bool(words) and (
            not HEADER_WORDS["number_words"].isdisjoint(words)
            or words[-1].endswith(("nr", "nummer", "numer"))
        )

    def _parts_kind(self) -> str:
        """Tell a list of parts, in which some words mean something else, and a list of programs."""
        parts = parts_columns(
            self._folded, self._sample, {column: guess for column, (guess, _) in self._guesses.items()}
        )
        if parts is None:
            read = {name for name in self._fields.values() if name in CONTENT_FIELDS}
            return "software" if read and read <= {"purl", "cpe"} else ""
        self._levels = parts.forms if "level" not in self._mapped.values() else {}
        for column, name in parts.fields.items():
            if column in self._mapped or (self._strict and name in CONTENT_FIELDS):
                continue
            if name in _SINGLE_FIELDS:
                if name in self._taken:
                    continue
                for other in [key for key, held in self._fields.items() if held == name and key != column]:
                    del self._fields[other], self._by[other]
            self._put(column, name, "header")
        return "parts"
