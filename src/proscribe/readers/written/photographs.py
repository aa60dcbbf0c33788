"""Pictures as inputs: their type plates, the tables of papers, and other words.

What is a paper is told by the table on it; it is read as a scanned page. What else a picture shows are plates and other words
(`pictures/reader.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from proscribe.model.errors import error
from proscribe.readers._fixed import Form
from proscribe.readers.base import CERTAIN, Options, Source
from proscribe.readers.head import Head
from proscribe.readers.issues import IssueLog
from proscribe.readers.pictures import recognition
from proscribe.readers.pictures.plates import has_stacked_letters, plates
from proscribe.readers.pictures.reader import (
    PLATES,
    SCANNED,
    UNREAD,
    WORDS,
    is_picture,
    looked_at,
    row_of,
    say_denied,
    say_offered,
    say_unsure,
)
from proscribe.readers.pictures.sharpness import trouble
from proscribe.readers.written.papers import Papers, Spot
from proscribe.readers.written.pieces import Grid
from proscribe.readers.written.positions import Word, lines_of, words_of
from proscribe.readers.written.reading import WrittenReading

if TYPE_CHECKING:
    from PIL.Image import Image

#: A picture inside a document with fewer pixels is an icon, a bullet or a line.
_ICON = 160 * 160
#: Share of the words without certainty beyond which a page counts as not read.
_HARDLY = 0.25
#: Place of a record, column to text.
Row = tuple[str, Mapping[str, str | None]]


class PictureReading(WrittenReading):
    """An opened picture, or file of several: its type plates, the table of a paper, other words.

    Every picture is looked at when the file is opened, one after the other, so that none stays decoded.
    """

    only_tables = True

    def _take_apart(self) -> None:
        self._records: dict[Form, list[Row]] = {PLATES: [], WORDS: [], SCANNED: []}
        papers = Papers(self._source.display)
        limits = self._options.limits
        number = 0
        try:
            for number, picture, taken in recognition.pictures(self._source, limits):
                if self.recognised >= limits.max_recognised:
                    self._log.add("E146.pictures", f"picture {number}")
                    break
                self._look(number, picture, taken, papers)
        except recognition.TooManyError:
            self._log.add("E146.frames", f"picture {number + 1}", most=number)
        except recognition.TooLargeError as problem:
            at = f"picture {number + 1}"
            self._log.add("E110.picture", at, size=str(problem), most=limits.max_pixels)
        except recognition.DamagedError as problem:
            self._log.add("E109.picture_damaged", f"picture {number + 1}", why=str(problem).rstrip("."))
        for form in (PLATES, WORDS):
            self._put_records(form)
        for grid in papers.grids():
            self._place(grid)
        self._put_records(SCANNED)

    def _finish(self) -> None:
        super()._finish()
        self.possible_columns += tuple(dict.fromkeys(name for form in self._records for name in form.columns))

    def _look(self, number: int, picture: Image, taken: str, papers: Papers) -> None:
        at = f"picture {number}"
        seen = looked_at(picture)
        self.recognised += seen.counts_as
        if seen.mirrored:
            self._log.add("E139.picture_mirrored", at, lossy=False)
            at += ", mirrored"
        if not seen.pieces and not seen.codes:
            # what letterheads and bullets of documents show is seldom a word
            lossy = not self._source.inside or picture.width * picture.height >= _ICON
            self._log.add(UNREAD.get(trouble(picture), "E139.picture_without_words"), at, lossy=lossy)
        if has_stacked_letters(seen):
            self._log.add("E139.letters_stacked", at)
        words, spot = words_of(seen), Spot(at)
        left = papers.take_seen(number, words, spot)
        if len(left) < len(words):
            self._records[SCANNED] += lines_of_page(words, left, seen.codes, spot)
            say_recognised(words, at, self._log)
            return
        for plate in plates(seen):
            place = f"{at}, {plate.box.place}"
            say_denied(plate, place, self._log)
            say_offered(plate, place, self._log)
            if plate.lacks_name:
                self._log.add("E139.plate_without_name", place)
            say_unsure(plate, place, None if seen.mirrored else plate.box, picture, self._log)
            form, record = row_of(plate, taken)
            self._records[form].append((place, record))

    def _put_records(self, form: Form) -> None:
        if self._records[form]:
            self._place(grid_of(form.sheet or "", form, self._records[form]))

    def _say_empty(self) -> None:
        self._log.add("E103.there_no_record", "line 1", lossy=False)


def grid_of(name: str, form: Form, rows: Sequence[Row]) -> Grid:
    """Give records as a table of a form."""
    cells = [[row.get(column) or "" for column in form.columns] for _, row in rows]
    return Grid(name, cells, places=[place for place, _ in rows], form=form)


def lines_of_page(
    words: Sequence[Word], left: Sequence[Word], codes: Sequence[recognition.Code], at: Spot
) -> Iterator[Row]:
    """Give what a page says line by line, as records of `SCANNED`.

    Args:
        words: all that was recognised on it.
        left: those that stand in no table.
    """
    kept = set(map(id, left))
    for number, line in enumerate(lines_of(words), start=1):
        line = [word for word in line if id(word) in kept]
        if line:
            sure = [word.text for word in line if word.certainty >= CERTAIN]
            other = [word.text for word in line if word.certainty < CERTAIN]
            certainty = f"{min(word.certainty for word in line):.2f}"
            said = {"words": " ".join(sure), "unsure": " ".join(other), "certainty": certainty}
            yield at.line(number, line), said
    for number, code in enumerate(codes, start=1):
        place = f"{at.page}, code {number}, {at.box(code.box)}"
        yield place, {"words": code.text, "unsure": "", "certainty": ""}


def say_recognised(words: Sequence[Word], at: str, log: IssueLog) -> None:
    """Say how much of a page was recognised, and whether it is hard to read."""
    unsure = sum(word.certainty < CERTAIN for word in words)
    hardly = unsure > _HARDLY * max(1, len(words))
    said = "E139.page_hardly_recognised" if hardly else "E147.page_recognised"
    log.add(said, at, words=len(words), unsure=unsure)


class Picture:
    """Reader of pictures: JPEG, PNG, WebP, TIFF, GIF, BMP and HEIC."""

    name = "picture"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score the first bytes of a picture 100."""
        return 100 if is_picture(head.data) else 0

    def open(self, source: Source, options: Options) -> PictureReading:
        """Open a picture.

        Raises:
            InputError: E107 when the extra `photos` is not installed, or is not whole.
        """
        lacking = recognition.missing()
        if lacking:
            raise error("E107.photos", lacking=", ".join(lacking))
        return PictureReading(source, options, self.name)
