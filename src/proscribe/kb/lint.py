"""Checks of each record and across records. Reading checks shapes; this checks sense."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from datetime import date

from proscribe.kb.issues import Issue, nearest
from proscribe.kb.records import ENTITY_FIELDS, Record
from proscribe.kb.regexes import patterns_of
from proscribe.kb.source import Tree
from proscribe.model.periods import Period, parse_day

#: Tables whose every row carries an example and a near-miss.
WITH_EXAMPLES = ("names", "brands", "models", "phones", "fingerprints", "chips", "relabels")
_IN_FORCE = ("preview", "stable", "deprecated")
_SEPARATORS = "-_./ "


def lint(tree: Tree, *, as_of: date | None = None, released: Collection[str] = ()) -> list[Issue]:
    """Check a source tree.

    Args:
        tree: as read by `read_tree`; its own issues are included in the answer.
        as_of: the day on which reviews are judged; `None` leaves them out.
        released: ids of an earlier release; one that is gone is an error.

    Returns:
        Every issue, by file and line.
    """
    issues = list(tree.issues)
    entities = {record.id for record in tree.records["entities"]}
    sources = {record.id for record in tree.records["sources"]}
    for record in tree.all_records():
        issues += record_issues(record, entities, sources)
    issues += _unique_ids(tree)
    issues += _superseded(tree)
    issues += _overlaps(tree, "stakes", ("owner", "asset", "relation"))
    issues += _overlaps(tree, "listings", ("entity", "list"))
    issues += _own_and_other_prefixes(tree)
    issues += _lost_ids(tree, released)
    if as_of is not None:
        issues += _reviews(tree, as_of)
    return sorted(set(issues))


def record_issues(record: Record, entities: Collection[str], sources: Collection[str]) -> list[Issue]:
    """Check one record.

    Args:
        entities: every known entity id.
        sources: every known source id.
    """
    issues: list[Issue] = []
    row = record.row

    def report(
        name: str, code: str, what: str, expected: str, next_step: str, severity: str = "error"
    ) -> None:
        issues.append(
            Issue(record.file, record.line_of(name), code, what, expected, next_step, severity, record.id)
        )

    for name in ENTITY_FIELDS:
        value = row.get(name, "")
        if value and value not in entities:
            close = nearest(value, entities)
            report(
                name,
                "E215",
                f"there is no entity {value!r}",
                "an entity id of entities/ or affiliates.csv",
                f"Did you mean {close[0]!r}?" if close else "Add the entity first.",
            )
    source = row.get("source", "")
    if source and source not in sources:
        close = nearest(source, sources)
        report(
            "source",
            "E215",
            f"there is no source {source!r}",
            "a source id of sources/",
            f"Did you mean {close[0]!r}?" if close else "Add the source first.",
        )
    _periods(row, report)
    _trust(record, report)
    if record.table in WITH_EXAMPLES and row["status"] in _IN_FORCE:
        _examples(record, report)
    _patterns(record, report)
    if record.table == "stakes" and row["owner"] == row["asset"]:
        report(
            "asset", "E215", "the owner and the asset are the same", "two entities", "Correct one of the two."
        )
    if record.table == "stakes" and row["stake_bp"] and int(row["stake_bp"]) > 10_000:
        report(
            "stake_bp",
            "E212",
            f"a stake of {row['stake_bp']} basis points",
            "at most 10000",
            "Write basis points.",
        )
    if record.table == "relabels" and row["reach"] == "line" and not row["lines"]:
        report("lines", "E210", "a relabel of a line names no line", "`lines`", "Name the words of the line.")
    if record.table == "relabels" and row["reach"] == "models" and not row["models"]:
        report(
            "models", "E210", "a relabel of models names no model", "`models`", "Give the models as patterns."
        )
    if record.table in ("pen", "cpe", "usb_pci", "chips") and row["verdict"] != "other" and not row["entity"]:
        report(
            "entity",
            "E210",
            f"the verdict is {row['verdict']!r} without an entity",
            "an entity id",
            "Name it.",
        )
    if record.table == "oui":
        digits = {"24": 6, "28": 7, "36": 9}[row["prefix_bits"]]
        if len(row["prefix_hex"]) != digits:
            report(
                "prefix_hex",
                "E212",
                f"{row['prefix_hex']!r} is not a prefix of {row['prefix_bits']} bits",
                f"{digits} hex digits",
                "Check the row.",
            )
    return issues


_Report = Callable[..., None]


def _periods(row: dict[str, object], report: _Report) -> None:
    for first, last in (
        ("valid_from", "valid_to"),
        ("unsettled_from", "unsettled_to"),
        ("recorded_on", "retracted_on"),
    ):
        start, end = str(row.get(first) or ""), str(row.get(last) or "")
        # a row may be retracted on the day it was recorded: it was then never seen
        wrong = end < start if first == "recorded_on" else end <= start
        if start and end and wrong:
            report(
                last,
                "E216",
                f"{last} {end} is not after {first} {start}",
                f"a day after {first}; {last} is the first day on which it no longer holds",
                "Check the two dates.",
            )
    if row.get("relation") == "formerly_subsidiary_of" and not (row.get("valid_to") or row.get("valid_from")):
        report(
            "valid_to",
            "E216",
            "a former subsidiary has no day on which the tie ended",
            "valid_to, or valid_from alone for the first day after the tie",
            "Give the day; without it the tie is weak on every day.",
            "warning",
        )


def _trust(record: Record, report: _Report) -> None:
    """Refuse a doubtful fact that would decide alone."""
    row = record.row
    if row.get("strength") != "sure":
        return
    doubt = ""
    if row["confidence"] == "low":
        doubt = "its confidence is low"
    elif row["status"] == "preview":
        doubt = "it is a preview"
    elif row["source"] == "src:recalled":
        doubt = "it is recalled"
    if doubt:
        report(
            "strength",
            "E220",
            f"the strength is sure although {doubt}",
            "strong or weak",
            "Lower the strength, or verify the fact and raise its confidence.",
        )


def _examples(record: Record, report: _Report) -> None:
    row = record.row
    if record.table == "relabels" and row["verdict"] == "rejected":
        wanted: tuple[str, ...] = ("near_misses",)  # a rejected relabel never hits: it is kept to say so
    else:
        wanted = ("examples", "near_misses")
    for name in wanted:
        single = {"examples": "example", "near_misses": "near_miss"}[name]
        given = row[name] if name in row else row[single]
        if not given or given == [""]:
            report(
                name if name in row else single,
                "E217",
                f"there is no {single.replace('_', '-')}",
                "text that must hit" if single == "example" else "similar text that must not hit this fact",
                "Add one, as it would stand in a real record.",
            )


def _patterns(record: Record, report: _Report) -> None:
    for pattern in patterns_of(record.table, record.row):
        problem = pattern.problem()
        if problem is not None:
            report(
                pattern.field,
                "E218",
                f"the pattern {pattern.text[:80]!r} is not safe: {problem}",
                "a pattern without look-behind, back-references and nested unbounded repeats"
                + ("; with loose separators a bare `-` may be absent" if pattern.loose else ""),
                "Bound the outer repeat: {0,4} instead of * or +.",
            )
    if record.table in ("models", "chips", "fingerprints"):
        _anchors(record, report)


def _anchors(record: Record, report: _Report) -> None:
    """Check that anchors are lower case and that every example contains one."""
    row = record.row
    loose = row.get("separators") == "loose"
    anchors = row["anchors"]
    if not anchors:
        if record.table == "fingerprints" and row["match"] == "substring":
            return  # the pattern is its own anchor
        report(
            "anchors",
            "E219",
            "there is no anchor",
            "a rare literal that every match contains",
            "Add `anchors`.",
        )
        return
    for anchor in anchors:
        if anchor != anchor.lower() or len(anchor) < 2:
            report(
                "anchors",
                "E219",
                f"the anchor {anchor!r} is not a lower-case literal of two characters or more",
                "lower case",
                f"Write {anchor.lower()!r}, or a longer one.",
            )
    keys = [_folded(anchor, loose) for anchor in anchors]
    for example in row["examples"]:
        text = _folded(example, loose)
        if not any(key in text for key in keys):
            report(
                "examples",
                "E219",
                f"the example {example[:60]!r} contains no anchor",
                f"one of {', '.join(anchors)}",
                "Add an anchor that this spelling contains, or correct the example.",
            )


def _folded(text: str, loose: bool) -> str:
    """Fold as matching does where it matters for anchors: width, case, accents, and separators when loose."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in decomposed if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    return "".join(char for char in kept if char not in _SEPARATORS) if loose else kept


def _unique_ids(tree: Tree) -> list[Issue]:
    first: dict[str, Record] = {}
    issues = []
    for record in tree.all_records():
        known = first.setdefault(record.id, record)
        if known is not record:
            issues.append(
                Issue(
                    record.file,
                    record.line_of("id"),
                    "E214",
                    f"the id {record.id!r} is used twice",
                    f"an id of its own; {known.file}:{known.line} has this one",
                    "Rename one of the two.",
                    fact=record.id,
                )
            )
    return issues


def _superseded(tree: Tree) -> list[Issue]:
    ids = {record.id for record in tree.all_records()}
    issues = []
    for record in tree.all_records():
        successor = record.row.get("superseded_by", "")
        if successor and successor not in ids:
            close = nearest(successor, ids)
            issues.append(
                Issue(
                    record.file,
                    record.line_of("superseded_by"),
                    "E215",
                    f"there is no fact {successor!r}",
                    "the id of the fact that took its place",
                    f"Did you mean {close[0]!r}?" if close else "Add that fact.",
                    fact=record.id,
                )
            )
        if successor and not record.row["retracted_on"]:
            issues.append(
                Issue(
                    record.file,
                    record.line_of("superseded_by"),
                    "E216",
                    "a superseded fact has no retracted_on",
                    "the day from which the successor stands",
                    "Add retracted_on.",
                    fact=record.id,
                )
            )
    return issues


def _overlaps(tree: Tree, table: str, key: tuple[str, ...]) -> list[Issue]:
    """Find rows that say the same thing over the same days."""
    groups: dict[tuple[str, ...], list[tuple[Record, Period]]] = {}
    issues = []
    for record in tree.records[table]:
        row = record.row
        if row["retracted_on"] or row["status"] == "removed":
            continue
        try:
            period = Period(
                *(parse_day(row[name]) if row[name] else None for name in ("valid_from", "valid_to"))
            )
        except ValueError:
            continue  # reported as E216
        same = tuple(row[name] for name in key)
        for other, days in groups.get(same, []):
            if period.overlaps(days):
                issues.append(
                    Issue(
                        record.file,
                        record.line,
                        "E204",
                        f"{' '.join(same)} {_span(record)} overlaps {_span(other)} of {other.id} "
                        f"({other.file}:{other.line})",
                        "periods that do not overlap",
                        "Close the earlier row with a valid_to, or retract one of the two.",
                        fact=record.id,
                    )
                )
        groups.setdefault(same, []).append((record, period))
    return issues


def _span(record: Record) -> str:
    return f"{record.row['valid_from'] or 'open'}..{record.row['valid_to'] or 'open'}"


def _own_and_other_prefixes(tree: Tree) -> list[Issue]:
    """Find prefixes that are both ours and someone else's."""
    others = set(tree.bulk.get("oui_others", {}).get("prefix_hex", ()))
    seen: dict[str, Record] = {}
    issues = []
    for record in tree.records["oui"]:
        prefix = record.row["prefix_hex"]
        if prefix in others or (prefix in seen and not record.row["valid_from"]):
            where = (
                f"{seen[prefix].file}:{seen[prefix].line}" if prefix in seen else "identifiers/oui-others.csv"
            )
            issues.append(
                Issue(
                    record.file,
                    record.line,
                    "E214",
                    f"the prefix {prefix} is also in {where}",
                    "one row a prefix",
                    "Remove one of the two.",
                    fact=record.id,
                )
            )
        seen.setdefault(prefix, record)
    return issues


def _lost_ids(tree: Tree, released: Collection[str]) -> list[Issue]:
    ids = {record.id for record in tree.all_records()}
    return [
        Issue(
            tree.name,
            0,
            "E227",
            f"the released id {lost!r} is gone",
            "every id that was ever released",
            "Put the row back and set retracted_on.",
            fact=lost,
        )
        for lost in sorted(set(released) - ids)
    ]


def _reviews(tree: Tree, as_of: date) -> list[Issue]:
    issues = []
    for review in tree.reviews:
        if review.overdue(as_of):
            issues.append(
                Issue(
                    review.file,
                    0,
                    "E221",
                    f"the review was due on {review.due_on}",
                    f"a review after {as_of}",
                    "Check the facts against their sources, then set the next date.",
                )
            )
    for record in tree.records["sources"]:
        due = record.row["review"]
        if due and due < as_of.isoformat():
            issues.append(
                Issue(
                    record.file,
                    record.line_of("review"),
                    "E221",
                    f"the review of the source was due on {due}",
                    f"a review after {as_of}",
                    "Look at the source again, then set the next date.",
                    fact=record.id,
                )
            )
    return issues
