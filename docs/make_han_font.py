"""Cut the font for hanzi in documents out of Noto Sans CJK SC. Needs fonttools.

python docs/make_han_font.py NotoSansCJK-Regular.ttc knowledge src/proscribe/documents/fonts/ProscribeHan-Regular.otf
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

NAMES = {
    1: "Proscribe Han",
    2: "Regular",
    3: "Proscribe Han 1",
    4: "Proscribe Han Regular",
    6: "ProscribeHan-Regular",
}


def wanted(knowledge: Path) -> set[str]:
    """Gather what the knowledge writes, the 3,755 hanzi of GB 2312 level 1, kana, punctuation and full-width forms."""
    found: set[str] = set()
    for path in knowledge.rglob("*"):
        if path.suffix in (".yml", ".csv", ".md"):
            found |= {
                one
                for one in path.read_text("utf-8")
                if ord(one) >= 0x2E80 and not 0xD800 <= ord(one) <= 0xF8FF
            }
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    for first, last in (
        (0x3000, 0x303F),
        (0x3041, 0x3096),
        (0x30A1, 0x30FC),
        (0xFF01, 0xFF5E),
        (0x2460, 0x2473),
    ):
        found |= {chr(code) for code in range(first, last + 1)}
    return found


def main(source: str, knowledge: str, target: str) -> None:
    """Cut and rename the font."""
    (font,) = [one for one in TTCollection(source).fonts if one["name"].getDebugName(4) == "Noto Sans CJK SC"]
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, recalc_timestamp=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(one) for one in wanted(Path(knowledge))])
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in NAMES:
            record.string = NAMES[record.nameID]
    table = font["CFF "].cff
    table.fontNames = [NAMES[6]]
    table.topDictIndex[0].FamilyName, table.topDictIndex[0].FullName = NAMES[1], NAMES[4]
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:4])
