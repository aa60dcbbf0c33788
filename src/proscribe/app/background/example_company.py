"""The files of a made-up company, to try the program on: thirteen, as a compliance officer is handed them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe.app.background import uploads
from proscribe.model.errors import error

if TYPE_CHECKING:
    from proscribe.casework.store import Store

#: In the wheel, and in a checkout.
_PACKAGED, _CHECKOUT = "_example", Path("examples", "company-two")


def example_files() -> list[tuple[str, bytes]]:
    """Give the files of the example company: name and content.

    Raises:
        CaseError: E416 when they did not come with this installation.
    """
    package = Path(str(files("proscribe")))
    for folder in (package / _PACKAGED, package.parents[1] / _CHECKOUT):
        if folder.is_dir():
            return [(one.name, one.read_bytes()) for one in sorted(folder.iterdir()) if one.is_file()]
    raise error("E416.example", at=package / _PACKAGED)


def hand_in_example(store: Store, *, by: str) -> uploads.Upload:
    """Hand the files of the example company in, as a person would theirs, and have them looked at."""
    held = uploads.hand_in(store, [(name, [content]) for name, content in example_files()], by=by)
    return uploads.look(store, held, by=by)
