"""Forms that came back: what was signed of them, and whether they say what they may."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe import __version__
from proscribe.app.files import read_file
from proscribe.model import identifiers
from proscribe.model.errors import ProscribeError, error
from proscribe.model.periods import parse_day
from proscribe.model.suppliers import DECLINE, MAX_LOWER, SIGNER, FormQuestion, ReturnedForm, SupplierForm
from proscribe.readers.supplier_form import MAX_BYTES, read_returned_form
from proscribe.wording.lines import lines_of

if TYPE_CHECKING:
    from proscribe.attestations import Signer

NOT_SIGNED = "not signed"
_NONE = frozenset(["", "none", "n/a", "confidential", "not known", "unknown", "-"])
_COUNTRY = re.compile(r"[A-Z]{2}")


def unwrapped(
    path: Path, keys: tuple[tuple[str, bytes], ...], fingerprints: tuple[str, ...]
) -> tuple[bytes, bytes, str, str]:
    """Give the file's bytes, those of the answers, what is known of the signature, and the form that was signed.

    Raises:
        InputError: E497 when the signature does not hold, or is of something else.
    """
    data = read_file(path)
    if not _is_bundle(data):
        return data, data, NOT_SIGNED, ""
    from proscribe.attestations import unpack, verify_bundle
    from proscribe.attestations.predicates.supplier_answers_v1 import TYPE

    verdict_ = verify_bundle(data, trusted_keys=keys, fingerprints=fingerprints)
    failed = [one.says for one in verdict_.checks if one.result == "failed"]
    if verdict_.answer.value == "invalid":
        raise error("E497.signature", at=path, failed=" ".join(failed))
    if verdict_.predicate_type != TYPE:
        raise error("E497.not_an_answer", at=path, type=TYPE)
    files = unpack(data).files
    if len(files) != 1:
        raise error("E497.files", at=path, count=len(files))
    who = str(verdict_.predicate.get("signedBy", ""))[:200]
    key = verdict_.key_ids[0][:16]
    checked = (
        "with a key you trust" if verdict_.answer.value == "valid" else "whose key it is was not checked"
    )
    (content,) = files.values()
    return data, content, f"signed by {who}, key {key}, {checked}", str(verdict_.predicate.get("formId", ""))


def _is_bundle(data: bytes) -> bool:

    from proscribe.attestations.bundle import ENVELOPE_NAME

    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return ENVELOPE_NAME in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return False


def sign_answers(
    path: Path, signer: Signer, *, signed_by: str, signed_as: str = "", signed_at: datetime | None = None
) -> bytes:
    """Wrap a filled-in form into a signed bundle, for suppliers who have this program.

    Args:
        path: the form, as it was filled in.
        signed_by, signed_as: the person and their title.
        signed_at: now by default.

    Raises:
        InputError: E493, E494, E496 when it is no filled-in form.
        UsageError: E488 when nobody is named as the signer.
    """
    from proscribe.attestations import Statement, Subject, pack
    from proscribe.attestations.envelope import seal
    from proscribe.attestations.predicates import supplier_answers_v1

    data = read_file(path)
    returned = read_returned_form(data, str(path))
    if returned.draft:
        raise _not_taken(str(path), ["it is a draft"])
    if not signed_by.strip():
        raise error("E488.nobody", at="--by")
    name = "answers.json" if returned.how == "json" else "answers.xlsx"
    when = signed_at or datetime.now(UTC).replace(microsecond=0)
    predicate = supplier_answers_v1.build(
        form_id=returned.form_id, campaign=returned.campaign, supplier_id=returned.supplier_id,
        signed_by=signed_by.strip(), signed_as=signed_as.strip(), signed_at=when.isoformat(), program=__version__,
    )  # fmt: skip
    statement = Statement((Subject.of(name, data),), supplier_answers_v1.TYPE, predicate)
    return pack({name: data}, seal(statement, signer), {signer.key_id: signer.public_pem.encode()})


def _not_taken(at: str, faults: Sequence[str]) -> ProscribeError:
    more = f"; and {len(faults) - 6} more" if len(faults) > 6 else ""
    return error("E494.answers", at=at, faults="; ".join(faults[:6]), more=more)


def validated(form: SupplierForm, returned: ReturnedForm, today: date, at: str) -> dict[str, str]:
    """Compare a returned form with the one that was made out, and give its answers in one spelling.

    Raises:
        InputError: E495 when it is another form, or its questions were changed; E494 when answers are missing or of the
            wrong kind.
    """
    altered = _altered(form, returned)
    if altered:
        raise error("E495.altered", at=at, altered=altered, form=form.id, supplier=form.supplier[:80])
    if returned.draft:
        raise _not_taken(at, ["it is a draft that the supplier has not finished"])
    faults: list[str] = []
    answers: dict[str, str] = {}
    for item in form.questions:
        text = returned.answers.get(item.id, "")
        if not text:
            continue
        try:
            answers[item.id] = _value(item, text, today)
        except ValueError as problem:
            faults.append(f"{item.id}: {problem}")
    declined = answers.get(DECLINE) == "yes"
    faults += [
        f"{item.id} is missing"
        for item in form.questions
        if (item.id in SIGNER if declined else item.required) and not returned.answers.get(item.id)
    ]
    if faults:
        raise _not_taken(at, faults)
    return answers


def _altered(form: SupplierForm, returned: ReturnedForm) -> str:
    if (returned.form_id, returned.campaign, returned.supplier_id) != (
        form.id,
        form.campaign,
        form.supplier_id,
    ):
        return f"it says that it is form {returned.form_id[:40]} of {returned.campaign[:40]} for {returned.supplier_id[:20]}"
    questions = {item.id: _spaced(item.text) for item in form.questions}
    for name, text in questions.items():
        if name not in returned.asked:
            return f"the question {name!r} is missing"
        if _spaced(returned.asked[name]) != text:
            return f"the question {name!r} was changed to {returned.asked[name][:120]!r}"
    added = sorted((set(returned.asked) | set(returned.answers)) - set(questions))
    return f"the question {added[0][:60]!r} was added" if added else ""


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _value(item: FormQuestion, text: str, today: date) -> str:
    """Give an answer in one spelling.

    Raises:
        ValueError: when it is of the wrong kind; says why.
    """
    clean = text.strip()
    if item.choices:
        word = _spaced(clean).casefold()
        if word not in item.choices:
            raise ValueError(f"{clean[:40]!r} is none of {', '.join(item.choices)}")
        return word
    if item.kind == "date":
        try:
            day = parse_day(clean[:10] if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]00:00(:00)?", clean) else clean)
        except ValueError:
            raise ValueError(f"{clean[:40]!r} is no day such as 2026-12-01") from None
        # A day ends elsewhere sooner than here.
        if day > today + timedelta(days=1):
            raise ValueError(f"{day.isoformat()} lies in the future; today is {today.isoformat()}")
        return day.isoformat()
    if item.kind == "uei":
        return identifiers.uei(clean)
    if item.kind == "cage":
        return identifiers.cage(clean)
    if item.kind == "country":
        code = clean.upper()
        if not _COUNTRY.fullmatch(code):
            raise ValueError(f"{clean[:40]!r} is no country code of two letters")
        return code
    if item.kind == "text":
        clean = _spaced(clean)
        if len(clean) > 500:
            raise ValueError(f"it has {len(clean):,} characters; at most 500 are taken")
        if not any(char.isalnum() for char in clean):
            raise ValueError("it holds no letter and no digit")
    return clean


def covers(answers: Mapping[str, str], returned: ReturnedForm) -> list[str]:
    """Give what the answer speaks to: everything the supplier sells, or the list alone where that is not complete."""
    if answers.get("products_complete") == "yes" or not returned.products:
        return []
    named = [
        text for row in returned.products for text in (row.get("product", ""), row.get("model", "")) if text
    ]
    return list(dict.fromkeys(named))


def lower_named(text: str) -> list[str]:
    """Give the suppliers that an answer names of its own, one a line, each once; at most `MAX_LOWER`."""
    names = [_spaced(one)[:300] for one in lines_of(text)]
    kept = [one for one in names if one.casefold().rstrip(".") not in _NONE]
    return list(dict.fromkeys(kept))[:MAX_LOWER]


def check_size(path: Path) -> None:
    """Refuse a returned file that is larger than any form, before it is read.

    Raises:
        InputError: E493.
    """
    try:
        size = path.stat().st_size
    except OSError:
        return  # reading says why
    if size > 4 * MAX_BYTES:
        raise error("E493.size", at=path, size=size, most=4 * MAX_BYTES)
