"""The memo for our own people when a supplier refuses, or does not answer: what that means, and what can be done.

Rules, duties, exceptions and waiver routes come from the knowledge, with their citations; the memo adds no law of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from proscribe.model.casework import SupplierDeclaration
from proscribe.suppliers.questions import SupplierLaw
from proscribe.wording import safe
from proscribe.wording.shown import visible

SCHEMA = "proscribe.supplier-options/1"
NOT_ADVICE = (
    "This memo says what the rules in the knowledge hold. It is no legal advice; counsel decides what to do."
)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be done.

    Attributes:
        id: stable word.
        title: what to do.
        says: what it rests on and what it costs.
        citations: of the rules it rests on; empty for what no rule speaks of.
        open: whether it can be done on the day asked; `None` where that depends on facts that are not known here.
    """

    id: str
    title: str
    says: str
    citations: tuple[str, ...] = ()
    open: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "id": self.id, "title": self.title, "says": self.says, "citations": list(self.citations), "open": self.open,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Memo:
    """What a refusal means, and the options.

    Attributes:
        held: what we hold about the supplier, one sentence each.
        means: what the refusal means and does not mean, with the citation where there is one.
        not_known: what would have to be known to choose.
    """

    supplier: str
    declaration: str
    on: date
    status: str
    why: str
    held: tuple[str, ...]
    means: tuple[tuple[str, str], ...]
    options: tuple[Option, ...]
    not_known: tuple[str, ...]
    knowledge: tuple[str, str]
    searched: int = 0

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values (`proscribe.supplier-options/1`)."""
        return {
            "schema": SCHEMA,
            "supplier": self.supplier,
            "declaration": self.declaration,
            "on": self.on.isoformat(),
            "status": self.status,
            "why": self.why,
            "held": list(self.held),
            "scans_searched": self.searched,
            "means": [{"says": text, "citation": citation} for text, citation in self.means],
            "options": [item.to_json() for item in self.options],
            "not_known": list(self.not_known),
            "knowledge": {"version": self.knowledge[0], "sha256": self.knowledge[1]},
            "note": NOT_ADVICE,
        }


def options_memo(
    law: SupplierLaw,
    item: SupplierDeclaration,
    *,
    on: date,
    asked_by: str,
    held: Sequence[str],
    knowledge: tuple[str, str],
    buys: Sequence[Mapping[str, str]] = (),
    searched: int = 0,
) -> Memo:
    """Put the memo together.

    Args:
        held: what scans of ours show about this supplier, one sentence each; empty when nothing was tested.
        buys: the products that the form named.
        searched: how many scans of ours were looked through.
    """
    goods = "; ".join(" ".join(filter(None, (one.get("product"), one.get("model")))) for one in buys[:10])
    means = [
        ('No answer is not the answer "does not". A document of ours that would rest on it refuses.', ""),
        ("A refusal shows nothing about the products either: it identifies no covered equipment.", ""),
        *(
            (f"The ban that our own representation speaks of: {title}.", citation)
            for title, citation in law.bans
        ),
    ]
    if held:
        means.append(
            (
                "What we hold about its products may be covered equipment. When it is identified during performance, a report is "
                "due, whatever the supplier says: " + "; ".join(title for title, _ in law.reports) + ".",
                "; ".join(citation for _, citation in law.reports),
            )
        )
    return Memo(
        item.supplier,
        f"{item.case_id}/{item.id}",
        on,
        item.status,
        item.refused_why,
        (*held, *([f"It was asked about: {goods}"] if goods else [])),
        tuple(means),
        tuple(_options(law, item, on, asked_by)),
        (
            "whether what it sells is a substantial or essential component, or critical technology, of what we provide or use",
            "whether our contract with it carries the clause that is flowed down",
            "whether our customer's contract names another clause",
        ),
        knowledge,
        searched,
    )


def _options(law: SupplierLaw, item: SupplierDeclaration, on: date, asked_by: str) -> Iterator[Option]:
    yield Option(
        "ask-again",
        "Ask again, for less",
        "Ask for the maker, model and main chip of each product instead of a statement, or for the maker's own letter.",
        open=True,
    )
    if law.flow_down:
        yield Option(
            "flow-down",
            "Point to the clause in our contract with it",
            "A subcontract carries the substance of the clause; what it forbids to provide binds the subcontractor too. What is "
            "not passed on: " + "; ".join(dict.fromkeys(title for title, _ in law.not_passed_on)) + ".",
            tuple(dict.fromkeys(citation for _, citation in (*law.flow_down, *law.not_passed_on))),
        )
    yield Option(
        "look-ourselves",
        "Look at the products ourselves",
        f"{asked_by} answers for its own representation after an inquiry of its own: type plates, network scans, parts lists, "
        "firmware. What they show is scanned and judged; it does not need the supplier's word.",
        tuple(dict.fromkeys(one.citation for name, one in law.statements.items() if name == "use")),
        True,
    )
    yield Option(
        "replace",
        "Buy elsewhere, and take the products out",
        "With a plan: which products, where they are, by when. Until they are out, what is not known stays open.",
        open=True,
    )
    yield Option(
        "disclose",
        'Answer "does" or disclose, where the products are covered',
        "Where what we look at ourselves shows covered equipment, the true answer is the disclosure: "
        + "; ".join(dict.fromkeys(title for title, _ in law.disclosures))
        + ". It is no option for what is only not known.",
        tuple(dict.fromkeys(citation for _, citation in law.disclosures)),
    )
    for title, citation in law.exceptions:
        yield Option(
            "exception",
            f"See whether an exception reaches it: {title}",
            "An exception has to be shown on facts of ours; while they are unknown it lifts nothing.",
            (citation,),
        )
    for route in law.waivers:
        ready = route.is_open(on)
        ended = [end for _, end in route.periods if end is not None and end <= on]
        when = (
            ""
            if ready
            else f" Not to be had on {on.isoformat()}"
            + (f": it ended before {max(ended).isoformat()}." if ended else ".")
        )
        yield Option("waiver", route.title, route.summary + when, route.citations, None if ready else False)
    yield Option(
        "override",
        "Sign all the same",
        "The document lists the missing answer as an obstacle. Somebody other than its author may override it by name, with a "
        "reason that is printed in it. A refusal alone is a poor reason.",
    )


def to_markdown(memo: Memo) -> str:
    """Write the memo as Markdown."""
    return "\n".join(_lines(memo, safe.markdown)) + "\n"


def to_text(memo: Memo) -> str:
    """Write the memo for a terminal: the same lines, without the marks that Markdown needs."""
    return "\n".join(_lines(memo, visible)).replace("**", "") + "\n"


def _lines(memo: Memo, escape: Callable[..., str]) -> Iterator[str]:
    words = {"refused": "refuses to answer", "asked": "has not answered", "silent": "has not answered"}
    yield f"# {escape(memo.supplier)} {words.get(memo.status, memo.status)}: what can be done"
    yield ""
    yield f"{escape(memo.declaration)}, as of {memo.on.isoformat()}. {escape(NOT_ADVICE)}"
    if memo.why:
        yield ""
        yield f"What it said, or how we know: {escape(memo.why, 2_000)}"
    yield ""
    yield "## What we hold"
    yield ""
    yield from (f"- {escape(text, 1_000)}" for text in memo.held)
    if not memo.held:
        yield "- Nothing, as far as was looked."
    yield f"- Scans of ours that were looked through: {memo.searched}." + (
        "" if memo.searched else " What it sold us was not looked at."
    )
    yield ""
    yield "## What it means"
    yield ""
    for text, citation in memo.means:
        yield f"- {escape(text, 1_000)}" + (f" ({escape(citation)})" if citation else "")
    yield ""
    yield "## Options"
    for number, item in enumerate(memo.options, start=1):
        mark = {True: "", False: " (not to be had on that day)", None: ""}[item.open]
        yield ""
        yield f"{number}. **{escape(item.title)}**{mark}"
        yield ""
        yield f"   {escape(item.says, 2_000)}"
        if item.citations:
            yield ""
            yield f"   Rests on: {escape('; '.join(item.citations), 1_000)}"
    yield ""
    yield "## Not known here"
    yield ""
    yield from (f"- {escape(text)}" for text in memo.not_known)
    yield ""
    yield f"Knowledge {escape(memo.knowledge[0])}, {escape(memo.knowledge[1])}."
