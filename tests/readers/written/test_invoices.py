"""Invoices and delivery notes on paper: the table by where its heads stand, and nothing lost beside it."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdfium2
import pytest

from proscribe import scan
from proscribe.readers.written.invoices import about, may_hold_table, table_of
from proscribe.readers.written.positions import Word

Cell = tuple[float, float, str]


def _pdf_builders() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pdf_builders", Path(__file__).with_name("test_pdf.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    vars(module)["FONT"] = module.FONT.replace(b">>", b"/Encoding/WinAnsiEncoding>>")
    return module


pages = _pdf_builders().pages


def written(cells: list[Cell]) -> bytes:
    """Give the operators that write texts at places, upwards from the lower left corner."""
    made = b"".join(
        b"1 0 0 1 %d %d Tm (%s) Tj "
        % (x, y, text.encode("latin-1").replace(b"(", b"\\(").replace(b")", b"\\)"))
        for x, y, text in cells
    )
    return b"BT /F 10 Tf " + made + b"ET"


HEADS = {
    "en": ("Pos", "Part No", "Description", "Qty", "Unit price", "Amount"),
    "de": ("Pos.", "Art.-Nr.", "Bezeichnung", "Menge", "Einzelpreis", "Gesamtpreis"),
    "fr": ("Pos", "Référence", "Désignation", "Quantité", "Prix unitaire", "Montant HT"),
    "es": ("Pos", "Referencia", "Descripción", "Cantidad", "Precio", "Importe"),
    "it": ("Pos", "Codice articolo", "Descrizione", "Quantità", "Prezzo", "Importo"),
    "nl": ("Pos", "Artikelnummer", "Omschrijving", "Aantal", "Prijs", "Bedrag"),
}
XS = (40, 75, 170, 385, 440, 510)
ROWS = (
    ("1", "DS-2CD2143G2-I", "Hikvision turret camera 4 MP", "2", "145.00", "290.00"),
    ("2", "P3245-LV", "Axis dome camera", "3", "145.00", "435.00"),
    ("3", "IPC-HFW2431S", "Dahua bullet camera, of a longer description", "4", "1.145,00", "4.580,00"),
)


def page(
    language: str, rows: Any = ROWS, *, above: tuple[str, ...] = (), below: tuple[str, ...] = ()
) -> list[Cell]:
    cells: list[Cell] = [(40, 770 - 14 * n, text) for n, text in enumerate(above)]
    cells += [(x, 680, text) for x, text in zip(XS, HEADS[language], strict=True)]
    y = 680
    for row in rows:
        y -= 20
        cells += [(x, y, text) for x, text in zip(XS, row, strict=True)]
        if row[0] == "1":
            y -= 12
            cells.append((XS[2], y, "2.8 mm, white, with wall mount"))
    return [*cells, *((40, y - 40 - 14 * n, text) for n, text in enumerate(below))]


HEAD = ("Alarm & Video GmbH", "Invoice 2026-0417", "Invoice date: 2026-03-14", "Supplier: Alarm & Video GmbH")
FOOT = (
    "Subtotal 5305.00",
    "Total 5305.00",
    "IBAN DE12 3456 7890 1234 5678 00",
    "We also service Huawei routers.",
)


def table(found: Any) -> tuple[Any, list[dict[str, str]]]:
    ((number, one),) = [
        (n, one) for n, one in enumerate(found.tables) if one.sheet in ("invoice", "delivery note", "table")
    ]
    return one, found.rows[number]


@pytest.mark.parametrize(
    ("heads", "called"),
    [
        (("Pos.", "Art.-Nr.", "Bezeichnung", "Menge", "Einzelpreis", "Gesamt"), ("Menge", "Gesamtpreis")),
        (("B/O", "Part No", "Description", "Shipped", "Unit price", "Amount"), ("Qty shipped", "Amount")),
    ],
)
def test_heads_that_say_less_than_they_mean(
    read: Any, monkeypatch: pytest.MonkeyPatch, heads: tuple[str, ...], called: tuple[str, str]
) -> None:
    monkeypatch.setitem(HEADS, "own", heads)
    told, rows = table(read(pages(written(page("own")))))
    assert [told.fields[name] for name in called] == ["quantity", "amount"]
    assert [(row[called[0]], row[called[1]]) for row in rows] == [(row[3], row[5]) for row in ROWS]


@pytest.mark.parametrize("language", HEADS)
def test_lines_of_an_invoice_are_records_with_their_columns(read: Any, language: str) -> None:
    told, rows = table(read(pages(written(page(language)))))
    names = HEADS[language]
    assert [told.fields[name] for name in names[2:]] == ["text", "quantity", "unit_cost", "amount"]
    assert told.fields[names[1]] in ("part_number", "row_id")
    assert [row[names[1]] for row in rows] == [row[1] for row in ROWS]
    assert [row[names[3]] for row in rows] == ["2", "3", "4"]
    assert rows[0][names[2]] == "Hikvision turret camera 4 MP 2.8 mm, white, with wall mount"
    assert rows[2][names[2]] == ROWS[2][2] and rows[2][names[5]] == "4.580,00"


def test_the_head_stands_on_each_line_and_what_is_no_line_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "2026-0417.pdf"
    path.write_bytes(
        pages(
            written(page("en", above=HEAD, below=("Carried forward 5305.00",))),
            written(page("en", below=FOOT)),
        )
    )
    made = scan([path])
    (text, lines) = made.scan.inputs[0].tables
    assert (lines.sheet, lines.kind, text.sheet) == ("invoice", "purchases", "text")
    assert lines.fields["Supplier"] == "vendor_name" and lines.fields["Invoice date"] == "dated_on"
    told = {(one.entity, one.locator.sheet, one.locator.pointer) for one in made.findings}
    assert told == {
        ("hikvision", "invoice", "page 1, line 6"), ("dahua", "invoice", "page 1, line 9"),
        ("hikvision", "invoice", "page 2, line 2"), ("dahua", "invoice", "page 2, line 5"),
        ("huawei", "text", "page 2, line 9"),
    }  # fmt: skip
    (dahua,) = [one for one in made.findings if one.locator.pointer == "page 2, line 5"]
    assert dahua.details.quantity == "4" and ("Supplier", "Alarm & Video GmbH") in dahua.record
    assert str(dahua.details.dated_on) == "2026-03-14"


def test_every_word_is_in_a_record_or_in_the_text(read: Any) -> None:
    found = read(pages(written(page("de", above=HEAD, below=FOOT))))
    said = " ".join(" ".join(filter(None, row.values())) for rows in found.rows.values() for row in rows)
    for text in (*HEAD, *FOOT, *(cell for row in ROWS for cell in row), "with wall mount"):
        assert text in said or set(text.split()) <= set(said.split()), text


def test_a_table_that_goes_on_without_its_head_is_read_on(read: Any) -> None:
    second = [cell for cell in page("en") if cell[1] != 680]
    _, rows = table(read(pages(written(page("en")), written(second))))
    assert [row["Part No"] for row in rows] == [row[1] for row in (*ROWS, *ROWS)]


def test_a_delivery_note_without_prices_is_read_and_answers_both_questions(tmp_path: Path) -> None:
    cells: list[Cell] = [
        (40, 760, "Lieferschein 4711"),
        *((x, 680, t) for x, t in ((40, "Pos"), (90, "Artikel"), (400, "Menge"))),
    ]
    cells += [
        (40, 660, "1"),
        (90, 660, "Hikvision DS-2CD2143G2-I"),
        (400, 660, "12 Stk"),
        (90, 640, "Unterschrift"),
        (400, 600, "J. M."),
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(pages(written(cells)))
    made = scan([path])
    (found,) = made.findings
    assert found.locator.sheet == "delivery note" and found.details.quantity == "12 Stk"
    assert [one.kind for one in made.scan.inputs[0].tables][-1] == "uncertain"


def test_a_letter_with_the_words_of_a_head_stays_a_letter(read: Any) -> None:
    lines = [
        "Please state quantity, description and price of each item.",
        "The total amount is 12 units of Hikvision DS-2CD2143G2-I.",
    ]
    found = read(pages(written([(40, 700 - 20 * n, line) for n, line in enumerate(lines)])))
    assert [row["text"] for row in found.only()] == lines


def test_a_scanned_invoice_is_read_by_where_its_words_stand(read: Any) -> None:
    document = pypdfium2.PdfDocument(pages(written(page("en", above=HEAD, below=FOOT))))
    shown = (
        document[0].render(scale=150 / 72).to_pil().convert("RGB").rotate(1.0, fillcolor="white", expand=True)
    )
    target = io.BytesIO()
    shown.save(target, "PDF", resolution=150)
    found = read(target.getvalue())
    _told, rows = table(found)
    assert [row["Part No"].replace("-1", "-I") for row in rows] == [row[1] for row in ROWS]
    assert [row["Qty"] for row in rows] == ["2", "3", "4"] and rows[0]["Invoice date"] == "2026-03-14"
    rest = " ".join(str(row.get("words")) for rows in found.rows.values() for row in rows)
    assert "Huawei" in rest and "Total" in rest and "DS-2CD2143G2-I" not in rest


def words(*lines: tuple[tuple[float, str], ...], certainty: float = 1.0) -> list[Word]:
    """Give words by line: where each begins, and its letters, ten wide and twelve high."""
    return [
        Word(text, x, 20.0 * n, x + 10.0 * len(text), 20.0 * n + 12, certainty, n)
        for n, line in enumerate(lines)
        for x, text in line
    ]


def test_heads_in_chinese_and_letters_without_certainty() -> None:
    head = ((0, "序号"), (60, "品名"), (300, "规格型号"), (460, "数量"), (540, "单价"), (620, "金额"))
    row = ((0, "1"), (60, "网络摄像机"), (300, "DS-2CD2143"), (460, "12"), (540, "350.00"), (620, "4200.00"))
    made = table_of(
        [
            *words(head),
            *[Word(w.text, w.left, 20, w.right, 32, 0.5 if w.text == "12" else 1.0, 1) for w in words(row)],
        ],
        None,
    )
    assert made is not None
    (record,) = made.records
    assert record.cells[2] == "DS-2CD2143" and record.cells[3] == "" and record.unsure == "12"


def test_names_of_columns_that_were_read_as_one_word() -> None:
    head = (
        (0, "N°"),
        (60, "Désignation"),
        (300, "Référence"),
        (460, "QuantitéPrix"),
        (590, "unitaireMontant"),
    )
    row = ((0, "1"), (60, "Caméra"), (300, "DS-2CD2143"), (460, "12"), (560, "350,00"), (690, "4200,00"))
    made = table_of(words(head, row), None)
    assert made is not None
    assert [one.name for one in made.columns[2:]] == ["Référence", "Quantité", "Prix unitaire", "Montant"]
    (record,) = made.records
    assert record.cells[2:] == ["DS-2CD2143", "12", "350,00", "4200,00"]


def test_the_first_line_is_no_second_line_of_a_head() -> None:
    head = ((0, "Désignation"), (300, "Référence"), (460, "Xyz"), (590, "Abc"))
    row = ((0, "Quantité"), (300, "DS-2CD2143"), (460, "12"), (590, "350,00"))
    made = table_of(words(head, row, row), None)
    assert made is None or len(made.records) == 2


def test_sums_end_a_table_and_a_thing_called_like_one_does_not() -> None:
    head = ((0, "Item"), (300, "Qty"), (400, "Amount"))
    lines = (
        (
            (0, "Total"),
            (60, "Station"),
            (140, "recorder"),
            (230, "for"),
            (265, "six"),
            (300, "1"),
            (400, "10.00"),
        ),
        ((0, "Camera"), (300, "2"), (400, "20.00")),
        ((0, "Total"), (400, "30.00")),
        ((0, "Bank"), (300, "3"), (400, "44.00")),
    )
    made = table_of(words(head, *lines), None)
    assert made is not None and made.ended
    assert [record.cells[0] for record in made.records] == ["Total Station recorder for six", "Camera"]


def test_what_a_paper_says_of_all_of_its_lines() -> None:
    told = about(["Rechnung Nr. 12", "Lieferant: Müller AG", "Rechnungsdatum: 3.4.2026", "Total: 12"])
    assert told.title == "invoice" and told.context == (
        ("Lieferant", "Müller AG"),
        ("Rechnungsdatum", "3.4.2026"),
    )
    assert about(["We ask you to send the invoice: soon"]).title == ""


def test_prose_and_numbers_are_no_heads() -> None:
    assert not may_hold_table(["We counted the quantity of all the items and their price in the year."] * 3)
    assert not may_hold_table(["12 34 56 78", ""])
    assert may_hold_table(["Qty", "Description", "Unit price"])


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("CREDIT NOTE 2026-18", "formerly"), ("Gutschrift Nr. 18", "formerly"), ("CANCELLED", "made_by"), ("STORNIERT", "made_by"),
        ("Facture d'avoir", "formerly"), ("Nota di credito", "formerly"),
    ],
)  # fmt: skip
def test_what_was_taken_back_only_asks(tmp_path: Path, said: str, role: str) -> None:
    (tmp_path / "one.pdf").write_bytes(pages(written(page("en", above=(*HEAD[:1], said)))))
    made = scan([tmp_path / "one.pdf"])
    told = {(one.entity, str(one.band), str(one.role)) for one in made.findings}
    assert told == {("hikvision", "possible", role), ("dahua", "possible", role)}
    assert all(one.against and one.questions for one in made.findings)


def test_words_about_credit_in_a_sentence_take_nothing_back(tmp_path: Path) -> None:
    above = (
        *HEAD,
        "No credit note will be issued for opened boxes.",
        "Orders cancelled in time cost nothing.",
    )
    (tmp_path / "one.pdf").write_bytes(pages(written(page("en", above=above))))
    assert {str(one.band) for one in scan([tmp_path / "one.pdf"]).findings} == {"confirmed"}
