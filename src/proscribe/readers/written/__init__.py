"""Readers of documents that people write: every line of text, every table, every file inside, and what was not seen."""
