"""A document as a Word file that can be edited before it is sent: real headings, real tables, the same bytes every time.

Built with python-docx and packed again with the times of the document, since a ZIP holds the clock of its making.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from functools import cache
from typing import Any

from proscribe.documents.blocks import (
    Block,
    Bullets,
    Fields,
    Heading,
    Layout,
    Notice,
    Paragraph,
    Picture,
    Signatures,
    Statement,
    Table,
)
from proscribe.documents.schema import missing_extra
from proscribe.model.pictures import Crop
from proscribe.wording.shown import visible

_FONT = "Georgia"
_HAN_FONT = "SimSun"
_MM = 36_000  # English metric units in a millimetre
_PAGES = {"us-letter": (216, 279), "a4": (210, 297)}
_MARGIN_MM = 21
_KEPT_ROWS = 12
#: Hundredths of a millimetre of a pixel of a picture, and how high one is at most.
_MM_A_PIXEL, _HIGHEST_MM = 20, 90
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: Of paragraphs that are not of the size of running text, in points.
_SIZES = {"small": 9, "lead": 14}


def docx(layout: Layout) -> bytes:
    """Write the document as DOCX.

    Raises:
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    try:
        import docx as python_docx
    except ImportError as error:
        raise missing_extra("writing a Word file", "python-docx") from error
    document = python_docx.Document()
    _Writer(document, layout).write()
    raw = io.BytesIO()
    document.save(raw)
    return _packed(raw.getvalue(), datetime.fromisoformat(layout.made_at))


def _packed(data: bytes, made_at: datetime) -> bytes:
    """Pack the parts in a fixed order with one time, without the template's picture."""
    moment = max(made_at.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = [one for one in source.namelist() if one != "docProps/thumbnail.jpeg"]
        # [Content_Types].xml first, as programs expect it.
        for name in sorted(names, key=lambda one: (one != "[Content_Types].xml", one)):
            content = source.read(name)
            if name == "_rels/.rels":
                content = _without_thumbnail(content)
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            target.writestr(info, content)
    return out.getvalue()


def _without_thumbnail(content: bytes) -> bytes:
    # The part is the template's own; its relations are written one element each.
    return re.sub(rb"<Relationship [^>]*thumbnail\.jpeg[^>]*/>", b"", content)


class _Writer:
    """Writes blocks into a document of python-docx."""

    def __init__(self, document: Any, layout: Layout) -> None:
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Emu, Pt, RGBColor

        self.document = document
        self.layout = layout
        self.element, self.qn = OxmlElement, qn
        self.named = cache(lambda name: qn(f"w:{name}"))
        self.emu, self.pt, self.rgb = Emu, Pt, RGBColor
        self.right, self.left_table = WD_ALIGN_PARAGRAPH.RIGHT, WD_TABLE_ALIGNMENT.LEFT
        width, height = _PAGES[layout.page]
        section = document.sections[0]
        section.page_width, section.page_height = Emu(width * _MM), Emu(height * _MM)
        section.left_margin = section.right_margin = Emu(_MARGIN_MM * _MM)
        section.top_margin = section.bottom_margin = Emu(_MARGIN_MM * _MM)
        self.width = (width - 2 * _MARGIN_MM) * _MM

    def write(self) -> None:
        self._properties()
        self._styles()
        self._edges()
        self._styled("Title", self.layout.title)
        self._styled("Subtitle", self.layout.subtitle)
        for block in self.layout.blocks:
            self._block(block)

    def _properties(self) -> None:
        core = self.document.core_properties
        made_at = datetime.fromisoformat(self.layout.made_at).astimezone(UTC).replace(tzinfo=None)
        core.title = _text(self.layout.title)[:250]
        core.author = core.last_modified_by = _text(self.layout.organisation)[:250]
        core.subject = _text(self.layout.subtitle)[:250]
        core.identifier = self.layout.id
        core.keywords = self.layout.digest
        core.comments = ""
        core.language = self.layout.language
        core.created = core.modified = core.last_printed = made_at
        core.revision = 1

    def _styles(self) -> None:
        styles = self.document.styles
        for name, size, bold, colour in (
            ("Normal", 10.5, False, "1B1B1B"), ("Title", 18, True, "1B1B1B"), ("Subtitle", 11, False, "565C65"),
            ("Heading 1", 13, True, "1B1B1B"), ("Heading 2", 11, True, "1B1B1B"), ("Heading 3", 10.5, True, "1B1B1B"),
            ("Caption", 8.5, False, "565C65"),
        ):  # fmt: skip
            style = styles[name]
            font = style.font
            font.name, font.size, font.bold, font.italic = _FONT, self.pt(size), bold, False
            font.color.rgb = self.rgb.from_string(colour)
            properties = style.element.get_or_add_rPr()
            fonts = properties.find(self.qn("w:rFonts"))
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(self.qn(f"w:{theme}"), None)
            fonts.set(self.qn("w:hAnsi"), _FONT)
            fonts.set(self.qn("w:eastAsia"), _HAN_FONT)
            language = self.element("w:lang")
            language.set(self.qn("w:val"), "en-US" if self.layout.page == "us-letter" else "en-GB")
            language.set(self.qn("w:eastAsia"), "zh-CN")
            for old in properties.findall(self.qn("w:lang")):
                properties.remove(old)
            properties.append(language)
        title = styles["Title"].element.get_or_add_pPr()
        for border in title.findall(self.qn("w:pBdr")):
            title.remove(border)
        styles["Caption"].paragraph_format.keep_with_next = True
        styles["Caption"].paragraph_format.space_before = self.pt(6)
        styles["Caption"].paragraph_format.space_after = self.pt(2)
        styles["Normal"].paragraph_format.space_after = self.pt(6)

    def _edges(self) -> None:
        section = self.document.sections[0]
        footer = section.footer.paragraphs[0]
        self._run(footer, f"{self.layout.id} · data SHA-256 {self.layout.digest[:16]}… · Page ", 8, grey=True)
        self._field(footer, "PAGE")
        self._run(footer, " of ", 8, grey=True)
        self._field(footer, "NUMPAGES")
        if self.layout.state == "refused":
            header = section.header.paragraphs[0]
            header.alignment = self.right
            self._run(header, "Refused: not to be signed", 8.5, bold=True)

    def _field(self, paragraph: Any, name: str) -> None:
        for kind, text in (("begin", ""), ("", name), ("separate", ""), ("", "1"), ("end", "")):
            run = self._run(paragraph, "", 8, grey=True)
            if kind:
                mark = self.element("w:fldChar")
                mark.set(self.qn("w:fldCharType"), kind)
            else:
                mark = self.element("w:instrText" if text == name else "w:t")
                mark.text = text
            run._r.append(mark)

    def _run(
        self, paragraph: Any, text: str, size: float = 0.0, *, bold: bool = False, grey: bool = False
    ) -> Any:
        run = paragraph.add_run()
        self._write(run._r, text, size, bold=bold, grey=grey)
        return run

    def _styled(self, style: str, text: str = "") -> Any:
        """Add a paragraph of a style of the template of python-docx, whose ids are its names without spaces.

        Given the name, python-docx looks through all styles for every paragraph.
        """
        paragraph = self.document.add_paragraph(_text(text))
        paragraph._p.style = style.replace(" ", "")
        return paragraph

    # Thousands of runs and cells are written as elements: by the properties of python-docx, that is most of a document's time.

    def _add(self, parent: Any, name: str, **values: str) -> Any:
        """Add an element at the end of another, with attributes by name."""
        made = parent.makeelement(self.named(name))
        parent.append(made)
        for attribute, value in values.items():
            made.set(self.named(attribute), value)
        return made

    def _write(self, run: Any, text: str, size: float, *, bold: bool = False, grey: bool = False) -> None:
        """Write text into an empty run; a size of 0 is that of its paragraph."""
        if bold or grey or size:
            properties = self._add(run, "rPr")
            if bold:
                self._add(properties, "b")
            if grey:
                self._add(properties, "color", val="565C65")
            if size:
                self._add(properties, "sz", val=str(int(size * 2)))
        for index, line in enumerate(text.replace("\r\n", "\n").split("\n")):
            if index:
                self._add(run, "br")
            if line:
                shown = _text(line)
                letters = self._add(run, "t")
                letters.text = shown
                if len(shown.strip()) < len(shown):
                    letters.set(_SPACE, "preserve")

    def _block(self, block: Block) -> None:
        match block:
            case Heading(text, level, new_page):
                heading = self._styled(f"Heading {level}", text)
                heading.paragraph_format.page_break_before = new_page
            case Paragraph(text, style):
                self._run(
                    self.document.add_paragraph(), text, _SIZES.get(style, 0), bold=style in ("strong", "lead"),
                    grey=style == "small",
                )  # fmt: skip
            case Fields(caption, rows):
                self._table(caption, ("What", "Value"), rows, (32, 68), (), first_bold=True)
            case Table(caption, header, rows, widths, numeric):
                self._table(caption, header, rows, widths, numeric)
            case Bullets(entries):
                for one in entries:
                    self._run(self._styled("List Bullet"), one, 9.5)
            case Notice(kind, title, entries):
                self._notice(title, entries, heavy=kind in ("refused", "overridden"))
            case Statement(citation, text, answer, _):
                self._statement(citation, text, answer)
            case Picture(caption, entries, crop):
                self._picture(caption, entries, crop)
            case Signatures(people):
                for part, name, title, when in people:
                    self._signature(part, name, title, when)

    def _picture(self, caption: str, entries: tuple[str, ...], crop: Crop) -> None:
        self._styled("Caption", caption)
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        most = _HIGHEST_MM * _MM * crop.width // crop.height
        wide = min(self.width, crop.width * _MM_A_PIXEL * _MM // 100, most)
        shape = paragraph.add_run().add_picture(io.BytesIO(crop.data), width=self.emu(wide))
        shape._inline.docPr.set("descr", _text("; ".join((caption, *entries)))[:1_000])
        self._run(self.document.add_paragraph(), "\n".join(entries), 9)

    def _statement(self, citation: str, text: str, answer: str) -> None:
        paragraph = self.document.add_paragraph()
        self._border(paragraph, ("left",), 18)
        self._run(paragraph, text, 11)
        paragraph.paragraph_format.keep_with_next = True
        below = self.document.add_paragraph()
        self._border(below, ("left",), 18)
        self._run(below, citation + (" · Answer: " if answer else ""), 9, grey=True)
        if answer:
            self._run(below, answer, bold=True)

    def _notice(self, title: str, entries: tuple[str, ...], *, heavy: bool) -> None:
        # Paragraphs of equal borders are drawn as one frame.
        for index, text in enumerate((title, *entries)):
            paragraph = self.document.add_paragraph()
            self._border(paragraph, ("top", "left", "bottom", "right"), 12 if heavy else 6)
            self._run(paragraph, text, bold=index == 0)
            paragraph.paragraph_format.keep_with_next = index < len(entries)

    def _border(self, paragraph: Any, sides: tuple[str, ...], size: int) -> None:
        properties = paragraph._p.get_or_add_pPr()
        borders = self.element("w:pBdr")
        for side in sides:
            line = self.element(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(size)), ("space", "6"), ("color", "1B1B1B")):
                line.set(self.qn(f"w:{name}"), value)
            borders.append(line)
        properties.append(borders)

    def _signature(self, part: str, name: str, title: str, when: str) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        self._run(paragraph, part, bold=True)
        self._run(paragraph, f"\n{name or 'not named'}{f', {title}' if title else ''}")
        self._run(paragraph, f"\n{when}" if when else "", 9, grey=True)
        line = self.document.add_paragraph()
        line.paragraph_format.space_before = self.pt(18)
        self._border(line, ("top",), 6)
        self._run(line, "Signature", 9, grey=True)

    def _table(
        self,
        caption: str,
        header: tuple[str, ...],
        rows: tuple[tuple[str, ...], ...],
        widths: tuple[int, ...],
        numeric: tuple[int, ...],
        *,
        first_bold: bool = False,
    ) -> None:
        self._styled("Caption", caption)
        table = self.document.add_table(rows=0, cols=len(header))
        table.alignment = self.left_table
        table.autofit = False
        properties = table._tbl.tblPr
        borders = self.element("w:tblBorders")
        for side in ("top", "bottom", "insideH"):
            line = self.element(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C9CDD2")):
                line.set(self.qn(f"w:{name}"), value)
            borders.append(line)
        # The order of the children is set by the schema (ECMA-376, CT_TblPr): borders, layout, look, caption.
        layout = properties.find(self.qn("w:tblLayout"))
        layout.addprevious(borders)
        told = self.element("w:tblCaption")
        told.set(self.qn("w:val"), _text(caption)[:250])
        properties.append(told)
        total = sum(widths)
        sizes = [self.width * one // total for one in widths]
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = self.emu(size)
        # A small table stays on one page: each of its lines keeps with the next.
        kept = len(rows) if len(rows) <= _KEPT_ROWS else 0
        lines = [str(self.emu(size).twips) for size in sizes]
        self._row(table, header, lines, numeric, head=True, kept=kept > 0)
        for place, row in enumerate(rows, 1):
            self._row(table, row, lines, numeric, first_bold=first_bold, kept=place < kept)
        space = self.document.add_paragraph()
        space.paragraph_format.space_after = self.pt(0)

    def _row(
        self,
        table: Any,
        texts: tuple[str, ...],
        widths: list[str],
        numeric: tuple[int, ...],
        *,
        head: bool = False,
        first_bold: bool = False,
        kept: bool = False,
    ) -> None:
        row = self._add(table._tbl, "tr")
        properties = self._add(row, "trPr")
        self._add(properties, "cantSplit")
        if head:
            self._add(properties, "tblHeader")
        for index, (text, width) in enumerate(zip(texts, widths, strict=True)):
            cell = self._add(row, "tc")
            about = self._add(cell, "tcPr")
            self._add(about, "tcW", type="dxa", w=width)
            if head:
                self._add(about, "shd", val="clear", color="auto", fill="F1F3F5")
            paragraph = self._add(cell, "p")
            form = self._add(paragraph, "pPr")
            if kept:
                self._add(form, "keepNext")
            self._add(form, "spacing", after="40")
            if index in numeric:
                self._add(form, "jc", val="right")
            shown = text if text or head or index else "–"
            run = self._add(paragraph, "r")
            self._write(run, shown or "–", 8.5, bold=head or (first_bold and index == 0))


def _text(text: str) -> str:
    """Make text fit for XML and for a reader: control, hidden and turning characters become visible."""
    return visible(text)
