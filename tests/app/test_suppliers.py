"""Suppliers end to end: who is asked, what is taken, and that each answer is tested against what we hold."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.app.files import write_files
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.store.desk import Desk
from proscribe.app.vendors.own_evidence import about, held_in
from proscribe.app.vendors.returned_forms import sign_answers
from proscribe.app.vendors.supplier_files import campaign_files, file_stem
from proscribe.app.vendors.suppliers import Asked, SupplierDesk, evidence_of
from proscribe.app.vendors.vendor_list import Vendor, name_key, read_vendors
from proscribe.attestations import file_signer, new_key
from proscribe.casework import suppliers as events
from proscribe.casework.commands import cases, judging
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import SupplierDeclaration, Verdict
from proscribe.model.errors import CaseError, InputError, UsageError
from proscribe.model.suppliers import ANSWERS_SCHEMA, SupplierForm, verdict
from proscribe.model.suppliers import Tested as Outcome
from proscribe.suppliers.form_workbook import to_workbook

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
PASSPHRASE = "a sentence that only the signer knows"
SAYS = {
    "legal_name": "Northgate Cameras Ltd", "provide": "does not", "contain": "does not", "products_complete": "yes",
    "flow_down": "yes", "signer": "Anna Moss", "signer_title": "Director", "answered_on": "2026-11-25",
}  # fmt: skip


class Clock:
    """The store's clock; tests move it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    return {}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, shared: dict[str, Any]) -> Iterator[SupplierDesk]:
    with Store.open(tmp_path / "c.db", now=clock) as store:
        plain = Desk(store)
        made = SupplierDesk(plain)
        shared.setdefault("law", made.law)
        cases.open_case(store, by=Author("R. Ito"), title="Suppliers", as_of=date(2026, 11, 25), zone="UTC")
        yield made


def ask(desk: SupplierDesk, *vendors: Vendor, **more: Any) -> list[Asked]:
    _, asked = desk.campaign(
        "C-0001",
        vendors or (Vendor("Northgate Cameras Ltd", 2),),
        asked_by="Ridge Analytics LLC",
        by="R. Ito",
        **more,
    )
    return asked


def form_of(asked: Asked) -> SupplierForm:
    assert asked.form is not None
    return asked.form


def value_of(form: SupplierForm, answers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "schema": ANSWERS_SCHEMA, "form_id": form.id, "campaign": form.campaign, "supplier_id": form.supplier_id, "draft": False,
        "answers": SAYS if answers is None else answers, "asked": {item.id: item.text for item in form.questions},
        "products": [], "evidence": [], **more,
    }  # fmt: skip


def returned(folder: Path, form: SupplierForm, answers: dict[str, str] | None = None, **more: Any) -> Path:
    path = folder / f"answers-{form.supplier_id}.json"
    path.write_text(json.dumps(value_of(form, answers, **more)))
    return path


def take(desk: SupplierDesk, path: Path, **more: Any) -> Any:
    return desk.take(path, by="R. Ito", **more)


def declaration(desk: SupplierDesk, identity: str = "S1") -> SupplierDeclaration:
    return next(item for item in desk.store.case("C-0001").declarations if item.id == identity)


def of(tests: tuple[Outcome, ...], name: str) -> list[Outcome]:
    return [item for item in tests if item.test == name]


def results(tests: tuple[Outcome, ...], name: str) -> set[str]:
    return {item.result for item in of(tests, name)}


# The list of suppliers


def listed(folder: Path, text: str, name: str = "vendors.csv") -> Any:
    path = folder / name
    path.write_text(text)
    return read_vendors(path)


def test_rows_of_one_supplier_are_joined_and_no_row_is_lost(tmp_path: Path) -> None:
    found = listed(
        tmp_path,
        "Supplier,UEI,CAGE Code,E-mail,Product,Model,Manufacturer,Serial no.,MAC,Colour\n"
        "Acme Ltd,ZQGGH8XPGKL9,1abc5,a@acme.example,Camera,A-100,Acme,S1,c0:6d:ed:14:02:77,red\n"
        "ACME Ltd.,,,,Recorder,A-200,Acme,,,\n"
        "Acme Ltd,ZQGGH8XPGKL8,,,Recorder,A-200,Acme,,,\n"
        "Acme Inc,,,,,,,,,\n"
        ",,,nobody@x.example,Camera,,,,,\n"
        "Broken,123,O0000,,,,,,,\n",
    )
    assert [item.name for item in found.vendors] == ["Acme Ltd", "Acme Inc", "Broken"] and found.rows == 6
    acme = found.vendors[0]
    assert (acme.uei, acme.cage, acme.email) == ("ZQGGH8XPGKL9", "1ABC5", "a@acme.example")
    assert acme.products == (
        {"product": "Camera", "model": "A-100", "maker": "Acme", "serials": "S1; c0:6d:ed:14:02:77"},
        {"product": "Recorder", "model": "A-200", "maker": "Acme"},
    )
    assert [(item.code, item.at) for item in found.problems] == [
        ("E491", "row 4"), ("E491", "row 6"), ("E491", "row 7"), ("E491", "row 7"),
    ]  # fmt: skip
    assert found.unread == ("Colour",)


@pytest.mark.parametrize(
    "text", ["", "Colour,Size\nred,3\n", "Supplier\n", "Supplier,UEI\n,ZQGGH8XPGKL9\n", "\x00\x01\x02"],
)  # fmt: skip
def test_a_list_without_suppliers_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="E490"):
        listed(tmp_path, text)
    with pytest.raises(InputError, match="E490"):
        read_vendors(tmp_path / "none.csv")


def test_a_damaged_list_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "v.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )
    with pytest.raises(InputError, match="password"):
        read_vendors(tmp_path / "v.xlsx")


def test_a_workbook_and_tiers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Vendor name", "Tier", "Parent"),
        ("Acme", None, None),
        ("Chip Oy", None, "Acme"),
        ("Far", "x", None),
    ):
        sheet.append(row)
    book.save(tmp_path / "v.xlsx")
    found = read_vendors(tmp_path / "v.xlsx")
    assert [(item.name, item.tier, item.parent) for item in found.vendors] == [
        ("Acme", 1, ""),
        ("Chip Oy", 2, "Acme"),
        ("Far", 1, ""),
    ]
    assert [item.code for item in found.problems] == ["E491"]


@given(name=st.text(max_size=40))
@settings(max_examples=100)
def test_folding_a_name_twice_changes_nothing(name: str) -> None:
    for legal_form in (False, True):
        once = name_key(name, legal_form=legal_form)
        assert name_key(once, legal_form=legal_form) == once


def test_names_of_files_are_plain() -> None:
    for name in ("../../etc/passwd", "C:\\x", "a\x00b", "…", "x" * 400, "Ünï Cödé GmbH", "=cmd"):
        stem = file_stem("S3", name)
        assert (
            stem.startswith("S3")
            and len(stem) < 60
            and not set(stem) - set("Sabcdefghijklmnopqrstuvwxyz0123456789-")
        )


# Asking


def test_a_campaign_asks_everybody_or_nobody(desk: SupplierDesk, tmp_path: Path) -> None:
    asked = ask(
        desk,
        Vendor("Acme", 2, email="a@x"),
        Vendor("Chip Oy", 3, tier=2, parent="Acme"),
        Vendor("Deep Ltd", 4, parent="chip oy"),
        due_on=date(2026, 12, 10),
    )
    kept = {item.id: item for item in desk.store.case("C-0001").declarations}
    assert [(item.id, item.parent, item.tier) for item in kept.values()] == [
        ("S1", "", 1),
        ("S2", "S1", 2),
        ("S3", "S2", 3),
    ]
    for one in asked:
        form = desk.form_of(kept[one.id])
        assert form == form_of(one) and form.due_on == date(2026, 12, 10) and kept[one.id].form_id == form.id
    assert len({item.form_id for item in kept.values()}) == 3
    files = campaign_files(asked)
    assert sorted(files) == sorted(
        [
            "index.csv",
            *(
                f"{folder}/{stem}{end}"
                for stem in ("S1-acme", "S2-chip-oy", "S3-deep-ltd")
                for folder, end in (("forms", ".xlsx"), ("forms", ".html"), ("messages", ".txt"))
            ),
        ]
    )
    write_files(tmp_path / "out", files)
    assert (tmp_path / "out" / "forms" / "S1-acme.xlsx").read_bytes() == to_workbook(form_of(asked[0]))
    with pytest.raises(UsageError, match="E492"):
        write_files(tmp_path / "out", files)
    assert desk.store.verify() == []


def test_nobody_is_asked_when_the_list_cannot_hold(desk: SupplierDesk) -> None:
    for vendors in (
        (Vendor("A", 2, parent="Nobody"),),
        (Vendor("A", 2, parent="B"), Vendor("B", 3, parent="A")),
        (Vendor("A", 2, parent="A"),),
    ):
        with pytest.raises(UsageError, match="E491"):
            ask(desk, *vendors)
    with pytest.raises(CaseError, match="E430"):
        ask(desk, due_on=date(2026, 11, 24))
    with pytest.raises(UsageError, match="E490"):
        desk.campaign("C-0001", [Vendor("A", 2)], asked_by=" ", by="R. Ito")
    with pytest.raises(CaseError, match="E422"):
        ask(desk, version=99)
    assert desk.store.case("C-0001").declarations == ()


def test_who_answered_or_was_asked_is_not_asked_again(
    desk: SupplierDesk, tmp_path: Path, clock: Clock
) -> None:
    first = ask(desk, Vendor("Acme", 2), Vendor("Other", 3))
    take(desk, returned(tmp_path, form_of(first[0])))
    again = ask(desk, Vendor("ACME", 2), Vendor("Other", 3), Vendor("New", 4))
    assert [(one.id, one.form is None) for one in again] == [("S1", True), ("S2", True), ("S3", False)]
    assert "answered until 2027-11-24" in again[0].why_not and "due on" in again[1].why_not
    clock.at += timedelta(days=330)
    assert [one.form is not None for one in ask(desk, Vendor("Acme", 2), Vendor("Other", 3))] == [True, True]
    assert ask(desk, Vendor("Acme", 2), again=True)[0].form is not None
    assert len({item.campaign for item in desk.store.case("C-0001").declarations}) >= 2


# Taking answers


def test_an_answer_of_the_page_and_one_of_the_workbook(desk: SupplierDesk, tmp_path: Path) -> None:
    first, second = ask(desk, Vendor("Northgate Cameras Ltd", 2), Vendor("Other", 3, uei="ZQGGH8XPGKL9"))
    done = take(desk, returned(tmp_path, form_of(first), {**SAYS, "uei": " zqggh8xpgkl9 ", "country": "gb"}))
    assert (done.outcome, done.id, done.signature) == ("answered", "S1", "not signed")
    item = declaration(desk)
    assert (item.status, item.uei, item.answered_on, item.expires_on) == (
        "answered",
        "ZQGGH8XPGKL9",
        date(2026, 11, 25),
        date(2027, 11, 24),
    )
    assert (
        json.loads(item.answers)["country"] == "GB"
        and item.signed_by == "Anna Moss, Director"
        and item.checked_on == date(2026, 11, 25)
    )
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(form_of(second))))
    sheet = book["Answers"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 4).value = {**SAYS, "legal_name": "Other"}.get(str(sheet.cell(row, 1).value))
    book.save(tmp_path / "other.xlsx")
    assert take(desk, tmp_path / "other.xlsx").outcome == "answered"
    assert desk.store.blob(declaration(desk, "S2").document_sha256) == (tmp_path / "other.xlsx").read_bytes()


def changed(form: SupplierForm, **more: Any) -> dict[str, Any]:
    value = value_of(form)
    for key, item in more.items():
        if isinstance(item, dict):
            value[key] = {name: text for name, text in {**value[key], **item}.items() if text is not None}
        else:
            value[key] = item
    return value


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        ({"draft": True}, "E494", "draft"),
        ({"answers": {"signer": None}}, "E494", "signer is missing"),
        ({"answers": {"provide": "never"}}, "E494", "provide: 'never' is none of does, does not, not known"),
        ({"answers": {"provide": None, "contain": None}}, "E494", "provide is missing; contain is missing"),
        ({"answers": {"uei": "123"}}, "E494", "uei: '123' has 3 characters"),
        ({"answers": {"cage": "OI123"}}, "E494", "cage"),
        ({"answers": {"country": "England"}}, "E494", "country"),
        ({"answers": {"answered_on": "25/11/2026"}}, "E494", "no day such as"),
        ({"answers": {"answered_on": "2026-11-27"}}, "E494", "lies in the future"),
        ({"answers": {"legal_name": "?!"}}, "E494", "no letter"),
        ({"answers": {"legal_name": "x" * 501}}, "E494", "at most 500"),
        ({"answers": {"invented": "does not"}}, "E495", "'invented' was added"),
        ({"asked": {"provide": "State whether you knowingly provide it."}}, "E495", "'provide' was changed"),
        ({"asked": {"use": None}}, "E495", "'use' is missing"),
        ({"asked": {"more": "And?"}}, "E495", "'more' was added"),
        ({"supplier_id": "S2"}, "E495", "for S2"),
        ({"campaign": "C-0001/2020-01-01"}, "E495", "2020-01-01"),
        ({"form_id": "sf_000000000000000000000000"}, "E495", "has another id"),
        ({"form_id": "sf_0", "campaign": "C-0009/x"}, "E495", "no form with its id"),
    ],
)  # fmt: skip
def test_what_is_not_this_form_answered_is_refused_and_nothing_is_kept(
    desk: SupplierDesk, tmp_path: Path, more: dict[str, Any], code: str, says: str
) -> None:
    (asked,) = ask(desk)
    before = desk.store.head().seq
    path = tmp_path / "a.json"
    path.write_text(json.dumps(changed(form_of(asked), **more)))
    with pytest.raises(InputError) as caught:
        take(desk, path)
    assert (caught.value.code, says in caught.value.what) == (code, True), str(caught.value)
    assert desk.store.head().seq == before and declaration(desk).status == "asked"


def test_another_suppliers_form_and_an_older_form_are_refused(desk: SupplierDesk, tmp_path: Path) -> None:
    one, other = ask(desk, Vendor("Acme", 2), Vendor("Other", 3))
    value = value_of(form_of(other))
    (tmp_path / "a.json").write_text(json.dumps({**value, "form_id": form_of(one).id}))
    with pytest.raises(InputError, match="E495"):
        take(desk, tmp_path / "a.json")
    old = returned(tmp_path, form_of(one))
    ask(desk, Vendor("Acme", 2, products=({"product": "Camera"},)), again=True)
    with pytest.raises(InputError, match=r"E495.*newer form"):
        take(desk, old)


def test_a_decline_needs_a_signer_alone_and_is_kept_as_a_refusal(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    signer = {"signer": "A. Moss", "signer_title": "Director", "answered_on": "2026-11-25"}
    with pytest.raises(InputError, match="E494"):
        take(desk, returned(tmp_path, form_of(asked), {"decline": "yes", "signer": "A. Moss"}))
    done = take(
        desk, returned(tmp_path, form_of(asked), {"decline": "yes", "decline_why": "trade secret", **signer})
    )
    item = declaration(desk)
    assert (done.outcome, item.status) == (
        "declined",
        "refused",
    ) and "trade secret (A. Moss" in item.refused_why
    memo = desk.memo(item, evidence_of(), on=date(2026, 11, 25))
    assert "trade secret" in memo.why and memo.searched == 0


def test_the_same_file_is_taken_once(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    path = returned(tmp_path, form_of(asked))
    take(desk, path)
    with pytest.raises(CaseError, match="E432"):
        take(desk, path)


# Signed answers


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("keys")
    made = {}
    for name in ("supplier", "stranger"):
        private, public, _ = new_key(PASSPHRASE)
        (folder / f"{name}.key").write_bytes(private)
        made[name] = (file_signer(folder / f"{name}.key", PASSPHRASE), public.encode())
    return made


def test_signed_answers(desk: SupplierDesk, tmp_path: Path, keys: dict[str, Any]) -> None:
    one, two, three, four = ask(desk, *(Vendor(name, 2) for name in ("Acme", "Beta", "Gamma", "Delta")))
    signer, public = keys["supplier"]

    def signed(asked: Asked) -> Path:
        path = tmp_path / f"{asked.id}.zip"
        path.write_bytes(
            sign_answers(
                returned(tmp_path, form_of(asked)),
                signer,
                signed_by="Anna Moss",
                signed_as="Director",
                signed_at=NOW,
            )
        )
        return path

    done = take(desk, signed(one), keys=[("k", public)])
    assert done.signature.startswith("signed by Anna Moss, key ") and done.signature.endswith(
        "a key you trust"
    )
    assert take(desk, signed(two)).signature.endswith("whose key it is was not checked")
    assert not [item for item in done.tests if "The file was signed by" in item.says]
    assert take(desk, signed(three), fingerprints=[signer.key_id]).signature.endswith("a key you trust")
    bundle = signed(four)
    with pytest.raises(InputError, match="E497"):
        take(desk, bundle, keys=[("k", keys["stranger"][1])])
    content = bytearray(bundle.read_bytes())
    place = content.index(b"files/answers.json") + 60
    content[place] ^= 1
    (tmp_path / "bad.zip").write_bytes(content)
    with pytest.raises(InputError, match=r"E47|E497"):
        take(desk, tmp_path / "bad.zip", keys=[("k", public)])
    assert declaration(desk, "S4").status == "asked"
    assert [item.signature for item in desk.store.case("C-0001").declarations][3] == ""


def test_a_signer_whom_the_form_does_not_name_is_noticed(
    desk: SupplierDesk, tmp_path: Path, keys: dict[str, Any]
) -> None:
    (asked,) = ask(desk)
    path = tmp_path / "s.zip"
    path.write_bytes(
        sign_answers(
            returned(tmp_path, form_of(asked)),
            keys["supplier"][0],
            signed_by="B. Hale",
            signed_as="",
            signed_at=NOW,
        )
    )
    done = take(desk, path)
    assert ("doubtful", True) in [
        (item.result, "'B. Hale'" in item.says and "'Anna Moss'" in item.says)
        for item in of(done.tests, "form")
    ]


def test_a_signature_on_something_else_is_refused(
    desk: SupplierDesk, tmp_path: Path, keys: dict[str, Any]
) -> None:
    from proscribe.attestations import Statement, Subject, pack
    from proscribe.attestations.envelope import seal
    from proscribe.attestations.predicates import case_v1, supplier_answers_v1

    (asked,) = ask(desk)
    signer, _ = keys["supplier"]
    data = returned(tmp_path, form_of(asked)).read_bytes()

    def bundle(type_: str, predicate: dict[str, Any], files: dict[str, bytes]) -> Path:
        statement = Statement(tuple(Subject.of(name, one) for name, one in files.items()), type_, predicate)
        path = tmp_path / "b.zip"
        path.write_bytes(pack(files, seal(statement, signer), {signer.key_id: signer.public_pem.encode()}))
        return path

    about_form = supplier_answers_v1.build(
        form_id="sf_another",
        campaign="c",
        supplier_id="S1",
        signed_by="A",
        signed_as="",
        signed_at=NOW.isoformat(),
        program="1",
    )
    case = case_v1.build(
        head="ab" * 32, store="cd" * 16, events=1, signed_by="A", signed_at=NOW.isoformat(), about="log"
    )
    for made in (
        bundle(supplier_answers_v1.TYPE, about_form, {"answers.json": data}),
        bundle(case_v1.TYPE, case, {"answers.json": data}),
        bundle(
            supplier_answers_v1.TYPE,
            {**about_form, "formId": form_of(asked).id},
            {"answers.json": data, "b": b"x"},
        ),
        bundle(supplier_answers_v1.TYPE, {**about_form, "signedBy": ""}, {"answers.json": data}),
    ):
        with pytest.raises(InputError, match="E497"):
            take(desk, made)
    with pytest.raises(UsageError, match="E488"):
        sign_answers(returned(tmp_path, form_of(asked)), signer, signed_by=" ", signed_as="", signed_at=NOW)


# Each answer against what we hold


def test_products_of_the_form_go_through_the_matcher(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    products = [
        {
            "product": "Dome camera",
            "model": "DS-2CD2143G2-I",
            "maker": "Northgate",
            "serials": "S1, c0:6d:ed:14:02:77",
        },
        {"product": "Switch", "model": "GS108", "maker": "Netgear", "relabel": "no"},
        {"product": "Recorder", "model": "NG-R16", "maker": "Northgate", "relabel": "yes, Dahua"},
        {"product": "Camera", "model": "NG-C2", "maker": "Northgate", "relabel": "yes"},
        {"product": "Door station", "model": "NG-D1", "maker": "Northgate", "chip": "Hi3518EV200"},
    ]
    done = take(desk, returned(tmp_path, form_of(asked), products=products))
    told = of(done.tests, "products")
    against = [item.says for item in told if item.result == "contradicted"]
    assert any(
        text.startswith("product 1 ") and "hikvision" in text and 'says "does not" (provide, contain)' in text
        for text in against
    )
    assert any(
        text.startswith("product 3 ") and "dahua" in text
        for item in told
        for text in [item.says]
        if item.result != "nothing_found"
    )
    assert any(
        item.says.startswith("product 4 ") and item.result == "doubtful" and "not said" in item.says
        for item in told
    )
    assert any(
        item.says.startswith("product 5 ") and item.result in ("contradicted", "doubtful") for item in told
    )
    assert not any("product 2 " in item.says for item in told)
    assert verdict(done.tests) == "contradicted by what we hold" and declaration(desk).contradictions


def test_what_agrees_is_no_contradiction(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    says = {**SAYS, "provide": "does", "contain": "does"}
    done = take(
        desk,
        returned(
            tmp_path,
            form_of(asked),
            says,
            products=[{"product": "Camera", "model": "DS-2CD2143G2-I", "maker": "Hikvision"}],
        ),
    )
    assert results(done.tests, "products") == {"nothing_found"} and not declaration(desk).contradictions


def test_names_of_owner_and_lower_tiers_are_looked_up(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    says = {
        **SAYS,
        "parent": "Zhejiang Dahua Technology Co., Ltd.\nnone",
        "lower_suppliers": "Polyplast s.r.o.\nHuawei Technologies Co., Ltd.\nconfidential",
    }
    done = take(desk, returned(tmp_path, form_of(asked), says))
    told = {item.says.split(":")[0]: item for item in of(done.tests, "name")}
    assert told["its owner 'Zhejiang Dahua Technology Co., Ltd.'"].result == "contradicted"
    assert "its own supplier 'Huawei Technologies Co., Ltd.'" in told and len(told) == 2
    assert declaration(desk).lower == ("Polyplast s.r.o.", "Huawei Technologies Co., Ltd.")


ASSETS = "Tag,Description,Manufacturer,Model,MAC address,Serial no.,Order line\nA1,Camera,Northgate,NG-1,3c:ef:8c:62:40:02,X1,PO-12/1\nA2,Camera,Axis,P3245-LV,,X2,PO-12/1\nA3,Camera,Hikvision,DS-2CD2143G2-I,,SER-00077,PO-99/1\n"
ORDERS = "Order line,Supplier,Description,Manufacturer,Model\nPO-12/1,NORTHGATE CAMERAS LIMITED,Camera,Dahua,IPC-HFW5442E-ZE\nPO-13/1,Honest Ltd,Camera,Axis,P3245-LV\nPO-99/1,Somebody else,Camera,,\n"


def scanned(folder: Path) -> Path:
    (folder / "in").mkdir()
    (folder / "in" / "assets.csv").write_text(ASSETS)
    (folder / "in" / "orders.csv").write_text(ORDERS)
    path = folder / "scan.json"
    path.write_text(proscribe.scan([folder / "in"], as_of="2026-11-25").to_json())
    return path


def test_findings_are_traced_to_who_sold_the_thing(desk: SupplierDesk, tmp_path: Path) -> None:
    one, two, three = ask(
        desk, Vendor("Northgate Cameras Ltd", 2), Vendor("Honest Ltd", 3), Vendor("Unseen Ltd", 4)
    )
    scan = scanned(tmp_path)
    evidence = evidence_of([scan])
    done = take(desk, returned(tmp_path, form_of(one)), evidence=evidence)
    against = [item.says for item in of(done.tests, "scans") if item.result == "contradicted"]
    assert any("orders.csv row 2" in text and "order PO-12/1" in text and "Dahua" in text for text in against)
    assert any(
        "assets.csv row 2" in item.says and "3c:ef:8c:62:40:02" in item.says
        for item in of(done.tests, "scans")
    )
    assert not any("A3" in item.says for item in done.tests), "another seller's camera is none of its own"
    honest = take(
        desk, returned(tmp_path, form_of(two), {**SAYS, "legal_name": "Honest Ltd"}), evidence=evidence
    )
    assert (
        results(honest.tests, "scans") == {"nothing_found"}
        and "none is about what this supplier sold" in of(honest.tests, "scans")[0].says
    )
    unseen = take(
        desk, returned(tmp_path, form_of(three), {**SAYS, "legal_name": "Unseen Ltd"}), evidence=evidence
    )
    assert (
        results(unseen.tests, "scans") == {"not_tested"}
        and "is not known" in of(unseen.tests, "scans")[0].says
    )


def test_serials_of_the_form_are_looked_for_in_our_scans(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    products = [{"product": "Camera", "model": "NG-5", "serials": "ser-00077"}]
    done = take(
        desk, returned(tmp_path, form_of(asked), products=products), evidence=evidence_of([scanned(tmp_path)])
    )
    assert any(
        "assets.csv row 4, A3" in item.says and "serial number stands on the form" in item.says
        for item in of(done.tests, "scans")
    )


def test_scans_whose_files_are_gone_or_changed_are_said_not_tested(
    desk: SupplierDesk, tmp_path: Path
) -> None:
    scan = scanned(tmp_path)
    (tmp_path / "in" / "orders.csv").write_text(ORDERS + "PO-14/1,X,Y,Z,W\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "in" / "assets.csv").rename(tmp_path / "elsewhere" / "assets.csv")
    held = held_in([(str(scan), scan.read_bytes())])
    assert (
        len(held.untraced) == 2
        and "changed" in " ".join(held.untraced)
        and "not at hand" in " ".join(held.untraced)
    )
    assert about(held, ["Northgate Cameras Ltd"], []) == []
    found = held_in([(str(scan), scan.read_bytes())], [tmp_path / "elsewhere"])
    assert len(found.untraced) == 1
    (asked,) = ask(desk)
    done = take(desk, returned(tmp_path, form_of(asked)), evidence=evidence_of([scan]))
    assert (
        sum(
            "Sellers of things in" in item.says
            for item in of(done.tests, "scans")
            if item.result == "not_tested"
        )
        == 2
    )


def test_a_finding_that_was_judged_different_does_not_speak_against_it(
    desk: SupplierDesk, tmp_path: Path
) -> None:
    scan = scanned(tmp_path)
    file = desk.desk.attach(
        "C-0001", scan.read_bytes(), str(scan), by="R. Ito", version=desk.store.case("C-0001").case.version
    )
    (asked,) = ask(desk)
    done = take(desk, returned(tmp_path, form_of(asked)))
    assert "contradicted" in results(done.tests, "scans"), (
        "the scans of its case are used without being named"
    )
    evidence = evidence_of([scan])
    item = declaration(desk)
    for name in file.case.finding_ids:
        judging.judge(desk.store, "C-0001", name, Verdict.DIFFERENT, by=Author("L. Park"), reason="opened")
    tests = desk.check(item, evidence, by="R. Ito", on=date(2026, 11, 25))
    assert "contradicted" not in results(tests, "scans") and "judged different by L. Park: opened" in str(
        [one.says for one in tests]
    )


def entities(folder: Path, provide: str, use: str = "No", **changes: Any) -> Path:
    answers = [
        {"section": "52.204-26.c.1", "answerText": provide},
        {"section": "52.204-26.c.2", "answerText": use},
    ]
    record = {
        "entityRegistration": {"ueiSAM": "ZQGGH8XPGKL9", "cageCode": "00123", "legalBusinessName": "NORTHGATE CAMERAS LTD", "registrationExpirationDate": "2027-03-01", "exclusionStatusFlag": "N", **changes},
        "repsAndCerts": {"certifications": {"fARResponses": [{"provisionId": "FAR 52.204-26", "listOfAnswers": answers}]}},
    }  # fmt: skip
    path = folder / "sam.json"
    path.write_text(json.dumps({"entityData": [record]}))
    return path


@pytest.mark.parametrize(
    ("provide", "changes", "says", "result", "part"),
    [
        ("No", {}, {"uei": "ZQGGH8XPGKL9"}, "nothing_found", "represents the same"),
        ("Yes", {}, {"uei": "ZQGGH8XPGKL9"}, "contradicted", "(48 CFR 52.204-26(c)(1); ZQGGH8XPGKL9)"),
        ("Yes", {}, {"cage": "00123"}, "contradicted", "represents that it does"),
        ("Yes", {}, {}, "doubtful", "whether it is this supplier is not known"),
        ("Yes", {"legalBusinessName": "NC HOLDING LLC", "dbaName": "Northgate Cameras Ltd"}, {}, "doubtful", "whether it is this supplier is not known"),
        ("Perhaps", {}, {"uei": "ZQGGH8XPGKL9"}, "not_tested", "which is not understood"),
        ("No", {"registrationExpirationDate": "2026-11-24"}, {"uei": "ZQGGH8XPGKL9"}, "doubtful", "ended on 2026-11-24"),
        ("No", {"ueiSAM": "ABCDEFGHJKL1", "legalBusinessName": "Another"}, {"uei": "ZQGGH8XPGKL9"}, "not_tested", "No record of"),
    ],
)  # fmt: skip
def test_the_form_against_sam(
    desk: SupplierDesk,
    tmp_path: Path,
    provide: str,
    changes: dict[str, Any],
    says: dict[str, str],
    result: str,
    part: str,
) -> None:
    (asked,) = ask(desk)
    if changes.get("ueiSAM"):
        changes = {**changes, "cageCode": None}
    evidence = evidence_of(sam=[entities(tmp_path, provide, **changes)])
    done = take(desk, returned(tmp_path, form_of(asked), {**SAYS, **says}), evidence=evidence)
    assert (result, True) in [(item.result, part in item.says) for item in of(done.tests, "sam")], of(
        done.tests, "sam"
    )
    if provide == "Yes" and not says:
        assert "contradicted" not in results(done.tests, "sam"), "a name alone contradicts nobody"


def test_identity_and_exclusions(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk, Vendor("Northgate Cameras Ltd", 2, uei="ABCDEFGHJKL1"))
    says = {**SAYS, "uei": "ZQGGH8XPGKL9", "legal_name": "Southgate Ltd", "flow_down": "no"}
    excluded = {
        "exclusionDetails": {"exclusionType": "Prohibition/Restriction", "excludingAgencyName": "GSA"},
        "exclusionIdentification": {"ueiSAM": "ZQGGH8XPGKL9", "entityName": "Southgate"},
    }
    (tmp_path / "x.json").write_text(json.dumps({"excludedEntity": [excluded]}))
    evidence = evidence_of(sam=[entities(tmp_path, "No", exclusionStatusFlag="Y"), tmp_path / "x.json"])
    done = take(desk, returned(tmp_path, form_of(asked), says), evidence=evidence)
    told = " ".join(item.says for item in of(done.tests, "identity"))
    assert (
        "The form names 'Southgate Ltd'" in told
        and "our vendor list has ABCDEFGHJKL1" in told
        and "SAM knows ZQGGH8XPGKL9" in told
    )
    assert [item.result for item in of(done.tests, "exclusions")] == ["doubtful", "doubtful"]
    assert (
        results(done.tests, "flow_down") == {"doubtful"}
        and "52.204-25(e)" in of(done.tests, "flow_down")[0].says
    )
    assert (
        verdict(done.tests) == "a person has to look"
        and not declaration(desk).contradictions
        and declaration(desk).doubts
    )
    # The list of ours is not overwritten by the form, so the difference shows at every later test too.
    assert "our vendor list has" in " ".join(
        one.says for one in desk.check(declaration(desk), evidence, by="R. Ito", on=date(2026, 11, 25))
    )


@pytest.mark.parametrize(
    ("day", "told"), [("2026-11-23", True), ("2026-11-24", False), ("2026-11-26", False)]
)
def test_an_answer_older_than_its_question_is_noticed(
    desk: SupplierDesk, tmp_path: Path, day: str, told: bool
) -> None:
    (asked,) = ask(desk)
    done = take(desk, returned(tmp_path, form_of(asked), {**SAYS, "answered_on": day}))
    assert any("before the form was made out" in item.says for item in of(done.tests, "form")) is told


def test_files_named_on_the_form(desk: SupplierDesk, tmp_path: Path) -> None:
    import hashlib

    (asked,) = ask(desk)
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    rows = [
        {"name": "a.pdf", "sha256": hashlib.sha256(b"a.pdf").hexdigest().upper()}, {"name": "b.pdf", "sha256": "00" * 32},
        {"name": "c.pdf"}, {"name": "d.pdf"},
    ]  # fmt: skip
    evidence = evidence_of(files=[tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf")])
    done = take(desk, returned(tmp_path, form_of(asked), evidence=rows), evidence=evidence)
    assert [item.result for item in of(done.tests, "evidence")] == [
        "nothing_found",
        "doubtful",
        "not_tested",
        "not_tested",
    ]


def test_nothing_is_ever_called_clean(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    done = take(desk, returned(tmp_path, form_of(asked)))
    assert verdict(done.tests) == "nothing we hold speaks against it"
    assert {"scans", "sam", "exclusions", "products"} <= {
        item.test for item in done.tests if item.result == "not_tested"
    }
    said = json.dumps([item.to_json() for item in done.tests]).casefold()
    assert not [word for word in ("clean", "compliant", "cleared", "passed", "safe") if word in said]
    assert verdict(()) == "not tested" and verdict([Outcome("sam", "not_tested", "x")]) == "not tested"


def test_every_test_of_an_answer_is_recorded(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    scan = scanned(tmp_path)
    done = take(
        desk, returned(tmp_path, form_of(asked)), evidence=evidence_of([scan], [entities(tmp_path, "No")])
    )
    item = declaration(desk)
    assert [Outcome.from_json(one) for one in json.loads(item.checks)] == list(done.tests) and len(
        item.checked_with
    ) == 2
    event = desk.store.events("C-0001")[-1]
    assert (
        event.kind.value == "supplier_checked" and event.data["checked"]["knowledge_sha256"] == desk.stamp[1]
    )
    assert desk.store.verify() == []


# Reminders, tiers, refusals


def test_reminders_go_to_those_who_owe_an_answer(desk: SupplierDesk, tmp_path: Path, clock: Clock) -> None:
    one, *_ = ask(desk, Vendor("Acme", 2), Vendor("Beta", 3), Vendor("Gamma", 4))
    take(desk, returned(tmp_path, form_of(one)))
    desk.refused(declaration(desk, "S2"), why="no", by="R. Ito")
    clock.at += timedelta(days=30)
    found = desk.remind("C-0001", by="R. Ito")
    assert list(found) == ["S3"] and "9 days ago" in found["S3"][1]
    assert (
        "Reminder 2" in desk.remind("C-0001", by="R. Ito")["S3"][1]
        and len(declaration(desk, "S3").reminded_on) == 2
    )
    with pytest.raises(CaseError, match="E499"):
        desk.remind("C-0001", by="R. Ito", ids=["S1"])
    with pytest.raises(CaseError, match="E498"):
        desk.remind("C-0001", by="R. Ito", ids=["S9"])


def test_a_supplier_is_found_by_id_or_name(desk: SupplierDesk) -> None:
    ask(desk, Vendor("Acme Ltd", 2), Vendor("Acme Inc", 3), Vendor("Beta", 4))
    assert (
        desk.find("C-0001/S2").supplier == "Acme Inc"
        and desk.find("S3", "C-0001").supplier == "Beta"
        and desk.find("beta").id == "S3"
    )
    for name in ("acme", "S3", "Nobody", "C-0001/S9", ""):
        with pytest.raises(CaseError, match="E498"):
            desk.find(name)


def test_the_memo_says_what_we_hold(desk: SupplierDesk, tmp_path: Path) -> None:
    ask(desk)
    item = desk.refused(declaration(desk), why="by telephone", by="R. Ito")
    memo = desk.memo(item, evidence_of([scanned(tmp_path)]), on=date(2026, 11, 25))
    assert memo.searched == 1 and any("orders.csv row 2" in text for text in memo.held)
    assert any("48 CFR 52.204-25(d)(2)(i)" in citation for _, citation in memo.means)


# Documents


def paper(desk: SupplierDesk, kind: str = "annual-representation", **values: Any) -> list[tuple[str, str]]:
    value: dict[str, Any] = {
        "organisation": {"name": "Ridge Analytics LLC"}, "author": {"name": "R. Ito", "title": "Compliance"}, **values,
    }  # fmt: skip
    made = make_paper(
        Making(kind, as_of=desk.store.now().date(), made_at=desk.store.now(), values=value),
        (),
        desk.desk,
        "C-0001",
    )
    return [(item["code"], item["what"]) for item in made.data["obstacles"]]


def codes(found: list[tuple[str, str]]) -> set[str]:
    return {code for code, _ in found if code.startswith("supplier")}


def test_an_open_declaration_stands_against_documents(
    desk: SupplierDesk, tmp_path: Path, clock: Clock
) -> None:
    assert codes(paper(desk)) == set()
    (asked,) = ask(desk)
    assert ("supplier-silent", "Northgate Cameras Ltd has not answered") in paper(desk)
    take(desk, returned(tmp_path, form_of(asked)))
    assert codes(paper(desk)) == set()
    take(desk, returned(tmp_path, form_of(asked), {**SAYS, "contain": "not known"}))
    assert any("does not know" in what for code, what in paper(desk) if code == "supplier-silent")
    take(desk, returned(tmp_path, form_of(asked), {**SAYS, "flow_down": "no"}))
    assert codes(paper(desk)) == {"supplier-doubtful"}
    take(
        desk,
        returned(
            tmp_path,
            form_of(asked),
            products=[{"product": "Camera", "model": "DS-2CD2143G2-I", "maker": "Hikvision"}],
        ),
    )
    assert "supplier-contradicted" in codes(paper(desk))
    take(desk, returned(tmp_path, form_of(asked), {**SAYS, "contain": "does"}))
    assert "supplier-does" in codes(paper(desk))
    take(desk, returned(tmp_path, form_of(asked), {**SAYS, "signer": "B. Hale"}))
    clock.at += timedelta(days=364)
    assert codes(paper(desk)) == {"supplier-doubtful"}, "what became of what it said before?"
    clock.at += timedelta(days=1)
    assert codes(paper(desk)) == {"supplier-doubtful", "supplier-expired"}
    desk.refused(declaration(desk), why="no more", by="R. Ito")
    assert codes(paper(desk)) == {"supplier-silent"} and "refused to declare" in str(paper(desk))


def test_a_suppliers_own_use_is_no_use_of_ours(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    take(desk, returned(tmp_path, form_of(asked), {**SAYS, "use": "does"}))
    assert codes(paper(desk)) == set()


def test_an_untested_answer_stands_against_documents(desk: SupplierDesk, tmp_path: Path) -> None:
    (asked,) = ask(desk)
    answer = {
        "id": "S1",
        "form_id": form_of(asked).id,
        "answers": '{"provide":"does not","contain":"does not"}',
        "answered_on": "2026-11-25",
        "expires_on": "2027-11-24",
    }
    events.take_answer(desk.store, "C-0001", answer, b"x", by=Author("R. Ito"))
    assert any("was not tested" in what for code, what in paper(desk) if code == "supplier-doubtful")


def test_a_product_certificate_takes_the_declaration(desk: SupplierDesk, tmp_path: Path) -> None:
    offering = {
        "name": "Door station", "part_number": "HR-1", "revision": "A", "parts_list_complete": True,
        "components": [{"ref": "U1", "name": "Camera module", "supplier": "Northgate Cameras Ltd", "state": "cleared", "because": "declared by its supplier", "declared_by": ["Northgate Cameras Ltd"]}],
    }  # fmt: skip
    found = paper(desk, "product-certificate", offering=offering)
    assert "declaration-missing" in {code for code, _ in found}
    (asked,) = ask(desk)
    assert "supplier-silent" in codes(paper(desk, "product-certificate", offering=offering))
    take(desk, returned(tmp_path, form_of(asked)))
    assert not {code for code, _ in paper(desk, "product-certificate", offering=offering)} & {
        "declaration-missing",
        "supplier-silent",
        "supplier-doubtful",
    }
