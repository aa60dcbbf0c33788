"""An offering from its parts list: every line a component, with what is known of who made it.

A line is *cleared* only when the list names its maker and nothing in it speaks of a named firm. A chip or another part
whose standing under the law is a question is *unresolved*, as is every line without a maker: nobody can certify what
nobody knows. A person may clear an unresolved line by saying why (`resolved` in the file of the offering).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from proscribe.matching.rollup import Bom
from proscribe.model.errors import InputError
from proscribe.model.findings import Band, Finding, Role
from proscribe.pipeline import api
from proscribe.pipeline.scan_decide import is_sure
from proscribe.readers import expand, open_source
from proscribe.readers.base import Options

_MAX_COMPONENTS = 5_000
_WORST = ("cleared", "unresolved", "covered")


def read_offering(
    path: Path, *, as_of: str | date | None = None, knowledge: Sequence[str | Path] = ()
) -> dict[str, Any]:
    """Read a parts list as `components`, `parts_list_sha256` of an `Offering`, plain values.

    Raises:
        InputError: E466 when the file holds no parts list, or more lines than a document can.
    """
    scan = api.scan([str(path)], as_of=as_of, knowledge=knowledge)
    by_line: dict[tuple[str | None, int], list[Finding]] = {}
    for finding in scan.findings:
        if finding.ignored is None:
            by_line.setdefault((finding.locator.sheet, finding.locator.row), []).append(finding)
    names = scan.scan.entity_names
    sources = expand([str(path)]).sources
    components: list[dict[str, Any]] = []
    parents: dict[str, str] = {}
    for source in sources:
        reading = open_source(source, Options())
        for batch in reading.batches():
            table = reading.tables[batch.table]
            bom = Bom(_table_of(batch.rows), table.fields)
            components += _components(bom, batch.first_record, table.sheet, by_line, names, parents)
            if len(components) > _MAX_COMPONENTS:
                raise _none(path, f"it has more than {_MAX_COMPONENTS:,} lines")
        unread = [issue for issue in reading.issues if issue.lossy]
        if unread:
            raise _none(path, f"not all of it could be read: {unread[0].what}")
    if not components:
        raise _none(path, "it has no lines")
    _from_parts(components)
    return {
        "components": components,
        "parts_list_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def _table_of(rows: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches([rows])


def _none(path: Path, what: str) -> InputError:
    return InputError(
        "E466",
        f"this cannot be used as a parts list: {what}",
        at=str(path),
        expected="a bill of materials with a line for each part",
        next_step="Export the bill of materials again, one product a file.",
    )


def _components(
    bom: Bom,
    first_record: int,
    sheet: str | None,
    by_line: Mapping[tuple[str | None, int], list[Finding]],
    names: Mapping[str, str],
    parents: dict[str, str],
) -> list[dict[str, Any]]:
    levels = bom.levels()
    above: dict[int, str] = {}
    made = []
    for row in range(bom.rows.num_rows):
        record = first_record + row
        ref = bom.cell("component_ref", row) or f"{sheet + ' ' if sheet else ''}line {record}"
        parent = bom.cell("parent_ref", row) or ""
        if levels is not None and levels[row] >= 0:
            depth = int(levels[row])
            parent = parent or next((above[one] for one in range(depth - 1, -1, -1) if one in above), "")
            above = {one: name for one, name in above.items() if one < depth} | {depth: ref}
        found = by_line.get((sheet, record), [])
        maker = bom.cell("maker_name", row) or ""
        state, because = _state(found, maker, names)
        parents[ref] = parent
        made.append(
            {
                "ref": ref,
                "name": bom.label(row),
                "state": state,
                "maker": _maker(found, names) or maker,
                "sold_as": next((one.brand or maker for one in found if one.role is Role.RELABEL), ""),
                "model_number": bom.cell("model_number", row) or bom.cell("part_number", row) or "",
                "parent_ref": parent,
                "quantity": bom.cell("quantity", row) or "",
                "supplier": bom.cell("vendor_name", row) or "",
                "chips": [
                    f"{names.get(one.entity, one.entity)} {one.evidence[0].found}"
                    for one in found
                    if one.role is Role.COMPONENT and not one.derived_from and one.evidence
                ],
                "because": because,
                "declared_by": [],
                "finding_ids": [one.id for one in found],
            }
        )
    return made


def _maker(found: Sequence[Finding], names: Mapping[str, str]) -> str:
    sure = [one for one in found if one.role is not Role.COMPONENT and one.band is not Band.POSSIBLE]
    return names.get(sure[0].entity, sure[0].entity) if len(sure) == 1 else ""


def _state(found: Sequence[Finding], maker: str, names: Mapping[str, str]) -> tuple[str, str]:
    for one in found:
        said = f"{names.get(one.entity, one.entity)}, {one.band.value}: " + "; ".join(
            item.why for item in one.evidence[:2]
        )
        if one.role is Role.COMPONENT or not is_sure(one):
            asks = one.questions[0] if one.questions else "Who made this part?"
            return "unresolved", f"{said}. {asks}"
        return "covered", said
    if not maker:
        return "unresolved", "the parts list names no maker"
    return (
        "cleared",
        f"the parts list names {maker} as its maker, and nothing in the line speaks of a named firm",
    )


def _from_parts(components: list[dict[str, Any]]) -> None:
    """Let an assembly without a maker of its own be what its parts are, from the lowest level up."""
    children: dict[str, list[int]] = {}
    for place, one in enumerate(components):
        if one["parent_ref"]:
            children.setdefault(one["parent_ref"], []).append(place)
    # a line stands above its parts in an indented list, and anywhere in one with parent references
    for _ in range(len(components)):
        changed = False
        for one in components:
            below = children.get(one["ref"])
            if not below or one["maker"] or one["finding_ids"]:
                continue
            worst = max((components[place]["state"] for place in below), key=_WORST.index)
            because = (
                "an assembly; all its parts are cleared"
                if worst == "cleared"
                else f"an assembly; of its parts, {sum(components[place]['state'] == worst for place in below)} "
                f"{'is' if sum(components[place]['state'] == worst for place in below) == 1 else 'are'} {worst}"
            )
            if (one["state"], one["because"]) != (worst, because):
                one["state"], one["because"] = worst, because
                changed = True
        if not changed:
            return


def resolve(components: Sequence[dict[str, Any]], resolved: Sequence[Mapping[str, Any]]) -> None:
    """Clear unresolved lines for which a person says why.

    Raises:
        InputError: E466 when a line is not there, is not unresolved, or no reason is given.
    """
    by_ref = {one["ref"]: one for one in components}
    for item in resolved:
        ref, because, by = (str(item.get(name, "")).strip() for name in ("ref", "because", "by"))
        one = by_ref.get(ref)
        if one is None or one["state"] != "unresolved" or len(because) < 10 or not by:
            raise InputError(
                "E466",
                f"line {ref!r} cannot be resolved"
                + (
                    ": there is no such line"
                    if one is None
                    else f": it is {one['state']}"
                    if one["state"] != "unresolved"
                    else ""
                ),
                at="resolved",
                expected="ref of an unresolved line, because (ten characters or more), and by",
                next_step="Correct the entry; a covered part cannot be explained away.",
            )
        one["state"], one["because"] = "cleared", f"{because} ({by})"
        if item.get("maker"):
            one["maker"] = str(item["maker"])
    _from_parts(list(components))
