"""The list of suppliers that a campaign asks: one row for each supplier, or one for each product that was bought."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from proscribe.app.settings.file_rules import by_input
from proscribe.model import identifiers
from proscribe.model.errors import InputError, ProscribeError, error
from proscribe.model.observations import ReadIssue, Table
from proscribe.model.results import InputReading
from proscribe.model.spelling import unaccented
from proscribe.model.suppliers import MAX_PRODUCTS
from proscribe.readers import Options, Source, open_source
from proscribe.wording.lines import lines_of

#: Suppliers of one campaign, and rows of its list.
MAX_VENDORS = 20_000
MAX_ROWS = 1_000_000
_NAME_CHARACTERS = 300
#: Headings beyond those that every reader knows, folded to letters.
_OWN = {
    "uei": "uei", "ueisam": "uei", "uniqueentityid": "uei", "uniqueentityidentifier": "uei",
    "cage": "cage", "cagecode": "cage", "ncage": "cage",
    "email": "email", "mail": "email", "emailaddress": "email", "contactemail": "email",
    "tier": "tier", "parent": "parent", "parentsupplier": "parent", "supplies": "parent",
    "country": "country", "firmware": "firmware", "serials": "serials",
}  # fmt: skip
#: Field of a reader to column of the form's list of products.
_PRODUCT = {
    "product_name": "product", "text": "product", "model_number": "model", "part_number": "model", "maker_name": "maker",
    "chip": "chip", "serial_number": "serials", "mac": "serials",
}  # fmt: skip
#: Words of a legal form at the end of a name; two spellings of one firm differ in them.
_LEGAL_FORMS = frozenset(
    [
        "inc", "incorporated", "llc", "lp", "llp", "ltd", "limited", "corp", "corporation", "co", "company", "gmbh", "ag",
        "kg", "ohg", "se", "sa", "sas", "sarl", "spa", "srl", "bv", "nv", "oy", "ab", "as", "aps", "plc", "pty", "sro",
        "spzoo", "kk",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vendor:
    """One supplier to be asked.

    Attributes:
        row: row of the list that named it first.
        tier: 1 for those we buy from.
        parent: name or id of the supplier that it supplies; empty for tier 1.
        products: rows for the form's list of products.
    """

    name: str
    row: int
    uei: str = ""
    cage: str = ""
    email: str = ""
    tier: int = 1
    parent: str = ""
    products: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class VendorList:
    """A list as it was read.

    Attributes:
        rows: how many rows it has.
        problems: rows that were not taken, or not as they stand; each says where and why.
        unread: columns that are not read.
    """

    vendors: tuple[Vendor, ...]
    rows: int
    problems: tuple[ReadIssue, ...]
    unread: tuple[str, ...]


@dataclass(slots=True)
class _Row:
    name: str
    row: int
    uei: str = ""
    cage: str = ""
    email: str = ""
    tier: str = ""
    parent: str = ""
    products: list[Mapping[str, str]] = field(default_factory=list)


def name_key(name: str, *, legal_form: bool = False) -> str:
    """Fold a firm's name so that its spellings compare equal: case, accents, punctuation.

    Args:
        legal_form: whether the legal form stays. It does where two firms must not become one; it does not where a record
            that leaves it out may speak of the firm.
    """
    words = re.findall(r"\w+", unaccented(name).casefold().replace(".", ""))
    while not legal_form and len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def read_vendors(path: Path, files: Sequence[InputReading] = ()) -> VendorList:
    """Read a list of suppliers: CSV, XLSX or any table that a scan reads.

    Args:
        path: the list, a row for each supplier or for each product bought.
        files: what a configuration says of it, as `file_rules.readings` gives it.

    Raises:
        InputError: E490 when it cannot be read, has no column with names of suppliers, or names none.
    """
    try:
        source = Source(str(path), path, path.stat().st_size)
    except OSError as problem:
        raise _unusable(path, f"it cannot be read: {problem.strerror or problem}") from None
    reading = open_source(source, Options(files=by_input(files)))
    row_of = getattr(reading, "source_row", None)  # not every format has rows
    found: dict[str, _Row] = {}
    problems: list[ReadIssue] = []
    unread: dict[str, None] = {}
    rows = 0
    named = False
    try:
        for batch in reading.batches():
            table = reading.tables[batch.table]
            columns = _columns(table)
            unread.update(dict.fromkeys(name for name in table.header if name not in columns))
            if "name" not in columns.values():
                rows += batch.rows.num_rows
                continue
            named = True
            for offset, cells in enumerate(batch.rows.to_pylist()):
                rows += 1
                number = batch.first_record + offset
                if rows > MAX_ROWS:
                    raise _unusable(path, f"it has more than {MAX_ROWS:,} rows")
                _take(
                    _values(cells, columns),
                    row_of(batch.table, number) if row_of is not None else number,
                    found,
                    problems,
                )
    except InputError as problem:
        if problem.code.startswith("E49"):
            raise
        raise _unusable(path, problem.what) from None
    problems.extend(one for one in reading.issues if one.lossy)
    if not named:
        why = next((one.what for one in reading.issues if one.lossy), "")
        raise _unusable(path, why if why and not rows else "no column holds the names of suppliers")
    vendors = tuple(_vendors(found.values(), problems))
    if not vendors:
        raise _unusable(path, "it names no supplier")
    if len(vendors) > MAX_VENDORS:
        raise _unusable(
            path, f"it names {len(vendors):,} suppliers; at most {MAX_VENDORS:,} are asked at once"
        )
    return VendorList(vendors, rows, tuple(problems), tuple(unread))


def _unusable(path: Path, what: str) -> ProscribeError:
    return error("E490.list", at=path, what=what)


def _columns(table: Table) -> dict[str, str]:
    """Give the user's column to ours, by our own headings first, then by what every reader recognises."""
    made: dict[str, str] = {}
    for header in table.header:
        own = _OWN.get(re.sub(r"[^a-z]", "", header.casefold()))
        read = table.fields.get(header, "")
        if own is not None:
            made[header] = own
        elif read == "vendor_name" and "name" not in made.values():
            made[header] = "name"
        elif read in _PRODUCT:
            made[header] = _PRODUCT[read]
    return made


def _values(cells: Mapping[str, str | None], columns: Mapping[str, str]) -> dict[str, str]:
    made: dict[str, str] = {}
    for header, name in columns.items():
        # Characters that nobody sees would make the question another one on its way through a spreadsheet.
        raw = "".join(
            char if unicodedata.category(char) not in ("Cf", "Cs", "Co", "Cn") else " "
            for char in cells.get(header) or ""
        )
        text = " ".join("".join(char if char.isprintable() else " " for char in raw).split())
        if text:
            made[name] = f"{made[name]}; {text}" if name in made and name in ("serials", "product") else text
    return made


def _take(values: Mapping[str, str], row: int, found: dict[str, _Row], problems: list[ReadIssue]) -> None:
    at = f"row {row}"
    name = values.get("name", "")
    if not name or not name_key(name):
        if values:
            problems.append(
                ReadIssue("E491", at, "The row names no supplier and was not taken. Add the name.")
            )
        return
    if len(name) > _NAME_CHARACTERS:
        problems.append(
            ReadIssue(
                "E491", at, f"The name has {len(name):,} characters; the row was not taken. Shorten it."
            )
        )
        return
    known = found.setdefault(name_key(name, legal_form=True), _Row(name, row))
    for key in ("uei", "cage", "email", "tier", "parent"):
        text = values.get(key, "")
        if not text:
            continue
        before = getattr(known, key)
        if before and before.casefold() != text.casefold():
            problems.append(
                ReadIssue(
                    "E491", at,
                    f"The {key} of {name[:80]!r} is {text[:40]!r} here and {before[:40]!r} in row {known.row}; that of row "
                    f"{known.row} was kept. Correct one of them.",
                )
            )  # fmt: skip
        else:
            setattr(known, key, text)
    product = {
        key: values[key][:2_000]
        for key in ("product", "model", "maker", "chip", "firmware", "serials")
        if key in values
    }
    if product:
        if len(known.products) >= MAX_PRODUCTS:
            if len(known.products) == MAX_PRODUCTS:
                problems.append(
                    ReadIssue(
                        "E491",
                        at,
                        f"{name[:80]!r} has more than {MAX_PRODUCTS:,} products; the rest is not on its form.",
                    )
                )
                known.products.append({})
            return
        if product not in known.products:
            known.products.append(product)


def _vendors(rows: Iterable[_Row], problems: list[ReadIssue]) -> Iterator[Vendor]:
    def code(parse: Callable[[str], str], text: str, what: str, row: int) -> str:
        if not text:
            return ""
        try:
            return parse(text)
        except ValueError as problem:
            problems.append(
                ReadIssue(
                    "E491", f"row {row}", f"This is no {what}, and was left out: {problem}. Correct it."
                )
            )
            return ""

    for one in rows:
        tier = 1
        if one.tier:
            if one.tier.isascii() and one.tier.isdigit() and 1 <= int(one.tier[:4]) <= 20:
                tier = int(one.tier)
            else:
                problems.append(
                    ReadIssue(
                        "E491",
                        f"row {one.row}",
                        f"The tier {one.tier[:20]!r} is no number from 1 to 20; 1 was taken. Correct it.",
                    )
                )
        elif one.parent:
            tier = 2
        yield Vendor(
            one.name,
            one.row,
            code(identifiers.uei, one.uei, "UEI", one.row),
            code(identifiers.cage, one.cage, "CAGE code", one.row),
            one.email[:200],
            tier,
            one.parent[:_NAME_CHARACTERS],
            tuple(item for item in one.products if item),
        )


def named_vendors(text: str) -> tuple[Vendor, ...]:
    """Read suppliers typed one a line: name, then an e-mail address behind a semicolon.

    Raises:
        CaseError: E498 when nobody is named.
    """
    made = []
    for row, line in enumerate(lines_of(text), start=1):
        name, _, email = (part.strip() for part in line.partition(";"))
        if name:
            made.append(Vendor(name, row, email=email))
    if not made:
        raise error("E498.nobody")
    return tuple(made)
