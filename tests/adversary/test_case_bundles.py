"""Attack 4, and bundles of cases: whoever knows the format rewrites a bundle, every digest and count in order, and is seen."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import signed_documents
import tampered
from click.testing import CliRunner
from signed_documents import AT, World

from proscribe.app.case.cases import Cases, kept_head, open_cases, verify_bundle
from proscribe.app.keys.people import NewPerson, enrol, revoke
from proscribe.app.proofs.case_bundles import Trust
from proscribe.casework import backup, sealed
from proscribe.casework.events import digest_of, of_row, row_of
from proscribe.casework.stored_events import named_blobs
from proscribe.cli.main import cli
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import Event, EventKind, Verdict
from proscribe.model.errors import ProscribeError

UNSIGNED = Trust(unsigned=True)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A store whose case holds a signed document, a dirty scan and judgements; with its bundle."""
    made = signed_documents.begun(tmp_path_factory.mktemp("world"), ("md", "docx"))
    made.sign()
    content = signed_documents.scanned(made.folder, "more.csv", signed_documents.DIRTY)
    with made.cases() as cases:
        cases.attach("C-0001", content, "more.json", by="Sam Lind", version=cases.version("C-0001"))
        (finding,) = cases.case("C-0001").case.finding_ids
        for by in ("Sam Lind", "Kim Berg"):
            cases.store.hand = made.key(by)
            cases.judge("C-0001", finding, Verdict.DIFFERENT, by=by, reason="it is a dummy")
        cases.store.hand = None
        cases.export("C-0001", made.folder / "case.zip")
    return made


Members = dict[str, bytes]


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(target: Path, held: Members, about: dict[str, Any]) -> Path:
    """Write a bundle as the program does, with a manifest that names each member as it is."""
    listed = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            if name != "manifest.json":
                listed[name] = sealed.put(archive, name, (content,))
        manifest = {**about, "members": listed}
        sealed.put(archive, "manifest.json", ((canonical_json(manifest) + "\n").encode(),))
    return target


def events_of(held: Members, member: str = "events.jsonl") -> list[Event]:
    return [of_row(json.loads(line)) for line in held[member].splitlines()]


def lines(events: list[Event]) -> bytes:
    return b"".join((canonical_json(row_of(one)) + "\n").encode() for one in events)


def forged(
    world: World,
    tmp_path: Path,
    change: Callable[[Event, Members], Event | None] = lambda event, held: event,
    *,
    more: Callable[[Members], None] = lambda held: None,
) -> list[str]:
    """Change events of a bundle, and write chain, head, case and manifest anew around them; give what is said against it.

    Other cases' events stand in the chain by their digests alone, so every event after a change is chained anew.
    """
    held = members(world.folder / "case.zip")
    about = {key: value for key, value in json.loads(held["manifest.json"]).items() if key != "members"}
    known = {
        one.seq: (member, one)
        for member in ("events.jsonl", "store.jsonl")
        for one in events_of(held, member)
    }
    digests = held["chain.txt"].decode().split()
    made: dict[str, list[Event]] = {"events.jsonl": [], "store.jsonl": []}
    before = "0" * 64
    new: list[str] = []
    for seq, digest in enumerate(digests, 1):
        if seq in known:
            member, event = known[seq]
            changed = change(event, held)
            if changed is not None:
                changed = replace(changed, seq=seq, prev_digest=new[-1] if new else changed.prev_digest)
                changed = replace(changed, digest=digest_of(changed))
                made[member].append(changed)
                digest = changed.digest
        new.append(digest)
        before = digest
    for member, events in made.items():
        held[member] = lines([replace(one, case_seq=one.case_seq) for one in events])
    held["chain.txt"] = "".join(f"{one}\n" for one in new).encode()
    about["head"] = {**about["head"], "digest": before}
    more(held)
    named = {sha for one in made["events.jsonl"] for sha in named_blobs(one)}
    for name in [name for name in held if name.startswith("blobs/") and name[6:] not in named]:
        del held[name]
    held["case.json"] = case_json(made["events.jsonl"], held)
    return said(packed(tmp_path / "forged.zip", held, about))


def case_json(events: list[Event], held: Members) -> bytes:
    file = backup._told(events, lambda sha256: held[f"blobs/{sha256}"])
    assert file is not None
    return (canonical_json(file.to_json()) + "\n").encode()


def said(path: Path) -> list[str]:
    try:
        return [one.what for one in verify_bundle(path, UNSIGNED).faults]
    except ProscribeError as problem:
        return [problem.what]


def put(held: Members, content: bytes) -> str:
    """Keep content in a bundle; gives its digest."""
    sha256 = hashlib.sha256(content).hexdigest()
    held[f"blobs/{sha256}"] = content
    return sha256


def edited(event: Event, **changes: Any) -> Event:
    return replace(event, payload=canonical_json({**event.data, **changes}))


def test_the_bundle_as_it_was_written_is_sound_and_says_who_signed(world: World) -> None:
    found = verify_bundle(world.folder / "case.zip", UNSIGNED)
    assert found.faults == () and found.notes == ()
    proved = {(one.by, one.what.split(":")[0].split(" f_")[0]) for one in found.acts if one.proof == "proved"}
    assert {
        ("A. Osei", "document signed"),
        ("Kim Berg", "document approved"),
        ("Sam Lind", "judged"),
    } <= proved


def test_what_the_forger_does_is_a_bundle_without_a_change(world: World, tmp_path: Path) -> None:
    assert forged(world, tmp_path) == []


def of_kind(kind: EventKind, make: Callable[[Event, Members], Event | None]) -> Callable[..., Event | None]:
    return lambda event, held: make(event, held) if event.kind is kind else event


def document_changed(change: Callable[[dict[str, Any]], None]) -> Callable[[Event, Members], Event]:
    """Change the data of the document, and everything of the event that follows from it."""

    def make(event: Event, held: Members) -> Event:
        document = event.data["document"]
        data = json.loads(held[f"blobs/{document['sha256']}"])
        change(data)
        return edited(event, document={**document, "sha256": put(held, canonical_json(data).encode())})

    return make


def rendering_changed(change: Callable[[bytes], bytes]) -> Callable[[Event, Members], Event]:
    def make(event: Event, held: Members) -> Event:
        document = event.data["document"]
        files = []
        for one in document["files"]:
            content = change(held[f"blobs/{one['sha256']}"]) if one["name"].endswith(".md") else None
            told = {} if content is None else {"sha256": put(held, content), "size": len(content)}
            files.append({**one, **told})
        return edited(event, document={**document, "files": files})

    return make


def scan_changed(event: Event, held: Members) -> Event:
    """Take a finding out of a scan by hand."""
    run = event.data["run"]
    value = json.loads(held[f"blobs/{run['scan_sha256']}"])
    value["findings"] = []
    sha256 = put(held, canonical_json(value).encode())
    return edited(event, run={**run, "scan_sha256": sha256, "id": f"r_{sha256[:12]}"})


K = EventKind


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            of_kind(K.DOCUMENT_STORED, document_changed(lambda data: data.update(title="Something else"))),
            "signature is not over document.json",
        ),
        (
            of_kind(
                K.DOCUMENT_STORED,
                document_changed(lambda data: data["store"].update(head="f" * 64)),
            ),
            "prints the head of a chain",
        ),
        (of_kind(K.DOCUMENT_STORED, document_changed(lambda data: data.update(body={}))), "no document as this program"),
        (of_kind(K.DOCUMENT_STORED, rendering_changed(lambda text: text.replace(b"does not", b"does", 1))), "says '"),
        (of_kind(K.DOCUMENT_STORED, lambda event, held: replace(event, by="Eve Stone")), "Eve Stone"),
        (of_kind(K.DOCUMENT_APPROVED, lambda event, held: replace(event, by="Lee Okafor")), "names Lee Okafor"),
        (
            of_kind(K.DOCUMENT_APPROVED, lambda event, held: edited(event, signed={})),
            "the roster does not know",
        ),
        (
            of_kind(
                K.DOCUMENT_SIGNED,
                lambda event, held: edited(event, envelope_sha256=put(held, b"{}")),
            ),
            "signature cannot be read",
        ),
        (of_kind(K.DOCUMENT_SIGNED, lambda event, held: replace(event, by="Lee Okafor")), "Lee Okafor"),
        (of_kind(K.RUN_ATTACHED, scan_changed), "is none"),
        (
            of_kind(
                K.RUN_ATTACHED,
                lambda event, held: edited(event, run={**event.data["run"], "as_of": "2030-01-01"}),
            ),
            "what that does not say: as_of",
        ),
        (of_kind(K.JUDGED, lambda event, held: edited(event, verdict="same")), "not one of"),
        (of_kind(K.JUDGED, lambda event, held: edited(event, finding_id="f_other")), "which no scan of the case found"),
        (of_kind(K.ROSTER_AGREED, lambda event, held: edited(event, digest="0" * 64)), "changes nothing of the roster"),
        (of_kind(K.ROSTER_PROPOSED, lambda event, held: edited(event, change={"enrol": [], "revoke": []})), "roster"),
    ],
)  # fmt: skip
def test_a_bundle_written_anew_around_a_change(
    world: World, tmp_path: Path, change: Callable[[Event, Members], Event | None], says: str
) -> None:
    told = forged(world, tmp_path, change)
    assert any(says in one for one in told), told


@pytest.mark.parametrize(("by", "sound"), [("Sam Lind", True), ("Lee Okafor", False), ("Kim Berg", False)])
def test_what_was_judged_is_taken_back_in_a_bundle_by_whoever_judged(
    tmp_path: Path, by: str, sound: bool
) -> None:
    world = signed_documents.begun(tmp_path, ("md",))
    content = signed_documents.scanned(tmp_path, "more.csv", signed_documents.DIRTY)
    with world.cases() as cases:
        cases.attach("C-0001", content, "more.json", by="Sam Lind", version=cases.version("C-0001"))
        (finding,) = cases.case("C-0001").case.finding_ids
        cases.judge("C-0001", finding, Verdict.SAME, by="Sam Lind", reason="the plate was read")
        cases.take_back("C-0001", finding, by="Sam Lind")
        cases.export("C-0001", tmp_path / "case.zip")
    (tmp_path / "f").mkdir()
    told = forged(world, tmp_path / "f", of_kind(K.TAKEN_BACK, lambda event, held: replace(event, by=by)))
    assert told == [] if sound else any(f"by {by}, takes back what Sam Lind judged" in one for one in told), (
        told
    )
    with open_cases(tmp_path / "t.db", create=True, now=lambda: AT) as theirs:
        if sound:
            assert theirs.import_case(tmp_path / "f/forged.zip", UNSIGNED, by="R. Ito").case.id == "C-0001"
        else:
            with pytest.raises(ProscribeError, match="takes back what Sam Lind judged"):
                theirs.import_case(tmp_path / "f/forged.zip", UNSIGNED, by="R. Ito")


def test_a_roster_of_another_store(world: World, tmp_path: Path) -> None:
    """The same people with keys of the forger's own, put in place of the roster of the bundle."""
    other = tmp_path / "other"
    other.mkdir()
    theirs = signed_documents.begun(other, ("md",))
    with theirs.cases() as cases:
        cases.export("C-0001", other / "case.zip")
    foreign = members(other / "case.zip")["store.jsonl"]

    def swap(held: Members) -> None:
        held["store.jsonl"] = foreign

    told = forged(world, tmp_path, more=swap)
    assert any("is not in the chain" in one for one in told), told


def test_the_bundle_of_another_store_under_the_name_of_ours(world: World, tmp_path: Path) -> None:
    held = members(world.folder / "case.zip")
    about = {key: value for key, value in json.loads(held["manifest.json"]).items() if key != "members"}
    about["store_id"] = about["head"]["store_id"] = "0" * 32
    told = said(packed(tmp_path / "b.zip", held, about))
    assert any("not one of" in one or "of store" in one or "changes nothing" in one for one in told), told


def test_a_roster_that_was_taken_out(world: World, tmp_path: Path) -> None:
    held = members(world.folder / "case.zip")
    about = {key: value for key, value in json.loads(held["manifest.json"]).items() if key != "members"}
    del held["store.jsonl"]
    assert any("no roster is in the bundle" in one for one in said(packed(tmp_path / "b.zip", held, about)))


@pytest.mark.parametrize("name", ["notes.txt", "blobs/readme", "extra.jsonl"])
def test_a_member_that_does_not_belong(world: World, tmp_path: Path, name: str) -> None:
    held = members(world.folder / "case.zip")
    about = {key: value for key, value in json.loads(held["manifest.json"]).items() if key != "members"}
    told = said(packed(tmp_path / "b.zip", {**held, name: b"trust me"}, about))
    assert any(name in one or "added" in one for one in told), told


@pytest.mark.parametrize("name", ["chain.txt", "case.json", "events.jsonl"])
def test_a_member_that_is_missing(world: World, tmp_path: Path, name: str) -> None:
    held = members(world.folder / "case.zip")
    about = {key: value for key, value in json.loads(held["manifest.json"]).items() if key != "members"}
    told = said(packed(tmp_path / "b.zip", {key: value for key, value in held.items() if key != name}, about))
    assert any(name in one for one in told), told


def test_a_member_that_stands_twice_a_comment_and_padding(world: World, tmp_path: Path) -> None:
    content = (world.folder / "case.zip").read_bytes()
    (tmp_path / "padded.zip").write_bytes(content + b"\0" * 10)
    assert said(tmp_path / "padded.zip")
    (tmp_path / "twice.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "twice.zip", "a") as archive, pytest.warns(UserWarning):
        archive.writestr("case.json", b"{}")
    assert any("share a name" in one for one in said(tmp_path / "twice.zip"))
    (tmp_path / "comment.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "comment.zip", "a") as archive:
        archive.comment = b"trust me"
    assert said(tmp_path / "comment.zip")


def test_a_chain_that_was_cut_against_a_head_that_was_kept(world: World, tmp_path: Path) -> None:
    kept = tmp_path / "head.json"
    with world.cases() as cases:
        kept.write_text(json.dumps(cases.store.head().to_json()))
    head = kept_head(kept, UNSIGNED)
    assert verify_bundle(world.folder / "case.zip", UNSIGNED, head).faults == ()
    held = members(world.folder / "case.zip")
    about = {key: value for key, value in json.loads(held["manifest.json"]).items() if key != "members"}
    digests = held["chain.txt"].decode().split()
    events = events_of(held)[:-2]
    last = events[-1].seq
    held |= {
        "events.jsonl": lines(events), "chain.txt": "".join(f"{one}\n" for one in digests[:last]).encode(),
        "case.json": case_json(events, held),
    }  # fmt: skip
    about["head"] |= {"seq": last, "digest": digests[last - 1]}
    cut = packed(tmp_path / "cut.zip", held, about)
    assert verify_bundle(cut, UNSIGNED).faults == (), "a cut end shows against a kept head alone"
    (fault,) = verify_bundle(cut, UNSIGNED, head).faults
    assert f"the chain ends at event {last}" in fault.what


def test_a_key_that_was_revoked_before_the_signature(tmp_path: Path) -> None:
    """The forger signs with a key that counts no longer, and writes the event into the bundle as if the store had taken it."""
    (tmp_path / "w").mkdir()
    world = signed_documents.begun(tmp_path / "w", ("md",))
    world.sign()
    with world.cases() as cases:
        cases.export("C-0001", world.folder / "case.zip")
    (tmp_path / "f").mkdir()

    def earlier(event: Event, held: Members) -> Event:
        """Let the roster say that the signer's key ended the day before."""
        if event.kind is not K.ROSTER_PROPOSED:
            return event
        change = event.data["change"]
        for one in change["enrol"]:
            if one["name"] == "A. Osei":
                one["valid_until"] = "2026-11-24"
        return edited(event, change=change)

    told = forged(world, tmp_path / "f", earlier)
    assert told, "the roster was not signed like that"


def test_what_a_revoked_key_signed_before_stands(tmp_path: Path) -> None:
    world = signed_documents.begun(tmp_path, ("md",))
    world.sign()
    with world.cases() as cases:
        revoke(cases.store, "A. Osei", "left", [world.key("Sam Lind"), world.key("Kim Berg")])
        cases.export("C-0001", tmp_path / "case.zip")
    found = verify_bundle(tmp_path / "case.zip", UNSIGNED)
    assert found.faults == ()
    (act,) = [one for one in found.acts if one.what.startswith("document signed")]
    assert act.proof == "proved" and "revoked" in act.says


def test_the_command_says_who_signed_with_role_and_day(world: World) -> None:
    done = CliRunner().invoke(cli, ["case", "verify", str(world.folder / "case.zip"), "--roster"])
    assert done.exit_code == 0, done.output
    assert "2026-11-25 A. Osei: document signed: DOC1 (C-0001); P4, signer, key" in done.output
    assert "2026-11-25 Kim Berg: document approved: DOC1 (C-0001); P2, approver, key" in done.output


def test_a_forged_bundle_is_not_taken_over(world: World, tmp_path: Path) -> None:
    forged(
        world,
        tmp_path,
        of_kind(K.DOCUMENT_STORED, rendering_changed(lambda text: text.replace(b"does not", b"does", 1))),
    )
    with open_cases(tmp_path / "t.db", create=True, now=lambda: AT) as theirs:
        with pytest.raises(ProscribeError) as caught:
            theirs.import_case(tmp_path / "forged.zip", UNSIGNED, by="R. Ito")
        assert caught.value.code == "E436" and theirs.find() == []


def test_a_bundle_that_was_taken_over_and_travels_on_is_sound(world: World, tmp_path: Path) -> None:
    with open_cases(tmp_path / "t.db", create=True, now=lambda: AT) as theirs:
        theirs.import_case(world.folder / "case.zip", UNSIGNED, by="R. Ito")
        theirs.export("C-0001", tmp_path / "again.zip")
    found = verify_bundle(tmp_path / "again.zip", UNSIGNED)
    assert found.faults == ()
    assert {one.proof for one in found.acts if one.what.startswith("document")} == {"taken over"}


# Attack 4: a row of the store is edited in place


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE events SET payload = replace(payload, '\"different\"', '\"same\"') WHERE kind = 'judged'",
        "UPDATE judgements SET data = replace(data, 'different', 'same')",
    ],
)
@pytest.mark.parametrize("deed", ["export", "backup", "sign"])
def test_an_edited_row_is_exported_backed_up_and_signed_by_nobody(
    world: World, tmp_path: Path, edit: str, deed: str
) -> None:
    here = signed_documents.copied(world, tmp_path / "w")
    tampered.edited(here.folder / "c.db", edit)
    if deed == "sign":
        with pytest.raises(ProscribeError) as caught:
            here.sign()
    else:
        with pytest.raises(ProscribeError) as caught, here.cases() as cases:
            written(cases, deed, tmp_path / "out.zip")
    assert caught.value.code == "E427" and not (tmp_path / "out.zip").exists()


def written(cases: Cases, deed: str, target: Path) -> None:
    if deed == "export":
        cases.export("C-0001", target)
    else:
        cases.backup(target)


def test_an_enrolment_that_one_person_forged(world: World, tmp_path: Path) -> None:
    """One person of the roster proposes and, in the bundle, agrees under another's name."""
    here = signed_documents.copied(world, tmp_path / "w")
    key = here.key("Eve Stone")
    with here.cases() as cases:
        new = NewPerson("Eve Stone", ["signer"], here.public("Eve Stone"))
        with pytest.raises(ProscribeError, match="second person"):
            enrol(cases.store, new, [here.key("Sam Lind"), here.key("Sam Lind")])
        roster = cases.store.roster()
    assert roster and key.key_id not in roster.members
