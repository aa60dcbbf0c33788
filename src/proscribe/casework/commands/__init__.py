"""What a person can do with a case. Each function is one command: one transaction, one author, all or nothing.

`by` is the person who does it, with the version of the case that they looked at and when they say that it happened
(`proscribe.model.authors`).
"""
