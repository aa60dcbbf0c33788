"""Words as a page shows them where that differs from how they are stored: letters hidden among others, words in many pieces.

No reader draws a page, and none has to know what each look means. Letters that a page does not show look otherwise than
those around them: they are struck, hidden, white, of no size, deleted by an editor. So words are put together once more
without the letters of each look, and of those of each look alone; whoever probes them sees whether a name comes about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

#: Look of letters of which the format itself says that nobody sees them; all of them are one look.
UNSEEN = "unseen"
#: Parts a word as it is shown from what is read in its place; no text of a file holds it there.
READ_AS = "\0"
_LONGEST_SEEN = 200
#: Values by which an element says that it does not hold, and attributes that programs count with.
_OFF = frozenset({"0", "false", "off", "none"})
COUNTED = re.compile(r"xmlns(?::.*)?|(?:\w+:)?(?:rsid\w*|paraId|textId|editId|anchorId|durableId|id)")
#: Looks that are told apart among so many pieces of a line, and pieces that are looked at with the next ones too.
_MOST_LOOKS, _STEP, _OVERLAP = 12, 500, 20
#: Pieces of a word that stand apart, one letter in each cell or line: letters of each, and of the words that they make.
_LONGEST_PIECE, _LONGEST_WORD, _FEWEST_PIECES = 4, 14, 3
#: Different letters of a word of which each has its row; a longer run of rows is looked at whole; columns that are looked at.
_FEWEST_DIFFERENT, _LONGEST_RUN, _MOST_COLUMNS = 4, 60, 64
_BREAK = "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_SHORT = rf"[^\S{_BREAK}]*+[^\W\d_]{{1,{_LONGEST_PIECE}}}[^\S{_BREAK}]*+"
_SHORT_LINES = re.compile(rf"(?:[{_BREAK}]\n?{_SHORT}){{{_FEWEST_PIECES}}}(?:[{_BREAK}]|\Z)")
#: Where a program or a list of settings goes on with a string: behind a sign that joins two, or in the next line.
_GOES_ON = re.compile(
    r"""(?<=\w)(?:(?P<sign>["'])\s*(?:\|\||[+&.]|\.concat\()?\s*(?P=sign)|\$\{\s*["'`]{0,2}\s*\}|\\\r?\n[ \t]*)(?=\w)"""
)
_WORD_PARTED = re.compile(r"[\w.-]*\0[\w.\0-]*")
#: Strings in a list that a program joins, and letters that it writes by their numbers.
_JOINED = re.compile(r"(?i)\bconcat\w{0,4}\s*\(([^()]{3,2000})\)|\[([^\[\]]{3,2000})\]\s*\.\s*join\b")
_QUOTED = re.compile(r"""(["'])([^"'\n]{1,60})\1""")
_BY_NUMBER = re.compile(
    r"(?i)\b(?:n?cha?r|fromCharCode)\s*\(\s*(\d{2,3}(?:\s*,\s*\d{2,3})*)\s*\)(?:\s*(?:\|\||[+&.])\s*)?"
)


def strings_put_together(text: str) -> Iterator[str]:
    """Give the words, as `seen` or alone, that a program makes of pieces: `'Hik' || 'vision'`, `concat("Hik", "vision")`."""
    for found in _WORD_PARTED.finditer(_GOES_ON.sub("\0", text)):
        yield seen(found[0].replace("\0", ""), found[0].replace("\0", "; "))
    for found in _JOINED.finditer(text):
        pieces = [piece for _, piece in _QUOTED.findall(found[1] or found[2])]
        yield seen("".join(pieces), "; ".join(pieces))
    letters = _BY_NUMBER.sub(
        lambda found: "\0" + "".join(chr(int(code)) for code in found[1].split(",")), text
    )
    if letters != text:
        yield from (found[0].replace("\0", "") for found in _WORD_PARTED.finditer(letters))


class Looks:
    """How the letters of runs look: whatever stands in a run of marked-up text and is no text of it says so.

    Args:
        runs: local names of the elements whose attributes, or those of the elements inside, say how letters look.
        unseen: those in which nothing is shown, or which say so of their run.
        silent: those that say nothing of looks, such as texts and breaks.
    """

    def __init__(self, runs: frozenset[str], unseen: frozenset[str], silent: frozenset[str]) -> None:
        self._names, self._unseen_names, self._silent = runs, unseen, silent
        self._runs: list[
            tuple[int, list[str]]
        ] = []  # depth of each open run, and what says how its letters look
        self._unseen: list[int] = []  # depth of each open element of which nothing is shown

    def begin(self, depth: int, name: str, attributes: dict[str, str]) -> str:
        """Take the start of an element; give the look of what stands in it."""
        is_unseen = name in self._unseen_names and _OFF.isdisjoint(attributes.values())
        if is_unseen:
            self._unseen.append(depth)
        if name in self._names:
            self._runs.append((depth, []))
        if self._runs and name not in self._silent:
            said = [f"{key}={text}" for key, text in attributes.items() if not COUNTED.fullmatch(key)]
            self._runs[-1][1].append(UNSEEN if is_unseen else " ".join([name, *said]))
        return self._look()

    def end(self, depth: int) -> str:
        """Take the end of the element of a depth; give the look of what follows."""
        if self._unseen and self._unseen[-1] >= depth:
            self._unseen.pop()
        if self._runs and self._runs[-1][0] >= depth:
            self._runs.pop()
        return self._look()

    def _look(self) -> str:
        said = [one for _, run in self._runs for one in run]
        return UNSEEN if self._unseen or UNSEEN in said else "; ".join(said)


def seen(shown: str, read: str) -> str:
    """Give a word as it is shown with what is read in its place, for `Beside`: who is named in both is no news."""
    return f"{shown[:_LONGEST_SEEN]}{READ_AS}{read[: 4 * _LONGEST_SEEN]}"


def words_by_looks(pieces: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Give the words, as `seen`, that a line shows when letters of one look are not seen.

    Args:
        pieces: look and text of each piece of the line, in order.
    """
    for at in range(0, len(pieces), _STEP):
        window = pieces[at : at + _STEP + _OVERLAP]
        looks = list(dict.fromkeys(look for look, text in window if text and not text.isspace()))
        if len(looks) < 2:
            continue
        whole = "".join(text for _, text in window)
        apart = looks[:_MOST_LOOKS]
        for one in apart if UNSEEN not in looks else {UNSEEN, *apart}:
            for kept in (False, True):
                yield from dict.fromkeys(_across(window, whole, one, kept=kept))


def _across(pieces: Sequence[tuple[str, str]], whole: str, one: str, *, kept: bool) -> Iterator[str]:
    """Give the words across a place where letters are not seen: all those of a look, or all but those."""
    shown, left, begins, at = "", 0, list[tuple[int, int, int]](), 0
    for look, text in pieces:
        if (look == one) is kept:
            begins.append((len(shown), at, left))
            shown += text
            left = at + len(text)
        at += len(text)
    words: dict[int, tuple[str, list[str]]] = {}  # by where each begins
    for place, start, end in begins:
        if start == end or not 0 < place < len(shown) or shown[place - 1].isspace() or shown[place].isspace():
            continue
        before, behind = (_last_word(shown, place), _first_word(shown, place))
        unseen = whole[end:start].split(None, 1) or [""]
        if len(unseen) == 1 and not whole[end:start][:1].isspace() and not whole[end:start][-1:].isspace():
            read = [_last_word(whole, end) + unseen[0] + _first_word(whole, start)]
        else:
            read = [
                _last_word(whole, end) + _first_word(whole, end),
                _last_word(whole, start) + _first_word(whole, start),
            ]
        words.setdefault(place - len(before), (before + behind, []))[1].extend(read)
    for word, reads in words.values():
        if word not in reads:
            yield seen(word, "; ".join(reads))


def _last_word(text: str, end: int) -> str:
    before = text[max(0, end - _LONGEST_SEEN) : end]
    return "" if not before or before[-1].isspace() else before.split()[-1]


def _first_word(text: str, start: int) -> str:
    behind = text[start : start + _LONGEST_SEEN]
    return "" if not behind or behind[0].isspace() else behind.split()[0]


def words_of_pieces(cells: Iterable[str]) -> Iterator[str]:
    """Give the words, as `seen`, that short pieces make which stand behind each other, such as one letter in each cell."""
    for is_piece, run in groupby(cells, _is_piece):
        pieces = list(run) if is_piece else []
        for first in range(len(pieces) - _FEWEST_PIECES + 1):
            word = "".join(pieces[first : first + _FEWEST_PIECES - 1])
            rest = pieces[first + _FEWEST_PIECES - 1 : first + _LONGEST_WORD]
            for last, piece in enumerate(rest, start=first + _FEWEST_PIECES):
                word += piece
                if len(word) > _LONGEST_WORD:
                    break
                yield seen(word, "; ".join(pieces[first:last]))


def words_of_lines(text: str) -> Iterator[str]:
    """Give the same of the lines of a text; few texts have so many that hold one short word alone behind each other."""
    has_any = _SHORT_LINES.search(f"\n{text}") is not None
    return words_of_pieces(line.strip() for line in text.splitlines()) if has_any else iter(())


def words_of_cells(text: str, delimiter: str) -> Iterator[str]:
    """Give the same of the cells of each line; few texts hold two short words beside each other behind a delimiter."""
    cell = rf"{re.escape(delimiter)}[^\W\d_]"
    beside = re.compile(rf"{cell}{{1,{_LONGEST_PIECE}}}{cell}")
    for line in text.splitlines() if beside.search(text) else ():
        if beside.search(line):
            yield from words_of_pieces(line.split(delimiter))


def words_of_columns(text: str, delimiter: str) -> Iterator[str]:
    """Give the words of which each letter has its row: the same number or tag, or another one, beside each."""
    mark = re.escape(delimiter)
    alone = re.compile(rf"(?m)(?:^|{mark})[\"']?([^\W\d_])[\"']?(?=[{mark}\r\n]|\Z)")
    different: set[str] = set()
    for found in alone.finditer(text):
        different.add(found[1])
        if len(different) >= _FEWEST_DIFFERENT:
            break
    else:
        return  # none, or marks such as Y and N
    rows = [[cell.strip(" \"'") for cell in line.split(delimiter)] for line in text.splitlines()]
    for place in range(min(max(map(len, rows)), _MOST_COLUMNS)):
        column = [(row[place] if place < len(row) else "", row[0]) for row in rows]
        for is_letter, run in groupby(column, lambda cell: len(cell[0]) == 1 and cell[0].isalpha()):
            letters = list(run) if is_letter else []
            if len({letter for letter, _ in letters}) < _FEWEST_DIFFERENT:
                continue
            word = "".join(letter for letter, _ in letters)
            for at in range(0, len(word), _LONGEST_SEEN - _OVERLAP):
                yield seen(word[at : at + _LONGEST_SEEN], "; ".join(word[at : at + _LONGEST_SEEN]))
            parts = [[letter for letter, _ in same] for _, same in groupby(letters, lambda cell: cell[1])]
            for pieces in (*parts, *([[*word]] if len(word) <= _LONGEST_RUN else [])):
                yield from words_of_pieces(pieces) if len(pieces) <= _LONGEST_RUN else ()


def _is_piece(cell: str) -> bool:
    """Tell whether a cell may be a piece of a word: some letters, or one of a script in which a few are a word."""
    return len(cell) <= _LONGEST_PIECE and cell.isalpha() and (len(cell) == 1 or cell.lower() != cell.upper())
