"""How well lines of invoices are read: 20 made-up invoices, each as a PDF of text, a scan and a photograph.

    python bench/invoices.py make                    # write them into build/bench/invoices/{tune,check}, with lines.jsonl
    python bench/invoices.py measure --side tune --form text

A line is *read* when one record holds its product number and its quantity, *seen* when its product number stands in any record. A
*false* line is a record of a table with a quantity that is no line: a total, a tax, an address. Devices are those of
`plates/devices.csv`; sellers, buyers, order numbers and prices are made up. Needs the extras `app` and `photos`.
"""

from __future__ import annotations

import argparse
import io
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import typst
from PIL import Image
from plate_drawing import taken
from plate_set import Device, devices
from plates import plain, scanned

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build/bench/invoices"
FORMS = ("text", "scan", "photograph")
INVOICES = 20
#: Heads of columns by language: position, quantity, number, description, unit price, amount; then total, tax, number and date.
_WORDING = {
    "en": (("Pos", "Qty", "Part No.", "Description", "Unit price", "Amount"), ("Total", "VAT 20 %", "Invoice", "Date")),
    "de": (("Pos.", "Menge", "Artikelnummer", "Bezeichnung", "Einzelpreis", "Gesamt"), ("Summe", "MwSt.", "Rechnung", "Datum")),
    "fr": (("Pos.", "Qté", "Référence", "Désignation", "Prix unitaire", "Montant"), ("Total", "TVA 20 %", "Facture", "Date")),
    "es": (("Pos.", "Cantidad", "Referencia", "Descripción", "Precio", "Importe"), ("Total", "IVA 21 %", "Factura", "Fecha")),
}  # fmt: skip
_SELLERS = ("Harrow Supplies Ltd", "Mill Lane Networks", "Northgate Systems", "Riverside Trading")
#: Heads of the columns of counts.
_COUNTS = frozenset(heads[1] for heads, _ in _WORDING.values())
#: Lines of one page; what is beyond stands on the next, below the head of the table once more.
_A_PAGE = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice: page and line from 1, and what it sells."""

    page: int
    line: int
    qty: int
    maker: str
    model: str
    description: str
    unit_price: str
    covered: bool


def invoice(number: int) -> tuple[str, list[Line]]:
    """Give the source of an invoice and its lines."""
    rng = random.Random(f"invoice-{number}")
    language = sorted(_WORDING)[number // 2 % len(_WORDING)]  # all languages on both sides
    head, said = _WORDING[language]
    count = rng.choice((2, 4, 7, 11, 20))
    chosen = [one for one in devices() if one.side == _side(number) and "latin" in one.scripts]
    lines = [_line(place, rng.choice(chosen), rng) for place in range(count)]
    pages = []
    for first in range(0, count, _A_PAGE):
        cells = [f"*{name}*" for name in head]
        for one in lines[first : first + _A_PAGE]:
            amount = f"{float(one.unit_price) * one.qty:.2f}"
            place = first + one.line if first else one.line
            cells += [
                str(place),
                str(one.qty),
                _safe(one.model),
                _safe(one.description),
                one.unit_price,
                amount,
            ]
        shown, rule = ", ".join(f"[{text}]" for text in cells), rng.choice(("none", "0.5pt"))
        pages.append(f"#table(columns: (auto, auto, auto, 1fr, auto, auto), stroke: {rule},\n {shown})")
    total = sum(float(one.unit_price) * one.qty for one in lines)
    top = f"= {rng.choice(_SELLERS)}\n12 Mill Lane, Northgate\n\n{said[2]}: R-{2000 + number}\\\n"
    top += f"{said[3]}: 2023-{number % 12 + 1:02}-14\n\n"
    foot = (
        f"\n{said[1]}: {total * 0.2:.2f}\n\n*{said[0]}: {total * 1.2:.2f}*\n\nIBAN XX00 0000 0000 0000 0000"
    )
    return '#set page("a4", margin: 18mm)\n#set text(size: 9.5pt)\n' + top + "\n#pagebreak()\n".join(
        pages
    ) + foot, lines


def _line(place: int, device: Device, rng: random.Random) -> Line:
    description = rng.choice((f"{device.brand} {device.what}", f"{device.what} {device.brand}", device.what))
    return Line(place // _A_PAGE + 1, place % _A_PAGE + 1, rng.choice((1, 2, 4, 10, 24)), device.brand, device.model,
                description, f"{rng.randint(20, 900)}.{rng.choice(('00', '50', '95'))}", device.group != "other")  # fmt: skip


def _safe(text: str) -> str:
    return "".join(f"\\{one}" if one in "#*_[]$@<>~`\\-/+" else one for one in text)


def _side(number: int) -> str:
    return "tune" if number % 2 else "check"


def make() -> None:
    """Write the set; what is there already is left."""
    truth: dict[str, list[str]] = defaultdict(list)
    for number in range(INVOICES):
        side = _side(number)
        (FOLDER / side).mkdir(parents=True, exist_ok=True)
        source, lines = invoice(number)
        pdf = typst.compile(source.encode(), format="pdf", timestamp=0)
        for form in FORMS:
            for name, content in _as(form, number, pdf):
                path = FOLDER / side / name
                if not path.exists():
                    path.write_bytes(content)
            truth[side].append(
                json.dumps(
                    {"invoice": number, "form": form, "lines": [asdict(one) for one in lines]},
                    ensure_ascii=False,
                )
            )
    for side, of in truth.items():
        (FOLDER / side / "lines.jsonl").write_text("\n".join(of) + "\n", "utf-8")


def _as(form: str, number: int, pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one form: a PDF, or a photograph of each page."""
    if form == "text":
        yield f"text-{number:02}.pdf", pdf
        return
    rng = random.Random(f"{form}-{number}")
    noise = np.random.default_rng(number)
    pages = [
        np.asarray(page.render(scale=150 / 72).to_pil().convert("RGB")) for page in pypdfium2.PdfDocument(pdf)
    ]
    if form == "photograph":
        for place, page in enumerate(pages, 1):
            damages = {"perspective": 0.12, "rotation": 0.04, "jpeg": 0.2, "noise": 0.05}
            yield f"photograph-{number:02}-{place}.jpg", taken([page], damages, rng, photo=(1500, 2000))
        return
    made = []
    for page in pages:
        grey = np.clip(page.mean(axis=2) + noise.normal(0, 8, page.shape[:2]), 0, 255).astype(np.uint8)
        made.append(
            Image.fromarray(grey).rotate(
                rng.uniform(-0.7, 0.7), fillcolor=250, resample=Image.Resampling.BICUBIC
            )
        )
    held = io.BytesIO()
    made[0].save(held, "PDF", save_all=True, append_images=made[1:], resolution=150, quality=70)
    yield f"scan-{number:02}.pdf", held.getvalue()


def measure(side: str, forms: Sequence[str], every: int) -> dict[str, dict[str, float]]:
    """Read invoices of some forms; give shares by form."""
    folder = FOLDER / side
    truths = [json.loads(line) for line in (folder / "lines.jsonl").read_text("utf-8").splitlines()]
    truths = [one for one in truths if one["form"] in forms and one["invoice"] // 2 % every == 0]
    files = [path for one in truths for path in sorted(folder.glob(f"{one['form']}-{one['invoice']:02}*"))]
    told = scanned(files)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in truths:
        begin = f"{one['form']}-{one['invoice']:02}"
        records = [cells for name, (_, of) in told.items() if name.startswith(begin) for _, cells in of]
        found = counts[one["form"]]
        for line in one["lines"]:
            holding = [
                cells
                for cells in records
                if any(plain(line["model"]) in plain(text) for text in cells.values())
            ]
            found[0] += 1
            found[1] += bool(holding)
            found[2] += any(str(line["qty"]) in cells.values() for cells in holding)
        models = [plain(line["model"]) for line in one["lines"]]
        found[3] += sum(
            bool(_COUNTS & cells.keys())
            and not any(model in plain(text) for text in cells.values() for model in models)
            for cells in records
        )
    return {
        form: {
            "lines": of[0],
            "seen": round(of[1] / of[0], 3),
            "read": round(of[2] / of[0], 3),
            "false": of[3],
        }
        for form, of in counts.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", choices=("make", "measure"))
    parser.add_argument("--side", choices=("tune", "check"), default="check")
    parser.add_argument("--form", choices=FORMS, action="append")
    parser.add_argument("--every", type=int, default=1, help="one invoice in so many")
    given = parser.parse_args(arguments)
    make()
    if given.work == "measure":
        figures: Any = measure(given.side, given.form or FORMS, given.every)
        print(json.dumps(figures, indent=1))
        if given.side == "check" and given.every == 1 and not given.form:
            (ROOT / "bench/results/invoices.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
