"""Which column holds what."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.model.errors import UsageError
from proscribe.model.observations import CONTENT_FIELDS, FIELDS, FIELDS_IN_WORDS
from proscribe.readers import check_mapping
from proscribe.readers._header import find_header, unique_names
from proscribe.readers.columns import plan_columns
from proscribe.readers.header_fields import field_of_header, fold_header, own_id_columns
from proscribe.readers.value_kinds import field_of_content

HEADERS = {
    "Supplier Name": "vendor_name", "SupplierName": "vendor_name", "SUPPLIER_NAME": "vendor_name",
    "Lieferant": "vendor_name", "Fournisseur": "vendor_name", "Proveedor": "vendor_name", "Fornitore": "vendor_name",
    "Fornecedor": "vendor_name", "Leverancier": "vendor_name", "Dostawca": "vendor_name", "Поставщик": "vendor_name",
    "供应商名称": "vendor_name", "供應商": "vendor_name", "仕入先": "vendor_name", "Payee": "vendor_name",
    "Hersteller": "maker_name", "Fabricant": "maker_name", "Fabricante": "maker_name", "Produttore": "maker_name",
    "Producent": "maker_name", "Производитель": "maker_name", "制造商": "maker_name", "製造商": "maker_name",
    "メーカー": "maker_name", "Make": "maker_name", "Brand": "maker_name", "Herstellername": "maker_name",
    "Mfr P/N": "part_number", "Manufacturer Part Number": "part_number", "Artikel-Nr.": "part_number",
    "型号": "model_number", "Model No.": "model_number", "Hardware / Mdl": "model_number", "Mdl.": "model_number", "Mdl No.": "model_number", "Modèle": "model_number", "型番": "model_number",
    "Item description": "text", "Bezeichnung": "text", "Libellé": "text", "Descripción": "text", "Omschrijving": "text",
    "Opis": "text", "Описание": "text", "描述": "text", "説明": "text", "desc": "text",
    "record_id": "row_id", "Asset Tag": "row_id", "PO number": "row_id", "lfd. Nr.": "row_id", "№ п/п": "row_id",
    "MAC Address": "mac", "MAC-Adresse": "mac", "Adresse MAC": "mac", "mac地址": "mac",
    "S/N": "serial_number", "Seriennummer": "serial_number", "Serialnummer": "serial_number", "Anlagenbezeichnung": "text", "序列号": "serial_number",
    "Menge": "quantity", "Qté": "quantity", "数量": "quantity", "Unit Cost (USD)": "unit_cost", "Betrag": "amount",
    "Standort": "site", "地点": "site", "Kind": "category", "Kategorie": "category", "Bemerkung": "note", "备注": "note",
    "Remarks": "note", "Source": "skip", "Licence": "skip", "URL": "skip", "Vendor ID": "skip",
    "Supplier VAT number": "skip",
    "STCEG": "skip", "Landlord": "vendor_name", "Siren": None, "Adresse réseau": None, "FCC ID": "fcc_id", "sysObjectID": "sysobjectid", "CPE": "cpe", "purl": "purl",
}  # fmt: skip


@pytest.mark.parametrize(("header", "field"), HEADERS.items())
def test_headers(header: str, field: str | None) -> None:
    assert field_of_header(header)[0] == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Vendor Node ID", "skip"), ("Manufacturer phone", "skip"), ("Vendor contact", "skip"), ("Vendor name", "vendor_name"),
        ("Node name", "hostname"), ("Node Name / Vendor", "text"), ("Vendor serial", "serial_number"), ("Manufacturer email", "skip"),
    ],
)  # fmt: skip
def test_a_firm_and_a_thing_in_one_header_tell_no_maker_beside_a_number_or_a_contact(
    header: str, field: str
) -> None:
    assert field_of_header(header)[0] == field


#: Headers as people write them in fifteen languages, by the project, and what they head.
WRITTEN = [
    line.split("\t") for line in (Path(__file__).parent / "headers.tsv").read_text("utf-8").splitlines()
]
HEADS = {
    "text": {"text", "product_name"},
    "maker": {"maker_name"},
    "model": {"model_number", "part_number", "product_name"},
    "serial": {"serial_number"},
    "site": {"site"},
    "vendor": {"vendor_name"},
    "quantity": {"quantity"},
    "date": {"dated_on"},
}


@pytest.mark.parametrize(("header", "heads"), WRITTEN)
def test_headers_in_many_languages(header: str, heads: str) -> None:
    assert field_of_header(header)[0] in HEADS[heads]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Standortbezeichnung", "site"),
        ("Lieferantenbezeichnung", "vendor_name"),
        ("Herstellerbezeichnung", "maker_name"),
        ("Kostenstellenbezeichnung", "skip"),
        ("Typbezeichnung", "model_number"),
        ("Zusatzkurztext", "text"),
        ("Liefermenge", "quantity"),
        ("Verkoopomschrijving", "text"),
        ("Produktbeskrivelse", "text"),
    ],
)
def test_a_compound_is_what_its_first_part_names_or_its_last(header: str, field: str) -> None:
    assert field_of_header(header)[0] == field


@pytest.mark.parametrize(
    "header",
    [
        "Foo",
        "xyz",
        "Huawei",
        "Zustandsgröße",
        "Why",
        "Warum",
        "Wherefore",
        "Where to send it",
        "",
        "  ",
        "x" * 500,
    ],
)
def test_unknown_headers(header: str) -> None:
    assert field_of_header(header)[0] is None


@given(st.text(max_size=30))
def test_folding_is_idempotent(text: str) -> None:
    assert fold_header(fold_header(text)) == fold_header(text)


CONTENT = {
    "mac": ["00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e", "001A2B3C4D5E", "00:1a:2b:xx:xx:xx", "00-1a-2b-**-**-**"],
    "cpe": ["cpe:2.3:h:huawei:ar1220:-:*:*:*:*:*:*:*", "cpe:/h:dahua:ipc"],
    "purl": ["pkg:generic/huawei/liteos@5", "pkg:npm/x@1"],
    "sysobjectid": ["1.3.6.1.4.1.2011.2.239", ".1.3.6.1.4.1.3902.1", "iso.3.6.1.4.1.39165.1", "SNMPv2-SMI::enterprises.2011"],
    "usb_id": ["12d1:1506", "USB\\VID_12D1&PID_1F01", "19d2:0016"],
    "ip": ["10.0.0.1", "192.168.1.20", "fe80::1"],
    "date": ["2024-01-02", "03/04/2023", "5 May 2024"],
    "number": ["1,200.50", "-3", "€ 12", "1e5"],
    "url": ["https://a.example/x", "http://b"],
    "file_name": ["IPC_V5.5.bin", "digicap.dav"],
    "model_number": ["DS-2CD2042WD-I", "IPC-HFW1230S", "AR1220C", "E8372h-153"],
    "id": ["PO-0001", "PO-0002", "PO-0003", "PO-0004"],
    "texty": ["Huawei router", "a camera", "office chair"],
    "user_agent": ["Mozilla/5.0 (Linux)", "Dalvik/2.1.0"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "values"), CONTENT.items())
def test_content(kind: str, values: list[str]) -> None:
    assert field_of_content(values) == kind


@pytest.mark.parametrize(
    "values",
    [["12-11-22", "13-11-22"], ["10:20:30", "11:30:00"], ["123456789012", "223456789012"], ["10.20.30.40"]],
)
def test_digits_are_no_mac(values: list[str]) -> None:
    assert field_of_content(values) != "mac"


def rows_of(*columns: list[str]) -> list[list[str]]:
    return [list(row) for row in zip(*columns, strict=True)]


def test_unexpected_column_of_text_is_read_as_other() -> None:
    plan = plan_columns(
        ("Supplier", "Zorp"), rows_of(["A Ltd", "B Ltd"], ["some router", "a camera thing"]), {}
    )
    assert plan.fields == {"Supplier": "vendor_name", "Zorp": "other"}
    assert plan.recognised_by["Zorp"] == "content"


def test_unexpected_columns_of_numbers_dates_links_and_ids_have_no_field() -> None:
    header = ("Supplier", "Zn", "Zd", "Ze", "Zu", "Zi")
    sample = rows_of(
        ["A"] * 4,
        ["1", "2", "3", "4"],
        ["2024-01-01"] * 4,
        ["2023-01-01"] * 4,
        ["http://x"] * 4,
        ["R-1", "R-7", "R-3", "R-2"],
    )
    plan = plan_columns(header, sample, {})
    assert plan.fields == {"Supplier": "vendor_name"}, "they are looked at all the same"


def test_unknown_category_has_no_field() -> None:
    sample = rows_of([f"Firm {n}" for n in range(200)], [("red", "blue", "green")[n % 3] for n in range(200)])
    plan = plan_columns(("Supplier", "Zone colour"), sample, {})
    assert plan.fields == {"Supplier": "vendor_name"}


def test_remarks_are_read_as_such() -> None:
    plan = plan_columns(("Item", "Remarks"), [["router", "replaces Huawei"]], {})
    assert plan.fields == {"Item": "text", "Remarks": "note"}


def test_identifiers_under_a_plain_header_are_found_by_content() -> None:
    plan = plan_columns(("ID", "Item"), [["00:1a:2b:3c:4d:5e", "x"], ["00:1a:2b:3c:4d:5f", "y"]], {})
    assert plan.fields["ID"] == "mac"
    assert plan.recognised_by["ID"] == "content"


def test_sentences_under_an_identifier_header_are_still_read() -> None:
    plan = plan_columns(("MAC", "Qty"), [["Huawei router in hall", "1"], ["two cameras", "2"]], {})
    assert plan.fields["MAC"] in CONTENT_FIELDS and plan.fields["MAC"] != "mac"


@pytest.mark.parametrize("sep", [";", "/", "_", "; "])
def test_a_column_of_addresses_stays_one_however_they_are_written(sep: str) -> None:
    addresses = [sep.join(("C0", "56", "E3", "00", "00", f"0{number}")) for number in range(4)]
    columns = plan_columns(["Asset", "MAC"], [["1", value] for value in [*addresses, "MAC:C056E3000001"]], {})
    assert columns.fields["MAC"] == "mac"
    columns = plan_columns(["Asset", "MAC"], [["1", f"order {number}; dock"] for number in range(9)], {})
    assert columns.fields.get("MAC") != "mac"


def test_mapping_wins_and_takes_nothing_from_what_it_does_not_name() -> None:
    header = ("Supplier", "Zorp", "Blurb")
    sample = [["A Ltd", "some router", "free words here"], ["B Ltd", "a camera", "more words"]]
    plan = plan_columns(header, sample, {"zorp": "text", "Supplier": "maker_name"})
    assert plan.fields == {"Supplier": "maker_name", "Zorp": "text", "Blurb": "other"}
    # without a header it is the only one that says what columns hold
    header = ("column_1", "column_2", "column_3")
    assert plan_columns(header, sample, {"column_2": "text"}, headed=False).fields == {"column_2": "text"}
    assert plan.recognised_by == {"Supplier": "map", "Zorp": "map", "Blurb": "content"}


def test_context_mapping_does_not_silence_guesses() -> None:
    plan = plan_columns(("Zorp", "Blurb"), [["some router", "1"], ["a camera", "2"]], {"Blurb": "quantity"})
    assert plan.fields == {"Zorp": "other", "Blurb": "quantity"}


def test_wrong_mapping_names_the_nearest() -> None:
    with pytest.raises(UsageError) as field:
        check_mapping({"Supplier": "vendor"})
    assert field.value.code == "E134" and "vendor_name" in field.value.expected
    with pytest.raises(UsageError) as column:
        check_mapping({"Suplier": "vendor_name"}, ["Supplier", "Model"])
    assert "Supplier" in column.value.expected


def test_a_single_column_is_always_read() -> None:
    for values in (["1", "2"], ["http://x"], ["PO-1", "PO-2"]):
        plan = plan_columns(("URL",), [[value] for value in values], {})
        assert plan.fields["URL"] in CONTENT_FIELDS


def test_only_one_column_is_the_row_id() -> None:
    plan = plan_columns(("Line no", "Record ID", "Item"), [["1", "H1", "x"], ["2", "H2", "y"]], {})
    assert [name for name, field in plan.fields.items() if field == "row_id"] == ["Line no"]


@given(st.lists(st.text(max_size=4), max_size=8))
def test_names_become_unique_without_losing_any(names: list[str]) -> None:
    made = unique_names(names)
    assert len(made) == len(names) == len(set(made))
    assert all(made)


def test_header_in_doubt_is_data() -> None:
    assert find_header([["Huawei", "Router"], ["Cisco", "Switch"]]).rows == 0
    assert find_header([["Huawei", "3"], ["Cisco", "4"]]).rows == 0
    assert find_header([["Alpha", "Beta"], ["x y", "4"], ["z w", "5"]]).rows == 1
    assert find_header([["Huawei"], ["ZTE"]]).rows == 0
    assert find_header([["Supplier"], ["Huawei"]]).rows == 1


def test_every_field_of_the_table_exists() -> None:
    from proscribe.readers.header_fields import _synonyms

    assert set(_synonyms().exact.values()) - {"skip"} <= set(FIELDS)


def test_a_header_of_brackets_costs_no_more_than_its_length() -> None:
    """Twice the length is about twice the steps, not four times: a cell may hold a million of them."""
    from proscribe.readers import header_fields

    assert fold_header("Weight (kg)") == "weight"
    # A pattern without a bound on what stands between the brackets looks to the end of the text from each of them.
    assert header_fields._UNITS.sub("", "[" * 200 + "]") == "[" * 119


@pytest.mark.parametrize(
    "header",
    [
        ["Asset", "Vendor City", "Description"],
        ["Asset", "Supplier address", "Description"],
        ["Inventar", "Ort des Lieferanten", "Bezeichnung"],
        ["N°", "Adresse fournisseur", "Désignation"],
        ["编号", "供应商地址", "名称"],
        ["No", "City", "Vendor", "Street"],
        ["Nr", "Ort", "Lieferant", "PLZ"],
        ["ID", "Ciudad", "Proveedor", "Código postal"],
    ],
)
def test_where_a_seller_sits_is_no_place_of_a_thing(header: list[str]) -> None:
    plan = plan_columns(header, [["1", "Dayton", "ACME camera", "Main 1"][: len(header)]] * 3, {})
    assert "site" not in plan.fields.values()


@pytest.mark.parametrize(
    "header",
    [
        ["Asset", "City", "Vendor", "Description"],
        ["Asset", "Location", "Vendor", "Street"],
        ["Asset", "Customer site", "Description", "Vendor"],
        ["Asset", "Vendor City", "Building", "Description"],
    ],
)
def test_where_a_thing_stands_stays_its_place(header: list[str]) -> None:
    plan = plan_columns(header, [["1", "Dayton", "Annex", "ACME camera"]] * 3, {})
    assert list(plan.fields.values()).count("site") == 1


@pytest.mark.parametrize("header", ["Phone", "Mobile phone", "Company phone", "Téléphone"])
def test_a_column_of_phones_holds_things_or_numbers_as_its_values_say(header: str) -> None:
    things = [
        ["P30 lite", "A. Moss"],
        ["Honor 10 Lite", "B. Lind"],
        ["iPhone 13", "C. Ray"],
        ["n/a", "D. Hart"],
    ]
    numbers = [["+49 721 123456", "A. Moss"], ["0721/12 34 57", "B. Lind"], ["ext. 204", "C. Ray"]]
    assert plan_columns((header, "User"), things, {}).fields[header] == "product_name"
    assert header not in plan_columns((header, "User"), numbers, {}).fields


@pytest.mark.parametrize(
    ("header", "rows", "own"),
    [
        # what numbers the rows runs on, whatever it is called, and wherever it stands
        (("Doc", "Supplier", "Narrative", "Ref 2"), [("PI-20411", "A", "x", ""), ("PC-20417", "B", "y", "PO 8861"), ("PI-20420", "A", "z", "")], "Doc"),
        (("Kred.", "Name 1", "Ort"), [("70001", "A", "x"), ("70002", "B", "y"), ("70009", "C", "z")], "Kred."),
        (("Item", "Zuq", "Notes"), [("camera", "KX-0001", ""), ("switch", "KX-0002", ""), ("router", "KX-0005", "")], "Zuq"),
        # of two columns that are called numbers, the one whose values are; the other holds models
        (("Demirbaş", "Marka", "Kod"), [("D-1", "A", "IPC-HFW2831T-ZS"), ("D-2", "B", "QNV-7080R"), ("D-3", "C", "12V 5A"), ("D-4", "C", "BD505")], "Demirbaş"),
        (("Vch No.", "Item", "Qty"), [("PUR/22/0411", "camera", "2"), ("JRN/22/0098", "rent", "1"), ("PRT/22/0021", "radio", "1")], "Vch No."),
        (("ลำดับ", "เลขครุภัณฑ์", "รายการ"), [("1", "7440-001-0021", "a"), ("2", "7440-001-0022", "b"), ("3", "7440-001-0023", "c")], "เลขครุภัณฑ์"),
        # remarks below the records are no codes
        (("Zuq", "Item", "Maker", "Site"), [("4711", "a", "b", "c"), ("4712", "d", "e", "f"), ("4720", "g", "h", "i"), ("4731", "k", "l", "m"), ("Seen by K. Hale", "", "", "")], "Zuq"),
    ],
)  # fmt: skip
def test_the_number_of_a_record_is_told_by_its_values(
    header: tuple[str, ...], rows: list[tuple[str, ...]], own: str
) -> None:
    plan = plan_columns(header, rows, {})
    assert own_id_columns(plan.fields) == [own]


@pytest.mark.parametrize(
    ("values", "is_serial"),
    [
        (["5H0123FPAG11", "6J0A11CPAZ", "7F02B8APAJ", "n/a"], True),
        (["2102350DLR10J7", "T7K3A19B0", "e44120987", "F98712345"], True),
        (["5H0123FPAG11", "5H0123FPAG11", "5H0123FPAG11", "5H0123FPAG11"], False),
        (["DS-2CD2143G2-I", "IPC-HFW2431S-S-S2", "NVR5216-16P-4KS2", "C9200L-24P-4G"], False),
        (["n/a", "n/a", "none", "5H0123FPAG11"], False),
    ],
)
def test_serial_numbers_are_told_by_their_values(values: list[str], is_serial: bool) -> None:
    rows = [
        (item, value) for item, value in zip(["camera", "switch", "router", "radio"], values, strict=True)
    ]
    plan = plan_columns(("Item", "Zuq"), rows, {})
    assert (plan.fields.get("Zuq") == "serial_number") is is_serial


@pytest.mark.parametrize(
    ("rows", "names", "first_record"),
    [
        # parts of names beneath, where a column has none
        ([["Tag", "What", "", "Site"], ["no.", "", "detail", "/ room"], ["1", "Camera", "Axis", "Gate"], ["2", "Radio", "Icom", "Hall"]],
         ["Tag", "What", "detail", "Site"], 1),
        # units beneath
        ([["ID", "Weight", "Name"], ["", "kg", ""], ["1", "20", "Axis"], ["2", "30", "Icom"]], ["ID", "Weight", "Name"], 1),
        # words broken over two lines
        ([["Inventar", "Bezeichnung", "Hersteller-", "Stand-/"], ["nummer", "", "seriennummer", "ort"], ["1", "Kamera", "F1", "Tor"],
          ["2", "Funk", "F2", "Hof"]], ["Inventar nummer", "Bezeichnung", "Herstellerseriennummer", "Standort"], 1),
        ([["Nr", "Multi-", "Ort"], ["1", "switch", "Tor"], ["2", "router", "Hof"]], ["Nr", "Multi-", "Ort"], 1),
        # groups above, below a title
        ([["Estate 2023"], ["", "Device", "", "Location", ""], ["No", "Name", "Maker", "Name", "Room"], ["1", "cam", "Axis", "Gate", "2"]],
         ["No", "Device / Name", "Maker", "Location / Name", "Room"], 3),
        # a record of small words is a record
        ([["Item", "Maker", "Site"], ["camera", "hikvision", "gate"], ["router", "zte", "hall"]], ["Item", "Maker", "Site"], 1),
        ([["Item", "Maker", ""], ["camera", "hikvision", "gate"], ["router", "zte", "hall"]], ["Item", "Maker", "column_3"], 1),
    ],
)  # fmt: skip
def test_a_header_of_two_lines_is_one(rows: list[list[str]], names: list[str], first_record: int) -> None:
    found = find_header(rows)
    assert list(found.names) == names
    assert found.start + found.rows == first_record, "a line below a header is read as a record too"


def test_a_name_in_one_language_that_is_how_many_in_another_is_told_by_its_values() -> None:
    counted = plan_columns(("Bien loué", "Nombre"), [("Caméra", "4"), ("Routeur", "2"), ("Radio", "1")], {})
    assert counted.fields == {"Bien loué": "text", "Nombre": "quantity"}
    named = plan_columns(("Nombre", "Marca"), [("Cámara", "Axis"), ("Radio", "Icom")], {})
    assert named.fields["Nombre"] == "text"


def test_a_header_of_ids_over_words_heads_what_the_things_are() -> None:
    rows = [
        ("IT-1", "Telecamera"),
        ("IT-2", "Registratore a 16 canali"),
        ("IT-3", "Cavo console"),
        ("IT-4", "Centralino"),
    ]
    assert plan_columns(("Codice", "Cespite"), rows, {}).fields == {"Codice": "row_id", "Cespite": "text"}
    numbered = [(number, f"{100 + at}") for at, (number, _) in enumerate(rows)]
    assert plan_columns(("Bene", "Cespite"), numbered, {}).fields["Cespite"] in ("row_id", "asset_tag")


def test_a_number_that_is_the_same_in_each_row_is_no_id() -> None:
    rows = [("FA-1", "0", "Hikvision camera"), ("FA-2", "0", "Axis camera"), ("FA-3", "0", "Icom radio")]
    fields = plan_columns(("Asset", "SNo", "Description"), rows, {}).fields
    assert fields["Asset"] == "row_id" and fields.get("SNo") != "row_id"


def test_make_or_buy_is_no_maker() -> None:
    rows = [("1", "BUY", "DS-2CD2385G1-I"), ("2", "MAKE", "P3245-LV"), ("3", "BUY", "S5735-L24P4X-A")]
    assert "maker_name" not in plan_columns(("No", "Make", "Model"), rows, {}).fields.values()
    makers = plan_columns(("No", "Make", "Model"), [("1", "Axis", "P1"), ("2", "Icom", "F1")], {}).fields
    assert makers["Make"] == "maker_name"


def test_texts_that_name_things_by_their_models_are_the_product() -> None:
    rows = [("1", "Dahua IPC-HDBW2231R-ZS", "old"), ("2", "Axis M3106-L", "new"), ("3", "ZTE MC801A", "new")]
    plan = plan_columns(("ID", "Zuq", "Zaq"), rows, {})
    assert (plan.fields["Zuq"], plan.fields["Zaq"]) == ("product_name", "other")


def test_a_column_under_the_head_of_several_is_what_its_own_name_says() -> None:
    names = ("Device / Make", "Device / Model", "Device / Name", "Supplier / Name", "Supplier / City")
    rows = [
        ("Hikvision", "DS-2CD2385G1-I", "cam 1", "Lane Bros", "Leeds"),
        ("LTS", "CMIP3342W-28M", "cam 2", "Nord AG", "Bonn"),
    ]
    fields = plan_columns(names, rows, {}).fields
    assert (fields["Device / Make"], fields["Device / Model"]) == ("maker_name", "model_number")
    assert fields["Supplier / Name"] == "vendor_name"
    alone = plan_columns(("Make / Model", "Site"), [("Hikvision DS-2CD2385G1-I", "Gate")], {}).fields
    assert alone["Make / Model"] == "model_number"


def test_two_lists_beside_each_other_give_no_record_the_id_or_the_place_of_its_neighbour() -> None:
    header = ["Nr", "Camera", "Merk", "Locatie", "column_5", "Nr_2", "Camera_2", "Merk_2", "Locatie_2"]
    rows = [
        ["101", "dome", "Axis", "Noord", None, "201", "dome", "Hikvision", "Zuid"],
        ["102", "dome", "Bosch", "Noord", None, "202", "bullet", "Dahua", "Zuid"],
    ]
    plan = plan_columns(header, rows, {})
    assert {"row_id", "site"}.isdisjoint(plan.fields.values()) and plan.fields["Merk_2"] == "maker_name"
    told = plan_columns(header, rows, {"Nr": "row_id"})
    assert told.fields["Nr"] == "row_id"  # a person may say so
    alone = plan_columns(header[:5], [row[:5] for row in rows], {})
    assert (alone.fields["Nr"], alone.fields["Locatie"]) == ("row_id", "site")


def test_every_field_has_words_for_people_of_its_own() -> None:
    assert FIELDS_IN_WORDS.keys() == set(FIELDS)
    assert len(set(FIELDS_IN_WORDS.values())) == len(FIELDS)


@pytest.mark.parametrize(
    ("header", "values", "is_site"),
    [
        ("Premises passed", ["18200", "4100", "5200", "0"], False),
        ("Homes passed", ["18,200", "4,100", "n/a"], False),
        ("Premises served", ["n/a", "300", "20"], False),
        ("Number of sites", ["1", "12", "3"], False),
        ("Sites", ["4", "12", "1"], False),
        ("Räume", ["4", "12", "1"], False),
        ("Location since", ["2020-01-04", "2021-02-04", "2022-03-04"], False),
        ("Location budget", ["£1,200", "£300", "£20"], False),
        ("Exchange", ["2019", "2016", "2019"], False),
        ("Exchange", ["Leeds Basinghall", "York", "Selby"], True),
        # a number that is the name of a place, and the name of one
        ("Site", ["101", "102", "205"], True),
        ("Location", ["18", "4", "200"], True),
        ("Store no", ["12", "101", "7"], True),
        ("Building no", ["12", "7", "101"], True),
        ("Raum", ["2.14", "1.023", "0.5"], True),
        ("Floor", ["-1", "0", "2"], True),
        ("Room (new)", ["214", "215", "301"], True),
        ("Premises", ["Mill Lane", "Depot", "Yard"], True),
    ],
)
def test_numbers_that_count_cost_or_date_places_are_no_sites(
    header: str, values: list[str], is_site: bool
) -> None:
    rows = [("Hikvision", "DS-2CD2143G2-I", value) for value in values]
    found = plan_columns(("Maker", "Model", header), rows, {}).fields.get(header)
    assert (found == "site") is is_site, found


def test_a_column_of_addresses_that_lost_their_noughts_is_one_still() -> None:
    rows = [["h1", "1882123456"], ["h2", "2293123456"], ["h3", "E0FC123456"], ["h4", "00:1b:21:11:22:33"]]
    assert plan_columns(["Host", "MAC address"], rows, {}).fields["MAC address"] == "mac"
