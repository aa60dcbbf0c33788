"""The order of things: read, match, decide, assemble. `api` is the Python API that `proscribe` re-exports."""
