"""A case as its faces show it: judged, answered, with its documents and drafts."""
