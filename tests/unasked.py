"""Facts that the law asks of nobody of a role or thing: stated they can only add, so taking one away is no loss of knowledge.

Each row says of which cases this is so, as narrowly as the rules have it; of every other case the burden of knowledge holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proscribe.app.rules.decide import Decider
from proscribe.rules.denials import denied_in

SERVICES = ("telecommunications_service", "video_surveillance_service")
SOFTWARE = ("software", "vehicle_software", "other")
PROGRAMME_MAKERS = {"kaspersky", "bytedance", "acronis"}
SEMICONDUCTORS = {"smic", "cxmt", "ymtc"}
BATTERIES = {"catl", "byd", "envision", "eve", "gotion", "hithium"}
RECIPIENTS = ("grant_recipient", "subrecipient", "public_body")
CONTRACTING = ("award_contract", "extend_contract", "exercise_option", "place_order", "continue_contract")
USING = ("use", "keep_in_operation", "maintain", "install_new")
#: They are firms or operators by what is stated of them; an agency of their contract makes them contractors beside that.
FIRMS = ("telecom_operator", "private_company", "equipment_maker")
CONTRACTORS = ("offeror", "prime_contractor", "subcontractor")

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A fact that nobody is asked for.

    Attributes:
        fact: its name.
        why: in one sentence.
        of: tells whether it is so of a case with these facts; the fact is stated.
    """

    fact: str
    why: str
    of: Callable[[Facts, Decider], bool]


def _kind(facts: Facts) -> Any:
    return facts.get("item.kind")


def _is_other(facts: Facts, _: Decider) -> bool:
    return facts.get("item.producer") == "other"


def _contradicted_award(facts: Facts, _: Decider) -> bool:
    """What contradicts the rest of the case is an addition; so is all of it where neither recipient nor spending is stated."""
    contradicts = (facts.get("funds.kind"), facts.get("funds.federal_award")) in (
        ("cost_share", False), ("direct", False), ("indirect", False), ("own", True),
    )  # fmt: skip
    if contradicts or facts.get("party.role") in (*RECIPIENTS, None):
        return contradicts
    return facts.get("act.kind") != "spend_award_funds" and facts.get("party.role") in (*FIRMS, *CONTRACTORS)


def _of_a_firm_that_contracts(facts: Facts, _: Decider) -> bool:
    return facts.get("party.role") in FIRMS and facts.get("act.kind") in CONTRACTING


def _used_by_no_contractor(facts: Facts, _: Decider) -> bool:
    return facts.get("party.role") in (*FIRMS, *RECIPIENTS) and facts.get("act.kind") in (
        *USING, *CONTRACTING, "procure", None,
    )  # fmt: skip


def _used_by_another(facts: Facts, _: Decider) -> bool:
    """What others use, and what a subcontractor uses itself, for a federal contract."""
    return facts.get("party.role") in CONTRACTORS and (
        facts.get("use.by") in ("parent", "affiliate", "subcontractor", "third_party", "landlord", None)
        or (facts["party.role"] == "subcontractor" and facts["use.by"] == "the_entity")
    )


UNASKED = (
    Unasked("item.brand", "a label casts doubt on what is said of the maker", _is_other),
    Unasked("item.origin", "a country of production casts doubt on what is said of the maker", _is_other),
    Unasked(
        "item.contains_producer", "of a service it is asked what it runs on",
        lambda facts, _: _kind(facts) in SERVICES and bool(facts["item.contains_producer"]),
    ),
    Unasked(
        "item.contains_producer", "of equipment it is not asked whether a maker of programmes is inside",
        lambda facts, _: _kind(facts) not in (*SERVICES, *SOFTWARE, None)
        and bool(PROGRAMME_MAKERS & {*facts["item.contains_producer"]}),
    ),
    Unasked(
        "item.service_uses_producer", "of a thing it is asked what is inside",
        lambda facts, _: _kind(facts) not in (*SERVICES, "other", "passive_accessory", None)
        and facts["item.service_uses_producer"] != "other",
    ),
    Unasked(
        "contract.agency", "the buyer's agency stands for it while it is not stated",
        lambda facts, _: facts.get("party.agency", facts["contract.agency"]) != facts["contract.agency"],
    ),
    Unasked("contract.agency", "a firm is not asked whether its contract is one of an agency", _of_a_firm_that_contracts),
    Unasked("contract.agency", "who uses it and is no contractor is not asked of a contract of an agency", _used_by_no_contractor),
    Unasked(
        "contract.agency", "elsewhere the law of the Department of Defense is asked only where its contract is stated",
        lambda facts, _: facts["contract.agency"] == "DoD" and facts.get("party.jurisdiction", "US") != "US",
    ),
    Unasked(
        "contract.agency", "an agency of the intelligence community contradicts that it is not for that community, which is asked by itself",
        lambda facts, _: facts["contract.agency"] == "Intelligence Community"
        and facts.get("contract.is_intelligence_or_sci") is False,
    ),
    Unasked(
        "party.agency", "it stands for the agency of the contract while that is not stated",
        lambda facts, decider: "contract.agency" not in facts
        and (_of_a_firm_that_contracts(facts, decider) or _used_by_no_contractor(facts, decider)),
    ),
    Unasked(
        "contract.counterparty", "what is known of the seller outweighs what is stated of its owner",
        lambda facts, _: "contract.counterparty_owner_country" in facts,
    ),
    Unasked(
        "contract.counterparty", "of a running contract nobody is asked who the firm is, since carrying on is not barred",
        lambda facts, _: facts.get("act.kind") == "continue_contract",
    ),
    Unasked(
        "use.by", "a firm is not asked whether the Government uses what it acts on, since part B asks who uses it",
        lambda facts, _: facts["use.by"] == "government"
        and facts.get("party.role") in (*FIRMS, *CONTRACTORS, None),
    ),
    Unasked(
        "use.supports_federal_contract", "who is stated to be no contractor is not asked what its use supports",
        lambda facts, _: facts["use.supports_federal_contract"] is True
        and facts.get("party.role") in (*FIRMS, *RECIPIENTS),
    ),
    Unasked(
        "use.supports_federal_contract", "a contractor is not asked whether what others use supports a federal contract",
        lambda facts, decider: facts["use.supports_federal_contract"] is True and _used_by_another(facts, decider),
    ),
    *(
        Unasked(
            name, "who is stated to run no network is not asked what only an operator has",
            lambda facts, _: facts.get("party.role") not in ("telecom_operator", None),
        )
        for name in ("party.is_directed_provider", "party.holds_individual_agreement")
    ),
    Unasked(
        "buyer.is_government", "elsewhere a firm is not asked whether it acts for a public body",
        lambda facts, _: facts["buyer.is_government"] is True
        and facts.get("party.role") in (*FIRMS, *RECIPIENTS, *CONTRACTORS),
    ),
    Unasked(
        "contract.counterparty", "who offers or provides is not asked with whom the agency contracts",
        lambda facts, _: facts.get("act.kind") in ("provide_to_government", "represent")
        or (facts.get("party.role") == "subcontractor" and "act.kind" not in facts),
    ),
    Unasked(
        "item.supplied_by", "a seller is asked after in networks, and not of semiconductors",
        lambda facts, _: facts["item.supplied_by"] in SEMICONDUCTORS,
    ),
    Unasked(
        "item.service_uses_producer", "nobody is asked on whose semiconductors a service runs",
        lambda facts, _: facts["item.service_uses_producer"] in SEMICONDUCTORS,
    ),
    Unasked(
        "item.service_uses_producer", "the Department is not asked on whose goods a service runs",
        lambda facts, _: facts.get("contract.agency", facts.get("party.agency")) == "DoD",
    ),
    Unasked(
        "party.status", "who is stated to be no carrier is not asked whether it is an eligible one",
        lambda facts, _: facts.get("party.role") not in ("telecom_operator", None),
    ),
    Unasked(
        "item.contains_producer", "nobody is asked whose battery is inside a thing",
        lambda facts, _: bool(BATTERIES & {*facts["item.contains_producer"]}),
    ),
    Unasked("funds.kind", "only recipients are asked which funds pay", _contradicted_award),
    Unasked("funds.federal_award", "only recipients are asked whether an award pays", _contradicted_award),
    Unasked(
        "funds.federal_award", "elsewhere only who spends the funds of an award is asked whether it is a federal one",
        lambda facts, _: facts.get("party.jurisdiction", "US") != "US" and facts.get("act.kind") != "spend_award_funds",
    ),
    Unasked(
        "party.is_under_individual_order", "an order adds to the lists that authorities have published",
        lambda facts, _: facts["party.is_under_individual_order"] is True,
    ),
    Unasked(
        "party.subdivision", "only public bodies, and recipients of awards, are asked in which state they act",
        lambda facts, _: facts.get("party.role") in (*FIRMS, *CONTRACTORS),
    ),
    Unasked(
        "party.jurisdiction", "the law of a nation of which no rule is held is asked only where that nation is stated",
        lambda facts, decider: facts["party.jurisdiction"] not in {one.jurisdiction for one in decider.law.regimes.values()},
    ),
    Unasked(
        "item.produced_on", "a day of make after which it cannot have been in a network contradicts what is said of its induction",
        lambda facts, _: "use.since" in facts,
    ),
    Unasked(
        "party.body_kind", "only public bodies are asked what kind of body they are",
        lambda facts, _: facts.get("party.role") not in ("public_body", "government_buyer", None),
    ),
)  # fmt: skip


def is_unasked(facts: Facts, name: str, decider: Decider) -> bool:
    """Tell whether a fact of a case is one that the law asks of no such party and thing."""
    return any(row.fact == name and row.of(facts, decider) for row in UNASKED) or any(
        one.by == name
        for one in denied_in(
            facts, decider.law.denials
        )  # without what denies another statement that one stands
    )
