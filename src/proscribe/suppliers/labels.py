"""Words that the form says in each of its shapes."""

from __future__ import annotations

from proscribe.model.suppliers import SupplierForm

#: Characters of an answer whose kind has a fixed length.
ANSWER_LENGTHS = {"uei": 12, "cage": 5, "country": 2}


def directions(form: SupplierForm, *, how: str) -> list[str]:
    """Say who asks, what for, and how to answer.

    Args:
        how: `workbook` or `page`.
    """
    lines = [
        f"{form.asked_by} asks {form.supplier} on {form.asked_on.isoformat()}. Please answer by {form.due_on.isoformat()}.",
        f"Send the answer to {form.contact}."
        if form.contact
        else "Send the answer to whoever sent you this form.",
        "What is asked about: telecommunications and video surveillance equipment and services produced or provided by these "
        f"firms, their subsidiaries and affiliates: {', '.join(form.firms)}. What is sold under another name counts as well.",
        '"Not known" is an answer: it is better than one that turns out to be wrong.',
        "We compare the answers with our own records, and ask again where they disagree.",
    ]
    if form.flow_down:
        lines.append(f"What the law says about your own suppliers: {form.flow_down}.")
    if how == "workbook":
        lines.append(
            "Fill in the yellow cells of the sheets Answers, Products and Files, save the workbook, and send it back. Write "
            "texts, not formulas: formulas are not read."
        )
    else:
        lines.append(
            "This page works without any network and sends nothing. Fill it in, press Save the answers, and send us the file "
            "that was saved."
        )
    return lines
