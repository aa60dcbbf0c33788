"""Citations: one spelling, and the order of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_PARAGRAPHS = re.compile(r"((?:\([0-9A-Za-z]{1,6}\))+)$")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_RANGE = re.compile(r"\s*(?:-|–|to|through)\s*\([0-9A-Za-z]{1,6}\)$")
_REWRITES = (
    (re.compile(r"^FAR (?=\d)"), "48 CFR "),
    (re.compile(r"^DFARS (?=\d)"), "48 CFR "),
    (re.compile(r"^(?=(?:52|252)\.\d{3}-\d)"), "48 CFR "),
    (re.compile(r"^RFO (?:FAR )?(?=\d)"), "RFO "),
    (re.compile(r"^(?:Public Law|P\.? ?L\.?|Pub\. ?L\.?) (?:No\. )?(?=\d)"), "Pub. L. "),
    (re.compile(r"^(\d+) C\.?F\.?R\.? (?:§+ ?|part )?"), r"\1 CFR "),
    (re.compile(r"^(\d+) U\.?S\.?C\.? (?:§+ ?)?"), r"\1 U.S.C. "),
    (re.compile(r" ?(?:§+|sec(?:tion|\.)?|s\.) ?(?=\d)", re.IGNORECASE), " §"),
    (re.compile(r"\) +\("), ")("),
    (re.compile(r"(?<=\d) +\("), "("),
)

_LAW_OF = re.compile(r"(Pub\. L\. [\d-]+) §+(.+)")


@dataclass(frozen=True, slots=True)
class Citation:
    """A provision and its paragraphs.

    Attributes:
        base: such as `48 CFR 52.204-25`.
        paragraphs: such as `("b", "2")`.
    """

    base: str
    paragraphs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.base + "".join(f"({step})" for step in self.paragraphs)

    def holds(self, deeper: Citation) -> bool:
        """Tell whether `deeper` is this provision or a paragraph of it."""
        return self.base == deeper.base and self.paragraphs == deeper.paragraphs[: len(self.paragraphs)]


@lru_cache(maxsize=4096)
def parse(text: str) -> Citation:
    """Read a citation in any usual spelling. A parallel citation after a comma is ignored.

    Example:
        >>> str(parse("FAR 52.204-25 (b)(2), 85 FR 42665"))
        '48 CFR 52.204-25(b)(2)'
    """
    words = _SPACES.sub(" ", text.split(",", 1)[0]).strip(" .;")
    for pattern, replacement in _REWRITES:
        words = pattern.sub(replacement, words)
    words = _RANGE.sub("", words)
    match = _PARAGRAPHS.search(words)
    if match is None:
        return Citation(words.strip())
    return Citation(words[: match.start()].strip(), tuple(re.findall(r"\(([^()]+)\)", match.group(1))))


def met_by(expected: str, given: Iterable[str]) -> bool:
    """Tell whether one of the given citations is the expected one or a deeper paragraph of it."""
    wanted = parse(expected)
    return any(wanted.holds(parse(text)) for text in given)


def readable(citation: str) -> str:
    """Write a section of a statute as people name it: `Section 889 of Pub. L. 115-232`."""
    found = _LAW_OF.fullmatch(citation)
    return f"Section {found[2]} of {found[1]}" if found else citation


def section_of(citation: str) -> str:
    """Cut a citation before its first paragraph: `48 CFR 52.204-25`."""
    return citation.partition("(")[0].strip()
