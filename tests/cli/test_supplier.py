"""`proscribe supplier` as a clerk uses it: ask, take, test, remind, and what a refusal leaves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click.testing
import openpyxl
import pytest

from proscribe.cli.main import cli
from proscribe.model.suppliers import ANSWERS_SCHEMA
from proscribe.wording.errors import page

TODAY = datetime.now(UTC).date()
VENDORS = (
    "Supplier,UEI,E-mail,Parent,Product,Model,Maker,MAC\n"
    "Northgate Cameras Ltd,ZQGGH8XPGKL9,a@northgate.example,,Dome camera,NG-100,Northgate,\n"
    "Netline GmbH,,info@netline.example,,,,,\n"
    "Chipworks Oy,,,Northgate Cameras Ltd,,,,\n"
)
SAYS = {
    "legal_name": "Northgate Cameras Ltd", "uei": "ZQGGH8XPGKL9", "provide": "does not", "contain": "does not",
    "products_complete": "yes", "flow_down": "yes", "lower_suppliers": "Chipworks Oy\n=HYPERLINK(1)\nPolyplast s.r.o.",
    "signer": "Anna Moss", "signer_title": "Director", "answered_on": TODAY.isoformat(),
}  # fmt: skip


class Shell:
    """Runs commands in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runner = click.testing.CliRunner()

    def __call__(self, *words: str | Path, code: int = 0) -> str:
        environment = {
            "PROSCRIBE_STORE": str(self.folder / "c.db"),
            "PROSCRIBE_ZONE": "UTC",
            "PROSCRIBE_USER": "R. Ito",
            "PROSCRIBE_PASSPHRASE": "a sentence of the signer",
        }
        result = self.runner.invoke(cli, ["supplier", *map(str, words)], env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    def json(self, *words: str | Path, code: int = 0) -> Any:
        return json.loads(self(*words, "-o", "json", code=code))

    def form(self, identity: str = "S1") -> dict[str, Any]:
        """Give what the page of a form holds as its data."""
        (path,) = (self.folder / "asked" / "forms").glob(f"{identity}-*.html")
        text = path.read_text()
        start = text.index('id="form">') + len('id="form">')
        value = json.loads(text[start : text.index("</script>", start)])
        assert isinstance(value, dict)
        return value

    def answer(
        self, name: str, identity: str = "S1", says: dict[str, str] | None = None, **more: Any
    ) -> Path:
        form = self.form(identity)
        value = {
            "schema": ANSWERS_SCHEMA, "form_id": form["id"], "campaign": form["campaign"], "supplier_id": form["supplier_id"],
            "draft": False, "answers": SAYS if says is None else says,
            "asked": {item["id"]: item["text"] for item in form["questions"]}, "products": [], "evidence": [], **more,
        }  # fmt: skip
        path = self.folder / name
        path.write_text(json.dumps(value))
        return path


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in ("PROSCRIBE_USER", "PROSCRIBE_STORE", "PROSCRIBE_ZONE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "vendors.csv").write_text(VENDORS)
    return Shell(tmp_path)


def campaign(run: Shell, *more: str, code: int = 0) -> str:
    return run(
        "campaign",
        run.folder / "vendors.csv",
        "-o",
        run.folder / "asked",
        "--asked-by",
        "Ridge Analytics LLC",
        *more,
        code=code,
    )


def test_the_story_of_a_campaign(run: Shell, tmp_path: Path) -> None:
    said = campaign(run, "--contact", "R. Ito, r.ito@ridge.example")
    assert "C-0001: 3 suppliers asked, from 3 rows" in said and "Nothing was sent" in said
    assert "S3-chipworks-oy.xlsx" in (tmp_path / "asked" / "index.csv").read_text()
    assert "3 asked" in run("status") and "tier 2 under S1" in run("list")
    assert "no evidence" not in run("show", "Netline")
    products = [{"product": "Recorder", "model": "DS-7616NI-K2/16P", "maker": "Northgate"}]
    sam = {
        "entityData": [
            {
                "entityRegistration": {
                    "ueiSAM": "ZQGGH8XPGKL9",
                    "legalBusinessName": "NORTHGATE CAMERAS LTD",
                },
                "repsAndCerts": {
                    "certifications": {
                        "fARResponses": [
                            {
                                "provisionId": "FAR 52.204-26",
                                "listOfAnswers": [{"section": "52.204-26.c.1", "answerText": "Yes"}],
                            }
                        ]
                    }
                },
            }
        ]
    }
    (tmp_path / "sam.json").write_text(json.dumps(sam))
    answer = run.answer("a.json", products=products)
    said = run("import", answer, "--sam", tmp_path / "sam.json", code=1)
    assert "contradicted by what we hold" in said and "not signed" in said
    assert "product 1 (Recorder DS-7616NI-K2/16P) of its own list: hikvision" in said
    assert "The form says \"does not\" on 'provide'; in SAM the supplier represents that it does" in said
    assert "CONTRADICTED" in run("status", code=1) and "E432" in run("import", answer, code=3)
    shown = run("show", "C-0001/S1")
    assert (
        "Anna Moss, Director" in shown
        and "!! sam" in shown
        and "?  products" in shown
        and "not_tested" not in shown
    )
    letter = run("show", "C-0001/S1", "--question")
    assert (
        letter.startswith("To: a@northgate.example") and "The supplier says" not in letter and "1. " in letter
    )
    said = run("remind", "C-0001", "-o", tmp_path / "reminders")
    assert "2 reminders" in said and sorted(item.name for item in (tmp_path / "reminders").iterdir()) == [
        "S2-netline-gmbh.txt",
        "S3-chipworks-oy.txt",
    ]
    assert "E499" in run("refused", "C-0001/S1", code=2)
    memo = run("refused", "Netline GmbH", "--reason", "by telephone", "--md", tmp_path / "memo.md")
    assert "refused" in memo and "52.204" in (tmp_path / "memo.md").read_text()
    told = run.json("refused", "Netline GmbH")
    assert (told["schema"], told["status"], told["why"]) == (
        "proscribe.supplier-options/1",
        "refused",
        "by telephone",
    )
    assert "REFUSED" in run("list", "--state", "refused") and "No supplier." in run(
        "list", "--state", "expired"
    )
    held = run.json("list")
    assert [item["standing"] for item in held["suppliers"]] == ["contradicted", "refused", "asked"]
    assert "EXPIRED" in run("list", "--on", (TODAY + timedelta(days=366)).isoformat())


def test_tiers_below_are_listed_for_the_next_campaign(run: Shell, tmp_path: Path) -> None:
    campaign(run)
    run("import", run.answer("a.json"))
    told = run.json("status")
    assert [(item["supplier"], item["named_by"], item["tier"]) for item in told["not_asked"]] == [
        ("=HYPERLINK(1)", "S1", 2),
        ("Polyplast s.r.o.", "S1", 2),
    ]
    assert "not asked: Polyplast s.r.o., tier 2, named by S1" in run("status")
    run("lower", "C-0001", "-o", tmp_path / "lower.csv")
    assert (
        tmp_path / "lower.csv"
    ).read_text() == "Supplier,Tier,Parent\n'=HYPERLINK(1),2,S1\nPolyplast s.r.o.,2,S1\n"
    said = run(
        "campaign",
        tmp_path / "lower.csv",
        "-o",
        tmp_path / "lower",
        "--asked-by",
        "Ridge Analytics LLC",
        "--case",
        "C-0001",
    )
    assert "2 suppliers asked" in said and "tier 2 under S1" in run("list")


def test_a_bad_file_does_not_stop_the_good_ones(run: Shell, tmp_path: Path) -> None:
    campaign(run)
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "bomb.xlsx").write_bytes(b"PK\x03\x04")
    draft = run.answer("draft.json", "S2", draft=True)
    other = run.answer("other.json", "S2", form_id="sf_1")
    said = run(
        "import",
        tmp_path / "bad.json",
        tmp_path / "bomb.xlsx",
        draft,
        other,
        tmp_path / "none.json",
        run.answer("a.json"),
        code=3,
    )
    assert "C-0001/S1  Northgate Cameras Ltd: answered" in said
    for code in ("E493", "E494", "E495", "E485"):
        assert code in said
    told = run.json(
        "import", tmp_path / "bad.json", run.answer("b.json", says={**SAYS, "signer": "B. Hale"}), code=3
    )
    assert [(item["outcome"], (item["problem"] or {}).get("code")) for item in told["files"]] == [
        ("refused", "E493"),
        ("answered", None),
    ]


def test_a_workbook_filled_in_by_hand(run: Shell, tmp_path: Path) -> None:
    campaign(run)
    path = tmp_path / "asked" / "forms" / "S1-northgate-cameras-ltd.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Answers"]
    for row in range(2, sheet.max_row + 1):
        text = SAYS.get(str(sheet.cell(row, 1).value), "")
        sheet.cell(row, 4).value = text if not text.startswith("=") else None
    book.save(tmp_path / "back.xlsx")
    assert "nothing we hold speaks against it" in run("import", tmp_path / "back.xlsx")
    sheet["D4"] = "=1+1"
    book.save(tmp_path / "formula.xlsx")
    assert "E496" in run("import", tmp_path / "formula.xlsx", code=3)


def test_signing_and_the_key_that_is_asked_for(run: Shell, tmp_path: Path) -> None:
    campaign(run)
    environment = {"PROSCRIBE_PASSPHRASE": "a sentence of the signer"}
    for name in ("acme", "other"):
        done = run.runner.invoke(cli, ["attest", "key", "-o", str(tmp_path / name)], env=environment)
        assert done.exit_code == 0, done.output
    answer = run.answer("a.json")
    run(
        "sign",
        answer,
        "--key",
        tmp_path / "acme.key",
        "--by",
        "Anna Moss",
        "--title",
        "Director",
        "-o",
        tmp_path / "a.zip",
    )
    assert "E497" in run("import", tmp_path / "a.zip", "--key", tmp_path / "other.pub.pem", code=3)
    said = run("import", tmp_path / "a.zip", "--key", tmp_path / "acme.pub.pem")
    assert "signed by Anna Moss" in said and "with a key you trust" in said
    assert "signed by Anna Moss" in run("list")


def test_a_declined_form_points_to_the_memo(run: Shell) -> None:
    campaign(run)
    says = {
        "decline": "yes",
        "decline_why": "secret",
        "signer": "A",
        "signer_title": "B",
        "answered_on": TODAY.isoformat(),
    }
    said = run("import", run.answer("a.json", says=says))
    assert "declined" in said and "proscribe supplier refused C-0001/S1" in said
    assert "secret" in run("refused", "C-0001/S1")


def test_check_again_with_more_evidence(run: Shell, tmp_path: Path) -> None:
    campaign(run)
    assert "No answer to test." in run("check")
    run("import", run.answer("a.json"))
    (tmp_path / "orders.csv").write_text(
        "Supplier,Description,Manufacturer,Model\nNorthgate Cameras,Camera,Dahua,IPC-HFW5442E-ZE\n"
    )
    done = run.runner.invoke(
        cli,
        [
            "scan",
            str(tmp_path / "orders.csv"),
            "--as-of",
            "2026-11-25",
            "--quiet",
            "-o",
            f"json={tmp_path / 'scan.json'}",
        ],
    )
    assert done.exit_code == 1
    said = run("check", "--scan", tmp_path / "scan.json", code=1)
    assert (
        "orders.csv row 2, sold by Northgate Cameras: Zhejiang Dahua" in said
        and "2 suppliers have not answered" in said
    )
    (tmp_path / "away").mkdir()
    (tmp_path / "orders.csv").rename(tmp_path / "away" / "orders.csv")
    # without the list nobody sees who sold the thing; what was seen stands
    assert "not all of which is at hand" in run("check", "--scan", tmp_path / "scan.json", code=1)
    told = run.json(
        "check", "C-0001/S1", "--scan", tmp_path / "scan.json", "--inputs", tmp_path / "away", code=1
    )
    assert told["checked"][0]["verdict"] == "contradicted by what we hold"
    (tmp_path / "no.json").write_text("[]")
    assert "E157" in run("check", "--scan", tmp_path / "no.json", code=3)


def test_sam_files_are_shown_with_their_source(run: Shell, tmp_path: Path) -> None:
    value = {
        "entityData": [
            {
                "entityRegistration": {"ueiSAM": "ZQGGH8XPGKL9", "legalBusinessName": "NORTHGATE\u202e"},
                "repsAndCerts": {
                    "certifications": {
                        "fARResponses": [
                            {
                                "provisionId": "FAR 52.204-26",
                                "listOfAnswers": [
                                    {"section": "52.204-26.c.1", "answerText": "No"},
                                    {"section": "52.204-26.c.2", "answerText": "Maybe"},
                                ],
                            }
                        ]
                    }
                },
            }
        ]
    }
    (tmp_path / "sam.json").write_text(json.dumps(value))
    said = run("sam", tmp_path / "sam.json")
    assert "sam.provides = false" in said and "48 CFR 52.204-26(c)(1)" in said and "\u202e" not in said
    told = run.json("sam", tmp_path / "sam.json")
    assert [(fact["fact"], fact["value"]) for fact in told["facts"]] == [
        ("sam.provides", "false"),
        ("sam.uses", "not understood"),
    ]
    (tmp_path / "other.json").write_text('{"entities": []}')
    assert "E186" in run("sam", tmp_path / "other.json", code=3)


def test_usage_that_is_wrong_is_said_and_asks_nobody(run: Shell, tmp_path: Path) -> None:
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked" / "mine.txt").write_text("x")
    assert "E492" in campaign(run, code=2) and (tmp_path / "asked" / "mine.txt").read_text() == "x"
    assert not (tmp_path / "c.db").exists()
    (tmp_path / "empty.csv").write_text("Colour\nred\n")
    assert "E490" in run("campaign", tmp_path / "empty.csv", "-o", tmp_path / "x", "--asked-by", "R", code=3)
    assert "E420" in run("list", code=2)
    said = run.runner.invoke(
        cli,
        [
            "supplier",
            "campaign",
            str(tmp_path / "vendors.csv"),
            "-o",
            str(tmp_path / "x"),
            "--asked-by",
            "R",
            "--store",
            str(tmp_path / "d.db"),
        ],
        env={"PROSCRIBE_USER": "R. Ito"},
    )
    assert said.exit_code == 2 and "E440" in said.output
    assert not (tmp_path / "x").exists()


def test_rows_that_are_not_taken_are_said(run: Shell, tmp_path: Path) -> None:
    (tmp_path / "vendors.csv").write_text(VENDORS + ",,x@y.example,,,,,\nBad,12,,,,,,\n")
    said = campaign(run, code=3)
    assert (
        said.count("E491") == 2
        and "row 5" in said
        and "row 6" in said
        and "4 suppliers asked, from 5 rows" in said
    )


def test_forms_can_be_written_again(run: Shell, tmp_path: Path) -> None:
    campaign(run)
    run("forms", "C-0001", "-o", tmp_path / "again", "--supplier", "S2")
    name = "forms/S2-netline-gmbh.xlsx"
    assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "asked" / name).read_bytes()
    assert len(list((tmp_path / "again" / "forms").iterdir())) == 2
    assert "E498" in run("forms", "C-0001", "-o", tmp_path / "more", "--supplier", "S9", code=2)


def test_every_code_has_a_page() -> None:
    for number in [*range(186, 190), *range(490, 500)]:
        assert page(f"E{number}"), number
