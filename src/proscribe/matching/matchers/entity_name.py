"""Company names, brands, and what people make of them.

What it does: finds the names of the knowledge (every script, former names, affiliates), own brands, names inside
longer words (`HuaweiHomeGateway`), and misspellings of coined names.
Why it matters: most ledgers and vendor masters say who was paid, not what was bought.
Example: `杭州海康威视数字技术股份有限公司`, `Hik vision`, `Huwaei router`.
Not covered: names shared with other companies stand only with context, see `shared_name`.
References: names and sources in `knowledge/entities/`, `knowledge/affiliates.csv`, `knowledge/brands.csv`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from proscribe.matching.index import Index
from proscribe.matching.lexicon import (
    BY_EAR,
    CUT,
    IN_PARTS,
    SHORTENED,
    Hit,
    Phrase,
    is_pinyin,
    is_short_pinyin,
    is_unparted,
    is_within_homonym,
)
from proscribe.matching.normalize import (
    CANONICAL,
    LEGAL_FORMS,
    TOKEN,
    canonical_token,
    fold_text,
    inner_borders,
)
from proscribe.matching.record import COMPANY_FIELDS, Record
from proscribe.matching.signals import Cell, Signal, Token
from proscribe.readers.header_fields import HEADER_WORDS, WHOLE_NAME, field_of_header

NAME = "entity_name"
#: What stands behind a name in the name of a program rather than of a device.
_SOFTWARE_TAILS = frozenset(
    [
        *(
            "browser",
            "api",
            "apis",
            "sdk",
            "lib",
            "client",
            "py",
            "js",
            "go",
            "cli",
            "mcp",
            "app",
            "exporter",
        ),
        *("node", "ha", "php", "ngx", "rpc", "proxy", "mqtt", "bridge"),
    ]
)
#: Names of so many letters stand inside a longer word by no chance.
_UNMISTAKABLE = 6
#: Forms of companies that are small words when they stand before a name.
_SMALL_BEFORE = frozenset(["as", "sa"])
_LISTED_SLIPS = ("misspelling",)
#: Forms of names that count as the whole of a cell alone, and of which cells.
_WHOLE_CELLS = {"initials": frozenset({"maker_name"}), CUT: COMPANY_FIELDS, SHORTENED: COMPANY_FIELDS}
#: Fields of texts that narrow columns cut off.
_CUT_TEXTS = frozenset(["text", "product_name"])
#: Initials of at most so many letters count in cells of makers alone.
_SHARED_INITIALS = 3
#: A small word of so many letters is none that joins the words of a name: "de", "y", "und", "del".
_SHORTEST_COMMON_WORD = 4
#: A name of so many signs in a script without spaces is a whole name, not a word.
_LONG_HANZI_NAME = 4
_FOREIGN_PLACES = frozenset([
    "nanjing", "shanghai", "shenzhen", "guangzhou", "beijing", "dongguan", "suzhou", "ningbo", "wenzhou", "xiamen",
    "fujian", "jiangsu", "henan", "hubei", "hunan", "sichuan", "chengdu", "taiwan", "taipei", "dalian", "tianjin",
    "qingdao", "shandong", "hebei", "yiwu", "foshan", "singapore", "malaysia",
])  # fmt: skip
#: What a word may be that goes on the name of a host: where or what it is.
_OF_A_DEVICE = frozenset(["device", "place", "model", "code", "number"])
#: What a text says before a value, and what ends the value; and the most signs of what is said.
_SAID = re.compile(
    r"([^\W\d](?:[\w ]|(?<=\w)[-/.](?=\w))*)[\"']?\s*(?:[:=]|,\s*[\"']?(?:v|val|value)[\"']?\s*:)\s*[\"']?$"
)
_SAID_BEHIND = re.compile(r"\s*[\"']?\s*(?:$|[;,|}\])\n/])")
_LONGEST_SAID = 40
#: What stands behind a name that is the address of a service: rules and lists of such name no thing by it.
_DOMAIN = re.compile(r"(?:-[a-z0-9-]{1,30})?\.(?:com|net|cn|org|ru|eu|io)\b")
#: What joins the parts of such a name.
_JOINTS = frozenset("-_")
#: Signs between makers in one cell; nothing stands at its ends.
_BETWEEN_MAKERS = ("", "/", ";", "|", "+", "&")
#: The most letters of a name that may be the initials of a person or program.
_INITIALS = 4
#: Fields of columns that say what things are.
_NAMES_THINGS = frozenset(["text", "product_name", "model_number", "part_number", "protocol", "category"])
#: What stands with a short name that is said of things alone, how many such words, and what joins it to another word or number.
_COUNTS_OR_PLACES = frozenset(["place", "quantity", "number", "device"])
_MOST_BESIDE = 4
_JOINS = frozenset("-_./#&+")
#: Letters of the shortest word of the trade that is known by a slip, by two slips, and by its beginning.
_ONE_SLIP, _TWO_SLIPS, _SHORTENED = 6, 9, 8
_LEAST_LEFT = 4
#: How many words away from a name a word of another trade may be part of it.
_NAME_REACH = 3
#: What a line says of a thing that is somewhere.
_SAYS_WHERE = frozenset(["place", "in_use", "still", "stored", "install", "mounted", "component"])


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every name, brand and misspelling that stands up in its place."""
    for number, hits in enumerate(record.hits):
        homonyms = [hit for hit in hits if hit.phrase.matcher == "homonym"]
        for hit in hits:
            if hit.phrase.matcher not in ("entity_name", "brand"):
                continue
            # What counts as the whole of a cell of makers alone is no other name there.
            if hit.phrase.form not in _WHOLE_CELLS and is_within_homonym(hit, homonyms):
                continue
            if hit.phrase.strength == "weak" and _is_told_apart(record, hit):
                continue
            signal = _signal(record, index, number, hit)
            if signal is not None:
                yield signal


def _is_told_apart(record: Record, hit: Hit) -> bool:
    """Tell whether another cell names what only others of the same name make: "Axon", beside "Axon Body 3"."""
    phrase = hit.phrase
    return any(
        other.phrase.matcher == "homonym"
        and other.phrase.key == phrase.key
        and set(phrase.tokens) < set(other.phrase.tokens)
        for hits in record.hits
        for other in hits
    )


def _is_name_of_rival(index: Index, phrase: Phrase) -> bool:
    """Tell whether the name of another maker begins with a brand: Axon of phones, Axon Enterprise."""
    return phrase.matcher == "brand" and any(
        other.matcher == "other_maker" and other.tokens[: len(phrase.tokens)] == phrase.tokens
        for other in index.lexicon.by_first.get(phrase.tokens[0], ())
    )


@dataclass(slots=True)
class _Reading:
    """How a hit is read: fields as in `Signal`."""

    strength: str
    weight: int
    why: str
    cap: str = ""
    needs: str = "none"
    software: bool = False


def _signal(record: Record, index: Index, number: int, hit: Hit) -> Signal | None:
    phrase = hit.phrase
    name = index.called(phrase.key)
    reading = _Reading(
        phrase.strength,
        index.weights.get(phrase.strength, 0),
        f"name of {name}" if phrase.matcher == "entity_name" else f"{phrase.text} is a brand of {name}",
    )
    if not _read(reading, record, index, number, hit):
        return None
    if (
        _is_of_other_trade(record, index, number, hit)
        or _goes_on_as_other(record, index, number, hit)
        or _is_declined_alone(record, number, hit)
        or _is_written_as_another(record, index, number, hit)
        or _is_within_a_host(record, index, number, hit)
        or _is_amid_strangers(record, index, number, hit)
        or (phrase.strength != "sure" and _DOMAIN.match(record.cells[number].folded.text, hit.end))
    ):
        reading.cap = "possible"
    found = record.cells[number].folded.quote(hit.start, hit.end)
    asks = reading.cap == "possible" or reading.strength == "weak"
    return Signal(
        matcher="brand" if phrase.matcher == "brand" else NAME,
        cell=number,
        start=hit.start,
        end=hit.end,
        entity=phrase.key,
        role="component" if phrase.category == "semiconductor" else "made_by",
        facts=(phrase.fact,),
        strength=reading.strength,
        weight_mbit=reading.weight,
        group="name",
        why=reading.why,
        needs=reading.needs,
        # A name that is only known from badges on cameras says nothing beside a server or a router.
        device_words=index.relabel_kinds.get(phrase.tokens, ()) if phrase.key not in index.ties else (),
        low=phrase.low,
        cap=reading.cap,
        brand=phrase.text if phrase.matcher == "brand" else "",
        category="software" if reading.software else phrase.category,
        basis=phrase.basis,
        question=f"Does {found!r} mean {name}?" if asks else "",
    )


def _is_written_as_another(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether a company's cell writes a name otherwise than the firm does, and goes on as the firm's does not.

    That is a slip, an accent or a hyphen: "Hiterra Coffee Roasters", "Huawéi Ortega", "Hytera-Marín e Hijos".
    """
    cell = record.cells[number]
    if (
        hit.phrase.matcher not in ("entity_name", "brand")
        or cell.field not in COMPANY_FIELDS
        or not cell.tokens[hit.first].text.isascii()
        or record.device_words
    ):
        return False
    otherwise = hit.phrase.form in _LISTED_SLIPS or _has_accent(cell.folded.quote(hit.start, hit.end))
    strange = (
        frozenset(_strange_words(record, index, number, hit)) if otherwise or "-" in cell.folded.text else ()
    )
    if otherwise or not strange:
        return bool(strange)
    text, words = cell.folded.text, record.words(number)
    behind = text[hit.end : hit.end + 1] == "-" and words[hit.last : hit.last + 1]
    before = hit.start and text[hit.start - 1] == "-" and words[max(0, hit.first - 1) : hit.first]
    return any(
        word in strange and word not in index.words.device for word in (*(behind or ()), *(before or ()))
    )


def _is_amid_strangers(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether the name of a seller has words on both sides that are none of the firm's: "CATHAY PAC HUAWEI CONF TRAVEL"."""
    return (
        record.cells[number].field == "vendor_name"
        and hit.first > 0
        and not record.device_words
        and all(_strange_beside(record, index, number, hit))
    )


def _has_accent(text: str) -> bool:
    """Tell whether a letter of the Latin alphabet bears an accent."""
    apart = unicodedata.normalize("NFD", text)
    return any(one.isascii() and unicodedata.combining(two) for one, two in pairwise(apart))


def _is_within_a_host(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether initials stand in the name of a host or program that names no device: "zte-lang-ws", "onvif-zte-ext"."""
    cell = record.cells[number]
    text, words = cell.folded.text, record.words(number)
    beside = {text[hit.start - 1 : hit.start], text[hit.end : hit.end + 1]} - {""}
    if len(text.split()) != 1 or hit.end - hit.start > _INITIALS or not beside or not beside <= _JOINTS:
        return False
    return not record.device_words and not any(
        any(map(str.isdigit, word))
        or word in index.words.device
        or index.words.line.at([word], 0).tags & _OF_A_DEVICE
        for word in words[: hit.first] + words[hit.last :]
    )


def _is_declined_alone(record: Record, number: int, hit: Hit) -> bool:
    """Tell whether a cell of makers is a name with the ending of a case, which stands in sentences: "Dahuos" may be another."""
    phrase, cell = hit.phrase, record.cells[number]
    declined = phrase.matcher == "entity_name" and phrase.tokens != tuple(
        TOKEN.findall(fold_text(phrase.text))
    )
    return (
        declined
        and hit.typo is None
        and len(phrase.tokens) == 1
        and phrase.tokens[0].isascii()
        and cell.field == "maker_name"
        and record.is_whole_cell(number, hit.start, hit.end)
    )


def _read(reading: _Reading, record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Read a hit by the way in which it stands in the record; `False` when it is no name of the firm at all."""
    phrase, cell, weights = hit.phrase, record.cells[number], index.weights
    if phrase.form in _WHOLE_CELLS:
        return _read_whole(reading, record, number, hit)
    if hit.typo is not None:
        _read_typo(reading, record, index, number, hit)
    elif phrase.form in _LISTED_SLIPS:
        _read_listed_slip(reading, record, index, number, hit)
    elif hit.inside:
        return _read_inside(reading, record, index, number, hit)
    elif phrase.strength != "sure" and len("".join(phrase.tokens)) <= 8 and phrase.matcher == "entity_name":
        return _read_shared(reading, record, index, number, hit)
    elif phrase.strength == "weak":
        reading.needs = "device_word"
        if cell.field == "maker_name" and record.is_whole_cell(number, hit.start, hit.end):
            reading.needs = "none"
            if _is_name_of_rival(index, phrase):
                reading.cap = "possible"
            else:
                reading.strength, reading.weight = "strong", weights["strong"]
        elif _is_company(record, number, hit):
            reading.needs = "none"
    return True


def _read_inside(reading: _Reading, record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Read a name inside a longer word by what else the word is: words for devices, the ending of a language, Chinese."""
    phrase, cell = hit.phrase, record.cells[number]
    reading.why = f"the name of {index.called(phrase.key)} inside a longer word"
    whole = cell.tokens[hit.first]
    rest = whole.text[: hit.start - whole.start] + whole.text[hit.end - whole.start :]
    reading.software = rest in _SOFTWARE_TAILS
    if len(phrase.tokens[0]) < _UNMISTAKABLE and not record.device_words:
        reading.cap = "possible"
    if phrase.strength == "weak":
        reading.cap, reading.needs = "possible", "device_word"
        written = cell.folded.quote(whole.start, whole.end)
        borders = inner_borders(written)
        if any(written[a:b].lower() in index.words.device for a, b in pairwise(borders)):
            reading.needs = "none"  # cam01HIK
        elif _names_devices(cell, index) and index.lexicon.are_neighbours(rest):
            reading.needs = "none"  # hik01
        return True
    # Huaweihe is a river, Huaweida a firm of its own or "in Huawei", and nothing else begins like Hikvisionkameran
    ended = hit.start == whole.start and rest in index.words.name_endings
    device = rest in index.words.device or bool(record.device_words)
    chinese = is_pinyin(whole.text)
    if ended and chinese:
        reading.cap = "possible"
        reading.needs = "device_word" if len(phrase.tokens[0]) < _UNMISTAKABLE else "none"
        return device or cell.field not in COMPANY_FIELDS
    if not (reading.software or ended or device) and is_pinyin(rest):
        reading.cap = "possible"  # HuaweiPI
        return (hit.start == whole.start and not chinese) or index.lexicon.are_neighbours(rest)
    return True


def _read_listed_slip(reading: _Reading, record: Record, index: Index, number: int, hit: Hit) -> None:
    """Read a misspelling that is known; one of syllables that other names have too asks beside the firm's own words."""
    phrase, cell, weights = hit.phrase, record.cells[number], index.weights
    reading.weight = weights["typo_listed"]
    reading.why = f"a known misspelling of {index.called(phrase.key)}"
    reading.strength = "weak" if phrase.strength == "weak" else "strong"
    if record.device_words or cell.field in COMPANY_FIELDS:
        reading.weight += weights["device_word"]
    else:
        reading.cap = "possible"
    chinese = is_pinyin(cell.tokens[hit.first].text)
    if phrase.strength == "weak" and not _only_trade_words(record, index, number, hit):
        reading.needs = "device_word"
    elif phrase.strength == "weak" and chinese:
        own = _goes_on_as_own(record, index, number, hit)
        reading.needs, reading.cap = ("none", "possible") if own else ("device_word", reading.cap)


def _goes_on_as_own(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether a company's cell goes on as the firm's own name does: "Huwei Technologies", which asks."""
    behind = record.words(number)[hit.last : hit.last + 1]
    own = index.group_words.get(index.group_of(hit.phrase.key), frozenset()) & index.words.trade
    return record.cells[number].field in COMPANY_FIELDS and any(
        canonical_token(word) in own and word not in index.words.company_places for word in behind
    )


def _is_of_other_trade(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether a name of Chinese syllables goes on to a trade that is none of the firm's: "Zhejiang Dahua Garment Co".

    A name that is written otherwise than the firm's may stand behind its trade, too: "Gartenbau Hyterra"; so may any
    among sellers, who are of every trade, and are called as people are: "Hytera Hair Studio", "Huawei Wang".
    """
    words = record.words(number)
    sold = record.cells[number].field == "vendor_name"
    near = hit.typo is not None or hit.phrase.form in _LISTED_SLIPS
    places = [n for n in range(len(words)) if not hit.first <= n < hit.last] if near or sold else [hit.last]
    return (
        (hit.phrase.matcher == "entity_name" or sold)
        and not record.device_words
        and (
            any(index.words.industry.starting_at(words, place) for place in places)
            or (sold and index.words.surnames.issuperset(words[hit.last : hit.last + 1] or [""]))
        )
        and (near or sold or all(map(is_pinyin, hit.phrase.tokens)))
        and (
            record.cells[number].field in COMPANY_FIELDS
            or any(word in LEGAL_FORMS and len(word) > 1 for word in words[hit.last :])
        )
    )


def _goes_on_as_other(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether a company's name without spaces holds a short one and more than the firm's own name would: 中興化成工業."""
    phrase, cell = hit.phrase, record.cells[number]
    if (
        phrase.matcher != "entity_name"
        or phrase.text.isascii()
        or len(phrase.text) >= _LONG_HANZI_NAME
        or cell.field not in COMPANY_FIELDS
    ):
        return False
    whole = cell.tokens[hit.first]
    rest = [
        cell.folded.text[whole.start : hit.start],
        cell.folded.text[hit.end : cell.tokens[hit.last - 1].end],
    ]
    for word in (*index.words.unspaced_names, *index.words.unspaced_device):
        rest = [piece for part in rest for piece in part.split(word)]
    # A letter alone joins two words or is what is left of one.
    return any(len(piece) > 1 and piece.isalpha() and not piece.isascii() for piece in rest)


def _read_whole(reading: _Reading, record: Record, number: int, hit: Hit) -> bool:
    """Read initials, and what is left of a name: a question, where they are the whole of a cell of makers or companies."""
    form = hit.phrase.form
    reading.cap, reading.needs = "possible", "none"
    if form in (CUT, SHORTENED):
        reading.why = f"reads like {hit.phrase.text}: {form}"
    # Three letters are short for many firms that sell; nobody lists them as makers of what he has.
    shared = form not in (CUT, SHORTENED) and len(hit.phrase.text) <= _SHARED_INITIALS
    fits = record.cells[number].field in _WHOLE_CELLS["initials" if shared else CUT]
    if not (shared or fits or form == SHORTENED) and record.device_words and len(hit.phrase.tokens) == 1:
        # a text of a fixed width ends within the name: "TRANSCEIVER HYTER"
        reading.needs = "device_word"
        return record.cells[number].field in _CUT_TEXTS and hit.last == len(record.words(number)) > 1
    if form == SHORTENED:
        words = record.words(number)
        return fits and hit.first == 0 and LEGAL_FORMS.issuperset(words[hit.last :])
    return fits and record.is_whole_cell(number, hit.start, hit.end)


def _is_company(record: Record, number: int, hit: Hit) -> bool:
    """Tell whether a cell is the whole name of a company: all of a cell of names, or a name nobody bears by chance."""
    phrase = hit.phrase
    if phrase.matcher != "entity_name" or phrase.form != "legal":
        return False
    words = record.words(number)
    if any(word not in LEGAL_FORMS for word in words[: hit.first] + words[hit.last :]):
        return False
    return (
        record.cells[number].field in COMPANY_FIELDS
        or len(phrase.tokens) > 1
        or (not phrase.text.isascii() and len(phrase.text) >= _LONG_HANZI_NAME)
    )


def _read_typo(reading: _Reading, record: Record, index: Index, number: int, hit: Hit) -> None:
    """Read a misspelling: a question, but where the record makes it what a person would read as the name."""
    typo, cell, weights = hit.typo, record.cells[number], index.weights
    assert typo is not None
    reading.weight = weights["typo_close"] if typo.close else weights["typo_far"]
    reading.strength, reading.cap = "weak", index.caps.get("typo", "possible")
    reading.why = f"reads like {hit.phrase.text}: {typo.how}"
    reading.needs = "device_word" if typo.pinyin or not typo.close else "none"
    left = cell.tokens[hit.first].text
    whole = cell.field == "maker_name" and record.is_whole_cell(number, hit.start, hit.end)
    if whole and hit.phrase.tokens[0].startswith(left):  # narrow columns of makers cut names off
        reading.needs, reading.why = "none", f"reads like {hit.phrase.text}: {CUT}"
        return
    if typo.how == BY_EAR and cell.field in COMPANY_FIELDS and _only_trade_words(record, index, number, hit):
        reading.needs = "none"
    elif typo.how.startswith(IN_PARTS):
        reading.strength, reading.cap, reading.weight = "strong", "", weights["strong"]
        # two syllables that other names have too
        alone = not typo.pinyin or record.is_whole_cell(number, hit.start, hit.end)
        if not alone and _goes_on_as_own(record, index, number, hit):
            alone, reading.cap = True, "possible"  # "HUA WEI TECH"
        reading.needs = "none" if alone else "device_word"
    elif not record.device_words and not _only_trade_words(record, index, number, hit):
        # Two letters swapped make no name that another firm chose.
        swapped = typo.how == "two letters swapped" and cell.field in COMPANY_FIELDS
        known_only = swapped and not is_short_pinyin(cell.tokens[hit.first].text)
        reading.needs = "none" if known_only else "device_word"
    elif typo.close and not typo.pinyin and (record.device_words or cell.field in COMPANY_FIELDS):
        # A slip beside a device word, or in a maker's column, is what a person would read as the name.
        reading.cap, reading.strength = "", "strong"
        reading.weight = weights["typo_close"] + weights["device_word"]
    elif typo.close and (
        not is_short_pinyin(cell.tokens[hit.first].text)
        or (typo.how == "a letter dropped" and _goes_on_as_own(record, index, number, hit))
    ):
        # A short name, misspelt so that it is no name of another Chinese firm, and nothing strange beside it.
        reading.needs = "none"


def _read_shared(reading: _Reading, record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Read a short name that others bear too; `False` when it means one of these."""
    place = _shared_name(record, index, number, hit)
    weak = place != "void" and hit.phrase.strength == "weak"
    if weak and record.cells[number].field == "banner":
        reading.cap = "possible"  # what greets is a device
    elif weak and not record.device_words and _is_said_of_a_device(record, index, number, hit):
        reading.cap = "possible"  # hik-01
    elif weak and not record.device_words and _says_little_else(record, index, number, hit):
        reading.cap = "possible"  # "12x HIK", "gate: HIK", HIK under "Driver"
    elif place == "weak":
        asks = hit.phrase.strength == "weak" and _is_company(record, number, hit)
        reading.strength, reading.weight = "weak", index.weights["weak"]
        reading.needs = "none" if asks else "device_word"
    elif place == "asked":
        reading.cap = "possible"
    elif place == "named":
        reading.strength, reading.weight = "strong", index.weights["strong"]
    elif hit.phrase.strength == "weak":
        reading.needs = "device_word"
    return place != "void"


def _names_devices(cell: Cell, index: Index) -> bool:
    """Tell whether a column holds the names of hosts, or of devices: "Camera name"."""
    return cell.field == "hostname" or any(
        word in index.words.device for word in fold_text(cell.column).split()
    )


def _is_said_of_a_device(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether the name of a host or device is a short name with words for devices, or figures, alone: "hik-01"."""
    cell = record.cells[number]
    label = cell.folded.text.find(".", hit.end)
    others = [
        token.text
        for token in cell.tokens
        if token.end <= hit.start or hit.end <= token.start < (label if label >= 0 else token.end)
    ]
    return _names_devices(cell, index) and bool(others) and all(map(index.lexicon.are_neighbours, others))


def _says_little_else(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether a short name is all that a column of things says, or stands with counts, places and "by" alone: "12x HIK"."""
    cell = record.cells[number]
    if hit.phrase.key not in index.named:
        return False
    text = cell.folded.text
    others = [token.text for token in cell.tokens if token.end <= hit.start or hit.end <= token.start]
    if not others:
        # under a header that says nothing it may be anything
        head = fold_text(cell.column).split()
        behind = record.cells[number + 1].field if number + 1 < len(record.cells) else ""
        if cell.field == "text" and behind in ("text", "other"):
            return False  # the first piece of a text over two columns: "HIK", "ING BOOTS 43"
        told = field_of_header(cell.column)[0] in _NAMES_THINGS and head[-1:] != ["name"]
        return told or any(word in index.words.device for word in head) or index.words.software.anywhere(head)
    beside = {text[hit.start - 1 : hit.start] if hit.start else "", text[hit.end : hit.end + 1]}
    return (
        cell.field in _CUT_TEXTS | _NAMES_THINGS
        and len(others) <= _MOST_BESIDE
        and cell.folded.quote(hit.start, hit.end)[:1].isupper()
        and beside.isdisjoint(_JOINS)
        and all(
            word.strip("x").isdigit()
            or word in index.words.carriers
            or index.words.line.at([word], 0).tags & _COUNTS_OR_PLACES
            for word in others
        )
    )


def _names_trade(cell: Cell, index: Index, hit: Hit) -> bool:
    """Tell whether a word of another trade is part of the name: "Dahua Shanghai Hotel", not "Hotel: the Dahua beeps".

    Names have capitals: "Dahua laundry, no image" says where a thing is. So does a line that names a place besides, or a use.
    """
    words = [token.text for token in cell.tokens]
    shouted = cell.folded.source.isupper()
    near = range(max(0, hit.first - _NAME_REACH), min(len(words), hit.last + _NAME_REACH))
    for place in near:
        if hit.first <= place < hit.last or not index.words.industry.starting_at(words, place):
            continue
        token = cell.tokens[place]
        small = cell.folded.quote(token.start, token.end)[:1].islower()
        if small or not is_unparted(cell, min(place, hit.first), max(place + 1, hit.last)):
            continue
        between = words[hit.last : place] or words[place + 1 : hit.first]
        if any("in" in index.words.line.at([word], 0).tags for word in between):
            continue  # "2 x ZTE im Hotel"
        if any(word.isdigit() for word in between[:-1]):
            continue  # "大华 2台 餐厅"
        beside = (n for n in range(len(words)) if n != place and not hit.first <= n < hit.last)
        said = frozenset().union(*(index.words.line.at(words, n).tags for n in beside))
        if not said & _SAYS_WHERE and not (shouted and "service" in said):
            return True
    return False


def _is_titled(cell: Cell, index: Index, first: int) -> bool:
    """Tell whether a person's title stands before token `first`; some are one only with their full stop: "Hr. Dahua"."""
    if first == 0:
        return False
    title, name = cell.tokens[first - 1], cell.tokens[first]
    gap = cell.folded.text[title.end : name.start]
    if title.text in index.words.titles:
        return True
    measured = first > 1 and cell.tokens[first - 2].text.isdigit()  # "10 m. Dahua cable"
    return gap.rstrip() == "." and f"{title.text}." in index.words.titles and not measured


def _is_small(cell: Cell, start: int, end: int, beside: Token) -> bool:
    """Tell whether a word beside a name with a capital is written without one, so that it is no surname: "Dahua su ebay"."""
    name = cell.folded.quote(start, end)
    return name[:1].isupper() and cell.folded.quote(beside.start, beside.end)[:1].islower()


def is_statement(cell: Cell, start: int, end: int) -> bool:
    """Tell whether the words around a name make a statement, "La Dahua du parking filme le mur", not a longer name.

    Names bear capitals, and no figures; around a Latin name, scripts without capitals are told by their length.

    Args:
        cell: the cell.
        start, end: where the name stands in its folded text.
    """
    around = [token for token in cell.tokens if token.end <= start or end <= token.start]
    words = [token.text for token in around]
    caseless = sum(len(word) for word in words if word.lower() == word.upper() and not word.isdigit())
    return (
        any(map(str.isdigit, words))
        or (cell.folded.text[start:end].isascii() and caseless > _LONG_HANZI_NAME)
        or any(
            len(token.text) >= _SHORTEST_COMMON_WORD and _is_small(cell, start, end, token)
            for token in around
        )
    )


def _only_trade_words(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether all other words of the cell could stand beside the name in the firm's own name."""
    return not _strange_words(record, index, number, hit)


def _strange_words(record: Record, index: Index, number: int, hit: Hit) -> list[str]:
    """Give the other words of the cell that would not stand beside the name in the firm's own name, however spelt."""
    before, behind = _strange_beside(record, index, number, hit)
    return before + behind


def _strange_beside(record: Record, index: Index, number: int, hit: Hit) -> tuple[list[str], list[str]]:
    """Give such words before the name and behind it."""
    words = record.words(number)
    known = index.group_words.get(index.group_of(hit.phrase.key), frozenset()) | index.words.trade
    before, behind = (
        [
            word
            for word in _undotted(part)
            if not word.isdigit()
            and word not in LEGAL_FORMS
            and word not in index.words.company_places
            and not _is_of_trade(word, known)
        ]
        for part in (words[: hit.first], words[hit.last :])
    )
    return before, behind


def _undotted(words: list[str]) -> Iterator[str]:
    """Yield words, letters in a row as one: "B.V.", "S.r.l."."""
    letters = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        if letters:
            yield letters
        letters = ""
        yield word
    if letters:
        yield letters


@lru_cache(maxsize=4096)
def _is_of_trade(word: str, own: frozenset[str]) -> bool:
    """Tell whether a word is one of a firm's own or of its trade, misspelt ("technlogy") or shortened ("techn")."""
    if canonical_token(word) in own:
        return True
    if len(word) < _LEAST_LEFT or not word.isascii():
        return False
    spelt = own | {variant for variant, canonical in CANONICAL.items() if canonical in own}
    return any(
        (len(term) >= _SHORTENED and term.startswith(word))
        or (len(term) >= _ONE_SLIP and _is_slip(word, term, 2 if len(term) >= _TWO_SLIPS else 1))
        for term in spelt
    )


def _is_slip(one: str, other: str, most: int) -> bool:
    """Tell whether no more than so many slips lie between two words; most words are told apart by their letters alone."""
    return (
        abs(len(one) - len(other)) <= most
        and len(set(one).difference(other)) <= most
        and len(set(other).difference(one)) <= most
        and _slips_between(one, other) <= most
    )


def _slips_between(one: str, other: str) -> int:
    """Count the letters dropped, added, changed, or swapped with their neighbour that lie between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        new = [place]
        for column, target in enumerate(other, 1):
            least = min(row[column] + 1, new[column - 1] + 1, row[column - 1] + (letter != target))
            if place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == target:
                least = min(least, before[column - 2] + 1)
            new.append(least)
        before, row = row, new
    return row[-1]


def _is_said_to_make(record: Record, number: int, hit: Hit) -> bool:
    """Tell whether the text says itself that a name is that of the maker: `make=HIK`, "Marke: HIK", or `Make` before it."""
    text = record.cells[number].folded.text
    if _SAID_BEHIND.match(text, hit.end) is None:
        return False
    said = _SAID.search(text[max(0, hit.start - _LONGEST_SAID) : hit.start])
    if said is not None:
        words = said[1].split()
        return any(_heads_makers(" ".join(words[-count:])) for count in (1, 2, 3))
    before = record.cells[number - 1].folded.text if number else ""
    return record.is_whole_cell(number, hit.start, hit.end) and _heads_makers(before)


def _heads_makers(words: str) -> bool:
    """Tell whether words are the whole header of a column of makers; of one of sellers, in a text about a thing, too."""
    return len(words) <= _LONGEST_SAID and (
        field_of_header(words) == ("maker_name", WHOLE_NAME) or words in HEADER_WORDS["vendor_words"]
    )


def _is_one_of_several(cell: Cell, hit: Hit) -> bool:
    """Tell whether signs part a name from all else in its cell: "Axis / Dahua"."""
    text = cell.folded.text
    before, behind = text[: hit.start].rstrip(), text[hit.end :].lstrip()
    return before[-1:] in _BETWEEN_MAKERS and behind[:1] in _BETWEEN_MAKERS


def _shared_name(record: Record, index: Index, number: int, hit: Hit) -> str:
    """Judge a name that other companies and people bear: `named`, `as_is`, `asked`, `weak` or `void`."""
    cell = record.cells[number]
    words = record.words(number)
    phrase = hit.phrase
    around = words[: hit.first] + words[hit.last :]
    things = record.device_words or record.seen[number].device_words
    if phrase.strength == "weak" and _is_said_to_make(record, number, hit):
        return "named"
    if record.is_whole_cell(number, hit.start, hit.end):
        return "named" if cell.field == "maker_name" or phrase.strength == "strong" else "weak"
    if cell.field == "maker_name" and _is_one_of_several(cell, hit):
        return "as_is"
    # "as Dahua" holds the article of Portuguese, or the word of comparison
    small = hit.first > 0 and words[hit.first - 1] in _SMALL_BEFORE
    incorporated = any(
        word in LEGAL_FORMS and len(word) > 1 and not (small and word in _SMALL_BEFORE) for word in around
    )
    company_like = incorporated or (
        cell.field in COMPANY_FIELDS and not is_statement(cell, hit.start, hit.end)
    )
    known = index.group_words.get(index.group_of(phrase.key), frozenset())
    other_trade = not things and index.words.industry.anywhere(around)
    if other_trade and ((cell.field in COMPANY_FIELDS and company_like) or _names_trade(cell, index, hit)):
        return "void"
    before = words[hit.first - 1] if hit.first > 0 else ""
    after = words[hit.last] if hit.last < len(words) else ""
    a_person = (
        (
            before in index.words.surnames
            and not _is_small(cell, hit.start, hit.end, cell.tokens[hit.first - 1])
        )
        or (after in index.words.surnames and not _is_small(cell, hit.start, hit.end, cell.tokens[hit.last]))
        or _is_titled(cell, index, hit.first)
    )
    if a_person and not incorporated and not things and not (set(around) & known - index.words.surnames):
        # "KAM DAHUA" is how lists shorten a camera, too
        return "asked" if "device_short" in index.words.line.at([before], 0).tags else "void"
    # Only a name that reads as pinyin is one that unrelated Chinese companies bear.
    if company_like and (phrase.strength == "weak" or all(map(is_pinyin, phrase.tokens))):
        strange = [
            word for word in _strange_words(record, index, number, hit) if word not in index.words.device
        ]
        if strange and any(word in _FOREIGN_PLACES for word in around):
            return "void"
        if strange and not things:
            rivals = {
                word
                for other in record.hits[number]
                if other.phrase.matcher == "other_maker"
                for word in words[other.first : other.last]
            }
            return "asked" if rivals.issuperset(strange) else "weak"
    return "asked" if other_trade else "as_is"
