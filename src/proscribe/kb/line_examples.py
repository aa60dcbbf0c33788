"""The lines in which each word of a line's structure is tried, made from templates (`context/line-templates.yml`).

A word cannot be judged by itself: "dock" is an accessory in one line and a place in another. So each word is put into a
line with a firm's device, once where it must be read as its group says and once where it must not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from proscribe.kb.issues import Issue, fault

#: Path of the templates, and the beginning of the paths of the words.
TEMPLATES = "context/line-templates"
WORDS = "context/lines/"
FOREIGN = "context/foreign-things"
ORDINARY = "context/ordinary-words"
STATES = "context/states"
_SLOT = re.compile(r"\{([a-z_]*)\}")


class LineExample(NamedTuple):
    """One line and how it must, or must not, be read.

    Attributes:
        where: document, group and word, for messages: `context/lines/en gone 'sold'`.
        text: the line.
        reads: the readings of which one is wanted, or none where `holds` is false.
        holds: whether it must be read so.
    """

    where: str
    text: str
    reads: frozenset[str]
    holds: bool


def collect_lines(documents: Mapping[str, Any]) -> list[LineExample]:
    """Give the lines of every word, in order of document, group and word.

    Args:
        documents: the knowledge's documents by path, parsed.

    Raises:
        KeyError: a template names a slot that its language does not have.
    """
    found: list[LineExample] = []
    given = documents.get(TEMPLATES) or {}
    for path, document in sorted(documents.items()):
        if path.startswith(WORDS) and isinstance(document, Mapping):
            found += _of_language(path, document, given)
    found += _of_foreign_things(documents.get(FOREIGN) or {})
    return found


def untried(documents: Mapping[str, Any]) -> list[str]:
    """Give the groups of words that no template tries, as `context/lines/en gone`."""
    templates = (documents.get(TEMPLATES) or {}).get("templates") or {}
    return [
        f"{path} {tag}"
        for path, document in sorted(documents.items())
        if path.startswith(WORDS) and isinstance(document, Mapping)
        for tag, group in (document.get("groups") or {}).items()
        if "example" not in group and tag not in templates
    ]


def _of_language(path: str, document: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[LineExample]:
    slots = (given.get("slots") or {}).get(document.get("language"), {})
    templates = given.get("templates") or {}
    for tag, group in (document.get("groups") or {}).items():
        shared = {**templates.get(tag, {}), **{key: group[key] for key in _KEYS if key in group}}
        for word in group.get("words", ()):
            template = {**shared, **(group.get("own") or {}).get(word, {})}
            if "example" in template:
                yield from _tried(f"{path} {tag} {word!r}", spoken(str(word)), template, slots)


_KEYS = ("example", "reads", "near_miss")


def _of_foreign_things(document: Mapping[str, Any]) -> Iterator[LineExample]:
    for language, group in (document.get("languages") or {}).items():
        for word in group.get("words", ()):
            where = f"{FOREIGN} {language} {word!r}"
            for key, holds in (("example", False), ("near_miss", True)):
                text = _filled(str(document[key]), spoken(str(word)), {})
                yield LineExample(where, text, frozenset(["finding"]), holds)


def _tried(
    where: str, word: str, template: Mapping[str, Any], slots: Mapping[str, str]
) -> Iterator[LineExample]:
    reads = template["reads"]
    wanted = frozenset([reads] if isinstance(reads, str) else reads)
    yield LineExample(where, _filled(str(template["example"]), word, slots), wanted, True)
    # a near-miss may be of other words: it then shows that the reading is not the line's without the word
    yield LineExample(where, _filled(str(template["near_miss"]), word, slots), wanted, False)


def _filled(template: str, word: str, slots: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: slots[match.group(1)] if match.group(1) else word, template)


def spoken(word: str) -> str:
    """Give a word as it is spoken: `rottamat*e` is "rottamate", `~halterung` is "halterung"."""
    return word.lstrip("~").replace("*", "")


def lint(documents: Mapping[str, Any]) -> Iterator[Issue]:
    """Yield groups that no template tries, templates that cannot be filled, and own templates of words that are not there."""
    for group in untried(documents):
        path, tag = group.split(" ")
        yield fault(
            "E217", f"{path}.yml", 0, what=f"template for the words of {tag!r}",
            text=f"a line under `templates: {tag}:` of {TEMPLATES}.yml, or `example`, `reads` and `near_miss` of the group",
        )  # fmt: skip
    given = documents.get(TEMPLATES) or {}
    for path, document in sorted(documents.items()):
        if not path.startswith(WORDS) or not isinstance(document, Mapping):
            continue
        for tag, group in (document.get("groups") or {}).items():
            for word in sorted(set(group.get("own") or {}) - set(group.get("words", ()))):
                yield fault("E230.word", f"{path}.yml", 0, tag=tag, word=word)
        try:
            list(_of_language(path, document, given))
        except KeyError as missing:
            language = str(document.get("language"))
            yield fault("E230.slot", f"{path}.yml", 0, name=missing.args[0], language=language)
