"""Which column holds what: from the user's mapping, from header words, from the values themselves."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

import yaml

from proscribe.model.errors import error
from proscribe.model.observations import CONTENT_FIELDS, FIELDS
from proscribe.readers._exports import known_export
from proscribe.readers._parts_list import parts_columns

#: Values looked at per column when recognising by content.
SAMPLE_ROWS = 2_000
#: A context field belongs to one column; a second candidate stays unread.
_SINGLE_FIELDS = frozenset(
    {
        "row_id",
        "quantity",
        "unit_cost",
        "amount",
        "currency",
        "dated_on",
        "ip",
        "site",
        "component_ref",
        "parent_ref",
        "level",
        "fitting",
    }
)
#: Identifiers whose values have a form of their own, so that content can contradict a header.
_FORMED_FIELDS = frozenset({"mac", "cpe", "purl", "usb_id", "sysobjectid", "ip"})
#: Single words that mean this only as the whole header: a sales channel is no channel of a recorder.
_WHOLE_HEADER = frozenset({"recorder", "recorder_channel", "port", "seen_at"})
_TAG_WORDS_TEXT = """asset assettag inventory tag barcode property inventar inventarnummer anlagennummer inventaire inventario
    inventarisnummer inwentarzowy cespite 资产编号 固定资产编号"""
#: Several columns of ids may stand in one table; those that are not the row's own id may still join devices.
_TAG_WORDS = frozenset(_TAG_WORDS_TEXT.split())
_ORDER_WORDS_TEXT = """po order purchase auftragsnummer bestellnummer bestell commande pedido ordine ordernummer zamówienia
    订单号"""
_ORDER_WORDS = frozenset(_ORDER_WORDS_TEXT.split())
#: Below this many values, few distinct ones do not yet make a column a category.
_CATEGORY_ROWS = 60
_CATEGORY_VALUES = 12
_CATEGORY_SHARE = 0.02

_FLAGS_TEXT = """
yes no y n true false t f ja nein oui non si sí sì não sim tak nie да нет 是 否 有 无 無 x ok none n/a na
- nee active inactive open closed
"""
_FLAGS = frozenset(_FLAGS_TEXT.split())
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])")
#: Bounded, so that a cell of a million brackets is not searched to its end from each of them.
_UNITS = re.compile(r"[(\[（【][^)\]）】]{0,80}[)\]）】]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ID_WORDS_TEXT = """
id ids no nr num number code key ref reg vat tax duns uei cage phone email mail fax
address addr country city zip postcode contact url website type status date nummer
numero número numer код номер
"""
_ID_WORDS = frozenset(_ID_WORDS_TEXT.split())


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What is read of a table; the parts have the meaning of the same names in `Table`."""

    fields: dict[str, str] = field(default_factory=dict)
    recognised_by: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    kind: str = ""
    export: str = ""  # name of the known export that the table is, of `exports.yml`

    def reads_content(self) -> bool:
        """Tell whether at least one column is matched."""
        return any(name in CONTENT_FIELDS for name in self.fields.values())


def fold_header(text: str) -> str:
    """Return a header as lower-case words without accents, punctuation and units; idempotent."""
    text = unicodedata.normalize("NFKC", text).replace("_", " ")
    bare = _UNITS.sub(" ", text)
    if not any(char.isalnum() for char in bare):
        bare = text
    bare = _CAMEL.sub(" ", bare).casefold()
    bare = unicodedata.normalize("NFD", bare)
    bare = "".join(char for char in bare if unicodedata.category(char) != "Mn")
    bare = "".join(char if char.isalnum() or char == "#" else " " for char in bare)
    return " ".join(bare.split())


@dataclass(frozen=True, slots=True)
class _Synonyms:
    exact: dict[str, str]  # folded phrase -> field or "skip"
    by_first_word: dict[str, list[tuple[tuple[str, ...], str]]]
    cjk: list[tuple[str, str]]  # longest first
    stems: list[tuple[str, str]]  # long single words that compounds begin with


@cache
def _synonyms() -> _Synonyms:
    text = resources.files("proscribe.readers").joinpath("columns.yml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    raw: dict[str, list[str]] = yaml.load(text, Loader=loader)  # noqa: S506  BaseLoader makes text only
    exact: dict[str, str] = {}
    for name, phrases in raw.items():
        for phrase in phrases:
            exact.setdefault(fold_header(phrase), name)
    words: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    cjk: list[tuple[str, str]] = []
    stems: list[tuple[str, str]] = []
    for phrase, name in exact.items():
        if not phrase:
            continue
        if _CJK.search(phrase):
            if len(phrase) > 1:
                cjk.append((phrase, name))
            continue
        split = tuple(phrase.split())
        words.setdefault(split[0], []).append((split, name))
        if len(split) == 1 and len(phrase) >= 7 and name in ("vendor_name", "maker_name"):
            stems.append((phrase, name))
    cjk.sort(key=lambda pair: -len(pair[0]))
    return _Synonyms(exact, words, cjk, stems)


@lru_cache(maxsize=20_000)
def field_of_header(header: str) -> tuple[str | None, int]:
    """Recognise one header.

    Returns:
        The field, `skip` for a known column that is not read, or `None`; and how sure it is:
        3 the whole header is a known phrase, 2 a phrase of several words inside it, 1 one word, 0 none.
    """
    known = _synonyms()
    if len(header) > 200:
        return None, 0
    folded = fold_header(header)
    if not folded:
        return None, 0
    whole = known.exact.get(folded) or known.exact.get(folded.replace(" ", ""))
    if whole is not None:
        return whole, 3
    if len(folded) > 80:
        return None, 0
    if _CJK.search(folded):
        solid = folded.replace(" ", "")
        for phrase, name in known.cjk:
            if phrase.replace(" ", "") in solid:
                return name, 2
    tokens = folded.split()
    if tokens and tokens[-1].isdigit() and len(tokens) > 1:
        whole = known.exact.get(" ".join(tokens[:-1]))
        if whole is not None:
            return whole, 3
    best: tuple[int, int, str] | None = None
    for start, token in enumerate(tokens):
        for phrase_words, name in known.by_first_word.get(token, ()):
            size = len(phrase_words)
            if len(phrase_words[0]) < 3 and size == 1:
                continue
            if tuple(tokens[start : start + size]) == phrase_words:
                # The longest phrase decides; of two equally long ones the later is the head noun.
                candidate = (size, start, name)
                if best is None or candidate[:2] > best[:2]:
                    best = candidate
    if best is not None:
        size, _, name = best
        if size == 1 and name in _WHOLE_HEADER:
            return None, 0
        if (
            size == 1
            and name in ("vendor_name", "maker_name", "product_name", "text")
            and (_ID_WORDS & set(tokens))
        ):
            return "skip", 1
        return name, 2 if size > 1 else 1
    for token in tokens:
        for stem, name in known.stems:
            if token.startswith(stem):
                if token.endswith(("nummer", "nr", "code", "adresse", "land", "ort")):
                    return "skip", 1
                return name, 1
    return None, 0


_HEX = r"[0-9A-Fa-fXx*?]"
_MAC_SEPARATED = re.compile(
    rf"(?:{_HEX}{{1,2}}([:\-. _]){_HEX}{{1,2}}(?:\1{_HEX}{{1,2}}){{1,6}}"
    rf"|{_HEX}{{4}}([.:\-]){_HEX}{{4}}\2{_HEX}{{4}}"
    rf"|{_HEX}{{6}}[:\-]{_HEX}{{6}})"
)
_MAC_BARE = re.compile(r"(?:0x)?[0-9A-Fa-f]{12}")
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("cpe", r"cpe:(?:/[aho]?|2\.3:)"),
        ("purl", r"pkg:[a-z][\w.+\-]*/"),
        (
            "sysobjectid",
            r"(?:OID:\s*)?(?:(?:\.?1|iso)\.3\.6\.1\.4\.1\.\d+|SNMPv2-SMI::enterprises\.\d+|enterprises\.\d+)",
        ),
        (
            "usb_id",
            r"(?:0x)?[0-9a-f]{4}:(?:0x)?[0-9a-f]{4}$|(?:USB|PCI)\\(?:VID|VEN)_|VID_[0-9a-f]{4}",
        ),
        ("fcc_id", r"FCC[ _-]?ID[:\s]"),
        (
            "ip",
            r"(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}|:\d{1,5})?$"
            r"|(?=[^:]*:[^:]*:)[0-9a-f:]{3,39}(?:%\w+)?(?:/\d+)?$",
        ),
        ("user_agent", r"(?:Mozilla|Dalvik|Opera|okhttp|curl|python-requests)/\d"),
        ("banner", r"(?:HTTP|RTSP|SIP)/\d|(?:Server|WWW-Authenticate)\s*:|SSH-\d|220[ -]"),
        ("certificate", r"(?:/?(?:CN|O|OU|C|ST|L)\s*=\s*[^,/]+[,/]?\s*){2,}"),
    )
)
_URL = re.compile(r"(?:https?|ftp|rtsp)://|www\.", re.I)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}$")
_FILE = re.compile(
    r"\S+\.(?:bin|img|dav|fw|zip|tar|gz|tgz|swu|pkg|hex|rom|elf|exe|apk|trx|cc|dat|ko|so|dll|sys)$", re.I
)
_HOST = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_](?:[A-Za-z0-9_\-]*\.)+[A-Za-z]{2,}\.?$")
_DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[T ]\d{1,2}:\d{2}.*)?$|"
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: \d{1,2}:\d{2}.*)?$|"
    r"\d{1,2}[ -][A-Za-z]{3,9}\.?[ -]\d{2,4}$|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}$|\d{1,2}:\d{2}(?::\d{2})?$"
)
_NUMBER = re.compile(
    r"[-+(]?\s*(?:[$€£¥₽]|[A-Z]{3}\s)?\s*[-+]?(?:\d[\d\s.,'’\u00a0]*|\.\d+)(?:[eE][-+]?\d+)?\s*(?:[$€£¥₽%]|[A-Z]{3}|元)?\s*\)?$"
)
_MODEL = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9][A-Za-z0-9\-/+._()]{2,39}$")
_UUID = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?$|[0-9a-fA-F]{32,}$")
_SHAPE = re.compile(r"\d+")


def _is_mac(value: str) -> bool:
    value = value.strip()
    if _MAC_BARE.fullmatch(value):
        return any(char in "abcdefABCDEF" for char in value)
    if not _MAC_SEPARATED.fullmatch(value):
        return False
    groups = re.split(r"[:\-. _]", value)
    # Three or four groups of digits are a date, a time or an IP address, not a MAC prefix.
    return len(groups) >= 6 or any(char in "abcdefABCDEFxX*?" for char in value)


def field_of_content(values: Sequence[str]) -> str | None:
    """Recognise a column by its values.

    Returns:
        A field, or one of the kinds `number`, `date`, `url`, `email`, `id`, `category`, `texty`;
        `None` when there is no value to judge by.
    """
    # Forms show within the first characters; endless cells would only cost time.
    filled = [text for value in values if (text := value[:256].strip())]
    if not filled:
        return None
    total = len(filled)
    need = 0.7 * total
    macs = [text for text in filled if _is_mac(text)]
    if len(macs) >= need:
        lettered = sum(any(char in "abcdefABCDEFxX*?" for char in text) for text in macs)
        if lettered * 3 >= len(macs):
            return "mac"
    for name, form in _FORMS:
        if sum(form.match(text) is not None for text in filled) >= need:
            return name
    if sum(_URL.match(text) is not None for text in filled) >= need:
        return "url"
    if sum(_EMAIL.match(text) is not None for text in filled) >= need:
        return "email"
    if sum(_DATE.match(text) is not None for text in filled) >= need:
        return "date"
    if sum(_NUMBER.match(text) is not None for text in filled) >= 0.9 * total:
        return "number"
    if sum(_FILE.match(text) is not None for text in filled) >= need:
        return "file_name"
    if sum(_HOST.match(text) is not None for text in filled) >= need:
        return "hostname"
    if sum(_UUID.match(text) is not None for text in filled) >= need:
        return "id"
    distinct = set(filled)
    if sum(_MODEL.match(text) is not None for text in filled) >= need:
        shapes = {_SHAPE.sub("0", text) for text in filled}
        # Running numbers share one shape (PO-0001, PO-0002); model numbers come in many.
        if len(shapes) <= max(1, 0.02 * total) and len(distinct) >= 0.9 * total and total >= 3:
            return "id"
        if total >= _CATEGORY_ROWS or len(shapes) > 1 or total == 1:
            return "model_number"
    if len(distinct) <= 4 and all(text.casefold() in _FLAGS for text in distinct):
        return "category"
    lettered = sum(any(char.isalpha() for char in text) for text in filled)
    if lettered < 0.3 * total:
        return "number" if lettered == 0 else "id"
    if total >= _CATEGORY_ROWS and len(distinct) <= max(_CATEGORY_VALUES, _CATEGORY_SHARE * total):
        return "category"
    return "texty"


def check_mapping(mapping: Mapping[str, str], header: Sequence[str] | None = None) -> None:
    """Check `--map` against the list of fields and, when given, against a header.

    Raises:
        UsageError: `E134` with the nearest names.
    """
    for column, name in mapping.items():
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, 3, 0.4)
            raise error(
                "E134.field",
                at=f"--map {column}={name}",
                near=near,
                column=column,
                name=name,
                fields=", ".join(near or FIELDS),
            )
        if header is not None and find_column(column, header) is None:
            names = list(dict.fromkeys(entry for entry in header if entry))
            folded = {fold_header(entry): entry for entry in names}
            near = [folded[key] for key in difflib.get_close_matches(fold_header(column), folded, 3, 0.4)]
            raise error(
                "E134.column",
                at=f"--map {column}={name}",
                near=near,
                column=column,
                name=name,
                columns=", ".join(near or names[:20]),
            )


def second_id(header: str) -> str | None:
    """Tell what a column of ids joins when it is not the row's own id: `asset_tag`, `order_line` or nothing."""
    words = set(fold_header(header).split())
    if words & _TAG_WORDS:
        return "asset_tag"
    return "order_line" if words & _ORDER_WORDS else None


def find_column(wanted: str, header: Sequence[str]) -> str | None:
    """Find the column a person means, whatever its case and punctuation."""
    if wanted in header:
        return wanted
    folded = fold_header(wanted)
    return next((entry for entry in header if fold_header(entry) == folded), None) if folded else None


def plan_columns(
    header: Sequence[str],
    sample: Sequence[Sequence[str | None]],
    mapping: Mapping[str, str],
    *,
    headed: bool = True,
) -> ColumnPlan:
    """Decide what is read of a table.

    The user's mapping wins; then what is known of the exports of common programs (`exports.yml`); then header words;
    then the form of the values. Columns of remarks, and
    unrecognised columns with few distinct texts, become `note`: not matched, but kept so that they
    can be probed for names, and listed as unread. With a mapping that names a content field,
    unrecognised columns are not read. A column that is alone is always read.

    Args:
        header: unique column names.
        sample: first rows, each at most as long as the header.
        mapping: column to field; columns it names that this table lacks are skipped here.
        headed: whether the names come from the table. Without a header nothing speaks against a
            column of texts, so they are `text` rather than `other`.
    """
    fields: dict[str, str] = {}
    by: dict[str, str] = {}
    mapped: dict[str, str] = {}
    for wanted, target in mapping.items():
        found = find_column(wanted, header)
        if found is not None:
            mapped[found] = target
    strict = any(name in CONTENT_FIELDS for name in mapped.values())
    taken = set(mapped.values())
    content: dict[str, str | None] = {}
    guesses: dict[str, tuple[str | None, int]] = {}
    for index, column in enumerate(header):
        content[column] = field_of_content(
            [value for row in sample[:SAMPLE_ROWS] if index < len(row) and (value := row[index])]
        )
        guesses[column] = field_of_header(column)
    folded = {column: fold_header(column) for column in header}
    export = known_export(tuple(folded.values()), fold_header) if headed else None
    documented = {column: export.field(folded[column]) for column in header} if export is not None else {}
    # The surest header takes a single field first, so that `ID` does not lose to `Order line no`.
    owners: dict[str, str] = {}
    for column, told in documented.items():
        if told in _SINGLE_FIELDS and column not in mapped:
            owners.setdefault(told, column)
    for single in _SINGLE_FIELDS:
        if single in owners:
            continue
        rivals = [
            column
            for column in header
            if column not in mapped
            and guesses[column][0] == single
            and documented.get(column, "guess") == "guess"
        ]
        if single not in taken and rivals:
            owners[single] = max(rivals, key=lambda column: guesses[column][1])
    for column in header:
        if column in mapped:
            fields[column] = mapped[column]
            by[column] = "map"
            continue
        told = documented.get(column, "guess")
        if told != "guess":
            # A program's own documentation says what the column holds, so neither words nor values are asked.
            if (
                told != "skip"
                and (told not in _SINGLE_FIELDS or owners.get(told) == column)
                and told not in (taken & _SINGLE_FIELDS)
            ):
                fields[column], by[column] = told, "header"
            continue
        name: str | None
        name, sure = guesses[column]
        form = content[column]
        if form == "ip" and name in ("mac", "site") and "ip" not in taken and "ip" not in owners:
            # "Address" and "Hardware address" are words of some programs for the network address.
            fields[column], by[column] = "ip", "content"
            owners["ip"] = column
            if owners.get(name) == column:
                del owners[name]
            continue
        if form in _FORMED_FIELDS and name != form and (name is None or name not in CONTENT_FIELDS):
            if form != "ip" or ("ip" not in taken and "ip" not in owners and name is None):
                fields[column] = str(form)
                by[column] = "content"
            continue
        if name in _FORMED_FIELDS and form in ("texty", "category") and name != "ip":
            # A column called MAC that holds sentences is still text to be checked.
            name, sure = None, 0
        if name == "skip":
            continue
        if name == "text" and form in ("number", "date", "email", "url"):
            continue
        if name == "note":
            fields[column], by[column] = "note", "header"
            continue
        if name is not None and name in _SINGLE_FIELDS:
            if owners.get(name) == column:
                fields[column], by[column] = name, "header"
            elif name == "row_id" and not strict and (other := second_id(column)) is not None:
                fields[column], by[column] = other, "header"
            elif form in ("texty", "category") and not strict and name in ("site", "row_id"):
                fields[column], by[column] = "note", "header"
            continue
        if name is not None and not (sure == 1 and form in ("number", "date")):
            fields[column], by[column] = name, "header"
            continue
        if form is None or strict:
            continue
        if form in CONTENT_FIELDS:
            fields[column], by[column] = form, "content"
        elif form == "texty":
            fields[column], by[column] = "other" if headed else "text", "content"
        elif form == "category":
            fields[column], by[column] = "note", "content"
        elif form == "ip" and "ip" not in taken and "ip" not in owners:
            fields[column], by[column] = "ip", "content"
            owners["ip"] = column
    dates = [column for column in header if content[column] == "date" and column not in fields]
    if (
        len(dates) == 1
        and export is None
        and "dated_on" not in taken
        and "dated_on" not in owners
        and guesses[dates[0]][0] is None
    ):
        # The only column of dates is the date of the row, whatever it is called.
        fields[dates[0]], by[dates[0]] = "dated_on", "content"
    if len(header) == 1 and not strict:
        only = header[0]
        if fields.get(only) not in CONTENT_FIELDS:
            fields[only], by[only] = "text", "content"
    kind = export.kind if export is not None else ""
    parts = (
        parts_columns(folded, sample[:SAMPLE_ROWS], {column: guesses[column][0] for column in header})
        if export is None
        else None
    )
    if parts is not None:
        kind = "parts"
        for column, name in parts.items():
            if column in mapped or (strict and name in CONTENT_FIELDS):
                continue
            if name in _SINGLE_FIELDS:
                if name in taken:
                    continue
                for other in [one for one, held in fields.items() if held == name and one != column]:
                    del fields[other], by[other]
            fields[column], by[column] = name, "header"
    elif not kind and {name for name in fields.values() if name in CONTENT_FIELDS} in (
        {"purl"},
        {"cpe"},
        {"purl", "cpe"},
    ):
        kind = "software"
    unread = tuple(column for column in header if column not in fields or fields[column] == "note")
    return ColumnPlan(fields, by, unread, kind, export.name if export is not None else "")
