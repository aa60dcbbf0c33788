"""`proscribe ask` as a service: what it is about, what the thing is, then the questions that settle most.

The first two answers stand for several facts: a situation says who asks and what is done, and a few words such as
`Huawei router` say who made the thing and what it is. What the words do not say is asked like everything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from proscribe.app.kb import plain_words
from proscribe.app.kb.firms import SLIP, Firms
from proscribe.app.kb.plain_words import longest, plain
from proscribe.app.rules.decide import open_decider
from proscribe.app.rules.decisions import Decisions, Interview, WrongValue
from proscribe.app.rules.facts_file import read_stated, refuse_to_come
from proscribe.app.rules.scopes import AWARD
from proscribe.kb.strictyaml import declared
from proscribe.model.decisions import Case
from proscribe.model.errors import error
from proscribe.rules.facts import FACTS, PLACE_FACT, typed
from proscribe.rules.facts import shown as value_words
from proscribe.rules.facts import value_words as in_words
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.purposes import Purposes, as_said
from proscribe.rules.whatif import FIRST

__all__ = ["MOST", "Asked", "Talk", "WrongValue", "facts_of_situation", "open_talk", "situations"]

#: In a common situation no more is asked; what is open of a duty then is told with the answer.
MOST = 6
_ABOUT = "about"
#: The nation whose government the situations name by themselves.
_US = "US"
_THING = "thing"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes:
        name: of the fact; `about` and `thing` stand for several.
        text: the question.
        help: how to find the answer; may be empty.
        choices: pairs of what is typed and what it means; empty for free text.
        citation: the paragraph that needs it.
    """

    name: str
    text: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    citation: str = ""


def _situations() -> Mapping[str, Any]:
    value: Mapping[str, Any] = declared("proscribe.app.rules", "situations.yml")
    return value


def entry_words(name: str, purposes: Purposes) -> Mapping[str, str]:
    """Give what the entries of the closed list of a fact mean, in plain words; those that say it themselves are left out."""
    if name == PURPOSE:
        return {one.name: one.plain for one in purposes.purposes}
    words: Mapping[str, str] = _situations()["entries"].get(name, {})
    return words


def entry_said(name: str, value: str) -> str:
    """Say an entry of the closed list of a fact, with what it means where it does not say that itself."""
    means = _situations()["entries"].get(name, {}).get(value, "")
    return f"{in_words(value)} ({means})" if means else in_words(value)


def situations(country: str = "") -> tuple[tuple[str, str], ...]:
    """Give the situations that a person can be in: id and words.

    Args:
        country: code of the nation of the case; those about the law of another then come last.
    """
    told = [(str(one["id"]), str(one["text"])) for one in _situations()["about"]]
    return tuple(
        sorted(told, key=lambda one: bool(country) and nation_of_situation(one[0]) not in ("", country))
    )


def nation_of_situation(name: str) -> str:
    """Give the code of the nation whose law a situation is about; empty where it is about that of the case."""
    return str(facts_of_situation(name).get(PLACE_FACT, ""))


def facts_of_situation(name: str, country: str = "") -> dict[str, Any]:
    """Give the facts that a situation stands for.

    Args:
        country: code of the nation of the case; empty where it states none.

    Raises:
        UsageError: E418 when it is none.
    """
    for one in _situations()["about"]:
        if one["id"] == name:
            placed = one.get("of_country", ()) if country not in ("", _US) else ()
            return {**one["facts"], **dict.fromkeys(placed, country)}
    raise error("E418", asked=name[:60])


def further_situations() -> tuple[tuple[str, str], ...]:
    """Give the situations that may hold beside another, each as a position of its own: id and words."""
    return tuple((str(one["id"]), str(one["text"])) for one in _situations()["about"] if one.get("position"))


def situations_together(names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Tell several situations of one company apart: the one that is stated of the company, and those beside it, as positions.

    Raises:
        UsageError: E418 when one is none, or two are about the company as such.
    """
    for name in names:
        facts_of_situation(name)
    chosen = [one for one in _situations()["about"] if one["id"] in names]
    told = [one for one in chosen if one["facts"]] or chosen
    alone = [one for one in told if not one.get("position")]
    if len(alone) > 1:
        raise error("E418.together", asked=alone[0]["text"], other=alone[1]["text"])
    first = (alone or told)[0]
    return str(first["id"]), tuple(str(one["id"]) for one in told if one is not first)


def stated_of_position(name: str, number: str = "") -> tuple[tuple[str, str, str], ...]:
    """Give what a situation states of one award, as answers: fact, what it applies to, value in people's words.

    Args:
        number: of the award; the name of the situation's position where empty.

    Raises:
        UsageError: E418 when it is none, or none that may hold beside another.
    """
    facts_of_situation(name)
    told = next(one for one in _situations()["about"] if one["id"] == name)
    if not told.get("position"):
        raise error("E418", asked=name[:60])
    named = " ".join(number.split())
    facts = {**told["facts"], **(told.get("numbered", {}) if named else {})}
    scope = f"{AWARD}:{named or told['position']}"
    return tuple((fact, scope, in_words(value_words(typed(fact, value)))) for fact, value in facts.items())


class Talk:
    """The questions of one case, with a way back.

    Args:
        interview: the case; one that is begun is continued.
        firms: the makers that can be named.
        short: begin with what it is about and what the thing is, and end once the answer is there; else ask fact by fact.
    """

    def __init__(self, interview: Interview, firms: Firms, *, short: bool = True) -> None:
        self.interview = interview
        self._firms = firms
        #: How the last answer was taken, where it was understood loosely; empty where it was taken as typed.
        self.taken = ""
        #: Facts that a new case began with.
        self.begun: tuple[str, ...] = ()
        #: Facts of a case that is gone on with, by what each of them is: `Day of the award`.
        self.held = {
            FACTS[name].meaning.rstrip("."): value_words(value)
            for name, value in interview.case.facts.items()
        }
        self._past: list[tuple[Case, frozenset[str], str]] = []
        self._short = short
        self._said: set[str] = {_ABOUT, _THING} if interview.case.facts or not short else set()

    def begin_with(self, facts: Mapping[str, Any]) -> None:
        """Take what is stated of the company once for all cases; who asks and what is done is still asked."""
        told = {name: value for name, value in facts.items() if not self._short or name not in FIRST}
        self.begun = tuple(told)
        self.interview.restore(replace(self.interview.case, facts=told), self.interview.skipped)

    @property
    def answers(self) -> int:
        """How many questions were answered, `?` included."""
        return len(self._past)

    def question(self) -> Asked | None:
        """Give the next question, or `None` when the answer is there or nothing more helps."""
        if _ABOUT not in self._said:
            return Asked(
                _ABOUT, "What is it about?", "Type the number.",
                tuple((str(number), one["text"]) for number, one in enumerate(_situations()["about"], start=1)),
            )  # fmt: skip
        facts = self.interview.case.facts
        if _THING not in self._said and "party.jurisdiction" in facts:
            return Asked(
                _THING, "What is it, and who made it?",
                "A few words such as: Huawei router, Hikvision camera, Cisco switch, mobile service. "
                "The maker, not the seller.",
            )  # fmt: skip
        found = self.interview.next()
        if found is None:
            return None
        spec, citation = found
        if self._short and self.answers >= MOST and self.interview.settled:
            return None
        nation = facts.get(PLACE_FACT)
        values = spec.values_in([nation] if nation else ()) or (("yes", "no") if spec.type == "bool" else ())
        says = entry_words(spec.name, self.interview.decider.purposes)
        choices = tuple((value, says.get(value, value.replace("_", " "))) for value in values)
        question = spec.asked_of([facts.get("item.kind")])
        if spec.name == "item.producer" and self._short:
            choices = tuple(_situations()["makers"].items())
        return Asked(spec.name, question, spec.help, choices, citation)

    def answer(self, asked: Asked, text: str) -> None:
        """Take an answer; `?` is not known.

        Raises:
            WrongValue: when it is none; says what was expected. Nothing is changed then.
        """
        before = (self.interview.case, self.interview.skipped, asked.name)
        self.taken = ""
        if plain_words.is_not_known(text):
            if asked.name not in (_ABOUT, _THING):
                self.interview.skip(asked.name)
        elif asked.name == _ABOUT:
            self._about(text)
        elif asked.name == _THING:
            self._thing(text)
        else:
            self._take(asked, text)
        if asked.name in (_ABOUT, _THING):
            self._said.add(asked.name)
        self._past.append(before)

    def back(self) -> bool:
        """Take the last answer back; `False` when there is none."""
        if not self._past:
            return False
        case, skipped, name = self._past.pop()
        self.interview.restore(case, skipped)
        self._said.discard(name)
        return True

    def decisions(self) -> Decisions:
        """Put the case to the law as far as it is known."""
        return self.interview.decisions()

    def _about(self, text: str) -> None:
        known = _situations()["about"]
        for number, one in enumerate(known, start=1):
            if plain(text) in (str(number), one["id"]):
                self._add(one["facts"])
                return
        ways = {word: one["id"] for one in known for word in one["words"]}
        chosen = ways.get(plain(text)) or (None if plain_words.denies(text) else longest(text, ways))
        for one in known:
            if one["id"] == chosen:
                said = {word: word for word in one.get("said_by", ())}
                open_ = () if longest(text, said) else one.get("unsaid", ())
                self.taken = one["short"] if open_ else one["text"]
                self._add({name: value for name, value in one["facts"].items() if name not in open_})
                return
        raise WrongValue(f"{text[:40]!r} is no situation", f"a number from 1 to {len(known)}")

    def _thing(self, text: str) -> None:
        told = _situations()
        found: dict[str, Any] = {}
        kind = longest(text, {word: kind for kind, all_ in told["kinds"].items() for word in all_})
        kind = kind or self._misspelt(text)
        maker = self._firms.maker_in(text)
        if maker is None and kind is not None and not self._firms.names_any(text):
            maker = self._firms.slip_in(text, list(told["makers"]))
        if kind is None and maker is None:
            raise WrongValue(
                f"{text[:60]!r} names no maker and no thing that is known here",
                "words such as: Huawei router, Hikvision camera, Cisco switch, mobile service; ? to be asked one by one",
                self._firms.near(text),
            )
        if kind is not None:
            found["item.kind"] = kind
        if maker is not None:
            found["item.producer"] = maker
        if maker == "other":
            found["item.brand"] = self._firms.label_in(text) or None
        if longest(text, dict.fromkeys(told["ran"], "ran")):
            generation = longest(text, told["generations"])
            found["network.segment"] = "ran"
            if generation:
                found["network.generation"] = generation
        if self.interview.case.facts.get("party.role") != "telecom_operator":
            found = {name: value for name, value in found.items() if name.startswith("item.")}
        found = {name: value for name, value in found.items() if value}
        self.taken = ", ".join(value.replace("_", " ") for value in found.values())
        self._add(found)

    @staticmethod
    def _misspelt(text: str) -> str | None:
        """Give the kind of thing of a word with a slip in it, such as `ruter`."""
        words = {
            word: kind for kind, all_ in _situations()["kinds"].items() for word in all_ if len(word) >= SLIP
        }
        for part in plain(text).split(" "):
            near = get_close_matches(part, words, n=1, cutoff=0.84) if len(part) >= SLIP else []
            if near:
                return str(words[near[0]])
        return None

    def _take(self, asked: Asked, text: str) -> None:
        """Take the answer about a fact."""
        try:
            value = self._typed(asked, text)
            self.interview.take(asked.name, value)
            if asked.name == "item.producer" and value == "other" and self._firms.label_in(text):
                self._add({"item.brand": self._firms.label_in(text)})
        except WrongValue as wrong:
            if not wrong.what.startswith(asked.name):
                raise
            # the name of a fact and the spelling of files say nothing to a person
            rest = wrong.what.partition(":")[2].strip()
            expected = wrong.expected
            if asked.choices and not rest:
                expected = "one of the list, by its number or in its words; ? when not known"
            what = f"{text[:60]!r} is no answer to this" + (f": {rest}" if rest else "")
            raise WrongValue(what, expected, wrong.near) from None
        if plain(value) != plain(text) and not (text.strip().isdecimal() and not asked.choices):
            self.taken = "none" if value == "[]" else value.replace("_", " ")

    def _typed(self, asked: Asked, text: str) -> str:
        spec = FACTS[asked.name]
        kind = spec.type
        if kind == "bool":
            said = plain_words.truth(text, asked.name)
            if said is None:
                raise WrongValue(f"{text[:60]!r} is neither yes nor no", "yes, no, or ? when not known")
            return "yes" if said else "no"
        if kind == "entity":
            listed = [word for word, _ in asked.choices]
            number = int(text) if text.strip().isdecimal() else 0
            return listed[number - 1] if 0 < number <= len(listed) else self._firms.typed(text)
        if kind == "entities":
            if plain_words.is_none(text):
                return "[]"
            return ", ".join(self._firms.typed(part) for part in re.split(r"[,;]", text) if part.strip())
        if kind == "texts" and plain_words.is_all(text):
            return "all"
        if kind == "choice":
            return plain_words.choice(spec, text, _situations()["kinds"])
        if kind.startswith("date"):
            return plain_words.day(text, self.interview.case.as_of) or text.strip()
        if kind == "country":
            return plain_words.country(text) or (text.strip().upper() if self._short else text.strip())
        if kind == "clauses":
            return "[]" if plain_words.is_none(text) else plain_words.clauses(text)
        if asked.name == PURPOSE:
            parts = [
                spec.values[int(part) - 1]
                if part.strip().isdecimal() and 0 < int(part) <= len(spec.values)
                else part
                for part in re.split(r"[,;]", text)
            ]
            known = self.interview.decider.purposes
            values, _ = known.named(plain_words.purpose_parts(parts, known))
            return ", ".join(as_said(values))
        if kind == "choices":
            return ", ".join(part.strip().replace(" ", "_") for part in re.split(r"[,;]", text))
        if kind == "subdivision":
            return plain_words.state(text) or (text.strip().upper() if self._short else text.strip())
        return text.strip()

    def _add(self, facts: Mapping[str, Any]) -> None:
        case = self.interview.case
        told = {name: typed(name, value) for name, value in facts.items()}
        self.interview.restore(replace(case, facts={**told, **case.facts}), self.interview.skipped)


def open_talk(
    path: Path,
    *,
    knowledge: Sequence[str | Path] = (),
    as_of: date | None = None,
    today: date | None = None,
    known_as_of: date | None = None,
    short: bool = True,
    company: Sequence[str | Path] = (),
) -> Talk:
    """Begin a case, or go on with one that is there.

    Args:
        as_of: the day on which the law is asked; of a file that is there, in place of its own.
        today: the day of a case that begins; by default that of UTC.
        company: the configuration that applies; a new case begins with what it says of the company.

    Raises:
        CaseError: E401 to E411 when the file is there and is wrong.
        KnowledgeError, RuleError: when the knowledge cannot be used.
    """
    decider = open_decider(knowledge, known_as_of)
    talk = Talk(Interview(path, decider, as_of, today), decider.firms, short=short)
    if company and not talk.interview.case.facts:
        stated = read_stated(company, decider.law, decider.firms, decider.purposes)
        refuse_to_come(stated, talk.interview.case.as_of)
        talk.begin_with({item.fact: item.value for item in stated.statements})
    return talk
