"""PDF: the text of every page line by line, remarks, form fields, and the files inside.

The document is taken apart by PDFium in a process of its own that has little processor time and memory and no network
use, so that a hostile file ends that process and nothing else (`_pdf_worker.py`). Pages that hold pictures and no text are
drawn there and recognised here, as photographs are; without the extra `photos` they are named. Reference: ISO 32000-2.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.holding import lacking_for_pictures
from proscribe.readers.sources import temporary_file
from proscribe.readers.written.invoices import may_hold_table
from proscribe.readers.written.papers import Papers, Spot
from proscribe.readers.written.pdf_strings import strings_of
from proscribe.readers.written.pieces import Full, Inner, Text
from proscribe.readers.written.positions import words_of
from proscribe.readers.written.reading import WrittenReading

#: Processor time for one document, and more for each MiB of it; bytes of memory.
_CPU_S, _CPU_S_PER_MIB = 15, 2
_MEMORY = 3 * 1024**3 // 4
#: How often reading is taken up behind a page that ended the process.
_MOST_RESTARTS = 5
#: A page with so much of a picture and so few characters is a photograph of paper with a stamp on it.
_PICTURED = 0.5
_FEW_CHARACTERS = 300
#: Share of a page of which a picture beside text is more than a mark or a logo; pages that are named where such pictures stand.
_BESIDE, _NAMED = 0.02, 10
#: What a page may show in characters that say nothing before its text counts as unreadable.
_GARBLED = 0.3
#: Metadata of XMP, and the part of a file in which they are looked for.
_METADATA = re.compile(rb"<x:xmpmeta.{1,1000000}?</x:xmpmeta", re.S)
_TAG, _VALUE = re.compile(r"<[^<>]*>"), re.compile(r'="([^"<>]{3,2000})"')
_METADATA_WITHIN = 64 * 1024**2
#: Characters of the pages that are gone through to see whether they say a string.
_MOST_LOOKED_THROUGH = 2_000_000_000
_HEADER = re.compile(rb"%PDF-")
_SCRIPT = re.compile(rb"/(?:JavaScript|JS)\b")
#: Pages that one process draws, the seconds that each may take, and the longer side of a page in pixels.
_DRAWN_AT_ONCE, _DRAW_S = 8, 4
_SIDE = 2000
#: A table may go on for so many pages, that of its head included.
_GOES_ON = 4
#: Pixels a point below which small print is not legible: 80 an inch.
_COARSE = 80 / 72
#: PDFium marks a hyphen at the end of a line so; the next line goes on with the word.
_HYPHEN_MARKS = ("\ufffe", "\x02")
#: A line in which so many words, most of them, have so few letters is one word or a few, whose letters are set apart.
_LEAST_SET_APART, _MOST_OF_A_GAP = 5, 2
_SENTENCE_ENDS = ".!?:;…。！？："
#: Lines that are joined into one record at most, and characters of it.
_MOST_JOINED, _LONGEST_JOINED = 12, 4_000


#: Place of a record, and column to text.
_Record = tuple[str, Mapping[str, str | None]]


class _Ended(Exception):
    """The process that takes the document apart ended before it was done."""


def joined_lines(lines: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Join lines that are one sentence or one word: a table keeps its rows, prose is whole again.

    Yields:
        First and last line, counted from 1, and the text.
    """
    held: list[str] = []
    first = 0
    texts = [" ".join(line.split()) for line in lines]
    widest = max(map(len, texts), default=0)
    for number, text in enumerate(texts, start=1):
        if not text:
            continue
        if held and len(held) < _MOST_JOINED and sum(map(len, held)) < _LONGEST_JOINED:
            joined = _continued(held[-1], text, widest)
            if joined is not None:
                held[-1:] = joined
                last = number
                continue
        if held:
            yield first, last, " ".join(held)
        held, first, last = [text], number, number
    if held:
        yield first, last, " ".join(held)


def _continued(before: str, text: str, widest: int) -> list[str] | None:
    """Give the two lines as they read together, or `None` when the second begins something new."""
    if before.endswith(_HYPHEN_MARKS):
        before = before.rstrip("".join(_HYPHEN_MARKS)) + "-"
    if before.endswith("-") and len(before) > 1 and before[-2].isalnum() and text[0].isalnum():
        # Parts of a number keep their hyphen, parts of a word lose it.
        is_word = before[-2].islower() and text[0].islower()
        return [(before[:-1] if is_word else before) + text]
    if len(before) < 0.6 * widest or before[-1] in _SENTENCE_ENDS:
        return None
    words = before.split()
    small = sum(1 for word in words if word[0].islower())
    if len(words) >= 6 and small * 2 > len(words):
        return [before, text]
    return None


def _bare(text: str) -> str:
    """Give the letters and digits of a text."""
    return "".join(filter(str.isalnum, text)).lower()


def _set_together(line: str) -> str:
    """Give a line of letters that are set apart without its gaps; nothing where its words are words."""
    words = line.split()
    letters = sum(len(word) <= _MOST_OF_A_GAP for word in words)
    return "".join(words) if letters >= _LEAST_SET_APART and 5 * letters >= 3 * len(words) else ""


def _is_garbled(text: str) -> bool:
    """Tell text whose characters have no meaning: the font does not say what it shows."""
    shown = [char for char in text if not char.isspace()]
    strange = sum(
        1 for char in shown if char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or not char.isprintable()
    )
    return len(shown) >= 20 and strange > _GARBLED * len(shown)


def _children_s() -> float:
    """Give the processor seconds of the processes that this one started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


class PdfReading(WrittenReading):
    """An opened PDF."""

    def _take_apart(self) -> None:
        self._pages = 0
        self._done = 0
        self._cpu_s = float(_CPU_S + _CPU_S_PER_MIB * (self._source.size_bytes >> 20))
        #: Pages with a picture beside their text, by whether it may be more than a mark or a logo.
        self._pictured: dict[bool, list[int]] = {True: [], False: []}
        self._scripts = False
        self._restarts = 0
        self._plates: list[_Record] = []
        self._seen: list[_Record] = []
        self._held: dict[int, list[Text]] = {}
        self._held_characters = 0
        self._to_draw: dict[int, str] = {}
        self._lines: dict[int, list[str]] = {}
        self._headed_at = -_GOES_ON
        self._papers = Papers(self._source.display)
        folder = Path(tempfile.mkdtemp(prefix="proscribe-"))
        try:
            self._run(folder)
            self._look_again(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._say_metadata()
        self._put_held()
        self._say_strings()
        for large, pages in self._pictured.items():
            if pages:
                said = ", ".join(map(str, pages[:_NAMED])) + (", ..." if len(pages) > _NAMED else "")
                self._log.add("E147.beside", f"page {pages[0]}", lossy=large, count=len(pages), pages=said)

    def _say_metadata(self) -> None:
        """Look through the metadata that programs write beside the document, which stand in the file as they are."""
        with self._source.path.open("rb") as file:
            data = file.read(_METADATA_WITHIN)
        if self._scripts or _SCRIPT.search(data):
            self._log.add("E147.scripts", "document")
        for found in _METADATA.findall(data):
            text = found.decode("utf-8", "replace")
            self._aside.add_all("metadata", [" ".join(_TAG.sub(" ", text).split()), *_VALUE.findall(text)])

    def _say_strings(self) -> None:
        """Have the strings probed that stand in the file and in no text of its pages."""
        with self._source.path.open("rb") as file:
            data = file.read(_METADATA_WITHIN)
        # the lines of pages are put among the records only when all is read
        told = self._lines_said().union(line for text in self._texts for line in (text or "").split("\n"))
        words = {_bare(word) for line in told for word in line.split()}
        whole = _bare(" ".join(told))
        left = _MOST_LOOKED_THROUGH
        for text in strings_of(data):
            if all(_bare(word) in words for word in text.split()):
                continue
            bare = _bare(text)
            left -= len(whole)
            if left < 0 or bare not in whole:
                self._aside.add("string that no page shows as text", text)

    def _run(self, folder: Path) -> None:
        """Read page by page; behind a page that ends the process reading goes on in another one."""
        while True:
            try:
                for said in self._answers(folder, self._done, self._cpu_s):
                    self._take(said)
                return
            except _Ended:
                at = f"page {self._done + 1}" if self._pages else "byte 0"
                if not self._pages:
                    self._log.add("E109.document_stopped", at)
                    return
                if self._done >= self._pages:
                    self._log.add("E145.files_not_taken_out", "document")
                    return
                self._log.add("E139.page_stopped", at)
                self._done += 1
                self._restarts += 1
            if self._done >= self._pages:
                return
            if self._restarts > _MOST_RESTARTS or self._cpu_s < 1:
                self._log.add("E139.pages_left", f"page {self._done + 1}", last=self._pages)
                return

    def _answers(self, folder: Path, first: int, most_s: float, again: str = "") -> Iterator[dict[str, Any]]:
        limits = self._options.limits
        found = find_spec("pypdfium2")
        library = str(Path(found.origin).parents[1]) if found is not None and found.origin else ""
        cpu_s = max(1, round(most_s))
        command = [
            sys.executable, "-I", "-S", "-B", str(Path(__file__).with_name("_pdf_worker.py")), library,
            str(self._source.path.absolute()), str(folder), str(first), str(cpu_s), str(_MEMORY),
            str(min(limits.max_expanded_bytes, 1 << 30)), str(limits.max_pages), again,
        ]  # fmt: skip
        process = subprocess.Popen(  # noqa: S603  our own program, with arguments of our own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        # Processor time is bounded in the process itself; this ends one that waits for ever.
        alarm = threading.Timer(10 * cpu_s, process.kill)
        alarm.start()
        ended = False
        before_s = _children_s()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if not line.endswith(b"\n"):
                    break
                said = json.loads(line)
                ended = "end" in said or said.get("fault") in ("password", "damaged", "library")
                yield said
        finally:
            alarm.cancel()
            process.kill()
            process.wait()
            # all processes that read one document share its time; of those that draw pages each has its own
            self._cpu_s -= 0.0 if again else _children_s() - before_s
            if process.stdout is not None:
                process.stdout.close()
        if not ended:
            raise _Ended

    def _take(self, said: dict[str, Any]) -> None:
        limits = self._options.limits
        match said:
            case {"pages": int(pages)}:
                self._scripts = self._scripts or bool(said.get("scripts"))
                if not self._pages and pages > limits.max_pages:
                    self._log.add(
                        "E146.document_pages", f"page {limits.max_pages + 1}", most=limits.max_pages
                    )
                self._pages = min(pages, limits.max_pages)
                if pages == 0:
                    self._log.add("E109.document_without_pages", "document")
            case {"properties": dict(told)}:
                for name, text in told.items():
                    self._place(Text(f"document, {name}", text))
                self._aside.add_all("outline", said["headings"])
            case {"fault": "page", "page": int(page), "why": str(why)}:
                self._log.add("E139.page_damaged", f"page {page}", why=why.rstrip("."))
                self._done = page
            case {"page": int(page)}:
                self._done = page
                if page <= limits.max_pages:
                    self._page(page, said)
            case {"file": str(name), "path": str(path)}:
                target = temporary_file()
                shutil.move(path, target)
                self._place(Inner(name, target))
            case {"unread": str(name), "why": str(why)}:
                self._log.add("E145.cannot_be_taken_out", name, why=why)
            case {"fault": "password"}:
                self._log.add("E111", "document", "The document is protected by a password.")
            case {"fault": "library", "why": str(why)}:
                self._log.add("E139.library", "document", why=why)
            case {"fault": str(), "why": str(why)}:
                self._log.add("E109.document_damaged", "byte 0", why=why.rstrip("."))
            case {"form": "xfa"}:
                self._log.add("E139.form", "document")

    def _page(self, page: int, said: dict[str, Any]) -> None:
        text = said["text"].replace("\0", "")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if said["ruled"] or may_hold_table(lines):
            self._headed_at = page
        if page - self._headed_at < _GOES_ON:
            self._lines[page] = lines  # told when it is known where its words stand
            self._count_held(sum(map(len, lines)))
        else:
            self._hold_lines(page, lines)
        for number, note in enumerate(said["notes"], start=1):
            self._hold(page, Text(f"page {page}, remark {number}", note))
        for number, stamp in enumerate(said["stamped"], start=1):
            self._hold(page, Text(f"page {page}, stamp {number}", stamp))
        for number, drawn in enumerate(said["drawn"], start=1):
            self._hold(page, Text(f"page {page}, letters as drawn, line {number}", drawn))
        self._aside.add_all(f"page {page}, letters that run the other way", said["turned"])
        self._aside.add_all(f"page {page}, letters set apart", filter(None, map(_set_together, lines)))
        self._aside.add_all(f"page {page}, link", said["links"])
        self._aside.add_all(f"page {page}, description", said["described"])
        for name, value in said["fields"]:
            self._hold(page, Text(f"page {page}, field {name}", f"{name}: {value}" if name else value))
        if said["cut"]:
            self._log.add("E146.page_characters", f"page {page}")
        characters = len("".join(text.split()))
        if _is_garbled(text):
            self._to_draw[page] = "E139.page_garbled"
        elif not characters and said["picture"]:
            self._to_draw[page] = "E139.page_pictured"
        elif not characters and said["objects"] and not said["notes"]:
            self._to_draw[page] = "E139.page_drawn"
        elif said["picture"] >= _PICTURED and characters < _FEW_CHARACTERS:
            self._to_draw[page] = "E139.page_mostly_pictured"
        elif not characters and not said["notes"] and not said["fields"]:
            self._log.add("E139.page_empty", f"page {page}", lossy=False)
        elif said["picture"]:
            self._pictured[said["picture"] >= _BESIDE].append(page)
        if said["files"]:
            self._log.add("E145.hanging", f"page {page}", count=said["files"])

    def _hold_lines(self, page: int, lines: Iterable[str], *, counted: bool = False) -> None:
        for first, last, joined in joined_lines(lines):
            for mark in _HYPHEN_MARKS:
                joined = joined.replace(mark, "-")
            where = f"line {first}" if first == last else f"lines {first} to {last}"
            self._hold(page, Text(f"page {page}, {where}", joined), counted=counted)

    def _hold(self, page: int, text: Text, *, counted: bool = False) -> None:
        """Keep a text of a page until all of the document was looked at."""
        if not counted:
            self._count_held(len(text.text))
        self._held.setdefault(page, []).append(text)

    def _count_held(self, characters: int) -> None:
        self._held_characters += characters
        if self._held_characters > self._options.limits.max_document_characters:
            self._put_held()
            raise Full

    def _put_held(self) -> None:
        for page in list(self._lines):
            # nothing is known of where the words of this page stand
            self._hold_lines(page, self._lines.pop(page), counted=True)
        for page in sorted(self._held):
            for text in self._held.pop(page):
                self._place(text)
        for grid in self._papers.grids():
            self._place(grid)
        if not (self._plates or self._seen):
            return
        from proscribe.readers.pictures.reader import PLATES, SCANNED
        from proscribe.readers.written.photographs import grid_of

        if self._plates:
            self._place(grid_of("type plates", PLATES, self._plates))
        if self._seen:
            self._place(grid_of("words of pages", SCANNED, self._seen))

    # --- pages that are looked at again ---------------------------------------------------------------

    def _look_again(self, folder: Path) -> None:
        """Find the tables of papers, then draw the pages whose text says nothing, and recognise what they show."""
        with suppress(_Ended):  # what is left is told line by line
            asked = json.dumps({"pages": list(self._lines), "what": "words"})
            for said in self._answers(folder, 0, self._cpu_s, asked) if self._lines else ():
                match said:
                    case {"page": int(page), "words": list(words), "rules": list(rules)} if (
                        page in self._lines
                    ):
                        lines = self._lines.pop(page)
                        left = self._papers.take_text(page, lines, words, rules)
                        self._hold_lines(page, left, counted=True)
        pages = list(self._to_draw)
        if not pages:
            return
        lacking = lacking_for_pictures()
        most = 0 if lacking else self._options.limits.max_recognised
        waiting = pages
        while waiting and self._restarts <= _MOST_RESTARTS and self.recognised < most:
            waiting = self._draw(folder, waiting, min(_DRAWN_AT_ONCE, most - self.recognised))
        for page in waiting:
            self._log.add(self._to_draw[page], f"page {page}")
        if lacking:
            self._log.add("E139.photos", f"page {pages[0]}", count=len(pages), lacking=lacking)
        elif waiting and self.recognised >= most:
            self._log.add("E146.pictures", f"page {waiting[0]}")

    def _draw(self, folder: Path, waiting: list[int], most: int) -> list[int]:
        """Draw so many of the first pages, and give those that are left; a page that ends the process is none of them."""
        now, rest = waiting[:most], waiting[most:]
        self.recognised += len(now)
        asked = json.dumps({"pages": now, "what": "picture", "side": _SIDE})
        try:
            for said in self._answers(folder, 0, _CPU_S + _DRAW_S * len(now), asked):
                match said:
                    case {"fault": "page", "page": int(page), "why": str(why)}:
                        now.remove(page)
                        self._log.add("E139.page_damaged", f"page {page}", why=why.rstrip("."))
                    case {"page": int(page), "path": str(path), "scale": float(scale)}:
                        now.remove(page)
                        self._recognise(page, Path(path), scale)
        except _Ended:
            self._restarts += 1
            self._log.add("E139.page_stopped", f"page {now.pop(0)}" if now else "document")
        return now + rest

    def _recognise(self, page: int, path: Path, scale: float) -> None:
        """Take what a page shows: its type plates as such, else its lines."""
        # few documents have such a page, and what reads pictures takes a while to load
        from proscribe.readers.pictures import recognition
        from proscribe.readers.pictures.plates import plates
        from proscribe.readers.pictures.reader import (
            MOST_OF_A_PLATE,
            UNREAD,
            looked_at,
            row_of,
            say_denied,
            say_unsure,
        )
        from proscribe.readers.pictures.recognition import Box
        from proscribe.readers.pictures.sharpness import trouble
        from proscribe.readers.written.photographs import lines_of_page, say_recognised

        at = f"page {page}"
        source = Source(at, path, path.stat().st_size, inside=True)
        try:
            for _number, picture, _taken in recognition.pictures(source, self._options.limits):
                size = picture.size
                seen = looked_at(picture)
                self.recognised += seen.counts_as - 1
        except (recognition.TooLargeError, recognition.DamagedError) as problem:
            self._log.add("E139.page_damaged", at, why=str(problem).rstrip("."))
            return
        finally:
            path.unlink(missing_ok=True)
        if seen.mirrored:
            self._log.add("E139.picture_mirrored", at, lossy=False)
            at += ", mirrored"
        if not seen.pieces and not seen.codes:
            self._log.add(UNREAD.get(trouble(picture), "E139.page_without_words"), at)
            return
        words = words_of(seen)
        spot = Spot(at, partial(Box.share, size=size))
        left = self._papers.take_seen(page, words, spot)
        has_table = len(left) < len(words)
        found = plates(seen) if len(seen.pieces) <= MOST_OF_A_PLATE and not has_table else []
        taken = [one for one in found if one.is_plate]
        for one in taken:
            place, (_, record) = f"{at}, {one.box.share(size)}", row_of(one, "")
            say_denied(one, place, self._log)
            say_unsure(one, place, None if seen.mirrored else one.box, picture, self._log)
            self._plates.append((place, record))
        if not (taken and len(taken) == len(found)):
            self._seen += lines_of_page(words, left, seen.codes, spot)
            say_recognised(words, f"page {page}", self._log)
        if scale < _COARSE:
            self._log.add("E139.page_coarse", at, dots=round(scale * 72))


class Pdf:
    """Reader of PDF documents."""

    name = "pdf"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score the header of a PDF 100, also behind up to 1 KiB of other bytes, as viewers allow it."""
        found = _HEADER.search(head.data, 0, 1024 + 5)
        if found is None:
            return 0
        before = head.data[: found.start()].strip()
        # A text that speaks of the format has words before the mark and no objects behind it.
        return 100 if not before or b" obj" in head.data[found.end() :] else 0

    def open(self, source: Source, options: Options) -> PdfReading:
        """Open the document; what it is damaged by becomes an issue."""
        return PdfReading(source, options, self.name)
