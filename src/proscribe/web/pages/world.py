"""The world: where each nation stood on a day, how that went since 2018, and what changed between two days."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from starlette.responses import Response

from proscribe.app.settings.config import today_in
from proscribe.model.errors import ProscribeError
from proscribe.web.calls import Call
from proscribe.web.days import day_of
from proscribe.wording.nations import nation_words

#: The timeline: its first day, and the day to which it shows what is announced.
FIRST, LAST = date(2018, 1, 1), date(2031, 12, 31)


@cache
def _map() -> Any:
    """Give the outlines that `docs/make_world_map.py` drew."""
    return json.loads(files("proscribe.web").joinpath("world_map.json").read_bytes())


def world(call: Call) -> Response:
    """Show where each nation stands on a day, as a table and a timeline, and what changed since another day."""
    from proscribe.app.rules.law import law_of

    book = law_of(call.settings.knowledge)
    today = today_in(call.settings.zone)
    before = today.replace(year=today.year - 1, day=1)
    on, since, problem = (
        day_of(call.asked("on"), today) or today,
        day_of(call.asked("since"), before) or before,
        None,
    )
    try:
        changes = book.changes(since, on, nations=nation_words)
    except ProscribeError as known:
        changes, problem = [], known
    titles = {one.regime: one.title for one in book.regimes(on)}
    stances = sorted(book.stances(on), key=lambda one: nation_words(one.jurisdiction))
    return call.page(
        "world.html.j2", title="Where each nation stands", on=on, since=since, today=today, stances=stances,
        standing={one.jurisdiction: one.stance for one in stances}, map=_map(),
        titles=titles, spans=dict(sorted(book.spans(FIRST, LAST).items(), key=lambda one: nation_words(one[0]))),
        first=FIRST, last=LAST, changes=changes, problem=problem,
        named=nation_words,
    )  # fmt: skip
