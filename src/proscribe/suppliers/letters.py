"""Texts for people to send: the request, a reminder, a question about an answer. The program itself sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from proscribe.model.suppliers import SupplierForm
from proscribe.wording.shown import visible


def _head(form: SupplierForm, subject: str) -> list[str]:
    to = f"To: {visible(form.email, 600)}" if form.email else "To: (no address is on the vendor list)"
    return [to, f"Subject: {subject}", ""]


def request_letter(form: SupplierForm, files: Sequence[str]) -> str:
    """Write the text that goes with the form.

    Args:
        files: names of the files to attach.
    """
    lines = [
        *_head(
            form,
            f"Supplier declaration for {visible(form.asked_by, 600)}, please answer by {form.due_on.isoformat()}",
        ),
        f"To {visible(form.supplier, 600)}:",
        "",
        f"{visible(form.asked_by, 600)} asks its suppliers whether what they provide, use or build in comes from one of these "
        f"firms, their subsidiaries or affiliates: {', '.join(form.firms)}. The questions and the rules that they come from "
        "stand in the form.",
        "",
        f"Please answer by {form.due_on.isoformat()}, in one of two ways:",
        "",
        *(f"- {visible(name, 600)}" for name in files),
        "",
        "The page opens in any browser, works without a network and sends nothing: it saves a file, which you send to us. The "
        "workbook is filled in and sent back. Either is enough.",
        "",
        '"Not known" is an answer. If you decline, please say so in the form.',
        "",
        visible(form.contact or form.asked_by, 600),
        f"(form {form.id})",
    ]
    return "\n".join(lines) + "\n"


def reminder_letter(form: SupplierForm, on: date, number: int) -> str:
    """Write a reminder.

    Args:
        on: the day on which it is written.
        number: 1 for the first reminder of this form, 2 for the second.
    """
    late = (on - form.due_on).days
    if late > 0:
        when = f"It was due on {form.due_on.isoformat()}, {late} day{'s' if late != 1 else ''} ago."
    elif late == 0:
        when = "It is due today."
    else:
        when = f"It is due on {form.due_on.isoformat()}, in {-late} day{'s' if late != -1 else ''}."
    lines = [
        *_head(form, f"Reminder {number}: supplier declaration for {visible(form.asked_by, 600)}"),
        f"To {visible(form.supplier, 600)}:",
        "",
        f"On {form.asked_on.isoformat()} we sent you a form about covered equipment, and hold no answer yet. {when}",
        "",
        'If you cannot answer a question, choose "not known". If you decline, please say so in the form: without any word from '
        "you, we treat your products as unanswered, look at them ourselves, and may have to leave them out of what we offer.",
        "",
        visible(form.contact or form.asked_by, 600),
        f"(form {form.id})",
    ]
    return "\n".join(lines) + "\n"


def question_letter(form: SupplierForm, points: Sequence[str]) -> str:
    """Write a question about an answer that our own records speak against, or leave in doubt.

    Args:
        points: what was found, one sentence each.
    """
    lines = [
        *_head(form, f"Question about your declaration to {visible(form.asked_by, 600)}"),
        f"To {visible(form.supplier, 600)}:",
        "",
        "Thank you for your answer. We compared it with what we hold, and do not understand these points:",
        "",
        *(f"{number}. {visible(text, 1_000)}" for number, text in enumerate(points, start=1)),
        "",
        "We may be wrong: a record may be old, and a label may mislead. Please tell us for each point what is so, and how it can "
        "be seen: a parts list, a photograph of the type plate, a letter of the maker.",
        "",
        visible(form.contact or form.asked_by, 600),
        f"(form {form.id})",
    ]
    return "\n".join(lines) + "\n"
