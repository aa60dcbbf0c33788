"""Words that stand in many innocent lines, so that the scan looks for no name by one of them alone.

    python bench/frequent_words.py            write knowledge/matching/frequent-words.yml
    python bench/frequent_words.py --check    tell whether it is as the samples make it

Counted are the real negatives of `bench/labels/negatives`: supplier payments of English councils, holders of MAC prefixes,
names of USB and PCI devices, places. A word counts once for each line of its source.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from textwrap import fill

from rows import BENCH, negative_texts

from proscribe.matching.normalize import TOKEN, canonical_token, fold_text

TARGET = BENCH.parent / "knowledge" / "matching" / "frequent-words.yml"
#: A word is frequent when it stands in one of so many lines.
ONE_OF = 2_500
_SHORTEST = 3
HEAD = f"""\
# Words of which each stands in one of {ONE_OF:,} innocent lines or more: no name is looked for by one of them alone.
# Written by bench/frequent_words.py from bench/labels/negatives: supplier payments of Darlington and Manchester (OGL-UK-3.0),
# holders of MAC prefixes (ieee-data), usb.ids, pci.ids, place names (tz database). They decide how fast a scan is, never what
# it finds.
words: >-
"""


def frequent() -> list[str]:
    """Give the frequent words of the samples, in the form in which names are compared."""
    lines, counts = 0, Counter[str]()
    for one in negative_texts():
        lines += one.lines
        for word in {canonical_token(word) for word in TOKEN.findall(fold_text(one.text))}:
            if len(word) >= _SHORTEST and word.isascii() and word.isalpha():
                counts[word] += one.lines
    return sorted(word for word, count in counts.items() if count * ONE_OF >= lines)


def text() -> str:
    """Write the file."""
    return HEAD + fill(" ".join(frequent()), 118, initial_indent="  ", subsequent_indent="  ") + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(argv)
    if options.check:
        return 0 if TARGET.read_text(encoding="utf-8") == text() else 1
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
