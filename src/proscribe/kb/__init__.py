"""Open, check, build and question the knowledge base."""

from __future__ import annotations

from proscribe.kb.ownership import Certainty, CoveredPath, Supplier
from proscribe.kb.snapshot import Manifest, Snapshot, View, open_knowledge

__all__ = ["Certainty", "CoveredPath", "Manifest", "Snapshot", "Supplier", "View", "open_knowledge"]
