"""Recall, precision and false alarms on the labelled rows, beside a plain word search.

python bench/quality.py             print, and write bench/results/quality.json and .md
python bench/quality.py --freeze    also write bench/labels/reference.json
python bench/quality.py --gate      exit 1 when recall fell or false alarms rose since the freeze
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lines import measure_lines, wanted_lines
from rows import BENCH, COVERED_ENTITIES, LABELS, LabelledRow, NegativeText, labelled_rows, negative_texts

#: The day on which ownership and law are asked; fixed, so that runs can be compared.
AS_OF = "2026-11-25"
RESULTS = BENCH / "results"
REFERENCE = LABELS / "reference.json"
RANK = {"none": 0, "mention": 0, "possible": 1, "probable": 2, "confirmed": 3}
ROLE_OF = {"made-by": "made_by", "relabel": "relabel", "component": "component"}
FIVE_NAMES = re.compile(r"\b(huawei|zte|hikvision|hytera|dahua)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scan said of one text.

    `band` is that of the strongest finding, else `mention`, else `none`. `entities` holds the
    entity of the strongest finding (or of the mention) and its owners.
    """

    band: str = "none"
    entities: tuple[str, ...] = ()
    role: str = ""
    mention: str = ""
    evidence: str = ""

    @property
    def rank(self) -> int:
        """Give 0 for no finding, 1 for `possible`, 2 for `probable`, 3 for `confirmed`."""
        return RANK[self.band]


def _evidence_text(finding: Any) -> str:
    parts = [f"{e.matcher}:{e.found!r} {e.weight_mbit:+d}" for e in finding.evidence[:3]]
    parts += [f"against {e.matcher}:{e.found!r} {e.weight_mbit:+d}" for e in finding.against[:2]]
    return "; ".join(parts)


def ask_proscribe(texts: Sequence[str], header: str = "text", *, mapped: bool = True) -> list[Answer]:
    """Scan the texts as one CSV column and give one answer for each, in order.

    Args:
        texts: one for each row.
        header: name of the column.
        mapped: whether the column is said to be text, or is left to be recognised.
    """
    import proscribe

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("row_id", header))
            writer.writerows((f"r{number}", text) for number, text in enumerate(texts, start=1))
        mapping = {"row_id": "row_id", header: "text"} if mapped else {"row_id": "row_id"}
        scan = proscribe.scan([path], as_of=AS_OF, mapping=mapping)

    answers = [Answer()] * len(texts)
    for mention in scan.mentions:
        place = mention.locator.row - 1
        if answers[place].band == "none":
            said = "; ".join(str(item) for item in mention.evidence[:2])
            answers[place] = Answer("mention", (mention.entity,), "", str(mention.kind), said)
    for finding in scan.findings:
        place = finding.locator.row - 1
        band = str(finding.band)
        kept = answers[place]
        if RANK[band] > kept.rank:
            owners = tuple(dict.fromkeys((finding.entity, *finding.covered_through)))
            answers[place] = Answer(band, owners, str(finding.role), kept.mention, _evidence_text(finding))
    return answers


def ask_word_search(texts: Sequence[str]) -> list[Answer]:
    """Search the five names as whole words, as a person would in a spreadsheet."""
    answers = []
    for text in texts:
        match = FIVE_NAMES.search(text)
        if match is None:
            answers.append(Answer())
        else:
            answers.append(Answer("probable", (match[1].lower(),), "made_by", "", f"word:{match[1]!r}"))
    return answers


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _entity_fits(row: LabelledRow, answer: Answer) -> bool:
    return row.entity in answer.entities


def _kind_fits(row: LabelledRow, answer: Answer) -> bool:
    """Tell whether a mention is of the wanted kind; what is said to be gone is a question, or a mention."""
    if row.expect_kind == "formerly":
        return answer.rank == 1 or answer.band == "mention"
    return answer.rank == 0 and answer.mention == row.expect_kind


def measure(pairs: Iterable[tuple[LabelledRow, Answer]]) -> dict[str, Any]:
    """Count and divide; every share comes with the counts it was made of."""
    pairs = list(pairs)
    covered = [(row, answer) for row, answer in pairs if row.covered == "yes"]
    clean = [(row, answer) for row, answer in pairs if row.covered == "no"]
    review = [(row, answer) for row, answer in pairs if row.covered == "review"]
    surfaced = [(row, answer) for row, answer in covered if answer.rank >= 1]
    probable = [(row, answer) for row, answer in covered if answer.rank >= 2]
    false = [row.row_id for row, answer in clean if answer.rank >= 2]
    maybe = [row.row_id for row, answer in clean if answer.rank == 1 and row.expect_kind != "formerly"]
    homonyms = [row.row_id for row, answer in clean if row.relation == "homonym" and answer.band != "none"]
    spoken = [(row, answer) for row, answer in clean if row.expect_kind]
    right_entity = sum(_entity_fits(row, answer) for row, answer in surfaced)
    right_role = sum(ROLE_OF.get(row.relation) == answer.role for row, answer in surfaced)
    right_kind = sum(_kind_fits(row, answer) for row, answer in spoken)
    return {
        "rows": len(pairs),
        "covered": len(covered),
        "surfaced": len(surfaced),
        "recall_surfaced": _share(len(surfaced), len(covered)),
        "at_probable": len(probable),
        "recall_probable": _share(len(probable), len(covered)),
        "false_at_probable": len(false),
        "precision_probable": _share(len(probable), len(probable) + len(false)),
        "false_at_possible": len(maybe),
        "homonym_rows": sum(row.relation == "homonym" for row, _ in clean),
        "homonyms_surfaced": homonyms,
        "mention_rows": len(spoken),
        "mention_kind_right": right_kind,
        "mention_accuracy": _share(right_kind, len(spoken)),
        "entity_accuracy": _share(right_entity, len(surfaced)),
        "role_accuracy": _share(right_role, len(surfaced)),
        "review_bands": dict(sorted(Counter(answer.band for _, answer in review).items())),
    }


def _by(
    pairs: Sequence[tuple[LabelledRow, Answer]], key: Callable[[LabelledRow], str]
) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[tuple[LabelledRow, Answer]]] = defaultdict(list)
    for row, answer in pairs:
        groups[key(row)].append((row, answer))
    return {name: measure(group) for name, group in sorted(groups.items())}


def _expected(row: LabelledRow) -> str:
    if row.covered == "yes":
        return f"{row.entity} {row.relation}"
    if row.covered == "review":
        return f"review ({row.entity})"
    if row.expect_kind:
        return f"mention {row.expect_kind}"
    return "nothing (homonym)" if row.relation == "homonym" else "nothing"


def _got(answer: Answer) -> str:
    if answer.band == "mention":
        return f"mention {answer.mention} ({answer.entities[0]})"
    if answer.band == "none":
        return "nothing"
    return f"{answer.band} {answer.entities[0]} {answer.role}"


def _fault(row: LabelledRow, answer: Answer) -> str:
    """Name what is wrong with an answer, or give an empty text."""
    if row.covered == "yes":
        if answer.rank == 0:
            return "missed"
        if not _entity_fits(row, answer):
            return "wrong entity"
        if ROLE_OF.get(row.relation) != answer.role:
            return "wrong role"
        return "only possible" if answer.rank == 1 else ""
    if row.covered == "no":
        if answer.rank >= 2:
            return "false alarm"
        if row.relation == "homonym" and answer.band != "none":
            return "homonym surfaced"
        if row.expect_kind == "formerly" and answer.band != "none":
            return ""
        if row.expect_kind and answer.mention != row.expect_kind:
            return "mention missing" if answer.band == "none" else "mention kind"
        return "false possible" if answer.rank == 1 else ""
    return "review decided" if answer.rank >= 3 else ""


_FAULT_ORDER = (
    "false alarm",
    "homonym surfaced",
    "missed",
    "wrong entity",
    "only possible",
    "wrong role",
    "mention kind",
    "mention missing",
    "false possible",
    "review decided",
)


def confusion(pairs: Iterable[tuple[LabelledRow, Answer]]) -> list[dict[str, str]]:
    """List every row whose answer is not the best one, worst kind first."""
    found = []
    for row, answer in pairs:
        fault = _fault(row, answer)
        if fault:
            found.append(
                {
                    "fault": fault,
                    "row_id": row.row_id,
                    "split": row.split,
                    "kind": row.kind,
                    "source": row.source,
                    "text": row.text,
                    "expected": _expected(row),
                    "got": _got(answer),
                    "evidence": answer.evidence,
                }
            )
    return sorted(found, key=lambda item: (_FAULT_ORDER.index(item["fault"]), item["row_id"]))


def measure_negatives(texts: Sequence[NegativeText], answers: Sequence[Answer]) -> dict[str, Any]:
    """Count alarms on real texts without covered equipment, by line of the source."""
    files: dict[str, Counter[str]] = defaultdict(Counter)
    examples: list[dict[str, Any]] = []
    for text, answer in zip(texts, answers, strict=True):
        files[text.file]["lines"] += text.lines
        files[text.file][answer.band] += text.lines
        if answer.rank >= 1:
            examples.append(
                {
                    "band": answer.band,
                    "text": text.text,
                    "lines": text.lines,
                    "file": text.file,
                    "entity": answer.entities[0],
                    "evidence": answer.evidence,
                }
            )
    total: Counter[str] = sum(files.values(), Counter())
    lines = total["lines"]
    alarms = total["probable"] + total["confirmed"]
    examples.sort(key=lambda item: (-RANK[item["band"]], item["file"], item["text"]))
    return {
        "lines": lines,
        "texts": len(texts),
        "at_probable": alarms,
        "possible": total["possible"],
        "mentions": total["mention"],
        "false_alarms_per_million": round(alarms * 1_000_000 / lines) if lines else None,
        "possible_per_million": round(total["possible"] * 1_000_000 / lines) if lines else None,
        "by_file": {name: dict(sorted(counts.items())) for name, counts in sorted(files.items())},
        "alarms": examples,
    }


def report(
    rows: Sequence[LabelledRow],
    answers: Sequence[Answer],
    texts: Sequence[NegativeText],
    negative_answers: Sequence[Answer],
) -> dict[str, Any]:
    """Measure one searcher on everything."""
    pairs = list(zip(rows, answers, strict=True))
    sides = {"all": pairs} | {
        side: [(row, answer) for row, answer in pairs if row.split == side] for side in ("tune", "check")
    }
    return {
        "splits": {
            side: {
                "total": measure(group),
                "by_kind": _by(group, lambda row: row.kind),
                "by_relation": _by(group, lambda row: row.relation),
                "by_firm": _by(
                    [(row, answer) for row, answer in group if row.entity in COVERED_ENTITIES],
                    lambda row: row.entity,
                ),
                "by_source": _by(group, lambda row: row.source),
            }
            for side, group in sides.items()
        },
        "negatives": measure_negatives(texts, negative_answers),
        "confusion": confusion(pairs),
    }


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


_HEAD = (
    "covered",
    "recall, any band",
    "recall, probable+",
    "precision, probable+",
    "false at probable+",
    "false at possible",
    "homonyms surfaced",
    "mention kind",
    "entity",
    "role",
)


def _cells(total: dict[str, Any]) -> list[str]:
    return [
        str(total["covered"]),
        _percent(total["recall_surfaced"]),
        _percent(total["recall_probable"]),
        _percent(total["precision_probable"]),
        str(total["false_at_probable"]),
        str(total["false_at_possible"]),
        f"{len(total['homonyms_surfaced'])} of {total['homonym_rows']}",
        _percent(total["mention_accuracy"]),
        _percent(total["entity_accuracy"]),
        _percent(total["role_accuracy"]),
    ]


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    def escape(cell: str) -> str:
        return cell.replace("|", "\\|").replace("\n", " ")

    out = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    out += ["| " + " | ".join(escape(cell) for cell in line) + " |" for line in lines]
    return out


def markdown(result: dict[str, Any]) -> str:
    """Write the result for people."""
    ours, plain = result["proscribe"], result["word_search"]
    out = [
        "# Quality",
        "",
        f"{result['rows']} labelled rows, {ours['negatives']['lines']} lines of real negatives, "
        f"as of {result['as_of']}, Proscribe {result['version']}, knowledge {result['knowledge']}.",
        "Rows for review (owner, date or line decide) count in neither recall nor precision.",
        "",
    ]
    lines = []
    for name, measured in (("Proscribe", ours), ("word search", plain)):
        for side in ("tune", "check", "all"):
            lines.append([name, side, *_cells(measured["splits"][side]["total"])])
    out += _table(("searcher", "split", *_HEAD), lines)
    out += ["", "## Goals", ""]
    out += _table(
        ("goal", "asked", "got", "met"),
        [
            [item["goal"], str(item["asked"]), str(item["got"]), "yes" if item["met"] else "no"]
            for item in result["goals"]
        ],
    )
    for title, group in (
        ("kind", "by_kind"),
        ("relation", "by_relation"),
        ("firm", "by_firm"),
        ("source", "by_source"),
    ):
        out += ["", f"## By {title}", ""]
        out += _table(
            (title, "split", *_HEAD),
            [
                [name, side, *_cells(measured)]
                for side in ("tune", "check")
                for name, measured in ours["splits"][side][group].items()
            ],
        )
    out += ["", "## Rows for review", ""]
    out += _table(
        ("split", "confirmed", "probable", "possible", "mention", "none"),
        [
            [side]
            + [
                str(ours["splits"][side]["total"]["review_bands"].get(band, 0))
                for band in ("confirmed", "probable", "possible", "mention", "none")
            ]
            for side in ("tune", "check")
        ],
    )
    out += ["", "## Real negatives", ""]
    out += _table(
        ("searcher", "lines", "at probable+", "per million", "possible", "per million", "mentions"),
        [
            [
                name,
                str(found["lines"]),
                str(found["at_probable"]),
                str(found["false_alarms_per_million"]),
                str(found["possible"]),
                str(found["possible_per_million"]),
                str(found["mentions"]),
            ]
            for name, found in (("Proscribe", ours["negatives"]), ("word search", plain["negatives"]))
        ],
    )
    if ours["negatives"]["alarms"]:
        out += [""]
        out += _table(
            ("band", "entity", "text", "evidence"),
            [
                [item["band"], item["entity"], item["text"], item["evidence"]]
                for item in ours["negatives"]["alarms"][:60]
            ],
        )
    out += ["", "## Confusion", ""]
    out += _table(
        ("fault", "row", "split", "text", "expected", "got", "evidence"),
        [
            [
                item["fault"],
                item["row_id"],
                item["split"],
                item["text"],
                item["expected"],
                item["got"],
                item["evidence"],
            ]
            for item in ours["confusion"]
        ],
    )
    return "\n".join(out) + "\n"


def goals(ours: dict[str, Any]) -> list[dict[str, Any]]:
    """Compare with `budgets.toml`, on all rows."""
    asked = tomllib.loads((BENCH / "budgets.toml").read_text(encoding="utf-8"))["quality"]
    total = ours["splits"]["all"]["total"]
    out = []
    for name in ("recall_surfaced", "recall_probable", "precision_probable"):
        got = total[name]
        out.append(
            {"goal": name, "asked": asked[name], "got": got, "met": got is not None and got >= asked[name]}
        )
    for name, got in (
        ("homonyms_surfaced", len(total["homonyms_surfaced"])),
        ("negatives_at_probable", ours["negatives"]["at_probable"]),
    ):
        out.append({"goal": name, "asked": asked[name], "got": got, "met": got <= asked[name]})
    return out


def freeze(rows: Sequence[LabelledRow], answers: Sequence[Answer], ours: dict[str, Any]) -> dict[str, Any]:
    """Keep what this run said of every row, to compare later runs with."""
    return {
        "schema": "proscribe.bench-reference/1",
        "as_of": AS_OF,
        "rows": {
            row.row_id: {
                "digest": row.digest,
                "band": answer.band,
                "entity": answer.entities[0] if answer.entities else "",
                "mention": answer.mention,
            }
            for row, answer in zip(rows, answers, strict=True)
        },
        "negatives": {
            "at_probable": ours["negatives"]["at_probable"],
            "possible": ours["negatives"]["possible"],
            "alarms": sorted(item["text"] for item in ours["negatives"]["alarms"]),
        },
    }


def compare(
    rows: Sequence[LabelledRow],
    answers: Sequence[Answer],
    ours: dict[str, Any],
    reference: dict[str, Any],
) -> tuple[list[str], list[str]]:
    """Compare with the frozen run.

    Returns:
        The reasons to fail, and one line for every row that changed. Rows that are new, or whose
        text or judgement was edited since the freeze, are not compared.
    """
    before: list[tuple[LabelledRow, Answer]] = []
    now: list[tuple[LabelledRow, Answer]] = []
    changes = []
    fresh = 0
    for row, answer in zip(rows, answers, strict=True):
        old = reference["rows"].get(row.row_id)
        if old is None or old["digest"] != row.digest:
            fresh += 1
            continue
        was = Answer(old["band"], (old["entity"],) if old["entity"] else (), "", old["mention"])
        before.append((row, was))
        now.append((row, answer))
        entity = answer.entities[0] if answer.entities else ""
        if (was.band, old["entity"], was.mention) != (answer.band, entity, answer.mention):
            turned = "worse" if _worse(row, was, answer) else "better or equal"
            changes.append(f"{turned:15} {row.row_id} {row.text[:80]!r}: {_got_brief(was)} -> {_got(answer)}")
    known = {row.row_id for row in rows}
    gone = sum(row_id not in known for row_id in reference["rows"])
    if fresh or gone:
        changes.append(f"{fresh} rows are new or edited, {gone} are gone; freeze again to gate them")
    reasons = []
    then_, now_ = measure(before), measure(now)
    for name in ("surfaced", "at_probable"):
        if now_[name] < then_[name]:
            reasons.append(f"recall fell: {name} {then_[name]} -> {now_[name]} of {now_['covered']}")
    if now_["false_at_probable"] > then_["false_at_probable"]:
        reasons.append(
            f"false alarms rose: {then_['false_at_probable']} -> {now_['false_at_probable']} at probable+"
        )
    old_homonyms, new_homonyms = len(then_["homonyms_surfaced"]), len(now_["homonyms_surfaced"])
    if new_homonyms > old_homonyms:
        reasons.append(f"homonyms surfaced rose: {old_homonyms} -> {new_homonyms}")
    was_lines = reference["negatives"]["at_probable"]
    if ours["negatives"]["at_probable"] > was_lines:
        got_lines = ours["negatives"]["at_probable"]
        reasons.append(f"false alarms on real negatives rose: {was_lines} -> {got_lines} lines")
        old_alarms = set(reference["negatives"]["alarms"])
        changes += [
            f"new alarm       {item['band']} {item['entity']} {item['text'][:80]!r} ({item['evidence']})"
            for item in ours["negatives"]["alarms"]
            if item["text"] not in old_alarms
        ]
    return reasons, changes


def _got_brief(answer: Answer) -> str:
    if answer.band == "mention":
        return f"mention {answer.mention}"
    return "nothing" if answer.band == "none" else f"{answer.band} {answer.entities[0]}"


def _worse(row: LabelledRow, was: Answer, now: Answer) -> bool:
    if row.covered == "yes":
        return now.rank < was.rank or (_entity_fits(row, was) and not _entity_fits(row, now))
    if row.covered == "no":
        if now.rank != was.rank:
            return now.rank > was.rank
        if row.expect_kind:
            return was.mention == row.expect_kind != now.mention
        return row.relation == "homonym" and now.band != "none"
    return now.rank == 3 > was.rank


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, write; give the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--freeze", action="store_true", help="write bench/labels/reference.json")
    parser.add_argument("--gate", action="store_true", help="compare with it; exit 1 when worse")
    parser.add_argument("--faults", type=int, default=40, help="faulty rows to print (default 40)")
    parser.add_argument(
        "--split", choices=("tune", "check", "all"), default="all", help="print faults of this split only"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    options = parser.parse_args(argv)

    rows, texts = labelled_rows(), negative_texts()
    started = time.perf_counter()
    answers = ask_proscribe([row.text for row in rows])
    negative_answers = ask_proscribe([text.text for text in texts])
    seconds = time.perf_counter() - started
    lines = wanted_lines()
    line_answers = ask_proscribe([line.text for line in lines])
    described = ask_proscribe([line.text for line in lines], "Description", mapped=False)
    plain = ask_word_search([row.text for row in rows])
    plain_negative = ask_word_search([text.text for text in texts])

    ours = report(rows, answers, texts, negative_answers)
    theirs = report(rows, plain, texts, plain_negative)
    theirs["confusion"] = []
    result = {
        "schema": "proscribe.bench-quality/1",
        "version": _version(),
        "knowledge": _knowledge(),
        "as_of": AS_OF,
        "rows": len(rows),
        "proscribe": ours,
        "word_search": theirs,
        "goals": goals(ours),
        "lines": {
            "as text": measure_lines(lines, line_answers),
            "as a description": measure_lines(lines, described),
        },
    }
    options.out.mkdir(parents=True, exist_ok=True)
    dumped = json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True)
    (options.out / "quality.json").write_text(dumped + "\n", encoding="utf-8")
    (options.out / "quality.md").write_text(markdown(result), encoding="utf-8")

    _print_summary(result, options, seconds)
    if options.freeze:
        frozen = json.dumps(freeze(rows, answers, ours), ensure_ascii=False, indent=0, sort_keys=True)
        REFERENCE.write_text(frozen + "\n", encoding="utf-8")
        print(f"frozen: {REFERENCE}")
    if options.gate:
        if not REFERENCE.exists():
            print("no frozen reference; run with --freeze first", file=sys.stderr)
            return 1
        reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
        reasons, changes = compare(rows, answers, ours, reference)
        for line in changes:
            print(line)
        for reason in reasons:
            print(f"FAIL {reason}", file=sys.stderr)
        if reasons:
            return 1
        print("gate: recall did not fall, false alarms did not rise")
    return 0


def _print_summary(result: dict[str, Any], options: argparse.Namespace, seconds: float) -> None:
    print(f"{'':22}{'covered':>8}{'any':>7}{'prob+':>7}{'prec':>7}{'false':>6}{'maybe':>6}{'homon':>6}"
          f"{'ment':>7}{'entity':>7}{'role':>7}")  # fmt: skip
    for name, measured in (("proscribe", result["proscribe"]), ("word search", result["word_search"])):
        for side in ("tune", "check", "all"):
            total = measured["splits"][side]["total"]
            print(
                f"{name + ' ' + side:22}{total['covered']:8}{_percent(total['recall_surfaced']):>7}"
                f"{_percent(total['recall_probable']):>7}{_percent(total['precision_probable']):>7}"
                f"{total['false_at_probable']:6}{total['false_at_possible']:6}"
                f"{len(total['homonyms_surfaced']):6}{_percent(total['mention_accuracy']):>7}"
                f"{_percent(total['entity_accuracy']):>7}{_percent(total['role_accuracy']):>7}"
            )
        found = measured["negatives"]
        print(
            f"{name} negatives: {found['lines']} lines, {found['at_probable']} at probable+ "
            f"({found['false_alarms_per_million']} per million), {found['possible']} possible"
        )
    shown = [item for item in result["proscribe"]["confusion"] if options.split in ("all", item["split"])]
    counts = Counter(item["fault"] for item in shown)
    print("faults:", ", ".join(f"{name} {counts[name]}" for name in _FAULT_ORDER if counts[name]) or "none")
    for item in shown[: options.faults]:
        print(
            f"  {item['fault']:17}{item['row_id']} {item['text'][:70]!r}: wanted {item['expected']}, "
            f"got {item['got']} [{item['evidence'][:110]}]"
        )
    for name, measured in result["lines"].items():
        print(
            f"lines {name}: {measured['lines']}, equipment surfaced {_percent(measured['equipment_surfaced'])}, "
            f"others at probable {_percent(measured['others_at_probable'])}, "
            f"findings at probable {_percent(measured['findings_at_probable'])}, "
            f"nothing spoken of {_percent(measured['nothing_spoken_of'])}"
        )
        for unmet in measured["unmet"][: options.faults]:
            print(f"  {unmet}")
    for item in result["goals"]:
        met = "" if item["met"] else "  NOT MET"
        print(f"goal {item['goal']}: asked {item['asked']}, got {item['got']}{met}")
    print(f"{seconds:.1f} s; results in {options.out}")


def _version() -> str:
    import proscribe

    return str(proscribe.__version__)


def _knowledge() -> str:
    path = BENCH.parent / "knowledge" / "VERSION"
    return path.read_text(encoding="utf-8").strip() if path.exists() else "unknown"


if __name__ == "__main__":
    sys.exit(main())
