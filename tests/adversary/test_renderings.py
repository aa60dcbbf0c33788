"""What is signed is what is shown: an insider with the signer's key puts another PDF, DOCX or Markdown beside the data."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import signed_documents
from click.testing import CliRunner
from signed_documents import World

from proscribe.app.keys.signing import DOCUMENT_NAME, bundle_of
from proscribe.app.papers import renderings
from proscribe.app.proofs.verifying import verify
from proscribe.attestations import Verdict, unpack
from proscribe.cli.main import cli
from proscribe.documents import paper_from_json, render
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import ProscribeError

Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = signed_documents.begun(tmp_path_factory.mktemp("world"), ("pdf", "docx", "md"))
    made.sign()
    return made


def resigned(world: World, files: dict[str, bytes], *, told: dict[str, str] | None = None) -> Verdict:
    """Sign other files with the signer's own key, as an insider can, and verify as a stranger does."""
    data = json.loads(files[DOCUMENT_NAME])
    said = unpack((world.folder / "signed.zip").read_bytes())
    assert DOCUMENT_NAME in said.files
    made = bundle_of(
        data, files, world.key("A. Osei"), signed_by="A. Osei", signed_at="2026-11-25T15:00:00+00:00",
        rendered_with=renderings.writers() if told is None else told,
    )  # fmt: skip
    return verify(made, keys=[world.public("A. Osei")])


def held(world: World) -> dict[str, bytes]:
    return dict(unpack((world.folder / "signed.zip").read_bytes()).files)


def of(files: dict[str, bytes], suffix: str) -> str:
    return next(name for name in files if name.endswith(suffix))


def failed(verdict: Verdict) -> str:
    return " ".join(one.says for one in verdict.checks if one.result == "failed")


def test_the_renderings_of_a_signed_document_are_written_again_byte_for_byte(world: World) -> None:
    verdict = verify(world.folder / "signed.zip", keys=[world.public("A. Osei")])
    assert verdict.answer == "valid"
    same = [one.says for one in verdict.checks if one.name == "rendering"]
    assert len(same) == 3 and all("byte for byte" in says for says in same)
    assert verdict.predicate["standsIn"]["document"] == "C-0001/DOC1"
    assert verdict.predicate["signedWith"] == world.key("A. Osei").key_id


def word_edited(content: bytes) -> bytes:
    """Change words in a Word file and leave everything else as it was."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info).replace(b"Harbour Systems LLC", b"Harbour Systems Inc"))
    return out.getvalue()


def of_other_data(world: World, format_: str) -> bytes:
    """Write the rendering of a document that says something else."""
    data = json.loads(held(world)[DOCUMENT_NAME])
    data["organisation"]["name"] = "Elsewhere Inc"
    return render(paper_from_json(data), format_)


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".md"])
def test_the_rendering_of_something_else_is_named(world: World, suffix: str) -> None:
    files = held(world)
    name = of(files, suffix)
    verdict = resigned(world, {**files, name: of_other_data(world, suffix[1:])})
    assert verdict.answer == "invalid"
    assert f"{name} is not what the document's data shows" in failed(verdict) and "Elsewhere" in failed(
        verdict
    )


@pytest.mark.parametrize(
    ("suffix", "change"),
    [
        (".docx", word_edited),
        (".md", lambda text: text.replace(b"does not", b"does", 1)),
        (".md", lambda text: text + b"\n"),
        (".pdf", lambda data: data + b"\n% appended"),
        (".pdf", lambda data: b"%PDF-1.7 pages"),
        (".docx", lambda data: b"no Word file"),
    ],
)  # fmt: skip
def test_a_doctored_rendering_is_named(world: World, suffix: str, change: Change) -> None:
    files = held(world)
    name = of(files, suffix)
    changed = change(files[name])
    assert changed != files[name]
    verdict = resigned(world, {**files, name: changed})
    assert verdict.answer == "invalid" and name in failed(verdict)


def test_renderings_swapped_between_two_names(world: World) -> None:
    files = held(world)
    pdf, word = of(files, ".pdf"), of(files, ".docx")
    verdict = resigned(world, {**files, pdf: files[word], word: files[pdf]})
    assert verdict.answer == "invalid" and pdf in failed(verdict) and word in failed(verdict)


def test_a_file_that_is_no_rendering(world: World) -> None:
    files = held(world)
    verdict = resigned(world, {**files, "appendix.pdf": b"%PDF-1.7 something else"})
    assert verdict.answer == "invalid" and "appendix.pdf is no rendering of the document" in failed(verdict)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data | {"body": {}}, "no document as this program makes it"),
        (lambda data: {"schema": data["schema"], "type": data["type"], "state": "ready"}, "no document"),
        (
            lambda data: data
            | {
                "obstacles": [
                    {
                        "id": "not-searched/1", "code": "not-searched", "what": "x", "evidence": [], "lift": "y", "questions": ["use"],
                        "overridable": True,
                    }
                ]
            },
            "stands against it",
        ),
    ],
)  # fmt: skip
def test_data_that_no_program_of_ours_makes(world: World, change: Callable[[dict], dict], says: str) -> None:
    files = held(world)
    data = change(json.loads(files[DOCUMENT_NAME]))
    made = canonical_json(data).encode()
    try:
        verdict = resigned(world, {DOCUMENT_NAME: made})
    except ProscribeError as problem:
        assert problem.code == "E488"
    else:
        assert verdict.answer == "invalid" and says in failed(verdict)


def test_a_name_that_stands_twice_in_the_data(world: World) -> None:
    files = held(world)
    twice = files[DOCUMENT_NAME][:-1] + b',"title":"Something else"}'
    verdict = resigned(world, {**files, DOCUMENT_NAME: twice})
    assert verdict.answer == "invalid" and "not written as this program writes it" in failed(verdict)


# Another version


def older(world: World) -> dict[str, bytes]:
    """Give files as an older version of the program would have left them: other bytes, the same words."""
    files = held(world)
    data = json.loads(files[DOCUMENT_NAME]) | {"proscribe": "0.0.9"}
    paper = paper_from_json(data)
    return {
        DOCUMENT_NAME: canonical_json(data).encode(),
        f"{paper.id}.md": render(paper, "md").replace(b"\n\n", b"\n\n\n"),
        f"{paper.id}.docx": repacked(render(paper, "docx")),
        f"{paper.id}.pdf": render(paper, "pdf") + b"\n% written otherwise",
    }


def repacked(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    return out.getvalue()


def test_another_version_is_no_forgery_and_its_words_are_compared(world: World) -> None:
    verdict = resigned(world, older(world), told={"typst": "0.14.0", "python-docx": "1.1.0"})
    assert verdict.answer == "valid"
    said = [one.says for one in verdict.checks if one.name == "rendering"]
    assert len(said) == 3 and all("another version" in says and "words compared" in says for says in said)


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".md"])
def test_other_words_under_another_version_are_named_and_not_valid(world: World, suffix: str) -> None:
    files = older(world)
    name = of(files, suffix)
    data = json.loads(files[DOCUMENT_NAME])
    data["organisation"]["name"] = "Elsewhere Inc"
    verdict = resigned(world, {**files, name: render(paper_from_json(data), suffix[1:])})
    assert verdict.answer == "other_version"
    (says,) = [one.says for one in verdict.checks if one.result == "not_checked" and one.name == "rendering"]
    assert name in says and "Elsewhere" in says and "forged" not in says


def test_the_command_ends_with_1_and_says_which(world: World, tmp_path: Path) -> None:
    files = held(world)
    name = of(files, ".md")
    files[name] = files[name].replace(b"does not", b"does", 1)
    data = json.loads(files[DOCUMENT_NAME])
    made = bundle_of(
        data, files, world.key("A. Osei"), signed_by="A. Osei", signed_at="2026-11-25T15:00:00+00:00",
        rendered_with=renderings.writers(),
    )  # fmt: skip
    (tmp_path / "b.zip").write_bytes(made)
    done = CliRunner().invoke(cli, ["verify", str(tmp_path / "b.zip"), "--key", str(world.public("A. Osei"))])
    assert done.exit_code == 1 and done.output.startswith("NOT VALID") and name in done.output


def test_a_rendering_that_was_changed_in_the_store_is_not_signed(tmp_path: Path) -> None:
    from proscribe.app.papers.document_keeping import _shown

    world = signed_documents.begun(tmp_path, ("md",))
    with world.cases() as cases:
        stored = cases.case("C-0001").documents[0]
        data = json.loads(cases.store.blob(stored.sha256))
        with pytest.raises(ProscribeError) as caught:
            _shown("C-0001/DOC1", data, {stored.files[0].name: b"# something else\n"})
    assert caught.value.code == "E488"


def test_a_statement_that_does_not_say_what_wrote_its_renderings(world: World) -> None:
    """Whoever leaves that out has the words compared: other ones are named, and the bundle is not valid."""
    files = held(world)
    name = of(files, ".md")
    changed = {**files, name: files[name].replace(b"does not", b"does", 1)}
    verdict = resigned(world, changed, told={})
    assert verdict.answer == "other_version"
    assert any(name in one.says and "where the data says" in one.says for one in verdict.checks)


def test_templates_that_changed_within_one_version_are_another_version(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderings, "_layout", lambda: "0" * 16)
    verdict = verify(world.folder / "signed.zip", keys=[world.public("A. Osei")])
    assert verdict.answer == "valid", "the bytes are the same all the same"
    files = held(world)
    name = of(files, ".md")
    files[name] = files[name].replace(b"\n\n", b"\n\n\n")
    told = {**renderings.writers(), "layout": "1" * 16}
    assert resigned(world, files, told=told).answer == "valid"
