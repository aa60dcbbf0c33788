"""What a supplier is asked, with the citation of what asks it; the law's own words and numbers come from the knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from proscribe.documents.law import Statement, paper_law
from proscribe.kb.snapshot import Snapshot
from proscribe.model.suppliers import FormQuestion

_DECLINE = "If you do not answer"
_IDENTITY = "Who you are"
_ANSWERS = "Covered equipment"
_LOWER = "Your own suppliers"
_SIGNER = "Who answers"


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a waiver, and when it is open.

    Attributes:
        periods: first day, and the day after the last or `None`, of each period.
    """

    id: str
    title: str
    citations: tuple[str, ...]
    summary: str
    periods: tuple[tuple[date | None, date | None], ...]

    def is_open(self, day: date) -> bool:
        """Tell whether the route can be taken on a day."""
        return any(
            (start is None or start <= day) and (end is None or day < end) for start, end in self.periods
        )


@dataclass(frozen=True, slots=True)
class SupplierLaw:
    """What the knowledge says that a form, a letter or a memo repeats.

    Attributes:
        statements: question to the statement of the document that asks it.
        flow_down: title and citation of each duty to pass the clause on.
        not_passed_on: title and citation of what is left out when it is passed on.
        waivers: title, citations and period of the routes to a waiver; first day, and day after the last or `None`.
        bans, disclosures, reports, exceptions: title and citation of the rules, duties and exceptions of these regimes.
        months: how long an answer holds.
        firms: names of the named firms.
    """

    statements: dict[str, Statement]
    flow_down: tuple[tuple[str, str], ...]
    not_passed_on: tuple[tuple[str, str], ...]
    waivers: tuple[Route, ...]
    bans: tuple[tuple[str, str], ...]
    disclosures: tuple[tuple[str, str], ...]
    reports: tuple[tuple[str, str], ...]
    exceptions: tuple[tuple[str, str], ...]
    months: int
    firms: tuple[str, ...]


def supplier_law(knowledge: Snapshot, on: date | None = None) -> SupplierLaw:
    """Read it.

    Args:
        knowledge: the knowledge.
        on: duties of editions of a clause that are no longer used on that day are left out; all are given by default.

    Raises:
        KnowledgeError: E228, E215 as for `paper_law`.
    """
    yearly = paper_law(knowledge, "annual-representation")
    product = paper_law(knowledge, "product-certificate")
    statements = {one.id: one for one in (*yearly.statements, *product.statements)}
    regimes = {name for one in statements.values() for name in one.regimes}
    duties = tuple(_duties(knowledge, regimes, on))

    def of(kind: str) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys(pair for one, pair in duties if one == kind))

    names = {str(row["id"]): str(row.get("name") or row["id"]) for row in knowledge.table("entities")}
    firms = sorted(
        {str(row["entity"]) for row in knowledge.table("listings") if row.get("list") in regimes} & set(names)
    )
    valid = yearly.valid or {}
    return SupplierLaw(
        statements,
        of("flow_down"),
        of("do_not_flow_down"),
        tuple(_waivers(knowledge)),
        of("rule"),
        of("disclose"),
        of("report"),
        of("exception"),
        int(str(valid.get("count", 12))) if valid.get("unit", "month") == "month" else 12,
        tuple(names[one] for one in firms),
    )


def _duties(knowledge: Snapshot, regimes: set[str], on: date | None) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield kind, and title with citation, of what binds under these regimes."""
    for path, value in sorted(knowledge.documents("regimes/").items()):
        if not path.endswith("/rules") or not isinstance(value, dict):
            continue
        regime = path.split("/")[1]
        own = regime in regimes
        past = {
            (str(clause["clause"]), str(edition["edition"]))
            for clause in value.get("clauses") or ()
            for edition in clause.get("editions") or ()
            if on is not None and edition.get("to") and date.fromisoformat(str(edition["to"])) <= on
        }
        for one in value.get("obligations") or ():
            editions = [(str(one.get("clause")), str(name)) for name in one.get("editions") or ()]
            over = bool(editions) and past.issuperset(editions)
            if regimes & set(one.get("for") or ()) and str(one.get("confidence", "")) != "low" and not over:
                yield str(one["kind"]), (str(one["title"]), str(one["citation"]))
        # Exceptions that several regimes share lie with the family that the regimes belong to.
        shared = any(name.startswith(f"{regime}-") for name in regimes)
        for kind, field in (("rule", "rules"), ("exception", "exceptions")):
            for one in value.get(field) or ():
                if own or shared:
                    yield kind, (str(one["title"]), str(one["citation"]))


def _waivers(knowledge: Snapshot) -> Iterator[Route]:
    for path, value in sorted(knowledge.documents("regimes/").items()):
        if path.endswith("/regime") and isinstance(value, dict) and value.get("kind") == "waiver":
            yield Route(
                str(value["regime"]),
                str(value["title"]),
                tuple(str(item) for item in value.get("citations") or ()),
                " ".join(str(value.get("summary", "")).split()),
                tuple((_day(one.get("from")), _day(one.get("to"))) for one in value.get("in_force") or ()),
            )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def flow_down_words(law: SupplierLaw) -> str:
    """Say what has to be passed on to the tiers below, each clause once: with its citation and what is left out of it."""
    found: dict[tuple[str, str], list[str]] = {}
    for title, citation in law.flow_down:
        left_out = "; ".join(words for words, place in law.not_passed_on if place == citation)
        found.setdefault((title, left_out), []).append(citation)
    return " ".join(
        f"{title} ({', '.join(dict.fromkeys(cites))})"
        + (f": {left_out[0].lower()}{left_out[1:]}." if left_out else ".")
        for (title, left_out), cites in found.items()
    )


def form_questions(law: SupplierLaw, supplier: str, asked_by: str) -> tuple[FormQuestion, ...]:
    """Give the questions for one supplier.

    Args:
        law: from `supplier_law`.
        supplier: its name as on our list.
        asked_by: the organisation that asks.
    """
    flow = "; ".join(citation for _, citation in law.flow_down)
    return (
        _plain("decline", _DECLINE, "Do you decline to answer?", "decline",
               "If yes, say why, give your name at the end, and leave the rest. Who declines has not answered."),
        _plain("decline_why", _DECLINE, "If you decline: why?", "long_text"),
        _plain("legal_name", _IDENTITY, "Legal name of your company", "text", "as registered", required=True),
        _plain("uei", _IDENTITY, "Unique entity identifier (UEI)", "uei",
               "12 letters and digits, as in SAM; leave it empty if you have none"),
        _plain("cage", _IDENTITY, "CAGE code", "cage", "5 letters and digits; leave it empty if you have none"),
        _plain("country", _IDENTITY, "Country of incorporation", "country", "two letters, such as US"),
        _plain("parent", _IDENTITY, "Company that owns or controls yours", "long_text",
               "the immediate owner and the highest one, with country, one on a line; write none if there is none"),
        _stated(law, "provide", supplier, asked_by,
                f"Directly or through {asked_by}. Answer for your company as it is today.", required=True),
        _stated(law, "use", supplier, asked_by,
                "After you looked: at what you own, rent and let others run for you. We ask this of our own accord, to "
                "know whom we depend on."),
        _stated(law, "contain", supplier, asked_by,
                f"Of everything you sell to {asked_by}: as a whole, in a part, in a chip, or under another badge.",
                required=True),
        _plain("products_complete", _ANSWERS,
               f"Does the list of products name everything you sell to {asked_by} that computes, communicates or takes "
               "pictures?", "yes_no"),
        _plain("explain", _ANSWERS,
               'If you answered "does" or "not known": which products, and what do you do about it?', "long_text"),
        FormQuestion("flow_down", _LOWER, "Did you ask your own suppliers the same questions?", "yes_no",
                     "About what you resell or build in.", flow),
        _plain("lower_suppliers", _LOWER, "Names of the suppliers of what you sell to us", "long_text",
               "one on a line; write confidential if you may not say"),
        _plain("signer", _SIGNER, "Name of the person who answers for the company", "text",
               "a person, not a department", required=True),
        _plain("signer_title", _SIGNER, "Title of that person", "text", required=True),
        _plain("signer_email", _SIGNER, "E-mail of that person", "text"),
        _plain("answered_on", _SIGNER, "Date of the answer", "date", "such as 2026-12-01", required=True),
    )  # fmt: skip


def _plain(
    name: str, section: str, text: str, kind: str, help: str = "", *, required: bool = False
) -> FormQuestion:
    return FormQuestion(name, section, text, kind, help, "", required)


def _stated(
    law: SupplierLaw, name: str, supplier: str, asked_by: str, help: str, *, required: bool = False
) -> FormQuestion:
    statement = law.statements[name]
    asks = statement.asks.replace("{organisation}", supplier or "your company")
    if name == "contain":
        asks = asks.replace("the offering", f"anything you sell to {asked_by}")
    return FormQuestion(name, _ANSWERS, f"State {asks}.", "says", help, statement.citation, required)
