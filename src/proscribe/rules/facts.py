"""The closed vocabulary of facts: type, values, meaning, who can say; and the check of a case's facts against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal

from proscribe.model.periods import Period, day_after_last, first_day, parse_day
from proscribe.wording.nations import nation_code, nation_name, nations

#: Types of facts. `date_or_year` values are a date or, for a year, a `Period`; `date_or_instant` a date or an
#: aware datetime, those of a `number` a `Decimal`; lists are tuples of texts.
FactType = Literal[
    "bool", "integer", "number", "date", "date_or_year", "date_or_instant", "text", "agency", "country", "subdivision",
    "choice", "choices", "entity", "entities", "clauses", "texts",
]  # fmt: skip
#: Types whose values are tuples of texts.
LIST_TYPES = ("choices", "entities", "clauses", "texts")
#: Types that can be compared with a number.
NUMBER_TYPES = ("integer", "number")
_MAX_TEXT = 400
_MAX_LIST = 200
#: Codes of nations, and two in common use beside them that are none.
_COUNTRIES = frozenset({*nations(), "XX", "ZZ"})
#: What to do about several nations.
_ONE_NATION = (
    "one country: open a case for each legal entity, in its country, and keep a store for each organisation"
)
#: Codes that people write and that are none.
_MISWRITTEN = {"UK": "GB", "EL": "GR", "EN": "GB", "JA": "JP", "KO": "KR", "SP": "ES"}
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_ALTERNATE = re.compile(r"[ ,]*\bALT(?:ERNATE|\.)?\s*(I{1,3})\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(\d{2,4}\.\d{2,4}-\d{1,5})"
    r"(?:\s*[(\[]?\s*(?:DEVIATION[ ,]*)?(?:([A-Za-z]{3})[A-Za-z]*\.?[\s-]+(\d{4}))?\s*[)\]]?)?"
)
#: What people write before the number of a clause: where it is printed.
_COLLECTION = re.compile(r"(?:(?:48 ?C\.?F\.?R\.?|FAR|DFARS|RFO)[ ,:]*|§{1,2} *)+", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_INTEGER = re.compile(r"-?\d{1,9}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")

ROLES = (
    "government_buyer",
    "offeror",
    "prime_contractor",
    "subcontractor",
    "grant_recipient",
    "subrecipient",
    "telecom_operator",
    "public_body",
    "private_company",
    "equipment_maker",
)
ACTS = (
    "procure", "provide_to_government", "award_contract", "extend_contract", "exercise_option", "place_order",
    "continue_contract", "use", "represent", "spend_award_funds", "install_new", "keep_in_operation", "maintain",
    "import", "market", "authorize_equipment", "resell_privately", "waive",
)  # fmt: skip
ITEM_KINDS = (
    "telecommunications_equipment", "video_surveillance_equipment", "telecommunications_service",
    "video_surveillance_service", "semiconductor", "software", "uas", "router_consumer", "power_inverter", "robot",
    "battery", "vehicle_software", "vehicle_connectivity_hardware", "passive_accessory", "storage", "other",
)  # fmt: skip
PURPOSES = (
    "public_safety",
    "government_facility_security",
    "critical_infrastructure_surveillance",
    "other_national_security",
    "none",
)
READINGS = {
    "reading.telecommunications_equipment": "Is a thing of this kind telecommunications equipment?",
    "reading.use": "Is a stored, a landlord's or a hotel's device used by the entity?",
    "reading.own_use_of_connected_service": (
        "Does the third-party-service exception reach a contractor's own use under the 2020 clauses?"
    ),
    "reading.one_limb": "Is equipment excepted that meets one limb of the no-routing exception only?",
    "reading.disclosure_clock_start": "When do the 72 hours of 52.240-90(g)(1) begin?",
    "reading.contract_with_user": (
        "May grant funds be paid to a contractor that itself uses covered equipment?"
    ),
    "reading.producer_ownership": (
        "Does the producer count as a subsidiary: sale day unverified, or sold after production?"
    ),
    "reading.provided": "Did the firm provide what the Government uses, or did the agency have it already?",
    "reading.entity": "Who is the entity: a member of a joint venture, an affiliate that performs the contract?",
    "reading.purpose": "Does this use of a camera serve a listed purpose?",
    "reading.network_scope": "Does guidance for one network generation reach another?",
    "reading.statute_not_read": "What do the words of the act say? They are not in hand.",
    "reading.order_publication": "Does an order bind the contract that is not yet in SAM, or came after the solicitation?",
}


#: Readings on which the law is plain and a source is missing: nobody has shown who owned the maker, and when.
SOURCE_MISSING = frozenset({"reading.producer_ownership"})

#: The facts that some rule presumes of a thing itself until they are shown: stated, they can only take a thing out of it.
PRESUMED = frozenset({"item.role_in_system", "network.link"})
#: Lists that tell what holds and not that nothing else does, as each nation has a status of its own; one that has nothing but the
#: value after them denies all.
OPEN_LISTS = frozenset({"party.status"})
NONE_OF_THEM = "none"
#: The fact by which a case says whose law is asked.
PLACE_FACT = "party.jurisdiction"
CLAUSES = "contract.clauses"
#: Asked only once another is answered: hardly anybody can say whose parts are inside, and most know what a camera is for; whether
#: an award pays settles as much as which of its funds do.
AFTER = {"item.contains_producer": "item.purpose", "funds.kind": "funds.federal_award"}


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact of the vocabulary.

    Attributes:
        name: such as `item.producer`.
        type: of its values.
        values: the closed list, for `choice` and `choices`.
        unit: of an integer, else empty.
        meaning: one sentence.
        question: how to ask a person.
        help: how to find the answer.
        who: who can say.
        for_kinds: how it is asked where all things are of some kinds, as `item.kind` names them; the first that fits.
        for_any: how it is asked where the kinds differ, or one is not known; empty where it is asked as of any other thing.
        in_lists: kind of list to how it is asked of what such a list names: a line of a list of vendors is a firm, and no thing.
        as_read: how it is asked of things whose maker was read off them and still has to be confirmed; `{maker}` stands for it.
        of_nations: entries of the closed list that only the law of some nations knows, with their codes.
    """

    name: str
    type: FactType
    meaning: str
    question: str
    help: str
    who: str
    values: tuple[str, ...] = ()
    unit: str = ""
    for_kinds: tuple[tuple[frozenset[str], str], ...] = ()
    for_any: str = ""
    of_nations: tuple[tuple[str, frozenset[str]], ...] = ()
    in_lists: tuple[tuple[str, str], ...] = ()
    as_read: str = ""

    def values_in(self, nations: Iterable[str]) -> tuple[str, ...]:
        """Give the entries of the closed list that the law of one of some nations knows; all where no nation is told."""
        told = set(nations)
        only = dict(self.of_nations)
        return tuple(one for one in self.values if not told or one not in only or told & only[one])

    def asked_of(self, kinds: Iterable[str | None]) -> str:
        """Give the question as it is asked of things of some kinds, as `item.kind` names them; `None` is not known."""
        held = set(kinds)
        if not held:
            return self.question
        return next(
            (asked for fitting, asked in self.for_kinds if held <= fitting), self.for_any or self.question
        )

    def asked_in(self, lists: Iterable[str]) -> str:
        """Give the question as it is asked of what stands in lists of some kinds; empty where it is asked as elsewhere."""
        held = set(lists)
        return dict(self.in_lists).get(next(iter(held)), "") if len(held) == 1 else ""


_SERVICES = frozenset({"telecommunications_service", "video_surveillance_service"})
#: Kinds of things that people look through or at; what is of any other takes no pictures.
_SEEING = frozenset(
    {"video_surveillance_equipment", "video_surveillance_service", "uas", "robot", "software"}
)
_ANYONE = "the person who asks"
_BUYING = "contracting staff"
_ENGINEER = "network or site engineer"
_INVENTORY = "inventory, label or supplier"
_COUNSEL = "counsel"

# In the order in which a person can answer them: who is asking, what is done, which thing, how it is used, the contract,
# then what needs a file or an engineer.
_SPECS = (
    FactSpec("party.jurisdiction", "country", "Country whose law the party asks about.", "In which country do you act?",
             "Two letters, such as US or GB; EU for the Union. Each legal entity has a case of its own, in its country.",
             _ANYONE),
    FactSpec("party.role", "choice", "What the party is in this matter.", "What are you in this matter?",
             "An offeror has not been awarded the contract yet; a prime contractor has.", _ANYONE, ROLES),
    FactSpec("party.subdivision", "subdivision", "State or province whose law the party asks about.",
             "In which state do you act?", "Such as US-LA; the law of that state is asked.", _ANYONE),
    FactSpec("party.body_kind", "choices",
             "What kinds of public body the party is: of the nation itself, or of a state, a city or a school below it.",
             "What kind of public body are you?",
             "A law reaches some kinds of bodies and not others; several where you are several, such as a county with a "
             "university; `none` of a party that is no public body.", _ANYONE,
             ("national_body", "state_agency", "local_government", "public_school", "public_university",
              "private_school_state_funded", "court_or_legislature", "none"),
             of_nations=(("private_school_state_funded", frozenset({"US"})), ("court_or_legislature", frozenset({"US"})))),
    FactSpec("act.kind", "choice", "What is done or about to be done.", "What do you want to do?",
             "One act per case.", _ANYONE, ACTS),
    FactSpec("act.passes_on", "bool",
             "Whether what was bought, or is kept in stock, goes to others: is sold, leased, or installed for them.",
             "Do you sell, lease or install for others any of what you bought or keep in stock?",
             "Yes where you do so with some of it; you are then asked of each list. No where all of it is for your own use. "
             "A list or a row that names a customer or a job is asked about by itself.", "sales, purchasing"),
    FactSpec("party.agency", "agency", "Short name of the agency concerned.", "Which agency?",
             "Such as DoD, GSA or DHS.", _BUYING),
    FactSpec("item.producer", "entity", "Who produced the thing or provides the service.", "Who made it?",
             "The maker, not the label or the seller; `other` when shown to be none of the named firms.", _INVENTORY,
             for_kinds=((_SERVICES, "Who provides the service?"),),
             in_lists=(("vendors", "Who made what you bought of this firm?"),),
             as_read="It was read as a thing of {maker}. Did {maker} make it, or who else?"),
    FactSpec("item.brand", "text", "The name on the label.", "Which brand is on it?", "As printed.", _INVENTORY),
    FactSpec("item.kind", "choice", "What the thing or service is.", "What kind of thing is it?",
             "Choose the nearest; passive accessories are mounts, cables and housings.", _INVENTORY, ITEM_KINDS,
             in_lists=(("vendors", "What kind of thing did you buy of this firm?"),)),
    FactSpec("item.purpose", "choices", "Which of the four listed purposes it serves.",
             "Who looks at these pictures, or uses it, and why?",
             "Several may hold; none only when somebody looked. For a car park and its like see `proscribe law purposes`.",
             "site owner", PURPOSES, for_any="Who uses it, or looks at its pictures, and what for?",
             for_kinds=((_SEEING, "Who looks at these pictures, or uses it, and why?"),
                                                (frozenset(ITEM_KINDS) - _SEEING, "Who uses it, and what for?"))),
    FactSpec("item.role_in_system", "choice", "Its part in the system.",
             "Would the equipment, system or service that it is part of function and perform properly without it?",
             "substantial or essential component when not; critical technology; neither when it would, and somebody can show it.",
             _ENGINEER, ("substantial_or_essential_component", "critical_technology", "neither")),
    FactSpec("item.provides_advanced_communications", "bool",
             "Whether it provides advanced communications service (47 CFR 1.50001).",
             "Does it carry at least 200 kbps in either direction?", "Narrow-band radio does not.", _ENGINEER),
    FactSpec("item.contains_producer", "entities", "Makers whose covered equipment is a component of it.",
             "Which of Huawei, ZTE, Hikvision, Hytera and Dahua, or firms of theirs such as HiSilicon, made a part inside it?",
             "Their names; none when a reasonable inquiry has shown that there is none. Mostly the maker or the supplier alone "
             "can say.", _INVENTORY, for_kinds=((_SERVICES, "Equipment of which of Huawei, ZTE, Hikvision, Hytera and Dahua, or "
             "firms of theirs such as HiSilicon, is part of the service?"),)),
    FactSpec("item.contains_part", "choices", "What kind of part those makers made.", "What kind of part is it?",
             "A module that transmits, a part with logic on it, or a passive or mechanical part.", _INVENTORY,
             ("modular_transmitter", "logic_bearing", "passive_or_mechanical")),
    FactSpec("item.supplied_by", "entity", "Who supplies or provides it, whoever made it.", "Who supplies it?",
             "The seller or service provider; `other` when shown to be none of the named firms.", _INVENTORY),
    FactSpec("item.service_uses_producer", "entity", "Maker whose equipment a service by someone else runs on.",
             "Whose equipment does the service run on?", "Ask the provider; `other` when shown to be none.", "provider",
             for_kinds=((frozenset(ITEM_KINDS) - _SERVICES, "Whose equipment does it run on, if it is a service or uses one?"),)),
    FactSpec("item.produced_on", "date_or_year", "When it was produced.", "When was it made?",
             "A date or a year; the serial number often tells.", _INVENTORY),
    FactSpec("item.origin", "country", "Country where it was produced.", "Where was it made?",
             "Two letters.", _INVENTORY),
    FactSpec("item.is_at_end_user", "bool", "Whether it is installed at the end user (France, Romania).",
             "Is it terminal equipment, installed at the end user?", "", _ENGINEER),
    FactSpec("item.category_notified", "bool", "Whether the Designated Authority has notified its category (India).",
             "Is its category notified?", "The portal of the Designated Authority lists them.", _COUNSEL),
    FactSpec("use.by", "choice", "Who uses it.", "Who uses it: you, or somebody else?",
             "The entity that contracts, the Government for which it is bought, or another.", _ANYONE,
             ("the_entity", "parent", "affiliate", "subcontractor", "employee_personal", "landlord", "third_party",
              "government"),
             in_lists=(("offered", "It is listed for sale. Who uses any of it besides: you, or somebody else?"),
                       ("bought_to_sell", "It is bought to sell. Who uses any of it besides: you, or somebody else?"),
                       ("as_built", "It is installed at a customer. Who uses it: you, or the customer?"))),
    FactSpec("use.place", "choice", "Where another firm uses it.", "Where does the other firm use it?",
             "On a site of yours, or only on its own.", "site owner", ("our_site", "their_site")),
    FactSpec("use.state", "choice", "In which state it is.", "Is it in use?", "Stored means disconnected.", "site owner",
             ("in_service", "stored_disconnected", "disposed")),
    FactSpec("use.since", "date_or_year", "Since when it has been in the network (India).",
             "Since when has it been in the network?", "The day or year of its induction, not that of its make.",
             _ENGINEER),
    FactSpec("use.is_listed_and_disconnected", "bool",
             "Whether it is on the agency's list and not joined to the official environment (Taiwan).",
             "Is it on your list and disconnected from the official environment?", "", "site owner"),
    FactSpec("use.supports_federal_contract", "bool", "Whether the use supports a federal contract.",
             "Does the use support a federal contract?", "Often irrelevant; it is asked only where it matters.", _ANYONE),
    FactSpec("item.connection", "choice", "How a service connects to a third party's facilities.",
             "Does the service connect to a third party's facilities?",
             "Backhaul, roaming and interconnection are defined in 48 CFR 4.2101.", _ENGINEER,
             ("backhaul", "roaming", "interconnection", "none")),
    FactSpec("item.routes_or_redirects_user_traffic", "bool", "Whether it can route or redirect user data traffic.",
             "Can it route or redirect user traffic?", "What it can do counts, not how it is set.", _ENGINEER),
    FactSpec("item.permits_visibility_into_user_traffic", "bool", "Whether it permits visibility into user data or packets.",
             "Can anyone see user data through it?", "What it can do counts, not how it is set.", _ENGINEER),
    FactSpec("item.service_is_maintenance", "bool", "Whether the service is maintenance.",
             "Is the service maintenance of an item?", "48 CFR 52.204-24(e)(1)(ii).", _BUYING),
    FactSpec("contract.agency", "agency", "Agency of the contract.", "Which agency's contract is it?",
             "Such as DoD or GSA.", _BUYING),
    FactSpec("contract.clauses", "clauses", "Clauses that the contract lists.",
             "Which clauses on covered equipment does the contract list?",
             "Numbers, with the edition when it is printed: 52.204-25 (NOV 2021).", _BUYING),
    FactSpec("contract.solicitation_issued_on", "date", "Day of the solicitation.", "When was the solicitation issued?",
             "On its first page.", _BUYING),
    FactSpec("contract.awarded_on", "date", "Day of the award.", "When was the contract awarded?", "On its first page.",
             _BUYING),
    FactSpec("contract.is_micro_purchase", "bool", "Whether it is a micro-purchase.", "Is it a micro-purchase?",
             "At or below the micro-purchase threshold, usually on a purchase card.", _BUYING),
    FactSpec("contract.is_idiq", "bool", "Whether it is an indefinite-delivery contract.",
             "Is it an indefinite-delivery contract?", "Orders are placed under it.", _BUYING),
    FactSpec("contract.orders_affected", "integer", "How many orders are affected.", "How many orders are affected?",
             "Count the open ones.", _BUYING, unit="orders"),
    FactSpec("contract.is_covered_mission", "bool", "Whether it carries out a covered mission (section 1656).",
             "Does it carry out a covered mission?", "Nuclear deterrence or homeland defence.", _BUYING),
    FactSpec("contract.is_intelligence_or_sci", "bool", "Whether it is for the intelligence community or an SCI system.",
             "Is it for the intelligence community or an SCI system?", "Ask the contracting officer.", _BUYING),
    FactSpec("contract.counterparty", "entity", "The firm contracted with.",
             "Which firm does the agency contract with? Of your own contract, that is your firm.",
             "`other` when it is none of the listed firms and none that they control.", _BUYING),
    FactSpec("contract.counterparty_supplies", "entities", "Firms that the counterparty supplies.",
             "Whom does that firm supply?", "`[]` when shown to supply none of the named firms.", _BUYING),
    FactSpec("contract.counterparty_owner_country", "country", "Country of whoever owns or controls the counterparty.",
             "From which country is that firm owned or controlled?", "Two letters.", _BUYING),
    FactSpec("contract.value", "number", "Value of the contract.", "What is the contract worth?",
             "In the currency of the jurisdiction.", _BUYING, unit="currency of the jurisdiction"),
    FactSpec("sam.provides", "bool", "Annual representation in SAM: provides covered equipment or services.",
             "What does your annual representation say about providing?", "52.204-26(c)(1).", "SAM administrator"),
    FactSpec("sam.uses", "bool", "Annual representation in SAM: uses covered equipment or services.",
             "What does your annual representation say about use?", "52.204-26(c)(2).", "SAM administrator"),
    FactSpec("funds.federal_award", "bool", "Whether federal award funds pay, what counts as cost share of an award included.",
             "Do federal award funds pay, or does it count as your cost share of an award?",
             "Grants, cooperative agreements and loans.", "grants office"),
    FactSpec("funds.kind", "choice", "Which funds pay.", "Which funds pay?", "Direct, indirect, cost share or own.",
             "grants office", ("direct", "indirect", "cost_share", "own")),
    FactSpec("act.uses_federal_subsidy", "bool", "Whether an FCC subsidy pays.", "Does an FCC subsidy pay?",
             "Universal service and similar programmes.", "finance"),
    FactSpec("item.producer_on_fasc_list", "bool", "Whether the producer is on the drone list in SAM.",
             "Is the producer on the American Security Drone Act list?", "Search SAM.", _BUYING),
    FactSpec("item.model_year", "integer", "Model year of the vehicle.", "Which model year?", "Of the vehicle.",
             _INVENTORY, unit="year"),
    FactSpec("item.authorized_on", "date_or_year", "Day of the FCC authorization.", "On which day did the FCC authorize it?",
             "Look up the FCC ID; the year or month will do where it is before the ban. Of several things, the latest.",
             _INVENTORY),
    FactSpec("item.risk_class", "choice", "Risk class in DoD's DNI waiver.", "Is it a low-risk item?",
             "As classed in the waiver.", _BUYING, ("low_risk", "other")),
    FactSpec("network.generation", "choice", "Which network.", "Which network is it for?", "The generation concerned.",
             _ENGINEER, ("6g", "5g", "4g", "fixed_fibre", "fixed_other")),
    FactSpec("network.segment", "choice", "Which part of the network.", "Which part of the network is it in, or does it serve?",
             "`any` when it is in several. An OLT or DSLAM of a fixed network is in none of these: `?`.", _ENGINEER,
             ("core", "ran", "access_management", "transport", "dwdm", "coax", "any")),
    FactSpec("network.link", "choice", "Which transmission link it serves (UK).", "Which link does it serve?",
             "Links inside the core and between operators are meant; while it is not stated, it is taken for one of those.",
             _ENGINEER, ("intra_core", "inter_operator", "backhaul", "access")),
    FactSpec("network.vendor_share_percent", "number", "The maker's share of the access network.",
             "Which share of the access network is this maker's?", "In per cent.", _ENGINEER, unit="per cent"),
    FactSpec("network.is_of_national_interest", "bool", "Whether it is infrastructure of national interest (Romania).",
             "Is it infrastructure of national interest?", "", _COUNSEL),
    FactSpec("network.is_public", "bool", "Whether it is a public network.", "Is it a public network?", "", _ENGINEER),
    FactSpec("site.is_sensitive", "bool", "Whether the site is sensitive.", "Is the site sensitive?",
             "As the authority classes it.", "site owner"),
    FactSpec("item.is_critical_component", "bool", "Whether it is a critical component (Germany).",
             "Is it a critical component?", "By law or the catalogue of the authority.", _ENGINEER),
    FactSpec("party.is_directed_provider", "bool", "Whether a designated vendor direction names the provider (UK).",
             "Does a designated vendor direction name you?", "The direction to 35 providers is on gov.uk.", _COUNSEL),
    FactSpec("party.holds_individual_agreement", "bool", "Whether the operator holds an individual contract (Germany 2024).",
             "Did you sign the 2024 contract?", "Telekom, Vodafone and Telefónica did.", _COUNSEL),
    FactSpec("party.is_under_individual_order", "bool", "Whether an order is addressed to this operator.",
             "Is an order addressed to you?", "Ask counsel.", _COUNSEL),
    FactSpec("party.status", "choices", "Which legal status the party holds in its country.",
             "Which of these does the law of your country make you?",
             "`[none]` only when shown to hold none that the country's law knows.", _COUNSEL,
             ("operator_of_vital_importance", "critical_facility_operator", "strategic_service_provider",
              "key_or_important_entity", "significant_commercial_provider", "band_licensee",
              "critical_telecommunications_asset_entity", "security_act_undertaking",
              "eligible_telecommunications_carrier", "none"),
             of_nations=(
                 ("operator_of_vital_importance", frozenset({"FR"})), ("critical_facility_operator", frozenset({"DE"})),
                 ("strategic_service_provider", frozenset({"CZ"})), ("key_or_important_entity", frozenset({"PL"})),
                 ("significant_commercial_provider", frozenset({"DK"})), ("band_licensee", frozenset({"SE"})),
                 ("critical_telecommunications_asset_entity", frozenset({"AU"})),
                 ("security_act_undertaking", frozenset({"NO"})), ("eligible_telecommunications_carrier", frozenset({"US"})),
             )),
    FactSpec("party.lobbyist_clients", "entities", "Firms that the party's lobbyists also represent (10 U.S.C. 4663).",
             "Whom else do your lobbyists represent?", "`[]` when shown to be none of the listed firms.", _COUNSEL),
    FactSpec("order.period_ends_on", "date", "Last day of the period that an order set for what is in use.",
             "When does the period set by the order end?", "", _COUNSEL),
    FactSpec("buyer.is_government", "bool", "Whether the buyer is a government body.", "Is the buyer a government body?",
             "Whoever it is for: bought, put in or serviced for it.", _ANYONE),
    FactSpec("buyer.jurisdiction", "country", "Country whose government, or public body, buys.", "Whose government buys it?",
             "Two letters, such as US or GB: the law of a government follows its contracts, wherever the seller sits.", _ANYONE),
    FactSpec("approval.granted", "bool", "Whether the authority has granted its approval.",
             "Has the authority granted its approval?", "A ministerial, trusted-source or regulator approval.", _COUNSEL),
    FactSpec("waiver.grantor", "choice", "Who grants the waiver.", "Who grants the waiver?", "", _COUNSEL,
             ("agency_head", "dni", "secretary_of_defense")),
    FactSpec("waiver.part", "choice", "Which part it waives.", "Part A or part B?", "", _COUNSEL, ("a", "b")),
    FactSpec("waiver.requester", "choice", "Who asks for it.", "Who asks for the waiver?",
             "Only a Government entity may.", _COUNSEL, ("government_entity", "contractor")),
    FactSpec("waiver.agency", "agency", "Agency of the waiver.", "Which agency's waiver?", "", _COUNSEL),
    FactSpec("waiver.granted_on", "date", "Day of the grant.", "When is it granted?", "", _COUNSEL),
    FactSpec("waiver.valid_to", "date", "Last day of the waiver.", "When does it end?", "", _COUNSEL),
    FactSpec("waiver.covers_item", "bool", "Whether it covers this item.", "Does the waiver cover this item?", "", _COUNSEL),
    FactSpec("inquiry.completed_on", "date", "Day on which a documented reasonable inquiry ended.",
             "When was the reasonable inquiry completed?", "As its record says.", _ANYONE),
    FactSpec("inquiry.covers", "texts", "Sites or systems that the inquiry covered.", "What did the inquiry cover?",
             "Names of sites or systems, or `all`.", _ANYONE),
    FactSpec("waiver.has_justification", "bool", "Whether a compelling justification is on file.",
             "Is a compelling justification on file?", "", _COUNSEL),
    FactSpec("waiver.has_laydown", "bool", "Whether a full laydown is on file.", "Is a full laydown on file?", "", _COUNSEL),
    FactSpec("waiver.has_phase_out_plan", "bool", "Whether a phase-out plan is on file.", "Is a phase-out plan on file?", "",
             _COUNSEL),
    FactSpec("waiver.odni_consulted", "bool", "Whether ODNI was notified and consulted.", "Was ODNI consulted?", "", _COUNSEL),
    FactSpec("waiver.has_scrm_official", "bool", "Whether a senior supply-chain-risk official is designated.",
             "Is a senior supply-chain-risk official designated?", "", _COUNSEL),
    FactSpec("waiver.fasc_participation", "bool", "Whether the agency takes part in FASC information sharing.",
             "Does the agency share information with the FASC?", "", _COUNSEL),
    FactSpec("waiver.emergency", "bool", "Whether it is an emergency acquisition.", "Is it an emergency acquisition?", "",
             _COUNSEL),
    FactSpec("waiver.has_impracticability_determination", "bool", "Whether impracticability is determined in writing.",
             "Is impracticability determined in writing?", "", _COUNSEL),
    FactSpec("waiver.odni_fasc_notice_on", "date", "Day of the notice to ODNI and the FASC.",
             "When were ODNI and the FASC notified?", "", _COUNSEL),
    FactSpec("event.identified_at", "date_or_instant", "When it was identified or notified.",
             "On which day was it found, or were you told of it?",
             "A day, or a time with offset such as 2026-03-02T09:30:00-05:00.", _ANYONE),
    FactSpec("event.reported_at", "date_or_instant", "When the first report was submitted.", "When was it reported?",
             "A day, or a time with offset.", _ANYONE),
    FactSpec("event.new_information_at", "date_or_instant", "When later information was found.",
             "When did new information come to light?", "A day, or a time with offset.", _ANYONE),
    FactSpec("event.source", "choice", "Who found or told it.", "Who found it?", "", _ANYONE,
             ("own", "subcontractor", "other")),
    FactSpec("event.during_performance", "bool", "Whether it was found during contract performance.",
             "Was it found during contract performance?", "", _ANYONE),
)  # fmt: skip

#: Every fact by name, in the order in which a person can answer.
FACTS: Mapping[str, FactSpec] = {spec.name: spec for spec in _SPECS}


def asks(name: str) -> str:
    """Give the question that a fact or a reading answers, as a person is asked it; the name of what is neither."""
    return FACTS[name].question if name in FACTS else READINGS.get(name, name)


def value_words(text: str) -> str:
    """Say a written value as people would: `[public_safety, none]` as `public safety, none`, `true` as `yes`, `[]` as `none`."""
    if text.startswith("[") and text.endswith("]"):
        return ", ".join(value_words(one) for one in text[1:-1].split(", ") if one) or "none"
    return _SAID.get(text) or (text.replace("_", " ") if text in _CHOICES else text)


def scope_words(applies_to: str) -> str:
    """Say what an answer is about: of `things:hikvision/storage@Gate` it is `storage of hikvision, Gate`."""
    kind, _, rest = applies_to.partition(":")
    if kind == "things":
        thing, _, site = rest.partition("@")
        maker, _, category = thing.partition("/")
        return f"{category.replace('_', ' ')} of {maker}, {site}"
    if kind == "category":
        return f"every {rest.replace('_', ' ')}"
    return {
        "company": "the whole company",
        "site": rest.replace("; site:", ", "),
        "place": f"cameras at every {rest.replace('-', ' ')}",
        "entity": f"all of {rest}",
        "fund": f"what {rest} pays for",
        "list": f"all in {rest}",
        "supplier": f"all that {rest} supplied",
        "finding": "one thing",
        "award": f"award {rest}",
        "country": f"what stands in {nation_name(rest)}",
    }.get(kind, applies_to)


#: Values that people say otherwise.
_SAID = {
    "true": "yes", "false": "no", "the_entity": "you yourself", "uas": "drone (UAS)",
    "router_consumer": "consumer router", "ran": "radio access network (RAN)",
    "dwdm": "optical transport (DWDM)", "dni": "the Director of National Intelligence (DNI)",
}  # fmt: skip
#: Every value of a closed list.
_CHOICES = frozenset(value for spec in _SPECS for value in spec.values)
_ORDER = {name: place for place, name in enumerate(FACTS)}


class WrongValue(ValueError):
    """A value that a fact cannot have.

    Args:
        what: one sentence.
        expected: what would be accepted.
        near: the nearest accepted value, or empty.
    """

    def __init__(self, what: str, expected: str, near: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.near = near


def nearest(word: str, choices: Iterable[str]) -> str:
    """Give the nearest of `choices`, or empty text."""
    pool = list(choices)
    folded = word.strip().lower().replace(" ", "_").replace("-", "_")
    for choice in pool:
        if choice.lower().replace("-", "_") == folded:
            return choice
    holding = [choice for choice in pool if folded in choice.lower().split("_")]
    if len(holding) == 1:
        return holding[0]
    found = get_close_matches(word[:80], pool, n=1, cutoff=0.5) or get_close_matches(
        folded[:80], pool, n=1, cutoff=0.5
    )
    if found:
        return found[0]
    tails = [choice for choice in pool if choice.rpartition(".")[2] == folded.rpartition(".")[2]]
    return tails[0] if len(tails) == 1 else ""


def in_order(names: Iterable[str]) -> list[str]:
    """Sort fact names in the order a person can answer them, readings and unknown names last."""
    return sorted(set(names), key=lambda name: (_ORDER.get(name, len(_ORDER)), name))


def clause_of(text: str) -> tuple[str, str]:
    """Split `FAR 52.204-25 (AUG 2020)` into number and edition; the edition is empty when not given, an alternate is left out.

    Raises:
        ValueError: when the text is not a clause number.
    """
    # a run of blanks can be shared out among the parts of the pattern in very many ways
    bare = _ALTERNATE.sub("", " ".join(text.translate(_DASHES).split())).strip()
    before = _COLLECTION.match(bare)
    match = _CLAUSE.fullmatch(bare, before.end() if before else 0)
    if match is None:
        raise ValueError(f"{text!r} is not a clause number")
    number, month, year = match.groups()
    return number, f"{month.upper()} {year}" if month else ""


def alternate_of(text: str) -> str:
    """Give the alternate that a clause names, `I` of `52.204-30 Alt I`; empty for the clause itself."""
    found = _ALTERNATE.search(" ".join(text.split()))
    return found[1].upper() if found else ""


def typed(name: str, raw: Any) -> Any:
    """Read the value of a fact.

    Args:
        name: a name of `FACTS`.
        raw: text, boolean or list of texts as a text-first reader gives it; numbers of JSON are accepted.

    Returns:
        `str`, `bool`, `int`, `date`, `Period` (a year), aware `datetime`, or a tuple of texts.

    Raises:
        WrongValue: when the value is not of the fact's type or not in its closed list.
    """
    spec = FACTS[name]
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        raw = repr(raw)
    if spec.type == "bool":
        if isinstance(raw, bool):
            return raw
        near = {"yes": "true", "no": "false", "true": "true", "false": "false"}.get(str(raw).lower(), "")
        raise WrongValue(f"{name} is {_shown(raw)}", "true or false, without quotes", near)
    if spec.type in LIST_TYPES:
        return _listed(spec, raw)
    if not isinstance(raw, str) or not raw.strip():
        raise WrongValue(
            f"{name} is {_shown(raw)}", _EXPECTED[spec.type].format(values=", ".join(spec.values))
        )
    if len(raw) > _MAX_TEXT:
        raise WrongValue(f"{name} is too long ({len(raw)} characters)", f"at most {_MAX_TEXT} characters")
    return _single(spec, raw)


_EXPECTED = {
    "integer": "a whole number",
    "number": "a number such as 2500 or 35.5",
    "date": "a date such as 2020-08-13",
    "date_or_year": "a date such as 2020-08-13, or a year",
    "date_or_instant": "a date such as 2020-08-13, or a time with offset such as 2026-03-02T09:30:00-05:00",
    "text": "text",
    "agency": "the name of an agency, such as DoD or GSA",
    "country": "two capital letters of ISO 3166-1, such as US or GB",
    "subdivision": "a code such as US-LA",
    "choice": "one of {values}",
    "choices": "a list of {values}",
    "entity": "an entity id such as huawei, or other",
    "entities": "a list of entity ids, or []",
    "clauses": "a list of clauses such as 52.204-25 (NOV 2021)",
    "texts": "a list of names, or all",
}


def _shown(raw: Any) -> str:
    text = "empty" if raw is None or raw == "" else repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def _listed(spec: FactSpec, raw: Any) -> tuple[str, ...]:
    expected = _EXPECTED[spec.type].format(values=", ".join(spec.values))
    if isinstance(raw, str) and raw.strip():
        raw = [raw]  # one value is plainly meant as a list of one
    if not isinstance(raw, (list, tuple)) or not all(isinstance(item, str) and item.strip() for item in raw):
        raise WrongValue(f"{spec.name} is {_shown(raw)}", expected)
    if len(raw) > _MAX_LIST:
        raise WrongValue(f"{spec.name} lists {len(raw)} values", f"at most {_MAX_LIST}")
    values = tuple(dict.fromkeys(item.strip() for item in raw))
    if spec.type == "choices":
        if not values:
            raise WrongValue(
                f"{spec.name} is an empty list", f"{expected}; [none] when shown to serve none of them"
            )
        for value in values:
            if value not in spec.values:
                raise WrongValue(f"{spec.name} lists {value!r}", expected, nearest(value, spec.values))
        if "none" in values and len(values) > 1:
            raise WrongValue(
                f"{spec.name} says none and {values[0] if values[0] != 'none' else values[1]}", expected
            )
    if spec.type == "clauses":
        for value in values:
            try:
                clause_of(value)
            except ValueError:
                raise WrongValue(f"{spec.name} lists {value!r}", expected) from None
    return values


def _single(spec: FactSpec, raw: str) -> Any:
    text = raw.strip()
    expected = _EXPECTED[spec.type].format(values=", ".join(spec.values))
    try:
        if spec.type == "integer":
            if not _INTEGER.fullmatch(text):
                raise ValueError
            return int(text)
        if spec.type == "number":
            if not _NUMBER.fullmatch(text):
                raise ValueError
            return Decimal(text)
        if spec.type == "date":
            return parse_day(text)
        if spec.type == "date_or_year":
            return parse_day(text) if len(text) == 10 else Period(first_day(text), day_after_last(text))
        if spec.type == "date_or_instant":
            return parse_day(text) if len(text) <= 10 else _instant(text)
    except (ValueError, OverflowError):
        raise WrongValue(f"{spec.name} is {_shown(raw)}", expected) from None
    if spec.type == "choice" and text not in spec.values:
        raise WrongValue(f"{spec.name} is {_shown(raw)}", expected, nearest(text, spec.values))
    if spec.type == "subdivision" and not _SUBDIVISION.fullmatch(text):
        raise WrongValue(
            f"{spec.name} is {_shown(raw)}",
            expected,
            text.upper() if _SUBDIVISION.fullmatch(text.upper()) else "",
        )
    if spec.type == "country" and text not in _COUNTRIES:
        code = _MISWRITTEN.get(text.upper()) or nation_code(text)
        if sum(bool(nation_code(one)) for one in re.split(r"[,;/&+]|\band\b", text)) > 1:
            expected = _ONE_NATION
        raise WrongValue(f"{spec.name} is {_shown(raw)}", expected, code)
    return text


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace(" ", "T", 1))
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment


def day_of(value: Any) -> date:
    """Give the day of a date or, in its own offset, of an instant."""
    return value.date() if isinstance(value, datetime) else value


def _days_of(value: Any) -> tuple[date, date]:
    """Give the first and the last day that a date, an instant, a month or a year may be."""
    if isinstance(value, Period):
        return value.start or date.min, value.end - timedelta(days=1) if value.end else date.max
    return day_of(value), day_of(value)


#: What is expected of a fact about what has happened.
PASSED = "a day or an instant that has passed"
#: Somewhere it is tomorrow already, by at most so much.
_FURTHEST_EAST = timedelta(hours=14)


def is_to_come(day: date, now: datetime) -> bool:
    """Tell whether a day has begun nowhere on earth at an instant."""
    return day > (now + _FURTHEST_EAST).date()


def to_come(facts: Mapping[str, Any], now: datetime, as_of: date | None = None) -> tuple[str, Any] | None:
    """Give the first fact about what has happened whose day or instant has not come yet; `None` where there is none.

    Args:
        facts: names to typed values.
        now: aware instant.
        as_of: the day on which the law is asked; what lies up to its end is supposed to have happened.
    """
    latest = now if as_of is None else max(now, datetime.combine(as_of, time.max, UTC))
    for name, value in facts.items():
        if FACTS[name].type != "date_or_instant":
            continue
        if value > latest if isinstance(value, datetime) else is_to_come(value, latest):
            return name, value
    return None


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Find facts that cannot hold together.

    Returns:
        Pairs of the fact at fault and one sentence.
    """
    found: list[tuple[str, str]] = []
    for earlier, later in (
        ("contract.solicitation_issued_on", "contract.awarded_on"),
        ("waiver.granted_on", "waiver.valid_to"),
        ("event.identified_at", "event.reported_at"),
        ("event.identified_at", "event.new_information_at"),
        ("item.produced_on", "use.since"),
    ):
        if earlier in facts and later in facts:
            first, second = facts[earlier], facts[later]
            both = isinstance(first, datetime) and isinstance(second, datetime)
            if second < first if both else _days_of(second)[1] < _days_of(first)[0]:
                found.append((later, f"{later} is before {earlier}"))
    return found


def _period_words(value: Period) -> str:
    """Write a year or a month."""
    if value.start is None:
        return ""
    month = f"{value.start.year:04}-{value.start.month:02}"
    return month if value.end == day_after_last(month) else str(value.start.year)


def shown(value: Any) -> str:
    """Write a typed value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(value) + "]"
    if isinstance(value, Period):
        return _period_words(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def fact_words(name: str) -> str:
    """Name a fact as people would, in the middle of a sentence."""
    if name in READINGS:
        return READINGS[name]
    meaning = FACTS[name].meaning.rstrip(".") if name in FACTS else name
    return meaning[:1].lower() + meaning[1:] if not meaning[1:2].isupper() else meaning
