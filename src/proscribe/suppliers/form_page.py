"""The form as one HTML file that works without a network: it sends nothing, and saves the answers as a file.

Its content security policy allows its own style and script, by digest, and nothing else: no request, no frame, no other
script. Every field has a label; choices are groups with a legend; errors are listed with links and said to a screen reader.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from proscribe.model.suppliers import (
    ANSWERS_SCHEMA,
    EVIDENCE_COLUMNS,
    MAX_ANSWER,
    PRODUCT_COLUMNS,
    SIGNER,
    FormQuestion,
    SupplierForm,
)
from proscribe.suppliers.labels import ANSWER_LENGTHS, directions
from proscribe.wording.html import pieces, trusted

_ONE_LINE = 500


@cache
def _resource(name: str) -> str:
    return files("proscribe.suppliers").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy() -> str:
    """Give the page's content security policy."""
    return (
        f"default-src 'none'; script-src {_digest(_resource('form.js'))}; style-src {_digest(_resource('form.css'))}; "
        "base-uri 'none'; form-action 'none'"
    )


def to_page(form: SupplierForm) -> str:
    """Write the form; the same form gives the same text."""
    return "".join(
        pieces(
            "proscribe.suppliers",
            "form.html.j2",
            form=form,
            policy=trusted(policy()),
            style=trusted(_resource("form.css")),
            script=trusted(_resource("form.js")),
            data=trusted(_data(form)),
            directions=directions(form, how="page"),
            help_of=_help,
            product_columns=PRODUCT_COLUMNS,
            evidence_columns=EVIDENCE_COLUMNS,
            lengths=ANSWER_LENGTHS,
            one_line=_ONE_LINE,
            longest=MAX_ANSWER,
        )
    )


def _data(form: SupplierForm) -> str:
    value = {
        "id": form.id,
        "campaign": form.campaign,
        "supplier_id": form.supplier_id,
        "answers_schema": ANSWERS_SCHEMA,
        "signer": list(SIGNER),
        "questions": [
            {"id": one.id, "text": one.text, "required": one.required, "choices": list(one.choices)}
            for one in form.questions
        ],
    }
    # A name such as `</script>` or `<!--` must not end the block, and JSON knows another way to write the sign.
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e")


def _help(item: FormQuestion) -> str:
    help = item.help.rstrip(".") + "." if item.help else ""
    source = f"From {item.citation}." if item.citation else ""
    return " ".join(text for text in (help, source) if text)
