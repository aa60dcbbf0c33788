"""Drawings as office programs keep them inside documents, EMF, WMF and SVM: their texts, and the pictures in them.

What a drawing says in letters is read as text, piece by piece: `text 3`. A bitmap in it is opened as a picture. Letters that the
drawing gives as numbers of a font or as lines say nothing here, and that is said. One packed with gzip (EMZ, WMZ) is unpacked
where it is opened. References: [MS-EMF], [MS-EMFPLUS], [MS-WMF], and `vcl/source/gdi/svmconverter.cxx` of LibreOffice.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from proscribe.readers._grammar import grammar
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.sources import temporary_file
from proscribe.readers.written.pieces import Aside, Text
from proscribe.readers.written.reading import WrittenReading

#: Bytes of one drawing, and of all its texts: records may name one text many times.
MAX_BYTES, MOST_TEXT_BYTES = 64 * 1024**2, 8 * 1024**2
_MOST_RECORDS, _MOST_PICTURES = 500_000, 50
_EMF_MARK, _EMF_AT = b" EMF", 40
_PLACEABLE, _SVM_MARK = b"\xd7\xcd\xc6\x9a", b"VCLMTF"
_DIB_HEADS = (40, 108, 124)
_GRAMMAR = grammar("written/metafiles.yml")
_EMF_BITMAPS = {int(kind): int(at) for kind, at in _GRAMMAR.maps["emf_bitmaps"].items()}
_WMF_BITMAPS = {int(kind): int(words) for kind, words in _GRAMMAR.maps["wmf_bitmaps"].items()}
#: Records of EMF with texts: both letter sets, and several at once; a comment; the end.
_EXT_A, _EXT_W, _POLY_A, _POLY_W, _SMALL, _COMMENT, _EMF_END = 83, 84, 96, 97, 108, 70, 14
#: Texts by numbers of a font; of a small one, whose letters have one byte, and that names no box.
_GLYPHS, _SMALL_BYTES, _SMALL_NO_BOX = 0x10, 0x200, 0x100
#: EMF+: texts, texts by place, and objects, of which some are pictures.
_PLUS, _PLUS_STRING, _PLUS_DRIVER, _PLUS_OBJECT, _PLUS_IMAGE = b"EMF+", 0x401C, 0x4036, 0x4008, 5
_PLUS_LETTERS = 1
_PICTURE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"BM")
_TEXTOUT, _EXTTEXTOUT = 0x0521, 0x0A32
_OPAQUE_OR_CLIPPED = 0x0006
#: SVM: actions with texts, with bitmaps, with figures that may be letters; letters of a text.
_SVM_TEXTS, _SVM_BITMAPS, _SVM_FIGURES, _LEAST = range(112, 116), range(116, 125), (110, 111), 2
#: Figures as which letters may be drawn: filled paths, curves and several polygons at once; so many may be a word.
_EMF_FIGURES = frozenset({2, 5, 8, 56, 62, 63, 85, 88, 91, 92})
_WMF_FIGURES = frozenset({0x0324, 0x0538})
_LEAST_FIGURES = 3
#: WMF: a font, and where it says its letter set.
_FONT, _CHARSET_AT = 0x02FB, 13
_CHARSETS = grammar("written/marks.yml").maps["rtf_charsets"]
#: Letters of a text of SVM, and bytes of all records in which texts are looked for at every place.
_LONGEST, _MOST_SEARCHED = 4_000, 128 * 1024
#: Texts at one height are a line of so many characters at most.
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one drawing holds.

    Attributes:
        texts: lines, in the order in which they are drawn, each as the pieces of it.
        pictures: each as a file of its own format.
        unread: what is in it and says nothing here: letters as numbers of a font, pictures that are in no known format.
        is_whole: whether its records follow each other to its end.
        figures: what may be letters drawn as figures.
    """

    texts: list[list[str]]
    pictures: list[bytes]
    unread: int
    is_whole: bool
    figures: int


class _Taken:
    def __init__(self) -> None:
        self.texts: list[list[str]] = []
        self.pictures: list[bytes] = []
        self.unread = self.figures = 0
        self.left = MOST_TEXT_BYTES
        self.searched = 0
        self._height: int | None = None

    def cut(self, record: bytes, begin: int, size: int) -> bytes:
        """Give the bytes of a text, as long as all texts stay within their bound; what is beyond is counted as unread."""
        if size > self.left:
            self.unread += 1
            return b""
        self.left -= size
        return record[begin : begin + size]

    def text(self, letters: bytes, page: str, height: int | None = None) -> None:
        """Take a text; what stands at the height of the one before it stands in its line."""
        text = letters.decode(page, "replace").replace("\0", "").strip()
        if not text:
            return
        if height and height == self._height and self.texts:
            line = self.texts[-1]
            if sum(map(len, line)) + len(text) <= _LONGEST_LINE:
                line.append(text)
                return
        self._height = height
        self.texts.append([text])

    def picture(self, content: bytes) -> None:
        if len(self.pictures) < _MOST_PICTURES and content.startswith(_PICTURE_STARTS):
            self.pictures.append(content)
        else:
            self.unread += 1

    def bitmap(self, head: bytes, dots: bytes) -> None:
        """Take a bitmap without the head of a file."""
        if len(head) < _DIB_HEADS[0] or int.from_bytes(head[:4], "little") not in _DIB_HEADS:
            self.unread += 1
            return
        begin = 14 + len(head)
        self.picture(struct.pack("<2sIHHI", b"BM", begin + len(dots), 0, 0, begin) + head + dots)


def drawn_in(data: bytes) -> Drawn:
    """Take the texts and pictures out of a drawing; one that breaks off is taken as far as it goes.

    Example:
        >>> drawn_in(b"VCLMTF").is_whole
        False
    """
    taken = _Taken()
    try:
        if data[_EMF_AT : _EMF_AT + 4] == _EMF_MARK:
            whole = _emf(data, taken)
        elif data.startswith(_SVM_MARK):
            whole = _svm(data, taken)
        else:
            whole = _wmf(data, taken)
    except (struct.error, IndexError):
        whole = False
    return Drawn(taken.texts, taken.pictures, taken.unread, whole, taken.figures)


def _emf(data: bytes, taken: _Taken) -> bool:
    at = 0
    for _ in range(_MOST_RECORDS):
        if at == len(data):
            return False
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or at + size > len(data):
            return False
        record = data[at : at + size]
        at += size
        if kind == _EMF_END:
            return not data[at:].strip(b"\0")
        if kind in (_EXT_A, _EXT_W):
            _emf_text(record, 36, kind == _EXT_W, taken)
        elif kind in (_POLY_A, _POLY_W):
            for number in range(min(struct.unpack_from("<I", record, 36)[0], (size - 40) // 40)):
                _emf_text(record, 40 + 40 * number, kind == _POLY_W, taken)
        elif kind == _SMALL:
            count, flags = struct.unpack_from("<I", record, 16)[0], struct.unpack_from("<I", record, 20)[0]
            begin = 36 if flags & _SMALL_NO_BOX else 52
            narrow = bool(flags & _SMALL_BYTES)
            height = struct.unpack_from("<i", record, 12)[0]
            letters = taken.cut(record, begin, count * (1 if narrow else 2))
            _letters(letters, not narrow, flags, taken, height)
        elif kind == _COMMENT:
            _emf_comment(record[12 : 12 + struct.unpack_from("<I", record, 8)[0]], taken)
        elif kind in _EMF_BITMAPS:
            places = struct.unpack_from("<IIII", record, _EMF_BITMAPS[kind])
            head, dots = (record[one : one + length] for one, length in (places[:2], places[2:]))
            if any(places):
                taken.bitmap(head, dots)
        elif kind in _EMF_FIGURES:
            taken.figures += 1
    return False


def _emf_text(record: bytes, at: int, wide: bool, taken: _Taken) -> None:
    count, begin, flags = struct.unpack_from("<III", record, at + 8)
    height = struct.unpack_from("<i", record, at + 4)[0]
    _letters(taken.cut(record, begin, count * (2 if wide else 1)), wide, flags, taken, height)


def _letters(letters: bytes, wide: bool, flags: int, taken: _Taken, height: int | None = None) -> None:
    if flags & _GLYPHS:
        taken.unread += bool(letters)
    else:
        taken.text(letters, "utf-16-le" if wide else "cp1252", height)


def _emf_comment(content: bytes, taken: _Taken) -> None:
    """Take what EMF+ adds, in records of its own."""
    if not content.startswith(_PLUS):
        return
    at = 4
    while at + 12 <= len(content):
        kind, flags, size, length = struct.unpack_from("<HHII", content, at)
        body = content[at + 12 : at + size][:length]
        if kind == _PLUS_STRING:
            count = struct.unpack_from("<I", body, 8)[0]
            # once more where the drawing says it in both ways
            taken.text(taken.cut(body, 28, 2 * count), "utf-16-le")
        elif kind == _PLUS_DRIVER:
            options, count = struct.unpack_from("<I", body, 4)[0], struct.unpack_from("<I", body, 12)[0]
            flags = 0 if options & _PLUS_LETTERS else _GLYPHS
            _letters(taken.cut(body, 16, 2 * count), True, flags, taken)
        elif kind == _PLUS_OBJECT and flags >> 8 & 0x7F == _PLUS_IMAGE:
            found = [place for start in _PICTURE_STARTS[:3] if 0 <= (place := body.find(start)) < 64]
            if found:
                taken.picture(body[min(found) :])
            else:
                taken.unread += 1
        if size < 12:
            return
        at += size


def _wmf(data: bytes, taken: _Taken) -> bool:
    at = 22 if data.startswith(_PLACEABLE) else 0
    at += 2 * struct.unpack_from("<H", data, at + 2)[0]
    page = "cp1252"
    for _ in range(_MOST_RECORDS):
        words, kind = struct.unpack_from("<IH", data, at)
        if words < 3 or at + 2 * words > len(data):
            return False
        record = data[at + 6 : at + 2 * words]
        at += 2 * words
        if kind == 0:
            return not data[at:].strip(b"\0")
        if kind == _TEXTOUT:
            count = struct.unpack_from("<H", record, 0)[0]
            height = struct.unpack_from("<h", record, 2 + count + count % 2)[0]
            taken.text(record[2 : 2 + count], page, height)
        elif kind == _EXTTEXTOUT:
            count, flags = struct.unpack_from("<HH", record, 4)
            begin = 16 if flags & _OPAQUE_OR_CLIPPED else 8
            if flags & _GLYPHS:
                taken.unread += 1
            else:
                taken.text(record[begin : begin + count], page, struct.unpack_from("<h", record, 0)[0])
        elif kind == _FONT:
            page = _CHARSETS.get(str(record[_CHARSET_AT]), "cp1252")
        elif kind in _WMF_BITMAPS:
            _wmf_bitmap(record[2 * _WMF_BITMAPS[kind] :], taken)
        elif kind in _WMF_FIGURES:
            taken.figures += 1
    return False


def _wmf_bitmap(content: bytes, taken: _Taken) -> None:
    """Take a bitmap whose head is followed by its colours and dots."""
    if len(content) < _DIB_HEADS[0]:
        return  # a pattern of the device
    size, _, _, _, bits, packed, _, _, _, colours = struct.unpack_from("<IiiHHIIiiI", content, 0)
    if size not in _DIB_HEADS:
        taken.unread += 1
        return
    table = 4 * (min(colours, 256) or (1 << bits if bits <= 8 else 0)) + (
        12 if packed == 3 and size == 40 else 0
    )
    taken.bitmap(content[: size + table], content[size + table :])


def _svm(data: bytes, taken: _Taken) -> bool:
    at = len(_SVM_MARK)
    at += 6 + struct.unpack_from("<HI", data, at)[1]
    for _ in range(_MOST_RECORDS):
        if at == len(data):
            return True
        kind, _, size = struct.unpack_from("<HHI", data, at)
        body = data[at + 8 : at + 8 + size]
        if len(body) < size:
            return False
        at += 8 + size
        if kind in _SVM_TEXTS:
            _svm_texts(body, taken)
        elif kind in _SVM_BITMAPS:
            taken.picture(body[max(0, body.find(b"BM")) :])
        elif kind in _SVM_FIGURES:
            taken.figures += 1
    return False


def _svm_texts(body: bytes, taken: _Taken) -> None:
    taken.searched += len(body)
    if taken.searched > _MOST_SEARCHED:
        taken.unread += 1
        return
    for text in _strings(body):
        if len(text) > taken.left:
            taken.unread += 1
            return
        taken.left -= len(text)
        taken.texts.append([text])


def _strings(body: bytes) -> Iterator[str]:
    """Yield texts that stand behind their length, in one byte a letter and in two, each once."""
    known: set[str] = set()
    for at in range(len(body) - 2):
        count = int.from_bytes(body[at : at + 2], "little")
        if not _LEAST <= count <= _LONGEST:
            continue
        for width, page in ((2, "utf-16-le"), (1, "cp1252")):
            letters = body[at + 2 : at + 2 + width * count]
            if len(letters) == width * count:
                text = letters.decode(page, "replace")
                if text.isprintable() and "\ufffd" not in text and any(map(str.isalnum, text)):
                    if text not in known:
                        yield text
                    known.add(text)


def is_drawing(data: bytes) -> bool:
    """Tell by its first bytes whether a file is a drawing of a kind that is read."""
    if data[_EMF_AT : _EMF_AT + 4] == _EMF_MARK and data.startswith(b"\1\0\0\0"):
        return True
    if data.startswith((_PLACEABLE, _SVM_MARK)):
        return True
    # the head of a WMF: kind, nine words, version 1.0 or 3.0
    return data[:4] in (b"\1\0\x09\0", b"\2\0\x09\0") and data[4:6] in (b"\0\1", b"\0\3")


class MetafileReading(WrittenReading):
    """An opened drawing."""

    def _take_apart(self) -> None:
        drawn = drawn_in(self._first_bytes(MAX_BYTES))
        for number, line in enumerate(drawn.texts, start=1):
            self._place(Text(f"text {number}", " ".join(line)))
            if len(line) > 1:
                self._place(Aside(f"text {number}", "".join(line)))  # pieces of a word stand apart too
        for number, content in enumerate(drawn.pictures, start=1):
            target = temporary_file()
            target.write_bytes(content)
            self._open_picture(f"picture {number}", target)
        self._say_pictures("drawing")
        if not drawn.is_whole:
            self._log.add("E109.drawing_damaged", f"text {len(drawn.texts) + 1}")
        if drawn.unread:
            self._log.add("E139.drawing_unread", "drawing", count=drawn.unread)
        elif drawn.figures and not (drawn.texts or drawn.pictures):
            lossy = drawn.figures >= _LEAST_FIGURES
            self._log.add("E139.drawing_without_words", "drawing", lossy=lossy)

    def _say_empty(self) -> None:
        self._log.add("E103.file_holds_no_readable", "drawing", lossy=False)


class Metafile:
    """Reader of EMF, WMF and SVM."""

    name = "metafile"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score the head of a drawing 96, another file 0."""
        return 96 if is_drawing(head.data) else 0

    def open(self, source: Source, options: Options) -> MetafileReading:
        """Open a drawing; what it is damaged by becomes an issue."""
        return MetafileReading(source, options, self.name)
