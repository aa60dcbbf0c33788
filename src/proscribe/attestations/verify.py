"""Does a bundle still say what was signed, and who signed it? Offline, for a stranger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from proscribe.attestations import timestamp
from proscribe.attestations.browser_keys import Assertion
from proscribe.attestations.bundle import ENVELOPE_NAME, Bundle, unpack
from proscribe.attestations.envelope import open_envelope, opened
from proscribe.attestations.predicates import PREDICATES, countersignature_v1
from proscribe.attestations.predicates.document_v1 import TYPE as DOCUMENT
from proscribe.attestations.signers import certificate_period, holds, is_plain, public_key
from proscribe.attestations.statement import Statement
from proscribe.model.errors import InputError


class Answer(StrEnum):
    """What the check of a bundle came to."""

    VALID = "valid"  # every byte as signed, by a key that the reader trusts
    SIGNER_UNKNOWN = "signer_unknown"  # every byte as signed, by a key that the reader has not said to trust
    OTHER_VERSION = "other_version"  # as signed, by a key that is trusted; another version wrote renderings with other words
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: stable word.
        result: `ok`, `failed` or `not_checked`.
        says: one sentence.
    """

    name: str
    result: str
    says: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer and its reasons, in the order in which they were looked at.

    Attributes:
        key_ids: keys whose signature fits the statement, that of its signer first.
        countersignatures: predicates of those that hold, each naming its own signer and key.
    """

    answer: Answer
    checks: tuple[Check, ...]
    key_ids: tuple[str, ...] = ()
    predicate_type: str = ""
    predicate: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    countersignatures: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the verdict as plain values."""
        return {
            "answer": self.answer.value,
            "checks": [{"name": item.name, "result": item.result, "says": item.says} for item in self.checks],
            "key_ids": list(self.key_ids),
            "predicate_type": self.predicate_type,
            "predicate": dict(self.predicate),
            "files": [{"name": name, "sha256": sha256} for name, sha256 in self.files],
            "countersignatures": [dict(one) for one in self.countersignatures],
        }


def verify_bundle(
    data: bytes,
    *,
    trusted_keys: Iterable[tuple[str, bytes]] = (),
    fingerprints: Iterable[str] = (),
    inputs: Iterable[tuple[str, str]] = (),
    tsa_roots: Iterable[bytes] = (),
) -> Verdict:
    """Check a bundle.

    Args:
        data: the bundle's bytes.
        trusted_keys: place and PEM of public keys the reader got from the signer.
        fingerprints: key ids (hex, or their first 16 digits and more) the reader compared with the signer.
        inputs: name and SHA-256 of original files the reader holds; each must be among those the statement names.
        tsa_roots: certificates of timestamp authorities the reader trusts, PEM.

    Raises:
        InputError: E471, E472, E473 when it is no bundle at all; E481 for a key that cannot be used.
    """
    content = unpack(data)
    checks: list[Check] = []

    def say(name: str, ok: bool, yes: str, no: str) -> None:
        checks.append(Check(name, "ok" if ok else "failed", yes if ok else no))

    say(
        "container",
        not content.faults,
        "The container is as Proscribe writes it.",
        "; ".join(content.faults) + ".",
    )
    envelope = opened(content.envelope)
    own: dict[str, Any] = {}
    periods: dict[str, list[tuple[datetime, datetime] | None]] = {}
    for at, pem in trusted_keys:
        key = public_key(pem, at)
        own[key.keyid] = key
        periods.setdefault(key.keyid, []).append(certificate_period(pem))
    wanted = tuple(text.lower().replace(":", "").replace(" ", "") for text in fingerprints)
    signed = _signed_by(content, envelope, own, say)

    def is_trusted(key_id: str) -> bool:
        return key_id in own or any(len(text) >= 16 and key_id.startswith(text) for text in wanted)

    statement = Statement.from_bytes(envelope.payload)
    signer, others = _of_signer(signed, len(envelope.signatures), statement)
    signed = (*signer, *others)
    counter = _countersigned(content, statement, own, is_trusted, checks)
    _files(content, statement, say)
    _predicate(content, statement, say)
    _inputs(statement, inputs, checks)
    _timestamps(content, envelope, tuple(tsa_roots), checks)
    trusted = tuple(filter(is_trusted, signer))
    vouched = [one for one in counter if is_trusted(str(one["signedWith"]))]
    checks += _whose(
        statement, trusted, signer, tuple(filter(is_trusted, others)), vouched, named=bool(own or wanted)
    )
    if trusted:
        _certificate(periods.get(trusted[0], []), statement.predicate.get("signedAt"), checks)
    if any(item.result == "failed" for item in checks) or not signed:
        answer = Answer.INVALID
    else:
        answer = Answer.VALID if trusted or vouched else Answer.SIGNER_UNKNOWN
    return Verdict(
        answer, tuple(checks), signed, statement.predicate_type, statement.predicate,
        tuple((item.name, item.sha256) for item in statement.subjects), counter,
    )  # fmt: skip


def _of_signer(
    signed: tuple[str, ...], signatures: int, statement: Statement
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell the key of the signer whom the statement names from further ones that signed the same bytes.

    A statement that names no key is that of the only key that signed it; of several, nothing shows whose is whose.
    """
    told = statement.predicate.get("signedWith")
    if isinstance(told, str):
        return tuple(one for one in signed if one == told), tuple(one for one in signed if one != told)
    return (signed, ()) if signatures == 1 else ((), signed)


def _whose(
    statement: Statement,
    trusted: tuple[str, ...],
    signer: tuple[str, ...],
    beside: tuple[str, ...],
    vouched: list[Mapping[str, Any]],
    *,
    named: bool,
) -> list[Check]:
    """Say whose key the signature is of, by what the reader trusts."""
    by = str(statement.predicate.get("signedBy") or "nobody")
    if trusted:
        return [Check("signer", "ok", f"Signed with a key you trust: {trusted[0]}.")]
    if beside:
        says = (
            f"The key you trust, {beside[0]}, signed it too, and the statement names {by} and not the holder of that key; "
            "who countersigns says so in a statement of their own."
        )
        return [Check("signer", "not_checked", says)]
    if vouched:
        who = f"{vouched[0]['signedBy']}, whose key you trust, countersigned it"
        says = f"Whose key the signature of {by} is was not checked; {who}."
        return [Check("signer", "not_checked", says)]
    if named:
        return [Check("signer", "failed", "It is not signed with any of the keys you gave.")]
    shown = ", ".join(signer) or "none"
    says = f"Whose key this is was not checked: {shown}. Compare it with the signer by telephone (and give --key)."
    return [Check("signer", "not_checked", says)]


def _countersigned(
    content: Bundle,
    statement: Statement,
    own: Mapping[str, Any],
    is_trusted: Callable[[str], bool],
    checks: list[Check],
) -> tuple[Mapping[str, Any], ...]:
    """Check the countersignatures; gives the predicates of those that hold."""
    found: list[Mapping[str, Any]] = []
    over = {ENVELOPE_NAME: hashlib.sha256(content.envelope).hexdigest()}
    pems = {key_id: pem.decode("ascii", "replace") for key_id, pem in content.keys.items()}
    pems |= {key_id: str(key.keyval["public"]) for key_id, key in own.items()}
    for key_id, data in sorted(content.countersignatures.items()):
        try:
            read = open_envelope(data, pems)
        except InputError as problem:
            checks.append(
                Check("countersigned", "failed", f"A countersignature cannot be read: {problem.what}.")
            )
            continue
        said = read.statement.predicate
        faults = countersignature_v1.faults(said, statement.predicate)
        if read.good != (key_id,) or read.bad or read.unknown or said.get("signedWith") != key_id:
            faults.append(f"the signature of {key_id[:16]} does not fit")
        if read.statement.predicate_type != countersignature_v1.TYPE:
            faults.append("it is a statement of another kind")
        if {one.name: one.sha256 for one in read.statement.subjects} != over:
            faults.append("it is about another signature than that of this bundle")
        who = ", ".join(str(said.get(name)) for name in ("signedBy", "signedAs") if said.get(name))
        if faults:
            checks.append(
                Check(
                    "countersigned",
                    "failed",
                    f"The countersignature of {who or key_id[:16]}: {'; '.join(faults)}.",
                )
            )
            continue
        found.append(said)
        whose = "a key you trust" if is_trusted(key_id) else "a key that was not checked"
        result = "ok" if is_trusted(key_id) else "not_checked"
        checks.append(
            Check(
                "countersigned",
                result,
                f"Countersigned by {who}, at {said['signedAt']}, with {whose}: {key_id}.",
            )
        )
    return tuple(found)


def _certificate(
    periods: list[tuple[datetime, datetime] | None], signed_at: object, checks: list[Check]
) -> None:
    """See whether the certificate that was given was valid when it was signed; a bare key has no dates."""
    dated = [period for period in periods if period is not None]
    if not dated or len(dated) < len(periods):
        return
    try:
        at = datetime.fromisoformat(str(signed_at))
        held = at.tzinfo is not None and any(first <= at <= last for first, last in dated)
    except ValueError:
        held = False
    first, last = dated[0]
    span = f"valid from {first.isoformat()} to {last.isoformat()}"
    checks.append(
        Check(
            "certificate", "ok", f"The certificate was valid at the instant that the signer states: {span}."
        )
        if held
        else Check(
            "certificate",
            "failed",
            f"The certificate was not valid when it was signed, {str(signed_at)[:40]}: it is {span}.",
        )
    )


def _signed_by(content: Bundle, envelope: Any, own: Mapping[str, Any], say: Any) -> tuple[str, ...]:
    good: list[str] = []
    bad: list[str] = []
    sites: list[str] = []
    for key_id, signature in sorted(envelope.signatures.items()):
        key = own.get(key_id)
        if key is None and key_id in content.keys:
            try:
                key = public_key(content.keys[key_id], f"keys/{key_id}.pem")
            except InputError:
                key = None
            if key is not None and key.keyid != key_id:
                key = None
        if key is None:
            bad.append(f"no public key for the signature of {key_id[:16]}")
            continue
        if holds(key, signature.signature, envelope.pae()):
            good.append(key_id)
            given = Assertion.of(bytes.fromhex(signature.signature))
            if given is not None:
                sites.append(given.site)
        else:
            bad.append(f"the signature of {key_id[:16]} does not fit the statement")
    bad += _keys(content, {*envelope.signatures, *content.countersignatures})
    say(
        "signature",
        bool(good) and not bad,
        "The signature fits the statement."
        + "".join(f" A browser gave it, to a page of {one}." for one in sites),
        "; ".join(bad or ["no signature"]) + ".",
    )
    return tuple(good)


def _keys(content: Bundle, signers: Set[str]) -> Iterator[str]:
    """Say what is wrong with the keys of a bundle, which are part of it whatever keys the reader brings along.

    Args:
        signers: ids of all keys that signed something in it.
    """
    for key_id in sorted(signers - set(content.keys)):
        yield f"the public key of the signature of {key_id[:16]} is missing from the bundle"
    for key_id, pem in sorted(content.keys.items()):
        name = f"keys/{key_id[:16]}..."
        if not is_plain(pem):  # what stands around a key is signed by nobody
            yield f"{name} holds something else than a key"
            continue
        try:
            held = str(public_key(pem, name).keyid)
        except InputError as problem:
            yield f"{name} holds no key that can be used: {problem.what}"
            continue
        if held != key_id:
            yield f"{name} holds another key, {held[:16]}"
    for key_id in sorted(set(content.keys) - signers):
        yield f"the key {key_id[:16]} signed nothing"


def _files(content: Bundle, statement: Statement, say: Any) -> None:
    named = {item.name: item.sha256 for item in statement.subjects}
    faults = [f"{name} is missing" for name in sorted(set(named) - set(content.files))]
    faults += [f"{name} was added and is not signed" for name in sorted(set(content.files) - set(named))]
    faults += [
        f"{name} was changed after signing"
        for name in sorted(set(named) & set(content.files))
        if hashlib.sha256(content.files[name]).hexdigest() != named[name]
    ]
    say("files", not faults, f"All {len(named)} files are as signed.", "; ".join(faults) + ".")


def _predicate(content: Bundle, statement: Statement, say: Any) -> None:
    judge = PREDICATES.get(statement.predicate_type)
    if judge is None:
        say(
            "statement",
            False,
            "",
            f"The statement is of a kind this version does not know: {statement.predicate_type}.",
        )
        return
    document: Mapping[str, Any] | None = None
    if statement.predicate_type == DOCUMENT:
        try:
            value = json.loads(content.files.get("document.json", b""))
            document = value if isinstance(value, dict) else None
        except (ValueError, RecursionError):
            document = None
    faults = judge(statement.predicate, document)
    say("statement", not faults, "The statement agrees with the document.", "; ".join(faults) + ".")


def _inputs(statement: Statement, inputs: Iterable[tuple[str, str]], checks: list[Check]) -> None:
    named = statement.predicate.get("restsOn")
    known: dict[str, str] = {}
    for item in named if isinstance(named, list) else ():
        try:
            if item["kind"] == "input":
                known[str(item["digest"]["sha256"])] = str(item["name"])
        except (KeyError, TypeError):
            continue
    held = list(inputs)
    for name, sha256 in held:
        if sha256 in known:
            checks.append(Check("input", "ok", f"{name} is the file that was read as {known[sha256]}."))
        else:
            checks.append(
                Check(
                    "input", "failed", f"{name} is none of the files this statement rests on, or was changed."
                )
            )
    if known and not held:
        checks.append(
            Check(
                "input",
                "not_checked",
                "Of the files it rests on none was compared (--input FILE does).",
            )
        )


def _timestamps(content: Bundle, envelope: Any, roots: tuple[bytes, ...], checks: list[Check]) -> None:
    if not content.timestamps:
        # A timestamp is optional, but it can be taken out without a trace: who names an authority wants one to be there.
        checks.append(
            Check(
                "timestamp",
                "failed" if roots else "not_checked",
                "No time is proven: there is no timestamp, so the instant of signing is what the signer says.",
            )
        )
    for key_id, answer in sorted(content.timestamps.items()):
        signature = envelope.signatures.get(key_id)
        data = bytes.fromhex(signature.signature) if signature is not None else b""
        try:
            fits = signature is not None and timestamp.matches(answer, data)
            said = timestamp.stated_at(answer).isoformat()
        except InputError as error:
            checks.append(Check("timestamp", "failed", f"{error.what}."))
            continue
        if not fits:
            checks.append(
                Check("timestamp", "failed", "The timestamp is about other bytes than this signature.")
            )
        elif not roots:
            checks.append(
                Check(
                    "timestamp",
                    "not_checked",
                    f"A timestamp says {said}; who says so was not checked (--tsa-root FILE does).",
                )
            )
        else:
            fault = timestamp.trusted(answer, data, roots)
            checks.append(
                Check("timestamp", "failed", f"The timestamp does not hold: {fault}.")
                if fault
                else Check(
                    "timestamp", "ok", f"The signature existed at {said}, says the timestamp authority."
                )
            )
