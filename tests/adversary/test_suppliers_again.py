"""What was once known against a supplier is not taken back by asking with less at hand, or by another form of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import proscribe
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.store.desk import Desk
from proscribe.app.vendors.suppliers import SupplierDesk, evidence_of
from proscribe.app.vendors.vendor_list import Vendor
from proscribe.casework.commands import cases, judging
from proscribe.casework.store import Store
from proscribe.casework.suppliers import standing
from proscribe.model.authors import Author
from proscribe.model.casework import SupplierDeclaration, Verdict
from proscribe.model.suppliers import ANSWERS_SCHEMA, SupplierForm

DAY = date(2026, 11, 25)
DENIES = {
    "legal_name": "Northgate Cameras Ltd", "provide": "does not", "contain": "does not", "products_complete": "yes",
    "flow_down": "yes", "signer": "Anna Moss", "signer_title": "Director", "answered_on": "2026-11-25",
}  # fmt: skip
ORDERS = "Order no,Supplier,Manufacturer,Model,Description\nPO-12,Northgate Cameras Ltd,Dahua,IPC-HFW2431S,Camera\n"


class Asked:
    """A desk that asked one supplier, and what its form brings."""

    def __init__(self, desk: SupplierDesk, folder: Path, vendor: str = "Northgate Cameras Ltd") -> None:
        self.desk, self.folder = desk, folder
        _, (asked,) = desk.campaign(
            "C-0001", [Vendor(vendor, 2)], asked_by="Ridge Analytics LLC", by="R. Ito"
        )
        assert asked.form is not None
        self.form: SupplierForm = asked.form

    def take(self, answers: dict[str, str], products: Sequence[dict[str, str]] = (), **more: Any) -> None:
        value = {
            "schema": ANSWERS_SCHEMA, "form_id": self.form.id, "campaign": self.form.campaign, "supplier_id": "S1",
            "answers": answers, "asked": {item.id: item.text for item in self.form.questions}, "products": list(products),
        }  # fmt: skip
        path = self.folder / f"answers-{self.desk.store.head().seq}.json"
        path.write_text(json.dumps(value))
        self.desk.take(path, by="R. Ito", **more)

    def check(self, *scans: Path) -> None:
        self.desk.check(self.held, evidence_of(scans), by="R. Ito", on=DAY)

    @property
    def held(self) -> SupplierDeclaration:
        return self.desk.store.case("C-0001").declarations[0]

    @property
    def stands(self) -> str:
        return standing(self.held, DAY)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SupplierDesk]:
    at = datetime(2026, 11, 25, 15, tzinfo=UTC)
    ticks: Callable[[], datetime] = iter([at + timedelta(seconds=n) for n in range(200)]).__next__
    with Store.open(tmp_path / "c.db", now=ticks) as store:
        cases.open_case(store, by=Author("R. Ito"), title="Suppliers", as_of=DAY, zone="UTC")
        yield SupplierDesk(Desk(store))


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the JSON of two scans, and of the first the list that it read."""
    folder = tmp_path_factory.mktemp("scans")
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "other.csv").write_text("Order no,Supplier,Manufacturer\nPO-1,X Ltd,Axis\n")
    for name in ("orders", "other"):
        made = proscribe.scan([folder / f"{name}.csv"], as_of=DAY)
        (folder / f"{name}.json").write_text(made.to_json())
    return folder


def test_a_test_with_less_at_hand_takes_no_contradiction_back(
    desk: SupplierDesk, tmp_path: Path, scans: Path
) -> None:
    asked = Asked(desk, tmp_path)
    asked.take(DENIES, evidence=evidence_of([scans / "orders.json"]))
    assert asked.stands == "contradicted"
    asked.check()
    assert asked.stands == "contradicted" and "Shown on 2026-11-25 with" in asked.held.contradictions[0]
    asked.check(scans / "other.json")
    assert asked.stands == "contradicted"
    # the scan without the list that it read says nothing of who sold the thing
    (tmp_path / "alone").mkdir()
    shutil.copy(scans / "orders.json", tmp_path / "alone" / "orders.json")
    asked.check(tmp_path / "alone" / "orders.json")
    assert asked.stands == "contradicted"
    # another form with other words is tested with less too
    asked.take({**DENIES, "signer_title": "Managing director"})
    assert asked.stands == "contradicted"
    asked.check(scans / "orders.json")
    assert not any(one.startswith("Shown on") for one in asked.held.contradictions)


def test_what_people_judged_to_be_another_thing_is_lifted_by_the_same_evidence(
    desk: SupplierDesk, tmp_path: Path, scans: Path
) -> None:
    asked = Asked(desk, tmp_path)
    content = (scans / "orders.json").read_bytes()
    desk.desk.attach(
        "C-0001", content, str(scans / "orders.json"), by="R. Ito", version=desk.store.case("C-0001").case.version
    )  # fmt: skip
    asked.take(DENIES, evidence=evidence_of([scans / "orders.json"]))
    assert asked.stands == "contradicted"
    asked.check()
    assert asked.stands == "contradicted"
    for finding in desk.store.case("C-0001").case.finding_ids:
        judging.judge(
            desk.store,
            "C-0001",
            finding,
            Verdict.DIFFERENT,
            reason="opened, and it is no Dahua",
            by=Author("R. Ito"),
        )
    asked.check(scans / "orders.json")
    assert asked.stands == "answered"


def test_a_second_answer_that_denies_what_the_first_said_is_told(desk: SupplierDesk, tmp_path: Path) -> None:
    asked = Asked(desk, tmp_path)
    asked.take({**DENIES, "contain": "does", "provide": "does"})
    asked.take(DENIES)
    assert asked.stands == "doubtful" and "what became of it?" in asked.held.doubts[0]


def test_an_answer_behind_a_refusal_that_nobody_signed_is_told(desk: SupplierDesk, tmp_path: Path) -> None:
    asked = Asked(desk, tmp_path)
    asked.take(
        {name: DENIES[name] for name in ("signer", "signer_title", "answered_on")} | {"decline": "yes"}
    )
    assert asked.stands == "refused"
    asked.take(DENIES)
    assert asked.stands == "doubtful" and "It refused before" in asked.held.doubts[0]


def test_nobody_is_a_supplier_of_their_own(desk: SupplierDesk, tmp_path: Path) -> None:
    asked = Asked(desk, tmp_path, "Ridge Analytics, LLC")
    asked.take({**DENIES, "legal_name": "Ridge Analytics LLC"})
    assert asked.stands == "doubtful"


@pytest.mark.parametrize(
    "said",
    [
        {"explain": "Except the two cameras at the lobby, which are Dahua."},
        {"explain": "All but the recorders; those we still have to check."},
        {"explain": "OEM: HIK"},
        {"explain": "SoC Hi3516"},
        {"explain": "we relabel"},
        {"explain": "well, actually does"},
        {"explain": "our OEM is on your list"},
        {"explain": "The maker asked us not to name it."},
        {"signer": "nobody"},
        {"decline": "no", "decline_why": "Because our cameras are Hikvision"},
        {"signer": "Li Wei, Zhejiang Dahua"},
        {"signer_email": "li.wei@dahuatech.com"},
    ],
)
def test_words_beside_a_denial_that_take_it_back_are_told(
    desk: SupplierDesk, tmp_path: Path, said: dict[str, str]
) -> None:
    asked = Asked(desk, tmp_path)
    asked.take({**DENIES, "explain": "Every product was opened.", "signer_email": "a.moss@northgate.example"})
    assert asked.stands == "answered"
    asked.take({**DENIES, **said})
    assert asked.stands == "doubtful" and len(asked.held.doubts) == 1


@pytest.mark.parametrize(
    "badge", ["maybe", "sometimes", "ja", "oui", "yes?", "?", "tbd", "unbekannt", "no, except the domes"]
)
def test_an_answer_on_the_badge_that_is_no_plain_one_is_told(
    desk: SupplierDesk, tmp_path: Path, badge: str
) -> None:
    asked = Asked(desk, tmp_path)
    for relabel, stands in (("no", "answered"), ("yes, Axis", "answered"), (badge, "doubtful")):
        product = {"product": "Camera", "model": "P3245", "maker": "Axis", "relabel": relabel}
        asked.take(DENIES, products=[product])
        assert asked.stands == stands, relabel


def test_what_a_supplier_admits_in_another_case_stands(desk: SupplierDesk, tmp_path: Path) -> None:
    asked = Asked(desk, tmp_path)
    asked.take({**DENIES, "contain": "does", "provide": "does"})
    cases.open_case(desk.store, by=Author("R. Ito"), title="Yearly", as_of=DAY, zone="UTC")
    paper = make_paper(
        Making("annual-representation", as_of=DAY, made_at=datetime(2026, 11, 25, 16, tzinfo=UTC), author="R. Ito",
               values={"organisation": {"name": "Ridge Analytics LLC"}}),
        desk=desk.desk, case_id="C-0002",
    )  # fmt: skip
    (told,) = {one.what for one in paper.obstacles if one.code == "elsewhere-supplier"}
    assert "C-0001" in told and 'Northgate Cameras Ltd, 2026-11-25: says "does" (provide, contain)' in told
