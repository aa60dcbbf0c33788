"""Texts for people to send, and the memo on a refusal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import supplier_samples as ss

from proscribe.documents import TYPES
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.casework import SupplierDeclaration
from proscribe.suppliers.letters import question_letter, reminder_letter, request_letter
from proscribe.suppliers.memo import Memo, options_memo, to_markdown, to_text
from proscribe.suppliers.questions import supplier_law

KNOWLEDGE = ("2026.11.25", "ab" * 32)


def test_request_names_the_files_the_day_and_the_form() -> None:
    made = ss.form()
    text = request_letter(made, ["S3.html", "S3.xlsx"])
    assert text.startswith("To: a@northgate.example\nSubject: ")
    for part in ("2026-12-16", "S3.html", "S3.xlsx", made.id, "Hikvision", "sends nothing"):
        assert part in text


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2026, 12, 15), "due on 2026-12-16, in 1 day."), (date(2026, 12, 16), "due today"),
        (date(2026, 12, 17), "2026-12-16, 1 day ago"), (date(2027, 1, 5), "20 days ago"),
    ],
)  # fmt: skip
def test_reminder_counts_the_days(on: date, says: str) -> None:
    text = reminder_letter(ss.form(), on, 2)
    assert says in text and "Reminder 2" in text


def test_names_cannot_write_lines_of_a_letter() -> None:
    made = ss.form(
        "Acme\nBcc: everybody@x.example\n\n\u202eevil", email="a@x\r\nBcc: b@x", contact="R. Ito\nX-Y: z"
    )
    for text in (
        request_letter(made, ["a\nb"]),
        reminder_letter(made, ss.DAY, 1),
        question_letter(made, ["one\ntwo"]),
    ):
        assert "Bcc: everybody" in text, "the name is there, on its line"
        assert not [line for line in text.splitlines() if line.startswith(("Bcc", "X-Y", "two", "b"))]
        assert "\u202e" not in text


def test_question_lists_the_points() -> None:
    text = question_letter(ss.form(), ["product 2: dahua", "in SAM it represents that it does"])
    assert "1. product 2: dahua" in text and "2. in SAM" in text and "We may be wrong" in text


def declaration(**more: Any) -> SupplierDeclaration:
    value: dict[str, Any] = {
        "id": "S3", "case_id": "C-0001", "version": 4, "supplier": "Northgate Cameras Ltd", "status": "refused",
        "recorded_at": datetime(2026, 11, 25, tzinfo=UTC), "by": "R. Ito", "refused_why": "by telephone",
    }  # fmt: skip
    return SupplierDeclaration(**{**value, **more})


def memo(on: date = ss.DAY, **more: Any) -> Memo:
    about: dict[str, Any] = {
        "asked_by": "Ridge Analytics LLC",
        "held": (),
        "knowledge": KNOWLEDGE,
        "buys": ss.form().products,
    }
    return options_memo(supplier_law(open_knowledge(()), on), declaration(), on=on, **{**about, **more})


def citations_of_the_knowledge() -> set[str]:
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "citation" in value:
                found.add(str(value["citation"]))
            found.update(str(one) for one in value.get("citations") or () if isinstance(one, str))
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    snapshot = open_knowledge(())
    for value in snapshot.documents("regimes/").values():
        walk(value)
    for kind in TYPES.values():
        walk(kind.spec)
    return found


def test_memo_cites_only_what_the_knowledge_holds() -> None:
    value = memo(held=("inventory.csv row 5: Dahua, confirmed",)).to_json()
    cited = {one for option in value["options"] for one in option["citations"]}
    cited |= {one for entry in value["means"] if entry["citation"] for one in entry["citation"].split("; ")}
    known = citations_of_the_knowledge()
    assert len(cited) > 12 and not sorted(cited - known)
    assert {"48 CFR 52.204-25(e)", "48 CFR 52.204-25(d)(2)(i)", "48 CFR 4.2104(b)"} <= cited


def test_waiver_routes_are_asked_on_the_day() -> None:
    def routes(on: date) -> dict[str, bool | None]:
        return {item.title: item.open for item in memo(on).options if item.id == "waiver"}

    assert routes(ss.DAY) == {
        "Agency head's one-time waiver of part A": False, "Agency head's one-time waiver of part B": False,
        "Waiver by the Director of National Intelligence": None,
    }  # fmt: skip
    assert routes(date(2021, 8, 13))["Agency head's one-time waiver of part A"] is None
    assert routes(date(2021, 8, 14))["Agency head's one-time waiver of part A"] is False
    assert routes(date(2022, 8, 13))["Agency head's one-time waiver of part B"] is None


def test_editions_that_ended_are_left_out() -> None:
    def titles(on: date) -> str:
        return next(item.says for item in memo(on).options if item.id == "disclose")

    assert "first edition" not in titles(ss.DAY) and "first edition" in titles(date(2019, 9, 1))


def test_memo_says_what_a_refusal_does_not_mean() -> None:
    text = to_markdown(memo())
    assert "identifies no covered equipment" in text and 'is not the answer "does not"' in text
    assert "report is due" not in text, "nothing that we hold points to a duty to report"
    assert "looked through: 0" in text and "NG\\-200" in text
    assert "report is due" in to_markdown(memo(held=("a row",), searched=2))


def test_memo_shows_hostile_words_as_words() -> None:
    made = options_memo(
        ss.law(), declaration(supplier="<img src=x> [a](http://x)\n# Head", refused_why="\u202e`x`"), on=ss.DAY, asked_by="R",
        held=("<b>", ), knowledge=KNOWLEDGE,
    )  # fmt: skip
    text = to_markdown(made)
    assert "# Head" in text and "# Head" in to_text(made)
    assert "<img" not in text and "](http" not in text and "\n# Head" not in text and "\u202e" not in text
    assert "\u202e" not in to_text(made) and "\\-" not in to_text(made)
