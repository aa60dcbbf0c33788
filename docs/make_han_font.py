"""Cut the fonts for hanzi, kana and hangul in documents out of Noto Sans CJK. Needs fonttools.

python docs/make_han_font.py NotoSansCJK-Regular.ttc NotoSansJP_400Regular.ttf NotoSansTC_400Regular.ttf \\
    NotoSansKR_400Regular.ttf knowledge src/proscribe/documents/fonts

A font whose source is given as `-` stays as it is. The three further sources are those of Google Fonts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

#: What each font has that those before it lack, by the character sets of the places where they are read.
_GB2312_LEVEL_1, _KS_X_1001, _BIG5_LEVEL_1 = (
    ("gb2312", 0xB0, 0xD7),
    ("euc_kr", 0xB0, 0xC8),
    ("big5", 0xA4, 0xC6),
)
_JIS_X_0208 = ("euc_jp", 0xB0, 0xF4)


@dataclass(frozen=True)
class Cut:
    """A font that is cut.

    Attributes:
        name: its family.
        sets: codec of a character set, and the first and last of its rows.
    """

    name: str
    sets: tuple[tuple[str, int, int], ...]

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name.replace(' ', '')}-Regular"


FONTS = (
    Cut("Proscribe Han", (_GB2312_LEVEL_1,)),
    Cut("Proscribe Kanji", (_JIS_X_0208,)),
    Cut("Proscribe Hanzi", (_BIG5_LEVEL_1,)),
    Cut("Proscribe Hangul", (_KS_X_1001,)),
)


def of_set(codec: str, first: int, last: int) -> set[str]:
    """Give the characters of some rows of a character set of two bytes."""
    found: set[str] = set()
    for row in range(first, last + 1):
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            try:
                text = bytes([row, cell]).decode(codec)
            except UnicodeDecodeError:
                continue
            found |= {text} if len(text) == 1 and ord(text) >= 0x2E80 else set()
    return found


def of_knowledge(knowledge: Path) -> set[str]:
    """Gather what the knowledge writes, kana, punctuation and full-width forms."""
    found: set[str] = set()
    for path in knowledge.rglob("*"):
        if path.suffix in (".yml", ".csv", ".md"):
            found |= {
                one
                for one in path.read_text("utf-8")
                if ord(one) >= 0x2E80 and not 0xD800 <= ord(one) <= 0xF8FF
            }
    for first, last in (
        (0x3000, 0x303F),
        (0x3041, 0x3096),
        (0x30A1, 0x30FC),
        (0xFF01, 0xFF5E),
        (0x2460, 0x2473),
    ):
        found |= {chr(code) for code in range(first, last + 1)}
    return found


def cut(font: Any, wanted: Iterable[str], made: Cut, folder: Path) -> None:
    """Write a font of some characters alone, under another name."""
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, recalc_timestamp=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(one) for one in wanted])
    cutter.subset(font)
    names = {1: made.name, 2: "Regular", 3: f"{made.name} 1", 4: f"{made.name} Regular", 6: made.file}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    if "CFF " in font:
        table = font["CFF "].cff
        table.fontNames = [made.file]
        table.topDictIndex[0].FamilyName, table.topDictIndex[0].FullName = names[1], names[4]
    font.save(folder / f"{made.file}.{'otf' if 'CFF ' in font else 'ttf'}")


def _opened(source: str) -> Any:
    if not source.endswith(".ttc"):
        return TTFont(source)
    (font,) = [one for one in TTCollection(source).fonts if one["name"].getDebugName(4) == "Noto Sans CJK SC"]
    return font


def main(*given: str) -> None:
    """Cut the fonts, each of what those before it lack."""
    *sources, knowledge, folder = given
    had: set[str] = set()
    for made, source in zip(FONTS, sources, strict=True):
        if source == "-":
            (standing,) = Path(folder).glob(f"{made.file}.*")
            had |= {chr(code) for code in TTFont(standing).getBestCmap()}
            continue
        wanted = set().union(*(of_set(*one) for one in made.sets))
        if made is FONTS[0]:
            wanted |= of_knowledge(Path(knowledge))
        font = _opened(source)
        wanted &= {chr(code) for code in font.getBestCmap()}
        cut(font, wanted - had, made, Path(folder))
        had |= wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
