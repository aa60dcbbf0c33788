"""Why: a name, a model number, a fact, a paragraph or an error code, explained."""

from __future__ import annotations

from starlette.responses import Response

from proscribe.model.errors import ProscribeError
from proscribe.web.calls import Call


def why(call: Call) -> Response:
    """Explain what was typed, as `proscribe explain` does."""
    from proscribe.app.explain import explain

    asked = call.asked("q").strip()[:400]
    words, problem = "", None
    if asked:
        try:
            words = "\n".join(explain(asked, knowledge=call.settings.knowledge).lines)
        except ProscribeError as known:
            problem = known
    return call.page("why.html.j2", title="Why", asked=asked, words=words, problem=problem)
