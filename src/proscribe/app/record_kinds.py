"""What kind of thing the words of a record show, where the knowledge of its model does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from proscribe.kb.strictyaml import parse

#: Where the knowledge keeps the words.
DOCUMENT = "context/words"
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
#: Words after one that says what for: an article and an adjective may stand between.
_REACH = 2


@lru_cache(maxsize=1)
def _rules() -> Mapping[str, Any]:
    value: Mapping[str, Any] = parse(
        resources.files("proscribe.app").joinpath("record_kinds.yml").read_bytes(), "record_kinds.yml"
    ).value
    return value


@dataclass(frozen=True, slots=True)
class RecordKinds:
    """Kinds by word; `None` is a word of another kind.

    Attributes:
        fields: of the columns in which a record says what a thing is.
    """

    words: Mapping[str, str | None] = field(default_factory=dict)
    techniques: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Mapping[str, Any] | None) -> RecordKinds:
        """Join the words of the knowledge with what their groups show."""
        groups = (document or {}).get("device_words") or {}
        rules = _rules()
        words: dict[str, str | None] = {}
        for kind, names in rules["kinds"].items():
            words.update((str(word).casefold(), kind) for name in names for word in groups.get(name, ()))
        for kind, listed in rules["words"].items():
            words.update((str(word).casefold(), kind) for word in listed)
        words.update(
            (str(word).casefold(), None) for name in rules["others"] for word in groups.get(name, ())
        )
        return cls(
            words, frozenset(rules["techniques"]), frozenset(rules["purposes"]), frozenset(rules["fields"])
        )

    def shown(self, texts: Iterable[str]) -> str | None:
        """Give the one kind that texts show; `None` where they show none, two, or say what the thing is for."""
        found: set[str | None] = set()
        technique: set[str | None] = set()
        for text in texts:
            words = _WORD.findall(text.casefold())
            for place, word in enumerate(words):
                if word not in self.words:
                    continue
                if self.purposes & set(words[max(0, place - _REACH) : place]):
                    return None
                (technique if word in self.techniques else found).add(self.words[word])
        shown = found or technique
        return shown.pop() if len(shown) == 1 else None


NO_KINDS = RecordKinds()
