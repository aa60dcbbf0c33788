"""Write the golden documents anew: `python tests/documents/record_contracts.py`.

They are contracts: documents like them were filed. Change one only with a line in the changelog that says why.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import paper_samples

from proscribe.documents import render

CONTRACTS = Path(__file__).parents[1] / "contracts" / "documents"

if __name__ == "__main__":
    CONTRACTS.mkdir(parents=True, exist_ok=True)
    for name, (type_, inputs) in paper_samples.samples().items():
        paper = paper_samples.make(type_, inputs)
        for format_ in ("json", "md"):
            (CONTRACTS / f"{name}.{format_}").write_bytes(render(paper, format_))
