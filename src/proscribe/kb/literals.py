"""What every match of a pattern begins with: worked out when the knowledge is built, read when a scan starts.

A fast scan looks for literals and not for patterns. The literals of a pattern follow from its text alone, so a snapshot
carries them; a pattern of a layer, or of knowledge from elsewhere, has them worked out when they are asked for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from proscribe.kb.following import Following, Way
from proscribe.kb.regexes import PATTERN_TABLES
from proscribe.kb.spacing import apart

# The parser of `re` itself, so that what is listed as an opening cannot differ from what is matched.
sre: Any = import_module("re._constants")
sre_parse: Any = import_module("re._parser")

#: Path of the document of a snapshot that holds them; it follows from the tables and is no source.
DOCUMENT = "literals/openings"
#: What a loosely written dash may be.
LOOSE_DASH = r"[- _./]?"
_MOST_OPENINGS = 200
_MANY_OPENINGS = 3_000
_LONGEST_OPENING = 7
#: From so many openings on, shorter ones are taken where they are as telling: what follows is looked at in any case.
_FEW_OPENINGS = 12
_SHORT_OPENING = 4
_NO_LETTER_BEFORE = "(?<![a-z0-9])"
_NO_LETTER_BEHIND = "(?![a-z0-9])"
#: A letter of an expression, or an escape or the name of a group, which keeps its letters.
_LETTER = re.compile(r"\\.|\(\?P[<=]\w*|[^\W\d_]", re.DOTALL)
#: The shortest openings that tell enough: behind a border of a word, where what follows is looked at too, and elsewhere.
_SHORTEST_BORDERED, _SHORTEST = 2, 3
#: Openings of two characters, about so many at most: more are the beginnings of any word.
_MOST_SHORT_OPENINGS, _MANY_SHORT = 64, 128
#: Matches longer than this count as being of any length.
_LONGEST_MATCH = 40


class Openings(NamedTuple):
    """The ways in which matches of a pattern begin.

    Every match begins with one of `begun` or is one of `whole`. Both are empty when there are too many ways, or when
    some would be shorter than three characters, or than two for what stands between borders of words.

    Attributes:
        begun: lower-case literals with which a match begins.
        whole: lower-case literals that are a match.
        longest: the most characters of a match; 0 when there is no small bound.
        after: for each of `begun`, what can follow it.
    """

    begun: tuple[str, ...]
    whole: tuple[str, ...]
    longest: int
    after: tuple[Way, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Give both kinds, sorted."""
        return tuple(sorted({*self.begun, *self.whole}))

    def without(self, unwanted: re.Pattern[str]) -> Openings:
        """Give the openings that a pattern does not match as a whole."""
        kept = [number for number, text in enumerate(self.begun) if unwanted.fullmatch(text) is None]
        return Openings(
            tuple([self.begun[number] for number in kept]),
            tuple([text for text in self.whole if unwanted.fullmatch(text) is None]),
            self.longest,
            tuple([self.after[number] for number in kept]),
        )

    @classmethod
    def of(cls, written: list[Any]) -> Openings:
        """Read what the document holds for one expression."""
        longest, begun, whole, ways, which = written
        kinds = [tuple(way) for way in ways]
        return cls(tuple(begun), tuple(whole), longest, tuple([kinds[number] for number in which]))

    def written(self) -> list[Any]:
        """Write what `of` reads: the longest match, what begins one, what is one, the ways on, and whose way is which."""
        ways = list(dict.fromkeys(self.after))
        return [
            self.longest,
            list(self.begun),
            list(self.whole),
            [list(way) for way in ways],
            [ways.index(way) for way in self.after],
        ]


def loosen(regex: str) -> str:
    """Let every bare `-` outside a class, and not quantified, stand for a dash, space, `_`, `.`, `/`, or nothing."""
    out: list[str] = []
    place = 0
    in_class = False
    while place < len(regex):
        char = regex[place]
        if char == "\\" and place + 1 < len(regex):
            pair = regex[place : place + 2]
            out.append(LOOSE_DASH if pair == r"\-" and not in_class else pair)
            place += 2
            continue
        if char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        if char == "-" and not in_class:
            following = regex[place + 1 : place + 2]
            if following in ("?", "*"):
                out.append(LOOSE_DASH)
                place += 2
                continue
            out.append(LOOSE_DASH)
        else:
            out.append(char)
        place += 1
    return "".join(out)


def body_of(regex: str, *, loose: bool, borders: bool) -> str:
    """Give the expression that is matched for a pattern of the knowledge: dashes loosened, between borders of words."""
    body = loosen(regex) if loose else regex
    return f"{_NO_LETTER_BEFORE}(?:{body}){_NO_LETTER_BEHIND}" if borders else body


def in_small_letters(body: str) -> str:
    r"""Give an expression for folded text, its letters small: without regard to case it would take four times as long to compile.

    Escapes (`\W`, `\u0391`) stay as they are.

    Example:
        >>> in_small_letters(r"AR[A-Z]\W(?P<rest>X)")
        'ar[a-z]\\W(?P<rest>x)'
    """
    return _LETTER.sub(lambda found: found[0] if len(found[0]) > 1 else found[0].lower(), body)


def apart_body(row: Mapping[str, Any]) -> str | None:
    """Give the expression for the numbers of a model as people write them apart; `None` where it is weak or has none."""
    if str(row.get("strength") or "weak") == "weak":
        return None
    body = apart(str(row["regex"]))
    return body and body_of(body, loose=False, borders=True)


def fingerprint_body(row: Mapping[str, Any]) -> str:
    """Give the expression that is matched for a fingerprint."""
    pattern = str(row["pattern"])
    return f"(?m:{pattern if row.get('match') == 'regex' else re.escape(pattern)})"


def bodies_of(table: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield every expression that is matched for a row."""
    if table in ("models", "chips"):
        yield body_of(str(row["regex"]), loose=row.get("separators") != "exact", borders=True)
        if table == "models" and (body := apart_body(row)):
            yield body
    elif table == "relabels":
        for regex in row.get("models") or ():
            yield body_of(str(regex), loose=True, borders=True)
    elif table == "fingerprints":
        yield fingerprint_body(row)


def key_of(body: str) -> str:
    """Name an expression in the document."""
    return hashlib.blake2b(body.encode(), digest_size=8).hexdigest()


def document_of(rows: Callable[[str], Iterable[Mapping[str, Any]]]) -> dict[str, list[Any]]:
    """Work out the openings of every pattern, by key of its expression."""
    made: dict[str, list[Any]] = {}
    for table in PATTERN_TABLES:
        for row in rows(table):
            for body in bodies_of(table, row):
                if (key := key_of(body)) not in made:
                    made[key] = openings(body).written()
    return made


def openings(body: str, *, longest: int = _LONGEST_OPENING) -> Openings:
    """Enumerate the literals that a match of an expression can begin with, for the greatest length that stays few.

    Example:
        >>> openings(r"ar[12]2(?:00)?\\d").texts[:2]
        ('ar120', 'ar1200')
    """
    tree = sre_parse.parse(body, re.IGNORECASE)
    heads = _open(list(tree), longest, _MOST_OPENINGS)
    if min((len(text) for text, _ in heads), default=0) < _SHORTEST:
        # Many openings cost less than an anchor of one or two letters, which stands in every row.
        heads = _open(list(tree), longest, _MANY_OPENINGS)
    elif len(heads) > _FEW_OPENINGS:
        short = _open(list(tree), _SHORT_OPENING, _MOST_OPENINGS)
        if 2 * len(short) <= len(heads) and all(_is_rare(text) for text, _ in short):
            heads, longest = short, _SHORT_OPENING
    most = int(tree.getwidth()[1])
    most = most if most <= _LONGEST_MATCH else 0
    if min((len(text) for text, _ in heads), default=0) < _SHORTEST:
        if body.startswith(_NO_LETTER_BEFORE):
            heads = _open(list(tree), longest, _MOST_SHORT_OPENINGS)
        if min((len(text) for text, _ in heads), default=0) < _SHORTEST_BORDERED or len(heads) > _MANY_SHORT:
            return Openings((), (), most)
    # A text that was cut off may go on, whatever follows.
    begun = {text for text, more in heads if not more or len(text) >= longest}
    first = tuple(sorted(begun))
    return Openings(
        first,
        tuple(sorted({text for text, _ in heads} - begun)),
        most,
        tuple(map(_following(body, tree).way, first)),
    )


def following(body: str) -> Following:
    """Give what can follow a text within a match of an expression."""
    return _following(body, sre_parse.parse(body, re.IGNORECASE))


def _following(body: str, tree: Any) -> Following:
    return Following(body, bordered=body.endswith(_NO_LETTER_BEHIND), tree=tree)


def _is_rare(text: str) -> bool:
    """Tell whether an opening is long enough, and letters and digits together, so that words and amounts lack it."""
    return len(text) >= _SHORT_OPENING and any(map(str.isdigit, text)) and any(map(str.isalpha, text))


Heads = set[tuple[str, bool]]


def _open(items: list[tuple[Any, Any]], room: int, budget: int) -> Heads:
    """Give `(text of at most room characters, whether the match may go on)`, about `budget` of them at most."""
    heads: Heads = {("", True)}
    for op, value in items:
        going = {text for text, more in heads if more and len(text) < room}
        if not going:
            break
        done = {(text, more) for text, more in heads if not (more and len(text) < room)}
        steps = _step(op, value, room - min(map(len, going)), max(budget // len(heads), 4))
        if steps is None or len(done) + len(going) * len(steps) > budget:
            return done | {(text, False) for text in going}
        heads = done | {((text + extra)[:room], more) for text in going for extra, more in steps}
    return heads


def _step(op: Any, value: Any, room: int, budget: int) -> Heads | frozenset[tuple[str, bool]] | None:
    """Give what one element can add: texts and whether the match may go on from there; `None` for anything."""
    if op is sre.LITERAL:
        return {(chr(value).lower(), True)}
    if op is sre.IN:
        return _class(tuple(value))
    if op is sre.SUBPATTERN:
        return _open(list(value[-1]), room, budget)
    if op is sre.BRANCH:
        branches = value[1]
        share = max(budget // len(branches), 12)
        return {item for branch in branches for item in _open(list(branch), room, share)}
    if op in (sre.ASSERT, sre.ASSERT_NOT, sre.AT):
        return {("", True)}
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        low, high, inner = value
        heads: Heads = {("", True)}
        made: Heads = {("", True)} if low == 0 else set()
        for count in range(1, min(int(high), max(room, int(low))) + 1):
            going = {text for text, more in heads if more and len(text) < room}
            if not going:
                return made | heads
            step = _open(list(inner), room - min(map(len, going)), budget)
            rest = heads - {(text, True) for text in going}
            if len(rest) + len(going) * len(step) > budget:
                return made | rest | {(text, False) for text in going}
            heads = rest | {((text + extra)[:room], more) for text in going for extra, more in step}
            if count >= low:
                made |= heads
        return made
    return None


@lru_cache(maxsize=256)  # few are written in thousands of expressions
def _class(items: tuple[tuple[Any, Any], ...]) -> frozenset[tuple[str, bool]] | None:
    chars: set[str] = set()
    for op, value in items:
        if op is sre.LITERAL:
            chars.add(chr(value).lower())
        elif op is sre.RANGE:
            low, high = value
            if high - low > 40:
                return None
            chars.update(chr(code).lower() for code in range(low, high + 1))
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            chars.update("0123456789")
        elif op is sre.CATEGORY and value is sre.CATEGORY_SPACE:
            chars.update(" \t\n")
        else:
            return None
    return frozenset((char, True) for char in chars)
