"""`proscribe.toml`: what a company says once about itself and its files. One type, read and written here alone.

The file states facts about the company and how its files are to be read; what it leaves out is not known. An unknown key,
a wrong type and a name that nothing has are faults with line and expectation.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from proscribe.model.codec import As, CodecError, Fault, Limits, read, write
from proscribe.model.customers import KnownCustomer
from proscribe.model.errors import ProscribeError, error
from proscribe.model.identifiers import cage, uei
from proscribe.model.observations import FIELDS
from proscribe.model.organisations import ContractRef, Organisation, Person
from proscribe.wording.nations import nation_code, nations
from proscribe.wording.shown import visible

#: The name under which the file is looked up.
NAME = "proscribe.toml"
#: A larger file is no configuration that a person wrote.
MAX_BYTES = 1_000_000
#: Faults that one message names.
_SHOWN = 5
#: Lines that are parsed to find the line of a fault, those of a long statement again and again; then the file is named.
_MOST_PARSED = 200_000
#: A key of this many parts is nothing that a person writes, and takes the parser time and memory without bound.
_LONG_KEY = re.compile(
    r"""(?<![A-Za-z0-9_.-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]{0,500}"|'[^'\n]{0,500}')[ \t]{0,9}\.[ \t]{0,9}){40}"""
)

#: As FPDS and the Treasury write codes of agencies, and others in their own way.
_AGENCY_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,19}")
Role = Literal["author", "approver", "signer", "contact"]


def _field(text: str) -> str:
    if text not in FIELDS:
        raise ValueError("no such field")
    return text


def _pattern(text: str) -> str:
    parts = text.split("/")
    if text.startswith("/") or "\\" in text or "\0" in text or ".." in parts or re.match("[A-Za-z]:", text):
        raise ValueError("a pattern that leads out of the folder")
    return text


_Text = Annotated[str, Limits(most=2_000)]
_Field = Annotated[str, As(_field, str, "a field that a column can hold: " + ", ".join(FIELDS))]
_Pattern = Annotated[
    str,
    Limits(least=1, most=1_000),
    As(_pattern, str, "a path below the folder of the file, with / between folders and *, ? and ** in it"),
]


@dataclass(frozen=True, slots=True)
class Member(Person):
    """A person of the company and what that person does in documents.

    Attributes:
        key: where the private key lies that they sign with: a file, from the folder of the configuration, or a `pkcs11:` URI. No
            document names it.
    """

    roles: tuple[Role, ...] = ()
    key: _Text = ""


@dataclass(frozen=True, slots=True)
class FileRule:
    """How the files are read that a pattern names.

    Attributes:
        path: of one file, or a pattern, from the folder of the configuration.
        sheet: the one sheet of a workbook that it speaks of; empty: all.
        kind: what the table is; empty: what the program sees.
        preset: name of the known export that it is; empty: what the program sees.
        reader: as in `--reader`; empty: found by content.
        columns: column to field, over what is recognised.
        uncertain: what nobody has confirmed: `kind`, `preset`, or names of columns.
    """

    path: _Pattern
    sheet: _Text = ""
    kind: _Text = ""
    preset: _Text = ""
    reader: _Text = ""
    columns: Mapping[str, _Field] = field(default_factory=dict)
    uncertain: tuple[_Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Defaults:
    """Options where the command gives none. There is no default day: what is asked of the law names its day or means today.

    Attributes:
        store: place of the cases; a file is looked up from the folder of the configuration.
        knowledge: layers of the company's own, from the folder of the configuration.
        fail_on: as in `--fail-on`.
        jurisdiction: country whose law is asked of a new case.
    """

    store: _Text = ""
    knowledge: tuple[_Text, ...] = ()
    fail_on: Literal["", "confirmed", "probable", "possible", "none"] = ""
    jurisdiction: _Text = ""


_NOBODY = Organisation("")
_NO_OPTIONS = Defaults()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that the file can say.

    Attributes:
        sites: names of the company's sites, as its files spell them.
        time_zone: of clocks and days, such as `America/New_York`.
        contracts: contracts, orders and solicitations that documents are about.
        facts: what holds for the whole company, by the names of the decision vocabulary; a file of facts prevails over it.
        readings: by kind of site, such as `bank`, the reading of what its cameras are for, such as `narrow`.
        funds: by the name that the records give a fund, what money it is, such as `federal_award = true`.
        awards: by the number of a contract, grant or licence, what the company is in regard of it, such as `party.role`.
        countries: by code, what the company is in a country in which it has sites.
        site_countries: by name of the site, the country in which it is.
        customers: to whom documents go.
    """

    organisation: Organisation = _NOBODY
    sites: tuple[_Text, ...] = ()
    time_zone: _Text = ""
    people: tuple[Member, ...] = ()
    contracts: tuple[ContractRef, ...] = ()
    options: Defaults = _NO_OPTIONS
    files: Annotated[tuple[FileRule, ...], Limits(most=20_000)] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    readings: Mapping[str, _Text] = field(default_factory=dict)
    funds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    awards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    countries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    site_countries: Mapping[str, _Text] = field(default_factory=dict)
    customers: Annotated[tuple[KnownCustomer, ...], Limits(most=5_000)] = ()

    def member(self, role: Role) -> Member | None:
        """Give the one person with a role; `None` where nobody has it, or several do."""
        found = [one for one in self.people if role in one.roles]
        return found[0] if len(found) == 1 else None

    def contract(self, number: str = "") -> ContractRef | None:
        """Give the contract of a number, or the only one."""
        named = [one for one in self.contracts if number in ("", one.number, one.solicitation, one.award)]
        return named[0] if len(named) == 1 else None


# Reading


def read_config(content: bytes, name: str, *, known: Mapping[str, tuple[str, ...]] | None = None) -> Config:
    """Read a configuration.

    Args:
        content: the bytes of the file.
        name: its path, for messages.
        known: names that `kind`, `preset` and `reader` of a file may have.

    Raises:
        CaseError: E469 when it is no TOML, or not what a configuration may say; names line and expectation.
    """
    if len(content) > MAX_BYTES:
        raise error("E469.too_large", at=name, most=f"{MAX_BYTES:,}")
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise error("E469.encoding", at=f"{name}:{line}") from None
    text = text.replace("\r\n", "\n")
    value = _parsed(text, name)
    try:
        config = read(Config, value)
        faults = list(_names_nothing_has(config, known or {}))
    except CodecError as problem:
        faults = list(problem.faults)
    if faults:
        raise _joined([_told(fault, text, name) for fault in faults[:_SHOWN]], len(faults))
    return config


def _parsed(text: str, name: str) -> Any:
    too_long = _LONG_KEY.search(text)
    if too_long is not None:
        line = text.count("\n", 0, too_long.start()) + 1
        raise error("E469.syntax", at=f"{name}:{line}", why="a key has 40 parts or more")
    try:
        return _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        said = re.fullmatch(
            r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)", str(problem), re.DOTALL
        )
        at = f"{name}:{said[2]}:{said[3]}" if said and said[2] else f"{name}:{text.count(chr(10)) + 1}"
        raise error("E469.syntax", at=at, why=(said[1] if said else str(problem))[:200]) from None
    except RecursionError:
        raise error("E469.syntax", at=name, why="it is nested too deeply") from None
    except ValueError as problem:
        raise error("E469.syntax", at=name, why=str(problem)[:200]) from None


def _plain(value: Any) -> Any:
    """Write days and instants of TOML as the texts that the codec reads."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value


def _names_nothing_has(config: Config, known: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    """Find identifiers that cannot be ones, and kinds, presets and readers that there are not."""
    forms: tuple[tuple[str, Callable[[str], str]], ...] = (("uei", uei), ("cage", cage))
    for name, check in forms:
        code = getattr(config.organisation, name)
        try:
            check(code or ("H7K2M4N6P8R1" if name == "uei" else "7ABC1"))
        except ValueError as problem:
            yield Fault(f"/organisation/{name}", str(problem), "the code as SAM shows it, or nothing")
    yield from _wrong_customers(config.customers)
    for place, rule in enumerate(config.files):
        for name, words in known.items():
            said = getattr(rule, name)
            if said and said not in words:
                near = get_close_matches(said, words, 3)
                yield Fault(
                    f"/files/{place}/{name}", f"there is no {name} {said[:60]!r}", ", ".join(near or words)
                )


def _wrong_customers(customers: Sequence[KnownCustomer]) -> Iterator[Fault]:
    """Find customers without a name, and identifiers of theirs that cannot be ones."""
    for place, one in enumerate(customers):
        at = f"/customers/{place}"
        if not any(map(str.isalnum, one.name + one.agency)):
            yield Fault(f"{at}/name", "the customer has no name", "its name, or that of its agency")
        if one.nation and one.nation not in nations():
            near = nation_code(one.nation)
            yield Fault(
                f"{at}/nation", f"{one.nation[:40]!r} is no code of a country", near or "such as US or GB"
            )
        if one.agency_code and not _AGENCY_CODE.fullmatch(one.agency_code):
            what = f"{one.agency_code[:40]!r} is no code of an agency"
            yield Fault(f"{at}/agency_code", what, "letters and digits, such as 9700")
        try:
            given = uei(one.uei) if one.uei else ""
        except ValueError as problem:
            yield Fault(f"{at}/uei", str(problem), "the code as SAM shows it, or nothing")
        else:
            if given != one.uei:
                yield Fault(f"{at}/uei", f"{one.uei!r} is written otherwise than SAM does", given)


def _told(fault: Fault, text: str, name: str) -> ProscribeError:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in fault.pointer.split("/")[1:]]
    line = line_of(text, steps)
    key = ".".join(steps)[:200]
    near = ""
    if fault.what == "there is no such field" and steps:
        near = next(iter(get_close_matches(steps[-1], fault.expected.split(", "), 1)), "")
    return error(
        "E469.field", at=f"{name}:{line}" if line else name, what=f"{key or 'the file'}: {fault.what}",
        expected=fault.expected, **({"near": near} if near else {}),
    )  # fmt: skip


def _joined(told: list[ProscribeError], count: int) -> ProscribeError:
    first = told[0]
    lines = [first.next_step, *(f"  also {one.at}: {one.what}" for one in told[1:])]
    if count > len(told):
        lines.append(f"  and {count - len(told):,} more")
    first.next_step = "\n".join(lines)
    return first


def line_of(text: str, steps: Sequence[str]) -> int:
    """Give the line of the statement that says a value, or the line of the table that it lacks in; 0 when there is none."""
    best, found = -1, 0
    for line, path in _statements(text):
        size = min(len(path), len(steps))
        shared = size if list(path[:size]) == list(steps[:size]) else -1
        if shared > best:
            best, found = shared, line
    return found


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each statement begins, and the path that it speaks of.

    A statement is TOML by itself: lines are joined until they are. Of one that never ends nothing is yielded.
    """
    base: list[str] = []
    tables: Counter[tuple[str, ...]] = Counter()
    held: list[str] = []
    parsed = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not held and (not line.strip() or line.lstrip().startswith("#")):
            continue
        held.append(line)
        parsed += len(held)
        if parsed > _MOST_PARSED:
            return
        try:
            value = tomllib.loads("\n".join(held))
        except (ValueError, RecursionError):
            continue
        begins = number - len(held) + 1
        is_table, is_one_of_many = held[0].lstrip().startswith("["), held[0].lstrip().startswith("[[")
        held = []
        path = [] if is_table else list(base)
        keys = _keys(value, whole=is_table)
        for place, key in enumerate(keys):
            path.append(key)
            if is_table and is_one_of_many and place == len(keys) - 1:
                tables[tuple(path)] += 1
            if is_table and tables[tuple(path)]:
                path.append(str(tables[tuple(path)] - 1))
        if is_table:
            base = path
        yield begins, path


def _keys(value: Any, *, whole: bool) -> list[str]:
    """Give the dotted key of one statement: a table in it is part of the key only where the statement is a header."""
    keys = []
    while isinstance(value, dict) and len(value) == 1:
        key, value = next(iter(value.items()))
        keys.append(key)
        if whole and isinstance(value, list):
            value = value[0]
    return keys


# Writing

#: What each line decides, by place; `*` stands for a number. Where a text of these is empty, the line is written all the same.
_SAYS: Mapping[str, str] = {
    "/organisation": "Who speaks in documents, forms and reports. What is left empty is asked for there, never guessed.",
    "/organisation/name": "Legal name, as in SAM.",
    "/organisation/uei": "Unique entity id of SAM, 12 characters.",
    "/organisation/cage": "CAGE code, 5 characters.",
    "/organisation/address": "Lines of the address.",
    "/time_zone": "Zone in which days end and clocks run, such as America/New_York.",
    "/sites": "Sites, as the files spell them.",
    "/people": "People: roles are author, approver, signer, contact. Author and approver are two people.",
    "/contracts": "Contracts, orders and solicitations; where there is one, a new case is about it.",
    "/contracts/*/clauses": "With their editions, such as 52.204-25 (NOV 2021): the edition sets the clocks.",
    "/customers": "To whom documents go; kind is agency, prime_contractor, recipient or company.",
    "/customers/*/awards": "Numbers of its contracts, grants and licences: a document says for which it is.",
    "/options": "Options where a command gives none. A day is never one of them.",
    "/facts": "What holds for the whole company when the law is asked, such as party.role; see `proscribe law facts`.",
    "/readings": "What cameras at a kind of site are for, as your lawyer reads the law; see `proscribe law purposes`.",
    "/funds": "What money a fund is, by the name that the records give it.",
    "/awards": "What you are in regard of one contract, grant or licence, by its number; each is asked for itself.",
    "/countries": "What you are in a country in which you have sites, by its code.",
    "/site_countries": "In which country a site is; the law of that country is asked of what stands there.",
    "/files": "How each file is read. kind: {kinds}.",
}
_LISTS = ("people", "contracts", "customers", "files")
#: Tables of what is stated of the company, written where something is.
_STATED = ("facts", "readings", "funds", "awards", "countries", "site_countries")


def config_text(config: Config, notes: Mapping[str, Sequence[str]] = {}, kinds: Sequence[str] = ()) -> str:
    """Write a configuration as TOML with comments, the same for the same values; `read_config` reads it back.

    Args:
        notes: place, such as `/files/0`, to lines of comment that stand above it.
        kinds: what a file may be, for the comment that says so.
    """
    value = write(config)
    lines = [
        "# proscribe.toml: what every command of proscribe takes from here when no option says otherwise.",
        "",
    ]
    says = {place: text.format(kinds=", ".join(kinds)) for place, text in _SAYS.items()}

    def comment(place: str) -> list[str]:
        general = re.sub(r"/\d+", "/*", place)
        first = [says[general]] if general in says and not re.search(r"/[1-9]\d*", place) else []
        return [f"# {_printable(text)}" for text in (*first, *notes.get(place, ()))]

    def leaves(place: str, table: Mapping[str, Any]) -> None:
        for key, item in table.items():
            here = f"{place}/{key}"
            if isinstance(item, dict):
                continue
            if item or isinstance(item, bool) or re.sub(r"/\d+", "/*", here) in says:
                lines.extend([*comment(here), f"{_key(key)} = {_value(item)}"])

    def tables(place: str, name: str, table: Mapping[str, Any], *, listed: bool) -> None:
        lines.extend(["", *comment(place), f"[[{name}]]" if listed else f"[{name}]"])
        leaves(place, table)
        for key, item in table.items():
            if isinstance(item, dict) and item:
                tables(f"{place}/{key}", f"{name}.{_key(key)}", item, listed=False)

    leaves("", {key: value[key] for key in ("time_zone", "sites")})
    for name in ("organisation", "options", *_STATED):
        if value[name] or name not in _STATED:
            tables(f"/{name}", name, value[name], listed=False)
    for name in _LISTS:
        if not value[name]:
            lines.extend(["", *comment(f"/{name}")])
        for place, item in enumerate(value[name]):
            if not place:
                lines.extend(["", *comment(f"/{name}")])
            tables(f"/{name}/{place}", name, item, listed=True)
    return "\n".join(lines).rstrip() + "\n"


def with_facts(content: bytes, facts: Mapping[str, Any], name: str) -> bytes:
    """Add facts of the company to a configuration, and change nothing else in it, neither comments nor line ends.

    Args:
        content: of the file; empty for a new one.
        facts: names to values as TOML has them; none of them may stand there already.
        name: of the file, for messages.

    Raises:
        UsageError: E469 when it is wrong, or when there is no place in it where they can be added.
    """
    if not facts:
        return content
    read_config(content, name)
    text = content.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [f"{_key_of_fact(key)} = {_value(item)}" for key, item in facts.items()]
    wished = _with_facts(_read_plain(text), facts)
    for place in (found.end() for found in _FACTS_HEADER.finditer(text)):
        # a header may only look like one, inside a text: what comes out has to say what was there, and the facts
        tail = text[place:]
        made = text[:place] + end + end.join(lines) + (tail if tail.startswith(("\r", "\n")) else end + tail)
        if _says(made, wished):
            return _as_bytes(made, content)
    head = text if not text or text.endswith("\n") else text + end
    made = head + (end if head else "") + f"# {_SAYS['/facts']}{end}[facts]{end}" + end.join([*lines, ""])
    if _says(made, wished):
        return _as_bytes(made, content)
    raise error("E469.facts", at=name, lines="; ".join(lines))


_FACTS_HEADER = re.compile(r"^[ \t]*\[[ \t]*facts[ \t]*\][ \t]*(?:#[^\r\n]*)?(?=\r?$)", re.MULTILINE)


def _key_of_fact(name: str) -> str:
    return ".".join(map(_key, name.split(".")))


def _read_plain(text: str) -> Any:
    return _plain(tomllib.loads(text.replace("\r\n", "\n")))


def _with_facts(value: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(value.get("facts", {}))
    for name, item in facts.items():
        head, _, rest = name.partition(".")
        told[head] = {**told.get(head, {}), rest: item}
    return {**value, "facts": told}


def _says(text: str, wished: Mapping[str, Any]) -> bool:
    try:
        return bool(_read_plain(text) == wished)
    except (ValueError, RecursionError):
        return False


def _as_bytes(text: str, before: bytes) -> bytes:
    return (b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b"") + text.encode("utf-8")


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _key(text: str) -> str:
    return text if re.fullmatch("[A-Za-z0-9_-]+", text) else _value(text)


def _value(item: Any) -> str:
    if isinstance(item, list):
        return "[" + ", ".join(map(_value, item)) + "]"
    if isinstance(item, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in item.items() if one) + "}"
    if isinstance(item, str):
        # JSON's escapes are TOML's. What nobody sees, such as a mark that turns the direction of a line, is escaped too.
        return visible(json.dumps(item, ensure_ascii=False))
    return json.dumps(item)
