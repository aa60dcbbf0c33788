"""What is written on a component: properties of the namespace `proscribe:`, and annotations where the format has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proscribe.model.errors import error
from proscribe.model.findings import Finding
from proscribe.model.results import Scan
from proscribe.reports.scan import labels
from proscribe.wording import safe

NAMESPACE = "proscribe:"
#: Ways to a part written on one component; the rest are counted.
_MAX_WAYS = 10
#: Versions that have properties on components; annotations came with 1.5.
WITH_PROPERTIES = ("1.3", "1.4", "1.5", "1.6", "1.7")
WITH_ANNOTATIONS = ("1.5", "1.6", "1.7")

Entry = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """One annotation: its own reference, the component it is about, and what it says."""

    ref: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What goes into a document.

    Attributes:
        document: properties of the document.
        components: pointer of a component to its properties.
        notes: annotations, in order of the findings; only for components that have a reference.
        program, program_version, at: who annotates, and the instant, RFC 3339.
    """

    document: tuple[Entry, ...]
    components: Mapping[str, tuple[Entry, ...]]
    notes: tuple[Note, ...]
    program: str
    program_version: str
    at: str


def check_version(version: str) -> None:
    """Refuse a version in which nothing could be written validly.

    Raises:
        InputError: `E176`.
    """
    if version not in WITH_PROPERTIES:
        raise error(
            "E176.version", version=version or "of no stated version", versions=", ".join(WITH_PROPERTIES)
        )


def marks_of(scan: Scan, refs: Mapping[str, str]) -> Marks:
    """Say what the findings of a scan of one document write into it.

    Args:
        scan: the answer; findings carry the pointers of their components.
        refs: pointer to the component's own reference, for those that have one.
    """
    components: dict[str, list[Entry]] = {}
    notes = []
    used: Counter[str] = Counter()
    pointers = {finding.id: finding.locator.pointer or "" for finding in scan.findings}
    for finding in scan.findings:
        pointer = finding.locator.pointer
        if pointer is None:
            continue
        components.setdefault(pointer, []).extend(_entries(scan, finding, pointers))
        ref = refs.get(pointer)
        if ref:
            # Ids of findings hang on the name of the file, and the document may be renamed.
            own = f"{NAMESPACE}{finding.entity}@{ref}"
            used[own] += 1
            if used[own] > 1:
                own += f"#{used[own]}"
            notes.append(Note(own, ref, safe.plain(_text(scan, finding)).strip()))
    counts = labels.count(scan)
    document = (
        (f"{NAMESPACE}program", f"Proscribe {scan.proscribe}"),
        (f"{NAMESPACE}knowledge", f"{scan.knowledge.version} {scan.knowledge.sha256}"),
        (f"{NAMESPACE}as-of", scan.as_of),
        (f"{NAMESPACE}records", str(counts.records)),
        *((f"{NAMESPACE}findings:{band}", str(number)) for band, number in counts.by_band.items()),
        (
            f"{NAMESPACE}limits",
            "That nothing is written on a component does not prove that nothing is there: only what the document says "
            "was read.",
        ),
    )
    return Marks(
        document=document,
        components={pointer: tuple(entries) for pointer, entries in components.items()},
        notes=tuple(notes),
        program="Proscribe",
        program_version=scan.proscribe,
        at=f"{scan.as_of}T00:00:00Z",
    )


def _entries(scan: Scan, finding: Finding, pointers: Mapping[str, str]) -> Iterable[Entry]:
    name = f"{NAMESPACE}finding:{finding.entity}"
    yield f"{name}:maker", safe.plain(labels.name_of(scan, finding.entity)).strip()
    if len(finding.covered_through) > 1:
        yield f"{name}:covered-through", " > ".join(finding.covered_through)
    yield f"{name}:role", finding.role.value
    yield f"{name}:band", finding.band.value
    yield f"{name}:basis", finding.basis
    yield f"{name}:why", safe.plain(labels.reasons(finding)).strip()
    for question in finding.questions:
        yield f"{name}:question", safe.plain(question).strip()
    for inside in finding.contains[:_MAX_WAYS]:
        amount = f"{inside.quantity} in each" if inside.quantity is not None else "how many is not known"
        yield (
            f"{name}:contains",
            safe.plain(
                f"{' > '.join(inside.path)}; {amount}; at {pointers.get(inside.part, inside.part)}"
            ).strip(),
        )
    if finding.contained > _MAX_WAYS:
        yield f"{name}:contains-more", str(finding.contained - _MAX_WAYS)
    if finding.ignored is not None:
        yield (
            f"{name}:set-aside",
            safe.plain(f"{finding.ignored.reason} ({finding.ignored.by}, {finding.ignored.at})").strip(),
        )


def _text(scan: Scan, finding: Finding) -> str:
    aside = f" Set aside: {finding.ignored.reason}." if finding.ignored is not None else ""
    return f"{finding.band.value}: {labels.role_words(scan, finding)}. {labels.why(finding)}{aside}"
