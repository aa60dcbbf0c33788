"""Takes a PDF apart in a process of its own; run as a program by `pdf.py`, never imported.

Arguments: folder of the PDF library, the file, a folder for the files inside it, first page (from 0), seconds of
processor time, bytes of memory, bytes of one file inside, most pages, and what is looked at again, as JSON: nothing at
first, then `{"pages": [3, 7], "what": "words" | "picture", "side": 2000}`. Writes one JSON object a line to standard output:

    {"pages": 12, "scripts": false}                    first
    {"page": 3, "text": "...", "picture": 0.9, ...}    each page, counted from 1
    {"page": 3, "words": [[line, left, top, right, bottom, "..."], ...], "rules": [[left, top, right, bottom], ...]}
                                                       words of a page and the lines drawn on it, in points and downwards
    {"page": 3, "path": "...", "scale": 2.4}           a page as a picture in a file of PNG, and pixels a point
    {"file": "a.xlsx", "path": "..."}                  a file inside, copied
    {"unread": "a.xlsx", "why": "..."}                 one that could not be
    {"fault": "password" | "damaged" | "page", ...}    what stopped it
    {"end": true}                                      last, when nothing did
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import os
import struct
import sys
import zlib
from collections import Counter
from typing import Any

#: Notes, fields and pictures of one page that are looked at; levels of forms in forms.
_MOST_NOTES = 20_000
_MOST_PICTURES = 2_000
_PICTURE_LEVELS = 4
_MOST_FILES = 10_000
#: Characters of one page.
_MOST_CHARACTERS = 8_000_000
#: Headings of the outline, and descriptions of pictures on one page.
_MOST_HEADINGS, _MOST_DESCRIBED, _LEVELS = 20_000, 5_000, 40
#: Characters of a page whose places are asked for.
_MOST_PLACED = 60_000
#: Characters between words: none, tab, ends of lines, blanks.
_BLANKS = frozenset({0, 9, 10, 13, 32, 160})
#: Lines that are drawn on a page are thinner than so many points; so many each way make a table.
_THIN, _LEAST_RULES = 2.5, 3
#: Pieces of the outline of a box, with where it begins and the way back.
_BOX_SEGMENTS = 6
#: Letters of a line of which more is told than its text; objects of a page that are asked for what they stand for.
_LEAST_LETTERS, _MOST_OBJECTS = 3, 50_000
#: Letters further from each other than this share of their height are two words.
_APART = 0.4
#: Flags of a remark (ISO 32000-2, table 167).
_INVISIBLE, _HIDDEN, _PRINTED, _NOT_VIEWED = 1, 2, 4, 32
_PROPERTIES = ("Title", "Subject", "Keywords", "Author")


def _say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def _limit(cpu_s: int, memory: int, file_bytes: int) -> None:
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))


def _wide(call: Any, *arguments: Any) -> str:
    """Fetch a text of UTF-16 whose length the library tells first."""
    size = call(*arguments, None, 0)
    if size <= 2 or size > 4_000_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")


def _address(raw: Any, pdf: Any, note: Any) -> str:
    """Give where a link leads outside."""
    link = raw.FPDFAnnot_GetLink(note)
    action = raw.FPDFLink_GetAction(link) if link else None
    size = raw.FPDFAction_GetURIPath(pdf, action, None, 0) if action else 0
    if not 1 < size < 100_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(pdf, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def _described(raw: Any, page: Any) -> list[str]:
    """Give what is said of the pictures and passages of a page for those who do not see them."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    told: list[str] = []
    open_ = [
        (raw.FPDF_StructTree_GetChildAtIndex(tree, number), 0)
        for number in range(min(raw.FPDF_StructTree_CountChildren(tree), _MOST_DESCRIBED))
    ]
    seen = 0
    while open_ and seen < _MOST_DESCRIBED:
        one, level = open_.pop()
        if not one:
            continue
        seen += 1
        for fetch in (raw.FPDF_StructElement_GetAltText, raw.FPDF_StructElement_GetActualText):
            if text := _wide(fetch, one):
                told.append(text)
        if level < _LEVELS:
            open_ += [
                (raw.FPDF_StructElement_GetChildAtIndex(one, number), level + 1)
                for number in range(min(max(raw.FPDF_StructElement_CountChildren(one), 0), _MOST_DESCRIBED))
            ]
    raw.FPDF_StructTree_Close(tree)
    return told


def _headings(pdf: Any) -> list[str]:
    told: list[str] = []
    with contextlib.suppress(Exception):  # an outline that leads in circles or nowhere
        for item in pdf.get_toc(max_depth=_LEVELS):
            title = item.get_title() if hasattr(item, "get_title") else item.title
            told.append(str(title))
            if len(told) >= _MOST_HEADINGS:
                break
    return told


def _notes(
    raw: Any, pdf: Any, page: Any, form: Any
) -> tuple[list[str], list[list[str]], list[str], int, bool]:
    """Give the remarks on a page, its fields with their values, where its links lead, how many files hang on it, and whether
    anything but links may show something of its own.
    """
    shows = False
    links: list[str] = []
    notes: list[str] = []
    fields: list[list[str]] = []
    files = 0
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = raw.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        kind = raw.FPDFAnnot_GetSubtype(note)
        shows = shows or kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
        if kind == raw.FPDF_ANNOT_WIDGET and form is not None:
            name = _wide(raw.FPDFAnnot_GetFormFieldAlternateName, form, note)
            name = name or _wide(raw.FPDFAnnot_GetFormFieldName, form, note)
            value = _wide(raw.FPDFAnnot_GetFormFieldValue, form, note)
            if value:
                fields.append([name, value])
        elif kind == raw.FPDF_ANNOT_LINK:
            links += filter(None, [_address(raw, pdf, note)])
        else:
            files += kind == raw.FPDF_ANNOT_FILEATTACHMENT
            text = _wide(raw.FPDFAnnot_GetStringValue, note, b"Contents")
            if text:
                notes.append(text)
        raw.FPDFPage_CloseAnnot(note)
    return notes, fields, links, files, shows


def _pictured(raw: Any, page: Any) -> float:
    """Give the share of a page that its largest picture covers."""
    whole = abs(page.get_width() * page.get_height()) or 1.0
    largest = 0.0
    for number, one in enumerate(
        page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_PICTURE_LEVELS)
    ):
        if number >= _MOST_PICTURES:
            break
        left, bottom, right, top = one.get_bounds()
        largest = max(largest, abs((right - left) * (top - bottom)) / whole)
    return min(largest, 1.0)


def _text_of(page: Any) -> tuple[str, list[str]]:
    """Give the text of a page, and the lines of it whose letters stand in the other direction than they are written."""
    texts = page.get_textpage()
    count = texts.count_chars()
    text = texts.get_text_range(0, min(count, _MOST_CHARACTERS)) if count > 0 else ""
    turned = []
    if len(text) == count <= _MOST_PLACED:
        at = 0
        for line in text.split("\n"):
            word = line.strip()
            if len(word) >= _LEAST_LETTERS and not any("\u0590" <= char <= "\u08ff" for char in word):
                first = at + line.index(word[0])
                left, right = (texts.get_charbox(place)[0] for place in (first, first + len(word) - 1))
                if right < left:
                    turned.append(word[::-1])
            at += len(line) + 1
    texts.close()
    return text, turned


def _told_more(text: str, before: list[str]) -> list[str]:
    """Give the lines of a text without the words that stand in others, each as often as it stands there."""
    if not text:
        return []
    left = Counter(word for known in before for word in known.split())
    lines = []
    for line in text.splitlines():
        words = []
        for word in line.split():
            if left[word] > 0:
                left[word] -= 1
            else:
                words.append(word)
        lines.append(" ".join(words))
    return [line for line in lines if len(line) >= _LEAST_LETTERS]


def _drawn_letters(raw: Any, page: Any) -> str:
    """Give the text of a page as its letters are drawn, where the document says that they stand for something else."""
    found = False
    for number in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        one = raw.FPDFPage_GetObject(page, number)
        for place in reversed(range(min(max(raw.FPDFPageObj_CountMarks(one), 0), _LEVELS))):
            mark = raw.FPDFPageObj_GetMark(one, place)
            if mark and _stands_for(raw, mark):
                raw.FPDFPageObj_RemoveMark(one, mark)
                found = True
    return _text_of(page)[0] if found else ""


def _stands_for(raw: Any, mark: Any) -> bool:
    for number in range(min(max(raw.FPDFPageObjMark_CountParams(mark), 0), _LEVELS)):
        name, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
        raw.FPDFPageObjMark_GetParamKey(
            mark, number, ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort)), len(name), size
        )
        if name.raw[: size.value].decode("utf-16-le", "replace").rstrip("\0") == "ActualText":
            return True
    return False


def _stamped(raw: Any, pdf: Any, number: int) -> str:
    """Give the text of a page with what its remarks, stamps and fields show on it, hidden ones too."""
    page = pdf.get_page(number)
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = raw.FPDFPage_GetAnnot(page, place)
        if note:
            shown = raw.FPDFAnnot_GetFlags(note) & ~(_INVISIBLE | _HIDDEN | _NOT_VIEWED)
            raw.FPDFAnnot_SetFlags(note, shown | _PRINTED)
            raw.FPDFPage_CloseAnnot(note)
    flattened = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
    page.close()
    if not flattened:
        return ""
    page = pdf.get_page(number)
    text = _text_of(page)[0]
    page.close()
    return text


def _page(raw: Any, pdf: Any, number: int) -> None:
    page = pdf.get_page(number)
    text, turned = _text_of(page)
    form = pdf.formenv.raw if pdf.formenv is not None else None
    notes, fields, links, files, shows = _notes(raw, pdf, page, form)
    told = [text, *notes, *(f"{name} {value}" for name, value in fields)]
    drawn = _told_more(_drawn_letters(raw, page), told)
    stamped = _told_more(_stamped(raw, pdf, number), told) if shows else []
    _say(
        page=number + 1,
        text=text,
        turned=turned,
        drawn=drawn,
        stamped=stamped,
        cut=len(text) >= _MOST_CHARACTERS,
        picture=round(_pictured(raw, page), 3),
        notes=notes,
        fields=fields,
        files=files,
        links=links,
        described=_described(raw, page),
        objects=raw.FPDFPage_CountObjects(page),
        ruled=_is_ruled(_rules(raw, page)),
    )
    page.close()


def _upright(turned: int, left: float, bottom: float, right: float, top: float) -> tuple[float, ...]:
    """Give left, top, right and bottom of a box as a reader sees it, downwards, whichever way the page is turned."""
    if turned == 90:
        return bottom, left, top, right
    if turned == 180:
        return -right, bottom, -left, top
    if turned == 270:
        return -top, -right, -bottom, -left
    return left, -top, right, -bottom


def _rules(raw: Any, page: Any) -> list[tuple[float, ...]]:
    """Give the lines that are drawn on a page, and the sides of the boxes, in points and downwards."""
    turned = page.get_rotation()
    told: list[tuple[float, ...]] = []
    sides = [ctypes.c_float() for _ in range(4)]
    for number in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        one = raw.FPDFPage_GetObject(page, number)
        if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if not raw.FPDFPageObj_GetBounds(one, *sides):
            continue
        left, top, right, bottom = _upright(turned, *(side.value for side in sides))
        if right - left < _THIN or bottom - top < _THIN:
            told.append((left, top, right, bottom))
        elif raw.FPDFPath_CountSegments(one) <= _BOX_SEGMENTS:
            told += [(left, top, right, top), (left, bottom, right, bottom)]
            told += [(left, top, left, bottom), (right, top, right, bottom)]
    return told


def _is_ruled(rules: list[tuple[float, ...]]) -> bool:
    """Tell whether so many lines stand both ways that a table may be ruled by them."""
    down = {round(left) for left, top, right, bottom in rules if right - left < bottom - top}
    across = {round(top) for left, top, right, bottom in rules if right - left >= bottom - top}
    return min(len(down), len(across)) >= _LEAST_RULES


def _words(raw: Any, pdf: Any, number: int) -> None:
    """Tell the words of a page, each with its line among the lines of the text and with its place, and the lines drawn on it."""
    page = pdf.get_page(number)
    texts = page.get_textpage()
    turned = page.get_rotation()
    words: list[list[Any]] = []
    open_: list[Any] = []
    line = 0
    for at in range(min(texts.count_chars(), _MOST_PLACED)):
        code = raw.FPDFText_GetUnicode(texts.raw, at)
        if code in _BLANKS:
            line += code == 10
            open_ = []
            continue
        left, top, right, bottom = _upright(turned, *texts.get_charbox(at, loose=True))
        # letters such as L and V stand in each other's room, in large print by more than a point
        if open_ and abs(left - open_[3]) >= _APART * (bottom - top):
            open_ = []
        if not open_:
            open_ = [line, left, top, right, bottom, ""]
            words.append(open_)
        open_[2], open_[4] = min(open_[2], top), max(open_[4], bottom)
        open_[3] = max(open_[3], right)
        open_[5] += chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    _say(page=number + 1, words=words, rules=_rules(raw, page))
    texts.close()
    page.close()


def _picture(pdf: Any, number: int, side: int, folder: str) -> None:
    """Write a page as a picture whose longer side has so many pixels, however large the page says it is."""
    page = pdf.get_page(number)
    width, height = page.get_width(), page.get_height()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        raise ValueError(f"it is {width:g} by {height:g} points large")
    scale = side / max(width, height)
    shown = page.render(scale=scale, rev_byteorder=True)
    wide, high, step = shown.width, shown.height, shown.stride
    channels = shown.n_channels
    pixels = memoryview(shown.buffer).cast("B")
    packer = zlib.compressobj(1)
    packed = bytearray()
    for row in range(high):
        line = bytes(pixels[row * step : row * step + wide * channels])
        if channels == 4:
            kept = bytearray(wide * 3)
            kept[0::3], kept[1::3], kept[2::3] = line[0::4], line[1::4], line[2::4]
            line = bytes(kept)
        packed += packer.compress(b"\0" + line)
    packed += packer.flush()
    head = struct.pack(">IIBBBBB", wide, high, 8, 0 if channels == 1 else 2, 0, 0, 0)
    path = os.path.join(folder, f"page-{number}")
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in ((b"IHDR", head), (b"IDAT", bytes(packed)), (b"IEND", b"")):
            file.write(
                struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            )
    _say(page=number + 1, path=path, scale=scale)
    page.close()


def _again(raw: Any, pdf: Any, asked: dict[str, Any], folder: str) -> None:
    """Look at pages a second time."""
    for page in asked["pages"]:
        try:
            if asked["what"] == "words":
                _words(raw, pdf, page - 1)
            else:
                _picture(pdf, page - 1, asked["side"], folder)
        except Exception as problem:
            _say(fault="page", page=page, why=str(problem) or type(problem).__name__)
    _say(end=True)


def _files(pdf: Any, folder: str, most: int) -> None:
    for number in range(min(pdf.count_attachments(), _MOST_FILES)):
        name = f"attachment {number + 1}"
        try:
            one = pdf.get_attachment(number)
            name = one.get_name() or name
            data = bytes(one.get_data())
        except Exception as problem:
            _say(unread=name, why=str(problem))
            continue
        if len(data) > most:
            _say(unread=name, why=f"it has {len(data)} bytes")
            continue
        path = os.path.join(folder, f"file-{number}")
        with open(path, "wb") as file:
            file.write(data)
        _say(file=name, path=path)


def _forms(raw: Any, pdf: Any, folder: str) -> str:
    """Copy what a form of XFA holds, which the pages do not show; give the kind of form."""
    kind = pdf.get_formtype()
    if kind not in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
        if kind != raw.FORMTYPE_NONE:
            pdf.init_forms()
        return ""
    for number in range(min(raw.FPDF_GetXFAPacketCount(pdf), 100)):
        size = raw.FPDF_GetXFAPacketName(pdf, number, None, 0)
        name = ctypes.create_string_buffer(max(size, 1))
        raw.FPDF_GetXFAPacketName(pdf, number, name, size)
        if name.value not in (b"datasets", b"template"):
            continue
        length = ctypes.c_ulong()
        raw.FPDF_GetXFAPacketContent(pdf, number, None, 0, length)
        content = ctypes.create_string_buffer(max(length.value, 1))
        raw.FPDF_GetXFAPacketContent(pdf, number, content, length.value, length)
        path = os.path.join(folder, f"xfa-{number}")
        with open(path, "wb") as file:
            file.write(content.raw[: length.value])
        _say(file=f"XFA {name.value.decode('ascii')}", path=path)
    return "xfa"


def main(arguments: list[str]) -> None:
    """Take one file apart."""
    library, path, folder, first, cpu_s, memory, file_bytes, most_pages, again = arguments
    _limit(int(cpu_s), int(memory), int(file_bytes))
    sys.path.append(library)
    try:
        import pypdfium2
        from pypdfium2 import raw
    except (ImportError, OSError) as problem:
        _say(fault="library", why=str(problem))
        return
    raw: Any = raw  # type: ignore[no-redef]
    try:
        pdf: Any = pypdfium2.PdfDocument(path)
        pages = len(pdf)
    except pypdfium2.PdfiumError as problem:
        encrypted = getattr(problem, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        _say(fault="password" if encrypted else "damaged", why=str(problem))
        return
    start = int(first)
    if again:
        _fields_only(pdf)
        _again(raw, pdf, json.loads(again), folder)
        return
    _say(pages=pages, scripts=bool(raw.FPDFDoc_GetJavaScriptActionCount(pdf) > 0))
    if start == 0:
        # What belongs to the whole document comes once, with the first page.
        told = {name: pdf.get_metadata_value(name) for name in _PROPERTIES}
        _say(properties={name: text for name, text in told.items() if text}, headings=_headings(pdf))
    _say(form=_forms(raw, pdf, folder) if start == 0 else _fields_only(pdf))
    for number in range(start, min(pages, int(most_pages))):
        try:
            _page(raw, pdf, number)
        except (pypdfium2.PdfiumError, MemoryError, ValueError) as problem:
            _say(fault="page", page=number + 1, why=str(problem) or type(problem).__name__)
    _files(pdf, folder, int(file_bytes))
    _say(end=True)


def _fields_only(pdf: Any) -> str:
    if pdf.get_formtype() == 1:  # a form of the usual kind
        pdf.init_forms()
    return ""


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    # Nothing is left to be put in order, and the library's own order of ending is not to be trusted with damaged files.
    os._exit(0)
