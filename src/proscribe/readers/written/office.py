"""Word and PowerPoint files and their kin of OpenDocument: paragraphs, tables, notes, comments, and the files inside.

Every part that holds words is read, also those that a page does not show at first sight: headers, footnotes, comments,
deleted text, text boxes, notes of speakers. References: ECMA-376 (OOXML), OpenDocument 1.3.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath

from proscribe.readers._grammar import grammar
from proscribe.readers._members import Member, Members, chunks_of
from proscribe.readers._zip import ARCHIVE_ERRORS
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.holding import is_form
from proscribe.readers.written.flow import Flow
from proscribe.readers.written.markup import FRAME, OFFICE_OPEN, OPEN_DOCUMENT, BrokenMarkup, Marks, walk
from proscribe.readers.written.pieces import Full, Inner
from proscribe.readers.written.reading import WrittenReading

#: Parts that hold words, what their places begin with, and in which order they come.
_TEXT_PARTS = tuple(
    (re.compile(pattern), where)
    for pattern, where in (
        (r"word/document\d*\.xml", ""),
        (r"ppt/slides/slide(\d+)\.xml", "slide {}, "),
        (r"ppt/notesSlides/notesSlide(\d+)\.xml", "notes {}, "),
        (r"word/header(\d*)\.xml", "header {}, "),
        (r"word/footer(\d*)\.xml", "footer {}, "),
        (r"word/footnotes\.xml", "footnotes, "),
        (r"word/endnotes\.xml", "endnotes, "),
        (r"(?:word|ppt)/comments[\w/]*\.xml", "comments, "),
        (r"word/glossary/document\.xml", "building blocks, "),
        (r"(?:word|ppt)/diagrams/(?:data|drawing)(\d*)\.xml", "diagram {}, "),
        (r"(?:word|ppt)/charts/chart(\w*)\.xml", "chart {}, "),
        (r"ppt/(?:slideMasters|slideLayouts|notesMasters|handoutMasters)/\w+?(\d*)\.xml", "layout {}, "),
        (r"content\.xml", ""),
        (r"styles\.xml", "headers and footers, "),
    )
)
#: Parts without words of the author: the frame of the file.
_FRAME = re.compile(
    r".*\.rels|\[Content_Types\]\.xml|mimetype|META-INF/.*|docProps/thumbnail.*|_rels/.*|customXml/itemProps.*|settings\.xml|"
    r"manifest\.rdf|(?:word|ppt)/(?:theme/.*|styles\w*\.xml|stylesWithEffects\.xml|settings\.xml|webSettings\.xml|"
    r"fontTable\.xml|fonts/.*|numbering\.xml|people\.xml|printerSettings/.*|presentation\.xml|presProps\.xml|viewProps\.xml|"
    r"tableStyles\.xml|commentAuthors\.xml|authors\.xml|tags/.*|changesInfos/.*|revisionInfo\.xml|"
    r"(?:charts|diagrams)/(?:style|colors|layout|quickStyle)\w*\.xml|glossary/(?!document\.xml).*)|"
    r"Configurations2/.*|layout-cache|Thumbnails/.*|ObjectReplacements/.*"
)
_PICTURES = re.compile(
    r"(?i)(?:.*/)?(?:media|Pictures)/.*|.*\.(?:png|jpe?g|gif|emf|wmf|svm|tiff?|bmp|wdp|svg)"
)
#: Small copies of the first page, and of objects whose content lies beside.
_COPIES = re.compile(r"docProps/thumbnail.*|Thumbnails/.*|ObjectReplacements/.*")
_MARKUP_OF_FRAME = ("[Content_Types].xml", "mimetype")
_MACROS = re.compile(r"(?i).*vbaProject\w*\.bin|.*vbaData\.xml|Basic/.*|Scripts/.*")
#: Objects of OpenDocument lie in folders of their own, as files that were taken apart.
_OBJECT = re.compile(r"Object [\w ]*/content\.xml")
_PROPERTIES = re.compile(r"docProps/(?:core|app|custom)\.xml|meta\.xml")
_TITLES = grammar("written/marks.yml").words["office_properties"]
_TITLE_MARKS = Marks(
    _TITLES,
    _TITLES,
    tables=frozenset(),
    rows=frozenset(),
    cells=frozenset(),
    breaks=frozenset(),
    spaces=frozenset(),
)
_DOCUMENTS = ("word/document", "ppt/presentation")
_MIMETYPE = b"application/vnd.oasis.opendocument."
_OPEN_DOCUMENTS = tuple(_MIMETYPE + kind for kind in (b"text", b"presentation", b"graphics"))


class OfficeReading(WrittenReading):
    """An opened document of an office program."""

    def _take_apart(self) -> None:
        self._archive = Members(self._source, self._options.limits, self._log)
        with self._archive as members:
            self._read_parts(members)

    def _read_parts(self, members: list[Member]) -> None:
        is_open_document = any(one.name == "content.xml" for one in members)
        marks = OPEN_DOCUMENT if is_open_document else OFFICE_OPEN
        flow = Flow(self._place)
        self._read_frames(flow, [one for one in members if _is_frame(one.name)])
        rest: list[Member] = []
        texts: list[tuple[int, int, str, Member]] = []
        pictures: list[Member] = []
        objects = {one.name.partition("/")[0] for one in members if _OBJECT.fullmatch(one.name)}
        for one in members:
            told = _text_part(one.name)
            if told is not None:
                texts.append((*told, one))
            elif _PICTURES.fullmatch(one.name) and not _COPIES.fullmatch(one.name):
                pictures.append(one)
            elif _MACROS.fullmatch(one.name):
                self._log.add("E147.macros", one.name)
            elif _PROPERTIES.fullmatch(one.name):
                flow.restart("properties, ")
                self._read_part(one, flow, _TITLE_MARKS)
            elif not _FRAME.fullmatch(one.name):
                rest.append(one)
            elif (
                not _is_frame(one.name)
                and one.name not in _MARKUP_OF_FRAME
                and one.name.replace("ObjectReplacements/", "") not in objects
            ):
                self._open_unless_form(one)
        for _rank, _number, where, one in sorted(texts, key=lambda item: item[:3]):
            flow.restart(where)
            self._read_part(one, flow, marks)
        flow.put_labelled()
        for one in rest:
            if one.size and self._archive.is_within_bounds(one):
                if _OBJECT.fullmatch(one.name):
                    flow.restart(f"{one.name.partition('/')[0]}, ")
                    self._read_part(one, flow, marks)
                elif not (is_open_document and one.name.startswith("Object ") and one.name.count("/")):
                    self._copy_out(one)
        self._read_pictures(pictures)
        if not texts:
            self._log.add("E109.part_of_text_missing", "document")

    def _read_frames(self, flow: Flow, members: list[Member]) -> None:
        """Have probed what the frame of the file holds, such as links, names of styles and numbers of lists."""
        for one in members:
            flow.restart(f"{one.name}, ")
            self._read_part(one, flow, FRAME)

    def _read_pictures(self, pictures: list[Member]) -> None:
        for one in pictures:
            self._aside.add(f"name of {one.name}", PurePosixPath(one.name).stem)
            path = self._archive.copied(one) if self._archive.is_within_bounds(one) else None
            if path is not None:
                self._open_picture(one.name, path)
        self._say_pictures("document")

    def _open_unless_form(self, one: Member) -> None:
        """Open what lies under a name of the frame and is no font, no setting and no small copy of the first page."""
        path = self._archive.copied(one) if one.size and self._archive.is_within_bounds(one) else None
        if path is None:
            return
        if is_form(path):
            path.unlink(missing_ok=True)
        else:
            self._open_inner(one.name, path)

    def _read_part(self, one: Member, flow: Flow, marks: Marks) -> None:
        if not self._archive.is_within_bounds(one):
            return
        try:
            walk(one.chunks(), flow, marks, self._archive.tick)
        except BrokenMarkup as problem:
            self._log.add(problem.name, f"{one.name}, line {problem.line}", part=one.name, why=problem.why)
        except Full:
            raise
        except ARCHIVE_ERRORS:
            self._log.add("E109.part_archive_damaged", one.name)

    def _copy_out(self, one: Member) -> None:
        """Open a file inside the document."""
        path = self._archive.copied(one)
        if path is not None:
            self._place(Inner(one.name, path))


def _is_frame(name: str) -> bool:
    is_markup = name.endswith((".xml", ".rels", ".rdf")) and not _PROPERTIES.fullmatch(name)
    return is_markup and _text_part(name) is None and _FRAME.fullmatch(name) is not None


def _says_text(data: bytes) -> bool:
    """Tell OpenDocument of text, slides or drawings by the kind that its first part names unpacked."""
    at = data.find(_MIMETYPE, 0, 200)
    return at >= 0 and data[at:].startswith(_OPEN_DOCUMENTS)


def _text_part(name: str) -> tuple[int, int, str] | None:
    """Give rank, number and place of a part that holds words."""
    for rank, (pattern, where) in enumerate(_TEXT_PARTS):
        found = pattern.fullmatch(name)
        if found is not None:
            number = found[1] if found.groups() else ""
            said = where.format(number).replace(" ,", ",")
            return rank, int(number[:9]) if number and number.isdecimal() else 0, said
    return None


class Office:
    """Reader of DOCX, DOCM, PPTX, ODT, ODP and ODG."""

    name = "office"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score a document of text or slides 97, another archive 0."""
        data = head.data
        if not data.startswith(b"PK\x03\x04"):
            return 0
        if data.find(b"mimetype" + _MIMETYPE, 0, 200) >= 0 and not _says_text(data):
            return 0
        try:
            with zipfile.ZipFile(head.source.path) as archive:
                names = archive.namelist()
                if "mimetype" in names and "content.xml" in names:
                    said = next(chunks_of(archive, archive.getinfo("mimetype")), b"")[: len(_MIMETYPE) + 40]
                    return 97 if said.startswith(_OPEN_DOCUMENTS) else 0
        except ARCHIVE_ERRORS:
            return 92 if _says_text(data) or b"word/" in data or b"ppt/" in data else 0
        return 97 if any(name.lstrip("/").startswith(_DOCUMENTS) for name in names) else 0

    def open(self, source: Source, options: Options) -> OfficeReading:
        """Open the document; what it is damaged by becomes an issue."""
        return OfficeReading(source, options, self.name)
