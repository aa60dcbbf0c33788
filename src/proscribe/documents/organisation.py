"""What stands against a "does not" in the rest of the store: other cases, clocks, and sources that were withheld."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from proscribe.documents.obstacles import shared_kinds
from proscribe.documents.validity import spoken_on
from proscribe.model.papers import (
    CaseBeside,
    Obstacle,
    PaperInputs,
    Question,
    RunBeside,
    SourceExpected,
    StoreState,
)
from proscribe.wording.shown import counted

#: So many are named in a sentence; the document's data names more.
_NAMED = 10


class _Make(Protocol):
    def __call__(self, name: str, *about: str, **values: object) -> Obstacle: ...


def of_organisation(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    """Yield what the store holds against an answer beside the evidence of the document's own case."""
    state = inputs.store
    if state is None or not shared_kinds()["elsewhere"].stands_against(question):
        return
    for case in state.beside:
        yield from _of_case(case, made, by_name=not inputs.roster)
    for run in state.runs:
        yield from _of_run(run, made, by_name=not inputs.roster)
    for source in state.sources:
        since = spoken_on(inputs) - timedelta(days=source.every_days)
        if source.last_seen is None or source.last_seen < since:
            yield made(
                "source-not-seen", source.id, str(source.last_seen), source=source.name,
                owner=source.owner or "nobody who is named", days=source.every_days,
                seen=source.words,
            )  # fmt: skip
    if state.retired:
        yield made("source-retired", *state.retired, what=_some(state.retired))
    if state.not_read:
        yield made("source-withheld", *state.not_read, what=_some(state.not_read))
    if state.fewer:
        yield made("source-shrunk", *state.fewer, what=_some(state.fewer))
    if state.restored:
        yield made("store-restored", state.restored, restored=state.restored)


def outward(state: StoreState, own: str, disclosed: Container[str] = ()) -> StoreState:
    """Give what a document tells the outside of a store: how much stands there, and nothing of it by name.

    That goes for other cases, runs that no case took, the register of sources, and what was not read again. Ids of sources stay,
    by which whoever holds the store finds each.

    Args:
        own: id of the document's case, which is told whole.
        disclosed: ids of cases that the author discloses by name.
    """

    def told(case: CaseBeside) -> CaseBeside:
        if case.case_id == own or case.case_id in disclosed:
            return case
        return replace(
            case, title="", named=(), reports=_number(case.reports, "report"), devices=_number(case.devices, "device"),
            sure_devices=_number(case.sure_devices, "device judged the same"), suppliers=_number(case.suppliers, "supplier"),
            overdue=_number(case.overdue, "overdue clock"), due=_number(case.due, "running clock"),
            doubtful=_number(case.doubtful, "doubtful clock"),
        )  # fmt: skip

    return replace(
        state,
        beside=tuple(map(told, state.beside)),
        sources=tuple(replace(one, name=source_name(one), owner="", cases=()) for one in state.sources),
        not_read=_number(state.not_read, "input that earlier scans read"),
        fewer=_number(state.fewer, "input of which fewer records were read"),
        retired=_number(state.retired, "source taken out of the register"),
        runs=tuple(replace(one, inputs=_number(one.inputs, "file")) for one in state.runs),
    )


def source_name(one: SourceExpected) -> str:
    """Name a source of the register to somebody outside: by the id under which whoever holds the store finds it."""
    return f"source {one.id} of the register"


def _number(texts: Sequence[str], what: str) -> tuple[str, ...]:
    return (counted(len(texts), what),) if texts else ()


def _of_case(case: CaseBeside, made: _Make, *, by_name: bool) -> Iterator[Obstacle]:
    told = {"case": case.case_id, "title": case.title, "named": _some(case.named)}
    about = (case.case_id, *case.named)
    if case.sure:
        yield made("elsewhere.sure", "sure", *about, count=counted(case.sure, "confirmed finding"), **told)
    if case.reported:
        yield made(
            "elsewhere.reported.stated" if by_name else "elsewhere.reported", "reported", *about,
            count=counted(case.reported, "confirmed finding"),
            reports=", ".join(case.reports), **told,
        )  # fmt: skip
    if case.open:
        yield made("elsewhere", *about, count=counted(case.open, "finding"), **told)
    if case.mentions:
        yield made(
            "elsewhere-mentions", case.case_id, str(case.mentions),
            count=counted(case.mentions, "record"), case=case.case_id,
        )  # fmt: skip
    if case.suppliers:
        yield made(
            "elsewhere-supplier",
            case.case_id,
            *case.suppliers,
            case=case.case_id,
            named=_some(case.suppliers),
        )
    for name, devices in (("elsewhere-device.sure", case.sure_devices), ("elsewhere-device", case.devices)):
        if devices:
            yield made(name, name, case.case_id, *devices, case=case.case_id, named=_some(devices))
    for name, clocks in (
        ("clock-overdue", case.overdue), ("clock-runs", case.due), ("clock-runs.doubtful", case.doubtful),
    ):  # fmt: skip
        if clocks:
            yield made(name, name, case.case_id, *clocks, case=case.case_id, clocks=_some(clocks))


def _of_run(run: RunBeside, made: _Make, *, by_name: bool) -> Iterator[Obstacle]:
    about = (run.job_id, run.sha256)
    told = {
        "run": run.job_id,
        "on": run.on,
        "by": run.by,
        "inputs": _some(run.inputs) or "no file that is named",
        "aside": f"; {run.aside}" if run.aside else "",
    }
    if run.sure:
        yield made(
            "run-not-taken.sure.stated" if by_name else "run-not-taken.sure", "sure", *about,
            count=counted(run.sure, "confirmed finding"), **told,
        )  # fmt: skip
    if run.open:
        yield made("run-not-taken", *about, count=counted(run.open, "finding"), **told)
    if run.mentions:
        yield made(
            "run-not-taken.mentions", "mentions", *about, count=counted(run.mentions, "record"), **told
        )
    if run.gone:
        yield made("run-not-taken.gone", "gone", *about, **told)
    if run.unread:
        yield made("run-not-taken.unread", "unread", *about, state=run.unread, **told)


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - _NAMED
    return "; ".join(texts[:_NAMED]) + (f"; and {more:,} more" if more > 0 else "")
