"""A correction of the knowledge that a person proposes, written and checked as a layer that lies over nothing yet."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from proscribe.app.kb.firms import everyday_names
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.errors import error

#: What a person can say of a brand: whose it is, or that it is somebody else's.
VERDICTS = {"relabel": "it is made by", "cleared": "it is not made by"}


def makers(knowledge: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Give the firms that a brand can be said to be made by: id and everyday name, by name."""
    return sorted(everyday_names(tuple(knowledge)).items(), key=lambda one: one[1].casefold())


def proposed_layer(told: Mapping[str, str], *, by: str, on: date, knowledge: Sequence[str] = ()) -> bytes:
    """Write what a person says of a brand as a layer, and check it.

    Args:
        told: `brand`, `maker`, `verdict` (of `VERDICTS`), `scope`, `source`, `example`, `near_miss`.
        by: who says so; stands in the source.
        on: the day.

    Raises:
        CaseError: E438 where a part is missing.
        KnowledgeError: where the layer is not one that could be laid over the knowledge.
    """
    said = {name: " ".join(text.split())[:400] for name, text in told.items()}
    for name in ("brand", "maker", "scope", "source", "example", "near_miss"):
        if not said.get(name):
            raise error("E438.proposal", what=name.replace("_", " "))
    verdict = said.get("verdict", "")
    slug = re.sub(r"[^a-z0-9]+", "-", said["brand"].lower()).strip("-")[:40] or "brand"
    day, source = on.isoformat(), f"org:src/{slug}"
    layer = {
        "defaults": {
            "recorded_on": day, "source": source, "basis": "stated", "confidence": "medium", "status": "stable",
        },
        "sources": [
            {"id": source, "title": f"{said['source']}, told by {by}", "kind": "maker", "retrieved_on": day}
        ],
        "relabels": [
            {
                "id": f"org:relabel/{slug}", "maker": said["maker"], "brand": said["brand"], "scope": said["scope"],
                "reach": "all", "verdict": verdict, "strength": "strong", "examples": [said["example"]],
                "near_misses": [said["near_miss"]],
            }
        ],
    }  # fmt: skip
    head = f"# Proposed by {json.dumps(by)} on {day}; check it with: proscribe kb test --knowledge FILE\n"
    # every value of JSON is one of YAML
    lines = [f"{key}: {json.dumps(value, ensure_ascii=True)}" for key, value in layer.items()]
    content = (head + "\n".join(lines) + "\n").encode("ascii")
    with TemporaryDirectory(prefix="proscribe-") as folder:
        place = Path(folder, f"{slug}.yml")
        place.write_bytes(content)
        open_knowledge([*knowledge, place])
    return content
