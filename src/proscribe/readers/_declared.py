"""What the YAML files of this package declare: column words, kinds of tables, exports, grammars. All values are texts.

To take the files apart costs a run more than to use them, so a wheel brings their values beside them, each with the digest
of the file of which it was made; of another file it is not used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

#: The values of every file; absent where the package was not built.
TAKEN_APART = "_declared.json"


def values_of(path: str) -> Any:
    """Give what a file declares, by its path below this package, such as `network/grammars/leases.yml`.

    The value may be shared: change nothing of it.
    """
    raw = resources.files("proscribe.readers").joinpath(path).read_bytes()
    known = _taken_apart().get(path, {})
    return known["declares"] if known.get("sha256") == sha256(raw).hexdigest() else _values(raw)


def taken_apart() -> str:
    """Give the text of the file of values that a wheel brings."""
    made = {
        path: {"sha256": sha256(raw).hexdigest(), "declares": _values(raw)} for path, raw in sorted(_files())
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


@cache
def _taken_apart() -> Mapping[str, Mapping[str, Any]]:
    with suppress(OSError, ValueError):
        text = resources.files("proscribe.readers").joinpath(TAKEN_APART).read_text(encoding="utf-8")
        made: Any = json.loads(text)
        return made if isinstance(made, dict) else {}
    return {}


def _values(raw: bytes) -> Any:
    import yaml

    # To ask of five thousand words whether they are numbers or days takes ten times as long as reading them.
    return yaml.load(raw, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506  BaseLoader makes text only


def _files() -> Iterator[tuple[str, bytes]]:
    folders = [("", resources.files("proscribe.readers"))]
    for above, folder in folders:
        for entry in folder.iterdir():
            path = f"{above}{entry.name}"
            if entry.is_dir():
                folders.append((f"{path}/", entry))
            elif entry.name.endswith(".yml"):
                yield path, entry.read_bytes()
