"""What a finding's id rests on, scheme 2 (`FINDING_IDS`): the record's own identifiers, elsewhere all its cells.

Everything here is part of the scheme and fixed with its number: which headers hold an own identifier, what a table of
purchases is, how cells compare. None of it follows the recognition of columns (`readers/columns.yml`), `--map` or the
knowledge, so that reading one column more changes no id. A longer list of headers is another scheme, to which findings are
carried over. See docs/adr/0017-finding-ids.md.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from proscribe.matching.days import iso_day
from proscribe.model.observations import BOUGHT_TO_SELL, UNCERTAIN

DIGEST_BYTES = 10
#: Cells of a finding's record that are kept, and characters of each.
MAX_CELLS = 200
MAX_CELL = 2_000

_SERIAL, _MAC, _TAG, _ID, _IP, _HOST, _SITE = "serial", "mac", "tag", "id", "ip", "host", "site"
#: Identifiers that belong to one thing wherever it is recorded; a record's own id may be given by two systems.
_STRONG = frozenset({_SERIAL, _MAC, _TAG})
#: Readers whose records are hosts or devices of a network: an address stands for a record without a better identifier.
_NETWORK_READERS = frozenset(
    {"nmap", "nmap-text", "netscan", "snmp", "cli", "neighbours", "leases", "radio", "captures", "pcap"}
)


def _headers(text: str) -> frozenset[str]:
    return frozenset(map(_solid, text.split(",")))


def _solid(header: str) -> str:
    """Write a header as lower-case letters and digits alone, without accents."""
    bare = unicodedata.normalize("NFKD", header[:200]).casefold()
    return "".join(char for char in bare if char.isalnum())


#: Whole headers; numbers of lines and rows are none of a thing's own, since the next export counts anew.
_OWN: dict[str, frozenset[str]] = {
    _SERIAL: _headers(
        "serial,serials,serial number,serial no,serial nr,serial num,serial id,s/n,sn,device serial,"
        "device serial number,chassis serial,chassis serial number,hardware serial,manufacturer serial number,"
        "equipment serial,equipment serial number,asset serial number,unit serial number,service tag,imei,"
        "seriennummer,serien nr,seriennr,serienummer,serienr,serie nr,fabriknummer,numéro de série,n° de série,no série,"
        "num série,número de serie,núm serie,nº serie,n serie,numero di serie,matricola,número de série,nº de série,"
        "numer seryjny,nr seryjny,sériové číslo,серийный номер,序列号,序号码,シリアル番号,製造番号,시리얼 번호"
    ),
    _MAC: _headers(
        "mac,mac address,mac addr,mac id,macs,mac addresses,hw address,hwaddr,hw addr,hardware address,"
        "physical address,ethernet address,ethernet mac,ethernet mac address,lan mac,lan mac address,wifi mac,"
        "wifi mac address,wlan mac,wlan mac address,wireless mac,base mac,base mac address,device mac,device mac address,"
        "mac adresse,hardwareadresse,adresse mac,adresse physique,dirección mac,indirizzo mac,endereço mac,adres mac,"
        "mac адрес,mac地址,物理地址,macアドレス"
    ),
    _TAG: _headers(
        "asset tag,asset tag id,asset tag number,asset tag no,asset id,asset number,asset no,asset nr,asset num,"
        "asset code,asset label,asset barcode,inventory number,inventory no,inventory nr,inventory id,"
        "inventory tag,inventory code,property number,property tag,property no,equipment tag,equipment id,"
        "equipment number,tag number,tag no,tag id,inventarnummer,inventar nr,inventarnr,anlagennummer,anlagen nr,"
        "inventaretikett,inventarisnummer,numéro d inventaire,n° inventaire,numéro d immobilisation,"
        "número de inventario,código de activo,etiqueta de activo,numero inventario,codice cespite,numero cespite,"
        "número de patrimônio,numer inwentarzowy,nr inwentarzowy,инвентарный номер,资产编号,固定资产编号,資産番号,管理番号"
    ),
    _ID: _headers(
        "id,record id,record number,record no,uid,uuid,guid,device id,device uuid,object id,ci id,ci number,sys id,"
        "host id,endpoint id,unique id,internal id,system id,gerätenummer,geräte id,datensatz id,id appareil,"
        "id dispositivo,id equipo,设备编号,设备id,機器番号"
    ),
    _IP: _headers("ip,ip address,ipv4 address,ipv6 address"),
    _HOST: _headers("hostname,host name"),
    _SITE: _headers(
        "site,site name,site code,site id,location,location name,location code,building,facility,campus,branch,"
        "branch name,plant,office,store,warehouse,standort,gebäude,niederlassung,filiale,werk,lagerort,site du,lieu,"
        "emplacement,bâtiment,localisation,agence,ubicación,sitio,edificio,sede,sucursal,ubicazione,localização,edifício,"
        "filial,locatie,vestiging,gebouw,lokalizacja,budynek,место,здание,站点,地点,位置,建筑,拠点,場所"
    ),
}
_CLASS_OF = {header: kind for kind, headers in _OWN.items() for header in headers}
_MONEY = _headers(
    "amount,total,total amount,net amount,gross amount,invoice amount,amount paid,paid amount,amount usd,amount eur,"
    "line amount,line total,price,unit price,unit cost,cost,total price,total cost,net price,extended price,extended cost,"
    "spend,betrag,nettobetrag,bruttobetrag,preis,einzelpreis,gesamtpreis,stückpreis,kosten,montant,montant ht,montant ttc,"
    "prix,prix unitaire,coût,importe,precio,precio unitario,importo,prezzo,prezzo unitario,valor,preço,bedrag,prijs,kwota,"
    "cena,сумма,цена,金额,单价,价格,金額,単価"
)
_ORDER = _headers(
    "po,po number,po no,po nr,po line,po date,purchase order,purchase order number,purchase order line,order,order number,"
    "order no,order id,order line,order date,invoice,invoice number,invoice no,invoice id,invoice date,payment date,paid on,"
    "payment id,payment number,posting date,transaction date,transaction id,voucher,voucher number,check number,"
    "bestellnummer,bestell nr,bestelldatum,rechnung,rechnungsnummer,rechnungs nr,rechnungsdatum,buchungsdatum,"
    "belegnummer,auftragsnummer,commande,numéro de commande,facture,numéro de facture,date de facture,pedido,"
    "número de pedido,factura,número de factura,fecha de factura,ordine,fattura,numero fattura,data fattura,nota fiscal,"
    "bestelling,factuur,factuurnummer,factuurdatum,zamówienie,faktura,订单号,发票号,采购订单,注文番号"
)
_SELLER = _headers(
    "vendor,vendor name,supplier,supplier name,seller,payee,payee name,merchant,merchant name,lieferant,kreditor,verkäufer,"
    "fournisseur,vendeur,proveedor,vendedor,fornitore,fornecedor,leverancier,dostawca,поставщик,供应商,仕入先"
)
_DAY_HEADERS = _headers("date,datum,fecha,data,日期,日付,дата")

#: What people write where a thing has no identifier, as letters and digits alone.
_NOTHING = _headers(
    "na,n/a,none,null,nil,no,unknown,unk,tbd,tba,tbc,not available,not applicable,no serial,no sn,missing,pending,"
    "see note,various,multiple,default string,to be filled by o.e.m.,unbekannt,keine,k.a.,inconnu,aucun,desconocido,"
    "ninguno,sconosciuto,nessuno,不明,无,無"
)
_DECIMAL = re.compile(r"[+-]?\d{1,30}\.\d{1,30}")
_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:[AaPp]\.?[Mm]\.?)?\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
_DATED = re.compile(rf"(\d{{4}}([-/.])\d{{1,2}}\2\d{{1,2}}|\d{{1,2}}([-/.])\d{{1,2}}\3\d{{4}}){_TIME}")
_SHORT_YEAR = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{2}}){_TIME}")
_NAMED_MONTH = re.compile(
    rf"(?:(\d{{1,2}})[ -]([A-Za-z]{{3,9}})\.?[ -]|([A-Za-z]{{3,9}})\.? (\d{{1,2}}),? )(\d{{4}}){_TIME}"
)
_MONTHS = {
    name: number
    for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}  # fmt: skip
_LONGEST_DATE = 45
_NOT_HEX = re.compile(r"[^0-9a-f]")


@dataclass(frozen=True, slots=True)
class RecordIdentity:
    """What the ids of a record's findings rest on.

    Attributes:
        parts: texts that every id rests on, entity and role aside.
        weak: whether other things may bear the same identifiers, such as a running number.
        whole: digest of every cell with its header, to tell apart records that share `parts`.
        day: a date of the record as `date.toordinal()` does not know it: `YYYYMMDD`, the earliest; 0 for none. It orders
            equal records and is no part of an id.
    """

    parts: tuple[str, ...]
    weak: bool
    whole: bytes
    day: int

    def subject(self, *about: str) -> bytes:
        """Digest what an id rests on together with entity, role and the like."""
        return digest_of(*self.parts, "", *about)


class TableIdentity:
    """The columns of one table as the scheme sees them.

    Args:
        header: names of the columns.
        reader: name of the reader; records of networks may be known by their address.
        stated: the kind that a person states of the table; without one its headers tell purchases.
    """

    def __init__(self, header: Sequence[str], reader: str = "", stated: str = "") -> None:
        solid = [_solid(name) for name in header]
        network = reader in _NETWORK_READERS
        kinds = [_CLASS_OF.get(name) for name in solid]
        self._solid = solid
        self._kinds = [None if kind in (_IP, _HOST) and not network else kind for kind in kinds]
        told = stated not in ("", UNCERTAIN)
        self._purchases = (
            stated in ("purchases", BOUGHT_TO_SELL) if told else _is_purchases(set(solid), set(kinds))
        )

    def of(self, cells: Sequence[str | None]) -> RecordIdentity:
        """Read the identity of one record; `cells` in the order of the header, `None` or blank for an empty cell."""
        own: dict[str, set[str]] = {}
        sites: set[str] = set()
        texts: list[str] = []
        pairs: list[str] = []
        first_day = 0
        for name, kind, cell in zip(self._solid, self._kinds, cells, strict=True):
            if not cell:
                continue
            text, compared, day = _read(cell)
            if not text:
                continue
            if kind == _SITE:
                sites.add(text)
            elif kind is not None:
                own.setdefault(kind, set()).update(_identifiers(kind, text))
            if day is not None:
                number = int(day.replace("-", ""))
                first_day = min(first_day or number, number)
                if not self._purchases:
                    continue
            texts.append(compared)
            pairs.append(f"{name}={text}")
        whole = digest_of(*sorted(pairs))
        own = {kind: values for kind, values in own.items() if values}
        if own.keys() - {_IP, _HOST}:
            own = {kind: values for kind, values in own.items() if kind not in (_IP, _HOST)}
        if not own:
            return RecordIdentity(("cells", *sorted(texts)), False, whole, first_day)
        parts = [f"{kind}={value}" for kind in sorted(own) for value in sorted(own[kind])]
        return RecordIdentity(
            ("own", *parts, *(f"{_SITE}={site}" for site in sorted(sites))),
            not own.keys() & _STRONG,
            whole,
            first_day,
        )


def _is_purchases(headers: set[str], kinds: set[str | None]) -> bool:
    """Tell a table of things bought by its headers: sums with an order, a seller or a day, and nothing of one device."""
    if kinds & {_SERIAL, _MAC, _TAG, _IP, _HOST}:
        return False
    if headers & _MONEY:
        return bool(headers & (_ORDER | _SELLER | _DAY_HEADERS))
    return bool(headers & _ORDER and headers & _SELLER)


@lru_cache(maxsize=20_000)
def _read(cell: str) -> tuple[str, str, str | None]:
    """Give a cell as it stands, as it compares, and the day that it is."""
    text = plain(cell)
    day = day_of(text)
    return text, comparable(text) if day is None else day, day


def plain(text: str) -> str:
    """Write a cell as it compares: NFC, one kind of line end, trimmed."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


_WHOLE = re.compile(r"^(\d{1,60})\.0{1,10}$", re.ASCII)


def comparable(text: str) -> str:
    """Write a number and a truth value as every format writes it: `1.0` is `1`, `TRUE` is `true`."""
    if len(text) <= 5 and text.casefold() in ("true", "false"):
        return text.casefold()
    if len(text) <= 64 and _DECIMAL.fullmatch(text):
        return text.rstrip("0").rstrip(".")
    return text


def day_of(text: str) -> str | None:
    """Read a cell that is a date, with a time or without, as an ISO day; `None` when it is anything else."""
    if len(text) > _LONGEST_DATE or not text[-1:].isalnum() or not any(map(str.isdigit, text[:16])):
        return None
    found = _DATED.fullmatch(text)
    if found is not None:
        return iso_day(found.group(1))
    found = _SHORT_YEAR.fullmatch(text)
    if found is not None:
        return iso_day(f"{found.group(1)}/{found.group(2)}/20{found.group(3)}")
    found = _NAMED_MONTH.fullmatch(text)
    if found is None:
        return None
    month = _MONTHS.get((found.group(2) or found.group(3))[:3].lower())
    return iso_day(f"{found.group(5)}-{month}-{found.group(1) or found.group(4)}") if month else None


def says_nothing(text: str) -> bool:
    """Tell whether a cell only says that there is nothing to say: "n/a", "-", "keine"."""
    solid = _solid(text.strip())
    return not solid or solid in _NOTHING


def _identifiers(kind: str, text: str) -> Iterable[str]:
    """Give the identifiers in a cell; none where it only says that there is none."""
    for line in text.split("\n"):
        # A tag 3.10 is not the tag 3.1; a whole number may be written as 7.0 by a workbook.
        value = _WHOLE.sub(r"\1", line.strip())
        solid = _solid(value)
        if not solid or solid in _NOTHING or (len(set(solid)) == 1 and (len(solid) > 1 or solid in "0x")):
            continue
        if kind == _MAC:
            address = _NOT_HEX.sub("", value.lower())
            if len(address) == 12:
                yield address
            continue
        yield value


def digest_of(*parts: str | bytes) -> bytes:
    """Digest texts with their lengths, so that moving a letter from one to the next gives another answer."""
    told = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts]
    joined = b"".join([b"%d:%b" % (len(data), data) for data in told])
    return hashlib.blake2b(joined, digest_size=DIGEST_BYTES).digest()


@dataclass(slots=True)
class Subjects:
    """What the ids of many findings rest on, one entry a finding, in the order of the findings.

    Attributes:
        subjects, wholes: digests, `DIGEST_BYTES` each.
        tables: number of the table within the scan.
        days: see `RecordIdentity.day`.
        weak: see `RecordIdentity.weak`.
    """

    subjects: npt.NDArray[np.bytes_]
    wholes: npt.NDArray[np.bytes_]
    tables: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    weak: npt.NDArray[np.bool_]


def ids_of(given: Subjects) -> npt.NDArray[np.bytes_]:
    """Give every finding of a scan its digest; no two share one.

    A finding that alone has its subject has it as its digest. Where several have it, and they are equal in every cell that
    counts, they are numbered. Where they are not equal, the identifiers do not tell these records apart, and the digest
    rests on all cells too; but identifiers that belong to one thing (serial number, MAC, tag), met once in each of several
    tables, are the same thing recorded again, and are numbered.
    """
    ids = given.subjects.copy()
    order = np.argsort(given.subjects, kind="stable")
    if order.size < 2:
        return ids
    ranked = given.subjects[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    sizes = np.diff(np.concatenate((starts, [order.size])))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        _number(ids, given, order[start : start + size])
    return ids


def _number(ids: npt.NDArray[np.bytes_], given: Subjects, places: npt.NDArray[np.intp]) -> None:
    """Give digests to the findings of one subject."""
    subject = bytes(given.subjects[places[0]]).ljust(DIGEST_BYTES, b"\0")
    # Of equal records the earlier dated comes first, whatever their order in the file.
    places = places[np.argsort(given.days[places], kind="stable")]
    wholes = given.wholes[places]
    if (wholes == wholes[0]).all() or not (
        given.weak[places].any() or _differ_inside_a_table(given.tables[places], wholes)
    ):
        for number, place in enumerate(places.tolist()[1:], 2):
            ids[place] = digest_of(subject, str(number))
        return
    counts: dict[bytes, int] = {}
    for place, whole in zip(places.tolist(), wholes.tolist(), strict=True):
        counts[whole] = counts.get(whole, 0) + 1
        ids[place] = digest_of(subject, whole.ljust(DIGEST_BYTES, b"\0"), str(counts[whole]))


def _differ_inside_a_table(tables: npt.NDArray[np.int64], wholes: npt.NDArray[np.bytes_]) -> bool:
    seen: dict[int, bytes] = {}
    return any(
        seen.setdefault(table, whole) != whole
        for table, whole in zip(tables.tolist(), wholes.tolist(), strict=True)
    )


def kept_cells(header: Sequence[str], cells: Sequence[str | None]) -> tuple[tuple[str, str], ...]:
    """Give the cells of a record that its findings keep: column and text, bounded in number and length."""
    kept = [
        (name, text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…")
        for name, text in zip(header, cells, strict=True)
        if text and text.strip()
    ]
    if len(kept) <= MAX_CELLS:
        return tuple(kept)
    left = len(kept) - MAX_CELLS + 1
    return (*kept[: MAX_CELLS - 1], ("…", f"{left} more cells"))
