"""The words of the law by edition: whole official paragraphs, each found by its designation.

A text is a Markdown file under `knowledge/texts/<place>/`: front matter that says what it is and where it was read, then words.
Its paragraphs carry anchors made of their designations: paragraph (d)(2)(i) is `d-2-i`, a defined term of paragraph (a) is
`a-roaming`, and where a file holds several sections each anchor starts with the section's number.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from proscribe.kb.issues import Issue, fault, issue_of, nearest
from proscribe.kb.strictyaml import parse
from proscribe.model.codec import CodecError, named, read
from proscribe.model.errors import KnowledgeError, error
from proscribe.model.periods import Period
from proscribe.wording.safe import plain

#: Folder of the knowledge that holds them.
FOLDER = "texts/"
#: How the words were read, the best first.
READINGS = ("verbatim-from-official", "verbatim-from-mirror", "excerpt")

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_SECTION = re.compile(r"(?:§+ *|SEC\. )?(?P<number>\d[\w.-]*\d|\d+)[.]?(?: +|$)")
_DESIGNATED = re.compile(r"\[?\((?P<mark>\*?[A-Za-z0-9]{1,4}\*?)\)\]? *")
#: What may stand between two designations of one line: nothing, or a heading.
_HEADING = re.compile(r"(?:\*[^*]{2,90}\*[.—]*|[A-Z][^.(—]{2,90}[.—]+)? *(?=\([A-Za-z0-9*]{1,4}\))")
_TERM = re.compile(
    r"(?:The term “(?P<quoted>[^”]{2,90})”|\*(?P<italic>[^*]{2,90})\*,?"
    r"|(?P<plain>[A-Z][\w ,/’'-]{2,90}?)(?= means?[ —]| has the ))"
    r"(?: or “[^”]+”)?(?:,? as (?:used in this \w+|defined (?:by|in) [^,—]{2,60}),?)?"
    r" (?:means?|(?:has|have) the meanings?|includes?)\b"
)
#: The words of an alternate, printed below the clause that it changes, use the designations of the clause again.
_ALTERNATE = re.compile(r"\*?Alternate (?P<number>[IVX]+)\*? \(")
_IN_ALTERNATE = re.compile(r"alternate-(?P<number>[IVX]+)(?:-|$)")
_CLAUSE = re.compile(r"\b\d{1,4}\.\d{3}-\d{1,5}\b")
_ROMAN = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
    "xviii", "xix", "xx",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """Days on which an edition is the law; `None` = open or not known.

    Attributes:
        end: the day after its last.
    """

    first: date | None = field(default=None, metadata=named("from"))
    end: date | None = field(default=None, metadata=named("to"))


@dataclass(frozen=True, slots=True)
class Source:
    """Where the words were read.

    Attributes:
        address: of the page or file.
        as_of: day of the copy that was read; `None` when it does not say.
        retrieved_on: day on which it was read.
    """

    address: str
    retrieved_on: date
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter of a text.

    Attributes:
        citation: such as `48 CFR 52.204-25`.
        edition: as the issuing body names it, such as `NOV 2021`.
        in_force: days of the edition.
        official: where the issuing body publishes it, for whoever looks it up; that is not where the words were read, unless
            `reading` says so. Empty where no address is known.
        reading: one of `READINGS`.
        sha256: of the words below the front matter, stripped, as UTF-8.
        notes: what was not read, and how the copy differs from the original.
    """

    citation: str
    title: str
    edition: str
    issuing_body: str
    in_force: Days
    source: Source
    licence: str
    reading: str
    sha256: str
    notes: str = ""
    official: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One designated piece of a text.

    Attributes:
        anchor: its designations, `d-2-i`; a text's unnumbered paragraphs carry that of the paragraph they stand in;
            `alternate-I-b-1` is (b)(1) of an alternate that is printed below its clause.
        words: verbatim, with its designation.
        joined: it stands on the line of the paragraph before, as `(1)` does in `(b) Prohibition. (1) Section`.
    """

    anchor: str
    words: str
    joined: bool = False


@dataclass(frozen=True)
class LawText:
    """One edition of a piece of law.

    Attributes:
        id: path under `texts/` without suffix, such as `us/far-52.204-25--NOV-2021`.
    """

    id: str
    front: Front
    words: str

    @property
    def number(self) -> str:
        """Give the number of the clause, `52.204-25` of `48 CFR 52.204-25`; the citation where it is no clause."""
        found = _CLAUSE.search(self.front.citation)
        return found[0] if found else self.front.citation

    def paragraph(self, anchor: str) -> str:
        """Give the citation of a paragraph, `48 CFR 52.204-25(d)(2)(i)`; what is no designation is named in words."""
        base = self.front.citation.split(" (")[0]
        headings = [_SECTION.match(line[3:]) for line in self.words.split("\n") if line.startswith("## ")]
        numbers = {_slug(found["number"]): found["number"] for found in headings if found}
        section = next((slug for slug in numbers if _below(anchor, slug)), "") if len(numbers) > 1 else ""
        if section:
            anchor = anchor.removeprefix(section).removeprefix("-")
            code = " ".join(base.split()[:2]) if base[0].isdigit() else f"{base.split(',')[0]} §"
            base = f"{code} {numbers[section]}".replace("§ ", "§")
        if alternate := _IN_ALTERNATE.match(anchor):
            base += f" Alternate {alternate['number']} "
            anchor = anchor[alternate.end() :]
        steps = anchor.split("-") if anchor else []
        if all(re.fullmatch(r"[A-Za-z0-9]{1,4}", step) for step in steps):
            return base + "".join(f"({step})" for step in steps)
        first = f"({steps[0]})" if len(steps[0]) == 1 else ""
        return f"{base}{first}, {' '.join(steps[1:] if first else steps)}"

    @property
    def head(self) -> dict[str, str]:
        """Give what the words are and where they were read, as documents and answers say it."""
        front = self.front
        return {
            "citation": front.citation,
            "title": front.title,
            "edition": front.edition,
            "issuing_body": front.issuing_body,
            "reading": front.reading,
            "source": front.source.address,
            "retrieved_on": front.source.retrieved_on.isoformat(),
            "sha256": front.sha256,
            "notes": front.notes,
            **({"official": front.official} if front.official else {}),
        }

    def in_force_on(self, day: date) -> bool:
        """Tell whether the edition was the law on a day; an unknown first day is no reason to say so."""
        return self.front.in_force.first is not None and self.period.holds_on(day)

    @property
    def period(self) -> Period:
        """Give the days of the edition."""
        return Period(self.front.in_force.first, self.front.in_force.end)

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Give the words cut at their designations, in order."""
        return tuple(_paragraphs(self.words))

    def at(self, anchor: str) -> tuple[Paragraph, ...]:
        """Give a paragraph and all that stands below it.

        Raises:
            KnowledgeError: E228 when the text has no such paragraph, with the nearest.
        """
        found = tuple(one for one in self.paragraphs if _below(one.anchor, anchor))
        if not found:
            near = nearest(anchor, {one.anchor for one in self.paragraphs})
            raise error("E228.paragraph", near=near, text=self.id, anchor=plain(anchor, 60))
        return found

    def leads(self, anchor: str) -> tuple[Paragraph, ...]:
        """Give the words that introduce a paragraph: those of the paragraphs it stands in, above it.

        `The head of an executive agency may not—` introduces (A); without it an exception reads as a rule.
        """
        steps = anchor.split("-")
        above = {"-".join(steps[:length]) for length in range(1, len(steps))}
        found: dict[str, Paragraph] = {}
        for one in self.paragraphs:
            if _below(one.anchor, anchor):
                break
            if one.anchor in above:
                found.setdefault(one.anchor, one)
        return tuple(found.values())


def quoted(paragraphs: Sequence[Paragraph]) -> list[str]:
    """Give paragraphs as lines, those that share a line joined."""
    lines: list[str] = []
    for one in paragraphs:
        if one.joined and lines:
            lines[-1] += one.words if lines[-1].endswith(")") else f" {one.words}"
        else:
            lines.append(one.words)
    return lines


@lru_cache(maxsize=1_024)
def read_text(name: str, content: str) -> LawText:
    """Read a file of the law library; each document of a program is made with all of them, which are read once.

    Args:
        name: path under `texts/`.

    Raises:
        KnowledgeError: E229 for a file of another shape, or whose words do not have the digest that it names.
    """
    at = FOLDER + name
    found = _FRONT.match(content.replace("\r\n", "\n"))
    if found is None:
        raise error("E229", at=at)
    try:
        front = read(Front, parse(found[1], at).value)
    except CodecError as problem:
        fault_ = problem.faults[0]
        raise error(
            "E229.front", at=at, pointer=fault_.pointer, what=fault_.what, expected=fault_.expected
        ) from None
    words = found[2].strip()
    digest = hashlib.sha256(words.encode()).hexdigest()
    if front.sha256 != digest:
        raise error("E229.digest", at=at, stated=front.sha256[:12], digest=digest)
    if front.reading not in READINGS:
        raise error(
            "E229.front", at=at, pointer="/reading", what=f"{front.reading!r}", expected=" or ".join(READINGS)
        )
    return LawText(name.removesuffix(".md"), front, words)


@dataclass(frozen=True)
class Library:
    """The law texts of a knowledge, by id."""

    texts: Mapping[str, LawText]

    def editions(self, citation: str) -> tuple[LawText, ...]:
        """Give every edition of a piece of law, by first day; the citation may be its bare number."""
        wanted = " ".join(citation.split()).casefold()
        found = [
            one
            for one in self.texts.values()
            if wanted in (one.front.citation.casefold(), one.number.casefold())
        ]
        return tuple(sorted(found, key=lambda one: (one.front.in_force.first or date.min, one.id)))

    def edition(self, citation: str, edition: str, on: date) -> LawText | None:
        """Give the words of one edition; `None` when they are not stored.

        Args:
            edition: its name; empty = the one in force on the day, or the only one that is stored where its days are not known.
        """
        found = self.editions(citation)
        if edition:
            return next((one for one in found if one.front.edition == edition), None)
        undated = [one for one in found if one.front.in_force.first is None]
        return next(
            (one for one in found if one.in_force_on(on)),
            undated[0] if len(found) == len(undated) == 1 else None,
        )


def library(documents: Mapping[str, object]) -> Library:
    """Open the law library of a knowledge.

    Args:
        documents: path to content, of a snapshot or a source tree; only those under `texts/` are read.

    Raises:
        KnowledgeError: E229.
    """
    return Library(
        {
            text.id: text
            for path, content in sorted(documents.items())
            if path.startswith(FOLDER) and isinstance(content, str)
            for text in (read_text(path.removeprefix(FOLDER), content),)
        }
    )


def lint(documents: Mapping[str, object]) -> Iterator[Issue]:
    """Yield what is wrong with the texts of a source tree: shape, digest, two editions of one citation in force at once."""
    seen: dict[tuple[str, str], LawText] = {}
    texts: list[LawText] = []
    for path, content in sorted(documents.items()):
        if not path.startswith(FOLDER):
            continue
        try:
            text = read_text(path.removeprefix(FOLDER), content if isinstance(content, str) else "")
        except KnowledgeError as problem:
            yield issue_of(problem, path)
            continue
        first = seen.setdefault((text.front.citation, text.front.edition), text)
        if first is not text:
            yield fault("E229.twice", path, 1, edition=text.front.edition, other=first.id)
        for other in texts:
            both = text.front.in_force.first is not None and other.front.in_force.first is not None
            if other.front.citation == text.front.citation and both and other.period.overlaps(text.period):
                yield fault("E229.overlap", path, 1, edition=text.front.edition, other=other.id)
        texts.append(text)


# Cutting


def _below(anchor: str, of: str) -> bool:
    return anchor == of or anchor.startswith(of + "-")


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")


def _paragraphs(words: str) -> Iterator[Paragraph]:
    blocks = [" ".join(block.split("\n")) for block in re.split(r"\n\s*\n", words) if block.strip()]
    several = sum(1 for block in blocks if block.startswith("## ") and _SECTION.match(block[3:])) > 1
    section = ""
    place = _Place()
    for block in blocks:
        text = block.lstrip("# ").strip()
        if alternate := _ALTERNATE.match(text):
            section, place = f"alternate-{alternate['number']}", _Place()
        if block.startswith("#") and not _DESIGNATED.match(text):
            place = _Place()
            number = _SECTION.match(text)
            if several and block.startswith("## ") and number:
                section = _slug(number["number"])
        for step, (marks, piece) in enumerate(_pieces(text, place)):
            yield Paragraph("-".join(part for part in (section, *marks) if part), piece, joined=step > 0)
        place.opens_list = text.endswith(("—", "-", ":", "following", "include"))
        place.under_heading = block.startswith("#")


def _pieces(text: str, place: _Place) -> Iterator[tuple[tuple[str, ...], str]]:
    """Cut the designations that open a paragraph: `(b) *Prohibition.* (1) Section` is two pieces."""
    found = _DESIGNATED.match(text)
    if found is None:
        term = _TERM.match(text)
        if term is not None and not (place.marks and (place.under_heading or term["quoted"])):
            place.term(_slug(term["quoted"] or term["italic"] or term["plain"]))
    while found is not None:
        place.step(found["mark"].strip("*"), italic="*" in found["mark"])
        heading = _HEADING.match(text, found.end())
        if heading is None:
            break
        yield place.marks, text[: heading.end()].rstrip()
        text = text[heading.end() :]
        found = _DESIGNATED.match(text)
    yield place.marks, text


class _Place:
    """Where in the outline a paragraph stands: the designations above it."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, str]] = []  # kind, mark
        self.opens_list = False  # the paragraph before ends as one does that a list follows
        self.under_heading = False

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(mark for _, mark in self._steps)

    def term(self, name: str) -> None:
        """Stand at a defined term of the paragraph; its own numbers stand below it."""
        held = [step for step in self._steps if step[0] != "term"]
        outer = held[:1] if held and held[0][0] == "letter" else []
        self._steps = [*outer, ("term", name)]

    def step(self, mark: str, *, italic: bool) -> None:
        """Go to the next designation: a sibling of one that is open where it follows it, else one below."""
        deepest = self._steps[-1][0] if self._steps else ""
        below = (
            mark == "i" and self.opens_list and deepest == "number"
        )  # (i) below (1), not the letter after (h)
        for depth in range(len(self._steps) - 1, -1, -1):
            if below:
                break
            kind, before = self._steps[depth]
            if kind != "term" and _follows(kind, before, mark):
                self._steps[depth:] = [(kind, mark)]
                return
        kind = _kind_of(mark, italic, [held for held, _ in self._steps])
        open_ = [depth for depth, (held, _) in enumerate(self._steps) if held == kind]
        if open_:  # paragraphs in between were left out, or the list starts anew
            self._steps[open_[-1] :] = [(kind, mark)]
        else:
            self._steps.append((kind, mark))


def _kind_of(mark: str, italic: bool, held: Iterable[str]) -> str:
    if mark.isdigit():
        return "italic number" if italic else "number"
    if mark in _ROMAN and (mark != "i" or "number" in set(held)) and (len(mark) > 1 or mark == "i"):
        return "roman"
    if mark.lower() in _ROMAN and mark.isupper() and "roman" in set(held):
        return "capital roman"
    return "letter" if mark.islower() else "capital"


def _follows(kind: str, before: str, mark: str) -> bool:
    if kind in ("number", "italic number"):
        return mark.isdecimal() and before.isdecimal() and int(mark) == int(before) + 1
    if kind in ("roman", "capital roman"):
        names = _ROMAN if kind == "roman" else tuple(one.upper() for one in _ROMAN)
        return (
            before in names
            and names.index(before) + 1 < len(names)
            and names[names.index(before) + 1] == mark
        )
    return (
        len(before) == len(mark) == 1 and before.isupper() == mark.isupper() and ord(mark) == ord(before) + 1
    )
