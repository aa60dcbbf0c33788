"""Why: a name, a model number, a fact, a paragraph or an error code, explained; and a correction of it, proposed."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from proscribe.model.errors import ProscribeError
from proscribe.web.calls import Call
from proscribe.wording.errors import page as code_page

#: So many names that begin as what was typed are shown.
_BEGINNINGS = 12


def why(call: Call) -> Response:
    """Explain what was typed, as `proscribe explain` does, a text in plain words with days and sources."""
    from proscribe.app.kb.begins_so import Beginning, begins_so
    from proscribe.app.kb.layer_proposal import VERDICTS, makers
    from proscribe.app.scan.explain import explain
    from proscribe.app.scan.explained import Mentioned, Taken, explained

    asked = call.asked("q").strip()[:400]
    words, problem, code = "", None, None
    alike: tuple[Beginning, ...] = ()
    how_many = 0
    taken: tuple[Taken, ...] = ()
    mentioned: tuple[Mentioned, ...] = ()
    if asked:
        try:
            told = explain(asked, knowledge=call.settings.knowledge)
            # A name is also the id of what is on record of it; a fact by its whole id is no text.
            if told.of == "text" or (told.of == "fact" and ":" not in asked):
                taken, mentioned = explained(asked, knowledge=call.settings.knowledge)
                alike, how_many = begins_so(asked, call.settings.knowledge, most=_BEGINNINGS)
            code = code_page(asked) if told.of == "code" else None
            words = "" if code else "\n".join(told.lines)
        except ProscribeError as known:
            problem = known
    return call.page(
        "why.html.j2", title="Knowledge", asked=asked, words=words, problem=problem, code=code, taken=taken, mentioned=mentioned,
        verdicts=VERDICTS, makers=makers(call.settings.knowledge),
        alike=[one for one in alike if one.text != asked], how_many=how_many,
    )  # fmt: skip


def propose(call: Call) -> Response:
    """Give a correction of the knowledge as a layer, to be saved: nothing is changed here."""
    from proscribe.app.kb.layer_proposal import proposed_layer
    from proscribe.web.pages.papers import saved

    made = proposed_layer(
        dict(call.form), by=call.person, on=datetime.now(UTC).date(), knowledge=call.settings.knowledge
    )
    return saved(made, "correction.yml")
