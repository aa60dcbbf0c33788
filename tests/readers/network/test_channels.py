"""Every kind of evidence that the knowledge has fingerprints for is given by some reader."""

from __future__ import annotations

import importlib
import pkgutil

import proscribe
import proscribe.readers
from proscribe.matching.matchers import fingerprint
from proscribe.readers._fixed import Form
from proscribe.readers.firmware import gather
from proscribe.readers.parts import _bom

#: Fingerprints that count on their own channel only, with the reason in `knowledge/fingerprints/MAINTENANCE.md`.
WITHOUT_READER = {"disk.mark"}


def columns_of_readers() -> dict[str, set[str]]:
    """Every column that a reader with fixed columns can give, with its fields."""
    columns: dict[str, set[str]] = {}
    for info in pkgutil.walk_packages(proscribe.readers.__path__, "proscribe.readers."):
        module = importlib.import_module(info.name)
        for form in vars(module).values():
            if isinstance(form, Form):
                for name, field in form.columns.items():
                    columns.setdefault(name, set()).add(field)
    for name, field in (*gather.COLUMNS.items(), *_bom.COLUMNS.items()):
        columns.setdefault(name, set()).add(field)
    return columns


def test_every_channel_is_given_by_a_reader() -> None:
    index = proscribe.build_index(as_of="2026-11-25")
    columns = columns_of_readers()
    fields = set().union(*columns.values())
    given = {
        name
        for name, kinds in columns.items()
        if kinds & {"banner", "certificate", "user_agent", "hostname", "file_name", "serial_number"}
    }
    given |= {channel for field in fields for channel in fingerprint._CHANNELS.get(field, ())}
    given |= {fingerprint._SAME[name] for name in given if name in fingerprint._SAME}
    given |= {"text", "purl"} & fields
    assert len(index.channels) > 30
    assert index.channels - given == WITHOUT_READER
