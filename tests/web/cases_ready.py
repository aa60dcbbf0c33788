"""Cases that stand in a store before a test calls for them, without a scan that runs."""

from __future__ import annotations

import secrets

from scan_samples import scan_bytes

from proscribe.app.case.cases import open_cases


def ready_case(
    place: str, findings: int = 6, *, title: str = "Cameras", by: str = "A. Setup"
) -> tuple[str, list[str]]:
    """Open a case of some findings; gives its id and theirs."""
    with open_cases(place, create=True) as cases:
        file = cases.open_from_scan(ready_scan(findings), "scan.json", by=by, zone="UTC", title=title)
        ids = [one.support.finding_id for one in cases.store.findings(file.case.id, limit=findings).findings]
    return file.case.id, ids


def ready_scan(findings: int) -> bytes:
    """Write a scan of some findings, every other one of the same firm."""
    digest = secrets.token_hex(32)
    made = [
        {
            "id": f"f_{secrets.token_hex(16)}", "record_id": str(row), "locator": {"row": row}, "evidence": [{"found": "DS-2CD2042WD-I"}],
            "entity": ("hikvision", "dahua")[row % 2],
        }
        for row in range(1, findings + 1)
    ]  # fmt: skip
    told = {"inputs": [{"path": "assets.csv", "sha256": digest, "records": findings}], "findings": made}
    return scan_bytes(told)
