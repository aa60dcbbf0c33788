"""A document that prints what suppliers were asked is made, approved, signed and verified like any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import signed_documents
from signed_documents import AT, SAID

from proscribe.app.case.document_files import make_document, overrides_of, sign_stored_document
from proscribe.app.papers.documents import Making
from proscribe.app.proofs.verifying import verify
from proscribe.app.vendors.suppliers import SupplierDesk
from proscribe.app.vendors.vendor_list import Vendor

OFFERING = {
    "name": "Door station", "part_number": "HR-1", "revision": "A", "maker": "Harbour Systems LLC", "parts_list_complete": True,
    "components": [{"ref": "U1", "name": "Camera module", "supplier": "Northgate Cameras Ltd", "state": "cleared",
                    "maker": "STMicroelectronics", "because": "data sheet"}],
}  # fmt: skip


@pytest.mark.parametrize("kind", ["product-certificate", "inquiry-record"])
def test_it_is_signed_once_suppliers_were_asked(tmp_path: Path, kind: str) -> None:
    world = signed_documents.begun(tmp_path, approved=False)
    said = tmp_path / "said.yml"
    said.write_text(SAID)
    values = {"offering": OFFERING} if kind == "product-certificate" else {}
    with world.cases() as cases:
        SupplierDesk(cases).campaign(
            "C-0001", (Vendor("Brightview Optics Ltd.", 2),), asked_by="Harbour Systems LLC", by="Sam Lind"
        )
        cases.store.hand = world.key("Sam Lind")
        making = Making(
            kind, (said,), as_of=AT.date(), made_at=AT, author="Sam Lind", approver="Kim Berg", values=values
        )
        against = make_document(making, cases=cases, case_id="C-0001", keep=False).paper.obstacles
        given = overrides_of([f"{one.id}=Looked at on Monday." for one in against], "Kim Berg", AT)
        made = make_document(
            replace(making, values={**values, "overrides": given}),
            cases=cases, case_id="C-0001", formats=("md", "docx"),
        )  # fmt: skip
        assert made.stored is not None and not made.refused, made.paper.obstacles
        name = made.stored.id
        shown = cases.store.blob(next(one.sha256 for one in made.stored.files if one.name.endswith(".md")))
        assert "contain: none<br>provide: none<br>use: none" in shown.decode()
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", name, by="Kim Berg")
    with world.cases() as cases:
        bundle = tmp_path / "signed.zip"
        sign_stored_document(cases, "C-0001", name, world.key("A. Osei"), bundle, by="A. Osei")
    assert verify(bundle, keys=[world.public("A. Osei")]).answer == "valid"
