"""XML read element by element: damage, entities, bounds, and nothing lost in silence."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.model.observations import ReadIssue
from proscribe.readers._xml import MAX_DEPTH, UNPARSED, Element, XmlElements, root_of
from proscribe.readers.base import Limits, Source
from proscribe.readers.issues import IssueLog
from proscribe.wording.errors import page


@pytest.fixture
def elements(tmp_path: Path) -> Any:
    def run(
        data: bytes | str, *wanted: str, limits: Limits | None = None, **more: Any
    ) -> tuple[list[Element], list[ReadIssue]]:
        path = tmp_path / "in.xml"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        issues: list[ReadIssue] = []
        log = IssueLog(issues)
        source = Source("in.xml", path, path.stat().st_size)
        found: list[Any] = list(XmlElements(source, wanted or ("host",), log, limits or Limits(), **more))
        assert all(page(issue.code) for issue in issues)
        return found, issues

    return run


def test_elements_have_place_text_and_children(elements: Any) -> None:
    found, issues = elements(
        '\n\n<?xml version="1.0"?>\n<!DOCTYPE scan>\n<scan>\n<host n="1"><x:name>A &amp; B</x:name><name>C</name></host>\n'
        "<other/><host><![CDATA[<raw>]]></host></scan>\n"
    )
    assert not issues
    assert [(item.path, item.line, item.complete) for item in found] == [
        ("/scan/host[1]", 6, True),
        ("/scan/host[2]", 7, True),
    ]
    assert found[0].get("n") == "1" and found[0].get("absent", "-") == "-"
    assert [item.text for item in found[0].all("name")] == ["A & B", "C"]
    assert found[0].text_of("name") == "A & B" and found[0].child("none") is None
    assert found[1].text == "<raw>" and found[1].children == []


def test_leaves_do_not_share_children(elements: Any) -> None:
    found, _ = elements("<r><host/><host><a/></host><host/></r>")
    assert [len(item.children) for item in found] == [0, 1, 0]
    assert [item.tag for item in found[1].walk()] == ["a"]


def test_nested_elements_come_inner_first_and_name_what_holds_them(elements: Any) -> None:
    found, issues = elements(
        '<bom><cs><c n="1"><x/><cs><c n="2"/><c n="3"><cs><c n="4"/></cs></c></cs></c><c n="5"/></cs></bom>',
        "c",
        nested=True,
    )
    assert not issues
    assert [(item.get("n"), item.number, item.parent) for item in found] == [
        ("2", 2, 1),
        ("4", 4, 3),
        ("3", 3, 1),
        ("1", 1, 0),
        ("5", 5, 0),
    ]
    assert found[1].path == "/bom/cs[1]/c[1]/cs/c[2]/cs/c[1]"
    assert [item.tag for item in found[3].children] == ["x", "cs"], "delivered elements are no children"


@pytest.mark.parametrize(
    ("cut", "tags", "kept"),
    [
        ('<r><host a="1"/><host a="2"><n>some te', ["host", "host"], "some te"),
        ('<r><host a="1"/><host a="2"><n v="28:57:BE:00:00', ["host", "host", UNPARSED], ""),
    ],
)
def test_a_cut_file_gives_all_before_the_cut(elements: Any, cut: str, tags: list[str], kept: str) -> None:
    found, issues = elements(cut)
    assert [item.tag for item in found] == tags
    assert [item.complete for item in found[:2]] == [True, False]
    assert found[1].text_of("n") == kept
    assert [(issue.code, issue.lossy) for issue in issues] == [("E109", True)]
    assert "line 1, byte" in issues[0].at
    if UNPARSED in tags:
        assert "28:57:BE" in found[-1].text, "the piece of a tag is kept as text"


def test_damage_is_passed_over_and_its_text_kept(elements: Any) -> None:
    found, issues = elements('<r><host a="1"/>\n<host a="2"><n v=oops/>Hikvision</host>\n<host a="3"/></r>')
    assert [(item.tag, item.get("a")) for item in found] == [
        ("host", "1"),
        ("host", "2"),
        (UNPARSED, ""),
        ("host", "3"),
    ]
    assert "Hikvision" in found[2].text and found[3].path == "/r/host[3]" and found[3].line == 3
    assert [(issue.code, issue.lossy) for issue in issues] == [("E160", True)]
    assert issues[0].at.startswith("line 2, byte ")


def test_documents_one_after_the_other(elements: Any) -> None:
    found, issues = elements('<r><host/></r>\n<?xml version="1.0"?>\n<r><host/></r><r><host/></r>\n')
    assert [(item.path, item.line) for item in found] == [
        ("/r/host[1]", 1),
        ("/r[2]/host[1]", 3),
        ("/r[3]/host[1]", 3),
    ]
    assert {(issue.code, issue.lossy) for issue in issues} == {("E160", False)}


def test_a_document_that_broke_off_before_the_next(elements: Any) -> None:
    found, issues = elements('<r><host><a/>\n<?xml version="1.0"?><r><host/></r>')
    assert [(item.path, item.complete) for item in found] == [("/r/host[1]", False), ("/r[2]/host[1]", True)]
    assert issues[0].lossy


def test_entities_are_neither_expanded_nor_fetched(elements: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for declared in (
        f'<!ENTITY l0 "lol">{levels}',
        f'<!ENTITY l11 SYSTEM "file://{secret}">',
        f'<!ENTITY % p SYSTEM "file://{secret}">%p;<!ENTITY l11 "x">',
    ):
        found, issues = elements(f"<!DOCTYPE r [{declared}]><r><host><a>x&l11;</a></host><host b='1'/></r>")
        texts = "".join(item.text for host in found for item in (host, *host.walk()))
        assert "SECRET" not in texts and "lollol" not in texts and len(texts) < 20_000
        assert issues[0].code == "E161" and issues[0].lossy
        assert found[-1].get("b") == "1", "what uses no entity is read"


def test_an_undefined_entity_of_an_outer_document_type_is_named(elements: Any) -> None:
    found, issues = elements('<!DOCTYPE r SYSTEM "http://example.net/x.dtd"><r><host>a&other;b</host></r>')
    assert found[0].text == "a&other;b" and issues[0].code == "E161"


def test_depth_is_bounded(elements: Any) -> None:
    deep = MAX_DEPTH * 3
    found, issues = elements(f"<r><host>{'<d>' * deep}{'</d>' * deep}</host><host ok='1'/></r>")
    assert found[-1].get("ok") == "1" and not found[0].complete
    assert issues[0].code == "E162"
    _, issues = elements("<d>" * 5_000)
    assert issues[0].code == "E162"


def test_text_is_bounded(elements: Any) -> None:
    found, issues = elements(f"<r><host>{'Zte ' * 1000}</host></r>", limits=Limits(max_field_bytes=100))
    assert len(found[0].text) == 100 and issues[0].code == "E125"


def test_a_huge_tag_is_bounded(elements: Any) -> None:
    data = b"<r><host a='1'/><host x='" + b"y" * 9_000_000 + b"'/></r>"
    tracemalloc.start()
    found, issues = elements(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[0].get("a") == "1" and issues[0].code == "E162"
    assert peak < 60_000_000


def test_memory_does_not_grow_with_the_file(elements: Any) -> None:
    data = b"<r>" + b"<host><a b='c'/><a b='c'/><a b='c'/></host>" * 60_000 + b"</r>"
    path_free = 0
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    issues: list[ReadIssue] = []
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        tracemalloc.reset_peak()
        source = Source("x", Path(file.name), len(data))
        for _ in XmlElements(source, ("host",), IssueLog(issues), Limits()):
            path_free += 1
        peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert path_free == 60_000 and not issues
    assert peak < 30_000_000, "blocks of 4 MiB and the elements of 64 KiB"


@pytest.mark.parametrize(
    "data",
    [
        b"<host " * 200_000,
        b"<r>" + b"<host></hos>" * 30_000,
        b"<r>" + b"".join(b"<a%d/>" % n for n in range(80_000)),
        b"<r><host " + b"".join(b"a%d='' " % n for n in range(60_000)) + b"/><a b",
        b"<!--" + b"-" * 500_000,
        b"\0" * 100_000 + b"<r/>",
        b"<r><![CDATA[" + b"]" * 300_000,
    ],
)
def test_hostile_files_end_soon(elements: Any, data: bytes) -> None:
    started = time.perf_counter()
    _, issues = elements(data)
    assert issues and len(issues) < 80
    assert time.perf_counter() - started < 60


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gb2312", "big5", "iso-8859-1", "utf-8-sig"])
def test_encodings(elements: Any, encoding: str) -> None:
    name = "海康" if encoding not in ("iso-8859-1",) else "Büro"
    declared = encoding.removesuffix("-sig").removesuffix("-le")
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<r><host>{name}</host></r>'
    found, issues = elements(text.encode(encoding))
    assert found[0].text == name and not [issue for issue in issues if issue.lossy]


def test_bytes_of_another_encoding_and_control_characters_are_said(elements: Any) -> None:
    found, issues = elements(b"<r><host>a\x01b\xff</host>\n<host>c</host></r>")
    assert found[0].text == "a b\xff" and found[1].text == "c"
    assert {issue.code for issue in issues} == {"E118", "E160"}


def test_the_root_is_told_from_the_first_bytes() -> None:
    assert root_of(b"<?xml version='1.0'?><!DOCTYPE a><!-- b --><x:a k='v'><b>").get("k") == "v"  # type: ignore[union-attr]
    assert root_of("<a/>".encode("utf-16")).tag == "a"  # type: ignore[union-attr]
    for data in (b"", b"plain", b"\x00\x01\x02" * 50, b"<", b"<<<", b"{}"):
        assert root_of(data) is None


_PIECES = st.sampled_from(
    [b"<r>", b"</r>", b"<host>", b"</host>", b"<host/>", b"<a b='c'>", b"</a>", b"&amp;", b"&x;", b"&#0;", b"<!--", b"-->",
     b"<![CDATA[", b"]]>", b"<?xml version='1.0'?>", b"<!DOCTYPE r [", b"<!ENTITY x 'y'>", b"]>", b"text", b"\xff", b"\0", b"<", b">"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(_PIECES, max_size=40), st.booleans())
def test_any_pile_of_markup_is_read_to_the_end(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], nested: bool
) -> None:
    path = tmp_path_factory.mktemp("x") / "in.xml"
    path.write_bytes(b"".join(pieces))
    issues: list[ReadIssue] = []
    reader = XmlElements(
        Source("x", path, path.stat().st_size), ("host", "a"), IssueLog(issues), Limits(), nested=nested
    )
    found = list(reader)
    assert len(found) <= 2 * len(pieces) + 2
    assert reader.read_bytes == path.stat().st_size


@pytest.mark.parametrize("name", ["utf-7", "UTF7", "u7", "raw_unicode_escape", "unicode-escape"])
def test_an_encoding_made_of_escapes_hides_no_name_and_crashes_nothing(elements: Any, name: str) -> None:
    """No XML is written so; Python knows these codecs, and one of them makes halves of characters."""
    found, _ = elements(
        f'<?xml version="1.0" encoding="{name}"?><r><host n="+2i0-+AEg-">Hikvision \\ud800</host></r>'
    )
    assert found[0].get("n") == "+2i0-+AEg-"


@pytest.mark.parametrize("size", [70_000, 65_536, 131_072, 131_073])
def test_a_text_that_is_cut_is_said_to_be_cut_whatever_its_size(elements: Any, size: int) -> None:
    """The parser hands text over in pieces of 64 KiB; a bound that they fill exactly must not hide what follows."""
    found, issues = elements(
        f"<r><host>{'A' * size}Hikvision</host><host>ok</host></r>", limits=Limits(max_field_bytes=65_536)
    )
    assert [len(item.text) for item in found] == [65_536, 2]
    assert [issue.code for issue in issues] == ["E125"]
