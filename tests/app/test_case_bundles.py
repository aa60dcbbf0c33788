"""Cases and backups under a signature: who wrote it, whether it was changed, and what is taken without one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scan_samples import scan_bytes

from proscribe.app.proofs.case_bundles import Trust, head_of, import_case, restore, write_signed
from proscribe.app.store.desk import Desk
from proscribe.attestations import Signer, file_signer, new_key, unpack
from proscribe.attestations.bundle import pack
from proscribe.attestations.verify import verify_bundle
from proscribe.casework import backup
from proscribe.casework.commands import cases, judging
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import Verdict
from proscribe.model.errors import CaseError

PASSPHRASE = "correct horse battery staple"
UNSIGNED = Trust(unsigned=True)


class Keys(NamedTuple):
    signer: Signer
    public: Path
    trust: Trust


def _keys(folder: Path, name: str) -> Keys:
    private, public, _ = new_key(PASSPHRASE)
    (folder / f"{name}.key").write_bytes(private)
    (folder / f"{name}.pem").write_text(public)
    return Keys(
        file_signer(folder / f"{name}.key", PASSPHRASE),
        folder / f"{name}.pem",
        Trust(keys=(folder / f"{name}.pem",)),
    )


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return _keys(tmp_path_factory.mktemp("keys"), "ours")


@pytest.fixture(scope="module")
def other_keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return _keys(tmp_path_factory.mktemp("keys"), "others")


SCAN: dict[str, Any] = {
    "schema": "proscribe.scan/1", "proscribe": "0.1.0", "as_of": "2026-11-24", "known_as_of": "2026-11-24",
    "knowledge": {"version": "2026.11.24", "sha256": "a" * 64},
    "inputs": [{"index": 0, "path": "assets.csv", "sha256": "b" * 64, "reader": "tabular"}],
    "findings": [{
        "id": "f_one", "input": 0, "locator": {"row": 1, "sheet": None, "pointer": None}, "record_id": "A-1",
        "entity": "hikvision", "role": "made_by", "band": "confirmed", "basis": "stated", "evidence": [], "questions": [],
    }],
    "mentions": [], "not_checked": [], "summary": {},
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "ours.db") as made:
        scan = read_scan(scan_bytes(SCAN), "scan.json")
        cases.open_case(
            made,
            by=Author("R. Ito"),
            title="Cameras",
            as_of=date(2026, 11, 24),
            zone="America/New_York",
            scan=scan,
        )
        judging.judge(made, "C-0001", "f_one", Verdict.DIFFERENT, by=Author("L. Park"), reason="a lens")
        yield made


@pytest.fixture
def theirs(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "theirs.db") as made:
        yield made


def test_a_signed_case_is_taken_over_with_its_signer_named(
    store: Store, theirs: Store, keys: Keys, tmp_path: Path
) -> None:
    target = tmp_path / "c.zip"
    head = write_signed(store, target, keys.signer, signed_by="A. Osei", case_id="C-0001")
    assert head == head_of(target, keys.trust)
    assert (
        verify_bundle(target.read_bytes(), trusted_keys=[("k", keys.public.read_bytes())]).answer == "valid"
    )
    file = import_case(theirs, target, keys.trust, by="M. Diaz")
    assert file.case.id == "C-0001"
    (event,) = theirs.imports()
    assert event.data["signature"]["signed_by"] == "A. Osei"
    assert event.data["signature"]["key_id"] == keys.signer.key_id
    assert theirs.blob(event.data["bundle_sha256"]) == target.read_bytes()
    assert theirs.verify() == []
    # whoever signed the bundle vouches for it, and not for the people in it: no key of ours shows who judged
    layer = Desk(theirs).layer()
    assert layer.set_aside == 0 and "no key proves them here" in layer.left_out[0]


@pytest.mark.parametrize("case_id", ["C-0001", ""])
def test_nothing_is_taken_from_a_stranger(
    store: Store, theirs: Store, keys: Keys, other_keys: Keys, tmp_path: Path, case_id: str
) -> None:
    take: Callable[..., Any] = import_case if case_id else restore
    signed, plain = tmp_path / "signed.zip", tmp_path / "plain.zip"
    write_signed(store, signed, other_keys.signer, signed_by="A. Osei", case_id=case_id)
    if case_id:
        backup.export_case(store, case_id, plain)
    else:
        backup.backup(store, plain)
    for path, trust in (
        (signed, Trust()), (signed, keys.trust), (signed, Trust(fingerprints=(keys.signer.key_id,))),
        (signed, Trust(fingerprints=(other_keys.signer.key_id[:15],))), (plain, Trust()), (plain, keys.trust),
        (plain, Trust(keys.trust.keys, unsigned=True)), (signed, Trust(keys.trust.keys, unsigned=True)),
    ):  # fmt: skip
        with pytest.raises(CaseError) as caught:
            take(theirs, path, trust, by="M. Diaz")
        assert caught.value.code == "E444"
        assert theirs.head().seq == 0
    take(theirs, signed, Trust(fingerprints=(other_keys.signer.key_id[:16],)), by="M. Diaz")
    assert theirs.verify() == []


def test_judgements_of_an_unsigned_case_set_nothing_aside(
    store: Store, theirs: Store, tmp_path: Path
) -> None:
    backup.export_case(store, "C-0001", tmp_path / "c.zip")
    import_case(theirs, tmp_path / "c.zip", UNSIGNED, by="M. Diaz")
    layer = Desk(theirs).layer()
    assert layer.set_aside == 0
    assert layer.left_out == ("1 judgements of C-0001, which was taken over without a signature",)
    assert Desk(store).layer().set_aside == 1


def test_a_case_is_taken_over_once(store: Store, theirs: Store, keys: Keys, tmp_path: Path) -> None:
    backup.export_case(store, "C-0001", tmp_path / "plain.zip")
    write_signed(store, tmp_path / "signed.zip", keys.signer, signed_by="A. Osei", case_id="C-0001")
    import_case(theirs, tmp_path / "plain.zip", UNSIGNED, by="M. Diaz")
    before = theirs.head().digest
    for path, trust in ((tmp_path / "plain.zip", UNSIGNED), (tmp_path / "signed.zip", keys.trust)):
        with pytest.raises(CaseError, match="in the store already, as C-0001") as caught:
            import_case(theirs, path, trust, by="M. Diaz")
        assert caught.value.code == "E436"
    assert theirs.head().digest == before


def test_a_signature_over_another_chain_is_not_taken(
    store: Store, theirs: Store, keys: Keys, tmp_path: Path
) -> None:
    """The archive of one day cannot be shown under the statement of another."""
    from proscribe.attestations.envelope import seal
    from proscribe.attestations.predicates import case_v1
    from proscribe.attestations.statement import Statement, Subject

    backup.export_case(store, "C-0001", tmp_path / "plain.zip")
    content = (tmp_path / "plain.zip").read_bytes()
    predicate = case_v1.build(
        head="f" * 64,
        events=3,
        signed_by="A. Osei",
        signed_at="2026-11-25T12:00:00+00:00",
        about="C-0001",
        store=store.store_id,
    )
    statement = Statement((Subject.of("case.zip", content),), case_v1.TYPE, predicate)
    target = tmp_path / "c.zip"
    target.write_bytes(
        pack(
            {"case.zip": content},
            seal(statement, keys.signer),
            {keys.signer.key_id: keys.signer.public_pem.encode()},
        )
    )
    with pytest.raises(CaseError, match="another chain") as caught:
        import_case(theirs, target, keys.trust, by="M. Diaz")
    assert caught.value.code == "E436"
    assert theirs.head().seq == 0


def test_one_byte_inside_a_signed_case_is_seen(
    store: Store, theirs: Store, keys: Keys, tmp_path: Path
) -> None:
    target = tmp_path / "c.zip"
    write_signed(store, target, keys.signer, signed_by="A. Osei", case_id="C-0001")
    bundle = unpack(target.read_bytes())
    inner = bytearray(bundle.files["case.zip"])
    inner[len(inner) // 2] ^= 1
    target.write_bytes(pack({"case.zip": bytes(inner)}, bundle.envelope, bundle.keys))
    with pytest.raises(CaseError, match="changed after signing") as caught:
        import_case(theirs, target, keys.trust, by="M. Diaz")
    assert caught.value.code == "E436"
    assert theirs.head().seq == 0


def test_a_signed_document_is_no_case(theirs: Store, keys: Keys, tmp_path: Path) -> None:
    from proscribe.app.keys.signing import bundle_of

    document = {
        "schema": "proscribe.paper.x/1",
        "type": "x",
        "state": "ready",
        "as_of": "2026-11-25",
        "proscribe": "0.1.0",
    }
    files = {"document.json": json.dumps(document).encode()}
    data = bundle_of(document, files, keys.signer, signed_by="A. Osei", signed_at="2026-11-25T12:00:00+00:00")
    (tmp_path / "d.zip").write_bytes(data)
    with pytest.raises(CaseError) as caught:
        import_case(theirs, tmp_path / "d.zip", keys.trust, by="M. Diaz")
    assert caught.value.code == "E436"


def test_an_older_backup_shows_against_a_kept_head(
    store: Store, theirs: Store, keys: Keys, tmp_path: Path
) -> None:
    write_signed(store, tmp_path / "monday.zip", keys.signer, signed_by="A. Osei")
    cases.note(store, "C-0001", "on Tuesday", by=Author("R. Ito"))
    kept = store.head()
    with pytest.raises(CaseError, match="kept head") as caught:
        restore(theirs, tmp_path / "monday.zip", keys.trust, by="M. Diaz", kept=kept)
    assert caught.value.code == "E436"
    assert theirs.head().seq == 0
    write_signed(store, tmp_path / "tuesday.zip", keys.signer, signed_by="A. Osei")
    restore(theirs, tmp_path / "tuesday.zip", keys.trust, by="M. Diaz", kept=kept)
    assert theirs.verify(kept) == []
    last = theirs.events()[-1]
    assert last.data["signature"]["signed_by"] == "A. Osei"
    # and the head in a signed backup is one that was kept
    assert store.verify(head_of(tmp_path / "monday.zip", keys.trust)) == []


def test_a_signed_archive_never_takes_the_place_of_another(store: Store, keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "c.zip").write_text("precious")
    with pytest.raises(CaseError, match="E441"):
        write_signed(store, tmp_path / "c.zip", keys.signer, signed_by="A. Osei", case_id="C-0001")
    assert (tmp_path / "c.zip").read_text() == "precious"
    with pytest.raises(CaseError, match="E425"):
        write_signed(store, tmp_path / "d.zip", keys.signer, signed_by=" ")
    assert sorted(path.name for path in tmp_path.iterdir() if "db" not in path.name) == ["c.zip"]


def _rewritten(
    path: Path, target: Path, change: Callable[[list[dict[str, Any]], dict[str, Any]], None]
) -> Path:
    """Write a bundle whose chain and manifest agree with what a stranger wrote into its events."""
    from proscribe.casework import sealed
    from proscribe.casework.events import digest_of, of_row, row_of
    from proscribe.casework.replay import replay
    from proscribe.model.canonical import canonical_json

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    rows = [json.loads(line) for line in members["events.jsonl"].splitlines()]
    for row in rows:
        row["payload"] = json.loads(row["payload"])
    change(rows, manifest)
    before, events = "0" * 64, []
    for place, row in enumerate(rows, 1):
        row |= {
            "payload": canonical_json(row["payload"]),
            "seq": place,
            "case_seq": place,
            "prev_digest": before,
        }
        event = of_row(row)
        before = digest_of(event)
        events.append(of_row({**row_of(event), "digest": before}))
    members["events.jsonl"] = "".join(canonical_json(row_of(event)) + "\n" for event in events).encode()
    members["chain.txt"] = "".join(f"{event.digest}\n" for event in events).encode()
    file = replay(events)
    assert file is not None
    members["case.json"] = (canonical_json(file.to_json()) + "\n").encode()
    import hashlib

    manifest["head"] |= {"seq": len(events), "digest": before}
    manifest["members"] = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            sealed.put(archive, name, [content])
        sealed.put(archive, "manifest.json", [(canonical_json(manifest) + "\n").encode()])
    target.write_bytes(out.getvalue())
    return target


def _as(name: str) -> Callable[[list[dict[str, Any]], dict[str, Any]], None]:
    def change(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for row in rows:
            row["case_id"] = name
        manifest["case_id"] = name

    return change


def _zone(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    rows[0]["payload"]["case"]["zone"] = "Nowhere/Else"


def _deadline(rows: list[dict[str, Any]], manifest: dict[str, Any], **change: str) -> None:
    deadline = {
        "id": "d_1", "obligation": "x", "title": "x", "citation": "x", "starts_at": "2026-11-24", "due_at": "2026-11-25",
        "zone": "UTC", "calendar": "", "calendar_sha256": "", "start_event": "x", "rule": "x", **change,
    }  # fmt: skip
    rows.append({**rows[-1], "kind": "deadline_opened", "payload": {"deadline": deadline}})


def _due(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    _deadline(rows, manifest, due_at="soon")


def _named(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    _deadline(rows, manifest, id="d_1\r\nATTENDEE:mailto:x")


def _store(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    manifest["store_id"] = manifest["head"]["store_id"] = "\x1b[2J"


def _finding(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    rows[1]["payload"]["findings"] = [{"id": "f_one", "path": "x"}]


def _determination(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    # the content that it names is there, and is something else: the scan
    made = {
        "id": "D1", "version": 1, "supersedes": "", "data": "", "sha256": rows[1]["payload"]["run"]["scan_sha256"],
        "outcome": "prohibited", "facts": "{}", "as_of": "2026-11-24", "run_ids": [], "knowledge_version": "v",
        "knowledge_sha256": "a" * 64, "rules": [],
    }  # fmt: skip
    rows.append({**rows[-1], "kind": "determined", "payload": {"determination": made}})


@pytest.mark.parametrize(
    "change",
    [
        _determination,
        _as("store"),
        _as("../x"),
        _as("C-1\n"),
        _as("\x1b[2J"),
        _as("C-" + "9" * 40),
        _zone,
        _due,
        _named,
        _store,
        _finding,
    ],
)
def test_a_bundle_made_by_hand_cannot_bring_what_would_stop_the_others(
    store: Store, theirs: Store, tmp_path: Path, change: Any
) -> None:
    backup.export_case(store, "C-0001", tmp_path / "good.zip")
    bad = _rewritten(tmp_path / "good.zip", tmp_path / "bad.zip", change)
    with pytest.raises(CaseError) as caught:
        import_case(theirs, bad, UNSIGNED, by="M. Diaz")
    assert caught.value.code == "E436"
    assert theirs.head().seq == 0
    same = _rewritten(tmp_path / "good.zip", tmp_path / "same.zip", lambda rows, manifest: None)
    assert import_case(theirs, same, UNSIGNED, by="M. Diaz").case.id == "C-0001"
