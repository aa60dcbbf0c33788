"""Listed cameras, recorders, radios and the like of which a record tells neither who made them nor which they are.

Nothing is recognised in such a record, whoever made the thing: "IP camera gate 3", maker "unknown". That is no clearance. No list
of what people write where they know no maker is ever whole ("house brand", "rental", a seller), so that it counts the other way:
in a column of makers a name that neither the knowledge nor a registry of makers knows is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from proscribe.matching.lexicon import PhraseSet
from proscribe.matching.normalize import LEGAL_FORMS, TOKEN, fold_text, fold_texts
from proscribe.matching.record import Record

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from proscribe.matching.index import Index

#: Lists of one's own things, and of what was bought: in others a bare "camera" may be a service, a sum or an offer, where no
#: column of things shows otherwise.
OWN = frozenset({"equipment", "network", "purchases"})
#: Kinds of words for things, of `device_words` in `context/words.yml`, that say too little of what it is.
_VAGUE = frozenset({"generic", "alarm", "server"})
#: Kinds whose words end others, "babycam", behind so many letters.
_ENDING, _SHORTEST_BEFORE = frozenset({"camera", "recorder"}), 3
#: Fields that tell which thing it is; of the first two what stands there has to be able to be a number or a name.
_MAKER = "maker_name"
_NUMBERED = ("model_number", "part_number")
_TELLING = ("mac", "chip", "cpe", "purl", "fcc_id")
_WORDS = ("product_name", "text", "category")
#: What speaks of somebody by a name, among the hits of a cell.
_NAMES = frozenset({"other_maker", "entity_name", "brand", "relabel", "phone", "homonym"})
#: Those of them that make a finding by themselves.
_LOOKED_FOR = frozenset({"entity_name", "brand"})
#: A number as makers give them: letters and two digits in one word, such as P3245 or C056E311207A.
_NUMBER = re.compile(r"(?=[a-z]*\d[a-z]*\d)(?=\d*[a-z])[a-z\d]{4,}", re.ASCII)
#: Days, years and addresses of the network, in a folded text.
_NO_NUMBERS = re.compile(
    r"(?<![^\W_])(?:\d{1,3}(?:\.\d{1,3}){3}|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|(?:19[89]|20[0-4])\d)(?![^\W_])"
)
#: Letters, or digits, that stand together; and what counts things of a kind: 1, 16, 007.
_PIECES, _COUNT = re.compile(r"\d+|[^\W\d_]+"), re.compile(r"\d{1,2}|0\d{2,3}")
#: A count of none of them, or a word for it.
_NONE_OF_THEM = r"^\s*(?:[-–—0.,\s]*|[Nn]one|[Nn]o|[Nn]/?[Aa])\s*$"
#: Of a longer text in a column of numbers each digit counts.
_LONGEST_MEASURES = 40
#: What leaves open whether a name is right; other firms that are not named; a trade name, UniFi; and a number beside a name.
_DOUBT, _AND_CO = frozenset("?¿？*~≈"), re.compile(r"(?:&|\+|\band|\bund|\bet|\by|\be)\s*co\b\W*$")
_CAPITAL_INSIDE, _MODEL = (
    re.compile(r"[a-z][A-Z]"),
    re.compile(r"[a-z]{1,5}\d{2,}[a-z\d]*|\d{2,}[a-z]+[a-z\d]*|\d{3,}"),
)


def undescribed(
    index: Index, rows: pa.RecordBatch, by_field: Mapping[str, Sequence[str]]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], dict[int, str]]:
    """Give which rows name a thing of these kinds, and which of them tell neither its maker nor a number of it.

    Args:
        rows: the cells of a batch.
        by_field: the columns of each field.

    Returns:
        The rows that name a thing; those of them that tell nothing; and those that tell nothing but a name as its maker, or its
        product, which the knowledge does not know, with the name.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    def where(
        fields: Iterable[str], test: Callable[[pa.StringArray], pa.BooleanArray]
    ) -> npt.NDArray[np.bool_]:
        """Tell in which rows a text of these fields passes a test, which is asked once of each text."""
        mask = np.zeros(rows.num_rows, dtype=bool)
        for column in (name for field in fields for name in by_field.get(field, ())):
            texts = rows.column(column).cast(pa.string()).dictionary_encode()
            passed = test(texts.dictionary).take(texts.indices)
            mask |= passed.fill_null(False).to_numpy(zero_copy_only=False)
        return mask

    def folded(texts: pa.StringArray) -> pa.StringArray:
        return pa.array(fold_texts(texts.to_pylist()), pa.string())

    def each(test: Callable[[str], bool]) -> Callable[[pa.StringArray], pa.BooleanArray]:
        return lambda texts: pa.array([test(text or "") for text in texts.to_pylist()], pa.bool_())

    pattern = _pattern(tuple(sorted(word for word, kind in index.words.device.items() if kind not in _VAGUE)))
    named = where(_WORDS, lambda texts: pc.match_substring_regex(folded(texts), pattern))
    if _MAKER in by_field:
        for column in filter(lambda name: _is_head_of_things(index, name), rows.schema.names):
            said = rows.column(column).cast(pa.string())
            counted = pc.invert(pc.match_substring_regex(said, _NONE_OF_THEM))
            named |= pc.fill_null(counted, False).to_numpy(zero_copy_only=False)
    untold = ~where(_TELLING, pc.is_valid)
    untold &= ~where(_NUMBERED, lambda texts: _holds_number(index, texts))
    if untold.any():
        untold &= ~where(
            (*_NUMBERED, _MAKER), each(lambda text: _tells(index, text) and _names_maker(index, text))
        )
    if (untold & ~named).any():
        named[_named_in_words(index, rows, by_field, np.flatnonzero(untold & ~named))] = True
    lacking = named & untold
    columns = [(name, field) for field in _WORDS for name in by_field.get(field, ())]
    places = np.flatnonzero(lacking)
    if not len(places):
        return named, lacking, {}
    taken = rows.select([name for name, _ in columns]).take(pa.array(places)).to_pydict()
    seen: dict[tuple[str, ...], bool] = {}
    for number, place in enumerate(places):
        texts = tuple(str(taken[name][number] or "") for name, _ in columns)
        if texts not in seen:
            seen[texts] = _tells_nothing(
                index, [(*column, text) for column, text in zip(columns, texts, strict=True)]
            )
        lacking[place] = seen[texts]
    unknown = _names_told(index, rows, by_field, np.flatnonzero(lacking))
    lacking[list(unknown)] = False
    return named, lacking, unknown


def _is_head_of_things(index: Index, head: str) -> bool:
    """Tell whether the head of a column says that each row is of such things: "Cameras", "No. of cameras", "Cameras by maker"."""
    words = TOKEN.findall(fold_text(head))
    things = [word for word in words if index.words.device.get(word, "generic") not in _VAGUE]
    return bool(things) and all(word in things or word in _beside("beside_heads") for word in words)


def _named_in_words(
    index: Index, rows: pa.RecordBatch, by_field: Mapping[str, Sequence[str]], places: npt.NDArray[np.int64]
) -> list[int]:
    """Give which of some rows name a thing in words of lines; see `_names_thing`."""
    import pyarrow as pa

    names = [name for field in _WORDS for name in by_field.get(field, ())]
    columns = rows.select(names).take(pa.array(places)).to_pydict().values()
    known = {str(text or "") for column in columns for text in column}
    things = {text for text in known if _names_thing(index, text)}
    return [
        place
        for place, texts in zip(places.tolist(), zip(*columns, strict=True), strict=False)
        if not things.isdisjoint(str(text or "") for text in texts)
    ]


def _names_told(
    index: Index, rows: pa.RecordBatch, by_field: Mapping[str, Sequence[str]], places: npt.NDArray[np.int64]
) -> dict[int, str]:
    """Give the name that each of some rows tells as its maker, or else as its product."""
    import pyarrow as pa

    told: dict[int, str] = {}
    for field in (_MAKER, *_NUMBERED):
        tells = _tells if field == _MAKER else _tells_product
        for name in by_field.get(field, ()):
            known: dict[str, bool] = {}
            for place, text in zip(
                places.tolist(), rows.column(name).take(pa.array(places)).to_pylist(), strict=True
            ):
                if place not in told and text:
                    if text not in known:
                        known[text] = tells(index, text)
                    if known[text]:
                        told[place] = str(text).strip()
    return told


def _tells_product(index: Index, text: str) -> bool:
    # What holds digits and no number of a maker is a place, a day or a count: "camera 3".
    return not any(map(str.isdigit, _without_measures(text))) and _tells(index, text)


def _tells(index: Index, text: str) -> bool:
    """Tell whether what stands in a column of makers or models can be a name or a number, and no word for its absence.

    Of several words one has to be written as a name or a number is, if their script has capitals: "cannot be read" is neither.
    """
    plain = _without_measures(text)
    words = TOKEN.findall(plain)
    spare, beginnings = _fillers()
    if f"{' '.join(words)} ".startswith(beginnings) or (_is_doubted(text) and not _names_maker(index, text)):
        return False
    if any(map(str.isdigit, plain)):
        return True
    if len(words) > 1 and text == text.lower() != text.upper() and not _names_maker(index, text):
        return False
    return any(
        any(map(str.isalpha, word))
        and not (word.isascii() and len(word) == 1)
        and word not in index.words.no_maker
        and word not in index.words.device
        and word not in spare
        and word not in _kinds()
        for word in words
    )


def _names_maker(index: Index, text: str) -> bool:
    """Tell whether a text names a maker, and says nothing beside the name that may take it back: "Axis, label only".

    Beside the name of a maker that is not looked for, only what is declared counts as plain, and a number of its own. A name
    that is looked for is a finding by itself, but where it is denied.
    """
    record = Record.of(index, [("maker", "maker_name", text)])
    hits = [hit for hit in record.hits[0] if hit.phrase.matcher in _NAMES]
    if not hits:
        return False
    cell, first, last = record.cells[0], hits[0].start, max(hit.end for hit in hits)
    beside = [
        token
        for token in cell.tokens
        if not any(hit.start < token.end and token.start < hit.end for hit in hits)
    ]
    if not _LOOKED_FOR.isdisjoint(hit.phrase.matcher for hit in hits):
        return not any(token.end <= first and token.text in index.words.negations.words for token in beside)
    if _is_doubted(text):
        return False
    measured = set(TOKEN.findall(_without_measures(text)))
    return all(
        _is_plain(index, token.text)
        or token.text not in measured
        or (first < token.start < last and token.text in _beside("between_names"))
        or _CAPITAL_INSIDE.search(cell.folded.quote(token.start, token.end)) is not None
        or (bool(_MODEL.fullmatch(token.text)) and _is_numbered(index, token.text))
        for token in beside
    )


def _is_doubted(text: str) -> bool:
    """Tell whether a name is in doubt, or that of one of several firms: `Axis?`, `Cisco & co`."""
    return not _DOUBT.isdisjoint(text) or _AND_CO.search(fold_text(text)) is not None


def _is_plain(index: Index, word: str) -> bool:
    """Tell whether a word says nothing of weight beside a maker's name: what trade, what form, where."""
    words = index.words
    if word in words.no_maker or word in words.negations.words:
        return word in _beside("beside_names")
    return word in _beside("beside_names") or any(
        word in known
        for known in (words.trade, words.company_places, words.joining, LEGAL_FORMS, words.device)
    )


@cache
def _beside(kind: str) -> frozenset[str]:
    return frozenset(fold_text(str(one)) for one in _declared()[kind])


def _names_thing(index: Index, text: str) -> bool:
    """Tell whether the words of lines, of every language, name a thing: "access point", "Videokamera"."""
    words = TOKEN.findall(fold_text(text))
    line, device = index.words.line, index.words.device
    if _is_of_no_name(words) or any(
        _phrases("things").starting_at(words, place) for place in range(len(words))
    ):
        return True
    if _names_thing_last(index, words):
        return True
    return any(
        (
            "device" in (found := line.at(words, place)).tags
            and (found.size > 1 or device.get(word) not in _VAGUE)
        )
        or any(device.get(word[cut:]) in _ENDING for cut in range(_SHORTEST_BEFORE, len(word) - 2))
        for place, word in enumerate(words)
    )


def _names_thing_last(index: Index, words: list[str]) -> bool:
    """Tell whether a text ends in a thing that a word of more meanings names, with but a number behind: "file server 2".

    What is for such a thing is another: "licence for server".
    """
    whole = len(words)
    while len(words) > 1 and (
        any(map(str.isdigit, words[-1]))
        or len(words[-1]) == 1
        or (len(words) < whole and words[-1] in _beside("places"))
    ):
        words = words[:-1]
    if not words:
        return False
    joined = words[-1] >= "\u1100" and words[-1].endswith(_joined_things())
    size = _phrases("things_last").ending_at(words, len(words) - 1) or int(joined)
    before = words[: len(words) - size]
    return size > 0 and not any(
        index.words.line.at(words, place).tags & {"for"} or index.words.licences.starting_at(words, place)
        for place in range(len(before))
    )


@cache
def _joined_things() -> tuple[str, ...]:
    """Give those of the things that are written without blanks between words."""
    return tuple(one for one in _beside("things_last") if one >= "\u1100")


def _is_of_no_name(words: list[str]) -> bool:
    """Tell whether a text says of a thing that nobody knows what it is: "unidentified white box", "device without label"."""

    def said(kind: str) -> bool:
        return any(
            _phrases(kind).starting_at(words, place)
            or (word >= "\u1100" and any(one in word for one in _beside(kind) if one >= "\u1100"))
            for place, word in enumerate(words)
        )

    return said("vague_things") and said("of_no_name")


@cache
def _phrases(kind: str) -> PhraseSet:
    return PhraseSet(map(str, _declared()[kind]))


def _tells_nothing(index: Index, cells: Iterable[tuple[str, str, str]]) -> bool:
    """Tell whether a record of such a thing names neither a maker, nor a number, nor that it only goes with one."""
    record = Record.of(index, [cell for cell in cells if cell[2].strip()])
    return not any(
        any(hit.phrase.matcher in _NAMES for hit in record.hits[number])
        or _goes_with(index, record.words(number))
        or any(
            word not in index.words.device and _NUMBER.fullmatch(word) and _without_measures(word).strip()
            for word in record.words(number)
        )
        for number in range(len(record.cells))
    )


def _goes_with(index: Index, words: list[str]) -> bool:
    """Tell whether a text is about what goes with a thing: "camera bracket", not "radios with chargers", "box of phones"."""
    if _is_of_no_name(words):
        return False
    bundled = next((place for place, word in enumerate(words) if word in index.words.bundle), len(words))
    things = {
        place + more
        for place in range(bundled)
        for kind in ("things", "things_last")
        for more in range(_phrases(kind).starting_at(words, place))
    }
    return any(
        (word in index.words.accessory and not _phrases("containers").starting_at(words, place))
        or index.words.accessory_phrases.starting_at(words, place)
        for place, word in enumerate(words[:bundled])
        if place not in things
    )


def _holds_number(index: Index, texts: pa.StringArray) -> pa.BooleanArray:
    """Tell which texts hold a digit that is none of a size, a rate, a standard or a place, as in `4MP` and `IP66`.

    Neither is one that only counts things of a kind, as in `NVR16` and `dome-1`, nor a day or an address.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    holds = np.asarray(pc.match_substring_regex(texts, r"\d").fill_null(False))
    for place in np.flatnonzero(
        holds & np.asarray(pc.less(pc.utf8_length(texts), _LONGEST_MEASURES).fill_null(False))
    ).tolist():
        holds[place] = _is_numbered(index, texts[place].as_py())
    return pa.array(holds)


def _is_numbered(index: Index, text: str) -> bool:
    """Tell whether a text may hold a number as makers give them: more than words for a kind of things, and a count."""
    pieces = _PIECES.findall(_NO_NUMBERS.sub(" ", _without_measures(text)))
    if not any(map(str.isdigit, "".join(pieces))):
        return False
    spare, kinds = _fillers()[0], _kinds()
    return not all(
        _COUNT.fullmatch(piece)
        or piece in kinds
        or (piece in spare and len(piece) > 1)
        or piece in index.words.device
        or piece in index.words.no_maker
        for piece in pieces
    )


def _without_measures(text: str) -> str:
    """Give a text, folded, without what numbers say of any such thing: sizes, rates, counts of channels, standards, places."""
    return _measures().sub(" ", fold_text(text))


@cache
def _measures() -> re.Pattern[str]:
    said = _declared()
    units, standards, places = (
        "|".join(
            re.escape(word).replace(r"\#", r"\d")
            for word in sorted((fold_text(str(one)) for one in said[kind]), key=len, reverse=True)
        )
        for kind in ("units", "standards", "places")
    )
    number = r"\d+(?:[.,x×/-]\d+)*"
    one = (
        rf"(?:(?:{standards})[a-z]{{0,2}}|{number}[ -]?(?:{units})|(?:{places})[ ._#-]{{0,2}}\d{{1,3}}[a-z]?)"
    )
    return re.compile(rf"(?<![^\W_])(?:{one})+(?![^\W_])")


def _declared() -> Mapping[str, Sequence[object]]:
    from proscribe.kb.strictyaml import declared

    told: Mapping[str, Sequence[object]] = declared("proscribe.app.scan", "fillers.yml")
    return told


@cache
def _kinds() -> frozenset[str]:
    """Give short words for kinds of things, and those of sizes, that stand before or behind a count."""
    said = _declared()
    units = (fold_text(str(one)) for one in said["units"])
    return frozenset(fold_text(str(one)) for one in (*said["kinds"], *said["places"])) | {
        one for one in units if len(one) > 1
    }


@cache
def _fillers() -> tuple[frozenset[str], tuple[str, ...]]:
    """Give words that people write where they know no maker or model, and beginnings of what they write."""
    said = _declared()
    words = [fold_text(str(one)) for kind in ("words", "unspaced") for one in said[kind]]
    beginnings = (" ".join(TOKEN.findall(fold_text(str(one)))) for one in said["beginnings"])
    return frozenset(words), tuple(f"{one} " for one in beginnings)


@lru_cache(maxsize=4)
def _pattern(words: tuple[str, ...]) -> str:
    """Write a pattern that finds words in a folded cell."""
    plain = "|".join(re.escape(word) for word in words if word < "\u1100")
    joined = "|".join(re.escape(word) for word in words if word >= "\u1100")
    return rf"(?:^|[^\pL\d])(?:{plain})(?:$|[^\pL])" + (f"|{joined}" if joined else "")
