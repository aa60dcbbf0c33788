"""Registered numbers: SNMP enterprise numbers, CPE vendors, vendor ids of USB, PCI and Bluetooth, FCC grantee codes.

What it does: parses the number in the notations tools print, and looks it up.
Why it matters: a registered number is an identifier; some are used without registration, and some are shared.
Example: `1.3.6.1.4.1.2011.2.239.6`, `cpe:2.3:o:hikvision:ds-2cd2032_firmware:*`, `12d1:1406`, `usb:v12D1p1506d0102`,
`ManufacturerData Key: 0x027d`, `FCC ID: 2ADTD-...`.
References: `knowledge/identifiers/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from proscribe.matching.index import Index, is_low
from proscribe.matching.record import Record
from proscribe.matching.signals import Signal

_OID = re.compile(r"(?:(?:\.?1\.3\.6\.1\.4\.1|iso\.3\.6\.1\.4\.1|enterprises)\.)(\d{1,10})((?:\.\d{1,10})*)")
#: The same without what stands before every one, alone in a cell, and what a column of them is called. Data bases have ids of
#: objects, too, and museums number theirs `2011.2.3`.
_OID_SHORT = re.compile(r"\s*\.?(\d{1,10})((?:\.\d{1,10})*)\.?\s*")
_OID_COLUMN = re.compile(r"sys[ _.-]?o|snmp|enterprise|\bpen\b|\biana\b", re.IGNORECASE)
#: Engines of SNMP (RFC 3411, SnmpEngineID): the enterprise number under the highest bit, the format, and an address or a text.
_ENGINE = re.compile(
    r"(?<![0-9a-z:.-])(?:0x)?8(?P<number>0(?P<sep>[: -]?)00(?P=sep)[0-9a-f]{2}(?P=sep)[0-9a-f]{2}"
    r"|0(?P<dash>[: -]?)0[1-9a-f](?P=dash)[0-9a-f]{2}(?P=dash)[0-9a-f]{2})[: -]?"
    r"(?:01(?:[: -]?[0-9a-f]{2}){4}|02(?:[: -]?[0-9a-f]{2}){16}|03(?:[: -]?[0-9a-f]{2}){6}"
    r"|0[45](?:[: -]?[0-9a-f]{2}){1,27})(?![0-9a-z:-])"
)
_CPE = re.compile(r"cpe:(?:2\.3:[aoh*]:|/[aoh]:)((?:[^\s:\\]|\\.)+)(?::((?:[^\s:\\]|\\.)+))?")
_HAS_ID = re.compile(r"[0-9a-f]{4}")
#: What stands behind a vendor id that `_USB` reads: the fast way to see that there is none.
_BEFORE_PRODUCT = re.compile(r"[0-9a-f]{4}[:/&,;\s]")
_USB = re.compile(
    r"(?<![0-9a-f:.])(?:(?:id)?v(?:id|endor)[_:= ]*)?(?:0x)?([0-9a-f]{4})"
    r"(?:[:/]|\s*&\s*pid_|[ ,;]+(?:id)?p(?:id|roduct)[_:= ]*(?:0x)?| 0x)([0-9a-f]{4})(?![0-9a-f:])"
)
_USB_ALONE = re.compile(r"^(?:0x)?([0-9a-f]{4})(?=\s+[a-z])")
_USB_FIELD = re.compile(r"^(?:0x)?([0-9a-f]{4})(?=\s|$)")
#: The same as programs keep it: a decimal number, alone in the cell.
_USB_DECIMAL = re.compile(r"\s*([1-9][0-9]{3,4})(?:\.0)?\s*")
_USB_LINE = re.compile(r"^(?:.{0,40}\bid )?([0-9a-f]{4}):[0-9a-f]{4}(?= +[^ ])")
_PCI = re.compile(r"pci.{0,3}ven_([0-9a-f]{4})&dev_([0-9a-f]{4})")
#: How Linux names the driver that a device asks for: `usb:v12D1p1506d0102`, `pci:v000019E5d00000200`.
_MODALIAS = re.compile(
    r"(usb|hid|input|pci):[a-z0-9]{0,12}?v(?:0000)?([0-9a-f]{4})(?:p(?:0000)?|d0000)[0-9a-f]{4}"
)
#: A number of a company in what Bluetooth devices send: said to be one, beside its value.
_BLUETOOTH = re.compile(
    r"(?:manufacturer|company|mfr|mfg)[ _-]?(?:specific[ _-]?)?(?:data|id|identifier|code|key)?\b[^0-9]{0,48}?"
    r"[<(\[ =:]0x([0-9a-f]{4})(?![0-9a-f])"
)
#: What a column of such numbers is called, and what stands in it: the number, or the data that begin with its bytes, low first.
_BLUETOOTH_COLUMN = re.compile(
    r"(?:manufacturer|company|mfr|mfg|vendor)[ _.-]?(?:id|identifier|code|data)\b", re.IGNORECASE
)
_BLUETOOTH_ALONE = re.compile(r"(?:^|, )\s*0x([0-9a-f]{4})(?![0-9a-f])")
_BLUETOOTH_BYTES = re.compile(r"\s*(?:0x)?([0-9a-f]{4})(?:[ :-]?[0-9a-f]{2})+\s*")
#: Without `id`, a code of five characters, which begins with a digit: no word does.
_FCC = re.compile(r"fcc(?:[ -]?id[:# ]*|[:# ] *(?=[0-9]))([a-z0-9]{3,5})[- ]?([a-z0-9][a-z0-9-]{1,14})")
_FCC_ALONE = re.compile(r"([a-z0-9]{3,5})-?([a-z0-9][a-z0-9-]{1,14})")
#: What stands behind a grantee code where nothing says that it is one: any product code behind five characters, that nobody
#: writes by chance, and behind three letters one that soon has a figure, as no word does: "QISHG8245H", not "yamaha-r6".
_FCC_BARE = re.compile(
    r"(?<![0-9a-z-])([0-9][a-z0-9]{4}-?|[a-z][a-z0-9]{2}-?(?=[a-z]{1,3}[0-9]))([a-z0-9][a-z0-9-]{3,13})(?![0-9a-z-])"
)
#: A grantee code that is called one, without a product behind it.
_GRANTEE = re.compile(
    r"(?<![a-z])grantee(?:[ -]?code)?(?: is|[:#=])? *([0-9][a-z0-9]{4}|[a-z][a-z0-9]{2})(?![a-z0-9])"
)
#: Letters of the older grantee codes.
_SHORT_CODE = 3


def opens_line(text: str) -> bool:
    """Tell whether a folded text begins like a line of a list of USB or PCI devices, as `foreign_vendor` reads it."""
    return _USB_LINE.match(text) is not None


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every registered number of a known entity."""
    for number, cell in enumerate(record.cells):
        text = cell.folded.text
        if "3.6.1.4.1" in text or "enterprises." in text or cell.field == "sysobjectid":
            yield from _oids(record, index, number, text)
        if "80" in text:
            yield from _engines(index, number, text)
        if "cpe:" in text:
            yield from _cpes(index, number, text)
        if cell.field not in ("mac", "cpe", "vendor_name", "maker_name", "mac_vendor") and _HAS_ID.search(
            text
        ):
            yield from _usb(record, index, number, text)
            yield from _bluetooth(record, index, number, text)
        if "fcc" in text or cell.field == "fcc_id":
            announced = list(_fcc(index, number, text, alone=cell.field == "fcc_id"))
        else:
            announced = []
        yield from announced
        if not announced and any(code in text for code in index.fcc_bare):
            yield from _fcc_bare(record, index, number)


def foreign_vendor(record: Record, index: Index) -> tuple[int, tuple[int, int]] | None:
    """Give the cell and span of a USB or PCI id that opens a device line and belongs to no vendor we know.

    `0403:f680 Sports Instrument`: the number is another maker's, so what looks like a model in the line is too.
    """
    for number, cell in enumerate(record.cells):
        found = _USB_LINE.match(cell.folded.text)
        if found is not None and found.group(1) not in index.usb_pci:
            return number, found.span()
    return None


def _signal(
    matcher: str, number: int, span: tuple[int, int], row: dict[str, Any], index: Index, why: str, **more: Any
) -> Signal:
    strength = str(row.get("strength") or "sure")
    identifier = strength == "sure" and not is_low(row)
    settings: dict[str, Any] = {
        "role": "made_by",
        "low": is_low(row),
        "question": str(row.get("question") or ""),
        "text_bound": False,
        "basis": str(row.get("basis") or "stated"),
        "cap": "" if strength != "weak" else "possible",
    }
    settings.update(more)
    return Signal(
        matcher=matcher,
        cell=number,
        start=span[0],
        end=span[1],
        entity=str(row["entity"]),
        facts=(str(row["id"]),),
        strength="identifier" if identifier else strength,
        weight_mbit=index.weights["identifier" if identifier else strength],
        group=matcher,
        why=why,
        **settings,
    )


def _oids(record: Record, index: Index, number: int, text: str) -> Iterator[Signal]:
    told: list[tuple[re.Match[str], dict[str, Any]]] = [(found, {}) for found in _OID.finditer(text)]
    cell = record.cells[number]
    if not told and cell.field == "sysobjectid" and _OID_COLUMN.search(cell.column):
        short = _OID_SHORT.fullmatch(text)
        alone = short is not None and short.group(2) in ("", ".0")
        asked = {"cap": "possible", "question": f"Is {text.strip()} an SNMP enterprise number here?"}
        told = [(short, asked if alone else {})] if short is not None else []
    for found, asked in told:
        for row in index.pen.get(found.group(1), ()):
            verdict = str(row.get("verdict") or "names")
            if verdict == "other" or not row.get("entity"):
                continue
            subtree = str(row.get("subtree") or "")
            tail = found.group(2).lstrip(".")
            inside = bool(subtree) and (tail + ".").startswith(subtree.split(".", 1)[-1].rstrip(".") + ".")
            if verdict == "supports" and not inside:
                yield _signal(
                    "pen", number, found.span(), row, index,
                    f"SNMP enterprise number {found.group(1)}, registered to {row.get('registered_name')}",
                    needs="maker", cap="possible",
                )  # fmt: skip
                continue
            yield _signal(
                "pen", number, found.span(), row, index,
                f"SNMP enterprise number {found.group(1)}: {row.get('registered_name')}",
                **({"cap": "probable"} if verdict == "supports" else {}) | asked,
            )  # fmt: skip


def engine_begins(enterprise: str) -> tuple[str, ...]:
    """Give what the ids of the engines of SNMP of an enterprise begin with, in small letters.

    Example:
        >>> engine_begins("2011")
        ('800007db', '80:00:07:db', '80-00-07-db', '80 00 07 db')
    """
    digits = f"{int(enterprise) | 0x80000000:08x}"
    return tuple(sign.join(digits[at : at + 2] for at in range(0, 8, 2)) for sign in ("", ":", "-", " "))


def _engines(index: Index, number: int, text: str) -> Iterator[Signal]:
    """Find the enterprise numbers in ids of engines of SNMP."""
    for found in _ENGINE.finditer(text):
        enterprise = str(int(re.sub("[: -]", "", found["number"]), 16))
        for row in index.pen.get(enterprise, ()):
            verdict = str(row.get("verdict") or "names")
            if verdict not in ("other", "supports") and row.get("entity"):
                yield _signal(
                    "pen", number, found.span(), row, index,
                    f"SNMP engine id with the enterprise number {enterprise}: {row.get('registered_name')}",
                )  # fmt: skip


def _cpes(index: Index, number: int, text: str) -> Iterator[Signal]:
    for found in _CPE.finditer(text):
        vendor = found.group(1).replace("\\", "")
        row = index.cpe.get(vendor)
        if row is None or str(row.get("verdict")) == "other" or not row.get("entity"):
            continue
        yield _signal("cpe", number, found.span(), row, index, f"CPE vendor {vendor}")


def as_sent(company: str) -> str:
    """Give the four hex digits of a company number as its two bytes are sent, low first, and back.

    Nothing where none of them is a letter: such digits begin amounts and numbers of every kind.
    """
    return "" if company.isdigit() else company[2:] + company[:2]


def _bluetooth(record: Record, index: Index, number: int, text: str) -> Iterator[Signal]:
    """Find numbers of companies that Bluetooth devices send: whose format their data have, and so a question."""
    spans = [(found.span(1), found.group(1)) for found in _BLUETOOTH.finditer(text)]
    if not spans and _BLUETOOTH_COLUMN.search(record.cells[number].column):
        spans = [(alone.span(1), alone.group(1)) for alone in _BLUETOOTH_ALONE.finditer(text)]
        if not spans and (sent := _BLUETOOTH_BYTES.fullmatch(text)):
            spans = [(sent.span(1), turned)] if (turned := as_sent(sent.group(1))) else []
    for span, company in spans:
        for row in index.usb_pci.get(company, ()):
            if row.get("bus") == "bluetooth" and row.get("verdict") != "other" and row.get("entity"):
                yield _signal(
                    "bluetooth_id", number, span, row, index,
                    f"Bluetooth company number {company}: {row.get('name')}",
                )  # fmt: skip


def _usb(record: Record, index: Index, number: int, text: str) -> Iterator[Signal]:
    spans: list[tuple[tuple[int, int], str, str]] = [
        (found.span(), found.group(1), found.group(2))
        for found in (_USB.finditer(text) if _BEFORE_PRODUCT.search(text) else ())
    ]
    if "pci" in text:
        spans += [(found.span(), found.group(1), "") for found in _PCI.finditer(text)]
    if ":" in text:
        spans += [(found.span(), found.group(2), "") for found in _MODALIAS.finditer(text)]
    asked = False
    if not spans and record.cells[number].field in ("usb_id", "text", "product_name"):
        lone = _USB_FIELD if record.cells[number].field == "usb_id" else _USB_ALONE
        spans = [(found.span(), found.group(1), "") for found in lone.finditer(text)]
        # Four characters before a name may be a number of any kind; the same number has other holders on other buses.
        asked = record.cells[number].field != "usb_id"
        if not asked and (decimal := _USB_DECIMAL.fullmatch(text)) and decimal.group(1) not in index.usb_pci:
            spans, asked = [(decimal.span(), f"{int(decimal.group(1)):04x}", "")], True
    for span, vendor, _product in spans:
        for row in index.usb_pci.get(vendor, ()):
            if str(row.get("verdict")) == "other" or not row.get("entity"):
                continue
            bus = str(row.get("bus") or "usb")
            if bus == "bluetooth":
                continue
            if vendor.isdigit() and record.cells[number].field not in ("usb_id",) and "usb" not in text:
                continue
            yield _signal(
                "usb_id" if bus == "usb" else "pci_id", number, span, row, index,
                f"{bus.upper()} vendor id {vendor}: {row.get('name')}",
                role=str(row.get("role") or ("component" if bus == "pci" else "made_by")),
                **(
                    {"cap": "possible", "question": f"Is {vendor} a {bus.upper()} vendor id here?"}
                    if asked
                    else {}
                ),
            )  # fmt: skip


def _fcc(index: Index, number: int, text: str, *, alone: bool) -> Iterator[Signal]:
    pattern = _FCC_ALONE if alone and "fcc" not in text else _FCC
    for found in pattern.finditer(text):
        whole = (found.group(1) + found.group(2)).upper().replace("-", "")
        for size in (5, 3):  # grantee codes are five characters when they begin with a digit, else three
            row = index.fcc.get(whole[:size])
            if row is not None and (size == 5) == whole[0].isdigit() and row.get("entity"):
                yield _signal(
                    "fcc_id",
                    number,
                    found.span(),
                    row,
                    index,
                    f"FCC grantee code {whole[:size]}: {row.get('grantee')}",
                )
                break


def _fcc_bare(record: Record, index: Index, number: int) -> Iterator[Signal]:
    """Find FCC ids that nothing announces, and codes of grantees: a question where the code is of three letters, as words are."""
    folded = record.cells[number].folded
    for found in chain(_FCC_BARE.finditer(folded.text), _GRANTEE.finditer(folded.text)):
        code = found.group(1).rstrip("-")
        row = index.fcc[code.upper()] if code in index.fcc_bare else None
        if row is None:
            continue
        why = f"reads as an FCC id: {code.upper()} is the grantee code of {row.get('grantee')}"
        asked: dict[str, Any] = {}
        if len(code) == _SHORT_CODE:
            asked = {"cap": "possible", "question": f"Is {folded.quote(*found.span())!r} an FCC id?"}
        yield _signal("fcc_id", number, found.span(), row, index, why, **asked)
