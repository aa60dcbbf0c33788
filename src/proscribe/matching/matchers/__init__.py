"""One file per matcher: which part of a record it reads, and how a hit becomes a signal."""
