"""What a list says itself of its things: that the law names one, whoever made it, or no name where one should stand.

What it does: finds `no` under `NDAA compliant`, `yes` under `889 covered`, `banned under section 889` in a remark, and `#REF!`
or `ditto` where a maker or a model should stand.
Why it matters: a brand that nobody published as a relabel has no sign of a firm. Where the people who keep the list looked, and
wrote down what they found, a scan that finds nothing would hide what they know.
Example: `NDAA compliant: No` beside `Brightcam BC-200`.
Not covered: running text, which quotes the law more often than it speaks of a thing, but for a sentence of one's own things and
of a list of the law: "all our cameras are on the 889 list".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache, reduce
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from proscribe.model.observations import Table
from proscribe.model.spelling import unaccented
from proscribe.readers._declared import values_of
from proscribe.readers.base import Batch
from proscribe.readers.noticed import Noticed

#: A longer cell is a text about the law.
_LONGEST = 160
#: A longer one is none in which a sentence is looked for that says what is there.
_LONGEST_TEXT = 4_000
#: What is said behind one of these is said of something else.
_CLAUSE = re.compile(r"[,;|、，；]|\.\s")
_SENTENCE = re.compile(r"[.!?;。！？]\s*|\n")
#: So many words of which the first is the number of the section are about the law.
_FEW_WORDS = 4
#: Fields of columns that name or describe a thing, which sellers fill with the name of the law: "4MP NDAA dome".
_NAMING_A_THING = frozenset(["product_name", "text", "model_number"])
#: Marks that are answers, and apostrophes, which part no word.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2610\u274c\u2717\u2718\u2715\u2716\u26d4\U0001f6ab\U0001f44e", " no "),
        **dict.fromkeys("'\u2019", ""),
    }
    | dict.fromkeys("\u2713\u2714\u2705\u2611\U0001f44d", " yes ")
)
#: What a cell begins with in which a formula was lost.
BEGUN = ("#", "Err:")
_ERROR = r"^(?:#(?:N/?A|NV|N/D|Н/Д)|#[\p{L}/0-9]{2,12}[!?]|Err:5\d\d)\s*$"
#: Words of Latin letters part from those of scripts without blanks: `NDAA合规` is two.
_WORD = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
#: An answer, and what somebody wrote behind it: `No - OEM of ...`.
_ANSWER = re.compile(r"\W*(\w+)\s*(?:[-\u2013\u2014,;:(.!].*)?", re.DOTALL)
#: What a spreadsheet makes of an address such as `2114E7028435`, and one as a decimal number; those of phones are larger.
_NUMBER = r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$|^[12]\d{14}$|^\d{13,14}$"
_PAIR = "[0-9A-Za-z]{1,2}"
#: A cell that may name another row: short, without a sign of a rate or a size; and a row by its number or tag.
_MAY_REFER = r"^.{3,40}$"
_LETTERS = r"[a-z\u0370-\u06ff]"
_ROW = (
    rf"(?:{_LETTERS}{{1,10}} )?(?!(?:19|20)\d\d )[0-9]{{1,6}}|{_LETTERS}{{1,8}}[0-9]{{1,6}}[a-z]?"
    rf"|(?:{_LETTERS}{{1,6}} ){{2}}[0-9]{{1,4}}|(?:{_LETTERS}{{1,6}} [0-9]{{1,4}} ?){{2}}"
)
#: What is written as an address and is none, each with a sign that it holds: pairs that are too few, or too many (`01` before six
#: is that of DHCP), digits without signs that are not twelve, letters that are no digits.
_UNWHOLE = (
    (rf"^\s*{_PAIR}(?:[:-]{_PAIR}){{4}}\s*$", "[0-9]"),
    (rf"^\s*(?:0[02-9A-Za-z]|[1-9A-Za-z][0-9A-Za-z])(?:[:-]{_PAIR}){{6}}\s*$", "[0-9]"),
    (r"^\s*[0-9A-Fa-f]{10,11}\s*$|^\s*[0-9A-Fa-f]{13}\s*$", "[A-Fa-f]"),
    (rf"^\s*{_PAIR}(?:[:-]{_PAIR}){{5}}\s*$", "[G-MO-WYZg-mo-wyz]"),
    (r"^\s*[0-9A-Za-z]{12}\s*$", "[0-9].*[G-MO-WYZg-mo-wyz]|[G-MO-WYZg-mo-wyz].*[0-9]"),
)


class OwnWords(Noticed):
    """What the cells of an input say themselves of its things, or fail to say."""

    __slots__ = ()
    SAYS = MappingProxyType(
        {
            "against": "E547.against",
            "must_go": "E547.must_go",
            "kept_back": "E547.kept_back",
            "barred": "E547.barred",
            "lost": "E548.lost",
            "repeated": "E548.repeated",
            "referred": "E548.referred",
            "number": "E548.number",
            "unwhole": "E548.unwhole",
            "by_nation": "E548.by_nation",
            "usual": "E548.usual",
            "denied_maker": "E548.denied",
        }
    )

    def look(self, batch: Batch, table: Table) -> None:
        """Look through the cells of one batch of a table; a list of one column has no heads."""
        names = batch.rows.schema.names
        for name in names:
            column = batch.rows.column(name)
            if not pa.types.is_string(column.type) or not pc.max(pc.binary_length(column)).as_py():
                continue  # without a letter, as most columns of a very wide list are
            if table.fields.get(name) == "mac":
                self._tell("number", pc.match_substring_regex(column, _NUMBER), name, batch, table)
                self._tell("unwhole", _unwhole(column), name, batch, table)
            if table.fields.get(name) in naming():
                if any(pc.any(pc.starts_with(column, sign)).as_py() for sign in BEGUN):
                    self._tell("lost", pc.match_substring_regex(column, _ERROR), name, batch, table)
                if len(names) > 1:
                    self._tell(
                        "repeated", pc.is_in(column, pa.array(repeating(), pa.string())), name, batch, table
                    )
            self._unnamed(name, batch, table, alone=len(names) == 1)
            if "maker_name" in table.fields.values() and table.fields.get(name, "") in _of_remark():
                texts = [text for text in pc.unique(column).to_pylist() if text and denies_maker(text)]
                self._tell("denied_maker", pc.is_in(column, pa.array(texts, pa.string())), name, batch, table)
            if table.fields.get(name, "") in _remarks():
                may = pc.fill_null(pc.match_substring_regex(column, _may_keep_back()), False)
                texts = [text for text in pc.unique(column.filter(may)).to_pylist() if keeps_back(text)]
                self._tell("kept_back", pc.is_in(column, pa.array(texts, pa.string())), name, batch, table)
                may = pc.fill_null(pc.match_substring_regex(column, _may_be_barred()), False)
                texts = [
                    text
                    for text in pc.unique(column.filter(may)).to_pylist()
                    if has_barred(text, plainly=len(names) == 1)
                ]
                self._tell("barred", pc.is_in(column, pa.array(texts, pa.string())), name, batch, table)
            told = _against(name, column, table) if len(names) > 1 else _of_own(column)
            for kind, texts in told.items():
                self._tell(kind, pc.is_in(column, pa.array(texts, pa.string())), name, batch, table)

    def _unnamed(self, name: str, batch: Batch, table: Table, *, alone: bool) -> None:
        """Note cells that tell a maker by its nation, and cells that say that a thing is the one of before."""
        column = batch.rows.column(name)
        if table.fields.get(name) not in naming():
            return
        may = pc.fill_null(pc.match_substring_regex(column, _may_name_a_nation()), False)
        texts = pc.unique(column.filter(may)).to_pylist()
        told = [
            text
            for text in texts
            if len(text) <= _LONGEST
            and (words := _fold(text))
            and _holds(words, "by_nation")
            and (not alone or _holds(words, "own") or _holds(words, "things"))
        ]
        if told:
            self._tell("by_nation", pc.is_in(column, pa.array(told, pa.string())), name, batch, table)
        if not alone:
            may = pc.fill_null(pc.match_substring_regex(column, _MAY_REFER), False)
            rows = [text for text in pc.unique(column.filter(may)).to_pylist() if refers_to_row(text)]
            self._tell("referred", pc.is_in(column, pa.array(rows, pa.string())), name, batch, table)
            self._tell(
                "usual", pc.is_in(_plain(column), pa.array(_words("usual"), pa.string())), name, batch, table
            )

    def _tell(self, kind: str, held: pa.Array, column: str, batch: Batch, table: Table) -> None:
        rows = pc.indices_nonzero(pc.fill_null(held, False))
        if len(rows):
            first = rows[0].as_py()
            text = batch.rows.column(column)[first].as_py()
            self.note(kind, batch, table, column, first, count=len(rows), text=text)


def _unwhole(column: pa.Array) -> pa.Array:
    """Give a mask of the cells that are written as hardware addresses and are none: digits are missing, too many or others."""
    masks = [
        pc.and_(pc.match_substring_regex(column, shape), pc.match_substring_regex(column, sign))
        for shape, sign in _UNWHOLE
    ]
    return reduce(pc.or_, masks)


def _against(name: str, column: pa.Array, table: Table) -> dict[str, list[str]]:
    """Give the texts of a column that speak against the thing of their row, by what they say."""
    head = _head(name)
    if head:
        texts = [text for text in pc.unique(column).to_pylist() if text and _speaks_against(text, head)]
        return {"against": texts} if texts else {}
    kind = table.fields.get(name, "")
    if kind not in _remarks():
        return {}
    may = pc.fill_null(pc.match_substring_regex(column, _may_name_the_law()), False)
    told: dict[str, list[str]] = {}
    for text in pc.unique(column.filter(may)).to_pylist():
        if len(text) > _LONGEST:
            continue
        if says_against(text) or (kind not in _NAMING_A_THING and _is_named(text)):
            told.setdefault("against", []).append(text)
        elif _holds(words := _fold(text), "must_go") and not _holds(words, "unless"):
            told.setdefault("must_go", []).append(text)
    return told


def _of_own(column: pa.Array) -> dict[str, list[str]]:
    """Give the texts of running text with a sentence that says of things that the law names them, or takes their maker back."""
    may = pc.fill_null(pc.match_substring_regex(column, _may_speak_of_things()), False)
    told: dict[str, list[str]] = {}
    for text in pc.unique(column.filter(may)).to_pylist():
        for sentence in _SENTENCE.split(text):
            words = _fold(sentence)
            own, things = _holds(words, "own"), _holds(words, "things")
            if (own and _holds(words, "on_list") and not _holds(words, "unless")) or (
                things and _is_named(sentence)
            ):
                told.setdefault("against", []).append(text)
            elif things and _doubts_a_maker(sentence):
                told.setdefault("denied_maker", []).append(text)
    return told


def _is_named(text: str) -> bool:
    """Tell whether a sentence names the law plainly, and says neither that a thing is as it asks nor that it is none.

    Example:
        >>> _is_named("covered equipment, waiver requested"), _is_named("meets section 889"), _is_named("is it 1260H?")
        (True, False, False)
    """
    words = _fold(text)
    return (
        _holds(words, "named")
        and not text.rstrip().endswith("?")
        and not any(_holds(words, kind) for kind in ("unless", "settled", "as_asked"))
    )


def _doubts_a_maker(text: str) -> bool:
    """Tell whether a clause says of what tells the maker that it is not to be believed: `sticker removed before audit`."""
    return any(
        _holds(words, "maker_words") and _holds(words, "maker_doubts") and not _holds(words, "unless_label")
        for words in map(_fold, _CLAUSE.split(text))
    )


def keeps_back(text: str) -> bool:
    """Tell whether a clause of a remark says that something is to be kept from those who look at the list.

    Example:
        >>> keeps_back("delete this row before sending to GSA"), keeps_back("duplicate, delete from the list")
        (True, False)
    """
    return any(
        ((_holds(words, "kept_back") and _holds(words, "kept_from")) or _holds(words, "kept_alone"))
        and not _holds(words, "unless_kept")
        for words in map(_fold, _CLAUSE.split(text[:_LONGEST]))
    )


@lru_cache(maxsize=4096)
def refers_to_row(text: str) -> bool:
    """Tell whether a whole cell says that a thing is as that of another row of its list.

    Example:
        >>> refers_to_row("same as CAM-02"), refers_to_row("ídem CAM-02"), refers_to_row("like new"), refers_to_row("id 4410 B")
        (True, True, False, False)
    """
    return _reference().fullmatch(_fold(text)) is not None


@cache
def _reference() -> re.Pattern[str]:
    """Give the pattern of a folded cell that names another row, with a word before or behind that says "the same as"."""

    def joined(kind: str, border: str = "") -> str:
        words = sorted(_words(kind), key=len, reverse=True)
        return "|".join(re.escape(word) + (border if word < "\u0e00" else " ?") for word in words)

    number = f"(?:(?:{joined('row_words')}) ?)*"
    row = f"{number}(?:{_ROW}) ?{number}|{number}(?:{joined('row_places')})"
    return re.compile(f" (?:(?:{joined('same_as', ' ')})(?:{row})|(?:{row}) ?(?:{joined('same_behind')})) ")


def has_barred(text: str, *, plainly: bool = False) -> bool:
    """Tell whether a clause says that something is there which is barred, by no name: `two of the banned cameras hang again`.

    Args:
        plainly: whether a word has to say that it is there, as in running text, which quotes rules and plans.

    Example:
        >>> has_barred("we kept one of the prohibited radios"), has_barred("banned cameras removed in 2020")
        (True, False)
    """
    return len(text) <= _LONGEST_TEXT and any(
        _is_barred(words, plainly=plainly) or (not plainly and _is(words, "barred_alone"))
        for sentence in _SENTENCE.split(text)
        for words in map(_fold, _CLAUSE.split(sentence))
        if len(words) <= 2 * _LONGEST
    )


def _is_barred(words: str, *, plainly: bool) -> bool:
    found = _barred_thing().search(words)
    if found is None:
        return False
    there = _holds(words, "barred_there")
    if _holds(words, "barred_gone") and not there:
        return False
    # "they have not removed the banned cameras" denies that they are gone
    said = words[: found.end()] if there else words
    denied = _holds(said, "barred_not") and not _holds(words, "barred_gone")
    return not denied and (there or not plainly)


@cache
def _barred_thing() -> re.Pattern[str]:
    """Give the pattern of a word for what is barred, at most one word, and a thing; or of such a word right behind a thing."""
    things = f"(?:{_pattern('things').pattern}|{_pattern('barred_things').pattern})"
    before, behind = _pattern("barred").pattern, _pattern("barred_behind").pattern
    between = rf"\w*(?:(?!{_pattern('barred_place').pattern}) \w+)? ?"
    return re.compile(rf"(?:{before}){between}{things}|{things}\w* ?(?:{behind})")


def is_asked(head: str) -> bool:
    """Tell whether the head of a column names the law, so that each of its cells may speak against a thing."""
    return bool(_head(head))


def says_against(text: str) -> bool:
    """Tell whether a remark says that the law names the thing.

    Example:
        >>> says_against("banned under NDAA section 889"), says_against("889: not OK"), says_against("NDAA compliant")
        (True, True, False)
    """
    words = _fold(text)
    if _is(words, "whole"):
        return True
    if text.rstrip().endswith("?") or _holds(words, "unless"):
        return False
    if _names_the_law(words) and _holds(words, "against"):
        return True
    return any(_is_denied(_fold(clause)) for clause in _CLAUSE.split(text))


@lru_cache(maxsize=4096)
def denies_maker(text: str) -> bool:
    """Tell whether a remark, or a quantity, says that the maker told beside it is not that of all of it, or was not looked up.

    Example:
        >>> denies_maker("12 (of which 4 other makes)"), denies_maker("replaces another brand"), denies_maker("maker guessed")
        (True, False, True)
    """
    if len(text) > _LONGEST or not any(map(str.isalpha, text)):
        return False
    words = _fold(text)
    if _holds(words, "unless_other"):
        return False
    return _holds(words, "denied_maker") or _other_make().search(words) is not None or _doubts_a_maker(text)


@cache
def _other_make() -> re.Pattern[str]:
    """Give the pattern of a word for another one right before a word for a make."""
    return re.compile(f"(?:{_pattern('otherly').pattern})\\w*(?:{_pattern('makes').pattern})")


def _is_denied(words: str) -> bool:
    """Tell whether a clause says that a thing is not as the law asks: `not OK under 889`; but not `no NDAA concerns`."""
    if not _names_the_law(words):
        return False
    rest = re.sub(" +", " ", _pattern("law").sub(" ", f"{words} ").replace(" 889 ", " "))
    if _holds(rest, "unless"):
        return False
    good = _pattern("good").search(rest)
    answered = good is not None and _is(rest.split()[-1], "no")
    # behind "compliant" something else is denied, unless the no is the answer
    return answered or _holds(rest[: good.start() + 1] if good is not None else rest, "denied")


def _names_the_law(words: str) -> bool:
    return _holds(words, "law") or _is_numbered(words)


def _is_numbered(words: str) -> bool:
    """Tell whether the number of the section alone names the law: first in a few words, or behind `under` or `banned`."""
    found = re.search(r" (\S+) 889 ", words)
    if found is None:
        return words.startswith(" 889 ") and len(words.split()) <= _FEW_WORDS
    before = f" {found[1]} "
    return _holds(before, "before_number") or _holds(before, "against")


def _speaks_against(text: str, head: str) -> bool:
    """Tell whether a value under a head that names the law speaks against the thing."""
    words = _fold(text)
    if len(text) > _LONGEST:
        return False
    if _holds(words, "doubt") and not _holds(words, "settled"):
        return True
    if _holds(words, "unless"):
        return False
    if _holds(words, "against") or _is_answers(words, head):
        return True
    answer = _ANSWER.fullmatch(text.strip())
    return _is(_fold(answer[1]) if answer is not None else words, "yes" if head == "bad" else "no")


def _is_answers(words: str, head: str) -> bool:
    """Tell whether a cell answers for several lists at once and one answer speaks against the thing: `N/N`, `Y/N`."""
    answers = words.split()
    known = {*_words("yes"), *_words("no")}
    return (
        len(answers) > 1
        and known.issuperset(answers)
        and any(_is(one, "yes" if head == "bad" else "no") for one in answers)
    )


@lru_cache(maxsize=4096)
def answers_no(text: str) -> bool:
    """Tell whether a text, such as what stands behind a colon, answers no; a number that "No." announces is no answer.

    Example:
        >>> answers_no(" nein, siehe Plan"), answers_no("no longer"), answers_no("No. 4")
        (True, False, False)
    """
    answer = _ANSWER.fullmatch(text)
    return (
        answer is not None
        and not text[answer.end(1) :].lstrip(". :")[:1].isdigit()
        and _is(_fold(answer[1]), "no")
    )


def _head(name: str) -> str:
    """Tell which answer under the head of a column speaks against a thing: `good` asks whether it is well, `bad` whether not."""
    words = _fold(name)
    # "889?" asks whether the section names the thing; "NDAA?" whether it is as the law asks
    if _is(words, "whole_heads") or (words.strip() in ("889", "section 889", "sec 889") and "?" in name):
        return "bad"
    if not (_holds(words, "law") or _holds(words, "law_in_heads")):
        return ""
    for kind in ("bad", "good"):
        if _holds(words, kind):
            return kind
    return "good" if _is(words, "plain_no") else "status"


def _fold(text: str) -> str:
    return " " + " ".join(_WORD.findall(unaccented(text.casefold()).translate(_SIGNS))) + " "


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(
        _fold(word).strip() if word[-1] != "*" else _fold(word).strip() + "*" for word in _declared(kind)
    )


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """Give one pattern of all words of a kind; words in scripts without blanks between words may stand anywhere."""
    parts = []
    for word in _words(kind):
        begun = word.endswith("*")
        stem = re.escape(word.removesuffix("*"))
        joined = any("\u3040" <= char <= "\ud7ff" for char in unicodedata.normalize("NFC", word))
        parts.append(stem if joined else f" {stem}" + ("" if begun else "(?= )"))
    return re.compile("|".join(parts))


def _holds(words: str, kind: str) -> bool:
    return _pattern(kind).search(words) is not None


def _is(words: str, kind: str) -> bool:
    return words.strip() in _words(kind)


@cache
def _remarks() -> frozenset[str]:
    return frozenset(["", *_declared("remarks")])


@cache
def _of_remark() -> frozenset[str]:
    """Give the fields in which a remark may say of the maker of a row, but for that of the maker itself."""
    return (_remarks() | frozenset(_declared("counted"))) - {"maker_name", "vendor_name"}


@cache
def marks() -> tuple[str, ...]:
    """List texts of which one stands, in whatever letters, in whatever names the law; a number among them stands by itself."""
    return tuple(_declared("marks"))


@cache
def _may_name_the_law() -> str:
    return "(?i)" + "|".join(rf"\b{mark}\b" if mark.isdigit() else re.escape(mark) for mark in marks())


@cache
def _may_speak_of_things() -> str:
    """Give a pattern of each text of which `_of_own` may say something: a mark of the law, or a word for what tells a maker."""
    words = sorted({*_declared("maker_words"), *_words("maker_words")})
    return "|".join([_may_name_the_law(), *map(_bordered, words)])


@cache
def _may_be_barred() -> str:
    """Give a pattern of what stands, with accents or without, in each text of which `has_barred` may say yes."""
    kinds = ("barred", "barred_behind", "barred_alone")
    return "(?i)" + "|".join(
        map(_bordered, sorted({word for kind in kinds for word in (*_declared(kind), *_words(kind))}))
    )


@cache
def _may_keep_back() -> str:
    """Give a pattern of what stands, with accents or without, in each text of which `keeps_back` may say yes."""
    kinds = ("kept_from", "kept_alone")
    words = sorted({word for kind in kinds for word in (*_declared(kind), *_words(kind))})
    return "(?i)" + "|".join(map(_bordered, words))


def _bordered(word: str) -> str:
    """Give the pattern of a declared word in raw text: "logo" is none in "logout"."""
    stem = re.escape(word.removesuffix("*"))
    return stem if not word.isascii() else rf"\b{stem}" + ("" if word.endswith("*") else r"\b")


@cache
def _may_name_a_nation() -> str:
    return "(?i)" + "|".join(map(re.escape, _declared("nations")))


def _plain(column: pa.Array) -> pa.Array:
    """Give cells in small letters, without the sign that ends a sentence."""
    return pc.utf8_rtrim(pc.utf8_lower(pc.utf8_trim_whitespace(column)), ".!… ")


@cache
def naming() -> frozenset[str]:
    """Give the fields of columns in which a lost value or a mark of repetition leaves a thing without a name."""
    return frozenset(_declared("naming"))


@cache
def repeating() -> tuple[str, ...]:
    """List the cells that repeat the one above, as they are written."""
    words = {
        form for word in _declared("ditto") for form in (word, word.title(), word.capitalize(), word.upper())
    }
    return tuple(sorted(words))


def _declared(kind: str) -> Sequence[str]:
    value: Sequence[str] = values_of("own_words.yml")[kind]
    return value
