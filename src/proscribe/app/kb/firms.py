"""The firms that the knowledge holds: by id, and by the names under which people and the program itself write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Any

from proscribe.app.kb.plain_words import denies, is_none, is_unspaced, leaves_some, names_nobody, plain
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.model.findings import Band, MentionKind
from proscribe.rules.facts import FACTS, WrongValue

_TYPES = ("entity", "entities")
#: The name on a thing, which may go on with a model.
_LABEL = "item.brand"
_LABEL_WORDS = 4
#: Names that may stand for a firm where nobody is asked whether it was meant.
_SURE = ("sure", "strong")
#: Letters from which on a word with a slip in it is recognised.
SLIP = 5
#: Words of the longest name that is looked for within a text.
_WORDS = 4
_OTHER = "other"
#: A name alone; other signs, such as a question mark, may say a doubt.
_NAME = re.compile(r"[\w .,&'’-]+")
_SENTENCE = re.compile(r"[.;!?\n。；！？]")
#: Bands in which a model number speaks for a maker.
_SPEAKING = (Band.CONFIRMED, Band.PROBABLE)


class Firms:
    """Ids of firms, and what their names stand for.

    In a file a name that two firms have stands for none, nor does a misspelling, which is asked about, nor `other`: that a thing
    is of none of the firms of a rule is stated in that one word or not at all. Where somebody types and is told how it was taken,
    a misspelling counts, and so does the name of another known maker, for `other`; this it does as the answer to a question, too.

    Args:
        ids: of the firms.
        named: gives firms with their names; called once, when a text is no id.
        misspelt: gives firms with misspellings of their names; called once, for what is typed.
        others: gives names of makers that are none of the firms; called once, for what is typed.
        brands: gives firms with the brands that they sell under; called once, for labels.
        of_model: gives the firm whose model number a label is, or empty text; called for labels with a digit that name no firm.
        heard: gives the firms that a text speaks of.
    """

    def __init__(
        self,
        ids: Iterable[str] = (),
        named: Callable[[], Iterable[tuple[str, str]]] = tuple,
        *,
        misspelt: Callable[[], Iterable[tuple[str, str]]] = tuple,
        others: Callable[[], Iterable[str]] = tuple,
        brands: Callable[[], Iterable[tuple[str, str]]] = tuple,
        of_model: Callable[[str], str] = lambda _: "",
        heard: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        self._ids = frozenset(ids)
        self._brands = brands
        self._of_model, self._heard = of_model, heard
        self._named, self._misspelt, self._other_makers = named, misspelt, others

    @classmethod
    @lru_cache(maxsize=2)  # asked for each paper and each scan, and thousands of names are folded
    def of(cls, snapshot: Snapshot) -> Firms:
        """Give the firms of a knowledge."""

        def names(*, slips: bool) -> Iterator[tuple[str, str]]:
            for row in snapshot.table("names"):
                if (
                    row["strength"] in _SURE
                    and (row["form"] == "misspelling") is slips
                    and not row["retracted_on"]
                ):
                    yield str(row["entity"]), str(row["text"])

        def named() -> Iterator[tuple[str, str]]:
            for row in snapshot.table("entities"):
                for text in (row["name"], row["name_local"], row["statutory_name"]):
                    yield str(row["id"]), str(text or "")
            yield from names(slips=False)

        def others() -> Iterator[str]:
            # what is also sold with a unit of a named firm inside says nothing of the maker
            relabelled = {plain(str(row["brand"])) for row in snapshot.table("relabels")}
            for row in snapshot.documents("context/other-makers").get("context/other-makers", []):
                if row["kind"] == "maker" and plain(str(row["text"])) not in relabelled:
                    yield str(row["text"])

        def brands() -> Iterator[tuple[str, str]]:
            for row in snapshot.table("brands"):
                if row["strength"] in _SURE and not row["retracted_on"]:
                    yield str(row["entity"]), str(row["brand"])

        ids = (str(row["id"]) for row in snapshot.table("entities"))
        of_model, heard = _heard_by(snapshot)
        return cls(
            ids, named, misspelt=lambda: names(slips=True), others=others, brands=brands, of_model=of_model, heard=heard
        )  # fmt: skip

    def __contains__(self, name: object) -> bool:
        return name in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def id_of(self, text: str) -> str:
        """Give the id of the firm that a text names, whole; the text itself where it names none, or more than one."""
        if text in self._ids:
            return text
        found = self._by_name.get(plain(text), ())
        return next(iter(found)) if len(found) == 1 else text

    def meant(self, fact: str, value: Any) -> Any:
        """Give the value of a fact with ids in place of the names of firms; of a label, the firm that it names."""
        if fact == _LABEL and isinstance(value, str):
            return self._labelled(value)
        if FACTS[fact].type not in _TYPES:
            return value
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(map(self.id_of, value)))
        return self.id_of(value) if isinstance(value, str) else value

    def stated(self, fact: str, value: Any) -> Any:
        """Give the value of a fact that somebody wrote into a file; see `meant`.

        Raises:
            WrongValue: when a text that names no firm is the name of one with a slip in it, or no name at all.
        """
        value = self.meant(fact, value)
        if FACTS[fact].type in _TYPES:
            for text in value if isinstance(value, tuple) else (value,):
                if fact != _LABEL and text != _OTHER and text not in self._ids and names_nobody(text):
                    raise WrongValue(
                        f"{text[:60]!r} names no maker",
                        "the name of a firm; other when it was shown to be none of the named firms; ? when nobody knows",
                    )
                near = self._slip(text)
                if near:
                    raise WrongValue(
                        f"{text[:60]!r} is the name of no firm that the knowledge holds",
                        "a firm as the knowledge names it, or other when it was shown to be none of the named firms",
                        near,
                    )
        return value

    def _slip(self, text: str) -> str:
        """Give the id of the firm for which a text is a slip; empty where it names a maker, or is like none."""
        name = plain(text)
        if not self._ids or text in self._ids or name == _OTHER:
            return ""
        known = self._typed.get(name) or self.maker_in(text)
        if known is None and len(name) >= SLIP:
            firms = [one for one, firm in self._typed.items() if firm != _OTHER and len(one) >= SLIP]
            known = next((self._typed[one] for one in get_close_matches(name, firms, n=1, cutoff=0.8)), "")
        return "" if known in (None, _OTHER) else known or ""

    def _labelled(self, label: str) -> str:
        """Give the firm that a label names: at its beginning, or further on; by its name, a brand of it, a slip in one, or a
        model number of it.

        The label itself where it names none.
        """
        words = plain(label).split(" ")
        for start in range(len(words)):
            for end in range(min(start + _LABEL_WORDS, len(words)), start, -1):
                run = " ".join(words[start:end])
                found = self.id_of(run)
                found = found if found in self._ids else self._on_labels.get(run, "")
                if found:
                    return found
        model = self._of_model(label) if any(map(str.isdigit, label)) else ""
        return model if model in self._ids else label

    def maker_in(self, text: str) -> str | None:
        """Give the maker that a text names: an id, `other` for a known other maker, `None` when nobody known is named.

        A text that names a firm and another maker, two firms, or denies something, names nobody: who made it is asked. So does
        one that names another beside a model of a firm (`DS-2CD2143G2-I by Axis`), or for some things alone (`mostly Axis`).
        """
        found = self._within(text)
        if len(found) != 1 or denies(text):
            return None
        maker = next(iter(found))
        return None if maker == _OTHER and (leaves_some(text) or any(self._heard(text))) else maker

    def label_in(self, text: str) -> str:
        """Give the name of a known other maker that a text names, which the law of a place may name; empty without one."""
        words = plain(text).split(" ")
        runs = (
            " ".join(words[start:end]) for start in range(len(words)) for end in range(len(words), start, -1)
        )
        return next((run for run in runs if self._typed.get(run) == _OTHER), "")

    def names_any(self, text: str) -> bool:
        """Tell whether a text names any maker, be it two of them or one that is denied."""
        return bool(self._within(text))

    def named_in(self, text: str) -> list[str]:
        """Give the firms that a text names, in words that deny nothing: of each sentence or line for itself."""
        parts = [part for part in _SENTENCE.split(text) if not denies(part)]
        return list(dict.fromkeys(one for part in parts for one in self._within(part) if one != _OTHER))

    def heard_in(self, text: str) -> list[str]:
        """Give the firms that sentences speak of: by names, brands, models, programs, chips, whatever the knowledge holds."""
        return list(dict.fromkeys([*self.named_in(text), *self._heard(text)]))

    def names_other(self, text: str) -> bool:
        """Tell whether a text names a known maker that is none of the firms, and none of these."""
        return list(self._within(text)) == [_OTHER]

    def is_other(self, text: str) -> bool:
        """Tell whether a text is, as a whole and without a sign of doubt, the name of a known maker that is none of the firms."""
        sure = _NAME.fullmatch(text) and not names_nobody(text) and not denies(text)
        return bool(sure) and self._typed.get(plain(text)) == _OTHER

    def is_named(self, word: str) -> bool:
        """Tell whether a word is the name of a firm."""
        return self._typed.get(plain(word), _OTHER) != _OTHER

    def slip_in(self, text: str, firms: Sequence[str]) -> str | None:
        """Give the one of some firms that a word with a slip in it is meant for, such as `dauha`; `None` where not one."""
        if denies(text):
            return None
        words = [one for one in plain(text).split(" ") if len(one) >= SLIP and self._typed.get(one) != _OTHER]
        found = {near for one in words for near in get_close_matches(one, firms, n=1, cutoff=0.8)}
        return found.pop() if len(found) == 1 else None

    def near(self, text: str) -> str:
        """Give the nearest name that could have been meant, or empty text."""
        found = get_close_matches(plain(text), self._typed, n=1, cutoff=0.75)
        return found[0] if found else ""

    def typed(self, text: str) -> str:
        """Give the id of a firm that somebody typed.

        Raises:
            WrongValue: when the knowledge holds none of that name.
        """
        name = plain(text)
        if name == _OTHER or is_none(text):
            return _OTHER
        found = self._typed.get(name) or self.maker_in(text)
        if found is not None:
            return found
        raise WrongValue(
            f"the knowledge holds no firm {text[:60]!r}",
            "a firm such as hikvision, or other when shown to be none of the named firms",
            self.near(text),
        )

    def _within(self, text: str) -> dict[str, None]:
        """Give the makers that a text names, the longest names first."""
        words = plain(text).split(" ")
        found: dict[str, None] = {}
        taken: set[int] = set()
        for size in range(min(_WORDS, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                name, place = " ".join(words[start : start + size]), set(range(start, start + size))
                maker = self._typed.get(name)
                if maker is not None and not place & taken:
                    found[maker] = None
                    taken |= place
        joined = plain(text)
        within = [name for name in self._unspaced if name in joined]
        if within and not found:
            found[self._typed[max(within, key=len)]] = None
        return found

    @cached_property
    def _typed(self) -> Mapping[str, str]:
        """What stands for a maker where somebody types; `other` for one that is none of the firms."""
        made = {name: next(iter(firms)) for name, firms in self._by_name.items() if len(firms) == 1}
        for firm, text in self._misspelt():
            made.setdefault(plain(text), firm)
        for text in self._other_makers():
            if plain(text) not in self._by_name:
                made.setdefault(plain(text), _OTHER)
        made.pop("", None)
        return made

    @cached_property
    def _on_labels(self) -> Mapping[str, str]:
        """What stands for a firm on a label, beside its names: its brands, and misspellings that are no other maker's name."""
        others = {plain(text) for text in self._other_makers()}
        made = {plain(text): firm for firm, text in (*self._misspelt(), *self._brands())}
        return {
            text: firm for text, firm in made.items() if text and text not in others and firm in self._ids
        }

    @cached_property
    def _unspaced(self) -> Sequence[str]:
        return [name for name, maker in self._typed.items() if maker != _OTHER and is_unspaced(name)]

    @cached_property
    def _by_name(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for firm, text in self._named():
            found.setdefault(plain(text), set()).add(firm)
        for firm in self._ids:
            # an id with blanks for hyphens is a name of the firm whose id it is
            found[plain(firm)] = {firm}
        found.pop("", None)
        found.pop(_OTHER, None)
        return {name: frozenset(firms) for name, firms in found.items()}


@lru_cache(maxsize=2)
def _heard_by(snapshot: Snapshot) -> tuple[Callable[[str], str], Callable[[str], Iterable[str]]]:
    """Give what reads the model number on a label, and what hears firms in a text; both wait with their index for a text.

    Kept for the next who asks: to compile the index took a quarter of the time of a document.
    """

    @lru_cache(maxsize=1)
    def index() -> Any:
        from proscribe.app.kb.knowledge_index import index_of

        return index_of(snapshot, date.max, date.max)

    @lru_cache(maxsize=4_096)
    def maker_of(label: str) -> str:
        from proscribe.matching.findings import analyse

        verdicts, _ = analyse(index(), [("label", "model_number", label)])
        return next((one.entity for one in verdicts if one.band in _SPEAKING), "")

    @lru_cache(maxsize=4_096)
    def heard(text: str) -> tuple[str, ...]:
        from proscribe.matching.findings import analyse

        verdicts, spoken = analyse(index(), [("words", "text", text)]) if text.strip() else ((), ())
        return (
            *(one.entity for one in verdicts),
            *(one.entity for one in spoken if one.kind is not MentionKind.NEGATED),
        )

    return maker_of, heard


#: Nobody is known: every value is taken as it is written.
NO_FIRMS = Firms()


@lru_cache(maxsize=4)
def everyday_names(knowledge: tuple[str, ...] = ()) -> Mapping[str, str]:
    """Give what people call each firm of a knowledge, by id, as reports do: `Hikvision`, not the id or the whole legal name.

    Args:
        knowledge: a snapshot or source folder, then layers; the shipped one by default.

    Raises:
        KnowledgeError: as `open_knowledge`.
    """
    from proscribe.reports.scan.labels import everyday_name

    firms = open_knowledge(knowledge).columns("entities")
    return {
        str(one): everyday_name(str(one), str(name))
        for one, name in zip(firms["id"], firms["name"], strict=True)
    }
