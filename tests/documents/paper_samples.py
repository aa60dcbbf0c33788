"""One set of inputs for each type of document, and the parts they are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from proscribe import documents
from proscribe.documents.law import PaperLaw, paper_law
from proscribe.kb.snapshot import Snapshot
from proscribe.model.organisations import ContractRef, Organisation, Person
from proscribe.model.papers import (
    Component,
    Facilities,
    FactsAgreed,
    FindingJudgement,
    Inquiry,
    Item,
    KnowledgeState,
    Offering,
    Override,
    Paper,
    PaperInputs,
    Party,
    PersonAsked,
    PlanStep,
    PortfolioUnit,
    Question,
    ReportEvent,
    ScanCameOut,
    ScanInput,
    ScanReplay,
    SourceNotSearched,
    SourceSearched,
    Stage,
    StatedFactRef,
    StatedMoney,
    StepState,
    SupplierAnswer,
    WaiverAsked,
    WaiverRecord,
)

ROOT = Path(__file__).parents[2]
EASTERN = timezone(timedelta(hours=-5))
DAY = date(2026, 11, 25)
MADE_AT = datetime(2026, 11, 25, 9, 30, tzinfo=EASTERN)
KNOWLEDGE = KnowledgeState("2026.11.25", "cc" * 32)
ORGANISATION = Organisation(
    name="Harbour Systems LLC",
    uei="H7K2M4N6P8R1",
    cage="7ABC1",
    address=("1200 Quay Street", "Norfolk, VA 23510", "United States"),
    contacts=(
        Person("Dana Ruiz", "Compliance officer", email="d.ruiz@harbour.example", phone="+1 757 555 0100"),
    ),
)
AUTHOR = Person("Dana Ruiz", "Compliance officer", "Harbour Systems LLC")
APPROVER = Person("Lee Okafor", "General counsel", "Harbour Systems LLC")
CONTRACT = ContractRef(
    number="HS0021-26-C-0042",
    order_numbers=("HS0021-26-F-0007",),
    agency="GSA",
    contracting_officer=Person("Pat Doe", "Contracting officer", "GSA", "pat.doe@agency.example"),
    clauses=("52.204-25 (NOV 2021)", "52.204-24 (NOV 2021)", "52.204-30"),
    awarded_on=date(2026, 3, 2),
)


@lru_cache(maxsize=1)
def knowledge() -> Snapshot:
    """Open the shipped knowledge."""
    return Snapshot.open()


@cache
def law(type_: str) -> PaperLaw:
    """Give what the knowledge says about a type."""
    return paper_law(knowledge(), type_)


def determination(regime: str, outcome: str, **more: Any) -> dict[str, Any]:
    """Write a determination as `proscribe.scan/1` does."""
    return {
        "regime": regime, "outcome": outcome, "because": "The entity itself uses covered equipment.",
        "citations": ["Pub. L. 115-232 §889(a)(1)(B)"], "missing": [], "confidence": "high", "until": None, **more,
    }  # fmt: skip


def finding(name: str = "f_0001", **more: Any) -> dict[str, Any]:
    """Write a finding as `proscribe.scan/1` does: a Hikvision camera in row 1."""
    return {
        "id": name, "input": 0, "locator": {"row": 1, "sheet": None, "pointer": None}, "record_id": "A-1", "entity": "hikvision",
        "covered_through": ["hikvision"], "role": "made_by", "band": "confirmed", "basis": "stated",
        "lists": ["us-889-a", "us-889-b"],
        "evidence": [
            {
                "matcher": "model_number", "field": "description", "found": "DS-2CD2143G2-I", "span": [7, 21],
                "facts": ["model:hikvision/ds-2cd"], "weight_mbit": 9000, "why": "model number of a Hikvision network camera",
            },
            {
                "matcher": "entity_name", "field": "maker", "found": "海康威视", "span": [0, 12], "facts": [],
                "weight_mbit": 7000, "why": "name of Hikvision in Chinese",
            },
        ],
        "against": [], "questions": [], "total_mbit": 16000, "category": "video_surveillance_equipment",
        "details": {"quantity": "4", "amount": "516.00", "currency": "USD", "site": "Depot Nord"}, **more,
    }  # fmt: skip


def scan(*findings: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write a scan of one file with these findings."""
    return {
        "schema": "proscribe.scan/1", "proscribe": "0.1.0", "as_of": "2026-11-25", "known_as_of": "2026-11-25",
        "knowledge": {"version": KNOWLEDGE.version, "sha256": KNOWLEDGE.sha256},
        "inputs": [
            {
                "index": 0, "path": "assets.csv", "sha256": "aa" * 32, "reader": "tabular", "records": 510, "issues": [],
                "unread_columns": ["remarks"], "coverage": {"records_with_nothing_usable": 12}, "size_bytes": 2048,
            }
        ],
        "entity_names": {"hikvision": "Hikvision", "huawei": "Huawei", "dahua": "Dahua", "zte": "ZTE"},
        "findings": list(findings), "mentions": [], "not_checked": [
            "Only the inputs named above were read. No device was opened, no network was asked, no photograph, paper label or firmware image was examined.",
            "A brand that is not in the knowledge base is not known to be covered; it is not known to be clear either.",
        ],
        "summary": {
            "records": 510, "findings": len(findings), "by_band": {"confirmed": len(findings), "possible": 0, "probable": 0},
            "by_firm": {"hikvision": len(findings)}, "by_entity": {}, "by_role": {}, "mentions": 0, "ignored": 0,
        },
        **more,
    }  # fmt: skip


INQUIRY = Inquiry(
    searched=(
        SourceSearched(
            "Asset register", "assets", "exported from the asset system and scanned whole", "Sam Lind", date(2026, 11, 23), 510,
            ("aa" * 32,),
        ),
        SourceSearched(
            "Purchase ledger 2019 to 2026", "ledger", "exported by year and read whole", "Sam Lind", date(2026, 11, 23),
        ),
    ),
    people=(
        PersonAsked(
            Person("Kim Berg", "Head of facilities"), date(2026, 11, 24), "Which cameras and recorders hang at our sites?",
            "Those of the asset register; two were replaced in 2025.",
        ),
    ),
    from_on=date(2026, 11, 20),
    to_on=date(2026, 11, 24),
    scope="Everything that Harbour Systems LLC owns, rents or buys at its four sites.",
)  # fmt: skip
OPEN_INQUIRY = dataclasses.replace(
    INQUIRY,
    not_searched=(
        SourceNotSearched(
            "Network of the Tampa office", "the landlord runs it and has not answered", (Question.USE,)
        ),
    ),
)
#: What a scan needs so that a document may rest on it.
RAN_AGAIN = ScanReplay(
    ScanCameOut.SAME, datetime(2026, 11, 25, 8, 0, tzinfo=EASTERN), "Sam Lind", "0.1.0", "0.1.0"
)


def agreed(*scans: ScanInput, keys: bool = True) -> tuple[ScanInput, ...]:
    """Scans whose facts two people answer for: who put their findings to the law, and who approved that."""
    return tuple(
        dataclasses.replace(
            one,
            facts_agreed=(
                FactsAgreed(
                    "C-0001/D1", "T. Okafor", "L. Park", MADE_AT, proved=keys,
                    finding_ids=tuple(item["id"] for item in one.value["findings"]),
                ),
            ),
        )
        for one in scans
    )  # fmt: skip


def proved(
    value: Any, sha256: str = "", bears_on: Sequence[Question] = tuple(Question), why: str = ""
) -> ScanInput:
    """Give a scan that was run again and came out the same."""
    return ScanInput(value, sha256, tuple(bears_on), why, RAN_AGAIN)


CLEAN = scan()
COVERED = scan(
    finding(
        outcome="prohibited",
        decided_on={"item.producer": "hikvision", "item.purpose": "government_facility_security"},
        determinations=[
            determination("us-889-a", "prohibited", citations=["Pub. L. 115-232 §889(a)(1)(A)"]),
            determination("us-889-b", "prohibited"),
        ],
    )
)
ITEM = Item(
    id="cameras",
    concerns=(Question.PROVIDE, Question.USE),
    finding_ids=("f_0001",),
    producer=Party(
        "Hangzhou Hikvision Digital Technology Co., Ltd. (海康威视)",
        "not known",
        "not known",
        "original equipment manufacturer",
        ("not known",),
    ),
    supplier=Party("Coastline Security Supply Inc.", "C9D8E7F6G5H4", "5XY12"),
    brand="Hikvision",
    model_number="DS-2CD2143G2-I",
    model_number_kind="manufacturer part number",
    description="Network dome camera, 4 MP",
    quantity="4 cameras",
    site="Depot Nord",
    proposed_use="Watches the loading bay of the depot in which Government property is stored.",
    permissibility_factors="The cameras record to a local recorder without a connection to the internet; they are replaced by 2026-12-18.",
    facilities=Facilities("not known", "not known", "Hangzhou, CN (label)", "not known", "not known"),
    functionality_and_risk="Records video of people and vehicles; has a network interface, on a separate network.",
    compliant_alternatives="Yes; cameras of another maker are on order.",
    covered_source="Hikvision network camera",
    mitigation_taken="Taken off the network on 2026-11-24.",
    mitigation_recommended="Replace all four by 2026-12-18.",
)
ORDERED = dataclasses.replace(
    ITEM,
    finding_ids=(),
    producer=Party("Acronis AG", "not known", "not known", "original equipment manufacturer", ("not known",)),
    brand="Acronis",
    model_number="Cyber Protect 16",
    description="Backup software",
    proposed_use="Backs up the file server on which deliverables are kept until the replacement is in place.",
    covered_source="Acronis AG, DNI order of 2025-09-18",
    prohibition="DNI FASCSA order of 2025-09-18, RFO 52.240-91(e)",
)
EVENT = ReportEvent(
    identified_at=datetime(2026, 11, 24, 16, 5, tzinfo=EASTERN),
    source="own",
    source_name="asset scan by Sam Lind",
    how_found="Model number and maker in the asset register; label read at the site.",
    due_at=date(2026, 11, 25),
)
FOLLOW_UP = dataclasses.replace(
    EVENT,
    first_report_at=datetime(2026, 11, 25, 10, 0, tzinfo=EASTERN),
    first_report_ref="mail to the contracting officer, 2026-11-25 10:00",
    due_at=date(2026, 12, 10),
    prevention_efforts="Purchases of cameras need the compliance officer's release since 2026-11-24.",
    future_prevention="Every delivery note is scanned before goods are taken in.",
)
PLAN = (
    PlanStep(
        "1", "Take the cameras off the network", "Kim Berg", date(2026, 11, 24), "Depot Nord", "", "4 cameras", StepState.DONE,
        date(2026, 11, 24), finding_ids=("f_0001",),
    ),
    PlanStep(
        "2", "Replace the cameras", "Kim Berg", date(2026, 12, 18), "Depot Nord", "cameras of a maker outside the list", "4 cameras",
        StepState.RUNNING, finding_ids=("f_0001",),
    ),
)  # fmt: skip
OFFERING = Offering(
    name="Gate Controller GC-40",
    part_number="GC-40-US",
    revision="D",
    maker="Harbour Systems LLC",
    parts_list_sha256="dd" * 32,
    parts_list_complete=True,
    components=(
        Component("1", "Main board", "cleared", "Harbour Systems LLC", model_number="MB-40", because="own design; all parts below are cleared"),
        Component(
            "1.1", "Network processor", "cleared", "NXP", model_number="LS1028A", parent_ref="1", chips=("NXP LS1028A",),
            because="order code on the part, maker's data sheet",
        ),
        Component(
            "2", "Enclosure camera", "cleared", "Axis Communications AB", sold_as="Harbour View", model_number="P3265-LV", supplier="Coastline Security Supply Inc.",
            because="supplier's declaration and label", declared_by=("Coastline Security Supply Inc.",),
        ),
    ),
)  # fmt: skip
DECLARATION = SupplierAnswer(
    "Coastline Security Supply Inc.", {"contain": "does not", "provide": "does not"}, ("P3265-LV",), "R. Stone",
    date(2026, 9, 1), date(2027, 8, 31), sha256="ee" * 32,
)  # fmt: skip


def base(**more: Any) -> PaperInputs:
    """Give inputs that every type can be made from."""
    plain: dict[str, Any] = {
        "organisation": ORGANISATION, "as_of": DAY, "made_at": MADE_AT, "knowledge": KNOWLEDGE, "author": AUTHOR,
        "approver": APPROVER, "signed_at": datetime(2026, 11, 25, 11, 0, tzinfo=EASTERN), "inquiry": INQUIRY,
        "scans": (proved(CLEAN, "11" * 32),), "software": "0.1.0", "case_id": "C-2026-0001",
    }  # fmt: skip
    return PaperInputs(**{**plain, **more})


@lru_cache(maxsize=1)
def samples() -> dict[str, tuple[str, PaperInputs]]:
    """Give the golden documents: name to type and inputs."""
    covered = (proved(COVERED, "22" * 32),)
    offer = dataclasses.replace(
        CONTRACT,
        number="",
        order_numbers=(),
        solicitation="47QSMD26R0001",
        awarded_on=None,
        clauses=("52.204-24 (NOV 2021)",),
    )
    dod = dataclasses.replace(CONTRACT, agency="DoD", clauses=("52.240-90", "52.240-91", "252.204-7018"))
    sam = {
        "sam_reviewed_on": "2026-11-24",
        "sam_reviewed_by": "Dana Ruiz",
        "sam_result": "none of our suppliers is excluded",
    }
    service = Item(
        id="upkeep", concerns=(Question.PROVIDE,), kind="maintenance_service", service_description="Yearly upkeep of the video recorder at the pier",
        brand="Dahua", model_number="NVR5216-16P", model_number_kind="manufacturer part number", description="Network video recorder, 16 channels",
    )  # fmt: skip
    return {
        "annual-representation": ("annual-representation", base()),
        "annual-representation-refused": ("annual-representation", base(inquiry=OPEN_INQUIRY, scans=covered, answers={"use": "does not"})),
        "annual-representation-overridden": ("annual-representation", overridden()),
        "offer-representation": ("offer-representation", base(contract=offer, options=sam)),
        "offer-representation-disclosure": (
            "offer-representation", base(contract=offer, options=sam, scans=covered, items=(ITEM, service), answers={"provide": "does", "use": "does"}),
        ),
        "rfo-disclosure": ("rfo-disclosure", base(contract=dod, scans=covered, items=(ITEM,), event=EVENT)),
        "rfo-report": ("rfo-report", base(contract=dod, scans=covered, items=(ITEM,), event=dataclasses.replace(EVENT, due_at=datetime(2026, 11, 27, 16, 5, tzinfo=EASTERN)))),
        "rfo-report-supplement": (
            "rfo-report", base(contract=dod, scans=covered, items=(ITEM,), stage=Stage.SUPPLEMENT, event=dataclasses.replace(
                EVENT, new_information="Two more cameras of the same model at Depot Süd.", new_information_at=datetime(2026, 11, 25, 8, 0, tzinfo=EASTERN),
                first_report_at=datetime(2026, 11, 25, 7, 0, tzinfo=EASTERN), first_report_ref="DIB-1",
            )),
        ),
        "far-report": ("far-report", base(contract=CONTRACT, scans=covered, items=(ITEM,), event=EVENT)),
        "far-report-follow-up": ("far-report", base(contract=CONTRACT, scans=covered, items=(ITEM,), stage=Stage.FOLLOW_UP, event=FOLLOW_UP)),
        "dfars-report": ("dfars-report", base(contract=dod, scans=covered, items=(ITEM,), event=dataclasses.replace(EVENT, due_at=date(2026, 11, 30)))),
        "dfars-report-follow-up": ("dfars-report", base(contract=dod, scans=covered, items=(ITEM,), stage=Stage.FOLLOW_UP, event=FOLLOW_UP)),
        "fascsa-report": ("fascsa-report", base(contract=CONTRACT, items=(dataclasses.replace(
            ITEM, finding_ids=(), brand="Acronis", model_number="Cyber Protect 16", description="Backup software", covered_source="Acronis AG, DNI order of 2025-09-18",
            producer=Party("Acronis AG", "not known", "not known", "original equipment manufacturer"),
        ),), event=dataclasses.replace(EVENT, due_at=date(2026, 11, 30)))),
        "fascsa-report-follow-up": ("fascsa-report", base(contract=CONTRACT, items=(dataclasses.replace(ITEM, finding_ids=()),), stage=Stage.FOLLOW_UP, event=FOLLOW_UP)),
        "fascsa-waiver-request": ("fascsa-waiver-request", base(contract=CONTRACT, items=(ORDERED,))),
        "rfo-waiver-request": ("rfo-waiver-request", base(contract=dod, items=(ORDERED,))),
        "rfo-order-report": ("rfo-order-report", base(contract=dod, items=(ORDERED,), event=dataclasses.replace(EVENT, due_at=datetime(2026, 11, 27, 16, 5, tzinfo=EASTERN)))),
        "inquiry-record": (
            "inquiry-record", base(inquiry=OPEN_INQUIRY, scans=covered, suppliers=(DECLARATION,), facts=(StatedFactRef("item.purpose", "government_facility_security", "site:Depot Nord", "Kim Berg", date(2026, 11, 24)),), judgements=(
                FindingJudgement("f_0001", "same", "Sam Lind", "label read at the site", datetime(2026, 11, 24, 15, 0, tzinfo=EASTERN)),
            )),
        ),
        "product-certificate": ("product-certificate", base(offering=OFFERING, suppliers=(DECLARATION,))),
        "product-certificate-refused": (
            "product-certificate", base(offering=dataclasses.replace(OFFERING, components=(*OFFERING.components, Component(
                "3", "Radio module", "unresolved", model_number="RM-9", supplier="Baltic Parts OÜ", because="no marking; supplier has not answered",
            ))), suppliers=(DECLARATION, SupplierAnswer("Baltic Parts OÜ", {"contain": "none"}))),
        ),
        "waiver-request": (
            "waiver-request", base(contract=CONTRACT, scans=covered, items=(ITEM,), plan=PLAN, waiver_asked=WaiverAsked(
                "dni", "b", "us-889-waiver-dni", "Director of National Intelligence, through GSA", date(2026, 12, 1), date(2027, 3, 31),
                "The depot stores Government property and may not be left unwatched while the cameras are replaced.", "Without the cameras the depot has to be closed.",
                "The cameras run on a network of their own, without a way out.",
                ({"title": "provided by the Director of National Intelligence", "citation": "48 CFR 4.2104(b)", "met": True, "missing": []},),
            )),
        ),
        "portfolio-summary": (
            "portfolio-summary", base(
                inquiry=OPEN_INQUIRY, scans=covered, plan=PLAN,
                units=(
                    PortfolioUnit("Norfolk", 48_720, {"confirmed": 4, "probable": 1, "possible": 9}, {"prohibited": 4, "undetermined": 3}, {"Hikvision": 4, "Huawei": 1}, 1, 0, "2026-11-25", 2),
                    PortfolioUnit("Tampa", 0, {}, {}, {}, 0, 0, "", 1, "network not searched"),
                ),
                submissions=({"what": "First report under 48 CFR 52.204-25(d)(2)(i)", "at": "2026-11-25", "ref": "C-2026-0001"},),
                sites=("Depot Nord", "Tampa"),
                money=(StatedMoney("contract value", "1250000.00", "USD", "HS0021-26-C-0042"), StatedMoney("replacement cost", "18400", "EUR", "Depot Nord")),
                clocks=({"what": "First report", "due": "2026-11-25", "state": "running", "case": "C-2026-0001"},),
                waivers=(WaiverRecord("W-1", "Secretary of Defense", "DFARS 240.270-5", "one site", date(2026, 1, 1), date(2026, 12, 31)),),
            ),
        ),
        "grant-certification": (
            "grant-certification", base(contract=ContractRef(award="CA-26-0031", agency="DOT"), scans=(proved(scan(finding(
                band="possible", decided_on={"funds.kind": "own", "item.producer": "hikvision"},
                determinations=[determination("us-889-grants", "not_covered", because="The funds are the recipient's own.", citations=["2 CFR 200.216(a)"])],
            )), "33" * 32),)),
        ),
        "phase-out-statement": (
            "phase-out-statement", base(
                organisation=Organisation("Northern Networks plc", address=("4 Mill Lane", "Leeds LS1 4AA", "United Kingdom")),
                scans=(proved(scan(finding(entity="huawei", covered_through=["huawei"], determinations=[
                    determination("gb-2022-dvd", "permitted_until", until="2027-12-31", citations=["Designated vendor direction (2022-10-13)"]),
                ])), "44" * 32),),
                plan=(
                    PlanStep("core", "Packet core, two sites", "R. Hall", date(2023, 11, 30), "core", "", "2 sites", StepState.DONE, date(2023, 11, 12), date(2023, 12, 31), "Designated vendor direction (2022-10-13)"),
                    PlanStep("5g", "5G radio, 1,240 masts", "R. Hall", date(2027, 9, 30), "5G access", "", "410 masts remain", StepState.RUNNING, None, date(2027, 12, 31), "Designated vendor direction (2022-10-13)", ("f_0001",)),
                ),
            ),
        ),
    }  # fmt: skip


def with_others() -> dict[str, tuple[str, PaperInputs]]:
    """Give documents with fields that only some have: a removal beside what another maker made."""
    of_zte = finding(
        "f_0002", entity="zte", covered_through=["zte"], record_id="A-2",
        determinations=[determination("gb-2022-dvd", "undetermined", citations=["Designated vendor direction (2022-10-13)"])],
    )  # fmt: skip
    type_, inputs = samples()["phase-out-statement"]
    return {
        "phase-out-statement beside another maker": (
            type_,
            dataclasses.replace(inputs, scans=(proved(scan(of_zte), "45" * 32),)),
        )
    }


def overridden() -> PaperInputs:
    """Give an annual representation whose open source an approver overrode."""
    plain = base(inquiry=OPEN_INQUIRY)
    against = make("annual-representation", plain).obstacles
    return dataclasses.replace(
        plain,
        overrides=(
            Override(
                tuple(one.id for one in against),
                "Lee Okafor",
                "The landlord's network is not used by us: our staff there work over our own modem, which was searched.",
                datetime(2026, 11, 25, 14, 0, tzinfo=UTC),
            ),
        ),
    )


def make(type_: str, inputs: PaperInputs) -> Paper:
    """Build a document with the knowledge of the tree."""
    return documents.make(type_, inputs, law(type_))


def annual(**more: Any) -> Paper:
    """Make an annual representation of `base` inputs, some of them others."""
    return make("annual-representation", base(**more))


def scanned(*findings: dict[str, Any], **more: Any) -> tuple[ScanInput, ...]:
    """Give a scan that was run again, as the only one of a document."""
    return (proved(scan(*findings, **more), "22" * 32),)


def codes(paper: Paper) -> set[str]:
    """Give the codes of what stands against a document."""
    return {one.code for one in paper.obstacles}
