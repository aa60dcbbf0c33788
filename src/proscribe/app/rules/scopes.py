"""What a statement may apply to, how that is spelled for comparing, and of what each fact can be stated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from proscribe.app.kb.firms import Firms
from proscribe.rules.acts import ACT, PASSES_ON
from proscribe.rules.facts import FACTS, ITEM_KINDS, nearest
from proscribe.wording.nations import nation_code

#: How a site is called where the record names none.
NO_SITE = "(no site in the record)"
#: How a kind is called where the scan does not know it.
NO_KIND = "unknown"

#: The scope of money: what is paid out of one fund, by its name in the records.
FUND = "fund"
#: The scopes of one list, by the name of its file, and of one supplier, by its name in the records.
LIST, SUPPLIER = "list", "supplier"
#: Facts about the use of a thing.
OF_USE = frozenset(name for name in FACTS if name.startswith("use."))
#: Who uses things, and the answer that they are used by the party itself.
USED_BY, OURS = "use.by", "the_entity"
#: How narrow a scope is in which it may be said that somebody else uses some of them.
_USED_APART = {LIST: 1, "site": 2, "things": 3, "finding": 4}
#: The scopes of a position: what the party is in regard of one award, and in a country in which it has sites.
AWARD, COUNTRY = "award", "country"
POSITIONS = (AWARD, COUNTRY)
#: Scopes of things that may stand in another country than that in which the company acts.
PLACED = ("site", LIST, "things", "finding")
SECTIONS = {
    "awards": AWARD,
    "countries": COUNTRY,
    "sites": "site",
    "funds": FUND,
    "lists": LIST,
    "suppliers": SUPPLIER,
    "entities": "entity",
    "categories": "category",
    "things": "things",
    "findings": "finding",
}
#: The scope of a reading: every site of one kind, by its name.
PLACE = "place"
_SCOPES = ("company", *SECTIONS.values(), PLACE)
#: Scopes of a name that the records or the inputs bear, spelled for comparing as the names of sites are.
_NAMED = ("site", FUND, LIST, SUPPLIER, AWARD)
_MONEY = "funds."
_OF_MONEY = (*(name for name in FACTS if name.startswith(_MONEY)), "act.uses_federal_subsidy")
#: What is stated of an award, and of a country; which money paid for a thing is stated of the thing or of its fund.
_OF_PARTY = tuple(
    name for name in FACTS if name.startswith(("party.", "act.", "buyer.", "order.", "approval.", "event."))
)
_OF_POSITIONS = {
    AWARD: (
        *_OF_PARTY,
        "funds.federal_award",
        *(one for one in FACTS if one.startswith(("contract.", "waiver."))),
    ),
    COUNTRY: (*(one for one in _OF_PARTY if one != "party.jurisdiction"), "use.by"),
}
#: Notes on what is not known of a thing although an answer seems to speak of it: it is asked again.
NEVER_ASKED, DOUBTED = "not asked of it", "answered with a doubt"
ASKED_AGAIN = (NEVER_ASKED, DOUBTED)
SITE = "site:"
_THINGS = re.compile(r"([a-z0-9][a-z0-9-]*)/([a-z_]+)@(.+)", re.DOTALL)
NEXT_SCOPE = re.compile(r";\s*(?=(?:finding|things|site):)")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a statement applies to.

    Attributes:
        kind: `company`, `category`, `entity`, `list`, `supplier`, `site`, `fund`, `things`, `finding`, `award`, `country` or
            `place`.
        name: which one, spelled for comparing; empty for the company.
        shown: which one, as it was written.
        open: why something is not known of it that is asked again, `NEVER_ASKED` or `DOUBTED`; empty otherwise.
    """

    kind: str
    name: str = ""
    shown: str = ""
    open: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.kind if self.kind == "company" else f"{self.kind}:{self.shown}"


def site_key(name: str | None) -> str:
    """Spell a site for comparing: blanks joined, case folded."""
    return " ".join((name or NO_SITE).split()).casefold()


def scopes_in(applies_to: str) -> list[str]:
    """Give the scopes that one answer is stated for, one by one: `site:Lot 1; site:Lot 2` holds two."""
    return [one.strip() for one in NEXT_SCOPE.split(applies_to)]


def sites_in(name: str) -> list[str]:
    """Spell for comparing the sites that one answer speaks of: `Lot 1; site:Lot 2` names two."""
    return [site_key(one.strip().removeprefix(SITE)) for one in NEXT_SCOPE.split(name)]


def names_more(site: str | None) -> bool:
    """Tell whether the name of a site would be read as several scopes; no row then speaks of it by its name."""
    return site is not None and NEXT_SCOPE.search(site) is not None


def things_key(entity: str, kind: str | None, site: str | None) -> str:
    """Spell things of one maker and kind at one site, for comparing."""
    return f"{entity}/{kind or NO_KIND}@{site_key(site)}"


def things_shown(entity: str, kind: str | None, site: str | None) -> str:
    """Spell things of one maker and kind at one site, for people."""
    return f"{entity}/{kind or NO_KIND}@{' '.join((site or NO_SITE).split())}"


def compared(scope: str) -> str:
    """Spell a scope for comparing: `site:Lot 1` as `site:lot 1`."""
    kind, _, name = scope.partition(":")
    if kind == "site":
        return f"site:{site_key(name)}"
    if kind == "things":
        head, _, site = name.partition("@")
        entity, _, category = head.partition("/")
        return f"things:{things_key(entity, category, site)}"
    return scope


@dataclass(frozen=True, slots=True)
class NoScope:
    """A scope that is none, in words."""

    what: str
    expected: str
    near: str = ""


def scope_of(kind: str, name: str, firms: Firms) -> Scope | NoScope:
    """Check the name of a scope."""
    text = " ".join(name.split())
    if not text:
        return NoScope(f"a {kind} without a name", "a name")
    if kind in _NAMED:
        return Scope(kind, site_key(text), text)
    if kind == PLACE:
        return Scope(kind, text, text)
    if kind == "finding":
        if not text.startswith("f_"):
            return NoScope(f"{text!r} is no finding", "the id of a finding, such as f_0123456789abcdef0123")
        return Scope(kind, text, text)
    if kind == "things":
        match = _THINGS.fullmatch(text)
        if match is None:
            return NoScope(f"{text!r} names no things", "ENTITY/KIND@SITE")
        entity, category, site = match.groups()
        for part, value in (("entity", entity), ("category", category)):
            wrong = scope_of(part, value, firms) if value != NO_KIND else None
            if isinstance(wrong, NoScope):
                return wrong
        return Scope(kind, things_key(entity, category, site), things_shown(entity, category, site))
    if kind == "category":
        if text not in ITEM_KINDS:
            near = nearest(text, ITEM_KINDS)
            return NoScope(f"there is no kind of thing {text!r}", ", ".join(ITEM_KINDS), near)
        return Scope(kind, text, text)
    if kind == "entity":
        text = firms.id_of(text)
        if text not in firms:
            return NoScope(
                f"the knowledge holds no entity {text!r}",
                "an entity id such as hikvision",
                nearest(text, firms),
            )
        return Scope(kind, text, text)
    return _of_country(text) if kind == COUNTRY else _no_scope(kind)


def _of_country(text: str) -> Scope | NoScope:
    code = nation_code(text)
    expected = "a code of two letters, such as IT, or its name"
    return Scope(COUNTRY, code, code) if code else NoScope(f"{text[:40]!r} is no country", expected)


def _no_scope(kind: str) -> NoScope:
    return NoScope(f"there is no scope {kind!r}", ", ".join(_SCOPES), nearest(kind, _SCOPES))


def can_state(fact: str, position: str) -> bool:
    """Tell whether a fact can be stated of an award or of a country."""
    return fact in _OF_POSITIONS[position]


def may_differ(fact: str, narrow: str, wide: str, value: Any) -> bool:
    """Tell whether something else may be stated of some things than was stated of more.

    What is done with the things of one list may be another act, and some of what is bought may go to others.
    A sister firm may use some of what is stated to be used by the
    party itself; the other way round, to take the narrower statement away could clear a thing.

    Args:
        narrow, wide: kinds of the scopes.
        value: what is stated in the wider one.
    """
    if fact == USED_BY:
        return value == OURS and narrowness(fact, narrow) > narrowness(fact, wide)
    if fact == PASSES_ON:
        # a company that sells some of what it buys keeps the rest, and who speaks of one list knows more of it
        return _SCOPES.index(narrow) > _SCOPES.index(wide)
    return (fact, narrow, wide) == (ACT, LIST, "company")


def narrowness(fact: str, kind: str) -> int:
    """Rank the kinds of scopes in which a fact may be stated otherwise than of all; 0 for any other."""
    return _USED_APART.get(kind, 0) if fact == USED_BY else 0


def misplaced(fact: str, scope: Scope) -> tuple[str, str, str, str] | None:
    """Give code, what, expected and near for a fact that cannot be stated there."""
    if fact not in FACTS:
        return "E401", f"there is no fact {fact!r}", "a fact of the decision vocabulary", nearest(fact, FACTS)
    if fact == "item.producer" and scope.kind != "finding":
        return (
            "E406",
            f"item.producer is stated for {scope}: one statement would speak of things nobody looked at",
            "item.producer under findings: ID",
            "",
        )
    if scope.kind == FUND and fact not in _OF_MONEY:
        what = f"{fact} is stated for {scope}: of a fund it is stated what money it is"
        return "E406", what, ", ".join(_OF_MONEY), nearest(fact, _OF_MONEY)
    if scope.kind in POSITIONS and fact not in _OF_POSITIONS[scope.kind]:
        what = f"{fact} is stated for {scope}: it is none of what the party is and does there"
        return "E406", what, ", ".join(_OF_POSITIONS[scope.kind]), nearest(fact, _OF_POSITIONS[scope.kind])
    return None


def fact_of(scope: Scope, fact: str) -> str:
    """Give the name of a fact: of a fund `federal_award` will do."""
    return _MONEY + fact if scope.kind == FUND and _MONEY + fact in FACTS else fact
