"""Reports of a scan: JSON against its schema, snapshots of table and Markdown, HTML and SARIF."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html.parser
import io
import itertools
import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.model.errors import EnvironmentProblem, UsageError
from proscribe.model.findings import Band, Details, Evidence, Locator, Mention, MentionKind
from proscribe.model.results import Scan
from proscribe.model.scan_writing import scan_pieces, scan_text, scan_value
from proscribe.readers.base import Source
from proscribe.reports.scan import FORMATS, write
from proscribe.reports.scan.charts import Bar, Step, stacked_bars, waterfall
from proscribe.reports.scan.html import to_html
from proscribe.reports.scan.labels import bits, count
from proscribe.reports.scan.markdown import to_markdown
from proscribe.reports.scan.sarif import sarif_pieces
from proscribe.reports.scan.table import to_table
from proscribe.wording.shown import display_width, fit, visible, wrap

from .conftest import HOSTILE

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parents[1] / "schemas" / "proscribe.scan-1.schema.json").read_text())
SARIF_SCHEMA = json.loads((HERE / "data" / "sarif-2.1.0-rtm.5.json").read_text())
HIDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]")


def with_text(scan: Scan, text: str) -> Scan:
    """Put `text` wherever a scan carries text of unknown origin."""
    first = scan.findings[0]
    hostile = dataclasses.replace(
        first,
        id="f_hostile",
        record_id=text,
        brand=text,
        locator=Locator(1, text, text),
        questions=(text,),
        evidence=(Evidence("m", text, text, (0, 1), (text,), 1000, text),),
        against=(Evidence("m", text, text, (0, 1), (text,), -1000, text),),
        details=dataclasses.replace(first.details, site=text, quantity=text),
    )
    return dataclasses.replace(
        scan,
        inputs=(dataclasses.replace(scan.inputs[0], path=text or "-"), scan.inputs[1]),
        findings=(hostile,),
        mentions=(Mention(0, Locator(2, text), text, "huawei", MentionKind.SOFTWARE, (text,)),),
        not_checked=(text,),
        fact_notes={text: text},
    )


def golden(name: str, text: str) -> None:
    """Compare with a stored snapshot."""
    assert text == (HERE / "golden" / name).read_text(encoding="utf-8")


class TestJson:
    def test_matches_its_schema(self, scan: Scan) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.Draft202012Validator(SCHEMA).validate(scan_value(scan))

    def test_schema_refuses_a_wrong_band(self, scan: Scan) -> None:
        value = scan_value(scan)
        value["findings"][0]["band"] = "certain"
        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(value)

    def test_snapshot(self, scan: Scan) -> None:
        golden("scan.json", scan_text(scan))

    def test_summary_counts_ignored_findings_apart(self, scan: Scan) -> None:
        summary = scan_value(scan)["summary"]
        assert summary["by_band"] == {"confirmed": 1, "probable": 2, "possible": 1}
        assert summary["ignored"] == 1
        assert summary["records"] == 8
        assert sum(summary["by_band"].values()) + summary["ignored"] == len(scan.findings)

    def test_all_bands_are_present_when_nothing_was_found(self, scan: Scan) -> None:
        empty = dataclasses.replace(scan, findings=(), mentions=())
        assert scan_value(empty)["summary"]["by_band"] == {"confirmed": 0, "probable": 0, "possible": 0}

    def test_one_field_of_two_columns_is_a_list(self, scan: Scan) -> None:
        columns = scan_value(scan)["inputs"][0]["columns"]
        assert columns["maker_name"] == ["maker", "brand"]
        assert columns["row_id"] == "id"

    @pytest.mark.parametrize("keep", [0, 1, 9])
    def test_pieces_are_the_document(self, scan: Scan, keep: int) -> None:
        some = dataclasses.replace(scan, findings=scan.findings[:keep], mentions=scan.mentions[:keep])
        assert "".join(scan_pieces(some)) == scan_text(some)

    def test_lines_hold_what_the_document_holds(self, scan: Scan) -> None:
        out = io.StringIO()
        write(scan, "jsonl", out)
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
        whole = scan_value(scan)
        assert [line.pop("line") for line in lines] == ["scan"] + ["finding"] * 5 + ["mention"] * 2
        assert lines[1:6] == whole["findings"]
        assert lines[6:] == whole["mentions"]
        assert lines[0]["summary"] == whole["summary"]


class TestTable:
    @pytest.mark.parametrize("width", [60, 120])
    def test_snapshot(self, scan: Scan, width: int) -> None:
        golden(f"table-{width}.txt", to_table(scan, width=width))

    @pytest.mark.parametrize("width", [40, 60, 95, 96, 100, 140])
    def test_no_line_is_wider_than_asked(self, scan: Scan, width: int) -> None:
        wide = max(to_table(scan, width=width).splitlines(), key=display_width)
        assert display_width(wide) <= width, wide

    def test_colour_only_when_asked(self, scan: Scan) -> None:
        plain, coloured = to_table(scan), to_table(scan, colour=True)
        assert "\x1b" not in plain
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
        assert "\x1b[" in coloured

    def test_long_lists_say_how_many_are_left_out(self, scan: Scan) -> None:
        many = tuple(dataclasses.replace(scan.findings[0], id=f"f_{n}") for n in range(75))
        big = dataclasses.replace(scan, findings=many)
        assert "and 25 more confirmed findings" in to_table(big)
        assert "more confirmed findings" not in to_table(big, limit=None)

    @given(st.text(max_size=80), st.integers(40, 140))
    @settings(max_examples=60)
    def test_hostile_text_neither_breaks_the_width_nor_hides(self, text: str, width: int) -> None:
        from .conftest import build_scan

        shown = to_table(with_text(build_scan(), text), width=width)
        assert all(display_width(line) <= width for line in shown.splitlines())
        assert HIDING.search(shown.replace("\n", "")) is None


class TestMarkdown:
    def test_snapshot(self, scan: Scan) -> None:
        golden("scan.md", to_markdown(scan))

    @given(st.text(alphabet="|<>[]()!`*_&\\\n\r a#x:/", max_size=60))
    @settings(max_examples=60)
    def test_text_makes_no_markup(self, text: str) -> None:
        from .conftest import build_scan

        shown = to_markdown(with_text(build_scan(), text))
        assert "<" not in shown
        row = next(line for line in shown.splitlines() if "made by" in line)
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 8


class _Page(html.parser.HTMLParser):
    """Collects what the page is made of."""

    void = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.void:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.unbalanced.append(tag)


def parse(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    return page


class TestHtml:
    def test_asks_for_nothing_from_outside(self, scan: Scan) -> None:
        text = to_html(scan)
        page = parse(text)
        assert not page.unbalanced and not page.stack
        names = [tag for tag, _ in page.tags]
        assert set(names).isdisjoint({"link", "img", "iframe", "object", "embed", "form", "base"})
        assert names.count("script") == 1
        for _, attributes in page.tags:
            assert not any(name.startswith("on") for name in attributes)
            assert (attributes.get("href") or "#").startswith("#")
            assert "style" not in attributes, "the policy forbids it"
        style = text[text.index("<style>") : text.index("</style>")]
        assert "url(" not in style and "@import" not in style

    @pytest.mark.parametrize("text", ["", HOSTILE])
    def test_policy_names_its_own_style_and_script_and_nothing_else(self, text: str) -> None:
        from .conftest import build_scan

        page = to_html(with_text(build_scan(), text))
        (policy,) = [
            a["content"] or "" for _, a in parse(page).tags if "Content-Security" in str(a.get("http-equiv"))
        ]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        for name in ("style", "script"):
            inside = page[page.index(f"<{name}>") + len(name) + 2 : page.index(f"</{name}>")]
            digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
            assert rules[f"{name}-src"] == f"'sha256-{digest}'"
        assert (
            rules["default-src"]
            == rules["form-action"]
            == rules["base-uri"]
            == rules["trusted-types"]
            == "'none'"
        )
        assert rules["require-trusted-types-for"] == "'script'"

    def test_every_row_shows_its_record_and_leads_to_its_page(self, scan: Scan) -> None:
        first = dataclasses.replace(
            scan.findings[0], record=(("note", ""), ("description", "Kamera DS-2CD2143G2-I, Flur <2>"))
        )
        text = to_html(dataclasses.replace(scan, findings=(first, *scan.findings[1:])))
        row = text[text.index('id="r-f_0001"') :]
        row = row[: row.index("</li>")]
        assert 'href="#f_0001"' in row and "Kamera <mark>DS-2CD2143G2-I</mark>, Flur &lt;2&gt;" in row
        page = text[text.index('<article class="finding confirmed" id="f_0001"') :]
        page = page[: page.index("</article>")]
        assert 'href="#r-f_0001"' in page and "<mark>DS-2CD2143G2-I</mark>" in page
        assert "model number of a Hikvision network camera" in page

    def test_choices_are_rules_of_style_that_hide_every_other_row(self, scan: Scan) -> None:
        findings = tuple(
            dataclasses.replace(scan.findings[0], id=f"f_{n}", details=Details(site=f"Site {n % 60:02d}"))
            for n in range(90)
        )
        text = to_html(dataclasses.replace(scan, findings=findings))
        options = re.search(r'<select id="by-site".*?</select>', text, re.S)
        assert options is not None
        named = re.findall(r'<option value="(\d+)">([^<(]+) \((\d+)\)', options[0])
        assert len(named) == 41 and named[-1][1] == "20 others"
        assert sum(int(number) for *_, number in named) == 90
        for value, _, number in named:
            assert text.count(f" site-{value} ") + text.count(f' site-{value}"') == int(number)
            assert (
                f'body:has(#by-site [value="{value}"]:checked) .rows>li:not(.site-{value}){{display:none}}'
                in text
            )

    def test_things_that_are_there_come_before_lines_of_vendors(self, scan: Scan) -> None:
        vendors = dataclasses.replace(
            scan.inputs[0], tables=(dataclasses.replace(scan.inputs[0].tables[0], kind="vendors"),)
        )
        line = dataclasses.replace(scan.findings[0], id="f_line", input=0)
        thing = dataclasses.replace(scan.findings[0], id="f_thing", input=1, locator=Locator(1, sheet="Main"))
        text = to_html(dataclasses.replace(scan, inputs=(vendors, scan.inputs[1]), findings=(line, thing)))
        assert text.index('id="r-f_thing"') < text.index('id="r-f_line"')

    def test_every_link_has_its_place_and_ids_are_unique(self, scan: Scan) -> None:
        page = parse(to_html(scan))
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        targets = {(a["href"] or "")[1:] for tag, a in page.tags if tag == "a"}
        labels = {one for _, a in page.tags for one in (a.get("aria-labelledby") or "").split()}
        assert targets <= set(ids)
        assert labels <= set(ids)

    def test_headings_come_in_order(self, scan: Scan) -> None:
        levels = [int(tag[1]) for tag, _ in parse(to_html(scan)).tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))

    def test_tables_and_charts_speak(self, scan: Scan) -> None:
        text = to_html(scan)
        assert text.count("<table>") == text.count("<caption>")
        assert text.count("<svg") == text.count("<title id=") == text.count("<desc id=") > 4
        page = parse(text)
        assert all(a.get("scope") in {"row", "col"} for tag, a in page.tags if tag == "th")
        assert ("html", {"lang": "en"}) in page.tags

    def test_says_what_was_not_checked_and_what_was_left_out(self, scan: Scan) -> None:
        assert "chart sheet &#x27;Chart1&#x27;" in to_html(scan)
        short = to_html(scan, max_findings=1)
        assert "Only 1 of 4 findings are written here" in short
        assert short.count('<article class="finding') == short.count('<li class="finding') == 1

    def test_without_findings_it_still_says_what_was_read(self, scan: Scan) -> None:
        text = to_html(dataclasses.replace(scan, findings=(), mentions=(), not_checked=()))
        assert "Nothing in them was recognised" in text
        assert "in/assets.csv" in text and 'id="not-checked"' in text

    @given(
        st.text(max_size=60) | st.sampled_from(["</style><script>", "\"'><svg onload=x>", "&#x202e;", "]]>"])
    )
    @settings(max_examples=60)
    def test_hostile_text_stays_text(self, text: str) -> None:
        from .conftest import build_scan

        page_text = to_html(with_text(build_scan(), text))
        page = parse(page_text)
        assert not page.unbalanced
        assert [tag for tag, _ in page.tags].count("script") == 1
        assert HIDING.search(page_text.replace("\n", "")) is None

    def test_contrast_of_text_is_enough(self) -> None:
        css = (HERE.parents[1] / "src/proscribe/reports/scan/report.css").read_text()
        schemes = re.findall(r":root\{(.*?)\}", css, flags=re.S)[:2]
        assert len(schemes) == 2
        for scheme in schemes:
            colour = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})", scheme))
            for ink, paper in [
                ("ink", "paper"), ("ink", "panel"), ("soft", "paper"), ("soft", "panel"), ("link", "paper"),
                ("link", "panel"), ("confirmed-ink", "confirmed"), ("probable-ink", "probable"),
                ("possible-ink", "possible"),
            ]:  # fmt: skip
                assert contrast(colour[ink], colour[paper]) >= 4.5, (ink, paper)
            for shape in ("for", "against", "total", "focus"):
                assert contrast(colour[shape], colour["paper"]) >= 3, shape


def contrast(one: str, other: str) -> float:
    """Compute the WCAG contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


class TestCharts:
    def test_bars_are_as_long_as_their_numbers(self) -> None:
        svg = stacked_bars(
            "x", "By firm", [Bar("A", (("confirmed", 3), ("possible", 1))), Bar("B", (("possible", 2),))]
        )
        widths = re.findall(r'width="([\d.]+)%" height="16" class="fill-(\w+)"', svg)
        assert widths == [("75.00", "confirmed"), ("25.00", "possible"), ("50.00", "possible")]
        assert "A: 3 confirmed, 1 possible; B: 2 possible" in svg

    def test_waterfall_counts_a_group_once(self, scan: Scan) -> None:
        first = scan.findings[0]
        twin = dataclasses.replace(first.evidence[0], weight_mbit=4000)
        one = dataclasses.replace(first, evidence=(*first.evidence, twin))
        text = to_html(dataclasses.replace(scan, findings=(one,)))
        assert "(+4.0)" in text and "count once, at their strongest" in text
        assert "not the plain sum" not in text

    @given(
        st.lists(st.tuples(st.integers(-20_000, 20_000), st.booleans()), max_size=8),
        st.integers(-30_000, 60_000),
        st.dictionaries(st.sampled_from(["possible", "probable", "confirmed"]), st.integers(0, 30_000)),
    )
    def test_waterfall_stays_in_its_frame(
        self, weights: list[tuple[int, bool]], total: int, thresholds: dict[str, int]
    ) -> None:
        svg = waterfall(
            "x", "sum", [Step("s", weight, counted) for weight, counted in weights], total, thresholds
        )
        for left, width in re.findall(r'<rect x="([\d.]+)%" y="\d+" width="([\d.]+)%"', svg):
            assert float(left) + float(width) <= 100.02
        assert svg.count("<rect") == 1 + sum(counted for _, counted in weights)


class TestSarif:
    def test_validates_against_the_oasis_schema(self, scan: Scan) -> None:
        jsonschema.Draft4Validator(SARIF_SCHEMA).validate(json.loads("".join(sarif_pieces(scan))))

    def test_carries_level_place_and_stable_fingerprint(self, scan: Scan) -> None:
        results = json.loads("".join(sarif_pieces(scan)))["runs"][0]["results"]
        assert [one["level"] for one in results] == ["error", "warning", "note", "error", "warning"]
        assert [one["partialFingerprints"]["proscribeFindingId/v1"] for one in results] == [
            one.id for one in scan.findings
        ]
        assert results[0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}
        sheet = results[4]["locations"][0]
        assert "region" not in sheet["physicalLocation"]
        assert sheet["logicalLocations"][0] == {"name": "Old 海康", "kind": "sheet"}
        assert [("suppressions" in one) for one in results] == [False, False, False, True, False]

    def test_rules_are_indexed_rightly(self, scan: Scan) -> None:
        run = json.loads("".join(sarif_pieces(scan)))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])

    @given(st.text(max_size=40))
    @settings(max_examples=25)
    def test_any_text_validates(self, text: str) -> None:
        from .conftest import build_scan

        value = json.loads("".join(sarif_pieces(with_text(build_scan(), text))))
        jsonschema.Draft4Validator(SARIF_SCHEMA).validate(value)
        uri = value["runs"][0]["artifacts"][0]["location"]["uri"]
        assert re.fullmatch(r"(?:file://)?[A-Za-z0-9._~/%-]+", uri), uri


class TestShownText:
    @given(st.text(), st.integers(1, 40))
    def test_fit_gives_exactly_the_width(self, text: str, width: int) -> None:
        assert display_width(fit(visible(text), width)) == width

    @given(st.text(), st.integers(2, 40))
    def test_wrap_loses_nothing_but_blanks(self, text: str, width: int) -> None:
        shown = visible(text)
        lines = wrap(shown, width)
        assert all(display_width(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(shown.split())

    def test_hidden_characters_show(self) -> None:
        assert visible("a\u202eb\u200bc\x1b") == "a\\u202eb\\u200bc\\u001b"
        assert visible("x" * 40, 4) == "xxxx… (+36 characters)"

    @pytest.mark.parametrize("left_out", range(60))
    def test_no_text_is_cut_to_say_that_it_was(self, left_out: int) -> None:
        text = "x" * (4 + left_out)
        shown = visible(text, 4)
        assert shown == text or (shown.startswith("xxxx… (+") and len(shown) < len(text))

    @pytest.mark.parametrize(
        ("weight", "shown"),
        [(9000, "+9.0"), (-1500, "−1.5"), (0, "+0.0"), (49, "+0.0"), (-49, "+0.0"), (950, "+1.0")],
    )
    def test_bits(self, weight: int, shown: str) -> None:
        assert bits(weight) == shown


class TestWriting:
    @pytest.mark.parametrize("fmt", ["table", "json", "jsonl", "html", "md", "sarif"])
    def test_file_and_stream_agree_and_repeat(self, scan: Scan, fmt: str, tmp_path: Path) -> None:
        out = io.BytesIO()
        write(scan, fmt, out)
        path = tmp_path / "answer"
        assert write(scan, fmt, path) == [path]
        assert path.read_bytes() == out.getvalue()
        assert [one.name for one in tmp_path.iterdir()] == ["answer"]

    def test_a_narrow_stream_gets_escapes(self, scan: Scan) -> None:
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding="ascii")
        write(scan, "table", stream)
        stream.flush()
        assert b"\\u6d77\\u5eb7" in raw.getvalue()

    def test_a_failed_write_leaves_the_old_file(self, scan: Scan, tmp_path: Path) -> None:
        path = tmp_path / "answer.json"
        path.write_text("old")
        broken = dataclasses.replace(scan, proscribe=1.5)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            write(broken, "json", path)
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_missing_folder_is_a_clear_error(self, scan: Scan, tmp_path: Path) -> None:
        with pytest.raises(EnvironmentProblem) as caught:
            write(scan, "json", tmp_path / "no" / "answer.json")
        assert caught.value.code == "E510"

    def test_an_input_is_never_replaced(self, scan: Scan, tmp_path: Path) -> None:
        path = tmp_path / "assets.csv"
        path.write_text("id\n1\n")
        with pytest.raises(UsageError) as caught:
            write(scan, "json", path, sources=[Source("in/assets.csv", path, 5)])
        assert caught.value.code == "E191"
        assert path.read_text() == "id\n1\n"

    def test_an_unknown_format_names_the_known_ones(self, scan: Scan) -> None:
        with pytest.raises(UsageError) as caught:
            write(scan, "pdf", io.StringIO())
        assert all(name in caught.value.expected for name in FORMATS)

    def test_counts_agree_everywhere(self, scan: Scan) -> None:
        counts = count(scan)
        assert counts.findings == 4
        assert counts.by_firm == {"dahua": 1, "hikvision": 2, "huawei": 1}
        assert counts.by_band[Band.PROBABLE.value] == 2
