"""What a table is a list of: told by its columns in several languages, by its name, by its format, or by a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.scan.plan import plan
from proscribe.model.errors import UsageError
from proscribe.model.observations import question_kinds
from proscribe.model.plans import PlannedTable


def told(folder: Path, text: str, name: str = "list.csv", **options: object) -> PlannedTable:
    path = folder / name
    path.write_text(text.replace(" | ", ","), encoding="utf-8")
    (one,) = plan([path], **options).inputs  # type: ignore[arg-type]
    (table,) = one.tables
    return table


EQUIPMENT = {
    "en": "Plant tag no | Model | Serial # of unit | Mounting location\nA-1 | P3265 | ACCC8E0011 | Gate 4",
    "de": "Geräte-Inventarnr. | Kameratyp | Seriennummer des Geräts | Standort im Werk\n77 | Axis P3265 | ACCC8E0011 | Halle 4",
    "fr": "Repère matériel | Marque du matériel | Modèle de l'appareil | Emplacement exact\n7 | Axis | P3265 | Hall B",
    "es": "Marca del equipo | Modelo del equipo | Nº de serie del equipo | Ubicación física\nAxis | P3265 | ACCC8E0011 | Sala 4",
    "it": "Marca apparato | Modello apparato | Matricola apparato | Stanza e piano\nAxis | P3265 | ACCC8E0011 | Stanza 4",
    "pt": "Marca do equipamento | Modelo | Nº de série | Sala ou andar\nAxis | P3265 | ACCC8E0011 | Sala 2",
    "pl": "Producent urządzenia | Model urządzenia | Nr seryjny urządzenia | Pokój nr\nAxis | P3265 | ACCC8E0011 | 12",
    "nl": "Merk | Model toestel | Serienr. toestel | Gebouw en kamer\nAxis | P3265 | ACCC8E0011 | B 12",
    "ru": "Марка устройства | Модель устройства | Серийный номер устройства | Кабинет №\nAxis | P3265 | ACCC8E0011 | 12",
    "zh": "设备厂商 | 设备型号 | 设备序列号 | 所在房间\nAxis | P3265 | ACCC8E0011 | 四楼",
    "ja": "製造メーカー | 機器型番 | 製造番号 | 設置場所名\nAxis | P3265 | ACCC8E0011 | 4階",
    "ko": "제조 회사 | 장비 모델 | 시리얼 번호 | 설치 위치\nAxis | P3265 | ACCC8E0011 | 4층",
    "ar": "الشركة الصانعة | رقم الموديل | الرقم التسلسلي | مكان التركيب الحالي\nAxis | P3265 | ACCC8E0011 | مبنى",
}
PURCHASES = {
    "en": "Invoice ref | Invoice dated | Supplier paid | Line total (USD)\nR1 | 2024-02-03 | Acme Ltd | 120.00",
    "de": "Rechnungsnr. Lieferant | Datum der Rechnung | Lieferant | Betrag netto\nR1 | 03.02.2024 | Acme GmbH | 120,00",
    "fr": "Numéro de facture fournisseur | Fournisseur | Montant TTC\nF1 | Acme SA | 120.00",
    "es": "Factura nº | Nombre del proveedor | Importe total\nF1 | Acme SL | 120.00",
    "it": "Fattura n. | Fornitore | Importo netto\nF1 | Acme SpA | 120.00",
    "pt": "Nota fiscal nº | Fornecedor | Valor total\nF1 | Acme | 120.00",
    "pl": "Faktura VAT nr | Dostawca | Kwota brutto\nF1 | Acme | 120.00",
    "nl": "Factuurnummer leverancier | Leverancier | Bedrag excl\nF1 | Acme | 120.00",
    "ru": "Дата платежа | Поставщик | Сумма\n03.02.2024 | Акме | 120.00",
    "zh": "付款日期 | 供应商 | 金额\n2024-02-03 | 某某 | 120.00",
    "ja": "支払日 | 仕入先 | 金額\n2024-02-03 | 某社 | 120.00",
    "ko": "지급일자 | 공급업체 | 금액\n2024-02-03 | 회사 | 120.00",
}
VENDORS = {
    "en": "Vendor account no | Vendor | Head office address | VAT reg no | IBAN code\n1 | Acme | Main St | GB1 | GB12",
    "de": "Kreditor-Nr. alt | Lieferant | PLZ/Ort | USt-IdNr. Kreditor | Zahlungsbedingung Kürzel\n1 | Acme | 1 Ulm | DE1 | Z030",
    "fr": "Code fournisseur interne | Fournisseur | Ville | N° SIRET | Délai de paiement convenu\n1 | Acme | Lyon | 123 | 30 j",
    "es": "Código proveedor SAP | Proveedor | Ciudad | NIF proveedor | Cuenta bancaria nº\n1 | Acme | Vigo | B1 | ES1",
    "it": "Codice fornitore ERP | Fornitore | Indirizzo sede | Partita IVA n. | Banca appoggio\n1 | Acme | Roma | 1 | BNL",
    "pl": "Kod dostawcy w SAP | Dostawca | Miasto | NIP firmy | Termin płatności dni\n1 | Acme | Gdynia | 1 | 30",
    "nl": "Crediteurnummer | Leverancier | Plaats | KvK-nummer | Bankrekening\n1 | Acme | Ede | 1 | NL1",
    "ru": "Код поставщика | Поставщик | Город | ИНН поставщика | Расчетный счет\n1 | Акме | Тверь | 1 | 4",
    "zh": "供应商编号 | 供应商名称 | 地址 | 统一社会信用代码 | 开户行名称\n1 | 某某 | 深圳 | 91X | 工行",
    "ja": "仕入先コード | 仕入先名 | 住所 | 法人番号 | 支払条件\n1 | 某社 | 東京 | 1 | 月末",
    "ko": "거래처코드 | 거래처명 | 주소 | 사업자등록번호 | 결제조건\n1 | 회사 | 서울 | 1 | 30일",
}
PARTS = {
    "en": "RefDes | Qty | Value | Footprint | Manufacturer part no\nR1,R2 | 2 | 10k | 0402 | RC0402\nU1 | 1 | MCU | QFN32 | STM32",
    "de": "Bauteilbezeichner | Menge je Baugruppe | Hersteller | Teilenummer\nR1 | 2 | Yageo | RC0402\nU1 | 1 | ST | STM32",
    "zh": "位号 | 单机用量 | 制造商 | 料号\nR1 | 2 | Yageo | RC0402\nU1 | 1 | ST | STM32",
}
OFFERED = {
    "en": "Order code | Product | Dealer price list 2026 | EAN code\n1 | Axis P3265 | 120.00 | 40012",
    "de": "Artikel | Bezeichnung | Verkaufspreis netto | Lieferzeit Tage\n1 | Axis P3265 | 120,00 | 3",
    "fr": "Article | Désignation | Prix public HT | Délai de livraison j\n1 | Axis P3265 | 120.00 | 3",
    "ru": "Артикул | Наименование | Розничная цена руб | Остаток шт\n1 | Axis P3265 | 120.00 | 3",
    "ja": "品番 | 品名 | 希望小売価格 | 在庫数\n1 | Axis P3265 | 12000 | 3",
}
NETWORK = {
    "en": "Host IP | Hardware addr | Vlan no\n10.0.0.4 | 00:1A:2B:33:44:55 | 7\n10.0.0.5 | 00:1A:2B:33:44:56 | 7",
    "de": "Netzadresse | MAC des Geräts\n10.0.0.4 | 00:1A:2B:33:44:55\n10.0.0.5 | 00:1A:2B:33:44:56",
    "none": "10.0.0.4 | 00:1A:2B:33:44:55\n10.0.0.5 | 00:1A:2B:33:44:56",
}
STATEMENTS = {
    "en": "Question asked | Answer given | We declare that | Signed by (name)\nDo you use it? | no | true | A. Person",
    "de": "Frage Nr | Antwort des Lieferanten | Erklärung | Unterschrift am\n1 | nein | wahr | 2026",
    "es": "Pregunta nº | Respuesta dada | Declaración | Firmado por\n1 | no | sí | A",
}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(kind, text, id=f"{kind}-{language}")
        for kind, texts in (
            ("equipment", EQUIPMENT), ("purchases", PURCHASES), ("vendors", VENDORS), ("product_parts", PARTS),
            ("offered", OFFERED), ("network", NETWORK), ("supplier_statement", STATEMENTS),
        )
        for language, text in texts.items()
    ],
)  # fmt: skip
def test_kinds_in_several_languages(tmp_path: Path, kind: str, text: str) -> None:
    table = told(tmp_path, text)
    assert table.kind == kind, (table.kind, table.kind_words, table.columns)
    assert table.kind_by in ("headers", "values") and table.kind_words


CONFUSING = {
    # a vendor master with one column that speaks of things
    "vendor master with a model": (
        "Vendor number,Vendor,Street,City,VAT ID,IBAN,Model\n1,Acme,Main St,Bonn,DE1,DE2,DS-2CD2143G2-I\n", "uncertain"),
    "vendor master with a quantity": (
        "Vendor number,Vendor,Street,City,VAT ID,IBAN,Qty\n1,Acme,Main St,Bonn,DE1,DE2,4\n", "uncertain"),
    "vendor master whose remarks name models": (
        "Vendor number,Vendor,Street,City,VAT ID,Supplies\n1,Acme,Main St,Bonn,DE1,DS-2CD2143G2-I dome\n"
        "2,Bcme,Main St,Bonn,DE1,bullet IPC-HFW2431S\n", "uncertain"),
    "vendor master that describes goods": (
        "Vendor number,Vendor,Street,City,VAT ID,IBAN,Short description\n1,Hikvision,Main St,Bonn,DE1,DE2,camera north\n",
        "uncertain"),
    "inventory with a supplier": (
        "Asset tag,Model,Serial number,Room,Supplier,Purchase date,Cost\nA1,P3265,ACCC8E0011,4,Acme,2024-01-02,99\n",
        "equipment"),
    "payments": ("Paid on,Payee,Amount,Currency\n2024-01-02,Hikvision UK,99.00,GBP\n", "purchases"),
    "bill of materials with a vendor": (
        "Designator,Qty,Manufacturer,MPN,Vendor\nR1,1,Yageo,RC0402,Mouser\nU1,1,ST,STM32F4,DigiKey\n", "product_parts"),
    "price list": ("Model,Description,List price\nDS-2CD2143G2-I,Dome camera,120.00\n", "offered"),
    "devices of customers": ("Customer,Model,Serial no,Site\nAcme,P3265,ACCC8E0011,Bonn\n", "uncertain"),
    "names and nothing else": ("Name,Description\nAcme,thing\n", "uncertain"),
    "firms and countries": ("Supplier,Country\nAcme,DE\n", "uncertain"),
    "statement with serial numbers": (
        "Question,Answer,We certify,Signed by,Serial number\nDo you?,no,yes,A. Person,ACCC8E0011\n", "uncertain"),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFUSING)
def test_confusing_tables(tmp_path: Path, case: str) -> None:
    text, kind = CONFUSING[case]
    table = told(tmp_path, text)
    assert table.kind == kind, (table.kind, table.kind_words)
    assert (table.kind_by == "uncertain") == (kind == "uncertain")


@pytest.mark.parametrize(
    "column", ["Model", "Serial no", "MAC address", "Quantity", "Asset tag", "Hostname", "IP address"]
)
@pytest.mark.parametrize("text", [*VENDORS.values(), *STATEMENTS.values()])
def test_what_speaks_of_a_thing_is_no_list_of_vendors_and_no_statement(
    tmp_path: Path, text: str, column: str
) -> None:
    header, row = text.split("\n")[:2]
    table = told(tmp_path, f"{header} | {column}\n{row} | 7\n")
    assert table.kind not in ("vendors", "supplier_statement", "other")


def test_names_of_files_and_sheets_speak_too(tmp_path: Path) -> None:
    text = "Supplier,City,Group\nAcme,Bonn,2\n"
    assert told(tmp_path, text, "a.csv").kind == "uncertain"
    table = told(tmp_path, text, "Lieferantenliste 2026.csv")
    assert table.kind == "vendors" and "file: Lieferantenliste 2026" in table.kind_words
    # a name alone silences nothing
    assert told(tmp_path, "Name\nHikvision\nAcme\n", "vendors.csv").kind == "uncertain"
    assert (
        told(tmp_path, "Item,Remark\nHikvision,x\nAcme,y\n", "supplier declaration.csv").kind == "uncertain"
    )


@pytest.mark.parametrize(
    "text",
    [
        "FRN line item | Make/Model | Pre-discount $\n1 | Ruckus R550 | 1,200.00",
        "Marke | Modell | Rabatt %\nAxis | P3265 | 3",
        "Marque | Modèle | Remise\nAxis | P3265 | 3",
    ],
)
def test_a_discount_by_itself_shows_no_offer(tmp_path: Path, text: str) -> None:
    """Who buys is granted one too: then a person says what the list is, and that stands."""
    assert told(tmp_path, text).kind == "uncertain"
    said = told(tmp_path, text, kinds={"*": "purchases"})
    assert (said.kind, said.kind_seen, said.kind_against) == ("purchases", "uncertain", ())
    assert question_kinds(said.kind, said.kind_by, said.kind_seen, bool(said.kind_against)) == {"use"}


def test_the_format_tells(tmp_path: Path) -> None:
    bom = '{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"type": "library", "name": "x", "version": "1"}]}'
    table = told(tmp_path, bom, "product.cdx.json")
    assert (table.kind, table.kind_by, table.kind_words) == ("product_parts", "reader", ("cyclonedx",))


@pytest.mark.parametrize(
    ("text", "kind", "answers"),
    [
        (PURCHASES["en"], "bought_to_sell", {"use", "provide"}),
        (EQUIPMENT["de"], "as_built", {"use", "provide"}),
        ("Model,Note\nP3265,north\n", "bought_to_sell", {"provide"}),
        ("Model,Note\nP3265,north\n", "as_built", {"provide"}),
    ],
)
def test_what_a_person_states_to_go_to_customers_is_provided_and_used_where_its_form_says_so(
    tmp_path: Path, text: str, kind: str, answers: set[str]
) -> None:
    assert told(tmp_path, text, "as built to resell.csv").kind not in ("bought_to_sell", "as_built")
    said = told(tmp_path, text, "list.csv", kinds={"list.csv": kind})
    assert question_kinds(said.kind, said.kind_by, said.kind_seen, bool(said.kind_against)) == answers


def test_what_is_stated_goes_first(tmp_path: Path) -> None:
    table = told(tmp_path, PURCHASES["en"], "x.csv", kinds={"x.csv": "other"})
    assert (table.kind, table.kind_by, table.kind_words) == ("other", "stated", ("x.csv",))
    assert (
        told(tmp_path, PURCHASES["en"], "x.csv", kinds={"*.csv": "vendors", "x.csv": "offered"}).kind
        == "offered"
    )
    assert (
        told(tmp_path, PURCHASES["en"], "x.csv", kinds={f"{tmp_path.name}/x.csv": "network"}).kind
        == "network"
    )


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ({"x.csv": "vendor"}, "there is no kind 'vendor'"),
        ({"y.csv": "vendors"}, "nothing that is read is called 'y.csv'"),
        ({"x.csv#Main": "vendors"}, "nothing that is read is called 'x.csv#Main'"),
        ({"": "vendors"}, "nothing that is read is called ''"),
    ],
)
def test_wrong_kinds_and_names_are_refused(tmp_path: Path, kinds: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match="E144") as caught:
        told(tmp_path, PURCHASES["en"], "x.csv", kinds=kinds)
    assert says in str(caught.value)


def test_samples_are_few_short_and_no_secrets(tmp_path: Path) -> None:
    rows = "".join(f"A{number},{'x' * 200}{number},s3cret{number}\n" for number in range(9))
    table = told(tmp_path, f"Asset,Description,Admin password\n{rows}")
    samples = {column.name: column.samples for column in table.columns}
    assert samples["Asset"] == ("A0", "A1", "A2") and samples["Description"] == ("x" * 60,)
    assert samples["Admin password"] == ()


@pytest.mark.parametrize(
    "header",
    ["Kreditor", "Lieferantennr.", "Vendor", "Supplier #", "Fournisseur", "Proveedor", "Fornitore", "Fornecedor", "Leverancier",
     "Dostawca", "Поставщик", "供应商", "仕入先", "공급업체", "المورد", "Ktonr. Partner"],
)  # fmt: skip
def test_numbers_of_vendors_are_no_serial_numbers_and_their_payments_are_purchases(
    tmp_path: Path, header: str
) -> None:
    rows = "".join(
        f"00001002{at};{at}.03.2021;{name};{text};{at},00\n"
        for at, name, text in (
            (11, "BRAUN KG", "Kabel"),
            (12, "AMAZON EU", "Papier"),
            (13, "NORD AG", "Wartung"),
        )
    )
    table = told(tmp_path, f"{header};Belegdat.;Name 1;Text;Betr. in HW\n{rows}")
    assert table.kind == "purchases"
    assert table.columns[0].field not in ("serial_number", "vendor_name")


def test_names_alone_make_no_list_of_things(tmp_path: Path) -> None:
    rows = "".join(f"{1000 + n},Firm {n} LLC,{n} Elm,Denver,{3778 + n}\n" for n in range(30))
    table = told(tmp_path, f"CustNo,Customer,Address,City,Contract value\n{rows}", "customers.csv")
    assert table.kind == "uncertain"
