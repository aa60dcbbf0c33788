"""`proscribe scan` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest

from proscribe.cli import exitcodes
from proscribe.cli.progress import ProgressLine
from proscribe.reports.scan import formats

from .conftest import CLEAN, COVERED, DAY, HEADER, QUESTION, Run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "inputs"
Write = Callable[..., Path]
MANY = (
    ("Hikvision", "DS-2CD2143G2-I"), ("Dahua", "IPC-HFW2431S-S-S2"), ("Huawei", "S5735-L24P4S-A1"), ("ZTE", "ZXR10 5250"),
    ("Hytera", "PD682"),
)  # fmt: skip


def test_the_json_of_the_examples_has_its_shape(run: Run) -> None:
    done = run("scan", EXAMPLES, "--as-of", DAY, "-o", "json")
    assert done.code == 1 and done.err == ""
    schema = json.loads((ROOT / "schemas" / "proscribe.scan-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(done.json())
    value = done.json()
    assert {
        "schema",
        "proscribe",
        "knowledge",
        "as_of",
        "inputs",
        "findings",
        "mentions",
        "not_checked",
        "summary",
    } <= set(value)
    places = [
        (item["input"], item["locator"]["row"]) for item in value["findings"] if not item["locator"]["sheet"]
    ]
    assert places == sorted(places)
    for finding in value["findings"]:
        assert finding["covered_through"], finding
        assert finding["evidence"] and all(one["facts"] for one in finding["evidence"])
        if finding["band"] == "possible":
            assert finding["questions"], finding


class TestExitCodes:
    """0 done, 1 found, 2 usage, 3 unread, 4 knowledge, 5 environment."""

    def test_nothing_found_is_0(self, run: Run, write: Write) -> None:
        assert run("scan", write("a.csv", HEADER + CLEAN), "--as-of", DAY).code == 0

    @pytest.mark.parametrize(
        ("rows", "threshold", "code"),
        [
            (COVERED, "confirmed", 1), (COVERED, "probable", 1), (COVERED, "none", 0),
            (QUESTION, "probable", 0), (QUESTION, "possible", 1), (CLEAN, "possible", 0),
        ],
    )  # fmt: skip
    def test_found_at_the_threshold_is_1(
        self, run: Run, write: Write, rows: str, threshold: str, code: int
    ) -> None:
        path = write("a.csv", HEADER + rows)
        assert run("scan", path, "--as-of", DAY, "--fail-on", threshold, "-o", "json").code == code

    def test_probable_is_the_threshold_without_one(self, run: Run, write: Write) -> None:
        assert run("scan", write("a.csv", HEADER + QUESTION), "--as-of", DAY).code == 0
        assert run("scan", write("b.csv", HEADER + COVERED), "--as-of", DAY).code == 1

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ((), "PATH"),
            (("{a}", "--fail-on", "maybe"), "maybe"),
            (("{a}", "--mpa", "x=text"), "--map"),
            (("{a}", "--processes", "0"), "0"),
            (("{a}", "-o", "jsno"), "Did you mean -o json?"),
            (("{a}", "-o", "xslx=out.xlsx"), "Did you mean -o xlsx?"),
            (("{a}", "-o", "json", "-o", "md"), "standard output"),
            (("{a}", "--map", "Description"), "COLUMN=FIELD"),
            (("{a}", "--map", "=text"), "COLUMN=FIELD"),
            (("{a}", "--map", "Description=txet"), "text"),
            (("{a}", "--map", "Descripton=text"), "'Description'"),
            (("{a}", "--reader", "tabluar"), "tabular"),
            (("{a}", "--as-of", "25.11.2026"), "YYYY-MM-DD"),
            (("{a}", "--known-as-of", "soon"), "YYYY-MM-DD"),
        ],
    )
    def test_a_wrong_call_is_2_and_names_what_was_meant(
        self, run: Run, write: Write, words: tuple[str, ...], said: str
    ) -> None:
        path = str(write("a.csv", HEADER + COVERED))
        done = run("scan", *(word.replace("{a}", path) for word in words))
        assert done.code == 2 and said in done.err and done.out == ""

    def test_unread_is_3_with_or_without_findings(self, run: Run, write: Write) -> None:
        broken = write("broken.xlsx", b"PK\x03\x04 cut")
        assert run("scan", broken, write("c.csv", HEADER + CLEAN), "--as-of", DAY).code == 3
        done = run("scan", broken, write("a.csv", HEADER + COVERED), "--as-of", DAY, "-o", "json")
        assert done.code == 3
        assert [item["record_id"] for item in done.json()["findings"]] == ["A1"]
        assert any("broken.xlsx" in line for line in done.json()["not_checked"])
        assert run("scan", broken, "--as-of", DAY, "--fail-on", "none").code == 3

    def test_a_path_that_is_not_there_is_3(self, run: Run, write: Write, tmp_path: Path) -> None:
        done = run(
            "scan", tmp_path / "none.csv", write("a.csv", HEADER + COVERED), "--as-of", DAY, "-o", "json"
        )
        assert done.code == 3 and len(done.json()["findings"]) == 1
        assert any("none.csv" in item["path"] for item in done.json()["inputs"])

    @pytest.mark.parametrize(
        ("layer", "code"),
        [
            (
                "defaults: {recorded_on: 2026-10-01, source: org:src/r, basis: stated, confidence: high}\n"
                "sources:\n  - {id: org:src/r, title: R, kind: catalogue}\nentities:\n  - {id: hikvision, kind: company, name: X}\n",
                "E224",
            ),
            ("entities: [\n", "E205"),
            ("suppressions:\n  - {entity: dahua, text: x}\n", "E225"),
            (None, "E201"),
        ],
    )
    def test_knowledge_that_cannot_be_used_is_4(
        self, run: Run, write: Write, tmp_path: Path, layer: str | None, code: str
    ) -> None:
        own = tmp_path / "own.yml" if layer is None else write("own.yml", layer)
        done = run("scan", write("a.csv", HEADER + COVERED), "--knowledge", own)
        assert done.code == 4 and code in done.err and "own.yml" in done.err and done.out == ""

    def test_a_damaged_snapshot_is_4(self, run: Run, write: Write) -> None:
        done = run(
            "scan", write("a.csv", HEADER + COVERED), "--knowledge", write("k.zip", b"PK\x03\x04 nothing")
        )
        assert done.code == 4 and "k.zip" in done.err

    def test_a_place_that_cannot_be_written_is_5(self, run: Run, write: Write, tmp_path: Path) -> None:
        done = run(
            "scan", write("a.csv", HEADER + COVERED), "--as-of", DAY, "-o", f"json={tmp_path}/none/out.json"
        )
        assert done.code == 5 and "E510" in done.err and "none/out.json" in done.err

    @pytest.mark.parametrize(
        "problem", [PermissionError(13, "Permission denied", "x"), OSError(28, "No space left on device")]
    )
    def test_a_full_or_closed_disk_is_5(
        self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, problem: OSError
    ) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise problem

        monkeypatch.setattr(formats, "write", fail)
        done = run("scan", write("a.csv", HEADER + COVERED), "--as-of", DAY, "-o", "json")
        assert done.code == 5 and done.err.startswith("E5")

    def test_a_fault_of_the_program_is_6_and_shows_no_stack(
        self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise LookupError("a table\x1b[2J that should be there")

        monkeypatch.setattr(formats, "write", fail)
        monkeypatch.delenv("PROSCRIBE_DEBUG", raising=False)
        done = run("scan", write("a.csv", HEADER + COVERED), "--as-of", DAY, "-o", "json")
        assert done.code == exitcodes.FAULT == 6
        assert "E599" in done.err and "LookupError: a table" in done.err and "\x1b" not in done.err
        assert "Traceback" not in done.err and "PROSCRIBE_DEBUG" in done.err

    def test_a_dash_is_standard_output_in_every_format(
        self, run: Run, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        source = write("a.csv", HEADER + COVERED)
        for form in ("json", "jsonl", "csv", "sarif", "md", "html", "table"):
            done = run("scan", source, "--as-of", DAY, "-o", f"{form}=-")
            assert done.code == 1 and "hikvision" in done.out.lower() and not done.err, form
        done = run("scan", source, "--as-of", DAY, "-o", "xlsx=-")
        assert done.code == 1 and done.raw.startswith(b"PK")
        assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
    def test_a_file_without_permission_is_3(self, run: Run, write: Write) -> None:
        path = write("a.csv", HEADER + COVERED)
        path.chmod(0)
        done = run("scan", path, write("b.csv", HEADER + COVERED), "--as-of", DAY, "-o", "json")
        assert done.code == 3 and len(done.json()["findings"]) == 1

    def test_ignored_findings_do_not_count(self, run: Run, write: Write) -> None:
        own = write(
            "own.yml",
            "cleared:\n  - {record_ids: [A1], reason: opened, by: R. Ito, at: 2026-01-20, until: 2026-06-30}\n",
        )
        path = write("a.csv", HEADER + COVERED)
        done = run("scan", path, "--knowledge", own, "--as-of", "2026-06-30", "-o", "json")
        assert done.code == 0 and done.json()["findings"][0]["ignored"]["reason"] == "opened"
        assert run("scan", path, "--knowledge", own, "--as-of", "2026-07-01", "-o", "json").code == 1


class TestInputs:
    """What may be named on the command line."""

    def test_standard_input(self, run: Run) -> None:
        done = run("scan", "-", "--as-of", DAY, "-o", "json", stdin=(HEADER + COVERED).encode())
        assert done.code == 1
        assert done.json()["findings"][0]["record_id"] == "A1"
        assert done.json()["inputs"][0]["records"] == 1

    def test_standard_input_beside_a_file(self, run: Run, write: Write) -> None:
        done = run(
            "scan", write("a.csv", HEADER + CLEAN), "-", "--as-of", DAY, "-o", "json", stdin=b"Dahua camera\n"
        )
        assert done.code == 1
        assert [(item["input"], item["entity"]) for item in done.json()["findings"]] == [(1, "dahua")]

    def test_empty_standard_input_is_said(self, run: Run) -> None:
        done = run("scan", "-", "--as-of", DAY, "-o", "json", stdin=b"")
        assert done.code == 3 and done.json()["inputs"][0]["issues"][0]["code"] == "E103"

    def test_a_folder_is_walked_in_order(self, run: Run, write: Write, tmp_path: Path) -> None:
        for name in ("b/two.csv", "a/one.csv", "three.csv"):
            write(f"in/{name}", HEADER + COVERED)
        paths = [
            item["path"]
            for item in run("scan", tmp_path / "in", "--as-of", DAY, "-o", "json").json()["inputs"]
        ]
        assert [Path(path).name for path in paths] == ["one.csv", "two.csv", "three.csv"]

    def test_names_with_odd_letters(self, run: Run, write: Write) -> None:
        path = write("Bestand – 摄像机 #1 'neu'.csv", HEADER + COVERED)
        done = run("scan", path, "--as-of", DAY, "-o", "json")
        assert done.code == 1 and done.json()["inputs"][0]["path"] == str(path)


class TestOutputs:
    """What `-o` gives."""

    def test_several_formats_at_once(self, run: Run, write: Write, tmp_path: Path) -> None:
        path = write("a.csv", HEADER + COVERED + CLEAN)
        names = {form.name: tmp_path / f"out{form.suffix}" for form in formats.FORMATS.values()}
        asked = [word for name, target in names.items() for word in ("-o", f"{name}={target}")]
        done = run("scan", path, "--as-of", DAY, *asked, "-o", "json")
        assert done.code == 1
        assert names["json"].read_text("utf-8") == done.out
        for target in names.values():
            assert target.stat().st_size > 0 and f"Written: {target}" in done.err
        rows = list(csv.reader(io.StringIO(names["csv"].read_text("utf-8"))))
        assert rows[0][:4] == HEADER.strip().split(",")
        assert rows[0][4:] == [
            f"proscribe_{name}" for name in ("band", "entity", "role", "why", "finding_id")
        ]
        assert rows[1][:4] == COVERED.strip().split(",") and rows[1][4:6] == ["confirmed", "hikvision"]
        assert rows[1][8] == done.json()["findings"][0]["id"]
        assert rows[2] == [*CLEAN.strip().split(","), *[""] * 5]
        assert pq.read_table(names["parquet"]).column("proscribe_band").to_pylist()[0] == "confirmed"
        assert json.loads(names["sarif"].read_text("utf-8"))["version"] == "2.1.0"
        head, *lines = [json.loads(line) for line in names["jsonl"].read_text("utf-8").splitlines()]
        assert head["schema"] == "proscribe.scan/1" and [line["line"] for line in lines] == ["finding"]
        assert "hikvision" in names["html"].read_text("utf-8").lower()

    @pytest.mark.parametrize("more", [(), ("--all",)])
    def test_a_screenful_is_shown_when_nothing_is_asked_and_all_on_demand(
        self, run: Run, write: Write, more: tuple[str, ...]
    ) -> None:
        done = run("scan", write("a.csv", HEADER + COVERED * 60), "--as-of", DAY, *more)
        assert "Hikvision" in done.out and "\x1b" not in done.out
        assert "No device was opened" in " ".join(done.out.split())
        assert done.out.count("made by") == (60 if more else 5)
        assert more or ("and 55 more: see --all" in done.out and len(done.out.splitlines()) <= 23)

    def test_many_findings_fit_a_terminal_of_24_lines(
        self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("proscribe.cli.scan.width", lambda: 80)
        rows = [
            f"A{nth},{maker},{model},in the north hall behind the gymnasium\n"
            for nth, (maker, model) in enumerate(MANY * 100)
        ]
        inputs = [
            write(f"a list of the devices of building {nth}.csv", HEADER + "".join(rows[nth::4]))
            for nth in range(4)
        ]
        done = run("scan", *inputs, "--as-of", DAY)
        lines = done.out.splitlines()
        assert len(lines) <= 23 and max(map(len, lines)) <= 80, done.out
        for head in (
            "500 findings",
            "FOUND",
            "LOOK AT FIRST",
            "see --all",
            "NOT READ, NOT SEEN OR NOT CHECKED",
        ):
            assert head in done.out, done.out
        assert "; whole: --all)" in done.out

    @pytest.mark.parametrize("more", [(), ("--all",), ("-o", "md")])
    def test_with_the_law_it_says_once_how_things_are_counted(self, run: Run, more: tuple[str, ...]) -> None:
        facts = EXAMPLES.parent / "facts.yml"
        done = run("scan", EXAMPLES, "--as-of", DAY, "--decide", facts, *more)
        said = re.findall(
            r"The law counts things: (\d+) findings are (\d+) things", " ".join(done.out.split())
        )
        assert len(said) == 1 and int(said[0][0]) > int(said[0][1]) > 0

    def test_quiet_prints_nothing(self, run: Run, write: Write, tmp_path: Path) -> None:
        path = write("a.csv", HEADER + COVERED)
        done = run("scan", path, "--as-of", DAY, "--quiet")
        assert (done.code, done.out, done.err) == (1, "", "")
        done = run("scan", path, "--as-of", DAY, "--quiet", "-o", f"json={tmp_path / 'o.json'}")
        assert (done.out, done.err) == ("", "") and (tmp_path / "o.json").exists()

    def test_an_input_is_never_overwritten(self, run: Run, write: Write) -> None:
        path = write("a.csv", HEADER + COVERED)
        done = run("scan", path, "--as-of", DAY, "-o", f"csv={path}")
        assert done.code == 2 and "E191" in done.err
        assert path.read_text() == HEADER + COVERED

    def test_the_same_bytes_again(self, run: Run) -> None:
        asked = ("scan", EXAMPLES, "--as-of", DAY, "-o", "json")
        assert run(*asked).raw == run(*asked, "--processes", "1").raw

    def test_columns_are_mapped(self, run: Run, write: Write) -> None:
        path = write("a.csv", "Qty,Remark=1\n3,Hikvision camera\n")
        done = run("scan", path, "--as-of", DAY, "--map", "Remark=1=text", "-o", "json")
        assert done.code == 1 and done.json()["findings"][0]["evidence"][0]["field"] == "Remark=1"

    @pytest.mark.parametrize("name", ["json", "csv", "xlsx", "html"])
    @pytest.mark.parametrize("old", [None, "the old answer"])
    def test_ctrl_c_leaves_no_half_written_file(
        self,
        run: Run,
        write: Write,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        old: str | None,
    ) -> None:
        path = write("a.csv", HEADER + COVERED)
        target = tmp_path / "out" / f"answer.{name}"
        target.parent.mkdir()
        if old is not None:
            target.write_text(old)
        reached = []

        def stop(*_: Any, **__: Any) -> Any:
            reached.append([item.name for item in target.parent.iterdir()])
            raise KeyboardInterrupt

        if formats.FORMATS[name].gives_file_back:
            monkeypatch.setattr(formats, "_write_one", stop)
        else:
            plain = formats._text
            # The first pieces are written before the key is pressed.
            monkeypatch.setattr(
                formats,
                "_text",
                lambda *rest: (
                    piece if place == 0 else stop() for place, piece in enumerate([*plain(*rest), ""])
                ),
            )
        done = run("scan", path, "--as-of", DAY, "-o", f"{name}={target}")
        assert reached, "the write had begun"
        assert old is not None or target.name not in reached[0], "no name before it is whole"
        assert done.code == 130 and "half-written" in done.err
        assert [item.name for item in target.parent.iterdir()] == ([] if old is None else [target.name])
        assert old is None or target.read_text() == old


class TestProgress:
    """A line on a terminal, nothing anywhere else."""

    def test_nothing_when_piped(self, capsys: pytest.CaptureFixture[str]) -> None:
        with ProgressLine(enabled=True) as line:
            line._started -= 60
            line._drawn -= 60
            line(50, 100, 1_000)
        assert capsys.readouterr() == ("", "")

    @pytest.mark.parametrize("enabled", [True, False])
    def test_a_line_on_a_terminal_and_none_when_switched_off(
        self, monkeypatch: pytest.MonkeyPatch, enabled: bool
    ) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        with ProgressLine(enabled=enabled) as line:
            line._started -= 60
            line._drawn -= 60
            line(50, 100, 6_000)
        shown = terminal.getvalue()
        if not enabled:
            assert shown == ""
            return
        assert "50%" in shown and "6,000 rows" in shown and "100 rows/s" in shown and "60 s left" in shown
        assert shown.endswith("\r\x1b[K"), "the line is erased at the end"

    def test_short_work_shows_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        terminal = io.StringIO()
        terminal.isatty = lambda: True  # type: ignore[method-assign]
        monkeypatch.setattr(sys, "stderr", terminal)
        with ProgressLine(enabled=True) as line:
            line(99, 100, 10)
        assert terminal.getvalue() == ""


def _xlsx(rows: list[list[str]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Assets")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return out.getvalue()


_GOOD_XLSX = _xlsx([HEADER.strip().split(","), COVERED.strip().split(",")] + [CLEAN.strip().split(",")] * 200)
_WIDE = ",".join(f"c{number}" for number in range(30_000))
#: Hostile or damaged content, and whether the covered row in it can still be found.
BAD: dict[str, tuple[bytes, bool]] = {
    "empty.csv": (b"", False),
    "blank.csv": (b"\n\n  \n", False),
    "truncated.xlsx": (_GOOD_XLSX[: len(_GOOD_XLSX) // 2], False),
    "not-a-zip.xlsx": (b"PK\x03\x04" + b"\0" * 2_000, False),
    "encrypted.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000, False),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, False),
    "cut.parquet": (b"PAR1" + b"\x15\x04" * 400, False),
    "packed.7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 2_000, False),
    "nul.csv": ((HEADER + COVERED).encode() + b"A9,\0\0Axis,P\0,x\n", True),
    "ragged.csv": ((HEADER + COVERED).encode() + b"A9,Axis,P3245,Dome,and,more,cells\nA10\n", True),
    "mixed.csv": ((HEADER + COVERED).encode() + "A9,Axis,Bürö,Dôme\n".encode() + "A8,Axis,Bürö,Dôme\n".encode("cp1252"), True),
    "bidi.csv": ((HEADER + COVERED).encode() + "A9,\u202eAxis,P3245,Dome\n".encode(), True),
    "quote.csv": ((HEADER + COVERED).encode() + b'A9,"Axis,P3245,Dome\n' + b"A10,Axis,P,D\n" * 20, True),
    "huge-cell.csv": ((HEADER + COVERED).encode() + b"A9,Axis,P," + b"x" * 3_000_000 + b"\n", True),
    "wide.csv": ((f"Manufacturer,Model,{_WIDE}\nHikvision,DS-2CD2143G2-I," + "," * 29_999 + "\n").encode(), True),
    "deep.json": (b"[" * 100_000 + b"]" * 100_000, False),
    "cut.jsonl": (b'{"Manufacturer": "Hikvision", "Model": "DS-2CD2143G2-I"}\n{"Manufacturer": "Axi', True),
}  # fmt: skip


class TestBadInput:
    """Each gives a clear issue with its place, exit code 3, and the findings of what could be read."""

    @pytest.mark.parametrize("name", BAD)
    def test_damage_is_said_and_the_rest_is_read(self, run: Run, write: Write, name: str) -> None:
        content, found = BAD[name]
        done = run(
            "scan", write(name, content), write("z.csv", HEADER + COVERED), "--as-of", DAY, "-o", "json"
        )
        assert done.code == 3, done.err
        value = done.json()
        assert {item["input"] for item in value["findings"]} == ({0, 1} if found else {1})
        lossy = [item for item in value["inputs"][0]["issues"] if item["lossy"]]
        assert lossy and all(item["code"].startswith("E1") and item["at"] and item["what"] for item in lossy)
        assert any(name in line for line in value["not_checked"])
        assert value["inputs"][1]["issues"] == []

    @pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3|x"])
    def test_formulas_in_text_are_given_back_harmless(
        self, run: Run, write: Write, tmp_path: Path, cell: str
    ) -> None:
        path = write("f.csv", f"{HEADER}A1,Hikvision,DS-2CD2143G2-I,{cell}\n")
        out = tmp_path / "o.csv"
        done = run("scan", path, "--as-of", DAY, "-o", f"csv={out}", "-o", "json")
        assert len(done.json()["findings"]) == 1
        row = list(csv.reader(io.StringIO(out.read_text("utf-8"))))[1]
        assert all(not text.startswith(("=", "+", "@", "-")) for text in row), row

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes or links here")
    def test_loops_and_pipes_end(self, run: Run, write: Write, tmp_path: Path) -> None:
        write("in/a.csv", HEADER + COVERED)
        (tmp_path / "in" / "again").symlink_to(tmp_path / "in", target_is_directory=True)
        (tmp_path / "in" / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
        os.mkfifo(tmp_path / "in" / "pipe.csv")
        done = run("scan", tmp_path / "in", "--as-of", DAY, "-o", "json")
        assert done.code == 3
        codes = {issue["code"] for item in done.json()["inputs"] for issue in item["issues"]}
        assert {"E101", "E104", "E106"} <= codes
        assert len(done.json()["findings"]) == 1


def test_the_answers_of_an_earlier_scan_are_read_and_said_to_be_counted_again(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("id,item,maker\n1,camera,Hikvision\n")
    run("scan", tmp_path / "list.csv", "-o", f"csv={tmp_path / 'answered.csv'}", "--quiet")
    answer = run("scan", tmp_path)
    assert "2 records read in 2 inputs" in answer.out
    assert "1 of the inputs looks like what this program wrote (E549)" in " ".join(answer.out.split())


def test_a_folder_without_a_file_is_no_clean_answer(run: Run, tmp_path: Path) -> None:
    """A share that is not mounted is an empty folder."""
    (tmp_path / "share").mkdir()
    done = run("scan", tmp_path / "share")
    assert done.code == exitcodes.UNREAD and "E103" in done.out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("title.csv", "Hikvision recorders at Depot\n\nTag,Manufacturer,Model\nA-1,Axis,P3245-LV\n"),
        ("header.csv", "Tag,Hikvision DVR,Model\nA-1,yes,P3245-LV\n"),
        ("hikvision.csv", "Tag,Manufacturer,Model\nA-1,Axis,P3245-LV\n"),
        ("no-row.csv", "Tag,Manufacturer,Model\n"),
        ("empty.json", "[]"),
    ],
)
def test_nothing_found_is_no_answer_where_something_was_not_counted(
    run: Run, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    assert run("scan", str(tmp_path / name), "--quiet", "-o", "json").code == exitcodes.UNREAD


def test_a_list_in_a_hidden_folder_that_was_left_out_is_no_answer(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Tag,Manufacturer,Model\nA-1,Axis,P3245-LV\n")
    assert run("scan", str(tmp_path), "--quiet", "-o", "json").code == exitcodes.DONE
    (tmp_path / ".old").mkdir()
    (tmp_path / ".old" / "list.csv").write_text("Tag,Manufacturer,Model\nA-2,Hikvision,DS-2CD2042WD-I\n")
    assert run("scan", str(tmp_path), "--quiet", "-o", "json").code == exitcodes.UNREAD
    (tmp_path / ".old.csv").write_text("Tag,Manufacturer,Model\nA-2,Hikvision,DS-2CD2042WD-I\n")
    assert run("scan", str(tmp_path), "--quiet", "-o", "json").code == exitcodes.FOUND


def test_what_has_no_table_to_write_back_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Tag,Manufacturer,Model\nA-1,Axis,P3245-LV\n")
    head = "From: a@example.com\nTo: b@example.com\nDate: Mon, 02 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\nSubject: list\n\n"
    (tmp_path / "mail.eml").write_text(head + "Hikvision DS-2CD2042WD-I at the gate\n")
    said = " ".join(run("scan", tmp_path, "-o", f"csv={tmp_path / 'out'}/").err.split())
    without = said.partition("Not among them")[2]
    assert "mail.eml" in without and "list.csv" not in without
    assert "Not among them" not in run("scan", tmp_path / "list.csv", "-o", f"csv={tmp_path / 'one.csv'}").err


def test_hosts_are_named_by_the_address_that_people_know(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.xml").write_text(
        '<?xml version="1.0"?><nmaprun scanner="nmap"><host><status state="up"/><address addr="10.20.0.11" addrtype="ipv4"/>'
        '<address addr="44:19:B6:01:02:03" addrtype="mac"/></host></nmaprun>'
    )
    for form in ("summary", "table"):
        shown = run("scan", tmp_path / "scan.xml", "-o", form).out
        assert "10.20.0.11" in shown and "/nmaprun/" not in shown
