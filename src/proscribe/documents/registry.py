"""The types of documents: every folder on `PATH` that holds a declaration is one.

    PATH.append(Path("our-documents"))   # a folder of folders; a type there is a type like any other
    make("letter-of-assurance", inputs, law)

A type's folder holds `document.yml` (the declaration), `template.yml` (what its pages show) and, only where its logic is
its own, `build.py` with `draft(work) -> Draft`. A declaration may say `like: <type>`: then template, code and everything
that `_SHARED` names come from that type's folder, unless its own says otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from proscribe.kb.strictyaml import parse
from proscribe.model.errors import error

#: Folders that hold types, in order; where two hold a type of one name, the first speaks.
PATH: list[Path] = [Path(__file__).parent / "types"]
#: What a type takes from the one it is like.
_SHARED = (
    "fields", "gaps", "of_case", "position", "scope", "takes", "asks", "weighs", "under", "regimes", "options", "needs",
    "search", "obstacles",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What asks for a document of a type, in short.

    Attributes:
        type: the document.
        by: the clause, provision or rule, such as `48 CFR 52.212-3(v)`.
        signs: who signs or sends it.
        when: by when.
    """

    type: str
    by: str
    signs: str
    when: str


@dataclass(frozen=True)
class PaperType:
    """One type of document, as its folder declares it.

    Attributes:
        name: as in `proscribe.paper.<name>/1`; the folder has the same name with `_` for `-`.
        spec: the declaration; docs/documents.md says what each key means.
        like: the type whose template and code it shares; `None` when it has its own.
    """

    name: str
    folder: Path
    spec: Mapping[str, Any]
    like: PaperType | None = None

    @property
    def what(self) -> str:
        """Give one line for lists."""
        return str(self.spec["what"])

    @property
    def command(self) -> tuple[str, ...]:
        """Give the words of its own command, such as `("report", "far")`; empty when it has none."""
        return tuple(str(self.spec.get("command", "")).split())

    @property
    def answers(self) -> tuple[str, ...]:
        """Give the ids of the questions it answers; empty when it answers none."""
        return tuple(self.spec.get("answers", ()))

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Give what asks for it."""
        return tuple(Wanted(self.name, **one) for one in self.spec.get("wanted", ()))

    @property
    def nation(self) -> str:
        """Give the code of the nation whose law asks for it, such as `US`; empty where it is of use under any."""
        return str(self.spec.get("nation", ""))

    @property
    def of_case(self) -> bool:
        """Tell whether it is about the findings of its case alone; else it is about the whole organisation."""
        return bool(self.get("of_case") == "findings")

    def get(self, key: str, default: Any = None) -> Any:
        """Give what the declaration says under a key, or that of the type it is like."""
        if key in self.spec:
            return self.spec[key]
        return self.like.get(key, default) if self.like is not None and key in _SHARED else default

    @property
    def stays(self) -> bool:
        """Tell whether it stays with the firm; else somebody outside reads it, who is told of other cases by number alone."""
        return bool(self.get("stays") == "with the firm")

    def takes(self, part: str) -> bool:
        """Tell whether it is made from a part of the inputs that few types are made from, such as `offering`."""
        return part in self.get("takes", ())

    @cached_property
    def sections(self) -> Sequence[Any]:
        """Give its template."""
        if self.like is not None and not (self.folder / "template.yml").is_file():
            return self.like.sections
        return cast(Sequence[Any], read_yaml(self.folder / "template.yml"))

    @cached_property
    def code(self) -> ModuleType | None:
        """Give the module `build.py` of its folder; `None` when the declaration says all there is to it."""
        file = self.folder / "build.py"
        if not file.is_file():
            return self.like.code if self.like is not None else None
        name = f"proscribe.documents.types.{self.folder.name}.build"
        known = sys.modules.get(name)
        if known is not None and known.__file__ == str(file):
            return known
        spec = spec_from_file_location(name, file)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
        return module


class Types(Mapping[str, PaperType]):
    """Every type on `PATH`, by name, in the order that the declarations state."""

    def __getitem__(self, name: str) -> PaperType:
        return _found(tuple(PATH))[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_found(tuple(PATH)))

    def __len__(self) -> int:
        return len(_found(tuple(PATH)))


TYPES: Mapping[str, PaperType] = Types()


def read_yaml(file: Path) -> Any:
    """Read a file of this room, text-first.

    Raises:
        KnowledgeError: E205 to E208 when it is no YAML that can be read.
    """
    return parse(file.read_bytes(), file.name).value


@cache
def _found(path: tuple[Path, ...]) -> dict[str, PaperType]:
    specs: dict[str, tuple[Path, Mapping[str, Any]]] = {}
    for root in path:
        for file in sorted(root.glob("*/document.yml")):
            spec = read_yaml(file)
            name = file.parent.name.replace("_", "-")
            if not isinstance(spec, dict) or spec.get("document") != name:
                raise error("E215.folder", at=file, folder=file.parent.name, name=name)
            specs.setdefault(name, (file.parent, spec))
    made: dict[str, PaperType] = {}

    def type_of(name: str) -> PaperType:
        if name not in made:
            folder, spec = specs[name]
            made[name] = PaperType(name, folder, spec, type_of(spec["like"]) if "like" in spec else None)
        return made[name]

    return {name: type_of(name) for name in sorted(specs, key=lambda one: (int(specs[one][1]["order"]), one))}


def paper_type(name: str) -> PaperType:
    """Give a type by its name.

    Raises:
        UsageError: E459.
    """
    if name not in TYPES:
        raise error("E459", name=name[:60], types=", ".join(TYPES))
    return TYPES[name]
