"""The form as one HTML file that works without a network: it sends nothing, and saves the answers as a file.

Its content security policy allows its own style and script, by digest, and nothing else: no request, no frame, no other
script. Every field has a label; choices are groups with a legend; errors are listed with links and said to a screen reader.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby

from proscribe.model.suppliers import (
    ANSWERS_SCHEMA,
    EVIDENCE_COLUMNS,
    MAX_ANSWER,
    PRODUCT_COLUMNS,
    SIGNER,
    FormQuestion,
    SupplierForm,
)
from proscribe.suppliers.labels import directions
from proscribe.wording.shown import visible

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
    return "".join(_page(form))


def _safe(text: str, limit: int = MAX_ANSWER) -> str:
    return escape(visible(text, limit))


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


def _page(form: SupplierForm) -> Iterator[str]:
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>Supplier declaration: {_safe(form.supplier, 200)}</title>\n"
        f"<style>{_resource('form.css')}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the questions</a>\n'
        f"<header>\n<h1>Supplier declaration: {_safe(form.supplier, 200)}</h1>\n"
    )
    for line in directions(form, how="page"):
        yield f"<p>{_safe(line)}</p>\n"
    yield (
        "<noscript><p><strong>Saving needs JavaScript, which is switched off here. Use the workbook that came with "
        "this page.</strong></p></noscript>\n</header>\n"
        '<main id="main">\n'
        '<p id="load"><label for="go-on">Go on with a draft that you saved earlier</label><br>'
        '<input type="file" id="go-on" accept=".json,application/json"></p>\n'
        '<form id="answers" novalidate>\n'
        '<div id="errors" role="alert" tabindex="-1" hidden><p><strong>These answers are still needed:</strong></p>'
        "<ul></ul></div>\n"
    )
    for section, items in groupby(form.questions, key=lambda item: item.section):
        yield f"<h2>{_safe(section)}</h2>\n"
        for item in items:
            yield _question(item)
    yield from _list(
        "products", "Product", "Products",
        "What we bought from you. Correct it, and add what is missing.", PRODUCT_COLUMNS, form.products,
    )  # fmt: skip
    yield from _list(
        "evidence", "File", "Files", "Files that you send with this form, if any.", EVIDENCE_COLUMNS, (),
    )  # fmt: skip
    yield (
        "<h2>Save</h2>\n"
        '<p><button type="submit">Save the answers</button>'
        '<button type="button" id="draft" class="plain">Save a draft</button></p>\n'
        '<p id="status" role="status" aria-live="polite"></p>\n'
        '<p id="copy" hidden><label for="copied">If no file was saved, copy this text into one</label>'
        '<textarea id="copied" readonly></textarea></p>\n'
        "</form>\n</main>\n"
        f"<footer><p class='help'>Form <code>{_safe(form.id)}</code>, campaign {_safe(form.campaign)}, "
        f"{_safe(form.supplier_id)}. It is no legal advice.</p></footer>\n"
        f'<script type="application/json" id="form">{_data(form)}</script>\n'
        f"<script>{_resource('form.js')}</script>\n</body>\n</html>\n"
    )


def _question(item: FormQuestion) -> str:
    need = ' <span class="need">(needed)</span>' if item.required else ""
    source = f"From {item.citation}." if item.citation else ""
    source = f"From {item.citation}." if item.citation else ""
    help = " ".join(text for text in (item.help.rstrip(".") + "." if item.help else "", source) if text)
    said = f'<p class="help" id="h-{item.id}">{_safe(help)}</p>' if help else ""
    told = f' aria-describedby="h-{item.id}"' if help else ""
    needed = ' aria-required="true"' if item.required else ""
    if item.choices:
        group = "".join(
            f'<label class="choice" for="a-{item.id}-{place}"><input type="radio" id="a-{item.id}-{place}" '
            f'name="{item.id}" value="{escape(value)}"{" checked" if not value else ""}>{escape(value or "no answer yet")}'
            "</label>"
            for place, value in enumerate(("", *item.choices))
        )
        return (
            f'<fieldset class="q" id="q-{item.id}" role="radiogroup"{needed}{told}><legend>{_safe(item.text)}{need}'
            f"</legend>{said}{group}</fieldset>\n"
        )
    if item.kind == "long_text":
        field = (
            f'<textarea id="a-{item.id}" name="{item.id}" maxlength="{MAX_ANSWER}"{needed}{told}></textarea>'
        )
    else:
        kind = "date" if item.kind == "date" else "text"
        length = {"uei": 12, "cage": 5, "country": 2}.get(item.kind, _ONE_LINE)
        limit = "" if kind == "date" else f' maxlength="{length}"'
        field = (
            f'<input type="{kind}" id="a-{item.id}" name="{item.id}" autocomplete="off"{limit}{needed}{told}>'
        )
    return f'<div class="q" id="q-{item.id}"><label for="a-{item.id}">{_safe(item.text)}{need}</label>{said}{field}</div>\n'


def _list(
    name: str,
    one: str,
    title: str,
    help: str,
    columns: Sequence[tuple[str, str, str]],
    filled: Sequence[Mapping[str, str]],
) -> Iterator[str]:
    yield f'<h2>{title}</h2>\n<p class="help">{_safe(help)}</p>\n<div id="{name}">\n'
    for number, values in enumerate(filled, start=1):
        yield _row(name, one, columns, str(number), values)
    yield (
        f'</div>\n<template id="{name}-row">{_row(name, one, columns, "NUMBER", {})}</template>\n'
        f'<p><button type="button" id="add-{name}" class="plain">Add a {one.lower()}</button></p>\n'
    )


def _row(
    name: str, one: str, columns: Sequence[tuple[str, str, str]], number: str, values: Mapping[str, str]
) -> str:
    fields = "".join(
        f'<div class="q"><label for="{name}-{number}-{key}">{_safe(heading)}</label>'
        f'<p class="help" id="{name}-{number}-{key}-h">{_safe(help)}</p>'
        f'<input type="text" id="{name}-{number}-{key}" data-column="{key}" aria-describedby="{name}-{number}-{key}-h" '
        f'autocomplete="off" value="{_safe(values.get(key, ""))}"></div>'
        for key, heading, help in columns
    )
    return (
        f'<fieldset class="row"><legend>{one} {number}</legend>{fields}'
        f'<button type="button" class="plain remove" aria-label="Remove {one.lower()} {number}">Remove</button></fieldset>\n'
    )
