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
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from proscribe.app.decide import Decider
from proscribe.app.decisions import Decisions, Interview, WrongValue
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.kb.strictyaml import parse
from proscribe.model.decisions import Case
from proscribe.rules.facts import FACTS, typed
from proscribe.rules.purposes import FACT as PURPOSE

__all__ = ["MOST", "Asked", "Talk", "WrongValue", "open_talk"]

#: In a common situation no more is asked; what is open of a duty then is told with the answer.
MOST = 6
_ABOUT = "about"
_THING = "thing"
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NO = "?"


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


@lru_cache(maxsize=1)
def _situations() -> Mapping[str, Any]:
    text = resources.files("proscribe.app").joinpath("situations.yml").read_bytes()
    value: Mapping[str, Any] = parse(text, "situations.yml").value
    return value


class Names:
    """The makers that the knowledge holds, by every name that is sure enough to be typed.

    Attributes:
        entities: ids.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.entities = frozenset(str(row["id"]) for row in snapshot.table("entities"))
        self._of: dict[str, str] = {name.replace("-", " "): name for name in self.entities}
        for row in snapshot.table("names"):
            if row["strength"] in ("sure", "strong") and not row["retracted_on"]:
                self._of.setdefault(_plain(str(row["text"])), str(row["entity"]))
        relabelled = {_plain(str(row["brand"])) for row in snapshot.table("relabels")}
        others = snapshot.documents("context/other-makers").get("context/other-makers", [])
        # what is also sold with a unit of a named firm inside says nothing of the maker
        self._others = {_plain(str(row["text"])) for row in others if row["kind"] == "maker"} - relabelled
        self._others -= self._of.keys()

    def maker_in(self, text: str) -> str | None:
        """Give the maker that a text names: an entity, `other` for a known other maker, `None` when nobody known is named."""
        words = _WORD.findall(text.casefold())
        for size in range(min(4, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                name = " ".join(words[start : start + size])
                if name in self._of:
                    return self._of[name]
                if name in self._others:
                    return "other"
        return None

    def near(self, text: str) -> str:
        """Give the nearest name that could have been meant, or empty text."""
        found = get_close_matches(_plain(text), [*self._of, *self._others], n=1, cutoff=0.75)
        return found[0] if found else ""

    def entity(self, text: str) -> str:
        """Give the id of a firm that somebody typed.

        Raises:
            WrongValue: when the knowledge holds none of that name.
        """
        plain = _plain(text)
        if plain in ("other", "none", "nobody"):
            return "other"
        if plain in self._of:
            return self._of[plain]
        if plain in self._others:
            return "other"
        raise WrongValue(
            f"the knowledge holds no firm {text[:60]!r}",
            "a firm such as hikvision, or other when shown to be none of the named firms",
            self.near(text),
        )


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


class Talk:
    """The questions of one case, with a way back.

    Args:
        interview: the case; one that is begun is continued.
        names: the makers that can be named.
        short: begin with what it is about and what the thing is, and end once the answer is there; else ask fact by fact.
    """

    def __init__(self, interview: Interview, names: Names, *, short: bool = True) -> None:
        self.interview = interview
        self._names = names
        self._past: list[tuple[Case, frozenset[str], str]] = []
        self._short = short
        self._said: set[str] = {_ABOUT, _THING} if interview.case.facts or not short else set()

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
        values = spec.values or (("yes", "no") if spec.type == "bool" else ())
        plain = {one.name: one.plain for one in self.interview.decider.purposes.purposes}
        plain = plain if spec.name == PURPOSE else {}
        choices = tuple((value, plain.get(value, value.replace("_", " "))) for value in values)
        return Asked(spec.name, spec.question, spec.help, choices, citation)

    def answer(self, asked: Asked, text: str) -> None:
        """Take an answer; `?` is not known.

        Raises:
            WrongValue: when it is none; says what was expected. Nothing is changed then.
        """
        before = (self.interview.case, self.interview.skipped, asked.name)
        if asked.name == _ABOUT:
            self._about(text)
        elif asked.name == _THING:
            self._thing(text)
        elif text == _NO:
            self.interview.skip(asked.name)
        else:
            self.interview.take(asked.name, self._typed(asked, text))
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
        if text == _NO:
            return
        for number, one in enumerate(known, start=1):
            if text.strip().casefold() in (str(number), one["id"]):
                self._add(one["facts"])
                return
        raise WrongValue(f"{text[:40]!r} is no situation", f"a number from 1 to {len(known)}")

    def _thing(self, text: str) -> None:
        if text == _NO:
            return
        told = _situations()
        words = f" {_plain(text)} "
        found: dict[str, Any] = {}
        kind = _longest(words, {word: kind for kind, all_ in told["kinds"].items() for word in all_})
        maker = self._names.maker_in(text)
        if kind is None and maker is None:
            raise WrongValue(
                f"{text[:60]!r} names no maker and no thing that is known here",
                "words such as: Huawei router, Hikvision camera, mobile service; ? to be asked one by one",
                self._names.near(text),
            )
        if kind is not None:
            found["item.kind"] = kind
        if maker is not None:
            found["item.producer"] = maker
        if _longest(words, dict.fromkeys(told["ran"], "ran")):
            found["network.segment"] = "ran"
            generation = _longest(words, told["generations"])
            if generation:
                found["network.generation"] = generation
        if self.interview.case.facts.get("party.role") != "telecom_operator":
            found = {name: value for name, value in found.items() if name.startswith("item.")}
        self._add(found)

    def _typed(self, asked: Asked, text: str) -> str:
        kind = FACTS[asked.name].type
        if kind == "entity":
            return self._names.entity(text)
        if kind == "entities" and text.strip("[] ").casefold() not in ("", "none", "nothing", "nobody", "no"):
            return ", ".join(
                self._names.entity(part) for part in re.split(r"[,;]", text.strip("[]")) if part.strip()
            )
        if kind == "entities":
            return "[]"
        if kind == "choice":
            return text.strip().casefold().replace(" ", "_").replace("-", "_")
        if asked.name == PURPOSE:
            values, _ = self.interview.decider.purposes.named(re.split(r"[,;]", text))
            return ", ".join(values)
        if kind == "choices":
            return ", ".join(part.strip().replace(" ", "_") for part in re.split(r"[,;]", text))
        return text.strip().upper() if self._short and kind in ("country", "subdivision") else text.strip()

    def _add(self, facts: Mapping[str, Any]) -> None:
        case = self.interview.case
        told = {name: typed(name, value) for name, value in facts.items()}
        self.interview.restore(replace(case, facts={**told, **case.facts}), self.interview.skipped)


def _longest(text: str, words: Mapping[str, str]) -> str | None:
    """Give what the longest word that stands in a text means; a plural counts."""
    found = [word for word in words if f" {word} " in text or f" {word}s " in text]
    return words[max(found, key=len)] if found else None


def open_talk(
    path: Path,
    *,
    knowledge: Sequence[str | Path] = (),
    as_of: date | None = None,
    known_as_of: date | None = None,
    short: bool = True,
) -> Talk:
    """Begin a case, or go on with one that is there.

    Raises:
        CaseError: E401 to E411 when the file is there and is wrong.
        KnowledgeError, RuleError: when the knowledge cannot be used.
    """
    snapshot = open_knowledge([str(item) for item in knowledge])
    decider = Decider.of(snapshot) if known_as_of is None else Decider.of(snapshot, known_on=known_as_of)
    return Talk(Interview(path, decider, as_of), Names(snapshot), short=short)
