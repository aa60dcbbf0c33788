"""One record type per knowledge table: its fields, their shapes and their closed lists of values.

A validated record is a plain dict with every field of its type: texts (`""` when empty), lists of texts,
booleans. Dates are `YYYY-MM-DD`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from proscribe.kb.issues import Issue, fault, nearest
from proscribe.model.grades import BASES, CONFIDENCES
from proscribe.model.periods import first_day

Row = dict[str, Any]
#: Gives the line of a field; with `None` that of the record.
LineOf = Callable[[str | None], int]

STATUSES = ("preview", "stable", "deprecated", "removed")
STRENGTHS = ("sure", "strong", "weak")
ENTITY_KINDS = ("company", "group", "agency", "lookalike")
NAME_FORMS = ("legal", "short", "alias", "former", "misspelling", "transliteration", "statutory", "initials")
SOURCE_KINDS = (
    "law",
    "registry",
    "filing",
    "court",
    "maker",
    "press",
    "software",
    "catalogue",
    "measurement",
    "recalled",
)
#: Links by which one entity belongs to another.
OWNERSHIP_RELATIONS = (
    "subsidiary_of",
    "affiliate_of",
    "named_affiliate_of",
    "controlled_by",
    "brand_of",
    "formerly_subsidiary_of",
)
#: Links that say something else.
OTHER_RELATIONS = ("sells_units_made_by", "lookalike_of")
RELATIONS = OWNERSHIP_RELATIONS + OTHER_RELATIONS
REACHES = ("all", "line", "some", "models")
RELABEL_VERDICTS = ("relabel", "cleared", "rejected")
ROLES = ("made_by", "component", "relabel", "service")
NEEDS = ("none", "any", "model_column", "device_word", "maker")
SEPARATORS = ("loose", "exact")
MATCHES = ("substring", "regex")
IDENTIFIER_VERDICTS = ("names", "supports", "review", "other")

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*(?::[a-z0-9][a-z0-9._/@+()-]*)?")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type.

    Attributes:
        kind: `text`, `id`, `date`, `number`, `hex`, `flag` or `texts`.
        required: whether an empty value is refused.
        choices: the closed list of values; empty = any.
        default: the text used when nothing is given.
    """

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class RecordType:
    """A knowledge table.

    Attributes:
        table: name in the snapshot.
        fields: in column order.
        identity: field that names the record; empty when rows have no id.
    """

    table: str
    fields: tuple[Field, ...]
    identity: str = "id"
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name.update({item.name: item for item in self.fields})

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the field names in column order."""
        return tuple(item.name for item in self.fields)


COMMON = (
    Field("valid_from", "date"),
    Field("valid_to", "date"),
    Field("recorded_on", "date", required=True),
    Field("retracted_on", "date"),
    Field("superseded_by", "id"),
    Field("source", "id", required=True),
    Field("locator"),
    Field("basis", required=True, choices=BASES),
    Field("confidence", required=True, choices=CONFIDENCES),
    Field("status", choices=STATUSES, default="stable"),
    Field("note"),
)
COMMON_NAMES = tuple(item.name for item in COMMON)
#: What a `defaults:` block may give.
DEFAULTABLE = ("recorded_on", "source", "locator", "basis", "confidence", "status")

_ID_FIELD = Field("id", "id", required=True)
_STRENGTH = Field("strength", required=True, choices=STRENGTHS)
_EXAMPLES = (Field("examples", "texts"), Field("near_misses", "texts"))
_PAIR = (Field("example"), Field("near_miss"))


def _table(name: str, *own: Field) -> RecordType:
    return RecordType(name, (_ID_FIELD, *own, *COMMON))


_PATTERN = (
    Field("what", required=True),
    Field("category"),
    Field("regex", required=True),
    Field("anchors", "texts", required=True),
    _STRENGTH,
    Field("separators", choices=SEPARATORS, default="loose"),
    Field("needs", choices=NEEDS, default="none"),
    Field("device_words", "texts"),
    Field("question"),
    *_EXAMPLES,
)

SOURCES = RecordType(
    "sources",
    (
        _ID_FIELD,
        Field("title", required=True),
        Field("publisher"),
        Field("url"),
        Field("retrieved_on", "date"),
        Field("licence"),
        Field("kind", required=True, choices=SOURCE_KINDS),
        Field("note"),
        Field("review", "date"),
    ),
)
ENTITIES = _table(
    "entities",
    Field("kind", required=True, choices=ENTITY_KINDS),
    Field("name", required=True),
    Field("name_local"),
    Field("statutory_name"),
    Field("jurisdiction"),
    Field("named_firm", "flag"),
)
NAMES = _table(
    "names",
    Field("entity", "id", required=True),
    Field("text", required=True),
    Field("form", required=True, choices=NAME_FORMS),
    Field("language", default="und"),
    _STRENGTH,
    Field("typos", "flag"),
    Field("question"),
    *_EXAMPLES,
)
STAKES = _table(
    "stakes",
    Field("owner", "id", required=True),
    Field("asset", "id", required=True),
    Field("relation", required=True, choices=RELATIONS),
    Field("stake_bp", "number"),
    Field("unsettled_from", "date"),
    Field("unsettled_to", "date"),
)
LISTINGS = _table("listings", Field("entity", "id", required=True), Field("list", "id", required=True))
BRANDS = _table(
    "brands",
    Field("brand", required=True),
    Field("entity", "id", required=True),
    _STRENGTH,
    Field("category"),
    *_PAIR,
)
RELABELS = _table(
    "relabels",
    Field("maker", "id", required=True),
    Field("brand", required=True),
    Field("spellings", "texts"),
    Field("scope", required=True),
    Field("reach", required=True, choices=REACHES),
    Field("lines", "texts"),
    Field("models", "texts"),
    Field("alone", "flag"),
    Field("categories", "texts"),
    Field("verdict", required=True, choices=RELABEL_VERDICTS),
    _STRENGTH,
    Field("question"),
    Field("observed_on", "date"),
    *_EXAMPLES,
)
#: The day from which a model, or the first of a family, was sold: no unit is older, and no unit is made newer by it.
_LAUNCHED = Field("launched_on", "date")
MODELS = _table("models", Field("maker", "id", required=True), *_PATTERN, _LAUNCHED)
CHIPS = _table(
    "chips",
    Field("entity", "id"),
    Field("role", choices=ROLES, default="component"),
    Field("verdict", choices=("names", "review", "other"), default="names"),
    *_PATTERN,
)
PHONES = _table(
    "phones",
    Field("maker", "id", required=True),
    Field("brand"),
    Field("model_name"),
    Field("model_code"),
    Field("kind"),
    _STRENGTH,
    *_PAIR,
    _LAUNCHED,
)
FINGERPRINTS = _table(
    "fingerprints",
    Field("channel", required=True),
    Field("entity", "id", required=True),
    Field("role", choices=ROLES, default="made_by"),
    Field("what", required=True),
    Field("match", choices=MATCHES, default="substring"),
    Field("pattern", required=True),
    Field("anchors", "texts"),
    Field("channel_only", "flag"),
    _STRENGTH,
    Field("question"),
    *_EXAMPLES,
)
OUI = _table(
    "oui",
    Field("prefix_hex", "hex", required=True),
    Field("prefix_bits", "number", required=True, choices=("24", "28", "36")),
    Field("registry"),
    Field("assignee", required=True),
    Field("entity", "id"),
    Field("relation"),
)
OUI_OTHERS = RecordType(
    "oui_others",
    (
        Field("prefix_hex", "hex", required=True),
        Field("prefix_bits", "number", required=True, choices=("24", "28", "36")),
        Field("assignee"),
    ),
    identity="",
)
PEN = _table(
    "pen",
    Field("enterprise_number", "number", required=True),
    Field("registered_name", required=True),
    Field("entity", "id"),
    Field("verdict", required=True, choices=IDENTIFIER_VERDICTS),
    Field("subtree"),
    Field("needs"),
    Field("strength", choices=STRENGTHS),
    Field("question"),
)
CPE = _table(
    "cpe",
    Field("cpe_vendor", required=True),
    Field("entity", "id"),
    Field("verdict", required=True, choices=IDENTIFIER_VERDICTS),
    Field("strength", choices=STRENGTHS),
    Field("question"),
    *_PAIR,
)
USB_PCI = _table(
    "usb_pci",
    Field("bus", required=True, choices=("usb", "pci", "bluetooth")),
    Field("vendor_id", "hex", required=True),
    Field("name", required=True),
    Field("entity", "id"),
    Field("verdict", required=True, choices=IDENTIFIER_VERDICTS),
    Field("strength", choices=STRENGTHS),
    Field("question"),
)
FCC = _table(
    "fcc",
    Field("grantee_code", required=True),
    Field("grantee", required=True),
    Field("entity", "id"),
    Field("strength", choices=STRENGTHS),
    Field("question"),
    *_PAIR,
)
#: `affiliates.csv`: not a table of the snapshot; each row becomes an entity, its names and a stake.
AFFILIATES = _table(
    "affiliates",
    Field("name", required=True),
    Field("name_local"),
    Field("jurisdiction"),
    Field("group", "id", required=True),
    Field("relation", required=True, choices=RELATIONS),
    _STRENGTH,
    *_PAIR,
)

TABLES: dict[str, RecordType] = {
    item.table: item
    for item in (
        SOURCES,
        ENTITIES,
        NAMES,
        STAKES,
        LISTINGS,
        BRANDS,
        RELABELS,
        MODELS,
        PHONES,
        FINGERPRINTS,
        OUI,
        OUI_OTHERS,
        PEN,
        CPE,
        USB_PCI,
        FCC,
        CHIPS,
    )
}

#: Fields that hold the id of an entity.
ENTITY_FIELDS = ("entity", "maker", "owner", "asset", "group")
_HEX = re.compile(r"[0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class Record:
    """A validated row and where it stands.

    Attributes:
        table: name of its record type's table.
        row: every field of the type.
        file: path inside the tree.
        line: line of the record.
        lines: field name to line, for the fields that were given.
    """

    table: str
    row: Row
    file: str
    line: int
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Give the record's id, or an empty text."""
        return str(self.row.get("id", ""))

    def line_of(self, name: str) -> int:
        """Give the line of a field, or of the record when the field was not given."""
        return self.lines.get(name, self.line)


def validate(
    kind: RecordType,
    raw: Mapping[str, Any],
    *,
    file: str,
    line: LineOf,
    defaults: Mapping[str, str] | None = None,
) -> tuple[Row | None, list[Issue]]:
    """Check one raw record and bring it to the shape of its type.

    Args:
        kind: the record type.
        raw: field name to text, list of texts, boolean or `None`.
        file: path for messages.
        line: gives the line of a field.
        defaults: values of the file's `defaults:` block.

    Returns:
        The row, or `None` when an error was found, and all issues.
    """
    issues: list[Issue] = []
    fact = raw.get(kind.identity) if kind.identity else None
    fact = fact if isinstance(fact, str) else ""

    def report(field: str | None, message: str, /, **values: Any) -> None:
        issues.append(fault(message, file, line(field), fact=fact, **values))

    for name in raw:
        if name not in kind.by_name:
            close = nearest(name, kind.by_name)
            report(
                name, "E209.field", near=close, name=name, table=kind.table, columns=", ".join(kind.columns)
            )
    row: Row = {}
    for item in kind.fields:
        value = raw.get(item.name)
        if value is None or value == "":
            value = (defaults or {}).get(item.name) or item.default
        row[item.name] = _shaped(item, value, report)
        if item.required and row[item.name] in ("", []):
            report(
                None,
                "E210.field",
                name=item.name,
                wanted=f"one of {', '.join(item.choices)}" if item.choices else f"a value for {item.name!r}",
                or_defaults=", or to `defaults:`." if item.name in DEFAULTABLE else ".",
            )
    return (None if issues else row), issues


def _shaped(item: Field, value: Any, report: Callable[..., None]) -> Any:
    """Bring one value to its field's shape, reporting what does not fit."""
    if item.kind == "flag":
        if value in (True, "true", "yes"):
            return True
        if value in (False, "", None, "false", "no"):
            return False
        report(item.name, "E212.flag", name=item.name, show=_show(value))
        return False
    if item.kind == "texts":
        if value in ("", None):
            return []
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            report(item.name, "E212.texts", name=item.name, show=_show(value))
            return []
        return values
    if not isinstance(value, str):
        report(item.name, "E212.text", name=item.name, show=_show(value))
        return ""
    return _shaped_text(item, value, report) if value else ""


def _shaped_text(item: Field, value: str, report: Callable[..., None]) -> str:
    if item.choices and value not in item.choices:
        close = nearest(value, item.choices)
        report(item.name, "E211", near=close, name=item.name, value=value, choices=", ".join(item.choices))
        return ""
    if item.kind == "date":
        try:
            if not _DATE.fullmatch(value):
                raise ValueError(value)
            return first_day(value).isoformat()
        except ValueError:
            report(item.name, "E212.date", name=item.name, value=value)
            return ""
    if item.kind == "id" and not _ID.fullmatch(value):
        report(item.name, "E212.id", name=item.name, value=value)
    elif item.kind == "number" and not (value.isascii() and value.isdigit()):
        report(item.name, "E212.number", name=item.name, value=value)
    elif item.kind == "hex":
        if not _HEX.fullmatch(value):
            report(item.name, "E212.hex", name=item.name, value=value)
        return value.upper()
    return value


def _show(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else repr(value)
