"""Checks of each record and across records. Reading checks shapes; this checks sense."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from proscribe.kb import costs, held, line_examples, quotations, texts
from proscribe.kb.issues import Issue, fault, nearest
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
    issues += _own_and_other_makers(tree)
    issues += _lost_ids(tree, released)
    issues += texts.lint(tree.documents)
    issues += costs.lint(tree.documents, sources)
    issues += quotations.lint(tree.documents)
    issues += line_examples.lint(tree.documents)
    issues += held.lint(tree.documents)
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

    def report(field: str, message: str, /, **more: Any) -> None:
        issues.append(fault(message, record.file, record.line_of(field), fact=record.id, **more))

    for name in ENTITY_FIELDS:
        value = row.get(name, "")
        if value and value not in entities:
            close = nearest(value, entities)
            report(name, "E215.entity", near=close, value=value)
    source = row.get("source", "")
    if source and source not in sources:
        close = nearest(source, sources)
        report("source", "E215.source", near=close, source=source)
    _periods(row, report)
    _trust(record, report)
    if record.table in WITH_EXAMPLES and row["status"] in _IN_FORCE:
        _examples(record, report)
    _patterns(record, report)
    if record.table == "stakes" and row["owner"] == row["asset"]:
        report("asset", "E215.itself")
    if record.table == "stakes" and row["stake_bp"] and int(row["stake_bp"]) > 10_000:
        report("stake_bp", "E212.stake", stake_bp=row["stake_bp"])
    if record.table == "relabels" and row["reach"] == "line" and not row["lines"]:
        report("lines", "E210.line")
    if record.table == "relabels" and row["reach"] == "models" and not row["models"]:
        report("models", "E210.model")
    if record.table in ("pen", "cpe", "usb_pci", "chips") and row["verdict"] != "other" and not row["entity"]:
        report("entity", "E210.no_entity", verdict=row["verdict"])
    if record.table == "oui":
        digits = {"24": 6, "28": 7, "36": 9}[row["prefix_bits"]]
        if len(row["prefix_hex"]) != digits:
            report(
                "prefix_hex",
                "E212.prefix",
                prefix_hex=row["prefix_hex"],
                prefix_bits=row["prefix_bits"],
                digits=digits,
            )
    return issues


_Report = Callable[..., None]


def _periods(row: dict[str, object], report: _Report) -> None:
    for first, last in (
        ("valid_from", "valid_to"),
        ("unsettled_from", "unsettled_to"),
        ("recorded_on", "retracted_on"),
        ("observed_on", "recorded_on"),
        ("launched_on", "recorded_on"),
    ):
        start, end = str(row.get(first) or ""), str(row.get(last) or "")
        # a row may be retracted on the day it was recorded: it was then never seen
        wrong = end < start if "recorded_on" in (first, last) else end <= start
        if start and end and wrong:
            report(last, "E216.order", last=last, end=end, first=first, start=start)
    if row.get("relation") == "formerly_subsidiary_of" and not (row.get("valid_to") or row.get("valid_from")):
        report("valid_to", "E216.no_end", severity="warning")


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
        report("strength", "E220", doubt=doubt)


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
                what=single.replace("_", "-"),
                text="text that must hit"
                if single == "example"
                else "similar text that must not hit this fact",
            )


def _patterns(record: Record, report: _Report) -> None:
    for pattern in patterns_of(record.table, record.row):
        problem = pattern.problem()
        if problem is not None:
            report(
                pattern.field,
                "E218",
                pattern=pattern.text[:80],
                problem=problem,
                unless="; with loose separators a bare `-` may be absent" if pattern.loose else "",
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
        report("anchors", "E219.none")
        return
    for anchor in anchors:
        if anchor != anchor.lower() or len(anchor) < 2:
            report("anchors", "E219.case", anchor=anchor, lower=anchor.lower())
    keys = [_folded(anchor, loose) for anchor in anchors]
    for example in row["examples"]:
        text = _folded(example, loose)
        if not any(key in text for key in keys):
            report("examples", "E219.example", example=example[:60], anchors=", ".join(anchors))


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
                fault(
                    "E214.id",
                    record.file,
                    record.line_of("id"),
                    fact=record.id,
                    record=record.id,
                    document=known.file,
                    row=known.line,
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
                fault(
                    "E215.successor",
                    record.file,
                    record.line_of("superseded_by"),
                    fact=record.id,
                    near=close,
                    successor=successor,
                )
            )
        if successor and not record.row["retracted_on"]:
            issues.append(
                fault("E216.superseded", record.file, record.line_of("superseded_by"), fact=record.id)
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
                    fault(
                        "E204",
                        record.file,
                        record.line,
                        fact=record.id,
                        same=" ".join(same),
                        span=_span(record),
                        other_span=_span(other),
                        other=other.id,
                        document=other.file,
                        row=other.line,
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
                fault("E214.prefix", record.file, record.line, fact=record.id, prefix=prefix, where=where)
            )
        seen.setdefault(prefix, record)
    return issues


def _own_and_other_makers(tree: Tree) -> list[Issue]:
    """Find brands of the firms that stand among the makers that are none of them: these speak against the brand."""
    others = {
        str(row["text"]).casefold(): str(row["id"])
        for row in tree.documents.get("context/other-makers") or ()
    }
    return [
        fault("E214.maker", record.file, record.line, fact=record.id, brand=record.row["brand"], other=other)
        for record in tree.records["brands"]
        if (other := others.get(record.row["brand"].casefold())) is not None
    ]


def _lost_ids(tree: Tree, released: Collection[str]) -> list[Issue]:
    ids = {record.id for record in tree.all_records()}
    return [fault("E227", tree.name, 0, fact=lost, lost=lost) for lost in sorted(set(released) - ids)]


def _reviews(tree: Tree, as_of: date) -> list[Issue]:
    issues = []
    for review in tree.reviews:
        if review.overdue(as_of):
            issues.append(fault("E221.review", review.file, 0, due_on=review.due_on, as_of=as_of))
    for record in tree.records["sources"]:
        due = record.row["review"]
        if due and due < as_of.isoformat():
            issues.append(
                fault(
                    "E221.source", record.file, record.line_of("review"), fact=record.id, due=due, as_of=as_of
                )
            )
    return issues
