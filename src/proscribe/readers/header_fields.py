"""What a header names: its words, in many languages and joined in many ways, to a field."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from proscribe.model.errors import error
from proscribe.model.observations import CONTENT_FIELDS, FIELDS
from proscribe.readers._declared import values_of
from proscribe.readers._grammar import grammar

_WORDS = grammar("column_words.yml").words
#: Fields of a record's own id; the first that is there counts. Where nothing numbers them, hosts are told by their names.
OWN_IDS = ("row_id", "component_ref", "hostname")
#: Fields that name a firm.
COMPANY_FIELDS = ("vendor_name", "maker_name")

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])")
#: Bounded, so that a cell of a million brackets is not searched to its end from each of them.
_UNITS = re.compile(r"[(\[（【][^)\]）】]{0,80}[)\]）】]")
_ASCII_WORDS = re.compile(r"[a-z0-9#]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def fold_header(text: str) -> str:
    """Return a header as lower-case words without accents, punctuation and units; idempotent."""
    if text.isascii():
        return _fold_ascii(text.replace("_", " "))
    text = unicodedata.normalize("NFKC", text).replace("_", " ")
    bare = _UNITS.sub(" ", text)
    if not any(char.isalnum() for char in bare):
        bare = text
    bare = _CAMEL.sub(" ", bare).casefold()
    bare = unicodedata.normalize("NFD", bare)
    bare = "".join(char for char in bare if unicodedata.category(char) != "Mn")
    bare = unicodedata.normalize("NFC", bare)  # hangul comes apart as accents do
    bare = "".join(char if char.isalnum() or char == "#" else " " for char in bare)
    return " ".join(bare.split())


def _fold_ascii(text: str) -> str:
    bare = _UNITS.sub(" ", text) if "(" in text or "[" in text else text
    if bare is not text and not any(map(str.isalnum, bare)):
        bare = text
    if not bare.islower():
        bare = _CAMEL.sub(" ", bare).lower()
    return " ".join(_ASCII_WORDS.findall(bare))


#: Words of headers, as headers are folded: "ลำดับ" loses its marks, "инвентарный" its breve.
HEADER_WORDS = {
    name: frozenset(map(fold_header, _WORDS[name]))
    for name in (
        "count_headers",
        "number_words",
        "serial_words",
        "thing_words",
        "order_words",
        "id_words",
        "asking_words",
        "made_words",
        "vendor_of_words",
        "vendor_words",
        "name_words",
        "attribute_words",
        "attribute_values",
        "maker_code_words",
        "maker_of_devices",
    )
}


#: Words of the names of sellers' numbers, folded as headers are.
_FIRM_NUMBERS = frozenset(map(fold_header, _WORDS["firm_number_words"]))
_FIRM_HEADERS = frozenset(map(fold_header, _WORDS["firm_number_headers"]))
_SMALL_WORDS = frozenset(map(fold_header, _WORDS["small_words"]))


@dataclass(frozen=True, slots=True)
class _Synonyms:
    exact: dict[str, str]  # folded phrase -> field or "skip"
    by_first_word: dict[str, list[tuple[tuple[str, ...], str]]]
    cjk: list[tuple[str, str]]  # longest first
    stems: list[tuple[str, str]]  # long single words that compounds begin with
    endings: list[tuple[str, str]]  # words that compounds end with, longest first


#: Before a word with which compounds end: "~bezeichnung".
_ENDING = "~"


@cache
def _synonyms() -> _Synonyms:
    raw: dict[str, list[str]] = values_of("columns.yml")
    exact: dict[str, str] = {}
    endings: dict[str, str] = {}
    for name, phrases in raw.items():
        for phrase in phrases:
            known = endings if phrase.startswith(_ENDING) else exact
            known.setdefault(fold_header(phrase.removeprefix(_ENDING)), name)
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
    return _Synonyms(exact, words, cjk, stems, sorted(endings.items(), key=lambda pair: -len(pair[0])))


@cache
def header_words() -> frozenset[str]:
    """Give every word of every known phrase, folded: a quick look for lines that may be headers."""
    return frozenset(word for phrase in _synonyms().exact for word in phrase.split())


#: How sure `field_of_header` is of a name that is known as a whole.
WHOLE_NAME = 3
#: Fields of which one says what a thing is, or who made it.
SAYS_WHAT = frozenset({"maker_name", "model_number", "part_number", "product_name"})


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
    return (
        _either(header, known)
        or _maker_of(tokens, known)
        or _number_in(tokens)
        or _phrase_in(tokens, known)
        or _stem_in(tokens, known)
        or _ending_in(tokens, known)
        or _inflected_in(tokens, known)
        or (None, 0)
    )


_BETWEEN_NAMES = re.compile(r"[/&+|]| (?:and|und|et|y|e|en|i|и|och|og|or|oder|ou|lub|или) ")


#: What joins the head of several columns and the name of one.
UNDER_GROUP = " / "


def _either(header: str, known: _Synonyms) -> tuple[str | None, int] | None:
    """Recognise a header of several names, `Fabrikat/Typ`: of these, what tells more of the thing."""
    head, joined, last = header.rpartition(UNDER_GROUP)
    if head and joined:
        own, sure = field_of_header(last)
        if sure > 1 and own in _WORDS["measured_fields"] | _WORDS["own_fields"]:
            return own, 3  # the head of several columns stands in front of the name of one
    names = [
        known.exact.get(folded) for part in _BETWEEN_NAMES.split(header) if (folded := fold_header(part))
    ]
    content = [name for name in names if name in CONTENT_FIELDS]
    if len(names) < 2 or None in names or not content:
        return None
    if "hostname" in content and not _FIRMS.isdisjoint(names):
        return "text", 3  # a name of the network, with a firm's beside it
    # A maker together with anything else of the thing is written in front of the model.
    return ("model_number" if "maker_name" in content and len(set(names)) > 1 else content[0]), 3


def may_name_makers(header: str) -> bool:
    """Tell whether a header may head makers alone, as its values tell: `Make/Model`, `Mfr code`, `Herstellerkürzel`."""
    known, words = _synonyms(), fold_header(header).split()
    makers = [word for word in words if known.exact.get(word) == "maker_name"]
    field, _ = field_of_header(header)
    if field == "model_number":
        return bool(makers)
    if field != "skip":
        return False
    codes = HEADER_WORDS["maker_code_words"]
    rest = [word for word in words if word not in makers and word not in _SMALL_WORDS]
    if makers:
        return bool(rest) and codes.issuperset(rest)
    return any(
        name == "maker_name" and word.startswith(stem) and word.removeprefix(stem) in codes
        for word in words
        for stem, name in known.stems
    )


#: Numbers that a maker or seller gives a thing, and not a firm.
_NUMBERS_OF_A_THING = frozenset(["serial_number", "part_number", "model_number"])
#: Fields that name a firm.
_FIRMS = frozenset(["maker_name", "vendor_name"])


def _maker_of(tokens: list[str], known: _Synonyms) -> tuple[str | None, int] | None:
    """Recognise a maker told of a thing, in any order: `Node name vendor`, `Hersteller der Anlage`, `Marca apparato`.

    Beside a word for a number it is the number that a maker gave: `Référence fabricant`.
    """
    words = [word for word in tokens if word not in _SMALL_WORDS]
    makers = [word for word in words if known.exact.get(word) == "maker_name"]
    vendors = [word for word in words if word in HEADER_WORDS["vendor_words"]]
    if len(makers) + len(vendors) != 1 or len(words) < 2:
        return None
    rest = [
        word for word in words if word not in (*makers, *vendors) and word not in HEADER_WORDS["name_words"]
    ]
    numbers = {known.exact.get(word) for word in rest} & {"serial_number", "part_number"}
    if makers and len(numbers) == 1:
        return numbers.pop(), 2  # "Seriennummer Hersteller"
    if vendors:
        told = bool(rest) and HEADER_WORDS["vendor_of_words"].issuperset(rest)
    else:
        things = HEADER_WORDS["made_words"] | HEADER_WORDS["thing_words"]
        told = things.issuperset(rest) and (bool(rest) or words[0] not in HEADER_WORDS["name_words"])
    return ("maker_name", 2) if told else None


def _number_in(tokens: list[str]) -> tuple[str | None, int] | None:
    """Recognise the number of a thing by the two words that make it, `Nr seryjny urządzenia`, `ID apparaat`."""
    held = set(tokens)
    if tokens and tokens[-1].endswith("nr") and len(tokens[-1]) > 3:
        held = {*tokens[:-1], tokens[-1][:-2].removesuffix("s"), "nr"}
    if held & HEADER_WORDS["number_words"]:
        if held & HEADER_WORDS["serial_words"]:
            return "serial_number", 2
        rest = held - HEADER_WORDS["number_words"] - HEADER_WORDS["thing_words"]
        if held & HEADER_WORDS["thing_words"] and len(rest) <= 1 and not any(len(word) > 3 for word in rest):
            return "row_id", 2
    return None


def _phrase_in(tokens: list[str], known: _Synonyms) -> tuple[str | None, int] | None:
    """Recognise a header by the longest known phrase in it; of two equally long ones the later is the head noun."""
    best: tuple[int, int, str] | None = None
    for start, token in enumerate(tokens):
        for phrase_words, name in known.by_first_word.get(token, ()):
            size = len(phrase_words)
            if size == 1 and (len(token) < 3 or token in HEADER_WORDS["asking_words"]):
                continue
            if tuple(tokens[start : start + size]) == phrase_words:
                candidate = (size, start, name)
                if best is None or candidate[:2] > best[:2]:
                    best = candidate
    if best is None:
        return None
    size, at, name = best
    if size == 1 and name == "text" and at and tokens[at] in HEADER_WORDS["thing_words"]:
        # "Marca del equipo", "Umístění zařízení": what it is of stands behind
        told = _phrase_in(tokens[:at], known)
        if told is not None and told[0] in _OF_A_THING:
            return told
    if size == 1 and name in _WORDS["whole_header"]:
        return None, 0
    if name == "dated_on" and size == 1 and not _says_bought(tokens):
        return None, 0  # the day of something, and not of the purchase
    names_a_thing = name in ("vendor_name", "maker_name", "product_name", "text")
    if size == 1 and names_a_thing and (HEADER_WORDS["id_words"] & set(tokens)):
        return "skip", 1
    return name, 2 if size > 1 else 1


#: What a header may tell of a thing that stands behind it.
_OF_A_THING = frozenset(["site", "maker_name", "model_number", "serial_number", "dated_on", "quantity"])


def _says_bought(tokens: list[str]) -> bool:
    """Tell whether a header of several words names a purchase, a delivery or an installation."""
    others = [token for token in tokens if token not in _WORDS["day_words"]]
    return not others or any(word in _WORDS["purchase_words"] for word in others)


def _stem_in(tokens: list[str], known: _Synonyms) -> tuple[str | None, int] | None:
    """Recognise a compound by the word that it begins with, as German writes them."""
    for token in tokens:
        for stem, name in known.stems:
            if token.startswith(stem):
                is_number = token.endswith(("nummer", "nr", "code", "adresse", "land", "ort"))
                rest = token.removeprefix(stem)
                told = (known.exact.get(rest.removeprefix(joint)) for joint in _JOINTS)
                # "Herstellerseriennummer" is the number of a thing, "Lieferantennummer" that of a firm
                own = next((one for one in told if one in _NUMBERS_OF_A_THING), None)
                return own or ("skip" if is_number else name), 1
    return None


#: What joins the parts of a compound.
_JOINTS = ("", "s", "n", "en", "er", "e")
#: Shorter parts are stems of verbs: "Liefermenge".
_WHOLE_PART = 5
#: Of a compound whose first part names one of these, the last part only says what is told of it: "Standortbezeichnung".
_TOLD_OF = frozenset(["site", "vendor_name", "maker_name", "model_number", "category", "skip", "row_id"])


def _ending_in(tokens: list[str], known: _Synonyms) -> tuple[str | None, int] | None:
    """Recognise a compound by the word that it ends with, as German, Dutch and the Nordic languages write them."""
    for token in tokens:
        for ending, name in known.endings:
            first = token.removesuffix(ending)
            if first == token or len(first) < 2:
                continue
            parts = (first.removesuffix(joint) for joint in _JOINTS)
            told = (known.exact.get(part) for part in parts if len(part) >= _WHOLE_PART)
            return next((one for one in told if one in _TOLD_OF), name), 1
    return None


#: Shorter words are too often the beginning of others; longer endings make other words.
_INFLECTED, _MOST_INFLECTED = 6, 2
#: With these a word is another: an officer is no office.
_OTHER_WORD = ("r", "er", "or", "ed")


def _inflected_in(tokens: list[str], known: _Synonyms) -> tuple[str | None, int] | None:
    """Recognise a word with an ending of its language: "Kurulum lokasyonu", "Fabrikantens"."""
    for token in reversed(tokens):
        for cut in range(len(token) - 1, max(_INFLECTED, len(token) - _MOST_INFLECTED) - 1, -1):
            name = known.exact.get(token[:cut])
            if name in _OF_A_THING - {"dated_on"} and not token.endswith(_OTHER_WORD):
                return name, 1
    return None


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
    if words & _WORDS["tag_words"]:
        return "asset_tag"
    return "order_line" if words & HEADER_WORDS["order_words"] else None


def own_id_columns(fields: Mapping[str, str]) -> list[str]:
    """Give the columns whose values together are a record's own id, in order; none where nothing numbers the records.

    An order number and the line of the order make one together, as does a line number that says both.

    Args:
        fields: column name to field, in the order of the columns.
    """
    own = [next((name for name, kind in fields.items() if kind == wanted), "") for wanted in OWN_IDS]
    first = next((name for name in own if name), "")
    lines = [name for name, kind in fields.items() if kind == "order_line"]
    if not first:
        return lines[:2]
    return [first, *lines[:1]] if lines and second_id(first) == "order_line" else [first]


def names_attributes(header: str) -> bool:
    """Tell whether a header stands above names of attributes, as in a list with one of them a row: `Attribute`, `Field`."""
    return fold_header(header) in HEADER_WORDS["attribute_words"]


def names_values(header: str) -> bool:
    """Tell whether a header stands above the values of attributes: `Value`, `Content`."""
    return fold_header(header) in HEADER_WORDS["attribute_values"]


def find_column(wanted: str, header: Sequence[str]) -> str | None:
    """Find the column a person means, whatever its case and punctuation."""
    if wanted in header:
        return wanted
    folded = fold_header(wanted)
    return next((entry for entry in header if fold_header(entry) == folded), None) if folded else None


def found_columns(wanted: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """Give the columns of a header that somebody means, with the field that each is said to be."""
    found = ((find_column(name, header), target) for name, target in wanted.items())
    return {column: target for column, target in found if column is not None}


def names_a_seller(folded: str) -> bool:
    """Tell whether a folded header names who sold something, in whatever form of the word."""
    words = _WORDS["seller_words"]
    return any(word in folded if _CJK.search(word) else f" {word}" in f" {folded}" for word in words)


def numbers_sellers(header: str) -> bool:
    """Tell whether a header names the numbers of sellers: `vendor_id`, `Lieferantennummer`, `код поставщика`."""
    folded = fold_header(header)
    if folded in _FIRM_HEADERS:
        return True
    words = [word for word in folded.split() if word not in _SMALL_WORDS]
    rest = [word for word in words if word not in _FIRM_NUMBERS]
    if len(rest) != 1:
        return False
    if len(words) == 1:
        endings = (word for word in _FIRM_NUMBERS if rest[0].endswith(word))
        ending = max(endings, key=len, default="")
        rest = [rest[0].removesuffix(ending)] if ending else []
    # A maker's number is that of a part, or of a device.
    return any(names_a_seller(word) and field_of_header(word)[0] != "maker_name" for word in rest)
